"""The Spark session of a notebook: local by default, elsewhere by one setting.

What a notebook needs is `get_spark`, `make_work_dir` and `set_experiment`; set-up also fetches
the JARs and builds the archive. Nothing is started by importing this.
"""

import os
import re
import shutil
import sys
from typing import TYPE_CHECKING

from course_utils import config, paths
from course_utils.errors import CourseError
from course_utils.session import local, remote, settings
from course_utils.session.archive import archive_ok, build_archive
from course_utils.session.fetch import fetch_jars
from course_utils.session.jars import jars_ok
from course_utils.session.java import Java, find_java
from course_utils.session.jvm import JvmError, log_file
from course_utils.session.local import Start
from course_utils.session.tracking import mlflow_ui, prepare_tracking, set_experiment

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = [
    "Java",
    "Start",
    "archive_ok",
    "build_archive",
    "fetch_jars",
    "find_java",
    "get_spark",
    "jars_ok",
    "last_start",
    "make_work_dir",
    "mlflow_ui",
    "prepare_tracking",
    "set_experiment",
]

_session: "SparkSession | None" = None
_last_start: Start | None = None


def get_spark(name: str) -> "SparkSession":
    """The Spark session of this notebook, started on the first call.

    Where it runs is said by COURSE_SPARK or course.toml: "local" (2–4 cores of this machine),
    "spark://host:port", "sc://host:port" or "databricks". A second call returns the same session;
    after `spark.stop()` or a crash of the JVM it starts a new one. What the JVM prints goes to
    .course/logs/<name>.jvm.log.

    Args:
        name: the notebook's name, "06_linear_regression_1"; names the application and its log.

    Raises:
        CourseError: the session cannot be had; the line says why and what to do.
    """
    global _session, _last_start
    _check_name(name)
    spark = _running()
    if spark is None:
        spark, _last_start = _open(name)
        _say_errors_once()
    _session = spark
    print(f"Spark {spark.version} · Delta {settings.DELTA_VERSION} · {_place()}")
    return spark


def last_start() -> Start | None:
    """How the session of this process was started, None before the first."""
    return _last_start


def make_work_dir(name: str) -> str:
    """An empty folder for what a notebook writes, .course/work/<name>.

    Whatever an earlier call left there is deleted, so that a notebook can be run again.

    Returns:
        Its absolute path.
    """
    _check_name(name)
    folder = paths.work() / name
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return str(folder)


def _open(name: str) -> tuple["SparkSession", Start]:
    where = config.course().spark
    if where == "databricks":
        return remote.open_databricks()
    if where.startswith("sc://"):
        return remote.open_connect(name, where)
    if where != "local" and not where.startswith("spark://"):
        raise CourseError(
            f"{where!r} is no place to run Spark. Set COURSE_SPARK (or spark in course.toml) to "
            "local, spark://host:port, sc://host:port or databricks."
        )
    os.environ["PYSPARK_PYTHON"] = sys.executable  # workers run what the notebook runs
    os.environ["MLFLOW_TRACKING_URI"] = settings.tracking_uri()
    try:
        return local.open_local(name) if where == "local" else remote.open_cluster(name, where)
    except JvmError as error:
        raise CourseError(
            f"Spark did not start: {error}. ./course doctor checks Java, memory and disk; "
            f"Spark's own words are in {log_file(name)}."
        ) from None


def _say_errors_once() -> None:
    """PySpark writes many an error to stderr before it raises it, JSON with the JVM's whole stack.

    Whoever runs the cell sees the exception itself, and a cell with stderr gets no points.
    """
    from pyspark.logger import PySparkLogger

    for name in ("DataFrameQueryContextLogger", "SQLQueryContextLogger"):
        PySparkLogger.getLogger(name).disabled = True


def _running() -> "SparkSession | None":
    """The session that this process already has, if it still answers."""
    if _session is not None and not hasattr(_session, "_jsparkSession"):
        stopped = getattr(_session, "is_stopped", False)
        return None if stopped else _session  # a Connect client
    if not local.gateway_alive():
        return None
    from pyspark.sql import SparkSession

    return SparkSession.getActiveSession()


def _place() -> str:
    where = config.course().spark
    if where == "local":
        return f"local, {settings.cores()} cores"
    return {"spark": "standalone cluster", "sc": "Spark Connect"}.get(
        where.split("://")[0], "Databricks"
    )


def _check_name(name: str) -> None:
    # The name becomes a file's and a folder's, and make_work_dir empties that folder.
    if not re.fullmatch(r"\w[\w.-]*", name):
        raise CourseError(
            f"{name!r} cannot name a notebook: letters, digits, _ , . and - only. "
            'Use the notebook\'s own name, such as "06_linear_regression_1".'
        )
