"""What a copy of a lab says of itself, in its metadata, its cells' ids and its text."""

import re
from typing import Any


def lesson_of(notebook: dict[str, Any]) -> str | None:
    """The number of the lab that a notebook is a copy of; None where nothing says so."""
    given = inner(notebook, "metadata", "course", "lesson")
    if isinstance(given, str) and re.fullmatch(r"\d\d", given):
        return given
    for cell in notebook["cells"]:
        grade_id = str(inner(cell, "metadata", "nbgrader", "grade_id"))
        for text in (grade_id, str(cell.get("id")), str(cell["source"])):
            if found := re.match(r"L(\d\d)-q|(\d\d)-lab-", text):
                return found[1] or found[2]
            if found := re.search(r"""\bopen_lab\(["'](\d\d)["']\)""", text):
                return found[1]
    return None


def inner(value: Any, *keys: str) -> Any:
    """What stands under these keys, one inside the other; None where a notebook has it not."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
