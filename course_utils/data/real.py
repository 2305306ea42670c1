"""Reading and cleaning a learner's own listing file, or saying why it will not do.

The cleaning of a raw file is the procedure that datasets/listings.md describes; on the generated
raw file it gives the generated cleaned table, byte for byte.
"""

import gzip
import shutil
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from course_utils.data.schema import (
    BEFORE_FLAGS,
    COLUMNS,
    IMPUTED,
    LABEL,
    NUMERIC,
    REVIEW_SCORES,
    TEXT,
)
from course_utils.data.store import write_parquet
from course_utils.errors import CourseError

FEWEST_ROWS = 100  # below, a train and a test part say nothing
_MOST_NIGHTS = 365
_MOST_UNREADABLE = 0.01  # share of a column's values that may be no numbers
# Inside Airbnb's files have lacked these since 2020 and 2021.
_MAY_LACK = ("cancellation_policy", "bed_type")
_UNKNOWN = "unknown"
_YES_NO = ("host_is_superhost", "instant_bookable")


@dataclass
class Checked:
    """A file that will do, and the table it gives.

    Attributes:
        path: the learner's file.
        table: the cleaned table; None when the file itself is the cleaned table.
        rows: rows of the cleaned table.
        raw_rows: rows of the raw file; None for a cleaned one.
        notes: what cleaning did, one line each.
    """

    path: Path
    table: pa.Table | None
    rows: int
    raw_rows: int | None = None
    notes: list[str] = field(default_factory=list)


def check(path: Path) -> Checked:
    """Read a listing file, Parquet or CSV, and clean it if it is raw.

    Raises:
        CourseError: the file is refused, and why.
    """
    if path.is_dir():
        refuse(path, "it is a folder", "Give the file itself (for Spark output: one part file).")
    if not path.exists():
        refuse(path, "there is no such file", "Check its name and folder.")
    try:
        with path.open("rb") as file:
            start = file.read(4096)
            file.seek(max(0, path.stat().st_size - 4))
            end = file.read()
    except OSError as error:
        refuse(path, f"it can't be read ({error.strerror})", "Check its rights.")
    if not start.strip():
        refuse(path, "it is empty", _AGAIN)
    if start.startswith(b"PAR1"):
        return _check_parquet(path, whole=end == b"PAR1" and path.stat().st_size > 8)
    if start.startswith(b"\x1f\x8b"):
        start = _start_of_gzip(path)
    _check_text(path, start)
    return _check_csv(path)


def write(checked: Checked, folder: Path) -> None:
    """Put the cleaned table and, where there is one, the raw file (unpacked) into a folder."""
    if checked.table is None:
        shutil.copyfile(checked.path, folder / "listings.parquet")
        return
    write_parquet(checked.table, folder / "listings.parquet")
    with _open(checked.path) as source, (folder / "listings_raw.csv").open("wb") as target:
        shutil.copyfileobj(source, target)


_AGAIN = "Download it again."
_WHICH = (
    "Use a detailed listings.csv(.gz) of Inside Airbnb, the cleaned Parquet table described in "
    "datasets/listings.md, or ratings.csv, ratings.dat or u.data of MovieLens, unpacked."
)


def refuse(path: Path, why: str, mend: str) -> NoReturn:
    """Say in one line why a file will not do, and how to mend that.

    Raises:
        CourseError: always.
    """
    raise CourseError(f"{path.name} was not taken: {why}. {mend} Nothing was changed.") from None


# --- a cleaned table -----------------------------------------------------------------------------


def _check_parquet(path: Path, whole: bool) -> Checked:
    if not whole:
        refuse(path, "the Parquet file is cut off (it lacks its end)", _AGAIN)
    try:
        table = pq.ParquetFile(path).read()
    except (pa.ArrowException, OSError) as error:
        refuse(path, f"the Parquet file is damaged ({_first_line(error)})", _AGAIN)
    _need(path, COLUMNS, table.column_names)
    if not table.num_rows:
        refuse(path, "it has columns but no rows", _AGAIN)
    extra = [name for name in table.column_names if name not in COLUMNS]
    if extra:
        refuse(path, f"it has columns that no lesson expects: {', '.join(extra)}", "Drop them.")
    wrong = [
        f"{name} is {table.schema.field(name).type}, should be {'string' if text else 'double'}"
        for name in COLUMNS
        if not _is(table.schema.field(name).type, text := name in TEXT)
    ]
    if wrong:
        refuse(path, f"wrong types: {'; '.join(wrong)}", "Cast them and save the file again.")
    gaps = [name for name in COLUMNS if _has_gaps(table[name])]
    if gaps:
        refuse(path, f"missing values in {', '.join(gaps)}", "A cleaned table has none.")
    if pc.min(table[LABEL]).as_py() <= 0:
        refuse(path, "it has prices of 0 or less", "Drop those rows.")
    for name in _YES_NO:
        _check_yes_no(path, table[name].to_pandas())
    _enough(path, table.num_rows, "")
    return Checked(path, None, table.num_rows)


def _is(kind: pa.DataType, text: bool) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) if text else kind == "double"


def _has_gaps(column: pa.ChunkedArray) -> bool:
    return bool(pc.any(pc.is_null(column, nan_is_null=True)).as_py())


# --- a raw file ----------------------------------------------------------------------------------


def _open(path: Path) -> gzip.GzipFile:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if packed else path.open("rb")  # type: ignore[return-value]


def _start_of_gzip(path: Path) -> bytes:
    try:
        with gzip.open(path, "rb") as file:
            start = file.read(4096)
            while file.read(1 << 20):  # to its end: a file cut off shows only there
                pass
    except (EOFError, gzip.BadGzipFile, zlib.error, OSError) as error:
        refuse(path, f"the gzip file is damaged or cut off ({_first_line(error)})", _AGAIN)
    if not start.strip():
        refuse(path, "it is empty", _AGAIN)
    return start


def _check_text(path: Path, start: bytes) -> None:
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] == b"<":
        refuse(
            path,
            "it is a web page (HTML or XML), probably an error message saved under this name",
            "Open the address in a browser to see what it says, then download the file again.",
        )
    if b"\0" in start:
        refuse(path, "it is neither CSV nor Parquet", _WHICH)


def _check_csv(path: Path) -> Checked:
    header = [str(name) for name in _read(path, nrows=0).columns]
    if len(header) < 2:
        refuse(path, "it is neither CSV nor Parquet (no commas in its first line)", _WHICH)
    if set(COLUMNS) <= set(header):
        refuse(
            path, "it is a cleaned table saved as CSV", "Save it as Parquet, which keeps its types."
        )
    baths = "bathrooms_text" if "bathrooms_text" in header else "bathrooms"
    needed = [name for name in BEFORE_FLAGS if name not in (*_MAY_LACK, "bathrooms")]
    _need(path, [*needed, baths], header)
    wanted = {*BEFORE_FLAGS, "bathrooms_text", "id"} & set(header)
    raw = _read(path, usecols=[name for name in header if name in wanted])
    if raw.empty:
        refuse(path, "it has a header but no rows", _AGAIN)
    listings, notes = clean(raw, path)
    table = pa.Table.from_pandas(listings, preserve_index=False)
    return Checked(path, table, table.num_rows, len(raw), notes)


def _read(path: Path, **options: object) -> pd.DataFrame:
    """The file with every value as text, and missing only where there is nothing."""
    try:
        with _open(path) as file:
            rows: pd.DataFrame = pd.read_csv(  # type: ignore[call-overload]
                file,
                dtype=str,
                keep_default_na=False,
                na_values=[""],
                index_col=False,
                encoding="utf-8-sig",
                **options,
            )
    except UnicodeDecodeError:
        refuse(path, "it is not text in UTF-8", _WHICH)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        refuse(path, f"it can't be read as CSV ({_first_line(error)})", _AGAIN)
    return rows


def clean(raw: pd.DataFrame, path: Path) -> tuple[pd.DataFrame, list[str]]:
    """The cleaned table of a raw one, and notes on what was done.

    Args:
        raw: the columns used, every value text or missing.
        path: the file, for messages.
    """
    notes = []
    rows = raw.drop_duplicates("id" if "id" in raw else None).reset_index(drop=True)
    dropped = [(len(raw) - len(rows), "come twice")]

    listings = pd.DataFrame(index=rows.index)
    for name in BEFORE_FLAGS:
        if name == "bathrooms":
            listings[name] = _bathrooms(path, rows)
        elif name in NUMERIC:
            listings[name] = _numbers(path, rows[name])
        elif name in rows:
            listings[name] = rows[name].str.strip()
        else:
            listings[name] = _UNKNOWN
            notes.append(f"{name} is not in this file: every listing has {_UNKNOWN!r} there.")
    for name in _YES_NO:
        _check_yes_no(path, listings[name])
    if listings["review_scores_rating"].max() <= 5:
        listings["review_scores_rating"] *= 20
        listings[list(REVIEW_SCORES[1:])] *= 2
        notes.append("Review scores of 0 to 5 were brought to 0 to 100 (rating) and 0 to 10.")

    needed = [name for name in BEFORE_FLAGS if name not in (*IMPUTED, LABEL)]
    missing = listings[needed].isna()
    reasons = [
        (~(listings[LABEL] > 0), "have no price above 0"),
        (listings["minimum_nights"] > _MOST_NIGHTS, f"ask for more than {_MOST_NIGHTS} nights"),
        (listings["accommodates"] <= 0, "take no guests"),
        (missing.any(axis=1), f"lack one of: {', '.join(missing.columns[missing.any()])}"),
    ]
    keep = pd.Series(True, index=listings.index)
    for bad, reason in reasons:
        dropped.append((int((keep & bad).sum()), reason))
        keep &= ~bad
    listings = listings[keep].reset_index(drop=True)
    why = "; ".join(f"{count:,} {reason}" for count, reason in dropped if count)
    notes.insert(0, f"{len(raw):,} rows read, {len(listings):,} kept{': ' if why else ''}{why}.")
    _enough(path, len(listings), f" ({why})" if why else "")

    for name in IMPUTED:
        gaps = listings[name].isna()
        if gaps.all():
            refuse(path, f"{name} has no values", _WHICH)
        listings[f"{name}_na"] = gaps.astype(float)
        listings[name] = listings[name].fillna(listings[name].median())
    return listings[list(COLUMNS)], notes


def _numbers(path: Path, texts: "pd.Series[str]") -> "pd.Series[float]":
    """ "$1,250.00" and the like as numbers; missing where there is none."""
    plain = texts.str.replace(r"[$,\s]", "", regex=True)
    numbers = pd.to_numeric(plain, errors="coerce").astype(float)
    numbers = numbers.where(np.isfinite(numbers))
    wrong = texts.notna() & numbers.isna()
    if wrong.sum() > _MOST_UNREADABLE * texts.notna().sum():
        refuse(
            path,
            f"wrong types: {texts.name} should be numbers, but {wrong.sum():,} values are not, "
            f"the first is {texts[wrong].iloc[0][:30]!r}",
            _WHICH,
        )
    return numbers


def _bathrooms(path: Path, rows: pd.DataFrame) -> "pd.Series[float]":
    """The number of bathrooms; newer files say it in words ("1.5 shared baths", "Half-bath")."""
    numbers = pd.Series(np.nan, index=rows.index)
    if "bathrooms_text" in rows:
        words = rows["bathrooms_text"].str.lower()
        numbers = words.str.extract(r"(\d+(?:\.\d+)?)", expand=False).astype(float)
        numbers = numbers.mask(numbers.isna() & words.str.contains("half", na=False), 0.5)
    return _numbers(path, rows["bathrooms"]).fillna(numbers) if "bathrooms" in rows else numbers


def _check_yes_no(path: Path, values: "pd.Series[str]") -> None:
    wrong = values.dropna()[lambda found: ~found.isin(["t", "f"])]
    if len(wrong):
        found = wrong.iloc[0][:30]
        refuse(path, f"wrong types: {values.name} should be t or f, found {found!r}", _WHICH)


def _need(path: Path, wanted: tuple[str, ...] | list[str], found: list[str]) -> None:
    missing = [name for name in wanted if name not in found]
    if len(missing) == len(wanted):
        refuse(path, "it is no listing file: it has none of the columns needed", _WHICH)
    if missing:
        refuse(path, f"missing columns: {', '.join(missing)}", _WHICH)


def _enough(path: Path, rows: int, why: str) -> None:
    if rows < FEWEST_ROWS:
        found = f"{rows} usable rows, at least {FEWEST_ROWS} are needed{why}"
        refuse(path, found, "Use a larger file.")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120].rstrip(". ")
