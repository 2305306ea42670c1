"""MLflow's client on a store of a test's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import mlflow
import pytest
from mlflow.tracking import fluent
from mlflow.tracking._model_registry import utils as registry_utils
from mlflow.tracking._tracking_service import utils as tracking_utils


@contextmanager
def mlflow_at(uri: str) -> Iterator[None]:
    """Runs and registry are at `uri`; afterwards MLflow is as it was.

    MLflow's own setters cannot take back what they set: given what its getters said, they pin
    every later client of the process to that place.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", uri)
        # The registry goes where the runs are, as with everybody who names none
        for name in ("MLFLOW_REGISTRY_URI", "MLFLOW_EXPERIMENT_ID"):
            patch.setenv(name, "0")  # so that it is taken back …
            patch.delenv(name)  # … whatever is set meanwhile
        patch.setattr(fluent, "_active_experiment_id", None)
        patch.setattr(tracking_utils, "_tracking_uri", None)
        patch.setattr(registry_utils, "_registry_uri", None)
        mlflow.set_tracking_uri(uri)
        yield


def sqlite_in(folder: Path) -> str:
    """The URI of a database in a folder."""
    return f"sqlite:///{folder / 'mlflow.db'}"
