"""What a sandbox shows of this machine: the arguments of bubblewrap, and the environment.

Programs, the environment, the data, the engine and one lesson's questions, all read-only; a scratch
of limited size in memory. Not solutions, known answers, other lessons, other submissions, the
repository's history or a home.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from course_utils import paths
from course_utils.classroom.limits import Limits
from course_utils.config import Lesson
from course_utils.lab.notebook import NO_RECORD
from course_utils.session.java import find_java

SOCKETS = "/k"  # short: a socket's path has 107 characters at most
_FIRST_USER = 62000  # one user id for each sandbox that runs at the same time
_OWN_SETTINGS = (  # of /etc: what programs need, and nothing about accounts
    *("alternatives", "fonts", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime"),
    *("ssl", "pki", "crypto-policies"),
)


def user(place: int) -> int:
    """The user id of the sandbox at a place."""
    return _FIRST_USER + place


def isolation(place: int) -> list[str]:
    """Namespaces of its own. Root leaves its id inside (`inside.main`), others leave it here."""
    spaces = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    if os.geteuid() != 0:
        number = str(user(place))
        spaces += ["--unshare-user", "--disable-userns", "--uid", number, "--gid", number]
    return ["bwrap", *spaces, "--hostname", "sandbox", "--die-with-parent", "--new-session"]


def system(folder: Path, place: int) -> list[str]:
    """Programs, and just enough of /etc, /dev and /proc."""
    number = user(place)
    texts = {
        "passwd": f"learner:x:{number}:{number}::{_home()}:/bin/sh\n",
        "group": f"learner:x:{number}:\n",
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
        view += shown(at, at) if at.exists() else []
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o644)
        view += shown(folder / name, Path("/etc") / name)
    view += ["--proc", "/proc", "--dev", "/dev"]
    view += [*_scratch("/dev/shm", 64 << 20), "--remount-ro", "/dev"]
    return view


def course(lesson: Lesson, limits: Limits) -> list[str]:
    """The environment, the engine, the data and one lesson's questions; and the scratch."""
    root, state = paths.ROOT, paths.state()
    view = [*_scratch(str(state), limits.disk), *_scratch(SOCKETS, 1 << 20)]
    for folder in (state / "tmp", _home(), paths.data()):
        view += [*_folders(folder), *_open_folder(folder)]
    view += ["--symlink", str(state / "tmp"), "/tmp"]
    things = [
        *(Path(sys.base_prefix), Path(sys.prefix), find_java().home),
        *(state / "jars", state / "jvm"),
        *(root / name for name in ("course_utils", "course.toml", "datasets")),
        root / "labs" / f"{lesson.name}.ipynb",
        *(lesson.folder / name for name in ("questions.py", "helpers.py")),
    ]
    for path in things:
        if path.exists() and not path.is_relative_to("/usr"):
            view += shown(path, path)
    # The generated data, even where a file of the instructor's is in use; what is not made yet
    # can be made in the scratch
    for folder in sorted(paths.data().iterdir()):
        if folder.is_dir():
            view += _open_folder(folder)
            for each in sorted(folder.iterdir()):
                if not each.name.startswith("."):
                    view += shown(each, each)
    return view


def _scratch(path: str, size: int) -> list[str]:
    return [*_folders(Path(path)), "--perms", "0777", "--size", str(size), "--tmpfs", path]


def shown(path: Path, at: Path) -> list[str]:
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


def environment(variables: Mapping[str, str]) -> dict[str, str]:
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
