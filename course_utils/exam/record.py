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
from dataclasses import asdict, replace
from pathlib import Path

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.exam import parse
from course_utils.exam.kept import Answer, Record
from course_utils.lab.progress_file import locked, now, stamp
from course_utils.session.files import write_text

__all__ = ["add_quiz_answer", "load", "now", "path", "update"]

SCHEMA = 1


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
            return parse.record(raw)
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
