"""Finds the questions of a lesson."""

import importlib.util
import sys
from pathlib import Path

from course_utils import config
from course_utils.errors import CourseError
from course_utils.lab.question import Question

_loaded: dict[Path, tuple[int, list[Question]]] = {}


def load_questions(number: str) -> list[Question]:
    """The questions of lesson `number`, in order, from `lessons/NN_slug/questions.py`.

    The file runs once per process and again only when it has changed, so that the references
    which its checks compute are computed once.

    Raises:
        CourseError: no such lesson, the lesson has no questions, or the file does not load.
    """
    lesson = config.lesson(number)
    path = lesson.folder / "questions.py"
    if not path.exists():
        raise CourseError(f"Lesson {lesson.number} has no questions: there is no {_short(path)}.")
    stamp = path.stat().st_mtime_ns
    if path not in _loaded or _loaded[path][0] != stamp:
        _loaded[path] = (stamp, _run(path, f"course_lesson_{lesson.number}_questions"))
    return list(_loaded[path][1])


def _run(path: Path, name: str) -> list[Question]:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pickles inside the file look their module up
    try:
        spec.loader.exec_module(module)
        questions = list(module.QUESTIONS)
        _refuse_bad_list(questions)
    except Exception as error:
        del sys.modules[name]
        raise CourseError(
            f"The questions in {_short(path)} could not be loaded: {type(error).__name__}: {error}."
            " This is a fault of the course; an update (git pull) may mend it."
        ) from error
    return questions


def _refuse_bad_list(questions: list[Question]) -> None:
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            raise ValueError(f"two questions are called {question.id}")
        if unknown := set(question.needs) - seen:
            raise ValueError(f"{question.id} needs {sorted(unknown)}, which does not come earlier")
        seen.add(question.id)


def _short(path: Path) -> str:
    return "/".join(path.parts[-3:])
