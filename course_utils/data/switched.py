"""Telling an open notebook that the data in use is no longer what it started with.

Its frames still are of the data from before, while checks compare with what is in use now: without
a word, right answers would look wrong.
"""

import sys
from pathlib import Path

_first: dict[Path, str | None] = {}  # what each record said when this process asked first
_what: dict[Path, str] = {}  # "listings" or "ratings"
_told: set[tuple[Path, str | None, int]] = set()


def notice(record: Path, text: str | None, what: str) -> None:
    """Print a line, once per cell, if a record says something else than at first.

    Args:
        record: the file that says what is in use.
        text: what it holds now; None when it is not there.
        what: "listings" or "ratings".
    """
    _what[record] = what
    if _first.setdefault(record, text) == text or (record, text, _cell()) in _told:
        return
    _told.add((record, text, _cell()))
    print(
        f"The {what} in use have been switched since this notebook started, so answers that were "
        "right may look wrong. Restart the kernel and run the notebook from the top."
    )


def since_start() -> str | None:
    """What has been switched since this process asked first: "listings", "ratings" or None."""
    return next((_what[record] for record, text in _first.items() if read(record) != text), None)


def read(record: Path) -> str | None:
    """What a record holds; None when it is not there.

    Raises:
        UnicodeDecodeError, OSError: it can't be read.
    """
    try:
        return record.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def forget(record: Path) -> None:
    """Take what is in use from now on for the start: this process has switched it itself."""
    _first.pop(record, None)


def _cell() -> int:
    """The number of the notebook's cell that runs; 0 where there is no notebook."""
    if "IPython" not in sys.modules:
        return 0
    from IPython import get_ipython

    shell = get_ipython()
    return 0 if shell is None else int(shell.execution_count)
