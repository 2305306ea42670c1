"""What can go wrong between a user and the registry, each told in one line."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from mlflow.exceptions import MlflowException

from course_utils.errors import CourseError

MISSING = "RESOURCE_DOES_NOT_EXIST"


class RegistryError(CourseError):
    """A refusal of this package: what, why, and how to go on. Nothing has been changed."""


@contextmanager
def in_one_line() -> Iterator[None]:
    """Tell a failure of MLflow, or of the way to it, as a `RegistryError`."""
    try:
        yield
    except MlflowException as error:
        reason = (str(error).splitlines() or [""])[0]
        if away := re.match(r"API request to (\w+://[^/]+)\S* failed with exception", reason):
            raise RegistryError(
                f"MLflow at {away[1]} does not answer: see that its server runs, then call again."
            ) from error
        raise RegistryError(f"MLflow refuses: {reason[:300]}") from error


def text(value: object, what: str, limit: int = 200) -> str:
    """`value` as a text that says something, without blanks around it.

    Raises:
        RegistryError: it is no text, empty, or longer than `limit` characters.
    """
    if not isinstance(value, str) or not value.strip():
        raise RegistryError(f"{what} has to be a text that is not empty, not {value!r:.60}.")
    if len(value) > limit:
        raise RegistryError(f"{what} has {len(value)} characters; {limit} are the most.")
    return value.strip()
