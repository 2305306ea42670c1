"""Tables of Spark's own catalog: whether there is one of a name, and where its files are."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from course_utils.errors import CourseError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True)
class DeltaTable:
    """A Delta table of the catalog: its rows, its folder, what its files are laid out by."""

    rows: "DataFrame"
    folder: str
    partition_columns: tuple[str, ...]


def holds(spark: "SparkSession", name: str) -> bool:
    """Whether the catalog has a table or view of that name."""
    from pyspark.errors import PySparkException

    try:
        return spark.catalog.tableExists(name)
    except PySparkException:  # a catalog or schema that is none, or no name at all
        return False


def delta_table(spark: "SparkSession", name: str) -> DeltaTable:
    """The Delta table of that name.

    Raises:
        CourseError: there is none, or its files are not where this process can look at them.
    """
    from pyspark.errors import PySparkException

    if not holds(spark, name):
        raise CourseError(
            f"Spark's catalog has no table {name!r}. Make it first: "
            f'frame.write.format("delta").saveAsTable({name!r}).'
        )
    try:
        about = spark.sql(f"DESCRIBE DETAIL {name}").first()
    except PySparkException:
        about = None  # of a view
    if about is None or about["format"] != "delta":
        raise CourseError(
            f"Table {name} of Spark's catalog is no Delta table, so it has no versions to pin. "
            "Write it as one, or create a feature table with its rows."
        )
    place = urlsplit(about["location"])
    if place.scheme not in ("file", ""):
        raise CourseError(
            f"Table {name} is at {about['location']}, and feature tables have to be in a folder. "
            "Create a feature table with its rows."
        )
    folder = str(Path(unquote(place.path)).resolve())
    return DeltaTable(spark.table(name), folder, tuple(about["partitionColumns"]))
