"""The quiz of a lesson in the notebook: choose, submit, read why; the score is kept."""

from collections.abc import Callable

import ipywidgets as widgets

from course_utils import config
from course_utils.errors import CourseError
from course_utils.exam import page, quizzes
from course_utils.exam.bank import Entry
from course_utils.exam.choice import Choice
from course_utils.exam.sitting import LETTERS


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
