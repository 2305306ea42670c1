"""A place where a submission's code can do no harm: a kernel inside bubblewrap.

It has no network but its own loopback, which Spark needs; another user id; its own process
numbers; a scratch of limited size in memory; and of this machine it sees the programs, the
environment, the data, the engine and one lesson's questions, all read-only. It does not see
solutions, known answers, other lessons, other submissions, the repository's history or a home.
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
from course_utils.classroom.limits import Limits
from course_utils.config import Lesson
from course_utils.data.in_use import record
from course_utils.errors import CourseError
from course_utils.lab.notebook import NO_RECORD
from course_utils.session.java import find_java

SOCKETS = "/k"  # short: a socket's path has 107 characters at most
_KEYS = "/run/grader"  # where the kernel finds how it is to be reached
_FIRST_USER = 62000  # one user id for each sandbox that runs at the same time
_SPARE = 300 << 20  # bytes of memory that the machine itself keeps
_OWN_SETTINGS = (  # of /etc: what programs need, and nothing about accounts
    *("alternatives", "fonts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime"),
    *("ssl", "pki", "crypto-policies"),
)


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
        command = [*_isolation(0), *_system(Path(folder), 0), "--", "/usr/bin/env", "true"]
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
        ours = {**connection(self.key, SOCKETS), "kernel_name": ""}
        keys = self._folder / "connection.json"
        keys.write_text(json.dumps(ours), encoding="utf-8")
        keys.chmod(0o644)  # for the sandbox's user, who finds it in a folder of its own
        orders = {"uid": _user(place), "processes": limits.processes, "file": limits.disk}
        inside = [sys.executable, "-m", "course_utils.classroom.inside", json.dumps(orders)]
        read, write = os.pipe()
        command = [
            *_isolation(place),
            *("--info-fd", str(write)),
            *_system(self._folder, place),
            *_course(lesson, limits),
            *_shown(keys, Path(_KEYS) / "connection.json"),
            *("--remount-ro", "/", "--chdir", str(paths.ROOT), "--", *inside),
        ]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=[write],
            env=_environment(variables),
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
        return f"/proc/{self._first}/root{SOCKETS}"

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


def _user(place: int) -> int:
    return _FIRST_USER + place


def _isolation(place: int) -> list[str]:
    """Namespaces of its own. Root leaves its id inside (`inside.main`), others leave it here."""
    spaces = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    if os.geteuid() != 0:
        user = str(_user(place))
        spaces += ["--unshare-user", "--disable-userns", "--uid", user, "--gid", user]
    return ["bwrap", *spaces, "--hostname", "sandbox", "--die-with-parent", "--new-session"]


def _system(folder: Path, place: int) -> list[str]:
    """Programs, and just enough of /etc, /dev and /proc."""
    user = _user(place)
    texts = {
        "passwd": f"learner:x:{user}:{user}::{_home()}:/bin/sh\n",
        "group": f"learner:x:{user}:\n",
        "hosts": "127.0.0.1 localhost sandbox\n",
        "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    }
    view = ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "lib", "lib32", "lib64", "sbin"):
        at = Path("/") / name
        if at.is_symlink():
            view += ["--symlink", str(at.readlink()), str(at)]
        elif at.is_dir():
            view += ["--ro-bind", str(at), str(at)]
    for at in (*map(Path("/etc").joinpath, _OWN_SETTINGS), *Path("/etc").glob("java*")):
        view += _shown(at, at) if at.exists() else []
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o644)
        view += _shown(folder / name, Path("/etc") / name)
    view += ["--proc", "/proc", "--dev", "/dev"]
    view += [*_scratch("/dev/shm", 64 << 20), "--remount-ro", "/dev"]
    return view


def _course(lesson: Lesson, limits: Limits) -> list[str]:
    """The environment, the engine, the data and one lesson's questions; and the scratch."""
    root, state = paths.ROOT, paths.state()
    view = [*_scratch(str(state), limits.disk), *_scratch(SOCKETS, 1 << 20)]
    for folder in (state / "tmp", _home(), paths.data()):
        view += [*_folders(folder), *_open_folder(folder)]
    view += ["--symlink", str(state / "tmp"), "/tmp"]
    shown = [
        *(Path(sys.base_prefix), Path(sys.prefix), find_java().home),
        *(state / "jars", state / "jvm"),
        *(root / name for name in ("course_utils", "course.toml", "datasets")),
        root / "labs" / f"{lesson.name}.ipynb",
        *(lesson.folder / name for name in ("questions.py", "helpers.py")),
    ]
    for path in shown:
        if path.exists() and not path.is_relative_to("/usr"):
            view += _shown(path, path)
    # The generated data, even where a file of the instructor's is in use; what is not made yet
    # can be made in the scratch
    for folder in sorted(paths.data().iterdir()):
        if folder.is_dir() and folder != record():
            view += _open_folder(folder)
            for each in sorted(folder.iterdir()):
                if not each.name.startswith("."):
                    view += _shown(each, each)
    return view


def _scratch(path: str, size: int) -> list[str]:
    return [*_folders(Path(path)), "--perms", "0777", "--size", str(size), "--tmpfs", path]


def _shown(path: Path, at: Path) -> list[str]:
    """The file or folder `path`, read-only, as `at`."""
    return [*_folders(at), "--ro-bind", str(path), str(at)]


def _folders(path: Path) -> list[str]:
    """The folders above a path, for everybody; bubblewrap's own are for their owner only."""
    above = [each for each in reversed(path.parents) if each != Path("/")]
    return [part for each in above for part in ("--perms", "0755", "--dir", str(each))]


def _open_folder(folder: Path) -> list[str]:
    return ["--perms", "0777", "--dir", str(folder)]


def _home() -> Path:
    return paths.state() / "home"


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Nothing of the instructor's own environment but where Java is and how much it may take."""
    home, state = _home(), paths.state()
    kept = {name: os.environ[name] for name in ("COURSE_DRIVER_MEMORY",) if name in os.environ}
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"]),
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "USER": "learner",
        "TMPDIR": "/tmp",
        "JAVA_HOME": str(find_java().home),
        "IPYTHONDIR": str(home / "ipython"),
        "COURSE_STATE": str(state),
        "COURSE_DATA": str(paths.data()),
        "COURSE_WORKBOOK": str(home / "workbook"),
        "COURSE_SPARK": "local",
        "COURSE_SCALE": "small",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "NBGRADER_EXECUTION": "autograde",
        NO_RECORD: "1",
        **kept,
        **variables,
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
