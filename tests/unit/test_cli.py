"""The commands: each is there, says one line when something is wrong, and starts quickly."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from course_utils import cli, paths
from course_utils.errors import CourseError
from course_utils.setup import launcher
from tests.unit.launching import is_one_line


def commands() -> set[str]:
    return set(get_command(cli.app).commands)  # type: ignore[attr-defined]


def test_the_launchers_help_lists_every_command() -> None:
    named = set(re.findall(r"\./course ([a-z]+)", launcher.HELP))
    assert named == commands()


def test_the_readme_names_only_commands_that_exist() -> None:
    text = (paths.ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\./course ([a-z]+)", text)) <= commands()


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main([name, "--help"])
    assert end.value.code == 0
    assert name in capsys.readouterr().out


def test_a_failure_is_one_line_and_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> str:
        raise CourseError("The disk went away. Plug it in.")

    monkeypatch.setattr("course_utils.workbook.progress.next_item", fail)
    assert cli.main(["next"]) == 1
    said = capsys.readouterr()
    assert said.err == "course: The disk went away. Plug it in.\n"
    assert said.out == ""


def test_a_full_disk_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> str:
        raise OSError(28, "No space left on device", "progress.json")

    monkeypatch.setattr("course_utils.workbook.progress.next_item", fail)
    assert cli.main(["next"]) == 1
    said = capsys.readouterr().err
    assert is_one_line(said)
    assert "progress.json" in said


@pytest.mark.parametrize("command", ["test", "check", "reset"])
def test_a_lesson_that_is_not_there_is_said_before_any_work(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "_set_up", lambda: pytest.fail("set up for nothing"))
    assert cli.main([command, "99", *(["--yes"] if command == "reset" else [])]) == 1
    assert "no lesson '99'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [("check", "06", "q9"), ("check", "03"), ("reset", "06", "9")]
)
def test_a_question_that_is_not_there_is_said_before_any_work(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "_set_up", lambda: pytest.fail("set up for nothing"))
    monkeypatch.setattr("typer.confirm", lambda text: pytest.fail("asked for nothing"))
    monkeypatch.setattr("course_utils.workbook.copies.lab_path", lambda number: Path(__file__))
    assert cli.main(list(arguments)) == 1
    assert is_one_line(capsys.readouterr().err)


def test_check_without_a_workbook_is_said_before_any_work(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("COURSE_WORKBOOK", str(tmp_path))
    monkeypatch.setattr(cli, "_set_up", lambda: pytest.fail("set up for nothing"))
    assert cli.main(["check", "06"]) == 1
    assert "./course start puts the labs there" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["hint", "solution"])
def test_what_stands_in_the_notebook_is_pointed_at(
    word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([word, "06", "q1"]) == 1
    assert f"lab.q1.{word}()" in capsys.readouterr().err


def test_reset_asks_and_takes_no_for_an_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("typer.confirm", lambda text: False)
    monkeypatch.setattr("course_utils.workbook.copies.reset", lambda *args: pytest.fail("reset"))
    with pytest.raises(SystemExit) as end:
        cli.main(["reset", "06", "q2"])
    assert end.value.code == 1
    assert "Nothing was changed" in capsys.readouterr().out


def test_reset_asks_for_what_it_is_going_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("typer.confirm", asked.append)  # None is a no
    for waiting in ([], ["notebooks/06_linear_regression_1.ipynb"]):
        monkeypatch.setattr(
            "course_utils.workbook.copies.waiting", lambda number, them=waiting: them
        )
        with pytest.raises(SystemExit):
            cli.main(["reset", "06"])
    assert asked[0] == "Put lab 06 back as it was? A copy of yours is kept."
    assert asked[1].startswith("Take what is new into notebooks/06_linear_regression_1.ipynb?")


def test_the_commands_start_without_anything_heavy() -> None:
    seen = subprocess.check_output(
        [sys.executable, "-c", "import sys, course_utils.cli; print(*sys.modules)"],
        cwd=paths.ROOT,
        text=True,
    ).split()
    heavy = {"pyspark", "pandas", "numpy", "mlflow", "matplotlib", "nbformat", "IPython"}
    assert not heavy & set(seen)
