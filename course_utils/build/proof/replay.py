"""Runs a lab's cells outside a notebook, with a way back after each candidate answer."""

import contextlib
import io
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_utils.errors import CourseError
from course_utils.lab import content
from course_utils.lab.answers import Answers
from course_utils.lab.evaluate import Evaluator
from course_utils.lab.notebook import NO_RECORD
from course_utils.lab.question import Question
from course_utils.lab.ran import Cells
from course_utils.lab.result import Result
from course_utils.percent import Cell


@dataclass(frozen=True)
class Snapshot:
    """What a cell can change."""

    names: dict[str, Any]
    cells: list[Any]
    files: Path | None  # a copy of the work folder; None when it was empty


class Replay:
    """A namespace in which a lab's cells run as they would in a notebook."""

    def __init__(self, number: str, questions: list[Question], work: Path) -> None:
        from IPython.display import display

        self.namespace: dict[str, Any] = {"__name__": "__main__", "display": display}
        self.cells = Cells([])
        self._questions = questions
        self._evaluator = Evaluator(
            questions,
            self.namespace,
            self.cells,
            lambda question: 1,
            lambda: content.own_names(number),
        )
        self._work = work
        self._copies = work.parent / "copies"
        self._count = 0

    def run(self, text: str) -> Exception | None:
        """Runs one cell; the error that ended it, if any."""
        error: Exception | None = None
        self._count += 1
        try:
            code = compile(text, f"<ipython-input-{self._count}>", "exec")
            with contextlib.redirect_stdout(io.StringIO()):
                exec(code, self.namespace)
        except Exception as raised:
            error = raised
        self.cells.ran(text, error)
        return error

    def run_or_raise(self, cell: Cell) -> None:
        """Runs a cell of the solution.

        Raises:
            CourseError: it fails; nothing after it can be judged.
        """
        error = self.run(cell.solution)
        if error is not None:
            raise CourseError(
                f"lab.py line {cell.line}: the cell fails with {type(error).__name__}: {error}"
            ) from error

    def evaluate(self, question: Question) -> tuple[Result, float, int]:
        """(result, seconds, Spark jobs) of one check."""
        spark = self.namespace.get("spark")
        group = f"check-{self._count}-{time.monotonic_ns()}"
        context = getattr(spark, "sparkContext", None)
        if context is not None:
            context.setJobGroup(group, question.title)
        start = time.perf_counter()
        result = self._evaluator(question)
        seconds = time.perf_counter() - start
        if context is None:
            return result, seconds, 0
        context._jsc.sc().listenerBus().waitUntilEmpty()  # jobs are counted with a delay
        jobs = len(context.statusTracker().getJobIdsForGroup(group))
        context.setLocalProperty("spark.jobGroup.id", None)
        return result, seconds, jobs

    def answers(self, question: Question) -> Answers:
        """What the rules of a question see now."""
        return Answers(question, self.namespace, self.cells)

    def names_needed(self, question: Question) -> set[str]:
        """The names of earlier questions that this one builds on, without its own."""
        needed = [q for q in self._questions if q.id in question.needs]
        return {name for q in needed for name in q.names} - set(question.names)

    def snapshot(self) -> Snapshot:
        """The names, the cells and the files as they are now."""
        files = None
        if self._work.exists() and any(self._work.iterdir()):
            files = self._copies / str(time.monotonic_ns())
            shutil.copytree(self._work, files)
        return Snapshot(dict(self.namespace), list(self.cells.all()), files)

    def restore(self, snapshot: Snapshot) -> None:
        """Puts names, cells and files back."""
        self.namespace.clear()
        self.namespace.update(snapshot.names)
        self.cells.all()[:] = snapshot.cells
        if _listing(self._work) == _listing(snapshot.files):
            return
        shutil.rmtree(self._work, ignore_errors=True)
        if snapshot.files is not None:
            shutil.copytree(snapshot.files, self._work)
        else:
            self._work.mkdir()
        spark = self.namespace.get("spark")
        if spark is not None and hasattr(spark, "_jvm"):
            # Delta remembers the versions that were just taken away
            spark._jvm.org.apache.spark.sql.delta.DeltaLog.clearCache()


def _listing(folder: Path | None) -> list[tuple[str, int, int]]:
    if folder is None or not folder.exists():
        return []
    found = [(path, path.stat()) for path in sorted(folder.rglob("*")) if path.is_file()]
    return [(str(p.relative_to(folder)), s.st_size, s.st_mtime_ns) for p, s in found]


@contextlib.contextmanager
def own_places() -> Iterator[Path]:
    """A workbook, a work folder and MLflow's store of this run's own, no record of progress."""
    with tempfile.TemporaryDirectory(prefix="course-prove-", ignore_cleanup_errors=True) as place:
        work = Path(place).resolve() / "work"
        work.mkdir()
        own = {
            NO_RECORD: "1",
            "COURSE_WORKBOOK": str(Path(place) / "workbook"),
            "COURSE_WORK": str(work),
            "COURSE_MLFLOW": str(Path(place) / "mlflow"),
        }
        before = {name: os.environ.get(name) for name in own}
        os.environ.update(own)
        try:
            yield work
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
