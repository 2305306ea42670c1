"""Defaults, lookbacks, versions and moments of every type, and stores in any folder."""

import decimal
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from course_utils.features import FeatureEngineeringClient, FeatureLookup
from tests.unit.feature_stores import client, features_of, refused

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["client"]
pytestmark = pytest.mark.spark


@pytest.mark.parametrize(
    "name", ["a b", "a (x)", "[2026] ml", "50% a#b", "{a,b}", "a:b", "a:", "grüße"]
)
def test_a_store_in_a_folder_of_any_name(spark: "SparkSession", tmp_path: Path, name: str) -> None:
    client = FeatureEngineeringClient(spark, tmp_path / name)
    client.create_table("t", "id", spark.sql("SELECT 1 id, 2D spend"))
    client.write_table("t", spark.sql("SELECT 1 id, 3D spend"))
    client.write_table("t", spark.sql("SELECT 1 id, 4D spend"), mode="overwrite")
    assert client.read_table("t", as_of=1).collect() == [(1, 3.0)]
    derived = client.read_table("t").selectExpr("id", "spend + 1 AS more")
    client.create_table("u", "id", derived)
    assert client.lineage("u").sources == ("t",)
    assert features_of(client, "u") == [(5.0,)]
    client.publish_table("t")
    assert client.lookup_online("t", [{"id": 1}]) == [{"spend": 4.0}]
    client.drop_online_table("t")
    client.drop_table("t")


@pytest.mark.parametrize(
    ("kind", "default", "expected"),
    [
        ("DECIMAL(9, 2)", decimal.Decimal("0.00"), decimal.Decimal("0.00")),
        ("DECIMAL(9, 2)", 3, decimal.Decimal("3.00")),
        ("DECIMAL(38, 3)", decimal.Decimal("9" * 35), decimal.Decimal("9" * 35)),
        ("DATE", date(2024, 1, 1), date(2024, 1, 1)),
        ("TIMESTAMP", datetime(2024, 1, 1, 5, 30), datetime(2024, 1, 1, tzinfo=UTC)),
        ("TIMESTAMP", datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC)),
        ("TIMESTAMP_NTZ", np.datetime64("2024-01-01T01"), datetime(2024, 1, 1, 1)),
        ("BINARY", b"\x00\xff", b"\x00\xff"),
        ("BIGINT", np.int32(7), 7),
        ("TINYINT", -128, -128),
        ("DOUBLE", np.float32(0.5), 0.5),
        ("FLOAT", 1, 1.0),
        ("BOOLEAN", np.bool_(False), False),
        ("STRING", np.str_("none"), "none"),
        ("INT", None, None),
    ],
)
def test_a_default_of_the_features_type(
    spark: "SparkSession", client: FeatureEngineeringClient, kind: str, default: Any, expected: Any
) -> None:
    from course_utils.features.spec import FeatureSpec
    from course_utils.features.values import decode

    client.create_table("u", "id", schema=f"id INT, v {kind}")  # type: ignore[arg-type]
    before = spark.conf.get("spark.sql.session.timeZone")
    spark.conf.set("spark.sql.session.timeZone", "Asia/Kolkata")
    try:
        lookup = FeatureLookup("u", "id", default_values={"v": default})
        training = client.create_training_set(spark.sql("SELECT 9 id, 0 y"), [lookup], label="y")
    finally:
        spark.conf.set("spark.sql.session.timeZone", str(before))
    found = training.load_df().toArrow().to_pylist()[0]["v"]
    moment = kind == "TIMESTAMP"
    assert (found.astimezone(UTC) if moment else found) == expected
    # What a request gets, after the model was packed
    (output,) = FeatureSpec.from_json(training.spec.to_json()).joins[0].outputs
    assert decode(output.default, output.type) == expected


@pytest.mark.parametrize(
    ("kind", "default"),
    [("DECIMAL(9, 2)", decimal.Decimal("0.001")), ("DECIMAL(4, 2)", 100), ("DATE", "soon"),
     ("TINYINT", 128), ("INT", 0.5), ("INT", True), ("STRING", 5), ("ARRAY<INT>", [1]),
     ("TIMESTAMP", date(2024, 1, 1)), ("BOOLEAN", "yes"), ("DOUBLE", "much")],
)  # fmt: skip
def test_a_default_of_another_type(
    spark: "SparkSession", client: FeatureEngineeringClient, kind: str, default: Any
) -> None:
    client.create_table("u", "id", schema=f"id INT, v {kind}")  # type: ignore[arg-type]
    lookup = FeatureLookup("u", "id", default_values={"v": default})
    labels = spark.sql("SELECT 9 id, 0 y")
    refused("The default .* of feature 'v' is no",
             lambda: client.create_training_set(labels, [lookup], label="y"))  # fmt: skip


@pytest.mark.parametrize("kind", ["TIMESTAMP", "TIMESTAMP_NTZ", "DATE"])
@pytest.mark.parametrize(
    ("window", "value"),
    [(timedelta.max, 1.0), (timedelta(days=3_000_000), 1.0), (np.timedelta64(8, "D"), None),
     (np.timedelta64(9, "D"), 1.0), (pd.Timedelta(9, "D"), 1.0), (pd.Timedelta(8, "D"), None)],
)  # fmt: skip
def test_lookbacks_of_every_size_and_kind(
    spark: "SparkSession", client: FeatureEngineeringClient, kind: str, window: Any, value: Any
) -> None:
    rows = spark.sql(f"SELECT 1 id, {kind} '2024-01-01' ts, 1D v")
    client.create_table("h", ["id", "ts"], rows, timeseries_columns="ts")
    labels = spark.sql(f"SELECT 1 id, {kind} '2024-01-10' at, 0 y")
    lookup = FeatureLookup("h", "id", timestamp_lookup_key="at", lookback_window=window)
    row = client.create_training_set(labels, [lookup], label="y").load_df().first()
    assert row is not None
    assert row.v == value


def test_a_moment_without_a_zone_is_read_in_the_sessions(
    spark: "SparkSession", client: FeatureEngineeringClient
) -> None:
    between = datetime.now(UTC)
    client.write_table("t", spark.sql("SELECT 2 id, 3D spend"))
    before = spark.conf.get("spark.sql.session.timeZone")
    try:
        for zone in ("Pacific/Kiritimati", "Pacific/Niue", "GMT+05:30", "UTC"):
            spark.conf.set("spark.sql.session.timeZone", zone)
            shift = timezone(timedelta(hours=5.5)) if zone[:3] == "GMT" else ZoneInfo(zone)
            naive = between.astimezone(shift).replace(tzinfo=None)
            ways: list[Any] = [
                naive,
                str(naive),
                np.datetime64(naive),
                pd.Timestamp(naive),
                between,
            ]
            for as_of in ways:
                assert client.read_table("t", as_of=as_of).count() == 1, (zone, as_of)
    finally:
        spark.conf.set("spark.sql.session.timeZone", str(before))


def test_versions_as_numpy_has_them(
    spark: "SparkSession", client: FeatureEngineeringClient
) -> None:
    client.write_table("t", spark.sql("SELECT 1 id, 3D spend"))
    client.publish_table("t")
    assert client.read_table("t", as_of=np.int64(0)).first().spend == 2.0  # type: ignore[arg-type,union-attr]
    assert client.check_online_offline("t", np.int64(5)).ok  # type: ignore[arg-type]
    labels = spark.sql("SELECT 1 id, 0 y")
    lookup = [FeatureLookup("t", "id")]
    pinned = client.create_training_set(labels, lookup, "y", as_of={"t": np.int32(0)})  # type: ignore[dict-item]
    assert pinned.load_df().first().spend == 2.0  # type: ignore[union-attr]


@pytest.mark.parametrize("as_of", ["yesterday", True, 1.5, date(2024, 1, 1), [1], "2024-13-01"])
def test_an_as_of_that_is_none(client: FeatureEngineeringClient, as_of: Any) -> None:
    refused("neither a version nor a moment", lambda: client.read_table("t", as_of=as_of))


def test_an_as_of_for_a_table_that_is_not_there(
    spark: "SparkSession", client: FeatureEngineeringClient
) -> None:
    labels = spark.sql("SELECT 1 id, 0 y")
    lookup = [FeatureLookup("t", "id")]
    refused(
        "no feature table 'typo'",
        lambda: client.create_training_set(labels, lookup, "y", as_of={"typo": 0}),
    )


def test_a_row_to_explain_that_is_of_another_type(
    spark: "SparkSession", client: FeatureEngineeringClient
) -> None:
    training = client.create_training_set(
        spark.sql("SELECT 1 id, 0 y"), [FeatureLookup("t", "id")], label="y"
    )
    refused("'one' is no int", lambda: training.explain_lookup({"id": "one"}))
