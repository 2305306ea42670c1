"""The Spark session that runs in this process, if one does."""

import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def running() -> "SparkSession | None":
    """The active session; in a thread of its own, that of the process. None if none runs."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    context = SparkContext._active_spark_context  # no public name says whether there is one
    if context is None:
        return _if_alive(SparkSession.getActiveSession())  # a Connect client has no context
    if not _runs(context):
        return None
    # Spark knows an active session for each thread; the builder finds that of the process
    return SparkSession.getActiveSession() or SparkSession.builder.getOrCreate()


def is_alive(spark: Any) -> bool:
    """Whether a session can still work: it was not stopped, and its JVM has not died."""
    if hasattr(spark, "_jsparkSession"):
        return _runs(spark._sc)
    return not getattr(spark, "is_stopped", False)


def same_python(spark: Any) -> None:
    """Let workers on this machine run this process's Python, unless PYSPARK_PYTHON names another.

    PySpark takes the python3 of the PATH, which has other packages where an environment is used
    without being activated.
    """
    context = getattr(spark, "_sc", None)  # a Connect client has none
    if context and context.master.startswith("local") and "PYSPARK_PYTHON" not in os.environ:
        context.pythonExec = sys.executable


def _runs(context: Any) -> bool:
    try:
        return not context._jsc.sc().isStopped()
    except Exception:  # after stop() there is no _jsc, and a dead JVM gives no answer
        return False


def _if_alive(spark: "SparkSession | None") -> "SparkSession | None":
    return spark if spark is not None and is_alive(spark) else None
