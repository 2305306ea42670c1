"""Quizzes and exams in the notebook: the widgets' own callbacks, without a browser."""

import asyncio
from typing import Any

import IPython
import ipywidgets as widgets
import pytest

from course_utils import ask_quiz
from course_utils.exam import bank as banks
from course_utils.exam import exam_face, notebook, opening, record
from course_utils.exam.choice import Choice
from course_utils.exam.exam_face import ExamFace
from course_utils.exam.quiz_face import Quiz
from course_utils.exam.sitting import Session
from tests.unit.exam_helpers import Clock, bank, now, right_letters, workbook

__all__ = ["now", "workbook"]

BANK = bank()


@pytest.fixture
def face(now: Clock) -> ExamFace:
    opening.begin(BANK, seed=1)
    return ExamFace(Session(BANK, now), BANK)


def _widgets(of: widgets.Widget) -> list[widgets.Widget]:
    return [of, *(each for child in getattr(of, "children", ()) for each in _widgets(child))]


def _radio(choice: Choice) -> widgets.RadioButtons:
    assert isinstance(choice.box, widgets.RadioButtons)
    return choice.box


def _to_single(face: ExamFace) -> None:
    while face.session.entry.question.multiple:
        face.next.click()


# --- the quiz -------------------------------------------------------------------------------------


@pytest.mark.parametrize("in_lab", [True, False])
def test_a_quiz_is_clicked_in_jupyterlab_and_unfolds_elsewhere(
    in_lab: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(IPython, "get_ipython", object)
    monkeypatch.setattr("IPython.display.display", lambda what, **_: shown.append(what))
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    if in_lab:
        monkeypatch.setenv("JPY_SESSION_NAME", "labs/06.ipynb")
    ask_quiz("06")
    (only,) = shown
    if in_lab:
        assert any(isinstance(each, widgets.Button) for each in _widgets(only))
    else:
        assert only["text/html"].count("<details>") == len(Quiz("06").entries)


def test_a_quiz_is_answered_by_letters_and_says_why() -> None:
    quiz = Quiz("06")
    item, entry = quiz.questions[0], quiz.entries[0]
    right = right_letters(entry, list(entry.question.options))
    assert item.verdict.value == ""
    _radio(item.choice).value = right
    item.button.click()
    assert "✓ Right" in item.verdict.value
    assert item.verdict.value.count("<li>") == len(entry.question.options)
    assert f"1 of {len(quiz.entries)}" in quiz.score.value
    assert _radio(item.choice).disabled
    item.button.click()  # try again
    assert (item.verdict.value, _radio(item.choice).disabled) == ("", False)
    _radio(item.choice).value = next(letter for letter in "ABCD" if letter != right)
    item.button.click()
    assert f"✗ Wrong: {right} is right" in item.verdict.value
    assert f"0 of {len(quiz.entries)}" in quiz.score.value
    assert len(record.load().quizzes["06"]) == 2


def test_nothing_chosen_is_one_line_and_not_kept() -> None:
    item = Quiz("06").questions[0]
    item.button.click()
    assert "Give a letter from A to D." in item.verdict.value
    assert record.load().quizzes == {}


def test_several_right_options_are_ticked() -> None:
    quiz = Quiz("06")
    item, entry = next(
        (item, entry)
        for item, entry in zip(quiz.questions, quiz.entries, strict=True)
        if entry.question.multiple
    )
    for tick in item.choice.box.children:
        tick.value = tick.description in right_letters(entry, list(entry.question.options))
    item.button.click()
    assert "✓ Right" in item.verdict.value


def test_the_score_of_an_earlier_day_is_there() -> None:
    quiz = Quiz("06")
    _radio(quiz.questions[0].choice).value = right_letters(
        quiz.entries[0], list(quiz.entries[0].question.options)
    )
    quiz.questions[0].button.click()
    assert "1 of" in Quiz("06").score.value


def test_no_script_and_no_colours_of_its_own() -> None:
    pages = [each.value for each in _widgets(notebook.show_quiz("06")) if hasattr(each, "value")]
    text = "".join(page for page in pages if isinstance(page, str))
    assert "<script" not in text
    assert "#" not in text.replace("&#x27;", "")
    assert text.count('<ol type="A">') == len(Quiz("06").entries)


# --- the exam ---------------------------------------------------------------------------------


def test_letters_answer_and_buttons_lead_around(face: ExamFace) -> None:
    _to_single(face)
    at = face.session.sitting.at
    _radio(face.choice).value = "C"
    kept = record.load().sitting
    assert kept is not None
    assert kept.questions[at].picked == (face.session.options()[2].text,)
    face.next.click()
    assert face.session.sitting.at == at + 1
    face.back.click()
    assert _radio(face.choice).value == "C"
    face.go.value = 41
    assert face.session.sitting.at == 40
    assert "Question 41 of 48" in face.shown.value
    face.go.value = 1
    assert (face.back.disabled, face.next.disabled) == (True, False)


def test_the_letters_stay_while_one_is_chosen_so_that_the_keyboard_does(face: ExamFace) -> None:
    _to_single(face)
    choice = face.choice
    for letter in "BCD":
        _radio(choice).value = letter
        assert face.choice is choice
    assert face.session.letters() == "D"


def test_marks_and_taking_back(face: ExamFace) -> None:
    _to_single(face)
    place = face.session.sitting.at
    face.mark.click()
    assert "marked for review" in face.shown.value
    assert face.mark.description == "Take mark off"
    _radio(face.choice).value = "B"
    assert f"Marked for review: {place + 1}." in face.overview.value
    face.clear.click()
    assert _radio(face.choice).value is None
    assert face.session.letters() == ""
    face.mark.click()
    assert face.session.marked_places() == []


def test_what_is_open_is_listed(face: ExamFace) -> None:
    assert "Without an answer: 1–48. Marked for review: none." in face.overview.value
    for number in (2, 5, 6):
        face.go.value = number
        face.choice.set("A")
    face.go.value = 48
    face.choice.set("A")
    assert "Without an answer: 1, 3–4, 7–47." in face.overview.value


def test_no_feedback_before_the_end_and_all_of_it_then(face: ExamFace) -> None:
    for place in range(48):
        face.go.value = place + 1
        letters = right_letters(face.session.entry, face.session.options())
        face.choice.set(letters)
        assert "because" not in face.shown.value
    face.hand_in.click()
    assert "Press Hand in once more" in face.line.value
    assert record.load().exams == ()
    face.hand_in.click()
    assert "48 of 48 right, 100 %" in face.shown.value
    assert record.load().exams[0].right == 48
    assert face.box.children == (face.shown,)


def test_another_step_takes_back_the_wish_to_hand_in(face: ExamFace) -> None:
    face.hand_in.click()
    face.next.click()
    face.hand_in.click()
    assert record.load().exams == ()


def test_stop_keeps_and_the_terminal_may_go_on(face: ExamFace, now: Clock) -> None:
    _to_single(face)
    place = face.session.sitting.at
    _radio(face.choice).value = "B"
    now.pass_(60)
    face.stop.click()
    assert "Stopped with 89:00 left" in face.shown.value
    again = Session(BANK, now)
    assert again.letters(place) == "B"
    assert again.left() == 89 * 60


def test_the_clock_is_shown_and_ends_the_exam(face: ExamFace, now: Clock) -> None:
    assert face.clock.value == "90:00 left"
    now.pass_(61)
    face.tick(save=True)
    assert face.clock.value == "88:59 left"
    kept = record.load().sitting
    assert kept is not None
    assert kept.used == 61
    now.pass_(6000)
    face.tick()
    assert "The time is up" in face.shown.value
    assert len(record.load().exams) == 1


def test_the_clock_ticks_by_itself_in_a_loop(
    face: ExamFace, now: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exam_face, "_TICK", 0.001)

    async def wait() -> None:
        face.start_clock()
        now.pass_(5400)
        while not record.load().exams:
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(wait(), 60))
    assert "The time is up" in face.shown.value


def test_going_on_elsewhere_is_said_and_does_no_harm(face: ExamFace, now: Clock) -> None:
    Session(BANK, now).mark()
    face.next.click()
    assert "opened in another window" in face.line.value
    assert face.session.sitting.at == 0
    face.line.value = ""
    face.tick(save=True)
    assert "opened in another window" in face.line.value


def test_show_exam_begins_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    first = notebook.show_exam(seed=3, domain=4)
    assert isinstance(first, widgets.VBox)
    sitting = record.load().sitting
    assert sitting is not None
    assert (sitting.seed, sitting.kind, len(sitting.questions)) == (3, "domain 4", 6)
    notebook.show_exam()
    assert len(banks.load().entries) > 100
    assert "2025-48" in notebook.show_map().value
