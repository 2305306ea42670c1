"""Several who use one feature store at once: each is served, or told in one line."""

from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from delta import exceptions

from course_utils.features import tables
from tests.unit.feature_stores import refused


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
