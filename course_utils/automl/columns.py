"""What each column means, what is left out, and what to know before trusting a result."""

import re
import warnings
from typing import TYPE_CHECKING

from course_utils.automl.task import Features
from course_utils.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd

NOT_A_VALUE = "[not a single value]"  # what intake writes for arrays, maps and the like
_FEW = 25  # kinds of a category that get a column each
_MOST = 0.5  # distinct values as a part of the rows, from which on text names nothing that repeats
_LOOKED_AT = 2000  # rows that decide on a meaning
_RARE = 0.1  # share of a class below which the classes are called imbalanced


def understand(frame: "pd.DataFrame", target: str, aside: set[str]) -> tuple[Features, list[str]]:
    """Sort the columns by meaning.

    Args:
        frame: the rows.
        target: the column to predict.
        aside: columns that are no features: excluded ones, the split, the weight, the time.

    Returns:
        The features, and warnings in plain sentences.

    Raises:
        CourseError: no column is left to learn from.
    """
    found: dict[str, list[str]] = {"numbers": [], "dates": [], "categories": [], "many": []}
    notes: list[str] = []
    for name in frame.columns:
        if name == target or name in aside:
            continue
        kind, why = _meaning(frame[name], frame[target])
        if kind:
            found[kind].append(name)
        if why:
            notes.append(f"Column {name}: {why}")
    features = Features(
        *(tuple(found[kind]) for kind in ("numbers", "dates", "categories", "many"))
    )
    if not features.names:
        raise CourseError(
            "No usable feature: every column is excluded, constant, an identifier, free text, or "
            f"the target. {' '.join(notes)} Add a column that says something about {target}."
        )
    notes.extend(_leaks(frame, target, features))
    return features, notes


def _meaning(column: "pd.Series", target: "pd.Series") -> tuple[str | None, str | None]:
    """The kind of a column, or None, and what there is to say about it."""
    import pandas as pd

    present = column.dropna()
    distinct = present.nunique()
    if distinct == 0:
        return None, "left out, it has no value at all."
    if distinct == 1 and len(present) == len(column):
        return None, "left out, it is constant."
    if _same(column, target):
        return None, "left out, it equals the target; predicting from it would be a leak."
    gaps = f"{1 - len(present) / len(column):.0%} of its values are missing."
    gap = gaps if len(present) < 0.5 * len(column) else None
    types = pd.api.types
    if types.is_bool_dtype(column.dtype) or set(map(type, present)) == {bool}:
        return "numbers", gap
    if types.is_datetime64_any_dtype(column.dtype):
        return "dates", gap
    if types.is_numeric_dtype(column.dtype):
        if _counts_rows(column, distinct):
            return None, "left out, it looks like an identifier: whole numbers, all different."
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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas says that it guesses the format; so it does
        when = pd.to_datetime(few, errors="coerce")
    if when.notna().all() and few.str.contains(r"\d[-/.: ]\d", regex=True).all():
        return "dates", gap or "dates written as text, taken as dates."
    words = few.str.count(r"\s+").median() + 1
    if words > 5:
        return None, "left out, it is free text."
    if distinct > max(_FEW, _MOST * len(present)):
        return None, "left out, nearly every value is different: an identifier or a name."
    if distinct > _FEW:
        return "many", gap or f"{distinct:,} different values, encoded by the target's mean."
    return "categories", gap


def _counts_rows(column: "pd.Series", distinct: int) -> bool:
    """Whole numbers, each once, that are named like an identifier or are just 1, 2, 3, …"""
    if distinct < len(column) or not (column == column.round()).all():
        return False
    named = re.search(r"(^|_)(id|key|uuid|index|no|nr|number)$", str(column.name), re.IGNORECASE)
    return bool(named) or (len(column) > 20 and column.max() - column.min() == len(column) - 1)


def _same(column: "pd.Series", target: "pd.Series") -> bool:
    """Whether a column says what the target says, as it is or under other names."""
    if column.isna().any() or target.isna().any():
        known = target.notna()
        column, target = column[known], target[known]
        if column.isna().any():
            return False
    try:
        if (column.astype(float) == target.astype(float)).all():
            return True
    except (TypeError, ValueError):
        pass
    if (column.astype(str) == target.astype(str)).all():
        return True
    kinds = target.nunique()
    if kinds > 50 or kinds == len(target) or column.nunique() != kinds:
        return False
    return int(target.groupby(column).nunique().max()) == 1


def _leaks(frame: "pd.DataFrame", target: str, features: Features) -> list[str]:
    """Columns that nearly give the answer away."""
    import pandas as pd

    codes = frame[target]
    if not pd.api.types.is_numeric_dtype(codes.dtype):
        if codes.nunique() != 2:
            return []
        codes = pd.Series(pd.factorize(codes)[0], index=codes.index)
    notes = []
    for name in features.numbers:
        ranks = pd.to_numeric(frame[name], errors="coerce").rank()
        strength = abs(ranks.corr(codes.rank())) if ranks.nunique() > 1 else 0.0
        limit = 0.999 if codes.nunique() > 2 else _highest_for_two(codes)
        if strength >= limit:
            notes.append(
                f"Column {name}: orders the rows almost exactly as the target does. Is it known "
                "when the prediction is made? If not, put it into exclude_cols."
            )
    return notes


def _highest_for_two(codes: "pd.Series") -> float:
    """Nearly the rank correlation of a column that separates two classes without a mistake."""
    share = float((codes == codes.max()).mean())
    return 0.999 * (3 * share * (1 - share)) ** 0.5


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
