"""Delta's JARs on disk: which they are, where they are, and whether they are what was published."""

import hashlib
import json
from functools import cache
from pathlib import Path

from course_utils import paths
from course_utils.errors import CourseError

_PINNED = Path(__file__).with_name("jars.json")


@cache
def pinned() -> dict[str, str]:
    """File name → sha256 of the JARs, in class-path order."""
    return json.loads(_PINNED.read_text(encoding="utf-8"))


def folder() -> Path:
    """Where the JARs are kept."""
    return paths.state() / "jars"


def jars_ok() -> bool:
    """Whether every JAR is there and is, by its hash, what was published."""
    return all(file_hash(folder() / name) == wanted for name, wanted in pinned().items())


def jar_files() -> list[Path]:
    """The JARs' paths, each one verified (13 MB, some hundredths of a second).

    Raises:
        CourseError: one is missing or altered.
    """
    for name, wanted in pinned().items():
        found = file_hash(folder() / name)
        if found != wanted:
            fault = "is missing from" if found is None else "is not the published file in"
            raise CourseError(
                f"Delta's {name} {fault} {folder()}. Run ./course start, which fetches it."
            )
    return [folder() / name for name in pinned()]


def file_hash(file: Path) -> str | None:
    """The file's sha256 in hex, None when it cannot be read."""
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError:
        return None
