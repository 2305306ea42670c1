"""What all trials of a search have in common, and how one of them is made from it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course_utils.automl import cells, spark_cells, worker
from course_utils.automl.families import Family
from course_utils.automl.metrics import expressions
from course_utils.automl.task import Task
from course_utils.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import SparkSession

    from course_utils.automl.tracking import Tracking


@dataclass(frozen=True)
class Kit:
    """What the trials of a search have in common.

    Attributes:
        task: the problem.
        data: the Parquet file that the single-node notebooks read.
        whole: the folder with all rows where that file is a sample.
        tracking: the MLflow experiment.
        spark: the session, if there is one.
        types: of each feature, as a logged model says (see `signature.input_types`).
    """

    task: Task
    data: Path
    whole: Path | None
    tracking: "Tracking"
    spark: "SparkSession | None"
    types: dict[str, str]

    def job(self, family: Family, params: dict[str, Any], steps: str) -> dict[str, Any]:
        """What a runner needs to evaluate a trial ("evaluate") or to fit it for use ("final")."""
        names: dict[str, Any] = {}
        module: Any = cells
        if family.framework == "spark":
            module, names = spark_cells, {"spark": self.spark}
            code = self.spark_code(family, params)
        else:
            code = cells.cells(self.task, family, params)
        final = steps == "final"
        metric = self.task.metric
        return {
            "cells": code,
            "steps": module.FINAL if final else module.EVALUATE,
            "part": "test" if final else "validation",
            "metric": metric.name,
            "larger": metric.larger_is_better,
            "expression": self.expression,
            "beat": None,
            "keep": False,
            "names": names,
        }

    @property
    def expression(self) -> str:
        """The metric, as code."""
        return expressions(len(self.task.classes))[self.task.metric.name]

    def spark_code(self, family: Family, params: dict[str, Any]) -> dict[str, str]:
        """The cells of a Spark ML trial, with the places of the data."""
        whole = self.whole.resolve().as_uri() if self.whole else None
        return spark_cells.cells(self.task, family, params, self.data.resolve().as_uri(), whole)

    def frame(self) -> "pd.DataFrame":
        """The rows that one worker holds."""
        import pandas as pd

        return pd.read_parquet(self.data)

    def fit(self, family: Family, params: dict[str, Any]) -> dict[str, Any]:
        """Fit a trial for use, here, on training and validation rows, and test it.

        Raises:
            CourseError: the fit failed.
        """
        if family.framework == "spark" and self.spark is None:
            raise CourseError("A Spark ML model needs Spark and no session is active: start one.")
        frame = None if family.framework == "spark" else self.frame()
        answer = worker.run(frame, self.job(family, params, "final") | {"keep": True})
        if "error" in answer:
            raise CourseError(f"The model could not be fitted again: {answer['error']}")
        return answer
