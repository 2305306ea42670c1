"""Trials of Spark ML keep to what PySpark 3.5 has, and to the same result."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from course_utils.automl import families, spark_cells
from course_utils.automl.families import Family
from course_utils.automl.metrics import find_metric
from course_utils.automl.task import FOLD, SPLIT, Features, Task

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_FEATURES = Features(("size",), ("since",), ("city",), ("street",))
_FILLED: dict[str, Any] = {"size": {"strategy": "constant", "fill_value": -1}}
_REGRESSION = Task("regression", "y", find_metric("r2", "regression"), _FEATURES, imputers=_FILLED)
_CLASSES = Task(
    "classification", "y", find_metric("log_loss", "classification"), _FEATURES, ("no", "yes"),
    "yes", imputers=_FILLED,
)  # fmt: skip
_TRIALS = [
    (task, family, option)
    for task, found, option in (
        (_REGRESSION, families._regressors(), "log_target"),
        (_CLASSES, families._classifiers(), "weigh_classes"),
    )
    for family in found
    if family.framework == "spark"
]


@pytest.mark.parametrize(("task", "family", "option"), _TRIALS)
def test_no_code_is_newer_than_pyspark_3_5(task: Task, family: Family, option: str) -> None:
    text = "".join(spark_cells.cells(task, family, {option: True}, "a", "b").values())
    assert "EXCEPT" not in text  # in SQL since 4.0
    assert "F.array_position" not in text  # of a column, not only of a value, since 4.0


@pytest.mark.spark
@pytest.mark.parametrize(("task", "family", "option"), _TRIALS)
def test_classes_and_logarithms_are_answered_as_they_were_given(
    spark: "SparkSession", tmp_path: Path, task: Task, family: Family, option: str
) -> None:
    draw = np.random.default_rng(0)
    size = draw.integers(1, 9, 60).astype(float)
    frame = pd.DataFrame(
        {
            "size": np.where(np.arange(60) % 20 == 0, np.nan, size),
            "since": pd.Timestamp("2024-03-01"),
            "city": np.where(size > 4, "Oslo", "Rome"),
            "street": [f"street {number}" for number in range(60)],
            "y": np.where(size > 4, "yes", "no") if task.classes else np.exp(size),
            SPLIT: np.where(np.arange(60) < 40, "train", "validate"),
            FOLD: -1,
        }
    )
    frame["since"] = frame["since"].astype("datetime64[us]")
    frame.to_parquet(tmp_path / "data.parquet")
    small = {"numTrees": 5} if family.name == "spark_forest" else {}
    small = {"maxIter": 5} if family.name == "spark_gbt" else small
    uri = (tmp_path / "data.parquet").as_uri()
    code = spark_cells.cells(task, family, {option: True, **small}, uri, None)
    names: dict[str, Any] = {"spark": spark}
    for step in ("imports", "load", "split", "prepare", "preprocess", "model"):
        exec(code[step], names)
    fitted = names["pipeline"].fit(names["labelled"](names["train"]))
    rows = fitted.transform(names["train"]).select("size", "automl_n0", "y", "prediction").collect()
    filled = {row.automl_n0 for row in rows if row["size"] is None or np.isnan(row["size"])}
    assert filled == {-1.0}
    if task.classes:
        assert sum(row.y == row.prediction for row in rows) >= 36
    else:
        errors = [abs(np.log(row.prediction) - np.log(row.y)) for row in rows]
        assert np.median(errors) < 1
