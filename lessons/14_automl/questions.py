"""The questions of lab 14: judged by what the search, its MLflow runs and the models say.

No check searches, fits or runs a Spark job. The customers come from the file in use, the split
from the file beside the search's notebooks, predictions from the models that the learner logged.
"""

import ast
import json
import math
import re
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from course_utils import get_truth, locate
from course_utils.automl import AutoMLSummary
from course_utils.lab import Answers, Question, Values
from course_utils.lab.answers import MissingNameError
from course_utils.lab.decide import decided, refused
from course_utils.lab.kinds import fits
from course_utils.lab.values import decimals, near

if TYPE_CHECKING:
    import pandas as pd

MODEL, ALIAS = "14_churn", "champion"
DRAWS = 4_000
METRIC = "validation_roc_auc"
TARGET = "churned"
ENOUGH = 0.005  # more AUC than settings alone bring here
WHICH = ("test", "known", "all")

Found = tuple[str, str] | None
Numbers = np.ndarray[Any, Any]


class Middle(NamedTuple):
    """The middle 95 % of what drawing anew gives, and its 0.975th percentile."""

    low: float
    high: float
    tail: float


# --- references -------------------------------------------------------------------------------


def _summary(a: Answers) -> AutoMLSummary:
    """What the lab's search gave, unless a cell used its name for something else."""
    if not isinstance(a.summary, AutoMLSummary):
        raise MissingNameError("summary")
    return a.summary


def _customers(a: Answers, which: str) -> "pd.DataFrame":
    """The customers of "test", "known" or "all", as the search has split them."""
    return a.once("customers", _split)[which]


def _split(a: Answers) -> dict[str, "pd.DataFrame"]:
    import pandas as pd

    table = pd.read_parquet(locate("churn"))
    data = Path(_summary(a).exploration_path).with_name("data.parquet")
    in_test = pd.read_parquet(data, columns=["_automl_split"])["_automl_split"] == "test"
    return {"all": table, "test": table[in_test], "known": table[~in_test]}


def _left(a: Answers, which: str = "test") -> Numbers:
    return (_customers(a, which)[TARGET] == "yes").to_numpy()


def _share(a: Answers, which: str) -> float:
    """The share of these customers for whom the more frequent answer is right."""
    share = float(_left(a, which).mean())
    return max(share, 1 - share)


def _aucs(left: Numbers, score: Numbers, counts: Numbers) -> Numbers:
    """The area under the ROC curve for each row of `counts`: how often each customer is in it."""
    order = np.argsort(score, kind="stable")
    ties = np.flatnonzero(np.diff(score[order], prepend=-np.inf))
    both = counts[:, order]
    yes = np.add.reduceat(both * left[order], ties, axis=1).astype(float)
    no = np.add.reduceat(both * ~left[order], ties, axis=1).astype(float)
    below = np.cumsum(no, axis=1) - no / 2  # a pair with the same score counts half
    return (yes * below).sum(axis=1) / yes.sum(axis=1) / no.sum(axis=1)


def _auc(left: Numbers, score: Numbers) -> float:
    return float(_aucs(left, score, np.ones((1, len(left)), dtype=int))[0])


_INTERVALS: dict[tuple[str, ...], Middle] = {}  # by runs, which do not change any more


def _middle(a: Answers, *runs: str) -> Middle:
    """The middle 95 % of a model's AUC, or of its difference to another's, in new samples."""
    if runs not in _INTERVALS:
        _INTERVALS[runs] = _drawn(_left(a), *(_says(a, run) for run in runs))
    return _INTERVALS[runs]


def _drawn(left: Numbers, score: Numbers, other: Numbers | None = None) -> Middle:
    size = len(left)
    rows = np.random.default_rng(0).integers(0, size, (DRAWS, size))
    rows += size * np.arange(DRAWS)[:, None]
    counts = np.bincount(rows.ravel(), minlength=rows.size).reshape(rows.shape)
    drawn = _aucs(left, score, counts) - (0 if other is None else _aucs(left, other, counts))
    return Middle(*map(float, np.percentile(drawn, [2.5, 97.5, 0.975])))


@lru_cache(maxsize=16)  # a run does not change any more
def _model(run_id: str) -> Any:
    import mlflow.sklearn

    return mlflow.sklearn.load_model(f"runs:/{run_id}/model")


def _says(a: Answers, run_id: str) -> Numbers:
    """How likely the model of this run finds each test customer to leave."""
    model = _model(run_id)
    proba = a.once(("says", run_id), lambda a: model.predict_proba(_customers(a, "test")))
    said: Numbers = proba[:, list(model.classes_).index("yes")]
    return said


def _their_run(a: Answers) -> str:
    """The run of the search's best trial."""
    return _summary(a).best_trial.mlflow_run_id


def _true_auc(a: Answers, which: str) -> float:
    """The AUC of the probabilities that drew the answers."""
    truth = get_truth("churn").probability
    return _auc(_left(a, which), truth.loc[_customers(a, which)["customer_id"]].to_numpy())


class _Ends(NamedTuple):
    """Two names of a question that hold the ends of an interval."""

    low: str
    high: str

    def of(self, a: Answers) -> tuple[float, float]:
        return float(getattr(a, self.low)), float(getattr(a, self.high))

    def part(self, a: Answers, due: Middle) -> float:
        """The width, as a multiple of the right one."""
        low, high = self.of(a)
        return (high - low) / (due.high - due.low) if due.high > due.low else 1.0

    def told(self, a: Answers) -> str:
        """ "`low` = 0.72 and `high` = 0.79"."""
        low, high = self.of(a)
        return f"`{self.low}` = {low:.4g} and `{self.high}` = {high:.4g}"

    def misplaced(self, a: Answers, due: Middle) -> Found:
        """Ends that are not one on each side, because of how percentiles were asked for."""
        (low, high), width = self.of(a), due.high - due.low
        if low > high:
            return "ends-swapped", f"{self.told(a)}: the low end is above the high one"
        # np.percentile at 0.025 and 0.975: the lowest of a thousand, and nearly the lowest
        if abs(high - due.tail) <= 0.12 * width and due.tail - width < low < high:
            return "not-in-percent", f"{self.told(a)} are among the lowest of all drawn"
        return None

    def wrong(self, a: Answers, due: Middle) -> Found:
        """What is not right of the middle 95 %, up to the luck of drawing a thousand samples.

        The middle 90 % is 84 % as wide, and the middle 99 % 131 %. One standard deviation to
        each side is 51 %.
        """
        part, room = self.part(a, due), 0.12 * (due.high - due.low)
        told = f"from `{self.low}` to `{self.high}` it is {part:.0%} of what drawing anew gives"
        apart = [abs(x - y) for x, y in zip(self.of(a), due[:2], strict=True)]
        for name, far in zip(self, apart, strict=True):
            places = decimals(getattr(a, name)) or 9
            if places <= 4 and far <= 0.5 * 10.0**-places + room:  # no percentile has so few
                return "rounded", f"`{name}` has {places} decimals"
        if abs(part) < 0.02:
            return "not-redrawn", told
        if 0.4 <= part < 0.6:
            return "one-deviation", told
        if 0 < part < 0.91:
            return "narrow-interval", told
        if part > 1.12 or max(apart) > room:
            return "", f"{self.told(a)} are not the middle 95 %"
        return None


MISPLACED = {
    "ends-swapped": "np.percentile gives the ends in the order in which they are asked for: "
    "[2.5, 97.5].",
    "not-in-percent": "np.percentile counts to 100, [2.5, 97.5]; np.quantile takes shares.",
}
ONE_DEVIATION = (
    "One standard deviation to each side holds the middle 68 %; asked is the middle 95 %."
)
NARROW = (
    "Draw as many customers as there are, with replacement, a thousand times, and keep all from\n"
    "the 2.5th to the 97.5th percentile."
)
NOT_REDRAWN = "Drawn without replacement? Then each sample has the same customers in another order."


# --- q1 ---------------------------------------------------------------------------------------


def _no_number(a: Answers) -> Found:
    if fits(a.baseline_auc, "number") and math.isfinite(a.baseline_auc):
        return None
    return "auc-no-number", f"`baseline_auc` is {str(a.baseline_auc)[:40]!r}"


def _leavers(a: Answers) -> list[float]:
    return [float(_left(a, which).mean()) for which in WHICH]


def _of_the_folds(a: Answers) -> float:
    """What the leaderboard says of the baseline."""
    trials = _summary(a).trials
    return next(t.evaluation_metric_score for t in trials if t.params["family"] == "baseline")


BASELINE = Values(lambda a: {"baseline_accuracy": _share(a, "test"), "baseline_auc": 0.5}, 1e-9)

Q1 = decided(
    _no_number,
    {"auc-no-number": "It is one number between 0 and 1."},
    BASELINE.swapped("baseline_accuracy", "baseline_auc", "{name} has the value of the other one"),
    BASELINE.wrong(
        "known-not-test",
        lambda a: {"baseline_accuracy": [_share(a, "known"), _share(a, "all")]},
        "is the share among the known customers, or among all",
        "The known customers say which answer to give; how often it is right is counted among\n"
        "the test customers.",
    ),
    BASELINE.wrong(
        "in-percent",
        lambda a: {"baseline_accuracy": 100 * _share(a, "test"), "baseline_auc": 50},
        "is in percent",
        "Give it as a share between 0 and 1, as the leaderboard does.",
    ),
    BASELINE.wrong(
        "a-count",
        lambda a: {"baseline_accuracy": len(_left(a)) * _share(a, "test")},
        "is a number of customers",
        "It is how many customers the answer is right for; divide by how many there are.",
    ),
    BASELINE.wrong(
        "auc-of-the-folds",
        lambda a: {"baseline_auc": _of_the_folds(a)},
        "is that of the leaderboard",
        "There the folds got different constants, each the share of leavers in the other folds.\n"
        "Here everybody gets the same one.",
    ),
    BASELINE.wrong(
        "rarer-answer",
        lambda a: {"baseline_accuracy": [1 - _share(a, which) for which in WHICH]},
        "is the share of the rarer answer",
        "The better constant is the answer that most known customers gave.",
    ),
    BASELINE.wrong(
        "auc-is-a-share",
        lambda a: {"baseline_auc": [s for x in _leavers(a) for s in (x, 1 - x)]},
        "is a share of customers",
        "The AUC counts pairs of one who left and one who stayed, not customers; how many leave\n"
        "does not matter.",
    ),
    BASELINE.wrong(
        "auc-at-the-end",
        lambda a: {"baseline_auc": [0, 1]},
        "is an end of the scale",
        "0 would mean that all pairs are in the wrong order, 1 all in the right one; the same\n"
        "probability for all puts them in none.",
    ),
    BASELINE.rounded(),
)


# --- q2 ---------------------------------------------------------------------------------------

AUC_ENDS = _Ends("low", "high")


def _scored(a: Answers) -> tuple[Numbers, Numbers]:
    """The test customers' answers and the learner's probabilities for them, in one order."""
    return _left(a), a.probability.loc[_customers(a, "test").index].to_numpy(dtype=float)


def _best_on_test(a: Answers) -> float:
    """The AUC of the best trial on the test rows, as the search has measured it."""
    return float(_summary(a).test_metrics["roc_auc"])


def _other_numbers(a: Answers) -> dict[str, list[float]]:
    """All that the search has measured of its best trial, and what can be made of classes."""
    (left, score), summary = _scored(a), _summary(a)
    classes = [float(((score > 0.5) == left).mean()), _auc(left, (score > 0.5).astype(float))]
    found = [*classes, *summary.test_metrics.values(), *summary.best_trial.metrics.values()]
    return {"test_auc": [n for n in found if not near(n, _best_on_test(a), 1e-6)]}


TEST_AUC = Values(lambda a: {"test_auc": _best_on_test(a)}, 1e-6)


def _wrong_rows(a: Answers) -> Found:
    import pandas as pd

    given, test = a.probability, _customers(a, "test")
    if given.ndim > 1:
        columns = given.shape[1]
        return "both-classes", f"`probability` is a frame, not a Series; its columns: {columns}"
    if given.index.equals(fresh := pd.RangeIndex(len(test))) and not test.index.equals(fresh):
        return "index-lost", "the rows of `probability` are those of `test`, but without its index"
    if len(given) != len(test):
        return "other-customers", f"`probability` has {len(given):,} rows"
    if set(given.index) != set(test.index):
        return "other-customers", "the index of `probability` is not that of `test`"
    if gone := int(given.isna().sum()):
        return "", f"`probability` is missing for {gone:,} customers"
    if given.dtype == object or given.dtype == bool:
        return "classes-for-probabilities", f"`probability` holds {str(given.iloc[0])[:40]!r}"
    if given.nunique() <= 2:
        return "classes-for-probabilities", f"values in `probability`: {given.nunique()}"
    return None


def _wrong_prediction(a: Answers) -> Found:
    if found := _wrong_rows(a):
        return found
    (left, score), best, theirs = _scored(a), _best_on_test(a), _says(a, _their_run(a))
    for places in range(6):
        if np.array_equal(score, np.round(score, places)):
            if np.abs(score - theirs).max() < 10.0**-places:
                return "rounded", f"`probability` has {places} decimals"
            break
    if near(_auc(left, score), 1 - best, 1e-6):
        return "other-class", "customers who stayed have the higher values in `probability`"
    if not near(_auc(left, score), best, 1e-6):
        return "", "`probability` is not that of the best trial's model for `test`"
    if score.min() < 0 or score.max() > 1:
        return "not-probabilities", f"`probability` goes to {max(score, key=abs):.3g}"
    if not np.allclose(score, theirs, atol=1e-6):
        return "not-probabilities", "`probability` has the model's order, but other values"
    if TEST_AUC.refuse(a):
        return None
    (low, high), auc = AUC_ENDS.of(a), float(a.test_auc)
    if (low, high) == _summary(a).interval:
        return "interval-of-folds", "`low` and `high` are those of the five folds"
    due = _middle(a, _their_run(a))
    if found := AUC_ENDS.misplaced(a, due):
        return found
    if not low - 1e-9 <= auc <= high + 1e-9:
        return "interval-elsewhere", f"`test_auc` = {auc:.4g} lies outside of {AUC_ENDS.told(a)}"
    as_measured = (low, high) == _summary(a).test_interval
    if not as_measured and (found := AUC_ENDS.wrong(a, due)):
        return found
    if (predictable := bool(a.predictable)) != (low > 0.5):
        told = f"`predictable` is {predictable} with `low` = {low:.4g}"
        accuracy = "baseline_accuracy" in a.source("predictable")
        return "compared-with-accuracy" if accuracy else "", told
    return None


Q2 = decided(
    _wrong_prediction,
    {
        "both-classes": "predict_proba has a column per class, in the order of model.classes_; "
        "take the one of\nthose who leave.",
        "index-lost": "predict_proba knows no index, so give the Series that of test:\n"
        "pd.Series(…, index=test.index).",
        "other-customers": "The model saw the known customers with their answers; judge it on "
        "`test` alone and give\nthe Series its index.",
        "classes-for-probabilities": "predict gives the class; predict_proba gives how likely it "
        "is, which the AUC needs to\nput customers in an order.",
        "other-class": "It is the column of the other class: predict_proba has them in the order "
        "of\nmodel.classes_.",
        "not-probabilities": "Percent, ranks, scores or rounded values are not what the model "
        "said; take the column of\npredict_proba as it is.",
        "interval-of-folds": "summary.interval belongs to the comparison of trials, by which the "
        "best one was chosen;\nthe test customers give another.",
        **MISPLACED,
        "interval-elsewhere": "Draw customers from `test`, each with its answer and its value of "
        "`probability`: not other\ncustomers, another model, or answers and values apart.",
        "not-redrawn": NOT_REDRAWN,
        "one-deviation": ONE_DEVIATION,
        "narrow-interval": NARROW,
        "compared-with-accuracy": "It is True where `low` lies above baseline_auc; "
        "baseline_accuracy is no AUC.",
    },
    TEST_AUC.wrong(
        "another-metric",
        _other_numbers,
        "is another metric, or was measured in the five folds, or on classes",
        "Compute the AUC of `probability` on the test customers.",
    ),
    TEST_AUC.rounded(),
)


# --- q3 ---------------------------------------------------------------------------------------

# What makes metrics comparable and the run what it says it is, in the order of the notebook: what
# a cell does, how to find it
_FIXED = {
    "loads": "read_parquet(",
    "splits": "part = data[",
    "measures": "def score(",
    "compares": "validation_metrics = score(",
    "fits for use": "model = clone(",
    "tests": "test_metrics = score(",
    "logs the metrics": "mlflow.log_metrics(",
    "logs the model": ".log_model(",
}
# The names that these cells give to what others may look at but not change
_KEPT = {"data", "train", "validation", "known", "test", "TARGET", "CLASSES", "POSITIVE", "score"}
_KEPT |= {"folds", "validation_metrics", "model", "test_metrics", "run"}
_ANSWERS = {"TARGET", TARGET}
_ROWS = {"known", "data", "train", "validation", "test", "data.parquet"}


class _Step(NamedTuple):
    """A statement of a notebook: its cell, its tree, and that as text to compare."""

    cell: int
    tree: ast.stmt
    text: str


def _sources(path: str | Path) -> list[str] | None:
    """The code cells of a notebook; None if it is none."""
    try:
        cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
        code = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return ["".join(source) if isinstance(source, list) else source for source in code]


def _steps(code: list[str]) -> list[_Step]:
    """What a notebook does, without comments, without what it shows, without the run's name."""
    steps = []
    for number, text in enumerate(code):
        try:  # %magic and !shell are no Python
            body = ast.parse(re.sub(r"^[%!].*", "", text, flags=re.MULTILINE)).body
        except SyntaxError:
            continue
        for tree in body:
            for node in ast.walk(tree):
                if isinstance(node, ast.keyword) and node.arg == "run_name":
                    node.value = ast.Constant(None)
            if not _does_nothing(tree):
                steps.append(_Step(number, tree, ast.dump(tree)))
    return steps


def _does_nothing(tree: ast.stmt) -> bool:
    """Shows something, or notes beside metrics and model what one likes to note."""
    if isinstance(tree, ast.Assign) and isinstance(tree.targets[0], ast.Name):
        return tree.targets[0].id in ("PARAMS", "REQUIREMENTS")
    if not isinstance(tree, ast.Expr):
        return False
    if isinstance(tree.value, ast.Call) and isinstance(tree.value.func, ast.Name):
        return tree.value.func.id in ("print", "display")
    return not any(isinstance(part, ast.Call) for part in ast.walk(tree.value))


def _bound(tree: ast.AST) -> set[str]:
    """The names that a statement sets or changes, not those inside of functions."""
    if isinstance(tree, ast.FunctionDef | ast.ClassDef):
        return {tree.name}
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and isinstance(
            node.ctx, ast.Store
        ):
            while isinstance(node, ast.Attribute | ast.Subscript):  # known.loc[…] = …
                node = node.value
            found |= {node.id} if isinstance(node, ast.Name) else set()
    return found


def _reads(tree: ast.stmt) -> set[str]:
    """The names from outside that a statement reads, and its texts in quotes."""
    nodes = list(ast.walk(tree))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    if isinstance(tree, ast.FunctionDef):  # a parameter may be called `data`
        names -= {node.arg for node in nodes if isinstance(node, ast.arg)}
        names -= _bound(ast.Module(tree.body, []))
    texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
    return names | {text for text in texts if isinstance(text, str)}


def _wrong_cells(steps: list[_Step], trials: list[list[str]]) -> Found:
    """What an edited notebook does that makes its metric incomparable, or tells it the answer."""
    texts = [step.text for step in steps]
    early: list[_Step] = []  # what is not fixed, in front of the comparison
    at, kept, faults = 0, set[str](), list[str]()
    for does, mark in _FIXED.items():
        cells = sorted({text for code in trials for text in code if mark in text})
        due = [[step.text for step in _steps([cell])] for cell in cells]
        places = [
            (place, len(part))
            for part in due
            for place in range(at, len(texts))
            if texts[place : place + len(part)] == part
        ]
        if not places:
            faults.append(f"the cell that {does} is not in `my_notebook` as a trial has it")
            continue
        place, length = min(places)
        for step in steps[at:place]:
            faults += [f"`my_notebook` sets `{n}` anew" for n in sorted(_bound(step.tree) & kept)]
        if list(_FIXED).index(does) <= list(_FIXED).index("compares"):
            early += steps[at:place]
        for step in steps[place : place + length]:
            kept |= _bound(step.tree) & _KEPT
        at = place + length
    if faults:
        return "comparison-changed", faults[0]
    prepare = {s.cell for s in early if "prepare" in _bound(s.tree)}
    for step in early:
        if step.cell in prepare and (used := sorted(_reads(step.tree) & (_ANSWERS | _ROWS))):
            told = f"the cell of `my_notebook` that prepares the columns uses `{used[0]}`"
            return "answer-among-columns", told
        # a bare call only looks
        if not isinstance(step.tree, ast.Expr) and (used := sorted(_reads(step.tree) & _ANSWERS)):
            told = f"a cell of `my_notebook` in front of the comparison uses `{used[0]}`"
            return "answer-among-columns", told
    return None


def _run(run_id: str) -> Any:
    """The MLflow run of this id, or None."""
    import mlflow
    from mlflow.exceptions import MlflowException

    try:
        return mlflow.MlflowClient().get_run(run_id)
    except MlflowException:
        return None


def _reached(a: Answers) -> float:
    """The metric of the learner's run, which q3 has looked at."""
    return float(_run(a.my_run).data.metrics[METRIC])


def _wrong_run(a: Answers, mine: list[str]) -> Found:
    """What is wrong with the run as a record of that notebook."""
    import mlflow

    run, trials, client = _run(a.my_run), _summary(a).trials, mlflow.MlflowClient()
    experiment = _summary(a).experiment.experiment_id
    if run is None:
        if a.my_run in {known.info.run_name for known in client.search_runs([experiment])}:
            return "name-for-id", f"`my_run` = {a.my_run!r} is a run's name"
        return "", "`my_run` is no run that MLflow knows"
    for trial in trials:
        if trial.mlflow_run_id == a.my_run:
            return "another-run", f"`my_run` is that of trial {trial.number} of the search"
    names = re.findall(r"run_name=[\"']([^\"']*)[\"']", "\n".join(mine))
    if names and run.info.run_name not in names:
        told = f"`my_run` is called {run.info.run_name!r}, which `my_notebook` does not log"
        return "another-run", told
    ran = run.data.tags.get("code_sha256")  # run_here leaves it, JupyterLab does not
    if ran and ran != sha256("\n".join(mine).encode()).hexdigest():
        return "edited-after-run", "the code of `my_notebook` is not what `my_run` ran"
    if run.info.status != "FINISHED" or not math.isfinite(run.data.metrics.get(METRIC, math.nan)):
        return "", f"`my_run` is {run.info.status.lower()} and has logged no {METRIC}"
    if run.info.experiment_id != experiment:
        return "", "`my_run` is a run of another experiment"
    if (often := len(client.get_metric_history(a.my_run, METRIC))) > 1:
        return "", f"{METRIC} of `my_run` was logged {often} times; the notebook does it once"
    return None


def _wrong_edit(a: Answers) -> Found:
    path, trials = Path(a.my_notebook).resolve(), _summary(a).trials
    codes = {Path(t.notebook_path).resolve(): _sources(t.notebook_path) or [] for t in trials}
    if path in codes:
        return "no-copy", f"`my_notebook` is {path.name}, a trial's own notebook"
    mine = _sources(path)
    if mine is None:
        return "", "`my_notebook` cannot be read as a notebook"
    steps = _steps(mine)
    if any([s.text for s in steps] == [s.text for s in _steps(code)] for code in codes.values()):
        return "nothing-changed", "the cells of `my_notebook` are those of a trial"
    if found := _wrong_cells(steps, list(codes.values())) or _wrong_run(a, mine):
        return found
    reached, best = _reached(a), _summary(a).best_trial
    for trial in trials:
        if near(reached, trial.evaluation_metric_score, 1e-9):
            told = f"exactly that of trial {trial.number}, {trial.model_description}"
            return "column-not-used", f"{METRIC} of `my_run` is {reached:.5f}, {told}"
    score = best.evaluation_metric_score
    told = f"{METRIC} of `my_run` is {reached:.5f}, that of trial {best.number} {score:.5f}"
    if reached <= score:
        return "not-better", f"{told}, and that is the best one"
    if reached - score < ENOUGH:
        return "by-a-hair", f"{told}: {reached - score:.5f} more"
    if reached > _true_auc(a, "known") + 0.005:
        return "", f"{METRIC} of `my_run` is above what even the true probabilities reach: a leak"
    return None


Q3 = decided(
    _wrong_edit,
    {
        "no-copy": "A trial's notebook is the record of the search; edit a copy under a name of "
        "its own.",
        "nothing-changed": "The copy is the notebook as it was; was the edited text saved to this "
        "file?",
        "comparison-changed": "Other rows, folds, metrics or fits make the numbers incomparable; "
        "change what prepares\nthe columns, and the model.",
        "answer-among-columns": "A model that is told the answer cannot be used where it is not "
        "known yet. `prepare`\ntakes all it needs from `frame`.",
        "name-for-id": "Names may occur twice; the id is what run_here gives.",
        "another-run": "Run `my_notebook` from its first to its last cell; run_here gives the id "
        "of the run\nthat it logs.",
        "edited-after-run": "It was edited after its run: run it again, and keep the id of that "
        "run.",
        "column-not-used": "The model saw nothing new: the preprocess cell lists the columns that "
        "it takes. Change\none of these, or add yours there.",
        "by-a-hair": "So small a gain is settings or luck, not knowledge of the columns; asked "
        f"are {ENOUGH}\nmore. For whom does the price count?",
        "not-better": "The change does not help this model. For whom does the price count?",
    },
)


# --- q4 ---------------------------------------------------------------------------------------

GAIN_ENDS = _Ends("gain_low", "gain_high")


def _my_auc(a: Answers) -> float:
    return _auc(_left(a), _says(a, a.my_run))


def _their_auc(a: Answers) -> float:
    return _auc(_left(a), _says(a, _their_run(a)))


GAIN = Values(
    lambda a: {
        "gain": _my_auc(a) - _their_auc(a),
        "left_over": _true_auc(a, "test") - _my_auc(a),
    },
    tolerance=1e-6,
    scale=("gain", "left_over"),
)


def _wrong_gain(a: Answers) -> Found:
    if GAIN.refuse(a):
        return None
    (low, high), gain = GAIN_ENDS.of(a), float(a.gain)
    due = _middle(a, a.my_run, _their_run(a))
    if found := GAIN_ENDS.misplaced(a, due):
        return found
    if not low <= gain <= high:
        return "", f"{GAIN_ENDS.told(a)} do not belong to `gain` = {gain:+.4g}"
    if 2.5 < (times := GAIN_ENDS.part(a, due)) < 8:
        told = f"from `gain_low` to `gain_high` it is {times:.1f} times what the same rows give"
        return "not-paired", told
    if found := GAIN_ENDS.wrong(a, due):
        return found
    if bool(a.better) != (low > 0):
        return "", f"`better` is {bool(a.better)} with `gain_low` = {low:+.4g}"
    return None


def _told_gain(a: Answers) -> str | None:
    if bool(a.better):
        return None
    return "on these test rows the gain is not sure; more of them would narrow the interval"


Q4 = decided(
    _wrong_gain,
    {
        **MISPLACED,
        "not-paired": "Each model was drawn its own customers, or the ends of two intervals were "
        "subtracted.\nWhich customers are hard is then luck twice.",
        "not-redrawn": NOT_REDRAWN,
        "one-deviation": ONE_DEVIATION,
        "narrow-interval": NARROW,
    },
    GAIN.wrong(
        "probability-overwritten",
        lambda a: {"gain": 0},
        "is the gain of a model over itself",
        "Twice one model, yours or the search's: the other AUC is that of `probability` as it was\n"
        "in question 2, so give your model's probabilities another name.",
    ),
    GAIN.wrong(
        "other-way-round",
        lambda a: {"gain": _their_auc(a) - _my_auc(a)},
        "{name} is the other model's AUC minus yours",
        "A gain is yours minus theirs.",
    ),
    GAIN.wrong(
        "gain-in-folds",
        lambda a: {"gain": _reached(a) - _summary(a).best_trial.evaluation_metric_score},
        "is that of the folds by which you have chosen",
        "By these numbers the edit was chosen, so luck may be in them; the test customers had no\n"
        "part in it.",
    ),
    GAIN.wrong(
        "left-to-one",
        lambda a: {"left_over": 1 - _my_auc(a)},
        "is the distance to an AUC of 1",
        "No model reaches 1: who leaves is partly chance. The AUC of TRUE is the end.",
    ),
    GAIN.wrong(
        "left-to-the-search",
        lambda a: {"left_over": _true_auc(a, "test") - _their_auc(a)},
        "is what the search's best trial has left",
        "Subtract the AUC of your own model, not that of the search's best.",
    ),
    GAIN.wrong(
        "left-over-turned",
        lambda a: {"left_over": _my_auc(a) - _true_auc(a, "test")},
        "{name} is your AUC minus that of the truth",
        "What is left is the AUC of TRUE minus yours.",
    ),
    GAIN.wrong(
        "left-over-in-folds",
        lambda a: {"left_over": [_true_auc(a, w) - _reached(a) for w in ("test", "known")]},
        f"takes your {METRIC}, which is of the folds",
        "Take both AUCs on the same rows, the test customers.",
    ),
    GAIN.rounded(),
)


# --- q5 ---------------------------------------------------------------------------------------


def _registered(what: str, of: str) -> Any:
    """What MLflow's registry has of the model under this number or alias, or None."""
    import mlflow
    from mlflow.exceptions import MlflowException

    try:
        return getattr(mlflow.MlflowClient(), what)(MODEL, of)
    except MlflowException:
        return None


def _wrong_version(a: Answers) -> Found:
    if not fits(a.version, "integer") or not math.isfinite(a.version):
        told = f"`version` is {str(a.version)[:40]!r}, of type {type(a.version).__name__}"
        return "no-integer", told
    number = int(a.version)
    version = _registered("get_model_version", str(number))
    if version is None:
        return "no-such-version", f"`{MODEL}` has no version {number}, which `version` is"
    for trial in _summary(a).trials:
        if trial.mlflow_run_id == version.run_id:
            told = f"`version` {number} is of trial {trial.number} of the search"
            return "model-of-the-search", told
    champion = _registered("get_model_version_by_alias", ALIAS)
    if champion is None:
        return "no-alias", f"no version of {MODEL} has the alias {ALIAS}, also not `version`"
    if int(champion.version) != number:
        told = f"the alias {ALIAS} points to version {champion.version}, `version` is {number}"
        return "alias-elsewhere", told
    if len((version.description or "").split()) < 3:
        told = f"the description of `version` {number} is {version.description or ''!r}"
        return "no-description", told
    if version.run_id != a.my_run:
        return "", f"the model of `version` {number} was not logged by `my_run`"
    return None


Q5 = decided(
    _wrong_version,
    {
        "no-integer": "Its number is in .version of what register_model gives; int(…) makes an "
        "integer of it.",
        "no-such-version": f"The model was registered under another name than {MODEL}, or the "
        "number is not a\nversion's.",
        "model-of-the-search": "summary.register takes a trial of the search, the best one if none "
        "is given; your\nmodel is in my_run.",
        "no-alias": "Registering sets no alias; set it with set_registered_model_alias.",
        "alias-elsewhere": "An alias stays where it is until it is set anew; if you load the "
        "champion, you get\nanother model.",
        "no-description": "Say in a sentence what was changed; the number of a version tells "
        "nobody.",
    },
)


QUESTIONS = [
    Question(
        id="q1",
        title="What a model has to beat",
        points=1,
        names={"baseline_accuracy": "number", "baseline_auc": "choice"},
        hints=(
            "Which answer is more frequent among the known customers? How often is it right among "
            "the test customers?",
            "A pair with the same probability counts half in the AUC. roc_auc_score takes who left "
            "and one number per test customer: np.full(len(test), …).",
        ),
        mistakes=Q1,
        refuse=refused(_no_number, BASELINE),
        why="a number is good or bad only next to that of an answer which knows nothing.",
    ),
    Question(
        id="q2",
        title="Is it predictable?",
        points=2,
        names={
            "probability": "pandas",
            "test_auc": "number",
            "low": "number",
            "high": "number",
            "predictable": "boolean",
        },
        hints=(
            "model.predict_proba(test) has a column per class, in the order of model.classes_. A "
            "Series with index=test.index keeps customers and numbers together.",
            "For one drawing take np.random.default_rng(seed).integers(0, n, n) as positions, and "
            "the AUC of these rows; np.percentile(all_of_them, [2.5, 97.5]) gives both ends.",
            "The search has measured the same: see summary.test_metrics and summary.test_interval.",
        ),
        looks_at={"predict_proba": "nothing: whatever gives the model's probabilities will do"},
        mistakes=Q2,
        refuse=refused(_wrong_prediction, TEST_AUC),
        why="an interval above one half says that there is something to predict; the point alone "
        "could be luck.",
    ),
    Question(
        id="q3",
        title="Edit a notebook",
        points=3,
        names={"my_notebook": "path", "my_run": "text"},
        hints=(
            "`prepare` is the place: before it returns, it may change ready['monthly_price'] with "
            "the help of frame['contract'].",
            "Let the price be 0 unless the contract is monthly. True and False act as 1 and 0 in a "
            "product.",
            "edit(logistic.notebook_path, 'mine.ipynb', {old: new}), where old is the line of "
            "`prepare` that begins with return, and new your line and below it that same line.",
        ),
        looks_at={
            "ready": "answer-among-columns, column-not-used",
            "validation_roc_auc": "not-better, by-a-hair",
        },
        mistakes=Q3,
        refuse=refused(_wrong_edit),
        why="a search tries models; what the columns mean comes from people, and a glass box lets "
        "them add it.",
    ),
    Question(
        id="q4",
        title="How sure is that?",
        points=3,
        needs=("q2", "q3"),
        names={
            "gain": "number",
            "gain_low": "number",
            "gain_high": "number",
            "better": "boolean",
            "left_over": "number",
        },
        hints=(
            "Draw positions once, and compute both AUCs on the customers at these positions; keep "
            "the difference. Then draw the next positions.",
            'left_over: test["customer_id"].map(TRUE) is the true probability of each test '
            "customer; take its AUC and subtract that of your model.",
        ),
        mistakes=Q4,
        refuse=refused(_wrong_gain, GAIN),
        note=_told_gain,
        why="two models miss on the same customers, so only a paired comparison says what a change "
        "is worth.",
    ),
    Question(
        id="q5",
        title="Register it",
        points=2,
        needs=("q3",),
        names={"version": "choice"},
        hints=(
            "mlflow.register_model takes the address of a logged model, runs:/<run id>/model, and "
            "gives the version; its number is in .version.",
            "MlflowClient has update_model_version(name, version, description) and "
            "set_registered_model_alias(name, alias, version).",
        ),
        looks_at={"champion": "no-alias, alias-elsewhere"},
        mistakes=Q5,
        refuse=refused(_wrong_version),
        why="whoever uses the champion gets the next one without a change of code, and can read "
        "what it is.",
    ),
]
