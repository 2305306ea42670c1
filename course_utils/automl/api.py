"""`classify` and `regress`: from a table to a summary."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course_utils.automl import checks, columns, intake, large, notebook, splits
from course_utils.automl.exploration import exploration
from course_utils.automl.families import Family, baseline, families
from course_utils.automl.kit import Kit
from course_utils.automl.metrics import find_metric
from course_utils.automl.recorder import Recorder, say_rows
from course_utils.automl.runners import FromHere, Processes, Runner, SparkJobs
from course_utils.automl.search import Budget, Search
from course_utils.automl.summary import AutoMLSummary
from course_utils.automl.task import FOLD, PARTS, SPLIT, Features, Task
from course_utils.automl.tracking import Tracking
from course_utils.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import SparkSession

_FEWEST = 5  # rows of a class, below which it cannot be in all parts
# To keep the best model in MLflow, and to load what that needs
_FINISHING_SHARE = 0.08  # of the time, up to
_FINISHING_MOST = 4.0  # seconds


def classify(
    dataset: Any,
    *,
    target_col: str,
    primary_metric: str = "f1",
    data_dir: str | None = None,
    experiment_dir: str | None = None,
    experiment_name: str | None = None,
    exclude_cols: Sequence[str] = (),
    exclude_frameworks: list[str] | None = None,
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
        dataset: a Spark, pandas or pandas-on-Spark frame, or the path of a Delta table.
        target_col: the column with the classes, two or more. Rows without one are left out.
        primary_metric: what trials are compared by: f1, precision, recall, accuracy, log_loss or
            roc_auc; with more than two classes the mean over classes.
        data_dir: where the data of the notebooks go; next to the notebooks if None.
        experiment_dir: where a folder for the notebooks is made; ./automl if None.
        experiment_name: of the MLflow experiment and the folder; from target and time if None.
        exclude_cols: columns that are no features.
        exclude_frameworks: some of sklearn, xgboost, lightgbm, spark. None leaves out spark
            unless the rows are too many for one worker; a list is taken as it is.
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
    arguments = dict(locals())
    return _search("classification", **arguments)


def regress(
    dataset: Any,
    *,
    target_col: str,
    primary_metric: str = "r2",
    data_dir: str | None = None,
    experiment_dir: str | None = None,
    experiment_name: str | None = None,
    exclude_cols: Sequence[str] = (),
    exclude_frameworks: list[str] | None = None,
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
    arguments = dict(locals())
    return _search("regression", pos_label=None, **arguments)


def _search(
    kind: str,
    dataset: Any,
    target_col: str,
    primary_metric: str,
    data_dir: str | None,
    experiment_dir: str | None,
    experiment_name: str | None,
    exclude_cols: Sequence[str],
    exclude_frameworks: list[str] | None,
    imputers: dict[str, Any] | None,
    pos_label: Any,
    time_col: str | None,
    split_col: str | None,
    sample_weight_col: str | None,
    max_trials: int | None,
    timeout_minutes: float | None,
    seed: int,
    spark: "SparkSession | None",
) -> AutoMLSummary:
    import pandas as pd

    begin = time.monotonic()
    seconds = 60 * timeout_minutes if timeout_minutes else float("inf")
    metric = find_metric(primary_metric, kind)
    checks.check_budget(timeout_minutes, max_trials)
    taken = intake.take(dataset, spark, seed)
    others = {"time_col": time_col, "split_col": split_col, "sample_weight_col": sample_weight_col}
    names = [str(name) for name in taken.frame.columns]
    checks.check_names(names, target_col, list(exclude_cols), others, exclude_frameworks)
    checks.check_target(taken.frame[target_col], kind)

    frame, notes = _with_answers(taken.frame, target_col, kind)
    aside = {*exclude_cols, *(name for name in others.values() if name)}
    features, more = columns.understand(frame, target_col, aside)
    checks.check_imputers(imputers, features)
    if sample_weight_col:
        checks.check_weights(frame[sample_weight_col])
    if time_col:
        checks.check_time(frame[time_col])
    task = _task(kind, frame, target_col, features, pos_label)
    task = replace(task, metric=metric, imputers=imputers, weight=sample_weight_col, seed=seed)
    notes += more + _on_classes(frame[target_col], task)
    taking_part = families(task, len(frame), taken.whole is not None, exclude_frameworks)
    if taken.spark is None and any(family.framework == "spark" for family in taking_part):
        taking_part = [family for family in taking_part if family.framework != "spark"]
        notes.append("Spark ML takes no part: no session is active.")
        if not taking_part:
            raise CourseError("Only Spark ML is left to try and no session is active: start one.")

    name = experiment_name or f"{target_col}_{datetime.now():%Y-%m-%d_%H-%M-%S}"
    folder = checks.new_folder(Path(experiment_dir or "automl"), name)
    home = Path(data_dir) / folder.name if data_dir else folder
    keep = [*features.names, target_col, *([sample_weight_col] if sample_weight_col else [])]
    if taken.whole is None:
        is_class = kind == "classification"
        frame, folds = splits.split(frame, target_col, is_class, time_col, split_col, seed)
        whole, counts = None, {part: int((frame[SPLIT] == part).sum()) for part in PARTS}
    else:
        classes = task.classes or None
        whole = home / "all_rows.parquet"
        frame, counts = large.split(
            taken.whole, keep, target_col, classes, time_col, split_col, seed, whole
        )
        folds = 0
        notes.append(
            f"{taken.rows:,} rows are too many for one worker: single-node models learn from "
            f"{len(frame):,} of them, Spark ML models from all."
        )
    folder.mkdir(parents=True, exist_ok=True)
    home.mkdir(parents=True, exist_ok=True)
    data = home / "data.parquet"
    frame[[*keep, SPLIT, FOLD]].to_parquet(data, index=False)
    frame = pd.read_parquet(data)  # what every notebook will read
    kit = Kit(replace(task, folds=folds), data, whole, Tracking(name, folder), taken.spark)
    rows = _rows(taken.rows, frame, counts, whole is not None)
    shown = str(data.resolve()) if data_dir else data.name
    looks = folder / "00_exploration.ipynb"
    notebook.write(exploration(kit.task, shown, notes, say_rows(rows)), looks)

    recorder = Recorder(kit, folder, shown, rows)
    search = Search(kit.task, lambda family, params: kit.job(family, params, "evaluate"))
    _run(search, recorder, kit, frame, taking_part, max_trials, begin, seconds)
    trials = sorted(recorder.trials, key=lambda trial: metric.key(trial.evaluation_metric_score))
    if search.best is None:
        reasons = {reason for _, _, reason in search.failed}
        why = next(iter(sorted(reasons)), "it was stopped")
        raise CourseError(f"Not even the baseline came to an end: {why}. Look at the columns.")
    if len(trials) == 1:
        notes.append(
            "Only the baseline came to an end: give more time, or see why the others failed."
        )
    best = trials[0]
    answer = kit.fit(best._family, best._own)
    test = {f"test_{key}": value for key, value in answer["metrics"].items()}
    best.metrics.update(test)
    kit.tracking.add(best.mlflow_run_id, test, {"automl.best": "true"})
    best.keep_model(answer["model"])
    return AutoMLSummary(
        experiment=kit.tracking.experiment,
        trials=trials,
        primary_metric=metric.name,
        interval=search.best.answer["interval"],
        test_metrics=answer["metrics"],
        test_interval=answer["interval"],
        evaluation=_evaluation(folds, counts),
        data_used=rows,
        warnings=notes,
        failed=[f"{family.about} {params}: {why}" for family, params, why in search.failed],
        unfinished=search.unfinished,
        exploration_path=str(looks),
        duration=time.monotonic() - begin,
    )


def _run(
    search: Search,
    recorder: Recorder,
    kit: Kit,
    frame: "pd.DataFrame",
    taking_part: list[Family],
    max_trials: int | None,
    begin: float,
    seconds: float,
) -> None:
    """The baseline, then the models of one worker, then those of Spark ML, within some seconds.

    Where both kinds take part, Spark ML gets a third of the time and of the trials.
    """
    # What is left to do with the best trial, in terms of what it took: in folds it was fitted
    # five times on less data.
    factor = 0.4 if kit.task.folds else 1.6
    end = begin + seconds
    finishing = min(_FINISHING_SHARE * seconds, _FINISHING_MOST)

    def until(of_best: float) -> float:
        return end - finishing - factor * of_best

    alone = [family for family in taking_part if family.framework != "spark"]
    spread = [family for family in taking_part if family.framework == "spark"]
    left = None if max_trials is None else max_trials - 1
    with _single_node(kit, frame) as runner:
        # It takes no time worth speaking of, and without it there is nothing to give back
        for result in search.run([baseline(kit.task)], runner, Budget(1, _never)):
            recorder.record(result)
        if alone:
            trials, stop = left, end
            if spread:
                trials = left and max(1, round(left * 2 / 3))
                now = time.monotonic()
                stop = now + (until(0) - now) * 2 / 3
            budget = Budget(trials, lambda of_best: min(stop, until(of_best)))
            for result in search.run(alone, runner, budget):
                recorder.record(result)
            left = left and left - (trials or 0)
    if spread and left != 0:
        assert kit.spark is not None
        for result in search.run(spread, FromHere(kit.spark), Budget(left, until)):
            recorder.record(result)


def _never(seconds: float) -> float:
    del seconds
    return float("inf")


@contextmanager
def _single_node(kit: Kit, frame: "pd.DataFrame") -> Iterator[Runner]:
    import joblib

    runner: Runner
    try:
        if kit.spark is None:
            raise AttributeError
        runner = SparkJobs(kit.spark, frame)
    except Exception:  # no session, or one of Spark Connect, which runs no jobs of ours
        runner = Processes(kit.data, joblib.cpu_count())
    try:
        yield runner
    finally:
        runner.close()


def _with_answers(
    frame: "pd.DataFrame", target: str, kind: str
) -> tuple["pd.DataFrame", list[str]]:
    """The rows that can be learned from, and what was left out."""
    notes = []
    known = frame[target].notna()
    if not known.all():
        notes.append(f"{int((~known).sum()):,} rows without a value of {target} are left out.")
        frame = frame[known]
    if kind == "classification":
        counts = frame[target].value_counts()
        rare = [label for label, count in counts.items() if count < _FEWEST]
        if rare:
            notes.append(
                f"Class {', '.join(map(str, rare))} has fewer than {_FEWEST} rows: left out."
            )
            frame = frame[~frame[target].isin(rare)]
        if frame[target].nunique() < 2:
            raise CourseError(
                f"Only one class of {target} has {_FEWEST} rows or more: give more rows."
            )
    frame = frame.reset_index(drop=True)
    frame[target] = frame[target].infer_objects()
    return frame, notes


def _task(
    kind: str, frame: "pd.DataFrame", target: str, features: Features, pos_label: Any
) -> Task:
    if kind == "regression":
        skewed = columns.is_skewed(frame[target])
        return Task(kind, target, find_metric("r2", kind), features, skewed=skewed)
    classes = tuple(sorted(frame[target].unique().tolist()))
    return Task(
        kind,
        target,
        find_metric("f1", kind),
        features,
        classes=classes,
        positive=checks.find_positive(classes, pos_label),
        imbalanced=columns.imbalance(frame[target]) is not None,
    )


def _on_classes(target: "pd.Series", task: Task) -> list[str]:
    note = columns.imbalance(target) if task.classes else None
    return [note] if note else []


def _rows(
    table: int, frame: "pd.DataFrame", counts: dict[str, int], sampled: bool
) -> dict[str, int]:
    """The rows of the table and of its parts, and those that single-node fits use."""
    used = {"in the table": table, **counts}
    used["single-node"] = int((frame[SPLIT] != "test").sum())
    used["Spark ML"] = counts["train"] + counts["validate"]
    if not sampled:
        assert used["single-node"] == used["Spark ML"]
    return used


def _evaluation(folds: int, counts: dict[str, int]) -> str:
    if folds:
        rows = counts["train"] + counts["validate"]
        return f"in {folds} folds of {rows:,} training and validation rows"
    return f"on {counts['validate']:,} validation rows"
