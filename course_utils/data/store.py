"""The data store: every data set generated where it is missing, and proved by its hash.

<store>/small/          the generated files that datasets/manifest.json has the hashes of
<store>/sibling/        the same files with other numbers (see variant.py), made at first use
<store>/medium-…/       listings at a larger scale, made by Spark
<store>/real-…/         a learner's own listing file
<store>/movielens-…/    a learner's own films and ratings
<store>/in_use.json     which listing file is in use, if it is not the generated one
<store>/ratings_in_use.json   the same for films and ratings
<store>/splits/…/       train and test, for each listing table once
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from course_utils import paths
from course_utils.data.files import alone, fresh, put, sha256, told
from course_utils.data.schema import SMALL_BLOCKS
from course_utils.data.variant import Variant
from course_utils.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

MANIFEST = paths.ROOT / "datasets" / "manifest.json"
_SECTIONS = {Variant.COURSE: "data_sets", Variant.SIBLING: "siblings"}  # of the manifest
_MAKERS = ("numpy", "pandas", "pyarrow")  # whose versions decide the bytes


@dataclass(frozen=True)
class DataSet:
    """One data set: its file at small scale and what writes it.

    Attributes:
        name: as in `load(name)`.
        file: file name in the store.
        about: one line for tables.
        make: writes the file of a variant to the path given and returns its rows.
    """

    name: str
    file: str
    about: str
    make: Callable[[Path, Variant], int]


def _listings(target: Path, variant: Variant) -> int:
    import pandas as pd
    import pyarrow as pa

    from course_utils.data.listings import clean_block

    blocks = [clean_block(i, variant) for i in range(SMALL_BLOCKS)]
    rows = pd.concat(blocks, ignore_index=True)
    return write_parquet(pa.Table.from_pandas(rows, preserve_index=False), target)


def _listings_raw(target: Path, variant: Variant) -> int:
    import pandas as pd

    from course_utils.data.listings import raw_block

    blocks = [raw_block(i, variant) for i in range(SMALL_BLOCKS)]
    return _write_csv(pd.concat(blocks, ignore_index=True), target)


def _customers(target: Path, variant: Variant) -> int:
    from course_utils.data import customers

    return _write_csv(customers.customers(variant), target, sep="|")


def _brennholm(target: Path, variant: Variant) -> int:
    from course_utils.data import brennholm as city

    return _write_csv(city.brennholm(variant), target, sep=city.SEPARATOR, encoding=city.ENCODING)


def _churn(target: Path, variant: Variant) -> int:
    from course_utils.data import churn

    return write_parquet(churn.stored(variant), target)


def _orders(target: Path, variant: Variant) -> int:
    from course_utils.data import orders

    return write_parquet(orders.orders(variant), target)


def _stores(target: Path, variant: Variant) -> int:
    from course_utils.data import orders

    return write_parquet(orders.stores(variant), target)


def _trips(day: int) -> Callable[[Path, Variant], int]:
    def make(target: Path, variant: Variant) -> int:
        from course_utils.data import trips

        return _write_csv(trips.day(day, variant), target, float_format="%.2f")

    return make


def _riders(target: Path, variant: Variant) -> int:
    from course_utils.data import riders

    return write_parquet(riders.riders(variant), target)


def _rider_weeks(target: Path, variant: Variant) -> int:
    from course_utils.data import riders

    return write_parquet(riders.rider_weeks(variant), target)


def _renewals(target: Path, variant: Variant) -> int:
    from course_utils.data import riders

    return write_parquet(riders.renewals(variant), target)


def _devices(target: Path, variant: Variant) -> int:
    from course_utils.data import devices

    return write_parquet(devices.devices(variant), target)


def _readings(target: Path, variant: Variant) -> int:
    from course_utils.data import devices

    return write_parquet(devices.readings(variant), target)


def _films(target: Path, variant: Variant) -> int:
    from course_utils.data import films

    return write_parquet(films.films(variant), target)


def _ratings(target: Path, variant: Variant) -> int:
    from course_utils.data import films

    return write_parquet(films.ratings(variant), target)


def write_parquet(table: "pa.Table", target: Path) -> int:
    """Write a table so that the bytes depend on its values alone; returns its rows."""
    import pyarrow.parquet as pq

    # Not compressed: builds of a compressor differ. No pandas metadata: it names versions.
    pq.write_table(table.replace_schema_metadata(None), target, compression="none")
    return int(table.num_rows)


def _write_csv(rows: "pd.DataFrame", target: Path, **options: Any) -> int:
    rows.to_csv(target, index=False, lineterminator="\n", **{"encoding": "utf-8"} | options)
    return len(rows)


DATA_SETS = {
    item.name: item
    for item in (
        DataSet("listings", "listings.parquet", "holiday flats, cleaned", _listings),
        DataSet("listings_raw", "listings_raw.csv", "the same, as scraped", _listings_raw),
        DataSet("brennholm", "brennholm.csv", "holiday flats of a second city", _brennholm),
        DataSet("churn", "churn.parquet", "telephone customers who stay or leave", _churn),
        DataSet("customers", "customers.txt", "customer records, some twice", _customers),
        DataSet("orders", "orders.parquet", "orders, most at one store", _orders),
        DataSet("stores", "stores.parquet", "the stores of the orders", _stores),
        *(
            DataSet(f"trips_day{n}", f"trips_day{n}.csv", f"bike trips, file of day {n}", _trips(n))
            for n in range(1, 6)
        ),
        DataSet("riders", "riders.parquet", "riders of the bike share", _riders),
        DataSet("rider_weeks", "rider_weeks.parquet", "their last weeks, by week", _rider_weeks),
        DataSet("renewals", "renewals.parquet", "who cancelled, and when", _renewals),
        DataSet("devices", "devices.parquet", "cooling units of a chain of shops", _devices),
        DataSet("readings", "readings.parquet", "what they report, some much more", _readings),
        DataSet("films", "films.parquet", "films that do not exist", _films),
        DataSet("ratings", "ratings.parquet", "how many stars users gave them", _ratings),
    )
}


def data_set(name: str) -> DataSet:
    """The data set of this name.

    Raises:
        CourseError: there is none; the line lists those there are.
    """
    if name not in DATA_SETS:
        raise CourseError(f"There is no data set {name!r}. There are: {', '.join(DATA_SETS)}.")
    return DATA_SETS[name]


def generated(name: str, variant: Variant = Variant.COURSE) -> Path:
    """Where the generated file of a data set is (or will be)."""
    return paths.data() / variant.value / data_set(name).file


@cache
def manifest() -> dict[str, Any]:
    """`datasets/manifest.json`: rows, bytes and hash of each generated file."""
    read: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return read


def known(name: str, variant: Variant = Variant.COURSE) -> dict[str, Any]:
    """What the manifest says of one generated file: `file`, `rows`, `bytes`, `sha256`."""
    entry: dict[str, Any] = manifest()[_SECTIONS[variant]][name]
    return entry


def ensure(names: Iterable[str] | None = None, variant: Variant = Variant.COURSE) -> None:
    """Generate the data sets that are missing or damaged, and prove each by its hash.

    Safe to call at any time and from several processes at once; a run that was killed goes on
    where it stopped.

    Args:
        names: which data sets; all of them when None.
        variant: the course's own data, or their sibling.

    Raises:
        CourseError: unknown name, the store can't be written, or a generated file has not the
            hash of the manifest.
    """
    wanted = [data_set(name) for name in (DATA_SETS if names is None else names)]
    if all(_right(item, variant) for item in wanted):
        return
    folder = paths.data() / variant.value
    with alone(folder):
        for item in wanted:
            if _right(item, variant):
                continue  # another process has made it meanwhile
            new = fresh(folder / item.file)
            with told(folder):
                item.make(new, variant)
                found = sha256(new)
            if found != known(item.name, variant)["sha256"]:
                new.unlink()
                raise CourseError(_mismatch(item.name, variant, found))
            put(new, folder / item.file)


def is_ready(variant: Variant = Variant.COURSE) -> bool:
    """Whether every generated file is there and proved by its hash; changes nothing."""
    return all(_right(item, variant) for item in DATA_SETS.values())


def _right(item: DataSet, variant: Variant) -> bool:
    path, due = generated(item.name, variant), known(item.name, variant)
    return path.is_file() and path.stat().st_size == due["bytes"] and sha256(path) == due["sha256"]


def _mismatch(name: str, variant: Variant, found: str) -> str:
    made_with = manifest()["made_with"]
    here = {maker: version(maker) for maker in _MAKERS}
    others = [f"{maker} {here[maker]}" for maker in _MAKERS if here[maker] != made_with[maker]]
    if others:
        makers = ", ".join(f"{maker} {made_with[maker]}" for maker in _MAKERS)
        why = f"this environment has {', '.join(others)}, the manifest was made with {makers}"
        mend = "Run ./course start, which restores the locked environment."
    else:
        why = "the generator or the manifest was changed"
        mend = "Restore course_utils/data and datasets/manifest.json, or run ./course build."
    which = "Data set" if variant is Variant.COURSE else "The sibling of data set"
    due = known(name, variant)["sha256"]
    return (
        f"{which} {name!r} has the hash {found[:12]}…, not the {due[:12]}… of "
        f"datasets/manifest.json: {why}. {mend}"
    )


def write_manifest() -> bool:
    """Generate every data set and sibling in a temporary folder and write their hashes.

    Returns:
        True when the manifest has changed.
    """
    text = json.dumps(
        {
            "made_with": {maker: version(maker) for maker in _MAKERS},
            **{section: _made(variant) for variant, section in _SECTIONS.items()},
        },
        indent=2,
    )
    before = MANIFEST.read_text(encoding="utf-8") if MANIFEST.exists() else ""
    if before == text + "\n":
        return False
    new = MANIFEST.with_suffix(".json.new")
    new.write_text(text + "\n", encoding="utf-8")
    put(new, MANIFEST)
    manifest.cache_clear()
    return True


def _made(variant: Variant) -> dict[str, dict[str, Any]]:
    """Each data set generated anew: what the manifest says of it."""
    entries = {}
    with TemporaryDirectory() as folder:
        for item in DATA_SETS.values():
            path = Path(folder) / item.file
            rows = item.make(path, variant)
            entries[item.name] = {
                "file": item.file,
                "rows": rows,
                "bytes": path.stat().st_size,
                "sha256": sha256(path),
            }
    return entries


_TRIPS_COLUMNS = (
    "trip_id BIGINT, station STRING, started_at TIMESTAMP, minutes {minutes}, price DOUBLE, "
    "updated_at TIMESTAMP"
)


def schema(name: str) -> str | None:
    """The types to read a text data set with, as DDL; None where every value stays text."""
    if not name.startswith("trips_day"):
        return None
    day = int(name[-1])
    kind = ", bike_kind STRING" if day >= 4 else ""
    return _TRIPS_COLUMNS.format(minutes="STRING" if day == 5 else "INT") + kind


def truth_of(name: str, variant: Variant = Variant.COURSE) -> Any:
    """The truth of a generated data set."""
    home = {
        "stores": "orders",
        "listings_raw": "listings",
        "rider_weeks": "riders",
        "renewals": "riders",
        "readings": "devices",
        "ratings": "films",
    }.get(data_set(name).name, name)
    return import_module(f"course_utils.data.{home.split('_day')[0]}").truth(variant)
