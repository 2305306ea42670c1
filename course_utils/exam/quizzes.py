"""A lesson's quiz: its questions, an answer judged at once and kept, the score so far."""

from collections.abc import Sequence

from course_utils import config
from course_utils.errors import CourseError
from course_utils.exam import record, results
from course_utils.exam.bank import Entry, load
from course_utils.exam.kept import Answer
from course_utils.exam.sitting import LETTERS, judge


def entries(number: str) -> list[Entry]:
    """The questions of a lesson's quiz, in order.

    Raises:
        CourseError: there is no such lesson, or it has no quiz.
    """
    lesson = config.lesson(number)
    asked = [entry for entry in load().entries if entry.lesson == lesson.number]
    if not asked:
        raise CourseError(f"Lesson {lesson.number} has no quiz.")
    return asked


def answer(entry: Entry, letters: str) -> Answer:
    """Judges an answer to a question of a lesson's quiz and keeps it.

    Args:
        entry: the question.
        letters: of the options as its file has them, "AC".

    Raises:
        CourseError: no letter, one that it does not have, or two where one is asked for; or the
            answer cannot be kept.
    """
    options = entry.question.options
    known = LETTERS[: len(options)]
    if not letters or any(letter not in known for letter in letters):
        raise CourseError(f"Give a letter from {known[0]} to {known[-1]}.")
    if len(set(letters)) > 1 and not entry.question.multiple:
        raise CourseError("One option is right here: give one letter.")
    picked = tuple(option.text for i, option in enumerate(options) if LETTERS[i] in letters)
    right = judge(entry.question, picked)
    given = Answer(entry.id, entry.question.objectives, picked, right, record.now())
    assert entry.lesson is not None
    record.add_quiz_answer(entry.lesson, given)
    return given


def score(asked: Sequence[Entry]) -> results.Score:
    """How many of these were right the last time; what was never answered counts as asked."""
    last = record.load().last()
    return results.Score(
        sum(entry.id in last and last[entry.id].right for entry in asked), len(asked)
    )
