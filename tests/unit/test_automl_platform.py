"""AutoML by calls as the platform's documentation has them: only the import differs.

Features are whole numbers, rows and labels come shuffled.
"""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import mlflow
import numpy as np
import pandas as pd
import pytest

from course_utils import automl
from course_utils.features import FeatureEngineeringClient
from tests.unit.mlflow_stores import mlflow_at, sqlite_in

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.slow]


@pytest.fixture(scope="module")
def searched(
    spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SimpleNamespace]:
    """A search for classes in a table of Spark's catalog, with features that are looked up."""
    folder = tmp_path_factory.mktemp("automl")
    table = "default.platform_labels"
    with mlflow_at(sqlite_in(folder)), pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        people = pd.DataFrame({"customer_id": range(60)}, dtype="int32")
        people["visits"] = people.customer_id * 7 % 11
        draw = np.random.default_rng(0)
        rows = people.sample(300, replace=True, random_state=1, ignore_index=True)
        rows["age"] = draw.integers(18, 80, 300).astype("int32")
        rows["left"] = ((rows.visits > 5) ^ (draw.random(300) < 0.1)).astype("int32")
        labels = rows.drop(columns="visits").assign(ts=pd.Timestamp("2024-01-10"))
        people["week"] = pd.Timestamp("2024-01-08")
        FeatureEngineeringClient().create_table(
            name="shop.people",
            primary_keys=["customer_id", "week"],
            timeseries_columns="week",
            df=spark.createDataFrame(people),
        )
        spark.createDataFrame(labels).write.format("delta").saveAsTable(table)
        summary = automl.classify(
            dataset=table,
            target_col="left",
            primary_metric="f1",
            pos_label=1,
            exclude_cols=["ts"],
            exclude_frameworks=["lightgbm", "xgboost"],
            feature_store_lookups=[
                {
                    "table_name": "shop.people",
                    "lookup_key": ["customer_id"],
                    "timestamp_lookup_key": ["ts"],
                }
            ],
            timeout_minutes=5,
            max_trials=3,
        )
        yield SimpleNamespace(spark=spark, summary=summary, rows=rows)
        spark.sql(f"DROP TABLE {table}")


def test_features_that_are_looked_up_decide(searched: SimpleNamespace) -> None:
    best = searched.summary.best_trial
    assert best.evaluation_metric_score > 0.8  # only the visits tell who leaves
    assert best.model_description


def test_metrics_have_the_platforms_names(searched: SimpleNamespace) -> None:
    summary = searched.summary
    best = summary.best_trial
    assert best.metrics["val_f1_score"] == best.evaluation_metric_score
    assert {"val_roc_auc", "val_log_loss", "val_accuracy_score", "test_f1_score"} <= {*best.metrics}
    runs = mlflow.search_runs(
        experiment_ids=[summary.experiment.experiment_id],
        filter_string="metrics.val_f1_score > 0",
        order_by=["metrics.val_f1_score DESC"],
    )
    first = runs.loc[runs["run_id"] == best.mlflow_run_id].iloc[0]  # two trials may be as good
    assert first["metrics.val_f1_score"] == runs.loc[0, "metrics.val_f1_score"]


def test_the_best_model_is_loaded_in_three_ways(searched: SimpleNamespace) -> None:
    from pyspark.sql import functions as sf

    best = searched.summary.best_trial
    rows = searched.rows[["customer_id", "age", "visits"]].sample(frac=1, random_state=2)
    expected = list(best.load_model().predict(rows))
    by_run = mlflow.pyfunc.load_model(f"runs:/{best.mlflow_run_id}/model")
    assert list(by_run.predict(rows)) == expected
    score = mlflow.pyfunc.spark_udf(
        searched.spark, model_uri=best.model_path, result_type="long", env_manager="local"
    )
    frame = searched.spark.createDataFrame(rows.assign(expected=[int(one) for one in expected]))
    scored = frame.withColumn("prediction", score(sf.struct(*map(sf.col, rows.columns))))
    assert scored.where("prediction = expected").count() == len(rows)


def test_a_notebook_is_imported(searched: SimpleNamespace, tmp_path: Path) -> None:
    best = searched.summary.best_trial
    result = automl.import_notebook(best.artifact_uri, str(tmp_path / "mine"))
    assert Path(result.path).exists()
    assert result.url.startswith("file://")
    again = automl.import_notebook(best.artifact_uri, str(tmp_path / "mine"), overwrite=True)
    assert again.path == result.path


def test_a_frame_and_a_number_to_predict(searched: SimpleNamespace) -> None:
    frame = searched.spark.createDataFrame(searched.rows.drop(columns="left"))
    summary = automl.regress(
        dataset=frame.orderBy("age").limit(250),
        target_col="visits",
        primary_metric="rmse",
        exclude_frameworks=["lightgbm", "xgboost"],
        imputers={"age": "median"},
        timeout_minutes=5,
        max_trials=2,
    )
    best = summary.best_trial
    assert best.metrics["val_root_mean_squared_error"] == best.evaluation_metric_score
    assert best.metrics["val_rmse"] == best.evaluation_metric_score
    assert "2 trials" in summary.metric_distribution
