"""Frames with chance in them: whatever rows such a frame gives, each gets its own features."""

import random
from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from pyspark.sql import functions as sf

from course_utils.features import FeatureEngineeringClient, FeatureLookup, join
from course_utils.features.repeat import is_repeatable
from tests.unit.mlflow_stores import mlflow_at, sqlite_in
from tests.unit.spark_jobs import counting_jobs

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

pytestmark = pytest.mark.spark

_START = datetime(2024, 1, 1)
_KEYS, _HOURS = 300, 24
_AT = f"TIMESTAMP '{_START}' + make_interval(0, 0, 0, 0, cast(id * 7 % {_HOURS} AS int)) at"
# Each key has rows at some hours only, so that most events are between two of them
_HISTORY = [
    (key, _START + timedelta(hours=hour), 100.0 * key + hour)
    for key in range(_KEYS)
    for hour in range(_HOURS)
    if hour == 0 or random.Random(key * _HOURS + hour).random() < 0.4
]
_TIMES = {key: [ts for k, ts, _ in _HISTORY if k == key] for key in range(_KEYS)}
_VALUES = {key: [x for k, _, x in _HISTORY if k == key] for key in range(_KEYS)}


def _chance(rows: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    for frame in rows:
        yield frame.sample(frac=0.1)


def _from_rdd(base: "DataFrame") -> "DataFrame":
    rows = base.rdd.filter(lambda row: random.random() < 0.1)
    return base.sparkSession.createDataFrame(rows, base.schema)


def _unpersisted_later(base: "DataFrame") -> "DataFrame":
    return base.limit(100).persist()


def _sql(query: str) -> "Callable[[DataFrame], DataFrame]":
    return lambda base: base.sparkSession.sql(query, base=base)


_BY_CHANCE: "dict[str, Callable[[DataFrame], DataFrame]]" = {
    "sample": lambda base: base.sample(0.05),
    "sample with seed": lambda base: base.sample(0.05, seed=1),
    "sampleBy": lambda base: base.sampleBy(sf.col("half"), {0: 0.05, 1: 0.01}, seed=1),
    "randomSplit": lambda base: base.randomSplit([0.1, 0.9], seed=1)[0],
    "limit": lambda base: base.limit(100),
    "offset": lambda base: base.offset(5900),
    "limit of groups": lambda base: base.groupBy("k", "at").agg(sf.max("y").alias("y")).limit(100),
    "orderBy(rand).limit": lambda base: base.orderBy(sf.rand()).limit(100),
    "orderBy with ties, limit": lambda base: base.orderBy("half").limit(100),
    "dropDuplicates": lambda base: base.dropDuplicates(["k"]),
    "row_number with ties": _sql(
        "SELECT k, at, y FROM {base} QUALIFY row_number() OVER (PARTITION BY k ORDER BY half) = 1"
    ),
    "first": lambda base: base.groupBy("k").agg(*(sf.first(c).alias(c) for c in ("at", "y"))),
    "any_value": _sql("SELECT k, any_value(at) at, any_value(y) y FROM {base} GROUP BY k"),
    "max_by with ties": lambda base: base.groupBy("k").agg(
        sf.max_by("at", "half").alias("at"), sf.max("y").alias("y")
    ),
    "rand in a filter": lambda base: base.where(sf.rand() < 0.05),
    "rand in a column": lambda base: base.withColumn("k", (sf.rand() * _KEYS).cast("int")),
    "union": lambda base: base.where("k < 3").unionByName(base.limit(50)),
    "join with a limit": lambda base: base.join(base.select("k").distinct().limit(9), "k"),
    "IN (... LIMIT)": _sql("SELECT * FROM {base} WHERE y IN (SELECT y FROM {base} LIMIT 100)"),
    "CTE": _sql("WITH e AS (SELECT * FROM {base} LIMIT 100) SELECT * FROM e WHERE k >= 0"),
    "TABLESAMPLE": _sql("SELECT * FROM {base} TABLESAMPLE (5 PERCENT)"),
    "cached": _unpersisted_later,
    "Python UDF": lambda base: base.withColumn(
        "k", sf.udf(lambda k: (k + random.randrange(_KEYS)) % _KEYS, "int")("k")
    ),
    "mapInPandas": lambda base: base.mapInPandas(_chance, base.schema),
    "RDD": _from_rdd,
}  # fmt: skip


@pytest.fixture(scope="module")
def client(spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A store with one time series, `history`, and one table by key alone, `names`."""
    found = FeatureEngineeringClient(spark, tmp_path_factory.mktemp("store"))
    history = spark.createDataFrame(pd.DataFrame(_HISTORY, columns=["k", "ts", "x"])).selectExpr(
        "cast(k AS int) k", "ts", "x", "x other"
    )
    found.create_table("history", ["k", "ts"], history, timeseries_columns="ts")
    names = spark.range(_KEYS).selectExpr("cast(id AS int) k", "concat('n', id) name")
    found.create_table("names", "k", names)
    return found


@pytest.fixture(scope="module")
def base(spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory) -> "DataFrame":
    """Six thousand events after a shuffle that puts their rows wherever it likes."""
    folder = str(tmp_path_factory.mktemp("base") / "events")
    spark.range(6000).selectExpr(
        f"cast(id % {_KEYS} AS int) k", _AT, "id y", "cast(id % 2 AS int) half"
    ).write.parquet(folder)
    return spark.read.parquet(folder).repartition(4)


@pytest.fixture(params=[(2**70, 32), (2**70, 0), (-1, 32)], ids=["few", "few and wide", "many"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each way in which the join can go."""
    few, narrow = request.param
    monkeypatch.setattr(join, "_FEW", few)
    monkeypatch.setattr(join, "_NARROW", narrow)


@pytest.fixture(autouse=True)
def many_partitions(spark: "SparkSession") -> Iterator[None]:
    before = spark.conf.get("spark.sql.shuffle.partitions")
    spark.conf.set("spark.sql.shuffle.partitions", "3")
    yield
    spark.conf.set("spark.sql.shuffle.partitions", str(before))


def _expected(key: int, at: datetime) -> float:
    return _VALUES[key][bisect_right(_TIMES[key], at) - 1]


def _wrong(rows: list[Any]) -> list[Any]:
    return [row for row in rows if (row.x, row.name) != (_expected(row.k, row.at), f"n{row.k}")]


_LOOKUPS = [
    FeatureLookup("history", "k", "x", timestamp_lookup_key="at"),
    FeatureLookup("names", "k"),
    FeatureLookup("history", "k", "other", timestamp_lookup_key="at"),
]


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("name", _BY_CHANCE)
def test_rows_by_chance_get_their_own_features(
    client: FeatureEngineeringClient, base: "DataFrame", name: str
) -> None:
    labels = _BY_CHANCE[name](base)
    frame = client.create_training_set(labels, _LOOKUPS, label="y").load_df()
    labels.unpersist()
    rows = frame.collect()
    assert rows
    assert _wrong(rows) == []
    assert [row for row in rows if row.x != row.other] == []


_SURE: "dict[str, Callable[[DataFrame], DataFrame]]" = {
    "files": lambda base: base,
    "columns and filters": lambda base: base.where("k < 9").withColumn("z", sf.col("y") + 1),
    "distinct": lambda base: base.distinct().orderBy("y"),
    "groups": lambda base: base.groupBy("k", "at").agg(sf.max("y").alias("y"), sf.count("*")),
    "join and union": lambda base: base.join(base.select("k").distinct(), "k").unionByName(base),
    "explode": lambda base: base.withColumn("z", sf.explode(sf.array("k", "y"))),
    "subquery": _sql("WITH e AS (SELECT * FROM {base}) SELECT * FROM e WHERE y > "
                     "(SELECT min(y) FROM {base})"),
    "pandas": lambda base: base.sparkSession.createDataFrame(
        pd.DataFrame([(1, _START, 0)], columns=["k", "at", "y"])
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", _SURE)
def test_a_frame_that_is_sure_to_be_the_same_runs_no_job(
    client: FeatureEngineeringClient, base: "DataFrame", name: str
) -> None:
    labels = _SURE[name](base)
    assert is_repeatable(labels)

    def make() -> "DataFrame":
        return client.create_training_set(labels, _LOOKUPS, label="y").load_df()

    make()  # a session's first look at a table loads the table's log
    with counting_jobs(labels.sparkSession) as making:
        frame = make()
    assert making == [0]
    rows = frame.collect()
    assert rows
    assert _wrong(rows) == []


@pytest.mark.parametrize("name", _BY_CHANCE)
def test_a_frame_of_chance_is_not_taken_for_sure(base: "DataFrame", name: str) -> None:
    assert not is_repeatable(_BY_CHANCE[name](base))


@pytest.mark.parametrize(
    "doubtful",
    [
        "SELECT k, avg(y) y FROM {base} GROUP BY k",  # floats are summed in any order
        "SELECT * FROM {base} WHERE at < current_timestamp()",  # more tomorrow
        "SELECT DISTINCT CAST(k AS STRING) COLLATE UTF8_LCASE k FROM {base}",
        "SELECT *, monotonically_increasing_id() id FROM {base}",
        "SELECT * FROM {base} WHERE k = (SELECT k FROM {base} LIMIT 1)",
    ],
)
def test_what_is_deterministic_only_by_name(base: "DataFrame", doubtful: str) -> None:
    assert not is_repeatable(_sql(doubtful)(base))


def test_a_training_set_keeps_the_rows_that_chance_gave(
    client: FeatureEngineeringClient, base: "DataFrame"
) -> None:
    training = client.create_training_set(base.sample(0.05), _LOOKUPS, label="y")
    rows = sorted(training.load_df().collect())
    with counting_jobs(base.sparkSession) as again:
        second = training.load_df()
    assert again == [0]
    assert rows == sorted(second.collect()) == sorted(second.collect())


def test_writing_leaves_a_users_cached_rows_alone(
    client: FeatureEngineeringClient, base: "DataFrame"
) -> None:
    mine = base.dropDuplicates(["k"]).persist()
    rows = sorted(mine.collect())
    client.create_table("mine", "k", mine)
    client.write_table("mine", mine)
    assert mine.is_cached
    assert mine.storageLevel.useMemory
    assert sorted(mine.collect()) == sorted(client.read_table("mine").collect()) == rows
    mine.unpersist()


def test_what_was_checked_is_what_is_written(
    client: FeatureEngineeringClient, base: "DataFrame"
) -> None:
    # Other rows each time, of which each time none has its key twice
    for _ in range(3):
        client.create_table("some", "k", base.sample(0.5).dropDuplicates(["k"]))
        rows = client.read_table("some").collect()
        assert len(rows) == len({row.k for row in rows}) > 250
        client.drop_table("some")


@pytest.mark.slow
@pytest.mark.usefixtures("way")
def test_predictions_are_those_of_the_rows_that_chance_gave(
    client: FeatureEngineeringClient,
    base: "DataFrame",
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import mlflow.sklearn
    from sklearn.linear_model import LinearRegression

    monkeypatch.chdir(tmp_path)
    with mlflow_at(sqlite_in(tmp_path)):
        mlflow.set_experiment("chance")
        training = client.create_training_set(
            base.where("y < 100"), _LOOKUPS[:1], label="y", exclude_columns=["k", "at", "half"]
        )
        numbers = training.load_df().toPandas()[["x"]]
        model = LinearRegression().fit(numbers, numbers["x"])
        info = client.log_model(model, "same", flavor=mlflow.sklearn, training_set=training,
                                serialization_format="cloudpickle")  # fmt: skip
        scored = client.score_batch(info.model_uri, base.groupBy("k", "at").agg(
            sf.max("y").alias("y"), sf.first("half").alias("half")).limit(200))  # fmt: skip
        rows = scored.collect()
    assert len(rows) == 200
    expected = [_expected(row.k, row.at) for row in rows]
    assert [row.prediction for row in rows] == pytest.approx(expected, abs=1e-3)
