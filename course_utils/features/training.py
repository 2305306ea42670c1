"""A training set: a frame with the features that its keys lead to, as a recipe and as rows."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any

from course_utils.errors import CourseError
from course_utils.features.functions import Function, call_frame, unpack
from course_utils.features.join import join_all, join_features
from course_utils.features.names import spell
from course_utils.features.registry import FunctionEntry
from course_utils.features.repeat import is_repeatable, kept
from course_utils.features.spec import FeatureSpec, Join, Output
from course_utils.features.values import encode, literal, quote

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
    lookups = []
    for join in spec.joins:
        wanted = tuple(output for output in join.outputs if output.name not in given)
        if wanted:
            lookups.append((read(join), replace(join, outputs=wanted)))
    frame = join_all(frame, lookups)
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
        self._settled: DataFrame | None = None
        self._settling = Lock()
        self._read = read
        self.functions = functions
        self.spec = spec

    def load_df(self) -> "DataFrame":
        """The training set: the frame's columns, then the features, without those excluded.

        The tables are read at the versions that they had when the training set was made. Rows are
        computed when they are used. If the frame could have others each time, by chance or by the
        order in which a limit finds them, the first call computes its rows, in one job, and keeps
        them. So a second call, or a second use, gives the same rows.
        """
        with self._settling:
            if self._settled is None:
                self._settled = self._df if is_repeatable(self._df) else kept(self._df)
        functions = {name: unpack(entry) for name, entry in self.functions.items()}
        found = compute(self._settled, self.spec, self._read, functions)
        wanted = {*self.spec.model_columns, *self.spec.label}
        return found.select(*(quote(name) for name in found.columns if name in wanted))

    def explain_lookup(self, row: Mapping[str, Any]) -> "DataFrame":
        """Which row of which table version gives each feature of one row.

        Args:
            row: the lookup keys and event times, by column. A time without a zone is read in the
                session's.

        Returns:
            One row for each feature: `feature`, `value` (as text), `table`, `version`,
            `row_time` (of the feature row, as text; null without one), `why`: "found",
            "no row", "too old" or "null key".

        Raises:
            CourseError: a key or an event time is missing in `row`, or of another type.
        """
        lines = [line for join in self.spec.joins for line in self._explain(join, row)]
        schema = "feature string, value string, table string, version long, row_time string, "
        return self._df.sparkSession.createDataFrame(lines, schema + "why string")

    def _explain(self, join: Join, row: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        from pyspark.sql import functions as sf

        spark = self._df.sparkSession
        types = dict(self.spec.inputs)
        start = [column for column, _ in join.keys] + ([join.time[0]] if join.time else [])
        given = dict(zip(spell(row, start), row.values(), strict=True))
        zone = spark.conf.get("spark.sql.session.timeZone")
        values = []
        for place, column in enumerate(start):
            if column not in given:
                raise CourseError(f"The row to explain has no {column!r}, which the lookup needs.")
            try:
                value = encode(given[column], types[column], zone)
            except ValueError:
                raise CourseError(
                    f"{given[column]!r} is no {types[column]}, which column {column!r} of the "
                    "training set is. Give a value of its type."
                ) from None
            # Names of its own: those of the results could be there already
            values.append(literal(value, types[column]).alias(f"given{place}"))
        frame = spark.range(1).select(*values)
        keys = tuple((f"given{place}", key) for place, (_, key) in enumerate(join.keys))
        join = replace(join, keys=keys, time=join.time and (f"given{len(keys)}", join.time[1]))
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
        if any(got[column] is None for column in frame.columns):
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
