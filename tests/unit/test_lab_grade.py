"""grade() against nbgrader's own rules, and what keeps stderr out of a graded cell."""

import io
import logging
import math
import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.utils import determine_grade

from course_utils.lab import CheckFailed, Status
from course_utils.lab.quiet import quiet_stderr
from tests.unit.lab_helpers import lab, question


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("COURSE_WORKBOOK", str(tmp_path / "workbook"))


def _grade_cell(points: float, outputs: list[Any]) -> float:
    """What nbgrader gives a cell with these outputs."""
    cell = nbformat.v4.new_code_cell("lab.q1.check()", outputs=outputs)
    cell.metadata["nbgrader"] = {
        "schema_version": 3, "grade": True, "solution": False, "locked": True, "task": False,
        "grade_id": "L00-q1-check", "points": points,
    }  # fmt: skip
    score, maximum = determine_grade(cell, logging.getLogger("test"))
    assert maximum == points
    assert score is not None
    return float(score)


def _outputs(total: Any, **changes: Any) -> list[Any]:
    """The outputs of a cell that ends in grade(), as IPython would write them."""
    ours = lab(question(**changes), total=total)
    try:
        value = ours.q1.grade()
    except CheckFailed as error:
        lines = error._render_traceback_()
        return [nbformat.v4.new_output("error", ename="CheckFailed", evalue="", traceback=lines)]
    shown = nbformat.v4.new_output("display_data", {"text/plain": "✓ q1 done"})
    result = nbformat.v4.new_output("execute_result", {"text/plain": repr(value)})
    return [shown, result]


def _bug(a: Any) -> str | None:
    raise KeyError("reference")


@pytest.mark.parametrize("points", [1, 2, 2.5, 0.3])
def test_nbgrader_gives_full_points_for_a_pass_and_none_for_the_rest(points: float) -> None:
    assert _grade_cell(points, _outputs(60, points=points)) == points
    for wrong in (..., None, 3, 61, "60", float("nan")):
        assert _grade_cell(points, _outputs(wrong, points=points)) == 0


def test_a_check_that_cannot_be_made_earns_nothing_by_itself() -> None:
    assert _grade_cell(2, _outputs(60, refuse=_bug)) == 0


def test_grade_is_a_plain_finite_float_within_the_points(
    capsys: pytest.CaptureFixture[str],
) -> None:
    value = lab(question(points=3), total=60).q1.grade()
    assert type(value) is float
    assert math.isfinite(value)
    assert value == 3.0
    assert "✓ q1 done" in capsys.readouterr().out


def test_a_wrong_answer_raises_its_message_without_a_stack() -> None:
    with pytest.raises(CheckFailed) as caught:
        lab(question(), total=3).q1.grade()
    assert caught.value.result.status is Status.WRONG
    lines = caught.value._render_traceback_()
    assert lines == caught.value.result.lines
    assert "[counted]" in "\n".join(lines)
    assert "Traceback" not in "\n".join(lines)


def test_check_grades_under_nbgrader(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lab(question(), total=60).q1.check() is None
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert lab(question(), total=60).q1.check() == 2.0
    with pytest.raises(CheckFailed):
        lab(question(), total=61).q1.check()


def test_nothing_is_recorded_under_nbgrader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from course_utils.lab import Lab

    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    graded = Lab("00", namespace={"total": 60}, sources=[], questions=[question()])
    graded.q1.check()
    assert not (tmp_path / "workbook" / "progress.json").exists()


def test_an_interrupt_is_not_swallowed() -> None:
    def interrupted(a: Any) -> str | None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lab(question(refuse=interrupted), total=60).q1.grade()


@pytest.mark.filterwarnings("ignore:from warnings")
def test_stderr_of_a_check_goes_to_the_log(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    stream = sys.stderr
    old_handler = logging.StreamHandler(stream)
    logger = logging.getLogger("noisy")
    logger.addHandler(old_handler)

    def noisy(a: Any) -> str | None:
        print("from print", file=sys.stderr)
        os.write(2, b"from fd 2\n")
        subprocess.run([sys.executable, "-c", "import os; os.write(2, b'from a child\\n')"])
        logger.warning("from a handler made before")
        logging.getLogger("other").warning("from logging")
        warnings.warn("from warnings", stacklevel=1)
        return None

    try:
        assert lab(question(refuse=noisy, mistakes=()), total=60).q1.grade() == 2.0
    finally:
        logger.removeHandler(old_handler)
    assert capfd.readouterr().err == ""
    assert old_handler.stream is stream
    log = (tmp_path / "state" / "logs" / "checks.stderr.log").read_text()
    for source in ("print", "fd 2", "a child", "a handler made before"):
        assert f"from {source}" in log


def test_stderr_is_back_after_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    before = sys.stderr
    with pytest.raises(RuntimeError), quiet_stderr():
        raise RuntimeError
    assert sys.stderr is before
    os.write(2, b"back\n")
    assert capfd.readouterr().err == "back\n"


def test_a_logger_set_up_during_a_check_works_after_it(capfd: pytest.CaptureFixture[str]) -> None:
    logger = logging.getLogger("set-up-late")
    with quiet_stderr():
        logger.addHandler(logging.StreamHandler())
    logger.warning("after")
    logger.handlers.clear()
    assert capfd.readouterr().err == "after\n"


def test_stderr_that_is_no_real_file() -> None:
    kept, sys.stderr = sys.stderr, io.StringIO()
    try:
        with quiet_stderr():
            print("gone", file=sys.stderr)
        assert sys.stderr.getvalue() == ""
    finally:
        sys.stderr = kept
