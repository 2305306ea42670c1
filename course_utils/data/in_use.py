"""Which listing file is in use: the generated one, or a learner's own."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from course_utils import paths
from course_utils.errors import CourseError


@dataclass(frozen=True)
class InUse:
    """A learner's own listing file that stands in for the generated listings.

    Attributes:
        file: where it came from, an absolute path.
        kind: "cleaned" (Parquet of 34 columns, read unchanged) or "raw" (CSV, cleaned on the way).
        folder: name of the folder in the store that keeps the copy.
        rows: listings in the cleaned table.
        raw_rows: rows of the raw file; None for a cleaned one.
        sha256: of the cleaned table's file.
        notes: what cleaning did, one line each.
    """

    file: str
    kind: str
    folder: str
    rows: int
    raw_rows: int | None
    sha256: str
    notes: tuple[str, ...] = ()

    @property
    def cleaned(self) -> Path:
        """The cleaned table, Parquet."""
        return paths.data() / self.folder / "listings.parquet"

    @property
    def splits(self) -> Path:
        """Where train and test of the cleaned table are, once asked for."""
        return paths.data() / "splits" / f"real-{self.sha256[:12]}"

    @property
    def raw(self) -> Path | None:
        """The raw CSV; None when the learner gave a cleaned table."""
        return paths.data() / self.folder / "listings_raw.csv" if self.kind == "raw" else None


def record() -> Path:
    """The file that says what is in use."""
    return paths.data() / "in_use.json"


def in_use() -> InUse | None:
    """The learner's own file in use, or None for generated data.

    Raises:
        CourseError: the record can't be read, or the copy in the store is gone.
    """
    try:
        text = record().read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    try:
        found = InUse(**{**(read := json.loads(text)), "notes": tuple(read["notes"])})
    except (ValueError, TypeError, KeyError) as error:
        raise CourseError(
            f"{record()} can't be read: it is not what ./course data use wrote. "
            "Run ./course data reset, then ./course data use FILE again."
        ) from error
    if not found.cleaned.is_file():
        raise CourseError(
            f"The copy of {found.file} is gone from {found.cleaned.parent}. "
            "Run ./course data use FILE again, or ./course data reset for generated data."
        )
    return found


def as_text(item: InUse) -> str:
    """What `record()` holds for this."""
    return json.dumps(asdict(item), indent=2) + "\n"
