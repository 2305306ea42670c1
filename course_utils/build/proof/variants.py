"""Answers that no author has to write: typical non-answers, and right ones in another shape.

Each takes a right answer's values and gives (name of the case, changed values, what may come out).
"""

import ast
import copy
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
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


def right(question: Question, values: dict[str, Any]) -> Iterator[Variant]:
    """Other forms of a right answer, which must pass as it does."""
    values = _plain(question, values)
    for form, change in (("NumPy", _as_numpy), ("tuples, Decimal and pandas", _as_others)):
        changed = {
            name: other
            for name, kind in question.names.items()
            if (other := change(kind, values[name], question.columns.get(name, {}))) is not None
        }
        if changed:
            yield Variant(f"as {form}", changed, _passed, "pass", "")
    for name, kind in question.names.items():
        if kind in ("dict", "list") and values[name]:
            empty, fill = ("{}", "update") if kind == "dict" else ("[]", "extend")
            source = f"def fill(into):\n    into.{fill}(made())\n\n\n{name} = {empty}\nfill({name})"
            yield Variant(f"{name} filled by a helper", {}, _passed, "pass", source)


def with_numbers(values: dict[str, Any], made: Mapping[Any, float]) -> dict[str, Any]:
    """The names with other numbers: a place is a name, or a name with the keys of its dicts."""
    changed: dict[str, Any] = {}
    for place, number in made.items():
        if isinstance(place, str):
            changed[place] = number
            continue
        name, *keys, last = place
        if name not in changed:
            changed[name] = copy.deepcopy(kinds.plain(values[name], "dict"))
        inside = changed[name]
        for key in keys:
            inside = inside[key]
        inside[last] = number
    return changed


def wrong(question: Question, values: dict[str, Any]) -> Iterator[Variant]:
    """Non-answers: each must be turned down, and none may count as a fault of the check."""
    values = _plain(question, values)
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
                yield _variant(name, label, other, turned_down, "wrong or raised")
        if kind in kinds.COMPUTED and (text := as_literal(value)) is not None:
            yield Variant(
                f"{name} typed in", {}, _is("hard-coded"), "hard-coded", f"{name} = {text}"
            )


def _plain(question: Question, values: dict[str, Any]) -> dict[str, Any]:
    """The values as rules see them: an array or a tuple is a list."""
    return {name: kinds.plain(values[name], kind) for name, kind in question.names.items()}


def _variant(name: str, label: str, value: Any, expects: Expects, due: str) -> Variant:
    return Variant(f"{name}: {label}", {name: value}, expects, due, f"{name} = computed()")


def _is(*ids: str) -> Expects:
    return lambda result: result.status is Status.WRONG and result.mistake_id in ids


def turned_down(result: Result) -> bool:
    """Wrong, or raised by the learner's own code."""
    return result.status in (Status.WRONG, Status.RAISED)


def _passed(result: Result) -> bool:
    return result.status.passed


def _as_numpy(kind: str, value: Any, columns: Mapping[str, str]) -> Any:
    import numpy as np

    if kind == "number" and kinds.fits(value, "number"):
        return np.float64(value)
    if kind == "integer" and kinds.fits(value, "integer"):
        return np.int64(value)
    if kind == "list" and value and all(kinds.fits(item, "number") for item in value):
        return np.array(value)
    if kind == "dict" and any(kinds.fits(item, "number") for item in value.values()):
        return {k: np.float64(v) if kinds.fits(v, "number") else v for k, v in value.items()}
    if kind == "pandas" and hasattr(value, "columns"):
        return value.convert_dtypes()
    return None


def _as_others(kind: str, value: Any, columns: Mapping[str, str]) -> Any:
    if kind == "number" and kinds.fits(value, "number"):
        return Decimal(repr(float(value)))
    if kind == "list":
        return tuple(value)
    if kind == "dict" and any(kinds.fits(item, "number") for item in value.values()):
        return {
            k: Decimal(repr(float(v))) if kinds.fits(v, "number") else v for k, v in value.items()
        }
    if kind == "pandas" and hasattr(value, "columns"):
        texts = [name for name, of in columns.items() if of == "text" and name in value.columns]
        if texts and not value[texts[0]].duplicated().any():
            return value.set_index(texts[0])  # as groupby leaves its keys
        return value.astype(dict.fromkeys(texts, "category"))
    return None


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


def as_literal(value: Any) -> str | None:
    """Python text for a value that is a literal; None for an empty or any other one."""
    value = kinds.plain(value, "dict")
    text = repr(value)
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None
    return None if value in ([], {}, ()) else text
