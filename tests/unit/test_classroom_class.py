"""A class of good, broken and hostile submissions gets what each has earned, in sandboxes."""

import csv
import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from course_utils import config, paths
from course_utils.classroom import gradebook, sandbox
from course_utils.classroom.grade import grade
from course_utils.classroom.judge import Judge
from course_utils.classroom.kernel import Kernel, KernelEndedError
from course_utils.classroom.limits import Limits
from course_utils.classroom.results import Result
from tests.unit.classroom_submissions import (
    before,
    cell_of,
    changed,
    hand_in,
    shipped,
    solved,
    without_marks,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.spark,
    pytest.mark.skipif(shutil.which("bwrap") is None, reason="there is no bubblewrap here"),
]

LIMITS = Limits(cell=100, grace=10, disk=300 << 20)
PATCHES = """
import os
from course_utils.lab.notebook import Check
Check.check = lambda self: 2.0
Check.evaluate = lambda self: __import__("types").SimpleNamespace(
    status=__import__("course_utils.lab", fromlist=["Status"]).Status.PASS, lines=[],
    mistake_id=None)
os.environ.pop("NBGRADER_EXECUTION", None)
"""
ATTACKS = """
import glob, os, shutil, socket, subprocess, sys
seen = []
if os.getuid() == 0 or len(glob.glob("/proc/[0-9]*")) > 30:
    seen.append("not alone")
try:
    socket.create_connection(("192.0.2.1", 80), 3)
    seen.append("network")
except OSError:
    pass
for place in {places!r}:
    if os.path.exists(place):
        seen.append(place)
for place in ({root!r} + "/course_utils", sys.prefix + "/bin", {data!r} + "/small"):
    shutil.rmtree(place, ignore_errors=True)
try:
    open({root!r} + "/course_utils/lab/notebook.py", "a")
    seen.append("the engine can be written")
except OSError:
    pass
bomb = []
try:
    while len(bomb) < 2000:
        bomb.append(subprocess.Popen(["sleep", "60"]))
    seen.append("2000 processes")
except OSError:
    pass
for each in bomb:
    each.kill()
for each in bomb:
    each.wait()
written = []
try:
    while len(written) < 40:
        written.append("/tmp/large" + str(len(written)))
        open(written[-1], "wb").write(bytes(50 << 20))
    seen.append("2 GB on the disk")
except OSError:
    pass
for each in written:
    os.remove(each)
assert not seen, seen
"""


def hand_in_class(folder: Path, out: Path) -> None:
    """The class's submissions of lab 06."""
    good = solved("06", "q1", "q2", "q4")
    answers = paths.LESSONS / "06_linear_regression_1" / "answers"
    lucky = (answers / "q2" / "lucky_pasted.py").read_text(encoding="utf-8")
    wrong = (answers / "q4" / "bad_adds-intercept.py").read_text(encoding="utf-8")
    hand_in(folder, "good", good)
    half = changed(changed(good, "q2", lambda _: lucky), "q4", lambda _: wrong)
    hand_in(folder, "half", half)
    hand_in(folder, "dies", changed(good, "q2", before("import os\nos._exit(3)")))
    hand_in(folder, "endless", changed(good, "q2", before("while True:\n    pass")))
    odd = changed(good, "q1", lambda text: f"{text}\nimport sys\nsys.exit()")
    odd = changed(odd, "q2", lambda text: f"{text}\nspark.stop()")
    odd = changed(odd, "q4", before("print('x' * 2_600_000)"))
    other = json.loads(json.dumps(cell_of(odd, "q2")))
    other["source"] = "rmse = mae = r2 = 1.0"
    odd["cells"].insert(odd["cells"].index(cell_of(odd, "q2")), other)
    hand_in(folder, "Anna 06 final", without_marks(odd))
    hand_in(folder, "patches", changed(shipped("06"), "q1", before(PATCHES)))
    places = [
        *(str(place) for place in (folder, out, paths.ROOT / "solutions", paths.ROOT / ".git")),
        *(str(answers), str(answers.parent / "lab.py"), "/etc/shadow", str(Path.home() / ".ssh")),
    ]
    attacks = ATTACKS.format(places=places, root=str(paths.ROOT), data=str(paths.data()))
    hostile = solved("06", "q1")
    first = next(cell for cell in hostile["cells"] if cell["cell_type"] == "code")
    first["source"] = f"{attacks}\n{first['source']}"  # before Spark, which needs threads itself
    hand_in(folder, "hostile", hostile)
    hand_in(folder, "untouched", shipped("06"))
    hand_in(folder, "other", solved("02"))
    hand_in(folder, "=cmd", b"{")
    hand_in(folder, "empty", b"")


def test_a_class_gets_what_each_has_earned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, out = tmp_path / "class", tmp_path / "graded"
    hand_in_class(folder, out)
    results = {each.name: each for each in grade(folder, out, "06", LIMITS)}

    def points(name: str) -> list[float]:
        return [each.points for each in results[name].verdicts]

    assert points("good") == [2, 2, 0, 2, 0, 0], results["good"]
    assert results["good"].notes == ()
    assert not results["good"].look
    assert points("half") == [2, 0, 0, 0, 0, 0], results["half"]
    assert results["half"].verdicts[1].mistake == "only-here"
    assert results["half"].verdicts[3].mistake == "adds-intercept"
    for name, why in (("dies", "exit code 3"), ("endless", "did not end within")):
        assert points(name) == [2, 0, 0, 2, 0, 0], results[name]
        assert any(why in note for note in results[name].notes), results[name]
    assert results["dies"].verdicts[1].status == "died"
    assert results["dies"].look
    assert points("Anna 06 final") == [2, 2, 0, 2, 0, 0], results["Anna 06 final"]
    for why in ("sys.exit()", "spark.stop()", "printed more"):
        assert any(why in note for note in results["Anna 06 final"].notes), results["Anna 06 final"]
    assert points("patches") == [0] * 6, results["patches"]
    assert {each.status for each in results["patches"].verdicts} == {"tampered"}
    assert points("hostile") == [2, 0, 0, 0, 0, 0], results["hostile"]
    assert results["untouched"].state == "nothing answered"
    assert results["other"].state == "another lab"
    for name, why in (("=cmd", "cannot be read"), ("empty", "is empty")):
        assert results[name].state == "not readable"
        assert why in results[name].notes[0]

    shown = rows_of(results, out)
    assert shown["hostile"]["q1"] == "2"
    assert shown["'=cmd"]["points"] == ""
    goes_on_where_it_was(folder, out, results, monkeypatch)


def rows_of(results: dict[str, Result], out: Path) -> dict[str, dict[str, str]]:
    """The lines of the gradebook by name, after looking at every file."""
    files = gradebook.write(list(results.values()), out)
    for file in files:
        for row in csv.reader(file.open(encoding="utf-8", newline="")):
            assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    moodle = next(file for file in files if file.name == "moodle-06.csv")
    grades = {row["Full name"]: row["Grade"] for row in rows(moodle)}
    assert grades["good"] == "6"
    assert grades["dies"] == grades["patches"] == ""  # a person decides
    assert "Found: " in (out / "feedback" / "half.html").read_text(encoding="utf-8")
    return {row["name"]: row for row in rows(files[0])}


def rows(file: Path) -> Iterator[dict[str, str]]:
    """The lines of a CSV file."""
    return csv.DictReader(file.open(encoding="utf-8", newline=""))


def goes_on_where_it_was(
    folder: Path, out: Path, results: dict[str, Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second run makes only what is missing."""
    (out / "results" / "untouched-06.json").unlink()
    monkeypatch.setattr(Judge, "__call__", lambda self, plan: pytest.fail("graded twice"))
    again = {each.name: each for each in grade(folder, out, "06", LIMITS)}
    assert {**again, "untouched": results["untouched"]} == results


def kernel(limits: Limits) -> tuple[sandbox.Sandbox, Kernel]:
    place = sandbox.Sandbox(config.lesson("06"), limits)
    made = Kernel(place, limits, lambda: False, time.monotonic() + 300)
    made.wait()
    return place, made


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (
            "while True:\n  try:\n    __import__('time').sleep(9)\n  except BaseException: pass",
            "did not end",
        ),
        ("kept = bytearray(b'x' * 400_000_000) + bytearray(b'y' * 400_000_000)", "memory"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "signal 9"),
    ],
    ids=["will not end", "memory", "killed"],
)
def test_a_cell_that_goes_too_far_ends_its_kernel_and_nothing_else(code: str, why: str) -> None:
    limits = replace(LIMITS, grace=3, memory=500 << 20)
    place, made = kernel(limits)
    try:
        assert made.run("1 + 1", 60).shown[0]["text/plain"] == "2"
        with pytest.raises(KernelEndedError, match=why):
            made.run(code, 30 if why == "memory" else 3)
    finally:
        made.close()
        place.close()
    assert not place.alive


def test_nothing_lives_on_when_a_sandbox_is_closed() -> None:
    place, made = kernel(LIMITS)
    made.run("import subprocess\nsubprocess.Popen(['sleep', '987654'], start_new_session=True)", 60)
    made.close()
    place.close()
    deadline = time.monotonic() + 30
    while _sleepers() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _sleepers()


def _sleepers() -> list[int]:
    found = psutil.process_iter(["cmdline"])
    return [each.pid for each in found if "987654" in (each.info["cmdline"] or ())]
