"""A training set: a frame with the features that its keys lead to, as a recipe and as rows."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from course_utils.errors import CourseError
from course_utils.features.functions import Function, call_frame, unpack
from course_utils.features.join import join_features
from course_utils.features.registry import FunctionEntry
from course_utils.features.spec import FeatureSpec, Join, Output
from course_utils.features.values import quote

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

ReadTable = Callable[[Join], "DataFrame"]


def compute(
    frame: "DataFrame", spec: FeatureSpec, read: ReadTable, functions: Mapping[str, Function]
) -> "DataFrame":
    """The frame with all features of the specification added, one row for each of its rows.

    A feature that the frame already has is taken from there.
    """
    given = set(frame.columns)
    for join in spec.joins:
        wanted = tuple(output for output in join.outputs if output.name not in given)
        if wanted:
            frame = join_features(frame, read(join), replace(join, outputs=wanted))
    for call in spec.calls:
        if call.output not in given:
            frame = call_frame(frame, call, functions[call.function])
    return frame


class TrainingSet:
    """Labelled rows and the features they lead to, at the tables' versions of its making."""

    def __init__(
        self,
        df: "DataFrame",
        spec: FeatureSpec,
        read: ReadTable,
        functions: Mapping[str, FunctionEntry],
    ) -> None:
        self._df = df
        self._read = read
        self.functions = functions
        self.spec = spec

    def load_df(self) -> "DataFrame":
        """The training set: the frame's columns, then the features, without those excluded.

        The rows are computed when they are used; the tables are read at the versions that they
        had when the training set was made, so a second call gives the same rows.
        """
        functions = {name: unpack(entry) for name, entry in self.functions.items()}
        found = compute(self._df, self.spec, self._read, functions)
        kept = {*self.spec.model_columns, *self.spec.label}
        return found.select(*(quote(name) for name in found.columns if name in kept))

    def explain_lookup(self, row: Mapping[str, Any]) -> "DataFrame":
        """Which row of which table version gives each feature of one row.

        Args:
            row: the lookup keys and event times, by column.

        Returns:
            One row for each feature: `feature`, `value` (as text), `table`, `version`,
            `row_time` (of the feature row, as text; null without one), `why`: "found",
            "no row", "too old" or "null key".

        Raises:
            CourseError: a key or an event time is missing in `row`.
        """
        lines = [line for join in self.spec.joins for line in self._explain(join, row)]
        schema = "feature string, value string, table string, version long, row_time string, "
        return self._df.sparkSession.createDataFrame(lines, schema + "why string")

    def _explain(self, join: Join, row: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        from pyspark.sql import functions as sf

        types = dict(self.spec.inputs)
        start = [column for column, _ in join.keys] + ([join.time[0]] if join.time else [])
        for column in start:
            if column not in row:
                raise CourseError(f"The row to explain has no {column!r}, which the lookup needs.")
        schema = ", ".join(f"{quote(column)} {types[column]}" for column in start)
        frame = self._df.sparkSession.createDataFrame([tuple(row[name] for name in start)], schema)
        # The key, or the time, of the row that is found says that there is one.
        marker = join.time[1] if join.time else join.keys[0][1]
        kind = join.time_type or join.key_types[0]
        outputs = [replace(one, name=f"f{place}") for place, one in enumerate(join.outputs)]
        used = replace(join, outputs=(*outputs, Output(marker, "__used", kind)))
        ever = replace(join, outputs=(Output(marker, "__ever", kind),), lookback_us=None)
        features = self._read(join)
        found = join_features(join_features(frame, features, used), features, ever)
        got = found.select(*(sf.col(quote(name)).cast("string") for name in found.columns)).first()
        if got is None:
            return []
        if any(got[column] is None for column in start):
            why = "null key"
        elif got["__used"] is not None:
            why = "found"
        else:
            why = "no row" if got["__ever"] is None else "too old"
        moment = got["__used"] if join.time else None
        return [
            (output.name, got[f"f{place}"], join.table, join.version, moment, why)
            for place, output in enumerate(join.outputs)
        ]
