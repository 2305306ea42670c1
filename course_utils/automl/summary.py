"""What a search gives back: its trials, the best of them, and what can be done with one."""

import io
import os
import re
import subprocess
from contextlib import redirect_stderr
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course_utils.automl.families import Family
from course_utils.automl.kit import Kit
from course_utils.automl.notebook import METRIC_CELL, write
from course_utils.automl.signature import signature
from course_utils.errors import CourseError

if TYPE_CHECKING:
    import mlflow
    import pandas as pd

    from course_utils.automl.serving import Server


@dataclass
class TrialInfo:
    """One trial.

    Attributes:
        number: in the order in which the trials began, from 1.
        notebook_path: the notebook that gives the metric again.
        mlflow_run_id: its run in the experiment.
        artifact_uri: where the run keeps files.
        metrics: what was measured, "validation_…", and once more as the platform calls it,
            "val_…"; the best trial has "test_…" as well.
        params: of the model, with "family".
        model_description: what it is, in words.
        model_path: URI of the fitted model in MLflow; None until it is kept there.
        duration: seconds that the trial took.
        preprocessors: what is done with each kind of column.
        evaluation_metric_score: the primary metric that trials are compared by.
        framework: "sklearn", "xgboost", "lightgbm" or "spark".
        rows: number of rows that fits of this kind use, training and validation together.
    """

    number: int
    notebook_path: str
    mlflow_run_id: str
    artifact_uri: str
    metrics: dict[str, float]
    params: dict[str, Any]
    model_description: str
    model_path: str | None
    duration: float
    preprocessors: list[str]
    evaluation_metric_score: float
    framework: str
    rows: int
    _family: Family = field(repr=False)
    _own: dict[str, Any] = field(repr=False)
    _kit: Kit = field(repr=False)

    @property
    def notebook_url(self) -> str:
        """Where a browser finds the notebook."""
        return Path(self.notebook_path).resolve().as_uri()

    def load_model(self) -> Any:
        """The fitted model: it takes a frame with the features as they came.

        The best trial's model is kept in MLflow. Another's is fitted by the code of its notebook
        when it is asked for first, on training and validation rows, and kept then.
        """
        import mlflow

        path = self.keep_model()
        with self._kit.tracking.current():
            if self.framework == "spark":
                import mlflow.spark

                return mlflow.spark.load_model(path)
            return mlflow.sklearn.load_model(path)

    def keep_model(self, fitted: Any = None) -> str:
        """Keep the fitted model with the run, if it is not there yet. Returns its URI.

        Args:
            fitted: the model, where the caller has it; otherwise it is fitted.
        """
        if self.model_path:
            return self.model_path
        if fitted is None:
            fitted = self._kit.fit(self._family, self._own)["model"]
        task = self._kit.task
        answers = self._kit.frame()[task.target].head(5)
        if not task.classes:
            answers = answers.astype("float64")
        self.model_path = self._kit.tracking.log_model(
            self.mlflow_run_id,
            fitted,
            signature(self._kit.types, answers),
            self.framework == "spark",
        )
        return self.model_path

    def rerun(self) -> float:
        """Run the notebook from its first cell to its last in a fresh kernel.

        Its outputs are stored in it, and it logs a run of its own.

        Returns:
            The primary metric that it found.

        Raises:
            CourseError: a cell failed, or it tells no metric any more.
        """
        import nbformat
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError

        path = Path(self.notebook_path)
        notebook = nbformat.read(path, as_version=4)
        client = NotebookClient(
            notebook, timeout=None, resources={"metadata": {"path": str(path.parent)}}
        )
        try:
            # What the kernel itself says goes nowhere; what cells say is in the notebook
            client.execute(env=self._environment(), stderr=subprocess.DEVNULL)
        except CellExecutionError as error:
            raise CourseError(
                f"{path.name} failed: {error.ename}: {error.evalue} "
                "Open it and run its cells one by one."
            ) from None
        write(notebook, path)
        return _told(notebook, path.name)

    def _environment(self) -> dict[str, str]:
        environment = dict(os.environ)
        if self.framework == "spark" and self._kit.spark is not None:
            java = self._kit.spark.sparkContext._jvm.System.getProperty("java.home")  # type: ignore[union-attr]
            environment.setdefault("JAVA_HOME", java)
        return environment


def _told(notebook: Any, name: str) -> float:
    for cell in notebook.cells:
        if METRIC_CELL in cell.metadata.get("tags", ()):
            text = "".join(output.get("text", "") for output in cell.outputs)
            found = re.findall(r"= (\S+)$", text.strip())
            if found:
                return float(found[-1])
    raise CourseError(
        f"{name} tells no metric: leave the cell that prints it, and its tag {METRIC_CELL!r}."
    )


@dataclass
class AutoMLSummary:
    """What came of a search.

    Attributes:
        experiment: the MLflow experiment.
        trials: the finished trials, the best first, by what they got without the test rows.
        best_trial: the first of them.
        metric_distribution: how the primary metric is spread over the trials, in words.
        primary_metric: its name.
        interval: the middle 95 % of the best trial's metric when its rows are resampled. The
            best of many looks a little better than it is; `test_metrics` does not.
        test_metrics: of the best trial, fitted on training and validation rows, on test rows
            that had no part in any choice.
        test_interval: the middle 95 % of the primary metric when the test rows are resampled.
        evaluation: how trials were compared, in words.
        data_used: number of rows in the table and of those used, by part and kind of model.
        warnings: what a person should know before trusting the result.
        failed: trials that ended in an error, with the reason.
        unfinished: number of trials that were running when the time was up.
        exploration_path: the notebook that looks at the data.
        duration: seconds from the call to this summary.
    """

    experiment: "mlflow.entities.Experiment"
    trials: list[TrialInfo]
    primary_metric: str
    interval: tuple[float, float]
    test_metrics: dict[str, float]
    test_interval: tuple[float, float]
    evaluation: str
    data_used: dict[str, int]
    warnings: list[str]
    failed: list[str]
    unfinished: int
    exploration_path: str
    duration: float

    @property
    def best_trial(self) -> TrialInfo:
        """The trial with the best primary metric."""
        return self.trials[0]

    @property
    def metric_distribution(self) -> str:
        """Smallest, quartiles and largest of the primary metric over the trials."""
        import numpy as np

        values = [trial.evaluation_metric_score for trial in self.trials]
        low, first, middle, third, high = np.percentile(values, [0, 25, 50, 75, 100])
        return (
            f"{len(values)} trials: smallest {low:.4g}, quartiles {first:.4g}, {middle:.4g}, "
            f"{third:.4g}, largest {high:.4g}"
        )

    def leaderboard(self) -> "pd.DataFrame":
        """One row per trial, the best first."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "trial": trial.number,
                    "model": trial.model_description,
                    self.primary_metric: trial.evaluation_metric_score,
                    "seconds": round(trial.duration, 2),
                    "rows": trial.rows,
                    "notebook": Path(trial.notebook_path).name,
                }
                for trial in self.trials
            ]
        )

    def register(self, name: str, trial: TrialInfo | None = None) -> Any:
        """Register the best trial's model, or another's, as a new version of `name`.

        Returns:
            MLflow's ModelVersion.
        """
        import mlflow

        chosen = trial or self.best_trial
        with chosen._kit.tracking.current():
            model = chosen.keep_model()
            with redirect_stderr(io.StringIO()):  # where MLflow says that it did as it was told
                version = mlflow.register_model(model, name)
            return mlflow.MlflowClient().update_model_version(
                name,
                version.version,
                f"{chosen.model_description}; {self.primary_metric} "
                f"{chosen.evaluation_metric_score:.4g} ({self.evaluation})",
            )

    def serve(self, trial: TrialInfo | None = None, port: int = 0) -> "Server":
        """Serve the best trial's model, or another's, over REST on this machine.

        Args:
            trial: another than the best.
            port: 0 takes a free one.

        Returns:
            The running server, with `url`, `predict(frame)` and `stop()`; it is also a context.
        """
        from course_utils.automl.serving import Server

        chosen = trial or self.best_trial
        return Server(chosen.keep_model(), chosen._kit.tracking.uri, port)

    def __str__(self) -> str:
        best = self.best_trial
        metric = self.primary_metric
        low, high = self.interval
        test_low, test_high = self.test_interval
        lines = [
            f"Best of {len(self.trials)} trials: number {best.number}, {best.model_description}.",
            f"{metric} {best.evaluation_metric_score:.4g} ({low:.4g} to {high:.4g}), "
            f"{self.evaluation}.",
            f"On the test rows: {metric} {self.test_metrics[metric]:.4g} "
            f"({test_low:.4g} to {test_high:.4g}).",
            "Rows: " + ", ".join(f"{key} {value:,}" for key, value in self.data_used.items()) + ".",
            f"Notebook: {best.notebook_path}",
            f"Experiment: {self.experiment.name}. It took {self.duration:.0f} s.",
        ]
        if self.failed:
            lines.append(f"{len(self.failed)} trials failed; see failed.")
        return "\n".join([*lines, *(f"Warning: {note}" for note in self.warnings)])
