"""Fetch Delta's JARs once, at set-up, with the resolver that Spark ships."""

import shutil
import tempfile
from pathlib import Path

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.session import jars, jvm
from course_utils.session.java import find_java
from course_utils.session.settings import DELTA_VERSION

_COORDINATES = f"io.delta:delta-spark_4.2_2.13:{DELTA_VERSION}"
# Spark ships every other library that Delta asks for, in newer versions.
_SHIPPED_WITH_SPARK = "org.*:*,com.*:*,javax.*:*,io.airlift:*,io.unitycatalog:*,commons-*:*"
_SYSTEM_TRUST_STORE = Path("/etc/ssl/certs/java/cacerts")
_PATIENCE = 600.0  # seconds for 13 MB over a slow line


def fetch_jars() -> None:
    """Fetch and verify the JARs; does nothing when they are there.

    Raises:
        CourseError: no network, or a file that is not what was published.
    """
    if jars.jars_ok():
        return
    log = paths.state() / "logs" / "fetch-jars.log"
    ivy = paths.state() / "ivy"
    _resolve(ivy, log)
    jars.folder().mkdir(parents=True, exist_ok=True)
    for name, wanted in jars.pinned().items():
        found = ivy / "jars" / f"io.delta_{name}"
        if jars.file_hash(found) != wanted:
            # A damaged download would be found again in the cache: next time starts from nothing.
            shutil.rmtree(ivy, ignore_errors=True)
            raise CourseError(
                f"Delta's {name} as fetched is not the published file: its sha256 differs. "
                "Run ./course start again; if it stays so, something between this machine and "
                f"the registry changes files. Details: {log}"
            )
        _copy(found, jars.folder() / name)


def _resolve(ivy: Path, log: Path) -> None:
    ivy.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="course-ivy-") as plain:
        # The resolver takes its folder's name for a pattern, in which "(1)" is no part of a name
        link = Path(plain) / "ivy"
        link.symlink_to(ivy, target_is_directory=True)
        _resolve_in(link, log)


def _resolve_in(ivy: Path, log: Path) -> None:
    trust = f"-Djavax.net.ssl.trustStore={_SYSTEM_TRUST_STORE}"
    conf = {
        "spark.jars.ivy": str(ivy),
        "spark.jars.packages": _COORDINATES,
        "spark.jars.excludes": _SHIPPED_WITH_SPARK,
    }
    try:
        machine = jvm.start(
            conf,
            class_path=jvm.spark_jars(),
            java=find_java(),
            log=log,
            java_options=[trust] if _SYSTEM_TRUST_STORE.is_file() else [],
        )
        machine.meet(patience=_PATIENCE)
        machine.kill()
    except jvm.JvmError as error:
        raise CourseError(
            "Delta's JARs could not be fetched, most likely for want of a network connection. "
            f"Connect and run ./course start again. Details ({error}): {log}"
        ) from None


def _copy(source: Path, target: Path) -> None:
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as copy:
        copy.write(source.read_bytes())
    Path(copy.name).chmod(0o644)
    Path(copy.name).replace(target)
