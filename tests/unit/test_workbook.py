"""The learner's copies: an update never overwrites work, a reset never loses it."""

import hashlib
import json
import shutil
from pathlib import Path

import nbformat
import pytest

from course_utils import config, paths
from course_utils.build.inputs import PACKAGE, imports
from course_utils.errors import CourseError
from course_utils.lab import progress_file
from course_utils.lab.progress_file import Entry
from course_utils.lab.result import Status
from course_utils.workbook import copies, recheck

LAB = "labs/06_linear_regression_1.ipynb"
DEMO = "notebooks/06_linear_regression_1.ipynb"


def _notebook(path: Path, *cells: tuple[str, str] | tuple[str, str, str]) -> None:
    """Writes a notebook of (kind, source[, question]) cells as the build does."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    for number, (kind, source, *question) in enumerate(cells):
        make = nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell
        cell = make(source, id=f"cell-{number}")
        if question:
            cell.metadata["course"] = {"question": question[0], "kind": kind}
        notebook.cells.append(cell)
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def _ship(root: Path, text: str = "total = ...") -> None:
    _notebook(root / "notebooks" / "00_welcome.ipynb", ("markdown", "# Welcome"))
    _notebook(root / DEMO, ("markdown", "# Demo"), ("code", "1 + 1"))
    _notebook(
        root / LAB,
        ("markdown", "# Lab"),
        ("answer", text, "q1"),
        ("check", "lab.q1.check()", "q1"),
        ("answer", "mean = ...", "q2"),
        ("check", "lab.q2.check()", "q2"),
    )


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with one lesson's notebooks and an empty workbook."""
    config.course()  # read once, from the real checkout: the one made here has no registry
    monkeypatch.setattr(paths, "ROOT", tmp_path / "course")
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("COURSE_WORKBOOK", str(tmp_path / "workbook"))
    _ship(tmp_path / "course")
    return tmp_path / "course"


@pytest.fixture
def mine(tmp_path: Path, root: Path) -> Path:
    """The workbook after a first sync."""
    copies.sync()
    return tmp_path / "workbook"


def _edit(path: Path, cell: int, source: str) -> None:
    notebook = json.loads(path.read_text())
    notebook["cells"][cell]["source"] = source
    path.write_text(json.dumps(notebook))


def _sources(path: Path) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(path.read_text())["cells"]]


def test_first_sync_copies_everything(root: Path, tmp_path: Path) -> None:
    assert copies.sync() == ["Copied 3 notebooks to the workbook."]
    for name in ("00_welcome.ipynb", DEMO, LAB):
        assert (tmp_path / "workbook" / name).exists()
    assert copies.sync() == []


def _with_outputs(path: Path) -> None:
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "42"}]
            cell["execution_count"] = 7
    path.write_text(json.dumps(notebook))


def test_a_copy_gives_no_answer_away(root: Path, tmp_path: Path) -> None:
    _with_outputs(root / DEMO)
    copies.sync()
    assert "42" not in (tmp_path / "workbook" / DEMO).read_text()
    assert "42" in (root / DEMO).read_text()
    copies.reset("06")
    assert "42" not in (tmp_path / "workbook" / DEMO).read_text()


def test_new_outputs_alone_are_no_update(root: Path, mine: Path) -> None:
    _with_outputs(root / DEMO)
    before = (mine / DEMO).read_bytes()
    assert copies.sync() == []
    assert (mine / DEMO).read_bytes() == before


def test_a_copy_of_an_earlier_version_loses_its_outputs_unless_it_was_run(
    root: Path, mine: Path
) -> None:
    state = mine / ".state" / "copies.json"
    for touched in (False, True):
        # as an earlier version made it: with the outputs, and a note of that file
        _with_outputs(root / DEMO)
        (mine / DEMO).write_bytes((root / DEMO).read_bytes())
        known = json.loads(state.read_text())
        known[DEMO]["file"] = hashlib.sha256((root / DEMO).read_bytes()).hexdigest()
        state.write_text(json.dumps(known))
        if touched:
            text = (mine / DEMO).read_text().replace("42", "43")
            (mine / DEMO).write_text(text)
        copies.sync()
        assert ("43" in (mine / DEMO).read_text()) == touched
        assert "42" not in (mine / DEMO).read_text()


def test_a_copy_that_was_not_edited_is_refreshed(root: Path, mine: Path) -> None:
    _ship(root, "total = ...  # new")
    assert copies.sync() == [f"Updated {LAB}."]
    assert _sources(mine / LAB)[1] == "total = ...  # new"
    assert copies.sync() == []


def test_running_a_notebook_does_not_edit_it(root: Path, mine: Path) -> None:
    notebook = json.loads((mine / LAB).read_text())
    notebook["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "1"}]
    notebook["cells"][1]["execution_count"] = 5
    notebook["metadata"]["widgets"] = {}
    (mine / LAB).write_text(json.dumps(notebook, indent=4))
    assert copies.sync() == []
    assert json.loads((mine / LAB).read_text())["cells"][1]["execution_count"] == 5
    _ship(root, "total = ...  # new")
    assert copies.sync() == [f"Updated {LAB}."]


def test_an_edited_copy_is_never_overwritten(root: Path, mine: Path) -> None:
    _edit(mine / LAB, 1, "total = sum(prices)")
    before = (mine / LAB).read_bytes()
    assert copies.sync() == []
    _ship(root, "total = ...  # new")
    lines = copies.sync()
    assert (mine / LAB).read_bytes() == before
    assert len(lines) == 1
    assert LAB in lines[0]
    assert "./course reset 06" in lines[0]


def test_a_cell_that_was_added_counts_as_an_edit(root: Path, mine: Path) -> None:
    notebook = json.loads((mine / LAB).read_text())
    notebook["cells"].append({"cell_type": "code", "source": "x = 1", "metadata": {}})
    (mine / LAB).write_text(json.dumps(notebook))
    before = (mine / LAB).read_bytes()
    _ship(root, "total = ...  # new")
    copies.sync()
    assert (mine / LAB).read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b'{"cells": 5}'])
def test_a_copy_that_is_no_notebook_is_kept(content: bytes, root: Path, mine: Path) -> None:
    (mine / LAB).write_bytes(content)
    _ship(root, "total = ...  # new")
    assert any("Kept" in line for line in copies.sync())
    assert (mine / LAB).read_bytes() == content
    copies.reset("06")
    assert _sources(mine / LAB)[1] == "total = ...  # new"


def test_losing_the_state_file_loses_no_work(root: Path, mine: Path) -> None:
    _edit(mine / LAB, 1, "total = sum(prices)")
    before = (mine / LAB).read_bytes()
    shutil.rmtree(mine / ".state")
    copies.sync()
    assert (mine / LAB).read_bytes() == before


def test_a_deleted_copy_comes_back(root: Path, mine: Path) -> None:
    (mine / DEMO).unlink()
    assert copies.sync() == ["Copied 1 notebook to the workbook."]


def test_sync_says_what_changed_since_it_was_passed(
    root: Path, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from course_utils.workbook import progress
    from tests.unit.lab_helpers import question

    monkeypatch.setattr(progress, "read_questions", lambda number: [question()])
    done = Entry(status="done", content="an older question")
    progress_file.update("06", "q1", lambda entry: done)
    assert any("Lesson 06: q1 changed since you passed" in line for line in copies.sync())


@pytest.mark.parametrize(
    ("content", "said"), [("{", "was set aside"), ('{"schema": 99}', "newer version")]
)
def test_sync_says_what_is_wrong_with_the_progress_file(
    content: str, said: str, mine: Path
) -> None:
    (mine / "progress.json").write_text(content)
    (line,) = copies.sync()
    assert said in line


def test_workbook_that_cannot_be_written(root: Path, tmp_path: Path) -> None:
    (tmp_path / "workbook").touch()
    with pytest.raises(CourseError, match="cannot be written"):
        copies.sync()


# --- reset --------------------------------------------------------------------------------


def _backups(mine: Path) -> list[Path]:
    return sorted((mine / "backups").glob("*.ipynb"))


def test_reset_of_a_lab_keeps_a_copy(root: Path, mine: Path) -> None:
    _edit(mine / LAB, 1, "total = sum(prices)")
    edited = (mine / LAB).read_bytes()
    progress_file.update("06", "q1", lambda entry: Entry(status="done", attempts=4))
    lines = copies.reset("06")
    assert (mine / LAB).read_bytes() == (root / LAB).read_bytes()
    assert [path.read_bytes() for path in _backups(mine)] == [edited]
    assert any("Kept a copy of yours: " in line and "backups" in line for line in lines)
    entry = progress_file.load().entry("06", "q1")
    assert (entry.status, entry.attempts) == ("pending", 4)


def test_reset_restores_an_edited_demo_too(root: Path, mine: Path) -> None:
    _edit(mine / DEMO, 1, "2 + 2")
    copies.reset("06")
    assert _sources(mine / DEMO)[1] == "1 + 1"
    assert len(_backups(mine)) == 1


def test_reset_of_what_is_as_shipped_says_so(root: Path, mine: Path) -> None:
    assert copies.reset("06") == ["Lesson 06 is as it was shipped."]
    assert not (mine / "backups").exists()


def _ship_demo(root: Path, text: str) -> None:
    _notebook(root / DEMO, ("markdown", text), ("code", "1 + 1"))


def test_taking_an_updated_demo_leaves_the_lab_as_it_is(root: Path, mine: Path) -> None:
    _edit(mine / LAB, 1, "total = sum(prices)")
    _edit(mine / DEMO, 1, "2 + 2")
    progress_file.update("06", "q1", lambda entry: Entry(status="done"))
    answered = (mine / LAB).read_bytes()
    _ship_demo(root, "# Demo, told anew")
    said = copies.sync()[0]
    assert DEMO in said
    assert "./course reset 06" in said
    assert copies.waiting("06") == [DEMO]
    lines = copies.reset("06")
    assert (mine / LAB).read_bytes() == answered
    assert progress_file.load().entry("06", "q1").done
    assert _sources(mine / DEMO) == ["# Demo, told anew", "2 + 2"]
    assert [_sources(path)[0] for path in _backups(mine)] == ["# Demo"]
    assert f"Updated {DEMO}." in lines
    assert "  New text: “Demo, told anew”" in lines
    # There is nothing to take any more: the same command puts the lesson back, as it says
    assert "./course reset 06 once more" in " ".join(lines)
    assert copies.waiting("06") == []
    assert not any("Kept" in line for line in copies.sync())
    copies.reset("06")
    assert (mine / LAB).read_bytes() == (root / LAB).read_bytes()


def test_an_updated_question_comes_into_a_lab_with_its_answers(root: Path, mine: Path) -> None:
    _edit(mine / LAB, 1, "total = sum(prices)")
    progress_file.update("06", "q1", lambda entry: Entry(status="done"))
    _ship(root, "total = ...  # in dollars")
    notebook = json.loads((root / LAB).read_text())
    asked = {"cell_type": "markdown", "id": "new", "metadata": {}, "source": "## In dollars"}
    notebook["cells"].insert(1, asked)
    notebook["cells"][4]["source"] = "mean = ...  # of all"
    (root / LAB).write_text(json.dumps(notebook))
    copies.sync()
    lines = copies.reset("06")
    assert _sources(mine / LAB) == [
        "# Lab", "## In dollars", "total = sum(prices)", "lab.q1.check()",
        "mean = ...  # of all", "lab.q2.check()",
    ]  # fmt: skip
    assert "  New: question q1" in lines
    assert "  Kept yours: the answer cell of q1; the course has another one now" in lines
    assert "  New text: the answer cell of q2" in lines
    assert progress_file.load().entry("06", "q1").done


def test_a_copy_that_an_editor_saved_with_a_mark_keeps_its_answers(root: Path, mine: Path) -> None:
    _edit(mine / LAB, 1, "total = sum(prices)")
    (mine / LAB).write_bytes(b"\xef\xbb\xbf" + (mine / LAB).read_bytes())
    _ship(root, "total = ...  # in dollars")
    copies.sync()
    copies.reset("06")
    assert _sources(mine / LAB)[1] == "total = sum(prices)"


def test_resets_in_a_row_keep_every_copy(root: Path, mine: Path) -> None:
    for text in ("a = 1", "a = 2", "a = 3"):
        _edit(mine / LAB, 1, text)
        copies.reset("06")
    assert len(_backups(mine)) == 3


def test_reset_of_one_question_touches_its_cell_only(root: Path, mine: Path) -> None:
    _edit(mine / LAB, 1, "total = sum(prices)")
    _edit(mine / LAB, 3, "mean = total / 3")
    for name in ("q1", "q2"):
        progress_file.update("06", name, lambda entry: Entry(status="done"))
    copies.reset("06", "q2")
    assert _sources(mine / LAB) == [
        "# Lab", "total = sum(prices)", "lab.q1.check()", "mean = ...", "lab.q2.check()",
    ]  # fmt: skip
    assert len(_backups(mine)) == 1
    assert progress_file.load().entry("06", "q1").done
    assert not progress_file.load().entry("06", "q2").done


def test_reset_of_a_cell_that_was_deleted_or_copied(root: Path, mine: Path) -> None:
    notebook = json.loads((mine / LAB).read_text())
    answer = notebook["cells"].pop(3)
    (mine / LAB).write_text(json.dumps(notebook))
    with pytest.raises(CourseError, match=r"is not in labs/.* any more: ./course reset 06"):
        copies.reset("06", "q2")
    notebook["cells"] += [answer, answer]
    (mine / LAB).write_text(json.dumps(notebook))
    before = (mine / LAB).read_bytes()
    with pytest.raises(CourseError, match="has 2 answer cells of q2"):
        copies.reset("06", "q2")
    assert (mine / LAB).read_bytes() == before
    assert not _backups(mine)


def test_reset_of_what_is_not_there(root: Path, mine: Path) -> None:
    with pytest.raises(CourseError, match="no question 'q9': it has q1, q2"):
        copies.reset("06", "q9")
    with pytest.raises(CourseError, match="There is no lesson"):
        copies.reset("99")
    with pytest.raises(CourseError, match="no notebooks yet"):
        copies.reset("01")
    with pytest.raises(CourseError, match="has no lab"):
        copies.reset("00", "q1")
    for given in ("q9", "x", ""):
        with pytest.raises(CourseError, match=r"no question '.*': it has q1, q2"):
            copies.question_name("06", given)
    with pytest.raises(CourseError, match="no questions"):
        copies.question_name("03", "q1")
    assert {copies.question_name("06", given) for given in ("q2", "Q2", "2")} == {"q2"}
    (mine / LAB).write_text("{")
    with pytest.raises(CourseError, match="cannot be read"):
        copies.reset("06", "q1")
    (mine / LAB).unlink()
    with pytest.raises(CourseError, match="not in your workbook"):
        copies.reset("06", "q1")


# --- the saved lab once more ----------------------------------------------------------------


@pytest.fixture
def practice(mine: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A saved notebook on the practice question of the welcome notebook, which needs no Spark."""
    path = mine / "labs" / "00_welcome.ipynb"
    monkeypatch.setattr(copies, "lab_path", lambda number: path)
    return path


def _run(path: Path, *sources: str) -> recheck.Rows:
    opening = "from course_utils import open_lab\nlab = open_lab('00')"
    _notebook(path, ("code", opening), *[("code", source) for source in sources])
    return recheck.recheck("00")


RIGHT = "import math\nseconds = math.ceil(10 / 4) * 3"


@pytest.mark.slow
def test_recheck_runs_in_a_clean_process_and_keeps_the_pass(practice: Path) -> None:
    rows = _run(practice, "1 / 0", RIGHT, "lab.q1.check()")
    assert [row.status for row in rows] == [Status.PASS]
    entry = progress_file.load().entry("00", "q1")
    assert entry.done
    assert entry.attempts == 0  # a re-check is no try
    assert "✓ q1" in str(rows)
    assert "outputs" in practice.read_text()
    assert "done" not in practice.read_text()  # the saved file itself is not changed


@pytest.mark.slow
def test_recheck_opens_again_what_no_longer_passes(practice: Path) -> None:
    progress_file.update("00", "q1", lambda entry: Entry(status="done", attempts=3))
    rows = _run(practice, "seconds = 10 / 4 * 3", "lab.q1.check()")
    assert rows[0].status is Status.WRONG
    assert rows[0].reopened
    assert "Open again, although passed before: q1. Only what is saved counts" in str(rows)
    assert "lab.q1.check() in the notebook says it" in str(rows)
    assert progress_file.load().entry("00", "q1") == Entry(
        status="pending", attempts=3, last=progress_file.load().entry("00", "q1").last
    )


@pytest.mark.slow
def test_recheck_turns_down_what_is_right_for_these_rows_alone(practice: Path) -> None:
    progress_file.update("00", "q1", lambda entry: Entry(status="done"))
    lucky = "import os\nseconds = 9 + 2 * bool(os.environ.get('COURSE_SIBLING'))"
    rows = _run(practice, lucky, "lab.q1.check()")
    assert (rows[0].status, rows[0].mistake_id) == (Status.WRONG, "only-here")
    assert "It is right for these rows alone" in str(rows)
    assert not progress_file.load().entry("00", "q1").done


@pytest.mark.slow
def test_recheck_of_a_check_cell_that_is_gone_or_a_kernel_that_dies(practice: Path) -> None:
    progress_file.update("00", "q1", lambda entry: Entry(status="done"))
    rows = _run(practice, RIGHT)
    assert rows[0].status is None
    assert "not checked" in str(rows)
    rows = _run(practice, "import os; os._exit(1)", "lab.q1.check()")
    assert rows[0].status is None
    assert "kernel died" in str(rows)
    assert progress_file.load().entry("00", "q1").done


def test_recheck_without_a_lab_or_with_a_broken_one(practice: Path) -> None:
    with pytest.raises(CourseError, match="course start puts"):
        recheck.recheck("00")
    practice.write_text("{")
    with pytest.raises(CourseError, match="cannot be read as a notebook"):
        recheck.recheck("00")


def test_a_lab_saved_under_the_name_of_another_is_neither_run_nor_recorded(mine: Path) -> None:
    progress_file.update("06", "q1", lambda entry: Entry(status="done"))
    kept = progress_file.load()
    opening = "from course_utils import open_lab\nlab = open_lab('07')"
    _notebook(mine / LAB, ("code", opening), ("code", "lab.q1.check()"))
    with pytest.raises(CourseError, match="holds lab 07, saved under another name"):
        recheck.recheck("06")
    assert progress_file.load() == kept


def test_recheck_of_a_demo_without_a_lab() -> None:
    with pytest.raises(CourseError, match=r"nothing to check: read .*notebooks"):
        recheck.recheck("03")


def test_a_sync_leaves_only_copies_and_state(mine: Path) -> None:
    """The fixture alone: a first sync leaves nothing but the copies and the state."""
    assert {path.name for path in mine.iterdir()} == {
        "00_welcome.ipynb", "notebooks", "labs", ".state",
    }  # fmt: skip


def test_the_workbook_knows_nothing_of_what_is_built_on_it() -> None:
    above = tuple(f"{PACKAGE}.{name}" for name in ("build", "classroom", "cli", "export", "setup"))
    for path in (Path(__file__).parents[2] / PACKAGE / "workbook").glob("*.py"):
        up = [name for name in imports(path.read_text("utf-8")) if name.startswith(above)]
        assert not up, path.name
