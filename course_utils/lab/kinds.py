"""What kind of thing an answer has to be, and what it usually is instead.

Nothing here starts a Spark job: kinds are told apart by type alone. Libraries are looked up
only if they are loaded already, because a value of theirs cannot exist otherwise.
"""

import math
import numbers
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

# kind -> how a message names it
_WORDS = {
    "frame": "a Spark DataFrame",
    "pandas": "a pandas DataFrame or Series",
    "number": "a number",
    "integer": "a whole number",
    "text": "text",
    "list": "a list",
    "dict": "a dict",
    "boolean": "True or False",
    "function": "a function",
    "transformer": "a transformer",
    "estimator": "an estimator that is not fitted yet",
    "model": "a fitted model",
    "path": "a path as text",
    "choice": "a number or text",
    "any": "a value",
}
KINDS = tuple(_WORDS)

# An answer of these kinds has to be computed; typed in as it is, it answers for one data set only.
COMPUTED = frozenset({"number", "integer", "text", "list", "dict"})

# The kinds of a column -> the names of its type, as Spark's simpleString and as pandas has them
# after `plain`, which knows pandas' nullable, arrow and category types
_COLUMN_TYPES = {
    "number": r"(tiny|small|big)?int|float|double|decimal.*|u?int\d+|float\d+",
    "text": r"string|varchar.*|char.*|object|str",
    "boolean": r"bool(ean)?",
    "time": r"date|timestamp.*|datetime.*",
    "vector": r"vector",
    "array": r"array.*|object",
    "any": r".*",
}
COLUMN_KINDS = tuple(_COLUMN_TYPES)
_COLUMN_WORDS = {"time": "a date or a timestamp"}


def words(kind: str) -> str:
    """ "frame" → "a Spark DataFrame"."""
    return _WORDS[kind]


def fits(value: Any, kind: str) -> bool:
    """Whether `value` is of this kind. None and `...` fit no kind."""
    if value is None or value is ...:
        return False
    return _FITS[kind](value)


def misfit(value: Any, kind: str) -> tuple[str, str]:
    """Why a value of another kind is probably there: (mistake id, likely cause)."""
    if kind == "model" and fits(value, "estimator"):
        return "forgot-fit", "the estimator was made but not fitted; .fit(data) returns the model."
    for applies, cause in _CAUSES:
        if applies(value, kind):
            return "wrong-type", cause
    return "wrong-type", "the last call gives something else; print(type(…)) shows what."


def plain(value: Any, kind: str) -> Any:
    """A value that fits its kind, in the one form that rules look at.

    NumPy's and decimal numbers become Python's, arrays, tuples and rows become lists, also inside
    a dict; a pandas frame gets NumPy's types in place of nullable, arrow and category ones.
    """
    if kind == "pandas":
        return _plain_pandas(value)
    if kind in ("number", "integer", "list", "dict", "boolean", "choice"):
        return _plain(value)
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if _is(value, "numpy", "float32"):  # the number that it shows: 0.57, not 0.569999992
        return float(str(value))
    if _is(value, "numpy", "generic"):
        return value.item()
    if _is(value, "numpy", "ndarray"):
        return value.item() if value.ndim == 0 else [_plain(item) for item in value]
    if _is(value, "pandas", "Series"):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        # a tuple stays one, as a list cannot be a key
        return {k if isinstance(k, tuple) else _plain(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):  # a Row of Spark is a tuple
        return [_plain(item) for item in value]
    return value


def _plain_pandas(value: Any) -> Any:
    """Columns as NumPy types: numbers with gaps as float64, text and the rest as objects."""
    if not hasattr(value, "columns"):
        return _plain_column(value)
    import pandas as pd

    if not any(isinstance(t, pd.api.extensions.ExtensionDtype) for t in value.dtypes):
        return value
    columns = [_plain_column(value.iloc[:, place]) for place in range(value.shape[1])]
    return pd.concat(columns, axis=1).set_axis(value.columns, axis=1)


def _plain_column(column: Any) -> Any:
    import pandas as pd

    kind = column.dtype
    if isinstance(kind, pd.CategoricalDtype):
        return _plain_column(column.astype(kind.categories.dtype))
    if not isinstance(kind, pd.api.extensions.ExtensionDtype):
        return column
    if pd.api.types.is_bool_dtype(kind) and not column.isna().any():
        return column.astype(bool)
    if pd.api.types.is_integer_dtype(kind) and not column.isna().any():
        return column.astype("int64")
    if pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind):
        return column.astype("float64")
    if pd.api.types.is_datetime64_any_dtype(kind):
        zone = getattr(kind, "tz", None) or getattr(
            getattr(kind, "pyarrow_dtype", None), "tz", None
        )
        return pd.to_datetime(column.astype(object), utc=zone is not None)
    return column.astype(object).where(column.notna(), None)


def index_as_columns(frame: Any, columns: Mapping[str, str]) -> Any:
    """A pandas frame or Series with the columns that it has in its index, such as group keys."""
    there = {str(name).lower() for name in getattr(frame, "columns", [getattr(frame, "name", "")])}
    inside = {str(name).lower() for name in frame.index.names if name is not None}
    if not any(name.lower() in inside - there for name in columns):
        return frame
    return frame.reset_index()


def not_finite(value: Any, kind: str) -> bool:
    """Whether a number is NaN or infinite."""
    return kind in ("number", "integer") and not math.isfinite(float(value))


def wrong_column(frame: Any, columns: Mapping[str, str]) -> tuple[str, str, str] | None:
    """The first column that is missing or of another kind: (mistake id, found, likely cause)."""
    if fits(frame, "frame"):
        # Spark finds a column whatever the case of its name
        there = {f.name.lower(): f.dataType.simpleString() for f in frame.schema.fields}
    elif hasattr(frame, "dtypes") and hasattr(frame, "columns"):
        there = {str(name).lower(): str(dtype) for name, dtype in frame.dtypes.items()}
    else:
        return None
    for name, kind in columns.items():
        found = there.get(name.lower())
        if found is None:
            struct = _struct_with(frame, name)
            return (
                "missing-column",
                f"has no column `{name}`; there are {', '.join(map(str, frame.columns))}.",
                "it was left out by select or drop, or it has another name."
                if struct is None
                else f'it is a field of `{struct}`; col("{struct}.{name}") takes it out.',
            )
        if not re.fullmatch(_COLUMN_TYPES[kind], found):
            return (
                "wrong-column-type",
                f"has column `{name}` as {found}; {_COLUMN_WORDS.get(kind, kind)} is due.",
                "a cast is missing, or another column got this name.",
            )
    return None


def _struct_with(frame: Any, name: str) -> str | None:
    """The struct column of a Spark frame that has a field of this name."""
    if not fits(frame, "frame"):
        return None
    for field in frame.schema.fields:
        inside = getattr(field.dataType, "names", None) or ()
        if name.lower() in (each.lower() for each in inside):
            return str(field.name)
    return None


def wrong_key(table: Mapping[Any, Any], keys: Mapping[Any, str]) -> tuple[str, str, str] | None:
    """What is wrong with a dict's keys, or first value: (mistake id, found, likely cause).

    Args:
        table: the learner's dict, plain.
        keys: key -> kind of its value; under `...` the kind of every value, whatever the keys.
    """
    listed = [key for key in keys if key is not ...]
    if listed and (missing := [key for key in listed if key not in table]):
        there = ", ".join(repr(key) for key in list(table)[:6]) or "none"
        return (
            "missing-key",
            f"has no key {missing[0]!r}; its keys are {there}.",
            "it was left out, or is spelled otherwise, or a number stands as text.",
        )
    if listed and (extra := [key for key in table if key not in keys]):
        return (
            "extra-key",
            f"has a key {extra[0]!r} that is not asked for.",
            "more was put into the dict than the question names.",
        )
    for key, value in table.items():
        kind = keys.get(key, keys.get(..., "any"))
        if kind != "any" and (not fits(value, kind) or not_finite(value, kind)):
            text = f"{value!r}"[:40]
            return (
                "wrong-value-type",
                f"has {text} under {key!r}; {words(kind)} is due.",
                "a division by zero or a missing value got into it."
                if fits(value, kind)
                else misfit(value, kind)[1],
            )
    return None


def spelled(value: Any, choices: Sequence[Any]) -> Any:
    """The choice that a value means, whatever its case, blanks and dashes; None if it is none."""
    for choice in choices:
        if value == choice and isinstance(value, bool) == isinstance(choice, bool):
            return choice
    if isinstance(value, str):
        folded = {_folded(choice): choice for choice in choices if isinstance(choice, str)}
        return folded.get(_folded(value))
    return None


def _folded(text: str) -> str:
    return re.sub(r"[\s_\-]+", "", text).casefold()


def named_twice(frame: Any) -> str | None:
    """The first column name that a frame has more than once; Spark's differ by more than case."""
    if not hasattr(frame, "columns"):  # a pandas Series
        return None
    seen: set[str] = set()
    for column in map(str, frame.columns):
        key = column.lower() if fits(frame, "frame") else column
        if key in seen:
            return column
        seen.add(key)
    return None


def describe(value: Any) -> str:
    """A value's type in a learner's words: "a pandas DataFrame", "text", "a Pipeline"."""
    if value is None:
        return "None"
    for kind in ("frame", "boolean", "text", "dict"):
        if fits(value, kind):
            return _WORDS[kind]
    if _is(value, "pandas", "DataFrame"):
        return "a pandas DataFrame"
    if _is(value, "numpy", "ndarray"):
        return "a NumPy array"
    if callable(value) and not isinstance(value, type) and hasattr(value, "__name__"):
        return "a function"
    name = type(value).__name__
    return f"{'an' if name[0] in 'AEIOUaeio' else 'a'} {name}"


def _is(value: Any, module: str, *names: str) -> bool:
    """isinstance without importing: the class of a value that exists is loaded."""
    loaded = sys.modules.get(module)
    if loaded is None:
        return False
    classes = tuple(c for name in names if isinstance(c := getattr(loaded, name, None), type))
    return isinstance(value, classes)


def _boolean(value: Any) -> bool:
    return isinstance(value, bool) or _is(value, "numpy", "bool_")


def _number(value: Any) -> bool:
    if _is(value, "numpy", "ndarray"):  # an array without dimensions is one number
        return value.ndim == 0 and _number(value.item())
    return isinstance(value, numbers.Real | Decimal) and not _boolean(value)


def _integer(value: Any) -> bool:
    if isinstance(value, numbers.Integral) and not _boolean(value):
        return True
    # NaN passes here so that it is reported as "not a number", which says more than "wrong type"
    return _number(value) and (not math.isfinite(float(value)) or float(value).is_integer())


def _choice(value: Any) -> bool:
    plain = str | int | float | list | tuple | set | frozenset | dict
    return isinstance(value, plain) or _boolean(value) or _number(value)


def _function(value: Any) -> bool:
    return callable(value) and not isinstance(value, type)


_FITS: dict[str, Callable[[Any], bool]] = {
    "frame": lambda v: _is(v, "pyspark.sql", "DataFrame"),
    "pandas": lambda v: _is(v, "pandas", "DataFrame", "Series"),
    "number": _number,
    "integer": _integer,
    "text": lambda v: isinstance(v, str),
    "list": lambda v: (
        isinstance(v, list | tuple)
        or _is(v, "pandas", "Series")
        or (_is(v, "numpy", "ndarray") and v.ndim > 0)
    ),
    "dict": lambda v: isinstance(v, Mapping),
    "boolean": _boolean,
    "function": _function,
    "transformer": lambda v: _is(v, "pyspark.ml", "Transformer"),
    "estimator": lambda v: _is(v, "pyspark.ml", "Estimator"),
    "model": lambda v: _is(v, "pyspark.ml", "Model"),
    "path": lambda v: isinstance(v, str | os.PathLike),
    "choice": _choice,
    "any": lambda v: True,
}

# (applies(value, kind), likely cause), tried in order
_CAUSES: tuple[tuple[Callable[[Any, str], bool], str], ...] = (
    (
        lambda v, k: k == "frame" and _is(v, "pandas", "DataFrame", "Series"),
        "toPandas() or a pandas function brought the data out of Spark; stay with the Spark frame.",
    ),
    (
        lambda v, k: k == "frame" and _is(v, "pyspark.pandas", "DataFrame", "Series"),
        "this is a pandas-on-Spark frame; .to_spark() turns it into a Spark DataFrame.",
    ),
    (
        lambda v, k: k == "frame" and _is(v, "pyspark.sql", "Column"),
        "a column expression is not a frame; use it inside select, filter or withColumn.",
    ),
    (
        lambda v, k: k == "frame" and type(v).__name__ == "GroupedData",
        "groupBy alone only prepares groups; an aggregation such as .agg(...) makes a frame.",
    ),
    (
        lambda v, k: k == "frame" and type(v).__name__ in ("DataFrameReader", "DataFrameWriter"),
        "the reader or writer was made but not used; the call that loads or saves is missing.",
    ),
    (
        lambda v, k: (
            k == "frame"
            and (
                _is(v, "pyspark.sql", "Row")
                or (isinstance(v, list) and bool(v) and _is(v[0], "pyspark.sql", "Row"))
            )
        ),
        "collect(), take(), head() and first() return rows in Python; leave that call out.",
    ),
    (
        lambda v, k: k == "pandas" and _is(v, "pyspark.sql", "DataFrame"),
        "this is still a Spark DataFrame; .toPandas() brings a small result to Python.",
    ),
    (
        lambda v, k: k in ("number", "integer", "text", "boolean") and _is(v, "pyspark.sql", "Row"),
        "first() and head() return a whole row; take one field out of it, as in row[0].",
    ),
    (
        lambda v, k: (
            k in ("transformer", "estimator", "model") and _is(v, "pyspark.sql", "DataFrame")
        ),
        "transform(...) returns a frame; keep the stage itself under this name.",
    ),
    (
        lambda v, k: k != "frame" and _is(v, "pyspark.sql", "DataFrame"),
        "a frame is a plan, not its result; first(), collect() or count() gives the value.",
    ),
    (
        lambda v, k: k in ("number", "integer") and isinstance(v, str),
        "the value is in quotes or was turned into text; keep it a number.",
    ),
    (
        lambda v, k: k in ("number", "integer") and _boolean(v),
        "a comparison gives True or False; count or average what it gave.",
    ),
    (
        lambda v, k: v is None,
        "nothing was computed for it, or a function returned nothing.",
    ),
    (
        lambda v, k: k == "integer" and _number(v),
        "the value has a fractional part.",
    ),
    (
        lambda v, k: k not in ("function", "any") and callable(v) and hasattr(v, "__name__"),
        "the parentheses that call it are missing, so the function itself was stored.",
    ),
    (
        lambda v, k: k == "estimator" and _is(v, "pyspark.ml", "Model"),
        "it is fitted already; here the estimator itself is asked for, without .fit().",
    ),
    (
        lambda v, k: k == "transformer" and _is(v, "pyspark.ml", "Estimator"),
        "an estimator has to see data first; its .fit(data) returns a transformer.",
    ),
    (
        lambda v, k: k == "function" and not callable(v),
        "the result of a call was stored; define the function with def and leave it uncalled.",
    ),
)
