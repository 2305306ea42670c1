"""Takes whatever frame or table is given: as pandas or, where it is too large, in Spark."""

import decimal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from course_utils.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame, SparkSession

# Values (rows times columns) that one worker holds with ease, models and copies included.
SINGLE_NODE_VALUES = 20_000_000


@dataclass
class Taken:
    """A data set as taken in.

    Attributes:
        frame: all rows, or a seeded sample where they are too many for one worker.
        rows: number of rows in the table.
        whole: all rows in Spark where `frame` is a sample; otherwise None.
        spark: the session, if there is one.
    """

    frame: "pd.DataFrame"
    rows: int
    whole: "DataFrame | None"
    spark: "SparkSession | None"


def take(dataset: Any, spark: "SparkSession | None", seed: int) -> Taken:
    """Read the data.

    Args:
        dataset: a Spark, pandas or pandas-on-Spark frame, or the path of a Delta table.
        spark: a session; the active one is used if None.
        seed: of the sample.

    Raises:
        CourseError: it is none of these, has no rows, or the path holds no Delta table.
    """
    import pandas as pd

    spark = spark or active_session()
    if isinstance(dataset, str):
        dataset = read_table(dataset, spark)
    elif not isinstance(dataset, pd.DataFrame) and hasattr(dataset, "to_spark"):
        dataset = dataset.to_spark()
    if isinstance(dataset, pd.DataFrame):
        return Taken(plain(_some_rows(dataset, len(dataset))), len(dataset), None, spark)
    if not hasattr(dataset, "toPandas"):
        raise CourseError(
            f"dataset is of type {type(dataset).__name__}, which AutoML cannot read: "
            "pass a Spark, pandas or pandas-on-Spark frame, or the path of a Delta table."
        )
    rows = dataset.count()
    columns = max(1, len(dataset.columns))
    spark = spark or dataset.sparkSession
    if rows * columns <= SINGLE_NODE_VALUES:
        return Taken(plain(_some_rows(dataset.toPandas(), rows)), rows, None, spark)
    share = SINGLE_NODE_VALUES / (rows * columns)
    return Taken(plain(dataset.sample(share, seed=seed).toPandas()), rows, dataset, spark)


def active_session() -> "SparkSession | None":
    """The session that is running, if one is."""
    import sys

    if "pyspark" not in sys.modules:  # nobody can have started one
        return None
    from pyspark.sql import SparkSession

    return SparkSession.getActiveSession()


def read_table(path: str, spark: "SparkSession | None") -> "DataFrame":
    """The Delta table in a folder.

    Raises:
        CourseError: there is none, or no session to read it with.
    """
    if spark is None:
        raise CourseError(
            f"Reading the table {path} needs Spark and no session is active: "
            "start one, or pass it as spark=."
        )
    try:
        frame = spark.read.format("delta").load(path)
        frame.columns  # noqa: B018 - makes Spark look
    except Exception as error:
        why = str(error).splitlines()[0][:150]
        raise CourseError(
            f"No Delta table could be read at {path}: {why} Give the folder of a Delta table, "
            "or read the data yourself and pass the frame."
        ) from None
    return frame


def _some_rows(frame: "pd.DataFrame", rows: int) -> "pd.DataFrame":
    if rows == 0:
        raise CourseError("dataset has no rows: pass a table with data.")
    return frame


def plain(frame: "pd.DataFrame") -> "pd.DataFrame":
    """The same values in the few types that Parquet gives back as they were.

    Raises:
        CourseError: two columns have one name.
    """
    import pandas as pd

    made: dict[str, pd.Series] = {}
    for position, name in enumerate(frame.columns):
        if str(name) in made:
            raise CourseError(f"dataset has two columns named {name}: rename one.")
        made[str(name)] = _plain_column(frame.iloc[:, position])
    return pd.DataFrame(made).reset_index(drop=True)


def _plain_column(column: "pd.Series") -> "pd.Series":
    import pandas as pd

    kinds = pd.api.types
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.cat.categories.dtype)
    if kinds.is_bool_dtype(column.dtype):
        return column.astype(object if column.isna().any() else bool)
    if kinds.is_numeric_dtype(column.dtype):
        whole = kinds.is_integer_dtype(column.dtype) and not column.isna().any()
        return column.astype("int64" if whole else "float64")
    if kinds.is_datetime64_any_dtype(column.dtype):
        if getattr(column.dt, "tz", None) is not None:
            column = column.dt.tz_convert("UTC").dt.tz_localize(None)
        return column.astype("datetime64[us]")
    return _plain_objects(column.astype(object))


def _plain_objects(column: "pd.Series") -> "pd.Series":
    import datetime

    import pandas as pd

    types = {type(value) for value in column.dropna()}
    if types and types <= {decimal.Decimal, int, float}:
        return column.astype("float64")
    if types == {datetime.date}:
        return pd.to_datetime(column, errors="coerce").astype("datetime64[us]")
    if types <= {bool} or types <= {str}:
        return column.where(column.notna(), None)
    if any(hasattr(value, "__len__") and not isinstance(value, str) for value in column.dropna()):
        return column.map(lambda value: None if value is None else "[not a single value]")
    return column.map(lambda value: None if pd.isna(value) else str(value))
