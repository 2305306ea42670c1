"""Answers that no author has to write: typical non-answers, and right ones in another shape.

Each takes a right answer's values and gives (name of the case, changed values, what may come out).
"""

import ast
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from course_utils.lab import kinds
from course_utils.lab.question import Question
from course_utils.lab.result import Result, Status

Expects = Callable[[Result], bool]


@dataclass(frozen=True)
class Variant:
    """One changed answer and what a check may say to it."""

    name: str
    values: dict[str, Any]
    expects: Expects
    due: str  # `expects` in words
    source: str  # the cell that would have set the values


def rearranged(question: Question, values: dict[str, Any]) -> dict[str, Any]:
    """The frames with other row order, partitions and column order, unless these are asked for."""
    changed = {}
    for name, kind in question.names.items():
        value = values[name]
        if kind == "frame" and not value.isStreaming:
            changed[name] = _rearrange_frame(value, question.fixed)
        elif kind == "pandas":
            if "rows" not in question.fixed:
                value = value.sample(frac=1, random_state=7)
            if "columns" not in question.fixed and hasattr(value, "columns"):
                value = value[list(reversed(value.columns))]
            changed[name] = value
    return changed


def wrong(question: Question, values: dict[str, Any]) -> Iterator[Variant]:
    """Non-answers: each must be turned down, and none may count as a fault of the check."""
    for name, kind in question.names.items():
        value = values[name]
        if kind == "any":
            continue
        yield _variant(name, "None", None, _is("is-none"), "is-none")
        yield _variant(name, "wrong type", object(), _is("wrong-type", "forgot-fit"), "wrong-type")
        for label, other in _others(name, kind, value, question):
            if label == "no rows":
                yield _variant(name, label, other, _is("empty-frame"), "empty-frame")
            else:
                yield _variant(name, label, other, _turned_down, "wrong or raised")
        if kind in kinds.COMPUTED and (text := _as_literal(value)) is not None:
            yield Variant(
                f"{name} typed in", {}, _is("hard-coded"), "hard-coded", f"{name} = {text}"
            )


def _variant(name: str, label: str, value: Any, expects: Expects, due: str) -> Variant:
    return Variant(f"{name}: {label}", {name: value}, expects, due, f"{name} = computed()")


def _is(*ids: str) -> Expects:
    return lambda result: result.status is Status.WRONG and result.mistake_id in ids


def _turned_down(result: Result) -> bool:
    return result.status in (Status.WRONG, Status.RAISED)


def _others(name: str, kind: str, value: Any, question: Question) -> Iterator[tuple[str, Any]]:
    """(label, value) of the right kind, but not the answer."""
    if kind == "frame" and not value.isStreaming:
        yield from _other_frames(value, question.columns.get(name, {}))
    elif kind == "pandas":
        yield "no rows", value.iloc[:0]
        yield (
            "half of the rows",
            value.iloc[: len(value) // 2] if len(value) > 1 else value.iloc[:0],
        )
    elif kind == "function":
        yield "raises", _raises
        yield "returns None", _returns_nothing
    elif kind in ("model", "transformer", "estimator"):
        yield from _other_stages(kind, value)
    elif kind == "path":
        yield "not there", "no/such/place"
        with tempfile.TemporaryDirectory() as folder:
            yield "an empty folder", folder
    else:
        for other in ("", "x", 0, -1, [], ["x"], {}, {"x": 1}):
            if kinds.fits(other, kind) and other != value:
                yield repr(other), other


def _other_frames(frame: Any, columns: Any) -> Iterator[tuple[str, Any]]:
    from pyspark.sql.functions import col, lit, raise_error

    frame = frame.localCheckpoint()  # what made it need not run again for each of these
    first = frame.columns[0]
    yield "no rows", frame.limit(0)
    rows = frame.count()
    if rows > 1:
        yield "half of the rows", frame.limit(rows // 2)
    yield "all rows twice", frame.unionAll(frame)
    if len(frame.columns) > 1:
        yield "first column only", frame.select(first)
        yield "first column missing", frame.drop(first)
    if columns:
        named = {name.lower() for name in columns}
        yield (
            "nothing but missing values",
            frame.select(
                *[
                    lit(None).cast(field.dataType).alias(field.name)
                    if field.name.lower() in named
                    else col(f"`{field.name}`")
                    for field in frame.schema.fields
                ]
            ),
        )
    yield (
        "fails when computed",
        frame.select(
            *[
                raise_error(lit("no such value")).cast(field.dataType).alias(field.name)
                for field in frame.schema.fields
            ]
        ),
    )


def _other_stages(kind: str, value: Any) -> Iterator[tuple[str, Any]]:
    from pyspark.ml.feature import Binarizer, CountVectorizerModel, MinMaxScaler

    other = {
        "model": lambda: CountVectorizerModel.from_vocabulary(["a"], inputCol="a", outputCol="b"),
        "transformer": lambda: Binarizer(threshold=0.5, inputCol="a", outputCol="b"),
        "estimator": lambda: MinMaxScaler(inputCol="a", outputCol="b"),
    }[kind]()
    if type(other) is not type(value):
        yield f"another {kind}", other


def _raises(*args: Any, **kwargs: Any) -> Any:
    raise ValueError("no such value")


def _returns_nothing(*args: Any, **kwargs: Any) -> None:
    len(args)  # an empty body would count as the placeholder


def _rearrange_frame(frame: Any, fixed: tuple[str, ...]) -> Any:
    from pyspark.sql.functions import col, rand

    if "rows" not in fixed:
        if "partitions" in fixed:
            frame = frame.sortWithinPartitions(rand(7))
        else:
            frame = frame.orderBy(rand(7)).repartition(3)
    if "columns" not in fixed and len(set(frame.columns)) == len(frame.columns):
        frame = frame.select(*[col(f"`{name}`") for name in reversed(frame.columns)])
    return frame


def _as_literal(value: Any) -> str | None:
    """Python text for the value, if there is any."""
    text = repr(float(value)) if kinds.fits(value, "number") else repr(value)
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None
    return text
