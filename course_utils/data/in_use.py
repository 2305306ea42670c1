"""Which listings and which ratings are in use: the generated ones, or a learner's own."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from course_utils import paths
from course_utils.data.switched import notice, read
from course_utils.errors import CourseError

RATED = ("films", "ratings")  # what a learner's MovieLens files stand in for


@dataclass(frozen=True)
class InUse:
    """A learner's own file that stands in for the generated listings, or for films and ratings.

    Attributes:
        file: where it came from, an absolute path.
        kind: "cleaned" (Parquet of 34 columns, read unchanged), "raw" (CSV, cleaned on the way)
            or "ratings" (of MovieLens).
        folder: name of the folder in the store that keeps the copy.
        rows: listings in the cleaned table, or ratings.
        raw_rows: rows of the raw file; None for others.
        sha256: of the table's file.
        notes: what cleaning did, one line each.
        films: rows of the films; None for listings.
    """

    file: str
    kind: str
    folder: str
    rows: int
    raw_rows: int | None
    sha256: str
    notes: tuple[str, ...] = ()
    films: int | None = None

    def table(self, name: str) -> Path:
        """The Parquet file that stands in for this data set."""
        return paths.data() / self.folder / f"{name}.parquet"

    @property
    def cleaned(self) -> Path:
        """The cleaned table of listings, Parquet."""
        return self.table("listings")

    @property
    def splits(self) -> Path:
        """Where train and test of the cleaned table are, once asked for."""
        return paths.data() / "splits" / f"real-{self.sha256[:12]}"

    @property
    def raw(self) -> Path | None:
        """The raw CSV; None when the learner gave a cleaned table."""
        return paths.data() / self.folder / "listings_raw.csv" if self.kind == "raw" else None


def record() -> Path:
    """The file that says which listings are in use."""
    return paths.data() / "in_use.json"


def ratings_record() -> Path:
    """The file that says which films and ratings are in use."""
    return paths.data() / "ratings_in_use.json"


def in_use() -> InUse | None:
    """The learner's own listing file in use, or None for generated listings.

    Raises:
        CourseError: the record can't be read, or the copy in the store is gone.
    """
    return _in_use(record(), "listings")


def ratings_in_use() -> InUse | None:
    """The learner's own ratings in use, or None for generated ones.

    Raises:
        CourseError: the record can't be read, or the copy in the store is gone.
    """
    return _in_use(ratings_record(), "ratings")


def _in_use(record: Path, name: str) -> InUse | None:
    text = read(record)
    notice(record, text, name)
    if text is None:
        return None
    try:
        fields = json.loads(text)
        found = InUse(**{**fields, "notes": tuple(fields["notes"])})
    except (ValueError, TypeError, KeyError) as error:
        raise CourseError(
            f"{record} can't be read: it is not what ./course data use wrote. "
            "Run ./course data reset, then ./course data use FILE again."
        ) from error
    if not found.table(name).is_file():
        raise CourseError(
            f"The copy of {found.file} is gone from {found.table(name).parent}. "
            "Run ./course data use FILE again, or ./course data reset for generated data."
        )
    return found


def as_text(item: InUse) -> str:
    """What the record holds for this."""
    return json.dumps(asdict(item), indent=2) + "\n"
