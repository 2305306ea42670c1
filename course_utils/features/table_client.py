"""The part of the client that makes, writes, reads and drops feature tables."""

import getpass
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from course_utils.errors import CourseError
from course_utils.features import catalog
from course_utils.features.declare import Names, as_names
from course_utils.features.find_client import Finding
from course_utils.features.names import spell
from course_utils.features.registry import TableEntry, exists
from course_utils.features.rules import check_declaration, column_types, fitting
from course_utils.features.tables import AsOf, checked_rows

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.streaming import StreamingQuery
    from pyspark.sql.types import StructType

_OFTEN = {"processingTime": "5 seconds"}  # how often a stream is written


class Keeping(Finding):
    """The life of a feature table."""

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
        empty = None if schema is None else self._spark().createDataFrame([], schema)
        df = empty if df is None else df
        if df is None:
            raise CourseError(f"Feature table {name} needs a frame or a schema: give one of them.")
        other = self._registry.get(name)
        if other is not None:
            raise exists(other.name)
        self._check(df, f"feature table {name}")
        if empty is not None and column_types(df) != column_types(empty):
            raise CourseError(
                f"The frame for feature table {name} has other columns than the schema. Leave one "
                "of them out, or make them alike."
            )
        entry = _entry(name, df, primary_keys, times, partition_columns, description, tags, owner)
        with self._tables.made(entry, df) as place:  # what is wrong with the frame is said here
            entry = replace(entry, sources=self._tables.sources(df))
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
