"""How far the learner is: per lesson, as a table, and what to do now."""

from dataclasses import dataclass
from typing import Literal

from course_utils import config, paths
from course_utils.config import Lesson
from course_utils.errors import CourseError
from course_utils.lab import content
from course_utils.lab.progress_file import Entry, Progress, load, update
from course_utils.lab.question import Question
from course_utils.workbook.asked import read_questions

__all__ = [
    "Entry",
    "LessonState",
    "Progress",
    "QuestionState",
    "load",
    "next_item",
    "overview",
    "table",
    "update",
]

State = Literal["open", "done", "changed"]


@dataclass(frozen=True)
class QuestionState:
    """One question and how it stands."""

    question: Question  # without hints, mistakes and rules
    entry: Entry
    state: State  # "changed": passed, but something else is asked since

    @property
    def name(self) -> str:
        """ "q2 · Train the model"."""
        return f"{self.question.id} · {self.question.title}"


@dataclass(frozen=True)
class LessonState:
    """One lesson and how far the learner is with it."""

    lesson: Lesson
    questions: tuple[QuestionState, ...]  # empty for a lesson without a lab

    @property
    def done(self) -> int:
        """How many questions are done."""
        return sum(question.state == "done" for question in self.questions)

    @property
    def complete(self) -> bool:
        """There are questions, and all are done."""
        return bool(self.questions) and self.done == len(self.questions)

    @property
    def started(self) -> bool:
        """Some question was tried, or a hint of it opened."""
        return any(question.entry.last for question in self.questions)

    @property
    def last(self) -> str:
        """The time of the last change; "" before the first."""
        return max((q.entry.last or "" for q in self.questions), default="")

    @property
    def words(self) -> str:
        """ "2 of 5 done", "demo only", …"""
        if not self.questions:
            return "no questions yet" if self.lesson.lab else "no lab"
        changed = [q.question.id for q in self.questions if q.state == "changed"]
        if changed:
            ids = ", ".join(changed)
            return f"{self.done} of {len(self.questions)} done; changed since you passed: {ids}"
        if not self.started:
            return f"not started, {len(self.questions)} questions"
        return f"{self.done} of {len(self.questions)} done"


def overview() -> list[LessonState]:
    """Every lesson of the registry with its questions, in order."""
    return _overview(load())


def table() -> str:
    """One line per lesson: symbol, number, title, how far."""
    progress = load()
    lessons = _overview(progress)
    width = max(len(item.lesson.title) for item in lessons)
    lines = [
        f"{_symbol(item)} {item.lesson.number}  {item.lesson.title:<{width}}  {item.words}"
        for item in lessons
    ]
    done = sum(item.done for item in lessons)
    total = sum(len(item.questions) for item in lessons)
    lines += ["", f"{done} of {total} questions done. {_next(lessons, progress)}"]
    return "\n".join([*lines, *_notice(progress)])


def next_item() -> str:
    """What to do now, in one line; a second one when the progress file had to be set aside."""
    progress = load()
    return "\n".join([_next(_overview(progress), progress), *_notice(progress)])


def _next(lessons: list[LessonState], progress: Progress) -> str:
    labs = [item for item in lessons if item.questions]
    if not progress.lessons:
        return f"Next: open {lessons[0].lesson.name}.ipynb in JupyterLab (./course start)."
    # On from where the learner works, and round to what was left out before
    current = max(lessons, key=lambda item: item.last)
    here = lessons.index(current)
    for item in [*lessons[here:], *lessons[:here]]:
        todo = next((q for q in item.questions if q.state == "open"), None)
        if todo is None:
            continue
        name = item.lesson.name
        if item.started:
            return f"Next: lesson {item.lesson.number}, {todo.name}, in {_place('labs', name)}."
        demos = [each for each in lessons[here + 1 : lessons.index(item)] if not each.lesson.lab]
        also = "".join(f" On the way: {_place('notebooks', each.lesson.name)}." for each in demos)
        # a lesson may be a lab alone
        first = f"{_place('notebooks', name)}, then " if item.lesson.demo_minutes else ""
        return (
            f"Next: lesson {item.lesson.number} · {item.lesson.title}: "
            f"{first}{_place('labs', name)}.{also}"
        )
    for item in labs:
        for question in item.questions:
            if question.state == "changed":
                return (
                    f"Next: lesson {item.lesson.number}, {question.name}, changed since "
                    f"you passed: look at it again in {_place('labs', item.lesson.name)}."
                )
    return "All questions of all labs are done."


def _place(folder: str, name: str) -> str:
    return paths.told(paths.workbook() / folder / f"{name}.ipynb")


def _overview(progress: Progress) -> list[LessonState]:
    return [
        LessonState(lesson, tuple(_states(lesson, progress))) for lesson in config.course().lessons
    ]


def _notice(progress: Progress) -> list[str]:
    return [progress.notice] if progress.notice else []


def _states(lesson: Lesson, progress: Progress) -> list[QuestionState]:
    if not lesson.lab:
        return []
    try:
        questions = read_questions(lesson.number)
    except CourseError:
        return []  # said by open_lab, where it matters
    return [
        QuestionState(question, entry, _state(lesson.number, question, entry))
        for question in questions
        for entry in [progress.entry(lesson.number, question.id)]
    ]


def _state(number: str, question: Question, entry: Entry) -> State:
    if not entry.done:
        return "open"
    return "done" if entry.content == content.content_hash(number, question) else "changed"


def _symbol(item: LessonState) -> str:
    if item.complete:
        return "✓"
    return "…" if item.started else " "
