"""Listings at a larger scale, made by Spark from the same blocks as the small ones."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils import config, paths
from course_utils.data.files import alone, fresh, put, told
from course_utils.data.schema import BLOCK_ROWS, COLUMNS, SMALL_BLOCKS, TEXT
from course_utils.data.store import known
from course_utils.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame, SparkSession

SCALED = ("listings", "listings_raw")
_BLOCKS_PER_FILE, _MOST_FILES = 50, 200


@dataclass(frozen=True)
class Scale:
    """How many blocks of 1,000 listings are generated.

    Attributes:
        name: small, medium or large-<rows>.
        blocks: blocks of the cleaned table.
    """

    name: str
    blocks: int

    @property
    def small(self) -> bool:
        """Whether the data are the small files of the manifest."""
        return self.name == "small"

    @property
    def folder(self) -> Path:
        """Where the listings of this scale are, above small; another one when they change."""
        return paths.data() / f"{self.name}-{known('listings')['sha256'][:8]}"


def scale() -> Scale:
    """The scale set by COURSE_SCALE or course.toml: small, medium (1,000,000) or large:<rows>.

    The rows of large are rounded up to whole blocks of 1,000.

    Raises:
        CourseError: it is none of these.
    """
    text = config.course().scale
    if text == "small":
        return Scale("small", SMALL_BLOCKS)
    if text == "medium":
        return Scale("medium", 1_000_000 // BLOCK_ROWS)
    match = re.fullmatch(r"large:(\d+)", text.replace("_", "").replace(",", ""))
    if match and int(match[1]) > 0:
        blocks = -(-int(match[1]) // BLOCK_ROWS)
        return Scale(f"large-{blocks * BLOCK_ROWS}", blocks)
    raise CourseError(
        f"The scale {text!r} is unknown. "
        "Set COURSE_SCALE (or scale in course.toml) to small, medium or large:<rows>."
    )


def ensure_scaled(spark: "SparkSession", name: str) -> Path:
    """Generate `listings` or `listings_raw` at the scale in force, unless they are there.

    Returns:
        The folder of Parquet (listings) or CSV (listings_raw) files.
    """
    wanted = scale()
    target = wanted.folder / name
    if target.is_dir():
        return target
    with alone(wanted.folder):
        if not target.is_dir():
            print(f"Generating {name} ({wanted.blocks * BLOCK_ROWS:,} listings), this once.")
            new = fresh(target)
            writer = scaled(spark, name, wanted.blocks).write
            if name == "listings":
                writer.parquet(str(new))
            else:
                writer.csv(str(new), header=True, escape='"')
            with told(wanted.folder):
                put(new, target)
    return target


def scaled(
    spark: "SparkSession", name: str, blocks: int, partitions: int | None = None
) -> "DataFrame":
    """`blocks` blocks of `listings` or `listings_raw`; the rows depend on nothing else."""
    from course_utils.data import listings

    make = listings.clean_block if name == "listings" else listings.raw_block
    if partitions is None:
        partitions = min(-(-blocks // _BLOCKS_PER_FILE), _MOST_FILES)
    return spark.range(0, blocks, 1, partitions).mapInPandas(_each(make), _types(name))


def _each(
    make: Callable[[int], "pd.DataFrame"],
) -> Callable[[Iterable["pd.DataFrame"]], Iterator["pd.DataFrame"]]:
    def run(batches: Iterable["pd.DataFrame"]) -> Iterator["pd.DataFrame"]:
        for batch in batches:
            for block in batch["id"]:
                yield make(int(block))

    return run


def _types(name: str) -> str:
    if name == "listings":
        return ", ".join(f"{c} {'STRING' if c in TEXT else 'DOUBLE'}" for c in COLUMNS)
    from course_utils.data.listings import raw_block

    return ", ".join(f"{column} STRING" for column in raw_block(0).columns)
