"""Columns that nearly give the answer away: kept, since only a person knows when they are known."""

from typing import TYPE_CHECKING

from course_utils.automl.task import Features

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_LOOKED_AT = 5000  # rows, spread over the table, that numbers are judged by
_NAMED = 100_000  # rows that names are judged by
_FEWEST = 5  # rows of all classes but the most frequent, below which nothing can be said
_ALMOST = 0.02  # of the mistakes that the most frequent class makes: so few are left
_EXACT = 0.999  # rank correlation, or share of the variance, that no honest feature reaches


def suspicions(
    frame: "pd.DataFrame", features: Features, target: "pd.Series", classes: "np.ndarray | None"
) -> list[str]:
    """A warning for each feature that tells the target nearly without a mistake.

    Args:
        frame: the rows.
        features: the columns that models would learn from.
        target: the values to predict.
        classes: the number of each row's class, from 0; None if the target is a number.
    """
    notes = []
    for name in features.names:
        column = frame[name]
        ordered = name in features.numbers or name in features.dates
        if classes is None:
            how = _tells_number(column, ordered, target)
        else:
            how = _tells_class(column, ordered, classes)
        if how:
            notes.append(
                f"Column {name}: {how} Is it known when the prediction is made? If not, put it "
                "into exclude_cols."
            )
    return notes


def _tells_number(column: "pd.Series", ordered: bool, target: "pd.Series") -> str | None:
    if ordered:
        step = -(-len(column) // _LOOKED_AT)
        ranks = _in_order(column[::step]).rank()
        if ranks.nunique() > 1 and abs(ranks.corr(target[::step].rank())) >= _EXACT:
            return "orders the rows almost exactly as the target does."
    if _explained_by_names(column.head(_NAMED), target.head(_NAMED)) >= _EXACT:
        return "each of its values stands for one value of the target, almost exactly."
    return None


def _tells_class(column: "pd.Series", ordered: bool, classes: "np.ndarray") -> str | None:
    import pandas as pd

    if ordered:
        step = -(-len(column) // _LOOKED_AT)
        some = classes[::step]
        if _cuts(_in_order(column[::step]), some) <= _few_mistakes(some):
            return "separates the classes almost without a mistake."
    column, classes = column.head(_NAMED), classes[:_NAMED]
    names = pd.factorize(column, use_na_sentinel=False)[0]
    repeat = names.max() < len(names) / 2
    if repeat and _mistakes_by_names(names, classes) <= _few_mistakes(classes):
        return "each of its values stands for one class, almost without a mistake."
    missing = column.isna().to_numpy()
    if missing.any() and _mistakes_by_names(missing.astype(int), classes) <= _few_mistakes(classes):
        return "whether it has a value tells the class, almost without a mistake."
    return None


def _few_mistakes(classes: "np.ndarray") -> float:
    import numpy as np

    others = len(classes) - np.bincount(classes).max()
    return float(_ALMOST * others) if others >= _FEWEST else -1.0


def _in_order(column: "pd.Series") -> "pd.Series":
    """Numbers in the order of the values."""
    import pandas as pd

    if column.dtype == object:
        numbers = pd.to_numeric(column, errors="coerce")
        if numbers.notna().any():
            return numbers.astype("float64")
        column = pd.to_datetime(column, errors="coerce", utc=True, format="mixed")
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return column.astype("int64").astype("float64").where(column.notna())
    return column.astype("float64")


def _cuts(numbers: "pd.Series", classes: "np.ndarray") -> float:
    """How often a class does not follow from the place in the order.

    Rows of one value count with its most frequent class. Along the order, each change of class
    beyond those between one stretch per class is half a mistake: one row out of place makes two.
    """
    import numpy as np
    import pandas as pd

    known = numbers.notna().to_numpy()
    if not known.any():
        return float("inf")
    places = pd.factorize(numbers[known].to_numpy(), sort=True)[0]
    counts = _table(places, classes[known])
    mixed = len(places) - counts.max(axis=1).sum()
    changes = int((np.diff(counts.argmax(axis=1)) != 0).sum())
    # Rows without a value say nothing: each may be a mistake
    return float(mixed + max(0, changes - classes.max()) / 2 + (~known).sum())


def _mistakes_by_names(names: "np.ndarray", classes: "np.ndarray") -> int:
    """How often a row's class is not the most frequent one among the other rows of its name."""
    import numpy as np

    counts = np.sort(_table(names, classes), axis=1)
    most, second = counts[:, -1], counts[:, -2] if counts.shape[1] > 1 else 0
    return int(len(names) - most[most - 1 > second].sum())


def _table(names: "np.ndarray", classes: "np.ndarray") -> "np.ndarray":
    """How many rows have a name and a class: names in rows, classes in columns."""
    import numpy as np

    width = int(classes.max()) + 1
    cells = np.bincount(names * width + classes, minlength=(int(names.max()) + 1) * width)
    return cells.reshape(-1, width)


def _explained_by_names(column: "pd.Series", target: "pd.Series") -> float:
    """The share of the target's variance that the mean of the other rows of a name explains."""
    if column.nunique() > len(column) / 2:
        return 0.0
    groups = target.astype("float64").groupby(column.to_numpy(), dropna=False)
    size, mean = groups.transform("size"), groups.transform("mean")
    often = size > 1
    known = target[often].astype("float64")
    left = (known - mean[often]) * size[often] / (size[often] - 1)
    around = ((known - known.mean()) ** 2).sum()
    return float(1 - (left**2).sum() / around) if around > 0 else 0.0
