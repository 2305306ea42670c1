"""Saying in one line why a learner's own file will not do."""

from pathlib import Path
from typing import NoReturn

from course_utils.errors import CourseError

AGAIN = "Download it again."
UNCHANGED = (
    "Give the file as it was downloaded: a spreadsheet or an editor may have changed its values."
)
OTHER = "Use the file of another date or of another city."
WHICH = (
    "Use a detailed listings.csv(.gz) of Inside Airbnb, the cleaned Parquet table described in "
    "datasets/listings.md, or ratings.csv, ratings.dat or u.data of MovieLens, unpacked."
)


def refuse(path: Path, why: str, mend: str) -> NoReturn:
    """Say why a file will not do, and how to mend that.

    Raises:
        CourseError: always.
    """
    raise CourseError(f"{path.name} was not taken: {why}. {mend} Nothing was changed.") from None


def first_line(error: Exception) -> str:
    """What a library says about a file, short enough for one line."""
    return (str(error).splitlines() or [type(error).__name__])[0][:120].rstrip(". ")


def quoted(text: str) -> str:
    """A value out of a file, short enough for one line."""
    return repr(text.strip()[:40])


def too_many(count: int, of: int) -> bool:
    """Whether so many bad ones speak against the whole file: more than 3 and more than 1 %."""
    return count > max(3, 0.01 * of)
