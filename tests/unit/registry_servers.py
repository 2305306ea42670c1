"""Registries that the tests of `course_utils.registry` work on."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from mlflow import MlflowClient

import course_utils.registry.approvals  # noqa: F401 - loaded here once, for all processes forked


@cache
def _empty() -> Path:
    """A database with MLflow's tables and nothing in them; making one takes seconds."""
    file = Path(tempfile.mkdtemp(prefix="registry-")) / "mlflow.db"
    MlflowClient(f"sqlite:///{file}").search_experiments()
    return file


def database(folder: Path) -> str:
    """The URI of a new database in `folder`."""
    shutil.copyfile(_empty(), folder / "mlflow.db")
    return f"sqlite:///{folder / 'mlflow.db'}"


def registry(folder: Path, versions: int = 3) -> MlflowClient:
    """A registry in a database of its own, with a model "churn" of some versions."""
    client = MlflowClient(database(folder))
    client.create_registered_model("churn")
    for _ in range(versions):
        client.create_model_version("churn", str(folder / "model"))
    return client
