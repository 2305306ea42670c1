"""The file of quizzes and exams: readable, never half, and what a broken one does."""

import json
import os
from pathlib import Path

import pytest

from course_utils.errors import CourseError
from course_utils.exam import opening, quizzes, record
from course_utils.exam.kept import Answer, Record
from course_utils.exam.sitting import Session
from tests.unit.exam_helpers import bank


@pytest.fixture(autouse=True)
def workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COURSE_WORKBOOK", str(tmp_path / "workbook"))
    (tmp_path / "workbook").mkdir()
    return tmp_path / "workbook"


def _answer(question: str, right: bool, time: str = "2026-01-01") -> Answer:
    return Answer(question, ("2025-1",), ("a",), right, time)


def test_all_comes_back_as_it_was_written() -> None:
    opening.begin(bank(), seed=3)
    session = Session(bank())
    session.pick("B")
    session.mark()
    exam = session.hand_in()
    opening.begin(bank(), seed=4, domain=2)
    record.add_quiz_answer("06", _answer("x", True))
    kept = record.load()
    assert kept.exams == (exam,)
    assert kept.sitting is not None
    assert (kept.sitting.seed, kept.sitting.kind) == (4, "domain 2")
    assert kept.quizzes == {"06": (_answer("x", True),)}


def test_a_person_can_read_the_file(workbook: Path) -> None:
    record.add_quiz_answer("06", _answer("vector-column", True))
    raw = json.loads((workbook / "exam.json").read_text())
    assert raw["schema"] == 1
    assert raw["quizzes"]["06"][0]["question"] == "vector-column"
    assert raw["quizzes"]["06"][0]["right"] is True


def _good(**changes: object) -> str:
    return json.dumps({"schema": 1, "quizzes": {}, "sitting": None, "exams": [], **changes})


SITTING = {
    "guide": "2025", "kind": "whole exam", "seed": 1, "started": "x", "limit": 60.0, "used": 0,
    "at": 0, "window": "", "questions": [{"id": "a", "picked": [], "marked": False}],
}  # fmt: skip


def test_the_example_of_the_broken_ones_is_good(workbook: Path) -> None:
    (workbook / "exam.json").write_text(_good(sitting=SITTING))
    assert record.load().notice is None


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        _good()[:-9],
        "[]",
        "{}",
        _good(schema="1"),
        _good(quizzes=[]),
        _good(quizzes={"06": [{"question": "x"}]}),
        _good(exams=[{}]),
        _good(sitting=SITTING | {"at": 1}),
        _good(sitting=SITTING | {"limit": "long"}),
        _good(sitting=SITTING | {"used": -1}),
        _good(sitting=SITTING | {"guide": "2030"}),
        _good(sitting=SITTING | {"seed": True}),
        _good(sitting=SITTING | {"questions": []}),
        _good(sitting=SITTING | {"questions": [{"id": "a", "picked": "B", "marked": False}]}),
    ],
)
def test_a_file_that_cannot_be_read_is_set_aside_and_said(content: str, workbook: Path) -> None:
    (workbook / "exam.json").write_text(content)
    kept = record.load()
    assert kept.notice is not None
    assert "was set aside as exam.broken-" in kept.notice
    assert [file.read_text() for file in workbook.glob("exam.broken-*")] == [content]
    record.add_quiz_answer("06", _answer("x", True))
    assert record.load().quizzes["06"]


def test_bytes_that_are_no_text(workbook: Path) -> None:
    (workbook / "exam.json").write_bytes(b"\x80\xff")
    assert record.load().notice is not None


def test_a_mark_of_byte_order_does_no_harm(workbook: Path) -> None:
    (workbook / "exam.json").write_bytes(b"\xef\xbb\xbf" + _good(sitting=SITTING).encode())
    kept = record.load()
    assert kept.notice is None
    assert kept.sitting is not None


def test_a_folder_in_its_place_is_one_line(workbook: Path) -> None:
    (workbook / "exam.json").mkdir()
    for act in (record.load, lambda: record.add_quiz_answer("06", _answer("x", True))):
        with pytest.raises(
            CourseError, match=r"exam\.json in the folder workbook cannot"
        ) as caught:
            act()
        assert "\n" not in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_one_line(workbook: Path) -> None:
    record.add_quiz_answer("06", _answer("x", True))
    workbook.chmod(0o500)
    try:
        with pytest.raises(CourseError, match="allow writing"):
            record.add_quiz_answer("06", _answer("y", True))
    finally:
        workbook.chmod(0o700)
    assert len(record.load().quizzes["06"]) == 1


def test_a_file_of_a_newer_version_is_left_alone(workbook: Path) -> None:
    newer = '{"schema": 99, "anything": 1}'
    (workbook / "exam.json").write_text(newer)
    with pytest.raises(CourseError, match="newer version"):
        record.load()
    with pytest.raises(CourseError, match="newer version"):
        opening.begin(bank(), seed=1)
    assert (workbook / "exam.json").read_text() == newer


def test_the_last_answer_is_what_counts() -> None:
    given = (_answer("x", False, "2026-01-01"), _answer("y", False, "2026-01-02"))
    kept = Record(quizzes={"06": (*given, _answer("x", True, "2026-01-03"))})
    assert kept.mistakes() == {"y"}


def test_a_quiz_answer_is_judged_and_kept() -> None:
    asked = quizzes.entries("06")
    first = asked[0]
    right = "".join("ABCD"[i] for i, o in enumerate(first.question.options) if o.right)
    wrong = "A" if right != "A" else "B"
    assert quizzes.answer(first, wrong).right is False
    assert str(quizzes.score(asked)) == f"0 of {len(asked)}"
    assert quizzes.answer(first, right).right is True
    assert str(quizzes.score(asked)) == f"1 of {len(asked)}"
    assert len(record.load().quizzes["06"]) == 2
    for bad in ("", "Z", "E"):
        with pytest.raises(CourseError, match="Give a letter"):
            quizzes.answer(first, bad)
    with pytest.raises(CourseError, match="One option is right"):
        quizzes.answer(first, "AB")
    with pytest.raises(CourseError, match="has no quiz"):
        quizzes.entries("00")
