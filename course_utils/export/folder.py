"""The folder that an export fills: each file whole or absent, and none of yours overwritten.

A record beside the files has the hash of each as it was written. A file that has another one now
was changed since, and stays.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.session.files import write_bytes, write_text

_RECORD = ".exported.json"


def fill(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, or nothing at all.

    Args:
        folder: made where it does not exist.
        files: by their path in the folder, with "/" between its parts.

    Raises:
        CourseError: one of them was changed since it was written, or is not of an export; or the
            folder cannot be written to.
    """
    known = _known(folder)
    for name, content in files.items():
        _refuse_changed(folder / name, known.get(name), _hash(content))
    try:
        try:
            for name, content in files.items():
                write_bytes(folder / name, content)
                known[name] = _hash(content)
        finally:
            write_text(folder / _RECORD, json.dumps(known, indent=1, sort_keys=True) + "\n")
    except OSError as error:
        raise CourseError(
            f"{paths.told(folder)} cannot be written to ({error.strerror}): free some disk space "
            "or its rights, or choose another folder with --to."
        ) from error


def _refuse_changed(path: Path, known: str | None, new: str) -> None:
    try:
        there = _hash(path.read_bytes())
    except FileNotFoundError:
        return
    except OSError as error:
        raise CourseError(
            f"{paths.told(path)} is in the way ({error.strerror}): move it, or export to another "
            "folder with --to."
        ) from error
    if there not in (known, new):
        raise CourseError(
            f"{paths.told(path)} was changed since it was exported, so nothing was written: move "
            "it away, or export to another folder with --to."
        )


def _known(folder: Path) -> dict[str, str]:
    try:
        raw = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        return {str(name): str(value) for name, value in raw.items()}
    except (OSError, ValueError, AttributeError):
        return {}  # no export yet; whatever is there is kept


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
