"""A place where a submission's code can do no harm: a kernel inside bubblewrap.

It has no network but its own loopback, which Spark needs; another user id; its own process
numbers; a watch on its memory; and of this machine it sees what `view` shows.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import psutil

from course_utils import paths
from course_utils.classroom import view
from course_utils.classroom.limits import Limits
from course_utils.config import Lesson
from course_utils.errors import CourseError

_KEYS = "/run/grader"  # where the kernel finds how it is to be reached
_SPARE = 300 << 20  # bytes of memory that the machine itself keeps


def check() -> None:
    """See whether a sandbox can be had here.

    Raises:
        CourseError: it cannot; nothing is ever run without one.
    """
    if shutil.which("bwrap") is None:
        raise CourseError(
            "There is no sandbox here, and submissions are never run without one: install "
            "bubblewrap (apt install bubblewrap, dnf install bubblewrap), then try again. "
            "It needs Linux; elsewhere use a Linux machine or container."
        )
    with tempfile.TemporaryDirectory(prefix="course-grade-") as folder:
        command = [*view.isolation(0), *view.system(Path(folder), 0), "--", "/usr/bin/env", "true"]
        tried = subprocess.run(command, capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        said = (tried.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise CourseError(
            f"bubblewrap is here but cannot make a sandbox ({said}), and submissions are never run "
            "without one. It needs version 0.8 or newer and user namespaces: a container needs "
            "leave for them, Ubuntu an AppArmor profile for bwrap."
        )


class Sandbox:
    """One kernel in its sandbox, from its start to `close`.

    Args:
        lesson: whose questions it sees.
        limits: what its processes may use.
        place: 0, 1, …: which of the sandboxes that run at the same time.
        variables: for its environment.
    """

    def __init__(
        self,
        lesson: Lesson,
        limits: Limits,
        place: int = 0,
        variables: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._limits = limits
        self.stopped_for: str | None = None  # why it was killed from outside
        self.key = os.urandom(16).hex()
        self._folder = Path(tempfile.mkdtemp(prefix="course-grade-"))
        self._said = bytearray()  # the last words on its stderr
        self._over = threading.Event()
        ours = {**connection(self.key, view.SOCKETS), "kernel_name": ""}
        keys = self._folder / "connection.json"
        keys.write_text(json.dumps(ours), encoding="utf-8")
        keys.chmod(0o644)  # for the sandbox's user, who finds it in a folder of its own
        orders = {"uid": view.user(place), "processes": limits.processes, "file": limits.disk}
        inside = [sys.executable, "-m", "course_utils.classroom.inside", json.dumps(orders)]
        read, write = os.pipe()
        command = [
            *view.isolation(place),
            *("--info-fd", str(write)),
            *view.system(self._folder, place),
            *view.course(lesson, limits),
            *view.shown(keys, Path(_KEYS) / "connection.json"),
            *("--remount-ro", "/", "--chdir", str(paths.ROOT), "--", *inside),
        ]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=[write],
            env=view.environment(variables),
            start_new_session=True,  # Ctrl-C is for the grader, which then ends it
        )
        os.close(write)
        with os.fdopen(read, "rb") as told:
            answer = told.read()
        self._first = int(json.loads(answer)["child-pid"]) if answer else 0
        for work in (self._watch, self._listen):
            threading.Thread(target=work, daemon=True).start()

    @property
    def sockets(self) -> str:
        """The folder of its sockets as it is seen from outside."""
        return f"/proc/{self._first}/root{view.SOCKETS}"

    @property
    def alive(self) -> bool:
        """Whether its kernel still runs."""
        return self.process.poll() is None

    @property
    def said(self) -> str:
        """The last line that it wrote to stderr, for who looks for a fault of the sandbox."""
        lines = self._said.decode(errors="replace").strip().splitlines()
        return lines[-1][:300] if lines else "it said nothing"

    def kill(self, reason: str | None = None) -> None:
        """End all its processes at once."""
        self.stopped_for = self.stopped_for or reason
        if self.alive:
            self.process.kill()  # bwrap takes everything inside along

    def close(self) -> None:
        """End it and remove what it leaves; a second call does nothing."""
        self._over.set()
        self.kill()
        self.process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _watch(self) -> None:
        """Kills it when its processes hold too much memory."""
        while not self._over.wait(0.5) and self.alive:
            if _held(self.process.pid) > self._limits.memory:
                self.kill(f"it used more than {self._limits.memory / 2**30:.1f} GB of memory")
            elif psutil.virtual_memory().available < _SPARE:
                self.kill("this machine had no memory left")

    def _listen(self) -> None:
        assert self.process.stderr is not None
        while piece := self.process.stderr.read1(65536):  # type: ignore[attr-defined]
            self._said = (self._said + piece)[-4000:]


def connection(key: str, folder: str) -> dict[str, str | int]:
    """How a kernel with this key is reached through the sockets in `folder`."""
    ports = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
    return {
        "transport": "ipc",
        "ip": f"{folder}/s",
        **{port: number for number, port in enumerate(ports, 1)},
        "key": key,
        "signature_scheme": "hmac-sha256",
    }


def _held(pid: int) -> int:
    """Bytes of memory that a process and its descendants hold; what they share counts once."""
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.Error:
        return 0
    return sum(map(_share, family))


def _share(process: psutil.Process) -> int:
    try:
        with Path(f"/proc/{process.pid}/smaps_rollup").open(encoding="ascii") as lines:
            return next(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))
    except (OSError, StopIteration, ValueError):
        pass  # it hides its map: then all that is resident is its own
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
