"""Whether a new version of a model is better than the one in use."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mlflow.exceptions import MlflowException

from course_utils.registry.errors import MISSING, RegistryError
from course_utils.registry.webhooks import Event

if TYPE_CHECKING:
    import pandas as pd


class ChampionCheck:
    """A handler for `Receiver`: compares each new version with the holder of an alias.

    Both are loaded from the current tracking and registry URI and score the same batch.

    Args:
        batch: rows to score, the same each time. `labels`: the truth, one for each row.
        loss: called with labels and predictions; smaller is better.
        alias: whose holder is compared with.
    """

    def __init__(
        self,
        batch: "pd.DataFrame",
        labels: Any,
        loss: Callable[[Any, Any], float],
        alias: str = "champion",
    ) -> None:
        rows, truths = (len(x) if hasattr(x, "__len__") else 0 for x in (batch, labels))
        if not rows or rows != truths or not callable(loss):
            raise RegistryError(
                f"A check needs rows, as many labels, and a function: there are {rows} rows, "
                f"{truths} labels, and the loss is {loss!r:.60}."
            )
        self._batch, self._labels, self._loss, self._alias = batch, labels, loss, alias

    def __call__(self, event: Event) -> str | None:
        """The verdict: "better: …", "not better: …" or "first: …", with the losses.

        None for an event that is not a new version.
        """
        from mlflow import MlflowClient

        if event.name != "model_version.created":
            return None
        name, version = event.data["name"], str(event.data["version"])
        try:
            holder = MlflowClient().get_model_version_by_alias(name, self._alias)
        except MlflowException as error:
            if error.error_code not in (MISSING, "INVALID_PARAMETER_VALUE"):
                raise
            holder = None
        loss = self._measure(name, version)
        if holder is None or str(holder.version) == version:
            return f"first: loss {loss:.6g}, and no other version is {self._alias}"
        other = self._measure(name, str(holder.version))
        word = "better" if loss < other else "not better"
        return f"{word}: loss {loss:.6g} against {other:.6g} of version {holder.version}"

    def _measure(self, name: str, version: str) -> float:
        import mlflow.pyfunc

        model = mlflow.pyfunc.load_model(f"models:/{name}/{version}")
        loss = float(self._loss(self._labels, model.predict(self._batch)))
        if not math.isfinite(loss):
            raise RegistryError(f"The loss of version {version} is {loss}.")
        return loss
