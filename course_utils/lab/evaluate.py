"""Judges one question: from the learner's variables to a result with its message.

The order is fixed: a cell that raised, an open answer, an earlier question that is unsolved, what
is wrong by kind alone, the question's own mistakes, its rule.
"""

from collections.abc import Callable, Sequence
from typing import Any

from course_utils.lab import kinds, message
from course_utils.lab.answers import Answers, MissingNameError
from course_utils.lab.blame import blame
from course_utils.lab.finding import (
    Finding,
    blocked,
    cell_raised,
    check_bug,
    evidence,
    wrong,
    wrong_unnamed,
)
from course_utils.lab.generic import generic
from course_utils.lab.placeholder import is_open
from course_utils.lab.question import Question
from course_utils.lab.ran import Cells
from course_utils.lab.result import Result, Status


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
        answers = Answers(question.names, self._namespace, self._cells)
        try:
            result = self._in_words(question, answers, self._find(question, answers))
        except Exception as error:
            # Not even the message could be made
            result = self._in_words(question, answers, check_bug(question, error))
        self._known[question.id] = (self._values(question), result.status)
        return result

    def _find(self, question: Question, answers: Answers) -> Finding:
        try:
            found = self._judge(question, answers)
        except MissingNameError as missing:
            return self._missing(question, missing.name)
        except Exception as error:
            found = blame(question, answers, self._namespace, error)
        if found.status in (Status.WRONG, Status.RAISED):
            for needed in map(self._by_id.__getitem__, question.needs):
                if not self._overwrote(question, needed) and self._unsolved(needed, evaluate=True):
                    return blocked(needed)  # what is wrong may only come from there
        return found

    def _overwrote(self, question: Question, needed: Question) -> bool:
        """Whether this question's own cell set a name of the earlier one: then it is its doing."""
        own = {self._cells.place(name) for name in question.names} - {None}
        return any(self._cells.place(name) in own for name in needed.names)

    def _judge(self, question: Question, answers: Answers) -> Finding:
        # Only the last cell counts: what failed before may have been mended in a cell of its own
        placed = [
            (place, name)
            for name in question.names
            if (place := self._cells.place(name)) is not None
        ]
        if placed:
            _, name = max(placed)
            cell = self._cells.assigning(name)
            if cell is not None and cell.error is not None:
                return cell_raised(name, cell.error)
        if (waiting := self._open(question)) is not None:
            return waiting
        for needed in question.needs:
            if self._unsolved(self._by_id[needed], evaluate=False):
                return blocked(self._by_id[needed])
        values = {name: self._namespace[name] for name in question.names}
        return (
            generic(question, answers, values)
            or _named_mistake(question, answers)
            or self._accepted(question, answers)
        )

    def _open(self, question: Question) -> Finding | None:
        missing = [name for name in question.names if name not in self._namespace]
        dots = [n for n in question.names if n not in missing and is_open(self._namespace[n])]
        if not missing and not dots:
            return None
        parts = [f"{message.names(dots)} {_be(dots)} still `...`"] if dots else []
        parts += [f"{message.names(missing)} {_be(missing)} not defined yet"] if missing else []
        return Finding(
            Status.NOT_STARTED,
            (f"Open: {' and '.join(parts)}.",),
            "complete the cell above, run it, then run this check again.",
        )

    def _missing(self, question: Question, name: str) -> Finding:
        """A rule asked for a name that is not there."""
        for needed in question.needs:
            if name in self._by_id[needed].names:
                return blocked(self._by_id[needed])
        if question.names.get(name) == "function":
            line = f"Open: `{name}` still returns `...`."
        else:
            line = f"Open: `{name}` is not defined; a cell above has not run yet."
        return Finding(
            Status.NOT_STARTED,
            (line,),
            "run the cells from the top, complete this one, then run this check again.",
        )

    def _unsolved(self, needed: Question, evaluate: bool) -> bool:
        """Whether an earlier question is known to be unsolved; evaluated only if asked to."""
        values = self._values(needed)
        if needed.id in self._known:
            then, status = self._known[needed.id]
            same = all(a is b for a, b in zip(then, values, strict=True))
            if same and status.attempted:
                return not status.passed
        if evaluate:
            status = self(needed).status
            return not status.passed and not status.excused
        return any(
            not kinds.fits(value, kind)
            for value, kind in zip(values, needed.names.values(), strict=True)
        )

    def _accepted(self, question: Question, answers: Answers) -> Finding:
        found = question.refuse(answers)
        if found is not None:
            return wrong_unnamed(found)
        note = question.note(answers) if question.note is not None else None
        lines = [f"Note: {evidence(note)}"] if note else []
        lines.append(f"Why it matters: {question.why}")
        following = self._questions[self._questions.index(question) + 1 :]
        after = "lab.summary() shows the whole lab."
        if following:
            after = f"{following[0].id} · {following[0].title}"
        status = Status.PASS_WITH_NOTE if note else Status.PASS
        return Finding(status, tuple(lines), after, show_looked_at=True)

    def _in_words(self, question: Question, answers: Answers, finding: Finding) -> Result:
        lines = [message.verdict(finding.status, question)]
        if finding.show_looked_at:
            try:
                lines.append(message.looked_at(question, answers, self._namespace))
            except Exception:
                # A value that cannot be described, or a Spark that stopped just now
                lines.append(f"Looked at: {message.names(list(question.names))}.")
        lines += finding.lines
        stuck = ""
        if finding.status in (Status.WRONG, Status.RAISED):
            stuck = message.stuck(question.id, self._hints_left(question.id))
        lines.append(f"Next: {finding.next}{stuck}")
        full = finding.status.passed or finding.status.excused
        return Result(
            question=question.id,
            status=finding.status,
            mistake_id=finding.mistake_id,
            lines=[line for text in lines for line in text.splitlines()],
            points=float(question.points) if full else 0.0,
        )

    def _values(self, question: Question) -> list[Any]:
        return [self._namespace.get(name) for name in question.names]


def _named_mistake(question: Question, answers: Answers) -> Finding | None:
    for mistake in question.mistakes:
        found = mistake.evidence(answers)
        if found is not None:
            return wrong(mistake.id, found, mistake.say)
    return None


def _be(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"
