"""The bank: every question of the lessons' quizzes and of `exam/*.toml`, in one place."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from course_utils import config, quiz
from course_utils.errors import CourseError
from course_utils.exam import guide
from course_utils.exam.guide import Guide, Place


@dataclass(frozen=True)
class Entry:
    """A question of the bank, and where it is from."""

    question: quiz.QuizQuestion
    source: str  # "06" for a lesson's quiz, "exam/deployment.toml" for the others
    lesson: str | None  # whose quiz asks it
    looked_up: str | None = None  # when what it says about the platform was looked up

    @property
    def id(self) -> str:
        """The question's id, which nothing else in the bank has."""
        return self.question.id

    def taught(self) -> tuple[Place, ...]:
        """Where the course teaches what it asks, the best place first.

        A lesson's own question: that lesson's sections for its objectives, or the lesson. The
        others: the places of the first objective of the current guide, or its own places, which
        may be none: some of what the earlier guide asks exists on the platform only.
        """
        # The current guide's objectives are narrow enough to say the place
        tags = [tag for tag in self.question.objectives if not tag.startswith(guide.EARLIER)]
        if self.lesson is None:
            return guide.objective(tags[0]).taught if tags else guide.of_question(self.id)
        places = [place for tag in tags for place in guide.objective(tag).taught]
        mine = tuple(dict.fromkeys(place for place in places if place.lesson == self.lesson))
        return mine or (Place(self.lesson),)


@dataclass(frozen=True)
class Bank:
    """All questions, in the order of their files."""

    entries: tuple[Entry, ...]

    @cached_property
    def by_id(self) -> dict[str, Entry]:
        """Each question by its id."""
        return {entry.id: entry for entry in self.entries}

    def of_objective(self, tag: str) -> list[Entry]:
        """The questions that name this objective."""
        return [entry for entry in self.entries if tag in entry.question.objectives]

    def of_section(self, of: Guide, place: int) -> list[Entry]:
        """The questions that count in one domain of a guide; those of two domains never overlap."""
        section = of.sections[place]
        return [each for each in self.entries if of.section_of(each.question.objectives) == section]


def load() -> Bank:
    """The bank of the course.

    Raises:
        CourseError: a question breaks a rule; the line says which.
    """
    entries, faults = read(files())
    if faults:
        raise CourseError(faults[0])
    return Bank(tuple(entries))


Source = tuple[Path, str, str | None]  # file, what to call it, the lesson whose quiz it is


def files() -> list[Source]:
    """The files of the course that hold questions."""
    quizzes = [
        (lesson.folder / "quiz.toml", lesson.number, lesson.number)
        for lesson in config.course().lessons
        if (lesson.folder / "quiz.toml").exists()
    ]
    return [*quizzes, *exam_files(guide.FOLDER)]


def exam_files(folder: Path) -> list[Source]:
    """The files with questions in a folder `exam`; none where there is no such folder."""
    return [
        (path, f"exam/{path.name}", None)
        for path in sorted(folder.glob("*.toml"))
        if path.name != guide.FILE.name
    ]


def read(sources: Iterable[Source]) -> tuple[list[Entry], list[str]]:
    """The questions of some files, and a line for each that breaks a rule."""
    entries: list[Entry] = []
    faults: list[str] = []
    for path, name, lesson in sources:
        where = "/".join(path.parts[-3:]) if lesson else name
        try:
            items = tomllib.loads(path.read_text(encoding="utf-8")).get("question", [])
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            faults.append(f"{where} is not valid TOML: {error}.")
            continue
        for number, item in enumerate(items, 1):
            day = item.get("looked_up")
            try:
                question = quiz.question(item, f"{where} question {number}")
            except CourseError as error:
                faults.append(str(error))
            else:
                entries.append(Entry(question, name, lesson, None if day is None else str(day)))
    return entries, faults
