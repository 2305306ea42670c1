"""Step 6 beside a learner at work: the class-data archive, which takes most of a first start.

`./course start` does not wait for it. A process of the lowest priority builds it once the pool has
a warm JVM for the first notebook. It ends with the process that started it; what it had done by
then is lost, and the next start begins it again, again with nobody waiting.
"""

import os
import signal
import sys
import time
from types import FrameType
from typing import NoReturn

from course_utils import children
from course_utils.errors import CourseError
from course_utils.session import archive, lease, pool

_LOOK = 2.0  # seconds between two looks at the pool and at the memory
_POOL_PATIENCE = 300.0  # seconds; a pool without memory for a JVM never warms one


def start(pool_address: str) -> children.Process:
    """Start to build the archive as a child process; it ends with this process if not before."""
    return children.start([__name__, pool_address], "later", dict(os.environ))


def main(pool_address: str) -> int:
    """Wait until nobody is kept waiting, then build; 0 if there is an archive now."""
    os.nice(19)
    signal.signal(signal.SIGTERM, _stop)
    _wait_for_the_pool(pool_address)
    while not pool.memory_suffices():
        time.sleep(_LOOK)
    try:
        archive.build_archive()
    except CourseError as error:
        print(error)
        return 1
    return 0


def _wait_for_the_pool(address: str) -> None:
    end = time.monotonic() + _POOL_PATIENCE
    while time.monotonic() < end:
        now = lease.status(address)
        if now is None or now["idle"] or now["leased"]:
            return
        time.sleep(_LOOK)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(1)  # on its way out the JVM is killed and half an archive removed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
