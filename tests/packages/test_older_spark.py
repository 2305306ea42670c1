"""What the feature store does where PySpark is older gives what it gives here."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyspark.sql import functions as sf

from course_utils.errors import CourseError
from course_utils.features import FeatureEngineeringClient, FeatureFunction, FeatureLookup, join

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.packages]

EVENTS = """
    SELECT * FROM VALUES (1, TIMESTAMP '2024-01-15', 1.50BD, array(1), CAST(NULL AS INT)),
    (2, TIMESTAMP '2024-02-15', 2.50BD, array(), 7), (1, TIMESTAMP '2023-01-01', NULL, NULL, 8)
    AS t(id, `at time`, price, tags, n)
"""
HISTORY = """
    SELECT * FROM VALUES (1, TIMESTAMP '2024-01-01', 1), (1, TIMESTAMP '2024-02-01', 2),
    (2, TIMESTAMP '2024-01-10', 3) AS t(id, ts, visits)
"""


def _frame(spark: "SparkSession", folder: Path) -> "DataFrame":
    fe = FeatureEngineeringClient(spark, folder)
    fe.create_table("history", ["id", "ts"], spark.sql(HISTORY), timeseries_columns="ts")
    fe.register_function("seen", lambda *, n, p, at, t, v: repr((n, p, at, t, v)), returns="string")
    fe.register_function("five", lambda: 5, returns="int")
    inputs = {"n": "n", "p": "price", "at": "at time", "t": "tags", "v": "visits"}
    return fe.create_training_set(
        spark.sql(EVENTS),
        [
            FeatureLookup("history", "id", timestamp_lookup_key="at time"),
            FeatureFunction("seen", inputs),
            FeatureFunction("five"),
        ],
        label=None,
    ).load_df()


def _rows(frame: "DataFrame") -> list[Any]:
    return sorted(frame.collect(), key=lambda row: row["at time"])


@pytest.fixture
def _older(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sf, "arrow_udf")
    monkeypatch.setattr(join, "_can_search", lambda: False)


def test_the_same_rows(spark: "SparkSession", tmp_path: Path, request: Any) -> None:
    newest = _frame(spark, tmp_path / "newest")
    here = _rows(newest)
    request.getfixturevalue("_older")
    older = _frame(spark, tmp_path / "older")
    assert older.schema.fieldNames() == newest.schema.fieldNames()
    assert [field.dataType for field in older.schema] == [f.dataType for f in newest.schema]
    assert _rows(older) == here
    assert [(row["visits"], row["five"]) for row in here] == [(None, 5), (1, 5), (3, 5)]
    assert datetime(2024, 1, 15) in {row["at time"] for row in here}


@pytest.mark.usefixtures("_older")
def test_a_wrong_result_is_told_as_well(spark: "SparkSession", tmp_path: Path) -> None:
    fe = FeatureEngineeringClient(spark, tmp_path)
    fe.register_function("text", lambda: "a", returns="int")
    wrong = fe.create_training_set(spark.sql("SELECT 1 id"), [FeatureFunction("text")], label=None)
    with pytest.raises(Exception, match=r"gave a result that is no int") as caught:
        wrong.load_df().collect()
    assert not isinstance(caught.value, CourseError)  # Spark wraps what a worker raises
