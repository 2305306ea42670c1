"""Every generated file is what its sources make."""

from course_utils.build import check


def test_nothing_has_drifted() -> None:
    assert check() == []
