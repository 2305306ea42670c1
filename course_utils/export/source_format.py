"""Notebooks as Databricks writes them into `.py` files: its source format, written and read.

    # Databricks notebook source
    # MAGIC %md
    # MAGIC # A title

    # COMMAND ----------

    print("code stands as it is")

Cells that begin with a magic command have `# MAGIC ` before each line.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from course_utils.errors import CourseError

HEAD = "# Databricks notebook source"
_BREAK = "# COMMAND ----------"
_MAGIC = "# MAGIC"
_MARKDOWN = "%md"
# How source files say which environment serverless compute gives a notebook
_ENVIRONMENT = """\
# /// script
# [tool.databricks.environment]
# environment_version = "{version}"
# ///
"""


@dataclass(frozen=True)
class SourceCell:
    """One cell: Markdown, Python, or lines that begin with a magic command."""

    kind: Literal["markdown", "code", "magic"]
    source: str


def write(cells: Iterable[SourceCell], environment_version: str) -> str:
    """The text of a notebook in source format.

    Args:
        cells: in order.
        environment_version: of serverless compute, "5".

    Raises:
        CourseError: a line of a code cell would be read as part of the format.
    """
    head = f"{HEAD}\n{_ENVIRONMENT.format(version=environment_version)}"
    return head + f"\n\n{_BREAK}\n\n".join(map(_written, cells)) + "\n"


def read(text: str) -> list[SourceCell]:
    """The cells of a notebook in source format.

    Raises:
        CourseError: it is none.
    """
    head, _, rest = text.partition("\n")
    if head != HEAD:
        raise CourseError(f"This is no notebook in source format: its first line is not {HEAD!r}.")
    if rest.startswith("# /// script\n"):
        rest = rest.partition("# ///\n")[2]
    parts: list[list[str]] = [[]]
    for line in rest.splitlines():
        if line == _BREAK:
            parts.append([])
        else:
            parts[-1].append(line)
    return [_read("\n".join(lines).strip("\n")) for lines in parts]


def _written(cell: SourceCell) -> str:
    if cell.kind == "code":
        for line in cell.source.splitlines():
            if line == _BREAK or line.startswith((_MAGIC, HEAD)):
                raise CourseError(
                    f"A cell cannot be exported: its line {line!r} means something else in "
                    "Databricks' source format. Write it in another way."
                )
        return cell.source
    lines = cell.source.splitlines()
    if cell.kind == "markdown":
        lines = [_MARKDOWN, *lines]
    return "\n".join(f"{_MAGIC} {line}" if line else _MAGIC for line in lines)


def _read(text: str) -> SourceCell:
    if not text.startswith(_MAGIC):
        return SourceCell("code", text)
    lines = [line.removeprefix(_MAGIC).removeprefix(" ") for line in text.splitlines()]
    if lines[0] == _MARKDOWN:
        return SourceCell("markdown", "\n".join(lines[1:]))
    return SourceCell("magic", "\n".join(lines))
