"""Look features up for the rows of a frame: by key, and by key and time."""

from collections.abc import Sequence
from datetime import timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING

from course_utils.features.names import unused
from course_utils.features.repeat import is_repeatable, kept
from course_utils.features.spec import Join
from course_utils.features.values import literal, quote

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_ROW = "__features"  # the features of one row, null where none was found
_TIME = "__time"
_LABEL = "__label"
_FEW = 10 * 2**20  # bytes of events that are sent to every worker, as Spark does with small tables
_NARROW = 32  # features that are held side by side while rows are read
# Spark's hash aggregate keeps these in place; with any other it would sort all rows
_IN_PLACE = {"boolean", "tinyint", "smallint", "int", "bigint", "float", "double"}
_IN_PLACE |= {"date", "timestamp", "timestamp_ntz"}


def join_features(frame: "DataFrame", features: "DataFrame", join: Join) -> "DataFrame":
    """The frame with the outputs of one lookup added, one row for each of its rows.

    By key alone, that is a left join. With a time, it is the latest row of the same key that is
    not later than the event, and not older than the lookback; a row that is found counts with
    its nulls. Where there is none, the default stands, or null. A null in a key or in the event's
    time finds nothing.

    `features` must have at most one row for each key (and time).
    """
    return join_all(frame, [(features, join)])


def join_all(frame: "DataFrame", lookups: "Sequence[tuple[DataFrame, Join]]") -> "DataFrame":
    """The frame with the outputs of several lookups added, each as `join_features` does it.

    Keys and event times are columns of `frame` itself, not features of an earlier lookup. Where
    they are few they are looked at ahead, so that `frame` is computed more than once: unless it is
    sure to have the same rows each time, its rows are kept first, which runs a job.
    """
    events = None
    timed = [join for _, join in lookups if join.time]
    if is_repeatable(frame):
        events = frame
    elif any(_few(_moments(frame, join)) for join in timed):
        events = frame = kept(frame)
    for features, join in lookups:
        if join.time:
            frame = _latest(frame, features, join, events)
        else:
            frame = _by_key(frame, features, join)
    return frame


def _by_key(frame: "DataFrame", features: "DataFrame", join: Join) -> "DataFrame":
    from pyspark.sql import functions as sf

    # Names of no column of the frame, which stands beside them
    start = unused("__", frame.columns)
    keys = [start + name for name in _key_names(join)]
    found = start + _ROW
    right = features.select(
        *(sf.col(quote(key)).alias(name) for name, (_, key) in zip(keys, join.keys, strict=True)),
        # Even if all of them are null, the struct itself is not
        sf.struct(*(column.alias(name) for name, column in _fields(join).items())).alias(found),
    )
    pairs = [key == sf.col(name) for name, key in zip(keys, _keys(join), strict=True)]
    joined = frame.join(right, on=pairs, how="left")
    return joined.select(*map(quote, frame.columns), *_outputs(join, sf.col(found)))


def _latest(
    frame: "DataFrame", features: "DataFrame", join: Join, ahead: "DataFrame | None"
) -> "DataFrame":
    """Both sides in one frame, each key's rows in the order of time, the last features carried on.

    One shuffle, by the key's columns themselves: the work does not grow with the number of rows
    that a key has, and no two keys are ever taken for one. Where the events are few, feature rows
    that none of them can need stay where they were read; `ahead` has the same events as `frame`
    and may be computed for that.
    """
    from pyspark.sql import Window
    from pyspark.sql import functions as sf

    assert join.time
    time = join.time[1]
    keys = _key_names(join)
    label = sf.struct(*(sf.col(quote(name)) for name in frame.columns))
    events = _moments(frame, join, label.alias(_LABEL))
    fields = _fields(join)
    rows = features.select(
        *(sf.col(quote(key)).alias(name) for name, (_, key) in zip(keys, join.keys, strict=True)),
        sf.col(quote(time)).alias(_TIME),
        *(column.alias(name) for name, column in fields.items()),
    )
    moments = None if ahead is None else _moments(ahead, join)
    if moments is not None and _few(moments):
        in_place = all(output.type in _IN_PLACE for output in join.outputs)
        if in_place and len(fields) <= _NARROW and _can_search():
            rows = _last_before(rows, moments, keys, list(fields))
        else:
            rows = rows.join(sf.broadcast(moments.select(*keys)), on=keys, how="left_semi")
    rows = rows.select(
        *keys, _TIME, sf.when(sf.col(_TIME).isNotNull(), sf.struct(*fields)).alias(_ROW)
    )
    both = rows.unionByName(events, allowMissingColumns=True)
    # At the same moment a feature row comes before the event, which therefore sees it.
    order = Window.partitionBy(*keys).orderBy(_TIME, sf.col(_LABEL).isNotNull())
    so_far = order.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    carried = both.withColumn(_ROW, sf.last(_ROW, ignorenulls=True).over(so_far))
    row = sf.when(_usable(join), sf.col(_ROW))
    return carried.where(sf.col(_LABEL).isNotNull()).select(f"{_LABEL}.*", *_outputs(join, row))


def _moments(frame: "DataFrame", join: Join, *others: "Column") -> "DataFrame":
    """The keys and times of events, named as the table's are in the join."""
    from pyspark.sql import functions as sf

    assert join.time
    keys = (key.alias(name) for name, key in zip(_key_names(join), _keys(join), strict=True))
    return frame.select(*keys, sf.col(quote(join.time[0])).alias(_TIME), *others)


def _keys(join: Join) -> "list[Column]":
    """Keys of a frame's rows. A NaN finds nothing, as a null does: no table has it as a key."""
    from pyspark.sql import functions as sf

    columns = [sf.col(quote(column)) for column, _ in join.keys]
    return [
        sf.nanvl(column, sf.lit(None)) if kind in ("float", "double") else column
        for column, kind in zip(columns, join.key_types, strict=True)
    ]


def _key_names(join: Join) -> list[str]:
    return [f"__key{place}" for place in range(len(join.keys))]


def _few(moments: "DataFrame") -> bool:
    """Whether keys and times of the events fit into each worker's memory, as Spark estimates."""
    if not hasattr(moments, "_jdf"):  # a Connect client sees no estimates
        return False
    query = moments._jdf.queryExecution()
    # Optimizing makes Delta list its files: worth it only where the first estimate is too large
    plans = (query.withCachedData, query.optimizedPlan)
    return any(int(str(plan().stats().sizeInBytes())) <= _FEW for plan in plans)


def _can_search() -> bool:
    """Whether this PySpark has the search that `_last_before` is made of: since 4.0."""
    return find_spec("pyspark.sql.internal") is not None


def _last_before(
    rows: "DataFrame", moments: "DataFrame", keys: list[str], fields: list[str]
) -> "DataFrame":
    """The last feature row between each event and the one before, with the event's time as its own.

    Any other row is followed by a later one before the next event, so that no event can need it.
    The last row after all events of a key has no time. Each worker reduces the rows that it reads,
    so hardly more of them are shuffled than there are events.
    """
    from pyspark.sql import functions as sf
    from pyspark.sql.internal import InternalFunction  # of PySpark's own plots; in no public module

    times = moments.where(sf.col(_TIME).isNotNull()).groupBy(*keys)
    events = times.agg(sf.array_sort(sf.collect_set(_TIME)).alias("times"))
    place = InternalFunction.array_binary_search(sf.col("times"), sf.col(_TIME))
    placed = rows.join(sf.broadcast(events), on=keys).withColumn("place", place)
    # Where a time is not among the events', its place is -1 minus that of the next event
    event = sf.get("times", sf.greatest("place", -1 - sf.col("place")))
    last = placed.withColumn("event", event).groupBy(*keys, "event")
    found = last.agg(*(sf.max_by(name, _TIME).alias(name) for name in fields))
    return found.withColumnRenamed("event", _TIME)


def _fields(join: Join) -> "dict[str, Column]":
    """What is needed of a feature row."""
    from pyspark.sql import functions as sf

    fields = {
        f"f{place}": sf.col(quote(output.feature)) for place, output in enumerate(join.outputs)
    }
    if join.time and join.lookback_us is not None:
        fields["time"] = sf.col(quote(join.time[1]))
    return fields


def _outputs(join: Join, row: "Column") -> "list[Column]":
    from pyspark.sql import functions as sf

    return [
        sf.when(row.isNotNull(), row[f"f{place}"])
        .otherwise(literal(output.default, output.type))
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
