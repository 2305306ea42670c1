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


def faults(number: str | None = None, tree: Tree | None = None) -> list[str]:
    """What mypy finds, with the settings of pyproject.toml: "file:12: error: …"."""
    tree = tree or Tree.of_course()
    settings = f"--config-file={paths.ROOT / 'pyproject.toml'}"
    package, options = main.process_options([settings])
    lessons = tree.all() if number is None else [tree.lesson(number)]
    files = [
        BuildSource(str(path), f"lesson_{sources.lesson.number}.{path.stem}")
        for sources in lessons
        for path in (sources.folder / name for name in _CHECKED)
        if path.exists()
    ]
    try:
        found = build.build([*(package if number is None else ()), *files], options).errors
    except CompileError as error:  # a file that cannot be parsed
        found = error.messages
    return [line.removeprefix(f"{tree.root}/") for line in found]


if __name__ == "__main__":
    lines = faults(sys.argv[1] if len(sys.argv) > 1 else None)
    print("\n".join(lines) or "mypy: no fault")
    sys.exit(1 if lines else 0)
