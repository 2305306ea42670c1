"""What checks compare with, read from the data in use: both sides of a split, a file as text.

Everything is cached by the file that it came from, so one Spark job serves all checks of a lab,
and data that changes under an open notebook is read anew.
"""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from course_utils import data

if TYPE_CHECKING:
    import pandas as pd

SIDE = "side"


def split(name: str, columns: Sequence[str]) -> "dict[str, pd.DataFrame]":
    """The rows of `load_split(name)` as pandas, in one Spark job for the whole lab.

    Args:
        name: as in `load_split`.
        columns: the columns that the lab's checks look at, by name or as SQL with a name of
            their own: "pmod(xxhash64(*), 4) = 0 AS in_validation".

    Returns:
        "train", "test", and "all": both together, with the column `side` that says which.
    """
    return _split(data.locate(name), name, tuple(columns))


@cache
def _split(place: str, name: str, columns: tuple[str, ...]) -> "dict[str, pd.DataFrame]":
    from pyspark.sql import functions as F  # noqa: N812 - as everywhere in PySpark

    train, test = (side.selectExpr(*columns) for side in data.load_split(name))
    both = train.withColumn(SIDE, F.lit("train")).unionAll(test.withColumn(SIDE, F.lit("test")))
    rows = both.toPandas()
    sides = {side: rows[rows[SIDE] == side] for side in ("train", "test")}
    return {**sides, "all": rows}


def text_file(name: str, separator: str = ",", encoding: str = "utf-8") -> "pd.DataFrame":
    """A data set that is a text file, every value text and "" where there is none."""
    return _text_file(data.locate(name), separator, encoding)


@cache
def _text_file(place: str, separator: str, encoding: str) -> "pd.DataFrame":
    import pandas as pd

    return pd.read_csv(place, sep=separator, encoding=encoding, dtype=str, keep_default_na=False)
