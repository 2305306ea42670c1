"""mypy looks at a lesson's questions and helpers, under names that cannot clash."""

from collections.abc import Callable

import pytest

from course_utils.build.source import Tree
from course_utils.build.typecheck import faults

MakeTree = Callable[..., Tree]


@pytest.mark.slow
def test_a_lessons_files_are_checked(make_tree: MakeTree) -> None:
    files = {"questions.py": "one: int = 1\n", "helpers.py": "def two() -> int:\n    return 2\n"}
    assert faults("06", make_tree(files, lab=False)) == []
    wrong = {"questions.py": "one: int = 'a'\n", "helpers.py": "def two() -> int:\n    return ''\n"}
    lines = faults("06", make_tree(wrong, lab=False))
    assert sorted(line.split(": ")[0] for line in lines) == [
        "lessons/06_tiny/helpers.py:2",
        "lessons/06_tiny/questions.py:1",
    ]
    assert all("error: Incompatible" in line for line in lines)


@pytest.mark.slow
def test_a_file_that_cannot_be_parsed_is_named(make_tree: MakeTree) -> None:
    lines = faults("06", make_tree({"questions.py": "one = (\n"}, lab=False))
    assert lines[0].startswith("lessons/06_tiny/questions.py:2: error:")
