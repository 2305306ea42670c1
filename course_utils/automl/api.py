"""`classify` and `regress`: from a table to a summary."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from course_utils.automl.conduct import Wishes, conduct
from course_utils.automl.summary import AutoMLSummary

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def classify(
    dataset: Any,
    *,
    target_col: str,
    primary_metric: str = "f1",
    data_dir: str | None = None,
    experiment_dir: str | None = None,
    experiment_name: str | None = None,
    exclude_cols: Sequence[str] | None = None,
    exclude_frameworks: list[str] | None = None,
    feature_store_lookups: Sequence[Mapping[str, Any]] | None = None,
    imputers: dict[str, Any] | None = None,
    pos_label: Any = None,
    time_col: str | None = None,
    split_col: str | None = None,
    sample_weight_col: str | None = None,
    max_trials: int | None = None,
    timeout_minutes: float | None = 10,
    seed: int = 0,
    spark: "SparkSession | None" = None,
) -> AutoMLSummary:
    """Find a model that tells classes apart.

    Args:
        dataset: a Spark, pandas or pandas-on-Spark frame, the name of a table in Spark's catalog
            or the path of a Delta table.
        target_col: the column with the classes, two or more. Rows without one are left out.
        primary_metric: what trials are compared by: f1, precision, recall, accuracy, log_loss or
            roc_auc; with more than two classes the mean over classes.
        data_dir: where the data of the notebooks go; next to the notebooks if None.
        experiment_dir: where a folder for the notebooks is made; ./automl if None.
        experiment_name: of the MLflow experiment and the folder; from target and time if None.
        exclude_cols: columns that are no features.
        exclude_frameworks: some of sklearn, xgboost, lightgbm, spark. None leaves out spark
            unless the rows are too many for one worker; a list is taken as it is.
        feature_store_lookups: feature tables to join first, each as {"table_name": …,
            "lookup_key": …} and, for a time-series table, "timestamp_lookup_key". The tables are
            those of the feature store in ./feature_store.
        imputers: column to mean, median, most_frequent or
            {"strategy": "constant", "fill_value": …}.
        pos_label: the class that f1, precision, recall and roc_auc are about, if there are two;
            the last in order if None.
        time_col: split in order of this column instead of at random; it is no feature then.
        split_col: column that says train, validate or test for each row.
        sample_weight_col: column with the weight of each row in the fit.
        max_trials: number of trials at most, the baseline included.
        timeout_minutes: minutes at most; None sets no limit.
        seed: of everything random. Trials that run side by side may still come in another order.
        spark: the session; the active one if None. Without any, trials run in processes here.

    Returns:
        The trials, the best first, with their notebooks.

    Raises:
        CourseError: an argument or the data cannot be used; said before the search.
    """
    return conduct(Wishes("classification", **locals()))


def regress(
    dataset: Any,
    *,
    target_col: str,
    primary_metric: str = "r2",
    data_dir: str | None = None,
    experiment_dir: str | None = None,
    experiment_name: str | None = None,
    exclude_cols: Sequence[str] | None = None,
    exclude_frameworks: list[str] | None = None,
    feature_store_lookups: Sequence[Mapping[str, Any]] | None = None,
    imputers: dict[str, Any] | None = None,
    time_col: str | None = None,
    split_col: str | None = None,
    sample_weight_col: str | None = None,
    max_trials: int | None = None,
    timeout_minutes: float | None = 10,
    seed: int = 0,
    spark: "SparkSession | None" = None,
) -> AutoMLSummary:
    """Find a model that predicts a number.

    The arguments are those of `classify`, without `pos_label`; `primary_metric` is one of r2,
    rmse, mse and mae, in the target's unit.
    """
    return conduct(Wishes("regression", pos_label=None, **locals()))
