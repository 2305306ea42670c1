"""What users give: names of every kind, values of every type; taken, or refused in one line."""

import decimal
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from course_utils.features import FeatureEngineeringClient, FeatureFunction, FeatureLookup
from course_utils.features.registry import Registry
from tests.unit.feature_stores import client, features_of, refused

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["client"]
pytestmark = pytest.mark.spark


# Names


def test_a_column_in_another_case_is_the_same_column(
    spark: "SparkSession", client: FeatureEngineeringClient
) -> None:
    client.write_table("T", spark.sql("SELECT 1 ID, 9D SPEND, 3 Visits"))
    client.write_table("t", spark.sql("SELECT 1 Id, 4 visits"))
    assert client.get_table("T").columns == {"id": "int", "spend": "double", "Visits": "int"}
    assert client.read_table("t").columns == ["id", "spend", "Visits"]
    client.publish_table("T")
    for name in ("t", "T"):
        assert client.lookup_online(name, [{"ID": 1}]) == [{"spend": 9.0, "Visits": 4}]
    assert features_of(client, "t") == [(9.0, 4)]
    client.register_function("twice", lambda a: 2 * a)
    training = client.create_training_set(
        spark.sql("SELECT 1 id, 0 Y, 5 other"),
        [
            FeatureLookup("T", "ID", ["SPEND", "VISITS"], {"Spend": "paid"},
                          default_values={"visits": 0}),
            FeatureFunction("twice", {"a": "VISITS"}),
        ],
        label="y",
        exclude_columns=["OTHER"],
        as_of={"T": 2},
    )  # fmt: skip
    assert training.load_df().first().asDict() == {  # type: ignore[union-attr]
        "id": 1, "Y": 0, "paid": 9.0, "Visits": 4, "twice": 8.0,
    }  # fmt: skip
    assert [row.why for row in training.explain_lookup({"Id": 1}).collect()] == ["found"] * 2
    assert client.lineage("T", "VISITS").table == "t"
    assert [entry.name for entry in client.search_tables(column="VISITS")] == ["t"]
    client.drop_online_table("T")
    client.drop_table("T")
    assert client.search_tables() == []


def test_keys_may_be_declared_in_another_case(
    spark: "SparkSession", client: FeatureEngineeringClient
) -> None:
    frame = spark.sql("SELECT 1 Id, TIMESTAMP '2024-01-01' At, 'x' Part, 2D v")
    entry = client.create_table("u", ["ID", "AT"], frame, timeseries_columns="at",
                                partition_columns="part")  # fmt: skip
    assert (entry.row_keys, entry.partition_columns) == (("Id", "At"), ("Part",))


def test_a_catalog_that_holds_a_column_twice_is_mended(
    spark: "SparkSession", client: FeatureEngineeringClient
) -> None:
    # As an earlier version left it
    registry: Registry = client._registry
    registry.note_write("t", lambda: {"id": "int", "spend": "double", "SPEND": "double"}, [])
    assert client.get_table("t").features == ("spend",)
    assert features_of(client, "t") == [(2.0,)]


@pytest.mark.parametrize("name", ["Spend", "SPEND", "spend"])
def test_two_columns_of_one_name_are_refused(
    spark: "SparkSession", client: FeatureEngineeringClient, name: str
) -> None:
    both = spark.sql(f"SELECT 1 id, 2D spend, 3D {name}")
    told = f"'spend' and '{name}', which are one name"
    refused(told, lambda: client.create_table("u", "id", both))
    refused(told, lambda: client.write_table("t", both))
    refused(told, lambda: client.create_training_set(both, [FeatureLookup("t", "id")], None))
    label = spark.sql(f"SELECT 1 id, 0 {name}")
    lookup = FeatureLookup("t", "id")
    refused("second column of that name",
             lambda: client.create_training_set(label, [lookup], name))  # fmt: skip
    other = FeatureLookup("t", "id", rename_outputs={"spend": "a"})
    again = FeatureLookup("t", "id", rename_outputs={"spend": "A"})
    labels = spark.sql("SELECT 1 id, 0 y")
    for lookups in ([other, again], [FeatureLookup("t", "id", ["spend", name])]):
        refused("second column of that name",
                 lambda lookups=lookups: client.create_training_set(labels, lookups, "y"))  # type: ignore[misc]  # fmt: skip
    assert client.read_table("t").columns == ["id", "spend"]


# Dots, quotes, words of SQL, names that the feature store and Delta have inside
_TAKEN = ["a.b", "t.spend", "`", "a`b", "'", '"', "a/b", "%", "größe", "🙂", "select", "order",
          "__key0", "__features", "__time", "__label", "__count", "count", "row", "_row", "f0",
          "time", "old", "new", "key", "value", "_commit_version", "_row_id_", "_file_name_",
          "-", "a\\b", "$x", "1", "_", "given0", "__used", "event", "place", "times",
          "__", "___key0"]  # fmt: skip


@pytest.mark.parametrize("name", _TAKEN)
def test_a_frame_may_have_columns_of_any_name(
    spark: "SparkSession", client: FeatureEngineeringClient, name: str
) -> None:
    labels = spark.sql("SELECT 1, 0").toDF("id", name)
    (row,) = (
        client.create_training_set(labels, [FeatureLookup("t", "id")], name).load_df().collect()
    )
    assert tuple(row) == (1, 0, 2.0)


@pytest.mark.parametrize(
    "name", ["total spend", "a,b", "a(b)", "a;b", "{x}", "a\tb", "a\nb", "a=b"]
)
def test_names_that_delta_refuses(
    spark: "SparkSession", client: FeatureEngineeringClient, name: str
) -> None:
    frame = spark.sql("SELECT 1, 2D").toDF("id", name)
    refused(r"in its name.*Rename it: df.withColumnRenamed\(",
             lambda: client.create_table("u", "id", frame))  # fmt: skip
    for mode in ("merge", "overwrite"):
        refused("in its name", lambda mode=mode: client.write_table("t", frame, mode))  # type: ignore[misc]
    assert client.read_table("t").columns == ["id", "spend"]
    assert [entry.name for entry in client.search_tables()] == ["t"]


def test_a_column_without_a_name(spark: "SparkSession", client: FeatureEngineeringClient) -> None:
    frame = spark.sql("SELECT 1, 2D").toDF("id", "")
    refused("a column without a name", lambda: client.create_table("u", "id", frame))
    lookup = FeatureLookup("t", "id")
    refused("a column without a name",
             lambda: client.create_training_set(frame, [lookup], None))  # fmt: skip


# Frames


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        (pd.DataFrame({"id": [1], "v": [2.0]}), r"a pandas.DataFrame, not a Spark frame"),
        ([(1, 2.0)], "a builtins.list, not a Spark frame"),
        ("t", "a builtins.str, not a Spark frame"),
        (np.ones((2, 2)), "a numpy.ndarray, not a Spark frame"),
    ],
)
def test_a_frame_that_is_none_of_sparks(
    client: FeatureEngineeringClient, frame: Any, told: str
) -> None:
    lookup = FeatureLookup("t", "id")
    refused(told, lambda: client.create_table("p", "id", frame))
    refused(told, lambda: client.write_table("t", frame))
    refused(told, lambda: client.create_training_set(frame, [lookup], label="y"))
    refused(told, lambda: client.score_batch("models:/m/1", frame))


def test_a_frame_of_pandas_on_spark(
    spark: "SparkSession", client: FeatureEngineeringClient
) -> None:
    frame = spark.sql("SELECT 1 id, 2D v").pandas_api()
    refused(r"Give frame.to_spark\(\)", lambda: client.create_table("p", "id", frame))  # type: ignore[arg-type]


# Types


@pytest.mark.parametrize("kind", ["INTERVAL '1' DAY", "INTERVAL '1' YEAR", "array(NULL)",
                                  "named_struct('a', INTERVAL '1' DAY)"])  # fmt: skip
def test_types_that_delta_cannot_hold(
    spark: "SparkSession", client: FeatureEngineeringClient, kind: str
) -> None:
    frame = spark.sql(f"SELECT 1 id, {kind} v")
    refused("Column 'v' .* can't hold", lambda: client.create_table("u", "id", frame))
    refused("Column 'v' .* can't hold", lambda: client.write_table("t", frame))
    assert client.read_table("t").columns == ["id", "spend"]


def test_a_column_of_nulls_has_the_tables_type_or_none(
    spark: "SparkSession", client: FeatureEngineeringClient
) -> None:
    nulls = spark.sql("SELECT 1 id, NULL note, 2D v")
    told = r"'note' .* only nulls.*df.withColumn\('note', df\['note'\].cast\('string'\)\)"
    refused(told, lambda: client.create_table("u", "id", nulls))
    refused(told, lambda: client.write_table("t", nulls))
    client.write_table("t", spark.sql("SELECT 1 id, NULL spend"))
    assert client.get_table("t").columns == {"id": "int", "spend": "double"}
    assert features_of(client, "t") == [(None,)]


@pytest.mark.parametrize("kind", ["array(1)", "named_struct('a', 1)", "map(1, 2)",
                                  "CAST('a' AS STRING COLLATE UTF8_LCASE)"])  # fmt: skip
def test_types_that_are_no_key(
    spark: "SparkSession", client: FeatureEngineeringClient, kind: str
) -> None:
    frame = spark.sql(f"SELECT {kind} id, 2D v")
    refused("by which no row can be looked up", lambda: client.create_table("u", "id", frame))


_KEYS: list[tuple[str, list[str], list[Any]]] = [
    ("DOUBLE", ["0D", "-0D", "1.5D", "double('NaN')", "NULL"],
     [0.0, -0.0, 1.5, float("nan"), None]),
    ("FLOAT", ["float(0)", "float(-0D)", "float(0.1)", "float('NaN')"],
     [0.0, np.float32(-0.0), 0.1, np.float32("nan")]),
    ("INT", ["1", "2L", "smallint(3)", "3000000000"], [1, np.int64(2), np.int8(3), 3_000_000_000]),
    ("BIGINT", ["1", "2L", "tinyint(3)"], [np.int32(1), 2.0, np.float32(3)]),
    ("DECIMAL(38, 3)", ["CAST(-0.0 AS DECIMAL(38, 3))",
                        "12345678901234567890123456789012345.678BD"],
     [decimal.Decimal("-0"), decimal.Decimal("12345678901234567890123456789012345.678")]),
    ("BINARY", ["X'00FF'"], [b"\x00\xff"]),
    ("DATE", ["DATE '2024-02-29'"], [np.datetime64("2024-02-29")]),
    ("TIMESTAMP_NTZ", ["TIMESTAMP_NTZ '2024-02-29 01:02:03.000004'"],
     [np.datetime64("2024-02-29T01:02:03.000004")]),
    ("TIMESTAMP", ["TIMESTAMP '2024-02-29 01:02:03Z'"],
     [pd.Timestamp("2024-02-29 01:02:03", tz="UTC")]),
    ("BOOLEAN", ["true"], [np.bool_(True)]),
    ("STRING", ["'é'"], [np.str_("é")]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "batch", "requests"), _KEYS, ids=[kind for kind, *_ in _KEYS])
@pytest.mark.parametrize("timed", [False, True], ids=["by key", "by key and time"])
def test_a_key_finds_the_same_in_a_batch_and_online(
    spark: "SparkSession", client: FeatureEngineeringClient, kind: str, batch: list[str],
    requests: list[Any], timed: bool,
) -> None:  # fmt: skip
    # Of equal keys the last one, so that -0.0 is what the table has for 0.0
    narrow = [one for one in batch if one not in ("3000000000", "NULL") and "NaN" not in one]
    values = ", ".join(f"(CAST({one} AS {kind}), {place}L)" for place, one in enumerate(narrow))
    rows = spark.sql(
        f"SELECT k, max(v) v, TIMESTAMP '2024-01-01' ts FROM VALUES {values} AS t(k, v) GROUP BY k"
    )
    keys = ["k", "ts"] if timed else "k"
    client.create_table("k", keys, rows if timed else rows.drop("ts"),
                        timeseries_columns="ts" if timed else None)  # fmt: skip
    client.publish_table("k")
    wide = "BIGINT" if kind == "INT" else kind
    asked = ", ".join(
        f"(CAST({one} AS {wide}), TIMESTAMP '2024-06-01', {place})"
        for place, one in enumerate(batch)
    )
    labels = spark.sql(f"SELECT * FROM VALUES {asked} AS t(key, at, y)")
    lookup = FeatureLookup("k", "key", timestamp_lookup_key="at" if timed else None)
    training = client.create_training_set(labels, [lookup], label="y")
    found = {row.y: row.v for row in training.load_df().collect()}
    online = client.lookup_online("k", [{"k": key} for key in requests])
    assert [found[place] for place in range(len(batch))] == [row and row["v"] for row in online]
    assert [value for value in found.values() if value is not None]
    explained = [
        training.explain_lookup({"key": key, "at": datetime(2024, 6, 1)}).first().value  # type: ignore[union-attr]
        for key in requests
    ]
    assert explained == [None if row is None else str(row["v"]) for row in online]


@pytest.mark.parametrize("kind", ["double", "float"])
def test_nan_is_no_key(spark: "SparkSession", client: FeatureEngineeringClient, kind: str) -> None:
    frame = spark.sql(f"SELECT {kind}('NaN') k, 1 v")
    refused("1 rows for feature table u have no 'k'", lambda: client.create_table("u", "k", frame))


@pytest.mark.parametrize(
    ("key", "kind"),
    [(decimal.Decimal("1.555"), "DECIMAL(9, 2)"), (True, "INT"), (np.bool_(True), "INT"),
     (pd.Timestamp("2024-05-01 12:00"), "DATE"), (np.datetime64("2024-05-01"), "TIMESTAMP")],
)  # fmt: skip
def test_a_key_is_not_bent_to_its_type(
    spark: "SparkSession", client: FeatureEngineeringClient, key: Any, kind: str
) -> None:
    client.create_table("u", "k", schema=f"k {kind}, v INT")  # type: ignore[arg-type]
    client.publish_table("u")
    refused("is no key of type", lambda: client.lookup_online("u", [{"k": key}]))


def test_keys_that_are_no_mappings(client: FeatureEngineeringClient) -> None:
    client.publish_table("t")
    for keys in ([1], pd.DataFrame({"id": [1]}), "id"):
        refused("Give each as a mapping", lambda keys=keys: client.lookup_online("t", keys))  # type: ignore[misc]


# Values


@pytest.mark.parametrize("window", [9, "9 days", 9.0, np.int64(9), True, date(2024, 1, 1)])
def test_a_lookback_that_is_no_timedelta(window: Any) -> None:
    refused(
        "Give a timedelta, such as",
        lambda: FeatureLookup("t", "k", timestamp_lookup_key="at", lookback_window=window),
    )
