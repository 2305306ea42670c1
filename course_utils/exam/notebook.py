"""Quizzes and exams in the notebook, with ipywidgets: the terminal's logic with another face.

All is done by keyboard as by mouse: Tab goes from part to part, the arrows choose among letters,
the space bar ticks and presses.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets

from course_utils import config
from course_utils.errors import CourseError
from course_utils.exam import guide, opening, page, quizzes, record, text
from course_utils.exam.bank import Bank, Entry, load
from course_utils.exam.objectives import table
from course_utils.exam.sitting import LETTERS, Session, TimeUpError, clock

_TICK = 1.0  # seconds between two looks at the clock
_SAVE = 15  # ticks between two times that the clock is written down


def show_quiz(number: str) -> widgets.VBox:
    """The quiz of lesson `number` ("06"): choose, submit, read why; the score is kept.

    Raises:
        CourseError: there is no such quiz.
    """
    return Quiz(number).box


def show_exam(
    seed: int | None = None,
    domain: int | None = None,
    mistakes: bool = False,
    old: bool = False,
) -> widgets.VBox:
    """Goes on with the exam that was begun, in the terminal or here; else begins one.

    Args:
        seed: what decides the draw of a new one; by chance if left out.
        domain: only questions of this domain, from 1.
        mistakes: only questions whose last answer was wrong.
        old: by the earlier guide.

    Raises:
        CourseError: a new one is asked for while another is going on, or cannot be drawn.
    """
    bank = load()
    new = seed is not None or domain is not None or mistakes or old
    if new or record.load().sitting is None:
        opening.begin(bank, guide.EARLIER if old else guide.CURRENT, seed, domain, mistakes)
    face = ExamFace(Session(bank), bank)
    face.start_clock()
    return face.box


def show_map() -> widgets.HTML:
    """Each objective: where it is taught, how many questions there are, how mine stand."""
    return widgets.HTML(page.lines(table(load(), record.load())))


class Choice:
    """Letters to choose from: one of them, or with `multiple` several."""

    def __init__(self, letters: str, multiple: bool, chosen: str = "") -> None:
        self._ticks: list[widgets.Checkbox] = []
        self._radio: widgets.RadioButtons | None = None
        if multiple:
            self._ticks = [
                widgets.Checkbox(
                    letter in chosen, description=letter, indent=False,
                    layout=widgets.Layout(width="4em"),
                )
                for letter in letters
            ]  # fmt: skip
            self.box: widgets.Widget = widgets.HBox(self._ticks)
        else:
            self._radio = widgets.RadioButtons(
                options=list(letters), value=chosen or None, description="Answer:",
                orientation="horizontal",
            )  # fmt: skip
            self.box = self._radio

    @property
    def letters(self) -> str:
        """What is chosen now: "", "B", "AC"."""
        if self._radio is not None:
            return self._radio.value or ""
        return "".join(tick.description for tick in self._ticks if tick.value)

    def set(self, letters: str) -> None:
        """Chooses these letters and no others."""
        if self._radio is not None:
            self._radio.value = letters or None
        for tick in self._ticks:
            tick.value = tick.description in letters

    def on_change(self, call: Callable[[], None]) -> None:
        """Calls back whenever another choice is made."""
        for widget in self._ticks or [self._radio]:
            assert widget is not None
            widget.observe(lambda change: call(), names="value")

    def disable(self, value: bool) -> None:
        """Makes the letters unchangeable, or changeable again."""
        for widget in self._ticks or [self._radio]:
            assert widget is not None
            widget.disabled = value


class Quiz:
    """The quiz of one lesson: every question with its own button."""

    def __init__(self, number: str) -> None:
        self.entries = quizzes.entries(number)
        lesson = config.lesson(number)
        self.score = widgets.HTML()
        self.questions = [
            QuizItem(place, entry, self._tell_score) for place, entry in enumerate(self.entries, 1)
        ]
        title = widgets.HTML(
            page.block(f"<h3>Quiz of lesson {lesson.number} · {lesson.title}</h3>")
        )
        self.box = widgets.VBox([title, *(item.box for item in self.questions), self.score])
        self._tell_score()

    def _tell_score(self) -> None:
        score = quizzes.score(self.entries)
        self.score.value = page.block(f"<p>Right the last time you answered: {score}.</p>")


class QuizItem:
    """One question: its letters, a button, and what came of it."""

    def __init__(self, place: int, entry: Entry, answered: Callable[[], None]) -> None:
        self._entry, self._answered = entry, answered
        options = entry.question.options
        self.choice = Choice(LETTERS[: len(options)], entry.question.multiple)
        self.button = widgets.Button(description="Submit", tooltip=f"Submit answer {place}")
        self.button.on_click(lambda _: self._press())
        self.verdict = widgets.HTML()
        shown = widgets.HTML(page.question(f"Question {place}", entry, options))
        self.box = widgets.VBox([shown, self.choice.box, self.button, self.verdict])

    def _press(self) -> None:
        if self.button.description == "Try again":
            self.choice.disable(False)
            self.button.description, self.verdict.value = "Submit", ""
            return
        try:
            given = quizzes.answer(self._entry, self.choice.letters)
        except CourseError as error:
            self.verdict.value = page.lines([str(error)])
            return
        options = self._entry.question.options
        self.verdict.value = page.rationale(self._entry, options, given.picked, given.right)
        self.choice.disable(True)
        self.button.description = "Try again"
        self._answered()


class ExamFace:
    """The exam that is open: one question at a time, the clock, the way around, the report."""

    def __init__(self, session: Session, bank: Bank) -> None:
        self.session, self._bank = session, bank
        self._task: asyncio.Task[None] | None = None
        self.clock, self.line, self.shown = widgets.Label(), widgets.HTML(), widgets.HTML()
        self.choice = Choice("", False)
        self.answer = widgets.Box()
        self._shown_at: int | None = None  # the question whose letters are there
        self._showing = False  # changes of widgets now are ours, not the learner's
        self.back = self._button("Back", lambda: session.step(-1))
        self.next = self._button("Next", lambda: session.step(1))
        self.mark = self._button("Mark for review", session.mark)
        self.clear = self._button("Take answer back", lambda: session.pick(""))
        self.stop = self._button("Stop and keep", None)
        self.hand_in = self._button("Hand in", None)
        self.stop.on_click(lambda _: self._stop())
        self.hand_in.on_click(lambda _: self._hand_in())
        self.go = widgets.Dropdown(description="Go to:")
        self.go.observe(lambda change: self._went(change["new"]), names="value")
        self._sure = False
        bar = widgets.HBox([self.back, self.next, self.go, self.mark, self.clear])
        end = widgets.HBox([self.stop, self.hand_in, self.clock])
        parts = [end, self.shown, self.answer, bar, self.line]
        self.box = widgets.VBox(parts)
        self._show(self._opening())

    def start_clock(self) -> None:
        """Lets the clock tick while the kernel has nothing else to do."""
        try:
            self._task = asyncio.get_running_loop().create_task(self._run_clock())
        except RuntimeError:  # no loop, no ticking; the time is looked at with each step
            self._task = None

    async def _run_clock(self) -> None:
        ticks = 0
        while self._task is not None:
            await asyncio.sleep(_TICK)
            ticks += 1
            self.tick(save=ticks % _SAVE == 0)

    def tick(self, save: bool = False) -> None:
        """Shows the time left, writes it down if asked to, and hands in when there is none."""
        self._tell_time()
        if save or self.session.left() <= 0:
            self._do(self.session.save, show=False)

    # --- steps ------------------------------------------------------------------------------------

    def _button(self, name: str, step: Callable[[], Any] | None) -> widgets.Button:
        button = widgets.Button(description=name, tooltip=name)
        if step is not None:
            button.on_click(lambda _: self._do(step))
        return button

    def _do(self, step: Callable[[], Any], show: bool = True) -> None:
        """One step, and the page after it."""
        self._sure = self._sure and not show
        try:
            step()
        except TimeUpError:
            self._end("The time is up: what came after that does not count.")
        except CourseError as error:
            self._say(str(error))
        else:
            if show:
                self._show()

    def _picked(self) -> None:
        letters = self.choice.letters
        if not self._showing:
            self._do(lambda: self.session.pick(letters))

    def _went(self, place: int | None) -> None:
        if place is not None and not self._showing:
            self._do(lambda: self.session.go(place))

    def _hand_in(self) -> None:
        unanswered, marked = len(self.session.open_places()), len(self.session.marked_places())
        if not self._sure:
            self._sure = True
            self._say(
                f"Without an answer: {unanswered}. Marked for review: {marked}. "
                "Press Hand in once more to hand in."
            )
            return
        self._end()

    def _stop(self) -> None:
        try:
            self.session.stop()
        except CourseError as error:
            self._say(str(error))
            return
        left = clock(self.session.left())
        self._close([f"Stopped with {left} left. Run this cell again to go on."])

    def _end(self, first: str = "") -> None:
        try:
            exam = self.session.hand_in()
        except CourseError as error:
            self._say(str(error))
            return
        self._close(
            [*([first, ""] if first else []), *text.report(exam, record.load(), self._bank)]
        )

    def _close(self, lines: Sequence[str]) -> None:
        self._task = None  # the clock ends with its next tick
        self.shown.value = page.lines(lines)
        self.box.children = (self.shown,)

    # --- what is shown ----------------------------------------------------------------------------

    def _show(self, line: str = "") -> None:
        self._showing = True
        session = self.session
        total, at = len(session.sitting.questions), session.sitting.at
        options = session.options()
        head = f"Question {at + 1} of {total} · {total - len(session.open_places())} answered"
        if session.asked.marked:
            head += " · marked for review"
        self.shown.value = page.question(head, session.entry, options)
        if at != self._shown_at:  # else the same letters stay, and the keyboard's focus on them
            letters = LETTERS[: len(options)]
            self.choice = Choice(letters, session.entry.question.multiple)
            self.choice.on_change(self._picked)
            self.answer.children = (self.choice.box,)
            self._shown_at = at
        self.choice.set(session.letters())
        self.mark.description = "Take mark off" if session.asked.marked else "Mark for review"
        self.back.disabled, self.next.disabled = at == 0, at == total - 1
        self.go.options = [(self._label(place), place) for place in range(total)]
        self.go.value = at
        self._showing = False
        self._say(line)
        self._tell_time()

    def _label(self, place: int) -> str:
        marked = " *" if self.session.sitting.questions[place].marked else ""
        return f"{place + 1}: {self.session.letters(place) or 'open'}{marked}"

    def _opening(self) -> str:
        notices = [self.session.notice] if self.session.notice else []
        if self.session.gone:
            gone = ", ".join(self.session.gone)
            notices.append(f"The course has these questions no more; they are left out: {gone}.")
        return " ".join([f"The {opening.told(self.session.sitting)}.", *notices])

    def _say(self, line: str) -> None:
        self.line.value = page.lines([line]) if line else ""

    def _tell_time(self) -> None:
        self.clock.value = f"{clock(self.session.left())} left"
