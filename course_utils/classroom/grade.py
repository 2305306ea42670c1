"""Grades a class: every submission in its sandbox, two at a time, each result kept at once.

    GRADED/results/NAME-06.json   one for each submission, whole or absent
    GRADED/feedback/NAME.html     what the learner may read
    GRADED/gradebook.csv          everybody; canvas-06.csv and moodle-06.csv for the platforms

A run that was stopped goes on where it was: a result whose submission, lab and engine are the same
is not made again. A submission on which the grader itself fails is tried again then, and keeps no
other from being graded.
"""

import hashlib
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil

from course_utils import config, paths
from course_utils.classroom import plan, sandbox
from course_utils.classroom.collect import Submission, collect
from course_utils.classroom.judge import Judge
from course_utils.classroom.kernel import StoppedError
from course_utils.classroom.limits import Limits
from course_utils.classroom.results import Result, file_name, keep, load
from course_utils.classroom.verdict import Verdict
from course_utils.classroom.whole import whole
from course_utils.errors import CourseError
from course_utils.lab.find_questions import load_questions
from course_utils.lab.question import Question
from course_utils.lab.result import Status
from course_utils.workbook.marks import lesson_of

_AT_ONCE = 2


@dataclass(frozen=True)
class _Task:
    """One submission, whose lab is known, and where its result is kept."""

    submission: Submission
    notebook: dict[str, Any]
    lesson: config.Lesson
    notes: tuple[str, ...]
    stamp: str  # changes with the submission, the lab and the engine
    file: Path


def grade(
    place: Path,
    out: Path,
    lab: str | None = None,
    limits: Limits | None = None,
    each: Callable[[Result, int, int], None] = lambda result, done, total: None,
) -> list[Result]:
    """Grade all submissions in a folder or zip file.

    Args:
        place: where they are.
        out: the folder for the results.
        lab: grade only submissions of this lab; others get a line that says so.
        limits: of each submission.
        each: called with each result, and how many of how many there are.

    Raises:
        CourseError: nothing to grade, or no sandbox to grade it in.
    """
    limits = limits or Limits()
    wanted = config.lesson(lab).number if lab else None
    results, tasks = _sort(collect(place), out, wanted)
    known = {id(task): found for task in tasks if (found := _kept(task)) is not None}
    results += known.values()
    total = len(results) + len(tasks) - len(known)
    for done, result in enumerate(results, 1):
        each(result, done, total)
    waiting = [task for task in tasks if id(task) not in known]
    if waiting:
        sandbox.check()
    for result in _run(waiting, limits):
        results.append(result)
        each(result, len(results), total)
    return sorted(results, key=lambda result: (result.name.casefold(), result.lab, result.file))


def _sort(
    submissions: list[Submission], out: Path, wanted: str | None
) -> tuple[list[Result], list[_Task]]:
    """What can be said without running anything, and what has to run."""
    said: list[Result] = []
    newest: dict[tuple[str, str], tuple[Submission, dict[str, Any], tuple[str, ...]]] = {}
    for one in sorted(submissions, key=lambda each: each.handed_in):
        try:
            notebook = plan.read(one.content)
        except CourseError as error:
            said.append(_without_run(one, wanted or "", "not readable", str(error)))
            continue
        number = lesson_of(notebook)
        if number is None and wanted is not None:
            number = wanted
        there = {lesson.number for lesson in config.course().lessons if lesson.lab}
        if number is None or number not in there:
            said.append(_without_run(one, "", "not readable", "nothing says which lab it is"))
        elif wanted not in (None, number):
            why = f"it is lab {number}, not {wanted}"
            said.append(_without_run(one, wanted or "", "another lab", why))
        else:
            before = newest.get((one.key, number))
            notes = (f"newer than {before[0].file}, which does not count",) if before else ()
            newest[one.key, number] = (one, notebook, notes)
    tasks = [
        _task(one, notebook, config.lesson(number), notes, out)
        for (_, number), (one, notebook, notes) in newest.items()
    ]
    return said, tasks


def _without_run(one: Submission, lab: str, state: str, why: str) -> Result:
    said = Result(one.name, lab, one.file, state, notes=(why,), look=True)
    return replace(said, canvas=one.canvas, moodle=one.moodle)


def _task(
    one: Submission,
    notebook: dict[str, Any],
    lesson: config.Lesson,
    notes: tuple[str, ...],
    out: Path,
) -> _Task:
    digest = hashlib.sha256(one.content + _engine(lesson.number).encode())
    digest.update("\n".join((one.file, *notes)).encode())
    file = out / "results" / f"{file_name(one.key)}-{lesson.number}.json"
    return _Task(one, notebook, lesson, notes, digest.hexdigest(), file)


_engines: dict[str, str] = {}


def _engine(number: str) -> str:
    """A hash of what judges a lab: its questions, its text, the engine and this package."""
    if number not in _engines:
        lesson = config.lesson(number)
        files = [lesson.folder / "questions.py", paths.ROOT / "labs" / f"{lesson.name}.ipynb"]
        for folder in ("lab", "classroom"):
            files += sorted((paths.ROOT / "course_utils" / folder).glob("*.py"))
        digest = hashlib.sha256(b"".join(file.read_bytes() for file in files))
        _engines[number] = digest.hexdigest()
    return _engines[number]


def _run(tasks: list[_Task], limits: Limits) -> Iterator[Result]:
    """The results as they come; a stop ends every sandbox and loses nothing that is done."""
    over = threading.Event()
    places: queue.Queue[int] = queue.Queue()
    at_once = _room(limits)
    for place in range(at_once):
        places.put(place)

    def work(task: _Task) -> Result | None:
        place = places.get()
        try:
            return None if over.is_set() else _graded(task, limits, place, over.is_set)
        except StoppedError:
            return None
        except (CourseError, OSError):
            raise  # as it would be for every other submission
        except Exception as error:  # a bug of the grader's own
            return _failed(task, error)
        finally:
            places.put(place)

    with ThreadPoolExecutor(at_once) as pool:
        waiting: set[Future[Result | None]] = {pool.submit(work, task) for task in tasks}
        try:
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    if (result := future.result()) is not None:
                        yield result
        finally:
            over.set()
            for future in waiting:
                future.cancel()


def _failed(task: _Task, error: Exception) -> Result:
    one = task.submission
    why = f"the grader failed on it ({type(error).__name__}: {str(error)[:200]}); run it again"
    said = _without_run(one, task.lesson.number, "not graded", whole(why))
    return replace(said, notes=(*task.notes, *said.notes))


def _room(limits: Limits) -> int:
    """How many submissions this machine can run at the same time."""
    fitting = psutil.virtual_memory().available // limits.memory
    return int(max(1, min(_AT_ONCE, os.cpu_count() or 1, fitting)))


def _graded(task: _Task, limits: Limits, place: int, stop: Callable[[], bool]) -> Result:
    """Judge one submission and keep its result."""
    start = time.monotonic()
    one, lesson = task.submission, task.lesson
    questions = load_questions(lesson.number)
    result = Result(
        one.name, lesson.number, one.file, "graded", canvas=one.canvas, moodle=one.moodle
    )
    todo = plan.make(task.notebook, lesson, questions)
    if todo.untouched:
        verdicts, notes = tuple(map(_open, questions)), todo.notes
        result = replace(result, state="nothing answered")
    else:
        judged = Judge(lesson, questions, limits, place, stop)(todo)
        verdicts, notes = judged.verdicts, judged.notes
    result = replace(
        result,
        verdicts=verdicts,
        notes=(*task.notes, *notes),
        look=any(each.look for each in verdicts),
        seconds=round(time.monotonic() - start, 1),
    )
    keep(result, task.file, task.stamp)
    return result


def _open(question: Question) -> Verdict:
    line = "Nothing was answered here: the cell is as it was given out."
    status = Status.NOT_STARTED.value
    return Verdict(question.id, question.title, 0.0, float(question.points), status, None, (line,))


def _kept(task: _Task) -> Result | None:
    """The result of an earlier run, if it is about the same submission, lab and engine."""
    stamp, result = load(task.file)
    return result if stamp == task.stamp else None
