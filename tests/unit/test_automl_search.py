"""AutoML from the call to the served model, without Spark."""

import gc
import inspect
import json
import re
import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import mlflow
import nbformat
import numpy as np
import pandas as pd
import pytest
from nbclient import NotebookClient

from course_utils import automl
from course_utils.automl import conduct, families, intake, shap_cells, spending, worker
from course_utils.automl.cells import FINAL, cells
from course_utils.automl.families import Family, baseline
from course_utils.automl.kit import Kit
from course_utils.automl.metrics import find_metric
from course_utils.automl.problem import settle
from course_utils.automl.recorder import Recorder
from course_utils.automl.runners import Processes
from course_utils.automl.search import Budget, Search, _Guides
from course_utils.automl.summary import AutoMLSummary, TrialInfo
from course_utils.automl.task import SPLIT, Features, Task
from course_utils.automl.wishes import Wishes
from course_utils.errors import CourseError
from tests.unit.automl_helpers import (
    assert_explains,
    assert_moves_alike,
    explained,
    mlflow_store,
    people,
)
from tests.unit.mlflow_stores import mlflow_at, sqlite_in

__all__ = ["mlflow_store"]


@pytest.fixture(scope="module", autouse=True)
def no_spark() -> Any:
    """Also where an earlier test has left a session."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "active_session", lambda: None)
        yield


@pytest.fixture(scope="module")
def summary(mlflow_store: str, tmp_path_factory: pytest.TempPathFactory) -> AutoMLSummary:
    """The baseline and one trial of each family; another experiment is active, as may well be."""
    mlflow.set_experiment("another")
    return automl.classify(
        people(),
        target_col="left",
        primary_metric="roc_auc",
        exclude_cols=["paid", "level"],
        max_trials=7,
        timeout_minutes=None,
        experiment_dir=str(tmp_path_factory.mktemp("automl")),
        experiment_name="leaving",
    )


def _trial(summary: AutoMLSummary, family: str) -> TrialInfo:
    return next(trial for trial in summary.trials if trial.params["family"] == family)


def test_sorts_trials_and_tests_the_best_alone(summary: AutoMLSummary) -> None:
    scores = [trial.evaluation_metric_score for trial in summary.trials]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 7
    assert not summary.failed
    assert summary.best_trial.params["family"] != "baseline"
    assert _trial(summary, "baseline").evaluation_metric_score == pytest.approx(0.5, abs=0.1)
    with_test = [t for t in summary.trials if any(key.startswith("test_") for key in t.metrics)]
    assert with_test == [summary.best_trial]
    low, high = summary.interval
    assert low < summary.best_trial.evaluation_metric_score < high
    low, high = summary.test_interval
    assert low <= summary.test_metrics["roc_auc"] <= high
    assert summary.data_used["in the table"] == 400
    assert summary.data_used["single-node"] + summary.data_used["test"] == 400


def test_tells_what_it_found(summary: AutoMLSummary) -> None:
    text = str(summary)
    assert "Column person_id: left out" in text
    assert "7 trials" in text
    assert list(summary.leaderboard()["trial"]) == [trial.number for trial in summary.trials]
    assert "quartiles" in summary.metric_distribution


def test_logs_each_trial_to_one_experiment(summary: AutoMLSummary) -> None:
    client = mlflow.MlflowClient()
    assert summary.experiment.name == "leaving"
    with mlflow.start_run() as run:
        assert mlflow.get_experiment(run.info.experiment_id).name == "another"
    for trial in summary.trials:
        run = client.get_run(trial.mlflow_run_id)
        assert run.info.experiment_id == summary.experiment.experiment_id
        assert run.info.status == "FINISHED"
        assert run.data.metrics["validation_roc_auc"] == trial.evaluation_metric_score
        assert run.data.metrics["val_roc_auc"] == trial.metrics["val_roc_auc_score"]
        assert run.data.params["family"] == trial.params["family"]
        files = [file.path for file in client.list_artifacts(trial.mlflow_run_id)]
        assert Path(trial.notebook_path).name in files
    best = client.get_run(summary.best_trial.mlflow_run_id)
    assert best.data.metrics["test_roc_auc"] == summary.test_metrics["roc_auc"]


@pytest.mark.slow
@pytest.mark.parametrize("which", ["best", "xgboost", "random_forest"])
def test_notebook_gives_the_metric_again(
    summary: AutoMLSummary, which: str, capfd: pytest.CaptureFixture[str]
) -> None:
    trial = summary.best_trial if which == "best" else _trial(summary, which)
    before = len(mlflow.search_runs([summary.experiment.experiment_id]))
    assert trial.rerun() == pytest.approx(trial.evaluation_metric_score, rel=1e-6)
    assert capfd.readouterr().err == ""
    assert len(mlflow.search_runs([summary.experiment.experiment_id])) == before + 1
    notebook = nbformat.read(trial.notebook_path, as_version=4)
    _assert_readable(notebook)
    assert "SHAP" in "".join(_images(notebook))


def _images(notebook: Any) -> list[str]:
    html = [
        output["data"]["text/html"]
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "text/html" in output.get("data", {})
    ]
    return [text for text in html if "<img" in text]


def _assert_readable(notebook: Any) -> None:
    """Prose before each code cell, and a text for each figure; no trace of this package."""
    for before, cell in zip(notebook.cells, notebook.cells[1:], strict=False):
        if cell.cell_type == "code" and "def show" not in cell.source:
            assert before.cell_type == "markdown", cell.source
        assert "course_utils" not in cell.source
    images = _images(notebook)
    assert images
    for image in images:
        alt = re.search('alt="([^"]+)"', image)
        assert alt
        assert len(alt[1]) > 20


@pytest.mark.slow
def test_an_edited_copy_logs_to_the_same_experiment(summary: AutoMLSummary) -> None:
    trial = _trial(summary, "logistic")
    path = Path(trial.notebook_path)
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace("C=1.0", "C=0.001").replace("run again", "my own")
    # As a person in a hurry would: without the explanation, which takes longest
    notebook.cells = [cell for cell in notebook.cells if "values" not in cell.source]
    NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}}).execute()
    runs = mlflow.search_runs(
        [summary.experiment.experiment_id],
        filter_string=f"tags.mlflow.runName = '{path.stem}, my own'",
    )
    assert len(runs) == 1
    assert runs["metrics.validation_roc_auc"][0] != trial.evaluation_metric_score


@pytest.mark.slow
def test_exploration_runs_and_describes_its_figures(summary: AutoMLSummary) -> None:
    path = Path(summary.exploration_path)
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}}).execute()
    _assert_readable(notebook)
    assert len(_images(notebook)) == 4
    text = json.dumps(notebook)
    assert "Column person_id: left out" in text
    assert "400 rows" in text


def test_models_take_rows_as_they_came(summary: AutoMLSummary) -> None:
    rows = people(30, seed=1).drop(columns=["left"])
    for trial in (summary.best_trial, _trial(summary, "xgboost")):
        told = trial.load_model().predict(rows)
        assert set(told) <= {"yes", "no"}
        assert trial.model_path
    assert _trial(summary, "svm").model_path is None


@pytest.mark.slow
def test_registers_and_serves_in_one_call_each(
    summary: AutoMLSummary, mlflow_store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = sqlite_in(tmp_path)
    with mlflow_at(elsewhere):
        version = summary.register("leaving")
        assert capsys.readouterr().err == ""
        assert summary.best_trial.load_model()
        assert mlflow.get_tracking_uri() == elsewhere
    assert str(version.version) == "1"
    assert version.run_id == summary.best_trial.mlflow_run_id
    rows = people(20, seed=2)[summary.best_trial._kit.task.features.names]
    expected = mlflow.sklearn.load_model("models:/leaving/1").predict(rows).tolist()
    with summary.serve() as server:
        assert server.url.startswith("http://127.0.0.1:")
        assert server.predict(rows) == expected
        with pytest.raises(CourseError, match="refused"):
            server.predict(rows[["age"]])
    with pytest.raises(OSError, match="refused"):
        server.predict(rows)


def test_the_test_rows_have_no_part_in_a_comparison(summary: AutoMLSummary) -> None:
    trial = _trial(summary, "logistic")
    frame = trial._kit.frame()
    job = trial._kit.job(trial._family, trial._own, "evaluate")
    frame.loc[frame[SPLIT] == "test", "left"] = "yes"
    frame.loc[frame[SPLIT] == "test", "age"] = 0
    changed = worker.run(frame, job)
    assert changed["metrics"]["roc_auc"] == pytest.approx(trial.evaluation_metric_score)


def test_runs_are_found_by_the_names_of_the_platform(summary: AutoMLSummary) -> None:
    found = mlflow.search_runs(
        [summary.experiment.experiment_id],
        filter_string="tags.`automl.model` != 'none'",  # not one that a notebook has logged
        order_by=["metrics.val_roc_auc DESC"],
    )
    assert found["run_id"][0] == summary.best_trial.mlflow_run_id
    assert found["metrics.val_f1_score"].notna().all()
    assert summary.best_trial.metrics["test_f1_score"] == summary.test_metrics["f1"]
    assert summary.best_trial.notebook_url.startswith("file:///")


def test_a_notebook_is_imported_to_a_place_of_your_own(
    summary: AutoMLSummary, tmp_path: Path
) -> None:
    trial = _trial(summary, "logistic")
    made = automl.import_notebook(trial.artifact_uri, str(tmp_path / "mine"))
    name = Path(trial.notebook_path).name
    assert Path(made.path) == tmp_path / "mine" / name
    assert made.url == Path(made.path).as_uri()
    data = Path(trial.notebook_path).with_name("data.parquet").resolve()
    names: dict[str, Any] = {}
    for cell in nbformat.read(made.path, as_version=4).cells[:4]:
        if cell.cell_type == "code":
            exec(cell.source, names)
    assert len(names["data"]) == len(pd.read_parquet(data))
    with pytest.raises(CourseError, match="is there already"):
        automl.import_notebook(trial.artifact_uri, str(tmp_path / "mine"))
    Path(made.path).write_text("spoilt")
    automl.import_notebook(f"{trial.artifact_uri}/{name}", made.path, overwrite=True)
    assert nbformat.read(made.path, as_version=4)
    with pytest.raises(CourseError, match="no notebook"):
        automl.import_notebook(str(tmp_path), str(tmp_path / "none"))


def test_an_interrupted_search_ends_what_runs(
    mlflow_store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[bool] = []

    def spend(*_: Any) -> Any:
        try:
            yield None
        finally:
            ended.append(True)

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(conduct, "spend", spend)
    monkeypatch.setattr(Recorder, "record", interrupt)
    with pytest.raises(KeyboardInterrupt) as caught:
        automl.classify(people(), target_col="left", experiment_dir=str(tmp_path))
    assert caught.tb  # a notebook keeps it, too, and with it all that is not closed
    assert ended == [True]


def test_a_best_trial_that_cannot_be_fitted_leaves_its_place_to_the_next(
    summary: AutoMLSummary, monkeypatch: pytest.MonkeyPatch
) -> None:
    trials = list(summary.trials)
    first, second = trials[:2]
    second = replace(second, metrics=dict(second.metrics), model_path=None)
    trials[1] = second

    def fit(kit: Kit, family: Family, params: dict[str, Any]) -> dict[str, Any]:
        if family is first._family:
            raise CourseError("The model could not be fitted again: no memory")
        return worker.run(kit.frame(), kit.job(family, params, "final") | {"keep": True})

    monkeypatch.setattr(Kit, "fit", fit)
    notes: list[str] = []
    failed: list[str] = []
    answer = conduct._fit_best(second._kit, trials, notes, failed)
    assert trials[0] is second
    assert second.metrics["test_roc_auc"] == answer["metrics"]["roc_auc"]
    assert second.model_path
    assert [f"Trial {first.number} was the best" in note for note in notes] == [True]
    assert "no memory" in failed[0]


def test_never_overwrites_an_earlier_run(summary: AutoMLSummary) -> None:
    folder = Path(summary.best_trial.notebook_path).parent
    again = automl.classify(
        people()[["age", "left"]],
        target_col="left",
        max_trials=2,
        timeout_minutes=None,
        exclude_frameworks=["xgboost", "lightgbm", "spark"],
        experiment_dir=str(folder.parent),
        experiment_name="leaving",
    )
    assert Path(again.best_trial.notebook_path).parent.name == "leaving_2"
    assert again.experiment.experiment_id == summary.experiment.experiment_id


def test_regression_with_weights_imputers_and_time(mlflow_store: str, tmp_path: Path) -> None:
    frame = people().assign(weight=lambda rows: rows["age"] / 50)
    summary = automl.regress(
        frame,
        target_col="paid",
        primary_metric="mae",
        exclude_cols=["left", "level"],
        time_col="since",
        sample_weight_col="weight",
        imputers={"income": {"strategy": "constant", "fill_value": 0}, "city": "most_frequent"},
        exclude_frameworks=["xgboost", "spark"],
        max_trials=4,
        timeout_minutes=None,
        experiment_dir=str(tmp_path / "notebooks"),
        data_dir=str(tmp_path / "data"),
        seed=1,
    )
    assert not summary.failed
    assert (
        summary.best_trial.evaluation_metric_score
        < _trial(summary, "baseline").evaluation_metric_score
    )
    assert "validation rows" in summary.evaluation
    text = Path(summary.best_trial.notebook_path).read_text()
    assert "rows['weight']" in text
    assert "fill_value=0" in text
    assert str(tmp_path / "data") in text
    told = summary.best_trial.load_model().predict(people(10, seed=3))
    assert np.isfinite(told).all()
    data = pd.read_parquet(next((tmp_path / "data").rglob("data.parquet")))
    assert "since" not in data
    assert "weight" in data


@pytest.mark.parametrize("name", [f.name for f in families._regressors() if f.framework != "spark"])
def test_each_regressor_learns_the_logarithm_of_a_skewed_target(name: str) -> None:
    frame = _split(120)
    family = next(f for f in families._regressors() if f.name == name)
    task = Task("regression", "paid", find_metric("r2", "regression"), Features(("age",)))
    values = {}
    for log_target in (False, True):
        code = cells(task, family, {**family.start, "log_target": log_target})
        answer = worker.run(frame, _job(code, "r2", "r2_score(truth, predicted)"))
        values[log_target] = answer["metrics"]["r2"]
    assert values[False] != values[True]


@pytest.mark.parametrize(
    "name", [f.name for f in families._classifiers() if f.framework != "spark"]
)
def test_each_classifier_weighs_rare_classes(name: str) -> None:
    frame = _split(300)
    frame["left"] = np.where(frame["level"] == 2, frame["left"], "no")
    family = next(f for f in families._classifiers() if f.name == name)
    task = Task(
        "classification",
        "left",
        find_metric("recall", "classification"),
        Features(("age",), categories=("city",)),
        classes=("no", "yes"),
        positive="yes",
    )
    losses = {}
    for weigh in (False, True):
        code = cells(task, family, {**family.start, "weigh_classes": weigh})
        answer = worker.run(frame, _job(code, "recall", "recall_score(truth, predicted)"))
        losses[weigh] = answer["metrics"]["log_loss"]
    assert losses[True] != losses[False]


@pytest.mark.parametrize(
    "name", [f.name for f in families._classifiers() if f.framework != "spark"]
)
@pytest.mark.parametrize(("target", "classes"), [("left", ("no", "yes")), ("level", (0, 1, 2))])
def test_shap_values_of_classes_are_in_the_unit_that_the_axis_names(
    name: str, target: str, classes: tuple[Any, ...]
) -> None:
    family = next(f for f in families._classifiers() if f.name == name)
    metric = find_metric("log_loss", "classification")
    task = Task("classification", target, metric, Features(("age", "income")), classes=classes)
    made = explained(task, family, False, _to_final(task, family, family.start), data=_split(300))
    chances = made["fitted"].predict_proba(made["test"].head(25))
    assert_explains(made["values"], chances, shap_cells.unit(task, family, log_target=False))


@pytest.mark.parametrize("log_target", [False, True])
@pytest.mark.parametrize("name", [f.name for f in families._regressors() if f.framework != "spark"])
def test_shap_values_of_a_number_are_in_the_unit_that_the_axis_names(
    name: str, log_target: bool
) -> None:
    family = next(f for f in families._regressors() if f.name == name)
    task = Task("regression", "paid", find_metric("r2", "regression"), Features(("age", "income")))
    code = _to_final(task, family, {**family.start, "log_target": log_target})
    made = explained(task, family, log_target, code, data=_split(300))
    predicted = made["model"].predict(made["test"].head(25))
    unit = "logarithm of paid" if log_target else "in the unit of paid"
    assert shap_cells.unit(task, family, log_target) == unit
    moved = made["values"].sum(axis=(1, 2))
    assert_moves_alike(moved, np.log(predicted) if log_target else predicted)


def test_features_are_shown_by_their_columns_own_names() -> None:
    family = next(f for f in families._regressors() if f.scaled and f.framework != "spark")
    features = Features(("age", "income"), ("since",), ("city",), ("street",))
    task = Task("regression", "paid", find_metric("r2", "regression"), features)
    rows = _split(300)
    rows.loc[:2, "city"] = "Bergen"
    made = explained(task, family, False, _to_final(task, family, family.start), data=rows)
    assert sorted(made["names"]) == [
        "age",
        *("city = Oslo", "city = Rome", "city = a rare value", "city = it's a town"),
        "city = missing",
        *("income", "income is missing"),
        *("since_day", "since_hour", "since_month", "since_weekday", "since_year"),
        "street",
    ]


def _to_final(task: Task, family: Family, params: dict[str, Any]) -> dict[str, str]:
    code = cells(task, family, params)
    return {step: code[step] for step in FINAL[:-1]}


def _split(rows: int) -> pd.DataFrame:
    return people(rows).assign(**{SPLIT: ["train", "train", "validate", "test"] * (rows // 4)})


def _job(code: dict[str, str], metric: str, expression: str) -> dict[str, Any]:
    from course_utils.automl.cells import EVALUATE

    return {
        "cells": code,
        "steps": EVALUATE,
        "part": "validation",
        "metric": metric,
        "expression": expression,
        "larger": True,
        "beat": float("inf"),
        "keep": False,
        "names": {},
    }


def test_what_a_trial_has_made_is_gone_when_it_ends() -> None:
    made: list[Any] = []
    code = (
        "class Forest:\n    pass\n"
        "forest = Forest()\n"
        "made.append(weakref.ref(forest))\n"
        "def predict():\n    return forest\n"
        "validation_metrics = {'r2': 0.0}"
    )
    job = _job({"code": code}, "r2", "0.0") | {"steps": ("code",), "names": {"made": made}}
    job["cells"]["code"] = f"import weakref\n{code}"
    gc.disable()
    try:
        worker.run(None, job)
        assert made[0]() is None
        job["cells"]["code"] += "\nraise ValueError"
        assert "error" in worker.run(None, job)
        assert made[1]() is None
        job["cells"]["code"] = f"import weakref\n{code}\nmodel = predict"
        kept = worker.run(None, job | {"keep": True})
        assert kept["model"]() is made[2]()
    finally:
        gc.enable()


@pytest.mark.parametrize("seconds", [5.0, 500.0])
def test_where_the_time_is_short_each_family_begins_with_a_small_model(seconds: float) -> None:
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(2500, 40)))
    frame[40] = frame[0] + frame[1]
    wishes = Wishes("regression", pos_label=None, **_as_given(automl.regress, frame, "40"))
    problem = settle(wishes, seconds)
    hurried = seconds == 5.0
    assert problem.task.hurried is hurried
    assert any("The time is short" in note for note in problem.notes) is hurried
    guides = _Guides(problem.task, problem.families)
    begun = {family.name: params for family, params, _ in (guides.ask() for _ in problem.families)}
    assert (begun["lightgbm"]["n_estimators"] < 200) is hurried
    assert (begun["random_forest"]["max_features"] < 0.4) is hurried


def _as_given(function: Any, dataset: Any, target: str) -> dict[str, Any]:
    """The arguments of a call that names a target alone."""
    parameters = inspect.signature(function).parameters
    return {name: p.default for name, p in parameters.items()} | {
        "dataset": dataset,
        "target_col": target,
    }


class _Slow:
    """A machine on which imports take longer than what is left of the time."""

    slots = 2

    def run(self, job: Any, slot: int) -> Any:
        if job["name"] == "baseline":
            return {"metrics": {"r2": 0.0}, "seconds": 20.0, "loading": 20.0}
        time.sleep(0.2)
        if job["name"] == "elastic_net":
            return {"error": "no such luck"}
        return {"metrics": {"r2": 0.5}, "seconds": 0.2, "loading": 0.0}

    def stop(self) -> None:
        """Nothing to stop: each trial ends soon."""


def test_a_slow_machine_sees_more_than_the_baseline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spending, "_single_node", lambda kit, frame: nullcontext(_Slow()))
    task = Task("regression", "y", find_metric("r2", "regression"), Features(("x",)))
    search = Search(task, lambda family, params: {"name": family.name})
    kit: Any = SimpleNamespace(task=task, spark=None)
    families_ = families.families(task, 100, False, ["spark", "xgboost", "lightgbm"])
    begin = time.monotonic() - 50  # of 60 seconds, so that none is left for trials
    found = [
        result.family.name
        for result in spending.spend(search, kit, pd.DataFrame(), families_, None, begin, 60.0)
    ]
    assert found[0] == "baseline"
    assert "ridge" in found


def test_time_for_imports_is_kept_apart(runner: Processes) -> None:
    search, family = _search(
        "import numpy\ntruth = predicted = numpy.ones(3)\nvalidation_metrics = {'r2': 0.5}"
    )
    asked: list[float] = []

    def deadline(seconds: float) -> float:
        asked.append(seconds)
        return float("inf")

    [result] = search.run([family], runner, Budget(1, deadline))
    assert 0 < result.answer["loading"] <= result.answer["seconds"]
    assert search.loading == result.answer["loading"]
    assert asked[-1] == result.answer["seconds"] - result.answer["loading"]


def _search(code: str) -> tuple[Search, Family]:
    """A search whose trials run some code instead of a model."""
    task = Task("regression", "y", find_metric("r2", "regression"), Features(("x",)))
    job = _job({"imports": code}, "r2", "0.0") | {"steps": ("imports",)}
    return Search(task, lambda family, params: dict(job)), baseline(task)


@pytest.fixture
def runner(tmp_path: Path) -> Any:
    path = tmp_path / "data.parquet"
    pd.DataFrame({"x": [1.0], "y": [1.0]}).to_parquet(path)
    made = Processes(path, 2)
    yield made
    made.close()


def test_stops_what_runs_when_the_time_is_up(runner: Processes) -> None:
    search, family = _search("import time\ntime.sleep(3600)")
    ends: list[float] = []

    def deadline(seconds: float) -> float:
        ends[:] = ends or [time.monotonic() + 2]  # from the first question on
        return ends[0]

    assert list(search.run([family], runner, Budget(None, deadline))) == []
    assert search.unfinished == 2


def test_stops_what_is_begun_while_it_stops_the_rest(runner: Processes) -> None:
    search, family = _search("import time\ntime.sleep(3600)")
    run = runner.run

    def late(job: Any, slot: int) -> Any:
        time.sleep(3)  # the process starts when the others have been stopped
        return run(job, slot)

    runner.run = late  # type: ignore[method-assign]
    ends: list[float] = []

    def deadline(seconds: float) -> float:
        ends[:] = ends or [time.monotonic() + 1]
        return ends[0]

    assert list(search.run([family], runner, Budget(None, deadline))) == []
    assert search.unfinished == 2


def test_goes_on_after_a_failure_and_says_why(runner: Processes) -> None:
    search, family = _search("raise ValueError('no such luck')")
    never = float("inf")
    assert list(search.run([family], runner, Budget(3, lambda seconds: never))) == []
    assert [why for _, _, why in search.failed] == ["ValueError: no such luck"] * 3


@pytest.mark.parametrize(
    ("end", "why"),
    [
        ("os._exit(1)", "exit code 1"),
        # Its pipes are closed while it lives on for a moment
        ("os.closerange(0, 64)\ntime.sleep(1)\nos._exit(1)", "exit code 1"),
        ("os.kill(os.getpid(), 9)", "exit code -9 (killed, most likely for lack of memory)"),
    ],
)
def test_a_worker_that_dies_is_replaced(runner: Processes, end: str, why: str) -> None:
    search, family = _search(f"import os, time\n{end}")
    never = float("inf")
    assert list(search.run([family], runner, Budget(2, lambda seconds: never))) == []
    assert [reason.split(", ")[1:] for _, _, reason in search.failed] == [why.split(", ")] * 2
    assert search.unfinished == 0
    good, _ = _search(
        "import numpy\ntruth = predicted = numpy.ones(3)\nvalidation_metrics = {'r2': 0.5}"
    )
    found = list(good.run([family], runner, Budget(2, lambda seconds: never)))
    assert [result.answer["metrics"] for result in found] == [{"r2": 0.5}] * 2
