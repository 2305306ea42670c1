"""The questions of lab 01: one customer list from a messy file, and a skewed join.

References are computed from the files in use, in pandas, so that a check spends its Spark jobs
on the learner's frame alone.
"""

import contextlib
import io
import re
from functools import cache, lru_cache
from itertools import combinations
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from course_utils import locate
from course_utils.lab import Answers, Mistake, Question
from course_utils.lab.kinds import describe

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame

SEPARATOR = "|"
COLUMNS = ("given_name", "family_name", "email", "phone", "birth_date", "city", "postcode")
JOINED = ("order_id", "store_id", "amount", "ordered_at", "city", "opened")
FILES = 8
PARTITIONS = 8


# --- what the customer file holds -----------------------------------------------------------------


class _File(NamedTuple):
    """The customer file: its text, a hash per row, and whom each row is about."""

    columns: list[str]
    text: "pd.DataFrame"
    rows: "pd.Series"
    persons: "pd.Series"


def _file() -> _File:
    return _read_file(locate("customers"))


@cache
def _read_file(path: str) -> _File:
    import pandas as pd

    text = pd.read_csv(path, sep=SEPARATOR, dtype=str, keep_default_na=False)
    return _File(list(text.columns), text, _row_hashes(text), _persons(text))


def _row_hashes(text: "pd.DataFrame") -> "pd.Series":
    """One hash per row, from the file's columns in the file's order."""
    import pandas as pd

    joined = text.iloc[:, 0].astype(str)
    for name in text.columns[1:]:
        joined = joined + SEPARATOR + text[name].astype(str)
    return pd.Series(pd.util.hash_array(joined.to_numpy(dtype=object)), index=text.index)


def _emails(text: "pd.DataFrame") -> "pd.Series":
    return text["email"].str.lower()


def _phones(text: "pd.DataFrame") -> "pd.Series":
    return text["phone"].str.replace(r"\D", "", regex=True).str[-10:]


def _dates(text: "pd.DataFrame") -> "pd.Series":
    import pandas as pd

    patterns = ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y")
    dates = pd.Series(pd.NaT, index=text.index, dtype="datetime64[ns]")
    for pattern in patterns:
        dates = dates.fillna(pd.to_datetime(text["birth_date"], format=pattern, errors="coerce"))
    return dates


def _births(text: "pd.DataFrame") -> "pd.Series":
    return _dates(text).dt.strftime("%Y-%m-%d").fillna("")


def _persons(text: "pd.DataFrame") -> "pd.Series":
    return _emails(text) + " " + _phones(text) + " " + _births(text)


@lru_cache(maxsize=1)
def _table(a: Answers, name: str) -> "pd.DataFrame":
    """The learner's frame on this side; one evaluation looks at it once.

    It runs without adaptive execution, which makes a job of every shuffle, and on a copy of its
    plan, so that the learner's own stays as it was.
    """
    frame: DataFrame = getattr(a, name).select("*")
    adaptive = a.spark.conf.get("spark.sql.adaptive.enabled")
    a.spark.conf.set("spark.sql.adaptive.enabled", "false")
    try:
        return frame.toArrow().to_pandas(date_as_object=False)
    finally:
        a.spark.conf.set("spark.sql.adaptive.enabled", adaptive or "true")


def _as_in_file(table: "pd.DataFrame") -> "pd.DataFrame":
    """The file's columns of a table, in the file's order, all text."""
    return table[_file().columns].fillna("").astype(str)


def _lacks(columns: list[str], wanted: list[str]) -> list[str]:
    return [name for name in wanted if name not in columns]


def _list(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:4])
    return shown + (", …" if len(names) > 4 else "")


# --- q1: read the file ----------------------------------------------------------------------------


def _one_column(a: Answers) -> str | None:
    columns = a.customers.columns
    if len(columns) == 1:
        return f"`customers` has a single column, named {columns[0][:40]!r}"
    return None


def _header_as_data(a: Answers) -> str | None:
    table, columns = _table(a, "customers"), _file().columns
    if len(table.columns) != len(columns):
        return None
    as_header = (table.astype(str).to_numpy() == columns).all(axis=1)
    if as_header.any():
        return f"one row of `customers` holds the words {columns[0]!r}, {columns[1]!r}, …"
    return None


def _types_guessed(a: Answers) -> str | None:
    guessed = [
        f"{name} is {kind}"
        for name, kind in a.customers.dtypes
        if kind != "string" and name in _file().columns
    ]
    if guessed and not _lacks(a.customers.columns, _file().columns):
        return f"not every column is text: {', '.join(guessed)}"
    return None


def _rows_not_read(a: Answers) -> str | None:
    rows = a.rows("customers")
    if len(a.customers.columns) == len(_file().columns) and rows < len(_file().text):
        return f"`customers` has {rows:,} rows, fewer than the file has lines of data"
    return None


def _is_file(a: Answers) -> str | None:
    columns = a.customers.columns
    if lacking := _lacks(columns, _file().columns):
        return f"`customers` has no column {_list(lacking)}"
    if extra := _lacks(_file().columns, columns):
        return f"`customers` has a column that the file has not: {_list(extra)}"
    if not _same_rows(_as_in_file(_table(a, "customers"))):
        return "`customers` does not hold the same rows as the file"
    return None


def _same_rows(text: "pd.DataFrame") -> bool:
    found = _row_hashes(text).sort_values().to_numpy()
    wanted = _file().rows.sort_values().to_numpy()
    return len(found) == len(wanted) and bool((found == wanted).all())


# --- q2: keys -------------------------------------------------------------------------------------


def _marked(wrong: "pd.Series", what: str) -> str | None:
    """ "In 123 of 41,200 rows, …" when any row is marked."""
    marked = int(wrong.sum())
    return f"in {marked:,} of {len(wrong):,} rows, {what}" if marked else None


def _originals_changed(a: Answers) -> str | None:
    if a.rows("keyed") != len(_file().text):
        return None
    now, before = _as_in_file(_table(a, "keyed")), _file().text
    changed = [n for n in before.columns if sorted(now[n]) != sorted(before[n])]
    return f"the texts in {_list(changed)} are no longer those of the file" if changed else None


def _row_count(a: Answers) -> str | None:
    rows = a.rows("keyed")
    if rows == len(_file().text):
        return None
    return f"`keyed` has {rows:,} rows, `customers` has another number"


def _marks_left(a: Answers) -> str | None:
    return _pattern_in(a, "key_phone", r"\D", "holds something that is not a digit")


def _country_kept(a: Answers) -> str | None:
    return _pattern_in(a, "key_phone", r"^1\d{10}$", "has eleven digits")


def _capitals_left(a: Answers) -> str | None:
    return _pattern_in(a, "key_email", r"[A-Z]", "has capital letters")


def _pattern_in(a: Answers, name: str, pattern: str, words: str) -> str | None:
    """Evidence when a key has the pattern, with the first such key."""
    key = _table(a, "keyed")[name].fillna("").astype(str)
    found = key.str.contains(pattern)
    first = f", as in {key[found].iloc[0]!r}" if found.any() else ""
    return _marked(found, f"`{name}` {words}{first}")


def _born_is_no_date(a: Answers) -> str | None:
    kind = dict(a.keyed.dtypes)["key_born"]
    return None if kind == "date" else f"`key_born` has the type {kind}"


def _dates_lost(a: Answers) -> str | None:
    table = _table(a, "keyed")
    lost = table["key_born"].isna()
    first = f", as for {table.loc[lost, 'birth_date'].iloc[0]!r}" if lost.any() else ""
    return _marked(lost, f"`key_born` is missing (null){first}")


def _day_for_month(a: Answers) -> str | None:
    table = _table(a, "keyed")
    due, found = _dates(_as_in_file(table)), table["key_born"]
    swapped = (found.dt.day == due.dt.month) & (found.dt.month == due.dt.day) & (found != due)
    # A date that is wrong in another way may look swapped by chance
    if not swapped[found.notna() & (found != due)].all():
        return None
    return _marked(swapped, "day and month of `key_born` have changed places")


def _is_keyed(a: Answers) -> str | None:
    table = _table(a, "keyed")
    text = _as_in_file(table)
    if not _same_rows(text):
        return "`keyed` does not hold the rows of `customers`"
    due = {"key_email": _emails(text), "key_phone": _phones(text), "key_born": _dates(text)}
    origins = {"key_email": "email", "key_phone": "phone", "key_born": "birth_date"}
    for name, origin in origins.items():
        wrong = table[name] != due[name]
        if wrong.any():
            was, became = text.loc[wrong, origin].iloc[0], str(table.loc[wrong, name].iloc[0])
            became = became.removesuffix(" 00:00:00")
            return _marked(wrong, f"`{name}` is wrong: {was!r} became {became!r}")
    return None


# --- q3: one row per person -----------------------------------------------------------------------


class _List(NamedTuple):
    """A list of customers to be judged: its text, whom each row is about, and who is missing."""

    text: "pd.DataFrame"
    persons: "pd.Series"
    missing: "pd.DataFrame"  # the file's rows about persons who are not in the list

    @property
    def again(self) -> int:
        """How many rows are about somebody who is in the list already."""
        return int(self.persons.duplicated().sum())

    @property
    def lost(self) -> int:
        """How many persons are missing."""
        return int(_persons(self.missing).nunique())


def _list_of(text: "pd.DataFrame") -> _List:
    file, persons = _file(), _persons(text)
    return _List(text, persons, file.text[~file.persons.isin(persons)])


@lru_cache(maxsize=1)
def _people(a: Answers) -> _List:
    return _list_of(_as_in_file(_table(a, "people")))


def _keys_left(a: Answers) -> str | None:
    extra = _lacks(_file().columns, a.people.columns)
    return f"`people` has columns that the file has not: {_list(extra)}" if extra else None


def _rewritten(a: Answers) -> str | None:
    return _not_in_file(_people(a).text, "`people`")


def _not_in_file(people: "pd.DataFrame", name: str) -> str | None:
    foreign = ~_row_hashes(people).isin(_file().rows)
    if not foreign.any():
        return None
    text = _file().text
    where = [n for n in people.columns if not people.loc[foreign, n].isin(text[n]).all()]
    hint = f", for example in {_list(where)}" if where else ""
    return f"{int(foreign.sum()):,} rows of {name} are not written as in the file{hint}"


def _duplicates_left(a: Answers) -> str | None:
    again = _people(a).again
    return f"{again:,} rows of `people` are about somebody who is in it already" if again else None


_KEYS = ("e-mail", "phone", "birth date")  # in the order of `_persons`


def _too_few_keys(a: Answers) -> str | None:
    people = _people(a)
    if not people.lost:
        return None
    kept, missing = (
        persons.str.split(" ", expand=True).set_axis(_KEYS, axis="columns")
        for persons in (people.persons, _persons(people.missing))
    )
    for names in map(list, (*combinations(_KEYS, 2), *combinations(_KEYS, 1))):
        if len(missing.merge(kept[names].drop_duplicates())) == len(missing):
            shared = " and ".join(names)
            return f"{people.lost:,} persons are missing; each shares {shared} with one who is kept"
    return None


def _by_name(a: Answers) -> str | None:
    people = _people(a)
    if people.lost and _names(people.missing).isin(_names(people.text)).all():
        return f"{people.lost:,} persons are missing, and each is a namesake of one who was kept"
    return None


def _names(text: "pd.DataFrame") -> "pd.Series":
    return (text["given_name"] + " " + text["family_name"]).str.lower()


def _through_the_driver(a: Answers) -> str | None:
    called = re.search(r"\.(toPandas|collect|toArrow|toLocalIterator)\(", a.source("people"))
    if called and "FileScan" not in _plan(a.people):
        return f"the cell calls {called[1]}(), and the plan of `people` does not read the file"
    return None


def _is_people(a: Answers) -> str | None:
    lost = _people(a).lost
    return f"{lost:,} persons of the file are not in `people`" if lost else None


# --- q4: eight part files -------------------------------------------------------------------------


def _folder(a: Answers) -> Path:
    return Path(str(a.people_path).removeprefix("file://").removeprefix("file:"))


def _written(a: Answers) -> list[Path]:
    """The data files below the folder; Spark's own marks begin with _ or a dot."""
    folder = _folder(a)
    found = [folder] if folder.is_file() else sorted(folder.rglob("*"))
    return [path for path in found if path.is_file() and path.name[0] not in "._"]


def _parquet(a: Answers) -> list[Path]:
    return [path for path in _written(a) if path.suffix == ".parquet"]


@lru_cache(maxsize=1)
def _stored(a: Answers) -> "pd.DataFrame":
    import pandas as pd

    return pd.concat([pd.read_parquet(path, partitioning=None) for path in _parquet(a)])


def _other_folder(a: Answers) -> str | None:
    folder, work = _folder(a), Path(str(a.work))
    if not _written(a):
        return None
    if work.resolve() not in folder.resolve().parents:
        return "the folder `people_path` is not inside `work`"
    inside = {path.relative_to(folder).parts[0] for path in _parquet(a) if path.parent != folder}
    if inside and not any("=" in name for name in inside):
        return f"the files lie further down, in the folder {sorted(inside)[0]!r} of `people_path`"
    return None


def _no_overwrite(a: Answers) -> str | None:
    """Whether a second run of the cell would stop, or leave or repeat the files of the first."""
    cell = a.source("people_path")
    if "write" not in cell or re.search(r"overwrite|rmtree|make_work_dir", cell):
        return None
    mode = re.search(r"mode\(?\s*=?\s*[\"'](\w+)", cell)
    return (
        f"the cell writes with the mode {mode[1]!r}" if mode else "the cell writes without a mode"
    )


def _nothing_there(a: Answers) -> str | None:
    return None if _written(a) else "there are no files in the folder `people_path`"


def _other_format(a: Answers) -> str | None:
    others = sorted({path.suffix for path in _written(a)} - {".parquet"})
    return f"the folder holds files that end in {', '.join(others)}" if others else None


def _subfolders(a: Answers) -> str | None:
    inside = {path.parent for path in _parquet(a)} - {_folder(a), _folder(a).parent}
    return f"the files lie in {len(inside):,} subfolders" if inside else None


def _written_by_pandas(a: Answers) -> str | None:
    import pyarrow.parquet as pq

    others = [p for p in _parquet(a) if "parquet-mr" not in (pq.read_metadata(p).created_by or "")]
    return f"{len(others)} of the files were not written by Spark" if others else None


def _keys_written(a: Answers) -> str | None:
    extra = _lacks(_file().columns, list(_stored(a).columns))
    return f"the files have columns that `people` has not: {_list(extra)}" if extra else None


def _written_twice(a: Answers) -> str | None:
    stored = _stored(a)
    if _lacks(list(stored.columns), _file().columns):
        return None
    again = int(_row_hashes(_as_in_file(stored)).duplicated().sum())
    if again and again * 2 >= len(stored):
        return f"{len(_parquet(a))} part files with {len(stored):,} rows, and every row is a repeat"
    return None


def _too_few(a: Answers) -> str | None:
    found = len(_parquet(a))
    return f"{found} part file(s)" if found < FILES else None


def _too_many(a: Answers) -> str | None:
    found = len(_parquet(a))
    return f"{found} part files" if found > FILES else None


def _another_frame(a: Answers) -> str | None:
    stored = _stored(a)
    if lacking := _lacks(list(stored.columns), _file().columns):
        return f"the files have no column {_list(lacking)}"
    people = _list_of(_as_in_file(stored))
    if evidence := _not_in_file(people.text, "the files"):
        return evidence
    if people.again:
        return f"{people.again:,} rows of the files are about somebody who is there already"
    return None


def _is_written(a: Answers) -> str | None:
    lost = _list_of(_as_in_file(_stored(a))).lost
    return f"{lost:,} persons of `people` are not in the files" if lost else None


# --- q5: the hot key ------------------------------------------------------------------------------


class _Orders(NamedTuple):
    """All orders, and by store: city, opening date, orders, sums of order_id and amount."""

    total: int
    stores: "pd.DataFrame"


def _orders() -> _Orders:
    return _read_orders(locate("orders"), locate("stores"))


@cache
def _read_orders(orders_path: str, stores_path: str) -> _Orders:
    import pandas as pd

    orders = pd.read_parquet(orders_path, columns=["order_id", "store_id", "amount"])
    stores = pd.read_parquet(stores_path).set_index("store_id")
    per_store = orders.groupby("store_id").agg(
        n=("order_id", "size"), ids=("order_id", "sum"), amount=("amount", "sum")
    )
    return _Orders(len(orders), stores.join(per_store, how="inner"))


def _hot() -> tuple[int, int]:
    """(store_id, orders) of the store with the most orders."""
    n = _orders().stores["n"]
    return int(n.index.to_numpy()[n.argmax()]), int(n.max())


@lru_cache(maxsize=1)
def _partitions(path: str) -> list[int]:
    """Rows per partition of a shuffle of the orders by store_id: Spark's own hash, one job."""
    from pyspark.sql import SparkSession
    from pyspark.sql import functions as F

    orders = SparkSession.active().read.parquet(path)
    places = orders.groupBy("store_id").agg(
        F.first(F.expr(f"pmod(hash(store_id), {PARTITIONS})")).alias("place"),
        F.count("*").alias("n"),
    )
    sizes = [0] * PARTITIONS
    for row in places.collect():
        sizes[row["place"]] += row["n"]
    return sorted((size for size in sizes if size), reverse=True)


def _in_percent(a: Answers) -> str | None:
    share = 100 * _hot()[1] / _orders().total
    if abs(float(a.hot_share) - share) < 0.5:
        return f"`hot_share` is {float(a.hot_share):.1f}, which cannot lie between 0 and 1"
    return None


def _share_of_amount(a: Answers) -> str | None:
    amounts = _orders().stores["amount"]
    share = float(amounts[_hot()[0]] / amounts.sum())
    if abs(float(a.hot_share) - share) < 1e-6:
        return "`hot_share` is the share of the amount that was spent"
    return None


def _count_for_share(a: Answers) -> str | None:
    if a.hot_share == _hot()[1]:
        return f"`hot_share` is {float(a.hot_share):,.0f}, a number of orders"
    return None


def _rarest(a: Answers) -> str | None:
    n = _orders().stores["n"]
    if a.hot_store in n.index and n[a.hot_store] == n.min():
        return f"store {a.hot_store} has {n[a.hot_store]:,} orders, and no store has fewer"
    return None


def _sizes(a: Answers) -> list[float] | None:
    """The learner's list, if it is one of numbers."""
    numbers = [size for size in a.partition_rows if isinstance(size, Real)]
    return numbers if len(numbers) == len(a.partition_rows) else None


def _no_numbers(a: Answers) -> str | None:
    if _sizes(a) is not None:
        return None
    other = next(item for item in a.partition_rows if not isinstance(item, Real))
    return f"`partition_rows` holds {str(other)[:60]}, which is no number"


def _stores_counted(a: Answers) -> str | None:
    sizes = _sizes(a)
    if sizes and sum(sizes) == len(_orders().stores):
        return f"the numbers in `partition_rows` add up to {sum(sizes):,}, the number of stores"
    return None


def _other_partitions(a: Answers) -> str | None:
    sizes = _sizes(a)
    if sizes and len(sizes) != PARTITIONS and sum(sizes) == _orders().total:
        return f"`partition_rows` has {len(sizes)} numbers, and all orders are in them"
    return None


def _not_by_key(a: Answers) -> str | None:
    sizes = _sizes(a)
    if sizes and sum(sizes) == _orders().total and max(sizes) < _hot()[1]:
        return f"the largest partition has {max(sizes):,} rows, fewer than one store has orders"
    return None


def _is_hot(a: Answers) -> str | None:
    store, orders = _hot()
    if a.hot_store != store:
        return f"store {a.hot_store} is not the one with the most orders"
    if abs(float(a.hot_share) - orders / _orders().total) > 1e-6:
        return f"`hot_share` is {float(a.hot_share):.6g}, which is not the share of that store"
    sizes = _sizes(a) or []
    if sorted((size for size in sizes if size), reverse=True) != _partitions(locate("orders")):
        return f"`partition_rows`, {len(sizes)} numbers with the sum {sum(sizes):,}, does not fit"
    return None


# --- q6: the mended join --------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _joined(a: Answers) -> "pd.DataFrame":
    """Sums of the learner's join per partition and store, in one Spark job."""
    import pandas as pd
    from pyspark.sql import functions as F

    place = F.spark_partition_id().alias("place")
    sums = a.joined.groupBy(place, "store_id", "city", "opened").agg(
        F.count("*").alias("n"), F.sum("order_id").alias("ids"), F.sum("amount").alias("amount")
    )
    columns = ["place", "store_id", "city", "opened", "n", "ids", "amount"]
    return pd.DataFrame([row.asDict() for row in a.collect(sums)], columns=columns)


def _none(a: Answers) -> str | None:
    return "`joined` is None; a Spark DataFrame is due" if a.joined is None else None


def _no_frame(a: Answers) -> str | None:
    from pyspark.sql import DataFrame

    if isinstance(a.joined, DataFrame):
        return None
    return f"`joined` is {describe(a.joined)}; a Spark DataFrame is due"


def _same_name_twice(a: Answers) -> str | None:
    names = a.joined.columns
    twice = next((name for name in names if names.count(name) > 1), None)
    return f"`joined` has {names.count(twice)} columns named `{twice}`" if twice else None


def _lacks_columns(a: Answers) -> str | None:
    lacking = _lacks(a.joined.columns, list(JOINED))
    return f"`joined` has no column {_list(lacking)}" if lacking else None


def _rows(a: Answers) -> int:
    return int(_joined(a)["n"].sum())


def _no_rows(a: Answers) -> str | None:
    return None if _rows(a) else "`joined` has no rows"


def _plan(frame: "DataFrame") -> str:
    with contextlib.redirect_stdout(io.StringIO()) as text:
        frame.explain()
    return text.getvalue()


def _below(plan: str, node: str) -> list[str]:
    """For each line of a plan that names `node`: that line and all that stand below it."""
    lines = plan.splitlines()
    found = []
    for start, line in enumerate(lines):
        if not re.search(node, line):
            continue
        depth = _depth(line)
        end = start + 1
        while end < len(lines) and _depth(lines[end]) > depth:
            end += 1
        found.append("\n".join(lines[start:end]))
    return found


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" :+-"))


def _salt_left(a: Answers) -> str | None:
    extra = _lacks(list(JOINED), a.joined.columns)
    return f"`joined` has more columns than the plain join: {_list(extra)}" if extra else None


def _multiplied(a: Answers) -> str | None:
    rows = _rows(a)
    if rows > _orders().total:
        return f"`joined` has {rows:,} rows, but there are {_orders().total:,} orders"
    return None


def _hot_dropped(a: Answers) -> str | None:
    if not (_joined(a)["store_id"] == _hot()[0]).any():
        return f"`joined` has {_rows(a):,} rows, none of them of the store with most orders"
    return None


def _vanished(a: Answers) -> str | None:
    rows = _rows(a)
    if rows < _orders().total:
        return f"`joined` has {rows:,} rows, but there are {_orders().total:,} orders"
    return None


def _no_city(a: Answers) -> str | None:
    joined = _joined(a)
    empty = int(joined.loc[joined["city"].isna(), "n"].sum())
    return f"{empty:,} rows of `joined` have no city" if empty else None


def _orders_sent(a: Answers) -> str | None:
    if any("order_id" in part for part in _below(_plan(a.joined), "BroadcastExchange")):
        return "the plan broadcasts the orders (`order_id` stands below BroadcastExchange)"
    return None


def _still_skewed(a: Answers) -> str | None:
    plan = _plan(a.joined)
    for part in _below(plan, r"Exchange hashpartitioning\(store_id#\w+, \d+\)"):
        # Leaving the hot store out of the shuffle, to join it separately, is a way to mend it
        left_out = re.search(r"NOT \(?\(?store_id|store_id#\w+ (=|<|>|IN)", part)
        if "order_id" in part and not left_out:
            return "the plan still shuffles the orders by `store_id` alone (see `explain()`)"
    if "BroadcastHashJoin" in plan:
        return None
    largest = _joined(a).groupby("place")["n"].sum().max() / _rows(a)
    if largest > 0.5:
        return f"the largest partition of `joined` holds {largest:.0%} of the rows"
    return None


def _is_joined(a: Answers) -> str | None:
    found = _joined(a).groupby(["store_id", "city", "opened"], as_index=False, dropna=False)
    sums = found[["n", "ids", "amount"]].sum().set_index("store_id")
    due = _orders().stores
    if len(sums) != len(due) or set(sums.index) != set(due.index):
        return f"`joined` has {len(sums)} pairs of store and city, other than the plain join"
    due = due.loc[sums.index]
    for name in ("city", "opened", "n", "ids"):
        if wrong := int((sums[name].to_numpy() != due[name].to_numpy()).sum()):
            return f"for {wrong} stores, `joined` differs from the plain join"
    if ((sums["amount"] - due["amount"]).abs() > 0.01).any():
        return "the amounts in `joined` do not add up to those of the plain join"
    return None


QUESTIONS = [
    Question(
        id="q1",
        title="Read the file",
        points=1,
        names={"customers": "frame"},
        hints=(
            "Look at the first lines printed above: what stands between two values, and what does "
            "the first line hold?",
            "spark.read.csv takes `sep` for the character between the values and `header` for a "
            "first line with names. Without a schema and without inferSchema all columns are text.",
        ),
        mistakes=(
            Mistake(
                "wrong-separator",
                evidence=_one_column,
                say="the reader was not given the sign that stands between the values; without "
                "`sep` it looks for commas.",
            ),
            Mistake(
                "header-as-data",
                evidence=_header_as_data,
                say="the first line holds the names of the columns, and it was read as a customer.",
            ),
            Mistake(
                "types-guessed",
                evidence=_types_guessed,
                say="inferSchema or a schema made numbers or dates of what should stay text.",
            ),
            Mistake(
                "rows-not-read",
                evidence=_rows_not_read,
                say="a limit, a filter, or dropDuplicates leaves rows out; nothing is to go yet.",
            ),
        ),
        refuse=_is_file,
        why=(
            "A reader that guesses wrongly rarely fails: it hands on a table that looks like data. "
            "Count columns and rows and look at types before anything else."
        ),
    ),
    Question(
        id="q2",
        title="Keys that see through the formats",
        points=3,
        names={"keyed": "frame"},
        columns={
            "keyed": dict.fromkeys(COLUMNS, "any")
            | {"key_email": "text", "key_phone": "text", "key_born": "any"}
        },
        needs=("q1",),
        hints=(
            "withColumn with a new name leaves the old column alone. Treat the three keys one by "
            "one, and look at a few rows of each with show().",
            "For the phone, remove every character that is not a digit (regexp_replace with "
            r"r'\D'), then keep the last ten, for example with F.right(…, F.lit(10)).",
            "For the date, F.try_to_timestamp(column, F.lit(pattern)) gives null where a pattern "
            "does not fit; F.to_date makes a date of it, and F.coalesce takes the first that is "
            "not null. Patterns look like 'dd.MM.yyyy'.",
        ),
        mistakes=(
            Mistake(
                "rows-lost",
                evidence=_row_count,
                say="a filter, dropna, dropDuplicates or join changed the rows; "
                "each customer gets keys, none is to go.",
            ),
            Mistake(
                "originals-changed",
                evidence=_originals_changed,
                say="withColumn under the name of an existing column replaces it; "
                "the list for tomorrow needs the original.",
            ),
            Mistake(
                "phone-marks-left",
                evidence=_marks_left,
                say="only some of the marks were removed: there are dashes, dots, parentheses, "
                "blanks and a plus.",
            ),
            Mistake(
                "country-code-kept",
                evidence=_country_kept,
                say="removing the marks from `+1 415 …` leaves the 1 of the country in front.",
            ),
            Mistake(
                "capitals-left",
                evidence=_capitals_left,
                say="one system wrote e-mail addresses in capital letters, and text compares "
                "letter by letter.",
            ),
            Mistake(
                "born-is-no-date",
                evidence=_born_is_no_date,
                say="a date is due: texts of one day in two formats never compare as equal, "
                "and a timestamp adds a time that nobody gave.",
            ),
            Mistake(
                "day-for-month",
                evidence=_day_for_month,
                say="with dots the day comes first, with slashes the month; "
                "one order was used for both, and where the day is above 12, no date comes out.",
            ),
            Mistake(
                "dates-lost",
                evidence=_dates_lost,
                say="one pattern does not fit all: a text that matches none becomes null.",
            ),
        ),
        refuse=_is_keyed,
        why=(
            "A key in a normal form lets equal things compare as equal, "
            "while the original stays as evidence of what was delivered."
        ),
    ),
    Question(
        id="q3",
        title="Every person once",
        points=2,
        names={"people": "frame"},
        columns={"people": dict.fromkeys(COLUMNS, "any")},
        needs=("q2",),
        hints=(
            "dropDuplicates takes a list of columns to compare; all other columns of the kept row "
            "stay as they are.",
            "Compare by the three key columns together, then let go of them with drop.",
        ),
        mistakes=(
            Mistake(
                "helper-columns-left",
                evidence=_keys_left,
                say="the key columns have done their work; they do not belong into the list.",
            ),
            Mistake(
                "rewritten",
                evidence=_rewritten,
                say="the normalized text was put in place of the original, "
                "or values of several rows were mixed (as max or first per column do).",
            ),
            Mistake(
                "duplicates-left",
                evidence=_duplicates_left,
                say="columns were compared that differ in writing only, "
                "such as the text as it stands in the file.",
            ),
            Mistake(
                "by-name-only",
                evidence=_by_name,
                say="rows were compared by name, but different people can have the same name.",
            ),
            Mistake(
                "one-key-only",
                evidence=_too_few_keys,
                say="one or two keys were compared, and people who share these were taken for one; "
                "compare all three keys together.",
            ),
            Mistake(
                "through-the-driver",
                evidence=_through_the_driver,
                say="all rows travelled into Python and back: that ends "
                "when the data outgrow the driver's memory.",
            ),
        ),
        refuse=_is_people,
        why=(
            "What counts as the same is a decision about the data, not about the code: "
            "too few keys merge people, too many keep duplicates."
        ),
    ),
    Question(
        id="q4",
        title="Eight part files",
        points=2,
        names={"people_path": "path"},
        needs=("q3",),
        hints=(
            "Each partition becomes one file. coalesce(n) can only make fewer partitions, "
            "repartition(n) makes exactly n.",
            "Call repartition right before write; mode('overwrite') lets the cell run again. "
            "AQE leaves a number alone that repartition was given.",
        ),
        mistakes=(
            Mistake(
                "nothing-written",
                evidence=_nothing_there,
                say="the path was set but not written to, or the data went to another folder.",
            ),
            Mistake(
                "other-format",
                evidence=_other_format,
                say="the writer was asked for another format than Parquet.",
            ),
            Mistake(
                "other-folder",
                evidence=_other_folder,
                say="`people_path` is to be the very folder that the writer was given, "
                "and that one is to lie inside `work`.",
            ),
            Mistake(
                "split-into-folders",
                evidence=_subfolders,
                say="partitionBy makes a folder for each value of a column; "
                "here the number of files matters.",
            ),
            Mistake(
                "through-the-driver",
                evidence=_written_by_pandas,
                say="the rows were brought into Python and written there; let the tasks write.",
            ),
            Mistake(
                "helper-columns-written",
                evidence=_keys_written,
                say="a frame with helper columns was written instead of `people`.",
            ),
            Mistake(
                "written-twice",
                evidence=_written_twice,
                say="mode('append') adds to what an earlier run of the cell has written.",
            ),
            Mistake(
                "another-frame-written",
                evidence=_another_frame,
                say="the writer was called on another frame than `people`, such as `customers`.",
            ),
            Mistake(
                "fewer-files",
                evidence=_too_few,
                say="too few partitions at the write: AQE coalesced those of the last shuffle "
                "(coalesce cannot raise their number), or another number was asked for.",
            ),
            Mistake(
                "more-files",
                evidence=_too_many,
                say="more partitions than asked for, or a limit of rows per file that cuts them.",
            ),
            Mistake(
                "no-overwrite",
                evidence=_no_overwrite,
                say="a second run finds the folder there: by default it stops with an error, "
                "'ignore' leaves the old files, and 'append' adds to them.",
            ),
        ),
        refuse=_is_written,
        why=(
            "The number of files is the number of tasks that wrote: with too many small files "
            "every later reader pays, with a single one only a single task can write."
        ),
    ),
    Question(
        id="q5",
        title="Find the hot key",
        points=2,
        names={"hot_store": "integer", "hot_share": "number", "partition_rows": "list"},
        hints=(
            "Count the orders per store, sort so that the largest comes first, and take the "
            "first row with first(). A share is a count divided by the count of all orders.",
            "F.spark_partition_id() gives the number of the partition that a row is in: group "
            "the repartitioned orders by it and count. collect() gives rows; a list "
            "comprehension takes their counts.",
        ),
        mistakes=(
            Mistake(
                "share-in-percent",
                evidence=_in_percent,
                say="the share was multiplied by 100.",
            ),
            Mistake(
                "count-for-share",
                evidence=_count_for_share,
                say="the count was not divided by the number of all orders.",
            ),
            Mistake(
                "share-of-amount",
                evidence=_share_of_amount,
                say="the amounts were added up; the task asks how many of the orders it has.",
            ),
            Mistake(
                "sorted-upwards",
                evidence=_rarest,
                say="orderBy sorts upwards unless told otherwise, "
                "so the first row is the smallest.",
            ),
            Mistake(
                "wrong-type",
                evidence=_no_numbers,
                say='collect() gives rows; row["count"] takes the number out of each.',
            ),
            Mistake(
                "stores-counted",
                evidence=_stores_counted,
                say="the stores in each partition were counted instead of their orders.",
            ),
            Mistake(
                "other-partitions",
                evidence=_other_partitions,
                say="these are the partitions in which the file is read, or another number "
                "of them, not the eight of the shuffle.",
            ),
            Mistake(
                "not-by-key",
                evidence=_not_by_key,
                say="repartition without a column deals the rows out in turn, and another column "
                "spreads them; a join shuffles by its key.",
            ),
        ),
        refuse=_is_hot,
        why=(
            "A stage ends when its slowest task ends, so one partition with most of the rows "
            "makes all other cores wait."
        ),
    ),
    Question(
        id="q6",
        title="Mend the join",
        points=3,
        # A frame. The engine would count its rows first, and a broadcast join costs two jobs each
        # time it runs; so this question looks once and says by itself what is no frame or empty.
        names={"joined": "any"},
        hints=(
            "The stores are few. F.broadcast around a frame asks Spark to send it to every task; "
            "joined.explain() shows whether the orders are still shuffled (`Exchange`).",
            "To salt instead: give each order a number from 0 to n - 1, for example order_id % n; "
            "give each store all n numbers (crossJoin with spark.range(n), or explode); join on "
            "store_id and that number; drop it at the end.",
        ),
        mistakes=(
            Mistake(
                "is-none",
                evidence=_none,
                say="show() and explain() print and give nothing back to keep.",
            ),
            Mistake(
                "wrong-type",
                evidence=_no_frame,
                say="the join is to stay in Spark: no toPandas(), collect() or rdd.",
            ),
            Mistake(
                "duplicate-column",
                evidence=_same_name_twice,
                say="a join on orders.store_id == stores.store_id keeps the key of both sides; "
                'join on the name, "store_id".',
            ),
            Mistake(
                "missing-column",
                evidence=_lacks_columns,
                say="a drop or a select took one column too many.",
            ),
            Mistake(
                "empty-frame",
                evidence=_no_rows,
                say="no pair of rows agrees in all the keys of the join; compare their types "
                "and values.",
            ),
            Mistake(
                "salt-left-over",
                evidence=_salt_left,
                say="the helper column, or a second copy of the key, was not dropped.",
            ),
            Mistake(
                "rows-multiplied",
                evidence=_multiplied,
                say="the stores were repeated for every salt, but the salt is not part of "
                "the join's key on both sides.",
            ),
            Mistake(
                "hot-store-dropped",
                evidence=_hot_dropped,
                say="the busy store was filtered out, or its part was never added again.",
            ),
            Mistake(
                "salted-one-side",
                evidence=_vanished,
                say="orders with a salt that no store row has find no partner (each store must "
                "exist once per salt), or a filter, limit or dropDuplicates took them.",
            ),
            Mistake(
                "gaps-hidden-by-left-join",
                evidence=_no_city,
                say="a left join keeps orders that found no store; it hides a salt "
                "that only one side has.",
            ),
            Mistake(
                "large-side-broadcast",
                evidence=_orders_sent,
                say="the broadcast went around the orders: the large table is copied to "
                "every task and the small one is not.",
            ),
            Mistake(
                "still-skewed",
                evidence=_still_skewed,
                say="rows of one store still meet in one partition: the key of the shuffle "
                "has not changed, or the rows were spread only afterwards.",
            ),
        ),
        refuse=_is_joined,
        why=(
            "A join that broadcasts the small side never shuffles the large one; where both are "
            "large, salting buys even tasks for a few copies of the smaller."
        ),
    ),
]
