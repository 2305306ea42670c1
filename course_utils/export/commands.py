"""What `./course export databricks` does.

_databricks/06_linear_regression_1.py    a notebook for each demo, in source format
_databricks/course/                      what they need: the engine, helpers, quizzes, data
"""

from collections.abc import Sequence
from pathlib import Path

from course_utils import data, paths
from course_utils.build.source import Sources, Tree
from course_utils.data import store
from course_utils.export import demos, folder

DEFAULT = "_databricks"
_OF_A_LESSON = ("helpers.py", "quiz.toml")


def databricks(number: str | None, to: Path | None) -> list[str]:
    """Export the demo of one lesson, or of every lesson that has one for the platform.

    Returns:
        The notebooks that were written.

    Raises:
        CourseError: see `demos.notebook` and `folder.fill`.
    """
    tree = Tree.of_course()
    if number is None:
        lessons = [sources for sources in tree.all() if demos.exportable(sources)]
    else:
        lessons = [tree.lesson(number)]
    notebooks = {f"{each.lesson.name}.py": demos.notebook(each) for each in lessons}
    target = to or paths.ROOT / DEFAULT
    texts = {name: text.encode() for name, text in notebooks.items()}
    folder.fill(target, texts | {f"course/{name}": each for name, each in _course(lessons).items()})
    return [paths.told(target / name) for name in notebooks]


def _course(lessons: Sequence[Sources]) -> dict[str, bytes]:
    """The folder that notebooks import the course from, by the paths in it."""
    root = paths.ROOT
    files = [root / "course.toml", store.MANIFEST]
    engine = (root / "course_utils").rglob("*")
    files += [path for path in engine if path.is_file() and "__pycache__" not in path.parts]
    files += [each.folder / name for each in lessons for name in _OF_A_LESSON]
    found = {
        path.relative_to(root).as_posix(): path.read_bytes() for path in files if path.exists()
    }
    for name in _data_sets(lessons):
        file = store.generated(name)
        found[f"data/{file.name}"] = file.read_bytes()
    return found


def _data_sets(lessons: Sequence[Sources]) -> list[str]:
    """The data sets of these lessons, all of them made: "trips" stands for those of all days."""
    wanted = {name for each in lessons for name in each.lesson.data}
    names = [
        name
        for name in store.DATA_SETS
        if any(name == each or name.startswith(f"{each}_") for each in wanted)
    ]
    data.ensure(names)
    return names
