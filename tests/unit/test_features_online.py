"""Online stores: SQLite and a real Redis server behave alike, and agree with a batch."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from course_utils.errors import CourseError
from course_utils.features import FeatureEngineeringClient
from course_utils.features.online import (
    OnlineStore,
    OnlineTable,
    absolute,
    open_store,
    without_password,
)
from tests.unit.feature_servers import redis_server

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_TABLE = OnlineTable("t", {"id": "int"}, {"x": "double"}, 3, "2024-01-01T00:00:00+00:00")


@pytest.fixture(scope="module")
def redis_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with redis_server(tmp_path_factory.mktemp("redis")) as uri:
        yield uri


@pytest.fixture(params=["sqlite", "redis"])
def uri(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An online store with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'online.db'}"
    import redis

    address: str = request.getfixturevalue("redis_uri")
    redis.Redis.from_url(address).flushdb()
    return address


@pytest.fixture
def store(uri: str) -> OnlineStore:
    return open_store(uri)


def test_publish_merge_overwrite_and_drop(store: OnlineStore, uri: str) -> None:
    assert store.describe("t") is None
    assert store.drop("t") is False
    store.publish(_TABLE, iter([("[1]", "a"), ("[2]", "b")]), keep_others=True)
    reader = open_store(uri)  # as another process would see it
    assert reader.describe("t") == _TABLE
    assert reader.get("t", ["[2]", "[9]", "[1]", "[2]"]) == ["b", None, "a", "b"]
    assert reader.get("t", ["[1]"]) == ["a"]
    assert reader.get("t", []) == []
    store.publish(_TABLE, iter([("[2]", "B"), ("[3]", "c")]), keep_others=True)
    assert reader.get("t", ["[1]", "[2]", "[3]"]) == ["a", "B", "c"]
    store.publish(_TABLE, iter([("[3]", "C")]), keep_others=False)
    assert reader.get("t", ["[1]", "[2]", "[3]"]) == [None, None, "C"]
    store.publish(_TABLE, iter([]), keep_others=False)
    assert reader.get("t", ["[3]"]) == [None]
    assert store.drop("t") is True
    assert reader.describe("t") is None


def test_a_publish_that_breaks_off_changes_nothing(store: OnlineStore) -> None:
    store.publish(_TABLE, iter([("[1]", "old")]), keep_others=True)

    def broken() -> Iterator[tuple[str, str]]:
        yield from ((f"[{key}]", "new") for key in range(3000))
        raise RuntimeError("the source went away")

    for keep_others in (True, False):
        with pytest.raises(RuntimeError):
            store.publish(_TABLE, broken(), keep_others)
        assert store.get("t", ["[1]", "[2]"]) == ["old", None]


def test_two_who_publish_at_once_to_redis_both_do(redis_uri: str) -> None:
    import redis

    redis.Redis.from_url(redis_uri).flushdb()
    one, other = open_store(redis_uri), open_store(redis_uri)

    def slow() -> Iterator[tuple[str, str]]:
        yield from ((f"[{key}]", "slow") for key in range(5000))
        other.publish(_TABLE, iter([("[4999]", "quick"), ("[5000]", "quick")]), keep_others=True)

    one.publish(_TABLE, slow(), keep_others=True)
    assert one.get("t", ["[0]", "[4999]", "[5000]"]) == ["slow", "slow", "quick"]


def test_a_redis_that_is_not_there_is_said_in_one_line() -> None:
    with pytest.raises(CourseError, match=r"redis://127\.0\.0\.1:1/0 does not answer") as caught:
        open_store("redis://user:secret@127.0.0.1:1/0").describe("t")
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_addresses(tmp_path: Path) -> None:
    assert absolute("sqlite:///online.db", tmp_path) == f"sqlite:///{tmp_path / 'online.db'}"
    assert without_password("redis://u:p@host:1/0") == "redis://host:1/0"
    assert without_password("sqlite:////a/online.db") == "sqlite:////a/online.db"
    for wrong in ("sqlite:///", "postgres://host", "online.db"):
        with pytest.raises(CourseError, match="is no online store"):
            open_store(wrong)


@pytest.mark.spark
def test_what_requests_get_is_what_a_batch_gets(
    spark: "SparkSession", tmp_path: Path, uri: str
) -> None:
    client = FeatureEngineeringClient(spark, tmp_path / "store", uri)
    history = spark.sql(
        "SELECT * FROM VALUES ('a', 1L, TIMESTAMP '2024-01-01', 1D, DATE '2024-01-01'),"
        " ('a', 1L, TIMESTAMP '2024-02-01', NULL, DATE '2024-02-01'),"
        " ('é\u0001', 2L, TIMESTAMP '2024-01-01', double('NaN'), NULL) AS t(k, n, ts, x, day)"
    )
    client.create_table("t", ["k", "n", "ts"], history, timeseries_columns="ts")
    keys: list[dict[str, Any]] = [
        {"k": "a", "n": 1},
        {"k": "é\u0001", "n": 2},
        {"k": "a", "n": 2},
        {"k": None, "n": 1},
    ]
    with pytest.raises(CourseError, match="not in the online store"):
        client.lookup_online("t", keys)
    client.publish_table("t")
    first, second, *others = client.lookup_online("t", keys)
    assert first is not None
    assert second is not None
    # The latest row, with its null: the value of the month before would be out of date.
    assert (first["x"], str(first["day"])) == (None, "2024-02-01")
    assert second["x"] != second["x"]
    assert others == [None, None]
    assert client.check_online_offline("t").ok
    with pytest.raises(CourseError, match="has no 'n'"):
        client.lookup_online("t", [{"k": "a"}])

    later = history.where("k = 'a'").selectExpr("k", "n", "ts + interval 90 days ts", "7D x")
    newcomer = spark.sql("SELECT 'b' k, 1L n, TIMESTAMP '2024-01-01' ts, 0D x")
    client.write_table("t", later.union(newcomer))
    skew = client.check_online_offline("t")
    assert (skew.checked, skew.missing, skew.differing) == (3, 1, {"x": 1, "day": 1})
    assert "published from version 0, the table is at 1" in str(skew)
    client.publish_table("t")
    assert client.check_online_offline("t").ok


@pytest.mark.spark
def test_a_table_that_cannot_be_published(spark: "SparkSession", tmp_path: Path) -> None:
    client = FeatureEngineeringClient(spark, tmp_path / "store")
    client.create_table("t", "id", spark.sql("SELECT 1 id, named_struct('a', 1) s"))
    with pytest.raises(CourseError, match="'s' of feature table t is struct<a:int>"):
        client.publish_table("t")
    with pytest.raises(CourseError, match="not in the online store: nothing to drop"):
        client.drop_online_table("t")
