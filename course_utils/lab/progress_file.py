"""The learner's progress: one readable file that survives crashes, updates and two notebooks.

    {"schema": 1, "lessons": {"06": {"q1": {"status": "done", "attempts": 2, …}}}}

Each change reads the file, changes one entry and replaces the file, all under a lock, so nothing
that another notebook wrote is lost. The file may be copied to another machine.
"""

import fcntl
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.session.files import write_text

SCHEMA = 1


@dataclass(frozen=True)
class Entry:
    """What is kept of one question."""

    status: str = "pending"  # pending | done
    attempts: int = 0  # checks that could be judged
    hints: int = 0  # hints opened
    solution_seen: bool = False
    first_pass: str | None = None  # time in UTC
    last: str | None = None  # time of the last change, UTC
    content: str | None = None  # hash of what was asked when it was passed

    @property
    def done(self) -> bool:
        """Passed, and not found unsolved since."""
        return self.status == "done"


@dataclass(frozen=True)
class Progress:
    """All entries, by lesson number and question id."""

    lessons: dict[str, dict[str, Entry]] = field(default_factory=dict)
    notice: str | None = None  # one line about a file that had to be set aside

    def entry(self, number: str, question: str) -> Entry:
        """The entry of a question; an empty one if there is none."""
        return self.lessons.get(number, {}).get(question, Entry())


def path() -> Path:
    """The file, in the workbook."""
    return paths.workbook() / "progress.json"


def load() -> Progress:
    """The progress so far. A file that cannot be read is set aside and said so in `notice`.

    Raises:
        CourseError: a newer version of the course wrote the file, or it can be neither read nor set
            aside.
    """
    if not path().exists():
        return Progress()
    try:
        with locked():
            return _read()
    except OSError as error:
        raise CourseError(
            f"{paths.told(path())} cannot be read ({error.strerror}): make it a file of yours, or "
            "move it away; then run the same command again."
        ) from error


def update(number: str, question: str, change: Callable[[Entry], Entry]) -> Progress:
    """Replaces one entry by `change(entry)` and returns everything as it is now.

    Raises:
        CourseError: the file cannot be written, or a newer version of the course wrote it.
    """
    try:
        with locked():
            before = _read()
            entry = replace(change(before.entry(number, question)), last=now())
            lessons = {n: dict(entries) for n, entries in before.lessons.items()}
            lessons.setdefault(number, {})[question] = entry
            _write(lessons)
    except OSError as error:
        raise CourseError(
            f"Progress was not kept: {path().name} cannot be written ({error.strerror}). "
            "Make room or allow writing in the folder workbook."
        ) from error
    return Progress(lessons, before.notice)


def now() -> str:
    """The time, as the file keeps it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@contextmanager
def locked() -> Iterator[None]:
    """Holds the workbook's lock; others wait."""
    folder = paths.workbook() / ".state"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # released when the file closes, also by a crash
        yield


def stamp() -> str:
    """A time for a file name, in UTC."""
    return datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")


def _read() -> Progress:
    file = path()
    if not file.exists():
        return Progress()
    try:
        raw = json.loads(file.read_text(encoding="utf-8-sig"))  # some editors put a mark first
        schema = raw["schema"]
        if not isinstance(schema, int):
            raise ValueError("schema is not a number")
        if schema <= SCHEMA:
            return Progress(_entries(raw["lessons"]))
    except (ValueError, KeyError, TypeError, AttributeError, IsADirectoryError):
        aside = file.with_name(f"progress.broken-{stamp()}.json")
        file.replace(aside)
        return Progress(
            notice=f"progress.json could not be read, so it was set aside as {aside.name} "
            "and a new one was started."
        )
    raise CourseError(
        "Progress was not kept: progress.json was written by a newer version of the course. "
        "Update this one with git pull."
    )


def _entries(raw: dict[str, dict[str, dict[str, Any]]]) -> dict[str, dict[str, Entry]]:
    known = {f.name for f in fields(Entry)}
    read = {
        number: {
            question: Entry(**{k: v for k, v in entry.items() if k in known})
            for question, entry in entries.items()
        }
        for number, entries in raw.items()
    }
    for entries in read.values():
        for entry in entries.values():
            texts = (entry.first_pass, entry.last, entry.content)
            if not (
                entry.status in ("pending", "done")
                and isinstance(entry.attempts + entry.hints, int)
                and isinstance(entry.solution_seen, bool)
                and all(text is None or isinstance(text, str) for text in texts)
            ):
                raise ValueError("an entry is not as this file has it")
    return read


def _write(lessons: dict[str, dict[str, Entry]]) -> None:
    content = {
        number: {question: asdict(entry) for question, entry in sorted(entries.items())}
        for number, entries in sorted(lessons.items())
    }
    text = json.dumps({"schema": SCHEMA, "lessons": content}, indent=2)
    write_text(path(), text + "\n")
