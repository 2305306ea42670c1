"""The search: Optuna proposes, runners answer, within a budget of time and trials."""

import queue
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from course_utils.automl.families import Family
from course_utils.automl.metrics import Metric
from course_utils.automl.runners import STOPPED, Answer, Job, Runner
from course_utils.automl.task import Task

if TYPE_CHECKING:
    import optuna

_RANDOM_FIRST = 5  # trials of a family before its results guide the next ones
_RING_AGAIN = 0.5  # seconds
_WAITING = 10  # finished trials that may wait for being recorded


@dataclass(frozen=True)
class Result:
    """One finished trial: its number, model, params and answer (see `worker.run`)."""

    number: int
    family: Family
    params: dict[str, Any]
    answer: Answer


@dataclass(frozen=True)
class Budget:
    """What may be spent.

    Attributes:
        trials: number of trials; None sets no limit.
        deadline: the time on the monotonic clock when the last trial has to end, given the
            seconds that the best trial took, without imports: fitting it for use comes after.
    """

    trials: int | None
    deadline: Callable[[float], float]


class _Alarm:
    """Calls a function at a time that may still change, and then again until it is cancelled.

    Once is not enough: a trial that was begun just before may not have come far enough to be
    stopped.
    """

    def __init__(self, function: Callable[[], None]) -> None:
        self._function = function
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()
        self._off = False

    def set(self, deadline: float) -> None:
        """Ring at that time instead of an earlier set one."""
        with self._lock:
            if not self._off and deadline != float("inf"):
                self._start(max(0.0, deadline - time.monotonic()))

    def cancel(self) -> None:
        """Never ring again."""
        with self._lock:
            self._off = True
            if self._timer is not None:
                self._timer.cancel()

    def _start(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = threading.Timer(seconds, self._ring)
        self._timer.daemon = True
        self._timer.start()

    def _ring(self) -> None:
        self._function()
        with self._lock:
            if not self._off:
                self._start(_RING_AGAIN)


@dataclass
class Search:
    """One search.

    Attributes:
        task: the problem.
        make_job: gives the job for a family and params.
        best: the best result so far.
        failed: trials that ended in an error, each with the reason.
        unfinished: number of trials that were running when the time was up.
        last_number: the number of the last trial that was begun.
        finished: number of trials that came to a result.
        ended: the names of the families of which a trial has ended, with a result or without.
        loading: seconds that imports took, the longest time.
    """

    task: Task
    make_job: Callable[[Family, dict[str, Any]], Job]
    best: Result | None = None
    failed: list[tuple[Family, dict[str, Any], str]] = field(default_factory=list)
    unfinished: int = 0
    last_number: int = 0
    finished: int = 0
    ended: set[str] = field(default_factory=set)
    loading: float = 0.0

    def run(
        self,
        families: list[Family],
        runner: Runner,
        budget: Budget,
        once: Sequence[Family] = (),
    ) -> Iterator[Result]:
        """Try models of some families, as many at a time as the runner has slots.

        Those that are tried once come first. Each family begins with its usual params. Then the
        family that leads gets half of the trials, the second a quarter, and so on; within a
        family Optuna chooses the params. A trial that is running at the deadline is stopped.

        Yields:
            Each result, when it is there.
        """
        guides = _Guides(self.task, families, once)
        results: queue.Queue[Result | None] = queue.Queue(maxsize=_WAITING)
        lock = threading.Lock()
        alarm = _Alarm(runner.stop)
        before = self.last_number
        given_up = threading.Event()

        def deadline() -> float:
            answer = self.best.answer if self.best else {"seconds": 0.0, "loading": 0.0}
            return budget.deadline(answer["seconds"] - answer["loading"])

        def begin() -> tuple[Family, dict[str, Any], Any, int, Job] | None:
            begun = self.last_number - before
            enough = budget.trials is not None and begun >= budget.trials
            if enough or given_up.is_set() or time.monotonic() >= deadline():
                return None
            family, params, trial = guides.ask()
            self.last_number += 1
            job = self.make_job(family, params)
            if self.best is not None:
                job["beat"] = self.best.answer["metrics"][self.task.metric.name]
            return family, params, trial, self.last_number, job

        def work(slot: int) -> None:
            try:
                while True:
                    with lock:
                        begun = begin()
                    if begun is None:
                        return
                    family, params, trial, number, job = begun
                    answer = runner.run(job, slot)
                    with lock:
                        guides.tell(family, trial, answer, self.task.metric.name)
                        kept = self._keep(Result(number, family, params, answer))
                        alarm.set(deadline())
                    if kept is not None:
                        results.put(kept)
            finally:  # also where a worker breaks: the reader must not wait for it
                results.put(None)

        workers = [
            threading.Thread(target=work, args=(slot,), daemon=True) for slot in range(runner.slots)
        ]
        alarm.set(deadline())
        for worker in workers:
            worker.start()
        try:
            left = len(workers)
            while left:
                result = results.get()
                if result is None:
                    left -= 1
                else:
                    yield result
        finally:
            given_up.set()
            alarm.cancel()
            if any(worker.is_alive() for worker in workers):
                runner.stop()

    def _keep(self, result: Result) -> Result | None:
        """Note what came of a trial; what is worth recording comes back."""
        self.ended.add(result.family.name)
        error = result.answer.get("error")
        if error == STOPPED["error"]:
            self.unfinished += 1
            return None
        if error:
            self.failed.append((result.family, result.params, error))
            return None
        self.finished += 1
        self.loading = max(self.loading, result.answer["loading"])
        if self.best is None or self._key(result) < self._key(self.best):
            self.best = result
        return result

    def _key(self, result: Result) -> float:
        metric: Metric = self.task.metric
        return metric.key(result.answer["metrics"][metric.name])


class _Guides:
    """What to try next: one Optuna study per family, and a lottery between families."""

    def __init__(self, task: Task, families: list[Family], once: Sequence[Family] = ()) -> None:
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._task = task
        self._lottery = random.Random(task.seed)
        self._unseen = [*once, *families]
        self._families = families
        self._studies: dict[str, optuna.Study] = {}
        for place, family in enumerate([*families, *once]):
            sampler = optuna.samplers.TPESampler(
                seed=task.seed + place,
                multivariate=True,
                constant_liar=True,
                n_startup_trials=_RANDOM_FIRST,
            )
            study = optuna.create_study(
                direction="maximize" if task.metric.larger_is_better else "minimize",
                sampler=sampler,
            )
            start = family.start | (family.small if task.hurried else {})
            if task.imbalanced:
                start["weigh_classes"] = False
            if task.skewed:
                start["log_target"] = False
            study.enqueue_trial(start)
            self._studies[family.name] = study

    def ask(self) -> tuple[Family, dict[str, Any], "optuna.Trial"]:
        family = self._unseen.pop(0) if self._unseen else self._draw()
        trial = self._studies[family.name].ask()
        params = family.suggest(trial)
        if self._task.imbalanced:
            params["weigh_classes"] = trial.suggest_categorical("weigh_classes", [False, True])
        if self._task.skewed:
            params["log_target"] = trial.suggest_categorical("log_target", [False, True])
        return family, params, trial

    def _draw(self) -> Family:
        ranked = sorted(self._families, key=self._standing)
        weights = [0.5**place for place in range(len(ranked))]
        return self._lottery.choices(ranked, weights)[0]

    def _standing(self, family: Family) -> float:
        values = [
            trial.value
            for trial in self._studies[family.name].get_trials(deepcopy=False)
            if trial.value is not None
        ]
        return min(map(self._task.metric.key, values), default=float("inf"))

    def tell(self, family: Family, trial: "optuna.Trial", answer: Answer, metric: str) -> None:
        import optuna

        study = self._studies[family.name]
        if "error" in answer:
            study.tell(trial, state=optuna.trial.TrialState.FAIL)
        else:
            study.tell(trial, answer["metrics"][metric])
