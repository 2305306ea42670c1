"""The client: every name that a user of the feature store calls."""

import getpass
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from course_utils.errors import CourseError
from course_utils.features import catalog, publish, resolve, serving, stores
from course_utils.features import model as packing
from course_utils.features.declare import FeatureFunction, FeatureLookup, Names, as_names
from course_utils.features.endpoints import FeatureServingEndpoint
from course_utils.features.functions import Function, pack
from course_utils.features.names import spell, spelled
from course_utils.features.online import absolute, open_store, without_password
from course_utils.features.online_client import Serving
from course_utils.features.registry import Registry, TableEntry, Use, exists
from course_utils.features.rules import check_declaration, check_frame, column_types, fitting
from course_utils.features.running import is_alive, running
from course_utils.features.spec import Join
from course_utils.features.tables import AsOf, Tables, checked_rows
from course_utils.features.training import TrainingSet, compute

if TYPE_CHECKING:
    from mlflow.models.model import ModelInfo
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.streaming import StreamingQuery
    from pyspark.sql.types import StructType

_OFTEN = {"processingTime": "5 seconds"}  # how often a stream is written


@dataclass(frozen=True)
class Lineage:
    """What feeds a feature table, and what uses it."""

    table: str
    sources: tuple[str, ...]  # feature tables by name, else files or folders
    feeds: tuple[str, ...]  # feature tables made from this one
    models: tuple[Use, ...]


class FeatureEngineeringClient(Serving):
    """Feature tables, training sets, models packed with their lookups, online features.

    Args:
        spark: the session to use; the active one if left out, looked for at the first need.
        root: the folder of the store: Delta tables and the catalog. On a cluster, one that every
            worker sees.
        online: where features are published to: "sqlite:///file", relative to `root`, or
            "redis://host:port/db".
        model_registry_uri: one of the platform's ("databricks…") is taken and means MLflow's
            registry, as it is set.
        feature_store_uri: one of the platform's is taken and means `root`.

    Raises:
        CourseError: an address is none of these.
    """

    def __init__(
        self,
        spark: "SparkSession | None" = None,
        root: str | Path = "./feature_store",
        online: str = "sqlite:///online.db",
        *,
        model_registry_uri: str | None = None,
        feature_store_uri: str | None = None,
    ) -> None:
        for uri, instead in (
            (model_registry_uri, "mlflow.set_registry_uri(...)"),
            (feature_store_uri, "root=..."),
        ):
            if uri is not None and not uri.startswith("databricks"):
                raise CourseError(
                    f"{uri!r} is no address of the platform's. Use {instead} instead."
                )
        self._given_spark = spark
        folder = Path(root).expanduser().resolve()
        self._registry = Registry(folder / "registry.db")
        self._tables = Tables(folder / "tables", self._registry.locations)
        self._online_uri = absolute(online, folder)
        self._store = open_store(self._online_uri)
        self._endpoints: dict[str, FeatureServingEndpoint] = {}

    # Tables

    def create_table(
        self,
        name: str,
        primary_keys: Names,
        df: "DataFrame | None" = None,
        *,
        timeseries_columns: Names | None = None,
        partition_columns: Names | None = None,
        schema: "StructType | None" = None,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        owner: str | None = None,
        timeseries_column: Names | None = None,
        timestamp_keys: Names | None = None,
    ) -> TableEntry:
        """Make a feature table, with the rows of `df` or empty with a schema.

        Args:
            name: "customers", or "ml.churn.customers".
            primary_keys: the columns that name a row's subject. A time column may be among them.
            df: the first rows.
            timeseries_columns: the one column with each row's time, if features have a history.
            partition_columns: how the files are laid out.
            schema: the columns, where there are no rows yet; with `df`, those that it must have.
            description: what the features are.
            tags: anything to find the table by.
            owner: who answers for it; the user who runs this if left out.
            timeseries_column: another spelling of `timeseries_columns`.
            timestamp_keys: an older one.

        Raises:
            CourseError: there is one of that name, or the frame breaks a rule (a key that is
                missing, null or there twice). Nothing is made then.
        """
        times = as_names(timeseries_columns or timeseries_column or timestamp_keys or ())
        if df is None and schema is None:
            raise CourseError(f"Feature table {name} needs a frame or a schema: give one of them.")
        other = self._registry.get(name)
        if other is not None:
            raise exists(other.name)
        df = self._spark().createDataFrame([], schema) if df is None else df
        self._check(df, f"feature table {name}")
        if schema is not None and column_types(df) != {
            field.name: field.dataType.simpleString() for field in schema.fields
        }:
            raise CourseError(
                f"The frame for feature table {name} has other columns than the schema. Leave one "
                "of them out, or make them alike."
            )
        entry = _entry(name, df, primary_keys, times, partition_columns, description, tags, owner)
        entry = replace(entry, sources=self._tables.sources(df))
        with self._tables.made(entry, df) as place:
            self._registry.add(entry, place)
        return entry

    def register_table(
        self,
        *,
        delta_table: str,
        primary_keys: Names,
        timestamp_keys: Names | None = None,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> TableEntry:
        """Make a Delta table of Spark's catalog a feature table; its files stay where they are.

        Args:
            delta_table: its name in the catalog, and in the store.
            primary_keys: the columns that name a row's subject. A time column may be among them.
            timestamp_keys: the one column with each row's time, if features have a history.
            description: what the features are.
            tags: anything to find the table by.

        Returns:
            Its entry; the one there is, if it was registered with the same keys before.

        Raises:
            CourseError: there is no such table, another feature table has its name, or its rows
                break a rule of the keys.
        """
        found = catalog.delta_table(self._spark(), delta_table)
        times, layout = as_names(timestamp_keys or ()), found.partition_columns
        entry = _entry(
            delta_table, found.rows, primary_keys, times, layout, description, tags, None
        )
        other = self._registry.get(delta_table)
        if other is not None:
            known = self._registry.locations().get(other.name) == found.folder
            if known and other.row_keys == entry.row_keys:
                return other
            raise exists(other.name)
        with checked_rows(entry, fitting(entry, found.rows)):
            self._registry.add(entry, lambda: None, found.folder)
        return entry

    def write_table(
        self,
        name: str,
        df: "DataFrame",
        mode: Literal["merge", "overwrite"] = "merge",
        checkpoint_location: str | None = None,
        trigger: Mapping[str, Any] = _OFTEN,
    ) -> "StreamingQuery | None":
        """Update a feature table, in one transaction; from a stream, in one for each batch of it.

        Args:
            name: the table.
            df: the rows. New columns become features; the case of names does not matter.
            mode: "merge" updates rows by key and adds those that are new, leaving features that
                `df` lacks as they are; "overwrite" replaces all rows.
            checkpoint_location: folder in which a stream notes how far it is.
            trigger: when a stream is written, as `DataStreamWriter.trigger` takes it.

        Returns:
            The running query of a stream. A batch that breaks a rule ends it.

        Raises:
            CourseError: the frame breaks a rule of the table (a key that is missing, null or
                there twice, a column of another type), or others write to it without a pause.
                The table is unchanged then.
        """
        if mode not in ("merge", "overwrite"):
            raise CourseError(f"mode={mode!r} is no way to write. Take 'merge' or 'overwrite'.")
        entry = self.get_table(name)
        self._check(df, f"feature table {entry.name}")
        if df.isStreaming:
            return self._write_stream(entry, df, mode, checkpoint_location, trigger)
        self._tables.write(entry, df, mode)

        def columns() -> dict[str, str]:
            return column_types(self._tables.read(df.sparkSession, entry.name))

        self._registry.note_write(entry.name, columns, self._tables.sources(df))
        return None

    def _write_stream(
        self,
        entry: TableEntry,
        df: "DataFrame",
        mode: str,
        checkpoint_location: str | None,
        trigger: Mapping[str, Any],
    ) -> "StreamingQuery":
        if mode != "merge":
            raise CourseError(
                f"A stream is merged into feature table {entry.name} batch by batch; each would "
                "overwrite the one before. Leave mode out."
            )
        fitting(entry, df.sparkSession.createDataFrame([], df.schema))  # told before it runs

        def write(rows: "DataFrame", _: int) -> None:
            self.write_table(entry.name, rows)

        writer = df.writeStream.foreachBatch(write).trigger(**trigger)
        if checkpoint_location is not None:
            writer = writer.option("checkpointLocation", checkpoint_location)
        return writer.start()

    def read_table(
        self, name: str, as_of: AsOf | None = None, as_of_delta_timestamp: AsOf | None = None
    ) -> "DataFrame":
        """The rows of a feature table, or of a table of that name in Spark's catalog.

        Args:
            name: the table.
            as_of: a version number or a moment, to see a feature table as it was then. A moment
                without a zone is read in the session's.
            as_of_delta_timestamp: another spelling of `as_of`.

        Raises:
            CourseError: there is no such table or version.
        """
        as_of = as_of_delta_timestamp if as_of is None else as_of
        spark = self._spark()
        if as_of is None and self._registry.get(name) is None and catalog.holds(spark, name):
            return spark.table(name)
        return self._tables.read(spark, self.get_table(name).name, as_of)

    def get_table(self, name: str) -> TableEntry:
        """What the catalog knows of a table: keys, columns, description, owner, tags, sources.

        Raises:
            CourseError: there is no such table.
        """
        entry = self._registry.get(name)
        if entry is None:
            spark = running()
            if spark is not None and catalog.holds(spark, name):
                raise CourseError(
                    f"{name} is a table of Spark's catalog and no feature table yet. Say what its "
                    f"keys are: register_table(delta_table={name!r}, primary_keys=[...])."
                )
            known = ", ".join(entry.name for entry in self._registry.all()) or "none yet"
            raise CourseError(f"There is no feature table {name!r}. There are: {known}.")
        return entry

    def search_tables(
        self,
        text: str = "",
        *,
        owner: str | None = None,
        tag: str | tuple[str, str] | None = None,
        column: str | None = None,
    ) -> list[TableEntry]:
        """The tables that meet every condition given, by name.

        Args:
            text: a part of the name or of the description, in any case of letters.
            owner: who answers for the table.
            tag: a tag's key, or its key and value.
            column: a column's name.
        """
        return [
            entry
            for entry in self._registry.all()
            if text.lower() in f"{entry.name}\n{entry.description}".lower()
            and owner in (None, entry.owner)
            and _has_tag(entry, tag)
            and (column is None or spelled(column, entry.columns))
        ]

    def set_tag(self, name: str, key: str, value: str) -> None:
        """Set a tag of a table.

        Raises:
            CourseError: there is no such table.
        """
        self._registry.set_tag(self.get_table(name).name, key, value)

    def delete_tag(self, name: str, key: str) -> None:
        """Remove a tag of a table, if it is there.

        Raises:
            CourseError: there is no such table.
        """
        self._registry.set_tag(self.get_table(name).name, key, None)

    def set_feature_table_tag(
        self, *, key: str, value: str, name: str | None = None, table_name: str | None = None
    ) -> None:
        """`set_tag` as the platform's clients call it, the newer with `name`."""
        self.set_tag(name or table_name or "", key, value)

    def delete_feature_table_tag(
        self, *, key: str, name: str | None = None, table_name: str | None = None
    ) -> None:
        """`delete_tag` as the platform's clients call it."""
        self.delete_tag(name or table_name or "", key)

    def drop_table(self, name: str) -> None:
        """Delete a table with all its versions; models that use it can't be scored any more.

        A registered table is only no feature table any more: its files stay.

        Raises:
            CourseError: there is no such table, or it is still in the online store.
        """
        name = self.get_table(name).name
        if self._store.describe(name) is not None:
            raise CourseError(
                f"Feature table {name} is published: requests would go on getting its features. "
                f"First drop_online_table({name!r})."
            )
        with self._tables.dropped(name) as bury:
            self._registry.remove(name, bury)

    def lineage(self, name: str, feature: str | None = None) -> Lineage:
        """What feeds a table, and which tables and models use it (or one of its features).

        Sources are read from the plans of the frames that were written, so they are the files
        that those frames came from; a frame made from Python objects has none.

        Raises:
            CourseError: there is no such table or feature.
        """
        entry = self.get_table(name)
        name = entry.name
        if feature is not None:
            (feature,) = spell([feature], entry.features)
        if feature is not None and feature not in entry.features:
            raise CourseError(
                f"There is no feature {feature!r} in {name}. There are: "
                f"{', '.join(entry.features)}."
            )
        feeds = [other.name for other in self._registry.all() if name in other.sources]
        uses = [use for use in self._registry.uses(name) if feature in (None, use.feature)]
        others = tuple(source for source in entry.sources if source != name)
        return Lineage(name, others, tuple(one for one in feeds if one != name), tuple(uses))

    # Training and scoring

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

    # Online

    def publish_table(
        self,
        name: str | None = None,
        mode: Literal["merge", "overwrite"] = "merge",
        *,
        online_store: stores.NamedStore | None = None,
        source_table_name: str | None = None,
        online_table_name: str | None = None,
        publish_mode: str = "TRIGGERED",
    ) -> publish.OnlineTable:
        """Copy the latest row of each key to the online store; requests see all of it or none.

        Args:
            name: the table.
            mode: "merge" leaves keys online that the table has no more, "overwrite" removes them.
            online_store: a store by name, as `get_online_store` gives it: the keys that the table
                has no more are removed then, whatever `mode` says.
            source_table_name: another spelling of `name`.
            online_table_name: the platform's; features are found by the table's own name.
            publish_mode: "TRIGGERED" or "SNAPSHOT": both copy once.

        Raises:
            CourseError: there is no such table, or a feature has a type that can't be stored.
        """
        if mode not in ("merge", "overwrite"):
            raise CourseError(f"mode={mode!r} is no way to publish. Take 'merge' or 'overwrite'.")
        if publish_mode not in ("TRIGGERED", "SNAPSHOT"):
            raise CourseError(
                f"publish_mode={publish_mode!r} would go on by itself, which nothing here does. "
                "Publish again after each write, with TRIGGERED."
            )
        if online_store is not None:
            if not isinstance(online_store, stores.NamedStore):
                raise CourseError(
                    f"{online_store!r} is no online store of this package. Take one of "
                    "get_online_store, or say online=... where the client is made."
                )
            mode = "overwrite"
        entry = self.get_table(name or source_table_name or "")
        version = self._tables.version(self._spark(), entry.name)
        rows = self._tables.read(self._spark(), entry.name, version)
        return publish.publish(self._store, entry, rows, version, keep_others=mode == "merge")

    def lookup_online(
        self, name: str, keys: Sequence[Mapping[str, Any]]
    ) -> list[dict[str, Any] | None]:
        """The published features of each key, None where there are none, in the order asked.

        Args:
            name: the table.
            keys: the primary keys of each row, by the table's names.

        Raises:
            CourseError: the table is not published, or a key is missing or of another type.
        """
        table = self._store.describe(name)
        if table is None:  # the catalog is asked only then: it would take longer than the lookup
            name = self._spelled(name)
            table = self._store.describe(name)
        names = list(table.keys) if table else []
        parts = []
        for key in keys:
            if not isinstance(key, Mapping):
                raise CourseError(f"{key!r} is no key. Give each as a mapping: {{'id': 1}}.")
            given = dict(zip(spell(map(str, key), names), key.values(), strict=True))
            for part in names:
                if part not in given:
                    raise CourseError(f"Key {dict(key)} of feature table {name} has no {part!r}.")
            parts.append(tuple(given[part] for part in names))
        return serving.read_online(self._store, name, parts, table)

    def check_online_offline(self, name: str, sample: int = 1000) -> publish.Skew:
        """Compare what a request would get with what a batch would, for some keys of a table.

        Args:
            name: the table.
            sample: how many keys at most, chosen by hash: the same ones each time.

        Raises:
            CourseError: the table is not there, or not published.
        """
        entry = self.get_table(name)
        version = self._tables.version(self._spark(), entry.name)
        rows = self._tables.read(self._spark(), entry.name, version)
        return publish.compare(self._store, entry, rows, version, int(sample))

    def drop_online_table(self, name: str, online_store: Any = None) -> None:
        """Remove a table from the online store; the feature table stays.

        Args:
            name: the table.
            online_store: the platform's; there is one.

        Raises:
            CourseError: it is not published.
        """
        if not self._store.drop(self._spelled(name)):
            raise CourseError(f"Feature table {name} is not in the online store: nothing to drop.")

    def _spark(self) -> "SparkSession":
        if self._given_spark is not None:
            if is_alive(self._given_spark):
                return self._given_spark
            raise CourseError(
                "The Spark session that this client was given has ended. Start one and make a "
                "client with it."
            )
        found = running()
        if found is None:
            raise CourseError(
                "No Spark session is active. Start one, or give it: "
                "FeatureEngineeringClient(spark=...)."
            )
        return found

    def _check(self, df: Any, what: str) -> None:
        """Whether what is given is a frame of a session that runs.

        Raises:
            CourseError: it is not.
        """
        check_frame(df, what)
        if not is_alive(df.sparkSession):
            raise CourseError(
                f"The Spark session of the frame for {what} has ended. Start one and read the "
                "frame anew."
            )

    def _spelled(self, name: str) -> str:
        """A table's name as it was created with; one that is no table's stays as it is."""
        entry = self._registry.get(name)
        return entry.name if entry else name

    def _by_table(self, as_of: Mapping[str, AsOf]) -> dict[str, AsOf]:
        """Versions and moments by the tables' own names."""
        return {self.get_table(name).name: when for name, when in as_of.items()}


def _entry(
    name: str,
    df: "DataFrame",
    primary_keys: Names,
    times: tuple[str, ...],
    partition_columns: Names | None,
    description: str | None,
    tags: Mapping[str, str] | None,
    owner: str | None,
) -> TableEntry:
    """What a new table is declared as.

    Raises:
        CourseError: it can't be made so.
    """
    if len(times) > 1:
        raise CourseError(
            f"Feature table {name} has {len(times)} time columns. Name the one that says "
            "since when a row holds."
        )
    times = spell(times, df.columns)
    keys = spell(as_names(primary_keys), df.columns)
    entry = TableEntry(
        name=name,
        primary_keys=tuple(key for key in keys if key not in times),
        timestamp_key=times[0] if times else None,
        partition_columns=spell(as_names(partition_columns or ()), df.columns),
        description=description or "",
        owner=getpass.getuser() if owner is None else owner,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        columns=column_types(df),
        tags=dict(tags or {}),
        sources=(),
    )
    check_declaration(entry)
    return entry


def _has_tag(entry: TableEntry, tag: str | tuple[str, str] | None) -> bool:
    if tag is None:
        return True
    if isinstance(tag, str):
        return tag in entry.tags
    key, value = tag
    return entry.tags.get(key) == value


FeatureStoreClient = FeatureEngineeringClient
