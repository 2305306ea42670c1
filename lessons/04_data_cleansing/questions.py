"""The questions of lab 04: a second city's file, from bytes to filled train and test rows.

What is right is computed in pandas from the file itself, independently of Spark, so that a check
spends its Spark jobs on the learner's frame alone. Rows have no order: they are compared by `id`.
"""

import re
from functools import cache, reduce
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

import numpy as np

from course_utils import locate
from course_utils.lab import Answers, Question, reference
from course_utils.lab.compare import differs
from course_utils.lab.decide import decided, refused
from course_utils.lab.kinds import describe

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame

TEXTS = ("id", "name", "summary", "neighbourhood_cleansed", "room_type")
WHOLE = ("accommodates", "bedrooms", "minimum_nights", "number_of_reviews")
DECIMAL = ("latitude", "longitude", "review_scores_rating")
NUMBERS = (*WHOLE, *DECIMAL, "price", "occupancy_rate")
DATES = ("host_since", "last_updated")
SUPERHOST = "host_is_superhost"
COLUMNS = (*TEXTS, *NUMBERS, SUPERHOST, *DATES)
HOW = {"review_scores_rating": "median", "occupancy_rate": "mean", "bedrooms": "mode"}
FILLED = tuple(HOW)
FLAGS = tuple(f"{name}_na" for name in FILLED)
UNRATED, UNKNOWN_BEDROOMS, MOST_NIGHTS = 999, -1, 365
NORTH = 60  # degrees: every latitude of Brennholm is above, every longitude below

TYPES = {
    **dict.fromkeys(TEXTS, "text"),
    **dict.fromkeys(NUMBERS, "number"),
    SUPERHOST: "boolean",
    **dict.fromkeys(DATES, "time"),
}

Found = tuple[str, str] | None


# --- what the file holds --------------------------------------------------------------------------


def _file() -> "pd.DataFrame":
    """The file as it is: every value text, "" where there is nothing."""
    return reference.text_file("brennholm", ";", "iso-8859-1")


@cache
def _typed() -> "pd.DataFrame":
    """The file with its values: numbers, booleans (object, None where missing), dates."""
    import pandas as pd

    rows = _file().copy()
    for name in NUMBERS:
        plain = rows[name].str.replace(r"[^0-9,-]", "", regex=True).str.replace(",", ".")
        rows[name] = pd.to_numeric(plain, errors="coerce")
    rows["occupancy_rate"] /= 100
    rows[SUPERHOST] = rows[SUPERHOST].map({"ja": True, "nei": False}).astype(object)
    for name in DATES:
        rows[name] = pd.to_datetime(rows[name], format="%d.%m.%Y")
    return rows


@cache
def _newest() -> "pd.DataFrame":
    """One row per listing, the last one written, before anything is mended."""
    rows = _typed().sort_values("last_updated", kind="stable")
    return rows.drop_duplicates("id", keep="last").reset_index(drop=True)


def _possible(rows: "pd.DataFrame") -> "pd.Series[bool]":
    stay = rows["minimum_nights"] <= MOST_NIGHTS
    return (rows["price"] > 0) & (rows["accommodates"] > 0) & stay


@cache
def _clean() -> "pd.DataFrame":
    """The newest rows, mended, without those that cannot be."""
    rows = _newest()[_possible(_newest())].reset_index(drop=True)
    swapped = rows["latitude"] < NORTH
    north = rows["latitude"].where(~swapped, rows["longitude"])
    rows["longitude"] = rows["longitude"].where(~swapped, rows["latitude"])
    rows["latitude"] = north
    rows["review_scores_rating"] = rows["review_scores_rating"].replace(UNRATED, np.nan)
    rows["bedrooms"] = rows["bedrooms"].replace(UNKNOWN_BEDROOMS, np.nan)
    return rows


@cache
def _side(which: str) -> "pd.DataFrame":
    """The clean rows of "train", "test" or "all"."""
    rows = _clean()
    in_train = rows["id"].map(lambda text: crc32(text.encode()) % 100 < 80)
    return {"all": rows, "train": rows[in_train], "test": rows[~in_train]}[which]


# --- what the learner has -------------------------------------------------------------------------


def _plain(rows: "pd.DataFrame") -> "pd.DataFrame":
    """Rows of the learner with numbers as floats, times without a zone, and "" for no text."""
    import pandas as pd

    made: dict[str, Any] = {name: rows[name].fillna("").astype(str) for name in TEXTS}
    made |= {name: rows[name].astype(float) for name in NUMBERS}
    times = [name for name in DATES if pd.api.types.is_datetime64_any_dtype(rows[name])]
    made |= {name: pd.to_datetime(rows[name], utc=True).dt.tz_localize(None) for name in times}
    return rows.assign(**made)


def _ids(rows: "pd.DataFrame") -> set[str]:
    return set(rows["id"].fillna("").astype(str))


def _unlike(
    frame: str, rows: "pd.DataFrame", due: "pd.DataFrame", file: "pd.DataFrame | None" = None
) -> str | None:
    """The first thing in which rows are not as they should be, and what `file` has there."""
    first = differs(rows, due, ["id"])
    if first is None:
        return None
    if first.kind != "value":
        there = "missing" if first.kind == "missing" else "too many"
        return f"{first.rows:,} rows of `{frame}` are {there}, such as one of id {first.key!r}"
    found = re.sub(r"Timestamp\('(\S+)\b.*", r"\1", first.found)
    many = f"in {first.rows:,} of {len(rows):,} rows"
    where = f"{found} for id {first.key}"
    if file is not None:
        texts = file.loc[file["id"] == first.key, first.column].unique()
        where += f", where the file has {' and '.join(map(repr, texts))[:80]}"
    return f"`{first.column}` of `{frame}` is not as it should be {many}: {where}"


def _helpers_left(frame: "DataFrame", name: str, before: str) -> Found:
    extra = [column for column in frame.columns if column.lower() not in COLUMNS]
    if not extra:
        return None
    return (
        "helper-columns-left",
        f"`{name}` has columns that `{before}` has not: {', '.join(extra)}",
    )


def _plan(frame: "DataFrame") -> Any:
    """What makes a frame, as Spark's own tree; None where Spark does not tell."""
    return frame._jdf.queryExecution().analyzed() if hasattr(frame, "_jdf") else None


# --- q1: read the file ----------------------------------------------------------------------------


def _wrong_file(a: Answers) -> Found:
    columns, due = a.raw.columns, _file()
    if len(columns) < 3:
        return (
            "wrong-separator",
            f"`raw` has {len(columns)} column, named {columns[0][:40]!r}",
        )
    rows = a.pandas("raw")
    names = list(due.columns)
    if len(columns) == len(names) and (rows.astype(str).to_numpy() == names).all(1).any():
        return "header-as-data", f"one row of `raw` holds the words {names[0]!r}, {names[1]!r}, …"
    guessed = [f"{name} is {kind}" for name, kind in a.raw.dtypes if kind != "string"]
    if guessed and set(columns) == set(names):
        return "types-guessed", f"not every column is text: {', '.join(guessed)}"
    values = rows.fillna("").astype(str).stack()
    if odd := int(values.str.contains("\ufffd|Ã", regex=True).sum()):
        return "wrong-encoding", f"{odd:,} values hold letters that are none, such as '\ufffd'"
    if left := int(values.str.contains('""', regex=False).sum()):
        return "quotes-left", f'{left:,} values still hold two quotes in a row (`""`)'
    if lacking := [name for name in names if name not in rows.columns]:
        return "", f"`raw` has no column `{lacking[0]}`"
    if torn := int((~rows["id"].fillna("").astype(str).str.fullmatch(r"\d+")).sum()):
        return (
            "lines-torn",
            f"`raw` has {len(rows):,} rows, and in {torn:,} of them `id` is no number",
        )
    if len(columns) != len(names):
        return "", f"`raw` has {len(columns)} columns; the first line of the file names others"
    if len(rows) < len(due):
        return "rows-lost", f"`raw` has {len(rows):,} rows, fewer than the file has records"
    texts = rows[names].fillna("").astype(str)
    for name in names:
        if strange := sorted(set(texts[name]) - set(due[name])):
            return (
                "",
                f"`{name}` of `raw` has {strange[0][:40]!r}, which the file has nowhere in it",
            )
    if sorted(map(tuple, texts.to_numpy())) != sorted(map(tuple, due.to_numpy())):
        return "", "`raw` does not hold the records of the file, each as often as there"
    return None


Q1 = decided(
    _wrong_file,
    {
        "wrong-separator": "the reader looked for another separator than the file has; see its "
        "first line.",
        "header-as-data": "the first line holds names; header=True says so.",
        "types-guessed": "inferSchema guesses types from what it can read, and decimal commas it "
        "can't. Leave all as text for now.",
        "wrong-encoding": "the bytes were read in another encoding, such as UTF-8, Spark's "
        "default; the file is ISO-8859-1.",
        "quotes-left": "inside a quoted text a quote is written twice; Spark expects a backslash "
        "there unless the option escape says otherwise.",
        "lines-torn": "rows were cut at line breaks inside quoted texts; an option of the reader "
        "lets a record go over several lines.",
        "rows-lost": "the reader threw away what it could not read (mode DROPMALFORMED), or "
        "limit, filter, dropna or dropDuplicates did; all records are asked for, also those that "
        "are there twice.",
    },
)


# --- q2: types ------------------------------------------------------------------------------------

# Without the comma a number is larger by a power of ten, that of its decimals
_DECIMALS = {
    "price": 2,
    "latitude": 5,
    "longitude": 5,
    "occupancy_rate": 1,
    "review_scores_rating": 2,
}


def _wrong_values(a: Answers) -> Found:
    if extra := _helpers_left(a.typed, "typed", "raw"):
        return extra
    rows, due = _plain(a.pandas("typed")), _typed()
    if len(rows) < len(due):
        return "rows-lost", f"`typed` has {len(rows):,} rows, fewer than `raw`"
    if sorted(rows["id"]) != sorted(due["id"]):
        return "", "`typed` does not hold the rows of `raw`, each as often as there"
    found, right, texts = _once(rows), _once(due), _once(_file())
    for name in ("price", *DECIMAL, "occupancy_rate", *WHOLE):
        if wrong := _wrong_number(name, found[name], right[name], texts[name]):
            return wrong
    if wrong := _wrong_truth(found[SUPERHOST], right[SUPERHOST]) or _wrong_dates(a, found, right):
        return wrong
    unlike = _unlike("typed", rows, due, _file())
    return ("", unlike) if unlike else None


def _once(rows: "pd.DataFrame") -> "pd.DataFrame":
    """The listings that are there once, by `id`: nothing else tells two rows of one apart."""
    return rows[~rows["id"].duplicated(keep=False)].set_index("id").sort_index()


def _wrong_number(name: str, given: Any, due: Any, texts: Any) -> Found:
    """What became of a column of numbers, among the listings that are there once."""

    def times(factor: float) -> Any:
        return np.isclose(given, due * factor, rtol=1e-6, atol=1e-9) & (due != 0)

    lost = given.isna() & due.notna()
    if lost.any():
        such = f"such as {texts[lost].iloc[0]!r}"
        pointed = texts.str.contains(".", regex=False) & due.notna()
        if name == "price" and (lost == pointed).all():
            where = f"for texts with a point, {such}, and for no other"
            return "thousands-lost", f"`price` of `typed` is missing {where}"
        return "numbers-lost", f"`{name}` of `typed` is missing where the file has a number, {such}"
    decimals = _DECIMALS.get(name)
    if decimals and times(10**decimals).mean() > 0.5:
        return (
            "comma-dropped",
            f"`{name}` of `typed` is {10**decimals:,} times too large in most rows",
        )
    if name == "price" and (small := times(0.001)).any():
        became = f"{texts[small].iloc[0]!r} became {given[small].iloc[0]:.10g}"
        return "point-kept", f"in `price` of `typed`, {became}: a thousand times too small"
    if name == "occupancy_rate" and times(100).mean() > 0.5:
        return "percent-kept", f"`occupancy_rate` of `typed` goes up to {given.max():.4g}"
    return None


def _wrong_truth(given: Any, due: Any) -> Found:
    if not (given == True).any():  # noqa: E712 - missing values are neither
        return "never-true", f"`{SUPERHOST}` of `typed` is true in no row at all"
    made_up = due.isna() & (given == False)  # noqa: E712
    if made_up.any() and ((given == True) == (due == True)).all():  # noqa: E712
        where = f"where the file says nothing, such as for id {given.index[made_up][0]}"
        return "unknown-is-no", f"`{SUPERHOST}` of `typed` is false {where}"
    return None


def _wrong_dates(a: Answers, found: "pd.DataFrame", due: "pd.DataFrame") -> Found:
    kinds = {name.lower(): kind for name, kind in a.typed.dtypes}
    for name in DATES:
        if not kinds[name].startswith(("date", "timestamp")):
            return "not-a-date", f"`{name}` of `typed` is of type {kinds[name]}"
        left, right = found[name].dt, due[name].dt
        swapped = (left.day == right.month) & (left.month == right.day) & (left.day != left.month)
        if swapped.any():
            became = f"{found[name][swapped].iloc[0]:%d %B %Y}"
            what = f"day and month have changed places, as in {became}"
            return "day-for-month", f"in `{name}` of `typed`, {what}"
        rest = (left.day == right.day) & (left.year == right.year)
        if ((left.month == 1) & rest).all() and (right.month != 1).any():
            return "minutes-for-months", f"`{name}` of `typed` is in January in every row"
        if lost := int(found[name].isna().sum()):
            return "dates-lost", f"`{name}` of `typed` is missing for {lost:,} listings or more"
    return None


Q2 = decided(
    _wrong_values,
    {
        "helper-columns-left": "a column made on the way is still there; select the columns that "
        "are asked for.",
        "rows-lost": "converting must not drop rows; a filter or dropna did. Duplicates and gaps "
        "are dealt with later.",
        "thousands-lost": "the point between the thousands is still in the text, so two points "
        "stand in it, and it is no number.",
        "numbers-lost": "something in these texts is no part of a number for the conversion that "
        "was used; or what stands for 'unknown' was taken out, which is for question 3.",
        "comma-dropped": "the comma was removed together with the other signs; here it is the "
        "decimal sign.",
        "point-kept": "the point stayed and was taken for the decimal sign; here it groups "
        "thousands.",
        "percent-kept": "the percent sign went away, and the division by 100 that it stands for "
        "is missing.",
        "never-true": "the words of this file are not those that the code looks for ('t', 'true', "
        "'yes').",
        "unknown-is-no": "otherwise(False), or filling, has made a 'no' of what is not known.",
        "not-a-date": "the text is still text, or became something else; F.to_date with a pattern "
        "makes a date of it.",
        "day-for-month": "the pattern has the month first; in this file the day comes first.",
        "minutes-for-months": "in a pattern mm are minutes and MM is the month.",
        "dates-lost": "the pattern does not fit the texts, so nothing was read.",
    },
)


# --- q3: wrong rows and wrong values --------------------------------------------------------------


def _wrong_listings(a: Answers) -> Found:
    if found := _helpers_left(a.clean, "clean", "typed"):
        return found
    # Any row of a listing is taken after a sort, and nothing else chooses
    last, sort, _ = (plan := str(_plan(a.clean) or "")).partition("Sort [")
    takes_any = re.search(r"Deduplicate|\bfirst\(|\bany_value\(", last)
    if sort and takes_any and not re.search(r"Window|Join|\bmax", plan):
        comes = "comes from sorted rows of which any one per listing is kept"
        return "left-to-chance", f"`clean` {comes}"
    rows = _plain(a.pandas("clean"))
    if found := _wrong_rows(rows) or _wrong_cells(rows):
        return found
    unlike = _unlike("clean", rows, _clean())
    return ("", unlike) if unlike else None


def _wrong_rows(rows: "pd.DataFrame") -> Found:
    """Rows that should not be in `clean`, and older ones of those that should."""
    if kept := int((~_possible(rows)).sum()):
        wrong = f"{kept:,} rows of `clean` cannot be: look at price, guests and nights"
        return "impossible-kept", wrong
    newest = rows["id"].map(_newest().set_index("id")["last_updated"])
    again = rows["id"].duplicated(keep=False)
    if again.any():
        if (rows["last_updated"] == newest)[again].all():
            tied = f"{rows['id'][again].nunique():,} listings are in `clean` with several rows"
            return "ties-kept", f"{tied}, all of the same newest date"
        many = int(rows["id"].duplicated().sum())
        return "duplicates-kept", f"{many:,} rows of `clean` have an `id` that is there already"
    older = (rows["last_updated"] < newest) & rows["id"].isin(_clean()["id"])
    if older.any():
        have = "listings have a newer row than the one in `clean`"
        return "older-kept", f"{int(older.sum()):,} {have}"
    if mixed := _mixed(rows):
        return "rows-mixed", mixed
    back = rows["id"].isin(_ids(_newest()) - _ids(_clean()))
    if back.any():
        made_up = (rows["last_updated"] == newest)[back].all()
        id = "impossible-mended" if made_up else "dropped-too-early"
        return id, f"{int(back.sum())} listings are in `clean` whose newest row cannot be"
    return None


def _mixed(rows: "pd.DataFrame") -> str | None:
    """Values that are in the file, but not in one row together."""
    both = ["id", "price", "last_updated"]
    there = [set(map(tuple, _typed()[names].to_numpy())) for names in (both, both[:2], both[::2])]
    for row in map(tuple, rows[both].dropna().to_numpy()):
        if row not in there[0] and row[:2] in there[1] and row[::2] in there[2]:
            has = f"has id {row[0]} with price {row[1]:g} and `last_updated` {row[2].date()}"
            return f"`clean` {has}, no row of `typed` has"
    return None


def _wrong_cells(rows: "pd.DataFrame") -> Found:
    """Sound listings that were dropped, and values that were not mended."""
    due = _clean()
    for name, sentinel in (("review_scores_rating", UNRATED), ("bedrooms", UNKNOWN_BEDROOMS)):
        if kept := int((rows[name] == sentinel).sum()):
            has = f"has one value far from all others, and {kept:,} rows of `clean` hold it"
            return "sentinel-kept", f"`{name}` {has}"
    gone = ~due["id"].isin(_ids(rows))
    unknown = due[["review_scores_rating", "bedrooms"]].isna().any(axis=1)
    if gone.any() and not (gone & ~unknown).any():
        dropped = f"{int(gone.sum()):,} listings with an unknown value are not in `clean`"
        return "unknown-dropped", dropped
    if not (rows["bedrooms"] == 0).any() and rows["bedrooms"].notna().any():
        return "zero-is-missing", "`bedrooms` is 0 in no row of `clean`"
    swapped = due["id"].map(_newest().set_index("id")["latitude"] < NORTH).astype(bool)
    if gone.any() and not (gone & ~swapped).any():
        dropped = f"{int(gone.sum()):,} listings with swapped coordinates are not in `clean`"
        return "swapped-dropped", dropped
    if gone.any():
        one = due[gone].iloc[0]
        facts = f"price {one['price']:g}, guests {one['accommodates']:g}"
        facts += f", nights from {one['minimum_nights']:g}"
        dropped = f"{int(gone.sum()):,} listings that can be are not in `clean`"
        return "sound-dropped", f"{dropped}, such as id {one['id']}: {facts}"
    if south := int((rows["latitude"] < rows["longitude"]).sum()):
        lie = f"{south:,} of {len(rows):,} listings in `clean` lie far to the south-east"
        return "swapped-kept", f"{lie} of Brennholm"
    if same := int((rows["latitude"] == rows["longitude"]).sum()):
        are = "`latitude` and `longitude` are the same number"
        return "one-coordinate-twice", f"in {same:,} rows of `clean`, {are}"
    return None


Q3 = decided(
    _wrong_listings,
    {
        "helper-columns-left": "a column made on the way, such as the number of a row, is still "
        "there; drop it.",
        "left-to-chance": "dropDuplicates and first promise no row in particular, not even after "
        "a sort; it is luck when the latest stays.",
        "impossible-kept": "one of the three conditions is missing, or a missing price got "
        "through: each row needs price > 0, accommodates > 0 and minimum_nights <= 365.",
        "ties-kept": "some listings were exported twice on one day: rank() and a join on the "
        "newest date keep both rows, row_number() keeps one.",
        "duplicates-kept": "one row per id is asked for; a changed listing has an older row and a "
        "newer one, which differ.",
        "older-kept": "dropDuplicates keeps any row of a listing, not the latest; or the order "
        "was upwards.",
        "rows-mixed": "an aggregate for each column (max, first) takes its values from several "
        "rows; choose one whole row.",
        "dropped-too-early": "impossible rows were dropped before the newest row was chosen, so "
        "an outdated row came back in its place.",
        "impossible-mended": "another price, stay or number of guests was put in place of the "
        "impossible one. Nobody knows the right one; such a listing is to go.",
        "sentinel-kept": "a number that stands for 'unknown' is still there as if it were a value.",
        "unknown-dropped": "'unknown' should become a missing value; the rest of such a listing "
        "is sound.",
        "zero-is-missing": "0 bedrooms was taken for 'unknown', but that is a studio.",
        "swapped-dropped": "these rows can be mended, so nothing of them need be lost.",
        "sound-dropped": "a condition takes more than it should: 'more than 365' leaves 365 in, "
        "and a gap elsewhere is no reason to drop a row.",
        "swapped-kept": "latitude and longitude of these listings stand in each other's place: "
        "they were not put back, or sound rows were exchanged too.",
        "one-coordinate-twice": "the second withColumn already saw the changed first column; "
        "change both at once.",
    },
)


# --- q4: split, mark, fill ------------------------------------------------------------------------

SIDES = {"train": "train_full", "test": "test_full"}


class _Span(NamedTuple):
    """Where a number may lie: quantiles are defined in several ways."""

    low: float
    high: float

    def has(self, value: float) -> bool:
        slack = 1e-9 * max(abs(self.low), abs(self.high), 1.0)
        return self.low - slack <= value <= self.high + slack


@cache
def _fill(name: str, how: str, side: str) -> _Span:
    """What a strategy may fill in."""
    known = _side(side)[name].dropna()
    if how == "median":
        return _Span(*np.quantile(known, [0.499, 0.501]))  # an Imputer's relativeError is 0.001
    value = float(known.mean() if how == "mean" else known.mode().iloc[0])
    return _Span(value, value)


def _read_filled(a: Answers) -> "pd.DataFrame":
    """Both sides, and what `model` makes of the clean test rows; `part` says which. One job."""
    from pyspark.sql import functions as F

    parts = {"train": a.train_full, "test": a.test_full}
    try:
        parts["model"] = a.model.transform(a.clean.filter(F.crc32("id") % 100 >= 80))
        parts["model"].select(*FILLED)
    except Exception:
        parts.pop("model", None)  # then it cannot do what is asked; `_wrong_filling` says so
    frames = []
    for part, frame in parts.items():
        present = [name for name in (*FILLED, *FLAGS) if name in frame.columns]
        numbers = [F.col(name).cast("double").alias(name) for name in present]
        frames.append(frame.select("id", *numbers, F.lit(part).alias("part")))
    return a.table(reduce(lambda one, other: one.unionByName(other, True), frames))


def _wrong_filling(a: Answers) -> Found:
    rows = _read_filled(a)
    parts = {part: rows[rows["part"] == part] for part in (*SIDES, "model")}
    gaps = {name: _ids(_clean()[_clean()[name].isna()]) for name in FILLED}

    def value(name: str, part: str) -> float:
        """What stands in a part where the clean rows have a gap; NaN unless it is one number."""
        inside = parts[part].loc[parts[part]["id"].isin(gaps[name]), name].dropna().unique()
        return float(inside[0]) if len(inside) == 1 else np.nan

    for part, frame in SIDES.items():
        if strange := len(_ids(parts[part]) - _ids(_side(part))):
            other = f"{strange:,} rows of `{frame}` belong to the other side, or to none"
            return "sides-mixed", other
    for part, frame in SIDES.items():
        if lost := len(_ids(_side(part)) - _ids(parts[part])):
            return "rows-dropped", f"`{frame}` lacks {lost:,} of its rows"
    for part, frame in SIDES.items():
        for name in FILLED:
            if left := int(parts[part][name].isna().sum()):
                return "gaps-left", f"`{name}` of `{frame}` is missing in {left:,} rows"
    for name in FILLED:
        flag, filled = parts["train"][f"{name}_na"], parts["train"]["id"].isin(gaps[name])
        if not flag.any():
            return "indicator-after-filling", f"`{name}_na` is 0 in every row of `train_full`"
        if (flag == (~filled).astype(float)).all():
            where = "is 1 where the value was known"
            return "indicator-upside-down", f"`{name}_na` of `train_full` {where}"
    # The mean tells sides apart, a median need not
    for id, side, words in (
        ("fitted-on-all", "all", "all rows, test rows included"),
        ("fitted-on-test", "test", "the test rows alone"),
    ):
        if _fill("occupancy_rate", "mean", side).has(value("occupancy_rate", "train")):
            mean = f"filled with the mean of {words}"
            return id, f"`occupancy_rate` of `train_full` was {mean}"
    for name, how in HOW.items():
        for side, words in (("test", "the test rows themselves"), ("all", "all rows")):
            own = not _fill(name, how, "train").has(value(name, "test"))
            if own and _fill(name, how, side).has(value(name, "test")):
                with_what = f"filled with the {how} of {words}"
                return "test-filled-by-itself", f"`{name}` of `test_full` was {with_what}"
    for name, how in HOW.items():
        if _fill(name, how, "train").has(value(name, "train")):
            continue
        for other in {"mean", "median", "mode"} - {how}:
            if any(_fill(name, other, side).has(value(name, "train")) for side in ("train", "all")):
                return "other-strategy", f"`{name}` of `train_full` was filled with a {other}"
    for part, frame in SIDES.items():
        right = _side(part)[["id"]].copy()
        for name, how in HOW.items():
            if not _fill(name, how, "train").has(value(name, part)):
                of = f"filled with the {how} of the training rows"
                return "", f"`{name}` of `{frame}` is not {of}"
            right[name] = _side(part)[name].fillna(value(name, part))
            right[f"{name}_na"] = _side(part)[name].isna().astype(float)
        if unlike := _unlike(frame, parts[part], right):
            return "", unlike
    for name, how in HOW.items():
        if not _fill(name, how, "train").has(value(name, "model")):
            what = f"fill `{name}` of `clean` rows with what `train_full` has"
            return "", f"`model` does not {what}"
    return None


Q4 = decided(
    _wrong_filling,
    {
        "sides-mixed": "`in_train` says on which side a listing is: by its hash, not by chance, "
        "and true is for training.",
        "rows-dropped": "rows with gaps were dropped; they are to be filled.",
        "gaps-left": "this column was not filled, or filled under another name.",
        "indicator-after-filling": "the indicator was made when the gaps were filled already; it "
        "has to come first.",
        "indicator-upside-down": "1.0 is for a value that was missing, 0.0 for one that was there.",
        "fitted-on-all": "the value was learned before the split, so test rows took part in "
        "choosing it: leakage.",
        "fitted-on-test": "fit was called with the other side.",
        "test-filled-by-itself": "a second fit was made for the test rows; they get what the "
        "training rows teach.",
        "other-strategy": "see the list above: which column takes the mean, the median, the mode? "
        "Imputer takes the mean unless told otherwise.",
    },
)


# --- q5: fences -----------------------------------------------------------------------------------

Pair = tuple[float, float]
# What the check calls `fences` with: both cities' frames have it, and it is not the price
TRIED = "number_of_reviews"


def _within(pair: Pair, values: np.ndarray) -> bool:
    """Whether a pair is the fences: definitions of a quartile differ by less than two ranks."""
    near = 2 / len(values)
    low, one = np.quantile(values, [0.25 - near, 0.25 + near])
    three, high = np.quantile(values, [0.75 - near, 0.75 + near])
    narrow, wide = 1.5 * (three - one), 1.5 * (high - low)
    lower, upper = _Span(low - wide, one - narrow), _Span(three + narrow, high + wide)
    return lower.has(pair[0]) and upper.has(pair[1])


@cache
def _listings(file: str) -> "pd.DataFrame":
    import pandas as pd

    return pd.read_parquet(file, columns=[TRIED, "price"]).astype(float).dropna()


def _pair(value: Any) -> Pair | None:
    """A pair of finite numbers, or None."""
    if isinstance(value, dict):
        return None
    try:
        low, high = map(float, value)
    except Exception:  # a Spark DataFrame, of all things, can be iterated over
        return None
    return (low, high) if np.isfinite([low, high]).all() else None


def _returned(a: Answers) -> Any:
    """What `fences` returns for a column of the listings in use."""
    listings = a.spark.createDataFrame(_listings(locate("listings"))).coalesce(1)
    adaptive = a.spark.conf.get("spark.sql.adaptive.enabled")
    a.spark.conf.set("spark.sql.adaptive.enabled", "false")
    try:
        return a.call("fences", listings, TRIED)
    finally:
        a.spark.conf.set("spark.sql.adaptive.enabled", adaptive or "true")


def _numbers(pair: Pair) -> str:
    return "({:.6g}, {:.6g})".format(*pair)


def _wrong_fences(a: Answers) -> Found:
    value = _returned(a)
    said, limits = _pair(value), _pair(a.limits)
    call = f"`fences(listings, {TRIED!r})` returned "
    if said is None:
        few = isinstance(value, list | tuple | np.ndarray) and len(value) < 9
        return "no-pair", call + describe(value) + (f", {value!r}" if few else "")
    if limits is None:
        return "no-pair", f"`limits` is {str(a.limits)[:60]}"
    call += _numbers(said)
    return (
        _of_logarithms(limits)
        or _other_rule(said, call)
        or _learned_there(limits)
        or _inexact(said, limits, call)
        or _unordered(said, limits, call)
        or _wrong_flags(a, limits)
    )


def _of_logarithms(limits: Pair) -> Found:
    logs = np.log(_side("train")["price"].to_numpy())
    if _within(limits, logs):
        whose = "the fences of the logarithm of the price"
    elif min(limits) > 0 and _within((np.log(limits[0]), np.log(limits[1])), logs):
        whose = "learned from the logarithm of the price"
    else:
        return None
    return "log-fences", f"`limits` are {_numbers(limits)}, {whose}"


def _other_rule(said: Pair, call: str) -> Found:
    """What `fences` says of the listings in use, if it looks elsewhere or by another rule."""
    values = _listings(locate("listings"))[TRIED].to_numpy()
    if _within(said, values):
        return None
    if _within(said, _listings(locate("listings"))["price"].to_numpy()):
        return "argument-ignored", f"{call}: these are the fences of the price"
    for name in (TRIED, "price"):
        if _within(said, _side("train")[name].to_numpy()):
            whose = f"these are the fences of `{name}` in `train_full`"
            return "argument-ignored", f"{call}: {whose}"
    q1, q2, q3 = np.quantile(values, [0.25, 0.5, 0.75])
    iqr, mean, sd = q3 - q1, values.mean(), values.std()
    rules = {
        "quartiles-alone": (q1, q3, "the quartiles themselves"),
        "another-reach": (q1 - iqr, q3 + iqr, "one IQR beyond the quartiles"),
        "standard-deviations": (
            mean - 3 * sd,
            mean + 3 * sd,
            "the mean minus and plus 3 standard deviations",
        ),
        "around-the-median": (
            q2 - 1.5 * iqr,
            q2 + 1.5 * iqr,
            "the median minus and plus 1.5 IQR",
        ),
    }
    for id, (low, high, words) in rules.items():
        if np.allclose(said, (low, high), rtol=0, atol=5e-3 * (high - low)):
            return id, f"{call}, {words}"
    return None


def _learned_there(limits: Pair) -> Found:
    """The limits are, to the cent, those of other rows; quartiles are defined in several ways."""
    words = {"train": "", "test": "the test rows", "all": "training and test rows together"}
    for side, said in words.items():
        for method in ("linear", "inverted_cdf"):
            q1, q3 = np.quantile(_side(side)["price"], [0.25, 0.75], method=method)
            if np.allclose(limits, (q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)), rtol=1e-9):
                return ("learned-from-test", f"`limits` are the fences of {said}") if said else None
    return None


def _inexact(said: Pair, limits: Pair, call: str) -> Found:
    """The quartiles that a pair comes from are values of the column, a tenth off or less."""
    values = _listings(locate("listings"))[TRIED].to_numpy()
    prices = _side("train")["price"].to_numpy()
    for pair, column, what in (
        (said, values, call),
        (limits, prices, f"`limits` are {_numbers(limits)}"),
    ):
        reach = 1.5 * (pair[1] - pair[0]) / 4
        quartiles = pair[0] + reach, pair[1] - reach
        near = all(
            np.isclose(column, value, rtol=1e-9).any()
            and (column < value).mean() <= share + 0.11
            and (column <= value).mean() >= share - 0.11
            for value, share in zip(quartiles, (0.25, 0.75), strict=True)
        )
        if near and not _within(pair, column):
            return "approximate", f"{what}, as from the quartiles {_numbers(quartiles)}"
    return None


def _unordered(said: Pair, limits: Pair, call: str) -> Found:
    for name, pair in (("fences", said), ("limits", limits)):
        if pair[0] > pair[1]:
            return "turned-round", f"`{name}` gives {_numbers(pair)}, the larger number first"
    values = _listings(locate("listings"))[TRIED].to_numpy()
    if not _within(said, values):
        low = 2.5 * np.quantile(values, 0.25) - 1.5 * np.quantile(values, 0.75)
        if said[0] == 0 > low and _within((low, said[1]), values):
            return "no-lower-fence", f"{call}: the lower fence is 0"
        return "", f"{call}, which is not 1.5 IQR beyond the quartiles"
    if not _within(limits, _side("train")["price"].to_numpy()):
        what = "not the fences of the prices in `train_full`"
        return "", f"`limits` are {_numbers(limits)}, {what}"
    return None


def _wrong_flags(a: Answers, limits: Pair) -> Found:
    rows, due = a.pandas("flagged"), _side("test")
    there = {name.lower() for name in a.flagged.columns}
    if _ids(rows) & _ids(_side("train")):
        return "training-rows-flagged", "`flagged` holds training rows"
    if len(rows) < len(due) and _ids(rows) < _ids(due):
        fewer = f"{len(due) - len(rows):,} rows fewer than `test_full`"
        return "outliers-removed", f"`flagged` has {fewer}"
    if lost := [name for name in a.test_full.columns if name.lower() not in there]:
        lacks = f"lacks {len(lost)} columns of `test_full`, such as `{lost[0]}`"
        return "columns-lost", f"`flagged` {lacks}"
    rows = rows.assign(price=rows["price"].astype(float))
    outside = ~rows["price"].between(*limits)
    if (rows["is_outlier"] == ~outside).all():
        inside = f"{rows['is_outlier'].mean():.0%} of the rows of `flagged` are flagged"
        return "flag-upside-down", f"{inside}, those inside `limits`"
    if unlike := _unlike("flagged", rows, due[["id", "price"]]):
        return "", unlike
    wrong = rows[rows["is_outlier"] != outside]
    if len(wrong):
        flag, price = wrong["is_outlier"].iloc[0], wrong["price"].iloc[0]
        where = f"`is_outlier` is {flag} for a price of {price:g}"
        return "", f"{where}, though `limits` are {_numbers(limits)}"
    return _wrong_at_limits(a, limits)


def _wrong_at_limits(a: Answers, limits: Pair) -> Found:
    """What the flag would say to prices that the data does not have, on the limits and beside."""
    flags = _flags(a, limits)
    _, low, over, under, high, _ = flags.values()
    if ((low and over is False) or (high and under is False)) and re.search("[<>]=", _condition(a)):
        return "fence-included", f"`is_outlier` would be true for a price of {limits[not low]:g}"
    for price, flag in list(flags.items())[2:]:
        if price not in limits and flag is not None and flag != (price > limits[1]):
            would = f"would be {flag} for a price of {price:.9g}"
            return "", f"`is_outlier` {would}, though `limits` are {_numbers(limits)}"
    return None


def _condition(a: Answers) -> str:
    """What makes `is_outlier`, as SQL about a price; "" where Spark does not tell."""
    nodes = [plan] if (plan := _plan(a.flagged)) is not None else []
    while nodes:
        node = nodes.pop()
        if node.nodeName() == "Project":
            listed = node.projectList()
            for made in (listed.apply(i) for i in range(listed.size())):
                if made.name() == "is_outlier" and made.nodeName() == "Alias":
                    return re.sub(r"\b[\w.]+\.price\b", "price", made.child().sql())
        nodes += [node.children().apply(i) for i in range(node.children().size())]
    return ""


def _flags(a: Answers, limits: Pair) -> dict[float, bool | None]:
    """Price just below, on and just above each limit -> the flag that it would get."""
    step = 1e-6 * (limits[1] - limits[0])
    prices = [limit + step * side for limit in limits for side in (-1, 0, 1)]
    values = ", ".join(f"({price!r}D)" for price in prices)
    try:
        question = f"SELECT {_condition(a)} FROM VALUES {values} AS t(price)"
        flags = [row[0] for row in a.collect(a.spark.sql(question))]
    except Exception:  # a condition that asks for more than a price
        return dict.fromkeys(prices)
    return dict(zip(prices, flags, strict=True))


def _upper_alone(a: Answers) -> str | None:
    limits = _pair(a.limits)
    if limits is None or next(iter(_flags(a, limits).values())) is not False:
        return None
    return (
        f"`limits` are {_numbers(limits)}, and only the upper one was compared with; no price "
        "is below the other, but values of another column may be"
    )


Q5 = decided(
    _wrong_fences,
    {
        "log-fences": "such fences suit a long upper side, as the demo shows; here those of the "
        "price itself are asked for.",
        "no-pair": "two finite numbers are due, the lower fence and then the upper one: return "
        "low, high.",
        "argument-ignored": "inside the function use its arguments, `rows` and `column`, not a "
        "frame or a column by its own name.",
        "quartiles-alone": "half of all rows would be outliers; the fences stand 1.5 IQR further "
        "out.",
        "another-reach": "the distance of the quartiles was not taken 1.5 times.",
        "standard-deviations": "that is the other rule of the demo; here the quartiles are asked "
        "for.",
        "around-the-median": "the reach starts at the first and the third quartile, not at the "
        "middle.",
        "learned-from-test": "fences are learned numbers too: call the function with `train_full`.",
        "approximate": "the quartiles were taken with an error, of other rows or at other shares "
        "than 0.25 and 0.75; the last argument of approxQuantile is the error, and 0 makes it "
        "exact.",
        "turned-round": "the numbers may be right, but the lower fence comes first.",
        "no-lower-fence": "the formula gives a lower fence too, even if no price is below it.",
        "outliers-removed": "outliers are to be flagged, not removed: the model will meet such "
        "listings.",
        "columns-lost": "select kept some columns only; withColumn adds one and keeps the others.",
        "training-rows-flagged": "the test rows are to be flagged, with what the training rows "
        "teach.",
        "flag-upside-down": "between() is true inside the fences; an outlier is outside.",
        "fence-included": "a price on a fence is neither below the one nor above the other: < and "
        ">, without =.",
    },
)


QUESTIONS = [
    Question(
        id="q1",
        title="Read it as it is",
        points=2,
        names={"raw": "frame"},
        hints=(
            "Besides the first line with names, four things differ from a plain CSV: the "
            "separator, the encoding, line breaks inside quotes, and quotes that are written "
            "twice. Each of the five has an option of spark.read.csv.",
            "Three of the five are header=True, sep=';' and encoding='ISO-8859-1'. The demo used "
            "the other two, multiLine and escape.",
        ),
        mistakes=Q1,
        refuse=refused(_wrong_file),
        why="a reader that is told the wrong format rarely fails: it hands you other rows, and "
        "every later number is about those.",
    ),
    Question(
        id="q2",
        title="Text to values",
        points=3,
        names={"typed": "frame"},
        columns={"typed": {**TYPES, **dict.fromkeys(DATES, "any")}},
        needs=("q1",),
        looks_at={"ja": "a word of the file", "nei": "a word of the file"},
        hints=(
            "First take away what is not part of the number, then the points, then turn the comma "
            "into a point, then convert. F.regexp_replace does the first three.",
            'F.regexp_replace(name, "[^0-9,-]", "") leaves digits, comma and minus. try_cast gives '
            "a missing value for a text without digits.",
            "A comparison, F.col(name) == 'ja', is true, false, or missing where the text is "
            "missing. F.to_date takes a pattern such as 'dd.MM.yyyy'.",
        ),
        mistakes=Q2,
        refuse=refused(_wrong_values),
        why="a conversion that does not fail may still lose values or move a decimal point, and "
        "only a look at counts and sizes shows it.",
    ),
    Question(
        id="q3",
        title="Wrong rows and wrong values",
        points=3,
        names={"clean": "frame"},
        columns={"clean": TYPES},
        needs=("q2",),
        hints=(
            "Begin with the rows: number each listing's rows from the newest to the oldest and "
            "keep the first (F.row_number over a Window). Drop what cannot be only after that.",
            "typed.summary() shows two columns whose smallest or largest value is far from all "
            "others. F.nullif or F.when turns these values into missing ones.",
            "Where latitude is smaller than longitude they have changed places. Set both in one "
            "withColumns call, so that each still sees the old value of the other.",
        ),
        mistakes=Q3,
        refuse=refused(_wrong_listings),
        why="each defect has its own remedy: choose the row that holds, mend what can be mended, "
        "call unknown what is unknown, and drop only what cannot be.",
    ),
    Question(
        id="q4",
        title="Split, mark, fill",
        points=3,
        names={"model": "model", "train_full": "frame", "test_full": "frame"},
        columns={
            name: {"id": "text", **dict.fromkeys((*FILLED, *FLAGS), "number")}
            for name in ("train_full", "test_full")
        },
        needs=("q3",),
        looks_at={"transform": "_read_filled calls it on rows of `clean`"},
        hints=(
            "The indicators come first and need no learning: SQLTransformer, as in the demo. After "
            "it, an Imputer for each strategy, all in one Pipeline.",
            "fit sees clean.filter(in_train) and nothing else; transform is then called twice, "
            "with each side. Imputer takes strategy, inputCol and outputCol, which may be the "
            "same.",
        ),
        mistakes=Q4,
        refuse=refused(_wrong_filling),
        why="what is learned from test rows flatters the test, and an indicator keeps the fact "
        "that nobody knew the value.",
    ),
    Question(
        id="q5",
        title="Fences for any city",
        points=2,
        names={"fences": "function", "limits": "list", "flagged": "frame"},
        columns={"flagged": {"id": "text", "price": "number", "is_outlier": "boolean"}},
        needs=("q4",),
        looks_at={
            "rows": "an argument, given by _returned",
            "column": "an argument, given by _returned",
        },
        hints=(
            "rows.approxQuantile(column, [0.25, 0.75], 0) gives both quartiles in one pass.",
            "Call the function once, with train_full, keep both numbers, and compare the test "
            "prices with them. ~F.col('price').between(low, high) is true outside.",
        ),
        mistakes=Q5,
        refuse=refused(_wrong_fences),
        note=_upper_alone,
        why="quartiles hardly notice the extremes that they are to find, and limits learned from "
        "training rows mean the same for every later row.",
    ),
]
