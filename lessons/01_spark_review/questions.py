"""The questions of lab 01: one customer list from a messy file, and a skewed join.

References are computed from the files in use, in pandas, so that a check spends its Spark jobs
on the learner's frame alone. A join is judged by what its tasks got when it ran.
"""

import ast
import contextlib
import io
import re
from collections.abc import Iterable, Sequence
from functools import cache, reduce
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from course_utils import locate
from course_utils.lab import Answers, Question, Values, kinds
from course_utils.lab.compare import differs
from course_utils.lab.decide import decided, refused
from course_utils.lab.reference import text_file

COLUMNS = ("given_name", "family_name", "email", "phone", "birth_date", "city", "postcode")
KEYS = {"key_email": "email", "key_phone": "phone", "key_born": "birth_date"}
JOINED = {
    "order_id": "number",
    "store_id": "number",
    "amount": "number",
    "ordered_at": "time",
    "city": "text",
    "opened": "time",
}
FILES = PARTITIONS = 8
DRIVER = "all rows travelled into Python and back: that ends when they outgrow the driver's memory."

Found = tuple[str, str] | None
Texts = pd.Series  # of text


# --- the customer file ------------------------------------------------------------------------


def _file() -> pd.DataFrame:
    return _keyed_file(locate("customers"))


@cache
def _keyed_file(path: str) -> pd.DataFrame:
    return _with_keys(text_file("customers", "|"))


def _with_keys(table: pd.DataFrame) -> pd.DataFrame:
    """The file's columns of a table as text, with keys, person, name, and all of a row in one."""
    text = table[list(COLUMNS)].fillna("").astype(str).reset_index(drop=True)
    born = pd.Series(pd.NaT, index=text.index, dtype="datetime64[ns]")
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y"):
        born = born.fillna(pd.to_datetime(text["birth_date"], format=pattern, errors="coerce"))
    email = text["email"].str.lower()
    phone = text["phone"].str.replace(r"\D", "", regex=True).str[-10:]
    return text.assign(
        key_email=email,
        key_phone=phone,
        key_born=born,
        person=_side_by_side([email, phone, born.dt.strftime("%Y-%m-%d").fillna("")]),
        name=_side_by_side([text["given_name"], text["family_name"]]).str.lower(),
        row=_side_by_side([text[name] for name in COLUMNS]),
    )


def _side_by_side(parts: Iterable[Any]) -> Any:
    return reduce(lambda left, right: left + "|" + right, parts)


def _without(names: Iterable[str], known: Iterable[str]) -> list[str]:
    return [name for name in names if name not in set(known)]


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:4])
    return shown + (", …" if len(names) > 4 else "")


def _not_text(types: Iterable[tuple[Any, Any]]) -> str:
    """The columns of the file that are no longer text, "`postcode` is int"."""
    others = [(n, t) for n, t in types if str(n).lower() in COLUMNS]
    others = [(n, t) for n, t in others if str(t) not in ("string", "object")]
    return ", ".join(f"`{name}` is {kind}" for name, kind in others[:4])


def _foreign(rows: pd.DataFrame) -> str | None:
    """That some rows are not written as in the file, and where."""
    foreign = rows[~rows["row"].isin(_file()["row"])]
    if foreign.empty:
        return None
    where = [n for n in COLUMNS if not foreign[n].isin(_file()[n]).all()]
    example = f", as in {foreign[where[0]].iloc[0]!r} in `{where[0]}`" if where else ""
    return f"{len(foreign):,} rows are not written as in the file{example}"


def _other_rows(rows: pd.DataFrame) -> str | None:
    """How rows differ from those of the file, whatever their order."""
    if len(rows) != len(_file()):
        return f"there are {len(rows):,} rows, the file has another number"
    if foreign := _foreign(rows):
        return foreign
    if sorted(rows["row"]) != sorted(_file()["row"]):
        return "some rows of the file are there too often, and others are missing"
    return None


def _plan(frame: DataFrame) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as text:
        frame.explain("extended")
    return text.getvalue()


def _through_python(a: Answers, name: str) -> bool:
    """Whether a frame was made from rows that the cell had brought into Python."""
    cell = a.source(name)
    made = "createDataFrame(" in cell and ".rdd" not in cell
    return made and "FileScan" not in _plan(getattr(a, name))


# --- q1: read the file ------------------------------------------------------------------------


def _wrong_file(a: Answers) -> Found:
    names, rows = a.customers.columns, a.pandas("customers")
    if len(names) == 1 and rows.iloc[:, 0].astype(str).str.count(r"\|").eq(6).all():
        return "wrong-separator", "`customers` has one column, with a whole line in each value"
    if rows.shape[1] == len(COLUMNS) and (rows.astype(str) == list(COLUMNS)).all(axis=1).any():
        return "header-as-data", "one row of `customers` holds the names of the columns"
    if lacking := _without(COLUMNS, names):
        return "", f"`customers` has no column {_list(lacking)}; there are {_list(names)}"
    if extra := _without(names, COLUMNS):
        return "", f"`customers` has a column that the file has not: {_list(extra)}"
    if others := _not_text(a.customers.dtypes):
        return "types-guessed", f"not every column of `customers` is text: {others}"
    text = _with_keys(rows)
    if len(rows) < len(_file()) and not _foreign(text):
        return "rows-not-read", f"`customers` has {len(rows):,} rows, fewer than the file"
    wrong = _other_rows(text)
    return ("", f"in `customers`, {wrong}") if wrong else None


Q1 = decided(
    _wrong_file,
    {
        "wrong-separator": "the lines were not split: a reader looks for commas unless `sep` names "
        "another sign.",
        "header-as-data": "the first line holds the names of the columns, and it was read as a "
        "customer.",
        "types-guessed": "inferSchema, a schema or a cast made something else of what should stay "
        "text.",
        "rows-not-read": "something left rows out, such as limit, filter, dropDuplicates or the "
        "mode\nDROPMALFORMED; nothing is to go yet.",
    },
)


# --- q2: keys ---------------------------------------------------------------------------------


def _wrong_keys(a: Answers) -> Found:
    try:
        found = a.pandas("keyed")
    except Exception as error:
        if not re.search(r"CANNOT_PARSE_TIMESTAMP|CAST_INVALID_INPUT.*\bDATE\b", str(error), re.S):
            raise
        return "date-refused", "`keyed` fails when it is computed: a text could not become a date"
    if len(found) < len(_file()):
        return "rows-lost", f"`keyed` has {len(found):,} rows, fewer than `customers`"
    if extra := _without(found.columns, (*COLUMNS, *KEYS)):
        return "helper-columns-left", f"`keyed` has columns that are not asked for: {_list(extra)}"
    if others := _not_text(a.keyed.dtypes):
        return "originals-changed", f"an original of `keyed` is no longer text: {others}"
    due = _with_keys(found)
    if len(due) == len(_file()):
        for name in COLUMNS:
            if sorted(due[name]) != sorted(_file()[name]):
                return "originals-changed", f"the texts in `{name}` are not those of the file"
    if wrong := _other_rows(due):
        return "", f"in `keyed`, {wrong}"
    return _wrong_phone(found, due) or _wrong_email(found, due) or _wrong_born(a, found, due)


def _marked(id: str, wrong: Any, what: str, example: Any = None) -> Found:
    """ "In 123 of 41,200 rows, …, as in …" when any row is marked."""
    if not (marked := int(wrong.sum())):
        return None
    first = "" if example is None else f", as in {example[wrong].iloc[0]!r}"
    return id, f"in {marked:,} of {len(wrong):,} rows, {what}{first}"


def _became(key: str, found: pd.DataFrame, due: pd.DataFrame) -> Found:
    wrong = found[key] != due[key]
    if not wrong.any():
        return None
    was, became = due.loc[wrong, KEYS[key]].iloc[0], str(found.loc[wrong, key].iloc[0])
    return _marked("", wrong, f"{was!r} became {became.removesuffix(' 00:00:00')!r} in `{key}`")


def _wrong_phone(found: pd.DataFrame, due: pd.DataFrame) -> Found:
    key = found["key_phone"].fillna("").astype(str)
    digits = key.str.replace(r"\D", "", regex=True)
    marks = key.ne(digits) & digits.str[-10:].eq(due["key_phone"])
    country = key.eq("1" + due["key_phone"]) | key.eq("1" + due["key_phone"].str[:9])
    return (
        _marked("phone-marks-left", marks, "`key_phone` has something that is no digit", key)
        or _marked(
            "country-code-kept", country, "`key_phone` begins with the 1 of the country", key
        )
        or _became("key_phone", found, due)
    )


def _wrong_email(found: pd.DataFrame, due: pd.DataFrame) -> Found:
    key = found["key_email"].fillna("").astype(str)
    capitals = key.ne(due["key_email"]) & key.str.lower().eq(due["key_email"])
    return _marked("capitals-left", capitals, "`key_email` has capital letters") or _became(
        "key_email", found, due
    )


def _wrong_born(a: Answers, found: pd.DataFrame, due: pd.DataFrame) -> Found:
    kind = next(kind for name, kind in a.keyed.dtypes if name.lower() == "key_born")
    if kind != "date":
        return "born-is-no-date", f"`key_born` has the type {kind}"
    key, right = found["key_born"].dt, due["key_born"].dt
    off = found["key_born"].notna() & (found["key_born"] != due["key_born"])
    swapped = (key.day == right.month) & (key.month == right.day) & (key.year == right.year)
    january = (key.month == 1) & (key.day == right.day) & (key.year == right.year)
    for id, these, what in (
        ("minutes-for-month", january, "the month of `key_born` has become January"),
        ("day-for-month", swapped, "day and month of `key_born` have changed places"),
    ):
        if off.any() and these[off].all():
            return _marked(id, off, what)
    lost = _marked("dates-lost", found["key_born"].isna(), "`key_born` is null", due["birth_date"])
    return lost or _became("key_born", found, due)


Q2 = decided(
    _wrong_keys,
    {
        "date-refused": "to_date and cast end the job at the first text that does not fit; "
        "functions that\nbegin with try_ give null there instead.",
        "rows-lost": "something left rows out, such as filter, dropna, dropDuplicates or a join; "
        "each\ncustomer gets keys, none is to go.",
        "helper-columns-left": "columns that only helped on the way stayed; `drop` takes them out.",
        "originals-changed": "a column was replaced under its own name; the list for tomorrow "
        "needs the\noriginal, and a key is a new column.",
        "phone-marks-left": "a phone can hold dashes, dots, parentheses, blanks and a plus; all "
        "have to go.",
        "country-code-kept": "removing the marks from `+1 415 …` leaves the 1 of the country in "
        "front.",
        "capitals-left": "text compares letter by letter, and one system wrote addresses in "
        "capital letters:\nthe key has lower case for all.",
        "born-is-no-date": "the type date is due: texts of one day in two formats never compare as "
        "equal,\nand a timestamp adds a time that nobody gave.",
        "minutes-for-month": "in a pattern, MM is the month and mm are the minutes; a date without "
        "a month is\none in January.",
        "day-for-month": "with dots the day comes first, with slashes the month; a pattern has it "
        "the other\nway round.",
        "dates-lost": "none of the patterns used fits these texts, so they became null.",
    },
)


# --- q3: one row per person -------------------------------------------------------------------

COMPARABLE = (*COLUMNS, *KEYS, "name")
NAMES = {"given_name", "family_name", "name"}


def _wrong_people(a: Answers) -> Found:
    table = a.pandas("people")
    if extra := _without(table.columns, COLUMNS):
        return "helper-columns-left", f"`people` has columns that the file has not: {_list(extra)}"
    if others := _not_text(a.people.dtypes):
        return "rewritten", f"a column of `people` is no longer text: {others}"
    people = _with_keys(table)
    if foreign := _foreign(people):
        return "rewritten", f"in `people`, {foreign}"
    wrong = _other_persons(people)
    if wrong is None:
        return ("through-the-driver", MADE) if _through_python(a, "people") else None
    if names := set(_compared(people)):
        words = " and ".join(n.removeprefix("key_") for n in COMPARABLE if n in names)
        return _id_of(names), f"`people` has one row for each {words}: {wrong}"
    if _again(people):
        tie = _tie(people)
        return (
            ("ties-kept", f"in `people`, {wrong}, with the same `{tie}`")
            if tie
            else ("", f"in `people`, {wrong}")
        )
    lost = _lost(people)
    # One key after the other: each who is missing has mailbox or phone in common with one kept
    if all(
        lost["key_email"].isin(people["key_email"]) | lost["key_phone"].isin(people["key_phone"])
    ):
        return "one-key-only", f"in `people`, {wrong}; each shares e-mail or phone with one there"
    return "", f"in `people`, {wrong}"


MADE = "the cell calls createDataFrame, and the plan of the frame reads no file"


def _lost(people: pd.DataFrame) -> pd.DataFrame:
    """The rows of the file about persons who are not among these."""
    return _file()[~_file()["person"].isin(people["person"])]


def _again(people: pd.DataFrame) -> int:
    return int(people["person"].duplicated().sum())


def _other_persons(people: pd.DataFrame) -> str | None:
    lost, again = _lost(people)["person"].nunique(), _again(people)
    found = [f"{lost:,} persons of the file are missing"] if lost else []
    found += [f"{again:,} rows are about somebody who is there already"] if again else []
    return ", and ".join(found) or None


def _compared(people: pd.DataFrame) -> tuple[str, ...]:
    """The fewest columns of whose values there is exactly one row each, which were compared."""
    file = _file()
    if len(people) == len(file):
        return ()
    place = pd.Series(file.index, file["row"])
    mine = place[~place.index.duplicated()].loc[people["row"]].to_numpy()
    codes = np.column_stack([pd.factorize(file[name])[0] for name in COMPARABLE])
    weights = np.random.default_rng(0).integers(1, 2**62, len(COMPARABLE))
    for size in range(1, len(COMPARABLE) + 1):
        for chosen in combinations(range(len(COMPARABLE)), size):
            names = {COMPARABLE[i] for i in chosen}
            if size > 3 and not (names <= set(COLUMNS) or names <= {*KEYS, *NAMES}):
                continue  # nobody compares such a mixture, and there are many
            values = codes[:, chosen] @ weights[list(chosen)]  # one number for each combination
            if len(pd.unique(values)) == len(mine) == len(pd.unique(values[mine])):
                return tuple(names)
    return ()


def _id_of(compared: set[str]) -> str:
    if compared & NAMES and not compared & {"email", "phone", "key_email", "key_phone"}:
        return "by-name-only"
    if compared < set(KEYS):
        return "one-key-only"
    return "duplicates-left" if compared & {"email", "phone", "birth_date"} else ""


def _tie(people: pd.DataFrame) -> str | None:
    """The column in whose order all first rows of each person are there, as by rank()."""
    file = _file()
    if len(people) == len(file):
        return None
    kept, person = file["row"].isin(people["row"]).to_numpy(), pd.factorize(file["person"])[0]
    for name in COLUMNS:
        rank = pd.Series(pd.factorize(file[name], sort=True)[0])
        for first in ("min", "max"):
            ties = (rank == rank.groupby(person).transform(first)).to_numpy()
            if ties.sum() == len(people) and (ties == kept).all():
                return name
    return None


Q3 = decided(
    _wrong_people,
    {
        "helper-columns-left": "the columns that helped have done their work; they do not belong "
        "into the list.",
        "rewritten": "a text was replaced, by its key or by a cast, or values of several rows were "
        "mixed\n(as max or first per column do).",
        "by-name-only": "rows were compared by name, but different people can have the same name.",
        "one-key-only": "one or two keys were enough to be taken for one person; compare all three "
        "together.",
        "duplicates-left": "texts were compared as they stand in the file, where those of one "
        "person can differ\nin writing; the keys do not.",
        "ties-kept": "rows that tie for the first place were all kept, as by rank() or a "
        "comparison with\nthe maximum; row_number() numbers them one by one.",
        "through-the-driver": DRIVER,
    },
)


# --- q4: eight part files ---------------------------------------------------------------------

# What makes a second run succeed, or its folder another one
_SAFE = re.compile(
    r"overwrite|ignore|rmtree|make_work_dir|mkdtemp|uuid|time|now|exists|unlink|remove|delete|rand"
    r"|except"
)
_MODE = re.compile(r"mode\(?\s*=?\s*[\"'](\w+)")


def _wrong_files(a: Answers) -> Found:
    folder, work = Path(str(a.people_path).removeprefix("file:")), Path(str(a.work))
    found = [folder] if folder.is_file() else sorted(folder.rglob("*"))
    # Spark's own marks begin with _ or a dot
    files = [path for path in found if path.is_file() and path.name[0] not in "._"]
    if not files:
        return "nothing-written", "there are no files in the folder `people_path`"
    if others := sorted({path.suffix for path in files} - {".parquet"}):
        return "other-format", f"`people_path` holds files that end in {', '.join(others)}"
    try:
        makers = [pq.read_metadata(path).created_by or "" for path in files]
    except (OSError, ValueError):  # pyarrow's own errors are of these
        return "other-format", "a file in `people_path` is no Parquet, whatever its name"
    if folder.is_file():
        return "other-folder", "`people_path` is a file, not the folder of all files"
    if work.resolve() not in folder.resolve().parents:
        return "other-folder", "the folder `people_path` is not inside `work`"
    inside = sorted({path.parent.name for path in files if path.parent != folder})
    if inside:
        if any("=" in name for name in inside):
            return (
                "split-into-folders",
                f"the files of `people_path` lie in {len(inside)} subfolders",
            )
        return "other-folder", f"the files lie further down, in {inside[0]!r} of `people_path`"
    if others := [maker for maker in makers if "parquet-mr" not in maker]:
        return "through-the-driver", f"{len(others)} files in `people_path` are not Spark's"
    return _wrong_rows(files) or _wrong_number(a, len(files))


def _wrong_rows(files: list[Path]) -> Found:
    stored = pd.concat([pd.read_parquet(path, partitioning=None) for path in files])
    if extra := _without(stored.columns, COLUMNS):
        return "helper-columns-written", f"files in `people_path` have the column {_list(extra)}"
    if lacking := _without(COLUMNS, stored.columns):
        return "another-frame-written", f"files in `people_path` lack the column {_list(lacking)}"
    if others := _not_text(stored.dtypes.items()):
        return "another-frame-written", f"in the files of `people_path`, {others}"
    people = _with_keys(stored)
    times = people["person"].value_counts()
    if len(people) and times.min() > 1:
        return "written-twice", f"each person is {times.min()} times in the files of `people_path`"
    wrong = _foreign(people) or _other_persons(people)
    return ("another-frame-written", f"in the files of `people_path`, {wrong}") if wrong else None


def _wrong_number(a: Answers, files: int) -> Found:
    if files != FILES:
        id = "fewer-files" if files < FILES else "more-files"
        return id, f"{files} part file{'s' * (files > 1)} in `people_path`"
    cell = _code(a)
    if ".write" in cell and not _SAFE.search(cell):
        mode = _MODE.search(cell)
        if mode or "mode" not in cell:
            how = f"with the mode {mode[1]!r}" if mode else "without a mode"
            return "no-overwrite", f"the cell of `people_path` writes {how}"
    return None


def _code(a: Answers) -> str:
    """The cell that writes, without comments; "" where it is no plain Python."""
    with contextlib.suppress(SyntaxError):
        return ast.unparse(ast.parse(a.source("people_path")))
    return ""


def _old_files_stay(a: Answers) -> str | None:
    mode = _MODE.search(_code(a))
    if mode is None or mode[1] != "ignore":
        return None
    return (
        "'ignore' leaves the eight files of the first run, also when `people` has changed since; "
        "'overwrite' writes the new ones."
    )


Q4 = decided(
    _wrong_files,
    {
        "nothing-written": "the path was set but not written to, or the data went to another "
        "folder.",
        "other-format": "another format than Parquet was written.",
        "other-folder": "`people_path` is to be the very folder that the writer was given, and "
        "that one is to\nlie inside `work`.",
        "split-into-folders": "partitionBy makes a folder for each value of a column; here the "
        "number of files\nmatters.",
        "through-the-driver": "the files come from pandas or another library in Python; let "
        "Spark's writer make\nthem, a task each.",
        "helper-columns-written": "a frame with helper columns was written instead of `people`.",
        "written-twice": "the rows went there more than once, as when a cell with mode('append') "
        "runs again.",
        "another-frame-written": "the writer was called on another frame than `people`, be it "
        "`customers` or one\nthat was changed on the way.",
        "fewer-files": "each task that has rows writes a file, and there were fewer of them. AQE "
        "leaves few after\na shuffle; coalesce only lowers their number, repartition sets it.",
        "more-files": "each task writes a file, or several where the rows per file are limited; "
        "there were\nmore tasks, or files of an earlier run are still there.",
        "no-overwrite": "a second run finds the folder there: by default it stops with an error, "
        "and 'append'\nadds to the old files.",
    },
)


# --- q5: the hot key --------------------------------------------------------------------------


def _stores() -> pd.DataFrame:
    return _read_stores(locate("orders"), locate("stores"))


@cache
def _read_stores(orders_path: str, stores_path: str) -> pd.DataFrame:
    """By store_id: city, opening date, and of its orders the number and sums."""
    orders = pd.read_parquet(orders_path)
    seconds = (orders["ordered_at"] - pd.Timestamp(0, tz="UTC")).dt.total_seconds()
    by_store = orders.assign(seconds=seconds).groupby("store_id")
    sums = by_store[["order_id", "amount", "seconds"]].sum().assign(n=by_store.size())
    stores = pd.read_parquet(stores_path).astype({"opened": "datetime64[ns]"})
    return stores.set_index("store_id").join(sums, how="inner")


def _total() -> int:
    return int(_stores()["n"].sum())


def _hot() -> tuple[int, int]:
    """(store_id, orders) of the store with the most orders."""
    n = _stores()["n"]
    return int(n.index.to_numpy()[n.argmax()]), int(n.max())


@cache
def _hashes(spark: SparkSession, path: str) -> Any:
    """store_id -> Spark's own hash of it, in one job."""
    rows = spark.read.parquet(path).select("store_id", F.hash("store_id").alias("hash"))
    return rows.toPandas().set_index("store_id")["hash"]


def _sizes_by_store(a: Answers, partitions: int) -> list[int]:
    """Orders in each partition, if not empty, of a shuffle by store_id; the largest first."""
    n = _stores()["n"]
    places = _hashes(a.spark, locate("stores"))[n.index] % partitions
    sizes = np.bincount(places, weights=n)
    return sorted(sizes[sizes > 0].tolist(), reverse=True)


def _wrong_partitions(a: Answers) -> Found:
    for item in a.partition_rows:
        if not kinds.fits(item, "number"):
            return "wrong-type", f"`partition_rows` holds {str(item)[:60]!r}, which is no number"
    sizes = sorted((size for size in a.partition_rows if size), reverse=True)
    if sizes == _sizes_by_store(a, PARTITIONS):
        return None
    if sum(sizes) == len(_stores()):
        return "stores-counted", "`partition_rows` adds up to the number of stores"
    if sizes == sorted(_stores()["n"], reverse=True):
        return "counted-per-store", f"`partition_rows` has {len(sizes)} numbers, one for each store"
    if sizes == list(range(PARTITIONS - 1, 0, -1)):
        return "partition-ids", f"`partition_rows` holds the numbers from 0 to {PARTITIONS - 1}"
    if sum(sizes) == _total() and max(sizes) < _hot()[1]:
        fewer = f"{max(sizes):,} rows, fewer than one store has orders"
        return "not-by-key", f"the largest partition in `partition_rows` has {fewer}"
    for number in range(1, 257):
        if sizes == _sizes_by_store(a, number):
            many = f"{number} partition{'s' * (number > 1)}"
            return "other-partitions", f"`partition_rows` has the sizes of {many}"
    total = f"{len(sizes)} numbers with the sum {sum(sizes):,}"
    return "", f"`partition_rows`, {total}, does not hold the orders of the eight partitions"


def _of_rarest(a: Answers) -> dict[str, list[float]]:
    n = _stores()["n"]
    stores = [float(store) for store in n.index[n == n.min()]]
    return {"hot_store": stores, "hot_share": [float(n.min() / n.sum())]}


def _of_amount(a: Answers) -> dict[str, float]:
    amount = _stores()["amount"]
    return {"hot_share": float(amount[_hot()[0]] / amount.sum())}


HOT = Values(lambda a: {"hot_store": _hot()[0], "hot_share": _hot()[1] / _total()}, 1e-6)

Q5 = decided(
    _wrong_partitions,
    {
        "wrong-type": 'a list of numbers is due: row["count"] takes the number out of a row.',
        "stores-counted": "the stores in each partition were counted instead of their orders.",
        "counted-per-store": "the orders were counted by store_id; a partition holds the orders of "
        "many stores.",
        "partition-ids": "these are the numbers that name the partitions, not the rows in them.",
        "other-partitions": "the rows were counted in another number of partitions than the eight "
        "asked for.",
        "not-by-key": "rows of one store lie in several partitions: these are the partitions of "
        "the files,\nor of a repartition that was not told to go by the store.",
    },
    HOT.wrong(
        "share-in-percent",
        lambda a: {"hot_share": 100 * _hot()[1] / _total()},
        "cannot be a share: it is above 1",
        "the share was multiplied by 100.",
    ),
    HOT.wrong(
        "count-for-share",
        lambda a: {"hot_share": _hot()[1]},
        "is a number of orders",
        "the count was not divided by the number of all orders.",
    ),
    HOT.wrong(
        "share-of-the-rest",
        lambda a: {"hot_share": _hot()[1] / (_total() - _hot()[1])},
        "compares this store with all the others together",
        "the count was divided by the orders of the other stores; a share is of all orders.",
    ),
    HOT.wrong(
        "share-of-amount",
        _of_amount,
        "is the share of the amount that was spent",
        "the amounts were added up; the task asks how many of the orders it has.",
    ),
    HOT.wrong(
        "sorted-upwards",
        _of_rarest,
        "belongs to the store with the fewest orders",
        "orderBy sorts upwards unless told otherwise, so the first row is the smallest.",
    ),
)


# --- q6: the mended join ----------------------------------------------------------------------


class _Run(NamedTuple):
    """The learner's join, run once."""

    sums: pd.DataFrame  # by partition, store, city and opening date
    most: int  # rows that one task got from a shuffle on the way, at most


def _run(a: Answers) -> _Run:
    seconds = F.col("ordered_at").cast("timestamp").cast("double")
    sums = a.joined.groupBy(F.spark_partition_id(), "store_id", "city", "opened").agg(
        F.count("*"), F.sum("order_id"), F.sum("amount"), F.sum(seconds)
    )
    rows, most = _watched(a, sums)
    names = ["place", "store_id", "city", "opened", "n", "order_id", "amount", "seconds"]
    frame = pd.DataFrame([tuple(row) for row in rows], columns=names)
    return _Run(frame.astype(dict.fromkeys(names[5:], float) | {"opened": "datetime64[ns]"}), most)


def _watched(a: Answers, frame: DataFrame) -> tuple[list[Any], int]:
    """The rows of a frame, and how many rows a task got from a shuffle on the way, at most."""
    if not hasattr(a.spark, "_jvm"):
        return a.collect(frame), 0  # Spark Connect does not say what its tasks read
    context: Any = a.spark.sparkContext
    tag = f"check-{id(frame)}"
    context.addJobTag(tag)
    try:
        rows = a.collect(frame)
    finally:
        context.removeJobTag(tag)
    java = context._jsc.sc()
    java.listenerBus().waitUntilEmpty()  # news of tasks come with a delay
    largest = context._gateway.new_array(context._jvm.double, 1)
    largest[0] = 1.0  # of the quantiles
    most = 0
    for job in java.statusTracker().getJobIdsForTag(tag):
        for stage in context.statusTracker().getJobInfo(job).stageIds:
            attempt = java.statusStore().lastStageAttempt(stage).attemptId()
            tasks = java.statusStore().taskSummary(stage, attempt, largest)
            if tasks.isDefined():
                most = max(most, int(tasks.get().shuffleReadMetrics().readRecords().apply(0)))
    return rows, most


def _wrong_join(a: Answers) -> Found:
    joined = a.joined
    if joined is None:
        return "is-none", "`joined` is None; a Spark DataFrame is due"
    if not kinds.fits(joined, "frame"):
        return "wrong-type", f"`joined` is {kinds.describe(joined)}; a Spark DataFrame is due"
    if twice := kinds.named_twice(joined):
        return "duplicate-column", f"`joined` has more than one column named `{twice}`"
    if column := kinds.wrong_column(joined, JOINED):
        return column[0], f"`joined` {column[1]}"
    if extra := _without(map(str.lower, joined.columns), JOINED):
        return "salt-left-over", f"`joined` has more columns than the plain join: {_list(extra)}"
    return _wrong_orders(a) or _skew(a)


def _wrong_orders(a: Answers) -> Found:
    sums = a.once("run", _run).sums
    rows, total = int(sums["n"].sum()), _total()
    has, plan = f"`joined` has {rows:,} rows", _plan(a.joined)
    if not rows:
        return "empty-frame", "`joined` has no rows"
    if _through_python(a, "joined"):
        return "through-the-driver", MADE.replace("the frame", "`joined`")
    if rows > total:
        return "rows-multiplied", f"{has}, more than there are orders"
    if _hot()[0] not in set(sums["store_id"]):
        return "hot-store-dropped", f"{has}, none of them of the store with most orders"
    if rows < total:
        keys = re.findall(r"Join \w+, (.*)", plan.partition("== Optimized")[0])
        by_store = all(re.fullmatch(r"\(store_id#\w+ = store_id#\w+\)", key) for key in keys)
        return "rows-lost" if by_store else "salted-one-side", f"{has}, fewer than there are orders"
    if (empty := int(sums.loc[sums["city"].isna(), "n"].sum())) and "Outer" in plan:
        return "gaps-hidden-by-left-join", f"{empty:,} rows of `joined` have no city"
    found = sums.groupby(["store_id", "city", "opened"], as_index=False, dropna=False).sum()
    first = differs(found, _stores().reset_index(), ["store_id"])
    if first is None:
        return None
    if first.kind == "value" and first.column in ("city", "opened"):
        return "", f"`{first.column}` is another in `joined` for {first.rows} stores"
    return "", f"the rows of store {float(first.key):g} in `joined` differ from the plain join"


def _skew(a: Answers) -> Found:
    sums, most = a.once("run", _run)
    places = sums.groupby("place")["n"].sum()
    largest, total = int(places.max()), _total()
    if max(most, largest) <= total / 2:
        return None
    lines = _plan(a.joined).splitlines()
    for number, line in enumerate(lines):
        if "BroadcastExchange" in line and any("order_id" in x for x in _below(lines[number:])):
            return "large-side-broadcast", "`order_id` stands below BroadcastExchange in the plan"
    if len(places) == 1:
        return "one-partition", "all rows of `joined` are in one partition"
    if most > total / 2:
        share = f"{most / total:.0%} as many rows as there are orders"
        return "still-skewed", f"a shuffle on the way to `joined` sends one partition {share}"
    return "still-skewed", f"one partition of `joined` holds {largest / total:.0%} of the rows"


def _below(lines: list[str]) -> list[str]:
    """The first line of a plan, and those that stand below it in the tree."""
    depths = [len(line) - len(line.lstrip(" :+-")) for line in lines]
    end = next((i for i in range(1, len(lines)) if depths[i] <= depths[0]), len(lines))
    return lines[:end]


Q6 = decided(
    _wrong_join,
    {
        "is-none": "show() and explain() print and give nothing back to keep.",
        "wrong-type": "the join is to stay in Spark: no toPandas(), collect() or rdd.",
        "duplicate-column": "a join on orders.store_id == stores.store_id keeps the key of both "
        'sides; join on\nthe name, "store_id".',
        "missing-column": "a drop or a select took one column too many, or it has another name "
        "now.",
        "wrong-column-type": "the column was made anew on the way, or another one got its name.",
        "salt-left-over": "the helper column, or a second copy of the key, was not dropped.",
        "empty-frame": "no pair of rows agrees in all the keys of the join; compare their types "
        "and values.",
        "through-the-driver": DRIVER,
        "rows-multiplied": "orders met several rows of their store: where stores are repeated for "
        "a salt, it\nbelongs into the key of the join. Or rows were added twice.",
        "hot-store-dropped": "the busy store was filtered out, or its part was never added again.",
        "salted-one-side": "the key of the join is more than the store: orders found no partner "
        "where a salt is\non one side only, or not with all its values for each store.",
        "rows-lost": "a filter, limit, distinct or dropDuplicates took orders, or the join with a "
        "part of\nthe stores did.",
        "gaps-hidden-by-left-join": "an outer join keeps orders that found no store: a key that "
        "differs on the two\nsides, as a salt of only one, does not show as missing rows.",
        "large-side-broadcast": "the broadcast went around the orders: the large table is copied "
        "to every task and\nthe small one is not.",
        "one-partition": "coalesce(1), repartition(1) and limit bring all rows into one partition, "
        "so a single\ntask has all the work.",
        "still-skewed": "a shuffle sends equal keys to one partition, be it for a join, a sort, a "
        "window or a\nrepartition; most of the orders have the same store and the same city.",
    },
)


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
        mistakes=Q1,
        refuse=refused(_wrong_file),
        why=(
            "A reader that guesses wrongly rarely fails: it hands on a table that looks like data. "
            "Count columns and rows and look at types before anything else."
        ),
    ),
    Question(
        id="q2",
        title="Keys that ignore the format",
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
        mistakes=Q2,
        refuse=refused(_wrong_keys),
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
        mistakes=Q3,
        refuse=refused(_wrong_people),
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
        looks_at={
            "mode": "no-overwrite, in the text of the cell",
            "repartition": "nothing: the number of files counts, however it comes about",
            "dropDuplicates": "nothing: it is question 3's",
        },
        needs=("q3",),
        hints=(
            "Each partition becomes one file. coalesce(n) can only make fewer partitions, "
            "repartition(n) makes exactly n.",
            "Call repartition right before write; mode('overwrite') lets the cell run again. "
            "AQE leaves a number alone that repartition was given.",
        ),
        mistakes=Q4,
        refuse=refused(_wrong_files),
        note=_old_files_stay,
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
        looks_at={"store_id": "the numbers of HOT"},
        hints=(
            "Count the orders per store, sort so that the largest comes first, and take the "
            "first row with first(). A share is a count divided by the count of all orders.",
            "F.spark_partition_id() gives the number of the partition that a row is in: group "
            "the repartitioned orders by it and count. collect() gives rows; a list "
            "comprehension takes their counts.",
        ),
        mistakes=Q5,
        refuse=refused(_wrong_partitions, HOT),
        why=(
            "A stage ends when its slowest task ends, so one partition with most of the rows "
            "makes all other cores wait."
        ),
    ),
    Question(
        id="q6",
        title="Fix the join",
        points=3,
        # A frame. The engine would count its rows, and a join that broadcasts costs two jobs each
        # time it runs; so this question looks once, and says itself what is no frame or empty.
        names={"joined": "any"},
        looks_at={"crossJoin": "nothing: it is one way to salt"},
        hints=(
            "The stores are few. F.broadcast around a frame asks Spark to send it to every task; "
            "joined.explain() shows whether the orders are still shuffled (`Exchange`).",
            "To salt instead: give each order a number from 0 to n - 1, for example order_id % n; "
            "give each store all n numbers (crossJoin with spark.range(n), or explode); join on "
            "store_id and that number; drop it at the end.",
        ),
        mistakes=Q6,
        refuse=refused(_wrong_join),
        why=(
            "A join that broadcasts the small side never shuffles the large one; where both are "
            "large, salting buys even tasks for a few copies of the smaller."
        ),
    ),
]
