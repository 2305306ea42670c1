"""Questions, verdicts and reports as plain text of 80 columns."""

import re
import textwrap
from collections.abc import Sequence

from course_utils.exam import guide, results
from course_utils.exam.bank import Bank, Entry
from course_utils.exam.guide import Objective
from course_utils.exam.kept import Answer, Exam, Record
from course_utils.exam.sitting import LETTERS, shuffled
from course_utils.quiz import Option

WIDTH = 80
_FENCE = re.compile(r"```(?:\w*)\n(.*?)```", re.DOTALL)
NO_LESSON = "No lesson teaches this: the reasons above are all that the course says."
PASS_MARK = (
    "The exam's pass mark is not published, and these questions are the course's, not the exam's: "
    "take the percentage as a guide to what to learn, not as a forecast."
)


def wrap(text: str, first: str = "", rest: str | None = None) -> list[str]:
    """The text in lines of at most 80 columns; fenced code keeps its lines, four columns in.

    Args:
        text: paragraphs, with code between fences.
        first: what begins the first line.
        rest: what begins the others; blanks as wide as `first` if left out.
    """
    rest = " " * len(first) if rest is None else rest
    lines: list[str] = []
    for index, part in enumerate(_FENCE.split(text)):
        if index % 2:
            lines += [f"{rest}    {line}".rstrip() for line in part.rstrip().splitlines()]
            continue
        for paragraph in re.split(r"\n\s*\n", part.strip()):
            if paragraph:
                start = rest if lines else first
                lines += textwrap.wrap(
                    " ".join(paragraph.split()), WIDTH, initial_indent=start,
                    subsequent_indent=rest, break_long_words=False, break_on_hyphens=False,
                )  # fmt: skip
    return lines or [first.rstrip()]


def question(entry: Entry, options: Sequence[Option]) -> list[str]:
    """The stem and the options with their letters."""
    lines = wrap(entry.question.stem)
    if entry.question.multiple:
        lines.append("(more than one may be right; it counts if you name exactly those)")
    lines.append("")
    for letter, option in zip(LETTERS, options, strict=False):
        lines += wrap(option.text, f"  {letter}. ")
    return lines


def rationale(entry: Entry, options: Sequence[Option], picked: Sequence[str]) -> list[str]:
    """Each option with why it is right or wrong, and which ones were picked."""
    lines = []
    for letter, option in zip(LETTERS, options, strict=False):
        verdict = "right" if option.right else "wrong"
        mine = "> " if option.text in picked else "  "
        lines += wrap(f"{verdict}: {option.why}", f"{mine}{letter}. ", "     ")
    if entry.looked_up:
        lines += wrap(f"The platform's documentation was looked up on {entry.looked_up}.", "     ")
    taught = [line for place in entry.taught() for line in wrap(f"Taught in {place}", "     ")]
    return [*lines, *(taught or wrap(NO_LESSON, "     "))]


def letters_of(options: Sequence[Option], picked: Sequence[str] | None = None) -> str:
    """The letters of the right options, or of those that were picked: "A, C"."""
    chosen = (
        [option.right for option in options]
        if picked is None
        else [option.text in picked for option in options]
    )
    return ", ".join(letter for letter, yes in zip(LETTERS, chosen, strict=False) if yes)


def headline(exam: Exam) -> str:
    """The score of an exam, and which one it was."""
    return (
        f"{exam.right} of {len(exam.answers)} right, {exam.percent} %, in {exam.used / 60:.0f} of "
        f"{exam.limit / 60:.0f} minutes ({exam.kind}, {guide.guide(exam.guide).title}, seed "
        f"{exam.seed})."
    )


def report(exam: Exam, kept: Record, bank: Bank) -> list[str]:
    """All that an exam has to say: scores, what to learn next, each objective, each mistake."""
    of_guide = guide.guide(exam.guide)
    lines = [*wrap(headline(exam)), *wrap(PASS_MARK), "", "By domain"]
    for section, score in results.by_section(of_guide, exam.answers):
        if score.asked:
            lines.append(f"  {score!s:>8}  {score.share:>4.0%}  {section.title}")
    lines += ["", *learn_next(kept, exam.guide), "", "By objective"]
    for each, score in results.by_objective(of_guide, exam.answers):
        lines += _objective(each, score)
    return [*lines, "", *mistakes(exam, bank)]


def _objective(each: Objective, score: results.Score) -> list[str]:
    """An objective with its score and, if something was wrong, where it is taught."""
    lines = wrap(f"{each.words} ({each.tag})", f"  {score!s:>8}  ")
    if score.right < score.asked:
        lines += [line for place in each.taught for line in wrap(f"-> {place}", " " * 12)]
    return lines


def mistakes(exam: Exam, bank: Bank) -> list[str]:
    """Each question that was answered wrongly, with the rationale of each option."""
    lines = []
    for number, answer in enumerate(exam.answers, 1):
        if not answer.right:
            lines += [*_mistake(number, answer, exam.seed, bank), ""]
    return [f"{'What was wrong' if lines else 'Nothing was wrong.'}", *lines]


def _mistake(number: int, answer: Answer, seed: int, bank: Bank) -> list[str]:
    entry = bank.by_id.get(answer.question)
    if entry is None:
        return [f"Question {number}: the course has it no more ({answer.question})."]
    options = shuffled(entry, seed)
    mine = letters_of(options, answer.picked) or "nothing"
    return [
        f"Question {number}: you answered {mine}; right is {letters_of(options)}.",
        *question(entry, options),
        "",
        *rationale(entry, options, answer.picked),
    ]


def learn_next(kept: Record, tag: str = guide.CURRENT) -> list[str]:
    """What to learn next, from all answers so far."""
    found = results.learn_next(kept, tag)
    if not found:
        return ["Learn next: nothing that was asked so far was wrong the last time."]
    return ["Learn next", *(line for x in found for line in _objective(x.objective, x.score))]


def history(kept: Record) -> list[str]:
    """The exams so far, and what to learn next."""
    if not kept.exams:
        return ["No exam was handed in so far: ./course exam begins one."]
    return ["Exams so far", *results.history(kept.exams), "", *learn_next(kept)]
