"""Diagnoses that hold for every question, by the kinds of its names."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from course_utils.lab import kinds
from course_utils.lab.answers import Answers
from course_utils.lab.finding import Finding, wrong
from course_utils.lab.question import Question
from course_utils.lab.ran import typed_in

# The ids that can come out of here, and out of `blame` and `kinds`
GENERIC_IDS = frozenset(
    {
        "duplicate-column",
        "empty-frame",
        "extra-key",
        "forgot-fit",
        "hard-coded",
        "is-none",
        "missing-column",
        "missing-key",
        "no-such-path",
        "not-a-choice",
        "not-a-number",
        "wrong-column-type",
        "wrong-type",
        "wrong-value-type",
    }
)


def generic(question: Question, answers: Answers, seen: Mapping[str, Any]) -> Finding | None:
    """The first thing wrong with the values that has nothing to do with the question itself."""
    values = {name: seen[name] for name in question.names}
    for name, kind in question.names.items():
        if kind != "any" and (found := _by_kind(name, kind, values[name])) is not None:
            return found
    for name, kind in question.names.items():
        if kind in ("frame", "pandas") and (twice := kinds.named_twice(values[name])):
            return wrong(
                "duplicate-column",
                f"`{name}` has more than one column named `{twice}`.",
                "a join on a condition keeps the key of both sides (join on the name instead), "
                "or select took a column that was there already.",
            )
    for name, choices in question.choices.items():
        if kinds.spelled(getattr(answers, name), choices) is None:
            return wrong(
                "not-a-choice",
                f"`{name}` is {str(values[name])[:40]!r}.",
                f"it is one of {', '.join(repr(choice) for choice in choices)}.",
            )
    for name, keys in question.keys.items():
        if (key := kinds.wrong_key(getattr(answers, name), keys)) is not None:
            mistake, said, cause = key
            return wrong(mistake, f"`{name}` {said}", cause)
    for name, columns in question.columns.items():
        if (column := kinds.wrong_column(getattr(answers, name), columns)) is not None:
            mistake, said, cause = column
            return wrong(mistake, f"`{name}` {said}", cause)
    for name, kind in question.names.items():
        if _is_empty(name, kind, values[name], answers):
            return wrong(
                "empty-frame",
                f"`{name}` has no rows.",
                "a filter or a join leaves nothing: look at the spelling, the case and the types "
                "of what is compared.",
            )
    for name, kind in question.names.items():
        if kind in kinds.COMPUTED and typed_in(answers.source(name), name):
            return wrong(
                "hard-coded",
                f"`{name}` was typed in as a fixed value.",
                "it would be right for one data set at most; let the code compute it.",
            )
    return None


def _by_kind(name: str, kind: str, value: Any) -> Finding | None:
    if value is None:
        return wrong(
            "is-none",
            f"`{name}` is None; {kinds.words(kind)} is due.",
            "the last call returns nothing: show(), write, print() and a function "
            "without `return` do not give a result to keep.",
        )
    if not kinds.fits(value, kind):
        mistake, cause = kinds.misfit(value, kind)
        said = f"`{name}` is {kinds.describe(value)}; {kinds.words(kind)} is due."
        return wrong(mistake, said, cause)
    if kinds.not_finite(value, kind):
        return wrong(
            "not-a-number",
            f"`{name}` is {float(value)}, not a finite number.",
            "a division by zero, a logarithm of zero, or a missing or infinite value got into it.",
        )
    if kind == "path" and not _there(value):
        return wrong(
            "no-such-path",
            f"there is nothing at the place that `{name}` names.",
            "nothing was written there yet, or the name differs from the one written to.",
        )
    return None


def _is_empty(name: str, kind: str, value: Any, answers: Answers) -> bool:
    if kind == "frame":
        return not value.isStreaming and answers.rows(name) == 0
    return kind == "pandas" and len(value) == 0


def _there(path: str | os.PathLike[str]) -> bool:
    """Whether a path exists, as far as this machine can tell."""
    place = os.fspath(path).removeprefix("file:")
    return ":" in place or Path(place).exists()
