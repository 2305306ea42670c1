"""What is the turn of today: a date decides it, so that a run can be repeated on any other day."""

import os
from datetime import UTC, date, datetime

from course_utils.errors import CourseError

VARIABLE = "COURSE_ROTATION"


def today() -> date:
    """The date in COURSE_ROTATION, or else today's in UTC.

    Raises:
        CourseError: the variable holds no date.
    """
    wanted = os.environ.get(VARIABLE)
    if not wanted:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(wanted)
    except ValueError:
        raise CourseError(
            f"{VARIABLE}={wanted} is no date: write it as {datetime.now(UTC).date()}, or unset it."
        ) from None


def is_due(place: int, every: int) -> bool:
    """Whether today is the turn of number `place`, when each has its turn once in `every` days."""
    return (place + today().toordinal()) % every == 0


def chosen(count: int, place: int = 0) -> int:
    """Which of `count` things has its turn today, from 0; `place` keeps neighbours apart."""
    return (place + today().toordinal()) % count
