"""The metrics that can be asked for, each as the expression that a notebook shows and runs.

The expressions use `truth`, `predicted` and, for classes, `probability` (rows × classes), `CLASSES`
and `POSITIVE`, which the cells of `cells.py` define.
"""

from dataclasses import dataclass

from course_utils.errors import CourseError

REGRESSION = {
    "r2": "r2_score(truth, predicted)",
    "rmse": "root_mean_squared_error(truth, predicted)",
    "mse": "mean_squared_error(truth, predicted)",
    "mae": "mean_absolute_error(truth, predicted)",
}
BINARY = {
    "f1": "f1_score(truth, predicted, pos_label=POSITIVE, zero_division=0)",
    "precision": "precision_score(truth, predicted, pos_label=POSITIVE, zero_division=0)",
    "recall": "recall_score(truth, predicted, pos_label=POSITIVE, zero_division=0)",
    "accuracy": "accuracy_score(truth, predicted)",
    "log_loss": "log_loss(truth, probability, labels=CLASSES)",
    "roc_auc": "roc_auc_score(truth == POSITIVE, probability[:, CLASSES.index(POSITIVE)])",
}
MULTICLASS = {
    "f1": 'f1_score(truth, predicted, average="macro", zero_division=0)',
    "precision": 'precision_score(truth, predicted, average="macro", zero_division=0)',
    "recall": 'recall_score(truth, predicted, average="macro", zero_division=0)',
    "accuracy": "accuracy_score(truth, predicted)",
    "log_loss": "log_loss(truth, probability, labels=CLASSES)",
    "roc_auc": 'roc_auc_score(truth, probability, multi_class="ovr", labels=CLASSES)',
}
# As the platform's notebooks log them: older ones by the second name, where there are two
_PLATFORM = {
    "f1": ("f1_score",),
    "precision": ("precision_score",),
    "recall": ("recall_score",),
    "accuracy": ("accuracy_score",),
    "log_loss": ("log_loss",),
    "roc_auc": ("roc_auc", "roc_auc_score"),
    "r2": ("r2_score",),
    "rmse": ("root_mean_squared_error", "rmse"),
    "mse": ("mean_squared_error", "mse"),
    "mae": ("mean_absolute_error", "mae"),
}
_SMALLER_IS_BETTER = {"rmse", "mse", "mae", "log_loss"}


@dataclass(frozen=True)
class Metric:
    """A metric: its name and whether more of it is better."""

    name: str

    @property
    def larger_is_better(self) -> bool:
        """False for errors and losses."""
        return self.name not in _SMALLER_IS_BETTER

    def key(self, value: float) -> float:
        """A number to sort by, the best first."""
        return -value if self.larger_is_better else value


def find_metric(name: str, kind: str) -> Metric:
    """The metric of that name.

    Args:
        name: as in `primary_metric`.
        kind: "regression" or "classification".

    Raises:
        CourseError: there is no such metric for this kind of problem.
    """
    known = REGRESSION if kind == "regression" else BINARY
    if name not in known:
        raise CourseError(
            f"Unknown metric {name!r} for {kind}: primary_metric must be one of {', '.join(known)}."
        )
    return Metric(name)


def expressions(classes: int) -> dict[str, str]:
    """The expressions for a problem with so many classes; 0 stands for regression."""
    if classes == 0:
        return REGRESSION
    return BINARY if classes == 2 else MULTICLASS


def names(metric: str, part: str) -> list[str]:
    """What a run calls a metric of a part, "validation" or "test": our name, and the platform's."""
    short = "val" if part == "validation" else part
    return [f"{part}_{metric}", *(f"{short}_{theirs}" for theirs in _PLATFORM[metric])]


def logged(measured: dict[str, float], part: str) -> dict[str, float]:
    """Metrics, by `primary_metric`'s name, under all the names that a run has them."""
    return {name: value for metric, value in measured.items() for name in names(metric, part)}
