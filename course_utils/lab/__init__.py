"""Questions, checks, hints and progress.

Authors write `Question` and `Mistake` in `lessons/NN_slug/questions.py`; learners see `open_lab`.
"""

from course_utils.lab import compare, delta, reference
from course_utils.lab.answers import Answers
from course_utils.lab.find_questions import load_questions
from course_utils.lab.kinds import KINDS
from course_utils.lab.notebook import Check, Lab, open_lab
from course_utils.lab.question import Mistake, Question
from course_utils.lab.result import CheckFailed, Result, Status
from course_utils.lab.values import Values, in_dict

__all__ = [
    "KINDS",
    "Answers",
    "Check",
    "CheckFailed",
    "Lab",
    "Mistake",
    "Question",
    "Result",
    "Status",
    "Values",
    "compare",
    "delta",
    "in_dict",
    "load_questions",
    "open_lab",
    "reference",
]
