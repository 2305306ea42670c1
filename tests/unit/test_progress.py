"""The progress file: what is kept, and that nothing is lost."""

import json
import multiprocessing
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from course_utils import config, paths
from course_utils.errors import CourseError
from course_utils.lab import Lab, content, progress_file
from course_utils.lab.find_questions import load_questions
from course_utils.lab.progress_file import Entry
from course_utils.lab.question import Question
from course_utils.workbook import copies, progress
from course_utils.workbook.asked import read_questions
from tests.unit.lab_helpers import question


@pytest.fixture(autouse=True)
def workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("COURSE_WORKBOOK", str(tmp_path / "workbook"))
    monkeypatch.delenv("COURSE_NO_RECORD", raising=False)
    return tmp_path / "workbook"


def _lab(total: object = 60, record: bool = True) -> Lab:
    return Lab("06", namespace={"total": total}, record=record, sources=[], questions=[question()])


def _entry() -> Entry:
    return progress_file.load().entry("06", "q1")


def test_a_try_and_a_pass_are_kept(workbook: Path) -> None:
    _lab(61).q1.check()
    assert (_entry().status, _entry().attempts) == ("pending", 1)
    _lab(60).q1.check()
    assert (_entry().status, _entry().attempts) == ("done", 2)
    assert _entry().first_pass is not None
    assert _entry().content is not None
    raw = json.loads((workbook / "progress.json").read_text())
    assert raw["schema"] == 1
    assert raw["lessons"]["06"]["q1"]["status"] == "done"


def test_a_pass_stays_when_a_later_try_fails() -> None:
    _lab(60).q1.check()
    first = _entry().first_pass
    _lab(61).q1.check()
    assert (_entry().status, _entry().first_pass) == ("done", first)


def test_an_open_answer_is_no_try(workbook: Path) -> None:
    _lab(...).q1.check()
    assert not (workbook / "progress.json").exists()


def test_evaluate_and_record_false_write_nothing(workbook: Path) -> None:
    _lab(60).q1.evaluate()
    _lab(60, record=False).q1.check()
    assert not workbook.exists()


def test_hints_survive_a_restart(capsys: pytest.CaptureFixture[str]) -> None:
    _lab(61).q1.hint()
    capsys.readouterr()
    _lab(61).q1.hint()
    assert "Hint 2 of 2" in capsys.readouterr().out
    assert _entry().hints == 2


def test_summary_knows_earlier_passes(capsys: pytest.CaptureFixture[str]) -> None:
    _lab(60).q1.check()
    capsys.readouterr()
    _lab(...).summary()
    assert "✓ q1 done earlier" in capsys.readouterr().out


def test_a_summary_counts_what_was_passed_whatever_was_tried_since(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _lab(60).q1.check()
    playing = _lab(61)
    playing.q1.check()
    capsys.readouterr()
    playing.summary()
    shown = capsys.readouterr().out
    assert "1 of 1 done" in shown
    assert "✓ q1 done; your last try is another" in shown
    assert _entry().done, "as ./course progress has it"


def test_a_question_that_changed_is_said_and_not_lost(capsys: pytest.CaptureFixture[str]) -> None:
    _lab(60).q1.check()
    changed = question(title="Add the prices in dollars")
    capsys.readouterr()
    Lab("06", namespace={}, sources=[], questions=[changed]).summary()
    assert "… q1 changed since you passed" in capsys.readouterr().out
    assert _entry().done


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"lessons": {}}',
        '{"schema": 1}',
        '{"schema": "1", "lessons": {}}',
        '{"schema": 1, "lessons": []}',
        '{"schema": 1, "lessons": {"06": {"q1": {"status": "great"}}}}',
        '{"schema": 1, "lessons": {"06": {"q1": {"attempts": "many"}}}}',
        '{"schema": 1, "lessons": {"06": {"q1": 5}}}',
    ],
)
def test_a_file_that_cannot_be_read_is_set_aside_and_said(
    content: str, workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook.mkdir()
    (workbook / "progress.json").write_text(content)
    _lab(60).q1.check()
    out = capsys.readouterr().out
    assert "✓ q1 done" in out
    assert "was set aside as progress.broken-" in out
    assert [file.read_text() for file in workbook.glob("progress.broken-*")] == [content]
    assert _entry().done


def test_bytes_that_are_no_text(workbook: Path) -> None:
    workbook.mkdir()
    (workbook / "progress.json").write_bytes(b"\xff\xfe\x00")
    assert progress_file.load().notice is not None


def test_a_file_from_a_newer_version_is_left_alone(
    workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook.mkdir()
    newer = '{"schema": 99, "anything": 1}'
    (workbook / "progress.json").write_text(newer)
    _lab(60).q1.check()
    out = capsys.readouterr().out
    assert "✓ q1 done" in out
    assert "newer version" in out
    assert (workbook / "progress.json").read_text() == newer
    with pytest.raises(CourseError, match="git pull"):
        progress_file.load()


def test_fields_that_are_not_known_yet_do_not_break_reading(workbook: Path) -> None:
    workbook.mkdir()
    entry = '{"schema": 1, "lessons": {"06": {"q1": {"status": "done", "mood": "good"}}}}'
    (workbook / "progress.json").write_text(entry)
    assert _entry().done


def test_a_workbook_that_cannot_be_written_does_not_stop_a_check(
    workbook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook.touch()  # a file stands where the folder should be
    _lab(60).q1.check()
    out = capsys.readouterr().out
    assert "✓ q1 done" in out
    assert "Progress was not kept" in out


def _add_attempts(number: str, times: int) -> None:
    for _ in range(times):
        progress_file.update(
            number, "q1", lambda entry: replace(entry, attempts=entry.attempts + 1)
        )


def test_two_notebooks_at_once_lose_nothing() -> None:
    context = multiprocessing.get_context("spawn")
    writers = [
        context.Process(target=_add_attempts, args=(number, 40)) for number in ("01", "06", "06")
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert progress_file.load().entry("01", "q1").attempts == 40
    assert progress_file.load().entry("06", "q1").attempts == 80


def test_no_half_file_stays_behind(workbook: Path) -> None:
    _add_attempts("06", 3)
    assert {path.name for path in workbook.iterdir()} == {"progress.json", ".state"}


# --- what is asked --------------------------------------------------------------------------------


def _told(number: str, questions: list[Question]) -> list[tuple[object, ...]]:
    return [(q.id, q.title, q.points, content.content_hash(number, q)) for q in questions]


@pytest.mark.slow
@pytest.mark.parametrize(
    "lesson", [each for each in config.course().lessons if each.lab], ids=lambda each: each.name
)
def test_questions_are_read_as_running_their_file_gives_them(lesson: config.Lesson) -> None:
    read = _told(lesson.number, read_questions(lesson.number))
    assert read == _told(lesson.number, load_questions(lesson.number))


def test_an_overview_imports_nothing_that_only_checks_need() -> None:
    code = (
        "import sys\n"
        "from course_utils.workbook import progress\n"
        "lessons = progress.overview()\n"
        "assert all(item.questions for item in lessons if item.lesson.lab)\n"
        'print({"pandas", "pyspark", "sklearn"} & set(sys.modules))'
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "set()\n"


def test_a_file_of_another_form_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "lesson", lambda _: SimpleNamespace(number="06", folder=tmp_path))
    (tmp_path / "questions.py").write_text(
        "from tests.unit.lab_helpers import question\nQUESTIONS = [question(title='Made')]\n"
    )
    assert [each.title for each in read_questions("06")] == ["Made"]


# --- what to do now -------------------------------------------------------------------------------


@pytest.fixture
def labs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every lab of the registry has the questions q1 and q2."""
    pair = [question("q1", title="First"), question("q2", title="Second")]
    monkeypatch.setattr(progress, "read_questions", lambda number: pair)


def _done(number: str, *names: str) -> None:
    titles = {"q1": "First", "q2": "Second"}
    for name in names:
        asked = content.content_hash(number, question(name, title=titles[name]))
        done = Entry(status="done", content=asked)
        progress_file.update(number, name, lambda entry, done=done: done)  # type: ignore[misc]


@pytest.mark.usefixtures("labs")
def test_next_before_anything_was_done() -> None:
    assert "00_welcome.ipynb" in progress.next_item()


@pytest.mark.usefixtures("labs")
def test_next_after_the_practice_question_is_the_first_lab() -> None:
    from course_utils import config

    progress_file.update("00", "q1", lambda entry: Entry(status="done"))
    first = next(lesson for lesson in config.course().lessons if lesson.lab)
    assert f"Next: lesson {first.number} · {first.title}" in progress.next_item()


def test_opening_a_lab_says_what_was_done_earlier(capsys: pytest.CaptureFixture[str]) -> None:
    assert _lab(60).so_far() is None
    _lab(61).q1.check()
    assert _lab(60).so_far() == "Lab 06: 0 of 1 done earlier. Next: q1 · Add the prices"
    _lab(60).q1.check()
    assert _lab(60).so_far() == "Lab 06: 1 of 1 done earlier."


@pytest.mark.usefixtures("labs")
def test_next_goes_on_where_the_learner_works() -> None:
    _done("06", "q1")
    assert progress.next_item() == (
        f"Next: lesson 06, q2 · Second, in {paths.workbook()}/labs/06_linear_regression_1.ipynb."
    )


def test_a_place_in_the_checkout_is_told_from_its_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COURSE_WORKBOOK")
    assert paths.told(paths.workbook() / "labs" / "a.ipynb") == "workbook/labs/a.ipynb"


@pytest.mark.usefixtures("labs")
def test_next_goes_round_to_what_was_left_out() -> None:
    from course_utils import config

    others = [lesson.number for lesson in config.course().lessons if lesson.lab]
    for number in others[1:]:
        _done(number, "q1", "q2")
    assert f"lesson {others[0]} ·" in progress.next_item()
    _done(others[0], "q1", "q2")
    assert progress.next_item() == "All questions of all labs are done."


@pytest.mark.usefixtures("labs")
def test_next_names_a_demo_only_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from course_utils import config

    def lesson(number: str, slug: str) -> config.Lesson:
        return config.Lesson(number, slug, slug.title(), "Part", 0, 5, (), ())

    registry = (config.lesson("00"), lesson("98", "alone"), lesson("99", "last"))
    course = replace(config.course(), lessons=registry)
    monkeypatch.setattr(config, "course", lambda: course)
    progress_file.update("00", "q1", lambda entry: Entry(status="done"))
    assert progress.next_item().endswith(
        " 98 · Alone: " + f"{paths.workbook()}/labs/98_alone.ipynb."
    )


@pytest.mark.usefixtures("labs")
def test_next_names_what_changed_when_all_else_is_done() -> None:
    from course_utils import config

    for lesson in config.course().lessons:
        if lesson.lab:
            _done(lesson.number, "q1", "q2")
    progress_file.update("06", "q2", lambda entry: replace(entry, content="other"))
    assert "lesson 06, q2 · Second, changed since you passed" in progress.next_item()


@pytest.mark.usefixtures("labs")
def test_table_has_a_line_for_every_lesson() -> None:
    from course_utils import config

    _done("06", "q1", "q2")
    _done("01", "q1")
    text = progress.table()
    for lesson in config.course().lessons:
        assert lesson.title in text
    assert "✓ 06" in text
    assert "… 01" in text
    assert "3 of" in text


@pytest.mark.usefixtures("labs")
def test_table_says_that_a_broken_file_was_set_aside(workbook: Path) -> None:
    workbook.mkdir()
    (workbook / "progress.json").write_text("{")
    assert "set aside" in progress.table()


@pytest.mark.usefixtures("labs")
def test_map_shows_progress_in_words() -> None:
    from course_utils.workbook import map as lesson_map

    _done("06", "q1")
    lessons = progress.overview()
    lines = lesson_map._lines(lessons)
    assert any("06 Linear regression I" in line and "1 of 2 done" in line for line in lines)
    assert "1 of" in lesson_map._summary(lessons)


def test_map_opens_the_notebooks_from_wherever_it_is_drawn(workbook: Path) -> None:
    from course_utils.workbook import map as lesson_map

    for folder in (workbook, workbook / "labs"):
        page = lesson_map._page(progress.overview(), folder)
        opened = {(folder / link).resolve() for link in re.findall(r'href="([^"]+)"', page)}
        named = {path.relative_to(workbook.resolve()) for path in opened}
        there = {pair.copy.relative_to(workbook) for pair in copies._pairs()}
        assert named == there - {Path("00_welcome.ipynb")}
