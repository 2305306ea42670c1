"""Servers of the course's own, which end with it: by Ctrl-C, a closed terminal, even kill -9."""

import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn, TypeVar

import psutil

from course_utils import paths, tethered
from course_utils.errors import CourseError

Process = subprocess.Popen[bytes]
Answer = TypeVar("Answer")

PATIENCE = 180.0  # seconds for a server to answer, on a slow machine
GRACE = 8.0  # seconds for it to end its kernels


@contextmanager
def family() -> Iterator[list[Process]]:
    """A list for the processes started inside; on the way out they and their children are ended.

    Ctrl-C, a request to end and a closed terminal all lead there.
    """
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in signals:
        signal.signal(number, _stop)
    processes: list[Process] = []
    try:
        yield processes
    except KeyboardInterrupt:
        print("\nStopping …", flush=True)
    finally:
        for number in signals:
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave orphans
        _end(processes)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def start(
    module: list[str],
    name: str,
    environment: dict[str, str],
    folder: Path = paths.ROOT,
) -> Process:
    """Start `python -m MODULE …`, which ends with this process, even by kill -9."""
    log = _log(name)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        return subprocess.Popen(
            tethered.command(module),
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C comes to this process alone, which ends the rest
        )


def _log(name: str) -> Path:
    return paths.state() / "logs" / f"{name}.log"


def answers(url: str) -> bool:
    """Whether a server of this machine answers there."""
    # A proxy for the world outside has nothing to say about this machine.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with suppress(OSError):
        direct.open(url, timeout=5).close()
        return True
    return False


def wait(process: Process, name: str, ready: Callable[[], Answer | None]) -> Answer:
    """What `ready` says as soon as it says something.

    Raises:
        CourseError: the process ended, or has not answered within `PATIENCE`.
    """
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if answer := ready():
            return answer
        time.sleep(0.05)
    log = _log(name.lower().removesuffix("lab"))
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    raise CourseError(
        f"{name} did not start: {(lines or ['no message'])[-1][:200]}. Details are in {log}; "
        "./course doctor looks for the cause, ./course start --rebuild makes .venv anew."
    )


def free_port(first: int) -> int:
    """The first free port from `first` on.

    Raises:
        CourseError: there is none among the next fifty.
    """
    for port in range(first, min(first + 50, 65536)):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise CourseError(f"No port from {first} on is free: give another one with --port.")


def _end(processes: list[Process]) -> None:
    """End these and whatever they started: kernels, and the JVMs of kernels and pool."""
    family: list[psutil.Process] = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(process.pid)
            # Looked up now: an orphan no longer says whose it was.
            family += [parent, *parent.children(recursive=True)]
    for process in processes:
        process.terminate()
    # JupyterLab ends its kernels itself, so that they can tidy up; the rest is for what hangs.
    _, left = psutil.wait_procs(family, timeout=GRACE)
    for stray in left:
        with suppress(psutil.NoSuchProcess):
            stray.kill()
    psutil.wait_procs(left, timeout=GRACE)
