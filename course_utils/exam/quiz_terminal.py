"""A lesson's quiz in the terminal: each answer is judged at once, with all its reasons."""

import re
from collections.abc import Callable

from course_utils import config
from course_utils.errors import CourseError
from course_utils.exam import record, text
from course_utils.exam.bank import Entry
from course_utils.exam.quizzes import answer, entries, score


def run(number: str, ask: Callable[[str], str] = input, say: Callable[[str], None] = print) -> None:
    """Asks the quiz of one lesson.

    Args:
        number: the lesson's, "06".
        ask: shows a prompt and returns what was typed; EOFError and KeyboardInterrupt stop.
        say: shows a line.

    Raises:
        CourseError: there is no such quiz, or an answer cannot be kept.
    """
    asked = entries(number)
    lesson = config.lesson(number)
    if (kept := record.load()).notice:
        say(kept.notice)
    say(f"Quiz of lesson {lesson.number} · {lesson.title}: {len(asked)} questions.")
    say("A letter answers, several such as AC where more may be right; Enter skips, q stops.")
    try:
        for place, entry in enumerate(asked, 1):
            say(f"\nQuestion {place} of {len(asked)}\n{'-' * text.WIDTH}")
            say("\n".join(text.question(entry, entry.question.options)))
            if not _ask_one(entry, ask, say):
                break
    except (EOFError, KeyboardInterrupt):
        say("")
    say(f"\nRight the last time you answered: {score(asked)}.")


def _ask_one(entry: Entry, ask: Callable[[str], str], say: Callable[[str], None]) -> bool:
    """Whether the quiz goes on."""
    while True:
        typed = ask("> ").strip()
        if typed.lower() == "q":
            return False
        if not typed:
            return True
        letters = re.sub(r"[\s,]", "", typed).upper()
        try:
            given = answer(entry, letters)
        except CourseError as error:
            say(str(error))
            continue
        right = text.letters_of(entry.question.options)
        say("Right." if given.right else f"Wrong: {right} is right.")
        say("\n".join(text.rationale(entry, entry.question.options, given.picked)))
        return True
