"""What is kept of quizzes and exams: `exam.json` beside the progress file, readable, never half.

    {"schema": 1,
     "quizzes": {"06": [{"question": "vector-column", "right": true, …}, …]},
     "sitting": {"seed": 7, "used": 512.4, "questions": [{"id": …, "picked": [], …}, …], …},
     "exams": [{"seed": 5, "started": "2026-…", "answers": […], …}]}

An option is kept by its text, so that a bank whose letters changed does no harm. Each change reads
the file, changes it and replaces it under the workbook's lock.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.exam.guide import CURRENT, EARLIER
from course_utils.lab.progress_file import locked, now, stamp
from course_utils.session.files import write_text

SCHEMA = 1
GUIDES = (CURRENT, EARLIER)


@dataclass(frozen=True)
class Answer:
    """What was answered to a question, and whether it was right."""

    question: str  # its id
    objectives: tuple[str, ...]
    picked: tuple[str, ...]  # the texts of the options; empty if it was left open
    right: bool
    time: str  # in UTC


@dataclass(frozen=True)
class Asked:
    """One question of an exam that is going on."""

    id: str
    picked: tuple[str, ...] = ()
    marked: bool = False  # for review


@dataclass(frozen=True)
class Sitting:
    """An exam that is going on."""

    guide: str  # "2025"
    kind: str  # "whole exam", "domain 2", "mistakes"
    seed: int
    started: str  # in UTC
    limit: float  # seconds
    questions: tuple[Asked, ...]
    used: float = 0.0  # seconds on the clock so far
    at: int = 0  # which question is looked at
    turn: int = 0  # how often it was written: whoever has an older one may not write


@dataclass(frozen=True)
class Exam:
    """An exam that was handed in."""

    guide: str
    kind: str
    seed: int
    started: str
    ended: str
    limit: float
    used: float
    answers: tuple[Answer, ...]

    @property
    def right(self) -> int:
        """How many questions were answered rightly."""
        return sum(answer.right for answer in self.answers)

    @property
    def percent(self) -> int:
        """The same in percent of all, rounded."""
        return round(100 * self.right / len(self.answers))


@dataclass(frozen=True)
class Record:
    """All that is kept."""

    quizzes: dict[str, tuple[Answer, ...]] = field(default_factory=dict)  # by lesson
    sitting: Sitting | None = None
    exams: tuple[Exam, ...] = ()
    notice: str | None = None  # one line about a file that had to be set aside

    def answers(self) -> list[Answer]:
        """Every answer so far, the oldest first."""
        given = [answer for answers in self.quizzes.values() for answer in answers]
        given += [answer for exam in self.exams for answer in exam.answers]
        return sorted(given, key=lambda answer: answer.time)

    def last(self) -> dict[str, Answer]:
        """The last answer to each question."""
        return {answer.question: answer for answer in self.answers()}

    def mistakes(self) -> set[str]:
        """The ids of the questions whose last answer was wrong."""
        return {id for id, answer in self.last().items() if not answer.right}


def path() -> Path:
    """The file, in the workbook."""
    return paths.workbook() / "exam.json"


def load() -> Record:
    """What is kept so far. A file that cannot be read is set aside and said so in `notice`.

    Raises:
        CourseError: the file was written by a newer version, or is no file.
    """
    if not path().exists():
        return Record()
    with _told(), locked():
        return _read()


def update(change: Callable[[Record], Record]) -> Record:
    """Replaces what is kept by `change(what was kept)` and returns it.

    Raises:
        CourseError: the file cannot be written, or a newer version of the course wrote it.
    """
    with _told(), locked():
        record = change(_read())
        raw = asdict(record)
        del raw["notice"]
        text = json.dumps({"schema": SCHEMA, **raw}, indent=1, ensure_ascii=False)
        write_text(path(), text + "\n")
    return record


def add_quiz_answer(lesson: str, answer: Answer) -> None:
    """Keeps an answer to a question of a lesson's quiz."""

    def change(record: Record) -> Record:
        given = (*record.quizzes.get(lesson, ()), answer)
        return replace(record, quizzes=dict(sorted({**record.quizzes, lesson: given}.items())))

    update(change)


@contextmanager
def _told() -> Iterator[None]:
    """Turns what the file system says into the one line for the user."""
    try:
        yield
    except OSError as error:
        raise CourseError(
            f"Nothing was kept: {path().name} in the folder workbook cannot be read or written "
            f"({error.strerror}). Make room, allow writing there, or move away what has that name."
        ) from error


def _read() -> Record:
    file = path()
    if not file.exists():
        return Record()
    try:
        raw = json.loads(file.read_text(encoding="utf-8-sig"))  # some editors begin with a mark
        schema = raw["schema"]
        if not isinstance(schema, int):
            raise ValueError("schema is not a number")
        if schema <= SCHEMA:
            return _record(raw)
    except (ValueError, KeyError, TypeError, AttributeError):
        aside = file.with_name(f"exam.broken-{stamp()}.json")
        file.replace(aside)
        return Record(
            notice=f"exam.json could not be read, so it was set aside as {aside.name} and a new "
            "one was started."
        )
    raise CourseError(
        "Nothing was kept: exam.json was written by a newer version of the course. Update this "
        "one with git pull."
    )


def _record(raw: dict[str, Any]) -> Record:
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
        turn=_count(raw["turn"]),
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


__all__ = [
    "Answer",
    "Asked",
    "Exam",
    "Record",
    "Sitting",
    "add_quiz_answer",
    "load",
    "now",
    "path",
    "update",
]
