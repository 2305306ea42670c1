"""The Delta tables of a feature store: made, merged into, overwritten and read, never half."""

import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from course_utils.errors import CourseError
from course_utils.features.registry import TableEntry
from course_utils.features.values import quote

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

TIME_TYPES = ("timestamp", "timestamp_ntz", "date")
_COUNT = "__count"  # no column of a user's
AsOf = int | str | datetime  # a version, or a moment


def column_types(df: "DataFrame") -> dict[str, str]:
    """Column → type, as Spark prints it."""
    return {field.name: field.dataType.simpleString() for field in df.schema.fields}


class Tables:
    """The tables in one folder, which every worker of the session must see, too."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> str:
        """Where the Delta table is."""
        return str(self._folder / name)

    def create(self, entry: TableEntry, df: "DataFrame") -> None:
        """Write a new table; nothing is there if that fails.

        Raises:
            CourseError: `df` breaks a rule of `entry`.
        """
        _check_columns(entry, df)
        final = Path(self.path(entry.name))
        partial = self._folder / f".{uuid.uuid4().hex}"
        with checked_rows(entry, df) as rows, _needs_delta():
            try:
                writer = rows.write.format("delta").partitionBy(*entry.partition_columns)
                writer.save(str(partial))
                # What an interrupted call may have left: the catalog has no such table.
                shutil.rmtree(final, ignore_errors=True)
                partial.rename(final)
            finally:
                shutil.rmtree(partial, ignore_errors=True)

    def write(self, entry: TableEntry, df: "DataFrame", mode: str) -> None:
        """Merge rows into a table by its keys, or put them in place of all it has.

        Columns that are new become features; a merge leaves features that `df` lacks as they are.

        Raises:
            CourseError: `df` breaks a rule of the table, which stays as it was.
        """
        _check_columns(entry, df)
        with checked_rows(entry, df) as rows, _needs_delta():
            if mode == "overwrite":
                writer = rows.write.format("delta").mode("overwrite").option("mergeSchema", "true")
                writer.save(self.path(entry.name))
                return
            from delta.tables import DeltaTable

            same = " AND ".join(f"old.{quote(key)} = new.{quote(key)}" for key in entry.row_keys)
            (
                DeltaTable.forPath(rows.sparkSession, self.path(entry.name))
                .alias("old")
                .merge(rows.alias("new"), same)
                .withSchemaEvolution()
                .whenMatchedUpdateAll()
                .whenNotMatchedInsertAll()
                .execute()
            )

    def read(self, spark: "SparkSession", name: str, as_of: AsOf | None = None) -> "DataFrame":
        """The table as it is, or as it was at a version or a moment.

        Raises:
            CourseError: it has no such version, or no files.
        """
        reader = spark.read.format("delta")
        if as_of is not None:
            reader = reader.option("versionAsOf", self.version(spark, name, as_of))
        from pyspark.errors import PySparkException

        try:
            return reader.load(self.path(name))
        except PySparkException as error:
            if _no_delta(error):
                raise _without_delta(error) from None
            newest = self.version(spark, name)
            if as_of is None:
                raise
            raise CourseError(
                f"Feature table {name} can't be read as of {as_of}: it has the versions 0 to "
                f"{newest}. Give one of them, or a moment since the table was created."
            ) from None

    def version(self, spark: "SparkSession", name: str, as_of: AsOf | None = None) -> int:
        """The number of the table's version now, or of the one that was there at a moment.

        Raises:
            CourseError: the table was made later, or its files are gone.
        """
        if as_of is None:
            # Each version is one commit; Delta names its file by the number, in 20 digits
            commits = Path(self.path(name), "_delta_log").glob("[0-9]" * 20 + ".json")
            numbers = [int(commit.stem) for commit in commits]
            if not numbers:
                raise CourseError(
                    f"The files of feature table {name} are gone from {self.path(name)}. Put them "
                    f"back, or drop_table({name!r}) and create it anew."
                )
            return max(numbers)
        if isinstance(as_of, int):
            return as_of
        from delta.tables import DeltaTable
        from pyspark.sql import functions as sf

        with _needs_delta():
            history = DeltaTable.forPath(spark, self.path(name)).history()  # newest first
            until = sf.col("timestamp") <= sf.lit(str(as_of)).cast("timestamp")
            newest = history.where(until).select("version").first()
        if newest is None:
            raise CourseError(
                f"Feature table {name} did not exist yet at {as_of}. Give a later moment."
            )
        return int(newest["version"])

    def drop(self, name: str) -> None:
        """Delete the table's files."""
        # Renamed first: a reader finds the whole table or none.
        grave = self._folder / f".{uuid.uuid4().hex}"
        if Path(self.path(name)).exists():
            Path(self.path(name)).rename(grave)
            shutil.rmtree(grave, ignore_errors=True)

    def sources(self, df: "DataFrame") -> tuple[str, ...]:
        """Where the rows of a frame come from: feature tables by name, else files or folders."""
        files: dict[str, list[str]] = {}
        for uri in df.inputFiles():
            files.setdefault(_data_folder(uri), []).append(uri)
        return tuple(self._source(folder, uris) for folder, uris in files.items())

    def _source(self, folder: str, uris: list[str]) -> str:
        if Path(folder).parent == self._folder:
            return Path(folder).name
        name = unquote(uris[0].rsplit("/", 1)[1])
        # One file with a name of its own says more than its folder, which may hold anything.
        alone = len(uris) == 1 and not name.startswith("part-")
        return f"{folder}/{name}" if alone and not _is_delta(Path(folder)) else folder


def _data_folder(uri: str) -> str:
    """The Delta table that a file belongs to, else the folder that it is in."""
    place = urlsplit(uri)
    if place.scheme not in ("", "file"):
        return uri.rsplit("/", 1)[0]
    file = Path(unquote(place.path))
    for folder in file.parents:
        if _is_delta(folder):
            return str(folder)
    return str(file.parent)


def _is_delta(folder: Path) -> bool:
    return (folder / "_delta_log").is_dir()


def check_declaration(entry: TableEntry) -> None:
    """Whether a table can be made as it is declared.

    Raises:
        CourseError: it can't.
    """
    if not re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*){0,2}", entry.name):
        raise CourseError(
            f"{entry.name!r} cannot name a feature table. Use letters, digits and _, with at most "
            "two dots: customers, or ml.churn.customers."
        )
    if not entry.primary_keys:
        raise CourseError(f"Feature table {entry.name} has no primary key. Name at least one.")
    known = ", ".join(entry.columns)
    for key in (*entry.row_keys, *entry.partition_columns):
        if key not in entry.columns:
            raise CourseError(f"Feature table {entry.name} has no column {key!r}; it has: {known}.")
    if entry.timestamp_key and entry.columns[entry.timestamp_key] not in TIME_TYPES:
        raise CourseError(
            f"The time column {entry.timestamp_key!r} of feature table {entry.name} is "
            f"{entry.columns[entry.timestamp_key]}. Cast it to a timestamp or a date."
        )
    if not entry.features:
        raise CourseError(f"Feature table {entry.name} has keys but no features. Add a column.")


def _check_columns(entry: TableEntry, df: "DataFrame") -> None:
    if df.isStreaming:
        raise CourseError(
            f"The frame for feature table {entry.name} is a stream. "
            "Write each of its batches: stream.writeStream.foreachBatch(...)."
        )
    given = column_types(df)
    if len(given) < len(df.columns):
        twice = sorted({name for name in df.columns if df.columns.count(name) > 1})
        raise CourseError(f"The frame has two columns named {twice[0]!r}. Rename one.")
    for key in entry.row_keys:
        if key not in given:
            raise CourseError(
                f"The frame for feature table {entry.name} has no key column {key!r}. "
                "Add it: rows are told apart by it."
            )
    for name, type_name in given.items():
        before = entry.columns.get(name, type_name)
        if type_name != before:
            raise CourseError(
                f"Column {name!r} of feature table {entry.name} is {before}, the frame has "
                f"{type_name}. Cast it: df.withColumn({name!r}, df[{name!r}].cast({before!r}))."
            )


@contextmanager
def checked_rows(entry: TableEntry, df: "DataFrame") -> "Iterator[DataFrame]":
    """The rows of `df`, held fast, after a look at their keys.

    What is checked must be what is written, and a frame with chance or files that change in it
    gives other rows when it is computed again; hence the cache.

    Raises:
        CourseError: a key is null, or the same key comes twice.
    """
    from pyspark.sql import functions as sf

    rows = df.persist()
    try:
        keys = [sf.col(quote(key)) for key in entry.row_keys]
        groups = rows.groupBy(*keys).agg(sf.count("*").alias(_COUNT))
        nulls = [
            sf.sum(sf.when(sf.col(quote(key)).isNull(), sf.col(_COUNT))) for key in entry.row_keys
        ]
        found = groups.agg(sf.max(_COUNT), *nulls).first()
        most, *missing = found if found else (0,)
        for key, count in zip(entry.row_keys, missing, strict=True):
            if count:
                raise CourseError(
                    f"{count} rows for feature table {entry.name} have no {key!r}: a null key can "
                    f"never be looked up. Drop them: df.dropna(subset=[{key!r}])."
                )
        if most and most > 1:
            example = groups.where(sf.col(_COUNT) > 1).drop(_COUNT).first()
            items = example.asDict().items() if example else ()
            shown = ", ".join(f"{key}={value}" for key, value in items)
            raise CourseError(
                f"The frame for feature table {entry.name} has a key more than once ({shown}): "
                "which row is right? Keep one for each key."
            )
        yield rows
    finally:
        rows.unpersist()


@contextmanager
def _needs_delta() -> Iterator[None]:
    from pyspark.errors import PySparkException

    try:
        yield
    except PySparkException as error:
        raise _without_delta(error) from None


def _no_delta(error: Exception) -> bool:
    told = str(error)
    return "DATA_SOURCE_NOT_FOUND" in told or "DELTA_CONFIGURE_SPARK_SESSION" in told


def _without_delta(error: Exception) -> Exception:
    """What to raise: the error, or one line if all that is wrong is a session without Delta."""
    if not _no_delta(error):
        return error
    return CourseError(
        "This Spark session has no Delta Lake, which feature tables are kept in. Make it with "
        "delta.configure_spark_with_delta_pip, or with get_spark of the course."
    )
