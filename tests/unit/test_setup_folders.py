"""Folders that the course can't work in are named at the first step, by their true reason."""

import locale
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from course_utils import cli, paths
from course_utils.errors import CourseError
from course_utils.setup import place
from tests.unit.launching import Checkout, copy_launcher, is_one_line


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in place._VARIABLES:
        monkeypatch.delenv(name, raising=False)


def _checkout(root: Path) -> Checkout:
    copy_launcher(root)
    for name in ("pyproject.toml", "uv.lock"):
        shutil.copy(paths.ROOT / name, root)
    return Checkout(root)


@pytest.mark.parametrize(
    ("name", "character", "why"),
    [
        ("[2026] ml", "[", "Spark reads it as a pattern"),
        ("{x}", "{", "Spark reads it as a pattern"),
        ("what?", "?", "Spark reads it as a pattern"),
        ("a:b", ":", "lists of folders"),
        ("a,b", ",", "lists of folders"),
        ("50% a#b", "%", "code"),
        ("a#b", "#", "address"),
        ("wow!", "!", "Java"),
        ("a`b", "`", "SQL"),
    ],
)
def test_a_folder_that_cannot_serve_is_refused_before_anything_is_made(
    tmp_path: Path, name: str, character: str, why: str
) -> None:
    course = _checkout(tmp_path / name / "course")
    said = _refusal(course, "start")
    assert f"'{name}', and {character} can't be in its name" in said
    assert why in said
    assert not course.state.exists()
    assert not (course.root / ".venv").exists()


def test_every_command_refuses_it(tmp_path: Path) -> None:
    course = _checkout(tmp_path / "a:b" / "course")
    for command in ("tour", "next", "progress", "test", "build"):
        assert "'a:b', and : can't be in its name" in _refusal(course, command)


def _refusal(course: Checkout, command: str) -> str:
    outcome = course.run(command)
    assert outcome.returncode == 1
    assert is_one_line(outcome.stderr), outcome.stderr
    assert outcome.stdout == ""
    return outcome.stderr


@pytest.mark.parametrize("name", ["a (x)", "with (1)", "it's", "ü ñ", "a&b=c+d@e~f;g $h", "新"])
def test_other_names_are_no_obstacle(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "ROOT", tmp_path / name / "course")
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / name / "state"))
    place.prepare()


def test_a_variable_that_names_an_unusable_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "[old]"))
    assert cli.main(["next"]) == 1
    said = capsys.readouterr().err
    assert is_one_line(said)
    assert "COURSE_DATA lies in '[old]'" in said


def test_a_name_that_is_no_text_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a\nb", os.fsdecode(b"latin \xfc")):
        monkeypatch.setenv("COURSE_WORK", str(tmp_path / name))
        with pytest.raises(CourseError, match="cannot be shown") as caught:
            place.prepare()
        assert is_one_line(str(caught.value))
        assert str(caught.value).isascii()


# --- letters beyond ASCII in a terminal that knows none -----------------------------------------


_SHOW = """
import os, sys
from course_utils.setup import place
place.prepare()
print(os.environ.get("LC_ALL"))
"""


@pytest.mark.parametrize(("name", "after"), [("plain", "C"), ("ü ñ", "C.UTF-8")])
def test_a_terminal_without_utf8_gets_it_where_the_folder_needs_it(
    tmp_path: Path, name: str, after: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SHOW],
        env=os.environ | {"LC_ALL": "C", "COURSE_STATE": str(tmp_path / name)},
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    if after not in (done.stdout.strip(), "C"):
        assert done.stdout.strip() in place._UTF8  # an old system's other name for it
    else:
        assert done.stdout.strip() == after


def test_a_system_without_utf8_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(category: int, name: str | None = None) -> str:
        if name is not None:
            raise locale.Error
        return "C"

    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "ü"))
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(locale, "nl_langinfo", lambda what: "ANSI_X3.4-1968")
    monkeypatch.setattr(locale, "setlocale", none)
    with pytest.raises(CourseError, match="Set LC_ALL to a UTF-8 one"):
        place.prepare()


# --- folders that can't be written --------------------------------------------------------------


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Checkout]:
    """A checkout on a disk that is read-only: root may write into a folder of any mode."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a disk can be mounted by root on Linux only")
    course = _checkout(disk / "course")
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    yield course
    subprocess.run(["umount", str(disk)], check=True)


def test_a_read_only_folder_is_told_in_one_line_by_every_command(read_only: Checkout) -> None:
    for command in ("start", "tour", "next", "progress", "test", "check"):
        assert f"Nothing can be written in {read_only.root}" in _refusal(read_only, command)


def test_a_file_of_somebody_else_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "/x/progress.json")

    monkeypatch.setattr(cli, "app", refuse)
    assert cli.main(["next"]) == 1
    said = capsys.readouterr().err
    assert is_one_line(said)
    assert "No permission for /x/progress.json" in said
