"""Exams and quizzes in the terminal: by keyboard alone, from the first question to the report."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pexpect
import pytest

from course_utils import cli, paths
from course_utils.exam import bank as banks
from course_utils.exam import opening, quiz_terminal, record, terminal, text
from course_utils.exam.sitting import Session
from tests.unit.exam_helpers import Clock, bank, right_letters, workbook

__all__ = ["workbook"]

BANK = bank()


class Typist:
    """Types given lines, and keeps what was shown. After the last line the input ends."""

    def __init__(self, *lines: str) -> None:
        self._lines = iter(lines)
        self.said: list[str] = []

    def ask(self, prompt: str) -> str:
        for line in self._lines:
            return line
        raise EOFError

    def say(self, line: str) -> None:
        self.said.append(line)

    @property
    def page(self) -> str:
        return "\n".join(self.said)


def _sit(*lines: str, now: Clock | None = None, seed: int = 1) -> Typist:
    typist = Typist(*lines)
    if record.load().sitting is None:
        opening.begin(BANK, seed=seed)
    terminal.run(Session(BANK, now or Clock()), BANK, typist.ask, typist.say)
    return typist


def _right_answers(seed: int) -> Iterator[str]:
    sitting = record.load().sitting or opening.begin(BANK, seed=seed)
    from course_utils.exam.sitting import shuffled

    for asked in sitting.questions:
        yield right_letters(BANK.by_id[asked.id], shuffled(BANK.by_id[asked.id], seed))


def test_a_whole_exam_by_keyboard() -> None:
    typist = _sit(*_right_answers(1), "f", "y")
    assert "48 of 48 right, 100 %" in typist.page
    assert record.load().exams[0].percent == 100
    before_report = typist.page.split("48 of 48 right")[0]
    assert "because" not in before_report  # no feedback before the end


def test_nothing_is_wider_than_80_columns() -> None:
    typist = _sit(*("a" for _ in range(48)), "l", "?", "f", "y")
    assert max(len(line) for said in typist.said for line in said.splitlines()) <= text.WIDTH


def test_stopping_keeps_everything_and_the_next_one_goes_on() -> None:
    first = _sit("m", "2", "b", "q")
    assert "Stopped with 90:00 left" in first.page
    second = _sit("l", "f", "n", "2")  # and the input ends
    assert "  1 ·*     2 B" in second.page
    assert "Without an answer: 47. Marked for review: 1." in second.page
    assert "Your answer so far: B" in second.page
    assert record.load().exams == ()
    assert record.load().sitting is not None


def test_ctrl_c_stops_and_keeps() -> None:
    class Interrupted(Typist):
        def ask(self, prompt: str) -> str:
            try:
                return super().ask(prompt)
            except EOFError:
                raise KeyboardInterrupt from None

    opening.begin(BANK, seed=1)
    typist = Interrupted("a")
    terminal.run(Session(BANK, Clock()), BANK, typist.ask, typist.say)
    assert "Stopped with" in typist.page
    assert Session(BANK).letters(0) == "A"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("x", "'x' is nothing that can be done here: ? says what can be."),
        ("99", "There is no question 99: there are 1 to 48."),
        ("0", "There is no question 0: there are 1 to 48."),
        ("e", "There is no option E: A to D are there."),
        ("p", "This is the first question."),
        ("hello there", "'hello there' is nothing that can be done here: ? says what can be."),
        ("²", "'²' is nothing that can be done here: ? says what can be."),
    ],
)
def test_what_cannot_be_done_gets_one_line(typed: str, says: str) -> None:
    typist = _sit(typed, "q")
    at = typist.said.index(says)
    assert typist.said[at + 1].startswith("\nStopped")
    assert record.load().sitting is not None


def test_an_answer_can_be_taken_back_and_changed() -> None:
    _sit("a", "1", "-", "q")
    assert Session(BANK).letters(0) == ""
    _sit("c", "p", "d", "q")
    assert Session(BANK).letters(0) == "D"


def test_several_letters_however_they_are_written() -> None:
    sitting = opening.begin(BANK, seed=1)
    place = next(
        i for i, asked in enumerate(sitting.questions) if BANK.by_id[asked.id].question.multiple
    )
    for typed in ("ac", "C A", "a, c"):
        _sit(str(place + 1), typed, "q")
        assert Session(BANK).letters(place) == "AC"
        _sit(str(place + 1), "-", "q")


def test_when_the_time_is_up_the_exam_is_handed_in() -> None:
    now = Clock()
    opening.begin(BANK, seed=1)

    class Late(Typist):
        def ask(self, prompt: str) -> str:
            if self.said[-1].startswith("Question 1: A") or "Question 2 of" in self.said[-1]:
                now.pass_(6000)
            return super().ask(prompt)

    typist = Late("a", "b")
    terminal.run(Session(BANK, now), BANK, typist.ask, typist.say)
    assert "The time is up: what came after that does not count." in typist.page
    answers = record.load().exams[0].answers
    assert [bool(answer.picked) for answer in answers[:3]] == [True, False, False]


def test_questions_that_are_gone_are_said() -> None:
    sitting = opening.begin(BANK, seed=1)
    gone = sitting.questions[4].id
    smaller = banks.Bank(tuple(each for each in BANK.entries if each.id != gone))
    typist = Typist("q")
    terminal.run(Session(smaller, Clock()), smaller, typist.ask, typist.say)
    assert f"1 of this exam's questions no more; they are left out: {gone}." in typist.page


# --- the quiz of a lesson -------------------------------------------------------------------------


def test_a_quiz_says_why_at_once_and_keeps_the_score() -> None:
    asked = quiz_terminal.entries("06")
    rights = [right_letters(each, list(each.question.options)) for each in asked]
    typist = Typist("z", *rights[:-1], "")
    quiz_terminal.run("06", typist.ask, typist.say)
    assert "Give a letter from A to D." in typist.said
    assert typist.said.count("Right.") == len(asked) - 1
    assert asked[0].question.options[0].why.split()[0] in typist.page
    assert (
        typist.said[-1] == f"\nRight the last time you answered: {len(asked) - 1} of {len(asked)}."
    )
    wrong = next(letter for letter in "ABCD" if letter not in rights[0])
    again = Typist(wrong, "q")
    quiz_terminal.run("06", again.ask, again.say)
    assert f"Wrong: {rights[0]} is right." in again.said
    assert again.said[-1].endswith(f"{len(asked) - 2} of {len(asked)}.")


def test_the_end_of_the_input_ends_a_quiz() -> None:
    typist = Typist()
    quiz_terminal.run("6", typist.ask, typist.say)
    assert "0 of" in typist.said[-1]


# --- as a program -----------------------------------------------------------------------------


def _course(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "course_utils.cli", *arguments],
        cwd=paths.ROOT, input=typed, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_a_whole_exam_as_a_program_stopped_and_resumed() -> None:
    first = _course("exam", "--seed", "5", typed="a\n" * 20)
    assert first.returncode == 0
    assert "seed 5, 48 questions" in first.stdout
    assert "Stopped with" in first.stdout
    refused = _course("exam", "--old")
    assert refused.returncode == 1
    assert refused.stderr.startswith("course: An exam is going on")
    rest = _course("exam", typed="b\n" * 28 + "f\ny\n")
    assert "Question 21 of 48" in rest.stdout
    assert "By domain" in rest.stdout
    assert rest.stderr == ""
    exam = record.load().exams[0]
    assert len([answer for answer in exam.answers if answer.picked]) == 48


def test_a_polite_kill_keeps_everything() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "course_utils.cli", "exam", "--seed", "5"],
        cwd=paths.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("a\n")
    process.stdin.flush()
    for line in process.stdout:
        if line.startswith("Question 2 of 48"):
            break
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=60)
    assert "Stopped with" in rest
    sitting = record.load().sitting
    assert sitting is not None
    assert sitting.questions[0].picked
    assert sitting.at == 1


def test_ctrl_c_and_a_closed_window_in_a_pseudo_terminal() -> None:
    def start() -> pexpect.spawn:
        return pexpect.spawn(
            sys.executable, ["-m", "course_utils.cli", "exam"],
            cwd=str(paths.ROOT), encoding="utf-8", timeout=120, dimensions=(24, 80),
        )  # fmt: skip

    opening.begin(banks.load(), seed=5)
    first = start()
    first.expect("Question 1 of 48")
    first.sendline("b")
    first.expect("Question 2 of 48")
    first.sendintr()
    first.expect("Stopped with")
    first.expect(pexpect.EOF)
    second = start()
    second.expect("Question 2 of 48")
    second.sendline("c")
    second.expect("Question 3 of 48")
    second.close(force=False)  # hangs up
    sitting = record.load().sitting
    assert sitting is not None
    assert [bool(asked.picked) for asked in sitting.questions[:3]] == [True, True, False]
    assert sitting.at == 2
    assert sitting.used > 0


@pytest.mark.parametrize(
    "arguments", [("exam", "--history"), ("exam", "--map"), ("exam", "--discard")]
)
def test_the_other_commands_print_and_end(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(list(arguments))
    assert end.value.code == 0
    assert capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["exam", "--report"], "No exam was handed in so far"),
        (["exam", "--domain", "9"], "There is no domain 9"),
        (["exam", "--mistakes"], "No question was answered wrongly"),
        (["quiz", "00"], "Lesson 00 has no quiz"),
        (["quiz", "99"], "There is no lesson '99'"),
    ],
)
def test_what_a_user_can_cause_is_one_line(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert says in said
