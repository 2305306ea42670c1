"""How the time and the trials of a search are spent."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from course_utils.automl.families import Family, baseline
from course_utils.automl.kit import Kit
from course_utils.automl.runners import FromHere, Processes, Runner, SparkJobs
from course_utils.automl.search import Budget, Result, Search

if TYPE_CHECKING:
    import pandas as pd

# To keep the best model in MLflow, and to load what that needs
_FINISHING_SHARE = 0.08  # of the time, up to
_FINISHING_MOST = 4.0  # seconds


def spend(
    search: Search,
    kit: Kit,
    frame: "pd.DataFrame",
    taking_part: list[Family],
    max_trials: int | None,
    begin: float,
    seconds: float,
) -> Generator[Result]:
    """The baseline and the models of one worker, then those of Spark ML, within some seconds.

    Where both kinds take part, Spark ML gets a third of the time and of the trials. The baseline
    is not stopped: without it there may be nothing to give back. The first trial beside it has all
    of the time: without it there is nothing to learn.

    Args:
        search: what runs the trials.
        kit: what they have in common.
        frame: the rows that one worker holds.
        taking_part: the kinds of model.
        max_trials: number of trials at most, the baseline included; None sets no limit.
        begin: when the search began, on the monotonic clock.
        seconds: that it may take.

    Yields:
        Each result, when it is there.
    """
    # What is left to do with the best trial, in terms of what it took: in folds it was fitted
    # five times on less data.
    factor = 0.4 if kit.task.folds else 1.6
    end = begin + seconds
    finishing = min(_FINISHING_SHARE * seconds, _FINISHING_MOST)

    def until(of_best: float) -> float:
        return end - max(finishing, search.loading) - factor * of_best

    alone = [family for family in taking_part if family.framework != "spark"]
    spread = [family for family in taking_part if family.framework == "spark"]
    first = baseline(kit.task)
    left = None if max_trials is None else max_trials - 1
    with _single_node(kit, frame) as runner:
        trials, stop = left, end
        if spread:
            trials = left and (max(1, round(left * 2 / 3)) if alone else 0)
            now = monotonic()
            stop = now + (until(0) - now) * 2 / 3

        def deadline(of_best: float) -> float:
            if search.best is None and first.name not in search.ended:
                return float("inf")
            return end if search.finished < 2 else min(stop, until(of_best))

        budget = Budget(1 if not alone else trials and trials + 1, deadline)
        yield from search.run(alone, runner, budget, once=[first])
        left = left and left - (trials or 0)
    if spread and left != 0:
        assert kit.spark is not None
        yield from search.run(spread, FromHere(kit.spark), Budget(left, until))


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
