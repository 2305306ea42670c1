"""The settings of every local session, in one place."""

import os
import re

from course_utils import paths
from course_utils.errors import CourseError

DELTA_VERSION = "4.4.0"

# Two to four cores: enough to show parallel work, few enough for three notebooks at once.
_FEWEST_CORES, _MOST_CORES = 2, 4


def cores() -> int:
    """How many tasks a local session runs at once."""
    return min(_MOST_CORES, max(_FEWEST_CORES, os.cpu_count() or _FEWEST_CORES))


def driver_memory() -> str:
    """Heap of the JVM, "1g" unless COURSE_DRIVER_MEMORY says otherwise.

    Raises:
        CourseError: the variable is no size, or below the 512m that Spark needs.
    """
    size = os.environ.get("COURSE_DRIVER_MEMORY") or "1g"
    match = re.fullmatch(r"(\d+)([mg])", size.lower())
    if not match or int(match[1]) * (1024 if match[2] == "g" else 1) < 512:
        raise CourseError(
            f"COURSE_DRIVER_MEMORY={size} will not do: Spark needs at least 512m. "
            "Set it to a size such as 1g or 1536m, or unset it."
        )
    return size.lower()


def heap_bytes() -> int:
    """The same in bytes."""
    size = driver_memory()
    return int(size[:-1]) << {"m": 20, "g": 30}[size[-1]]


def tracking_uri() -> str:
    """The SQLite database that MLflow logs to, from the driver and from the workers alike."""
    # A writer waits for its turn instead of failing with "database is locked".
    return f"sqlite:///{paths.mlflow() / 'mlflow.db'}?timeout=60"


def common() -> dict[str, str]:
    """Settings that hold wherever Spark runs: Delta, time zone, few partitions."""
    return {
        "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        "spark.sql.session.timeZone": "UTC",
        # The defaults, 200 and 50, cost seconds per job on the course's small data.
        "spark.sql.shuffle.partitions": "4",
        "spark.databricks.delta.snapshotPartitions": "2",
        # VACUUM lists folders in this many tasks; the default, 10000, makes it a minute and more.
        "spark.sql.sources.parallelPartitionDiscovery.parallelism": "4",
        # With columnar input a plain Arrow @udf over Parquet, Delta or cached data never ends
        # (PySpark 4.2.0 with pyarrow 25).
        "spark.sql.execution.arrow.pythonUDF.columnarInput.enabled": "false",
    }


def driver() -> dict[str, str]:
    """Settings of a driver that runs here, be the executors here or on a cluster."""
    return common() | {
        "spark.driver.memory": driver_memory(),
        "spark.executorEnv.MLFLOW_TRACKING_URI": tracking_uri(),
        # The progress bar writes to stderr, which costs a graded cell its points.
        "spark.ui.showConsoleProgress": "false",
        "spark.ui.port": "0",  # any free port: three notebooks at once never collide
    }


def local() -> dict[str, str]:
    """Settings of a local session."""
    return driver() | {"spark.master": f"local[{cores()}]", "spark.driver.host": "127.0.0.1"}
