"""Quiz files: what they must have, and how they are shown."""

import re
from pathlib import Path

import pytest

from course_utils import config, quiz
from course_utils.errors import CourseError


def _item(number: int, **changes: str) -> str:
    parts = {
        "id": f'"quiz-{number}"',
        "stem": f'"What is {number} & `x < y`?"',
        "objectives": '["2025-28"]',
        "options": """[
          { text = "one", right = true, why = "it is one" },
          { text = "two", right = false, why = "one too many" },
          { text = "three", right = false, why = "two too many" },
        ]""",
    } | changes
    return "[[question]]\n" + "\n".join(f"{k} = {v}" for k, v in parts.items()) + "\n"


def _write(folder: Path, *items: str) -> Path:
    path = folder / "lessons" / "06_x" / "quiz.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(items), encoding="utf-8")
    return path


def _five(first: str) -> list[str]:
    return [first, *[_item(number) for number in range(2, 6)]]


def test_a_good_file_is_read(tmp_path: Path) -> None:
    questions = quiz.read_quiz(_write(tmp_path, *_five(_item(1))))
    assert [question.id for question in questions] == [f"quiz-{n}" for n in range(1, 6)]
    assert questions[0].answer == "A"


def test_several_right_options_where_said(tmp_path: Path) -> None:
    options = """[
      { text = "one", right = true, why = "a" }, { text = "two", right = true, why = "b" },
      { text = "three", right = false, why = "c" } ]"""
    first = _item(1, options=options, multiple="true")
    questions = quiz.read_quiz(_write(tmp_path, *_five(first)))
    assert questions[0].answer == "A, B"
    assert "more than one may be right" in quiz.as_text("Quiz", questions)


_NO_WHY = '[{ text = "a", right = true, why = "" }]'
_TWO = '[{ text = "a", right = true, why = "x" }, { text = "b", right = false, why = "x" }]'
_BOTH = _TWO.replace("false", "true").replace("]", ', { text = "c", right = false, why = "x" }]')
_NONE = _BOTH.replace("true", "false")
_SAME = _TWO.replace("]", ', { text = "B", right = false, why = "x" }]')


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"id": '""'}, "`id` is missing"),
        ({"stem": '"What is 2 & `x < y`?"'}, "two questions have the stem"),
        ({"id": '"quiz-2"'}, "two questions have the id"),
        ({"objectives": "[]"}, "`objectives` is missing"),
        ({"objectives": '["2025-49"]'}, "unknown objective '2025-49'"),
        ({"objectives": '["2022-S5"]'}, "unknown objective"),
        ({"options": _NO_WHY}, "no `why`"),
        ({"options": '[{ text = "a", why = "x" }]'}, "no `right"),
        ({"options": _TWO}, "2 options"),
        ({"options": _BOTH}, "2 options are right"),
        ({"options": _NONE}, "0 options are right"),
        ({"options": _SAME}, "two options are the same"),
        ({"hint": '"x"'}, "unknown key 'hint'"),
    ],
)
def test_a_file_that_breaks_a_rule(changes: dict[str, str], says: str, tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=re.escape(says)) as caught:
        quiz.read_quiz(_write(tmp_path, *_five(_item(1, **changes))))
    assert "lessons/06_x/quiz.toml" in str(caught.value)


def test_too_few_questions_and_no_toml(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="has 4 questions; 5 are the least"):
        quiz.read_quiz(_write(tmp_path, *_five(_item(1))[1:]))
    with pytest.raises(CourseError, match="not valid TOML"):
        quiz.read_quiz(_write(tmp_path, "[[question"))
    with pytest.raises(CourseError, match="no quiz"):
        quiz.load_quiz("00")


def test_shown_without_script_and_with_everything_escaped(tmp_path: Path) -> None:
    questions = quiz.read_quiz(_write(tmp_path, *_five(_item(1))))
    page = quiz.as_html("Quiz", questions)
    assert "<script" not in page
    assert page.count("<details>") == 5
    assert "&amp; <code>x &lt; y</code>" in page
    assert "one too many" in page


def test_plain_text_has_the_answers_after_all_questions(tmp_path: Path) -> None:
    text = quiz.as_text("Quiz", quiz.read_quiz(_write(tmp_path, *_five(_item(1)))))
    asked, answers = text.split("\nAnswers\n")
    assert asked.count("A. one") == 5
    assert "right" not in asked
    assert answers.count("right: it is one") == 5


def test_code_in_a_stem() -> None:
    shown = quiz.blocks("Given\n```python\na < b\n```\nwhat is it?")
    assert "<pre><code>a &lt; b</code></pre>" in shown


WITH_QUIZ = [lesson for lesson in config.course().lessons if (lesson.folder / "quiz.toml").exists()]


@pytest.mark.parametrize("lesson", WITH_QUIZ, ids=lambda lesson: lesson.name)
def test_the_quiz_of_each_lesson_keeps_the_rules(lesson: config.Lesson) -> None:
    assert len(quiz.load_quiz(lesson.number)) >= quiz.FEWEST
