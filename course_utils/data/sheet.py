"""A text file as a table, once it is known how it is written."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from course_utils.data.refusal import AGAIN, refuse

MISSING = frozenset(
    {"", "na", "n/a", "#n/a", "nan", "<na>", "null", "none", "\\n"}
)  # small letters
_LONGEST = 10_000_000  # characters of a field; a description of more is a file gone wrong


@dataclass
class Sheet:
    """A text file that will do as a table.

    Attributes:
        path: the learner's file.
        content: its bytes, unpacked.
        notes: how it was read, one line each, as far as that is not as usual.
        left_out: the same for rows that were left out.
    """

    path: Path
    content: bytes
    notes: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    encoding: str = "utf-8"
    separator: str = ","
    quoting: dict[str, object] = field(default_factory=dict)  # options of csv.reader
    header_line: int = 1
    names: dict[str, int] = field(default_factory=dict)  # column: its place in a row
    width: int = 0  # fields of a row
    total: int = 0  # rows, with those left out
    as_usual: bool = True  # so that any program reads the same from it

    def lines(self) -> Iterator[str]:
        """Its lines of text, from the header on."""
        text = io.TextIOWrapper(io.BytesIO(self.content), encoding=self.encoding, newline="")
        for number, line in enumerate(text, start=1):
            if number >= self.header_line:
                yield line

    def records(self) -> Iterator[tuple[int, list[str] | None]]:
        """Each row, the header first, with the line that it starts in; None where it is broken."""
        csv.field_size_limit(_LONGEST)
        reader = csv.reader(self.lines(), delimiter=self.separator, strict=True, **self.quoting)  # type: ignore[arg-type]
        while True:
            line = self.header_line + reader.line_num
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if "unexpected end" in str(error):
                    what = f"the quotes that open in line {line:,} never close"
                    refuse(self.path, f"it can't be read as CSV ({what})", AGAIN)
                yield line, None
                continue
            if any(field.strip() for field in row):
                yield line, row
            elif len(row) > 1:
                self.as_usual = False  # a row of separators alone, as spreadsheets add at the end

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row that has all its fields, with its line."""
        records = self.records()
        next(records)
        for line, row in records:
            if row is not None and len(row) == self.width:
                yield line, row

    def table(self, wanted: Collection[str]) -> tuple[pd.DataFrame, "pd.Series[int]"]:
        """Some columns as text, missing where there is nothing, by line; and a hash of each row."""
        places = {name: self.names[name] for name in self.names if name in wanted}
        kept = list(self.names.values())
        lines, hashes = list[int](), list[int]()
        columns: dict[str, list[str | None]] = {name: [] for name in places}
        words = Counter[str]()
        for line, row in self.rows():
            lines.append(line)
            hashes.append(hash(tuple(row[place] for place in kept)))
            for name, place in places.items():
                text = row[place].strip()
                if text.lower() in MISSING:
                    words[text] += bool(text)
                    columns[name].append(None)
                else:
                    columns[name].append(text)
        if words := +words:
            self.as_usual = False
            named = ", ".join(sorted(words))
            self.notes.append(f"Read as missing: {words.total():,} values such as {named}.")
        frame = pd.DataFrame(columns, index=lines, dtype=object)
        return frame, pd.Series(hashes, index=lines)

    def write(self, target: Path, change: Mapping[str, Callable[[str], str]]) -> None:
        """Write it as any program reads it: UTF-8, commas, one row for each row that was read.

        Args:
            target: the new file.
            change: for some columns what becomes of a value that is not missing.
        """
        if self.as_usual:
            target.write_bytes(self.content)
            return
        with target.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(self.names)
            for _, row in self.rows():
                values = ((name, row[place].strip()) for name, place in self.names.items())
                writer.writerow(
                    change[name](text) if name in change and text else text for name, text in values
                )
