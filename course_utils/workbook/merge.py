"""A newer version of a notebook, taken into a learner's copy cell by cell.

Three texts are compared: a cell as the copy was made from it, as the learner has it, and as the
course has it now. What only one side changed stays changed. An answer is the learner's in any case;
in prose that both changed, the course's words win.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Cell = dict[str, Any]
Notebook = dict[str, Any]

_OURS = re.compile(r"\d\d-(?:lab|demo)-")  # how the ids of the course's own cells begin
_MOST = 8  # changes that are told one by one


@dataclass(frozen=True)
class Merged:
    """The learner's copy with what is new, and a line for each thing that is."""

    notebook: Notebook
    changes: tuple[str, ...]


def texts(notebook: Notebook) -> dict[str, str]:
    """A hash of each cell's text by the cell's key: what a later version is compared with."""
    return {_key(cell): _hash(cell) for cell in notebook["cells"]}


def merge(mine: Notebook, shipped: Notebook, base: Mapping[str, str]) -> Merged:
    """The newer version with the learner's answers, changes and own cells.

    Args:
        mine: the learner's copy.
        shipped: the notebook as the course has it now, without outputs.
        base: `texts` of what the copy was made from; empty when nobody noted it.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: `mine` is not a notebook.
    """
    known = {_key(cell) for cell in shipped["cells"]}
    theirs: dict[str, Cell] = {}
    own: dict[str, list[Cell]] = {"": []}  # the learner's own cells, by the key of the cell above
    above, gone = "", 0
    for cell in mine["cells"]:
        key = _key(cell)
        if key in known and key not in theirs:
            theirs[key], above = cell, key
        elif _left_out(cell, key, base):
            gone += 1
        else:
            own.setdefault(above, []).append(cell)
    cells, changes, names = own[""], [], _names(shipped)
    for fresh in shipped["cells"]:
        key = _key(fresh)
        if key in theirs:
            cell = _one(theirs[key], fresh, base.get(key))
            if _hash(cell) != _hash(theirs[key]):
                changes.append(f"New text: {names[key]}")
            elif _hash(fresh) not in (_hash(cell), base.get(key, _hash(fresh))):
                changes.append(f"Kept yours: {names[key]}; the course has another one now")
            cells.append(cell)
        elif base.get(key) != _hash(fresh):  # else the learner took it out
            changes.append(f"New: {names[key]}")
            cells.append(fresh)
        cells += own.get(key, [])
    if gone:
        changes.append(f"Gone: {gone} of the course's cells")
    return Merged({**shipped, "cells": cells}, _few(list(dict.fromkeys(changes))))


def _one(theirs: Cell, fresh: Cell, base: str | None) -> Cell:
    """The cell that is to stand where both sides have one."""
    run: Cell = {each: theirs[each] for each in ("outputs", "execution_count") if each in theirs}
    if _hash(theirs) == _hash(fresh):
        return {**fresh, **run}
    changed = _hash(theirs) != base  # by the learner
    if changed and (_course(fresh).get("kind") == "answer" or base == _hash(fresh)):
        return {**fresh, **run, "source": theirs["source"]}
    return fresh


def _left_out(cell: Cell, key: str, base: Mapping[str, str]) -> bool:
    """Whether a cell that the course no longer has was the course's, not the learner's."""
    if base or _course(cell).get("kind") == "answer":
        return base.get(key) == _hash(cell)
    return _OURS.match(key) is not None


def _names(shipped: Notebook) -> dict[str, str]:
    """How each cell is called to the learner: by its question, or by its first words."""
    names, asked = {}, None
    for cell in reversed(shipped["cells"]):
        ours = _course(cell)
        if cell["cell_type"] != "markdown":
            asked = ours.get("question") if ours.get("kind") == "answer" else None
        name = f"question {asked}" if cell["cell_type"] == "markdown" and asked else None
        if ours.get("question"):
            name = f"the {ours['kind']} cell of {ours['question']}"
        names[_key(cell)] = name or f"“{_first_words(cell)}”"
    return names


def _first_words(cell: Cell) -> str:
    line = next((line for line in _text(cell).splitlines() if line.strip("# ")), "an empty cell")
    line = line.strip("# ")
    return line if len(line) <= 60 else line[:59].rstrip() + "…"


def _few(changes: list[str]) -> tuple[str, ...]:
    more = len(changes) - _MOST
    return (*changes[:_MOST], *([f"and {more} more"] if more > 0 else []))


def _key(cell: Cell) -> str:
    """What finds a cell again: its question, for a pasted one has another id; else its id."""
    ours = _course(cell)
    return f"{ours['question']} {ours['kind']}" if ours.get("question") else str(cell.get("id"))


def _course(cell: Cell) -> dict[str, Any]:
    return dict(cell.get("metadata", {}).get("course", {}))


def _text(cell: Cell) -> str:
    return "".join(cell["source"])


def _hash(cell: Cell) -> str:
    return hashlib.sha256(f"{cell['cell_type']}\n{_text(cell)}".encode()).hexdigest()[:16]
