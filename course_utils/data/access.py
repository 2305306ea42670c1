"""What notebooks and commands ask for: data by name, wherever it comes from."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, overload

from course_utils.data import store
from course_utils.data.in_use import RATED, InUse, in_use, ratings_in_use
from course_utils.data.scale import SCALED, ensure_scaled, scale
from course_utils.data.schema import COLUMNS, SMALL_BLOCKS
from course_utils.data.truth import (
    BrennholmTruth,
    ChurnTruth,
    CustomersTruth,
    OrdersTruth,
    RatingsTruth,
    ReadingsTruth,
    RidersTruth,
    TripsTruth,
    Truth,
)
from course_utils.data.variant import Variant, variant
from course_utils.errors import CourseError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


_AnyTruth = (
    Truth
    | BrennholmTruth
    | ChurnTruth
    | CustomersTruth
    | OrdersTruth
    | RatingsTruth
    | ReadingsTruth
    | RidersTruth
    | TripsTruth
)


@dataclass(frozen=True)
class Entry:
    """One data set in the table that `./course data list` prints.

    Attributes:
        name: as in `load(name)`.
        about: what it is, a few words.
        rows: how many.
        source: "generated, small", "sibling", or the learner's file.
    """

    name: str
    about: str
    rows: int
    source: str


def active_session() -> "SparkSession":
    """The session that is running.

    Raises:
        CourseError: none is.
    """
    from pyspark.errors import PySparkRuntimeError
    from pyspark.sql import SparkSession

    try:
        return SparkSession.active()
    except PySparkRuntimeError as error:
        raise CourseError(
            "No Spark session is running, so there is nothing to load data with. "
            'Call get_spark("…") with the name of this notebook first.'
        ) from error


def load(name: str) -> "DataFrame":
    """One data set as a DataFrame on the running session, generated first where it is missing.

    Types are as on the card in datasets/: every column of `listings_raw`, `brennholm` and
    `customers` is text; all other data sets are typed (minutes of day 5 of the trips are text).

    Args:
        name: "listings", "listings_raw", "brennholm", "churn", "customers", "orders", "stores",
            "trips_day1" to "trips_day5", "riders", "rider_weeks", "renewals", "devices",
            "readings", "films", "ratings".

    Raises:
        CourseError: unknown name, no session, or the data can't be had.
    """
    spark = active_session()
    path = locate(name)
    if name == "listings":
        return spark.read.parquet(path).select(*COLUMNS)
    if store.data_set(name).file.endswith(".parquet"):
        return spark.read.parquet(path)
    if name == "listings_raw":
        return spark.read.csv(path, header=True, multiLine=True, quote='"', escape='"')
    if name == "brennholm":
        return spark.read.csv(
            path, header=True, sep=";", encoding="ISO-8859-1", multiLine=True, escape='"'
        )
    if name == "customers":
        return spark.read.csv(path, header=True, sep="|")
    return spark.read.csv(path, header=True, schema=store.schema(name))


def locate(name: str, generated: bool = False) -> str:
    """Absolute path of a data set's file (above small scale: its folder), for `spark.read`.

    Where COURSE_SIBLING is set, this and all other functions here give the sibling of the
    generated data, at small scale, whatever else is in use.

    `listings_raw` is CSV with quoted line breaks; `brennholm` is text in Latin-1 separated by ";",
    with quoted line breaks; `customers` is text separated by "|"; the trips are CSV. All text
    files have a header. All other data sets are Parquet.

    Args:
        name: as in `load(name)`.
        generated: the generated file, even where a learner's own one is in use.

    Raises:
        CourseError: unknown name, or the data can't be had.
    """
    store.data_set(name)
    asked = variant()
    if name in SCALED and asked is Variant.COURSE:
        real = None if generated else in_use()
        if real is not None:
            return str(_of_real(real, name))
        if not scale().small:
            return str(ensure_scaled(active_session(), name))
    own = None if generated else _own_ratings(name, asked)
    if own is not None:
        return str(own.table(name))
    store.ensure([name], asked)
    return str(store.generated(name, asked))


def _own_ratings(name: str, asked: Variant) -> InUse | None:
    """The learner's films and ratings, where they stand in for this data set."""
    return ratings_in_use() if name in RATED and asked is Variant.COURSE else None


def _of_real(real: InUse, name: str) -> Path:
    if name == "listings":
        return real.cleaned
    if real.raw is None:
        raise CourseError(
            f"There is no raw file: {real.file} is in use, which is already cleaned. "
            "Use a raw CSV (./course data use FILE) or generated data (./course data reset)."
        )
    return real.raw


@overload
def get_truth(name: Literal["listings", "listings_raw"] = ...) -> Truth | None: ...
@overload
def get_truth(name: Literal["brennholm"]) -> BrennholmTruth: ...
@overload
def get_truth(name: Literal["churn"]) -> ChurnTruth: ...
@overload
def get_truth(name: Literal["customers"]) -> CustomersTruth: ...
@overload
def get_truth(name: Literal["orders", "stores"]) -> OrdersTruth: ...
@overload
def get_truth(name: Literal["riders", "rider_weeks", "renewals"]) -> RidersTruth: ...
@overload
def get_truth(name: Literal["devices", "readings"]) -> ReadingsTruth: ...
@overload
def get_truth(name: Literal["films", "ratings"]) -> RatingsTruth | None: ...
@overload
def get_truth(
    name: Literal["trips_day1", "trips_day2", "trips_day3", "trips_day4", "trips_day5"],
) -> TripsTruth: ...
@overload
def get_truth(name: str) -> _AnyTruth | None: ...
def get_truth(name: str = "listings") -> _AnyTruth | None:
    """What is known about a generated data set because it was put there.

    Returns:
        For listings a `Truth` (coefficients and noise of log(price)); for churn the probability
        of leaving of each customer; for devices and readings the law of each device; for films
        and ratings the factors; for the other data sets their counts. None for listings, and for
        films and ratings, while a learner's own file stands in for them.

    Raises:
        CourseError: unknown name.
    """
    store.data_set(name)
    asked = variant()
    if asked is Variant.COURSE and name in SCALED and in_use() is not None:
        return None
    if _own_ratings(name, asked) is not None:
        return None
    truth: _AnyTruth = store.truth_of(name, asked)
    return truth


def listing() -> list[Entry]:
    """Every data set, how many rows it has, and where they come from."""
    if variant() is Variant.SIBLING:
        return [
            Entry(item.name, item.about, store.known(item.name, Variant.SIBLING)["rows"], "sibling")
            for item in store.DATA_SETS.values()
        ]
    real, rated, size = in_use(), ratings_in_use(), scale()
    return [
        _entry(item, rated if item.name in RATED else real, size.blocks, size.name)
        for item in store.DATA_SETS.values()
    ]


def _entry(item: store.DataSet, real: InUse | None, blocks: int, name: str) -> Entry:
    rows = store.known(item.name)["rows"]
    if item.name in RATED and real is not None:
        count = real.rows if item.name == "ratings" else real.films or 0
        return Entry(item.name, item.about, count, real.file)
    if item.name not in SCALED:
        return Entry(item.name, item.about, rows, "generated")
    if real is not None:
        count = real.rows if item.name == "listings" else real.raw_rows or 0
        source = real.file if count else f"none: {real.file} is already cleaned"
        return Entry(item.name, item.about, count, source)
    return Entry(item.name, item.about, rows * blocks // SMALL_BLOCKS, f"generated, {name}")
