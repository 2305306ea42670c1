"""What a lesson's notebook uses and does not teach, such as the making of its pictures."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

from course_utils import config
from course_utils.errors import CourseError


def helpers(number: str) -> ModuleType:
    """The module `lessons/NN_slug/helpers.py` of lesson `number` ("06").

    It is found wherever the notebook lies, so a learner's copy in the workbook finds it, too.

    Raises:
        CourseError: there is no such lesson, or it has no helpers.
    """
    lesson = config.lesson(number)
    path = lesson.folder / "helpers.py"
    if not path.exists():
        raise CourseError(
            f"Lesson {lesson.number} has no helpers: lessons/{lesson.name}/helpers.py does not "
            "exist. Fetch the course again, or leave out the call of helpers()."
        )
    name = f"lesson_{lesson.number}_helpers"
    spec = spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None  # it ends in .py
    module = module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and tracebacks look their module up by name
    spec.loader.exec_module(module)
    return module
