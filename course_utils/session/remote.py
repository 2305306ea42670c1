"""Sessions that run elsewhere: a standalone cluster, a Connect server, Databricks."""

import socket
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from course_utils.errors import CourseError
from course_utils.session import jvm, local, settings
from course_utils.session.jars import jar_files
from course_utils.session.java import find_java
from course_utils.session.local import Start

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_PATIENCE = 5.0  # seconds for a server to take a connection
# Settings that only a server's own start can make.
_OF_THE_SERVER = ("spark.sql.extensions", "spark.sql.catalog.spark_catalog")


def open_cluster(name: str, url: str) -> tuple["SparkSession", Start]:
    """A driver here, executors on the standalone cluster at spark://host:port.

    The executors get Delta's JARs from the driver; the course's Python must be at the same path
    on each worker, and files are shared only if the workers see the same file system.

    Raises:
        CourseError: nobody answers there, or not a master of this version.
    """
    from py4j.protocol import Py4JJavaError

    begin = time.perf_counter()
    on_this_machine = _reach(url)
    conf = settings.driver() | {
        "spark.master": url,
        "spark.jars": ",".join(str(jar) for jar in jar_files()),
        "spark.executor.memory": settings.driver_memory(),
        # Off this machine, the pages of the driver would be open to the whole network.
        "spark.ui.enabled": str(on_this_machine).lower(),
    }
    log = jvm.log_file(name)
    try:
        if local.gateway_alive():
            spark = local.new_context(name, conf)
        else:
            spark = local.start(
                name,
                conf,
                java=find_java(),
                class_path=jvm.delta_class_path(),
                log=log,
                on_this_machine=on_this_machine,
            )
    except Py4JJavaError:
        raise CourseError(
            f"The server at {url} refused a Spark session: it must be a standalone master of "
            f"Spark 4.2. Correct COURSE_SPARK, or unset it to run locally. Details: {log}"
        ) from None
    return spark, Start("cluster", time.perf_counter() - begin, log)


def open_connect(name: str, url: str) -> tuple["SparkSession", Start]:
    """A Spark Connect client of the server at sc://host:port, which must have Delta.

    Raises:
        CourseError: nobody answers there, or not a Connect server.
    """
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    begin = time.perf_counter()
    _reach(url, default_port=15002)
    try:
        spark = SparkSession.builder.remote(url).appName(name).getOrCreate()
        for key, value in settings.common().items():
            if key not in _OF_THE_SERVER:
                spark.conf.set(key, value)
    except PySparkException as error:
        reason = str(error).splitlines()[0][:200]
        raise CourseError(
            f"The server at {url} refused a session: {reason}. "
            "Correct COURSE_SPARK, or unset it to run locally."
        ) from None
    return spark, Start("connect", time.perf_counter() - begin, None)


def open_databricks() -> tuple["SparkSession", Start]:
    """A session on the Databricks workspace of the default profile.

    Raises:
        CourseError: databricks-connect is not installed, or knows no workspace.
    """
    begin = time.perf_counter()
    try:
        from databricks.connect import DatabricksSession
    except ImportError:
        raise CourseError(
            "COURSE_SPARK=databricks needs the package databricks-connect, which is not installed. "
            "Install it in an environment of its own, because it brings its own PySpark; or unset "
            "COURSE_SPARK to run locally."
        ) from None
    try:
        spark = DatabricksSession.builder.getOrCreate()
    except Exception as error:  # its errors share no class of their own
        reason = str(error).splitlines()[0][:200]
        raise CourseError(
            f"No session on Databricks: {reason}. Check the default profile with "
            "`databricks auth profiles`, or unset COURSE_SPARK to run locally."
        ) from None
    return spark, Start("databricks", time.perf_counter() - begin, None)


def _reach(url: str, default_port: int | None = None) -> bool:
    """Make sure that somebody answers at the address; tells whether it is on loopback."""
    # Spark itself would knock for a minute and then throw a page of Java.
    try:
        address = urlsplit(url)
        host, port = address.hostname, address.port or default_port
        if not host or not port:
            raise ValueError("no host:port in it")
        with socket.create_connection((host, port), _PATIENCE) as connection:
            return connection.getpeername()[0] in ("127.0.0.1", "::1")
    except (OSError, ValueError) as error:
        raise CourseError(
            f"Nobody answers at {url}: {error}. Start that server, correct COURSE_SPARK, "
            "or unset it to run locally."
        ) from None
