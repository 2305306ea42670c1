"""The engine of the course: what notebooks import, and nothing that starts by itself.

Each name is looked up on first use, so that importing the package reads no network, starts no
Spark and costs milliseconds.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from course_utils.data import get_truth, load, load_split, locate
    from course_utils.exam.ask import ask_quiz
    from course_utils.figures import show
    from course_utils.lab import open_lab
    from course_utils.lesson_helpers import helpers
    from course_utils.session import get_spark, make_work_dir, set_experiment
    from course_utils.timing import measure
    from course_utils.workbook.map import draw_map

_HOMES = {
    "ask_quiz": "exam.ask",
    "draw_map": "workbook.map",
    "get_spark": "session",
    "get_truth": "data",
    "helpers": "lesson_helpers",
    "load": "data",
    "load_split": "data",
    "locate": "data",
    "make_work_dir": "session",
    "measure": "timing",
    "open_lab": "lab",
    "set_experiment": "session",
    "show": "figures",
}

__all__ = [
    "ask_quiz",
    "draw_map",
    "get_spark",
    "get_truth",
    "helpers",
    "load",
    "load_split",
    "locate",
    "make_work_dir",
    "measure",
    "open_lab",
    "set_experiment",
    "show",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'course_utils' has no attribute {name!r}")
    try:
        return getattr(import_module(f"course_utils.{_HOMES[name]}"), name)
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("course_utils."):
            raise
        raise ModuleNotFoundError(
            f"{name} belongs to the course, of which only the packages automl, features and "
            "registry are installed here. Work in a checkout of the course to use it.",
            name=error.name,
        ) from None
