"""Quizzes and exams in the notebook, with ipywidgets: the terminal's logic with another face.

All is done by keyboard as by mouse: Tab goes from letter to letter and on to the buttons, the space
bar chooses and presses.
"""

import ipywidgets as widgets

from course_utils.exam import guide, opening, page, record
from course_utils.exam.bank import load
from course_utils.exam.exam_face import ExamFace
from course_utils.exam.objectives import table
from course_utils.exam.quiz_face import Quiz
from course_utils.exam.sitting import Session


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
