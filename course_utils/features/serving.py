"""What runs where a packed model is served: features from the online store, then the model.

MLflow loads this module with the model. No Spark: a request is answered in plain Python, unless
the model itself is Spark's.
"""

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course_utils.errors import CourseError
from course_utils.features.functions import Function, call_rows
from course_utils.features.online import OnlineStore, OnlineTable, at_serving, open_store
from course_utils.features.spec import FeatureSpec, Join
from course_utils.features.values import as_series, decode, from_json, is_null, key_text, own

if TYPE_CHECKING:
    import pandas as pd

SPEC, FUNCTIONS, ONLINE, RAW_MODEL = "feature_spec.json", "functions.pkl", "online.txt", "raw_model"


def _load_pyfunc(data_path: str) -> "ServedModel":
    # The name is MLflow's: it calls it with the folder that was logged.
    return ServedModel(Path(data_path))


def load_spec(folder: Path) -> FeatureSpec:
    """The lookups packed with a model."""
    return FeatureSpec.from_json((folder / SPEC).read_text(encoding="utf-8"))


def load_functions(folder: Path) -> dict[str, Function]:
    """The on-demand functions packed with a model, by name."""
    packed = pickle.loads((folder / FUNCTIONS).read_bytes())
    return {name: pickle.loads(code) for name, code in packed.items()}


class ServedModel:
    """A model and its lookups; `predict` needs only what the lookups start from."""

    def __init__(self, folder: Path) -> None:
        import mlflow.pyfunc

        self.spec = load_spec(folder)
        online = at_serving((folder / ONLINE).read_text(encoding="utf-8").strip())
        self._lookups = Lookups(self.spec, load_functions(folder), online)
        self._model = mlflow.pyfunc.load_model(str(folder / RAW_MODEL))

    def predict(self, model_input: "pd.DataFrame", params: Mapping[str, Any] | None = None) -> Any:
        """Predictions of the model for each row, in order.

        A feature that `model_input` has is taken from there; the others come from the online
        store as they are now: event times and lookback windows play no part.

        Raises:
            CourseError: a key column is missing, or a table is not published.
        """
        return self._model.predict(self.look_up(model_input))

    def look_up(self, given: "pd.DataFrame") -> "pd.DataFrame":
        """The model's columns, in its order."""
        import pandas as pd

        columns: dict[str, list[Any]] = {
            str(name): [None if is_null(value) else own(value) for value in given[name].tolist()]
            for name in given.columns
        }
        columns = self._lookups.complete(columns, len(given))
        types = self.spec.types()
        found = {name: as_series(columns[name], types[name]) for name in self.spec.model_columns}
        return pd.DataFrame(found).set_axis(given.index)

    def request_columns(self) -> list[tuple[str, str]]:
        """What a request must have, name and type."""
        return request_columns(self.spec)


class Lookups:
    """The lookups and functions of a specification, for the rows of a request."""

    def __init__(self, spec: FeatureSpec, functions: Mapping[str, Function], online: str) -> None:
        self._spec = spec
        self._functions = functions
        self._online = online
        self._store: OnlineStore | None = None

    def complete(self, given: dict[str, list[Any]], rows: int) -> dict[str, list[Any]]:
        """The columns of a request with those that they lead to, as plain values.

        Raises:
            CourseError: a column is missing, or a table is not published.
        """
        columns = dict(given)
        for join in self._spec.joins:
            if any(output.name not in columns for output in join.outputs):
                columns = self._join(join, columns, rows) | columns
        for call in self._spec.calls:
            if call.output not in columns:
                self._require([column for _, column in call.bindings], columns)
                done = call_rows(self._functions[call.function], call, columns, rows)
                columns[call.output] = done.to_pylist()
        self._require(self._spec.model_columns, columns)
        return columns

    def _join(self, join: Join, columns: dict[str, list[Any]], rows: int) -> dict[str, list[Any]]:
        self._require([column for column, _ in join.keys], columns)
        keys = list(zip(*(columns[column] for column, _ in join.keys), strict=True))
        if self._store is None:
            self._store = open_store(self._online)
        found = read_online(self._store, join.table, keys)
        return {
            output.name: [
                decode(output.default, output.type) if row is None else row.get(output.feature)
                for row in found
            ]
            for output in join.outputs
        }

    def _require(self, names: Any, columns: Mapping[str, Any]) -> None:
        for name in names:
            if name not in columns:
                raise CourseError(
                    f"The request has no column {name!r}, which the lookups start from. "
                    f"Send: {', '.join(name for name, _ in request_columns(self._spec))}."
                )


def request_columns(spec: FeatureSpec) -> list[tuple[str, str]]:
    """The inputs that matter at request time: without those that only say when."""
    needed = {column for join in spec.joins for column, _ in join.keys}
    needed |= {column for call in spec.calls for _, column in call.bindings}
    needed |= set(spec.model_columns)
    return [(name, type_name) for name, type_name in spec.inputs if name in needed]


def read_online(
    store: OnlineStore, name: str, keys: list[tuple[Any, ...]], table: OnlineTable | None = None
) -> list[dict[str, Any] | None]:
    """The features of each key, None where the store has none, in the order asked.

    Raises:
        CourseError: the table is not published, or a key is not of its type.
    """
    table = table or store.describe(name)
    if table is None:
        raise CourseError(
            f"Feature table {name} is not in the online store. Publish it: publish_table({name!r})."
        )
    types = list(table.keys.values())
    texts = [key_text(key, types) for key in keys]
    wanted = [text for text in texts if text is not None]
    rows = dict(zip(wanted, store.get(name, wanted), strict=True))
    return [
        None if text is None or (row := rows[text]) is None else from_json(row, table.features)
        for text in texts
    ]
