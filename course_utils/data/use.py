"""Put a learner's own listing file in place of the generated listings, and back."""

import os
from pathlib import Path

from course_utils import paths
from course_utils.data.files import alone, fresh, put, remove, sha256, told
from course_utils.data.in_use import InUse, as_text, record


def use(file: str | os.PathLike[str]) -> InUse:
    """Use a learner's own listing file from now on; it is copied, so it may move afterwards.

    Takes the cleaned Parquet of 34 columns, read as it is, or a raw Inside Airbnb CSV (also
    .csv.gz), which is cleaned to the same columns as datasets/listings.md describes.

    Returns:
        What is in use now, with notes on what cleaning did.

    Raises:
        CourseError: the file is refused; the line says why, and what was in use still is.
    """
    from course_utils.data import real

    path = Path(file).expanduser().absolute()
    checked = real.check(path)
    folder = f"real-{sha256(path)[:12]}"
    data = paths.data()
    with alone(data), told(data):
        new = fresh(data / folder)
        new.mkdir()
        real.write(checked, new)
        now = InUse(
            file=str(path),
            kind="cleaned" if checked.table is None else "raw",
            folder=folder,
            rows=checked.rows,
            raw_rows=checked.raw_rows,
            sha256=sha256(new / "listings.parquet"),
            notes=tuple(checked.notes),
        )
        put(new, data / folder)
        note = fresh(record())
        note.write_text(as_text(now), encoding="utf-8")
        put(note, record())
        _forget(data, keep=now)
    return now


def reset() -> None:
    """Use generated listings again, and remove the copy of a learner's own file."""
    data = paths.data()
    with alone(data), told(data):
        record().unlink(missing_ok=True)
        _forget(data, keep=None)


def _forget(data: Path, keep: InUse | None) -> None:
    """Remove the copies and the splits of files that are no longer in use."""
    kept = (data / keep.folder, keep.splits) if keep else ()
    for old in (*data.glob("real-*"), *(data / "splits").glob("real-*")):
        if old not in kept:
            remove(old)
