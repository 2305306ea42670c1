"""Reads what `exam.json` holds; whatever is not as the course writes it is an error.

Every function raises a KeyError, TypeError, ValueError or AttributeError for what it cannot read.
"""

from collections.abc import Iterator
from typing import Any

from course_utils.exam.guide import CURRENT, EARLIER
from course_utils.exam.kept import Answer, Asked, Exam, Record, Sitting

GUIDES = (CURRENT, EARLIER)


def record(raw: dict[str, Any]) -> Record:
    """All that is kept."""
    sitting = raw["sitting"]
    return Record(
        {_text(number): tuple(_answers(each)) for number, each in raw["quizzes"].items()},
        None if sitting is None else _sitting(sitting),
        tuple(_exam(each) for each in raw["exams"]),
    )


def _sitting(raw: dict[str, Any]) -> Sitting:
    places = tuple(
        Asked(_text(each["id"]), _texts(each["picked"]), _flag(each["marked"]))
        for each in raw["questions"]
    )
    sitting = Sitting(
        **_head(raw), questions=places, used=_number(raw["used"]), at=_count(raw["at"]),
        window=_text(raw["window"]),
    )  # fmt: skip
    if not 0 <= sitting.at < len(places):
        raise ValueError("there is no such question")
    return sitting


def _exam(raw: dict[str, Any]) -> Exam:
    answers = tuple(_answers(raw["answers"]))
    if not answers:
        raise ValueError("an exam without a question")
    ended, used = _text(raw["ended"]), _number(raw["used"])
    return Exam(**_head(raw), ended=ended, used=used, answers=answers)


def _head(raw: dict[str, Any]) -> dict[str, Any]:
    texts = {key: _text(raw[key]) for key in ("guide", "kind", "started")}
    if texts["guide"] not in GUIDES:
        raise ValueError("there is no such guide")
    return {**texts, "seed": _count(raw["seed"]), "limit": _number(raw["limit"])}


def _answers(raw: list[dict[str, Any]]) -> Iterator[Answer]:
    for each in raw:
        yield Answer(
            _text(each["question"]), _texts(each["objectives"]), _texts(each["picked"]),
            _flag(each["right"]), _text(each["time"]),
        )  # fmt: skip


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise TypeError(f"{raw!r} is no text")
    return raw


def _texts(raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, list):
        raise TypeError(f"{raw!r} is no list")
    return tuple(_text(each) for each in raw)


def _flag(raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise TypeError(f"{raw!r} is neither true nor false")
    return raw


def _count(raw: Any) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise TypeError(f"{raw!r} is no whole number")
    return raw


def _number(raw: Any) -> float:
    if not isinstance(raw, int | float) or isinstance(raw, bool) or not 0 <= raw < 1e9:
        raise ValueError(f"{raw!r} is no number of seconds")
    return float(raw)
