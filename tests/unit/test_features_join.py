"""The point-in-time join against a brute-force search, on frames that hypothesis makes up."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.features import join
from course_utils.features.join import join_features
from course_utils.features.spec import Join, Output

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

pytestmark = pytest.mark.spark

# The night on which Berlin's clocks go back: 02:00 to 03:00 comes twice.
_START = datetime(2024, 10, 26, 22, tzinfo=UTC)
_HALF_HOUR = timedelta(minutes=30)
_FEATURES = pa.schema(
    {"a": pa.string(), "b": pa.int64(), "ts": pa.timestamp("us", "UTC"), "x": pa.float64()}
)
_LABELS = pa.schema(
    {"a": pa.string(), "b": pa.int64(), "at": pa.timestamp("us", "UTC"), "y": pa.int64()}
)

# Few values, so that keys meet, moments are the same and rows come twice.
_parts = st.tuples(st.sampled_from(["", "1", "12"]), st.sampled_from([3, 23, 123]))
_moments = st.integers(0, 11).map(lambda step: _START + step * _HALF_HOUR)
_features = st.dictionaries(
    st.tuples(_parts, _moments), st.none() | st.sampled_from([1.0, 2.0, 3.0]), max_size=40
).map(lambda rows: [(*key, ts, x) for (key, ts), x in rows.items()])
_nullable = st.tuples(st.none() | st.sampled_from(["", "1", "12"]), st.sampled_from([3, 23, None]))
_labels = st.lists(
    st.tuples(_parts | _nullable, st.none() | _moments, st.sampled_from([0, 1])), max_size=40
).map(lambda rows: [(*key, at, y) for key, at, y in rows])
_windows = st.none() | st.integers(0, 8).map(lambda steps: steps * _HALF_HOUR)
_defaults = st.sampled_from([None, -1.0])


def _join(window: timedelta | None = None, default: float | None = None) -> Join:
    return Join(
        table="features",
        version=0,
        keys=(("a", "a"), ("b", "b")),
        key_types=("string", "bigint"),
        time=("at", "ts"),
        time_type="timestamp",
        lookback_us=None if window is None else window // timedelta(microseconds=1),
        outputs=(Output("x", "x", "double", default),),
    )


def _frame(spark: "SparkSession", rows: list[tuple[Any, ...]], schema: pa.Schema) -> "DataFrame":
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    return spark.createDataFrame(
        pa.table(
            [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)],
            schema,
        )
    )


def _search(
    labels: list[tuple[Any, ...]],
    features: list[tuple[Any, ...]],
    window: timedelta | None,
    default: float | None,
) -> Counter[tuple[Any, ...]]:
    """The rules of the join, word for word, by looking at every pair of rows."""
    found: Counter[tuple[Any, ...]] = Counter()
    for a, b, at, y in labels:
        rows = [
            (ts, x)
            for fa, fb, ts, x in features
            if a == fa and b == fb and at is not None and ts <= at
            if window is None or at - ts <= window
        ]
        x = max(rows, key=lambda row: row[0])[1] if rows else default
        found[(a, b, at, y, x)] += 1
    return found


def _rows(frame: "DataFrame") -> Counter[tuple[Any, ...]]:
    table = frame.toArrow()
    table = table.set_column(2, "at", table["at"].cast(pa.timestamp("us", "UTC")))
    found = [tuple(row.values()) for row in table.to_pylist()]
    return Counter((a, b, at and at.astimezone(UTC), y, x) for a, b, at, y, x in found)


@pytest.fixture(params=[("UTC", -1), ("Europe/Berlin", 2**70)], ids=["UTC", "Berlin"])
def in_zone(
    request: pytest.FixtureRequest, spark: "SparkSession", monkeypatch: pytest.MonkeyPatch
) -> Iterator["SparkSession"]:
    """Two time zones; in the one the join never sends keys around first, in the other always."""
    zone, few = request.param
    monkeypatch.setattr(join, "_FEW", few)
    before = spark.conf.get("spark.sql.session.timeZone")
    spark.conf.set("spark.sql.session.timeZone", zone)
    yield spark
    spark.conf.set("spark.sql.session.timeZone", str(before))


@pytest.mark.slow
def test_join_finds_what_a_search_of_all_pairs_finds(in_zone: "SparkSession") -> None:
    @settings(derandomize=True, max_examples=15, deadline=None, database=None)
    @given(_labels, _features, _windows, _defaults)
    def check(
        labels: list[tuple[Any, ...]],
        features: list[tuple[Any, ...]],
        window: timedelta | None,
        default: float | None,
    ) -> None:
        joined = join_features(
            _frame(in_zone, labels, _LABELS),
            _frame(in_zone, features, _FEATURES),
            _join(window, default),
        )
        assert _rows(joined) == _search(labels, features, window, default)

    check()


def test_keys_that_read_the_same_side_by_side_are_two_keys(spark: "SparkSession") -> None:
    # Put together as text, (1, 23) and (12, 3) are both "123".
    labels = [("1", 23, _START, 0), ("12", 3, _START, 1)]
    features = [("1", 23, _START, 111.0), ("12", 3, _START, 999.0)]
    joined = join_features(
        _frame(spark, labels, _LABELS), _frame(spark, features, _FEATURES), _join()
    )
    assert _rows(joined) == Counter(
        {("1", 23, _START, 0, 111.0): 1, ("12", 3, _START, 1, 999.0): 1}
    )


def test_a_lookback_is_time_that_passed_not_a_difference_of_clocks(in_zone: "SparkSession") -> None:
    # 00:30 and 01:30 UTC are both 02:30 on Berlin's clocks.
    row = datetime(2024, 10, 27, 0, 30, tzinfo=UTC)
    event = row + timedelta(hours=1)
    labels, features = [("1", 3, event, 0)], [("1", 3, row, 5.0)]
    for window, value in [(59, None), (60, 5.0)]:
        joined = join_features(
            _frame(in_zone, labels, _LABELS),
            _frame(in_zone, features, _FEATURES),
            _join(timedelta(minutes=window)),
        )
        assert _rows(joined) == Counter([("1", 3, event, 0, value)])


@pytest.mark.parametrize("kind", ["timestamp_ntz", "date"])
def test_lookback_on_other_kinds_of_time(spark: "SparkSession", kind: str) -> None:
    frame = spark.sql(f"SELECT 'k' a, 1L b, CAST('2024-03-31' AS {kind}) at, 0L y")
    features = spark.sql(f"SELECT 'k' a, 1L b, CAST('2024-03-29' AS {kind}) ts, 4D x")
    for days, value in [(1, None), (2, 4.0)]:
        wanted = replace(_join(timedelta(days=days)), time_type=kind)
        row = join_features(frame, features, wanted).first()
        assert row is not None
        assert row["x"] == value


def test_rows_are_shuffled_once(spark: "SparkSession") -> None:
    labels = _frame(spark, [("1", 3, _START, 0)], _LABELS)
    features = _frame(spark, [("1", 3, _START, 1.0)], _FEATURES)
    plan = join_features(labels, features, _join())._jdf.queryExecution().executedPlan().toString()
    assert plan.count("Exchange ") - plan.count("BroadcastExchange ") == 1
    assert plan.count("Exchange hashpartitioning") == 1


def test_names_with_dots_and_quotes(spark: "SparkSession") -> None:
    labels = spark.sql("SELECT 1 `k.1`, TIMESTAMP '2024-01-02' `at `, 2 `y``y`")
    features = spark.sql("SELECT 1 `k.k`, TIMESTAMP '2024-01-01' `t.s`, 3D `x.x`")
    wanted = Join(
        "t", 0, (("k.1", "k.k"),), ("int",), ("at ", "t.s"), "timestamp", None,
        (Output("x.x", "x.y", "double"),),
    )  # fmt: skip
    row = join_features(labels, features, wanted).first()
    assert row is not None
    assert row.asDict()["x.y"] == 3.0
