"""The round trip grades for real, and notices a grade that is not what it must be."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from course_utils.build import roundtrip
from course_utils.build.instructors import write_course
from course_utils.build.roundtrip import on_sibling, solved, wrong_answer
from course_utils.build.source import Tree, read, write
from course_utils.errors import CourseError

MakeTree = Callable[..., Tree]

# What a lab's checks do, without the engine: a float, or an error that says why. The check speaks
# as loudly on stderr as Spark would, before and after.
LAB = """
# %% [markdown]
# # 06 · Tiny: lab

# %%
import os

os.system("echo from a program >&2")
assert os.environ["NBGRADER_EXECUTION"] == "autograde"

class CheckFailed(Exception):
    pass

def grade(answer, right, points):
    os.system("echo from a program >&2")
    if answer is ...:
        raise CheckFailed("q1 not started")
    if answer != right:
        raise CheckFailed("Likely cause [none], [two] or [clears]")
    return points

table = [1]

# %% answer="q1"
### STUB one = ...
### BEGIN SOLUTION
one = table[0]
### END SOLUTION

# %% check="q1"
grade(one, 1, 2.0)

# %% [markdown]
# ## Question 2

# %%
table = table + [2]

# %% answer="q2"
### STUB two = ...
### BEGIN SOLUTION
two = table[1]
### END SOLUTION

# %% check="q2"
grade((one, two), (1, 2), 1.0)

# %% answer="q3" tags=["nbval-check-output"]
### STUB three = ...
### BEGIN SOLUTION
three = one + two
print(three)
### END SOLUTION

# %% check="q3"
1.0  # a check that can't fail
"""
ANSWERS = {
    "answers/q1/bad_none.py": "one = None",
    "answers/q1/bad_two.py": "one = 2",
    "answers/q1/bad_unlike.py": "one = 3",
    "answers/q2/_before.py": "five = 5",
    "answers/q2/bad_clears.py": "table = []\none = five\ntwo = 3",
    "answers/q3/bad_four.py": "three = 4",
    "answers/q2/ok_sum.py": "two = one + 1",
}
POINTS: dict[str, float] = {"q1": 2, "q2": 1, "q3": 1}

SCRIPT = """
import sys
from pathlib import Path
from types import SimpleNamespace
from course_utils.build import roundtrip
from course_utils.build.source import Tree
from course_utils.config import Lesson

roundtrip.warm_spark = __import__("contextlib").nullcontext
lesson = Lesson("06", "tiny", "Tiny", "Foundations", 0, 5, (), ())
asked = [SimpleNamespace(id=f"q{n}", points=p) for n, p in ((1, 2), (2, 1), (3, 1))]
outcomes = roundtrip.roundtrip(tree=Tree(Path(sys.argv[1]), (lesson,), lambda number: asked))
for outcome in outcomes:
    print(outcome.submission, sorted(outcome.graded.points.items()))
    for line in outcome.mismatches:
        print("MISMATCH", line)
"""
# On these days the turns of q1 are its three answers, in their order
NONE, TWO, UNLIKE = "2026-11-26", "2026-11-27", "2026-11-28"


def store_solution(tree: Tree, printed: str) -> None:
    """Write the solution as a build would, with this output."""
    notebook = tree.lesson("06").notebook("solution")
    cell = next(cell for cell in notebook.cells if cell.metadata.get("tags"))
    cell.outputs = [nbformat.v4.new_output("stream", text=printed)]
    write(notebook, tree.lesson("06").target("solution"))


def grade(tree: Tree, day: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tree.root)],
        env={**os.environ, "COURSE_ROTATION": day},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.slow
def test_everything_gets_its_points_and_a_check_that_cannot_fail_is_noticed(
    make_tree: MakeTree,
) -> None:
    tree = make_tree({"lab.py": LAB, **ANSWERS}, POINTS)
    store_solution(tree, "3\n")
    assert grade(tree, TWO) == [
        "as_shipped [('L06-q1-check', 0.0), ('L06-q2-check', 0.0), ('L06-q3-check', 1.0)]",
        "MISMATCH 06_tiny as_shipped: lessons/06_tiny/lab.py line 44 "
        "got 0, but not as q2 not started: Likely cause [none], [two] or [clears]",
        "MISMATCH 06_tiny as_shipped: lessons/06_tiny/lab.py line 54 got 1.0, not 0",
        "solved [('L06-q1-check', 2.0), ('L06-q1-check-wrong', 0.0), "
        "('L06-q2-check', 1.0), ('L06-q2-check-wrong', 0.0), "
        "('L06-q3-check', 1.0), ('L06-q3-check-wrong', 1.0)]",
        "MISMATCH 06_tiny solved: lessons/06_tiny/answers/q3/bad_four.py got 1.0, not 0",
    ]


@pytest.mark.slow
def test_a_diagnosis_that_is_not_due_an_accident_and_another_output_are_noticed(
    make_tree: MakeTree,
) -> None:
    breaks = {"answers/q2/bad_clears.py": "def grade(*_):\n    return missing"}
    tree = make_tree({"lab.py": LAB, **ANSWERS, **breaks}, POINTS)
    store_solution(tree, "4\n")
    lines = [line for line in grade(tree, UNLIKE) if " solved: " in line or line[0] in "+-"]
    assert lines == [
        "MISMATCH 06_tiny solved: lessons/06_tiny/answers/q1/bad_unlike.py "
        "got 0, but not as [unlike]: Likely cause [none], [two] or [clears]",
        "MISMATCH 06_tiny solved: lessons/06_tiny/answers/q2/bad_clears.py "
        "got 0 because of NameError",
        "MISMATCH 06_tiny solved: lessons/06_tiny/answers/q3/bad_four.py got 1.0, not 0",
        "MISMATCH 06_tiny solved: cell 06-lab-q3: its output differs",
        "--- stored",
        "+++ now",
        "-stdout: 4",
        "+stdout: 3",
    ]


def test_todays_wrong_answer_stands_before_the_solution(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_ROTATION", NONE)
    notebook, expected = solved(make_tree({"lab.py": LAB, **ANSWERS}, POINTS).lesson("06"))
    assert [(grade_id, due.points, due.told) for grade_id, due in expected.items()] == [
        ("L06-q1-check-wrong", 0, "[none]"),
        ("L06-q1-check", 2, ""),
        ("L06-q2-check-wrong", 0, "[clears]"),
        ("L06-q2-check", 1, ""),
        ("L06-q3-check-wrong", 0, "[four]"),
        ("L06-q3-check", 1, ""),
    ]
    ids = [cell.id for cell in notebook.cells]
    assert len(ids) == len(set(ids))
    sources = [cell.source for cell in notebook.cells]
    assert sources.index("one = None") < sources.index("one = table[0]")
    # what the lesson gives runs once, as in a learner's notebook, and so does what answers share
    assert sources.count("table = table + [2]") == 1
    assert sources.index("five = 5") < sources.index(ANSWERS["answers/q2/bad_clears.py"])


def test_every_wrong_answer_has_its_turn(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = make_tree({"lab.py": LAB, **ANSWERS}, POINTS).lesson("06")
    found = []
    for day in (NONE, TWO, UNLIKE):
        monkeypatch.setenv("COURSE_ROTATION", day)
        path = wrong_answer(sources, "q1")
        assert path is not None
        found.append(path.name)
    assert found == ["bad_none.py", "bad_two.py", "bad_unlike.py"]
    assert wrong_answer(sources, "q9") is None


def test_each_lab_runs_on_sibling_data_every_third_day(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = make_tree({"lab.py": LAB, **ANSWERS}, POINTS).lesson("06")
    found = []
    for day in (NONE, TWO, UNLIKE):
        monkeypatch.setenv("COURSE_ROTATION", day)
        found.append(on_sibling(sources))
    assert sorted(found) == [False, False, True]


def test_an_instructors_course(make_tree: MakeTree, tmp_path: Path) -> None:
    tree = make_tree({"lab.py": LAB}, POINTS)
    folder = tmp_path / "class"
    write_course(folder, [tree.lesson("06")])
    source = read(folder / "source" / "06_tiny" / "06_tiny.ipynb")
    assert source is not None
    assert "### BEGIN SOLUTION" in source.cells[2].source
    write_course(folder, [tree.lesson("06")])  # again: nothing in the way
    (folder / "nbgrader_config.py").write_text("mine = 1\n")
    with pytest.raises(CourseError, match="was changed"):
        write_course(folder, [tree.lesson("06")])
    assert (folder / "nbgrader_config.py").read_text() == "mine = 1\n"


def test_a_demo_alone_is_nothing_to_grade(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roundtrip, "warm_spark", lambda: pytest.fail("no Spark is needed"))
    tree = make_tree({"demo.py": "# %%\nprint(1)\n"}, lab=False)
    assert roundtrip.roundtrip(["06"], tree) == []
