"""The local session: one JVM of this process's own, from the pool or started cold."""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course_utils.errors import CourseError
from course_utils.session import archive, jvm, settings
from course_utils.session.java import find_java

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_machines: list[jvm.Jvm] = []  # keeps the pipes open


@dataclass(frozen=True)
class Start:
    """How the current session came about."""

    how: str  # "pool", "archive", "cold", "restart"; "cluster", "connect", "databricks"
    seconds: float
    log: Path | None  # of the JVM, where it is one of ours


def open_local(name: str) -> tuple["SparkSession", Start]:
    """A new local session, as fast as this machine's state allows.

    Raises:
        CourseError: no Java, no JARs, or a JVM that does not start.
    """
    begin = time.perf_counter()
    conf = settings.local()
    if gateway_alive():
        # After spark.stop() the JVM is still there, and still this process's own.
        return new_context(name, conf), Start("restart", _since(begin), jvm.log_file(name))
    return _start_cold(name, conf, begin)


def _start_cold(name: str, conf: Mapping[str, str], begin: float) -> tuple["SparkSession", Start]:
    java, class_path, log = find_java(), jvm.delta_class_path(), jvm.log_file(name)
    options = archive.options(java, class_path)
    machine = jvm.start(log, conf, class_path=class_path, java_options=options, java=java)
    import pyspark.sql  # noqa: F401  (takes a second, spent while the JVM comes up)

    try:
        machine.meet()
    except jvm.JvmError as error:
        raise CourseError(
            f"Spark did not start: {error}. ./course doctor checks Java, memory and disk; "
            f"Spark's own words are in {log}."
        ) from None
    gateway = connect(machine.port, machine.secret)
    # The JVM ends with this process, whose pipe it listens to, and takes its folder along.
    folder = gateway.jvm.java.io.File(str(machine.folder.path))
    gateway.jvm.org.apache.spark.util.ShutdownHookManager.registerShutdownDeleteDir(folder)
    _machines.append(machine)
    spark = new_context(name, conf, gateway)
    return spark, Start("archive" if options else "cold", _since(begin), log)


def connect(port: int, secret: str) -> Any:
    """The py4j gateway to a JVM that already runs."""
    from pyspark.java_gateway import launch_gateway

    with environment(PYSPARK_GATEWAY_PORT=str(port), PYSPARK_GATEWAY_SECRET=secret):
        return launch_gateway()


def new_context(name: str, conf: Mapping[str, str], gateway: Any = None) -> "SparkSession":
    """Make a Spark context and its session in the JVM of `gateway` (or of the last one)."""
    from pyspark import SparkConf, SparkContext
    from pyspark.sql import SparkSession

    # A cell that is interrupted reaches Spark's jobs only through a context made here.
    with environment(PYSPARK_PYTHON=sys.executable):
        SparkContext(conf=SparkConf().setAll(list(conf.items())).setAppName(name), gateway=gateway)
    builder = SparkSession.builder
    for key, value in conf.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


def gateway_alive() -> bool:
    """Whether this process already has a JVM; one that died is forgotten."""
    if "pyspark" not in sys.modules:
        return False
    from py4j.protocol import Py4JError
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    if SparkContext._gateway is None or SparkContext._jvm is None:
        return False
    try:
        SparkContext._jvm.java.lang.System.nanoTime()
        return True
    except (Py4JError, OSError):
        SparkContext._gateway = SparkContext._jvm = SparkContext._active_spark_context = None
        SparkSession._instantiatedSession = SparkSession._activeSession = None
        return False


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """Set environment variables for the length of a block."""
    before = {key: os.environ.get(key) for key in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for key, value in before.items():
            if value is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = value


def _since(begin: float) -> float:
    return time.perf_counter() - begin
