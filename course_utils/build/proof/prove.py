"""Proves the checks of a lesson: right answers pass, wrong ones get exactly their diagnosis.

    ./course prove 06        all questions
    ./course prove 06 q2     one of them

The lab runs with its solutions up to each question; then each file in `answers/qN` takes the place
of the solution's cell, after `answers/qN/_before.py`, which runs once for all of them. Files that
a candidate writes into its work folder are put back afterwards, so that every candidate starts
from the same state. Right answers are proved once more on sibling data, in a process of its own,
and what is right on the data in use must be turned down there when it is typed in.
"""

import argparse
import ast
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from course_utils import config
from course_utils.build.proof import variants
from course_utils.build.proof.replay import Replay, Snapshot, own_places
from course_utils.data import Variant, in_use
from course_utils.data.in_use import ratings_in_use
from course_utils.data.variant import VARIABLE, variant
from course_utils.errors import CourseError
from course_utils.lab import kinds, message
from course_utils.lab.find_questions import load_questions
from course_utils.lab.finding import bug_log
from course_utils.lab.generic import GENERIC_IDS
from course_utils.lab.question import Question
from course_utils.lab.result import Result, Status
from course_utils.percent import Cell, parse_lesson

FEWEST_OK = 2
MOST_JOBS = 3
BEFORE = "_before.py"
LUCKY = "lucky_"  # answers that pass on the data that learners have, and fall on sibling data


@dataclass(frozen=True)
class Evaluation:
    """One answer that was judged."""

    question: str
    case: str  # "solution", "bad_leak-fit-all", "rmse: None"
    status: str
    mistake_id: str | None
    seconds: float
    jobs: int  # Spark jobs that the check ran
    plain: bool  # an author's answer as it is; others are twisted, and what that costs says nothing


@dataclass
class Proof:
    """What came out of a lesson's answers."""

    number: str
    mismatches: list[str] = field(default_factory=list)
    evaluations: list[Evaluation] = field(default_factory=list)
    # question -> name -> the right value as Python text, where it can be written so
    typed: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)  # what the data in use cannot tell apart
    say: Callable[[str], None] = lambda line: None

    def add(self, evaluation: Evaluation) -> None:
        """Notes an answer that was judged."""
        self.evaluations.append(evaluation)
        mistake = f" [{evaluation.mistake_id}]" if evaluation.mistake_id else ""
        self.say(
            f"{evaluation.question} {evaluation.case}: {evaluation.status}{mistake}, "
            f"{evaluation.seconds:.2f} s, {evaluation.jobs} jobs"
        )

    def as_dict(self) -> dict[str, Any]:
        """For a file: what came out, and the measures over all answers."""
        return {
            "number": self.number,
            "mismatches": self.mismatches,
            "evaluations": [asdict(each) for each in self.evaluations],
            "typed": self.typed,
            "notes": self.notes,
            "p95": self.p95,
            "most_jobs": self.most_jobs,
        }

    @property
    def p95(self) -> float:
        """The time within which 95 % of the checks came back, in seconds."""
        seconds = [each.seconds for each in self.evaluations if each.plain]
        return statistics.quantiles(seconds, n=20)[-1] if len(seconds) > 1 else sum(seconds)

    @property
    def most_jobs(self) -> int:
        """The most Spark jobs that a check ran."""
        return max((each.jobs for each in self.evaluations if each.plain), default=0)

    def __str__(self) -> str:
        slowest = sorted((e for e in self.evaluations if e.plain), key=lambda each: -each.seconds)[
            :3
        ]
        slow = "; ".join(f"{e.question} {e.case} {e.seconds:.2f} s" for e in slowest)
        return "\n".join(
            [
                *self.mismatches,
                *self.notes,
                f"Lesson {self.number}{' on sibling data' if _sibling() else ''}: "
                f"{len(self.evaluations)} checks, {len(self.mismatches)} not as they should be. "
                f"One took {self.p95:.2f} s at p95 and ran {self.most_jobs} Spark jobs at most. "
                f"Slowest: {slow}",
            ]
        )


def prove(
    number: str,
    only: str | None = None,
    twisted: bool = True,
    right_only: bool = False,
    typed: Mapping[str, Mapping[str, str]] | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> Proof:
    """Runs every answer of lesson `number`, or of its question `only`, through the checks.

    Args:
        number: of the lesson, "06".
        only: a question, "q2"; all if left out.
        twisted: also what no author writes: the solution in another order and run twice, and
            typical non-answers.
        right_only: only what a right answer comes to on this data: bad_*.py are the same wrong on
            any, and twists look at the check, which is the same.
        typed: `Proof.typed` of other data: typed in, these must be turned down here.
        say: gets a line about each answer as soon as it is judged.

    Uses the Spark session that the lab's own first cells start. The learner's workbook, progress
    and work folder are not touched.

    Raises:
        CourseError: no such lesson or lab, or a cell of the solution fails.
    """
    lesson = config.lesson(number)
    questions = load_questions(lesson.number)
    cells = parse_lesson(lesson.number, "lab")
    proof = Proof(lesson.number, say=say)
    _prove_completeness(questions, cells, lesson.folder / "answers", proof)
    with own_places() as work:
        replay = Replay(lesson.number, questions, work)
        for cell in cells:
            if cell.kind == "code":
                replay.run_or_raise(cell)
            elif cell.kind == "answer":
                question = next(q for q in questions if q.id == cell.question)
                folder = lesson.folder / "answers" / question.id
                others = (typed or {}).get(question.id, {})
                prover = _Prover(question, cell, folder, replay, proof, twisted, right_only, others)
                prover.prove(only in (None, question.id))
    return proof


def _prove_completeness(
    questions: list[Question], cells: list[Cell], answers: Path, proof: Proof
) -> None:
    asked = {cell.question for cell in cells if cell.question}
    known = {question.id for question in questions}
    for extra in sorted(asked - known):
        raise CourseError(f"{extra} has cells in lab.py but is not in questions.py.")
    for question in questions:
        say = _Sayer(proof, question.id)
        if question.id not in asked:
            say("has no cells in lab.py")
        files = sorted((answers / question.id).glob("*.py"))
        if sum(file.stem.startswith("ok_") for file in files) < FEWEST_OK:
            say(f"has fewer than {FEWEST_OK} files ok_*.py")
        bad = [file for file in files if file.stem.startswith("bad_")]
        proved = {name for file in bad if (name := mistake_of(file))}
        for mistake in question.mistakes:
            if mistake.id not in proved:
                say(f"mistake {mistake.id} has no file bad_{mistake.id}.py")
        for stray in sorted(proved - {mistake.id for mistake in question.mistakes} - GENERIC_IDS):
            say(f"bad_{stray}.py names no mistake")
        for file in files:
            if not file.stem.startswith(("ok_", "bad_", LUCKY)) and file.name != BEFORE:
                say(f"{file.name} is neither ok_…, bad_… nor {LUCKY}…")


class _Prover:
    """Runs the candidates of one question."""

    def __init__(
        self,
        question: Question,
        cell: Cell,
        folder: Path,
        replay: Replay,
        proof: Proof,
        twisted: bool,
        right_only: bool,
        typed: Mapping[str, str],
    ) -> None:
        self._question = question
        self._cell = cell
        self._before = folder / BEFORE
        self._files = sorted(file for file in folder.glob("*.py") if file.name != BEFORE)
        self._replay = replay
        self._proof = proof
        self._say = _Sayer(proof, question.id)
        self._twisted = twisted and not right_only
        self._right_only = right_only
        self._typed = typed
        self._expected: dict[str, Any] = {}

    def prove(self, wanted: bool) -> None:
        """Proves the question if it is wanted; leaves the solution's state for the next one."""
        before = self._replay.snapshot()
        self._replay.run_or_raise(self._cell)
        after = self._replay.snapshot()
        if wanted:
            self._expected = self._values()
            self._proof.typed[self._question.id] = {
                name: text
                for name, kind in self._question.names.items()
                if kind in kinds.COMPUTED and (text := variants.as_literal(self._expected[name]))
            }
            self._right("solution", self._cell.solution, ran=True)
            # It ran twice: names that a registry gave are those of the second time
            self._twists(before, self._replay.snapshot())
            if not self._right_only:
                self._by_formulas(after)
            self._typed_in(after)
            self._files_of_answers(before)
        self._replay.restore(after)
        # Later questions that come out wrong ask whether this one is right: let it be known
        self._replay.evaluate(self._question)

    def _files_of_answers(self, before: Snapshot) -> None:
        self._replay.restore(before)
        if self._before.exists():
            if not self._runs(self._before.stem, self._before.read_text(encoding="utf-8")):
                return
            before = self._replay.snapshot()
        for file in self._files:
            text = file.read_text(encoding="utf-8")
            if file.stem.startswith("ok_"):
                self._replay.restore(before)
                self._right(file.stem, text)
            elif file.stem.startswith("bad_") and not self._right_only:
                self._replay.restore(before)
                self._bad(file, text)
            elif file.stem.startswith(LUCKY):
                self._replay.restore(before)
                self._lucky(file, text)

    def _right(self, case: str, text: str, ran: bool = False) -> None:
        if not ran and not self._runs(case, text):
            return
        # One right answer in every order is enough: what is looked at is the check, not the answer
        if not self._passes(case) or not (ran and self._twisted):
            return
        shaped = variants.rearranged(self._question, self._values())
        if shaped:
            self._replay.namespace.update(shaped)
            self._passes(f"{case}, rows, partitions and columns in another order", False)
        if self._runs(f"{case}, run twice", text):
            self._passes(f"{case}, run twice")

    def _twists(self, before: Snapshot, after: Snapshot) -> None:
        """What no author has to write: other forms of the right answer, and typical non-answers."""
        if not self._twisted:
            return
        for twist in variants.right(self._question, self._expected):
            self._replay.restore(after)
            self._replay.namespace.update(twist.values)
            self._replay.cells.ran(twist.source)
            self._passes(twist.name, False)
        self._replay.restore(after)
        others = self._replay.names_needed(self._question)
        if others:
            self._replay.namespace.update(dict.fromkeys(others, 0))
            self._passes("names of earlier answers used for something else", False)
        self._stub(before)
        self._wrong_variants(after)

    def _by_formulas(self, after: Snapshot) -> None:
        """Gives each mistake's own numbers: they need no code, and are told on any data."""
        for mistake in self._question.mistakes:
            if mistake.values is None or mistake.id == "rounded":
                continue
            self._replay.restore(after)
            answers = self._replay.answers(self._question)
            about = f"mistake {mistake.id} gives the right numbers on these rows"
            if mistake.id in mistake.values.alike(answers):
                # Elsewhere it is seen; on the data that learners have it must be
                if self._strict:
                    self._say(f"{about}: no answer can show it")
                else:
                    self._proof.notes.append(f"{self._proof.number} {self._question.id}: {about}")
                continue
            made = mistake.values.inject(answers, mistake.id)
            if not made:
                self._say(f"mistake {mistake.id} has no numbers on these rows")
                continue
            self._replay.namespace.update(variants.with_numbers(self._expected, made))
            self._replay.cells.ran("\n".join(f"{n} = made()" for n in self._question.names))
            result = self._evaluate(f"the numbers of {mistake.id}", plain=False)
            if result.status is not Status.WRONG or (
                self._strict and result.mistake_id != mistake.id
            ):
                self._say(f"the numbers of {mistake.id} came out as {_told(result)}")

    @property
    def _strict(self) -> bool:
        """Whether these are the rows that every learner starts with."""
        return not _sibling() and in_use() is None and ratings_in_use() is None

    def _typed_in(self, after: Snapshot) -> None:
        """What is right on other data, typed in here."""
        if self._typed and self._typed == self._proof.typed[self._question.id]:
            self._say("the sibling data have the same right values: typing them in would pass")
            return
        if not self._typed:
            return
        self._replay.restore(after)
        values = {name: ast.literal_eval(text) for name, text in self._typed.items()}
        self._replay.namespace.update(values)
        self._replay.cells.ran("\n".join(f"{name} = helper()" for name in values))
        result = self._evaluate("values of other data", plain=False)
        if not variants.turned_down(result):
            self._say(f"values of other data came out as {_told(result)}")

    def _bad(self, file: Path, text: str) -> None:
        due = mistake_of(file)
        if not self._runs(file.stem, text):
            return
        result = self._evaluate(file.stem)
        if result.status is not Status.WRONG or result.mistake_id != due:
            self._say(f"{file.stem} is due as wrong [{due}] but came out as {_told(result)}")

    def _lucky(self, file: Path, text: str) -> None:
        """Right by luck or typed in by a detour: it passes on the course's rows, nowhere else."""
        if not self._runs(file.stem, text):
            return
        result = self._evaluate(file.stem)
        if self._strict and not result.status.passed:
            self._say(f"{file.stem} is due as pass here but came out as {_told(result)}")
        if _sibling() and not variants.turned_down(result):
            self._say(
                f"{file.stem} is due as wrong on sibling data but came out as {_told(result)}"
            )

    def _stub(self, before: Snapshot) -> None:
        self._replay.restore(before)
        if self._runs("stub", self._cell.stub):
            result = self._evaluate("stub")
            if result.status is not Status.NOT_STARTED:
                self._say(f"the stub is due as not started but came out as {_told(result)}")
        name = next(iter(self._question.names))
        self._replay.restore(before)
        self._replay.run(f"{name} = 1 / 0")
        result = self._evaluate("a cell that raises")
        if result.status is not Status.RAISED:
            self._say(f"a cell that raises is due as raised but came out as {_told(result)}")

    def _wrong_variants(self, after: Snapshot) -> None:
        for non_answer in variants.wrong(self._question, self._expected):
            self._replay.restore(after)
            self._replay.namespace.update(non_answer.values)
            self._replay.cells.ran(non_answer.source)
            result = self._evaluate(non_answer.name, plain=False)
            if not non_answer.expects(result):
                due = f"{non_answer.name} is due as {non_answer.due}"
                self._say(f"{due} but came out as {_told(result)}")

    def _runs(self, case: str, text: str) -> bool:
        error = self._replay.run(text)
        if error is not None:
            self._say(f"{case} does not run: {type(error).__name__}: {str(error)[:300]}")
        return error is None

    def _passes(self, case: str, plain: bool = True) -> bool:
        result = self._evaluate(case, plain)
        if not result.status.passed:
            self._say(f"{case} is due as pass but came out as {_told(result)}")
        return result.status.passed

    def _values(self) -> dict[str, Any]:
        return {name: self._replay.namespace.get(name) for name in self._question.names}

    def _evaluate(self, case: str, plain: bool = True) -> Result:
        result, seconds, jobs = self._replay.evaluate(self._question)
        self._proof.add(
            Evaluation(
                self._question.id,
                case,
                result.status.value,
                result.mistake_id,
                seconds,
                jobs,
                plain,
            )
        )
        if plain and jobs > MOST_JOBS:
            self._say(f"{case} took {jobs} Spark jobs; {MOST_JOBS} are the most")
        for fault in self._message_faults(result):
            self._say(f"{case}: the message {fault}: {_told(result)}")
        return result

    def _message_faults(self, result: Result) -> Iterator[str]:
        text = "\n".join(result.lines)
        if len(result.lines) > message.MOST_LINES:
            yield "is too long"
        if "Traceback" in text or 'File "' in text:
            yield "holds a stack"
        if re.search(r"(?<![\w.])/(?:[\w.-]+/)+\w", text):
            yield "holds a path"
        if result.status in (Status.WRONG, Status.RAISED, Status.NOT_STARTED) and not any(
            name in text for name in self._question.names
        ):
            yield "names no variable"
        if not result.status.passed:
            found = "\n".join(line for line in result.lines if not line.startswith("Looked at:"))
            current = self._values()
            for name, value in self._expected.items():
                if _differs(value, current[name]) and any(
                    re.search(rf"(?<![\d.,]){re.escape(form)}(?!\d)", found)
                    for form in _forms(value)
                ):
                    yield f"gives away the value of {name}"


def _sibling() -> bool:
    return variant() is Variant.SIBLING


class _Sayer:
    """Notes a mismatch under the name of its question."""

    def __init__(self, proof: Proof, question: str) -> None:
        self._proof = proof
        self._question = question

    def __call__(self, text: str) -> None:
        line = f"{self._proof.number} {self._question}: {text}"
        self._proof.mismatches.append(line)
        self._proof.say(f"  NOT AS IT SHOULD BE: {text}")


def mistake_of(file: Path) -> str | None:
    """The mistake that a wrong answer is due: "bad_leak-fit-all__2.py" → "leak-fit-all".

    None for "bad_unnamed__2.py": it is wrong in a way that no mistake describes.
    """
    name = file.stem.removeprefix("bad_").split("__")[0]
    return None if name == "unnamed" else name


def _told(result: Result) -> str:
    name = f"{result.status.value} [{result.mistake_id}]" if result.mistake_id else result.status
    where = f" (stack in {bug_log()})" if result.status is Status.CHECK_BUG else ""
    return f"{name}{where}: {' | '.join(result.lines)}"


def _differs(expected: Any, current: Any) -> bool:
    if not kinds.fits(current, "number"):
        return True
    return not kinds.fits(expected, "number") or abs(float(expected) - float(current)) > 1e-9


def _forms(value: Any) -> set[str]:
    """How a number could be written in a message; none for those too short to tell apart."""
    if not kinds.fits(value, "number"):
        return set()
    number = float(value)
    forms = {f"{number:.{digits}f}" for digits in range(1, 7)} | {f"{number:.6g}", repr(number)}
    if number.is_integer():
        forms = {f"{number:.0f}", f"{number:,.0f}"}
    return {form for form in forms if len(form.replace(",", "").strip("-0.").replace(".", "")) >= 3}


def main(arguments: list[str]) -> int:
    """Prints what is not as it should be; 1 if anything is."""
    parser = argparse.ArgumentParser(prog="./course prove", description=__doc__)
    parser.add_argument("number", help="a lesson's number, such as 06")
    parser.add_argument("question", nargs="?", help="one question, such as q2")
    parser.add_argument(
        "--plain", action="store_true", help="only the answers as authors wrote them"
    )
    parser.add_argument(
        "--right-only", action="store_true", help="only right answers, on the data in use alone"
    )
    parser.add_argument("--json", type=Path, help="also write the outcome to this file")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--typed", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if not (given.here or given.right_only):
        return _on_both(given)
    try:
        proof = prove(
            given.number,
            given.question,
            not given.plain,
            given.right_only,
            json.loads(given.typed.read_text())["typed"] if given.typed else None,
            say=lambda line: print(line, flush=True),
        )
    except CourseError as error:
        print(error)
        return 1
    print(proof)
    if given.json:
        given.json.write_text(json.dumps(proof.as_dict()))
    return 1 if proof.mismatches else 0


def _on_both(given: argparse.Namespace) -> int:
    """On the data in use, then the right answers on sibling data.

    Each has a process of its own: nothing that is known of one data is known to the other, and the
    first has given its JVM back when the second wants one.
    """
    with tempfile.TemporaryDirectory(prefix="course-prove-") as folder:
        here, there = Path(folder) / "here.json", Path(folder) / "there.json"
        command = [sys.executable, "-m", "course_utils.build.proof.prove", given.number]
        command += [given.question] if given.question else []
        command += ["--plain"] if given.plain else []
        code = subprocess.call([*command, "--here", "--json", str(here)])
        if not here.exists():
            return code or 1
        command += ["--right-only", "--typed", str(here), "--json", str(there)]
        code = subprocess.call(command, env={**os.environ, VARIABLE: "1"}) or code
        if given.json and there.exists():
            both = {**json.loads(here.read_text()), "sibling": json.loads(there.read_text())}
            given.json.write_text(json.dumps(both))
        return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
