"""Exam-style questions: read from `quiz.toml`, and as text or HTML with folded answers.

No script runs in the page. Where HTML cannot be shown, the plain text has the questions first and
the answers after all of them.
"""

import html
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_utils import config
from course_utils.errors import CourseError

FEWEST = 5  # questions per lesson
# The objectives of the exam guides: 48 of 2025, and the four sections of 2022
OBJECTIVES = frozenset(
    [*(f"2025-{number}" for number in range(1, 49)), *(f"2022-S{s}" for s in range(1, 5))]
)
_LETTERS = "ABCDE"


@dataclass(frozen=True)
class Option:
    """One option, and why it is right or wrong."""

    text: str
    right: bool
    why: str


@dataclass(frozen=True)
class QuizQuestion:
    """One question of a quiz."""

    id: str
    stem: str
    objectives: tuple[str, ...]
    options: tuple[Option, ...]
    multiple: bool  # more than one option may be right

    @property
    def answer(self) -> str:
        """The letters of the right options, "A, C"."""
        return ", ".join(
            letter for letter, option in zip(_LETTERS, self.options, strict=False) if option.right
        )


def load_quiz(number: str) -> list[QuizQuestion]:
    """The questions of `lessons/NN_slug/quiz.toml`, in order.

    Raises:
        CourseError: there is none, or it breaks a rule; the line names file, question and rule.
    """
    path = config.lesson(number).folder / "quiz.toml"
    if not path.exists():
        raise CourseError(f"Lesson {config.lesson(number).number} has no quiz.")
    return read_quiz(path)


def read_quiz(path: Path) -> list[QuizQuestion]:
    """The questions of one file, all rules checked.

    Raises:
        CourseError: the file breaks a rule.
    """
    questions, faults = _read(path)
    if faults:
        raise CourseError(faults[0])
    return questions


def faults(path: Path) -> list[str]:
    """A line for each question of the file that breaks a rule, and for the file as a whole."""
    return _read(path)[1]


def _read(path: Path) -> tuple[list[QuizQuestion], list[str]]:
    where = "/".join(path.parts[-3:])
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        return [], [f"{where} is not valid TOML: {error}."]
    items = raw.get("question", [])
    questions, faults = [], []
    if len(items) < FEWEST:
        faults.append(f"{where} has {len(items)} questions; {FEWEST} are the least.")
    for number, item in enumerate(items, 1):
        try:
            questions.append(question(item, f"{where} question {number}"))
        except CourseError as error:
            faults.append(str(error))
    for what in ("id", "stem"):
        values = [" ".join(getattr(question, what).lower().split()) for question in questions]
        faults += [
            f"{where}: two questions have the {what} {value[:60]!r}."
            for value, count in Counter(values).items()
            if count > 1
        ]
    return questions, faults


def question(item: dict[str, Any], where: str) -> QuizQuestion:
    """One question as a file has it.

    Args:
        item: its table in the file.
        where: what to call it in an error.

    Raises:
        CourseError: it breaks a rule.
    """
    for key, kind in (("id", str), ("stem", str), ("objectives", list), ("options", list)):
        if not isinstance(item.get(key), kind) or not item[key]:
            raise CourseError(f"{where}: `{key}` is missing or empty.")
    if extra := set(item) - {"id", "stem", "objectives", "options", "multiple", "looked_up"}:
        raise CourseError(f"{where}: unknown key {sorted(extra)[0]!r}.")
    if unknown := sorted(set(item["objectives"]) - OBJECTIVES):
        raise CourseError(f"{where}: unknown objective {unknown[0]!r}; see quiz.OBJECTIVES.")
    options = tuple(_option(option, where) for option in item["options"])
    if not 3 <= len(options) <= len(_LETTERS):
        raise CourseError(f"{where}: {len(options)} options; 3 to {len(_LETTERS)} are allowed.")
    if len({option.text.lower() for option in options}) < len(options):
        raise CourseError(f"{where}: two options are the same.")
    right = sum(option.right for option in options)
    multiple = bool(item.get("multiple", False))
    if (multiple and not 1 <= right < len(options)) or (not multiple and right != 1):
        raise CourseError(
            f"{where}: {right} options are right; exactly one may be, or with `multiple = true` "
            "some but not all."
        )
    return QuizQuestion(
        item["id"], item["stem"].strip(), tuple(item["objectives"]), options, multiple
    )


def _option(item: dict[str, Any], where: str) -> Option:
    if not isinstance(item.get("right"), bool):
        raise CourseError(f"{where}: an option has no `right = true` or `right = false`.")
    for key in ("text", "why"):
        if not isinstance(item.get(key), str) or not item[key].strip():
            raise CourseError(f"{where}: an option has no `{key}`; every option explains itself.")
    return Option(item["text"].strip(), item["right"], item["why"].strip())


def as_text(title: str, questions: list[QuizQuestion]) -> str:
    """All questions, and after them all answers."""
    asked, answers = [title], ["Answers"]
    for number, question in enumerate(questions, 1):
        asked += ["", f"{number}. {question.stem}{_how_many(question)}"]
        answers += ["", f"{number}. {question.answer}"]
        for letter, option in zip(_LETTERS, question.options, strict=False):
            asked.append(f"   {letter}. {option.text}")
            answers.append(f"   {letter}. {_verdict(option)}: {option.why}")
    return "\n".join([*asked, "", *answers])


def as_html(title: str, questions: list[QuizQuestion]) -> str:
    """The questions, each with its answer folded below it."""
    parts = [f"<h3>{html.escape(title)}</h3>"]
    for number, question in enumerate(questions, 1):
        pairs = list(zip(_LETTERS, question.options, strict=False))
        options = "".join(f"<li>{inline(option.text)}</li>" for _, option in pairs)
        reasons = "".join(
            f"<li><strong>{_verdict(option)}</strong>: {inline(option.why)}</li>"
            for _, option in pairs
        )
        parts.append(
            f"<div><p><strong>{number}.</strong> {blocks(question.stem)}{_how_many(question)}</p>"
            f'<ol type="A">{options}</ol>'
            f"<details><summary>Answer to {number}</summary>"
            f'<p>{question.answer}</p><ol type="A">{reasons}</ol></details></div>'
        )
    return "".join(parts)


def _verdict(option: Option) -> str:
    return "right" if option.right else "wrong"


def _how_many(question: QuizQuestion) -> str:
    return " (more than one may be right)" if question.multiple else ""


def blocks(text: str) -> str:
    """Text in which ``` fences become code blocks and empty lines become breaks."""
    parts = re.split(r"```(?:\w*)\n(.*?)```", text, flags=re.DOTALL)
    return "".join(
        f"<pre><code>{html.escape(part.rstrip())}</code></pre>"
        if index % 2
        else inline(part.strip()).replace("\n\n", "<br><br>")
        for index, part in enumerate(parts)
    )


def inline(text: str) -> str:
    """Text in which `code` is set as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
