"""Each way in which built files can drift from their sources is named, with its remedy."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from course_utils import paths
from course_utils.build import blocks, build_lesson, check
from course_utils.build.fingerprint import fingerprint, helpers
from course_utils.build.inputs import Code
from course_utils.build.source import QUIET, Tree, write
from course_utils.config import Plan, Sitting
from course_utils.errors import CourseError

MakeTree = Callable[..., Tree]

DEMO = "# %% [markdown]\n# # 06 · Tiny\n"
LAB = """
# %% [markdown]
# # 06 · Tiny: lab

# %%
def open_lab(number): ...


open_lab("06")

# %% answer="q1"
### STUB one = ...
### BEGIN SOLUTION
one = 1
### END SOLUTION

# %% check="q1"
one
"""


@pytest.fixture(scope="module")
def built(make_tree_at: MakeTree, tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A built checkout; its solution runs once for all tests of this file."""
    root = tmp_path_factory.mktemp("built")
    tree = make_tree_at(root, {"demo.py": DEMO, "lab.py": LAB}, {"q1": 1})
    build_lesson("06", tree=tree, say=lambda line: None)
    return tree


@pytest.fixture
def tree(built: Tree, tmp_path: Path) -> Tree:
    """A copy of the built checkout for one test."""
    shutil.copytree(built.root, tmp_path / "tree")
    return replace(built, root=tmp_path / "tree")


def edit(path: Path, change: Callable[[Any], None]) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    change(notebook)
    path.write_text(json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def test_nothing_drifts_right_after_a_build(tree: Tree) -> None:
    assert check(tree=tree) == []


@pytest.mark.parametrize("folder", ["notebooks", "solutions", "labs"])
def test_a_hand_edited_notebook(tree: Tree, folder: str) -> None:
    def change(notebook: Any) -> None:
        notebook["cells"][0]["source"] = ["# 06 · Edited"]

    edit(tree.root / folder / "06_tiny.ipynb", change)
    source = "demo" if folder == "notebooks" else "lab"
    assert check(tree=tree) == [
        f"{folder}/06_tiny.ipynb is not what lessons/06_tiny/{source}.py makes. "
        "Run ./course build 06"
    ]


def test_a_lab_with_outputs(tree: Tree) -> None:
    def change(notebook: Any) -> None:
        notebook["cells"][1]["execution_count"] = 1

    edit(tree.root / "labs" / "06_tiny.ipynb", change)
    assert check("06", tree=tree) == [
        "labs/06_tiny.ipynb is not what lessons/06_tiny/lab.py makes. Run ./course build 06"
    ]


def test_missing_and_unreadable(tree: Tree) -> None:
    (tree.root / "labs" / "06_tiny.ipynb").unlink()
    (tree.root / "notebooks" / "06_tiny.ipynb").write_text("not json")
    assert check(tree=tree) == [
        "notebooks/06_tiny.ipynb cannot be read as a notebook. Run ./course build 06",
        "labs/06_tiny.ipynb is missing. Run ./course build 06",
    ]


def test_never_executed(tree: Tree) -> None:
    edit(
        tree.root / "solutions" / "06_tiny.ipynb",
        lambda notebook: notebook["metadata"]["course"].pop("inputs"),
    )
    assert check(tree=tree) == ["solutions/06_tiny.ipynb was never executed. Run ./course build 06"]


ASKS = DEMO + '\n# %%\nask_quiz("06")\n'
PACKAGES = """
[[package]]
name = "course-utils"
dependencies = [{ name = "pyspark" }, { name = "typer" }]

[[package]]
name = "pyspark"
version = "4.2.0"

[[package]]
name = "typer"
version = "0.29"
"""


def test_what_a_notebook_does_not_use_leaves_it_current(tree: Tree) -> None:
    (tree.root / "lessons" / "06_tiny" / "questions.py").write_text("changed = 1\n")
    (tree.root / "lessons" / "06_tiny" / "quiz.toml").write_text("changed = 1\n")
    assert check(tree=tree) == [
        "solutions/06_tiny.ipynb is stale: its data, helpers or packages changed since it ran. "
        "Run ./course build 06"
    ]


@pytest.mark.parametrize(
    ("file", "demo"),
    [("quiz.toml", ASKS), ("helpers.py", DEMO + "\n# %%\nfrom helpers import draw\n")],
)
def test_stale_when_what_it_uses_has_changed(make_tree: MakeTree, file: str, demo: str) -> None:
    sources = make_tree({"demo.py": demo, file: "x = 1\n"}, lab=False).lesson("06")
    before = fingerprint(sources, "demo")
    (sources.folder / file).write_text("x = 2\n")
    assert fingerprint(sources, "demo") != before


def test_stale_when_a_package_that_computes_is_upgraded(make_tree: MakeTree) -> None:
    sources = make_tree({"demo.py": DEMO}, lab=False).lesson("06")
    lock = sources.tree.root / "uv.lock"
    lock.write_text(PACKAGES)
    before = fingerprint(sources, "demo")
    lock.write_text(PACKAGES.replace("0.29", "0.30"))
    assert fingerprint(sources, "demo") == before
    lock.write_text(PACKAGES.replace("4.2.0", "4.2.1"))
    assert fingerprint(sources, "demo") != before


@pytest.mark.parametrize(
    ("code", "same"), [("print(3)", True), ("from hyperopt import fmin", False)]
)
def test_a_search_library_counts_where_it_is_named(
    make_tree: MakeTree, code: str, same: bool
) -> None:
    sources = make_tree({"demo.py": f"# %%\n{code}\n"}, lab=False).lesson("06")
    lock = sources.tree.root / "uv.lock"
    searching = PACKAGES.replace('{ name = "typer" }', '{ name = "typer" }, { name = "hyperopt" }')
    found = []
    for version in ("0.2.7", "0.3.0"):
        lock.write_text(f'{searching}\n[[package]]\nname = "hyperopt"\nversion = "{version}"\n')
        found.append(fingerprint(sources, "demo"))
    assert (found[0] == found[1]) is same


def test_what_measures_time_comes_from_a_quiet_machine(make_tree: MakeTree) -> None:
    tree = make_tree({"demo.py": DEMO}, lab=False)
    tree = replace(tree, lessons=(replace(tree.lessons[0], timed=True),))
    sources = tree.lesson("06")
    notebook = sources.notebook("demo")
    notebook.metadata["course"]["inputs"] = fingerprint(sources, "demo")
    write(notebook, sources.target("demo"))
    says = "notebooks/06_tiny.ipynb was not measured on a quiet machine. "
    assert check(tree=tree) == [says + "Run ./course build 06 --quiet-machine"]
    notebook.metadata["course"][QUIET] = True
    write(notebook, sources.target("demo"))
    assert check(tree=tree) == []


def test_stale_when_its_data_has_changed(make_tree: MakeTree, tmp_path: Path) -> None:
    tree = make_tree({"demo.py": DEMO}, lab=False)
    lesson = replace(tree.lessons[0], data=("trips",))
    sources = Tree(tmp_path, (lesson,), tree.questions).lesson("06")
    manifest = tmp_path / "datasets" / "manifest.json"
    manifest.parent.mkdir()

    def with_sets(**sets: int) -> str:
        manifest.write_text(json.dumps({"data_sets": sets}))
        return fingerprint(sources, "demo")

    first = with_sets(trips_day1=1, orders=1)
    assert with_sets(trips_day1=1, orders=2) == first
    assert with_sets(trips_day1=2, orders=1) != first


def test_a_comment_makes_nothing_stale(tree: Tree) -> None:
    questions = tree.root / "lessons" / "06_tiny" / "questions.py"
    questions.write_text("changed = 1\n")
    before = fingerprint(tree.lesson("06"), "solution")
    questions.write_text("# why it is so\n\nchanged = 1\n")
    assert fingerprint(tree.lesson("06"), "solution") == before


def test_helpers_are_followed_through_their_imports(make_tree: MakeTree) -> None:
    def used(code: str) -> set[str]:
        tree = make_tree({"demo.py": f"{DEMO}\n# %%\n{code}\n"}, lab=False)
        return set(helpers(tree.lesson("06"), "demo", Code(paths.ROOT)))

    found = used("from course_utils import show\n%time\nimport os")
    assert "course_utils.figures" in found
    assert "course_utils.errors" not in found  # its texts reach no output that is kept
    assert not any(".build" in name for name in used("from course_utils import get_spark"))


def test_strangers_and_a_registry_that_does_not_fit(tree: Tree) -> None:
    (tree.root / "labs" / "07_other.ipynb").write_text("{}")
    other = tree.root / "lessons" / "07_other"
    other.mkdir()
    (other / "demo.py").write_text(DEMO)
    (tree.root / "lessons" / "06_tiny" / "lab.py").unlink()
    assert check(tree=tree) == [
        "course.toml gives the lab of lesson 06 5 minutes, and lessons/06_tiny lacks lab.py. "
        "Make the two agree",
        "lessons/07_other is not listed in course.toml. Add it there, or remove it",
        "solutions/06_tiny.ipynb is made by no lesson. Remove it",
        "labs/06_tiny.ipynb is made by no lesson. Remove it",
        "labs/07_other.ipynb is made by no lesson. Remove it",
    ]


def test_a_broken_source_is_the_news(tree: Tree) -> None:
    (tree.root / "lessons" / "06_tiny" / "lab.py").write_text(
        LAB.lstrip().replace("### END", "### end")
    )
    lines = check(tree=tree)
    assert any("lessons/06_tiny/lab.py line" in line for line in lines)


def test_the_table_of_lessons(tree: Tree) -> None:
    readme = tree.root / "README.md"
    readme.write_text("Before\n<!-- made by ./course build: lessons -->\n<!-- end -->\nAfter\n")
    assert check(tree=tree) == ["README.md: a generated table is out of date. Run ./course build"]
    assert blocks.write(tree) == ["README.md"]
    assert check(tree=tree) == []
    row = (
        "| 06 | [Tiny](notebooks/06_tiny.ipynb) | [lab](labs/06_tiny.ipynb) · "
        "[solution](solutions/06_tiny.ipynb) | 10 | – |"
    )
    assert row in readme.read_text()
    assert readme.read_text().endswith("<!-- end -->\nAfter\n")


PLANS = """
[teaching]
room = 1.5
step = 5
stretch = 60
pause = 10
lunch = 60
day = 360
half_day = 180
start = 540

[[plan]]
name = "day"
title = "In a day"
[[plan.sitting]]
title = "Day"
lessons = ["06"]

[[plan]]
name = "home"
title = "With a lab at home"
[[plan.sitting]]
title = "Half day"
lessons = ["06"]
lab_at_home = ["06"]
"""


def test_the_plans_for_a_class_stand_in_the_welcome_too(tree: Tree) -> None:
    (tree.root / "course.toml").write_text(PLANS)
    welcome = tree.root / "lessons" / "00_welcome" / "demo.py"
    welcome.parent.mkdir()
    welcome.write_text("# <!-- made by ./course build: agenda -->\n# <!-- end -->\n")
    blocks.write(tree)
    assert "1.5 times" in welcome.read_text().splitlines()[1]
    assert welcome.read_text().splitlines()[-8:-1] == [
        "# **In a day** (`day`)",
        "#",
        "# - Day, 9:00 to 9:20, 20 minutes of work: 06 Tiny (demo 10 + lab 10)",
        "#",
        "# **With a lab at home** (`home`)",
        "#",
        "# - Half day, 9:00 to 9:10, 10 minutes of work: 06 Tiny (demo 10); "
        "labs for the evening: 06 (5)",
    ]
    long = replace(tree, lessons=(replace(tree.lessons[0], demo_minutes=120),))
    # 180 + 10 minutes are three breaks, one of them lunch
    assert "Day, 9:00 to 13:30, 190 minutes of work" in blocks.agenda(long)


def test_no_line_of_a_plan_begins_a_list_by_mistake() -> None:
    for length in range(1, 90):
        item = f"- {'x' * length} (demo 75 + lab 30); labs for the evening: 05 (25), 06 (30)"
        _, *more = blocks._filled(item).splitlines()
        assert not [line for line in more if re.match(r"\s*(\d+[.)]|[-+*])(\s|$)", line)]
        assert " ".join(blocks._filled(item).split()) == item


def test_minutes_that_differ_are_named(tree: Tree) -> None:
    demo = tree.root / "lessons" / "06_tiny" / "demo.py"
    demo.write_text(DEMO + "#\n# - **Time:** 7 minutes; the lab takes 5 more\n")
    says = "course.toml gives the demo of lesson 06 5 minutes, and lessons/06_tiny/demo.py says 7."
    assert any(line.startswith(says) for line in check(tree=tree))
    demo.write_text(demo.read_text().replace("7 minutes", "5 minutes"))
    assert not any(line.startswith("course.toml") for line in check(tree=tree))


def test_a_plan_with_an_unknown_lesson_is_named(tree: Tree) -> None:
    plan = Plan("In a day", (Sitting("Morning", ("07",)),))
    readme = tree.root / "README.md"
    readme.write_text("<!-- made by ./course build: agenda -->\n<!-- end -->\n")
    lines = check(tree=replace(tree, plans=(plan,)))
    assert any("the plan 'In a day' names lesson 07" in line for line in lines)


def test_a_block_that_nobody_makes(tree: Tree) -> None:
    (tree.root / "README.md").write_text("<!-- made by ./course build: lesons -->\n<!-- end -->\n")
    with pytest.raises(CourseError, match="nobody makes a block 'lesons'"):
        blocks.write(tree)
