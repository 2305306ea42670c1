"""Messages of a check: at most 8 plain lines, and the same as HTML.

The plain lines carry everything; HTML adds only layout. A state is told by a symbol and by
words, never by colour alone.
"""

import html
import re
from collections.abc import Mapping
from typing import Any

from course_utils.lab import kinds
from course_utils.lab.answers import Answers
from course_utils.lab.cause import shorten
from course_utils.lab.question import Question
from course_utils.lab.result import Status

MOST_LINES = 8
_FEW = 3  # numbers of a list that are shown rather than counted

# Symbol and words of each state, wherever a learner reads one
SAID = {
    Status.NOT_STARTED: ("…", "not started"),
    Status.PASS: ("✓", "done"),
    Status.PASS_WITH_NOTE: ("✓", "done, with a note"),
    Status.WRONG: ("✗", "not yet"),
    Status.RAISED: ("✗", "stopped with an error"),
    Status.BLOCKED: ("…", "has to wait"),
    Status.UNAVAILABLE: ("!", "could not be checked"),
    Status.CHECK_BUG: ("!", "could not be checked"),
}
# Text, background and edge of a card that looks the same on a light and on a dark page.
# Edges are Okabe and Ito's; text on background has a contrast above 7.
TEXT = "#1a1a1a"
_CARD = {
    Status.NOT_STARTED: ("#f0f0f0", "#767676"),
    Status.PASS: ("#e6f4ee", "#009e73"),
    Status.PASS_WITH_NOTE: ("#e6f4ee", "#009e73"),
    Status.WRONG: ("#fbeee6", "#d55e00"),
    Status.RAISED: ("#fbeee6", "#d55e00"),
    Status.BLOCKED: ("#f0f0f0", "#767676"),
    Status.UNAVAILABLE: ("#e8f1f8", "#0072b2"),
    Status.CHECK_BUG: ("#e8f1f8", "#0072b2"),
}
_PLAIN_CARD = ("#e8f1f8", "#0072b2")


def verdict(status: Status, question: Question) -> str:
    """The first line: symbol, question, state in words, title."""
    symbol, words = SAID[status]
    return f"{symbol} {question.id} {words} · {question.title}"


def looked_at(question: Question, answers: Answers, namespace: Mapping[str, Any]) -> str:
    """ "Looked at: `pred_df` (1,460 rows, 36 columns), `rmse` (0.52)."""
    parts = [
        f"`{name}` ({size(namespace[name], answers.counted(name))})"
        for name in question.names
        if name in namespace
    ]
    return shorten("Looked at: " + ", ".join(parts) + ".", 300)


def names(them: list[str]) -> str:
    """ "`a`, `b`"."""
    return ", ".join(f"`{name}`" for name in them)


def stuck(question: str, hints_left: int) -> str:
    """What helps on, at the end of the last line."""
    if hints_left:
        return f" Stuck? lab.{question}.hint() ({hints_left} left)"
    return f" All hints are open; lab.{question}.solution() shows the solution."


def size(value: Any, rows: int | None = None) -> str:
    """A value's kind and size in a few words."""
    if value is ...:
        return "still ..."
    if kinds.fits(value, "frame"):
        columns = _count(len(value.columns), "column")
        return columns if rows is None else f"{_count(rows, 'row')}, {columns}"
    if type(value).__module__.startswith("pandas.core"):
        return f"pandas, {_count(len(value), 'row')}"
    if kinds.fits(value, "number"):
        return f"{value:,}" if isinstance(value, int) else f"{float(value):.6g}"
    if isinstance(value, str):
        return repr(shorten(value, 40))
    if (
        isinstance(value, list | tuple)
        and 0 < len(value) <= _FEW
        and all(kinds.fits(item, "number") for item in value)
    ):
        return ", ".join(size(item) for item in value)
    if isinstance(value, list | tuple | set | dict):
        return f"{type(value).__name__}, {_count(len(value), 'item')}"
    if isinstance(value, bool) or value is None:
        return str(value)
    if callable(value) and hasattr(value, "__name__"):
        return "function"
    return type(value).__name__


def as_html(lines: list[str], status: Status | None = None) -> str:
    """The lines as one card; backquoted names become code."""
    background, edge = _CARD[status] if status is not None else _PLAIN_CARD
    first, *rest = [_code(html.escape(line, quote=False)) for line in lines]
    body = "".join(f'<div style="margin-top:2px">{line}</div>' for line in rest)
    return (
        f'<div style="background:{background};color:{TEXT};border-left:6px solid {edge};'
        'padding:8px 12px;max-width:72em;line-height:1.45">'
        f'<div style="font-weight:bold">{first}</div>{body}</div>'
    )


def _code(escaped: str) -> str:
    return re.sub(
        r"`([^`]+)`", rf'<code style="color:{TEXT};background:transparent">\1</code>', escaped
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
