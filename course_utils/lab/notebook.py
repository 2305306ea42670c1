"""What a lab notebook holds: `lab = open_lab("06")`, then `lab.q2.check()` and its companions."""

import math
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from course_utils import config
from course_utils.errors import CourseError
from course_utils.lab import content, message, progress_file
from course_utils.lab.evaluate import Evaluator
from course_utils.lab.find_questions import load_questions
from course_utils.lab.progress_file import Entry
from course_utils.lab.question import Question
from course_utils.lab.quiet import quiet_stderr
from course_utils.lab.ran import Cells, Ran, watch_errors
from course_utils.lab.result import CheckFailed, Result
from course_utils.lab.show import show_card, show_code
from course_utils.session.gone import say_in_one_line

# Set by whatever runs a notebook for another purpose than learning (re-check, build, tests)
NO_RECORD = "COURSE_NO_RECORD"


class NoSuchQuestionError(CourseError, AttributeError):
    """`lab.q9` in a lab without a question 9."""


def open_lab(number: str) -> "Lab":
    """Opens the lab of lesson `number` ("06") on this notebook's variables.

    Says in one line what was done earlier; nothing on the first visit.

    Raises:
        CourseError: no such lesson, or it has no questions.
    """
    lab = Lab(number)
    if (line := lab.so_far()) is not None:
        print(line)
    return lab


class Lab:
    """The questions of one lab: `lab.q1`, `lab.q2`, …

    Args:
        number: of the lesson, "06".
        namespace: the learner's variables; by default those of the running notebook.
        record: whether progress is kept; never under nbgrader.
        sources: the cells that ran, for use outside a notebook.
        questions: instead of those of the lesson.
    """

    def __init__(
        self,
        number: str,
        namespace: dict[str, Any] | None = None,
        record: bool = True,
        sources: Iterable[str | Ran] | None = None,
        questions: Iterable[Question] | None = None,
    ) -> None:
        lesson = config.lesson(number)
        self._number = lesson.number
        self._title = lesson.title
        self._questions = load_questions(number) if questions is None else list(questions)
        self._record = record and not _graded() and not os.environ.get(NO_RECORD)
        if namespace is None:
            namespace = _notebook_variables()
            watch_errors()
            say_in_one_line()
        self._notice: str | None = None  # about the progress file, to be said once
        self._entries = self._stored()
        self._session: dict[str, Result] = {}
        evaluator = Evaluator(
            self._questions,
            namespace,
            Cells(sources),
            self.hints_left,
            lambda: content.own_names(self._number),
        )
        self._checks = {q.id: Check(self, q, evaluator) for q in self._questions}

    def __getattr__(self, name: str) -> "Check":
        if not name.startswith("_") and name in self._checks:
            return self._checks[name]
        if name.startswith("_"):
            raise AttributeError(name)
        there = ", ".join(self._checks)
        raise NoSuchQuestionError(
            f"Lab {self._number} has no {name!r}: it has {there} and summary()."
        )

    def __dir__(self) -> list[str]:
        return [*self._checks, "summary", "questions"]

    def __repr__(self) -> str:
        return f"Lab {self._number} · {self._title}: {', '.join(self._checks)}"

    @property
    def questions(self) -> list[Question]:
        """The questions in order."""
        return list(self._questions)

    def summary(self) -> None:
        """Shows each question with its state, and what to do next."""
        states = [self._state(question) for question in self._questions]
        done = sum(symbol == "✓" for symbol, _ in states)
        lines = [f"Lab {self._number} · {self._title}: {done} of {len(states)} done"]
        for question, (symbol, words) in zip(self._questions, states, strict=True):
            lines.append(f"{symbol} {question.id} {words} · {question.title}")
        pending = [q for q, (s, _) in zip(self._questions, states, strict=True) if s != "✓"]
        if pending:
            lines.append(f"Next: {pending[0].id} · {pending[0].title}")
        show_card(lines)

    def so_far(self) -> str | None:
        """One line on what was done before this session; None when that is nothing."""
        if not any(entry.last for entry in self._entries.values()):
            return None
        states = [self._state(question) for question in self._questions]
        done = sum(symbol == "✓" for symbol, _ in states)
        opened = [q for q, (s, _) in zip(self._questions, states, strict=True) if s != "✓"]
        after = f" Next: {opened[0].id} · {opened[0].title}" if opened else ""
        return f"Lab {self._number}: {done} of {len(states)} done earlier.{after}"

    def hints_left(self, question: str) -> int:
        """How many hints of a question are still closed."""
        total = len(self._checks[question].question.hints)
        return max(0, total - self.entry(question).hints)

    def entry(self, question: str) -> Entry:
        """What is known of a question: from the progress file and from this session."""
        return self._entries.get(question, Entry())

    def change(self, question: str, change: Callable[[Entry], Entry]) -> str | None:
        """Changes the entry of a question, in the file too if progress is kept.

        Returns:
            One line when the file could not be written or read; the session goes on without it.
        """
        notice: str | None = None
        if self._record:
            try:
                now = progress_file.update(self._number, question, change)
            except CourseError as error:
                notice = str(error)
            else:
                self._entries = now.lessons[self._number]
                notice, self._notice = now.notice or self._notice, None
                return notice
        self._entries = {**self._entries, question: change(self.entry(question))}
        return notice

    def judged(self, result: Result) -> str | None:
        """Takes a check's result into the progress; returns a line if that went wrong."""
        self._session[result.question] = result
        if not result.status.attempted:
            return None
        asked = content.content_hash(self._number, self._checks[result.question].question)

        def change(entry: Entry) -> Entry:
            entry = replace(entry, attempts=entry.attempts + 1)
            if not result.status.passed:
                return entry
            first = entry.first_pass or progress_file.now()
            return replace(entry, status="done", first_pass=first, content=asked)

        return self.change(result.question, change)

    def _stored(self) -> dict[str, Entry]:
        if not self._record:
            return {}
        try:
            stored = progress_file.load()
        except (CourseError, OSError):
            return {}  # said when something is to be written
        self._notice = stored.notice
        return stored.lessons.get(self._number, {})

    def _state(self, question: Question) -> tuple[str, str]:
        """(symbol, words) of a question: what was passed once stays passed."""
        result, entry = self._session.get(question.id), self.entry(question.id)
        if result is not None and result.status.passed:
            return message.SAID[result.status]
        if entry.done and entry.content == content.content_hash(self._number, question):
            return "✓", "done earlier" if result is None else "done; your last try is another"
        if result is not None:
            return message.SAID[result.status]
        return "…", "changed since you passed" if entry.done else "not checked yet"


class Check:
    """One question of an open lab."""

    def __init__(self, lab: Lab, question: Question, evaluator: Evaluator) -> None:
        self._lab = lab
        self._evaluator = evaluator
        self.question = question

    def __repr__(self) -> str:
        return f"{self.question.id} · {self.question.title}: check(), hint(), solution()"

    def evaluate(self) -> Result:
        """Judges the answer; shows nothing, records nothing."""
        return self._evaluator(self.question)

    def check(self) -> float | None:
        """Judges the answer and shows the message. Under nbgrader it grades instead."""
        if _graded():
            return self.grade()
        with quiet_stderr():
            result = self.evaluate()
        notice = self._lab.judged(result)
        show_card([*result.lines, *([notice] if notice else [])], result)
        return None

    def grade(self) -> float:
        """The points of the answer, for nbgrader: a plain float from 0 to the question's points.

        A check that could not be made gives 0.0 and says so in its output, by which grading knows
        that a person has to look.

        Raises:
            CheckFailed: the answer earns nothing; shown as its message.
        """
        with quiet_stderr():
            result = self.evaluate()
        if not (result.status.passed or result.status.unjudged):
            raise CheckFailed(result)
        show_card(result.lines, result)
        points = float(result.points)
        # NaN or more than the maximum would cost the whole submission
        return min(max(points, 0.0), float(self.question.points)) if math.isfinite(points) else 0.0

    def hint(self) -> None:
        """Shows the next hint, and the earlier ones with it."""
        hints = self.question.hints
        level = min(self._lab.entry(self.question.id).hints + 1, len(hints))
        notice = None
        if level > self._lab.entry(self.question.id).hints:
            notice = self._lab.change(
                self.question.id, lambda entry: replace(entry, hints=max(entry.hints, level))
            )
        left = len(hints) - level
        lines = [f"Hint {level} of {len(hints)} for {self.question.id} · {self.question.title}"]
        lines += [f"{number}. {text}" for number, text in enumerate(hints[:level], 1)]
        if left:
            lines.append(f"Next: try it. {left} more: lab.{self.question.id}.hint()")
        else:
            lines.append(
                "Next: try it. This was the last hint; after a try, "
                f"lab.{self.question.id}.solution() shows the solution."
            )
        show_card([*lines, *([notice] if notice else [])])

    def solution(self, reveal: bool = False) -> None:
        """Shows the solution after a pass, or after a try and the last hint.

        After a pass it shows another way as well, and when that is better, where an author knows
        one.

        Args:
            reveal: show it now; that is recorded, and nothing else happens.
        """
        name, entry = self.question.id, self._lab.entry(self.question.id)
        tried_all = entry.attempts > 0 and not self._lab.hints_left(name)
        if not (entry.done or tried_all or reveal):
            left = self._lab.hints_left(name)
            todo = [] if entry.attempts else [f"a try with lab.{name}.check()"]
            todo += [f"the hints that are left ({left}): lab.{name}.hint()"] if left else []
            show_card(
                [
                    f"… {name} solution is still closed",
                    f"Before it opens: {', then '.join(todo)}.",
                    f"To see it now: lab.{name}.solution(reveal=True)",
                ]
            )
            return
        text = content.solution(self._lab._number, name)
        if text is None:
            show_card([f"{name} has no stored solution; its last hint says how to get there."])
            return
        notice = self._lab.change(name, lambda e: replace(e, solution_seen=True))
        show_code(f"Solution of {name} · {self.question.title}", text)
        if entry.done and (other := content.other_way(self._lab._number, name)) is not None:
            when, code = other
            show_code(f"Another way. {when}", code)
        if notice:
            show_card([notice])


def _graded() -> bool:
    return bool(os.environ.get("NBGRADER_EXECUTION"))


def _notebook_variables() -> dict[str, Any]:
    from IPython import get_ipython

    shell = get_ipython()
    return {} if shell is None else shell.user_ns
