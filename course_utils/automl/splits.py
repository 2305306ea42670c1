"""Training, validation and test rows: drawn once, then kept with the data."""

from typing import TYPE_CHECKING

from course_utils.automl.task import FOLD, PARTS, SPLIT
from course_utils.errors import CourseError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_SHARES = (0.6, 0.2, 0.2)
FOLDS = 5
SMALL = 5000  # rows up to which one validation split is too noisy to choose by


def split(
    frame: "pd.DataFrame",
    target: str,
    classes: bool,
    time_col: str | None,
    split_col: str | None,
    seed: int,
    folded: bool = True,
) -> tuple["pd.DataFrame", int]:
    """Add the columns `SPLIT` and `FOLD`.

    60 % of the rows train, 20 % validate, 20 % test: stratified by class, in order of `time_col`,
    or as `split_col` says. Few rows that are drawn at random are compared in 5 folds of training
    and validation rows together, unless `folded` is false.

    Returns:
        The frame, and the number of folds (0: trials are compared on the validation rows).

    Raises:
        CourseError: `split_col` holds other values than train, validate, test; a part is empty
            or lacks a class.
    """
    import numpy as np

    frame = frame.copy()
    folds = 0
    frame[FOLD] = -1
    if split_col:
        frame[SPLIT] = _manual(frame[split_col], split_col)
    elif time_col:
        order = np.argsort(frame[time_col].to_numpy(), kind="stable")
        parts = np.empty(len(frame), dtype=object)
        parts[order] = _cut(len(frame))
        frame[SPLIT] = parts
    else:
        numbers = np.random.default_rng(seed)
        groups = frame[target] if classes else None
        frame[SPLIT] = _dealt(len(frame), groups, numbers)
        known = (frame[SPLIT] != "test").to_numpy()
        fewest = int(frame.loc[known, target].value_counts().min()) if classes else FOLDS
        small = len(frame) <= SMALL and known.sum() >= 2 * FOLDS and fewest >= FOLDS
        if folded and small:
            folds = FOLDS
            frame.loc[known, FOLD] = _folds(frame.loc[known, target], classes, numbers)
    _check(frame, target, classes)
    return frame, folds


def _manual(column: "pd.Series", name: str) -> "pd.Series":
    values = column.astype(object).map(lambda value: str(value).strip().lower())
    values = values.replace({"validation": "validate"})
    other = sorted(set(values) - set(PARTS))
    if other:
        raise CourseError(
            f"split_col {name} holds {other[0]!r}: its values must be train, validate and test."
        )
    return values


def _cut(rows: int) -> "np.ndarray":
    """So many parts in order: the first 60 %, the next 20 %, the rest."""
    import numpy as np

    first, second = round(rows * _SHARES[0]), round(rows * (_SHARES[0] + _SHARES[1]))
    return np.repeat(np.array(PARTS, dtype=object), [first, second - first, rows - second])


def _dealt(rows: int, groups: "pd.Series | None", numbers: "np.random.Generator") -> "np.ndarray":
    """Parts at random, in the same shares within each group."""
    import numpy as np

    if groups is None:
        return numbers.permutation(_cut(rows))
    # The rows, shuffled within their group and the groups one after the other, are dealt out in
    # rounds of five: three to training, one to validation, one to test. No group is off by a row.
    order = numbers.permutation(rows)
    order = order[np.argsort(groups.astype(str).to_numpy()[order], kind="stable")]
    parts = np.empty(rows, dtype=object)
    turn = np.array(["train", "test", "train", "validate", "train"], dtype=object)
    parts[order] = turn[np.arange(rows) % len(turn)]
    return parts


def _folds(target: "pd.Series", classes: bool, numbers: "np.random.Generator") -> "np.ndarray":
    import numpy as np

    order = numbers.permutation(len(target))
    if classes:
        order = order[np.argsort(target.astype(str).to_numpy()[order], kind="stable")]
    folds = np.empty(len(target), dtype=int)
    folds[order] = np.arange(len(target)) % FOLDS
    return folds


def _check(frame: "pd.DataFrame", target: str, classes: bool) -> None:
    kinds = set(frame[target]) if classes else set()
    for part in PARTS:
        rows = frame.loc[frame[SPLIT] == part, target]
        if len(rows) < 2:
            raise CourseError(
                f"{len(rows)} rows are left for {part}, too few: give more rows"
                " or another split_col."
            )
        missing = sorted(map(str, kinds - set(rows)))
        if missing:
            raise CourseError(
                f"Class {missing[0]} of {target} has no row in {part}: give more rows of it, "
                "leave it out, or split differently."
            )
