"""The round trip grades for real, and notices a grade that is not what it must be."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from course_utils.build import grading
from course_utils.build.grading import golden, write_course
from course_utils.build.source import Tree, read
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

# %% answer="q3"
### STUB three = ...
### BEGIN SOLUTION
three = one + two
### END SOLUTION

# %% check="q3"
1.0  # a check that can't fail
"""
ANSWERS = {
    "answers/q1/bad_none.py": "one = None",
    "answers/q1/bad_two.py": "one = 2",
    "answers/q1/bad_unlike.py": "one = 3",
    "answers/q2/bad_clears.py": "table = []\none = 5\ntwo = 3",
    "answers/q2/bad_breaks_check.py": "def grade(*_):\n    return missing",
    "answers/q3/bad_four.py": "three = 4",
    "answers/q2/ok_sum.py": "two = one + 1",
    "answers/q2/ok_wrong.py": "two = 5",
}
POINTS: dict[str, float] = {"q1": 2, "q2": 1, "q3": 1}

SCRIPT = """
import sys
from pathlib import Path
from types import SimpleNamespace
from course_utils.build import grading
from course_utils.build.source import Tree
from course_utils.config import Lesson

grading.warm_spark = __import__("contextlib").nullcontext
lesson = Lesson("06", "tiny", "Tiny", "Foundations", 0, 5, (), ())
asked = [SimpleNamespace(id=f"q{n}", points=p) for n, p in ((1, 2), (2, 1), (3, 1))]
outcomes = grading.roundtrip(tree=Tree(Path(sys.argv[1]), (lesson,), lambda number: asked))
for outcome in outcomes:
    print(outcome.submission, sorted(outcome.found.items()))
    for line in outcome.mismatches:
        print("MISMATCH", line)
"""


@pytest.mark.slow
def test_everything_gets_its_points_and_a_check_that_cannot_fail_is_noticed(
    make_tree: MakeTree,
) -> None:
    tree = make_tree({"lab.py": LAB, **ANSWERS}, POINTS)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tree.root)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "solution [('L06-q1-check', 2.0), ('L06-q2-check', 1.0), ('L06-q3-check', 1.0)]",
        "as_shipped [('L06-q1-check', 0.0), ('L06-q2-check', 0.0), ('L06-q3-check', 1.0)]",
        "MISMATCH 06_tiny as_shipped: lessons/06_tiny/lab.py line 44 "
        "got 0, but not as q2 not started: Likely cause [none], [two] or [clears]",
        "MISMATCH 06_tiny as_shipped: lessons/06_tiny/lab.py line 53 got 1.0, not 0",
        "every_answer [('L06-q1-check', 2.0), ('L06-q1-check-a1', 0.0), "
        "('L06-q1-check-a2', 0.0), ('L06-q1-check-a3', 0.0), "
        "('L06-q2-check', 1.0), ('L06-q2-check-a1', 0.0), ('L06-q2-check-a2', 0.0), "
        "('L06-q2-check-a3', 1.0), ('L06-q2-check-a4', 0.0), "
        "('L06-q3-check', 1.0), ('L06-q3-check-a1', 1.0)]",
        "MISMATCH 06_tiny_answers every_answer: lessons/06_tiny/answers/q1/bad_unlike.py "
        "got 0, but not as [unlike]: Likely cause [none], [two] or [clears]",
        "MISMATCH 06_tiny_answers every_answer: lessons/06_tiny/answers/q2/bad_breaks_check.py "
        "got 0 because of NameError",
        "MISMATCH 06_tiny_answers every_answer: lessons/06_tiny/answers/q2/ok_wrong.py "
        "got 0.0, not 1",
        "MISMATCH 06_tiny_answers every_answer: lessons/06_tiny/answers/q3/bad_four.py "
        "got 1.0, not 0",
    ]


def test_golden_notebook_puts_all_answers_before_the_solution(make_tree: MakeTree) -> None:
    notebook, expected = golden(make_tree({"lab.py": LAB, **ANSWERS}, POINTS).lesson("06"))
    assert [(grade_id, due.points) for grade_id, due in expected.items()] == [
        ("L06-q1-check-a1", 0),
        ("L06-q1-check-a2", 0),
        ("L06-q1-check-a3", 0),
        ("L06-q1-check", 2),
        ("L06-q2-check-a1", 0),
        ("L06-q2-check-a2", 0),
        ("L06-q2-check-a3", 1),
        ("L06-q2-check-a4", 1),
        ("L06-q2-check", 1),
        ("L06-q3-check-a1", 0),
        ("L06-q3-check", 1),
    ]
    ids = [cell.id for cell in notebook.cells]
    assert len(ids) == len(set(ids))
    sources = [cell.source for cell in notebook.cells]
    assert sources.index("one = None") < sources.index("one = table[0]")
    # what the lesson gives runs once, as in a learner's notebook
    assert sources.count("table = table + [2]") == 1


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
    monkeypatch.setattr(grading, "warm_spark", lambda: pytest.fail("no Spark is needed"))
    tree = make_tree({"demo.py": "# %%\nprint(1)\n"}, lab=False)
    assert grading.roundtrip(["06"], tree) == []
