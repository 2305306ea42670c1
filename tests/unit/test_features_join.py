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


@pytest.fixture(
    params=[("UTC", -1, 32), ("Europe/Berlin", 2**70, 32), ("Asia/Kolkata", 2**70, 0)],
    ids=["UTC, many events", "Berlin, few events", "Kolkata, few events and wide rows"],
)
def in_zone(
    request: pytest.FixtureRequest, spark: "SparkSession", monkeypatch: pytest.MonkeyPatch
) -> Iterator["SparkSession"]:
    """Each way in which the join can go, each in a time zone of its own."""
    zone, few, narrow = request.param
    monkeypatch.setattr(join, "_FEW", few)
    monkeypatch.setattr(join, "_NARROW", narrow)
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


def _records_shuffled(frame: "DataFrame") -> list[int]:
    """How many rows each shuffle has written, the last one first, after a run."""
    frame.collect()
    found, nodes = [], [frame._jdf.queryExecution().executedPlan()]
    while nodes:
        node = nodes.pop(0)
        if node.nodeName() == "Exchange":
            found.append(int(node.metrics().apply("shuffleRecordsWritten").value()))
        children = node.children()
        nodes += [children.apply(place) for place in range(children.size())]
    return found


@pytest.fixture
def without_replanning(spark: "SparkSession") -> Iterator["SparkSession"]:
    """Plans stay as they were made, so that they can be walked through."""
    before = spark.conf.get("spark.sql.adaptive.enabled")
    spark.conf.set("spark.sql.adaptive.enabled", "false")
    yield spark
    spark.conf.set("spark.sql.adaptive.enabled", str(before))


def test_rows_are_shuffled_once_or_not_at_all(
    without_replanning: "SparkSession", monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, moments = [("1", 3), ("12", 23), ("123", 3)], range(2000)
    history = [(*key, _START + step * _HALF_HOUR, 1.0) for key in keys for step in moments]
    asked = [(*key, _START + step * _HALF_HOUR, 0) for key in keys for step in (5, 700, 701)]
    features = _frame(without_replanning, history, _FEATURES)
    labels = _frame(without_replanning, asked, _LABELS)
    # Three rows between events and one after them for each key and worker, and the events
    assert max(_records_shuffled(join_features(labels, features, _join()))) < 50
    monkeypatch.setattr(join, "_FEW", -1)
    assert _records_shuffled(join_features(labels, features, _join())) == [6009]


@pytest.mark.parametrize(
    ("events", "few"),
    [
        ("SELECT id at FROM range(1000)", True),
        ("WITH e AS (SELECT id at FROM range(1000)) SELECT * FROM e", True),
        ("SELECT id at FROM range(10000000)", False),
    ],
)
def test_few_events_are_known_before_they_are_read(
    spark: "SparkSession", events: str, few: bool
) -> None:
    assert join._few(spark.sql(events)) == few


@pytest.mark.parametrize("kind", sorted(join._IN_PLACE))
def test_features_of_each_kind_that_is_held_in_place(spark: "SparkSession", kind: str) -> None:
    value = "DATE '2024-05-06'" if kind in ("date", "timestamp", "timestamp_ntz") else "1"
    frame = spark.sql("SELECT 'k' a, 1L b, TIMESTAMP '2024-03-31' at, 0L y")
    features = spark.sql(
        f"SELECT 'k' a, 1L b, TIMESTAMP '2024-03-29' ts, CAST({value} AS {kind}) x"
        " UNION ALL SELECT 'k', 1L, TIMESTAMP '2024-03-28', NULL"
    )
    wanted = replace(_join(), outputs=(Output("x", "x", kind),))
    joined = join_features(frame, features, wanted)
    assert "max_by" in joined._jdf.queryExecution().optimizedPlan().toString()
    expected, found = features.where("x IS NOT NULL").first(), joined.first()
    assert expected is not None
    assert found is not None
    assert found["x"] == expected["x"]
    assert "SortAggregate" not in joined._jdf.queryExecution().executedPlan().toString()


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
