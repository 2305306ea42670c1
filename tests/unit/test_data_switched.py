"""Data that is switched in a terminal while a notebook is open: the notebook says so."""

import shutil
from importlib import import_module
from pathlib import Path

import pytest

from course_utils import data
from course_utils.data import switched
from course_utils.lab.result import Status
from tests.unit.lab_helpers import lab, question

_LINE = "listings in use have been switched since this notebook started"


@pytest.fixture
def mine(tmp_path, monkeypatch) -> Path:
    """A file of the learner's, with a store in which generated listings are in use."""
    monkeypatch.setenv("COURSE_SCALE", "small")
    path = shutil.copy(data.locate("listings", generated=True), tmp_path / "mine.parquet")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    return Path(path)


def _elsewhere(monkeypatch: pytest.MonkeyPatch, path: Path | None) -> None:
    """Switch as another process does, of which this one knows nothing."""
    with monkeypatch.context() as patch:
        # The package has a function of the module's name
        patch.setattr(import_module("course_utils.data.use"), "forget", lambda record: None)
        if path is None:
            data.reset()
        else:
            data.use(path)


def test_a_switch_from_outside_is_told_in_every_cell_until_a_restart(mine, monkeypatch, capsys):
    assert data.in_use() is None
    _elsewhere(monkeypatch, mine)
    data.locate("listings")
    data.locate("listings")
    assert capsys.readouterr().out.count(_LINE) == 1
    monkeypatch.setattr(switched, "_cell", lambda: 7)
    data.locate("listings")
    out = capsys.readouterr().out
    assert out.count(_LINE) == 1
    assert "Restart the kernel" in out
    _elsewhere(monkeypatch, None)
    assert data.in_use() is None
    assert capsys.readouterr().out == "", "what it started with is in use again"


def test_who_switches_in_the_notebook_itself_is_told_nothing(mine, capsys):
    assert data.in_use() is None
    data.use(mine)
    data.locate("listings")
    data.reset()
    assert data.in_use() is None
    assert capsys.readouterr().out == ""


def test_a_check_says_that_its_data_were_switched(mine, monkeypatch):
    assert data.in_use() is None
    asked = question()
    assert lab(asked, total=61).q1.evaluate().status is Status.WRONG
    _elsewhere(monkeypatch, mine)
    result = lab(asked, total=61).q1.evaluate()
    assert result.status is Status.UNAVAILABLE
    assert "listings in use have been switched" in "\n".join(result.lines)
    assert "restart the kernel" in result.lines[-1]
    _elsewhere(monkeypatch, None)
    assert lab(asked, total=61).q1.evaluate().status is Status.WRONG
