"""What instructors and learners get: the gradebook, shared progress, the class, certificates."""

import csv
import json
from pathlib import Path

import pytest

from course_utils import cli
from course_utils.classroom import certificate, class_progress, gradebook, results, share
from course_utils.classroom.verdict import Verdict
from course_utils.errors import CourseError
from course_utils.lab import progress_file
from course_utils.lab.content import content_hash
from course_utils.lab.find_questions import load_questions
from course_utils.lab.progress_file import Entry
from course_utils.lab.show import MIME
from tests.unit.classroom_submissions import shipped


@pytest.fixture(autouse=True)
def workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COURSE_WORKBOOK", str(tmp_path / "workbook"))
    return tmp_path / "workbook"


def passed(question: str = "q1") -> None:
    asked = next(each for each in load_questions("06") if each.id == question)
    entry = Entry("done", 2, 1, False, "2026-11-02T10:00:00+00:00", None, content_hash("06", asked))
    progress_file.update("06", question, lambda _: entry)


def result(name: str, *points: float, look: bool = False) -> results.Result:
    verdicts = tuple(
        Verdict(f"q{number}", "<Title>", got, 2.0, "pass" if got else "wrong")
        for number, got in enumerate(points, 1)
    )
    return results.Result(
        name, "06", f"{name}.ipynb", "graded", verdicts, ("=1+1",), look, 3.0, "45"
    )


# The gradebook


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r\n=1", "＝1", " =1", "\x00=1"]
)
def test_no_cell_is_a_formula(text: str) -> None:
    assert gradebook.safe(text).startswith("'")


def test_a_cell_is_one_line_and_a_plain_text_stays_as_it_is() -> None:
    assert gradebook.safe("a\n=b") == "a =b"
    assert gradebook.safe("Zoë, A. (06)") == "Zoë, A. (06)"


def test_platforms_get_no_grade_where_a_person_has_to_look(tmp_path: Path) -> None:
    files = gradebook.write([result("anna", 2, 0), result("ben", 2, 2, look=True)], tmp_path)
    rows = {file.name: list(csv.reader(file.open(encoding="utf-8"))) for file in files}
    assert set(rows) == {"gradebook.csv", "canvas-06.csv", "moodle-06.csv"}
    assert [row[5] for row in rows["canvas-06.csv"]] == ["06_linear_regression_1", "4", "2", ""]
    assert [row[4:7] for row in rows["gradebook.csv"][1:]] == [["2", "4", "no"], ["4", "4", "yes"]]
    assert all(row[7] == "'=1+1" for row in rows["gradebook.csv"][1:])


def test_feedback_shows_what_came_from_a_submission_as_text() -> None:
    page = gradebook.feedback("<b>anna</b>", [result("<b>anna</b>", 2)])
    assert "<b>" not in page
    assert "&lt;Title&gt;" in page


def test_two_names_never_share_a_file() -> None:
    names = ["a/b", "a_b", "a:b", "../a", "..", "é" * 300, "é" * 301]
    assert len({results.file_name(name) for name in names}) == len(names)
    assert not [name for name in names if "/" in results.file_name(name)]


# Progress that is shared, and the class


def test_shared_progress_holds_no_answers_and_names_mistakes(
    workbook: Path, tmp_path: Path
) -> None:
    passed()
    notebook = shipped("06")
    told = {"question": "q2", "status": "wrong", "mistake": "mse-for-rmse", "points": 0}
    shown = {"output_type": "display_data", "metadata": {}, "data": {MIME: told}}
    notebook["cells"][3].update(source="secret = 4711", outputs=[shown])
    lab = workbook / "labs" / "06_linear_regression_1.ipynb"
    lab.parent.mkdir(parents=True, exist_ok=True)
    lab.write_text(json.dumps(notebook))
    assert share.share(tmp_path / "class" / "anna.json") == 1
    text = (tmp_path / "class" / "anna.json").read_text()
    assert "4711" not in text
    [learner], bad = class_progress.read(tmp_path / "class")
    assert bad == []
    assert learner.done("06") == 1
    assert learner.lessons["06"]["q1"].tries == 2
    assert learner.lessons["06"]["q1"].passed == "2026-11-02T10:00:00+00:00"
    assert learner.lessons["06"]["q2"].mistake == "mse-for-rmse"


def a_class(folder: Path, count: int = 30) -> None:
    folder.mkdir(exist_ok=True)
    for number in range(count):
        state = "done" if number % 3 else "open"
        entry = {"state": state, "tries": number, "last": f"2026-11-{number % 28 + 1:02}T10:00:00"}
        entry["mistake"] = "mse-for-rmse" if state == "open" else None
        told = {"kind": share.KIND, "schema": 1, "lessons": {"06": {"q2": entry}}}
        (folder / f"$learner [{number:02}].json").write_text(json.dumps(told))


def test_a_class_of_thirty_is_drawn_and_bad_files_cost_a_line_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "class"
    a_class(folder)
    bad = {
        "array": "[]",
        "half": '{"kind": "course pro',
        "other": '{"schema": 1}',
        "newer": f'{{"kind": "{share.KIND}", "schema": 2}}',
        "typed": json.dumps(
            {"kind": share.KIND, "schema": 1, "lessons": {"06": {"q1": {"state": "=1"}}}}
        ),
        "deep": "[" * 100_000,
    }
    for name, text in bad.items():
        (folder / f"{name}.json").write_text(text)
    (folder / "folder.json").mkdir()
    table, figure = tmp_path / "class.csv", tmp_path / "class.png"
    with pytest.raises(SystemExit) as end:
        cli.main(["class", str(folder), "--csv", str(table), "--figure", str(figure)])
    assert end.value.code == 0
    said = capsys.readouterr().out
    assert "30 learners" in said
    assert "mse-for-rmse" in said
    assert said.count("was left out") == len(bad) + 1
    assert len(list(csv.reader(table.open()))) == 31
    assert figure.read_bytes().startswith(b"\x89PNG")


def test_mistakes_of_one_learner_are_not_those_of_the_class(tmp_path: Path) -> None:
    a_class(tmp_path / "class", 7)
    learners, _ = class_progress.read(tmp_path / "class")
    assert class_progress.mistakes(learners) == [("06", "q2", "mse-for-rmse", 3)]
    assert class_progress.mistakes(learners[:1]) == []


# The certificate


def test_a_certificate_says_what_was_passed_and_that_it_is_self_made() -> None:
    passed("q1")
    passed("q4")
    page = certificate.from_progress("Zoë <script>alert(1)</script>")
    assert "<script>" not in page
    assert "2 of 6" in page
    assert "4 of 12 points" in page
    assert "2026-11-02" in page
    assert "self-made record" in page


def test_without_a_pass_there_is_no_certificate() -> None:
    with pytest.raises(CourseError, match="Nothing is passed yet"):
        certificate.from_progress("Anna")


def test_an_instructors_certificate_counts_only_what_nobody_has_to_look_at(tmp_path: Path) -> None:
    for name, look in (("anna", False), ("ben", True)):
        results.keep(result(name, 2, 0, look=look), tmp_path / "results" / f"{name}-06.json", "")
    page = certificate.from_grades("anna", tmp_path)
    assert "An instructor made this record" in page
    assert "1 of 2" in page
    with pytest.raises(CourseError, match="has to look"):
        certificate.from_grades("ben", tmp_path)
    with pytest.raises(CourseError, match="no results of 'cleo'"):
        certificate.from_grades("cleo", tmp_path)
