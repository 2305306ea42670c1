"""`./course doctor`: a line per requirement with what was found, what is needed and the mend.

It uses the standard library only as far as it can, because it is run where the environment is
missing or broken; what needs the environment then says so.
"""

import os
import platform
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.setup import place

START = "./course start"
REBUILD = "./course start --rebuild"
GB = 1 << 30
MEMORY_NEEDED = 4  # GB: JupyterLab, one notebook with its JVM, and a warm JVM waiting
DISK_FIRST, DISK_LATER = 6, 1  # GB, before the set-up and after it
PORTS = range(8888, 8939)  # those that ./course start tries


@dataclass(frozen=True)
class Row:
    """One requirement."""

    name: str
    found: str
    needed: str
    fix: str = ""  # what to do about it; empty when nothing is wrong
    optional: bool = False  # the course works without, only slower


def main() -> int:
    """Print every requirement; 1 if something that is needed is missing, else 0."""
    rows = list(examine())
    names = max(len(row.name) for row in rows)
    found = max(len(row.found) for row in rows)
    for row in rows:
        mark = "ok  " if not row.fix else "note" if row.optional else "FIX "
        fix = f" → {row.fix}" if row.fix else ""
        print(f"{mark} {row.name:{names}}  {row.found:{found}}  needed: {row.needed}{fix}")
    missing = [row.name for row in rows if row.fix and not row.optional]
    if missing:
        print(f"\nTo mend, from the top: {', '.join(missing)}.")
        return 1
    print("\nAll that is needed is there.")
    return 0


def examine() -> Iterator[Row]:
    """Look at each requirement, in the order in which they depend on each other."""
    for look in (
        _system,
        _folder,
        _python,
        _memory,
        _disk,
        _ports,
        _uv,
        _environment,
        _versions,
        _java,
        _jars,
        _data,
        _archive,
        _round_trip,
    ):
        try:
            yield look()
        except CourseError as error:
            yield Row(_name(look), "not usable", "see the fix", str(error))
        except (OSError, ImportError, ValueError) as error:
            yield Row(_name(look), f"{type(error).__name__}: {error}"[:80], "readable", REBUILD)


def _name(look: Callable[[], Row]) -> str:
    return look.__name__.strip("_").replace("_", " ")


def _system() -> Row:
    found = f"{platform.system()} {platform.machine()}"
    suits = platform.system() in ("Linux", "Darwin")
    fix = "" if suits else "install WSL 2 (wsl --install in PowerShell), run the course in it"
    return Row("system", found, "Linux or macOS", fix)


def _folder() -> Row:
    place.prepare()
    return Row("folder", str(paths.ROOT), "a usable name, writable")


def _python() -> Row:
    suits = (3, 11) <= sys.version_info[:2] <= (3, 14)
    fix = "" if suits else "install Python 3.12 beside it and run: python3.12 course start"
    return Row("Python", platform.python_version(), "3.11 to 3.14", fix)


def _memory() -> Row:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = Path("/sys/fs/cgroup/memory.max")  # a container's own limit
    if limit.is_file() and limit.read_text().strip().isdigit():
        total = min(total, int(limit.read_text()))
    # A machine sold with 4 GB reports a little less.
    fix = "" if total > 0.9 * MEMORY_NEEDED * GB else "close other programs, or use another machine"
    return Row("memory", f"{total / GB:.1f} GB", f"{MEMORY_NEEDED} GB", fix)


def _disk() -> Row:
    folder = paths.state() if paths.state().exists() else paths.ROOT
    free = shutil.disk_usage(folder).free
    needed = DISK_LATER if _in_environment() else DISK_FIRST
    fix = "" if free > needed * GB else f"free {needed - free / GB:.1f} GB more on {folder}"
    return Row("disk", f"{free / GB:.1f} GB free", f"{needed} GB", fix)


def _ports() -> Row:
    free = next((port for port in PORTS if _is_free(port)), None)
    needed = f"one of {PORTS[0]} to {PORTS[-1]} on 127.0.0.1"
    if free is None:
        return Row("ports", "all taken", needed, f"{START} --port 9999 (or another free one)")
    taken = "" if free == PORTS[0] else f" ({PORTS[0]} is taken; the next one is used)"
    return Row("ports", f"{free} is free{taken}", needed)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _uv() -> Row:
    private = sorted((paths.state() / "uv").glob("*/bin/uv"))
    uv = str(private[-1]) if private else shutil.which("uv")
    needed = "to make the environment"
    if uv:
        said = subprocess.run([uv, "--version"], capture_output=True, text=True, check=False)
        return Row("uv", " ".join(said.stdout.split()[1:2]) or "does not run", needed)
    return Row("uv", "none", needed, "" if _in_environment() else f"{START} fetches it")


def _in_environment() -> bool:
    """Whether this runs in a Python that is meant for the course: .venv, or conda's."""
    return Path(sys.prefix).resolve() == paths.ROOT / ".venv" or "CONDA_PREFIX" in os.environ


def _environment() -> Row:
    needed = "the packages of uv.lock"
    folder = paths.ROOT / ".venv"
    if not _in_environment():
        if not folder.exists():
            return Row("environment", "none", needed, f"{START} makes it")
        return Row("environment", "its Python is gone", needed, REBUILD)
    stamp = folder / ".course-stamp"
    if stamp.is_file() and stamp.read_text() == "syncing":
        return Row("environment", "half made", needed, f"{START} makes it anew")
    return Row("environment", sys.prefix, needed)


def _versions() -> Row:
    if not _in_environment():
        return Row("versions", "no environment", "those of uv.lock", f"{START} installs them")
    from importlib import metadata

    from packaging.requirements import Requirement

    from course_utils.setup.environment import pins

    pinned = (Requirement(pin) for pin in pins())
    wanted = {
        pin.name: str(pin.specifier).removeprefix("==")
        for pin in pinned
        if pin.marker is None or pin.marker.evaluate()
    }
    there: dict[str, str] = {}
    for item in metadata.distributions():
        name = (item.metadata["Name"] or "").lower().replace("_", "-").replace(".", "-")
        there.setdefault(name, item.version)  # the first on the path is the one that is imported
    wrong = [
        f"{name} {there.get(name, 'missing')} instead of {version}"
        for name, version in wanted.items()
        if there.get(name) != version
    ]
    if wrong:
        more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        return Row("versions", wrong[0] + more, "those of uv.lock", REBUILD)
    return Row("versions", f"{len(wanted)} packages as locked", "those of uv.lock")


def _java() -> Row:
    from course_utils.session import java

    try:
        found = java.find_java()
    except CourseError as error:
        if not _in_environment():
            return Row("Java", "none yet", java.NEEDED, f"{START} brings one along")
        return Row("Java", "none", java.NEEDED, str(error))
    return Row("Java", f"{found.version} ({found.source})", java.NEEDED)


def _jars() -> Row:
    from course_utils.session import jars

    pinned = jars.pinned()
    good = sum(jars.file_hash(jars.folder() / name) == hash_ for name, hash_ in pinned.items())
    fix = "" if good == len(pinned) else f"{START} fetches them"
    return Row("Delta's JARs", f"{good} of {len(pinned)}", f"{len(pinned)}, by hash", fix)


def _data() -> Row:
    from course_utils import data

    ready = data.is_ready()
    fix = "" if ready else f"{START} generates it"
    return Row("data", "as in the manifest" if ready else "missing", "every file, by hash", fix)


def _archive() -> Row:
    from course_utils.session import archive

    there = archive.archive_ok()
    fix = "" if there else f"{START} builds it; without, Spark starts slower"
    found = "there" if there else "none"
    return Row("class-data archive", found, "for a quick start", fix, optional=True)


def _round_trip() -> Row:
    from course_utils.setup import steps

    done = steps.round_trip_done()
    fix = "" if done else f"{START} tries it"
    return Row("Spark and Delta", "worked" if done else "not tried", "one table and back", fix)
