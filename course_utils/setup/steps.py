"""The set-up steps that run inside the environment: Java, JARs, data, archive, round trip.

Each step looks at the thing itself, not at a note that it was made once: a file that was deleted
or altered is made again. Looking takes a fraction of a second for all of them together.
"""

import errno
import fcntl
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.session.files import write_text

TOTAL = 7  # the launcher did the first two


@dataclass(frozen=True)
class Step:
    """One step: its title, whether it is already true, and what makes it true."""

    number: int
    title: str
    is_true: Callable[[], bool]
    make: Callable[[], None]


def _java_there() -> bool:
    from course_utils.session import java

    try:
        java.find_java()
    except CourseError:
        return False
    return True


def _find_java() -> None:
    from course_utils.session import java

    java.find_java()  # the environment brings one along: where this fails, its line says why


def _jars_there() -> bool:
    from course_utils.session import jars

    return jars.jars_ok()


def _fetch_jars() -> None:
    from course_utils.session import fetch

    fetch.fetch_jars()


def _data_there() -> bool:
    from course_utils import data

    return data.is_ready()


def _make_data() -> None:
    from course_utils import data

    data.ensure()


def _archive_there() -> bool:
    from course_utils.session import archive

    return archive.archive_ok()


def _build_archive() -> None:
    from course_utils.session import archive

    archive.build_archive()


def _round_trip_key() -> str:
    """What a round trip proved: these packages, this Java, these JARs, on this machine."""
    from course_utils.session import jars, java

    found = java.find_java()
    digest = hashlib.sha256((paths.ROOT / "uv.lock").read_bytes())
    for part in (found.home, found.version, sys.executable, *sorted(jars.pinned().values())):
        digest.update(f"{part}\n".encode())
    return digest.hexdigest()


def _proof() -> Path:
    return paths.state() / "setup.json"


def round_trip_done() -> bool:
    """Whether Spark and Delta have worked here with these very packages, Java and JARs."""
    try:
        return bool(json.loads(_proof().read_text())["round_trip"] == _round_trip_key())
    except (OSError, ValueError, KeyError, CourseError):
        return False


def _round_trip() -> None:
    log = paths.state() / "logs" / "round_trip.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        code = subprocess.call(
            [sys.executable, "-m", "course_utils.setup.round_trip"],
            cwd=paths.ROOT,
            env={key: value for key, value in os.environ.items() if key != "COURSE_POOL"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    if code:
        last = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
        raise CourseError(
            "Spark could not write a Delta table and read it back: "
            f"{(last or ['no message'])[-1][:200]} Run ./course doctor; details are in {log}."
        )
    write_text(_proof(), json.dumps({"round_trip": _round_trip_key()}) + "\n")


ARCHIVE = 6  # the only step that the course works without
_ARCHIVE = "A class-data archive, which halves Spark's start"

STEPS = (
    Step(3, "A Java for Spark", _java_there, _find_java),
    Step(4, "Delta's JARs, verified by hash", _jars_there, _fetch_jars),
    Step(5, "The data, generated and verified by hash", _data_there, _make_data),
    Step(
        ARCHIVE, "A class-data archive, which halves Spark's start", _archive_there, _build_archive
    ),
    Step(7, "A Delta table written and read by Spark", round_trip_done, _round_trip),
)


def ensure(archive: bool = True) -> None:
    """Do what is not yet true, a progress line for each step; no line when nothing is to do.

    Args:
        archive: whether to wait for the class-data archive, a minute or several of Spark's work.

    Raises:
        CourseError: a step failed; the line says why and how to mend it.
    """
    wanted = [step for step in STEPS if archive or step.number != ARCHIVE]
    if all(step.is_true() for step in wanted):
        return
    with _alone():
        for step in STEPS:
            if step in wanted or step.is_true():
                _do(step)
            else:
                print(f"[{step.number}/{TOTAL}] {step.title} … later, while you work", flush=True)


def _do(step: Step) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    head = f"[{step.number}/{TOTAL}] {step.title} … "
    if step.is_true():
        console.print(f"{head}already there", markup=False)
        return
    start = time.monotonic()
    try:
        if console.is_terminal:
            from rich.markup import escape

            with console.status(escape(head)):
                step.make()
        else:
            console.print(head, end="", markup=False)
            head = ""
            step.make()
    except OSError as error:
        console.print(f"{head}failed", markup=False)
        raise _said(error) from None
    except BaseException:
        console.print(f"{head}failed", markup=False)
        raise
    console.print(f"{head}done, {time.monotonic() - start:.0f} s", markup=False)


def _said(error: OSError) -> Exception:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CourseError(
            f"The disk is full: nothing more can be written to {paths.state()}. "
            "Free some space, then run the same command again; it goes on where it stopped."
        )
    return error


@contextmanager
def _alone() -> Iterator[None]:
    """Let one process at a time set things up; the kernel frees the lock whatever happens."""
    paths.state().mkdir(parents=True, exist_ok=True)
    with (paths.state() / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print("Another ./course is setting up; waiting for it to finish.", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
