"""Judges one question: from the learner's variables to a result with its message.

The order is fixed: a cell that raised, an open answer, an earlier question that is unsolved, what
is wrong by kind alone, the question's own mistakes, its rule.
"""

import copy
from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from course_utils.data.switched import since_start
from course_utils.lab import kinds, message
from course_utils.lab.answers import Answers, MissingNameError
from course_utils.lab.blame import blame
from course_utils.lab.finding import (
    Finding,
    blocked,
    cell_raised,
    check_bug,
    evidence,
    switched,
    unavailable,
    wrong,
    wrong_unnamed,
)
from course_utils.lab.generic import generic
from course_utils.lab.placeholder import is_open
from course_utils.lab.question import Question
from course_utils.lab.ran import Cells
from course_utils.lab.result import Result, Status
from course_utils.session.gone import gone


@dataclass(frozen=True)
class _Pass:
    """The answers of a question as they were when it passed."""

    values: dict[str, Any]  # the objects themselves, to see whether a name holds another one now
    kept: dict[str, Any]  # what later questions are judged with; changing a dict does not reach it


class Evaluator:
    """Judges the questions of one lab against one namespace.

    A question that builds on an earlier one is judged with the objects that were there when the
    earlier one passed: a later cell may use its names again.

    Args:
        questions: in order.
        namespace: the learner's variables, read at each evaluation.
        cells: what the learner ran.
        hints_left: question id -> how many hints are still closed.
        own_names: the names that the lab's own cells make, besides those of questions.
    """

    def __init__(
        self,
        questions: Sequence[Question],
        namespace: dict[str, Any],
        cells: Cells,
        hints_left: Callable[[str], int],
        own_names: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        self._questions = list(questions)
        self._by_id = {question.id: question for question in questions}
        self._namespace = namespace
        self._cells = cells
        self._hints_left = hints_left
        self._own_names = own_names
        self._passed: dict[str, _Pass] = {}
        # question id -> (its values then, status): what need not be judged again
        self._known: dict[str, tuple[dict[str, Any], Status]] = {}

    def __call__(self, question: Question) -> Result:
        """Evaluates `question`; raises nothing but what interrupts a program."""
        seen = self._seen_by(question)
        answers = Answers(question, seen, self._cells)
        try:
            found = self._excused(self._find(question, answers, seen))
            result = self._in_words(question, answers, seen, found)
        except Exception as error:
            # Not even the message could be made
            result = self._in_words(question, answers, seen, check_bug(question, error))
        self._remember(question, result.status)
        return result

    def _remember(self, question: Question, status: Status) -> None:
        values = self._values(question)
        self._known[question.id] = (values, status)
        if status.passed:
            kept = {name: _copy(value) for name, value in values.items()}
            self._passed[question.id] = _Pass(values, kept)

    def _seen_by(self, question: Question) -> ChainMap[str, Any]:
        """The namespace as this question's rules see it."""
        kept: dict[str, Any] = {}
        for needed in self._all_needed(question):
            then = self._passed.get(needed.id)
            if then is None:
                continue
            if not _same(then.values, self._values(needed)) and not self._known_as_is(needed):
                self(needed)  # another answer to it, perhaps as right as the first
            kept |= self._passed[needed.id].kept
        own = {name: self._namespace[name] for name in question.names if name in self._namespace}
        return ChainMap(own, kept, self._namespace)

    def _all_needed(self, question: Question) -> list[Question]:
        """The questions that this one builds on, directly and through others, in order."""
        ids = set(question.needs)
        for earlier in reversed(self._questions):
            if earlier.id in ids:
                ids |= set(earlier.needs)
        return [earlier for earlier in self._questions if earlier.id in ids]

    def _find(self, question: Question, answers: Answers, seen: ChainMap[str, Any]) -> Finding:
        try:
            found = self._judge(question, answers, seen)
        except MissingNameError as missing:
            return self._missing(question, missing)
        except Exception as error:
            found = blame(question, answers, seen, error)
        if found.status in (Status.WRONG, Status.RAISED, Status.CHECK_BUG):
            if (what := since_start()) is not None:
                return switched(what)
            for needed in map(self._by_id.__getitem__, question.needs):
                if needed.id in self._passed or self._overwrote(question, needed):
                    continue
                if not self._solved(needed):
                    return blocked(needed)  # what is wrong may only come from there
        return found

    def _excused(self, found: Finding) -> Finding:
        """Without Spark nobody can say whether an error, or what is unsolved, is the learner's."""
        unsure = found.status in (Status.RAISED, Status.BLOCKED)
        return unavailable() if unsure and gone(self._namespace.get("spark")) else found

    def _overwrote(self, question: Question, needed: Question) -> bool:
        """Whether this question's own cell set a name of the earlier one: then it is its doing."""
        own = {self._cells.place(name) for name in question.names} - {None}
        return any(self._cells.place(name) in own for name in needed.names)

    def _judge(self, question: Question, answers: Answers, seen: ChainMap[str, Any]) -> Finding:
        # Only the last cell counts: what failed before may have been corrected in a cell of its own
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
        for needed in map(self._by_id.__getitem__, question.needs):
            if needed.id not in self._passed and self._surely_unsolved(needed):
                return blocked(needed)
        return (
            generic(question, answers, seen)
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
            (f"Open: {' and '.join(parts)}",),
            "complete the cell above, run it, then run this check again.",
        )

    def _missing(self, question: Question, error: MissingNameError) -> Finding:
        """A rule asked for a name that is not there."""
        name = error.name
        for needed in self._all_needed(question):
            if name in needed.names:
                return blocked(needed)
        if question.names.get(name) == "function":
            line = f"Open: `{name}` still returns `...`"
        elif name in self._own_names():
            line = f"Open: `{name}` is not defined; a cell above has not run yet."
        else:
            return check_bug(question, error)  # nobody makes it: the rule itself is at fault
        return Finding(
            Status.NOT_STARTED,
            (line,),
            "run the cells from the top, complete this one, then run this check again.",
        )

    def _solved(self, needed: Question) -> bool:
        """Whether an earlier question passes as it is now."""
        if not self._known_as_is(needed):
            self(needed)
        return self._known[needed.id][1].passed

    def _surely_unsolved(self, needed: Question) -> bool:
        """Whether an earlier question is known as unsolved, or plain to see so."""
        if self._known_as_is(needed) and self._known[needed.id][1].attempted:
            return True
        return any(
            not kinds.fits(value, needed.names[name])
            for name, value in self._values(needed).items()
        )

    def _known_as_is(self, question: Question) -> bool:
        """Whether it was judged with the values that it has now."""
        known = self._known.get(question.id)
        return known is not None and _same(known[0], self._values(question))

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

    def _in_words(
        self, question: Question, answers: Answers, seen: ChainMap[str, Any], finding: Finding
    ) -> Result:
        lines = [message.verdict(finding.status, question)]
        if finding.show_looked_at:
            try:
                lines.append(message.looked_at(question, answers, seen))
            except Exception:
                # A value that cannot be described, or a Spark that stopped just now
                lines.append(f"Looked at: {message.names(list(question.names))}.")
        lines += finding.lines
        stuck = ""
        if finding.status in (Status.WRONG, Status.RAISED):
            stuck = message.stuck(question.id, self._hints_left(question.id))
        lines.append(f"Next: {finding.next}{stuck}")
        return Result(
            question=question.id,
            status=finding.status,
            mistake_id=finding.mistake_id,
            lines=[line for text in lines for line in text.splitlines()],
            points=float(question.points) if finding.status.passed else 0.0,
        )

    def _values(self, question: Question) -> dict[str, Any]:
        return {name: self._namespace.get(name) for name in question.names}


def _named_mistake(question: Question, answers: Answers) -> Finding | None:
    for mistake in question.mistakes:
        found = mistake.evidence(answers)
        if found is not None:
            return wrong(mistake.id, found, mistake.say)
    return None


def _same(values: Mapping[str, Any], others: Mapping[str, Any]) -> bool:
    """Whether the names hold the very same objects."""
    return all(value is others[name] for name, value in values.items())


def _copy(value: Any) -> Any:
    """A value that later cells can't change; frames and models don't change."""
    changeable = isinstance(value, dict | list | set) or kinds.fits(value, "pandas")
    return copy.copy(value) if changeable else value


def _be(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"
