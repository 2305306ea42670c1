"""Start the JVM that a session talks to.

Spark's own script first runs a JVM that only works out the command line of the next one, and
puts the JARs on the class path in no fixed order, which no class-data archive can rely on. Here
the command is made directly; a test compares it with what Spark's script would run.
"""

import os
import struct
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.session import jars, settings
from course_utils.session.files import RunFolder
from course_utils.session.java import Java

# What Spark's launcher passes to every JVM, without jdk.incubator.vector: some JREs lack that
# module, loading it costs time, and its BLAS rounds differently from the plain one.
_OPENED = (
    "java.lang",
    "java.lang.invoke",
    "java.lang.reflect",
    "java.io",
    "java.net",
    "java.nio",
    "java.util",
    "java.util.concurrent",
    "java.util.concurrent.atomic",
    "jdk.internal.ref",
    "sun.nio.ch",
    "sun.nio.cs",
    "sun.security.action",
    "sun.util.calendar",
)
MODULE_OPTIONS = (
    "-XX:+IgnoreUnrecognizedVMOptions",
    *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED),
    "--add-opens=java.security.jgss/sun.security.krb5=ALL-UNNAMED",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dio.netty.allocator.type=pooled",
    "-Dio.netty.handler.ssl.defaultEndpointVerificationAlgorithm=NONE",
    "--sun-misc-unsafe-memory-access=allow",
    "--enable-native-access=ALL-UNNAMED",
    "-Dderby.connection.requireAuthentication=false",
)


class JvmError(Exception):
    """The JVM ended before it could be talked to."""


class Jvm:
    """A JVM that will accept a Python client on `port` with `secret`, once `meet` has returned."""

    def __init__(
        self, process: subprocess.Popen[bytes], folder: RunFolder, java: Java, log: Path
    ) -> None:
        self.process = process
        self.folder = folder
        self.java = java
        self.log = log
        self.port = 0
        self.secret = ""

    def meet(self, patience: float = 120.0) -> None:
        """Wait until it can be talked to; a second call returns at once.

        Raises:
            JvmError: it ended, or needed more than `patience` seconds; its log says why.
        """
        if self.port:
            return
        address = _address_file(self.folder)
        deadline = time.monotonic() + patience
        while not address.is_file():
            if self.process.poll() is not None:
                self.kill()
                raise JvmError(f"Java ended with code {self.process.returncode}")
            if time.monotonic() > deadline:
                self.kill()
                raise JvmError(f"Java did not answer within {patience:.0f} s")
            time.sleep(0.02)
        content = address.read_bytes()
        self.port, length = struct.unpack("!ii", content[:8])
        self.secret = content[8 : 8 + length].decode()
        address.unlink()

    def finish(self, patience: float) -> None:
        """Let it end by itself, as it does when its client has gone.

        Raises:
            subprocess.TimeoutExpired: it has not within `patience` seconds.
        """
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait(patience)

    def kill(self) -> None:
        """End it at once and remove its folder; a second call does nothing."""
        self.process.kill()
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()
        self.folder.remove()


def start(
    conf: Mapping[str, str],
    *,
    class_path: Sequence[Path],
    java: Java,
    java_options: Sequence[str] = (),
    log: Path | None = None,
    on_this_machine: bool = True,
) -> Jvm:
    """Start a JVM; it is ready for a client once its `meet` has returned.

    Args:
        conf: Spark settings.
        class_path: JARs, in order.
        java: which Java.
        java_options: options for the JVM itself.
        log: takes everything that the JVM and its Python workers print, begun afresh; a file in
            the JVM's own folder when None.
        on_this_machine: whether everybody who talks to it does so from this machine.
    """
    folder = RunFolder()
    log = log or folder.path / "jvm.log"
    conf = dict(conf) | {
        "spark.local.dir": str(folder.path / "tmp"),
        "spark.sql.warehouse.dir": str(folder.path / "warehouse"),
    }
    command = [
        str(java.executable),
        *java_options,
        f"-Xmx{settings.driver_memory()}",
        "-XX:-UsePerfData",
        f"-Djava.io.tmpdir={folder.path / 'tmp'}",
        *MODULE_OPTIONS,
        "-cp",
        os.pathsep.join(str(jar) for jar in class_path),
        "org.apache.spark.deploy.SparkSubmit",
        *(part for key, value in conf.items() for part in ("--conf", f"{key}={value}")),
        "pyspark-shell",
    ]
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)  # an earlier JVM may still write to the old one
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,  # the JVM ends when this pipe closes, however we end
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment(java, on_this_machine)
            | {"_PYSPARK_DRIVER_CONN_INFO_PATH": str(_address_file(folder))},
            process_group=0,  # interrupting a cell must not kill the JVM
        )
    return Jvm(process, folder, java, log)


def environment(java: Java, on_this_machine: bool = True) -> dict[str, str]:
    """Environment for Spark's processes; they listen on loopback only, if that will do."""
    listen = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_HOSTNAME": "localhost"}
    return {
        **os.environ,
        "JAVA_HOME": str(java.home),
        "SPARK_HOME": str(spark_home()),
        "SPARK_CONNECT_MODE": "0",
        "SPARK_SCALA_VERSION": "2.13",  # a worker works out its executors' commands with it
        "PYSPARK_PYTHON": sys.executable,
        "MLFLOW_TRACKING_URI": settings.tracking_uri(),
        **(listen if on_this_machine else {}),
    }


def spark_home() -> Path:
    """The folder of the installed PySpark, found without importing it."""
    spec = find_spec("pyspark")
    if spec is None or not spec.submodule_search_locations:
        raise CourseError(
            "There is no PySpark in this environment. Run ./course start, and use the course's "
            "own kernel."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def spark_jars() -> list[Path]:
    """The JARs of PySpark, always in the same order."""
    return sorted((spark_home() / "jars").glob("*.jar"))


def delta_class_path() -> list[Path]:
    """The JARs of PySpark and of Delta.

    Raises:
        CourseError: one of Delta's is missing or altered.
    """
    return [*spark_jars(), *jars.jar_files()]


def log_file(name: str) -> Path:
    """Where a JVM writes what would else stand in the notebook."""
    return paths.state() / "logs" / f"{name}.jvm.log"


def _address_file(folder: RunFolder) -> Path:
    return folder.path / "address"
