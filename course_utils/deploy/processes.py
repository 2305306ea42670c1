"""Processes that end with the one that started them, however that one ends.

Each runs below a guard, which is this module as a program. The guard's standard input is a pipe of
the starter: it closes when the starter closes it, ends or is killed, and then the guard ends the
process and all that this has started.
"""

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType

import psutil

from course_utils import paths
from course_utils.errors import CourseError

_GRACE = 8.0  # seconds to end by itself


class Child:
    """A process that ends when this one does; also a context manager that stops it.

    Args:
        command: the arguments for this environment's Python, `["-m", "mlflow", …]`.
        environment: variables besides those of this process.
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
        found = [str(paths.ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        package = {"PYTHONPATH": os.pathsep.join(found)}  # wherever the user stands
        self._guard = subprocess.Popen(
            [sys.executable, "-m", __name__, *command],
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=self._log,
            env=os.environ | package | dict(environment or {}),
            start_new_session=True,  # interrupting a cell is no reason to end
        )

    @property
    def pid(self) -> int:
        """The guard's process id."""
        return self._guard.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._guard.poll() is None

    def output(self) -> list[str]:
        """The lines that it has printed so far, without empty ones."""
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").splitlines()
        return [line.rstrip() for line in lines if line.strip()]

    def wait(self, patience: float) -> int:
        """Its exit code, as soon as it has ended by itself.

        Raises:
            CourseError: it still runs after `patience` seconds; it is killed.
        """
        try:
            return self._guard.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            raise CourseError(
                f"A process was not done within {patience:.0f} s and was killed; its last line: "
                f"{(self.output() or ['none'])[-1][:150]}. Close other programs and try again."
            ) from None

    def kill(self) -> None:
        """SIGKILL to it and to all that it has started: none of them can tidy up."""
        for process in reversed(_family(self.pid)):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._guard.wait()

    def stop(self) -> None:
        """Let it end by itself, and kill what does not; returns when nothing is left of it."""
        if self._guard.stdin and not self._guard.stdin.closed:
            self._guard.stdin.close()
        try:
            self._guard.wait(3 * _GRACE)
        except subprocess.TimeoutExpired:
            self.kill()

    def __enter__(self) -> "Child":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def free_port(port: int = 0) -> int:
    """`port`, or any free one for 0.

    Raises:
        CourseError: something else listens on `port`, or it is no port.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise CourseError(
                f"Port {port} cannot be had: {error}. Take another one, or 0 for any free port."
            ) from None
        return probe.getsockname()[1]


def _family(pid: int) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]
    return []


def _end(family: list[psutil.Process]) -> None:
    """Ask each to end, and kill those that have not after some time."""
    for ask_to_end in (psutil.Process.terminate, psutil.Process.kill):
        for process in family:
            with suppress(psutil.NoSuchProcess):
                ask_to_end(process)
        _, family = psutil.wait_procs(family, timeout=_GRACE)


def _guard(command: Sequence[str]) -> int:
    """Run a command until it ends, or until the standard input does."""
    process = subprocess.Popen([sys.executable, *command], stdin=subprocess.DEVNULL)

    def watch() -> None:
        sys.stdin.buffer.read()  # returns when the other end of the pipe is closed
        _end(_family(process.pid))
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
    code = process.wait()
    time.sleep(0.1)  # `watch` may be ending it, and then has more to end
    return code


if __name__ == "__main__":
    sys.exit(_guard(sys.argv[1:]))
