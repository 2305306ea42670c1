"""Several who use one feature store at once: each is served, or told in one line."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from threading import Barrier
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from delta import exceptions

from course_utils.errors import CourseError
from course_utils.features import FeatureEngineeringClient, tables
from tests.unit.feature_stores import client, refused

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["client"]

_BOTH = 2


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tables.Tables:
    """Tables of which nothing is looked at but how often they are written."""
    monkeypatch.setattr(tables, "fitting", lambda entry, df: df)
    monkeypatch.setattr(tables, "checked_rows", lambda entry, df: nullcontext(df))
    monkeypatch.setattr(tables, "sleep", lambda seconds: None)
    monkeypatch.setattr(tables.Tables, "version", lambda *_: 0)
    return tables.Tables(tmp_path, dict)


def _write(table: tables.Tables) -> None:
    entry: Any = SimpleNamespace(name="t")
    rows: Any = SimpleNamespace(sparkSession=None)
    table.write(entry, rows, "merge")


@pytest.mark.parametrize("name", exceptions.__all__)
def test_a_write_that_another_overtook_is_tried_again(
    name: str, table: tables.Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def overtaken_once(*_: object) -> None:
        tried.append(name)
        if len(tried) == 1:
            raise getattr(exceptions, name)("another commit came first")

    monkeypatch.setattr(tables.Tables, "_write", overtaken_once)
    _write(table)
    assert tried == [name, name]


def test_a_write_that_is_always_overtaken_ends_in_one_line(
    table: tables.Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(*_: object) -> None:
        raise exceptions.ConcurrentAppendException("another commit came first")

    monkeypatch.setattr(tables.Tables, "_write", overtaken)
    refused("Others write to feature table t all the time", lambda: _write(table))


@pytest.mark.spark
def test_a_thread_has_the_session_of_its_process(
    client: FeatureEngineeringClient, tmp_path: Path
) -> None:
    given_none = FeatureEngineeringClient(root=tmp_path / "store")
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: given_none.read_table("t").count()).result() == 1


@pytest.mark.spark
def test_two_writers_at_once_both_write(
    spark: "SparkSession", client: FeatureEngineeringClient
) -> None:
    together = Barrier(_BOTH)

    def write(which: int) -> None:
        frame = f"SELECT CAST(id AS int) id, {which}D spend, {which} v{which} FROM range(5)"
        rows = spark.sql(frame)
        together.wait()
        client.write_table("t", rows)

    with ThreadPoolExecutor(_BOTH) as pool:
        list(pool.map(write, range(_BOTH)))
    rows = client.read_table("t").drop("id").distinct().collect()
    assert len(rows) == 1, "the last to write gave all rows their value"
    assert rows[0].asDict() == {"spend": float(rows[0]["spend"]), "v0": 0, "v1": 1}
    assert list(client.get_table("t").columns) == client.read_table("t").columns
    assert client.read_table("t", as_of=_BOTH).count() == 5, "a version of each"


@pytest.mark.spark
def test_of_two_who_make_a_table_one_does_and_the_other_is_told(
    spark: "SparkSession", tmp_path: Path
) -> None:
    together = Barrier(_BOTH)

    def make(which: int) -> str | None:
        own = FeatureEngineeringClient(spark, tmp_path / "store")
        rows = spark.sql(f"SELECT 1 id, {which}D v{which}")
        together.wait()
        try:
            own.create_table("t", "id", rows)
        except CourseError as error:
            return str(error)
        return None

    with ThreadPoolExecutor(_BOTH) as pool:
        told = list(pool.map(make, range(_BOTH)))
    assert [line is None or "t exists" in line for line in told] == [True] * _BOTH
    assert told.count(None) == 1
    store = FeatureEngineeringClient(spark, tmp_path / "store")
    columns = ["id", f"v{told.index(None)}"]
    assert list(store.get_table("t").columns) == columns == store.read_table("t").columns
    assert [path.name for path in (tmp_path / "store" / "tables").iterdir()] == ["t"], (
        "nothing half made stays"
    )
