"""Every trial as a run of one MLflow experiment."""

import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import mlflow


# MLflow has one place and one active experiment in a process, for all of its threads
_ONE_AT_A_TIME = threading.RLock()


class Tracking:
    """One experiment. It is opened beside other work: MLflow takes seconds to import.

    Args:
        name: of the experiment; made if it does not exist, brought back if it was deleted.
        folder: for artifacts, where the store keeps no files itself.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        aside = ThreadPoolExecutor(1)
        self._opened = aside.submit(_open, name, folder)
        aside.shutdown(wait=False)

    @property
    def uri(self) -> str:
        """Where MLflow keeps the experiment."""
        return self._opened.result()[0]

    @property
    def client(self) -> "mlflow.MlflowClient":
        """A client of that place."""
        return self._opened.result()[1]

    @property
    def experiment(self) -> "mlflow.entities.Experiment":
        """The experiment."""
        return self._opened.result()[2]

    def log(
        self,
        name: str,
        params: dict[str, Any],
        metrics: dict[str, float],
        tags: dict[str, str],
        files: list[Path],
        seconds: float,
    ) -> tuple[str, str]:
        """Log a finished trial that took `seconds`. Returns the run's id and artifact URI."""
        from mlflow.entities import Metric, Param, RunTag

        now = int(time.time() * 1000)
        begin = now - int(seconds * 1000)
        run = self.client.create_run(
            self.experiment.experiment_id, start_time=begin, run_name=name, tags=tags
        )
        self.client.log_batch(
            run.info.run_id,
            metrics=[Metric(key, value, now, 0) for key, value in metrics.items()],
            params=[Param(key, str(value)) for key, value in params.items()],
            tags=[RunTag("mlflow.source.name", str(file)) for file in files[:1]],
        )
        for file in files:
            self.client.log_artifact(run.info.run_id, str(file))
        self.client.set_terminated(run.info.run_id, end_time=now)
        return run.info.run_id, run.info.artifact_uri

    def add(self, run_id: str, metrics: dict[str, float], tags: dict[str, str]) -> None:
        """Add metrics and tags to a run."""
        for key, value in metrics.items():
            self.client.log_metric(run_id, key, value)
        for key, text in tags.items():
            self.client.set_tag(run_id, key, text)

    @contextmanager
    def current(self) -> Iterator[None]:
        """Have MLflow's own functions work there for the length of a block."""
        import mlflow

        with _ONE_AT_A_TIME:
            before = mlflow.get_tracking_uri()
            mlflow.set_tracking_uri(self.uri)
            try:
                yield
            finally:
                mlflow.set_tracking_uri(before)

    @contextmanager
    def _experiment_active(self) -> Iterator[None]:
        """MLflow goes on with a run only while its experiment is the active one."""
        import mlflow
        from mlflow.tracking import fluent

        with self.current():
            before = fluent._active_experiment_id
            try:
                mlflow.set_experiment(experiment_id=self.experiment.experiment_id)
                yield
            finally:
                if before is not None:
                    mlflow.set_experiment(experiment_id=before)

    def log_model(self, run_id: str, model: Any, signature: Any, spark: bool) -> str:
        """Keep a fitted model with a run.

        Args:
            run_id: the run.
            model: a scikit-learn pipeline, or a PipelineModel of Spark ML.
            signature: of its input and answers, as MLflow has them.
            spark: whether it is Spark's.

        Returns:
            The URI of the model.
        """
        import warnings

        import mlflow

        for chatty in ("mlflow.sklearn", "mlflow.utils.environment", "mlflow.utils.uv_utils"):
            logging.getLogger(chatty).setLevel(logging.ERROR)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Nested, so that a run of the caller's own stays as it is
            with self._experiment_active(), mlflow.start_run(run_id=run_id, nested=True):
                if spark:
                    import mlflow.spark

                    info = mlflow.spark.log_model(
                        model,
                        artifact_path="model",
                        signature=signature,
                        pip_requirements=requirements("pyspark"),
                    )
                else:
                    info = mlflow.sklearn.log_model(
                        model,
                        name="model",
                        signature=signature,
                        serialization_format="cloudpickle",
                        pip_requirements=requirements(*SINGLE_NODE),
                    )
        return info.model_uri


def _open(name: str, folder: Path) -> tuple[str, Any, Any]:
    for chatty in ("alembic", "mlflow.store.db.utils"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    import mlflow

    uri = mlflow.get_tracking_uri()
    client = mlflow.MlflowClient(uri)
    place = (folder / "artifacts").resolve().as_uri() if uri.startswith("sqlite") else None
    return uri, client, _experiment(client, name, place)


def _experiment(client: Any, name: str, place: str | None) -> Any:
    from mlflow.exceptions import MlflowException

    found = client.get_experiment_by_name(name)
    if found is None:
        try:
            return client.get_experiment(client.create_experiment(name, artifact_location=place))
        except MlflowException:
            found = client.get_experiment_by_name(name)
            if found is None:
                raise  # it was not made meanwhile, by another search
    if found.lifecycle_stage == "deleted":
        client.restore_experiment(found.experiment_id)
    return found


SINGLE_NODE = ("scikit-learn", "pandas", "xgboost-cpu", "lightgbm", "cloudpickle")


def requirements(*names: str) -> list[str]:
    """The packages, those that are installed, with their versions, and MLflow's."""
    from importlib import metadata

    lines = []
    for name in ("mlflow", *names):
        try:
            lines.append(f"{name}=={metadata.version(name)}")
        except metadata.PackageNotFoundError:  # another build of it may be there
            continue
    return lines
