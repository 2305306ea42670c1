"""Finding out how a raw listing file is written: its encoding, separator, header and rows.

What can be read with certainty is read, whatever program has saved it; rows that can't are left
out and counted; a file that is no table of listings is refused.
"""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Collection
from pathlib import Path

from course_utils.data.refusal import AGAIN, UNCHANGED, WHICH, quoted, refuse, too_many
from course_utils.data.sheet import Sheet
from course_utils.errors import CourseError

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}


def open_sheet(path: Path, content: bytes, known: Collection[str]) -> Sheet:
    """Find out how a text file is written.

    Args:
        path: the learner's file.
        content: its bytes, unpacked.
        known: names of columns, by which a header is known.

    Raises:
        CourseError: it is no table, or its rows do not fit its header.
    """
    sheet = Sheet(path, content)
    _find_encoding(sheet)
    header = _find_header(sheet, known)
    _find_quoting(sheet)
    first = _find_width(sheet, len(header))
    _name_columns(sheet, header, first, known)
    return sheet


def _find_encoding(sheet: Sheet) -> None:
    content, start = sheet.content, sheet.content[:4096]
    sheet.as_usual = False
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        sheet.encoding = "utf-32"
    elif content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        sheet.encoding = "utf-16"
    elif content.startswith(codecs.BOM_UTF8):
        sheet.encoding = "utf-8-sig"
    elif b"\0" in start and not any(start[1::2]):
        sheet.encoding = "utf-16-le"
    elif b"\0" in start and not any(start[::2]):
        sheet.encoding = "utf-16-be"
    elif b"\0" in start:
        refuse(sheet.path, "it is neither CSV nor Parquet", WHICH)
    else:
        sheet.as_usual = True
    try:
        content.decode(sheet.encoding)
    except UnicodeDecodeError as error:
        text = content.decode(sheet.encoding, errors="replace")
        damaged = text.count("\ufffd")
        if sheet.encoding != "utf-8" or damaged < sum(letter > "\x7f" for letter in text) - damaged:
            line = content.count(b"\n", 0, error.start) + 1
            name = sheet.encoding.upper().removesuffix("-SIG")
            refuse(sheet.path, f"its {name} text is damaged in line {line:,}", AGAIN)
        sheet.encoding, sheet.as_usual = _western(content), False
        word = re.search(r"\w*[^\x00-\x7f]\w*", content.decode(sheet.encoding))
        sheet.notes.append(
            "It is not in UTF-8, so its letters were read as Latin-1 (Windows-1252): see whether "
            f"{quoted(word[0]) if word else 'a name'} is right."
        )


def _western(content: bytes) -> str:
    try:
        content.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1"
    return "cp1252"


def _key(name: str) -> str:
    """A column's name as Inside Airbnb writes it: small letters, "_" for blanks and dots."""
    return re.sub(r"[\s.\-]+", "_", name.strip().strip("\"'").strip().lower())


def _find_header(sheet: Sheet, known: Collection[str]) -> list[str]:
    line = ""
    for number, line in enumerate(sheet.lines(), start=1):
        if line.strip() and not re.fullmatch(r"sep=.", line.strip(), re.IGNORECASE):
            sheet.header_line = number
            break
    sheet.as_usual = sheet.as_usual and sheet.header_line == 1
    fits, names = -1, list[str]()
    for separator in _SEPARATORS:
        try:
            found = next(csv.reader([line], delimiter=separator))
        except (csv.Error, StopIteration):
            continue
        if (count := sum(_key(name) in known for name in found)) > fits:
            fits, names, sheet.separator = count, found, separator
    if fits < 1:
        first = f"its first line is {quoted(line)}"
        if any(separator in line for separator in _SEPARATORS):
            what = "it is no listing file: it has none of the columns needed"
            refuse(sheet.path, f"{what} ({first})", WHICH)
        refuse(sheet.path, f"it is neither CSV nor Parquet ({first})", WHICH)
    if len(names) > 1 and all(name.startswith(" ") for name in names[1:]):
        sheet.quoting["skipinitialspace"] = True
    if sheet.separator != ",":
        sheet.as_usual = False
        sheet.notes.append(f"Its fields are parted by {_SEPARATORS[sheet.separator]}.")
    return names


def _find_quoting(sheet: Sheet) -> None:
    r"""Whether quotes inside a field are written as "" or, as Spark does, as \"."""
    if b'\\"' not in sheet.content.replace(b"\0", b""):
        return
    usual = sheet.quoting
    sheet.quoting = {**usual, "doublequote": False, "escapechar": "\\"}
    if not _same_widths(sheet):
        sheet.quoting = usual
        return
    other, sheet.quoting = sheet.quoting, usual
    if not _same_widths(sheet):
        sheet.quoting, sheet.as_usual = other, False


def _same_widths(sheet: Sheet) -> bool:
    try:
        return len({row and len(row) for _, row in sheet.records()}) == 1
    except CourseError:
        return False


def _find_width(sheet: Sheet, named: int) -> int:
    """How many fields rows have, and what does not fit; gives the place of the first column."""
    widths = Counter[int]()
    first_of: dict[int, int] = {}
    one_more, empty, counted = 0, 0, 0
    records = sheet.records()
    next(records)
    for line, row in records:
        sheet.total += 1
        size = 0 if row is None else len(row)
        widths[size] += 1
        first_of.setdefault(size, line)
        if row is not None and size == named + 1:
            one_more += 1
            empty += not row[-1].strip()
            counted += row[0].strip() in (str(sheet.total), str(sheet.total - 1))
    if not sheet.total:
        refuse(sheet.path, "it has a header but no rows", AGAIN)
    usual, _ = widths.most_common(1)[0]
    sheet.width, first = named, 0
    if usual == named + 1 and one_more in (empty, counted):
        sheet.width, first, sheet.as_usual = usual, int(one_more != empty), False
    for kind, of in {
        "could not be read, because of their quotes": {0},
        "have too few fields": set(range(1, sheet.width)),
        "have too many fields": {size for size in widths if size > sheet.width},
    }.items():
        count = sum(widths[size] for size in of)
        if not count:
            continue
        line = min(first_of[size] for size in of if size in first_of)
        if too_many(count, sheet.total):
            refuse(
                sheet.path,
                f"it can't be read as CSV: {count:,} of {sheet.total:,} rows {kind} "
                f"(the header has {named}), the first in line {line:,}",
                UNCHANGED,
            )
        sheet.as_usual = False
        sheet.left_out.append(f"{count:,} {kind}, the first in line {line:,}")
    return first


def _name_columns(sheet: Sheet, header: list[str], first: int, known: Collection[str]) -> None:
    """Give each column its name; of columns with one name the first is kept, if they agree."""
    again: dict[str, int] = {}
    renamed = list[str]()
    for place, written in enumerate(header, start=first):
        name = _key(written)
        if not name or re.fullmatch(r"unnamed:_\d+", name):
            sheet.as_usual = False
            sheet.notes.append("A column without a name was left out.")
        elif name in sheet.names:
            again[name] = place
        else:
            sheet.names[name] = place
            sheet.as_usual = sheet.as_usual and name == written
            if name != written.strip():
                renamed.append(f"{written.strip()!r} as {name}")
    if renamed:
        more = ", …" if len(renamed) > 1 else ""
        sheet.notes.append(f"Names of columns were read so: {renamed[0]}{more}.")
    for name, place in again.items():
        sheet.as_usual = False
        differ = [line for line, row in sheet.rows() if row[place] != row[sheet.names[name]]]
        if differ and name in known:
            refuse(
                sheet.path,
                f"it has the column {name} twice, with different values from line {differ[0]:,} on",
                "Delete one of them.",
            )
        sheet.notes.append(f"The column {name} is there twice: the first was kept.")
