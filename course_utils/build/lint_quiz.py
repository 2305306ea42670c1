"""Rules for quizzes: each file by itself, and all of them as one bank.

A reader who always takes the longest option, or always the second, must not do better than chance.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from course_utils import quiz
from course_utils.build.source import Sources
from course_utils.errors import CourseError

FEW = 20  # questions; in fewer, chance alone makes a pattern
LONGEST = 0.3  # share of the bank in which the right option may be the longest
APART = 0.12  # by which a place's share may differ from the others'


def faults(path: Path, where: str) -> list[str]:
    """The lines about one lesson's quiz."""
    return quiz.faults(path) if path.exists() else [f"{where} is missing"]


def twice(lessons: Sequence[Sources]) -> list[str]:
    """The lines about questions that another lesson, or the same, asks too."""
    lines = []
    for what in ("id", "stem"):
        first: dict[str, str] = {}
        for number, question in _asked(lessons):
            said = " ".join(getattr(question, what).lower().split())
            if said in first:
                lines.append(f"quizzes: {number} {question.id} has the {what} of {first[said]}")
            first.setdefault(said, f"{number} {question.id}")
    return lines


def bank(lessons: Sequence[Sources]) -> list[str]:
    """The lines about all quizzes together; questions with several right options do not count."""
    asked = [each for each in _asked(lessons) if not each[1].multiple]
    if len(asked) < FEW:
        return []
    return [*_longest(asked), *_places(asked)]


_Asked = tuple[str, quiz.QuizQuestion]


def _asked(lessons: Sequence[Sources]) -> Iterator[_Asked]:
    for sources in lessons:
        path = sources.folder / "quiz.toml"
        if not path.exists():
            continue
        try:
            questions = quiz.read_quiz(path)
        except CourseError:  # said by the rules for one file
            continue
        yield from ((sources.lesson.number, each) for each in questions)


def _right(question: quiz.QuizQuestion) -> int:
    return next(place for place, option in enumerate(question.options) if option.right)


def _longest(asked: list[_Asked]) -> Iterator[str]:
    found = []
    for number, question in asked:
        lengths = [len(option.text) for option in question.options]
        right = lengths.pop(_right(question))
        if right > max(lengths):
            found.append(f"{number} {question.id}")
    if len(found) > LONGEST * len(asked):
        yield (
            f"quizzes: in {len(found)} of {len(asked)} questions the right option is the longest; "
            f"at most {LONGEST:.0%}: {', '.join(found)}"
        )


def _places(asked: list[_Asked]) -> Iterator[str]:
    by_options: dict[int, list[_Asked]] = {}
    for each in asked:
        by_options.setdefault(len(each[1].options), []).append(each)
    for options, these in sorted(by_options.items()):
        if len(these) < FEW:
            continue
        counts = Counter(_right(question) for _, question in these)
        shares = [counts[place] / len(these) for place in range(options)]
        if max(abs(share - 1 / options) for share in shares) > APART:
            most = max(range(options), key=counts.__getitem__)
            there = ", ".join(f"{n} {q.id}" for n, q in these if _right(q) == most)
            told = ", ".join(f"{'ABCDE'[place]} {share:.0%}" for place, share in enumerate(shares))
            yield (
                f"quizzes: the right option of {len(these)} questions stands at {told}; each at "
                f"{1 / options:.0%} ± {APART:.0%}. At {'ABCDE'[most]}: {there}"
            )
