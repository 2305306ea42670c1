"""Reading and cleaning a learner's own listing file, or saying why it will not do."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from course_utils.data import ranges
from course_utils.data.cleaning import MAY_LACK, YES_NO, clean, enough
from course_utils.data.reading import open_sheet
from course_utils.data.refusal import AGAIN, WHICH, first_line, quoted, refuse
from course_utils.data.schema import BEFORE_FLAGS, COLUMNS, LABEL, TEXT
from course_utils.data.store import write_parquet
from course_utils.data.unpack import unpacked


@dataclass
class Checked:
    """A file that will do, and the table it gives.

    Attributes:
        path: the learner's file.
        table: the cleaned table; None when the file itself is the cleaned table.
        rows: rows of the cleaned table.
        raw_rows: rows of the raw file that could be read; None for a cleaned one.
        notes: what cleaning did, one line each.
        write_raw: writes the raw file as CSV that any program reads; None for a cleaned one.
    """

    path: Path
    table: pa.Table | None
    rows: int
    raw_rows: int | None = None
    notes: list[str] = field(default_factory=list)
    write_raw: Callable[[Path], None] | None = None


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
            start = file.read(4)
            file.seek(max(0, path.stat().st_size - 4))
            end = file.read()
    except OSError as error:
        refuse(path, f"it can't be read ({error.strerror})", "Check its rights.")
    if start == b"PAR1":
        return _check_parquet(path, whole=end == b"PAR1" and path.stat().st_size > 8)
    return _check_csv(path)


def write(checked: Checked, folder: Path) -> None:
    """Put the cleaned table and, where there is one, the raw file into a folder."""
    if checked.table is None or checked.write_raw is None:
        shutil.copyfile(checked.path, folder / "listings.parquet")
        return
    write_parquet(checked.table, folder / "listings.parquet")
    checked.write_raw(folder / "listings_raw.csv")


# --- a cleaned table -----------------------------------------------------------------------------


def _check_parquet(path: Path, whole: bool) -> Checked:
    if not whole:
        refuse(path, "the Parquet file is cut off (it lacks its end)", AGAIN)
    try:
        table = pq.ParquetFile(path).read()
    except (pa.ArrowException, OSError) as error:
        refuse(path, f"the Parquet file is damaged ({first_line(error)})", AGAIN)
    _need(path, COLUMNS, table.column_names)
    if not table.num_rows:
        refuse(path, "it has columns but no rows", AGAIN)
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
    for name, limits in {**ranges.POSSIBLE, **ranges.TO_HUNDRED}.items():
        values = table[name].to_pandas()
        if (bad := ranges.outside(values, limits)).any():
            found = f"{ranges.in_words(name, limits)} in {bad.sum():,} rows"
            refuse(
                path, f"it has {found}, the first {values[bad].iloc[0]:,.15g}", "Mend or drop them."
            )
    for name in YES_NO:
        texts = table[name].to_pandas()
        if len(other := texts[~texts.isin(["t", "f"])]):
            found = f"{name} should be t or f, found {quoted(other.iloc[0])}"
            refuse(path, f"wrong types: {found}", "Write t and f there.")
    enough(path, table.num_rows, [], table.num_rows)
    return Checked(path, None, table.num_rows)


def _is(kind: pa.DataType, text: bool) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) if text else kind == "double"


def _has_gaps(column: pa.ChunkedArray) -> bool:
    return bool(pc.any(pc.is_null(column, nan_is_null=True)).as_py())


# --- a raw file ----------------------------------------------------------------------------------


def _check_csv(path: Path) -> Checked:
    wanted = {*BEFORE_FLAGS, "bathrooms_text", "id"}
    sheet = open_sheet(path, unpacked(path), wanted)
    header = list(sheet.names)
    if set(COLUMNS) <= set(header):
        refuse(
            path, "it is a cleaned table saved as CSV", "Save it as Parquet, which keeps its types."
        )
    baths = "bathrooms_text" if "bathrooms_text" in header else "bathrooms"
    needed = [name for name in BEFORE_FLAGS if name not in (*MAY_LACK, "bathrooms")]
    _need(path, [*needed, baths], header)
    raw, hashes = sheet.table(wanted)
    cleaned = clean(raw, path, hashes, sheet.left_out, sheet.total)
    if cleaned.change:
        sheet.as_usual = False
    table = pa.Table.from_pandas(cleaned.listings, preserve_index=False)
    return Checked(
        path,
        table,
        table.num_rows,
        len(raw),
        [*cleaned.notes, *sheet.notes],
        partial(sheet.write, change=cleaned.change),
    )


def _need(path: Path, wanted: tuple[str, ...] | list[str], found: list[str]) -> None:
    missing = [name for name in wanted if name not in found]
    if len(missing) == len(wanted):
        refuse(path, "it is no listing file: it has none of the columns needed", WHICH)
    if {"room_type", "calculated_host_listings_count"} <= set(found) and "accommodates" in missing:
        refuse(
            path,
            f"it is the summary of the listings, without {', '.join(missing[:3])} and more",
            "Use the detailed listings.csv.gz of the same city and date.",
        )
    if missing:
        refuse(path, f"missing columns: {', '.join(missing)}", WHICH)
