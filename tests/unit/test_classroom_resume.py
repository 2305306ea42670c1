"""A grading that was killed goes on, and one submission that breaks costs the others nothing."""

import json
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from course_utils.classroom import gradebook, sandbox
from course_utils.classroom.collect import collect
from course_utils.classroom.grade import grade
from course_utils.classroom.judge import Judge, Judged
from course_utils.classroom.plan import Plan
from course_utils.classroom.verdict import clean
from tests.unit.classroom_submissions import changed, hand_in, shipped

NAMES = ("anna", "bela", "cleo", "dora", "emil")
# Judges two submissions at once, and hangs on the others until it is killed
KILLED = """
import sys, time
from pathlib import Path
from course_utils.classroom import sandbox
from course_utils.classroom.grade import grade
from course_utils.classroom.judge import Judge, Judged

folder, out = map(Path, sys.argv[1:])
judged = []

def judge(self, plan):
    judged.append(plan)
    while len(judged) > 2:
        time.sleep(0.1)
    return Judged((), ("judged before the kill",))

Judge.__call__ = judge
sandbox.check = lambda: None
grade(folder, out)
"""


def hand_in_class(folder: Path) -> None:
    """Submissions that differ in one answer."""
    for name in NAMES:
        answer = f"rows = {name!r}"
        hand_in(folder, name, changed(shipped("06"), "q1", partial(_instead, answer)))


def _instead(answer: str, _: str) -> str:
    return answer


@pytest.fixture(autouse=True)
def no_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of a submission is run in these tests."""
    monkeypatch.setattr(sandbox, "check", lambda: None)


def test_a_grading_that_was_killed_goes_on_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = tmp_path / "class", tmp_path / "graded"
    hand_in_class(folder)
    running = subprocess.Popen([sys.executable, "-c", KILLED, str(folder), str(out)])
    try:
        deadline = time.monotonic() + 60
        while len(list(out.glob("results/*.json"))) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        running.send_signal(signal.SIGKILL)
        running.wait()
    kept = {path: path.read_bytes() for path in out.glob("results/*.json")}
    assert len(kept) == 2

    seen: list[str] = []

    def judge(self: Judge, plan: Plan) -> Judged:
        seen.append(plan.own)
        return Judged((), ())

    monkeypatch.setattr(Judge, "__call__", judge)
    counts: list[tuple[int, int]] = []
    results = grade(folder, out, each=lambda _, done, total: counts.append((done, total)))
    assert [each.name for each in results] == list(NAMES)
    assert counts == [(done, 5) for done in range(1, 6)]
    assert len(seen) == 3
    assert sum("judged before the kill" in each.notes for each in results) == 2
    for path, content in kept.items():
        assert path.read_bytes() == content
        assert not any(repr(path.name.split("-")[0]) in own for own in seen)


def test_a_submission_on_which_the_grader_fails_is_tried_again_and_stops_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = tmp_path / "class", tmp_path / "graded"
    hand_in_class(folder)

    def judge(self: Judge, plan: Plan) -> Judged:
        if "cleo" in plan.own:
            raise ValueError("nobody thought of this \ud800")
        return Judged((), ())

    monkeypatch.setattr(Judge, "__call__", judge)
    results = {each.name: each for each in grade(folder, out)}
    assert {name: each.state for name, each in results.items()} == {
        name: "not graded" if name == "cleo" else "graded" for name in NAMES
    }
    assert results["cleo"].look
    gradebook.write(list(results.values()), out)
    assert "not graded" in (out / "gradebook.csv").read_text(encoding="utf-8")

    monkeypatch.setattr(Judge, "__call__", lambda self, plan: Judged((), ("the second time",)))
    again = {each.name: each for each in grade(folder, out)}
    assert again["cleo"].state == "graded"
    assert [name for name, each in again.items() if each.notes] == ["cleo"]


def test_halves_of_characters_reach_neither_a_kernel_nor_a_file(tmp_path: Path) -> None:
    odd = changed(shipped("06"), "q1", lambda _: "rows = '\ud800'")
    hand_in(tmp_path, "anna", json.dumps(odd).encode())
    try:
        (tmp_path / "M\udcfcller.ipynb").write_bytes(json.dumps(shipped("06")).encode())
        names = ["M\\udcfcller", "anna"]
    except OSError:
        names = ["anna"]  # a file system that takes UTF-8 alone, as that of macOS
    submissions = collect(tmp_path)
    assert sorted(each.name for each in submissions) == names
    seen: list[str] = []

    def judge(self: Judge, plan: Plan) -> Judged:
        seen.extend(step.source for step in plan.steps)
        return Judged((), ())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Judge, "__call__", judge)
        gradebook.write(grade(tmp_path, tmp_path / "graded"), tmp_path / "graded")
    assert "rows = '\\ud800'" in seen
    told = clean({"status": "wrong", "lines": ["it is \ud800"], "mistake": None})
    assert told is not None
    assert told["lines"] == ["it is \\ud800"]
