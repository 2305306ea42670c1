"""Judges one submission: runs it in sandboxes and says what each question earned, and why.

A cell that ends its kernel, or Spark, or does not end, is left out in a fresh kernel, so that what
comes after it is judged all the same. What passes has to pass on sibling data as well.
"""

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from course_utils.classroom.kernel import Kernel, KernelEndedError, Ran
from course_utils.classroom.limits import Limits
from course_utils.classroom.plan import Plan, Step
from course_utils.classroom.sandbox import Sandbox
from course_utils.classroom.verdict import Verdict, clean, oddity, suspicious
from course_utils.config import Lesson
from course_utils.data.variant import VARIABLE
from course_utils.lab.question import Question
from course_utils.lab.result import Status
from course_utils.workbook.recheck import ONLY_HERE

PROBE = Path(__file__).with_name("probe.py")
MIME = "application/vnd.course.grader+json"
_KERNELS = 5  # fresh kernels for one submission on one data
_PROBE_SECONDS = 120.0


@dataclass
class _Run:
    """One pass over the steps."""

    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    tampered: dict[str, str] = field(default_factory=dict)  # question -> what was seen
    notes: list[str] = field(default_factory=list)
    endless: dict[Step, str] = field(default_factory=dict)  # cells that were interrupted
    at: Step | None = None  # the step that ended the kernel
    why: str = ""  # and how


@dataclass(frozen=True)
class Judged:
    """One submission after its runs."""

    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...]


class Judge:
    """Judges submissions of one lab.

    Args:
        lesson: whose lab it is.
        questions: those of the lab.
        limits: of each submission.
        place: which of the sandboxes that run at the same time.
        stop: tells whether to stop; asked all the time.
    """

    def __init__(
        self,
        lesson: Lesson,
        questions: Sequence[Question],
        limits: Limits,
        place: int,
        stop: Callable[[], bool],
    ) -> None:
        self._lesson = lesson
        self._questions = questions
        self._limits = limits
        self._place = place
        self._stop = stop

    def __call__(self, plan: Plan) -> Judged:
        """Judge a submission.

        Raises:
            StoppedError: the grader is to stop.
        """
        end = time.monotonic() + self._limits.submission
        left_out: dict[Step, str] = {}
        here = self._settle(plan, left_out, end, {})
        notes = [*plan.notes, *here.notes, *_about(left_out)]
        if words := suspicious(plan.own):
            notes.append(f"looks into the grading itself: {', '.join(words)}")
        verdicts = [self._verdict(each, here, plan, left_out) for each in self._questions]
        if passed := {each.question for each in verdicts if _passed(each)}:
            last = max(at for at, step in enumerate(plan.steps) if step.question in passed)
            short = replace(plan, steps=plan.steps[: last + 1])
            there = self._settle(short, left_out | here.endless, end, {VARIABLE: "1"})
            verdicts = [_both(each, there) if _passed(each) else each for each in verdicts]
        if words:
            verdicts = [replace(each, look=each.look or each.points > 0) for each in verdicts]
        return Judged(tuple(verdicts), tuple(dict.fromkeys(notes)))

    def _settle(
        self, plan: Plan, left_out: dict[Step, str], end: float, variables: dict[str, str]
    ) -> _Run:
        """Run until a kernel lasts to the end; `left_out` grows by what ended the others."""
        best = _Run()
        for _ in range(_KERNELS):
            run = self._run(plan, left_out, end, variables)
            if len(run.results) + len(run.tampered) >= len(best.results) + len(best.tampered):
                best = run
            if run.at is None:
                return best
            if time.monotonic() > end or run.at in left_out:  # it does not even start
                break
            left_out[run.at] = run.why
        best.notes.append(f"given up before its end: {run.why}")
        return best

    def _run(
        self, plan: Plan, left_out: dict[Step, str], end: float, variables: dict[str, str]
    ) -> _Run:
        run = _Run()
        sandbox = Sandbox(self._lesson, self._limits, self._place, variables)
        kernel = Kernel(sandbox, self._limits, self._stop, end)
        at = _START
        try:
            kernel.wait()
            begun = self._probe(kernel)
            if begun is None:
                raise KernelEndedError("the kernel did not answer the grader")
            for at in plan.steps:
                if at not in left_out:
                    self._do(at, kernel, begun, run)
        except KernelEndedError as error:
            run.at, run.why = at, str(error)
        finally:
            kernel.close()
            sandbox.close()
        return run

    def _do(self, step: Step, kernel: Kernel, begun: dict[str, Any], run: _Run) -> None:
        """Run a cell or judge a question, then look at the kernel."""
        if step.question is None:
            ran = kernel.run(step.source, self._limits.cell)
            run.notes += _said(step, ran, self._limits)
            if ran.interrupted:
                run.endless[step] = "it did not end"
        told = self._probe(kernel, step.question)
        odd = oddity(begun, told)
        if odd is not None or run.tampered:
            # what was seen once holds for all that comes after it
            odd = odd or next(reversed(run.tampered.values()))
            name = step.question or ""
            run.tampered.setdefault(name, odd)
            return
        assert told is not None
        if told["stops"]:
            run.notes.append("spark.stop() was left out, so that what comes after it can be judged")
        if step.question is not None:
            run.results[step.question] = told["result"]
        if told["spark"] == "dead":
            raise KernelEndedError("it ended Spark")

    def _probe(self, kernel: Kernel, question: str | None = None) -> dict[str, Any] | None:
        """How the kernel stands; None where it does not say so in a form that it should."""
        nonce = secrets.token_hex(16)
        call = f"\nreport({nonce!r}, {self._lesson.number!r}, {question!r})"
        code = f"exec({PROBE.read_text(encoding='utf-8') + call!r}, {{'__name__': 'grader'}})"
        seconds = self._limits.cell if question else _PROBE_SECONDS
        ran = kernel.run(code, seconds, history=False)
        if ran.interrupted and question:
            raise KernelEndedError(f"its check did not end within {seconds:.0f} s")
        for shown in ran.shown:
            told = shown.get(MIME)
            if isinstance(told, dict) and told.get("nonce") == nonce:
                return told
        return None

    def _verdict(
        self, question: Question, run: _Run, plan: Plan, left_out: dict[Step, str]
    ) -> Verdict:
        base = Verdict(question.id, question.title, 0.0, float(question.points), "not reached")
        if question.id in run.tampered:
            line = f"This could not be judged: {run.tampered[question.id]}. A person looks at it."
            return replace(base, status="tampered", lines=(line,), look=True)
        lost = _left_out_for(question.id, plan, left_out)
        result = clean(run.results.get(question.id))
        if result is None or (lost is not None and not Status(result["status"]).passed):
            if lost is not None:
                return replace(base, status="died", lines=(_told(lost, left_out),), look=True)
            line = "The submission ended before this question was reached. A person looks at it."
            return replace(base, lines=(line,), look=True)
        status = Status(result["status"])
        return replace(
            base,
            points=base.of if status.passed else 0.0,
            status=status.value,
            mistake=result["mistake"],
            lines=tuple(result["lines"]),
            look=status.unjudged,
        )


_START = Step(place=-1)  # before the first cell


def _passed(verdict: Verdict) -> bool:
    return verdict.points > 0


def _both(here: Verdict, there: _Run) -> Verdict:
    """A pass on the data in use, after the run on sibling data."""
    name = here.question
    result = clean(there.results.get(name))
    if name not in there.tampered and result is not None:
        status = Status(result["status"])
        if status.passed:
            return here
        if not status.unjudged and status is not Status.BLOCKED:
            lines = (ONLY_HERE, *result["lines"])
            return replace(here, points=0.0, status="wrong", mistake="only-here", lines=lines)
    line = f"{ONLY_HERE} That could not be judged there; a person has to look."
    return replace(here, points=0.0, status="unproved", lines=(line,), look=True)


def _said(step: Step, ran: Ran, limits: Limits) -> list[str]:
    notes = []
    if ran.interrupted:
        notes.append(f"cell {step.place} did not end within {limits.cell:.0f} s and was stopped")
    if ran.dropped:
        notes.append(f"cell {step.place} printed more than is kept ({ran.dropped:,} characters)")
    if ran.error and ran.error.startswith("SystemExit"):
        notes.append(f"cell {step.place} called sys.exit(); what it had set until then counts")
    return notes


def _left_out_for(question: str, plan: Plan, left_out: dict[Step, str]) -> Step | None:
    """The step left out among those between the check before a question's and its own."""
    found = None
    for step in plan.steps:
        if step in left_out:
            found = step
        if step.question == question:
            return found
        if step.question is not None:
            found = None
    return None


def _told(step: Step, left_out: dict[Step, str]) -> str:
    what = f"The check of {step.question}" if step.question else f"Cell {step.place}"
    return (
        f"{what} was left out because {left_out[step]}; without it there is no answer to judge. "
        "A person looks at it."
    )


def _about(left_out: dict[Step, str]) -> list[str]:
    return [
        f"{f'check of {step.question}' if step.question else f'cell {step.place}'} left out: {why}"
        if step is not _START
        else f"a kernel did not start: {why}"
        for step, why in left_out.items()
    ]
