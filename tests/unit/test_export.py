"""Notebooks for Databricks: each holds its lesson, changes nothing of yours, says its limits."""

import ast
import re
import types
from importlib import import_module
from pathlib import Path

import pytest

import course_utils
from course_utils import paths
from course_utils.build.source import Sources, Tree
from course_utils.errors import CourseError
from course_utils.export import commands, demos, folder, limits, packages, platform, source_format
from course_utils.export.source_format import SourceCell

LESSONS = [each for each in Tree.of_course().all() if demos.exportable(each)]
PAGE = (paths.ROOT / "docs" / "platform.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("sources", LESSONS, ids=lambda each: each.lesson.number)
def test_an_exported_notebook_reads_back_as_its_lesson(sources: Sources) -> None:
    text = demos.notebook(sources)
    note, install, restart, set_up, *own = source_format.read(text)
    assert own == demos.own_cells(sources)
    assert note.kind == "markdown"
    assert install.source.startswith("%pip install ")
    assert "pyspark" not in install.source
    assert "delta" not in install.source
    assert (restart.source, set_up.kind) == ("%restart_python", "code")
    # And as Python sees the file: the code cells, one after the other, and nothing else
    code = [cell.source for cell in (set_up, *own) if cell.kind == "code"]
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse("\n\n".join(code)))


def test_every_demo_is_exported_but_the_one_about_this_machine() -> None:
    demo = {each.lesson.number for each in Tree.of_course().all() if "demo" in each.roles}
    assert demo - {each.lesson.number for each in LESSONS} == {"00"}


@pytest.mark.parametrize(("number", "why"), [("00", "only this machine"), ("05", "no demo")])
def test_what_cannot_be_exported_is_said(number: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=why):
        commands.databricks(number, tmp_path)
    assert not list(tmp_path.iterdir())


def test_what_an_exported_notebook_needs_lies_beside_it(tmp_path: Path) -> None:
    commands.databricks("03", tmp_path)
    for name in (
        *("03_ml_overview.py", "course/course.toml", "course/course_utils/export/platform.py"),
        *("course/lessons/03_ml_overview/helpers.py", "course/lessons/03_ml_overview/quiz.toml"),
        *("course/data/listings.parquet", "course/course_utils/course.mplstyle"),
    ):
        assert (tmp_path / name).is_file(), name


def test_a_changed_file_is_kept_and_then_nothing_is_written(tmp_path: Path) -> None:
    folder.fill(tmp_path, {"a.py": b"1", "course/b": b"1"})
    folder.fill(tmp_path, {"a.py": b"2", "course/b": b"2"})  # as it was written: replaced
    assert (tmp_path / "a.py").read_bytes() == b"2"
    (tmp_path / "a.py").write_bytes(b"mine")
    with pytest.raises(CourseError, match=r"a\.py was changed since"):
        folder.fill(tmp_path, {"course/b": b"3", "a.py": b"3"})
    assert (tmp_path / "a.py").read_bytes() == b"mine"
    assert (tmp_path / "course" / "b").read_bytes() == b"2"


def test_a_file_that_is_no_export_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"mine")
    with pytest.raises(CourseError, match=r"a\.py was changed"):
        folder.fill(tmp_path, {"a.py": b"1"})


def test_a_line_that_belongs_to_the_format_is_refused() -> None:
    with pytest.raises(CourseError, match="COMMAND"):
        source_format.write([SourceCell("code", "x = 1\n# COMMAND ----------")], "5")
    with pytest.raises(CourseError, match="no notebook in source format"):
        source_format.read("x = 1\n")


def test_markdown_keeps_its_empty_lines_and_breaks() -> None:
    cells = [SourceCell("markdown", "# A\n\n- b  \n  c"), SourceCell("magic", "%pip install x")]
    assert source_format.read(source_format.write(cells, "5")) == cells


def test_packages_are_asked_for_as_the_course_asks_for_them() -> None:
    found = packages.needed(
        ["import hyperopt, pyspark, pandas", "from xgboost import XGBRegressor"]
    )
    assert [each for each in found if each.startswith("hyperopt")] == ["hyperopt==0.3.0"]
    assert {re.split("[<>=]", each)[0] for each in found} == {"hyperopt", "matplotlib", "xgboost"}


def test_the_note_names_what_serverless_compute_lacks() -> None:
    sources = Tree.of_course().lesson("13")
    lines = limits.found(sources.cells("demo"), demos.helpers_of(sources))
    (trials,) = [line for line in lines if line.startswith("`SparkTrials`")]
    assert "*On a cluster: two ways, and not both*" in trials
    assert all(line in demos.notebook(sources) for line in lines)


class Frame:
    """A data frame that cannot be cached, as on serverless compute."""

    def cache(self) -> "Frame":
        raise RuntimeError("[NOT_SUPPORTED_WITH_SERVERLESS] PERSIST TABLE is not supported")

    persist = unpersist = cache


def test_where_frames_cannot_be_cached_the_calls_do_nothing() -> None:
    platform._do_without_cache(types.SimpleNamespace(range=lambda _: Frame()))  # type: ignore[arg-type]
    frame = Frame()
    assert frame.cache() is frame.persist() is frame.unpersist() is frame


def test_another_error_of_the_platform_is_not_hidden() -> None:
    class Broken:
        def cache(self) -> None:
            raise RuntimeError("the session is over")

    with pytest.raises(RuntimeError, match="session is over"):
        platform._do_without_cache(types.SimpleNamespace(range=lambda _: Broken()))  # type: ignore[arg-type]


# --- docs/platform.md ---------------------------------------------------------------------------


def calls_in_the_table() -> list[str]:
    """The names in the first column of "The course's calls"."""
    table = PAGE.split("## The course's calls")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return [name for row in rows for name in re.findall(r"`([\w.]+)", row)]


def test_each_call_that_the_page_names_exists() -> None:
    for name in calls_in_the_table():
        home, _, last = name.rpartition(".")
        assert hasattr(import_module(home) if home else course_utils, last), name


def test_the_page_names_each_call_that_notebooks_import() -> None:
    assert set(course_utils.__all__) <= set(calls_in_the_table())


def test_each_source_that_the_page_cites_is_listed() -> None:
    text, sources = PAGE.split("## Where it stands")
    listed = {int(number) for number in re.findall(r"^(\d+)\. ", sources, re.MULTILINE)}
    cited = {
        int(number)
        for group in re.findall(r"\[(\d+(?:, \d+)*)\]", text)
        for number in group.split(", ")
    }
    assert cited == listed
