"""What can go wrong between a user and the registry, each told in one line."""

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
        reason = (str(error).splitlines() or ["no reason given"])[0][:300]
        raise RegistryError(
            f"MLflow did not do it: {reason} If it is a server, see that it runs; then call again."
        ) from error


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
