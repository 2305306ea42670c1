"""From the text of a raw listing file to the cleaned table, with a line for all that is left out.

The procedure is the one that datasets/listings.md describes; on the generated raw file it gives
the generated cleaned table, byte for byte.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from course_utils.data import numerals, ranges
from course_utils.data.refusal import OTHER, UNCHANGED, WHICH, quoted, refuse, too_many
from course_utils.data.schema import BEFORE_FLAGS, COLUMNS, IMPUTED, LABEL, NUMERIC, REVIEW_SCORES

FEWEST_ROWS = 100  # below, a train and a test part say nothing
MAY_LACK = ("cancellation_policy", "bed_type")  # as Inside Airbnb's files do since 2020 and 2021
YES_NO = ("host_is_superhost", "instant_bookable")
_MOST_NIGHTS = 365
_UNKNOWN = "unknown"
_AS_YES_NO = {
    **dict.fromkeys(("t", "true", "1", "1.0", "yes", "y"), "t"),
    **dict.fromkeys(("f", "false", "0", "0.0", "no", "n"), "f"),
}


@dataclass(frozen=True)
class Cleaned:
    """What cleaning gives.

    Attributes:
        listings: the cleaned table.
        notes: what was done and what was left out, one line each.
        change: for columns that are written in an unusual way, what turns a value into the usual.
    """

    listings: pd.DataFrame
    notes: list[str]
    change: dict[str, Callable[[str], str]]


class _LeftOut:
    """Which rows go, each by the first reason that holds for it."""

    def __init__(self, index: pd.Index) -> None:
        self.gone = pd.Series(False, index=index)
        self.reasons: list[str] = []

    def add(self, bad: "pd.Series[bool]", reason: str) -> None:
        """Leave the rows out for which `bad` is true and that are not out yet."""
        new = bad.reindex(self.gone.index, fill_value=False) & ~self.gone
        if count := int(new.sum()):
            self.reasons.append(f"{count:,} {reason}, the first in line {_first(new):,}")
            self.gone |= new


def clean(
    raw: pd.DataFrame,
    path: Path,
    hashes: "pd.Series[int] | None" = None,
    left_out: Sequence[str] = (),
    total: int | None = None,
) -> Cleaned:
    """The cleaned table of a raw one.

    Args:
        raw: the columns used, every value text or missing; by line of the file.
        path: the file, for messages.
        hashes: of all that each row of the file holds; of the columns used when None.
        left_out: what was left out before, each with its count.
        total: rows of the file, with those left out before.

    Raises:
        CourseError: the file is refused, and why.
    """
    _need_values(path, raw)
    notes, out = list[str](), _LeftOut(raw.index)
    _leave_out_repeated(raw, hashes, out, notes)
    rows = raw[~out.gone]

    texts = {name: rows[name] for name in BEFORE_FLAGS if name in NUMERIC and name in rows}
    marks = numerals.marks(texts)
    change = _changes(rows, marks)
    listings = pd.DataFrame(index=rows.index)
    for name in BEFORE_FLAGS:
        if name == "bathrooms":
            listings[name] = _bathrooms(path, rows, marks, out)
        elif name in NUMERIC:
            listings[name] = _numbers(path, rows[name], marks[name], out)
        elif name in YES_NO:
            listings[name] = _yes_no(path, rows[name], out)
        elif name in rows and not (name in MAY_LACK and rows[name].isna().all()):
            listings[name] = rows[name].str.strip()
        else:
            listings[name] = _UNKNOWN
            notes.append(f"{name} is not in this file: every listing has {_UNKNOWN!r} there.")
    if commas := [name for name in change if marks.get(name) is numerals.Mark.COMMA]:
        notes.append(f"Decimal commas were read in: {', '.join(commas)}.")
    to_five = bool(listings[ranges.RATING].median() <= 5)
    _leave_out_impossible(path, listings, to_five, out)
    if to_five:
        listings["review_scores_rating"] *= 20
        listings[list(REVIEW_SCORES[1:])] *= 2
        notes.append("Review scores of 0 to 5 were brought to 0 to 100 (rating) and 0 to 10.")

    needed = [name for name in BEFORE_FLAGS if name not in (*IMPUTED, LABEL)]
    missing = listings[needed].isna()
    out.add(~(listings[LABEL] > 0), "have no price above 0")
    out.add(listings["minimum_nights"] > _MOST_NIGHTS, f"ask for more than {_MOST_NIGHTS} nights")
    out.add(listings["accommodates"] <= 0, "take no guests")
    lacking = missing.columns[missing[~out.gone[listings.index]].any()]
    out.add(missing.any(axis=1), f"lack one of: {', '.join(lacking)}")
    listings = listings[~out.gone[listings.index]].reset_index(drop=True)

    reasons = [*left_out, *out.reasons]
    of = len(raw) if total is None else total
    read = f"{of:,} rows read, {len(listings):,} kept{':' if reasons else '.'}"
    enough(path, len(listings), reasons, of)
    for name in IMPUTED:
        gaps = listings[name].isna()
        if gaps.all():
            refuse(path, f"its column {name} has no values in the rows that are left", OTHER)
        listings[f"{name}_na"] = gaps.astype(float)
        listings[name] = listings[name].fillna(listings[name].median())
    left = [f"  {reason}{'.' if reason == reasons[-1] else ';'}" for reason in reasons]
    return Cleaned(listings[list(COLUMNS)], [read, *left, *notes], change)


def enough(path: Path, rows: int, reasons: Sequence[str], of: int) -> None:
    """Refuse a file with too few rows that can be used."""
    if rows < FEWEST_ROWS:
        why = f" ({'; '.join(reasons)})" if reasons else ""
        found = f"{rows} usable rows, at least {FEWEST_ROWS} are needed{why}"
        refuse(path, found, "Use a larger file." if of < FEWEST_ROWS or not reasons else OTHER)


def _need_values(path: Path, raw: pd.DataFrame) -> None:
    empty = [str(name) for name in raw if name not in ("id", *MAY_LACK) and raw[name].isna().all()]
    baths = [name for name in ("bathrooms", "bathrooms_text") if name in raw]
    if not set(baths) <= set(empty):
        empty = [name for name in empty if name not in baths]
    if empty:
        named = f"column {empty[0]} is" if len(empty) == 1 else f"columns {', '.join(empty)} are"
        why = "Some exports come without prices: " if LABEL in empty else ""
        advice = f"{why}{OTHER if not why else OTHER[0].lower() + OTHER[1:]}"
        refuse(path, f"its {named} empty in all {len(raw):,} rows", advice)


def _leave_out_repeated(
    raw: pd.DataFrame, hashes: "pd.Series[int] | None", out: _LeftOut, notes: list[str]
) -> None:
    """Of equal rows, and of rows with one id, all but the first; ids that were cut don't count."""
    whole = pd.util.hash_pandas_object(raw, index=False) if hashes is None else hashes
    out.add(whole.duplicated(), "come twice")
    if "id" not in raw:
        return
    cut = _cut_short(raw["id"])
    if cut.any():
        notes.append(
            f"{cut.sum():,} ids were shortened by a spreadsheet, such as {raw['id'][cut].iloc[0]} "
            f"in line {_first(cut):,}: such rows count as different listings unless all is equal."
        )
    told = raw["id"].notna() & ~cut
    again = raw["id"].where(told).duplicated() & told
    out.add(again, "have the id of an earlier row, but other values")


def _cut_short(ids: "pd.Series[str]") -> "pd.Series[bool]":
    """Ids as a spreadsheet leaves them: 7.00E+17, or 15 digits and zeros behind them."""
    powers = ids.str.fullmatch(r"\d(?:[.,]\d+)?e\+?\d+", case=False, na=False)
    long = ids.str.fullmatch(r"\d{16,}", na=False)
    zeros = ids.str.fullmatch(r"\d{15}0+", na=False)
    return powers | (long if zeros[long].all() else powers)


def _changes(
    rows: pd.DataFrame, marks: dict[str, numerals.Mark]
) -> dict[str, Callable[[str], str]]:
    found: dict[str, Callable[[str], str]] = {
        name: partial(numerals.rewritten, mark=mark)
        for name, mark in marks.items()
        if mark is not numerals.Mark.POINT and rows[name].str.contains("[.,]", na=False).any()
    }
    for name in YES_NO:
        if not rows[name].dropna().isin(["t", "f"]).all():
            found[name] = _as_yes_no
    return found


def _as_yes_no(text: str) -> str:
    return _AS_YES_NO.get(text.strip().lower(), text)


def _yes_no(path: Path, texts: "pd.Series[str]", out: _LeftOut) -> "pd.Series[str]":
    values = texts.str.strip().str.lower().map(_AS_YES_NO)
    wrong = texts.notna() & values.isna()
    if too_many(wrong.sum(), texts.notna().sum()):
        refuse(
            path,
            f"wrong types: {texts.name} should be t or f, found {quoted(texts[wrong].iloc[0])} "
            f"in line {_first(wrong):,}",
            WHICH,
        )
    out.add(wrong, f"have neither t nor f in {texts.name}")
    return values


def _numbers(
    path: Path, texts: "pd.Series[str]", mark: numerals.Mark, out: _LeftOut
) -> "pd.Series[float]":
    """ "$1,250.00" and the like as numbers; missing where there is none."""
    values = numerals.numbers(texts, mark)
    wrong = texts.notna() & values.isna()
    if too_many(wrong.sum(), texts.notna().sum()):
        refuse(
            path,
            f"wrong types: {texts.name} should be numbers with {mark.value}, but {wrong.sum():,} "
            f"values are not, the first, in line {_first(wrong):,}, is "
            f"{quoted(texts[wrong].iloc[0])}",
            UNCHANGED,
        )
    out.add(wrong, f"have no number in {texts.name}")
    return values


def _bathrooms(
    path: Path, rows: pd.DataFrame, marks: dict[str, numerals.Mark], out: _LeftOut
) -> "pd.Series[float]":
    """The number of bathrooms; newer files say it in words ("1.5 shared baths", "Half-bath")."""
    numbers = pd.Series(np.nan, index=rows.index)
    if "bathrooms_text" in rows:
        words = rows["bathrooms_text"].str.lower().str.replace(",", ".", regex=False)
        numbers = words.str.extract(r"(\d+(?:\.\d+)?)", expand=False).astype(float)
        numbers = numbers.mask(numbers.isna() & words.str.contains("half", na=False), 0.5)
    if "bathrooms" not in rows:
        return numbers
    return _numbers(path, rows["bathrooms"], marks["bathrooms"], out).fillna(numbers)


def _leave_out_impossible(path: Path, listings: pd.DataFrame, to_five: bool, out: _LeftOut) -> None:
    """Rows with values that no listing has; a file with many of them is refused."""
    limits = {**ranges.POSSIBLE, **(ranges.TO_FIVE if to_five else ranges.TO_HUNDRED)}
    limits["accommodates"] = (0, limits["accommodates"][1])
    bad = {
        f"have {ranges.in_words(name, limit)}": (name, ranges.outside(listings[name], limit))
        for name, limit in limits.items()
    }
    if not to_five:  # two files put together, an older and a newer one
        rating = listings[ranges.RATING]
        bad["have a rating of at most 5 among those of up to 100"] = (
            ranges.RATING,
            (rating > 0) & (rating <= 5),
        )
    for reason, (name, wrong) in bad.items():
        values = listings[name][wrong]
        if too_many(len(values), listings[name].notna().sum()):
            refuse(
                path,
                f"{len(values):,} rows {reason}, the first, in line {_first(wrong):,}, "
                f"{values.iloc[0]:,.15g}",
                UNCHANGED,
            )
        out.add(wrong, reason)


def _first(where: "pd.Series[bool]") -> int:
    """The line of the first row for which it is true."""
    return int(where.index[where.to_numpy(dtype=bool)][0])
