"""The quiz at the end of a notebook: to be clicked in JupyterLab, elsewhere with folded answers."""

import os
import sys

from course_utils import config
from course_utils.quiz import as_html, as_text, load_quiz

# Only a kernel that JupyterLab started has it: there somebody can click
_OPEN_IN_LAB = "JPY_SESSION_NAME"


def ask_quiz(number: str) -> None:
    """Shows the quiz of lesson `number` ("06").

    In JupyterLab each question is chosen, submitted and explained, and the score is kept. Where no
    widgets run (a page on the web, a terminal), each answer unfolds on a click or stands at the
    end.

    Raises:
        CourseError: the lesson has no quiz, or its file breaks a rule.
    """
    lesson = config.lesson(number)
    questions = load_quiz(number)
    title = f"Quiz of lesson {lesson.number} · {lesson.title}"
    text = as_text(title, questions)
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print(text)
        return
    from IPython.display import display

    if _OPEN_IN_LAB in os.environ:
        from course_utils.exam.notebook import show_quiz

        display(show_quiz(number))
    else:
        display({"text/plain": text, "text/html": as_html(title, questions)}, raw=True)
