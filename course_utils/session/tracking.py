"""MLflow tracking and registry in one SQLite database of the course."""

import fcntl
import logging
import os
import sqlite3
import sys
from pathlib import Path

from course_utils import paths
from course_utils.session import settings


def set_experiment(name: str) -> str:
    """Log all further MLflow runs of this process to the experiment `name`.

    The database and the experiment are made when they do not exist yet; workers of the session
    log to the same place.

    Returns:
        The experiment's id.
    """
    prepare_tracking()
    import mlflow
    from mlflow.entities import LifecycleStage
    from mlflow.exceptions import MlflowException

    uri = settings.tracking_uri()
    os.environ["MLFLOW_TRACKING_URI"] = uri  # for processes that this one starts
    # A bar for each load of a model, on stderr, which costs a graded cell its points
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    mlflow.set_tracking_uri(uri)
    mlflow.set_registry_uri(uri)
    client = mlflow.MlflowClient()
    found = client.get_experiment_by_name(name)
    if found is None:
        try:
            client.create_experiment(name, artifact_location=_artifacts().as_uri())
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":  # another notebook was faster
                raise
    elif found.lifecycle_stage == LifecycleStage.DELETED:
        client.restore_experiment(found.experiment_id)
    return mlflow.set_experiment(name).experiment_id


def prepare_tracking() -> None:
    """Make the database if need be; set-up calls it, so that no notebook waits for it."""
    database = _folder() / "mlflow.db"
    ready = _folder() / ".ready"
    if ready.is_file() and database.is_file():
        return
    _artifacts().mkdir(parents=True, exist_ok=True)
    with (_folder() / ".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # three notebooks may come here at once
        if ready.is_file() and database.is_file():
            return
        with sqlite3.connect(database) as connection:
            # Readers go on while one writes; the setting stays with the file.
            connection.execute("PRAGMA journal_mode=WAL")
        connection.close()
        for chatty in ("alembic", "mlflow.store.db.utils"):
            logging.getLogger(chatty).setLevel(logging.WARNING)
        from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

        SqlAlchemyStore(settings.tracking_uri(), _artifacts().as_uri())
        ready.touch()


def mlflow_ui(port: int) -> list[str]:
    """The command line that serves MLflow's pages on http://127.0.0.1:port."""
    prepare_tracking()
    return [
        *(sys.executable, "-m", "mlflow", "server"),
        *("--backend-store-uri", settings.tracking_uri()),
        *("--default-artifact-root", _artifacts().as_uri()),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
    ]


def _folder() -> Path:
    return paths.mlflow()


def _artifacts() -> Path:
    return _folder() / "artifacts"
