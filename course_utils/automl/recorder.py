"""Writes down each trial as it ends: its notebook, and its run in MLflow."""

from pathlib import Path

from course_utils.automl import notebook
from course_utils.automl.kit import Kit
from course_utils.automl.metrics import logged
from course_utils.automl.search import Result
from course_utils.automl.summary import TrialInfo


def say_rows(rows: dict[str, int]) -> str:
    """The rows of the table and of its parts, in a sentence."""
    return (
        f"The table has {rows['in the table']:,} rows: {rows['train']:,} train, "
        f"{rows['validate']:,} validate, {rows['test']:,} test."
    )


class Recorder:
    """Writes the notebook and the MLflow run of each trial as it ends."""

    def __init__(self, kit: Kit, folder: Path, data: str, rows: dict[str, int]) -> None:
        self._kit = kit
        self._folder = folder
        self._data = data
        self._rows = rows
        self.trials: list[TrialInfo] = []
        self.intervals: dict[int, tuple[float, float]] = {}  # by number, where it was measured

    def record(self, result: Result) -> None:
        """Record one result."""
        family, kit, metric = result.family, self._kit, self._kit.task.metric.name
        name = f"trial_{result.number:03}_{family.name}"
        measured = result.answer["metrics"]
        spark = family.framework == "spark"
        rows = self._rows["Spark ML" if spark else "single-node"]
        about = say_rows(self._rows) + f" A fit for use takes {rows:,} of them."
        path = self._folder / f"{name}.ipynb"
        made = notebook.trial(
            kit,
            family,
            result.params,
            name=name,
            score=measured[metric],
            data=self._data,
            rows=about,
        )
        notebook.write(made, path)
        metrics = logged(measured, "validation")
        params = {"family": family.name, **result.params}
        run, artifacts = kit.tracking.log(
            name,
            params,
            metrics,
            {"automl.model": family.about, "automl.rows": str(rows)},
            [path],
            result.answer["seconds"],
        )
        if "interval" in result.answer:
            self.intervals[result.number] = result.answer["interval"]
        self.trials.append(
            TrialInfo(
                number=result.number,
                notebook_path=str(path),
                mlflow_run_id=run,
                artifact_uri=artifacts,
                metrics=metrics,
                params=params,
                model_description=family.about,
                model_path=None,
                duration=result.answer["seconds"],
                preprocessors=kit.task.features.about(),
                evaluation_metric_score=measured[metric],
                framework=family.framework,
                rows=rows,
                _family=family,
                _own=result.params,
                _kit=kit,
            )
        )
