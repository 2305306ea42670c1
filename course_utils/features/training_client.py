"""The part of the client for models: training sets, models packed with lookups, batch scores."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from course_utils.errors import CourseError
from course_utils.features import model as packing
from course_utils.features import resolve, serving
from course_utils.features.declare import FeatureFunction, FeatureLookup, Names, as_names
from course_utils.features.functions import Function, pack
from course_utils.features.names import spell
from course_utils.features.online import without_password
from course_utils.features.registry import Use
from course_utils.features.rules import column_types
from course_utils.features.spec import Join
from course_utils.features.table_client import Keeping
from course_utils.features.tables import AsOf
from course_utils.features.training import TrainingSet, compute

if TYPE_CHECKING:
    from mlflow.models.model import ModelInfo
    from pyspark.sql import DataFrame


class Training(Keeping):
    """Functions, training sets, models, scores."""

    def register_function(self, name: str, function: Function, returns: str = "double") -> None:
        """Keep a Python function for on-demand features; an earlier one of that name is replaced.

        It is called once for each row, with plain Python values and None for a null, in a batch
        as in a request. Models keep the function that they were logged with.

        Args:
            name: what a FeatureFunction calls it.
            function: made with def or lambda; its parameters are what is bound.
            returns: type of its result: boolean, int, bigint, float, double or string.

        Raises:
            CourseError: it can't be kept.
        """
        self._registry.put_function(pack(name, function, returns))

    def create_training_set(
        self,
        df: "DataFrame",
        feature_lookups: Sequence[FeatureLookup | FeatureFunction],
        label: Names | None,
        exclude_columns: Names | None = None,
        *,
        as_of: str | datetime | Mapping[str, AsOf] | None = None,
        use_spark_native_join: bool = False,
        use_timeseries_filtering: bool = False,
    ) -> TrainingSet:
        """Labelled rows with the features that their keys (and times) lead to.

        Args:
            df: keys, event times, labels and whatever else the model gets.
            feature_lookups: lookups and functions.
            label: the column or columns to predict; None if there is none.
            exclude_columns: columns that the model doesn't get, such as keys. A name that is no
                column is passed over.
            as_of: a moment to read all tables at, or a version or moment by table; the tables as
                they are now if left out. A moment without a zone is read in the session's.
            use_spark_native_join: the platform's; the join is Spark's own anyway.
            use_timeseries_filtering: the platform's; rows that no event needs are never shuffled.

        Raises:
            CourseError: the lookups don't fit the frame or the tables.
        """
        spark = self._spark()
        self._check(df, "the training set")
        moments = self._by_table(as_of) if isinstance(as_of, Mapping) else {}

        def version(name: str) -> int:
            when = moments.get(name) if isinstance(as_of, Mapping) else as_of
            return self._tables.version(spark, name, when)

        functions = self._registry.functions()
        spec = resolve.resolve(
            column_types(df),
            feature_lookups,
            () if label is None else as_names(label),
            as_names(exclude_columns or ()),
            self.get_table,
            version,
            functions,
            spark.conf.get("spark.sql.session.timeZone") or "UTC",
        )
        used = {call.function: functions[call.function] for call in spec.calls}
        return TrainingSet(df, spec, self._read_pinned, used)

    def log_model(
        self,
        model: Any,
        artifact_path: str,
        *,
        flavor: Any,
        training_set: TrainingSet,
        registered_model_name: str | None = None,
        await_registration_for: int | None = 300,
        infer_input_example: bool = False,
        extra_pip_requirements: Sequence[str] = (),
        output_schema: Any = None,
        **flavor_arguments: Any,
    ) -> "ModelInfo":
        """Log a model together with its lookups to MLflow, so that keys alone can be scored.

        Args:
            model: the fitted model; its input is `load_df()` without the label.
            artifact_path: the logged model's name.
            flavor: an MLflow flavor, such as `mlflow.sklearn`.
            training_set: what the model was trained on.
            registered_model_name: registers a version of it, too.
            await_registration_for: seconds to wait for that.
            infer_input_example: the platform's; the lookups say what a request has, and no example
                is kept.
            extra_pip_requirements: what a server of it installs besides.
            output_schema: of its predictions, as MLflow has it, for the signature.
            flavor_arguments: passed to the flavor's save_model. Where that takes a
                `serialization_format` and none is given, it is "cloudpickle": MLflow's newer
                default refuses forests and functions.

        Returns:
            What MLflow says of the logged model; `model_uri` is what `score_batch` takes.

        Raises:
            CourseError: `flavor` is none.
        """
        spec = training_set.spec
        info = packing.log(
            model,
            artifact_path,
            flavor,
            spec,
            training_set.functions,
            without_password(self._online_uri),
            packing.Wanted(
                registered_model_name,
                await_registration_for,
                tuple(extra_pip_requirements),
                output_schema,
            ),
            flavor_arguments,
        )
        version = info.registered_model_version
        name = f"{registered_model_name}/{version}" if registered_model_name else None
        self._registry.add_uses(
            [
                Use(info.model_uri, name, join.table, join.version, output.feature)
                for join in spec.joins
                for output in join.outputs
            ]
        )
        return info

    def score_batch(
        self,
        model_uri: str,
        df: "DataFrame",
        result_type: str = "double",
        *,
        use_spark_native_join: bool = False,
    ) -> "DataFrame":
        """Score the rows of a frame that has the keys, by features as the tables hold them now.

        Args:
            model_uri: a model logged with `log_model`.
            df: keys, event times where the lookups have them, and the other columns of the
                training frame that the model gets. A feature that is there is used as it is.
            result_type: Spark's name for the type of a prediction.
            use_spark_native_join: the platform's; the join is Spark's own anyway.

        Returns:
            The frame, the features that were looked up, and `prediction`. Rows are computed when
            they are used, but a frame that could have others each time is computed at once and
            kept, where its keys and times are few.

        Raises:
            CourseError: there is no such model, or the frame lacks a column.
        """
        self._check(df, model_uri)
        folder = packing.fetch(model_uri)
        spec = serving.load_spec(folder)
        given = df.toDF(*spell(df.columns, tuple(spec.types())))  # as the model spells them
        resolve.check_frame(spec, column_types(given), model_uri)
        found = compute(given, spec, self._read_current, serving.load_functions(folder))
        scored = packing.predict(found, folder, spec, result_type)
        return scored.toDF(*df.columns, *scored.columns[len(df.columns) :])

    def _read_pinned(self, join: Join) -> "DataFrame":
        return self.read_table(join.table, join.version)

    def _read_current(self, join: Join) -> "DataFrame":
        found = self.get_table(join.table)
        for output in join.outputs:
            if found.columns.get(output.feature) != output.type:
                raise CourseError(
                    f"The model needs {output.feature!r} ({output.type}) of {join.table}, which "
                    "is another table now. Write the feature again, or train a model anew."
                )
        return self.read_table(join.table)

    def _by_table(self, as_of: Mapping[str, AsOf]) -> dict[str, AsOf]:
        """Versions and moments by the tables' own names."""
        return {self.get_table(name).name: when for name, when in as_of.items()}
