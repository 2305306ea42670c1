"""AutoML on Spark: tables of every kind, trials on executors, and models of Spark ML."""

import inspect
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mlflow
import nbformat
import numpy as np
import pytest

from course_utils import automl
from course_utils.automl import families, intake, large, shap_cells, spark_cells, worker
from course_utils.automl.families import Family
from course_utils.automl.lookups import joined
from course_utils.automl.metrics import find_metric
from course_utils.automl.runners import STOPPED, FromHere, SparkJobs
from course_utils.automl.task import SPLIT, Features, Task
from course_utils.automl.wishes import Wishes
from course_utils.errors import CourseError
from course_utils.features import FeatureEngineeringClient
from tests.unit.automl_helpers import (
    assert_explains,
    assert_moves_alike,
    explained,
    mlflow_store,
    people,
)

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["mlflow_store"]
pytestmark = pytest.mark.spark


def _job(code: str) -> dict[str, Any]:
    return {
        "cells": {"code": code},
        "steps": ("code",),
        "part": "validation",
        "metric": "r2",
        "expression": "0.0",
        "larger": True,
        "beat": float("inf"),
        "keep": False,
        "names": {},
    }


def test_takes_every_kind_of_table(spark: "SparkSession", tmp_path: Path) -> None:
    frame = people(30)[["age", "city", "paid"]]
    table = spark.createDataFrame(frame)
    table.write.format("delta").save(str(tmp_path / "table"))
    expected = intake.take(frame, None, 0).frame.sort_values("paid", ignore_index=True)
    for data in (table, table.pandas_api(), str(tmp_path / "table")):
        taken = intake.take(data, None, 0)
        assert taken.rows == 30
        assert taken.whole is None
        assert taken.frame.sort_values("paid", ignore_index=True).equals(expected)


def test_says_that_there_is_no_such_table(spark: "SparkSession", tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="No Delta table") as caught:
        automl.regress(str(tmp_path / "none"), target_col="paid", spark=spark)
    assert "\n" not in str(caught.value)


def test_an_executor_keeps_its_python_for_the_next_trial(spark: "SparkSession") -> None:
    runner = SparkJobs(spark, people(10))
    try:
        code = "import os\nvalidation_metrics = {'r2': os.getpid(), 'rows': len(data)}"
        answers = [runner.run(_job(code), 0) for _ in range(3)]
        assert {answer["metrics"]["rows"] for answer in answers} == {10}
        assert len({answer["metrics"]["r2"] for answer in answers}) <= runner.slots
    finally:
        runner.close()


def test_stops_a_job_on_an_executor(spark: "SparkSession") -> None:
    import threading

    runner = SparkJobs(spark, people(10))
    try:
        threading.Timer(3, runner.stop).start()
        answer = runner.run(_job("import time\ntime.sleep(3600)"), 0)
        assert answer == STOPPED
        assert "error" not in runner.run(_job("validation_metrics = {'r2': 0.5}"), 0)
    finally:
        runner.close()


def test_stops_a_fit_of_spark_ml(spark: "SparkSession") -> None:
    import threading

    code = (
        "from pyspark.sql import functions as F\nimport time\n"
        "slow = F.udf(lambda x: time.sleep(3600) or x, 'long', useArrow=False)\n"
        "spark.range(2).select(slow('id')).collect()"
    )
    runner = FromHere(spark)
    threading.Timer(3, runner.stop).start()
    assert runner.run(_job(code) | {"names": {"spark": spark}}, 0) == STOPPED


def test_takes_a_table_of_the_catalog_by_name(spark: "SparkSession") -> None:
    spark.createDataFrame(people(30)[["age", "paid"]]).createOrReplaceTempView("automl_people")
    assert intake.take("automl_people", None, 0).rows == 30
    with pytest.raises(CourseError, match="no table of the catalog is called so"):
        intake.take("automl_nobody", None, 0)


def test_joins_the_features_that_are_looked_up(
    spark: "SparkSession", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    frame = people(30)
    client = FeatureEngineeringClient(spark)
    incomes = spark.createDataFrame(frame[["person_id", "income"]])
    client.create_table("incomes", "person_id", incomes)
    lookups = [{"table_name": "incomes", "lookup_key": ["person_id"]}]
    for labels in (frame[["person_id", "paid"]], incomes.selectExpr("person_id", "1.0 AS paid")):
        made = joined(_wishes(labels, feature_store_lookups=lookups))
        assert set(made.columns) == {"person_id", "paid", "income"}
        assert made.where("income IS NOT NULL").count() == frame["income"].notna().sum()
    with pytest.raises(CourseError, match="each takes table_name and lookup_key"):
        joined(_wishes(incomes, feature_store_lookups=[{"table": "incomes"}]))


def _wishes(dataset: Any, **others: Any) -> Wishes:
    parameters = inspect.signature(automl.regress).parameters
    given = {name: parameter.default for name, parameter in parameters.items()}
    given |= {"dataset": dataset, "target_col": "paid", **others}
    return Wishes("regression", pos_label=None, **given)


@pytest.mark.slow
def test_mlflow_scores_a_table_of_spark_that_a_model_was_trained_on(
    spark: "SparkSession", mlflow_store: str, tmp_path: Path
) -> None:
    table = spark.range(300).selectExpr(
        "id % 60 AS whole",
        "IF(id % 7 = 0, NULL, id % 11) AS gaps",
        "CAST(id % 5 AS INT) AS small",
        "CAST(id / 4 AS DECIMAL(9, 2)) AS price",
        "TIMESTAMP'2024-01-01' + MAKE_DT_INTERVAL(0, CAST(id AS INT)) AS at",
        "DATE'2024-01-01' + CAST(id % 90 AS INT) AS day",
        "id % 3 = 0 AS flag",
        "IF(id % 2 = 0, 'a', 'b') AS kind",
        "IF(id % 24 < 12, 'am', 'pm') AS half",
    )
    summary = automl.classify(
        table,
        target_col="half",
        exclude_frameworks=["spark"],
        max_trials=4,
        timeout_minutes=None,
        experiment_dir=str(tmp_path),
    )
    assert not summary.failed
    told = mlflow.pyfunc.spark_udf(spark, summary.best_trial.model_path, result_type="string")
    rows = table.repartition(7).withColumn("told", told()).toPandas()
    expected = summary.best_trial.load_model().predict(table.toPandas())
    assert rows.set_index(rows["price"].astype(float)).sort_index()["told"].tolist() == list(
        expected
    )
    assert (rows["told"] == rows["half"]).mean() > 0.8


def test_features_may_have_the_names_that_spark_ml_gives(
    spark: "SparkSession", tmp_path: Path
) -> None:
    family = next(f for f in families._classifiers() if f.name == "spark_linear")
    found = []
    for place, names in enumerate([["age", "income", "level"], ["weight", "label", "features"]]):
        target = ["left", "le.ft"][place]
        old = people(300)[["age", "income", "level", "left"]]
        frame = old.set_axis([*names, target], axis=1)
        frame[SPLIT] = ["train", "train", "validate", "test"] * 75
        frame.to_parquet(tmp_path / f"{place}.parquet")
        metric = find_metric("log_loss", "classification")
        features = Features(tuple(names))
        task = Task("classification", target, metric, features, ("no", "yes"), "yes")
        params = family.start | {"weigh_classes": True}
        uri = (tmp_path / f"{place}.parquet").as_uri()
        code = spark_cells.cells(task, family, params, uri, None)
        job = _job("") | {"cells": code, "steps": spark_cells.EVALUATE, "names": {"spark": spark}}
        found.append(worker.run(None, job | {"metric": "log_loss"})["metrics"])
    assert found[0] == pytest.approx(found[1])


def test_spark_ml_reads_dates_and_numbers_as_one_worker_does(spark: "SparkSession") -> None:
    features = Features(
        ("number",), ("zoned", "plain", "written"), formats=(("written", "%d/%m/%Y"),),
        zoned=("zoned", "plain"),
    )  # fmt: skip
    task = Task("regression", "y", find_metric("r2", "regression"), features)
    family = next(f for f in families._regressors() if f.name == "spark_linear")
    code = spark_cells.cells(task, family, family.start, "", None)
    names: dict[str, Any] = {"spark": spark}
    exec(code["imports"], names)
    exec(code["prepare"], names)
    before = spark.conf.get("spark.sql.session.timeZone") or "UTC"
    spark.conf.set("spark.sql.session.timeZone", "America/New_York")
    try:
        rows = spark.sql(
            "SELECT EXPLODE(ARRAY(1D, DOUBLE('Infinity'), DOUBLE('NaN'), 1e300D)) AS number,"
            " TIMESTAMP'2024-01-01 09:00:00' AS zoned,"  # in New York
            " TIMESTAMP_NTZ'2024-01-01 14:00:00' AS plain,"  # as the search has stored it
            " '03/02/2024' AS written"
        )
        made = names["prepare"].transform(rows).toPandas()
    finally:
        spark.conf.set("spark.sql.session.timeZone", before)
    assert made["automl_n0"].notna().tolist() == [True, False, False, False]
    assert made["automl_d0_hour"].tolist() == made["automl_d1_hour"].tolist() == [14.0] * 4
    assert made["automl_d2_month"].tolist() == [2.0] * 4


def test_a_large_table_is_split_without_targets_that_are_no_numbers(
    spark: "SparkSession", tmp_path: Path
) -> None:
    table = spark.range(1000).selectExpr(
        "id", "CASE id % 10 WHEN 0 THEN DOUBLE('NaN') WHEN 1 THEN DOUBLE('Infinity') ELSE id END y"
    )
    frame, counts = large.split(table, ["id", "y"], "y", None, None, None, 0, tmp_path / "rows")
    assert sum(counts.values()) == len(frame) == 800


@pytest.mark.slow
def test_searches_side_by_side_and_then_with_spark_ml(
    spark: "SparkSession", mlflow_store: str, tmp_path: Path
) -> None:
    frame = people(300)
    summary = automl.classify(
        spark.createDataFrame(frame),
        target_col="left",
        primary_metric="log_loss",
        exclude_cols=["paid", "level"],
        exclude_frameworks=["lightgbm", "xgboost"],
        time_col="since",
        max_trials=4,
        timeout_minutes=None,
        experiment_dir=str(tmp_path),
        experiment_name="both",
    )
    assert not summary.failed
    assert {trial.framework for trial in summary.trials} == {"sklearn", "spark"}
    assert summary.data_used["Spark ML"] == summary.data_used["single-node"] == 240
    spark_trial = next(trial for trial in summary.trials if trial.framework == "spark")
    names = _run_cells(Path(spark_trial.notebook_path))
    assert names["validation_metrics"]["log_loss"] == pytest.approx(
        spark_trial.evaluation_metric_score, rel=1e-6
    )
    assert names["known"].count() == 240
    rows = frame[summary.best_trial._kit.task.features.names].head(20)
    expected = spark_trial.load_model().transform(spark.createDataFrame(rows))
    with summary.serve(spark_trial) as server:
        assert server.predict(rows) == [row.prediction for row in expected.collect()]
    assert len(names["values"]) == len(names["names"]) > 5
    # What it has logged takes rows as they came and answers with labels
    model = names["loaded"]
    told = model.transform(spark.createDataFrame(people(10, seed=5)))
    assert {row["prediction"] for row in told.collect()} <= {"yes", "no"}


def _run_cells(path: Path) -> dict[str, Any]:
    """The notebook's cells in order, on the session that is there: a second JVM takes long."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            exec(cell.source, names)
    return names


@pytest.mark.slow
def test_spark_ml_learns_from_all_rows_where_one_worker_cannot(
    spark: "SparkSession", mlflow_store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "SINGLE_NODE_VALUES", 1000)
    frame = people(500)[["age", "city", "paid", "since"]]
    summary = automl.regress(
        spark.createDataFrame(frame),
        target_col="paid",
        exclude_frameworks=["lightgbm", "xgboost"],
        max_trials=3,
        timeout_minutes=None,
        experiment_dir=str(tmp_path),
        experiment_name="sampled",
    )
    assert not summary.failed
    used = summary.data_used
    assert used["in the table"] == used["train"] + used["validate"] + used["test"] == 500
    assert used["Spark ML"] == used["train"] + used["validate"]
    assert used["single-node"] < used["Spark ML"]
    assert any("too many for one worker" in note for note in summary.warnings)
    trial = next(trial for trial in summary.trials if trial.framework == "spark")
    assert trial.rows == used["Spark ML"]
    kit = trial._kit
    code = kit.spark_code(trial._family, trial._own)
    names: dict[str, Any] = {"spark": spark}
    for step in ("imports", "load", "split"):
        exec(code[step], names)
    assert names["known"].count() == used["Spark ML"]
    assert names["validation"].count() == int((kit.frame()[SPLIT] == "validate").sum())


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Rows with their split, as a search leaves them for its notebooks."""
    path = tmp_path_factory.mktemp("stored") / "data.parquet"
    parts = ["train", "train", "validate", "test"] * 75
    frame = people(300).drop(columns=["person_id", "written"]).assign(**{SPLIT: parts})
    frame.to_parquet(path, coerce_timestamps="us")  # Spark reads no finer ones
    return path.as_uri()


def _explained(
    spark: "SparkSession", task: Task, family: Family, params: dict[str, Any], stored: str
) -> dict[str, Any]:
    code = spark_cells.cells(task, family, params, stored, None)
    steps = {step: code[step] for step in spark_cells.FINAL[:-1]}
    return explained(task, family, bool(params.get("log_target")), steps, spark=spark)


@pytest.mark.parametrize(
    ("name", "classes"),
    [("spark_linear", 2), ("spark_linear", 3), ("spark_forest", 2), ("spark_forest", 3),
     ("spark_gbt", 2)],
)  # fmt: skip
def test_shap_values_of_spark_ml_are_in_the_unit_that_the_axis_names(
    spark: "SparkSession", stored: str, name: str, classes: int
) -> None:
    family = next(f for f in families._classifiers() if f.name == name)
    target, labels = {2: ("left", ("no", "yes")), 3: ("level", (0, 1, 2))}[classes]
    metric = find_metric("log_loss", "classification")
    task = Task("classification", target, metric, Features(("age", "income")), classes=labels)
    made = _explained(spark, task, family, family.start, stored)
    chances = [row["probability"].toArray() for row in made["frame"].collect()]
    unit = shap_cells.unit(task, family, log_target=False)
    assert_explains(made["values"], np.array(chances), unit)


@pytest.mark.parametrize("log_target", [False, True])
@pytest.mark.parametrize("name", [f.name for f in families._regressors() if f.framework == "spark"])
def test_shap_values_of_a_number_of_spark_ml_are_in_the_unit_that_the_axis_names(
    spark: "SparkSession", stored: str, name: str, log_target: bool
) -> None:
    family = next(f for f in families._regressors() if f.name == name)
    task = Task("regression", "paid", find_metric("r2", "regression"), Features(("age", "income")))
    made = _explained(spark, task, family, {**family.start, "log_target": log_target}, stored)
    predicted = np.array([row["prediction"] for row in made["frame"].collect()])
    moved = made["values"].sum(axis=(1, 2))
    assert_moves_alike(moved, np.log(predicted) if log_target else predicted)


def test_features_of_spark_ml_are_shown_by_their_columns_own_names(
    spark: "SparkSession", stored: str
) -> None:
    family = next(f for f in families._regressors() if f.name == "spark_linear")
    features = Features(("age",), ("since",), ("city",), ("street",))
    task = Task("regression", "paid", find_metric("r2", "regression"), features)
    names = _explained(spark, task, family, family.start, stored)["names"]
    assert sorted(name for name in names if not name.startswith("hash of street = ")) == [
        "age",
        *("city = Oslo", "city = Rome", "city = an unknown value", "city = it's a town"),
        "city = missing",
        *("since_day", "since_hour", "since_month", "since_weekday", "since_year"),
    ]


def test_splits_a_large_table_in_order_of_time_or_as_told(
    spark: "SparkSession", tmp_path: Path
) -> None:
    table = spark.createDataFrame(people(400)[["paid", "since", "city"]])
    frame, counts = large.split(
        table, ["paid", "since"], "paid", None, "since", None, 0, tmp_path / "time"
    )
    when = {part: frame.loc[frame[SPLIT] == part, "since"] for part in counts}
    assert when["train"].max() <= when["validate"].min() <= when["test"].min()
    assert counts["train"] == pytest.approx(240, abs=8)
    told = table.selectExpr("paid", "IF(paid > 10, 'train', IF(paid > 5, 'test', 'Validation')) p")
    frame, counts = large.split(told, ["paid"], "paid", None, None, "p", 0, tmp_path / "told")
    assert (frame.loc[frame[SPLIT] == "train", "paid"] > 10).all()
    assert sum(counts.values()) == 400
    with pytest.raises(CourseError, match="must be train, validate"):
        large.split(table, ["paid"], "paid", None, None, "city", 0, tmp_path / "wrong")


def test_a_large_table_is_split_into_60_20_and_20_percent(
    spark: "SparkSession", tmp_path: Path
) -> None:
    table = spark.range(40_000).selectExpr("rand(1) a", "CAST(rand(2) > 0.5 AS INT) y")
    _, counts = large.split(table, ["a", "y"], "y", (0, 1), None, None, 0, tmp_path / "rows")
    shares = {part: count / 40_000 for part, count in counts.items()}
    assert shares == pytest.approx({"train": 0.6, "validate": 0.2, "test": 0.2}, abs=0.02)


def test_a_sample_is_split_at_the_times_of_its_own_rows(
    spark: "SparkSession", tmp_path: Path
) -> None:
    # Another few of the rows each time, of which each has a time far from the others
    table = spark.range(100_000).selectExpr("id", "id * id * id AS t").repartition(16).limit(60)
    _, counts = large.split(table, ["id", "t"], "id", None, "t", None, 0, tmp_path / "rows")
    assert counts == pytest.approx({"train": 36, "validate": 12, "test": 12}, abs=2)


def test_trials_on_executors_run_at_the_same_time(spark: "SparkSession") -> None:
    import threading

    runner = SparkJobs(spark, people(10))
    code = "import time\nbegin = time.time()\ntime.sleep(2)\nend = time.time()\n"
    code += "validation_metrics = {'r2': begin, 'end': end}"
    answers: list[dict[str, Any]] = []
    try:
        runner.run(_job("validation_metrics = {'r2': 0.0}"), 0)  # the workers have started
        threads = [
            threading.Thread(target=lambda slot=slot: answers.append(runner.run(_job(code), slot)))
            for slot in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        runner.close()
    begins = [answer["metrics"]["r2"] for answer in answers]
    ends = [answer["metrics"]["end"] for answer in answers]
    assert max(begins) < min(ends) or np.diff(sorted(begins))[0] > 2, time.ctime()
