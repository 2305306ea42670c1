"""The Delta tables of a feature store: made, merged into, overwritten and read, never half."""

import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from course_utils.errors import CourseError
from course_utils.features.names import unused
from course_utils.features.registry import TableEntry
from course_utils.features.repeat import kept, release
from course_utils.features.rules import fitting
from course_utils.features.values import micros, own, quote

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

_ATTEMPTS = 20  # of a write that others overtake
_PAUSE = 0.1  # seconds more after each
AsOf = int | str | datetime  # a version, or a moment


class Tables:
    """The tables in one folder, which every worker of the session must see, too.

    Args:
        folder: where they are made.
        elsewhere: gives the folders of tables that were not made here, by name.
    """

    def __init__(self, folder: Path, elsewhere: Callable[[], Mapping[str, str]]) -> None:
        self._folder = folder
        self._elsewhere = elsewhere

    def path(self, name: str) -> str:
        """Where the Delta table is."""
        return self._elsewhere().get(name) or str(self._folder / name)

    @contextmanager
    def made(self, entry: TableEntry, df: "DataFrame") -> Iterator[Callable[[], None]]:
        """A new table's files, which the call that is given puts into their place.

        Until then, and if it is not called, nothing is there.

        Raises:
            CourseError: `df` breaks a rule of `entry`.
        """
        final = self._folder / entry.name
        partial = self._folder / f".{uuid.uuid4().hex}"

        def place() -> None:
            # What an interrupted call may have left: the catalog has no such table.
            shutil.rmtree(final, ignore_errors=True)
            partial.rename(final)

        try:
            with checked_rows(entry, fitting(entry, df)) as rows, _in_one_line(entry.name):
                writer = rows.write.format("delta").partitionBy(*entry.partition_columns)
                writer.save(str(partial))
            yield place
        finally:
            shutil.rmtree(partial, ignore_errors=True)

    def write(self, entry: TableEntry, df: "DataFrame", mode: str) -> None:
        """Merge rows into a table by its keys, or put them in place of all it has.

        Columns that are new become features; a merge leaves features that `df` lacks as they are.

        Raises:
            CourseError: `df` breaks a rule of the table, or others never stop writing to it. It
                stays as it was.
        """
        with checked_rows(entry, fitting(entry, df)) as rows, _in_one_line(entry.name):
            for attempt in range(_ATTEMPTS):
                self.version(rows.sparkSession, entry.name)  # its files are there
                with suppress(*_overtaken()):
                    return self._write(entry, rows, mode)
                # Whoever was first has written; what is tried again meets the table as it is then
                sleep(attempt * _PAUSE)
        raise CourseError(
            f"Others write to feature table {entry.name} all the time: {_ATTEMPTS} attempts were "
            "each overtaken. Nothing was changed; write again."
        )

    def _write(self, entry: TableEntry, rows: "DataFrame", mode: str) -> None:
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
        as_of = own(as_of)
        if isinstance(as_of, int) and not isinstance(as_of, bool):
            return as_of
        try:
            moment: Any = datetime.fromisoformat(as_of) if isinstance(as_of, str) else as_of
            until = micros(moment, spark.conf.get("spark.sql.session.timeZone"))
        except (TypeError, ValueError, AttributeError):
            raise CourseError(
                f"as_of={as_of!r} for feature table {name} is neither a version nor a moment. Give "
                "a number, a datetime, or a text such as '2024-05-31 18:00'."
            ) from None
        from delta.tables import DeltaTable
        from pyspark.sql import functions as sf

        with _in_one_line(name):
            history = DeltaTable.forPath(spark, self.path(name)).history()  # newest first
            before = history.where(sf.unix_micros("timestamp") <= until)
            newest = before.select("version").first()
        if newest is None:
            raise CourseError(
                f"Feature table {name} did not exist yet at {as_of}. Give a later moment."
            )
        return int(newest["version"])

    @contextmanager
    def dropped(self, name: str) -> Iterator[Callable[[], None]]:
        """Delete the table's files, which the call that is given takes out of their place.

        Files that were not made here stay.
        """
        grave = self._folder / f".{uuid.uuid4().hex}"
        made_here = self._folder / name

        def bury() -> None:
            # Renamed first: a reader finds the whole table or none.
            if made_here.exists():
                made_here.rename(grave)

        yield bury
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
        for table, place in self._elsewhere().items():
            if place == folder:
                return table
        name = unquote(uris[0].rsplit("/", 1)[1])
        # One file with a name of its own says more than its folder, which may hold anything.
        alone = len(uris) == 1 and not name.startswith("part-")
        return f"{folder}/{name}" if alone and not _is_delta(Path(folder)) else folder


def _data_folder(uri: str) -> str:
    """The Delta table that a file belongs to, else the folder that it is in."""
    scheme, _, path = uri.partition(":")
    if scheme != "file":
        return uri.rsplit("/", 1)[0]
    path = "/" + path.lstrip("/")
    # Spark escapes some characters of a path and leaves others, such as "#", as they are
    file = next((f for f in (Path(unquote(path)), Path(path)) if f.exists()), Path(unquote(path)))
    for folder in file.parents:
        if _is_delta(folder):
            return str(folder)
    return str(file.parent)


def _is_delta(folder: Path) -> bool:
    return (folder / "_delta_log").is_dir()


@contextmanager
def checked_rows(entry: TableEntry, df: "DataFrame") -> "Iterator[DataFrame]":
    """The rows of `df`, computed once, after a look at their keys.

    What is checked must be what is written, and a frame with chance or files that change in it
    gives other rows when it is computed again. They are no cached frame: that would be the user's
    own, if `df` is cached, and others may drop it.

    Raises:
        CourseError: a key is null, or the same key comes twice.
    """
    from pyspark.sql import functions as sf

    rows = kept(df)
    try:
        keys = [sf.col(quote(key)) for key in entry.row_keys]
        count = unused("count", entry.row_keys)
        groups = rows.groupBy(*keys).agg(sf.count("*").alias(count))
        # NaN is as good as null: no value equals it
        nulls = [sf.sum(sf.when(_is_empty(entry, key), sf.col(count))) for key in entry.row_keys]
        found = groups.agg(sf.max(count), *nulls).first()
        most, *missing = found if found else (0,)
        for key, rows_without in zip(entry.row_keys, missing, strict=True):
            if rows_without:
                raise CourseError(
                    f"{rows_without} rows for feature table {entry.name} have no {key!r}: a null "
                    f"key can never be looked up. Drop them: df.dropna(subset=[{key!r}])."
                )
        if most and most > 1:
            example = groups.where(sf.col(count) > 1).drop(count).first()
            items = example.asDict().items() if example else ()
            shown = ", ".join(f"{key}={value}" for key, value in items)
            raise CourseError(
                f"The frame for feature table {entry.name} has a key more than once ({shown}): "
                "which row is right? Keep one for each key."
            )
        yield rows
    finally:
        release(rows)


def _is_empty(entry: TableEntry, key: str) -> "Column":
    from pyspark.sql import functions as sf

    column = sf.col(quote(key))
    is_float = entry.columns[key] in ("float", "double")
    return column.isNull() | sf.isnan(column) if is_float else column.isNull()


@contextmanager
def _in_one_line(name: str) -> Iterator[None]:
    """Tell what Delta refuses in one line; what goes wrong in a user's own frame passes through."""
    from pyspark.errors import AnalysisException, PySparkException

    try:
        yield
    except PySparkException as error:
        told = _without_delta(error)
        if told is error and isinstance(error, AnalysisException):
            why = str(error).strip().splitlines()[0]
            raise CourseError(f"Delta Lake refuses this for feature table {name}: {why}") from None
        raise told from None


def _overtaken() -> tuple[type[Exception], ...]:
    """What Delta raises where another commit came first: classes without a base of their own."""
    from delta import exceptions as delta

    return (
        delta.ConcurrentAppendException,
        delta.ConcurrentDeleteDeleteException,
        delta.ConcurrentDeleteReadException,
        delta.ConcurrentTransactionException,
        delta.ConcurrentWriteException,
        delta.DeltaConcurrentModificationException,
        delta.MetadataChangedException,
        delta.ProtocolChangedException,
    )


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
