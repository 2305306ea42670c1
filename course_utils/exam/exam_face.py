"""An exam in the notebook: `sitting` with buttons, letters to choose from and a clock."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets

from course_utils.errors import CourseError
from course_utils.exam import opening, page, record, text
from course_utils.exam.bank import Bank
from course_utils.exam.choice import Choice
from course_utils.exam.sitting import LATE, LETTERS, Session, TimeUpError, clock

_TICK = 1.0  # seconds between two looks at the clock
_SAVE = 15  # ticks between two times that the clock is written down


class ExamFace:
    """The exam that is open: one question at a time, the clock, the way around, the report."""

    def __init__(self, session: Session, bank: Bank) -> None:
        self.session, self._bank = session, bank
        self._task: asyncio.Task[None] | None = None
        self.clock, self.line, self.shown = widgets.Label(), widgets.HTML(), widgets.HTML()
        self.overview = widgets.HTML()
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
        # A field to type in, as JupyterLab takes the arrow keys of a list for itself
        self.go = widgets.BoundedIntText(
            min=1, max=len(session.sitting.questions), description="Go to:",
            continuous_update=False, layout=widgets.Layout(width="10em"),
        )  # fmt: skip
        self.go.observe(lambda change: self._went(change["new"]), names="value")
        self._sure = False
        bar = widgets.HBox([self.back, self.next, self.go, self.mark, self.clear])
        end = widgets.HBox([self.stop, self.hand_in, self.clock])
        parts = [end, self.shown, self.answer, bar, self.overview, self.line]
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
        if not save and self.session.left() > 0:
            return
        try:
            self.session.save()
        except TimeUpError:
            self._end(LATE)
        except CourseError as error:  # opened elsewhere, or no room: no more ticks from here
            self._task = None
            self._say(str(error))

    # --- steps ------------------------------------------------------------------------------------

    def _button(self, name: str, step: Callable[[], Any] | None) -> widgets.Button:
        button = widgets.Button(description=name, layout=widgets.Layout(width="auto"))
        if step is not None:
            button.on_click(lambda _: self._do(step))
        return button

    def _do(self, step: Callable[[], Any]) -> None:
        """One step, and the page after it."""
        self._sure = False
        try:
            step()
        except TimeUpError:
            self._end(LATE)
        except CourseError as error:
            self._say(str(error))
        else:
            self._show()

    def _picked(self) -> None:
        letters = self.choice.letters
        if not self._showing:
            self._do(lambda: self.session.pick(letters))

    def _went(self, number: int) -> None:
        if not self._showing:
            self._do(lambda: self.session.go(number - 1))

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
        self.overview.value = page.block(
            f"<p>Without an answer: {_numbers(session.open_places())}. "
            f"Marked for review: {_numbers(session.marked_places())}.</p>"
        )
        if at != self._shown_at:  # else the same letters stay, and the keyboard's focus on them
            letters = LETTERS[: len(options)]
            self.choice = Choice(letters, session.entry.question.multiple)
            self.choice.on_change(self._picked)
            self.answer.children = (self.choice.box,)
            self._shown_at = at
        self.choice.set(session.letters())
        self.mark.description = "Take mark off" if session.asked.marked else "Mark for review"
        self.back.disabled, self.next.disabled = at == 0, at == total - 1
        self.go.value = at + 1
        self._showing = False
        self._say(line)
        self._tell_time()

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


def _numbers(places: Sequence[int]) -> str:
    """The questions at these places: "1–4, 7", or "none"."""
    parts: list[list[int]] = []
    for place in places:
        if parts and place == parts[-1][-1] + 1:
            parts[-1].append(place)
        else:
            parts.append([place])
    told = [f"{p[0] + 1}" if len(p) == 1 else f"{p[0] + 1}–{p[-1] + 1}" for p in parts]
    return ", ".join(told) or "none"
