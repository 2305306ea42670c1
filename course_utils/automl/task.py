"""What is to be learned, and from what: settled before the search, the same for all trials."""

from dataclasses import dataclass
from typing import Any

from course_utils.automl.metrics import Metric

SPLIT = "_automl_split"  # "train", "validate" or "test"
FOLD = "_automl_fold"  # the fold of a training or validation row; -1 without cross-validation
PARTS = ("train", "validate", "test")


@dataclass(frozen=True)
class Features:
    """The columns that models learn from, by what they mean.

    Attributes:
        numbers: numbers and truth values, also those written as text.
        dates: points in time; year, month, day, weekday and hour are made from them.
        categories: names of few kinds.
        many: names of many kinds.
        formats: of dates written as text, the column and how its dates are written.
        zoned: dates that came with a zone; they are kept in UTC.
    """

    numbers: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    many: tuple[str, ...] = ()
    formats: tuple[tuple[str, str], ...] = ()
    zoned: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """All of them, as the models take them."""
        return [*self.numbers, *self.dates, *self.categories, *self.many]

    def about(self) -> list[str]:
        """What is done with each kind, in words."""
        kinds = {
            "numbers: gaps filled where the model needs it": self.numbers,
            "dates: year, month, day, weekday, hour": self.dates,
            "names of few kinds: a column each": self.categories,
            "names of many kinds: encoded by the target or hashed": self.many,
        }
        return [f"{what} ({', '.join(names)})" for what, names in kinds.items() if names]


@dataclass(frozen=True)
class Task:
    """One problem.

    Attributes:
        kind: "regression" or "classification".
        target: name of the column to predict.
        metric: what trials are compared by.
        features: what they learn from.
        classes: the labels in order; empty for regression.
        positive: the label that f1, precision, recall and roc_auc are about; None unless binary.
        imputers: column to "mean", "median", "most_frequent" or
            {"strategy": "constant", "fill_value": value}.
        weight: column with the weights of the rows, if any.
        folds: number of folds that trials are compared on; 0 means the validation rows.
        imbalanced: some class is rare, so weighing the classes is tried.
        skewed: the target is positive with a long tail, so learning its logarithm is tried.
        hurried: the time is short for so much data, so each family begins with a small model.
        seed: of everything random.
    """

    kind: str
    target: str
    metric: Metric
    features: Features
    classes: tuple[Any, ...] = ()
    positive: Any = None
    imputers: dict[str, Any] | None = None
    weight: str | None = None
    folds: int = 0
    imbalanced: bool = False
    skewed: bool = False
    hurried: bool = False
    seed: int = 0
