"""A search from its first second to its last: from what a caller asks for to a summary."""

import time
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from course_utils.automl import checks, large, lookups, notebook, places, splits
from course_utils.automl.exploration import exploration
from course_utils.automl.kit import Kit
from course_utils.automl.metrics import logged
from course_utils.automl.problem import Problem, settle
from course_utils.automl.progress import Progress, tell
from course_utils.automl.recorder import Recorder, say_rows
from course_utils.automl.search import Search
from course_utils.automl.signature import input_types
from course_utils.automl.spending import spend
from course_utils.automl.summary import AutoMLSummary, TrialInfo
from course_utils.automl.task import FOLD, PARTS, SPLIT
from course_utils.automl.tracking import Tracking
from course_utils.automl.wishes import Wishes
from course_utils.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd


def conduct(wishes: Wishes) -> AutoMLSummary:
    """Search, and write everything down.

    Raises:
        CourseError: an argument or the data cannot be used, or not even the baseline ran.
    """
    import pandas as pd

    begin = time.monotonic()
    ends = begin + wishes.seconds
    stage = Progress("Reading the data", ends=None if ends == float("inf") else ends)
    tell(stage)
    if wishes.feature_store_lookups:
        wishes.dataset = lookups.joined(wishes)
    problem = settle(wishes, ends - time.monotonic())
    task, taken, notes = problem.task, problem.taken, problem.notes
    tell(replace(stage, warnings=tuple(notes)))

    name = wishes.experiment_name or f"{task.target}_{datetime.now():%Y-%m-%d_%H-%M-%S}"
    keep = [*task.features.names, task.target, *([task.weight] if task.weight else [])]
    frame, folds, counts, place = _divided(wishes, problem, keep, name)
    data = place.home / "data.parquet"
    frame[[*keep, SPLIT, FOLD]].to_parquet(data, index=False)
    frame = pd.read_parquet(data)  # what every notebook will read
    whole = None if taken.whole is None else place.home / "all_rows.parquet"
    kit = Kit(
        replace(task, folds=folds),
        data,
        whole,
        Tracking(name, place.folder),
        taken.spark,
        input_types(frame, task.features, taken.extended),
    )
    rows = _rows(taken.rows, frame, counts, whole is not None)
    shown = str(data.resolve()) if wishes.data_dir else data.name
    looks = place.folder / "00_exploration.ipynb"
    notebook.write(exploration(kit.task, shown, notes, say_rows(rows)), looks)

    recorder = Recorder(kit, place.folder, shown, rows)
    search = Search(kit.task, lambda family, params: kit.job(family, params, "evaluate"))
    stage = replace(stage, stage="Searching", warnings=tuple(notes))
    tell(stage)
    times = (wishes.max_trials, begin, wishes.seconds)
    # Closed also where someone interrupts: no worker lives on then
    with closing(spend(search, kit, frame, problem.families, *times)) as results:
        for result in results:
            recorder.record(result)
            tell(_progress(stage, recorder.trials, wishes))
    if search.best is None:
        reasons = {reason for _, _, reason in search.failed}
        why = next(iter(sorted(reasons)), "it was stopped")
        raise CourseError(f"Not even the baseline came to an end: {why}. Look at the columns.")
    trials = _ranked(recorder.trials, wishes)
    if len(trials) == 1:
        notes.append(
            "Only the baseline came to an end: give more time, or see why the others failed."
        )
    stage = _progress(stage, recorder.trials, wishes)
    tell(replace(stage, stage="Fitting the best trial for use"))
    failed = [f"{family.about} {params}: {why}" for family, params, why in search.failed]
    answer = _fit_best(kit, trials, notes, failed)
    return AutoMLSummary(
        experiment=kit.tracking.experiment,
        trials=trials,
        primary_metric=wishes.metric.name,
        interval=recorder.intervals.get(trials[0].number, (float("nan"), float("nan"))),
        test_metrics=answer["metrics"],
        test_interval=answer["interval"],
        evaluation=_evaluation(folds, counts),
        data_used=rows,
        warnings=notes,
        failed=failed,
        unfinished=search.unfinished,
        exploration_path=str(looks),
        duration=time.monotonic() - begin,
    )


def _divided(
    wishes: Wishes, problem: Problem, keep: list[str], name: str
) -> tuple["pd.DataFrame", int, dict[str, int], places.Places]:
    """The rows with their split, the folds, the rows of each part, and the folder for it all.

    Raises:
        CourseError: the rows cannot be split; there is no folder then.
    """
    task, taken = problem.task, problem.taken
    times = (wishes.time_col, wishes.split_col, wishes.seed)
    if taken.whole is None:
        frame, folds = splits.split(
            problem.frame, task.target, wishes.classes, *times, folded=not task.hurried
        )
        counts = {part: int((frame[SPLIT] == part).sum()) for part in PARTS}
        _check_weights(wishes, frame, folds)
        return frame, folds, counts, places.claim(wishes.experiment_dir, wishes.data_dir, name)
    place = places.claim(wishes.experiment_dir, wishes.data_dir, name)
    try:
        whole = place.home / "all_rows.parquet"
        frame, counts = large.split(
            taken.whole, keep, task.target, task.classes or None, *times, whole
        )
        _check_weights(wishes, frame, 0)
    except BaseException:
        place.remove()
        raise
    problem.notes.append(
        f"{taken.rows:,} rows are too many for one worker: single-node models learn from "
        f"{len(frame):,} of them, Spark ML models from all."
    )
    return frame, 0, counts, place


def _check_weights(wishes: Wishes, frame: "pd.DataFrame", folds: int) -> None:
    if wishes.sample_weight_col:
        checks.check_learnable(
            frame, wishes.target_col, wishes.sample_weight_col, wishes.classes, folds
        )


def _ranked(trials: list[TrialInfo], wishes: Wishes) -> list[TrialInfo]:
    return sorted(trials, key=lambda trial: wishes.metric.key(trial.evaluation_metric_score))


def _progress(stage: Progress, trials: list[TrialInfo], wishes: Wishes) -> Progress:
    def told(trial: TrialInfo) -> str:
        score = f"{wishes.metric.name} {trial.evaluation_metric_score:.4g}"
        return f"trial {trial.number}, {trial.model_description}, {score}"

    best = _ranked(trials, wishes)[0]
    return replace(stage, trials=len(trials), last=told(trials[-1]), best=told(best))


def _fit_best(
    kit: Kit, trials: list[TrialInfo], notes: list[str], failed: list[str]
) -> dict[str, Any]:
    """Fit the best trial for use, test it and keep its model.

    One that cannot be fitted, for want of memory say, leaves its place to the next.

    Raises:
        CourseError: none can be fitted.
    """
    while True:
        best = trials[0]
        try:
            answer = kit.fit(best._family, best._own)
            break
        except CourseError as error:
            if len(trials) == 1:
                raise
            failed.append(f"{best.model_description} {best._own}, for use: {error}")
            notes.append(f"Trial {best.number} was the best and is left out. {error}")
            del trials[0]
    test = logged(answer["metrics"], "test")
    best.metrics.update(test)
    kit.tracking.add(best.mlflow_run_id, test, {"automl.best": "true"})
    best.keep_model(answer["model"])
    return answer


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
