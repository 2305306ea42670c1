"""Takes whatever frame or table is given: as pandas or, where it is too large, in Spark."""

import decimal
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from course_utils.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame, SparkSession

# Values (rows times columns) that one worker holds with ease, models and copies included.
SINGLE_NODE_VALUES = 20_000_000
_NAME = re.compile(r"[\w`-]+(\.[\w`-]+){0,2}")  # of a table, perhaps with schema and catalog


@dataclass
class Taken:
    """A data set as taken in.

    Attributes:
        frame: all rows, or a seeded sample where they are too many for one worker.
        rows: number of rows in the table.
        whole: all rows in Spark where `frame` is a sample; otherwise None.
        spark: the session, if there is one.
        zoned: names of the dates that came with a zone; `frame` has them in UTC.
        extended: names of the columns that came in a type of pandas' own, such as categories.
    """

    frame: "pd.DataFrame"
    rows: int
    whole: "DataFrame | None"
    spark: "SparkSession | None"
    zoned: frozenset[str]
    extended: frozenset[str]


def take(dataset: Any, spark: "SparkSession | None", seed: int) -> Taken:
    """Read the data.

    Args:
        dataset: a Spark, pandas or pandas-on-Spark frame, the name of a table in Spark's catalog
            or the path of a Delta table.
        spark: a session; the active one is used if None.
        seed: of the sample.

    Raises:
        CourseError: it is none of these, has no rows, or there is no such table.
    """
    import pandas as pd

    spark = spark or active_session()
    if isinstance(dataset, str):
        dataset = read_table(dataset, spark)
    elif not isinstance(dataset, pd.DataFrame) and hasattr(dataset, "to_spark"):
        dataset = dataset.to_spark()
    if isinstance(dataset, pd.DataFrame):
        return _taken(dataset, None, spark)
    if not hasattr(dataset, "toPandas"):
        raise CourseError(
            f"dataset is of type {type(dataset).__name__}, which AutoML cannot read: pass a Spark, "
            "pandas or pandas-on-Spark frame, the name of a table or the path of a Delta table."
        )
    rows = dataset.count()
    columns = max(1, len(dataset.columns))
    spark = spark or dataset.sparkSession
    if rows * columns <= SINGLE_NODE_VALUES:
        return _taken(dataset.toPandas(), None, spark)
    share = SINGLE_NODE_VALUES / (rows * columns)
    taken = _taken(dataset.sample(share, seed=seed).toPandas(), dataset, spark)
    return replace(taken, rows=rows)


def _taken(frame: "pd.DataFrame", whole: "DataFrame | None", spark: "SparkSession | None") -> Taken:
    import numpy as np
    import pandas as pd

    if frame.empty:
        raise CourseError("dataset has no rows: pass a table with data.")
    types = [(str(name), frame.dtypes.iloc[i]) for i, name in enumerate(frame.columns)]
    return Taken(
        plain(frame),
        len(frame),
        whole,
        spark,
        zoned=frozenset(name for name, kind in types if _has_zone(kind)),
        extended=frozenset(
            name for name, kind in types if not isinstance(kind, np.dtype | pd.StringDtype)
        ),
    )


def _has_zone(kind: Any) -> bool:
    import pandas as pd

    if isinstance(kind, pd.ArrowDtype):
        return getattr(kind.pyarrow_dtype, "tz", None) is not None
    return isinstance(kind, pd.DatetimeTZDtype)


def active_session() -> "SparkSession | None":
    """The session that is running, if one is."""
    import sys

    if "pyspark" not in sys.modules:  # nobody can have started one
        return None
    from pyspark.sql import SparkSession

    return SparkSession.getActiveSession()


def read_table(table: str, spark: "SparkSession | None") -> "DataFrame":
    """The table of that name in Spark's catalog, or else the Delta table in that folder.

    Raises:
        CourseError: there is none, or no session to read it with.
    """
    if spark is None:
        raise CourseError(
            f"Reading the table {table} needs Spark and no session is active: "
            "start one, or pass it as spark=."
        )
    try:
        if _NAME.fullmatch(table) and spark.catalog.tableExists(table):
            return spark.table(table)
        frame = spark.read.format("delta").load(table)
        frame.columns  # noqa: B018 - makes Spark look
    except Exception as error:
        why = str(error).splitlines()[0][:150]
        raise CourseError(
            f"No Delta table could be read at {table}, and no table of the catalog is called so: "
            f"{why} Give a table's name or folder, or read the data yourself and pass the frame."
        ) from None
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
        whole = whole and not column.max() > 2**63 - 1  # which an unsigned number may be
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
