"""Train and test, made once and kept.

A row goes to one side by a hash of its key, so the sides are the same on every machine, in every
order and partitioning; equal rows always go to the same side.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from course_utils import paths
from course_utils.data.access import active_session, load
from course_utils.data.files import alone, fresh, put, told
from course_utils.data.in_use import in_use
from course_utils.data.scale import scale
from course_utils.data.store import known
from course_utils.data.variant import Variant, variant
from course_utils.errors import CourseError

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_TRAIN_PERCENT = 80


def load_split(name: str) -> tuple["DataFrame", "DataFrame"]:
    """The train (about 80 %) and test rows of a data set, from Parquet written once.

    Listings have no key, so the hash is of all their columns: `xxhash64(*columns)`, modulo 100,
    is below 80 for train. The sides are made anew when another listing file comes into use.

    Args:
        name: "listings".

    Returns:
        (train, test), with the columns of `load(name)`.

    Raises:
        CourseError: the data set has no split, no session, or the data can't be had.
    """
    if name != "listings":
        raise CourseError(f"{name!r} has no train and test part. load_split knows: listings.")
    spark = active_session()
    folder = split_folder()
    if not folder.is_dir():
        _write(load(name), folder)
    return spark.read.parquet(str(folder / "train")), spark.read.parquet(str(folder / "test"))


def split_folder() -> Path:
    """Where the split of the listings in use is: another folder whenever their rows change."""
    asked = variant()
    real = in_use() if asked is Variant.COURSE else None
    if real is not None:
        return real.splits
    name = scale().name if asked is Variant.COURSE else asked.value
    return paths.data() / "splits" / f"{name}-{known('listings', asked)['sha256'][:12]}"


def split(frame: "DataFrame") -> tuple["DataFrame", "DataFrame"]:
    """Both sides of a frame by the hash of all its columns (lazy)."""
    in_train = _in_train(frame)
    return frame.filter(in_train), frame.filter(~in_train)


def _in_train(frame: "DataFrame") -> "Column":
    from pyspark.sql import functions as F  # noqa: N812

    return F.pmod(F.xxhash64(*sorted(frame.columns)), F.lit(100)) < _TRAIN_PERCENT


def _write(frame: "DataFrame", folder: Path) -> None:
    with alone(folder.parent):
        if folder.is_dir():
            return  # another notebook has made them meanwhile
        new = fresh(folder)
        for name, side in zip(("train", "test"), split(frame), strict=True):
            side.write.parquet(str(new / name))
        with told(folder):
            put(new, folder)
