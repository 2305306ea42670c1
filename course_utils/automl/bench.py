"""Side by side with FLAML and with a tuned XGBoost: same rows, same seconds, same cores."""

import json
import os
import platform
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course_utils.automl import api, cells, worker
from course_utils.automl.families import Family, baseline, families
from course_utils.automl.kit import Kit
from course_utils.automl.metrics import Metric
from course_utils.automl.runners import SparkJobs
from course_utils.automl.search import Budget, Search
from course_utils.automl.summary import AutoMLSummary
from course_utils.automl.task import FOLD, SPLIT, Features, Task
from course_utils.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import SparkSession

NAMES = ("automl", "FLAML", "tuned XGBoost")
_MOST = 8  # rounds
_SURE = 0.015  # standard error of the ratio to the better opponent, below which rounds suffice
_FLAML_METRICS = {"roc_auc": "roc_auc", "multi": "roc_auc_ovr", "r2": "r2"}


@dataclass(frozen=True)
class DataSet:
    """One data set: how it is loaded, what is predicted, and the metric (more is better)."""

    name: str
    load: Callable[[], "pd.DataFrame"]
    target: str
    metric: str


@dataclass(frozen=True)
class Row:
    """One data set's result.

    Attributes:
        data: its name.
        size: rows × columns.
        metric: name of the metric on the test rows, more is better.
        scores: metric per name in `NAMES`, one value per round.
        seconds: time from the data to the tested model, in the same order.
    """

    data: str
    size: str
    metric: str
    scores: dict[str, list[float]]
    seconds: dict[str, list[float]]

    @property
    def rounds(self) -> int:
        """How many there were."""
        return len(self.scores[NAMES[0]])

    def ratio(self) -> tuple[float, float]:
        """Our mean to that of the opponent with the better mean, and its standard error.

        It takes two rounds. All are tested on the same rows in a round, so the error is that of
        the differences.
        """
        ours, *others = (self.scores[name] for name in NAMES)
        other = max(others, key=statistics.mean)
        ratio = statistics.mean(ours) / statistics.mean(other)
        off = [one - ratio * two for one, two in zip(ours, other, strict=True)]
        return ratio, statistics.stdev(off) / len(off) ** 0.5 / statistics.mean(other)


def data_sets() -> list[DataSet]:
    """Those of the table. Listings are the course's and are loaded only when asked for."""
    return [
        DataSet("listings", _listings, "price", "r2"),
        DataSet("churn", _churn, "churned", "roc_auc"),
        DataSet("breast cancer", lambda: _bundled("breast_cancer"), "target", "roc_auc"),
        DataSet("diabetes", lambda: _bundled("diabetes"), "target", "r2"),
        DataSet("wine", lambda: _bundled("wine"), "target", "roc_auc"),
        DataSet("digits", lambda: _bundled("digits"), "target", "roc_auc"),
    ]


def run(python: Path, seconds: float, rounds: int) -> list[Row]:
    """Measure.

    Args:
        python: the interpreter of the environment that holds FLAML.
        seconds: the budget of each search.
        rounds: how often at least (2 or more), each time with other test rows; more often, up
            to eight times, where few test rows leave the comparison unsure.

    Raises:
        CourseError: a search failed.
    """
    _warm()
    return [_measure(data, python, seconds, rounds) for data in data_sets()]


@dataclass(frozen=True)
class Overlap:
    """How long trials of one second took on Spark's executors.

    Attributes:
        trials: how many.
        slots: how many at a time.
        seconds: from the first to the last, per round; workers were warm.
    """

    trials: int
    slots: int
    seconds: list[float]

    def __str__(self) -> str:
        ideal = self.trials / self.slots
        median = statistics.median(self.seconds)
        return (
            f"{self.trials} trials that sleep for 1 s, {self.slots} at a time as Spark jobs: "
            f"{median:.2f} s (median, n = {len(self.seconds)}), {median / ideal:.2f} of the ideal "
            f"{ideal:.0f} s."
        )


def overlap(spark: "SparkSession", trials: int = 16, rounds: int = 3) -> Overlap:
    """Measure what a search adds to its trials when these run as Spark jobs."""
    import pandas as pd

    code = (
        "import time\nimport numpy as np\ntime.sleep(1)\n"
        "truth = predicted = np.zeros(2)\nvalidation_metrics = {'r2': 0.5}"
    )
    job: dict[str, Any] = {"cells": {"sleep": code}, "steps": ("sleep",), "part": "validation"}
    job |= {"metric": "r2", "expression": "0.0", "larger": True, "beat": None, "keep": False}
    job["names"] = {}
    task = Task("regression", "y", Metric("r2"), Features(("x",)))
    runner = SparkJobs(spark, pd.DataFrame({"x": [1.0], "y": [1.0]}))
    seconds = []
    try:
        for _ in range(rounds + 1):  # the first starts the workers
            search = Search(task, lambda family, params: dict(job))
            begin = time.monotonic()
            done = search.run([baseline(task)], runner, Budget(trials, lambda best: float("inf")))
            if sum(1 for _ in done) != trials:
                raise CourseError(f"Trials failed on Spark: {search.failed[:1]}")
            seconds.append(time.monotonic() - begin)
    finally:
        runner.close()
    return Overlap(trials, runner.slots, seconds[1:])


def table(rows: list[Row], seconds: float) -> str:
    """The table in Markdown, with the machine and the versions."""
    from importlib import metadata

    head = "| data | rows × columns | metric on test rows | rounds | " + " | ".join(NAMES)
    lines = [head + " | automl to the better of the others | seconds |", "|---" * 9 + "|"]
    for row in rows:
        ratio, error = row.ratio()
        took = " / ".join(f"{statistics.median(row.seconds[name]):.0f}" for name in NAMES)
        values = " | ".join(f"{statistics.mean(row.scores[name]):.4f}" for name in NAMES)
        about = f"{row.data} | {row.size} | {row.metric} | {row.rounds}"
        lines.append(f"| {about} | {values} | {ratio:.3f} ± {error:.3f} | {took} |")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(
        f"{name} {metadata.version(name)}" for name in ("scikit-learn", "lightgbm", "optuna")
    )
    return "\n".join(
        [
            *lines,
            "",
            "Metrics are means over the rounds, ± is a standard error, seconds are medians. "
            f"Budget {seconds:.0f} s per search, {_cores()} cores, "
            f"{memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}, "
            f"{versions}, {_version('xgboost-cpu')}, FLAML in an environment of its own from the "
            "same lock file.",
        ]
    )


def _measure(data: DataSet, python: Path, seconds: float, rounds: int) -> Row:
    frame = data.load()
    scores: dict[str, list[float]] = {name: [] for name in NAMES}
    times: dict[str, list[float]] = {name: [] for name in NAMES}
    row = Row(data.name, f"{len(frame):,} × {len(frame.columns)}", data.metric, scores, times)
    while row.rounds < rounds or (row.rounds < _MOST and row.ratio()[1] > _SURE):
        seed = row.rounds
        with tempfile.TemporaryDirectory() as folder, _tracking(Path(folder)):
            begin = time.monotonic()
            ours = _ours(data, frame, Path(folder), seconds, seed)
            times[NAMES[0]].append(time.monotonic() - begin)
            scores[NAMES[0]].append(ours.test_metrics[data.metric])
            kit = ours.best_trial._kit
            for name, search in ((NAMES[1], _flaml), (NAMES[2], _xgboost)):
                begin = time.monotonic()
                scores[name].append(search(kit, seconds, python))
                times[name].append(time.monotonic() - begin)
    return row


def _ours(
    data: DataSet, frame: "pd.DataFrame", folder: Path, seconds: float, seed: int
) -> AutoMLSummary:
    search = api.regress if data.metric == "r2" else api.classify
    return search(
        frame,
        target_col=data.target,
        primary_metric=data.metric,
        timeout_minutes=seconds / 60,
        experiment_dir=str(folder / "notebooks"),
        experiment_name=data.name,
        seed=seed,
    )


def _flaml(kit: Kit, seconds: float, python: Path) -> float:
    """FLAML on the same rows; it chooses its own way to validate."""
    import numpy as np

    task, folder = kit.task, kit.data.parent
    frame = kit.frame()
    held = frame[SPLIT] == "test"
    frame = frame.drop(columns=[SPLIT, FOLD])
    paths = {name: str(folder / f"flaml_{name}") for name in ("known", "test", "out.npy")}
    frame[~held].to_parquet(paths["known"], index=False)
    frame[held].to_parquet(paths["test"], index=False)
    ask = {
        "known": paths["known"],
        "test": paths["test"],
        "out": paths["out.npy"],
        "target": task.target,
        "kind": task.kind,
        "metric": _FLAML_METRICS["multi" if len(task.classes) > 2 else task.metric.name],
        "seconds": seconds,
        "cores": _cores(),
    }
    from course_utils.automl import flaml_run

    done = subprocess.run(
        [str(python), "-P", str(Path(flaml_run.__file__))],
        input=json.dumps(ask),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no output"])[-1]
        raise CourseError(f"FLAML failed: {last}")
    names: dict[str, Any] = {}
    for step in ("imports", "measure"):
        exec(cells.cells(task, _xgboost_family(kit), _xgboost_family(kit).start)[step], names)
    return names["score"](frame.loc[held, task.target].to_numpy(), np.load(paths["out.npy"]))[
        task.metric.name
    ]


def _xgboost(kit: Kit, seconds: float, python: Path) -> float:
    """Optuna over XGBoost alone: same preprocessing, same folds, all cores for each fit."""
    import optuna

    del python
    family, frame, metric = _xgboost_family(kit), kit.frame(), kit.task.metric
    end = time.monotonic() + seconds

    def measure(params: dict[str, Any], steps: str) -> tuple[float, float]:
        job = kit.job(family, params, steps)
        model = job["cells"]["model"].replace("n_jobs=1", f"n_jobs={_cores()}")
        beat = float("inf") if metric.larger_is_better else float("-inf")  # no interval
        job |= {"cells": job["cells"] | {"model": model}, "beat": beat}
        answer = worker.run(frame, job)
        if "error" in answer:
            raise CourseError(f"XGBoost failed: {answer['error']}")
        return answer["metrics"][metric.name], answer["seconds"]

    def objective(trial: optuna.Trial) -> float:
        value, took = measure(family.suggest(trial), "evaluate")
        if time.monotonic() + 1.5 * took > end:
            trial.study.stop()
        return value

    study = optuna.create_study(
        direction="maximize" if metric.larger_is_better else "minimize",
        sampler=optuna.samplers.TPESampler(seed=0, multivariate=True),
    )
    study.enqueue_trial(family.start)
    study.optimize(objective, timeout=seconds)
    return measure(study.best_params, "final")[0]


def _xgboost_family(kit: Kit) -> Family:
    found = families(kit.task, 0, False, ["sklearn", "lightgbm", "spark"])
    return next(family for family in found if family.name == "xgboost")


class _tracking:  # noqa: N801 - read as a function
    """MLflow keeps what the benchmark logs in a folder that goes away."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        import mlflow

        self._before = mlflow.get_tracking_uri()
        mlflow.set_tracking_uri(f"sqlite:///{self._folder / 'mlflow.db'}")

    def __exit__(self, *error: object) -> None:
        import mlflow

        mlflow.set_tracking_uri(self._before)


def _warm() -> None:
    """Import what all need before the clock runs: here and, by a first search, on the executors."""
    for name in ("mlflow.sklearn", "optuna", "lightgbm", "xgboost", "sklearn.ensemble"):
        __import__(name)
    with tempfile.TemporaryDirectory() as folder, _tracking(Path(folder)):
        api.classify(
            _bundled("wine"),
            target_col="target",
            max_trials=12,
            timeout_minutes=None,
            experiment_dir=folder,
            experiment_name="warm",
        )


def _cores() -> int:
    import joblib

    return int(joblib.cpu_count())


def _version(name: str) -> str:
    from importlib import metadata

    return f"{name} {metadata.version(name)}"


def _listings() -> "pd.DataFrame":
    import pandas as pd

    from course_utils import locate

    return pd.read_parquet(locate("listings"))


def _churn() -> "pd.DataFrame":
    from course_utils.data.churn import churn

    return churn()[0]


def _bundled(name: str) -> "pd.DataFrame":
    from sklearn import datasets

    return getattr(datasets, f"load_{name}")(as_frame=True).frame
