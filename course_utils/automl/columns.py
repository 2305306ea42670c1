"""What each column means, what is left out, and what to know before trusting a result."""

import re
import warnings
from functools import cached_property
from typing import TYPE_CHECKING, Any

from course_utils.automl.leaks import suspicions
from course_utils.automl.task import Features
from course_utils.errors import CourseError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

NOT_A_VALUE = "[not a single value]"  # what intake writes for arrays, maps and the like
LARGEST = 3e38  # what a 32-bit float holds: many models turn numbers into those
_FEW = 25  # kinds of a category that get a column each
_MOST = 0.5  # distinct values as a part of the rows, from which on text names nothing that repeats
_LOOKED_AT = 2000  # rows that decide on a meaning
_RARE = 0.1  # share of a class below which the classes are called imbalanced
_MOST_NAMES = 100  # of a target, up to which a column may be a copy under other names


class Answers:
    """The target, in the forms that columns are compared with.

    Args:
        target: its values; none is missing.
        classes: whether they are classes.
    """

    def __init__(self, target: "pd.Series", classes: bool) -> None:
        self.target = target
        self.classes = classes

    @cached_property
    def codes(self) -> "np.ndarray":
        """The number of each value's kind, from 0."""
        import pandas as pd

        return pd.factorize(self.target)[0]

    @cached_property
    def kinds(self) -> int:
        """How many kinds of values there are."""
        return int(self.codes.max()) + 1

    @cached_property
    def numbers(self) -> "np.ndarray | None":
        """The values as floats, where they are numbers."""
        import pandas as pd

        numeric = pd.api.types.is_numeric_dtype(self.target.dtype)
        return self.target.to_numpy(dtype="float64") if numeric else None


def understand(
    frame: "pd.DataFrame", target: str, aside: set[str], classes: bool | None = None
) -> tuple[Features, list[str]]:
    """Sort the columns by meaning.

    Args:
        frame: the rows; each has a value of the target.
        target: the column to predict.
        aside: columns that are no features: excluded ones, the split, the weight, the time.
        classes: whether the target is a class and not a number; None: unless it is one.

    Returns:
        The features, and warnings in plain sentences.

    Raises:
        CourseError: no column is left to learn from.
    """
    import pandas as pd

    found: dict[str, list[str]] = {"numbers": [], "dates": [], "categories": [], "many": []}
    formats: list[tuple[str, str]] = []
    notes: list[str] = []
    if classes is None:
        classes = not pd.api.types.is_numeric_dtype(frame[target].dtype)
    answers = Answers(frame[target], classes)
    for name in frame.columns:
        if name == target or name in aside:
            continue
        kind, why = _meaning(frame[name], answers)
        if kind:
            found[kind].append(name)
        if kind == "dates" and frame[name].dtype == object:
            written = _date_format(frame[name].dropna())
            formats += [(name, written)] if written else []
        if why:
            notes.append(f"Column {name}: {why}")
    features = Features(
        numbers=tuple(found["numbers"]),
        dates=tuple(found["dates"]),
        categories=tuple(found["categories"]),
        many=tuple(found["many"]),
        formats=tuple(formats),
    )
    if not features.names:
        raise CourseError(
            "No usable feature: every column is excluded, constant, an identifier, free text, or "
            f"the target. {' '.join(notes)} Add a column that says something about {target}."
        )
    notes.extend(suspicions(frame, features, answers.target, answers.codes if classes else None))
    return features, notes


def without_infinities(frame: "pd.DataFrame") -> tuple["pd.DataFrame", list[str]]:
    """Numbers that no model can take, infinite ones above all, as missing; and a note on each."""
    import pandas as pd

    made, notes = {}, []
    for name in frame.columns:
        column = frame[name]
        if pd.api.types.is_float_dtype(column.dtype):
            beyond = column.abs() > LARGEST
            if beyond.any():
                made[name] = column.mask(beyond)
                count = int(beyond.sum())
                values = "value is infinite" if count == 1 else "values are infinite"
                notes.append(f"Column {name}: {count:,} {values} or too large, taken as missing.")
    return frame.assign(**made), notes


def _meaning(column: "pd.Series", answers: Answers) -> tuple[str | None, str | None]:
    """The kind of a column, or None, and what there is to say about it."""
    import pandas as pd

    present = column.dropna()
    distinct = present.nunique()
    if distinct == 0:
        return None, "left out, it has no value at all."
    if distinct == 1 and len(present) == len(column):
        return None, "left out, it is constant."
    if len(present) == len(column) and _same(column, distinct, answers):
        return None, "left out, it equals the target; predicting from it would be a leak."
    gaps = f"{1 - len(present) / len(column):.0%} of its values are missing."
    gap = gaps if len(present) < 0.5 * len(column) else None
    types = pd.api.types
    if types.is_bool_dtype(column.dtype):
        return "numbers", gap
    if types.is_datetime64_any_dtype(column.dtype):
        return "dates", gap
    if types.is_numeric_dtype(column.dtype):
        if _counts_rows(column, distinct):
            return None, "left out, it looks like an identifier: whole numbers, all different."
        return "numbers", gap
    if set(map(type, present)) == {bool}:
        return "numbers", gap
    return _meaning_of_text(present, distinct, gap)


def _meaning_of_text(
    present: "pd.Series", distinct: int, gap: str | None
) -> tuple[str | None, str | None]:
    import pandas as pd

    few = present.head(_LOOKED_AT)
    if (few == NOT_A_VALUE).all():
        return None, "left out, its values are arrays, maps or structures."
    if pd.to_numeric(few, errors="coerce").notna().all():
        return "numbers", gap or "numbers written as text, taken as numbers."
    if few.str.contains(r"\d[-/.: ]\d", regex=True).all() and _all_dates(few):
        return "dates", gap or "dates written as text, taken as dates."
    words = few.str.count(r"\s+").median() + 1
    if words > 5:
        return None, "left out, it is free text."
    if distinct > max(_FEW, _MOST * len(present)):
        return None, "left out, nearly every value is different: an identifier or a name."
    if distinct > _FEW:
        return "many", gap or f"{distinct:,} different values, encoded by the target's mean."
    return "categories", gap


def _all_dates(few: "pd.Series") -> bool:
    import pandas as pd

    if _date_format(few):
        return True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas says that it guesses the format; so it does
        return bool(pd.to_datetime(few, errors="coerce", utc=True).notna().all())


def _date_format(present: "pd.Series") -> str | None:
    """How all of the dates are written; None where they have no way in common.

    pandas guesses it from the first of the rows that it is given. Told the format, a model reads
    a row alone as it reads it among others: 03/02 as the third of February, or not.
    """
    import pandas as pd
    from pandas.tseries.api import guess_datetime_format

    first = str(present.iloc[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that days come first, where they do
        guesses = [
            "ISO8601",
            *(guess_datetime_format(first, dayfirst=day) for day in (False, True)),
        ]
    for guess in guesses:
        if guess:
            read = pd.to_datetime(present, format=guess, errors="coerce", utc=True)
            if read.notna().all():
                return guess
    return None


def _counts_rows(column: "pd.Series", distinct: int) -> bool:
    """Whole numbers, each once, that are named like an identifier or are just 1, 2, 3, …"""
    if distinct < len(column) or not (column == column.round()).all():
        return False
    named = re.search(r"(^|_)(id|key|uuid|index|no|nr|number)$", str(column.name), re.IGNORECASE)
    return bool(named) or (len(column) > 20 and column.max() - column.min() == len(column) - 1)


def _same(column: "pd.Series", distinct: int, answers: Answers) -> bool:
    """Whether a column says what the target says, as it is or under other names."""
    import numpy as np
    import pandas as pd

    if answers.numbers is not None:
        few = _as_numbers(column.head(100))
        if few is not None and np.array_equal(few, answers.numbers[:100]):
            numbers = _as_numbers(column)
            if numbers is not None and np.array_equal(numbers, answers.numbers):
                return True
    if distinct != answers.kinds or distinct > _MOST_NAMES or distinct == len(column):
        return False
    pairs = pd.factorize(column)[0].astype("int64") * answers.kinds + answers.codes
    return len(np.unique(pairs)) == distinct


def _as_numbers(column: "pd.Series") -> "np.ndarray | None":
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return None
    numbers: Any = pd.to_numeric(column, errors="coerce")
    return numbers.to_numpy(dtype="float64")


def imbalance(target: "pd.Series") -> str | None:
    """A warning where some class is rare."""
    shares = target.value_counts(normalize=True)
    fair = min(_RARE, 0.5 / len(shares))
    if shares.iloc[-1] >= fair:
        return None
    return (
        f"Class {shares.index[-1]} has {shares.iloc[-1]:.1%} of the rows: accuracy says little "
        "here. Weighing the classes is tried, too."
    )


def is_skewed(target: "pd.Series") -> bool:
    """Whether a number is positive with a long tail to the right."""
    from scipy.stats import skew

    numbers = target.astype("float64").to_numpy()
    return bool(numbers.min() > 0 and skew(numbers) > 1)
