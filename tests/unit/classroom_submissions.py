"""Notebooks as learners hand them in: good, half, broken and hostile ones."""

import copy
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from course_utils.build.source import Tree

Notebook = dict[str, Any]


@cache
def _made(number: str, role: str) -> str:
    sources = Tree.of_course().lesson(number)
    return json.dumps(sources.notebook("lab" if role == "lab" else "solution"))


def shipped(number: str) -> Notebook:
    """The lab as it is given out."""
    return dict(json.loads(_made(number, "lab")))


def solved(number: str, *questions: str) -> Notebook:
    """The lab with the solution of these questions; of all if none is named."""
    solution = json.loads(_made(number, "solution"))
    known = {asked(cell): cell["source"] for cell in solution["cells"] if kind(cell) == "answer"}
    notebook = shipped(number)
    for cell in notebook["cells"]:
        if kind(cell) == "answer" and (not questions or asked(cell) in questions):
            cell["source"] = known[asked(cell)]
    return notebook


def kind(cell: dict[str, Any]) -> str | None:
    """Whether a cell is an answer, a check or another one."""
    return cell["metadata"].get("course", {}).get("kind")


def asked(cell: dict[str, Any]) -> str:
    """The question that a cell belongs to."""
    return str(cell["metadata"]["course"]["question"])


def cell_of(notebook: Notebook, question: str, of: str = "answer") -> dict[str, Any]:
    """The answer or check cell of a question."""
    return next(c for c in notebook["cells"] if kind(c) == of and asked(c) == question)


def changed(notebook: Notebook, question: str, change: Callable[[str], str]) -> Notebook:
    """A copy in which the answer to a question is another one."""
    other = copy.deepcopy(notebook)
    cell = cell_of(other, question)
    cell["source"] = change(cell["source"])
    return other


def before(text: str) -> Callable[[str], str]:
    """Code that comes before an answer."""
    return lambda source: f"{text}\n{source}"


def without_marks(notebook: Notebook) -> Notebook:
    """A copy without ids and metadata, as some editors leave a notebook."""
    other = copy.deepcopy(notebook)
    for cell in other["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)
    other["metadata"] = {}
    other["nbformat_minor"] = 2
    return other


def hand_in(folder: Path, name: str, notebook: Notebook | bytes) -> Path:
    """Write a submission to NAME.ipynb."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.ipynb"
    content = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
    path.write_bytes(content)
    return path
