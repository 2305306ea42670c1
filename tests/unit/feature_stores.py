"""Small feature stores for tests, and what several of them ask."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from course_utils.errors import CourseError
from course_utils.features import FeatureEngineeringClient, FeatureLookup

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture
def client(spark: "SparkSession", tmp_path: Path) -> FeatureEngineeringClient:
    """A store with one table, `t`."""
    found = FeatureEngineeringClient(spark, tmp_path / "store")
    found.create_table("t", "id", spark.sql("SELECT 1 id, 2D spend"))
    return found


def refused(told: str, call: Callable[[], Any]) -> None:
    """The call fails, and says so in one line."""
    with pytest.raises(CourseError, match=told) as caught:
        call()
    assert "\n" not in str(caught.value)


def features_of(client: FeatureEngineeringClient, table: str, **arguments: Any) -> list[Any]:
    """What a training set of one row, with the id 1, gets from a table."""
    labels = client._spark().sql("SELECT 1 id, 0 y")
    frame = client.create_training_set(labels, [FeatureLookup(table, "id", **arguments)], "y")
    return [tuple(row)[2:] for row in frame.load_df().collect()]
