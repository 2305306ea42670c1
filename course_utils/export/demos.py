"""A demo as a notebook for Databricks: its own cells, below a set-up for the platform.

Labs are not exported: their checks compare with data on the own disk, keep progress there, and run
an answer again in a process of its own. None of this was tried on the platform, and a check that
calls a right answer wrong is worse than none.
"""

import re

from course_utils.build.inputs import Code
from course_utils.build.source import Sources
from course_utils.errors import CourseError
from course_utils.export import limits, packages, source_format
from course_utils.export.source_format import SourceCell

# The newest whose contents were looked up; Spark ML needs 4 at least
_ENVIRONMENT_VERSION = "5"
_SET_UP = """\
import os
import sys
from pathlib import Path

# The folder "course" was exported with this notebook and lies beside it
places = [Path.cwd(), *map(Path, sys.path)]
course = next((p / "course" for p in places if (p / "course/course.toml").exists()), None)
assert course, "The folder course is not beside this notebook: import both together"
sys.path.insert(0, str(course))

from course_utils.export.platform import set_up

# Data and files go into a volume of the current schema, or into the one that you name here
set_up(spark, volume=os.environ.get("COURSE_VOLUME"))"""
# Packages of the course that a demo uses as they are, with what they import
_STAND_IN = re.compile(r"course_utils\.(?:automl|deploy|features|registry)\.")
_OF_THIS_MACHINE = re.compile(r"\b(?:open_lab|draw_map)\(")


def exportable(sources: Sources) -> bool:
    """Whether a lesson has a demo that makes sense on the platform."""
    if "demo" not in sources.roles:
        return False
    # Lesson 00 shows what only this machine has: progress, and a lab with its check
    return not any(_OF_THIS_MACHINE.search(cell.source) for cell in _code(sources))


def notebook(sources: Sources) -> str:
    """The text of a lesson's demo in Databricks' source format.

    Raises:
        CourseError: there is no demo to export.
    """
    number = sources.lesson.number
    if not exportable(sources):
        what = "has no demo" if "demo" not in sources.roles else "shows what only this machine has"
        raise CourseError(
            f"Lesson {number} {what}, so there is nothing to export. Demos of other lessons are: "
            "./course export databricks without a number exports them all."
        )
    helpers = helpers_of(sources)
    texts = [*(cell.source for cell in _code(sources)), helpers]
    engine = Code(sources.tree.root)
    stand_ins = [each for name, each in engine.used(texts).items() if _STAND_IN.match(name)]
    needs = packages.needed([*texts, *map(engine.text, stand_ins)])
    quoted = " ".join(f'"{need}"' for need in needs)
    cells = [
        SourceCell("markdown", _note(sources, helpers)),
        SourceCell("magic", f"%pip install -q {quoted}"),
        SourceCell("magic", "%restart_python"),
        SourceCell("code", _SET_UP),
        *own_cells(sources),
    ]
    return source_format.write(cells, _ENVIRONMENT_VERSION)


def own_cells(sources: Sources) -> list[SourceCell]:
    """The demo's own cells."""
    return [
        SourceCell("markdown" if cell.kind == "markdown" else "code", cell.source)
        for cell in sources.cells("demo")
    ]


def helpers_of(sources: Sources) -> str:
    """The text of the lesson's helpers.py; "" where it has none."""
    path = sources.folder / "helpers.py"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _code(sources: Sources) -> list[SourceCell]:
    return [cell for cell in own_cells(sources) if cell.kind == "code"]


def _note(sources: Sources, helpers: str) -> str:
    lesson = sources.lesson
    missing = limits.found(sources.cells("demo"), helpers)
    lines = [
        f"**Lesson {lesson.number}, {lesson.title}, for Databricks.** The next three cells prepare "
        "it: they install what is missing, and put the names of the course on what is there. "
        "`get_spark` gives the notebook's own `spark`, and the data comes from a volume.",
        "",
        "The code of this notebook was run outside of Databricks only. It needs serverless compute "
        f"with environment version {_ENVIRONMENT_VERSION}, or dedicated compute with a Databricks "
        "Runtime for machine learning.",
    ]
    if missing:
        looked_up = f"(looked up on {limits.LOOKED_UP})"
        lines += ["", f"On serverless compute some of it does not work as it stands {looked_up}:"]
        lines += ["", *(f"- {line}" for line in missing)]
    return "\n".join(lines)
