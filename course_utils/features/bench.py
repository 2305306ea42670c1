"""Side by side with Feast, in one process on the same frames: joins in time, online lookups.

Runs where Feast is installed (`./course bench features` sees to that) and prints Markdown.
"""

import itertools
import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
import urllib.request
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from course_utils.features import FeatureEngineeringClient, FeatureLookup

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import DataFrame, SparkSession

DEPTHS = (10, 100, 1000)  # rows of history for each key
SIZES = ((1_000_000, 20_000), (4_000_000, 80_000))  # rows of history and labels
WARMING = 8  # runs of each way before the first table: Java compiles what has run often
SHAPES = ((10_000, 10), (1_000, 250))  # keys and features of the online tables
CALLS = {1: 2_000, 50: 200}  # keys in a request → how many requests
FEATURES = ("f1", "f2", "f3")


@dataclass
class Runs:
    """What one way of joining took, run by run."""

    seconds: list[float]
    shuffled: list[int]  # bytes written to shuffles

    def cell(self) -> str:
        """Median and range, in seconds."""
        low, high = min(self.seconds), max(self.seconds)
        return f"{statistics.median(self.seconds):.2f} ({low:.2f}–{high:.2f})"


def join_table(spark: "SparkSession", folder: Path, rounds: int) -> str:
    """The table of the joins: medians of `rounds` runs each, in turn, after two not counted."""
    _in_turn(spark, _joins(spark, folder / "first", *SIZES[0], DEPTHS[0]), WARMING)
    lines = [
        "| rows | rows per key | Feast, s | this store, s | times as fast | Feast shuffles, MB "
        "| this store shuffles, MB | pandas, s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (rows, labels), depth in itertools.product(SIZES, DEPTHS):
        ways = _joins(spark, folder / f"{rows}_{depth}", rows, labels, depth)
        _assert_equal(labels, *(way() for way in ways))
        _in_turn(spark, ways, 1)
        theirs, own, local = _in_turn(spark, ways, rounds)
        ratio = statistics.median(theirs.seconds) / statistics.median(own.seconds)
        megabytes = [statistics.median(way.shuffled) / 1e6 for way in (theirs, own)]
        lines.append(
            f"| {rows:,} | {depth} | {theirs.cell()} | {own.cell()} | {ratio:.1f} "
            f"| {megabytes[0]:.1f} | {megabytes[1]:.1f} | {local.cell()} |"
        )
    return "\n".join(lines)


def _joins(
    spark: "SparkSession", folder: Path, rows: int, label_rows: int, depth: int
) -> "list[Callable[[], DataFrame | pd.DataFrame]]":
    """Feast's join, ours and that of pandas over one Delta table and one frame of labels."""
    keys = rows // depth
    client = FeatureEngineeringClient(spark, folder / "store")
    history = spark.range(rows).selectExpr(
        f"id % {keys} AS k",
        # One row an hour and key, at a moment within it that depends on the row
        f"timestamp_seconds(1600000000 + id div {keys} * 3600 + pmod(xxhash64(id), 3600)) AS ts",
        "rand(1) AS f1",
        "IF(id % 10 = 0, NULL, rand(2)) AS f2",
        "CAST(rand(3) * 100 AS INT) AS f3",
    )
    client.create_table("history", ["k", "ts"], history, timeseries_columns="ts")
    spark.range(label_rows).selectExpr(
        "id AS label_id",
        f"pmod(xxhash64(id, 7), {keys}) AS k",
        f"timestamp_seconds(1600000000 + pmod(xxhash64(id, 8), {depth} * 3600)) AS event_timestamp",
    ).write.format("delta").save(str(folder / "labels"))
    labels = spark.read.format("delta").load(str(folder / "labels"))
    view = f"history_{rows}_{depth}"
    client.read_table("history").createOrReplaceTempView(view)
    store = _feast(folder, view, FEATURES)
    names = ["label_id", *FEATURES]
    tables = client.read_table("history"), labels
    files = [[unquote(urlsplit(url).path) for url in table.inputFiles()] for table in tables]

    def feast() -> "DataFrame":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            wanted = [f"history:{name}" for name in FEATURES]
            job = store.get_historical_features(entity_df=labels, features=wanted)
            return job.to_spark_df().select(*names)

    def ours() -> "DataFrame":
        lookup = FeatureLookup("history", "k", timestamp_lookup_key="event_timestamp")
        return client.create_training_set(labels, [lookup], label=None).load_df().select(*names)

    def local() -> "pd.DataFrame":
        import pandas as pd
        from pyarrow.dataset import dataset

        past, asked = (dataset(part).to_table().to_pandas() for part in files)
        return pd.merge_asof(
            asked.sort_values("event_timestamp"),
            past.sort_values("ts"),
            left_on="event_timestamp",
            right_on="ts",
            by="k",
        )[names]

    return [feast, ours, local]


def _feast(folder: Path, view: str, features: tuple[str, ...], offline: str = "spark") -> Any:
    """A Feast repository with one feature view over a view of the session (or a file)."""
    from feast import Entity, FeatureStore, FeatureView, Field, FileSource, RepoConfig, ValueType
    from feast.infra.offline_stores.contrib.spark_offline_store.spark_source import SparkSource
    from feast.types import Float64, Int32

    store = FeatureStore(
        config=RepoConfig(
            project="bench",
            provider="local",
            registry=str(folder / "feast_registry.db"),
            offline_store={"type": offline},
            online_store={"type": "sqlite", "path": str(folder / "feast_online.db")},
            entity_key_serialization_version=3,
        )
    )
    source = (
        SparkSource(name="history", table=view, timestamp_field="ts")
        if offline == "spark"
        else FileSource(name="history", path=view, timestamp_field="ts")
    )
    entity = Entity(name="k", join_keys=["k"], value_type=ValueType.INT64)
    types = {"f3": Int32} if offline == "spark" else {}
    fields = [Field(name=name, dtype=types.get(name, Float64)) for name in features]
    table = FeatureView(
        name="history", entities=[entity], ttl=timedelta(0), schema=fields, source=source
    )
    store.apply([entity, table])
    return store


def _in_turn(
    spark: "SparkSession", ways: "list[Callable[[], DataFrame | pd.DataFrame]]", rounds: int
) -> list[Runs]:
    runs = [Runs([], []) for _ in ways]
    for _ in range(rounds):
        for way, own in zip(ways, runs, strict=True):
            _measure(spark, way, own)
    return runs


def _assert_equal(rows: int, *frames: "DataFrame | pd.DataFrame") -> None:
    """Every row and value the same: nothing is timed that is not right."""
    import pandas as pd
    from pandas.testing import assert_frame_equal

    found = []
    for frame in frames:
        local = frame if isinstance(frame, pd.DataFrame) else frame.toPandas()
        if len(local) != rows:
            raise AssertionError(f"{rows} labels went in, {len(local)} rows came out")
        found.append(local.sort_values("label_id").reset_index(drop=True).astype("float64"))
    for other in found[1:]:
        assert_frame_equal(found[0], other, rtol=0, atol=0)


def _measure(
    spark: "SparkSession", way: "Callable[[], DataFrame | pd.DataFrame]", runs: Runs
) -> None:
    """From the call to the last row."""
    import pandas as pd

    before = _shuffled(spark)
    start = time.perf_counter()
    frame = way()
    if not isinstance(frame, pd.DataFrame):
        frame.write.format("noop").mode("overwrite").save()
    runs.seconds.append(time.perf_counter() - start)
    runs.shuffled.append(_shuffled(spark) - before)


def _shuffled(spark: "SparkSession") -> int:
    """Bytes that all stages so far have written to shuffles, as Spark counts them."""
    context = spark.sparkContext
    url = f"{context.uiWebUrl}/api/v1/applications/{context.applicationId}/stages"
    time.sleep(0.3)  # what a job tells of itself arrives a little after its end
    with urllib.request.urlopen(url, timeout=30) as answer:
        return sum(stage["shuffleWriteBytes"] for stage in json.load(answer))


def online_table(spark: "SparkSession", folder: Path) -> str:
    """The table of the online lookups: milliseconds for one request, SQLite in both."""
    lines = [
        "| features | keys in a request (requests) | Feast p50 / p99, ms "
        "| this store p50 / p99, ms | p50: times as fast |",
        "|---|---|---|---|---|",
    ]
    for keys, width in SHAPES:
        feast, ours = _lookups(spark, folder / f"online{width}", keys, width)
        for asked, calls in CALLS.items():
            ways: dict[str, list[float]] = {"feast": [], "ours": []}
            chance = random.Random(7)
            for _ in range(calls):
                sample = chance.sample(range(keys), asked)
                answers = []
                for name, look_up in (("feast", feast), ("ours", ours)):
                    start = time.perf_counter()
                    answers.append(look_up(sample))
                    ways[name].append((time.perf_counter() - start) * 1e3)
                if answers[0] != answers[1]:
                    raise AssertionError(f"online features differ for keys {sample}")
            cells = [f"{_at(way, 50):.2f} / {_at(way, 99):.2f}" for way in ways.values()]
            ratio = _at(ways["feast"], 50) / _at(ways["ours"], 50)
            lines.append(f"| {width} | {asked} ({calls}) | {cells[0]} | {cells[1]} | {ratio:.1f} |")
    return "\n".join(lines)


def _lookups(
    spark: "SparkSession", folder: Path, keys: int, width: int
) -> tuple[Callable[[list[int]], Any], Callable[[list[int]], Any]]:
    """Feast's lookup and ours of the same rows; both give one list of values for each key."""
    names = tuple(f"f{place}" for place in range(width))
    columns = [f"rand({place}) AS {name}" for place, name in enumerate(names)]
    frame = spark.range(keys).selectExpr("id AS k", "TIMESTAMP '2024-01-01' AS ts", *columns)
    client = FeatureEngineeringClient(spark, folder / "store")
    client.create_table("history", ["k", "ts"], frame, timeseries_columns="ts")
    client.publish_table("history")
    local = client.read_table("history").toPandas()
    local.to_parquet(folder / "history.parquet")
    store = _feast(folder, str(folder / "history.parquet"), names, offline="dask")
    store.write_to_online_store("history", local)
    wanted = [f"history:{name}" for name in names]

    def feast(sample: list[int]) -> Any:
        rows = [{"k": key} for key in sample]
        found = store.get_online_features(features=wanted, entity_rows=rows).to_dict()
        return [[found[name][place] for name in names] for place in range(len(sample))]

    def ours(sample: list[int]) -> Any:
        found = client.lookup_online("history", [{"k": key} for key in sample])
        return [row and [row[name] for name in names] for row in found]

    return feast, ours


def _at(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def machine() -> str:
    """What the figures were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    names = ("pyspark", "delta-spark", "feast")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB; Python {platform.python_version()}, {versions}"
    )


def main(rounds: int) -> None:
    """Measure, and print each table after a line that names it."""
    from course_utils import get_spark

    os.environ["COURSE_POOL"] = ""  # a JVM of its own, not one that a notebook waits for
    os.environ.setdefault("FEAST_USAGE", "False")
    with tempfile.TemporaryDirectory() as temporary:
        spark = get_spark("bench_features")
        about = f"{machine()}. n = {rounds} runs each in turn, after two that are not counted."
        joins = join_table(spark, Path(temporary), rounds)
        online = online_table(spark, Path(temporary))
        spark.stop()
    print(json.dumps({"join": f"{about}\n\n{joins}", "online": f"{machine()}.\n\n{online}"}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
