"""What comes of exams: by domain and objective, the mistakes, the history, what to learn next."""

from pathlib import Path

from course_utils.exam import commands, guide, opening, record, results, text
from course_utils.exam.bank import Bank
from course_utils.exam.kept import Answer, Exam, Record
from course_utils.exam.sitting import Session
from tests.unit.exam_helpers import Clock, bank, right_letters, workbook

__all__ = ["workbook"]

BANK = bank()


def _answers(*marks: tuple[str, bool]) -> tuple[Answer, ...]:
    return tuple(
        Answer(f"{tag}-{place}", (tag,), (), right, f"2026-01-{place + 1:02}")
        for place, (tag, right) in enumerate(marks)
    )


def _exam(wrong: int) -> Exam:
    """An exam of which the first questions were answered wrongly."""
    opening.begin(BANK, seed=1)
    session = Session(BANK, Clock())
    for place in range(48):
        session.go(place)
        letters = right_letters(session.entry, session.options())
        session.pick(letters if place >= wrong else next(x for x in "ABCD" if x not in letters))
    return session.hand_in()


def test_domains_add_up_to_the_whole() -> None:
    exam = _exam(wrong=10)
    scores = [score for _, score in results.by_section(guide.guide(), exam.answers)]
    assert [score.asked for score in scores] == [18, 9, 15, 6]
    assert sum(score.right for score in scores) == exam.right == 38
    assert exam.percent == 79


def test_a_question_counts_for_each_objective_that_it_names() -> None:
    both = Answer("x", ("2025-39", "2025-40", "2022-S3"), (), True, "t")
    found = results.by_objective(guide.guide(), [both])
    assert [(each.tag, str(score)) for each, score in found] == [
        ("2025-39", "1 of 1"),
        ("2025-40", "1 of 1"),
    ]


def test_what_to_learn_next_is_where_most_is_to_be_won() -> None:
    marks = [("2025-20", False), ("2025-2", True), ("2025-43", False), ("2025-2", False)]
    found = results.learn_next(Record(quizzes={"04": _answers(*marks)}))
    # 19/9 for the whole of 20, 12/6 for the whole of 43, half of 38/18 for 2
    assert [each.objective.tag for each in found] == ["2025-20", "2025-43", "2025-2"]
    assert str(found[2].score) == "1 of 2"


def test_not_more_than_five_at_once() -> None:
    marks = [(f"2025-{number}", False) for number in range(1, 20)]
    assert len(results.learn_next(Record(quizzes={"04": _answers(*marks)}))) == results.MOST_NEXT


def test_the_report_says_all_that_an_exam_has_to_say() -> None:
    exam = _exam(wrong=2)
    lines = text.report(exam, record.load(), BANK)
    page = " ".join("\n".join(lines).split())
    assert "46 of 48 right, 96 %" in page
    assert "pass mark is not published" in page
    for section in guide.guide().sections:
        assert section.title in page
    for number, answer in enumerate(exam.answers[:2], 1):
        entry = BANK.by_id[answer.question]
        assert f"Question {number}: you answered" in page
        assert all(f"{'right' if o.right else 'wrong'}: {o.why}" in page
                   for o in entry.question.options)  # fmt: skip
        assert str(entry.taught()[0]) in page
    assert "Question 3:" not in page
    assert "Learn next" in page
    assert max(map(len, lines)) <= text.WIDTH


def test_a_report_of_a_question_that_is_gone() -> None:
    exam = _exam(wrong=1)
    page = "\n".join(text.report(exam, record.load(), Bank(())))
    assert "Question 1: the course has it no more" in page


def test_nothing_wrong_is_said_too() -> None:
    page = "\n".join(text.report(_exam(wrong=0), record.load(), BANK))
    assert "Nothing was wrong." in page
    assert "nothing that was asked so far was wrong" in page


def test_history_and_the_way_on() -> None:
    assert commands.history() == ["No exam was handed in so far: ./course exam begins one."]
    _exam(wrong=5)
    _exam(wrong=1)
    opening.begin(BANK, seed=9)
    lines = commands.history()
    assert "43 of 48   90 %" in lines[1]
    assert "47 of 48   98 %" in lines[2]
    assert "Going on, 90:00 left" in lines[-1]
    assert "seed 9" in lines[-1]


def test_the_last_report_can_be_seen_again() -> None:
    opening.begin(commands.load(), seed=2)
    exam = Session(commands.load(), Clock()).hand_in()
    assert commands.report() == text.report(exam, record.load(), commands.load())


def test_the_notebook_is_laid_out_once(workbook: Path) -> None:
    assert "exam.ipynb" in commands.lay_out_notebook()
    (workbook / "exam.ipynb").write_text("mine")
    commands.lay_out_notebook()
    assert (workbook / "exam.ipynb").read_text() == "mine"


def test_wrapped_text_keeps_code_and_fits() -> None:
    stem = "What comes out?\n\n```python\nfor row in rows:\n    print(row)\n```\n" + "word " * 40
    lines = text.wrap(stem, "A. ")
    assert "       for row in rows:" in lines
    assert "           print(row)" in lines
    assert lines[0] == "A. What comes out?"
    assert max(map(len, lines)) <= text.WIDTH
