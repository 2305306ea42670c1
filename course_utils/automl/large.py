"""Tables that are too large for one worker: split in Spark, kept whole, and sampled."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from course_utils.automl import intake
from course_utils.automl.columns import LARGEST, without_infinities
from course_utils.automl.task import FOLD, PARTS, SPLIT
from course_utils.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import Column, DataFrame

_DRAWN = "_automl_drawn"  # no column of a user's


def split(
    whole: "DataFrame",
    keep: list[str],
    target: str,
    classes: tuple[Any, ...] | None,
    time_col: str | None,
    split_col: str | None,
    seed: int,
    place: Path,
) -> tuple["pd.DataFrame", dict[str, int]]:
    """Split all rows, write them to `place` as Parquet, and sample what one worker holds.

    60 % of the rows train, 20 % validate, 20 % test: at random, in order of `time_col`, or as
    `split_col` says. With so many rows a random split has the shares of the classes, too.

    Returns:
        The sample, with `SPLIT` and `FOLD`, and the number of all rows in each part.

    Raises:
        CourseError: `split_col` holds other values than train, validate, test, or a part is empty.
    """
    from pyspark.sql import functions as F  # noqa: N812

    rows = whole.where(F.col(_quoted(target)).isNotNull())
    if classes:
        rows = rows.where(F.col(_quoted(target)).isin(list(classes)))
    else:  # neither infinite nor NaN, which Spark takes for larger than all numbers
        rows = rows.where(F.abs(F.col(_quoted(target))) < LARGEST)
    if time_col:
        rows = rows.localCheckpoint()  # the limits must be those of the rows that are written
    chosen = [F.col(_quoted(name)) for name in keep]
    part = _part(rows, time_col, split_col)
    # One draw for each row, in a column of its own: each mention of rand() draws anew
    rows = rows.withColumn(_DRAWN, F.rand(seed)).select(*chosen, part.alias(SPLIT))
    path = place.resolve().as_uri()
    # Written once: asked for twice, Spark would draw other rows
    rows.write.parquet(path)
    kept = whole.sparkSession.read.parquet(path)
    counts = {row[SPLIT]: row["count"] for row in kept.groupBy(SPLIT).count().collect()}
    other = sorted(str(name) for name in counts if name not in PARTS)
    if other:
        raise CourseError(
            f"split_col {split_col} holds {other[0]!r}: its values must be train, validate, test."
        )
    for name in PARTS:
        if counts.get(name, 0) < 2:
            raise CourseError(f"{counts.get(name, 0)} rows are left for {name}: split differently.")
    share = min(1.0, intake.SINGLE_NODE_VALUES / (sum(counts.values()) * (len(keep) + 1)))
    sample, _ = without_infinities(intake.plain(kept.sample(share, seed=seed).toPandas()))
    sample[FOLD] = -1
    return sample, counts


def _part(rows: "DataFrame", time_col: str | None, split_col: str | None) -> "Column":
    from pyspark.sql import functions as F  # noqa: N812

    if split_col:
        part = F.lower(F.trim(F.col(_quoted(split_col))))
        return F.when(part == "validation", "validate").otherwise(part)
    if time_col:
        kind = dict(rows.dtypes)[time_col]
        when = F.col(_quoted(time_col))
        if kind.startswith(("timestamp", "date")):
            when = when.cast("timestamp")
        order = when.cast("double")
        limits = rows.select(order.alias("t")).approxQuantile("t", [0.6, 0.8], 0.001)
        place, limits = order, limits
    else:
        place, limits = F.col(_DRAWN), [0.6, 0.8]
    until_train, until_validate = limits
    return (
        F.when(place <= until_train, "train")
        .when(place <= until_validate, "validate")
        .otherwise("test")
    )


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
