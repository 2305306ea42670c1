"""Every generated file is what its sources make."""

import pytest

from course_utils.build import Tree, check

LESSONS = [sources.lesson.name for sources in Tree.of_course().all()]


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_has_not_drifted(name: str) -> None:
    assert check(name) == []


def test_nothing_has_drifted() -> None:
    assert check() == []
