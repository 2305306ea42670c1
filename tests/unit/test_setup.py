"""The set-up steps inside the environment, and the doctor that looks at the same things."""

import errno
import fcntl
import json
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.session import jars
from course_utils.setup import doctor, steps
from tests.unit.launching import PYTHON, copy_checkout


class Switch:
    """Something that a step makes true."""

    def __init__(self, on: bool = False, error: Exception | None = None) -> None:
        self.on = on
        self.made = 0
        self._error = error

    def make(self) -> None:
        self.made += 1
        if self._error:
            raise self._error
        self.on = True

    def step(self, number: int, title: str) -> steps.Step:
        return steps.Step(number, title, lambda: self.on, self.make)


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("COURSE_DATA", raising=False)
    return tmp_path / "state"


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def put(*switches: Switch) -> None:
        made = tuple(s.step(i, f"Step {i}") for i, s in enumerate(switches, 3))
        monkeypatch.setattr(steps, "STEPS", made)

    return put


def test_nothing_to_do_says_nothing(
    use: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    use(Switch(on=True), Switch(on=True))
    steps.ensure()
    assert capsys.readouterr().out == ""


def test_each_step_has_its_line_and_runs_only_if_it_must(
    use: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    there, missing = Switch(on=True), Switch()
    use(there, missing)
    steps.ensure()
    assert (there.made, missing.made) == (0, 1)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "[3/7] Step 3 … already there"
    assert lines[1].startswith("[4/7] Step 4 … done, ")


def test_a_failed_step_stops_the_rest_and_is_tried_again(
    use: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    bad, later = Switch(error=CourseError("No network.")), Switch()
    use(bad, later)
    with pytest.raises(CourseError, match="No network"):
        steps.ensure()
    assert capsys.readouterr().out == "[3/7] Step 3 … failed\n"
    assert later.made == 0
    with pytest.raises(CourseError):
        steps.ensure()
    assert bad.made == 2


def test_who_comes_second_says_so_and_does_nothing_again(
    use: Callable[..., None], own_state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    switch = Switch()
    use(switch)
    own_state.mkdir()
    said = ""
    with (own_state / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = threading.Thread(target=steps.ensure)
        second.start()
        end = time.monotonic() + 60
        while "waiting for it to finish" not in said:
            assert time.monotonic() < end
            time.sleep(0.02)
            said += capsys.readouterr().out
        switch.on = True  # by the first
    second.join()
    assert capsys.readouterr().out == "[3/7] Step 3 … already there\n"
    assert switch.made == 0


def test_a_full_disk_is_one_line(use: Callable[..., None]) -> None:
    use(Switch(error=OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(CourseError, match="disk is full"):
        steps.ensure()


def test_another_error_is_not_taken_for_a_full_disk(use: Callable[..., None]) -> None:
    use(Switch(error=PermissionError(errno.EACCES, "Permission denied")))
    with pytest.raises(PermissionError):
        steps.ensure()


def test_a_start_leaves_the_archive_for_later_and_says_so_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before, archive, after = Switch(), Switch(), Switch()
    numbered = zip(
        (steps.ARCHIVE - 1, steps.ARCHIVE, steps.TOTAL), (before, archive, after), strict=True
    )
    made = tuple(switch.step(number, "Step") for number, switch in numbered)
    monkeypatch.setattr(steps, "STEPS", made)
    steps.ensure(archive=False)
    assert (before.made, archive.made, after.made) == (1, 0, 1)
    assert "[6/7] Step … later, while you work" in capsys.readouterr().out
    steps.ensure(archive=False)
    assert capsys.readouterr().out == ""
    steps.ensure()
    assert archive.made == 1


def test_the_seven_steps_are_numbered_in_order() -> None:
    assert [step.number for step in steps.STEPS] == list(range(3, steps.TOTAL + 1))


def test_a_round_trip_counts_only_for_what_it_was_made_with(own_state: Path) -> None:
    assert not steps.round_trip_done()
    own_state.mkdir()
    proof = own_state / "setup.json"
    proof.write_text(json.dumps({"round_trip": steps._round_trip_key()}))
    assert steps.round_trip_done()
    proof.write_text(json.dumps({"round_trip": "of another Java"}))
    assert not steps.round_trip_done()
    proof.write_text("{")
    assert not steps.round_trip_done()


def rows() -> dict[str, doctor.Row]:
    return {row.name: row for row in doctor.examine()}


def test_doctor_knows_what_is_there_and_what_is_not() -> None:
    found = rows()
    assert found["Python"].fix == ""
    assert found["Java"].fix == ""
    assert found["versions"].fix == ""
    assert found["Delta's JARs"].found == f"0 of {len(jars.pinned())}"
    for name in ("Delta's JARs", "data", "Spark and Delta"):
        assert "./course start" in found[name].fix
        assert not found[name].optional
    assert found["class-data archive"].optional


def test_doctor_fails_exactly_when_something_needed_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good = doctor.Row("Java", "17", "17")
    slow = doctor.Row("archive", "none", "speed", "./course start", optional=True)
    bad = doctor.Row("data", "missing", "all", "./course start generates it")
    for found, code in (([good, slow], 0), ([good, bad], 1)):
        monkeypatch.setattr(doctor, "examine", lambda found=found: iter(found))
        assert doctor.main() == code
    assert "→ ./course start generates it" in capsys.readouterr().out


def test_doctor_names_a_package_that_is_not_as_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    from course_utils.setup import environment

    wrong = [*environment.pins(), "rich==0.1"]
    monkeypatch.setattr(environment, "pins", lambda: wrong)
    assert "instead of 0.1" in rows()["versions"].found
    assert rows()["versions"].fix == "./course start --rebuild"


def test_doctor_sees_an_altered_jar(own_state: Path) -> None:
    name = next(iter(jars.pinned()))
    (own_state / "jars").mkdir(parents=True)
    (own_state / "jars" / name).write_bytes(b"not what was published")
    assert rows()["Delta's JARs"].found.startswith("0 of")


def test_doctor_survives_a_check_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> bool:
        raise ImportError("half a package")

    monkeypatch.setattr("course_utils.session.archive.archive_ok", broken)
    assert "half a package" in rows()["archive"].found


def test_doctor_needs_no_environment(tmp_path: Path) -> None:
    bare = copy_checkout(tmp_path / "bare")
    outcome = bare.run("doctor")
    assert outcome.returncode == 1
    assert outcome.stderr == ""
    assert "environment" in outcome.stdout
    assert "./course start makes it" in outcome.stdout
    assert not (bare.root / ".venv").exists()


def test_a_taken_port_is_seen() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert not doctor._is_free(taken.getsockname()[1])


def test_the_check_of_all_steps_imports_nothing_heavy() -> None:
    seen = subprocess.check_output(
        [
            str(paths.ROOT / ".venv" / "bin" / "python")
            if (paths.ROOT / ".venv").exists()
            else PYTHON,
            "-c",
            "import sys; from course_utils.setup import steps;"
            "[step.is_true() for step in steps.STEPS]; print(*sys.modules)",
        ],
        cwd=paths.ROOT,
        text=True,
    ).split()
    assert not {"pyspark", "pandas", "numpy", "mlflow", "rich"} & set(seen)
