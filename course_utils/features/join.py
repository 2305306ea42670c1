"""Look features up for the rows of a frame: by key, and by key and time."""

from datetime import timedelta
from typing import TYPE_CHECKING

from course_utils.features.spec import Join
from course_utils.features.values import quote

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_ROW = "__features"  # the features of one row, null where none was found
_TIME = "__time"
_LABEL = "__label"
_FEW = 10 * 2**20  # bytes of keys that are sent to every worker, as Spark does with small tables


def join_features(frame: "DataFrame", features: "DataFrame", join: Join) -> "DataFrame":
    """The frame with the outputs of one lookup added, one row for each of its rows.

    By key alone, that is a left join. With a time, it is the latest row of the same key that is
    not later than the event, and not older than the lookback; a row that is found counts with
    its nulls. Where there is none, the default stands, or null. A null in a key or in the event's
    time finds nothing.

    `features` must have at most one row for each key (and time).
    """
    found = _latest(frame, features, join) if join.time else _by_key(frame, features, join)
    return found.select(*(quote(name) for name in frame.columns), *_outputs(join))


def _by_key(frame: "DataFrame", features: "DataFrame", join: Join) -> "DataFrame":
    from pyspark.sql import functions as sf

    keys = [f"__key{place}" for place in range(len(join.keys))]
    right = features.select(
        *(sf.col(quote(key)).alias(name) for name, (_, key) in zip(keys, join.keys, strict=True)),
        _row(join).alias(_ROW),
    )
    pairs = [
        sf.col(quote(column)) == sf.col(name)
        for name, (column, _) in zip(keys, join.keys, strict=True)
    ]
    return frame.join(right, on=pairs, how="left")


def _latest(frame: "DataFrame", features: "DataFrame", join: Join) -> "DataFrame":
    """Both sides in one frame, each key's rows in the order of time, the last features carried on.

    One shuffle, by the key's columns themselves: nothing is joined, so the work does not grow
    with the number of rows that a key has, and no two keys are ever taken for one.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as sf

    assert join.time
    event, time = join.time
    keys = [f"__key{place}" for place in range(len(join.keys))]
    label = sf.struct(*(sf.col(quote(name)) for name in frame.columns))
    events = frame.select(
        *(
            sf.col(quote(column)).cast(type_name).alias(name)
            for name, type_name, (column, _) in zip(keys, join.key_types, join.keys, strict=True)
        ),
        sf.col(quote(event)).alias(_TIME),
        label.alias(_LABEL),
    )
    rows = features.select(
        *(sf.col(quote(key)).alias(name) for name, (_, key) in zip(keys, join.keys, strict=True)),
        sf.col(quote(time)).alias(_TIME),
        _row(join).alias(_ROW),
    )
    both = _of_keys(rows, events, keys).unionByName(events, allowMissingColumns=True)
    # At the same moment a feature row comes before the event, which therefore sees it.
    order = Window.partitionBy(*keys).orderBy(_TIME, sf.col(_LABEL).isNotNull())
    so_far = order.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    carried = both.withColumn(_ROW, sf.last(_ROW, ignorenulls=True).over(so_far))
    return carried.where(sf.col(_LABEL).isNotNull()).select(
        f"{_LABEL}.*", sf.when(_usable(join), sf.col(_ROW)).alias(_ROW)
    )


def _of_keys(rows: "DataFrame", events: "DataFrame", keys: list[str]) -> "DataFrame":
    """Feature rows without those whose key has no event, if the events' keys are few.

    What is left out here is neither shuffled nor sorted. Spark's own estimate says whether the
    keys fit into each worker's memory; without one, all rows stay.
    """
    from pyspark.sql import functions as sf

    wanted = events.select(*keys)
    if not hasattr(wanted, "_jdf"):  # a Connect client sees no estimates
        return rows
    size = int(str(wanted._jdf.queryExecution().optimizedPlan().stats().sizeInBytes()))
    if size > _FEW:
        return rows
    return rows.join(sf.broadcast(wanted), on=keys, how="left_semi")


def _row(join: Join) -> "Column":
    """What is needed of a feature row; even if all of it is null, the struct itself is not."""
    from pyspark.sql import functions as sf

    fields = [
        sf.col(quote(output.feature)).alias(f"f{place}")
        for place, output in enumerate(join.outputs)
    ]
    if join.time and join.lookback_us is not None:
        fields.append(sf.col(quote(join.time[1])).alias("time"))
    return sf.struct(*fields)


def _outputs(join: Join) -> "list[Column]":
    from pyspark.sql import functions as sf

    found = sf.col(_ROW).isNotNull()
    return [
        sf.when(found, sf.col(f"{_ROW}.f{place}"))
        .otherwise(sf.lit(output.default).cast(output.type))
        .alias(output.name)
        for place, output in enumerate(join.outputs)
    ]


def _usable(join: Join) -> "Column":
    """Whether the row carried to an event is young enough for it."""
    from pyspark.sql import functions as sf

    if join.lookback_us is None:
        return sf.lit(True)
    event, row = sf.col(_TIME), sf.col(f"{_ROW}.time")
    if join.time_type == "timestamp":
        # Spark subtracts wall clocks, which are an hour off across a change to daylight saving
        # time; these are the microseconds that have passed.
        return sf.unix_micros(event) - sf.unix_micros(row) <= sf.lit(join.lookback_us)
    return event - row <= sf.lit(timedelta(microseconds=join.lookback_us))
