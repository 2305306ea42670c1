"""What a caller can get wrong, said in one line before any work."""

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from course_utils.automl.families import FRAMEWORKS
from course_utils.automl.task import FOLD, SPLIT, Features
from course_utils.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd

_STRATEGIES = ("mean", "median", "most_frequent")
_MOST_CLASSES = 100


def check_budget(timeout_minutes: float | None, max_trials: int | None) -> None:
    """A budget must be there and allow for something.

    Raises:
        CourseError: it is not.
    """
    if timeout_minutes is None and max_trials is None:
        raise CourseError(
            "The search would never end: give timeout_minutes, max_trials or both a value."
        )
    if timeout_minutes is not None and not timeout_minutes > 0:
        raise CourseError(f"timeout_minutes is {timeout_minutes}: it must be above 0.")
    if max_trials is not None and max_trials < 2:
        raise CourseError(
            f"max_trials is {max_trials}: it must be 2 or more, the baseline and a model."
        )


def check_names(
    columns: list[str],
    target: str,
    exclude_cols: list[str],
    others: dict[str, str | None],
    exclude_frameworks: list[str] | None,
) -> None:
    """All columns that are named must exist, and have one role.

    Args:
        columns: those of the data.
        target: the column to predict.
        exclude_cols: those to leave out.
        others: role, such as "time_col", to column.
        exclude_frameworks: those to leave out.

    Raises:
        CourseError: one does not exist, or the target has a second role.
    """
    roles = {"target_col": target, **others}
    named = [(role, name) for role, name in roles.items() if name is not None]
    named += [("exclude_cols", name) for name in exclude_cols]
    for role, name in named:
        if name not in columns:
            raise CourseError(
                f"{role} names {name!r}, which is no column of {_shown(columns, name)}"
            )
        if name == target and role != "target_col":
            raise CourseError(f"{role} names {name!r}, which is the target: name another column.")
    for name in exclude_frameworks or []:
        if name not in FRAMEWORKS:
            raise CourseError(
                f"Unknown framework {name!r} in exclude_frameworks: "
                f"it takes some of {', '.join(FRAMEWORKS)}."
            )


def _shown(columns: list[str], wanted: str) -> str:
    """The columns in quotes, since a blank at the end makes another name, and the nearest one."""
    some = ", ".join(map(repr, columns[:12])) + (", …" if len(columns) > 12 else "")
    by_letters = {column.strip().lower(): column for column in columns}
    near = get_close_matches(wanted.strip().lower(), by_letters, n=1)
    hint = f" Did you mean {by_letters[near[0]]!r}?" if near else ""
    return f"the data: {some}.{hint}"


def check_target(target: "pd.Series", kind: str) -> None:
    """The target must have values of the right kind.

    Raises:
        CourseError: it is all null, has one class or value, too many classes, classes that are
            dates or fractions, or is no number.
    """
    import pandas as pd

    present = target.dropna()
    if present.empty:
        raise CourseError(f"The target {target.name} is null in every row: give rows with answers.")
    if present.nunique() == 1:
        raise CourseError(
            f"The target {target.name} has one value only, {present.iloc[0]!r}: "
            "there is nothing to tell apart."
        )
    number = pd.api.types.is_numeric_dtype(present.dtype)
    if kind == "regression" and (not number or pd.api.types.is_bool_dtype(present.dtype)):
        raise CourseError(f"The target {target.name} holds no numbers: cast it, or use classify().")
    if kind == "classification" and present.nunique() > _MOST_CLASSES:
        raise CourseError(
            f"The target {target.name} has {present.nunique():,} different values, more than "
            f"{_MOST_CLASSES} classes: use regress(), or put values into groups."
        )
    if kind == "classification":
        _check_classes(present)


def _check_classes(present: "pd.Series") -> None:
    import pandas as pd

    types = pd.api.types
    if types.is_datetime64_any_dtype(present.dtype):
        raise CourseError(
            f"The target {present.name} holds dates, which are no classes: turn them into text."
        )
    if types.is_float_dtype(present.dtype) and (present % 1 != 0).any():
        broken = present[present % 1 != 0].iloc[0]
        raise CourseError(
            f"The target {present.name} holds {broken!r}, and numbers with fractions are no "
            "classes: use regress(), or turn them into text, as in "
            f"frame[{present.name!r}].astype(str)."
        )


def find_positive(classes: tuple[Any, ...], pos_label: Any) -> Any:
    """The positive label of two classes: the one given, else the last in order.

    Raises:
        CourseError: it is not among the classes, or there are more than two.
    """
    if len(classes) != 2:
        if pos_label is not None:
            raise CourseError(
                f"pos_label is for two classes and the target has {len(classes)}: leave it out."
            )
        return None
    if pos_label is None:
        return classes[-1]
    if pos_label not in classes:
        raise CourseError(
            f"pos_label is {pos_label!r}, but the target holds {classes[0]!r} and {classes[1]!r}."
        )
    return classes[classes.index(pos_label)]


def check_weights(weights: "pd.Series") -> None:
    """Weights must be numbers, none missing or negative.

    Raises:
        CourseError: they are not.
    """
    import pandas as pd

    name = weights.name
    if not pd.api.types.is_numeric_dtype(weights.dtype):
        raise CourseError(f"sample_weight_col {name} holds no numbers: cast it.")
    if weights.isna().any() or (weights < 0).any() or not weights.sum() > 0:
        raise CourseError(
            f"sample_weight_col {name} has missing or negative values, or infinite ones, or zeros "
            "only: give each row a weight of 0 or more."
        )


def check_learnable(
    frame: "pd.DataFrame", target: str, weight: str, classes: bool, folds: int
) -> None:
    """Each fit must have rows that count, of each class.

    Args:
        frame: the rows, with `SPLIT` and `FOLD`.
        target: the column to predict.
        weight: the column with the weights.
        classes: whether the target is a class.
        folds: number of folds that trials are compared in; 0 means the validation rows.

    Raises:
        CourseError: all rows of a fit, or all of a class, have the weight 0.
    """
    train = frame[SPLIT] == "train"
    known = frame[SPLIT] != "test"
    fits = [known & (frame[FOLD] != fold) for fold in range(folds)] or [train]
    wanted = set(map(str, frame[target])) if classes else set()
    for rows in fits:
        counted = frame.loc[rows & (frame[weight] > 0), target]
        lost = sorted(wanted - set(map(str, counted)))
        if lost or counted.empty:
            which = f" of class {lost[0]}" if lost else ""
            raise CourseError(
                f"sample_weight_col {weight} is 0 in all rows{which} that models learn from: give "
                "some of them a weight, or leave such rows out."
            )


def check_time(times: "pd.Series") -> None:
    """Times must have an order and none may be missing.

    Raises:
        CourseError: they have not.
    """
    import pandas as pd

    types = pd.api.types
    if not (types.is_datetime64_any_dtype(times.dtype) or types.is_numeric_dtype(times.dtype)):
        raise CourseError(
            f"time_col {times.name} holds neither times nor numbers: cast it to a timestamp."
        )
    if times.isna().any():
        raise CourseError(f"time_col {times.name} has missing values: fill them or drop the rows.")


def check_imputers(imputers: dict[str, Any] | None, features: Features) -> None:
    """Imputers must name features and known strategies that suit them.

    Raises:
        CourseError: one does not.
    """
    for name, how in (imputers or {}).items():
        if name in features.dates or name not in features.names:
            raise CourseError(
                f"imputers names {name!r}, which is no feature with numbers or categories "
                "(or was left out): remove it from imputers."
            )
        if isinstance(how, dict):
            if how.get("strategy") != "constant" or "fill_value" not in how:
                raise CourseError(
                    f"The imputer of {name!r} is {how!r}: as a dict it must be "
                    '{"strategy": "constant", "fill_value": …}.'
                )
        elif how not in _STRATEGIES:
            raise CourseError(
                f"The imputer of {name!r} is {how!r}: it must be {', '.join(_STRATEGIES)}, or "
                '{"strategy": "constant", "fill_value": …}.'
            )
        elif how != "most_frequent" and name not in features.numbers:
            raise CourseError(
                f"The imputer of {name!r} is {how!r}, but it holds no numbers: use most_frequent "
                "or a constant."
            )
