"""A lesson that was laid out keeps every rule, but has nothing to say yet."""

import shutil
import tomllib
from pathlib import Path

import pytest

from course_utils import config, paths
from course_utils.build.lint import lint_sources
from course_utils.build.new_lesson import lay_out
from course_utils.build.source import Tree
from course_utils.config import Lesson
from course_utils.errors import CourseError
from course_utils.lab import find_questions


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    shutil.copy(paths.ROOT / "course.toml", tmp_path)
    return Tree(tmp_path, config.course().lessons)


def test_what_is_laid_out_lacks_nothing_but_words(tree: Tree) -> None:
    made = lay_out("98", "tiny_thing", tree)
    folder = tree.root / "lessons" / "98_tiny_thing"
    assert "course.toml" in made
    assert all((tree.root / name).exists() for name in made)
    [entry] = [
        item
        for item in tomllib.loads((tree.root / "course.toml").read_text())["lesson"]
        if item["number"] == "98"
    ]
    lesson = Lesson(
        "98", "tiny_thing", entry["title"], entry["part"], 20, 15, ("listings",), ("2025-28",)
    )
    there = Tree(
        tree.root,
        (lesson,),
        lambda number: find_questions._run(folder / "questions.py", "laid_out_questions"),
    )
    broken = lint_sources("98", tree=there)
    assert broken, "a lesson without words is no lesson"
    assert [line for line in broken if "words of prose" not in line] == []


def test_the_line_stands_behind_that_of_the_lesson_before(tree: Tree) -> None:
    before = (tree.root / "course.toml").read_text()
    free = next(n for n in (f"{n:02}" for n in range(8, 99)) if f'number = "{n}"' not in before)
    lay_out(free, "in_between", tree)
    text = (tree.root / "course.toml").read_text()
    numbers = [item["number"] for item in tomllib.loads(text)["lesson"]]
    assert numbers == sorted(numbers)
    assert text.replace(text[text.index(f'[[lesson]]\nnumber = "{free}"') :], "") in before
    assert tomllib.loads(text)["plan"] == tomllib.loads(before)["plan"]


@pytest.mark.parametrize(
    ("number", "slug", "says"),
    [
        ("8", "tiny", "two digits"),
        ("98", "Tiny Thing", "two digits"),
        ("06", "tiny", "a lesson 06 already"),
    ],
)
def test_what_cannot_name_a_lesson(number: str, slug: str, says: str, tree: Tree) -> None:
    before = (tree.root / "course.toml").read_text()
    with pytest.raises(CourseError, match=says):
        lay_out(number, slug, tree)
    assert (tree.root / "course.toml").read_text() == before
