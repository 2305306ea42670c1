"""The questions of lab 14: judged by what the search, its MLflow runs and the models say.

No check searches, fits or runs a Spark job. The customers come from the file in use, the split
from the file beside the search's notebooks, predictions from the models that the learner logged.
"""

import ast
import json
import re
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from course_utils import get_truth, locate
from course_utils.lab import Answers, Mistake, Question
from course_utils.lab.kinds import fits

if TYPE_CHECKING:
    import pandas as pd

MODEL, ALIAS = "14_churn", "champion"
DRAWS = 400
METRIC = "validation_roc_auc"
TARGET = "churned"
ENOUGH = 0.005  # more AUC than settings alone bring here

# --- references -------------------------------------------------------------------------------


def _customers(a: Answers, which: str) -> "pd.DataFrame":
    """The customers of "test", "known" or "all", as the search has split them."""
    import pandas as pd

    table = pd.read_parquet(locate("churn"))
    part = pd.read_parquet(_folder(a) / "data.parquet", columns=["_automl_split"]).iloc[:, 0]
    if which == "all":
        return table
    return table[part == "test"] if which == "test" else table[part != "test"]


def _folder(a: Answers) -> Path:
    return Path(a.summary.exploration_path).parent


def _left(rows: "pd.DataFrame") -> np.ndarray:
    return (rows["churned"] == "yes").to_numpy()


def _auc(left: np.ndarray, score: np.ndarray) -> float:
    """The area under the ROC curve, from ranks; ties count half."""
    from scipy.stats import rankdata

    ranks, yes = rankdata(score), left.sum()
    return float((ranks[left].sum() - yes * (yes + 1) / 2) / (yes * (len(left) - yes)))


def _middle(values: list[float], share: float = 0.95) -> tuple[float, float]:
    edge = 50 * (1 - share)
    low, high = np.percentile(values, [edge, 100 - edge])
    return float(low), float(high)


def _draws(rows: int) -> list[np.ndarray]:
    numbers = np.random.default_rng(0)
    return [numbers.integers(0, rows, rows) for _ in range(DRAWS)]


def _near(value: Any, other: float, tolerance: float = 1e-6) -> bool:
    return fits(value, "number") and abs(float(value) - other) <= tolerance


def _close_ends(found: tuple[Any, Any], due: tuple[float, float], part: float = 0.2) -> bool:
    """Whether both ends of an interval are right, up to the luck of drawing."""
    room = part * (due[1] - due[0])
    return all(abs(float(x) - y) <= room for x, y in zip(found, due, strict=True))


def _width(low: Any, high: Any) -> float:
    return float(high) - float(low)


def _times_as_wide(found: tuple[Any, Any], due: tuple[float, float]) -> float:
    """The width of an interval, as a multiple of the right one."""
    right = _width(*due)
    return _width(*found) / right if right > 0 else 1.0


# From the 16th to the 84th percentile, or one standard deviation on each side: 51 % of the width
_ONE_DEVIATION = (0.4, 0.6)


@lru_cache(maxsize=16)  # a run does not change any more
def _model(run_id: str) -> Any:
    import mlflow.sklearn

    return mlflow.sklearn.load_model(f"runs:/{run_id}/model")


def _says(a: Answers, run_id: str) -> np.ndarray:
    """How likely the model of this run finds each test customer to leave."""
    model = _model(run_id)
    proba = model.predict_proba(_customers(a, "test"))
    return proba[:, list(model.classes_).index("yes")]


def _theirs(a: Answers) -> np.ndarray:
    """What the search's best model says to the test customers."""
    return _says(a, a.summary.best_trial.mlflow_run_id)


# --- q1 ---------------------------------------------------------------------------------------


def _constant_accuracy(a: Answers, which: str) -> float:
    share = float(_left(_customers(a, which)).mean())
    return max(share, 1 - share)


def _accuracy_is_right(a: Answers) -> bool:
    return _near(a.baseline_accuracy, _constant_accuracy(a, "test"), 1e-9)


def _known_share(a: Answers) -> str | None:
    if _accuracy_is_right(a):
        return None
    for which in ("known", "all"):
        if _near(a.baseline_accuracy, _constant_accuracy(a, which), 1e-9):
            group = "all" if which == "all" else "the known"
            return f"`baseline_accuracy` is the share among {group} customers"
    return None


def _percent(a: Answers) -> str | None:
    pairs = {
        "baseline_accuracy": (a.baseline_accuracy, _constant_accuracy(a, "test")),
        "baseline_auc": (a.baseline_auc, 0.5),
    }
    for name, (given, right) in pairs.items():
        if _near(given, 100 * right, 0.5):
            return f"`{name}` = {float(given):.4g}"
    return None


def _count(a: Answers) -> str | None:
    rows = len(_customers(a, "test"))
    if _near(a.baseline_accuracy, rows * _constant_accuracy(a, "test"), 1e-6):
        return f"`baseline_accuracy` = {float(a.baseline_accuracy):,.0f} customers"
    return None


def _auc_of_the_folds(a: Answers) -> str | None:
    trial = next(t for t in a.summary.trials if t.params["family"] == "baseline")
    score = float(trial.evaluation_metric_score)
    if _near(a.baseline_auc, score, 0.0006) and not _near(a.baseline_auc, 0.5):
        return f"`baseline_auc` = {float(a.baseline_auc):.4g} is that of the leaderboard"
    return None


def _rarer_answer(a: Answers) -> str | None:
    wrong = 1 - _constant_accuracy(a, "test")
    known = 1 - _constant_accuracy(a, "known")
    if any(_near(a.baseline_accuracy, value, 1e-9) for value in (wrong, known)):
        return "`baseline_accuracy` is the share of customers who leave"
    return None


def _auc_of_another_kind(a: Answers) -> str | None:
    share = float(_left(_customers(a, "test")).mean())
    known = float(_left(_customers(a, "known")).mean())
    for value in (share, 1 - share, known, 1 - known):
        if _near(a.baseline_auc, value, 1e-9):
            return f"`baseline_auc` = {float(a.baseline_auc):.4g} is a share of customers"
    return None


def _auc_of_nothing(a: Answers) -> str | None:
    if _near(a.baseline_auc, 0.0) or _near(a.baseline_auc, 1.0):
        return f"`baseline_auc` = {float(a.baseline_auc):g}"
    return None


def _right_baseline(a: Answers) -> str | None:
    if not _accuracy_is_right(a):
        given = f"`baseline_accuracy` = {float(a.baseline_accuracy):.4g}"
        return f"{given} is not the share of test customers for whom that answer is right"
    if not fits(a.baseline_auc, "number"):
        return "`baseline_auc` is no number"
    if not _near(a.baseline_auc, 0.5):
        return f"`baseline_auc` = {float(a.baseline_auc):.4g} does not come from one same answer"
    return None


# --- q2 ---------------------------------------------------------------------------------------


class _Scored(NamedTuple):
    """The test customers' answers and the learner's probabilities for them, in one order."""

    left: np.ndarray
    score: np.ndarray


def _rows_of(a: Answers, series: Any) -> str | None:
    """What is wrong with the rows of a Series of probabilities, if anything is."""
    test = _customers(a, "test")
    if len(series) != len(test):
        return f"`probability` has {len(series):,} rows"
    if set(series.index) != set(test.index):
        return "the index of `probability` is not that of `test`"
    return None


def _scored(a: Answers) -> _Scored:
    test = _customers(a, "test")
    return _Scored(_left(test), a.probability.loc[test.index].to_numpy(dtype=float))


def _both_classes(a: Answers) -> str | None:
    if a.probability.ndim > 1:
        return f"`probability` is a frame, not a Series; its columns: {a.probability.shape[1]}"
    return None


def _index_lost(a: Answers) -> str | None:
    import pandas as pd

    test = _customers(a, "test")
    fresh = pd.RangeIndex(len(test))
    if a.probability.index.equals(fresh) and not test.index.equals(fresh):
        return "the rows of `probability` are those of `test`, but without its index"
    return None


def _other_rows(a: Answers) -> str | None:
    return _rows_of(a, a.probability)


def _not_numbers(series: Any) -> bool:
    return series.dtype == object or series.dtype == bool or bool(series.isna().any())


def _classes(a: Answers) -> str | None:
    if _not_numbers(a.probability):
        return f"`probability` holds {str(a.probability.iloc[0])!r}, not probabilities"
    if a.probability.nunique() <= 2:
        return f"different values in `probability`: {a.probability.nunique()}"
    return None


def _best_on_test(a: Answers) -> float:
    """The AUC of the best trial on the test rows, as the search has measured it."""
    return float(a.summary.test_metrics["roc_auc"])


def _other_class(a: Answers) -> str | None:
    if _near(_auc(*_scored(a)), 1 - _best_on_test(a)):
        return "customers who stayed have the higher values in `probability`"
    return None


def _not_probabilities(a: Answers) -> str | None:
    score = _scored(a).score
    if not _near(_auc(*_scored(a)), _best_on_test(a)) or np.allclose(score, _theirs(a)):
        return None
    if score.min() < 0 or score.max() > 1:
        return f"`probability` goes from {score.min():.3g} to {score.max():.3g}"
    return "`probability` has the model's order of customers, but other values"


def _other_number(a: Answers) -> str | None:
    left, score = _scored(a)
    right = _best_on_test(a)
    if _near(a.test_auc, right):
        return None
    if _near(a.test_auc, float(a.summary.best_trial.evaluation_metric_score)):
        return "`test_auc` is the metric that trials were compared by, in five folds"
    if _near(a.test_auc, float(((score > 0.5) == left).mean())):
        return "`test_auc` is the share of customers for whom the likelier class is right"
    if _near(a.test_auc, _auc(left, score > 0.5)):
        return "`test_auc` is the AUC of classes, not of probabilities"
    return None


def _interval_of_folds(a: Answers) -> str | None:
    if all(_near(x, y) for x, y in zip((a.low, a.high), a.summary.interval, strict=True)):
        return "`low` and `high` are those of the five folds"
    return None


def _test_interval(a: Answers) -> tuple[float, float]:
    left, score = _scored(a)
    rows = _draws(len(left))
    return _middle([_auc(left[some], score[some]) for some in rows])


def _elsewhere(a: Answers) -> str | None:
    low, high, auc = float(a.low), float(a.high), float(a.test_auc)
    if low <= high and not low - 1e-9 <= auc <= high + 1e-9:
        return f"`test_auc` = {auc:.4g} lies outside of `low` = {low:.4g} to `high` = {high:.4g}"
    return None


def _not_redrawn(a: Answers) -> str | None:
    if abs(_times_as_wide((a.low, a.high), _test_interval(a))) < 0.02:
        return "`low` and `high` are the same: each drawing gave the same AUC"
    return None


def _narrow_by(a: Answers, least: float, most: float) -> str | None:
    part = _times_as_wide((a.low, a.high), _test_interval(a))
    if least <= part < most:
        return f"from `low` to `high` it is {part:.0%} of what drawing anew gives"
    return None


def _one_deviation(a: Answers) -> str | None:
    return _narrow_by(a, *_ONE_DEVIATION)


def _narrow(a: Answers) -> str | None:
    return _narrow_by(a, 0.0, 0.75)


def _compared_with_accuracy(a: Answers) -> str | None:
    found, low = bool(a.predictable), float(a.low)
    if found != (low > 0.5) and found == (low > _constant_accuracy(a, "test")):
        return f"`predictable` is {found} with `low` = {low:.4g}"
    return None


def _right_prediction(a: Answers) -> str | None:
    if not _near(_auc(*_scored(a)), _best_on_test(a)):
        return "`probability` is not that of the best trial's model"
    if not _near(a.test_auc, _best_on_test(a)):
        return f"`test_auc` = {float(a.test_auc):.4g} is not the AUC of `probability`"
    if a.high < a.low:
        return "`low` is above `high`"
    if not _close_ends((a.low, a.high), _test_interval(a)):
        return (
            f"`low` = {float(a.low):.4g} and `high` = {float(a.high):.4g} are not the middle 95 %"
        )
    if bool(a.predictable) != (float(a.low) > 0.5):
        return f"`predictable` is {bool(a.predictable)} with `low` = {float(a.low):.4g}"
    return None


# --- q3 ---------------------------------------------------------------------------------------


def _sources(path: str | Path) -> list[str] | None:
    """The code cells of a notebook; None if it is none."""
    try:
        cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
        code = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return ["".join(source) if isinstance(source, list) else source for source in code]


def _looks(node: ast.stmt) -> bool:
    """Whether a statement only shows something: a call of print, or a value without a call."""
    if not isinstance(node, ast.Expr):
        return False
    value = node.value
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Name) and value.func.id in ("print", "display")
    return not any(isinstance(part, ast.Call) for part in ast.walk(value))


def _is_note(node: ast.stmt) -> bool:
    """What a run is logged with besides metrics and model: one may write there what one likes."""
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    return isinstance(target, ast.Name) and target.id in ("PARAMS", "REQUIREMENTS")


class _NoName(ast.NodeTransformer):
    """Takes away the name of a run."""

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        self.generic_visit(node)
        return ast.keyword(node.arg, ast.Constant(None)) if node.arg == "run_name" else node


class _Step(NamedTuple):
    """A statement of a notebook: its cell, its tree, and that as text to compare."""

    cell: int
    tree: ast.stmt
    text: str


def _steps(code: list[str]) -> list[_Step]:
    """What a notebook does, without comments, without what it shows, without the run's name."""
    steps = []
    for number, text in enumerate(code):
        try:  # %magic and !shell are no Python
            body = ast.parse(re.sub(r"^[%!].*", "", text, flags=re.MULTILINE)).body
        except SyntaxError:
            continue
        trees = [_NoName().visit(tree) for tree in body if not (_looks(tree) or _is_note(tree))]
        steps += [_Step(number, tree, ast.dump(tree)) for tree in trees]
    return steps


def _trials_code(a: Answers) -> dict[Path, list[str]]:
    """The code of each trial's notebook, as it is on disk."""
    paths = [Path(trial.notebook_path).resolve() for trial in a.summary.trials]
    return {path: _sources(path) or [] for path in paths}


def _not_a_copy(a: Answers) -> str | None:
    path = Path(a.my_notebook).resolve()
    if path in _trials_code(a):
        return f"`my_notebook` is {path.name}, a trial's own notebook"
    return None


def _texts(code: list[str]) -> list[str]:
    return [step.text for step in _steps(code)]


def _nothing_changed(a: Answers) -> str | None:
    mine = _texts(_sources(a.my_notebook) or [])
    if mine and any(mine == _texts(code) for code in _trials_code(a).values()):
        return "the cells of `my_notebook` are those of a trial"
    return None


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


class _Copy(NamedTuple):
    """An edited notebook beside the trials'."""

    fault: str | None  # what of the fixed cells is not as it was
    prepares: list[ast.stmt]  # what was written into the cell with `prepare`
    before: list[ast.stmt]  # all other statements in front of the comparison


def _bound(tree: ast.stmt) -> set[str]:
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


def _copy(a: Answers) -> _Copy | None:
    """The learner's notebook, sorted; None if it is no notebook."""
    mine = _sources(a.my_notebook)
    if mine is None:
        return None
    steps, trials = _steps(mine), list(_trials_code(a).values())
    texts = [step.text for step in steps]
    free: list[tuple[str, _Step]] = []  # with the last fixed cell before it
    at, fault, kept, last = 0, None, set[str](), ""
    for does, mark in _FIXED.items():
        cells = {text for code in trials for text in code if mark in text}
        due = [_texts([cell]) for cell in sorted(cells)]
        places = [
            (place, len(part))
            for part in due
            for place in range(at, len(texts))
            if texts[place : place + len(part)] == part
        ]
        if not places:
            fault = fault or f"the cell that {does} is not in `my_notebook` as a trial has it"
            continue
        place, length = min(places)
        for step in steps[at:place]:
            free.append((last, step))
            for name in sorted(_bound(step.tree) & kept):
                fault = fault or f"a cell of `my_notebook` sets `{name}` anew"
        for step in steps[place : place + length]:
            kept |= _bound(step.tree) & _KEPT
        at, last = place + length, does
    early = [step for after, step in free if after in ("", "loads", "splits", "measures")]
    cell = {
        s.cell for s in early if isinstance(s.tree, ast.FunctionDef) and s.tree.name == "prepare"
    }
    return _Copy(
        fault,
        [step.tree for step in early if step.cell in cell],
        [step.tree for step in early if step.cell not in cell],
    )


def _comparison_changed(a: Answers) -> str | None:
    copy = _copy(a)
    return copy.fault if copy else None


def _reads(tree: ast.stmt) -> set[str]:
    """The names from outside that a statement reads, and its texts in quotes."""
    nodes = list(ast.walk(tree))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    if isinstance(tree, ast.FunctionDef):  # a parameter may be called `data`
        names -= {node.arg for node in nodes if isinstance(node, ast.arg)}
        names -= _bound(ast.Module(tree.body, []))  # type: ignore[arg-type]
    return names | {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _learns_from_the_answer(a: Answers) -> str | None:
    copy = _copy(a)
    if copy is None:
        return None
    answers = {"TARGET", TARGET}
    rows = {"known", "data", "train", "validation", "test", "data.parquet"}
    for tree in copy.prepares:
        if found := sorted(_reads(tree) & (answers | rows)):
            return f"the cell of `my_notebook` that prepares the columns uses `{found[0]}`"
    for tree in copy.before:  # a bare call only looks
        if not isinstance(tree, ast.Expr) and (found := sorted(_reads(tree) & answers)):
            return f"a cell of `my_notebook` in front of the comparison uses `{found[0]}`"
    return None


def _run(run_id: str) -> Any:
    """The MLflow run of this id, or None."""
    import mlflow
    from mlflow.exceptions import MlflowException

    try:
        return mlflow.MlflowClient().get_run(run_id)
    except MlflowException:
        return None


def _name_for_id(a: Answers) -> str | None:
    import mlflow

    if _run(a.my_run) is not None:
        return None
    runs = mlflow.MlflowClient().search_runs([a.summary.experiment.experiment_id])
    if a.my_run in {run.info.run_name for run in runs}:
        return f"`my_run` = {a.my_run!r} is a run's name"
    return None


def _run_of_another(a: Answers) -> str | None:
    run, mine = _run(a.my_run), _sources(a.my_notebook)
    if run is None or mine is None:
        return None
    trial = next((t for t in a.summary.trials if t.mlflow_run_id == a.my_run), None)
    if trial is not None:
        return f"`my_run` is that of trial {trial.number} of the search"
    names = re.findall(r'run_name="([^"]*)"', "\n".join(mine))
    if names and run.info.run_name not in names:
        return f"`my_run` is called {run.info.run_name!r}, which `my_notebook` does not log"
    return None


def _edited_after_run(a: Answers) -> str | None:
    run, mine = _run(a.my_run), _sources(a.my_notebook)
    if run is None or mine is None:
        return None
    ran = run.data.tags.get("code_sha256")  # run_here leaves it, JupyterLab does not
    if ran and ran != sha256("\n".join(mine).encode()).hexdigest():
        return "the code of `my_notebook` is not the code that `my_run` ran"
    return None


def _reached(a: Answers) -> float | None:
    """The metric of the learner's run, if there is one."""
    run = _run(a.my_run)
    value = None if run is None else run.data.metrics.get(METRIC)
    return None if value is None else float(value)


def _column_not_used(a: Answers) -> str | None:
    found = _reached(a)
    for trial in a.summary.trials:
        if found is not None and _near(found, float(trial.evaluation_metric_score), 1e-9):
            model = f"trial {trial.number}, {trial.model_description}"
            return f"{METRIC} of `my_run` is {found:.5f}, exactly that of {model}"
    return None


def _by_a_hair(a: Answers) -> str | None:
    found, best = _reached(a), a.summary.best_trial
    score = float(best.evaluation_metric_score)
    if found is not None and 0 < found - score < ENOUGH:
        return (
            f"{METRIC} of `my_run` is {found:.5f}, that of trial {best.number} {score:.5f}: "
            f"{found - score:.5f} more"
        )
    return None


def _not_better(a: Answers) -> str | None:
    found, best = _reached(a), a.summary.best_trial
    score = float(best.evaluation_metric_score)
    if found is not None and found <= score:
        return (
            f"{METRIC} of `my_run` is {found:.5f}; trial {best.number}, the best one, "
            f"has {score:.5f}"
        )
    return None


def _right_edit(a: Answers) -> str | None:
    if _sources(a.my_notebook) is None:
        return "`my_notebook` cannot be read as a notebook"
    run = _run(a.my_run)
    if run is None:
        return "`my_run` is no run that MLflow knows"
    if run.info.status != "FINISHED" or METRIC not in run.data.metrics:
        return f"`my_run` is {run.info.status.lower()} and has logged no {METRIC}"
    if run.info.experiment_id != a.summary.experiment.experiment_id:
        return "`my_run` is a run of another experiment"
    known = _customers(a, "known")
    truth = get_truth("churn").probability.loc[known["customer_id"]].to_numpy()
    if run.data.metrics[METRIC] > _auc(_left(known), truth) + 0.005:
        return f"{METRIC} of `my_run` is above what even the true probabilities reach: a leak"
    return None


# --- q4 ---------------------------------------------------------------------------------------


def _mine(a: Answers) -> np.ndarray:
    """What the learner's model says to the test customers."""
    return _says(a, a.my_run)


def _customers_left(a: Answers) -> np.ndarray:
    return _left(_customers(a, "test"))


def _my_auc(a: Answers) -> float:
    return _auc(_customers_left(a), _mine(a))


def _gain(a: Answers) -> float:
    return _my_auc(a) - _auc(_customers_left(a), _theirs(a))


def _gain_is_right(a: Answers) -> bool:
    return _near(a.gain, _gain(a))


def _gain_interval(a: Answers) -> tuple[float, float]:
    left, mine, theirs = _customers_left(a), _mine(a), _theirs(a)
    rows = _draws(len(left))
    return _middle([_auc(left[r], mine[r]) - _auc(left[r], theirs[r]) for r in rows])


def _truth_on_test(a: Answers) -> float:
    test = _customers(a, "test")
    truth = get_truth("churn").probability.loc[test["customer_id"]].to_numpy()
    return _auc(_left(test), truth)


def _other_way_round(a: Answers) -> str | None:
    due = _gain(a)
    if not _near(due, 0) and _near(a.gain, -due):
        return "`gain` is the other model's AUC minus yours"
    return None


def _gain_in_folds(a: Answers) -> str | None:
    run = _run(a.my_run)
    if run is None:
        return None
    found = run.data.metrics.get(METRIC, 0.0) - a.summary.best_trial.evaluation_metric_score
    if _near(a.gain, found) and not _gain_is_right(a):
        return "`gain` is that of the folds by which you have chosen"
    return None


def _overwritten(a: Answers) -> str | None:
    test = _customers(a, "test")
    now = a.probability
    same_rows = getattr(now, "ndim", 0) == 1 and set(getattr(now, "index", ())) == set(test.index)
    values = now.loc[test.index].to_numpy() if same_rows else None
    if values is not None and np.array_equal(values, _theirs(a)):
        return None
    if _right_gain(a) is None:  # it got another value when all was computed
        return None
    if values is not None and values.dtype.kind == "f" and np.allclose(values, _mine(a)):
        return "`probability` now holds your model's values; it is the search's from question 2"
    return "`probability` is no longer what question 2 made: the search's"


def _ends_swapped(a: Answers) -> str | None:
    if _gain_is_right(a) and a.gain_low > a.gain_high:
        ends = f"`gain_low` = {float(a.gain_low):+.4g}, `gain_high` = {float(a.gain_high):+.4g}"
        return f"{ends}: the low end is above the high one"
    return None


def _gain_by_one_deviation(a: Answers) -> str | None:
    least, most = _ONE_DEVIATION
    part = _times_as_wide((a.gain_low, a.gain_high), _gain_interval(a))
    if _gain_is_right(a) and _holds_gain(a) and least <= part <= most:
        return f"from `gain_low` to `gain_high` it is {part:.0%} of the middle 95 %"
    return None


def _holds_gain(a: Answers) -> bool:
    return float(a.gain_low) <= float(a.gain) <= float(a.gain_high)


def _unpaired(a: Answers) -> str | None:
    if not _gain_is_right(a) or not _holds_gain(a):
        return None
    times = _times_as_wide((a.gain_low, a.gain_high), _gain_interval(a))
    if times > 2.5:
        return f"from `gain_low` to `gain_high` it is {times:.1f} times what the same rows give"
    return None


def _left_to_one(a: Answers) -> str | None:
    if _gain_is_right(a) and _near(a.left_over, 1 - _my_auc(a)):
        return "`left_over` is the distance to an AUC of 1"
    return None


def _left_to_the_search(a: Answers) -> str | None:
    search = _auc(_customers_left(a), _theirs(a))
    if _gain_is_right(a) and _near(a.left_over, _truth_on_test(a) - search):
        return "`left_over` is what the search's best trial has left"
    return None


def _left_turned(a: Answers) -> str | None:
    due = _truth_on_test(a) - _my_auc(a)
    if _gain_is_right(a) and not _near(due, 0) and _near(a.left_over, -due):
        return "`left_over` is your AUC minus that of the truth"
    return None


def _left_of_folds(a: Answers) -> str | None:
    found, known = _reached(a), _customers(a, "known")
    truth = get_truth("churn").probability.loc[known["customer_id"]].to_numpy()
    ends = (_truth_on_test(a), _auc(_left(known), truth))
    if found is None or not _gain_is_right(a):
        return None
    if any(_near(a.left_over, end - found) for end in ends):
        return f"`left_over` takes your {METRIC}, which is of the folds"
    return None


def _right_gain(a: Answers) -> str | None:
    if not _gain_is_right(a):
        return f"`gain` = {float(a.gain):+.4g} is not the difference of the two AUCs"
    ends = f"`gain_low` = {float(a.gain_low):+.4g}, `gain_high` = {float(a.gain_high):+.4g}"
    if not _holds_gain(a):
        return f"{ends} do not belong to `gain` = {float(a.gain):+.4g}, which is outside"
    if not _close_ends((a.gain_low, a.gain_high), _gain_interval(a)):
        return f"{ends} are not the middle 95 % of the gain"
    if bool(a.better) != (float(a.gain_low) > 0):
        return f"`better` is {bool(a.better)} with `gain_low` = {float(a.gain_low):+.4g}"
    if not _near(a.left_over, _truth_on_test(a) - _my_auc(a)):
        return f"`left_over` = {float(a.left_over):+.4g} is not the AUC of the truth minus yours"
    return None


def _told_gain(a: Answers) -> str | None:
    if bool(a.better):
        return None
    return "on these test rows the gain is not sure; more of them would narrow the interval"


# --- q5 ---------------------------------------------------------------------------------------


def _version(a: Answers) -> Any:
    """The registered version of that number, or None."""
    import mlflow
    from mlflow.exceptions import MlflowException

    try:
        return mlflow.MlflowClient().get_model_version(MODEL, str(int(a.version)))
    except MlflowException:
        return None


def _no_such_version(a: Answers) -> str | None:
    return None if _version(a) else f"`{MODEL}` has no version {int(a.version)}"


def _searchs_model(a: Answers) -> str | None:
    version = _version(a)
    numbers = {trial.mlflow_run_id: trial.number for trial in a.summary.trials}
    if version is not None and version.run_id in numbers:
        return f"`version` {int(a.version)} is of trial {numbers[version.run_id]} of the search"
    return None


def _champion(a: Answers) -> int | None:
    """The version that the alias points to, or None."""
    import mlflow
    from mlflow.exceptions import MlflowException

    try:
        return int(mlflow.MlflowClient().get_model_version_by_alias(MODEL, ALIAS).version)
    except MlflowException:
        return None


def _no_alias(a: Answers) -> str | None:
    if _champion(a) is None:
        return f"no version of {MODEL} has the alias {ALIAS}, also not `version`"
    return None


def _alias_elsewhere(a: Answers) -> str | None:
    points = _champion(a)
    if points != int(a.version):
        return f"the alias {ALIAS} points to version {points}, `version` is {int(a.version)}"
    return None


def _no_description(a: Answers) -> str | None:
    version = _version(a)
    if version is not None and len((version.description or "").split()) < 3:
        return f"the description of `version` {int(a.version)} is {version.description or ''!r}"
    return None


def _right_version(a: Answers) -> str | None:
    version = _version(a)
    if version is None or version.run_id != a.my_run:
        return f"the model of `version` {int(a.version)} was not logged by `my_run`"
    return None


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
        mistakes=(
            Mistake(
                "known-not-test",
                _known_share,
                say="The known customers say which answer to give; how often it is right is "
                "counted among the test customers.",
            ),
            Mistake(
                "in-percent",
                _percent,
                say="Give it as a share between 0 and 1, as the leaderboard does.",
            ),
            Mistake(
                "a-count",
                _count,
                say="It is how many customers the answer is right for; divide by how many there "
                "are.",
            ),
            Mistake(
                "auc-of-the-folds",
                _auc_of_the_folds,
                say="There the folds got different constants, each the share of leavers in the "
                "other folds. Here everybody gets the same one.",
            ),
            Mistake(
                "rarer-answer",
                _rarer_answer,
                say='Most customers stay, so the better constant answer is "no"; who says it is '
                "right for those who stay.",
            ),
            Mistake(
                "auc-is-a-share",
                _auc_of_another_kind,
                say="The AUC counts pairs of one who left and one who stayed, not customers; how "
                "many leave does not matter.",
            ),
            Mistake(
                "auc-at-the-end",
                _auc_of_nothing,
                say="0 would mean that all pairs are in the wrong order, 1 all in the right one; "
                "the same probability for all puts them in none.",
            ),
        ),
        refuse=_right_baseline,
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
        mistakes=(
            Mistake(
                "both-classes",
                _both_classes,
                say="predict_proba has a column per class, in the order of model.classes_; take "
                "the one of those who leave.",
            ),
            Mistake(
                "index-lost",
                _index_lost,
                say="predict_proba knows no index, so give the Series that of test: "
                "pd.Series(…, index=test.index).",
            ),
            Mistake(
                "other-customers",
                _other_rows,
                say="The model saw the known customers with their answers; judge it on `test` "
                "alone and give the Series its index.",
            ),
            Mistake(
                "classes-for-probabilities",
                _classes,
                say="predict gives the class; predict_proba gives how likely it is, which the AUC "
                "needs to put customers in an order.",
            ),
            Mistake(
                "other-class",
                _other_class,
                say="It is the column of the other class: predict_proba has them in the order of "
                "model.classes_.",
            ),
            Mistake(
                "not-probabilities",
                _not_probabilities,
                say="Percent, ranks or scores keep the AUC, but are no probabilities; take the "
                "column of predict_proba as it is.",
            ),
            Mistake(
                "another-metric",
                _other_number,
                say="Compute the AUC of `probability` on the test customers.",
            ),
            Mistake(
                "interval-of-folds",
                _interval_of_folds,
                say="summary.interval belongs to the comparison of trials, by which the best one "
                "was chosen; the test customers give another.",
            ),
            Mistake(
                "interval-elsewhere",
                _elsewhere,
                say="The AUCs were drawn from other customers or another model. Draw from `test`, "
                "with the values of `probability`.",
            ),
            Mistake(
                "not-redrawn",
                _not_redrawn,
                say="Drawn without replacement? Then each sample has the same customers in another "
                "order.",
            ),
            Mistake(
                "one-deviation",
                _one_deviation,
                say="One standard deviation to each side holds the middle 68 %; asked is the "
                "middle 95 %.",
            ),
            Mistake(
                "narrow-interval",
                _narrow,
                say="Draw as many customers as there are, with replacement, and keep all from the "
                "2.5th to the 97.5th percentile of the AUCs.",
            ),
            Mistake(
                "compared-with-accuracy",
                _compared_with_accuracy,
                say="The interval is one of AUCs: compare `low` with baseline_auc, not with "
                "baseline_accuracy.",
            ),
        ),
        refuse=_right_prediction,
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
        mistakes=(
            Mistake(
                "no-copy",
                _not_a_copy,
                say="A trial's notebook is the record of the search; edit a copy under a name of "
                "its own.",
            ),
            Mistake(
                "comparison-changed",
                _comparison_changed,
                say="Other rows, folds, metrics or fits make the numbers incomparable; change what "
                "prepares the columns, and the model.",
            ),
            Mistake(
                "nothing-changed",
                _nothing_changed,
                say="The copy is the notebook as it was; was the edited text saved to this file?",
            ),
            Mistake(
                "answer-among-columns",
                _learns_from_the_answer,
                say="A model that is told the answer cannot be used where it is not known yet. "
                "`prepare` takes all it needs from `frame`.",
            ),
            Mistake(
                "name-for-id",
                _name_for_id,
                say="Names may occur twice; the id is what run_here gives.",
            ),
            Mistake(
                "another-run",
                _run_of_another,
                say="Run `my_notebook` from its first to its last cell; run_here gives the id of "
                "the run that it logs.",
            ),
            Mistake(
                "edited-after-run",
                _edited_after_run,
                say="It was edited after its run: run it again, and keep the id of that run.",
            ),
            Mistake(
                "column-not-used",
                _column_not_used,
                say="The model saw nothing new: the preprocess cell lists the columns that it "
                "takes. Change one of these, or add yours there.",
            ),
            Mistake(
                "by-a-hair",
                _by_a_hair,
                say="So small a gain is settings or luck, not knowledge of the columns; asked are "
                f"{ENOUGH} more. For whom does the price count?",
            ),
            Mistake(
                "not-better",
                _not_better,
                say="The change does not help this model. For whom does the price count?",
            ),
        ),
        refuse=_right_edit,
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
        mistakes=(
            Mistake(
                "probability-overwritten",
                _overwritten,
                say="Give yours another name, and run the cell of question 2 again.",
            ),
            Mistake(
                "other-way-round",
                _other_way_round,
                say="A gain is yours minus theirs.",
            ),
            Mistake(
                "gain-in-folds",
                _gain_in_folds,
                say="By these numbers the edit was chosen, so luck may be in them; the test "
                "customers had no part in it.",
            ),
            Mistake(
                "ends-swapped",
                _ends_swapped,
                say="np.percentile gives the ends in the order in which they are asked for: "
                "[2.5, 97.5].",
            ),
            Mistake(
                "one-deviation",
                _gain_by_one_deviation,
                say="One standard deviation to each side holds the middle 68 %; asked is the "
                "middle 95 %.",
            ),
            Mistake(
                "not-paired",
                _unpaired,
                say="Each model was drawn its own customers, or the ends of two intervals were "
                "subtracted. Which customers are hard is then luck twice.",
            ),
            Mistake(
                "left-to-one",
                _left_to_one,
                say="Nobody reaches 1: who leaves is partly chance. The AUC of TRUE is the end.",
            ),
            Mistake(
                "left-to-the-search",
                _left_to_the_search,
                say="Subtract the AUC of your own model, not that of the search's best.",
            ),
            Mistake(
                "left-over-turned",
                _left_turned,
                say="What is left is the AUC of TRUE minus yours.",
            ),
            Mistake(
                "left-over-in-folds",
                _left_of_folds,
                say="Take both AUCs on the same rows, the test customers.",
            ),
        ),
        refuse=_right_gain,
        note=_told_gain,
        why="two models miss on the same customers, so only a paired comparison says what a change "
        "is worth.",
    ),
    Question(
        id="q5",
        title="Register it",
        points=2,
        needs=("q3",),
        names={"version": "integer"},
        hints=(
            "mlflow.register_model takes the address of a logged model, runs:/<run id>/model, and "
            "gives the version; its number is in .version.",
            "MlflowClient has update_model_version(name, version, description) and "
            "set_registered_model_alias(name, alias, version).",
        ),
        mistakes=(
            Mistake(
                "no-such-version",
                _no_such_version,
                say=f"The model was registered under another name than {MODEL}, or the number is "
                "not a version's.",
            ),
            Mistake(
                "model-of-the-search",
                _searchs_model,
                say="summary.register takes the search's best trial; your model is in my_run.",
            ),
            Mistake(
                "no-alias",
                _no_alias,
                say="Registering sets no alias; set it with set_registered_model_alias.",
            ),
            Mistake(
                "alias-elsewhere",
                _alias_elsewhere,
                say="An alias stays where it is until it is set anew; who loads the champion would "
                "get another model.",
            ),
            Mistake(
                "no-description",
                _no_description,
                say="Say in a sentence what was changed; the number of a version tells nobody.",
            ),
        ),
        refuse=_right_version,
        why="whoever uses the champion gets the next one without a change of code, and can read "
        "what it is.",
    ),
]
