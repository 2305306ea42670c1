"""The page of the feature store has a place for each table of its benchmark."""

import shutil
from pathlib import Path

import pytest

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.setup.benchmarks import write_tables


def test_tables_go_between_their_markers(tmp_path: Path) -> None:
    page = tmp_path / "features.md"
    shutil.copy(paths.ROOT / "docs" / page.name, page)
    write_tables("features", {"join": "| a |", "online": "| b |"}, tmp_path)
    first = page.read_text(encoding="utf-8")
    assert "features: join -->\n| a |\n<!-- end -->" in first
    assert "features: online -->\n| b |\n<!-- end -->" in first
    write_tables("features", {"join": "| c |"}, tmp_path)
    assert page.read_text(encoding="utf-8") == first.replace("| a |", "| c |")


def test_a_table_without_a_place_changes_nothing(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- made by ./course bench page: join -->\nold\n<!-- end -->\n")
    with pytest.raises(CourseError, match="no place for the table 'other'"):
        write_tables("page", {"join": "new", "other": "new"}, tmp_path)
    assert "old" in page.read_text()
