"""One function that tells a question's mistakes apart."""

from typing import Any

import pytest

from course_utils.lab import Answers, Question, Status, Values
from course_utils.lab.decide import decided, refused
from tests.unit.lab_helpers import lab

CALLS: list[str] = []


def find(a: Answers) -> tuple[str, str] | None:
    CALLS.append("find")
    if a.word == "odd":
        return "odd-word", "`word` is odd"
    if a.word == "short":
        return "rounded", "`word` is short"
    return ("", "`word` is long") if a.word == "long" else None


VALUES = Values(lambda a: {"number": 1.23456789})
NUMBERS = (VALUES.wrong("twice", lambda a: {"number": 2.46913578}, "is twice", "two"),)
ASKED = Question(
    id="q1",
    title="Words",
    names={"word": "text", "number": "number"},
    hints=("a", "b"),
    mistakes=decided(find, {"odd-word": "no word"}, *NUMBERS, VALUES.rounded()),
    refuse=refused(find, VALUES),
    why="Words count.",
)


@pytest.mark.parametrize(
    ("word", "number", "mistake"),
    [
        ("right", 1.23456789, "right"),
        ("odd", 1.23456789, "odd-word"),
        ("odd", 2.46913578, "odd-word"),  # numbers count only where nothing was found
        ("short", 1.23456789, "rounded"),  # a mistake of numbers, found in something else
        ("right", 1.23, "rounded"),
        ("right", 2.46913578, "twice"),
        ("right", 7.0, None),
        ("long", 2.46913578, None),  # found, and without a name
    ],
)
def test_the_first_thing_found_is_told(word: str, number: Any, mistake: str | None) -> None:
    CALLS.clear()
    result = lab(ASKED, word=word, number=number).q1.evaluate()
    if mistake == "right":
        assert result.status is Status.PASS, result.lines
    else:
        assert (result.status, result.mistake_id) == (Status.WRONG, mistake), result.lines
    assert CALLS == ["find"]


def test_evidence_without_a_name_is_shown() -> None:
    result = lab(ASKED, word="long", number=1.23456789).q1.evaluate()
    assert "Found: `word` is long" in result.lines
