"""Notebooks of every kind get an order to run in, or one line that says why not."""

import copy
import json
import zipfile
from pathlib import Path

import pytest

from course_utils import config
from course_utils.classroom import plan
from course_utils.classroom.collect import collect
from course_utils.errors import CourseError
from course_utils.lab.find_questions import load_questions
from course_utils.workbook.marks import lesson_of
from tests.unit.classroom_submissions import (
    Notebook,
    before,
    cell_of,
    changed,
    hand_in,
    shipped,
    solved,
    without_marks,
)


def made(notebook: Notebook) -> plan.Plan:
    read = plan.read(json.dumps(notebook).encode())
    return plan.make(read, config.lesson("06"), load_questions("06"))


def order(notebook: Notebook) -> list[str]:
    """The questions in the order in which they are judged."""
    return [step.question for step in made(notebook).steps if step.question]


ALL = ["q1", "q2", "q3", "q4", "q5", "q6"]


def test_checks_stand_where_they_were_and_none_of_the_learners_runs() -> None:
    notebook = solved("06")
    cell_of(notebook, "q2", "check")["source"] = "print('2.0')"
    done = made(notebook)
    assert order(notebook) == ALL
    assert not any("check()" in step.source or "2.0" in step.source for step in done.steps)
    assert done.steps[-1].question == "q6"  # what comes after the last check has no effect
    assert done.notes == ()


def test_without_ids_and_metadata_checks_are_known_by_their_text() -> None:
    assert order(without_marks(solved("06"))) == ALL
    assert lesson_of(plan.read(json.dumps(without_marks(shipped("06"))).encode())) == "06"


def test_a_lost_check_is_put_back_behind_its_answer() -> None:
    notebook = solved("06")
    notebook["cells"].remove(cell_of(notebook, "q2", "check"))
    done = made(notebook)
    assert order(notebook) == ALL
    assert done.notes == ("check cells put back: q2",)
    bare = without_marks(notebook)
    assert order(bare) == ["q1", "q3", "q4", "q5", "q6", "q2"]


def test_duplicated_cells_all_run_and_the_last_check_counts() -> None:
    notebook = solved("06")
    answer, check = cell_of(notebook, "q2"), cell_of(notebook, "q2", "check")
    at = notebook["cells"].index(answer)
    notebook["cells"][at:at] = [copy.deepcopy(answer), copy.deepcopy(check)]
    assert order(notebook) == ALL
    assert made(notebook).notes == ("2 answer cells of q2: all ran, in order",)


def test_a_lab_as_it_was_given_out_is_known() -> None:
    assert made(shipped("06")).untouched
    assert not made(solved("06", "q4")).untouched


def test_what_the_learner_wrote_is_told_from_what_was_given() -> None:
    assert made(shipped("06")).own == ""
    assert "lab._checks" in made(changed(shipped("06"), "q1", before("lab._checks"))).own


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"{", "cannot be read"),
        (b"[]", "cannot be read"),
        (b"\xff\xfe\x00", "cannot be read"),
        (b'{"cells": 3, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "cannot be read"),
        (b'{"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "no code"),
        (b"x" * ((20 << 20) + 1), "more than 20 MB"),
    ],
)
def test_what_is_no_notebook_is_said_in_one_line(content: bytes, why: str) -> None:
    with pytest.raises(CourseError, match=why) as told:
        plan.read(content)
    assert "\n" not in str(told.value)


# Where submissions are, and whose


def test_names_come_from_files_and_folders(tmp_path: Path) -> None:
    for name in ("anna.ipynb", "ben/my lab.ipynb", "ben/.ipynb_checkpoints/my lab.ipynb"):
        hand_in((tmp_path / name).parent, Path(name).stem, b"{}")
    (tmp_path / "notes.txt").touch()
    (tmp_path / "link.ipynb").symlink_to("/etc/passwd")
    assert [(each.name, each.file) for each in collect(tmp_path)] == [
        ("anna", "anna.ipynb"),
        ("ben", "ben/my lab.ipynb"),
    ]


def test_exports_of_canvas_and_moodle_tell_names_and_ids(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        for name in (
            "doejane_LATE_4512_98765_06_linear.ipynb",
            "Ben Roe_77_assignsubmission_file_/lab_06.ipynb",
            "../../../outside.ipynb",
            "__MACOSX/._x.ipynb",
        ):
            archive.writestr(name, "{}")
    found = {each.name: (each.canvas, each.moodle) for each in collect(tmp_path / "export.zip")}
    assert found.pop("doejane") == ("4512", "")
    assert found.pop("Ben Roe") == ("", "77")
    assert found == {}
    assert [path.name for path in tmp_path.iterdir()] == ["export.zip"]


def test_a_place_without_submissions_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    for place, why in ((tmp_path, "no notebook"), (tmp_path / "a.txt", "neither a folder")):
        with pytest.raises(CourseError, match=why):
            collect(place)
