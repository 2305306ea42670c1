"""Notebooks are run away from the learner, only when needed, and whole or not at all."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import nbformat
import psutil
import pytest

from course_utils import build as builder
from course_utils.build import build_lesson, check, quiet, static
from course_utils.build.execute import WIDGET, NotebookError, away_from_learner, normalise, run
from course_utils.build.source import QUIET, Tree, read
from course_utils.errors import CourseError

pytestmark = pytest.mark.slow
MakeTree = Callable[..., Tree]

DEMO = """
# %% [markdown]
# # 06 · Tiny

# %%
import os
print(os.environ["COURSE_WORKBOOK"])

# %% tags=["raises-exception"]
1 / 0
"""


def build(tree: Tree, **options: bool) -> tuple[list[str], list[str]]:
    said: list[str] = []
    return build_lesson("06", tree=tree, say=said.append, **options), said


def test_built_once_then_left_alone(make_tree: MakeTree) -> None:
    tree = make_tree({"demo.py": DEMO}, lab=False)
    changed, _ = build(tree)
    path = tree.root / "notebooks" / "06_tiny.ipynb"
    assert changed == ["notebooks/06_tiny.ipynb"]
    stored = read(path)
    assert stored is not None
    assert stored.cells[1].outputs[0].text == "~/course/workbook\n"
    assert stored.cells[2].outputs[0].ename == "ZeroDivisionError"
    assert check(tree=tree) == []

    before = path.stat().st_mtime_ns
    changed, said = build(tree)
    assert changed == []
    assert said == ["notebooks/06_tiny.ipynb: up to date"]
    assert path.stat().st_mtime_ns == before


def test_prose_does_not_run_code_again(make_tree: MakeTree) -> None:
    tree = make_tree({"demo.py": DEMO}, lab=False)
    build(tree)
    path = tree.root / "notebooks" / "06_tiny.ipynb"
    old = read(path)
    tree = make_tree({"demo.py": DEMO.replace("Tiny", "Tiny, but better")}, lab=False)
    assert check(tree=tree)
    _, said = build(tree)
    assert said == ["notebooks/06_tiny.ipynb: written, its outputs still hold"]
    new = read(path)
    assert old is not None and new is not None
    assert new.cells[0].source == "# 06 · Tiny, but better"
    assert [c.outputs for c in new.cells[1:]] == [c.outputs for c in old.cells[1:]]
    assert check(tree=tree) == []


def test_changed_code_runs_again(make_tree: MakeTree) -> None:
    build(make_tree({"demo.py": DEMO}, lab=False))
    tree = make_tree({"demo.py": DEMO.replace("1 / 0", "len(None)")}, lab=False)
    _, said = build(tree)
    assert said[0].startswith("notebooks/06_tiny.ipynb: executed in")
    stored = read(tree.root / "notebooks" / "06_tiny.ipynb")
    assert stored is not None
    assert stored.cells[2].outputs[0].ename == "TypeError"


def test_a_failing_cell_is_one_line_and_the_old_notebook_stays(make_tree: MakeTree) -> None:
    tree = make_tree({"demo.py": DEMO}, lab=False)
    build(tree)
    path = tree.root / "notebooks" / "06_tiny.ipynb"
    before = path.read_bytes()
    broken = DEMO.replace("import os", "import os\nraise ValueError('first\\n\\nlast line')")
    tree = make_tree({"demo.py": broken}, lab=False)
    with pytest.raises(CourseError) as caught:
        build(tree)
    line = str(caught.value)
    assert line.startswith("lessons/06_tiny/demo.py line 4 (cell 06-demo-cell-06-tiny-2) failed: ")
    assert "ValueError: first | last line" in line
    assert "notebooks/06_tiny.ipynb was left as it was" in line
    assert "\n" not in line
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def timed(tree: Tree) -> Tree:
    return replace(tree, lessons=(replace(tree.lessons[0], timed=True),))


def test_what_measures_time_waits_for_a_quiet_machine(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[str] = []

    @contextlib.contextmanager
    def machine() -> Iterator[None]:
        used.append("quiet")
        yield

    monkeypatch.setattr(quiet, "machine", machine)
    tree = timed(make_tree({"demo.py": DEMO}, lab=False))
    path = tree.root / "notebooks" / "06_tiny.ipynb"
    with pytest.raises(CourseError, match=r"then run \./course build 06 --quiet-machine\.$"):
        build(tree)
    assert not path.exists()

    changed, _ = build(tree, quiet_machine=True)
    assert (changed, used) == (["notebooks/06_tiny.ipynb"], ["quiet"])
    stored = read(path)
    assert stored is not None and stored.metadata["course"][QUIET] is True
    assert check(tree=tree) == []

    # what holds still is not executed again, nor does it lose its mark
    tree = timed(make_tree({"demo.py": DEMO.replace("Tiny", "Tiny, but better")}, lab=False))
    _, said = build(tree)
    assert said == ["notebooks/06_tiny.ipynb: written, its outputs still hold"]
    assert check(tree=tree) == []
    before = path.read_bytes()
    tree = timed(make_tree({"demo.py": DEMO.replace("1 / 0", "len(None)")}, lab=False))
    with pytest.raises(CourseError, match="it measures time"):
        build(tree)
    assert path.read_bytes() == before


def test_nothing_is_measured_beside_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "cpu_percent", lambda seconds: 37.0)
    with pytest.raises(CourseError, match="Other programs use 37 %"):
        quiet.refuse_busy()
    monkeypatch.setattr(psutil, "cpu_percent", lambda seconds: 3.0)
    quiet.refuse_busy()


def test_every_fault_of_the_sources_is_said_before_anything_runs(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(builder, "run", lambda *args: pytest.fail("was executed"))
    monkeypatch.setattr(static, "run", lambda parts: pytest.fail("this is another checkout"))
    tree = make_tree({"demo.py": DEMO}, lab=False)
    said: list[str] = []
    with pytest.raises(CourseError, match="Nothing was executed"):
        builder.build("06", tree=tree, say=said.append)
    assert len(said) > 3
    assert all(line.startswith("lessons/06_tiny/demo.py") for line in said)
    assert not (tree.root / "notebooks").exists()


def test_too_big_is_refused(make_tree: MakeTree) -> None:
    text = (
        "# %% [markdown]\n# # 06 · Tiny\n\n# %%\nfor _ in range(50_000):\n    print('123456789')\n"
    )
    tree = make_tree({"demo.py": text}, lab=False)
    with pytest.raises(CourseError, match=r"would be \d+ KB, 400 KB are allowed"):
        build(tree)
    assert not (tree.root / "notebooks").exists()


def test_a_dead_kernel_is_named() -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("import os; os._exit(1)", id="the-end")]
    )
    with away_from_learner() as environment, pytest.raises(NotebookError) as caught:
        run(notebook, environment)
    assert (caught.value.cell_id, caught.value.reason) == ("the-end", "the kernel died")


def test_the_kernel_is_this_python_and_sees_no_learner(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("COURSE_WORKBOOK", "COURSE_WORK", "COURSE_MLFLOW"):
        monkeypatch.setenv(name, str(tmp_path / "learner"))
    monkeypatch.setenv("COURSE_SCALE", "large:1000000000")
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    code = "import os, sys; print(sys.executable); print(dict(os.environ))"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    with away_from_learner() as environment:
        done = run(notebook, environment)
        executable, variables = done.cells[0].outputs[0].text.splitlines()
        workbook = Path(environment["COURSE_WORKBOOK"])
    assert Path(executable).samefile(sys.executable)
    assert str(tmp_path / "learner") not in variables
    assert "COURSE_SCALE" not in variables
    assert "NBGRADER_EXECUTION" not in variables
    assert not workbook.exists()
    assert not (tmp_path / "learner").exists()


def test_a_learners_own_file_is_not_what_notebooks_are_built_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    (tmp_path / "in_use.json").write_text("{}")
    (tmp_path / "listings.parquet").write_text("generated")
    with away_from_learner() as environment:
        seen = Path(environment["COURSE_DATA"])
        assert [path.name for path in seen.iterdir()] == ["listings.parquet"]
        assert (seen / "listings.parquet").read_text() == "generated"
    assert {path.name for path in tmp_path.iterdir()} == {"in_use.json", "listings.parquet"}


def test_what_varies_is_evened_out_and_pictures_are_not_touched() -> None:
    picture = "data:image/png;base64,iVBORw0KGgo+0x0123456789ab/LinearRegression="
    text = "local-1234567890123 LinearRegression_0123456789ab price#42L http://localhost:4041/jobs"
    widget = {WIDGET: {"model_id": "0123456789abcdef"}}
    output = nbformat.v4.new_output(
        "display_data", {"text/html": f"{text} <img src='{picture}'>", "text/plain": text} | widget
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=[output])])
    environment = {"COURSE_WORKBOOK": "/x/workbook", "COURSE_WORK": "/x/work"}
    normalise(notebook, environment)
    assert WIDGET not in notebook.cells[0].outputs[0].data
    clean = "local-0000000000000 LinearRegression_000000000000 price#0L http://localhost:0/jobs"
    data = notebook.cells[0].outputs[0].data
    assert data["text/plain"] == clean
    assert data["text/html"] == f"{clean} <img src='{picture}'>"
