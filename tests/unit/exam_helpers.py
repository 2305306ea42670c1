"""For the tests of the practice exam: a small bank, a clock moved by hand, an own workbook."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from course_utils.exam import guide
from course_utils.exam.bank import Bank, Entry
from course_utils.quiz import Option, QuizQuestion

EACH = 2  # questions of each objective


class Clock:
    """Seconds that pass only where a test says so."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time

    def pass_(self, seconds: float) -> None:
        self.time += seconds


@pytest.fixture(autouse=True)
def workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workbook of each test's own."""
    monkeypatch.setenv("COURSE_WORKBOOK", str(tmp_path / "workbook"))
    return tmp_path / "workbook"


@pytest.fixture
def now() -> Clock:
    """The clock that sessions of a test go by."""
    return Clock()


def entry(id: str, tag: str, multiple: bool = False, lesson: str | None = None) -> Entry:
    """A question whose first option is right, with `multiple` the second one too."""
    options = tuple(
        Option(f"{id} {word}", right, f"{word} because")
        for word, right in (("yes", True), ("also", multiple), ("no", False), ("never", False))
    )
    return Entry(
        QuizQuestion(id, f"What of {id}?", (tag,), options, multiple), "exam/x.toml", lesson
    )


def bank() -> Bank:
    """`EACH` questions of each current objective, many of the earlier sections; a few multiple."""
    return Bank(tuple(_entries()))


def _entries() -> Iterator[Entry]:
    for each in guide.guide(guide.CURRENT).objectives():
        for number in range(EACH):
            yield entry(f"{each.tag}-{number}", each.tag, multiple=number == 1)
    for each in guide.guide(guide.EARLIER).objectives():
        for number in range(16):
            yield entry(f"{each.tag}-{number}", each.tag)


def right_letters(of: Entry, options: list[Option]) -> str:
    """The letters of the right options as they are shown."""
    return "".join("ABCDE"[i] for i, option in enumerate(options) if option.right)
