"""What an exported notebook calls on Databricks: the names of the course, on what is there.

The notebook's own session takes the place of one that the course would start, a volume that of the
own disk (serverless compute reads no file of the machine that the notebook runs on), and MLflow
logs to the workspace.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course_utils import paths
from course_utils.errors import CourseError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_VOLUME = "spark_course"
_NO_CACHE = "NOT_SUPPORTED_WITH_SERVERLESS"


def set_up(spark: "SparkSession", volume: str | None = None) -> None:
    """Make the names that notebooks import from the course work here.

    Args:
        spark: the notebook's session.
        volume: where data and files go, "/Volumes/catalog/schema/name"; a volume of the current
            schema, made if need be, where it is left out.

    Raises:
        CourseError: the volume can't be made.
    """
    import course_utils
    from course_utils.data import access

    folder = Path(volume or _volume(spark))
    _copy_data(folder / "data" / "small")
    os.environ |= {
        "COURSE_DATA": str(folder / "data"),
        "COURSE_WORK": str(folder / "work"),
        "COURSE_STATE": tempfile.mkdtemp(prefix="course-"),
    }
    access.active_session = lambda: spark
    calls: dict[str, Callable[..., Any]] = {
        "get_spark": partial(_get_spark, spark),
        "load_split": cache(partial(_load_split, spark, folder / "splits")),
        "set_experiment": partial(_set_experiment, spark),
    }
    for name, call in calls.items():
        setattr(course_utils, name, call)
    _do_without_cache(spark)
    print(f"Data and files are in {folder}.")


def _volume(spark: "SparkSession") -> str:
    catalog, schema = spark.sql("SELECT current_catalog(), current_schema()").collect()[0]
    try:
        spark.sql(f"CREATE VOLUME IF NOT EXISTS `{catalog}`.`{schema}`.`{_VOLUME}`").collect()
    except Exception as error:  # its errors share no class of their own
        reason = str(error).splitlines()[0][:200]
        raise CourseError(
            f"No volume could be made in {catalog}.{schema} ({reason}): give set_up the path of "
            'one that you may write to, volume="/Volumes/catalog/schema/name".'
        ) from None
    return f"/Volumes/{catalog}/{schema}/{_VOLUME}"


def _copy_data(folder: Path) -> None:
    """Put the data that was exported where Spark can read it."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted((paths.ROOT / "data").iterdir()):
        target = folder / file.name
        if not target.exists() or target.stat().st_size != file.stat().st_size:
            shutil.copyfile(file, target)


def _get_spark(spark: "SparkSession", name: str) -> "SparkSession":
    print(f"Spark {spark.version} · the session of this notebook, for {name}")
    return spark


def _load_split(spark: "SparkSession", folder: Path, name: str) -> tuple["DataFrame", "DataFrame"]:
    from course_utils.data.access import load
    from course_utils.data.splits import split

    if name != "listings":
        raise CourseError(f"{name!r} has no train and test part. load_split knows: listings.")
    parts = []
    for part, rows in zip(("train", "test"), split(load(name)), strict=True):
        rows.write.mode("overwrite").parquet(str(folder / part))
        parts.append(spark.read.parquet(str(folder / part)))
    return parts[0], parts[1]


def _set_experiment(spark: "SparkSession", name: str) -> str:
    import mlflow

    (user,) = spark.sql("SELECT current_user()").collect()[0]
    return mlflow.set_experiment(f"/Users/{user}/{name}").experiment_id


def _do_without_cache(spark: "SparkSession") -> None:
    """Where data frames cannot be cached, let the calls do nothing: rows are computed again."""
    frame = spark.range(1)
    try:
        frame.cache().count()
        frame.unpersist()
    except Exception as error:  # its errors share no class of their own
        if _NO_CACHE not in str(error):
            raise
        for name in ("cache", "persist", "unpersist"):
            setattr(type(frame), name, _itself)
        print("Data frames cannot be cached here: cache() and persist() do nothing.")


def _itself(frame: "DataFrame", *_: object, **__: object) -> "DataFrame":
    return frame
