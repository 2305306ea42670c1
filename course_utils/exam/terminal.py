"""An exam in the terminal: by keyboard alone, plain text, every step kept."""

import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from course_utils.errors import CourseError
from course_utils.exam import record, text
from course_utils.exam.bank import Bank
from course_utils.exam.opening import told
from course_utils.exam.sitting import LATE, Session, TimeUpError, clock

Ask = Callable[[str], str]
Say = Callable[[str], None]

HELP = """\
  a letter, or several such as AC   your answer; then comes the next question
  Enter     the next question         p      the one before
  12        question 12               l      a list of all questions
  m         mark for review, or not   -      take the answer back
  f         finish and hand in        q      stop and keep all, the clock too"""
PROMPT = "letters, Enter, p, number, m, l, -, f, q or ? > "
_ANSWER = re.compile(r"[A-Ea-e](?:[\s,]*[A-Ea-e])*")
_PER_LINE = 8


def run(session: Session, bank: Bank, ask: Ask = input, say: Say = print) -> None:
    """Leads through the exam that is open until it is handed in or stopped.

    Args:
        session: the exam.
        bank: the questions, for the report.
        ask: shows a prompt and returns what was typed; EOFError and KeyboardInterrupt stop.
        say: shows a line.
    """
    try:
        with _closing_stops():
            handed_in = _sit(session, ask, say)
    except (EOFError, KeyboardInterrupt):
        handed_in = False
    if not handed_in:
        session.stop()
        with suppress(OSError):  # the window may be gone; what matters is kept
            say(f"\nStopped with {clock(session.left())} left. ./course exam goes on from here.")
        return
    exam = session.hand_in()
    for line in text.report(exam, record.load(), bank):
        say(line)
    say(text.headline(exam))
    say("./course exam --report shows all of this again, from the domains on.")


@contextmanager
def _closing_stops() -> Iterator[None]:
    """Ctrl-C, a closed window and a polite kill stop the exam alike."""

    def stop(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    stops = (signal.SIGINT, signal.SIGHUP, signal.SIGTERM)
    before = {each: signal.signal(each, stop) for each in stops}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _sit(session: Session, ask: Ask, say: Say) -> bool:
    """Whether the exam is to be handed in; False: stopped."""
    say(f"The {told(session.sitting)}.")
    for line in text.wrap(
        f"{clock(session.left())} on the clock. It runs while the exam is open; what you do is "
        "kept at every step. Which answers are right is said at the end."
    ):
        say(line)
    say(HELP)
    for notice in _notices(session):
        say(notice)
    show = True
    while True:
        if show:
            say("\n" + "\n".join(_page(session)))
        typed = ask(PROMPT).strip()
        try:
            if typed.lower() == "q":
                return False
            if typed.lower() == "f":
                if _sure(session, ask, say):
                    return True
                show = True
            else:
                show = _do(session, typed, say)
        except TimeUpError:
            say(LATE)
            return True
        except CourseError as error:
            say(str(error))
            show = False


def _do(session: Session, typed: str, say: Say) -> bool:
    """Does what was typed; whether a question is to be shown."""
    if typed.lower() in ("", "p"):
        if session.step(-1 if typed else 1):
            return True
        say("This is the first question." if typed else "This is the last question: f hands in.")
    elif _ANSWER.fullmatch(typed):
        session.pick(re.findall(r"[A-Ea-e]", typed))
        say(f"Question {session.sitting.at + 1}: {session.letters()}")
        if session.step(1):
            return True
        say("This was the last question: l lists all, f hands in.")
    elif typed == "-":
        session.pick("")
        say(f"Question {session.sitting.at + 1} has no answer now.")
    elif typed.isdecimal():
        session.go(int(typed) - 1)
        return True
    elif typed.lower() == "m":
        session.mark()
        marked = "marked for review" if session.asked.marked else "not marked any more"
        say(f"Question {session.sitting.at + 1} is {marked}.")
    elif typed.lower() == "l":
        say("\n".join(_list(session)))
    elif typed == "?":
        say(HELP)
    else:
        say(f"{typed[:20]!r} is nothing that can be done here: ? says what can be.")
    return False


def _sure(session: Session, ask: Ask, say: Say) -> bool:
    session.save()  # so that a time that is up is said before anything is asked
    unanswered, marked = len(session.open_places()), len(session.marked_places())
    say(f"Without an answer: {unanswered}. Marked for review: {marked}.")
    return ask("Hand in now? y or n > ").strip().lower() in ("y", "yes")


def _notices(session: Session) -> Iterator[str]:
    if session.notice:
        yield session.notice
    if session.gone:
        yield (
            f"The course has {len(session.gone)} of this exam's questions no more; they are left "
            f"out: {', '.join(session.gone)}."
        )


def _page(session: Session) -> list[str]:
    total, at = len(session.sitting.questions), session.sitting.at
    head = f"Question {at + 1} of {total} · {clock(session.left())} left"
    head += f" · {total - len(session.open_places())} answered"
    if session.asked.marked:
        head += " · marked for review"
    lines = [head, "-" * text.WIDTH, *text.question(session.entry, session.options()), ""]
    if session.asked.picked:
        lines.append(f"Your answer so far: {', '.join(session.letters())}")
    return lines


def _list(session: Session) -> list[str]:
    """All questions, eight on a line: number, answer, a star where it is marked."""
    cells = []
    for place, asked in enumerate(session.sitting.questions):
        answer = session.letters(place) or "·"
        cells.append(f"{place + 1:>3} {answer}{'*' if asked.marked else '':<{5 - len(answer)}}")
    rows = ["".join(cells[i : i + _PER_LINE]).rstrip() for i in range(0, len(cells), _PER_LINE)]
    return [*rows, "· has no answer, * is marked for review"]
