"""The local session: one JVM of this process's own, from the pool or started cold."""

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course_utils.session import archive, jvm, lease, settings
from course_utils.session.java import Java, find_java

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_kept: list[jvm.Jvm | lease.Lease] = []  # their pipes, closed only with this process


@dataclass(frozen=True)
class Start:
    """How the current session came about."""

    how: str  # "pool", "archive", "cold", "restart"; "cluster", "connect", "databricks"
    seconds: float
    log: Path | None  # of the JVM, where it is one of ours


def open_local(name: str) -> tuple["SparkSession", Start]:
    """A new local session, as fast as this machine's state allows.

    Raises:
        CourseError: no Java, or no JARs.
        JvmError: the JVM does not start; its log says why.
    """
    begin = time.perf_counter()
    log = jvm.log_file(name)
    if gateway_alive():
        # After spark.stop() the JVM is still there, and still this process's own.
        spark, how = new_context(name, settings.local()), "restart"
    else:
        spark, how = _from_pool(name, log) or _start_cold(name, log)
    return spark, Start(how, time.perf_counter() - begin, log)


def _from_pool(name: str, log: Path) -> "tuple[SparkSession, str] | None":
    claim = lease.borrow()
    if claim is None:
        return None
    from py4j.protocol import Py4JError

    try:
        spark = _attach(name, claim)
    except (Py4JError, OSError):
        # It died under our hands. Forget it, as gateway_alive does with a JVM that is gone.
        claim.connection.close()
        gateway_alive()
        return None
    _kept.append(claim)
    _link(claim.log, log)
    return spark, "pool"


def _attach(name: str, claim: lease.Lease) -> "SparkSession":
    """Wrap the context that a warm JVM of the pool already has."""
    from pyspark import SparkConf, SparkContext
    from pyspark.sql import SparkSession

    gateway = connect(claim.port, claim.secret)
    java = gateway.jvm
    # Relative paths mean this process's folder, as they would in a JVM started here.
    java.java.lang.System.setProperty("user.dir", str(Path.cwd()))
    java.org.apache.hadoop.fs.FileSystem.closeAll()
    session = java.org.apache.spark.sql.classic.SparkSession.getDefaultSession().get()
    inner = java.org.apache.spark.api.java.JavaSparkContext(session.sparkContext())
    context = SparkContext(gateway=gateway, jsc=inner, conf=SparkConf(_jconf=inner.getConf()))
    context.appName = name
    # The JVM may have been warmed by somebody who logs elsewhere
    context.environment["MLFLOW_TRACKING_URI"] = settings.tracking_uri()
    return SparkSession(context, session)


def _start_cold(name: str, log: Path) -> tuple["SparkSession", str]:
    java, class_path, conf = find_java(), jvm.delta_class_path(), settings.local()
    options = archive.options(java, class_path)
    if options:
        try:
            quickly = [*options, *archive.QUICK]
            return start(name, conf, java, class_path, log, quickly), "archive"
        except jvm.JvmError:
            # The archive may be what is wrong: the JVM trusts most of it unread.
            archive.discard(java, class_path)
    return start(name, conf, java, class_path, log), "cold"


def start(
    name: str,
    conf: Mapping[str, str],
    java: Java,
    class_path: Sequence[Path],
    log: Path,
    options: Sequence[str] = (),
    on_this_machine: bool = True,
) -> "SparkSession":
    """Start a JVM for this process and a session in it; arguments as of `jvm.start`."""
    machine = jvm.start(
        conf,
        class_path=class_path,
        java=java,
        java_options=options,
        log=log,
        on_this_machine=on_this_machine,
    )
    import pyspark.sql  # noqa: F401  (takes a second, spent while the JVM comes up)

    machine.meet()
    gateway = connect(machine.port, machine.secret)
    # The JVM ends with this process, whose pipe it listens to, and takes its folder along.
    delete_at_exit(gateway, machine.folder.path)
    _kept.append(machine)
    return new_context(name, conf, gateway)


def delete_at_exit(gateway: Any, folder: Path) -> None:
    """Have the JVM delete a folder when it ends by itself."""
    hooks = gateway.jvm.org.apache.spark.util.ShutdownHookManager
    hooks.registerShutdownDeleteDir(gateway.jvm.java.io.File(str(folder)))


def _link(log: Path, name: Path) -> None:
    """Make the log of a JVM that runs already known under this session's name, too."""
    name.parent.mkdir(parents=True, exist_ok=True)
    name.unlink(missing_ok=True)
    name.hardlink_to(log)


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
