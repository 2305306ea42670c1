"""Every state of a check, on questions that need no Spark."""

import re
from pathlib import Path
from typing import Any

import pytest

from course_utils.errors import CourseError
from course_utils.lab import Answers, Lab, Mistake, Question, Status, content
from course_utils.lab.message import MOST_LINES
from course_utils.lab.ran import Ran
from tests.unit.lab_helpers import accepts_all, lab, question


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("COURSE_WORKBOOK", str(tmp_path / "workbook"))


def test_placeholder_is_not_started() -> None:
    result = lab(question(), total=...).q1.evaluate()
    assert result.status is Status.NOT_STARTED
    assert "`total` is still `...`" in result.lines[1]
    assert result.points == 0


def test_missing_name_is_not_started() -> None:
    result = lab(question()).q1.evaluate()
    assert result.status is Status.NOT_STARTED
    assert "`total` is not defined" in result.lines[1]


def test_some_open_names_are_told_from_those_that_are_done() -> None:
    two = question(names={"total": "number", "mean": "number", "n": "integer"})
    result = lab(two, total=60, mean=...).q1.evaluate()
    assert result.status is Status.NOT_STARTED
    assert result.lines[1] == "Open: `mean` is still `...` and `n` is not defined yet"


def _def(text: str) -> Any:
    space: dict[str, Any] = {}
    exec(text, space)
    return space["area"]


@pytest.mark.parametrize(
    "body",
    ["...", "pass", "return ...", '"""Says."""', '"""Says."""; ...', '"""Says."""; return ...'],
)
def test_function_without_a_body_is_not_started(body: str) -> None:
    asked = question(names={"area": "function"}, mistakes=(), refuse=accepts_all)
    result = lab(asked, area=_def(f"def area(a, b): {body}")).q1.evaluate()
    assert result.status is Status.NOT_STARTED


def test_right_answer_passes_and_says_why_and_what_next() -> None:
    both = lab(question(), question("q2", title="Average"), total=60)
    result = both.q1.evaluate()
    assert (result.status, result.points) == (Status.PASS, 2.0)
    assert result.lines == [
        "✓ q1 done · Add the prices",
        "Looked at: `total` (60).",
        "Why it matters: Totals are what people ask for first.",
        "Next: q2 · Average",
    ]


def test_pass_with_note() -> None:
    noted = question(note=lambda a: "the loop could be a sum.")
    result = lab(noted, total=60).q1.evaluate()
    assert result.status is Status.PASS_WITH_NOTE
    assert result.points == 2.0
    assert "Note: the loop could be a sum." in result.lines


def test_first_mistake_that_applies_is_reported() -> None:
    result = lab(question(), total=3).q1.evaluate()
    assert (result.status, result.mistake_id) == (Status.WRONG, "counted")
    assert result.lines == [
        "✗ q1 not yet · Add the prices",
        "Looked at: `total` (3).",
        "Found: 3 items",
        "Likely cause: len() counts. [counted]",
        "Next: change the cell above, run it, then run this check again. "
        "Stuck? lab.q1.hint() (2 left)",
    ]


def test_wrong_without_a_name() -> None:
    result = lab(question(), total=61).q1.evaluate()
    assert (result.status, result.mistake_id) == (Status.WRONG, None)
    assert "61 is not the sum" in "\n".join(result.lines)
    assert "60" not in "\n".join(result.lines)


class Estimatorish:
    """Something that is no answer of any kind."""


@pytest.mark.parametrize(
    ("kind", "value", "mistake", "says"),
    [
        ("number", None, "is-none", "`total` is None; a number is due."),
        ("number", "60", "wrong-type", "in quotes"),
        ("number", True, "wrong-type", "a number is due"),
        ("number", max, "wrong-type", "parentheses"),
        ("number", float("nan"), "not-a-number", "not a finite number"),
        ("number", float("inf"), "not-a-number", "missing or infinite value"),
        ("integer", 2.5, "wrong-type", "fractional"),
        ("text", 5, "wrong-type", "text is due"),
        ("list", {1: 2}, "wrong-type", "a list is due"),
        ("dict", [1], "wrong-type", "a dict is due"),
        ("boolean", "yes", "wrong-type", "True or False is due"),
        ("function", 3, "wrong-type", "leave it uncalled"),
        ("path", 3, "wrong-type", "a path as text is due"),
        ("path", "no/such/place", "no-such-path", "nothing at the place"),
        ("choice", Estimatorish(), "wrong-type", "a number or text is due"),
        ("frame", Estimatorish(), "wrong-type", "a Spark DataFrame is due"),
        ("model", Estimatorish(), "wrong-type", "a fitted model is due"),
    ],
)
def test_generic_diagnoses(kind: str, value: Any, mistake: str, says: str) -> None:
    result = lab(question(names={"total": kind}), total=value).q1.evaluate()
    assert (result.status, result.mistake_id) == (Status.WRONG, mistake)
    assert says in "\n".join(result.lines)


def test_every_kind_names_none() -> None:
    from course_utils.lab import KINDS

    for kind in set(KINDS) - {"any"}:
        result = lab(question(names={"total": kind}), total=None).q1.evaluate()
        assert result.mistake_id == "is-none", kind


def test_empty_pandas_frame() -> None:
    import pandas as pd

    asked = question(names={"total": "pandas"}, mistakes=(), refuse=accepts_all)
    empty = lab(asked, total=pd.DataFrame({"a": []})).q1.evaluate()
    assert empty.mistake_id == "empty-frame"
    full = lab(asked, total=pd.DataFrame({"a": [1]})).q1.evaluate()
    assert full.status is Status.PASS


def test_columns_that_a_frame_must_have() -> None:
    import pandas as pd

    asked = question(
        names={"total": "pandas"},
        columns={"total": {"price": "number", "city": "text"}},
        mistakes=(),
        refuse=accepts_all,
    )
    for frame, mistake in (
        (pd.DataFrame({"price": [1.0], "city": ["Rome"]}), None),
        (pd.DataFrame({"city": ["Rome"]}), "missing-column"),
        (pd.DataFrame({"price": ["1"], "city": ["Rome"]}), "wrong-column-type"),
    ):
        assert lab(asked, total=frame).q1.evaluate().mistake_id == mistake


@pytest.mark.parametrize(
    "source",
    [
        "total = 60",
        "total, n = 60, 3",
        "total: float = -60",
    ],
)
def test_typed_in_answer(source: str) -> None:
    result = lab(question(), sources=[source], total=60).q1.evaluate()
    assert (result.status, result.mistake_id) == (Status.WRONG, "hard-coded")


@pytest.mark.parametrize(
    "source",
    [
        "total = sum(prices)",
        "a, b = 20, 3\ntotal = a * b",
        "total = 0\nfor price in prices:\n    total += price",
        "total = prices[0] + 50",
        "total = 60 if prices else 0",
        "total = 59\ntotal += 1",
        "from prices import total",
        "%time total = sum(prices)",
    ],
)
def test_computed_answer(source: str) -> None:
    assert lab(question(), sources=[source], total=60).q1.evaluate().status is Status.PASS


def test_only_the_last_cell_that_sets_the_name_counts() -> None:
    cells: list[str | Ran] = ["total = 60", "total = sum(prices)", "print(total)"]
    assert lab(question(), sources=cells, total=60).q1.evaluate().status is Status.PASS


def test_a_choice_may_be_typed_in() -> None:
    chosen = question(names={"total": "choice"})
    assert lab(chosen, sources=["total = 60"], total=60).q1.evaluate().status is Status.PASS


def test_list_that_is_filled_step_by_step_is_computed() -> None:
    asked = question(names={"total": "list"}, mistakes=(), refuse=accepts_all)
    filled = "total = []\nfor p in prices:\n    total.append(p)"
    assert lab(asked, sources=[filled], total=[1]).q1.evaluate().status is Status.PASS
    for helped in ("total = [0]\nfill(total)", "total = list(range(3))", "total = [x := 1]"):
        assert lab(asked, sources=[helped], total=[1]).q1.evaluate().status is Status.PASS
    for literal in ("total = [1]", "total = [1]\nprint(total)"):
        assert lab(asked, sources=[literal], total=[1]).q1.evaluate().mistake_id == "hard-coded"


def test_cell_that_raised() -> None:
    cells: list[str | Ran] = [Ran("total = 1 / 0", ZeroDivisionError("division by zero"))]
    result = lab(question(), sources=cells).q1.evaluate()
    assert result.status is Status.RAISED
    assert "ZeroDivisionError: division by zero" in "\n".join(result.lines)


def test_a_stale_value_does_not_hide_that_its_cell_raised() -> None:
    cells: list[str | Ran] = ["total = sum(prices)", Ran("total = sum(price)", NameError("price"))]
    assert lab(question(), sources=cells, total=60).q1.evaluate().status is Status.RAISED


def test_what_failed_may_be_mended_in_a_cell_of_its_own() -> None:
    asked = question(names={"total": "number", "mean": "number"}, refuse=accepts_all, mistakes=())
    failed = Ran("total = sum(prices)\nmean = totl / 3", NameError("totl"))
    broken = lab(asked, sources=[failed], total=60, mean=1)
    assert broken.q1.evaluate().status is Status.RAISED
    mended = lab(asked, sources=[failed, "mean = total / 3"], total=60, mean=20.0)
    assert mended.q1.evaluate().status is Status.PASS


@pytest.mark.parametrize("broken", ["total = sum(prices", "total, mean = sum(prices"])
def test_cell_with_a_syntax_error(broken: str) -> None:
    cells: list[str | Ran] = [Ran(broken, SyntaxError("'(' was never closed"))]
    result = lab(question(), sources=cells, total=...).q1.evaluate()
    assert result.status is Status.RAISED
    assert "never closed" in "\n".join(result.lines)


def test_the_placeholder_is_not_taken_for_a_typed_in_value() -> None:
    asked = question(refuse=accepts_all, mistakes=())
    cells: list[str | Ran] = ["total = ...", "def add():\n    global total\n    total = 60"]
    assert lab(asked, sources=cells, total=60).q1.evaluate().status is Status.PASS


@pytest.mark.parametrize(
    ("value", "shown"),
    [((-20.5, 380), "-20.5, 380"), ([], "list, 0 items"), ([1, 2, 3, 4], "list, 4 items")],
)
def test_a_few_numbers_are_shown_not_counted(value: object, shown: str) -> None:
    asked = question(names={"total": "list"}, refuse=accepts_all, mistakes=())
    assert f"`total` ({shown})" in "\n".join(lab(asked, total=value).q1.evaluate().lines)


def test_a_cause_is_one_line_however_it_was_written() -> None:
    told = Mistake("split", lambda a: "something", "it goes on\nin the next line.")
    result = lab(question(mistakes=(told,)), total=1).q1.evaluate()
    assert "Likely cause: it goes on in the next line. [split]" in result.lines


def _area_question() -> Question:
    def right(a: Answers) -> str | None:
        return None if a.call("area", 2, 3) == 6 else "the area is off"

    return question(names={"area": "function"}, mistakes=(), refuse=right)


def test_function_that_raises() -> None:
    result = lab(_area_question(), area=lambda a, b: a / 0).q1.evaluate()
    assert result.status is Status.RAISED
    assert "`area(2, 3)` raised ZeroDivisionError" in "\n".join(result.lines)


def test_function_that_returns_none() -> None:
    result = lab(_area_question(), area=lambda a, b: print("")).q1.evaluate()
    assert (result.status, result.mistake_id) == (Status.WRONG, "is-none")
    assert "return" in "\n".join(result.lines)


def test_learners_code_that_a_check_runs_indirectly() -> None:
    space: dict[str, Any] = {}
    exec("class Shape:\n    def area(self):\n        return 1 / 0\nshape = Shape()", space)
    asked = question(names={"shape": "any"}, mistakes=(), refuse=lambda a: str(a.shape.area()))
    ours = Lab("00", namespace=space, record=False, sources=[], questions=[asked])
    result = ours.q1.evaluate()
    assert result.status is Status.RAISED
    assert "ZeroDivisionError" in "\n".join(result.lines)


# --- questions that build on others --------------------------------------------------------


def _chain(**names: Any) -> Lab:
    second = question(
        "q2",
        title="Average",
        needs=("q1",),
        names={"mean": "number"},
        mistakes=(),
        refuse=lambda a: None if a.mean == a.total / 3 else "mean is off",
    )
    return lab(question(), second, **names)


def test_blocked_by_an_open_question() -> None:
    result = _chain(total=..., mean=20).q2.evaluate()
    assert result.status is Status.BLOCKED
    assert "q1 · Add the prices" in "\n".join(result.lines)
    assert result.points == 0


def test_open_comes_before_blocked() -> None:
    assert _chain(total=..., mean=...).q2.evaluate().status is Status.NOT_STARTED


def test_wrong_is_blocked_when_the_earlier_answer_is_wrong() -> None:
    assert _chain(total=61, mean=20).q2.evaluate().status is Status.BLOCKED
    assert _chain(total=60, mean=21).q2.evaluate().status is Status.WRONG
    assert _chain(total=60, mean=20).q2.evaluate().status is Status.PASS


def test_blocked_lifts_when_the_earlier_answer_is_put_right() -> None:
    names: dict[str, Any] = {"total": 61, "mean": 20}
    chain = _chain()
    chain._checks["q1"]._evaluator._namespace.update(names)
    chain.q1.evaluate()
    assert chain.q2.evaluate().status is Status.BLOCKED
    chain._checks["q1"]._evaluator._namespace["total"] = 60
    assert chain.q2.evaluate().status is Status.PASS


# --- faults of the course ------------------------------------------------------------------


@pytest.mark.parametrize("where", ["refuse", "evidence", "note"])
def test_bug_in_a_check_is_never_the_learners(where: str, tmp_path: Path) -> None:
    def bug(a: Answers) -> str | None:
        raise KeyError("reference")

    changes: dict[str, Any] = {where: bug}
    if where == "evidence":
        changes = {"mistakes": (Mistake("broken", bug, "never said"),)}
    result = lab(question(**changes), total=60).q1.evaluate()
    text = "\n".join(result.lines)
    assert (result.status, result.points) == (Status.CHECK_BUG, 0.0)
    assert "it says nothing about this answer" in text
    assert "KeyError" not in text
    number = re.search(r"diagnostic id (\w{8})", text)
    assert number is not None
    log = (tmp_path / "state" / "logs" / "checks.log").read_text()
    assert number[1] in log
    assert "KeyError: 'reference'" in log


def test_same_bug_has_the_same_diagnostic_id() -> None:
    def bug(a: Answers) -> str | None:
        raise KeyError("reference")

    buggy = lab(question(refuse=bug), total=60)
    assert buggy.q1.evaluate().lines == buggy.q1.evaluate().lines


def test_bug_is_told_when_the_log_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "file"))
    buggy = lab(question(refuse=lambda a: str(1 / 0)), total=60)
    result = buggy.q1.evaluate()
    assert result.status is Status.CHECK_BUG
    assert "could not be written" in "\n".join(result.lines)


def test_name_that_the_check_needs_beside_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = question(refuse=lambda a: str(a.train_df))
    # nobody makes it: the rule is at fault
    assert lab(asked, total=60).q1.evaluate().status is Status.CHECK_BUG
    monkeypatch.setattr(content, "own_names", lambda number: frozenset({"train_df"}))
    result = lab(asked, total=60).q1.evaluate()
    assert result.status is Status.NOT_STARTED
    assert "`train_df`" in "\n".join(result.lines)


def test_value_that_breaks_when_it_is_described() -> None:
    class Odd(list[int]):
        def __len__(self) -> int:
            raise RuntimeError

    asked = question(names={"total": "list"}, mistakes=(), refuse=lambda a: "no")
    assert lab(asked, total=Odd()).q1.evaluate().status is Status.WRONG


# --- the lab object ------------------------------------------------------------------------


def test_question_that_is_not_there() -> None:
    with pytest.raises(CourseError, match="has no 'q9': it has q1"):
        lab(question()).q9.check()
    assert not hasattr(lab(question()), "q9")
    assert "q1" in dir(lab(question()))


def test_summary_counts_what_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    ours = _chain(total=60, mean=...)
    ours.q1.check()
    ours.q2.check()
    capsys.readouterr()
    ours.summary()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Lab 00 · Welcome: 1 of 2 done"
    assert lines[1] == "✓ q1 done · Add the prices"
    assert lines[2] == "… q2 not started · Average"
    assert lines[3] == "Next: q2 · Average"


def test_hints_come_one_by_one_and_say_how_many_are_left(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ours = lab(question(), total=61)
    ours.q1.hint()
    first = capsys.readouterr().out
    assert "Hint 1 of 2" in first
    assert "sum(prices)" not in first
    assert "1 more" in first
    ours.q1.hint()
    assert "sum(prices)" in capsys.readouterr().out
    assert "All hints are open" in ours.q1.evaluate().lines[-1]
    ours.q1.hint()
    assert "Hint 2 of 2" in capsys.readouterr().out


def test_solution_opens_after_a_try_and_the_last_hint(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "solution", lambda number, question: "total = sum(prices)")
    ours = lab(question(), total=61)
    ours.q1.solution()
    out = capsys.readouterr().out
    assert "still closed" in out
    assert "reveal=True" in out
    assert "sum(prices)" not in out
    ours.q1.hint()
    ours.q1.hint()
    capsys.readouterr()
    ours.q1.solution()
    assert "a try with lab.q1.check()" in capsys.readouterr().out
    ours.q1.check()
    capsys.readouterr()
    ours.q1.solution()
    assert "total = sum(prices)" in capsys.readouterr().out


def test_solution_opens_after_a_pass_and_by_reveal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "solution", lambda number, question: "total = sum(prices)")
    passed = lab(question(), total=60)
    passed.q1.check()
    revealed = lab(question(), total=...)
    capsys.readouterr()
    passed.q1.solution()
    assert "total = sum(prices)" in capsys.readouterr().out
    revealed.q1.solution(reveal=True)
    assert "total = sum(prices)" in capsys.readouterr().out
    assert revealed.entry("q1").solution_seen


# --- rules of all messages -----------------------------------------------------------------


@pytest.mark.parametrize(
    "value", [..., None, "x", 3, 20, 61, 61.5, float("nan"), "/home/ada/secret/file.txt", 10**30]
)
def test_messages_are_short_and_plain(value: Any) -> None:
    result = lab(question(), total=value).q1.evaluate()
    text = "\n".join(result.lines)
    assert len(result.lines) <= MOST_LINES
    assert "`total`" in text
    assert "Traceback" not in text
    assert not re.search(r"/\w+/\w+", text)
    assert not re.search(r"\b60\b", text)


def test_question_refuses_what_cannot_work() -> None:
    refused: list[dict[str, Any]] = [
        {"id": "one"},
        {"names": {}},
        {"names": {"total": "nummer"}},
        {"names": {"rows": "number"}},
        {"points": 0},
        {"fixed": ("colour",)},
        {"why": "one\ntwo"},
        {"columns": {"total": {"a": "number"}}},
        {"mistakes": (Mistake("a", accepts_all, "x"), Mistake("a", accepts_all, "x"))},
    ]
    for changes in refused:
        with pytest.raises(ValueError, match=r"q1|one"):
            question(**changes)
    with pytest.raises(ValueError, match="kebab"):
        Mistake("Not Kebab", accepts_all, "x")
    with pytest.raises(ValueError, match="lines"):
        Mistake("kebab", accepts_all, "x\ny\nz")


def test_overwriting_an_earlier_answer_is_this_questions_mistake() -> None:
    cells: list[str | Ran] = ["total = sum(prices)", "total = 61\nmean = total / 3"]
    second = question(
        "q2",
        needs=("q1",),
        names={"mean": "number"},
        mistakes=(),
        refuse=lambda a: "the total moved",
    )
    result = lab(question(), second, sources=cells, total=61, mean=20).q2.evaluate()
    assert result.status is Status.WRONG
