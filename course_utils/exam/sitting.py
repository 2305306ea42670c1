"""An exam that is going on: answers, marks, the clock, and that nothing of it is ever lost.

The clock counts while the exam is open. Every step is written to the file with the time used so
far, so an exam that was stopped, closed or killed goes on where it was.
"""

import random
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from course_utils.errors import CourseError
from course_utils.exam import guide, record
from course_utils.exam.bank import Bank, Entry
from course_utils.exam.guide import Guide
from course_utils.exam.kept import Answer, Asked, Exam, Record, Sitting
from course_utils.quiz import Option, QuizQuestion

LETTERS = "ABCDE"
LATE = "The time is up: what came after that does not count. Your exam is handed in."
ELSEWHERE = "This exam was opened in another window: go on there, or open it here again."


class TimeUpError(Exception):
    """The clock has run out: what came with this step does not count."""


def clock(seconds: float) -> str:
    """Minutes and seconds, "89:07"."""
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02}"


def shuffled(entry: Entry, seed: int) -> list[Option]:
    """The options of a question as an exam with this seed shows them."""
    options = list(entry.question.options)
    random.Random(f"{seed} {entry.id}").shuffle(options)
    return options


class Session:
    """The exam that is going on, open in one window."""

    def __init__(self, bank: Bank, now: Callable[[], float] = time.monotonic) -> None:
        """Opens it; the clock runs from here on.

        Args:
            bank: the questions of today. Those that it has no more are left out, see `gone`.
            now: a clock that never goes back, in seconds.

        Raises:
            CourseError: no exam is going on, or the bank has none of its questions any more.
        """
        kept = record.load()
        if kept.sitting is None:
            raise CourseError("No exam is going on: ./course exam begins one.")
        self.notice = kept.notice
        self._bank, self._now = bank, now
        self._since: float | None = now()
        there = [asked for asked in kept.sitting.questions if asked.id in bank.by_id]
        self.gone = [asked.id for asked in kept.sitting.questions if asked.id not in bank.by_id]
        if not there:
            raise CourseError(
                "The course has none of this exam's questions any more: ./course exam --discard "
                "drops it, ./course exam then draws a new one."
            )
        at = kept.sitting.questions[kept.sitting.at].id
        place = next((i for i, asked in enumerate(there) if asked.id == at), 0)
        self.sitting = replace(
            kept.sitting,
            questions=tuple(map(self._known, there)),
            at=place,
            window=secrets.token_hex(4),
        )
        record.update(lambda before: replace(before, sitting=self.sitting))

    def _known(self, asked: Asked) -> Asked:
        """Without picked options that the question has no more."""
        texts = {option.text for option in self._bank.by_id[asked.id].question.options}
        return replace(asked, picked=tuple(text for text in asked.picked if text in texts))

    # --- what is shown ----------------------------------------------------------------------------

    @property
    def guide(self) -> Guide:
        """The guide by which it was drawn."""
        return guide.guide(self.sitting.guide)

    @property
    def asked(self) -> Asked:
        """The question that is looked at, with its answer so far."""
        return self.sitting.questions[self.sitting.at]

    @property
    def entry(self) -> Entry:
        """The same question in the bank."""
        return self._bank.by_id[self.asked.id]

    def options(self) -> list[Option]:
        """The options of the question that is looked at, A first."""
        return shuffled(self.entry, self.sitting.seed)

    def letters(self, place: int | None = None) -> str:
        """What was picked at a place (from 0; the one looked at if left out): "", "B", "AC"."""
        asked = self.asked if place is None else self.sitting.questions[place]
        options = shuffled(self._bank.by_id[asked.id], self.sitting.seed)
        return "".join(LETTERS[i] for i, each in enumerate(options) if each.text in asked.picked)

    def left(self) -> float:
        """Seconds left on the clock; not below 0."""
        return max(0.0, self.sitting.limit - self._used())

    def open_places(self) -> list[int]:
        """The places, from 0, that have no answer yet."""
        return [i for i, asked in enumerate(self.sitting.questions) if not asked.picked]

    def marked_places(self) -> list[int]:
        """The places, from 0, that are marked for review."""
        return [i for i, asked in enumerate(self.sitting.questions) if asked.marked]

    # --- what is done -----------------------------------------------------------------------------

    def pick(self, letters: Iterable[str]) -> None:
        """Answers the question that is looked at; no letters take its answer back.

        Raises:
            CourseError: a letter that it does not have, or two where one is asked for.
            TimeUpError: too late; the answer does not count.
        """
        given = sorted({letter.upper() for letter in letters})
        options = self.options()
        known = LETTERS[: len(options)]
        if wrong := [letter for letter in given if letter not in known]:
            raise CourseError(
                f"There is no option {wrong[0]}: {known[0]} to {known[-1]} are there."
            )
        if len(given) > 1 and not self.entry.question.multiple:
            raise CourseError("One option is right here: give one letter.")
        picked = tuple(options[LETTERS.index(letter)].text for letter in given)
        self._write(self._changed(picked=picked))

    def mark(self) -> None:
        """Marks the question that is looked at for review, or takes the mark back."""
        self._write(self._changed(marked=not self.asked.marked))

    def go(self, place: int) -> None:
        """Looks at another question, by its place from 0.

        Raises:
            CourseError: there is no such place.
            TimeUpError: too late.
        """
        if not 0 <= place < len(self.sitting.questions):
            raise CourseError(f"There is no question {place + 1}: there are 1 to {self._count}.")
        self._write(replace(self.sitting, at=place))

    def step(self, by: int) -> bool:
        """Looks at the next question (1) or the one before (-1); False where there is none."""
        there = 0 <= self.sitting.at + by < self._count
        self.go(self.sitting.at + by if there else self.sitting.at)
        return there

    def save(self) -> None:
        """Writes the time used so far.

        Raises:
            TimeUpError: it has run out.
        """
        self._write(self.sitting)

    def stop(self) -> None:
        """Stops the clock and keeps all; `Session` opens it again."""
        if self._since is not None:
            self._keep(self.sitting)
            self._since = None

    def hand_in(self) -> Exam:
        """Ends the exam; it is in the history from now on. What has no answer counts as wrong."""
        time = record.now()
        answers = tuple(self._judged(asked, time) for asked in self.sitting.questions)
        of = self.sitting
        used = min(self._used(), of.limit)
        exam = Exam(of.guide, of.kind, of.seed, of.started, time, of.limit, used, answers)

        def change(before: Record) -> Record:
            self._refuse_if_elsewhere(before)
            return replace(before, sitting=None, exams=(*before.exams, exam))

        record.update(change)
        self._since = None
        return exam

    # --- within -----------------------------------------------------------------------------------

    @property
    def _count(self) -> int:
        return len(self.sitting.questions)

    def _used(self) -> float:
        running = 0.0 if self._since is None else self._now() - self._since
        return self.sitting.used + running

    def _changed(self, **changes: object) -> Sitting:
        questions = list(self.sitting.questions)
        questions[self.sitting.at] = replace(self.asked, **changes)  # type: ignore[arg-type]
        return replace(self.sitting, questions=tuple(questions))

    def _write(self, changed: Sitting) -> None:
        if self._used() >= self.sitting.limit:
            raise TimeUpError
        self._keep(changed)

    def _keep(self, changed: Sitting) -> None:
        moment = self._now()
        used = changed.used if self._since is None else changed.used + moment - self._since
        written = replace(changed, used=round(min(used, changed.limit), 3))

        def change(before: Record) -> Record:
            self._refuse_if_elsewhere(before)
            return replace(before, sitting=written)

        record.update(change)
        self.sitting = written
        self._since = moment

    def _refuse_if_elsewhere(self, before: Record) -> None:
        if before.sitting is None or before.sitting.window != self.sitting.window:
            raise CourseError(ELSEWHERE)

    def _judged(self, asked: Asked, time: str) -> Answer:
        question = self._bank.by_id[asked.id].question
        return Answer(
            asked.id, question.objectives, asked.picked, judge(question, asked.picked), time
        )


def judge(question: QuizQuestion, picked: Iterable[str]) -> bool:
    """Whether exactly the right options were picked, by their texts."""
    return set(picked) == {option.text for option in question.options if option.right}
