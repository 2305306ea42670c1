"""Rules for quizzes: each file by itself, and all of them with `exam/*.toml` as one bank.

A reader who always takes the longest option, or always the second, must not do better than chance.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from scipy.stats import chisquare

from course_utils import quiz
from course_utils.build.source import Sources
from course_utils.exam import guide
from course_utils.exam.bank import Entry, Source, exam_files, read

FEW = 20  # questions; in fewer, chance alone makes a pattern
LONGEST = 0.3  # share of the bank in which the right option may be the longest
APART = 0.12  # by which a place's share may differ from the others'
CHANCE = 0.05  # how likely a bank with places drawn by chance has to be as uneven as this one
SMALLEST = 260  # questions of the whole bank
EACH = 4  # questions of each objective of the current guide, and of each section of the earlier one
# The bank is whole, so that its size can be asked for, when each domain has its file
FILES = frozenset(
    f"{name}.toml"
    for name in (
        "databricks_ml",
        "data_processing",
        "model_development",
        "deployment",
        "earlier_guide",
    )
)


def faults(path: Path, where: str) -> list[str]:
    """The lines about one lesson's quiz."""
    return quiz.faults(path) if path.exists() else [f"{where} is missing"]


def twice(lessons: Sequence[Sources]) -> list[str]:
    """The lines about questions that another lesson, or the same, or `exam/` asks too."""
    lines = []
    for what in ("id", "stem"):
        first: dict[str, str] = {}
        for entry in _read(lessons)[0]:
            said = " ".join(getattr(entry.question, what).lower().split())
            if said in first:
                lines.append(f"quizzes: {_name(entry)} has the {what} of {first[said]}")
            first.setdefault(said, _name(entry))
    return lines


def bank(lessons: Sequence[Sources]) -> list[str]:
    """The lines about all questions of the course together, whichever lessons are given.

    Questions with several right options do not count for the places of right options.
    """
    if not lessons:
        return []
    tree = lessons[0].tree
    entries, wrong = _read(tree.all())
    # What is wrong in a lesson's quiz is said by the rules for one file
    lines = [line for line in wrong if line.startswith("exam/")]
    lines += [line for entry in entries for line in _code(entry)]
    asked = [entry for entry in entries if not entry.question.multiple]
    if len(asked) >= FEW:
        lines += [*_longest(asked), *_places(asked)]
    if {path.name for path in (tree.root / "exam").glob("*.toml")} >= FILES:
        lines += _size(entries)
    if tree.root == guide.FOLDER.parent:
        lines += guide.lost_places()
    return lines


def _read(lessons: Sequence[Sources]) -> tuple[list[Entry], list[str]]:
    sources: list[Source] = [
        (each.folder / "quiz.toml", each.lesson.number, each.lesson.number)
        for each in lessons
        if (each.folder / "quiz.toml").exists()
    ]
    if lessons:
        sources += exam_files(lessons[0].tree.root / "exam")
    return read(sources)


def _name(entry: Entry) -> str:
    return f"{entry.source} {entry.id}"


def _right(entry: Entry) -> int:
    return next(place for place, option in enumerate(entry.question.options) if option.right)


def _longest(asked: list[Entry]) -> Iterator[str]:
    found = []
    for entry in asked:
        lengths = [len(option.text) for option in entry.question.options]
        right = lengths.pop(_right(entry))
        if right > max(lengths):
            found.append(_name(entry))
    if len(found) > LONGEST * len(asked):
        yield (
            f"quizzes: in {len(found)} of {len(asked)} questions the right option is the longest; "
            f"at most {LONGEST:.0%}: {', '.join(found)}"
        )


def _places(asked: list[Entry]) -> Iterator[str]:
    by_options: dict[int, list[Entry]] = {}
    for each in asked:
        by_options.setdefault(len(each.question.options), []).append(each)
    for options, these in sorted(by_options.items()):
        if len(these) < FEW:
            continue
        counts = Counter(_right(entry) for entry in these)
        observed = [counts[place] for place in range(options)]
        shares = [count / len(these) for count in observed]
        told = ", ".join(f"{'ABCDE'[place]} {share:.0%}" for place, share in enumerate(shares))
        most = max(range(options), key=counts.__getitem__)
        if max(abs(share - 1 / options) for share in shares) > APART:
            there = ", ".join(_name(each) for each in these if _right(each) == most)
            yield (
                f"quizzes: the right option of {len(these)} questions stands at {told}; each at "
                f"{1 / options:.0%} ± {APART:.0%}. At {'ABCDE'[most]}: {there}"
            )
        elif (p := chisquare(observed).pvalue) < CHANCE:
            yield (
                f"quizzes: the right option of {len(these)} questions stands at {told}, which is "
                f"no chance (chi-square test, p = {p:.3f}). Move some from {'ABCDE'[most]}"
            )


def _size(entries: list[Entry]) -> Iterator[str]:
    if len(entries) < SMALLEST:
        yield f"quizzes: the bank has {len(entries)} questions; {SMALLEST} are the least"
    counts = Counter(tag for entry in entries for tag in set(entry.question.objectives))
    for tag in sorted(quiz.OBJECTIVES):
        if counts[tag] < EACH:
            yield f"quizzes: the bank has {counts[tag]} questions on {tag}; {EACH} are the least"


_PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)


def _code(entry: Entry) -> Iterator[str]:
    """Code that is marked as Python is Python."""
    options = [option.text for option in entry.question.options]
    for text in (entry.question.stem, *options):
        for code in _PYTHON.findall(text):
            try:
                ast.parse(code)
            except SyntaxError as error:
                yield (
                    f"quizzes: {_name(entry)} has Python that does not compile: {error.msg}, "
                    f"line {error.lineno}"
                )
