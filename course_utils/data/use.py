"""Put a learner's own listings or ratings in place of the generated ones, and back."""

import os
from collections.abc import Callable
from pathlib import Path

from course_utils import paths
from course_utils.data.files import alone, fresh, put, remove, sha256, told
from course_utils.data.in_use import InUse, as_text, ratings_record, record
from course_utils.data.switched import forget
from course_utils.errors import CourseError

# For each kind of data: how the folders of copies begin, and the file that says what is in use
_KINDS = {"listings": ("real", record), "ratings": ("movielens", ratings_record)}


def use(file: str | os.PathLike[str]) -> InUse:
    """Use a learner's own file from now on; it is copied, so it may move afterwards.

    Takes listings: the cleaned Parquet of 34 columns, read as it is, or a raw Inside Airbnb CSV
    (packed or not), which is cleaned to the same columns as datasets/listings.md describes. And
    takes ratings of MovieLens (ratings.csv, ratings.dat, u.data) with the films that lie in the
    same folder, if they do. Listings and ratings may be in use at once.

    Returns:
        What is in use now, with notes on what cleaning did.

    Raises:
        CourseError: the file is refused; the line says why, and what was in use still is.
    """
    from course_utils.data import movielens, real

    path = Path(file).expanduser().absolute()
    rated = movielens.check(path)
    if rated is not None:

        def copied(new: Path, folder: str) -> InUse:
            rated.write(new)
            return InUse(
                file=str(path),
                kind="ratings",
                folder=folder,
                rows=rated.ratings.num_rows,
                raw_rows=None,
                sha256=sha256(new / "ratings.parquet"),
                notes=rated.notes,
                films=rated.films.num_rows,
            )

        return _keep("ratings", path, copied)
    checked = real.check(path)

    def cleaned(new: Path, folder: str) -> InUse:
        real.write(checked, new)
        return InUse(
            file=str(path),
            kind="cleaned" if checked.table is None else "raw",
            folder=folder,
            rows=checked.rows,
            raw_rows=checked.raw_rows,
            sha256=sha256(new / "listings.parquet"),
            notes=tuple(checked.notes),
        )

    return _keep("listings", path, cleaned)


def reset(what: str | None = None) -> None:
    """Use generated data again, and remove the copy of a learner's own file.

    Args:
        what: "listings" or "ratings"; both when None.

    Raises:
        CourseError: it is neither.
    """
    if what is not None and what not in _KINDS:
        raise CourseError(
            f"There is no way back for {what!r}. Say listings or ratings, or nothing for both."
        )
    data = paths.data()
    with alone(data), told(data):
        for kind, (_, note) in _KINDS.items():
            if what in (None, kind):
                note().unlink(missing_ok=True)
                forget(note())
                _forget(kind, data, keep=None)


def _keep(kind: str, path: Path, copied: Callable[[Path, str], InUse]) -> InUse:
    """Copy a checked file into the store, and write down that it is in use."""
    start, note = _KINDS[kind]
    folder = f"{start}-{sha256(path)[:12]}"
    data = paths.data()
    with alone(data), told(data):
        new = fresh(data / folder)
        new.mkdir()
        now = copied(new, folder)
        put(new, data / folder)
        written = fresh(note())
        written.write_text(as_text(now), encoding="utf-8")
        put(written, note())
        forget(note())
        _forget(kind, data, keep=now)
    return now


def _forget(kind: str, data: Path, keep: InUse | None) -> None:
    """Remove the copies and the splits of files that are no longer in use."""
    start, _ = _KINDS[kind]
    kept = (data / keep.folder, keep.splits) if keep else ()
    for old in (*data.glob(f"{start}-*"), *(data / "splits").glob(f"{start}-*")):
        if old not in kept:
            remove(old)
