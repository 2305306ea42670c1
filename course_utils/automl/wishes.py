"""What a caller asks for, as `classify` and `regress` take it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from course_utils.automl import checks
from course_utils.automl.metrics import Metric, find_metric

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass
class Wishes:
    """The arguments of a search; see `classify`. Names of columns are text, whatever was given.

    Raises:
        CourseError: the budget or the metric cannot be.
    """

    kind: str
    dataset: Any
    target_col: str
    primary_metric: str
    data_dir: str | None
    experiment_dir: str | None
    experiment_name: str | None
    exclude_cols: Sequence[str] | None
    exclude_frameworks: list[str] | None
    feature_store_lookups: Sequence[Mapping[str, Any]] | None
    imputers: dict[str, Any] | None
    pos_label: Any
    time_col: str | None
    split_col: str | None
    sample_weight_col: str | None
    max_trials: int | None
    timeout_minutes: float | None
    seed: int
    spark: "SparkSession | None"

    def __post_init__(self) -> None:
        checks.check_budget(self.timeout_minutes, self.max_trials)
        self.metric: Metric = find_metric(self.primary_metric, self.kind)
        self.target_col = str(self.target_col)
        left_out = self.exclude_cols
        left_out = [left_out] if isinstance(left_out, str | int) else left_out
        self.exclude_cols = [str(name) for name in left_out or ()]
        for role in ("time_col", "split_col", "sample_weight_col"):
            name = getattr(self, role)
            setattr(self, role, None if name is None else str(name))
        self.imputers = {str(name): how for name, how in (self.imputers or {}).items()}

    @property
    def classes(self) -> bool:
        """Whether classes are asked for and not a number."""
        return self.kind == "classification"

    @property
    def seconds(self) -> float:
        """Seconds that the search may take."""
        return 60 * self.timeout_minutes if self.timeout_minutes else float("inf")

    @property
    def aside(self) -> dict[str, str | None]:
        """The columns with a role of their own, by argument."""
        return {
            "time_col": self.time_col,
            "split_col": self.split_col,
            "sample_weight_col": self.sample_weight_col,
        }
