"""The questions of lab 04: a second city's file, from bytes to filled train and test rows.

What is right is computed in pandas from the file itself, independently of Spark, so that a check
spends its Spark jobs on the learner's frame alone. Rows have no order: columns are compared as
pairs of `id` and value.
"""

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

import numpy as np

from course_utils import locate
from course_utils.lab import Answers, Mistake, Question, reference
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
FILLED = ("review_scores_rating", "occupancy_rate", "bedrooms")
FLAGS = tuple(f"{name}_na" for name in FILLED)
UNRATED, UNKNOWN_BEDROOMS, MOST_NIGHTS = 999, -1, 365
NORTH = 60  # degrees: every latitude of Brennholm is above, every longitude below

TYPES = {
    **dict.fromkeys(TEXTS, "text"),
    **dict.fromkeys(NUMBERS, "number"),
    SUPERHOST: "boolean",
    **dict.fromkeys(DATES, "time"),
}


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


def _side_of(ids: "pd.Series[str]") -> "pd.Series[bool]":
    """True where a listing is for training."""
    return ids.map(lambda text: crc32(text.encode()) % 100 < 80)


@cache
def _side(which: str) -> "pd.DataFrame":
    """The clean rows of "train", "test" or "all"."""
    if which == "all":
        return _clean()
    train = _side_of(_clean()["id"])
    return _clean()[train if which == "train" else ~train]


# --- what the learner has -------------------------------------------------------------------------


class _Pairs(NamedTuple):
    """A column's values as numbers, those of the learner beside those that are right."""

    found: np.ndarray
    due: np.ndarray

    def times(self, factor: float) -> int:
        """How many values are so many times what they should be, and not zero."""
        with np.errstate(invalid="ignore"):
            same = np.isclose(self.found, self.due * factor, rtol=1e-6, atol=1e-9)
        return int((same & (self.due != 0)).sum())

    @property
    def lost(self) -> int:
        """How many values are missing that are there."""
        return int((np.isnan(self.found) & ~np.isnan(self.due)).sum())

    @property
    def wrong(self) -> int:
        """How many values differ, missing ones included."""
        equal = np.isclose(self.found, self.due, rtol=1e-6, atol=1e-9, equal_nan=True)
        return int((~equal).sum())


def _pairs(found: "pd.DataFrame", due: "pd.DataFrame", name: str) -> _Pairs:
    """Both sides of a column, by `id` and then by value; the same ids have to be on both sides."""
    sides = []
    for rows in (found, due):
        values = _as_numbers(rows[name])
        order = np.lexsort((values, rows["id"].astype(str).to_numpy()))
        sides.append(values[order])
    return _Pairs(*sides)


def _as_numbers(values: "pd.Series[Any]") -> np.ndarray:
    """Numbers, booleans and dates (days) as floats; NaN where there is nothing."""
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(values):
        stamps = values.dt.tz_localize(None) if values.dt.tz is not None else values
        days = stamps.to_numpy().astype("datetime64[D]")
        return np.where(np.isnat(days), np.nan, days.astype(float))
    return np.asarray(values.astype(float))


def _same_ids(found: "pd.DataFrame", due: "pd.DataFrame") -> bool:
    return sorted(found["id"].fillna("").astype(str)) == sorted(due["id"])


def _once(found: "pd.DataFrame", due: "pd.DataFrame") -> "tuple[pd.DataFrame, pd.DataFrame]":
    """Both by `id`, of the listings that are there once; the same ids have to be on both sides."""
    due = due[~due["id"].duplicated(keep=False)].set_index("id").sort_index()
    return found.set_index("id").loc[due.index], due


def _first_wrong(
    found: "pd.DataFrame",
    due: "pd.DataFrame",
    columns: tuple[str, ...],
    file: "pd.DataFrame | None" = None,
) -> str | None:
    """A line about the first of these columns that does not hold what it should.

    It shows one of the learner's values, and what `file`, if it is given, has in its place.
    """
    for name in columns:
        if name in TEXTS:
            there = set(zip(due["id"], due[name], strict=True))
            pairs = list(zip(found["id"].fillna(""), found[name].fillna(""), strict=True))
            if strange := [pair for pair in pairs if pair not in there]:
                where = f"such as {strange[0][1][:40]!r} for id {strange[0][0]}"
                return f"the texts in `{name}` are not those of the file, {where}"
        elif count := _pairs(found, due, name).wrong:
            example = _example(found, due, name, file)
            return f"`{name}` is not as it should be in {count:,} of {len(found):,} rows{example}"
    return None


def _example(
    found: "pd.DataFrame", due: "pd.DataFrame", name: str, file: "pd.DataFrame | None"
) -> str:
    """ ": '-1' became 1", the first wrong value of a listing that is there once."""
    found, due = _once(found, due)
    now, right = _as_numbers(found[name]), _as_numbers(due[name])
    wrong = ~np.isclose(now, right, rtol=1e-6, atol=1e-9, equal_nan=True)
    if not wrong.any():
        return ""
    which, value = found.index[wrong][0], _in_words(found[name][wrong].iloc[0])
    if file is None:
        return f", such as {value} for id {which}"
    return f": {file.set_index('id').loc[which, name]!r} became {value}"


def _in_words(value: Any) -> str:
    """A cell's value as a learner sees it."""
    import pandas as pd

    if pd.isna(value):
        return "a missing value"
    if isinstance(value, pd.Timestamp):
        return str(value.date())
    return str(value) if isinstance(value, bool | np.bool_) else f"{float(value):.10g}"


def _other_columns(frame: "DataFrame") -> list[str]:
    """The columns that the file does not have."""
    return [name for name in frame.columns if name.lower() not in COLUMNS]


def _plan(frame: "DataFrame") -> str:
    """What makes a frame, from its last step to its first; "" where Spark does not tell."""
    try:
        return str(frame._jdf.queryExecution().analyzed().toString())
    except Exception:  # another kind of session: the rules that ask then say nothing
        return ""


# --- q1: read the file ----------------------------------------------------------------------------


def _one_column(a: Answers) -> str | None:
    columns = a.raw.columns
    if len(columns) < 3:
        return f"`raw` has {len(columns)} column, named {columns[0][:40]!r}"
    return None


def _header_as_data(a: Answers) -> str | None:
    rows, columns = a.pandas("raw"), list(_file().columns)
    if len(rows.columns) == len(columns) and (rows.astype(str).to_numpy() == columns).all(1).any():
        return f"one row of `raw` holds the words {columns[0]!r}, {columns[1]!r}, …"
    return None


def _types_guessed(a: Answers) -> str | None:
    guessed = [f"{name} is {kind}" for name, kind in a.raw.dtypes if kind != "string"]
    if guessed and set(a.raw.columns) == set(_file().columns):
        return f"not every column is text: {', '.join(guessed)}"
    return None


def _all_text(a: Answers) -> Any:
    """Every value of `raw` in one long column."""
    return a.pandas("raw").fillna("").astype(str).stack()


def _wrong_letters(a: Answers) -> str | None:
    odd = _all_text(a).str.contains("\ufffd|Ã", regex=True)
    if odd.any():
        return f"{int(odd.sum()):,} values hold letters that are none, such as '\ufffd'"
    return None


def _quotes_left(a: Answers) -> str | None:
    left = _all_text(a).str.contains('""', regex=False)
    if left.any():
        return f'{int(left.sum()):,} values still hold two quotes in a row (`""`)'
    return None


def _torn(a: Answers) -> str | None:
    if "id" not in a.raw.columns:
        return None
    rows = a.pandas("raw")
    torn = ~rows["id"].fillna("").astype(str).str.fullmatch(r"\d+")
    if torn.any():
        return f"`raw` has {len(rows):,} rows, and in {int(torn.sum()):,} of them `id` is no number"
    return None


def _rows_lost(a: Answers) -> str | None:
    if set(a.raw.columns) == set(_file().columns) and a.rows("raw") < len(_file()):
        return f"`raw` has {a.rows('raw'):,} rows, fewer than the file has records"
    return None


def _is_file(a: Answers) -> str | None:
    due, found = _file(), a.pandas("raw")
    if lacking := [name for name in due.columns if name not in found.columns]:
        return f"`raw` has no column `{lacking[0]}`"
    if len(found.columns) != len(due.columns):
        return f"`raw` has {len(found.columns)} columns; the first line of the file names others"
    texts = found[list(due.columns)].fillna("").astype(str)
    if sorted(map(tuple, texts.to_numpy())) != sorted(map(tuple, due.to_numpy())):
        return "`raw` does not hold the records of the file"
    return None


# --- q2: types ------------------------------------------------------------------------------------


def _typed_pairs(a: Answers, name: str) -> _Pairs | None:
    """A column of `typed` beside the file's, when the rows are those of the file."""
    rows = a.pandas("typed")
    return _pairs(rows, _typed(), name) if _same_ids(rows, _typed()) else None


def _typed_has_more(a: Answers) -> str | None:
    extra = _other_columns(a.typed)
    return f"`typed` has columns that `raw` has not: {', '.join(extra)}" if extra else None


def _typed_rows_lost(a: Answers) -> str | None:
    if (rows := a.rows("typed")) < len(_file()):
        return f"`typed` has {rows:,} rows, fewer than `raw`"
    return None


def _thousands_lost(a: Answers) -> str | None:
    """The prices that are missing are those with a point between thousands, and no others."""
    rows, due = a.pandas("typed"), _typed()
    if not _same_ids(rows, due):
        return None
    found, due = _once(rows, due)
    texts = _file().set_index("id")["price"].loc[due.index]
    lost = found["price"].isna() & due["price"].notna()
    pointed = texts.str.contains(".", regex=False) & due["price"].notna()
    if lost.any() and (lost == pointed).all():
        such = f"such as {texts[lost].iloc[0]!r}"
        return f"`price` is missing in {int(lost.sum()):,} rows, {such}, and in no smaller one"
    return None


def _numbers_lost(a: Answers) -> str | None:
    for name in ("price", *DECIMAL, "occupancy_rate", *WHOLE):
        pairs = _typed_pairs(a, name)
        if pairs and pairs.lost:
            found, due = _once(a.pandas("typed"), _typed())
            gone = due.index[found[name].isna() & due[name].notna()]
            texts = _file().set_index("id")[name]
            such = f", such as {texts[gone[0]]!r}" if len(gone) else ""
            return f"`{name}` is missing in {pairs.lost:,} rows where the file has a number{such}"
    return None


# Without the comma a number is larger by a power of ten, that of its decimals
_DECIMALS = {"price": 2, "latitude": 5, "longitude": 5, "review_scores_rating": 2}


def _comma_dropped(a: Answers) -> str | None:
    for name, decimals in _DECIMALS.items():
        pairs = _typed_pairs(a, name)
        if pairs and (many := pairs.times(10**decimals)) > len(pairs.due) / 2:
            return f"`{name}` is {10**decimals:,} times too large in {many:,} rows"
    pairs = _typed_pairs(a, "occupancy_rate")
    if pairs and pairs.times(10) > len(pairs.due) / 2:
        return "`occupancy_rate` is ten times too large"
    return None


def _point_kept(a: Answers) -> str | None:
    pairs = _typed_pairs(a, "price")
    if pairs and (many := pairs.times(0.001)):
        return f"`price` is a thousand times too small in {many:,} rows"
    return None


def _percent_kept(a: Answers) -> str | None:
    pairs = _typed_pairs(a, "occupancy_rate")
    if pairs and pairs.times(100) > len(pairs.due) / 2:
        return f"`occupancy_rate` goes up to {np.nanmax(pairs.found):.4g}"
    return None


def _never_true(a: Answers) -> str | None:
    pairs = _typed_pairs(a, SUPERHOST)
    if pairs and not (pairs.found == 1).any():
        return f"`{SUPERHOST}` is true in no row at all"
    return None


def _unknown_is_no(a: Answers) -> str | None:
    pairs = _typed_pairs(a, SUPERHOST)
    if pairs is None:
        return None
    made_up = int(np.isnan(pairs.due).sum() - np.isnan(pairs.found).sum())
    if made_up > 0 and (pairs.found == 1).sum() == (pairs.due == 1).sum():
        return f"`{SUPERHOST}` is false in {made_up:,} rows where the file says nothing"
    return None


def _not_a_date(a: Answers) -> str | None:
    for name, kind in a.typed.dtypes:
        if name.lower() in DATES and not kind.startswith(("date", "timestamp")):
            return f"`{name}` is of type {kind}"
    return None


def _minutes_for_months(a: Answers) -> str | None:
    """Every date is in January: the pattern has mm, the minutes, where MM is meant."""
    rows, due = a.pandas("typed"), _typed()
    if not _same_ids(rows, due):
        return None
    found, due = _once(rows, due)
    for name in DATES:
        left, right = found[name].dt, due[name].dt
        rest = (left.day == right.day) & (left.year == right.year)
        if ((left.month == 1) & rest).all() and (right.month != 1).any():
            return f"`{name}` is in January in every row"
    return None


def _dates_lost(a: Answers) -> str | None:
    for name in DATES:
        pairs = _typed_pairs(a, name)
        if pairs and pairs.lost:
            return f"`{name}` is missing in {pairs.lost:,} rows"
    return None


def _day_for_month(a: Answers) -> str | None:
    rows, due = a.pandas("typed"), _typed()
    if not _same_ids(rows, due):
        return None
    found, due = _once(rows, due)
    for name in DATES:
        left, right = found[name].dt, due[name].dt
        swapped = (left.day == right.month) & (left.month == right.day) & (left.day != left.month)
        if swapped.any():
            return (
                f"day and month of `{name}` have changed places, as in {int(swapped.sum()):,} rows"
            )
    return None


def _is_typed(a: Answers) -> str | None:
    rows = a.pandas("typed")
    if len(rows) != len(_typed()) or not _same_ids(rows, _typed()):
        return "`typed` does not hold the rows of `raw`, each as often as there"
    return _first_wrong(rows, _typed(), COLUMNS, _file())


# --- q3: wrong rows and wrong values --------------------------------------------------------------


def _ids(rows: "pd.DataFrame") -> set[str]:
    return set(rows["id"].fillna("").astype(str))


def _helpers_left(a: Answers) -> str | None:
    extra = _other_columns(a.clean)
    return f"`clean` has columns that `typed` has not: {', '.join(extra)}" if extra else None


def _impossible_kept(a: Answers) -> str | None:
    rows = a.pandas("clean")
    kept = ~_possible(rows)
    if kept.any():
        return f"{int(kept.sum()):,} rows of `clean` cannot be: look at price, guests and nights"
    return None


def _ties_kept(a: Answers) -> str | None:
    """Of a listing several rows are there, and all of them are its newest ones."""
    rows = a.pandas("clean")
    again = rows[rows["id"].duplicated(keep=False)]
    newest = _typed().groupby("id")["last_updated"].max()
    if again.empty or not (again["last_updated"] == again["id"].map(newest)).all():
        return None
    tied = int(again["id"].nunique())
    return f"{tied:,} listings are in `clean` with several rows, all of the same newest date"


def _duplicates_kept(a: Answers) -> str | None:
    again = int(a.pandas("clean")["id"].duplicated().sum())
    return f"{again:,} rows of `clean` have an `id` that is there already" if again else None


def _withdrawn_back(a: Answers) -> str | None:
    gone = _ids(_newest()) - _ids(_clean())
    back = _ids(a.pandas("clean")) & gone
    if back:
        return f"{len(back)} listings are in `clean` whose newest row cannot be"
    return None


def _older_kept(a: Answers) -> str | None:
    rows = a.pandas("clean")
    rows = rows[rows["id"].isin(_clean()["id"])]
    if rows["id"].duplicated().any():
        return None
    days = _pairs(rows, _clean()[_clean()["id"].isin(rows["id"])], "last_updated")
    older = int((days.found < days.due).sum())
    return f"{older:,} listings have a newer row than the one in `clean`" if older else None


def _left_to_chance(a: Answers) -> str | None:
    """Any row of a listing is taken after a sort, and nothing else chooses."""
    plan = _plan(a.clean)
    last, sort, _ = plan.partition("Sort [")
    takes_any = re.search(r"Deduplicate|\bfirst\(|\bany_value\(", last)
    if sort and takes_any and not re.search(r"Window|Join|\bmax", plan):
        return "`clean` comes from sorted rows of which any one per listing is kept"
    return None


def _rows_mixed(a: Answers) -> str | None:
    """Values that are in the file, but not in one row together."""
    both = ["id", "price", "last_updated"]
    rows = a.pandas("clean")[both]
    there = [set(map(tuple, _typed()[names].to_numpy())) for names in (both, both[:2], both[::2])]
    for row in map(tuple, rows.dropna().to_numpy()):
        if row not in there[0] and row[:2] in there[1] and row[::2] in there[2]:
            day = row[2].date()
            return (
                f"no row of `typed` has id {row[0]} with price {row[1]:g} and `last_updated` {day}"
            )
    return None


def _missing_share(a: Answers, dropped: "pd.Series[bool]") -> tuple[int, int]:
    """How many of these listings of the clean rows are not in `clean`, and how many others."""
    gone = ~_clean()["id"].isin(_ids(a.pandas("clean")))
    return int((gone & dropped).sum()), int((gone & ~dropped).sum())


def _unknown_dropped(a: Answers) -> str | None:
    gaps = _clean()[["review_scores_rating", "bedrooms"]].isna().any(axis=1)
    unknown, others = _missing_share(a, gaps)
    if unknown > 0 and others == 0:
        return f"{unknown:,} listings with an unknown value are not in `clean`"
    return None


def _swapped_dropped(a: Answers) -> str | None:
    swapped = _newest().set_index("id")["latitude"].lt(NORTH)
    gone, others = _missing_share(a, _clean()["id"].map(swapped).astype(bool))
    if gone > 0 and others == 0:
        return f"{gone:,} listings with swapped coordinates are not in `clean`"
    return None


def _sound_dropped(a: Answers) -> str | None:
    gone = _clean()[~_clean()["id"].isin(_ids(a.pandas("clean")))]
    if gone.empty:
        return None
    one = gone.iloc[0]
    facts = f"price {one['price']:g}, {one['accommodates']:g} guests"
    facts += f", at least {one['minimum_nights']:g} nights"
    return f"{len(gone):,} listings that can be are not in `clean`, such as id {one['id']}: {facts}"


def _sentinel_kept(a: Answers) -> str | None:
    rows = a.pandas("clean")
    for name, sentinel in (("review_scores_rating", UNRATED), ("bedrooms", UNKNOWN_BEDROOMS)):
        kept = int((rows[name] == sentinel).sum())
        if kept:
            return f"`{name}` has one value far from all others, and {kept:,} rows hold it"
    return None


def _zero_is_missing(a: Answers) -> str | None:
    rows = a.pandas("clean")
    if not (rows["bedrooms"] == 0).any() and rows["bedrooms"].notna().any():
        return "`bedrooms` is 0 in no row of `clean`"
    return None


def _swapped_kept(a: Answers) -> str | None:
    rows = a.pandas("clean")
    swapped = int((rows["latitude"] < rows["longitude"]).sum())
    where = "lie far to the south-east of Brennholm"
    return f"{swapped:,} of {len(rows):,} listings {where}" if swapped else None


def _one_coordinate(a: Answers) -> str | None:
    rows = a.pandas("clean")
    same = int((rows["latitude"] == rows["longitude"]).sum())
    return f"in {same:,} rows `latitude` and `longitude` are the same number" if same else None


def _is_clean(a: Answers) -> str | None:
    rows = a.pandas("clean")
    if len(rows) != len(_clean()) or not _same_ids(rows, _clean()):
        return f"the {len(rows):,} rows of `clean` are not the listings that should be left"
    return _first_wrong(rows, _clean(), COLUMNS)


# --- q4: split, mark, fill ------------------------------------------------------------------------


class _Fill(NamedTuple):
    """What a strategy may fill in: Spark's quantiles are allowed to be a little off."""

    low: float
    high: float

    def has(self, value: float) -> bool:
        slack = 1e-9 + 1e-7 * abs(self.high)
        return self.low - slack <= value <= self.high + slack


@cache
def _fill(name: str, how: str, side: str) -> _Fill:
    known = _side(side)[name].dropna()
    if how == "mean":
        return _Fill(known.mean(), known.mean())
    if how == "mode":
        return _Fill(known.mode().iloc[0], known.mode().iloc[0])
    return _Fill(*np.quantile(known, [0.499, 0.501]))  # an Imputer's relativeError is 0.001


_HOW = {"review_scores_rating": "median", "occupancy_rate": "mean", "bedrooms": "mode"}


def _filled(a: Answers) -> "pd.DataFrame":
    """Both sides and what the model does; read once per check."""
    return a.once("filled", _read_filled)


def _read_filled(a: Answers) -> "pd.DataFrame":
    """Both sides, and what `model` makes of the clean test rows; `part` says which. One job."""
    from pyspark.sql import functions as F

    wanted = ["id", *FILLED, *FLAGS]
    parts = {"train": a.train_full, "test": a.test_full}
    try:
        parts["model"] = a.model.transform(a.clean.filter(F.crc32("id") % 100 >= 80))
        parts["model"].select(*FILLED)
    except Exception:
        parts.pop("model", None)  # then it cannot do what is asked; `_is_filled` says so
    frames = []
    for part, frame in parts.items():
        present = [name for name in wanted if name in frame.columns]
        numbers = [F.col(name).cast("double").alias(name) for name in present if name != "id"]
        frames.append(frame.select("id", *numbers, F.lit(part).alias("part")))
    together = frames[0]
    for frame in frames[1:]:
        together = together.unionByName(frame, allowMissingColumns=True)
    return a.table(together)


def _part(a: Answers, part: str) -> "pd.DataFrame":
    rows = _filled(a)
    return rows[rows["part"] == part]


def _value(a: Answers, name: str, part: str) -> float | None:
    """What stands in a column of a part where the clean rows have a gap; None unless it is one."""
    gaps = set(_clean().loc[_clean()[name].isna(), "id"])
    rows = _part(a, part)
    values = rows.loc[rows["id"].isin(gaps), name].dropna().unique()
    return float(values[0]) if len(values) == 1 else None


def _sides_mixed(a: Answers) -> str | None:
    for part, name in (("train", "train_full"), ("test", "test_full")):
        ids = _ids(_part(a, part))
        strange = ids - _ids(_side(part))
        if strange:
            return f"{len(strange):,} rows of `{name}` belong to the other side, or to none"
    return None


def _rows_dropped(a: Answers) -> str | None:
    for part, name in (("train", "train_full"), ("test", "test_full")):
        lost = len(_ids(_side(part)) - _ids(_part(a, part)))
        if lost:
            return f"`{name}` lacks {lost:,} of its rows"
    return None


def _gaps_left(a: Answers) -> str | None:
    for part, frame in (("train", "train_full"), ("test", "test_full")):
        for name in FILLED:
            gaps = int(_part(a, part)[name].isna().sum())
            if gaps:
                return f"`{name}` of `{frame}` is missing in {gaps:,} rows"
    return None


def _nothing_marked(a: Answers) -> str | None:
    for name in FLAGS:
        if not _part(a, "train")[name].any():
            return f"`{name}` is 0 in every row of `train_full`"
    return None


def _upside_down(a: Answers) -> str | None:
    rows = _part(a, "train")
    for name in FILLED:
        gaps = rows["id"].isin(set(_clean().loc[_clean()[name].isna(), "id"]))
        if (rows[f"{name}_na"] == (~gaps).astype(float)).all():
            return f"`{name}_na` is 1 where the value was known"
    return None


def _learned_from(side: str) -> Any:
    """Filled with what that side teaches; the mean tells sides apart, a median need not."""
    words = {"test": "the test rows alone", "all": "all rows, test rows included"}

    def when(a: Answers) -> str | None:
        value = _value(a, "occupancy_rate", "train")
        if value is None or not _fill("occupancy_rate", "mean", side).has(value):
            return None
        return f"`occupancy_rate` was filled with the mean of {words[side]}"

    return when


def _own_values(a: Answers) -> str | None:
    for name, how in _HOW.items():
        value = _value(a, name, "test")
        if value is None or _fill(name, how, "train").has(value):
            continue
        for side, words in (("test", "the test rows themselves"), ("all", "all rows")):
            if _fill(name, how, side).has(value):
                return f"`{name}` of `test_full` was filled with the {how} of {words}"
    return None


def _other_strategy(name: str, wrong: str) -> Any:
    def when(a: Answers) -> str | None:
        value = _value(a, name, "train")
        if value is None or _fill(name, _HOW[name], "train").has(value):
            return None
        for side in ("train", "all"):
            if _fill(name, wrong, side).has(value):
                return f"`{name}` was filled with a {wrong}"
        return None

    return when


def _any_other_strategy(a: Answers) -> str | None:
    for name, how in _HOW.items():
        for wrong in {"mean", "median", "mode"} - {how}:
            if found := _other_strategy(name, wrong)(a):
                return found
    return None


def _is_filled(a: Answers) -> str | None:
    for part, frame in (("train", "train_full"), ("test", "test_full")):
        rows, due = _part(a, part), _side(part)
        if len(rows) != len(due) or not _same_ids(rows, due):
            return f"`{frame}` does not hold its rows, each once"
        gaps = due[list(FILLED)].isna()
        right = due[["id"]].copy()
        for name, how in _HOW.items():
            value = _value(a, name, part)
            if value is None or not _fill(name, how, "train").has(value):
                return f"`{name}` of `{frame}` is not filled with the {how} of the training rows"
            right[name] = due[name].fillna(value)
            right[f"{name}_na"] = gaps[name].astype(float)
        if wrong := _first_wrong(rows, right, (*FILLED, *FLAGS)):
            return f"in `{frame}`, {wrong}"
    for name, how in _HOW.items():
        value = _value(a, name, "model") if "model" in set(_filled(a)["part"]) else None
        if value is None or not _fill(name, how, "train").has(value):
            return f"`model` does not fill `{name}` of `clean` rows with what `train_full` has"
    return None


# --- q5: fences -----------------------------------------------------------------------------------


class _Span(NamedTuple):
    """Where a fence may be."""

    low: float
    high: float

    def has(self, value: float) -> bool:
        slack = 1e-9 * max(abs(self.low), abs(self.high), 1.0)
        return self.low - slack <= value <= self.high + slack


def _spans(values: np.ndarray, off: float | None = None) -> tuple[_Span, _Span]:
    """Where the lower and the upper fence may be.

    Quartiles are defined in several ways, which differ by less than two ranks; `off` allows for
    more, as a share of the rows.
    """
    near = 2 / len(values) if off is None else off
    low, one = np.quantile(values, [0.25 - near, 0.25 + near])
    three, high = np.quantile(values, [0.75 - near, 0.75 + near])
    narrow, wide = 1.5 * (three - one), 1.5 * (high - low)
    return _Span(low - wide, one - narrow), _Span(three + narrow, high + wide)


# What the check calls `fences` with: both cities' frames have it, and it is not the price
TRIED = "number_of_reviews"


@cache
def _listings(file: str) -> "pd.DataFrame":
    import pandas as pd

    return pd.read_parquet(file, columns=[TRIED, "price"]).astype(float).dropna()


def _city() -> np.ndarray:
    """The numbers of reviews of the listings in use."""
    return _listings(locate("listings"))[TRIED].to_numpy()


def _pair(value: Any) -> tuple[float, float] | None:
    """A pair of finite numbers, or None."""
    if isinstance(value, dict):
        return None
    try:
        low, high = map(float, value)
    except Exception:  # a Spark DataFrame, of all things, can be iterated over
        return None
    return (low, high) if np.isfinite([low, high]).all() else None


def _returned(a: Answers) -> Any:
    """What `fences` returns for a column of the listings in use, asked once per check."""
    return a.once("returned", _call_fences)


def _call_fences(a: Answers) -> Any:
    listings = a.spark.createDataFrame(_listings(locate("listings"))).coalesce(1)
    adaptive = a.spark.conf.get("spark.sql.adaptive.enabled")
    a.spark.conf.set("spark.sql.adaptive.enabled", "false")
    try:
        return a.call("fences", listings, TRIED)
    finally:
        a.spark.conf.set("spark.sql.adaptive.enabled", adaptive or "true")


def _said(a: Answers) -> tuple[float, float] | None:
    """The same as a pair of numbers; None when it is none."""
    return _pair(_returned(a))


def _call(a: Answers) -> str:
    """ "`fences(listings, 'number_of_reviews')` returned (-12.5, 80)"."""
    said = _said(a)
    value = describe(_returned(a)) if said is None else _numbers(said)
    return f"`fences(listings, {TRIED!r})` returned {value}"


def _numbers(pair: tuple[float, float]) -> str:
    return "({:.6g}, {:.6g})".format(*pair)


def _within(pair: tuple[float, float], spans: tuple[_Span, _Span]) -> bool:
    return all(span.has(value) for span, value in zip(spans, pair, strict=True))


def _no_pair(a: Answers) -> str | None:
    if _said(a) is None:
        value = _returned(a)
        few = isinstance(value, list | tuple | np.ndarray) and len(value) < 9
        return f"{_call(a)}{f', {value!r}' if few else ''}"
    if _pair(a.limits) is None:
        return f"`limits` is {str(a.limits)[:60]}"
    return None


def _approximate(a: Answers) -> str | None:
    """Within one percent of the rows, and not exact."""
    prices = _side("train")["price"].to_numpy()
    for pair, values, what in (
        (_said(a), _city(), f"{_call(a)}, which is near the fences"),
        (_pair(a.limits), prices, f"`limits` are {a.limits}, which is near the fences"),
    ):
        if pair and not _within(pair, _spans(values)) and _within(pair, _spans(values, 0.011)):
            return what
    return None


def _argument_ignored(a: Answers) -> str | None:
    said = _said(a)
    if said is None or _within(said, _spans(_city())):
        return None
    price = _listings(locate("listings"))["price"].to_numpy()
    if _within(said, _spans(price)):
        return f"{_call(a)}: these are the fences of the price"
    for name in (TRIED, "price"):
        if _within(said, _spans(_side("train")[name].to_numpy())):
            return f"{_call(a)}: these are the fences of `{name}` in `train_full`"
    return None


def _logarithms(a: Answers) -> str | None:
    limits = _pair(a.limits)
    if limits is None:
        return None
    spans = _spans(np.log(_side("train")["price"].to_numpy()))
    if _within(limits, spans):
        return f"`limits` are {_numbers(limits)}, the fences of the logarithm of the price"
    if min(limits) > 0 and _within((np.log(limits[0]), np.log(limits[1])), spans):
        return f"`limits` are {_numbers(limits)}, learned from the logarithm of the price"
    return None


def _turned_round(a: Answers) -> str | None:
    for name, pair in (("fences", _said(a)), ("limits", _pair(a.limits))):
        if pair and pair[0] > pair[1]:
            return f"`{name}` gives {_numbers(pair)}, the larger number first"
    return None


def _fences_are(low: Any, high: Any, words: str) -> Any:
    """A mistake: what `fences` says about the city in use, by two functions of its prices."""

    def when(a: Answers) -> str | None:
        said, prices = _said(a), _city()
        if said is None:
            return None
        due = low(prices), high(prices)
        if all(abs(s - d) <= 5e-3 * abs(due[1] - due[0]) for s, d in zip(said, due, strict=True)):
            return f"{_call(a)}, {words}"
        return None

    return when


def _quartile(q: float) -> Any:
    return lambda prices: float(np.quantile(prices, q))


def _around(center: Any, reach: Any, sign: int) -> Any:
    return lambda prices: float(center(prices) + sign * reach(prices))


def _iqr(prices: np.ndarray) -> float:
    return float(np.quantile(prices, 0.75) - np.quantile(prices, 0.25))


def _no_lower(a: Answers) -> str | None:
    said = _said(a)
    low, high = _spans(_city())
    if said and high.has(said[1]) and said[0] == 0 and not low.has(0):
        return f"{_call(a)}: the lower fence is 0"
    return None


def _learned_there(a: Answers) -> str | None:
    """The limits are, to the cent, those of other rows; quartiles are defined in several ways."""
    limits = _pair(a.limits)
    if limits is None:
        return None
    words = {"train": None, "test": "the test rows", "all": "training and test rows together"}
    for side, said in words.items():
        for method in ("linear", "inverted_cdf"):
            prices = _side(side)["price"].to_numpy()
            q1, q3 = np.quantile(prices, [0.25, 0.75], method=method)
            if np.allclose(limits, (q1 - 1.5 * (q3 - q1), q3 + 1.5 * (q3 - q1)), rtol=1e-9):
                return said and f"`limits` are the fences of {said}"
    return None


def _outliers_removed(a: Answers) -> str | None:
    rows, due = a.pandas("flagged"), _side("test")
    lost = len(due) - len(rows)
    if lost > 0 and _ids(rows) < _ids(due):
        return f"`flagged` has {lost:,} rows fewer than `test_full`"
    return None


def _columns_lost(a: Answers) -> str | None:
    there = {name.lower() for name in a.flagged.columns}
    lost = [name for name in a.test_full.columns if name.lower() not in there]
    return (
        f"`flagged` lacks {len(lost)} columns of `test_full`, such as `{lost[0]}`" if lost else None
    )


def _training_rows(a: Answers) -> str | None:
    if _ids(a.pandas("flagged")) & _ids(_side("train")):
        return "`flagged` holds training rows"
    return None


def _flags_inverted(a: Answers) -> str | None:
    limits, rows = _pair(a.limits), a.pandas("flagged")
    if limits and (rows["is_outlier"] == rows["price"].between(*limits)).all():
        return f"{rows['is_outlier'].mean():.0%} of the rows are flagged, those inside `limits`"
    return None


def _is_fenced(a: Answers) -> str | None:
    said, limits = _said(a), _pair(a.limits)
    if said is None or limits is None:
        return f"`{'limits' if said else 'fences'}` does not give a pair of numbers"
    if not _within(said, _spans(_city())):
        return f"{_call(a)}, which is not 1.5 IQR beyond the quartiles"
    if not _within(limits, _spans(_side("train")["price"].to_numpy())):
        return f"`limits` are {_numbers(limits)}, not the fences of the prices in `train_full`"
    rows = a.pandas("flagged")
    if not _same_ids(rows, _side("test")):
        return "`flagged` does not hold the rows of `test_full`, each once"
    wrong = rows[rows["is_outlier"] != ~rows["price"].between(*limits)]
    if len(wrong):
        flag, price = _in_words(wrong["is_outlier"].iloc[0]), wrong["price"].iloc[0]
        where = f"`is_outlier` is {flag} for a price of {price:g}"
        return f"{where}, though `limits` are {_numbers(limits)}"
    return _first_wrong(rows, _side("test"), ("price",))


def _upper_alone(a: Answers) -> str | None:
    """The plan of the flag names the upper fence and not the lower one."""
    low, high = _pair(a.limits) or (0.0, 0.0)
    flag = re.search(r"^.*AS is_outlier#.*$", _plan(a.flagged), re.M)
    if not flag or str(high) not in flag[0] or str(low) in flag[0]:
        return None
    return (
        f"`limits` are {_numbers((low, high))}, and only the upper one was compared with; no price "
        "is below the other, but values of another column may be"
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
        mistakes=(
            Mistake(
                "wrong-separator",
                evidence=_one_column,
                say="the reader looked for another separator than the file has; see its first "
                "line.",
            ),
            Mistake(
                "header-as-data",
                evidence=_header_as_data,
                say="the first line holds names; header=True says so.",
            ),
            Mistake(
                "types-guessed",
                evidence=_types_guessed,
                say="inferSchema guesses types from what it can read, and decimal commas it "
                "can't. Leave all as text for now.",
            ),
            Mistake(
                "wrong-encoding",
                evidence=_wrong_letters,
                say="the bytes were read as UTF-8, the default of Spark; the file is ISO-8859-1.",
            ),
            Mistake(
                "quotes-left",
                evidence=_quotes_left,
                say="inside a quoted text a quote is written twice; Spark expects a backslash "
                "there unless the option escape says otherwise.",
            ),
            Mistake(
                "lines-torn",
                evidence=_torn,
                say="rows were cut at line breaks inside quoted texts; an option of the reader "
                "lets a record go over several lines.",
            ),
            Mistake(
                "rows-lost",
                evidence=_rows_lost,
                say="the reader threw away what it could not read (mode DROPMALFORMED), or limit, "
                "filter, dropna or dropDuplicates did; all records are asked for, also those "
                "that are there twice.",
            ),
        ),
        refuse=_is_file,
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
        mistakes=(
            Mistake(
                "helper-columns-left",
                evidence=_typed_has_more,
                say="a column made on the way is still there; select the columns that are asked "
                "for.",
            ),
            Mistake(
                "rows-lost",
                evidence=_typed_rows_lost,
                say="converting must not drop rows; a filter or dropna did. Duplicates and gaps "
                "are dealt with later.",
            ),
            Mistake(
                "thousands-lost",
                evidence=_thousands_lost,
                say="the point between the thousands is still in the text, so two points stand "
                "in it, and it is no number.",
            ),
            Mistake(
                "numbers-lost",
                evidence=_numbers_lost,
                say="something in these texts is no part of a number for the conversion that was "
                "used; or what stands for 'unknown' was taken out, which is for question 3.",
            ),
            Mistake(
                "comma-dropped",
                evidence=_comma_dropped,
                say="the comma was removed together with the other signs; here it is the decimal "
                "sign.",
            ),
            Mistake(
                "point-kept",
                evidence=_point_kept,
                say="the point stayed and was taken for the decimal sign; here it groups "
                "thousands.",
            ),
            Mistake(
                "percent-kept",
                evidence=_percent_kept,
                say="the percent sign went away, and the division by 100 that it stands for is "
                "missing.",
            ),
            Mistake(
                "never-true",
                evidence=_never_true,
                say="the words of this file are not those that the code looks for ('t', 'true', "
                "'yes').",
            ),
            Mistake(
                "unknown-is-no",
                evidence=_unknown_is_no,
                say="otherwise(False), or filling, has made a 'no' of what is not known.",
            ),
            Mistake(
                "not-a-date",
                evidence=_not_a_date,
                say="the text is still text, or became something else; F.to_date with a pattern "
                "makes a date of it.",
            ),
            Mistake(
                "day-for-month",
                evidence=_day_for_month,
                say="the pattern has the month first; in this file the day comes first.",
            ),
            Mistake(
                "minutes-for-months",
                evidence=_minutes_for_months,
                say="in a pattern mm are minutes and MM is the month.",
            ),
            Mistake(
                "dates-lost",
                evidence=_dates_lost,
                say="the pattern does not fit the texts, so nothing was read.",
            ),
        ),
        refuse=_is_typed,
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
        mistakes=(
            Mistake(
                "helper-columns-left",
                evidence=_helpers_left,
                say="a column made on the way, such as the number of a row, is still there; drop "
                "it.",
            ),
            Mistake(
                "left-to-chance",
                evidence=_left_to_chance,
                say="dropDuplicates and first promise no row in particular, not even after a sort; "
                "it is luck when the latest stays.",
            ),
            Mistake(
                "impossible-kept",
                evidence=_impossible_kept,
                say="one of the three conditions is missing, or a missing price got through: each "
                "row needs price > 0, accommodates > 0 and minimum_nights <= 365.",
            ),
            Mistake(
                "ties-kept",
                evidence=_ties_kept,
                say="some listings were exported twice on one day: rank() and a join on the "
                "newest date keep both rows, row_number() keeps one.",
            ),
            Mistake(
                "duplicates-kept",
                evidence=_duplicates_kept,
                say="one row per id is asked for; a changed listing has an older row and a newer "
                "one, which differ.",
            ),
            Mistake(
                "older-kept",
                evidence=_older_kept,
                say="dropDuplicates keeps any row of a listing, not the latest; or the order was "
                "upwards.",
            ),
            Mistake(
                "rows-mixed",
                evidence=_rows_mixed,
                say="an aggregate for each column (max, first) takes its values from several "
                "rows; choose one whole row.",
            ),
            Mistake(
                "dropped-too-early",
                evidence=_withdrawn_back,
                say="impossible rows were dropped before the newest row was chosen, so an "
                "outdated row came back in its place.",
            ),
            Mistake(
                "sentinel-kept",
                evidence=_sentinel_kept,
                say="a number that stands for 'unknown' is still there as if it were a value.",
            ),
            Mistake(
                "unknown-dropped",
                evidence=_unknown_dropped,
                say="'unknown' should become a missing value; the rest of such a listing is sound.",
            ),
            Mistake(
                "zero-is-missing",
                evidence=_zero_is_missing,
                say="0 bedrooms was taken for 'unknown', but that is a studio.",
            ),
            Mistake(
                "swapped-dropped",
                evidence=_swapped_dropped,
                say="these rows can be mended, so nothing of them need be lost.",
            ),
            Mistake(
                "sound-dropped",
                evidence=_sound_dropped,
                say="a condition takes more than it should: 'more than 365' leaves 365 in, and a "
                "gap elsewhere is no reason to drop a row.",
            ),
            Mistake(
                "swapped-kept",
                evidence=_swapped_kept,
                say="latitude and longitude of these listings stand in each other's place: they "
                "were not put back, or sound rows were exchanged too.",
            ),
            Mistake(
                "one-coordinate-twice",
                evidence=_one_coordinate,
                say="the second withColumn already saw the changed first column; change both at "
                "once.",
            ),
        ),
        refuse=_is_clean,
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
        looks_at={"transform": "_is_filled calls it on rows of `clean`"},
        hints=(
            "The indicators come first and need no learning: SQLTransformer, as in the demo. After "
            "it, an Imputer for each strategy, all in one Pipeline.",
            "fit sees clean.filter(in_train) and nothing else; transform is then called twice, "
            "with "
            "each side. Imputer takes strategy, inputCol and outputCol, which may be the same.",
        ),
        mistakes=(
            Mistake(
                "sides-mixed",
                evidence=_sides_mixed,
                say="the rows were not split by `in_train`; a listing must stay on its side.",
            ),
            Mistake(
                "rows-dropped",
                evidence=_rows_dropped,
                say="rows with gaps were dropped; they are to be filled.",
            ),
            Mistake(
                "gaps-left",
                evidence=_gaps_left,
                say="this column was not filled, or filled under another name.",
            ),
            Mistake(
                "indicator-after-filling",
                evidence=_nothing_marked,
                say="the indicator was made when the gaps were filled already; it has to come "
                "first.",
            ),
            Mistake(
                "indicator-upside-down",
                evidence=_upside_down,
                say="1.0 is for a value that was missing, 0.0 for one that was there.",
            ),
            Mistake(
                "fitted-on-all",
                evidence=_learned_from("all"),
                say="the pipeline was fitted before the split, so test rows took part in choosing "
                "the values: leakage.",
            ),
            Mistake(
                "fitted-on-test",
                evidence=_learned_from("test"),
                say="fit was called with the other side.",
            ),
            Mistake(
                "test-filled-by-itself",
                evidence=_own_values,
                say="a second fit was made for the test rows; they get what the training rows "
                "teach.",
            ),
            Mistake(
                "other-strategy",
                evidence=_any_other_strategy,
                say="see the list above: which column takes the mean, the median, the mode? "
                "Imputer takes the mean unless told otherwise.",
            ),
        ),
        refuse=_is_filled,
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
            "rows": "an argument, given by _call_fences",
            "column": "an argument, given by _call_fences",
        },
        hints=(
            "rows.approxQuantile(column, [0.25, 0.75], 0) gives both quartiles in one pass.",
            "Call the function once, with train_full, keep both numbers, and compare the test "
            "prices "
            "with them. ~F.col('price').between(low, high) is true outside.",
        ),
        mistakes=(
            Mistake(
                "log-fences",
                evidence=_logarithms,
                say="such fences suit a long upper side, as the demo shows; here those of the "
                "price itself are asked for.",
            ),
            Mistake(
                "no-pair",
                evidence=_no_pair,
                say="two finite numbers are due, the lower fence and then the upper one: return "
                "low, high.",
            ),
            Mistake(
                "argument-ignored",
                evidence=_argument_ignored,
                say="inside the function use its arguments, `rows` and `column`, not a frame or a "
                "column by its own name.",
            ),
            Mistake(
                "quartiles-alone",
                evidence=_fences_are(_quartile(0.25), _quartile(0.75), "the quartiles themselves"),
                say="half of all rows would be outliers; the fences stand 1.5 IQR further out.",
            ),
            Mistake(
                "standard-deviations",
                evidence=_fences_are(
                    _around(np.mean, lambda p: 3 * np.std(p), -1),
                    _around(np.mean, lambda p: 3 * np.std(p), 1),
                    "the mean minus and plus 3 standard deviations",
                ),
                say="that is the other rule of the demo; here the quartiles are asked for.",
            ),
            Mistake(
                "around-the-median",
                evidence=_fences_are(
                    _around(np.median, lambda p: 1.5 * _iqr(p), -1),
                    _around(np.median, lambda p: 1.5 * _iqr(p), 1),
                    "the median minus and plus 1.5 IQR",
                ),
                say="the reach starts at the first and the third quartile, not at the middle.",
            ),
            Mistake(
                "learned-from-test",
                evidence=_learned_there,
                say="fences are learned numbers too: call the function with `train_full`.",
            ),
            Mistake(
                "approximate",
                evidence=_approximate,
                say="the quartiles are those of other rows or were taken with an error; the last "
                "argument of approxQuantile is that error, and 0 makes it exact.",
            ),
            Mistake(
                "turned-round",
                evidence=_turned_round,
                say="the numbers may be right, but the lower fence comes first.",
            ),
            Mistake(
                "no-lower-fence",
                evidence=_no_lower,
                say="the formula gives a lower fence too, even if no price is below it.",
            ),
            Mistake(
                "outliers-removed",
                evidence=_outliers_removed,
                say="outliers are to be flagged, not removed: the model will meet such listings.",
            ),
            Mistake(
                "columns-lost",
                evidence=_columns_lost,
                say="select kept some columns only; withColumn adds one and keeps the others.",
            ),
            Mistake(
                "training-rows-flagged",
                evidence=_training_rows,
                say="the test rows are to be flagged, with what the training rows teach.",
            ),
            Mistake(
                "flag-upside-down",
                evidence=_flags_inverted,
                say="between() is true inside the fences; an outlier is outside.",
            ),
        ),
        refuse=_is_fenced,
        note=_upper_alone,
        why="quartiles hardly notice the extremes that they are to find, and limits learned from "
        "training rows mean the same for every later row.",
    ),
]
