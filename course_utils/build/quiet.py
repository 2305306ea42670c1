"""A machine that is fit to measure on: a learner's JVM that is warm, and nothing else at work."""

import contextlib
import time
from collections.abc import Iterator

import psutil

from course_utils.errors import CourseError
from course_utils.session import lease, pool

_PATIENCE = 600.0  # seconds for the JVM to be warm
_LOOK = 3.0  # seconds of watching …
_BUSY = 10.0  # … in which others may use so many percent of all processors


@contextlib.contextmanager
def machine() -> Iterator[None]:
    """One warm JVM with all of Java's compilers for the one notebook that runs in this block.

    It is what `./course start` gives to a learner. No other JVM is started meanwhile.

    Raises:
        CourseError: the machine is busy with something else, or no JVM gets warm.
    """
    with pool.running(spare=False) as address:
        _wait_until_warm(address)
        refuse_busy()
        yield


def _wait_until_warm(address: str) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        status = lease.status(address)
        if status is not None and status["idle"]:
            return
        time.sleep(0.5)
    raise CourseError(
        f"No JVM was warm after {_PATIENCE / 60:.0f} minutes, so nothing was measured. "
        "./course doctor says what is missing."
    )


def refuse_busy() -> None:
    """Refuse to measure beside other programs.

    Raises:
        CourseError: they use more than a tenth of the processors.
    """
    used = psutil.cpu_percent(_LOOK)
    if used > _BUSY:
        raise CourseError(
            f"Other programs use {used:.0f} % of this machine's processors, and times would show "
            "it. Close them, then run the same command again."
        )
