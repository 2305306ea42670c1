"""`./course test`: what it runs, in which order, and what it says."""

import sys
from pathlib import Path

import pytest

from course_utils import suite
from course_utils.build import ledger, static


def ending(code: int, text: str) -> tuple[str, ...]:
    return (sys.executable, "-c", f"print({text!r}); raise SystemExit({code})")


def test_what_is_looked_at_before_anything_runs() -> None:
    names = [part.name for part in static.parts()]
    assert names == ["ruff check", "ruff format", "mypy", "build --check"]
    assert all("lessons/06_linear_regression_1" in part.command for part in static.parts("06")[:2])
    assert all(part.command[-1] == "06" for part in static.parts("06")[2:])


def test_fast_runs_one_test_at_a_time_and_none_that_is_slow() -> None:
    command = suite.pytest_command(None, fast=True)
    assert "not slow and not spark and not browser" in command
    assert "-n" not in command


def test_fast_runs_no_proof(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    code = "from course_utils.build import ledger; print(ledger.of_this_run())"
    monkeypatch.setattr(static, "parts", lambda *args: [static.Part("x", ending(0, ""))])
    monkeypatch.setattr(suite, "pytest_command", lambda *args: [sys.executable, "-c", code])
    assert suite.run(fast=True) == 0
    assert capfd.readouterr().out.splitlines()[-1] == "{}"


def test_one_lesson_is_passed_on() -> None:
    assert suite.pytest_command("06", fast=False)[-2:] == ["-k", "06_linear_regression_1"]
    assert "-k" not in suite.pytest_command(None, fast=False)


@pytest.mark.parametrize("tests", [0, 1])
def test_pytest_has_the_last_word(
    tests: int, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(static, "parts", lambda *args: [static.Part("lint", ending(0, "fine"))])
    monkeypatch.setattr(suite, "pytest_command", lambda *args: list(ending(tests, "== 3 passed")))
    assert suite.run(fast=True) == tests
    lines = capfd.readouterr().out.splitlines()
    assert lines[-1] == "== 3 passed"
    assert "fine" not in lines
    assert any("lint" in line and "passed" in line for line in lines)


def test_every_static_fault_is_listed_and_nothing_is_executed(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    parts = [
        static.Part("style", ending(1, "line 1\nline 2")),
        static.Part("types", ending(0, "fine")),
        static.Part("rules", ending(1, "line 3")),
    ]
    monkeypatch.setattr(static, "parts", lambda *args: parts)
    monkeypatch.setattr(suite, "pytest_command", lambda *args: pytest.fail("was executed"))
    assert suite.run(fast=True) == 1
    lines = capfd.readouterr().out.splitlines()
    assert lines[-6:] == [
        "--- style",
        "line 1",
        "line 2",
        "--- rules",
        "line 3",
        "Nothing was executed: mend what is said above first.",
    ]


def test_the_proofs_that_are_due_are_said_and_told_to_the_tests(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COURSE_ROTATION", "2026-11-26")
    asked: list[tuple[str | None, bool]] = []

    def due(tree: object, number: str | None, everything: bool) -> ledger.Due:
        asked.append((number, everything))
        return ledger.Due({"06 demo": "a"}, {"06 graded": "b"}, 4)

    code = (
        "from course_utils.build import ledger, rotation; "
        "print(ledger.of_this_run(), rotation.today())"
    )
    monkeypatch.setattr(ledger, "due", due)
    monkeypatch.setattr(static, "parts", lambda *args: [static.Part("x", ending(0, ""))])
    monkeypatch.setattr(suite, "pytest_command", lambda *args: [sys.executable, "-c", code])
    monkeypatch.setattr(suite, "_warm_pool", suite._own_workbook)
    assert suite.run("6") == 0
    assert asked == [("06", False)]
    assert capfd.readouterr().out.splitlines()[-2:] == [
        "Proofs: 1 stale, 4 fresh, 1 of them run again. "
        "COURSE_ROTATION=2026-11-26 repeats the choice.",
        "{'06 demo': 'a', '06 graded': 'b'} 2026-11-26",
    ]


def test_the_suite_never_sees_a_learners_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COURSE_WORKBOOK", str(tmp_path))
    tell = (sys.executable, "-c", "import os; print(os.environ['COURSE_WORKBOOK'])")
    monkeypatch.setattr(static, "parts", lambda *args: [static.Part("tell", (*tell, "x"))])
    monkeypatch.setattr(suite, "pytest_command", lambda *args: list(tell))
    suite.run(fast=True)
    told = [line for line in capfd.readouterr().out.splitlines() if "workbook" in line]
    assert told
    assert str(tmp_path) not in told
