"""Judges one question: from the learner's variables to a result with its message.

The order is fixed: an open answer, an earlier question that is unsolved, a value of the wrong
kind, an empty or typed-in one, the question's own mistakes, its rule. Whatever raises on the way
is attributed with care: to a stopped Spark, to the learner's code only if it really is theirs,
else to the course.
"""

import hashlib
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FunctionType, TracebackType
from typing import Any

from course_utils import paths
from course_utils.lab import kinds, message
from course_utils.lab.answers import (
    Answers,
    LearnerError,
    MissingNameError,
    ReturnedNoneError,
    SparkGoneError,
    stopped,
)
from course_utils.lab.cause import one_line, shorten
from course_utils.lab.question import Question
from course_utils.lab.result import Result, Status
from course_utils.lab.sources import Cells, typed_in

_AGAIN = "change the cell above, run it, then run this check again."


@dataclass(frozen=True)
class _Finding:
    """What came out, before it is put into words."""

    status: Status
    lines: tuple[str, ...] = ()  # between "Looked at" and "Next"
    next: str = ""
    mistake_id: str | None = None
    show_looked_at: bool = False


class Evaluator:
    """Judges the questions of one lab against one namespace.

    Args:
        questions: in order.
        namespace: the learner's variables, read at each evaluation.
        cells: what the learner ran.
        hints_left: question id -> how many hints are still closed.
    """

    def __init__(
        self,
        questions: Sequence[Question],
        namespace: dict[str, Any],
        cells: Cells,
        hints_left: Callable[[str], int],
    ) -> None:
        self._questions = list(questions)
        self._by_id = {question.id: question for question in questions}
        self._namespace = namespace
        self._cells = cells
        self._hints_left = hints_left
        # question id -> (its values then, status), so that a later question need not judge it again
        self._known: dict[str, tuple[list[Any], Status]] = {}

    def __call__(self, question: Question) -> Result:
        """Evaluates `question`; raises nothing but what interrupts a program."""
        answers = Answers(question.uses, self._namespace, self._cells)
        try:
            finding = self._judge(question, answers)
            if finding.status in (Status.WRONG, Status.RAISED):
                finding = self._blame_earlier(question) or finding
            result = self._in_words(question, answers, finding)
        except Exception as error:
            try:
                result = self._in_words(question, answers, self._explain(question, answers, error))
            except Exception as second:
                result = self._in_words(question, answers, _check_bug(question, second))
        self._known[question.id] = (self._values(question), result.status)
        return result

    # --- judging -----------------------------------------------------------------------------

    def _judge(self, question: Question, answers: Answers) -> _Finding:
        for name in question.uses:
            cell = self._cells.assigning(name)
            if cell is not None and cell.error is not None:
                return _cell_raised(name, cell.error)
        if (waiting := self._open(question)) is not None:
            return waiting
        for needed in question.needs:
            if self._unsolved(self._by_id[needed], evaluate=False):
                return self._blocked(needed)
        return (
            self._generic(question, answers)
            or _named_mistake(question, answers)
            or _accepted(question, answers, self._after(question))
        )

    def _open(self, question: Question) -> _Finding | None:
        missing = [name for name in question.uses if name not in self._namespace]
        dots = [
            name
            for name in question.uses
            if name in self._namespace and _is_open(self._namespace[name])
        ]
        if not missing and not dots:
            return None
        parts = [f"{_names(dots)} {_be(dots)} still `...`"] if dots else []
        parts += [f"{_names(missing)} {_be(missing)} not defined yet"] if missing else []
        return _Finding(
            Status.NOT_STARTED,
            (f"Open: {' and '.join(parts)}.",),
            "complete the cell above, run it, then run this check again.",
        )

    def _unsolved(self, needed: Question, evaluate: bool) -> bool:
        """Whether an earlier question is known to be unsolved; evaluated only if asked to."""
        values = self._values(needed)
        known = self._known.get(needed.id)
        if known and len(known[0]) == len(values):
            same = all(a is b for a, b in zip(known[0], values, strict=True))
            if same and known[1].attempted:
                return not known[1].passed
        if evaluate:
            status = self(needed).status
            return not status.passed and not status.excused
        return any(
            not kinds.fits(self._namespace.get(name), kind) for name, kind in needed.uses.items()
        )

    def _blame_earlier(self, question: Question) -> _Finding | None:
        """A wrong answer may only inherit what is wrong before it."""
        for needed in question.needs:
            if self._unsolved(self._by_id[needed], evaluate=True):
                return self._blocked(needed)
        return None

    def _blocked(self, needed: str) -> _Finding:
        title = self._by_id[needed].title
        return _Finding(
            Status.BLOCKED,
            (f"Found: it builds on {needed} · {title}, which is not done yet.",),
            f"solve {needed} first (lab.{needed}.check()), then run this check again.",
        )

    def _generic(self, question: Question, answers: Answers) -> _Finding | None:
        for name, kind in question.uses.items():
            value = self._namespace[name]
            if value is None and kind != "any":
                return _wrong(
                    "is-none",
                    f"`{name}` is None; {kinds.words(kind)} is due.",
                    "the last call returns nothing: show(), write, print() and a function "
                    "without `return` do not give a result to keep.",
                )
            if not kinds.fits(value, kind) and kind != "any":
                mistake, cause = kinds.misfit(value, kind)
                found = f"`{name}` is {kinds.describe(value)}; {kinds.words(kind)} is due."
                return _wrong(mistake, found, cause)
            if kinds.not_finite(value, kind):
                return _wrong(
                    "not-a-number",
                    f"`{name}` is {float(value)}, not a finite number.",
                    "a division by zero, a logarithm of zero or a missing value got into it.",
                )
        for name, kind in question.uses.items():
            if kind == "path" and not _there(self._namespace[name]):
                return _wrong(
                    "no-such-path",
                    f"there is nothing at the place that `{name}` names.",
                    "nothing was written there yet, or the name differs from the one written to.",
                )
        for name, columns in question.columns.items():
            if (wrong := kinds.wrong_column(self._namespace[name], columns)) is not None:
                mistake, found, cause = wrong
                return _wrong(mistake, f"`{name}` {found}", cause)
        for name, kind in question.uses.items():
            if kind == "frame" and not self._namespace[name].isStreaming and not answers.rows(name):
                return _empty(name)
            if kind == "pandas" and not len(self._namespace[name]):
                return _empty(name)
        for name, kind in question.uses.items():
            if kind in kinds.COMPUTED and typed_in(answers.source(name), name):
                return _wrong(
                    "hard-coded",
                    f"`{name}` was typed in as a fixed value.",
                    "it would be right for one data set at most; let the code compute it.",
                )
        return None

    def _values(self, question: Question) -> list[Any]:
        return [self._namespace.get(name) for name in question.uses]

    def _after(self, question: Question) -> Question | None:
        place = self._questions.index(question) + 1
        return self._questions[place] if place < len(self._questions) else None

    # --- attributing what raised -----------------------------------------------------------------

    def _explain(self, question: Question, answers: Answers, error: Exception) -> _Finding:
        if isinstance(error, MissingNameError):
            return self._explain_missing(question, error.name)
        if isinstance(error, ReturnedNoneError):
            return _wrong(
                "is-none",
                f"`{error.what}` returns None.",
                "the function has no `return`, or a path through it without one.",
            )
        inner = error.error if isinstance(error, LearnerError) else error
        if isinstance(inner, SparkGoneError) or (_from_spark(inner) and self._spark_gone(answers)):
            return _unavailable()
        if isinstance(error, LearnerError):
            return _raised(f"`{error.what}` raised {one_line(inner)}")
        if self._in_learners_code(inner):
            return _raised(f"your code raised {one_line(inner)}")
        if (lacking := self._lacks_attribute(question, inner)) is not None:
            return lacking
        for name in question.uses:
            failure = _probe(self._namespace.get(name))
            if failure is not None:
                return _raised(f"`{name}` fails when it is computed: {one_line(failure)}")
        return _check_bug(question, error)

    def _explain_missing(self, question: Question, name: str) -> _Finding:
        for needed in question.needs:
            if name in self._by_id[needed].uses:
                return self._blocked(needed)
        if question.uses.get(name) == "function":
            found = f"Open: `{name}` still returns `...`."
        else:
            found = f"Open: `{name}` is not defined; a cell above has not run yet."
        return _Finding(
            Status.NOT_STARTED,
            (found,),
            "run the cells from the top, complete this one, then run this check again.",
        )

    def _lacks_attribute(self, question: Question, error: BaseException) -> _Finding | None:
        """Another kind of object than the check can look into: a scaler for a regression."""
        if not isinstance(error, AttributeError) or error.obj is None:
            return None
        for name in question.uses:
            value = self._namespace.get(name)
            parts = [value, *getattr(value, "stages", [])]
            if any(part is error.obj for part in parts):
                described = kinds.describe(error.obj)
                return _wrong(
                    "wrong-type",
                    f"`{name}` is or ends in {described}, which has no `{error.name}`.",
                    "another class was used than the question asks for.",
                )
        return None

    def _spark_gone(self, answers: Answers) -> bool:
        try:
            used: list[Any] = [self._namespace.get(name) for name in answers._uses]
            if any(kinds.fits(v, "frame") and stopped(v.sparkSession) for v in used):
                return True
            answers.spark.sql("SELECT 1").collect()
        except Exception:
            return True
        return False

    def _in_learners_code(self, error: BaseException) -> bool:
        if any(frame is self._namespace for frame in _globals(error.__traceback__)):
            return True
        # A Python worker's stack names the cell in the text of the error
        text = str(error)
        return "Traceback (most recent call last)" in text and (
            "ipykernel_" in text or "<ipython-input" in text
        )

    # --- putting it into words -----------------------------------------------------------------

    def _in_words(self, question: Question, answers: Answers, finding: _Finding) -> Result:
        lines = [message.verdict(finding.status, question)]
        if finding.show_looked_at:
            try:
                lines.append(message.looked_at(question, answers, self._namespace))
            except Exception:
                # A value that cannot be described, or a Spark that stopped just now
                lines.append(f"Looked at: {_names(list(question.uses))}.")
        lines += finding.lines
        stuck = ""
        if finding.status in (Status.WRONG, Status.RAISED):
            stuck = self._stuck(question)
        lines.append(f"Next: {finding.next}{stuck}")
        full = finding.status.passed or finding.status.excused
        return Result(
            question=question.id,
            status=finding.status,
            mistake_id=finding.mistake_id,
            lines=[line for text in lines for line in text.splitlines()],
            points=float(question.points) if full else 0.0,
        )

    def _stuck(self, question: Question) -> str:
        left = self._hints_left(question.id)
        if left:
            return f" Stuck? lab.{question.id}.hint() ({left} left)"
        return f" All hints are open; lab.{question.id}.solution() shows the solution."


def _named_mistake(question: Question, answers: Answers) -> _Finding | None:
    for mistake in question.mistakes:
        evidence = mistake.when(answers)
        if evidence is not None:
            return _wrong(mistake.id, evidence, mistake.say)
    return None


def _accepted(question: Question, answers: Answers, after: Question | None) -> _Finding:
    evidence = question.accept(answers)
    if evidence is not None:
        return _Finding(
            Status.WRONG,
            (
                f"Found: {_evidence(evidence)}",
                "Likely cause: none that has a name; compare what was found with what is asked.",
            ),
            _AGAIN,
            show_looked_at=True,
        )
    note = question.note(answers) if question.note is not None else None
    lines = [f"Note: {_evidence(note)}"] if note else []
    lines.append(f"Why it matters: {question.why}")
    following = f"{after.id} · {after.title}." if after else "lab.summary() shows the whole lab."
    return _Finding(
        Status.PASS_WITH_NOTE if note else Status.PASS, tuple(lines), following, show_looked_at=True
    )


def _wrong(mistake: str, found: str, cause: str) -> _Finding:
    return _Finding(
        Status.WRONG,
        (f"Found: {_evidence(found)}", f"Likely cause: {cause.strip()} [{mistake}]"),
        _AGAIN,
        mistake,
        show_looked_at=True,
    )


def _empty(name: str) -> _Finding:
    return _wrong(
        "empty-frame",
        f"`{name}` has no rows.",
        "a filter or a join leaves nothing: look at the spelling, the case and the types "
        "of what is compared.",
    )


def _raised(found: str) -> _Finding:
    return _Finding(Status.RAISED, (f"Found: {shorten(found, 240)}",), _AGAIN, show_looked_at=True)


def _cell_raised(name: str, error: BaseException) -> _Finding:
    return _Finding(
        Status.RAISED,
        (
            f"Looked at: the last cell that sets `{name}`.",
            f"Found: it ended in {one_line(error)}",
        ),
        "correct that cell, run it to its end, then run this check again.",
    )


def _unavailable() -> _Finding:
    return _Finding(
        Status.UNAVAILABLE,
        (
            "Found: Spark has stopped or does not answer. Your answer is not at fault, "
            "and this costs no points.",
        ),
        "restart the kernel and run the cells from the top; if it happens again, "
        "`./course doctor` says what is missing.",
    )


def _check_bug(question: Question, error: BaseException) -> _Finding:
    number, where = _log_bug(question, error)
    return _Finding(
        Status.CHECK_BUG,
        (
            "Found: the check itself failed. That is a fault of the course, not of your answer, "
            "and it costs no points.",
            f"Details: diagnostic id {number} in {where}",
        ),
        "go on with the next question; please report the diagnostic id with that file.",
    )


def _log_bug(question: Question, error: BaseException) -> tuple[str, str]:
    """Writes the stack to the log: (diagnostic id, the log as a learner finds it)."""
    stack = "".join(traceback.format_exception(error))
    number = hashlib.sha256(stack.encode()).hexdigest()[:8]
    log = paths.state() / "logs" / "checks.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            file.write(f"--- {number} {now} {question.id} · {question.title}\n{stack}\n")
    except OSError:
        return number, "no file, because the log could not be written"
    return number, _relative(log)


def _relative(path: Path) -> str:
    root = paths.ROOT
    return str(path.relative_to(root)) if path.is_relative_to(root) else f"logs/{path.name}"


def _evidence(text: str) -> str:
    return shorten(text.strip().removeprefix("Found:").strip(), 240)


def _there(path: str | os.PathLike[str]) -> bool:
    """Whether a path exists, as far as this machine can tell."""
    place = os.fspath(path).removeprefix("file:")
    return ":" in place or Path(place).exists()


def _names(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _be(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _is_open(value: Any) -> bool:
    """Still the placeholder: `...`, or a function whose body is nothing yet."""
    if value is ...:
        return True
    return isinstance(value, FunctionType) and _shape(value) in _OPEN_SHAPES


def _shape(function: Any) -> tuple[bytes, tuple[Any, ...]]:
    """A function's instructions and constants, its docstring left out."""
    code = function.__code__
    constants = code.co_consts
    if function.__doc__ is not None and constants and constants[0] == function.__doc__:
        constants = ("", *constants[1:])
    return code.co_code, constants


def _nothing(): ...


def _documented_nothing():
    """Says what it would do."""


def _returns_dots():
    return ...


def _documented_returns_dots():
    """Says what it would do."""
    return ...


_OPEN_SHAPES = [
    _shape(function)
    for function in (_nothing, _documented_nothing, _returns_dots, _documented_returns_dots)
]


def _probe(value: Any) -> Exception | None:
    """Computes every column of a frame, as a lazily evaluated one may fail only then."""
    if not kinds.fits(value, "frame") or value.isStreaming:
        return None
    try:
        value.write.format("noop").mode("overwrite").save()
    except Exception as error:
        return error
    return None


def _from_spark(error: BaseException) -> bool:
    """Whether a library of Spark stands anywhere in the stack of an error or of its causes."""
    seen: list[BaseException] = []
    todo: list[BaseException | None] = [error]
    while todo:
        one = todo.pop()
        if one is None or one in seen:
            continue
        seen.append(one)
        modules = [
            type(one).__module__,
            *(g.get("__name__", "") for g in _globals(one.__traceback__)),
        ]
        if any(m.split(".")[0] in ("pyspark", "py4j", "grpc") for m in modules):
            return True
        todo += [one.__cause__, one.__context__]
    return "pyspark" in sys.modules and isinstance(error, ConnectionError)


def _globals(stack: TracebackType | None) -> list[dict[str, Any]]:
    found = []
    while stack is not None:
        found.append(stack.tb_frame.f_globals)
        stack = stack.tb_next
    return found
