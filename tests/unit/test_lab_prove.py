"""The prover itself: it has to find each way in which a lesson's answers can be off."""

import sys
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

from course_utils import paths
from course_utils.build.proof import variants
from course_utils.build.proof.prove import Proof, prove
from course_utils.errors import CourseError
from course_utils.lab.question import Question

LAB = """
# %% [markdown]
# ## Question 1

# %%
prices = [10.5, 20.25, 30.5]

# %% answer="q1"
# TODO q1: add the prices.
### STUB total = ...
### BEGIN SOLUTION
total = sum(prices)
### END SOLUTION

# %% check="q1"
lab.q1.check()

# %% answer="q2"
# TODO q2: the mean.
### STUB def mean(values):
### STUB     ...
### BEGIN SOLUTION
def mean(values):
    return sum(values) / len(values)
### END SOLUTION

# %% check="q2"
lab.q2.check()
"""
QUESTIONS = """
from course_utils.lab import Mistake, Question

PRICES = (10.5, 20.25, 30.5)


def _if(condition, evidence):
    return evidence if condition else None


QUESTIONS = [
    Question(
        id="q1", title="Add", names={"total": "number"}, hints=("a", "b"), why="Sums are useful.",
        mistakes=(
            Mistake("counted", lambda a: _if(a.total == 3, "the number of items"), "len counts"),
            Mistake("largest", lambda a: _if(a.total == 30.5, "the largest"), "max picks one"),
            Mistake("first", lambda a: _if(a.total == 10.5, "the first"), "an index picks one"),
        ),
        refuse=lambda a: _if(abs(a.total - sum(PRICES)) > 1e-9, "`total` is another number"),
    ),
    Question(
        id="q2", title="Mean", names={"mean": "function"}, needs=("q1",), hints=("a", "b"),
        why="Means are useful.",
        mistakes=(
            Mistake("sum", lambda a: _if(a.call("mean", [2, 4]) == 6, "6 for 2 and 4"), "no len"),
            Mistake("max", lambda a: _if(a.call("mean", [2, 4]) == 4, "4 for 2 and 4"), "max"),
            Mistake("min", lambda a: _if(a.call("mean", [2, 4]) == 2, "2 for 2 and 4"), "min"),
        ),
        refuse=lambda a: _if(a.call("mean", [2, 4]) != 3, "`mean` is off for 2 and 4"),
    ),
]
"""
ANSWERS = {
    "q1/ok_loop": "total = 0\nfor price in prices:\n    total += price",
    "q1/ok_minus": "total = -sum(-price for price in prices)",
    "q1/bad_counted": "total = len(prices)",
    "q1/bad_largest": "total = max(prices)",
    "q1/bad_first": "total = prices[0]",
    "q1/bad_hard-coded": "total = 61.25",
    "q2/ok_numpy": "import numpy\nmean = lambda values: numpy.mean(values)",
    "q2/ok_total": "def mean(values):\n    return sum(v / len(values) for v in values)",
    "q2/bad_sum": "mean = sum",
    "q2/bad_max": "mean = max",
    "q2/bad_min": "mean = min",
}


class Lesson:
    """A small lesson in a folder of its own, with the answers to prove it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "06_linear_regression_1"
        self.write("lab.py", LAB)
        self.write("questions.py", QUESTIONS)
        for name, text in ANSWERS.items():
            self.write(f"answers/{name}.py", text)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text
        (self.folder / name).write_text(text.replace(old, new), encoding="utf-8")

    def prove(self) -> Proof:
        return prove("06")


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lesson:
    monkeypatch.setattr(paths, "LESSONS", tmp_path / "lessons")
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "state"))
    return Lesson(tmp_path / "lessons")


def test_a_sound_lesson_has_no_mismatch(lesson: Lesson) -> None:
    proof = lesson.prove()
    assert proof.mismatches == []
    cases = {(each.question, each.case): each.status for each in proof.evaluations}
    assert cases["q1", "solution"] == "pass"
    assert cases["q1", "solution, run twice"] == "pass"
    assert cases["q1", "stub"] == "not started"
    assert cases["q1", "a cell that raises"] == "raised"
    assert cases["q1", "total typed in"] == "wrong"
    assert cases["q2", "bad_sum"] == "wrong"
    assert cases["q2", "mean: raises"] == "raised"
    assert "0 not as they should be" in str(proof)


def test_one_question_and_only_what_authors_wrote(lesson: Lesson) -> None:
    proof = prove("06", "q2")
    assert {each.question for each in proof.evaluations} == {"q2"}
    plain = prove("06", twisted=False)
    cases = {each.case for each in plain.evaluations}
    assert cases == {"solution", *(name.split("/")[1] for name in ANSWERS)}


def _only(proof: Proof, says: str) -> None:
    assert proof.mismatches, says
    assert any(says in line for line in proof.mismatches), proof.mismatches


def test_a_wrong_answer_that_passes(lesson: Lesson) -> None:
    lesson.write("answers/q1/bad_counted.py", "total = sum(prices)")
    _only(lesson.prove(), "bad_counted is due as wrong [counted] but came out as pass")


def test_a_wrong_answer_with_another_diagnosis(lesson: Lesson) -> None:
    lesson.write("answers/q1/bad_counted__2.py", "total = max(prices)")
    _only(lesson.prove(), "bad_counted__2 is due as wrong [counted] but came out as wrong [larg")


def test_a_wrong_answer_that_no_mistake_describes(lesson: Lesson) -> None:
    lesson.write("answers/q1/bad_unnamed__half.py", "total = sum(prices) / 2")
    assert lesson.prove().mismatches == []
    lesson.write("answers/q1/bad_unnamed__half.py", "total = max(prices)")
    _only(lesson.prove(), "bad_unnamed__half is due as wrong [None] but came out as wrong [larg")


def test_a_right_answer_that_is_turned_down(lesson: Lesson) -> None:
    lesson.write("answers/q1/ok_minus.py", "total = sum(prices) + 1")
    _only(lesson.prove(), "ok_minus is due as pass but came out as wrong")


def test_an_answer_that_does_not_run(lesson: Lesson) -> None:
    lesson.write("answers/q1/ok_minus.py", "total = summe(prices)")
    _only(lesson.prove(), "ok_minus does not run: NameError")


def test_a_solution_that_passes_once_only(lesson: Lesson) -> None:
    lesson.replace("lab.py", "total = sum(prices)", "total = sum(prices)\nprices = [*prices, 1]")
    _only(lesson.prove(), "solution, run twice is due as pass")


def test_a_check_that_is_too_weak(lesson: Lesson) -> None:
    lesson.replace("questions.py", 'a.call("mean", [2, 4]) != 3', "False")
    lesson.replace("questions.py", 'a.call("mean", [2, 4]) ==', "None ==")
    proof = lesson.prove()
    _only(proof, "mean: raises is due as wrong or raised but came out as pass")
    _only(proof, "bad_sum is due as wrong [sum] but came out as pass")


def test_a_check_that_breaks_on_an_odd_value(lesson: Lesson) -> None:
    lesson.replace("questions.py", "a.total == 3,", "len(PRICES) / a.total == 1,")
    _only(lesson.prove(), "total: 0 is due as wrong or raised but came out as check bug")


def test_a_message_that_gives_the_value_away(lesson: Lesson) -> None:
    lesson.replace("questions.py", "`total` is another number", "`total` is not 61.25")
    lesson.write("answers/q1/bad_counted__2.py", "total = 4")
    _only(lesson.prove(), "the message gives away the value of total")


def test_a_message_that_names_no_variable_or_holds_a_path(lesson: Lesson) -> None:
    lesson.replace("questions.py", "len counts", "see /usr/share/doc/len for it")
    _only(lesson.prove(), "the message holds a path")


def test_what_is_missing(lesson: Lesson) -> None:
    (lesson.folder / "answers/q1/bad_first.py").unlink()
    (lesson.folder / "answers/q2/ok_total.py").unlink()
    lesson.write("answers/q2/bad_median.py", "mean = min")
    lesson.write("answers/q2/other.py", "mean = min")
    proof = lesson.prove()
    _only(proof, "q1: mistake first has no file bad_first.py")
    _only(proof, "q2: has fewer than 2 files ok_*.py")
    _only(proof, "q2: bad_median.py names no mistake")
    _only(proof, "q2: other.py is neither")


def test_a_question_without_cells_and_cells_without_a_question(lesson: Lesson) -> None:
    lesson.replace("questions.py", 'id="q2"', 'id="q3"')
    with pytest.raises(CourseError, match="q2 has cells in lab"):
        lesson.prove()


def test_a_solution_that_fails(lesson: Lesson) -> None:
    lesson.replace("lab.py", "total = sum(prices)", "total = sum(price)")
    with pytest.raises(CourseError, match=r"lab.py line \d+: the cell fails with NameError"):
        lesson.prove()


def test_files_are_put_back_after_each_candidate(lesson: Lesson) -> None:
    write = """
        prices = [10.5, 20.25, 30.5]
        import os
        from pathlib import Path
        log = Path(os.environ["COURSE_WORK"]) / "log"
        log.write_text("start")
    """
    lesson.replace("lab.py", "prices = [10.5, 20.25, 30.5]\n", dedent(write))
    once = "assert log.read_text() == 'start'\nlog.write_text('used')\ntotal = max(prices)"
    lesson.write("answers/q1/bad_largest.py", once)
    lesson.write("answers/q1/bad_largest__2.py", once)
    assert lesson.prove().mismatches == []


def test_the_learners_places_are_not_touched(
    lesson: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("WORKBOOK", "WORK"):
        monkeypatch.setenv(f"COURSE_{name}", str(tmp_path / name))
    lesson.prove()
    assert not (tmp_path / "WORKBOOK").exists()
    assert not (tmp_path / "WORK").exists()


@pytest.mark.parametrize("uses", ["in_use", "ratings_in_use"])
def test_luck_is_due_only_on_the_rows_of_the_course(
    lesson: Lesson, monkeypatch: pytest.MonkeyPatch, uses: str
) -> None:
    lesson.write("answers/q1/lucky_three.py", "total = len(prices)")
    assert any("lucky_three is due as pass" in line for line in lesson.prove().mismatches)
    monkeypatch.setattr(sys.modules[prove.__module__], uses, object)
    assert not any("lucky_three" in line for line in lesson.prove().mismatches)


def test_an_array_may_be_the_solution_where_a_list_is_asked() -> None:
    asked = Question("q1", "L", {"total": "list"}, ("a", "b"), (), lambda a: None, "Lists.")
    values = {"total": np.array([1.5, 2.5])}
    names = {each.name for each in (*variants.right(asked, values), *variants.wrong(asked, values))}
    assert {"as NumPy", "total filled by a helper", "total: []", "total typed in"} <= names
