"""mypy over the package, the tests, and the questions.py and helpers.py of every lesson.

    python -m course_utils.build.typecheck [NUMBER]

mypy's own command takes two files of one name only from packages, and a folder such as
06_linear_regression_1 is none: its library is told a name for each. With a number, only that
lesson's files are reported, and what they import is followed.
"""

import sys

from mypy import build, main
from mypy.errors import CompileError
from mypy.modulefinder import BuildSource

from course_utils import paths
from course_utils.build.source import Tree

_CHECKED = ("questions.py", "helpers.py")


def faults(number: str | None = None) -> list[str]:
    """What mypy finds, with the settings of pyproject.toml: "file:12: error: …"."""
    tree = Tree.of_course()
    everything, options = main.process_options([f"--config-file={paths.ROOT / 'pyproject.toml'}"])
    lessons = tree.all() if number is None else [tree.lesson(number)]
    files = [
        BuildSource(
            path.relative_to(tree.root).as_posix(), f"lesson_{each.lesson.number}.{path.stem}"
        )
        for each in lessons
        for path in (each.folder / name for name in _CHECKED)
        if path.exists()
    ]
    try:
        found = build.build([*(everything if number is None else ()), *files], options).errors
    except CompileError as error:  # a file that cannot be parsed
        found = error.messages
    return found


if __name__ == "__main__":
    lines = faults(*sys.argv[1:])
    print("\n".join(lines) or "mypy: no fault")
    sys.exit(1 if lines else 0)
