"""What a notebook uses and does not teach is found from wherever the notebook lies."""

from pathlib import Path

import pytest

from course_utils import helpers, paths
from course_utils.errors import CourseError


@pytest.fixture
def lessons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "06_linear_regression_1"
    folder.mkdir()
    monkeypatch.setattr(paths, "LESSONS", tmp_path)
    return folder


@pytest.mark.parametrize("number", ["06", "6", "06_linear_regression_1"])
def test_the_functions_of_a_lesson(
    lessons: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    (lessons / "helpers.py").write_text("def draw(): return 'drawn'")
    monkeypatch.chdir(tmp_path)
    assert helpers(number).draw() == "drawn"


def test_a_second_call_sees_what_an_author_changed(lessons: Path) -> None:
    (lessons / "helpers.py").write_text("VALUE = 1")
    assert helpers("06").VALUE == 1
    (lessons / "helpers.py").write_text("VALUE = 'changed'")
    assert helpers("06").VALUE == "changed"


def test_a_lesson_without_helpers_says_so(lessons: Path) -> None:
    with pytest.raises(CourseError, match="Lesson 06 has no helpers"):
        helpers("06")


def test_the_package_keeps_the_function_not_a_module() -> None:
    import course_utils

    assert callable(course_utils.helpers)
