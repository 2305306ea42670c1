"""The questions of lab 17.

A learner's frame runs in the check, so that the loads of the model are counted as they happen.
"""

import re
import warnings
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from course_utils.lab import Answers, Question, kinds
from course_utils.lab.decide import decided, refused
from course_utils.lab.values import Formula, Values

Found = tuple[str, str] | None
Numbers = np.ndarray[Any, Any]

CENT = 0.01  # dollars
BATCH = 50  # rows, as the lab has set it
IN_PYTHON = re.compile(r"EvalPython|InPandas|InArrow|ExistingRDD|LogicalRDD")
PRICES = {"id": "number", "prediction": "number"}


# --- references -------------------------------------------------------------------------------


def _forest(a: Answers) -> Any:
    """The lab's forest, without a note."""
    import joblib

    return a.once("forest", lambda a: joblib.load(a.MODEL))


def _logs(a: Answers, columns: list[str] | None = None) -> Numbers:
    """What the forest says about the homes, in the order of their ids."""
    return _forest(a).predict(a.homes[columns or a.COLUMNS].to_numpy())


def _tree_logs(a: Answers, columns: list[str] | None = None) -> Numbers:
    """(trees, homes)"""
    X = a.homes[columns or a.COLUMNS].to_numpy()
    return np.array([tree.predict(X) for tree in _forest(a).estimators_])


def _notes(a: Answers) -> set[str]:
    return {path.name for path in Path(a.LOADS).iterdir()}


def _new_loads(a: Answers, before: set[str]) -> Counter[str]:
    """task -> loads that its worker has noted since."""
    tasks = (note.partition("-")[0] for note in _notes(a) - before)
    return Counter(task for task in tasks if task.startswith("task"))


def _run(a: Answers, name: str) -> tuple[Any, Counter[str]]:
    """The learner's frame as pandas in the order of ids, and the loads while it ran; one job."""

    def make(a: Answers) -> tuple[Any, Counter[str]]:
        before = _notes(a)
        table = a.pandas(name).sort_values("id", ignore_index=True)
        return table, _new_loads(a, before)

    return a.once(("run", name), make)


# --- prices -----------------------------------------------------------------------------------


def _same(found: Numbers, due: Numbers) -> bool:
    return bool(np.allclose(found, due, rtol=1e-6, atol=1e-9))


def _decimals(found: Numbers, due: Numbers) -> int | None:
    """To how many decimals all numbers were rounded; more than three do not show."""
    rounded = (n for n in range(4) if np.allclose(found, np.round(due, n), rtol=0, atol=1e-9))
    return next(rounded, None)


def _ids_found(a: Answers, name: str) -> Found:
    ids = _run(a, name)[0]["id"].to_numpy()
    if np.array_equal(ids, np.arange(len(a.homes))):
        return None
    told = f"`{name}` has {len(ids):,} rows with {len(set(ids.tolist())):,} different ids"
    return "rows-changed", told


def _prices_found(a: Answers, name: str) -> Found:
    """What is wrong with the column `prediction`."""
    if (found := _ids_found(a, name)) is not None:
        return found
    prices = _run(a, name)[0]["prediction"].to_numpy(dtype=float)
    logs = _logs(a)
    due = np.exp(logs)
    if _same(prices, due):
        return None
    wrong = int((~np.isclose(prices, due, rtol=1e-6)).sum())
    told = f"`{name}` has a wrong price in {wrong:,} rows"
    if _same(prices, logs) or _same(prices, np.trunc(logs)):
        return "left-in-log", f"`{name}` has {prices[0]:.3f} for the first offer"
    if np.abs(prices - due).max() <= 1 and np.array_equal(prices, np.round(prices)):
        return "whole-dollars", f"`{name}` has whole numbers only"
    if (decimals := _decimals(prices, due)) is not None:
        return "rounded", f"the prices in `{name}` have {decimals} decimals"
    for columns in _other_orders(a):
        if _same(prices, np.exp(_logs(a, columns))):
            return "columns-out-of-order", told
    if _same(np.sort(prices), np.sort(due)):
        return "misaligned", told
    return "", told


def _other_orders(a: Answers) -> list[list[str]]:
    return [sorted(a.COLUMNS), a.COLUMNS[::-1], [*a.COLUMNS[2:], *a.COLUMNS[:2]]]


PRICES_SAY = {
    "rows-changed": "Each offer is to be there once, with its own id: nothing filtered, joined or "
    "numbered anew.",
    "left-in-log": "The forest predicts log(price); np.exp or F.exp makes dollars of it.",
    "whole-dollars": "Whole numbers have lost their cents; the price is a double.",
    "rounded": "They are right, but for their digits; keep all of them.",
    "columns-out-of-order": "The forest knows columns by their place only; hand them over in the "
    "order of COLUMNS.",
    "misaligned": "The right prices are there, but in other rows: something changed the order "
    "between the rows and their predictions.",
}


# --- q1 ---------------------------------------------------------------------------------------


def _scored_found(a: Answers) -> Found:
    return _prices_found(a, "scored") or _loads_found(a)


def _made_here(a: Answers, name: str) -> Found:
    """Whether the workers had nothing to do for a frame."""
    plan = getattr(a, name)._jdf.queryExecution().toString()
    if IN_PYTHON.search(plan) or "InMemoryRelation" in plan:
        return None
    return "scored-on-driver", f"no Python function is in the plan of `{name}`"


def _loads_found(a: Answers) -> Found:
    _, loads = _run(a, "scored")
    total = sum(loads.values())
    if not total:
        if "InMemoryRelation" in a.scored._jdf.queryExecution().toString():
            return None  # a cache that is filled already shows no loads
        told = "the workers computed `scored` without a call of `load_model`"
        return _made_here(a, "scored") or ("without-load-model", told)
    if max(loads.values()) == 1:
        return None
    told = f"`load_model` ran {total:,} times in {len(loads)} tasks"
    if total == len(a.homes):
        return "load-per-row", told
    return ("load-per-batch" if total >= len(a.homes) / BATCH else ""), told


# --- q2 ---------------------------------------------------------------------------------------


def _counts_found(a: Answers) -> Found:
    def watch(make: Callable[[], Any]) -> tuple[Any, Counter[str]]:
        before = _notes(a)
        return make(), _new_loads(a, before)

    a.by_batch.unpersist()  # an earlier version of `loads_of` may have cached it
    frame = a.by_batch.select("*")  # a plan of its own, so that nothing is left of this check
    _, all_of_them = watch(lambda: a.table(frame))
    due = sum(all_of_them.values())
    (first, loads) = watch(lambda: a.call("loads_of", frame))
    if not kinds.fits(first, "integer"):
        return "", f"`loads_of(by_batch)` returned {kinds.describe(first)}"
    told = f"`loads_of(by_batch)` returned {int(first)}"
    if frame.storageLevel.useMemory or frame.storageLevel.useDisk:
        frame.unpersist()
        return "left-in-cache", f"{told}, and has left the frame in Spark's cache"
    ran = sum(loads.values())
    if not ran:
        return "nothing-ran", f"{told}, and the workers loaded nothing meanwhile"
    if ran < due:
        return "only-a-part", f"{told}; the workers loaded {ran} times, and there is more to do"
    if ran > due:
        return "ran-twice", f"{told}; the workers did the work more than once"
    if first == due:
        second, loads = watch(lambda: a.call("loads_of", frame.unionAll(frame)))
        return _second_count_found(second, sum(loads.values()), due)
    if not first:
        return "notes-missed", f"{told}, although the workers have loaded meanwhile"
    if first in (len(all_of_them), len(loads)):
        return "tasks-counted", told
    if first == len(a.homes):
        return "rows-counted", told
    return ("old-notes-counted" if first > due else ""), told


def _second_count_found(found: Any, ran: int, due: int) -> Found:
    """What is wrong with the count for twice the frame, right after the first."""
    if found == 2 * due:
        return None
    told = f"for `by_batch` twice, one below the other, `loads_of` returned {found!r:.20}"
    if ran == due:
        return "another-frame", f"{told}; the workers loaded {ran} times, as for `by_batch` alone"
    return ("old-notes-counted" if ran == 2 * due and found == 3 * due else ""), told


# --- q3 ---------------------------------------------------------------------------------------

BUGS = {
    "bug_a": ("per batch", "loads-mixed-up"),
    "bug_b": ("per row", "loads-mixed-up"),
    "bug_c": ("on the driver", "driver-not-seen"),
    "bug_d": ("misaligned", "misaligned-not-seen"),
}


def _bugs_found(a: Answers) -> Found:
    for name, (due, id) in BUGS.items():
        given = getattr(a, name)
        if given != due:
            return id, f"`{name}` is {given!r}"
    return None


def _gaps(a: Answers) -> Numbers:
    """How many dollars scorer D is above the right price, for each offer; one job."""

    def make(a: Answers) -> Numbers:
        table = a.table(a.scorer_d(a.offers)).sort_values("id")
        return np.asarray(table["prediction"].to_numpy() - np.exp(_logs(a)))

    return a.once("scorer_d", make)


def _count_of(*conditions: Callable[[Numbers], Numbers]) -> Formula:
    """The numbers of offers whose gaps fulfil one of the conditions."""
    return lambda a: {"wrong_rows": [float(condition(_gaps(a)).sum()) for condition in conditions]}


WRONG = Values(_count_of(lambda gaps: abs(gaps) > CENT), tolerance=1e-9)


# --- q4 ---------------------------------------------------------------------------------------


ASKED = (0.1, 0.9)
OTHERS = ((0.05, 0.95), (0.25, 0.75), (0.0, 1.0), (0.01, 0.99), (0.2, 0.8), (0.001, 0.009))
METHODS: tuple[Any, ...] = ("nearest", "lower", "higher", "inverted_cdf")


def _ranges_found(a: Answers) -> Found:
    if (found := _ids_found(a, "ranges")) is not None:
        return found
    types = dict(a.ranges.dtypes)
    table = _run(a, "ranges")[0]
    low, high = (table[name].to_numpy(dtype=float) for name in ("low", "high"))
    for name in ("low", "high"):
        kind = types[next(each for each in types if each.lower() == name)]
        if kind != "double":
            id = "single-precision" if kind == "float" else "whole-dollars"
            return id, f"`{name}` is of type {kind}"
    logs = _tree_logs(a)
    prices = np.exp(logs)
    given, due = np.stack([low, high]), np.quantile(prices, ASKED, axis=0)
    if _same(given, due):
        return None
    if _same(given, due[::-1]):
        return "swapped", "`low` lies above `high`"
    if (decimals := _decimals(given, due)) is not None:
        return "rounded", f"the prices in `ranges` have {decimals} decimals"
    told = f"`low` and `high` are {low[0]:.2f} and {high[0]:.2f} for the first offer"
    of_logs = np.quantile(logs, ASKED, axis=0)
    if _same(given, of_logs):
        return "left-in-log", told
    if _same(given, np.exp(of_logs)):
        return "quantiles-of-logs", told
    for pair in OTHERS:
        if _same(given, np.quantile(prices, pair, axis=0)):
            return "other-quantiles", told
    for method in METHODS:
        if _same(given, np.quantile(prices, ASKED, axis=0, method=method)):
            return "without-interpolation", told
    for columns in _other_orders(a):
        if _same(given, np.quantile(np.exp(_tree_logs(a, columns)), ASKED, axis=0)):
            return "columns-out-of-order", told
    if _same(np.sort(low), np.sort(due[0])) and _same(np.sort(high), np.sort(due[1])):
        return "misaligned", told
    return "", told


# --- q5 ---------------------------------------------------------------------------------------


def _mlflow_found(a: Answers) -> Found:
    import mlflow

    try:
        info = mlflow.models.get_model_info(a.model_uri)
        model = mlflow.pyfunc.load_model(a.model_uri)
    except Exception as error:
        # MLflow raises its own errors and those of whatever store the text points to
        return "no-model-there", f"MLflow has no model at `model_uri` ({type(error).__name__})"
    if info.signature is None or info.signature.inputs is None:
        return "no-signature", "the model at `model_uri` has no signature"
    names = info.signature.inputs.input_names()
    if names != a.COLUMNS:
        told = ", ".join(f"`{name}`" for name in names[:3])
        return "other-signature", f"the inputs of its signature begin with {told}"
    with warnings.catch_warnings(action="ignore"):  # the forest has learned no names of columns
        logs = np.ravel(model.predict(a.homes[a.COLUMNS]))
    if not _same(logs, _logs(a)):
        return "other-model", "the model at `model_uri` predicts something else than the forest"
    return _prices_found(a, "by_mlflow") or _scored_otherwise(a)


def _scored_otherwise(a: Answers) -> Found:
    """Whether right prices come from somewhere else than the model in MLflow."""
    if total := sum(_run(a, "by_mlflow")[1].values()):
        return "not-by-mlflow", f"the workers called `load_model` {total} times for `by_mlflow`"
    return _made_here(a, "by_mlflow")


def _says(*ids: str, **own: str) -> Mapping[str, str]:
    shared = {id: PRICES_SAY[id] for id in ids}
    return shared | {id.replace("_", "-"): say for id, say in own.items()}


QUESTIONS = [
    Question(
        id="q1",
        title="Score with the iterator form",
        names={"scored": "frame"},
        columns={"scored": PRICES},
        looks_at={"load_model": "its notes are counted"},
        hints=(
            "The type hints say which form it is: from an Iterator[pd.DataFrame] to an "
            "Iterator[pd.Series]. What stands above the loop happens once per task.",
            "Inside: model = load_model(), then for each batch yield "
            "pd.Series(np.exp(model.predict(batch[COLUMNS].to_numpy()))). Call the UDF with "
            "F.struct(*COLUMNS).",
        ),
        mistakes=decided(
            _scored_found,
            {
                **PRICES_SAY,
                "load-per-row": "load_model() stands in a function that is called for each row.",
                "load-per-batch": "load_model() stands where it is called for each batch; in the "
                "iterator form it stands above the loop.",
                "without-load-model": "The model came along from the notebook, or something else "
                "has loaded it; call load_model() inside of the function, above the loop.",
                "scored-on-driver": "The predictions were made in the notebook. The workers do "
                "nothing, and a large table would not fit there.",
            },
        ),
        refuse=refused(_scored_found),
        why="a model that takes minutes to load must not be loaded for every batch.",
        points=2,
    ),
    Question(
        id="q2",
        title="Count the loads",
        names={"loads_of": "function"},
        looks_at={"frame": "the argument of loads_of"},
        hints=(
            "Note which notes are there, let Spark do the whole work, and look which are new. "
            "Which action computes every column?",
            "before = set(notes()), then frame.write.format('noop').mode('overwrite').save(), then "
            "the notes that are not in `before` and begin with 'task'.",
        ),
        mistakes=decided(
            _counts_found,
            {
                "nothing-ran": "Without an action Spark computes nothing, and count() leaves out "
                "the columns that it does not need.",
                "only-a-part": "show(), first() and take() stop after the first rows.",
                "ran-twice": "Two actions compute the frame twice.",
                "tasks-counted": "Tasks, processes or partitions were counted; one task may load "
                "many times.",
                "rows-counted": "The rows were counted, not the notes.",
                "notes-missed": "The new notes were taken before the work was done, the old ones "
                "after it, or they were not those of the tasks.",
                "left-in-cache": "What is cached is not computed again: the next count would be 0. "
                "Leave cache() out, or end with unpersist().",
                "another-frame": "What has to be computed is the argument of the function, not a "
                "frame of the notebook.",
                "old-notes-counted": "Notes of earlier runs are in the number. Delete them first, "
                "or leave out those that were there before.",
            },
        ),
        refuse=refused(_counts_found),
        why="a number that you have counted ends every discussion of how often something happens.",
        points=2,
    ),
    Question(
        id="q3",
        title="Four scorers",
        names={**dict.fromkeys(BUGS, "choice"), "wrong_rows": "integer"},
        needs=("q1",),
        choices=dict.fromkeys(BUGS, ("per row", "per batch", "on the driver", "misaligned")),
        looks_at=dict.fromkeys(("id", "prediction"), "what the lab's scorers return"),
        hints=(
            "Two of the four differ in their loads: count them. One has no Python function in its "
            "plan: explain() shows it. For the last one compare with `scored`.",
            "scorer_d(offers).join(scored…, 'id') puts both prices side by side; filter where they "
            "differ by more than 0.01, and count.",
        ),
        mistakes=decided(
            _bugs_found,
            {
                "loads-mixed-up": "Count: loads_of(scorer_a(few)) and loads_of(scorer_b(few)), "
                "beside the number of rows in few.",
                "driver-not-seen": "Look where its predict runs: is it in a function that Spark "
                "sends to the workers?",
                "misaligned-not-seen": "It loads once per task, so its speed is fine. Compare its "
                "prices with yours, id by id.",
            },
            WRONG.wrong(
                "right-rows-counted",
                _count_of(lambda gaps: abs(gaps) <= CENT),
                "counts the rows with the right price",
                "The condition of the filter is turned around.",
            ),
            WRONG.wrong(
                "all-rows-counted",
                lambda a: {"wrong_rows": [len(_gaps(a)), len(_gaps(a)) ** 2]},
                "is the number of all rows",
                "Some offers keep their place, or trade it for one of the same price. Compare with "
                "what the forest says about the same offer, in dollars.",
            ),
            WRONG.wrong(
                "one-direction",
                _count_of(lambda gaps: gaps > CENT, lambda gaps: gaps < -CENT),
                "counts only those that are too high, or too low",
                "A difference may be negative; F.abs or np.abs takes the sign away.",
            ),
        ),
        refuse=refused(_bugs_found, WRONG),
        why="a wrong alignment raises no error; only a comparison finds it.",
        points=2,
    ),
    Question(
        id="q4",
        title="Two columns from one call",
        names={"ranges": "frame"},
        columns={"ranges": {"id": "number", "low": "number", "high": "number"}},
        looks_at={
            "returnType": "its types are looked at",
            "double": "single-precision, whole-dollars",
        },
        hints=(
            "mapInPandas takes a schema of three columns. A pandas UDF can do it as well: with the "
            "returnType 'low double, high double' it returns a pd.DataFrame, and "
            "select('id', 'range.*') unpacks the struct.",
            "np.exp([tree.predict(X) for tree in model.estimators_]) has a row for each tree; "
            "np.quantile(prices, [0.1, 0.9], axis=0) goes over the trees.",
        ),
        mistakes=decided(
            _ranges_found,
            {
                **_says("rows-changed", "left-in-log", "whole-dollars", "rounded", "misaligned"),
                **_says("columns-out-of-order"),
                "single-precision": "A float has 32 bits, about seven digits; a double has 64.",
                "swapped": "The two quantiles went into each other's column.",
                "quantiles-of-logs": "The quantiles were taken of the logarithms and then made "
                "dollars; first dollars, then quantiles.",
                "other-quantiles": "They are other quantiles of the 20 prices; 0.1 and 0.9 are "
                "asked for (np.percentile wants 10 and 90).",
                "without-interpolation": "They are two of the 20 prices themselves. np.quantile "
                "goes between two prices where its place lies between them.",
            },
        ),
        refuse=refused(_ranges_found),
        why="one call of the model may answer several questions; the schema says what comes back.",
        points=2,
    ),
    Question(
        id="q5",
        title="The same model from MLflow",
        names={"model_uri": "text", "by_mlflow": "frame"},
        columns={"by_mlflow": PRICES},
        looks_at={"forest": "other-model"},
        hints=(
            "infer_signature(homes[COLUMNS], predictions) makes the signature. log_model returns "
            "an object with the attribute model_uri.",
            "mlflow.pyfunc.spark_udf(spark, model_uri, 'double', env_manager='local') makes the "
            "UDF; call it with F.struct(*COLUMNS), and F.exp makes dollars of it.",
        ),
        mistakes=decided(
            _mlflow_found,
            {
                **PRICES_SAY,
                "no-model-there": "It is an address such as models:/m-…; the attribute model_uri "
                "of what log_model returned.",
                "no-signature": "Give log_model a signature or an input_example.",
                "other-signature": "The inputs of the signature are the columns of COLUMNS, in "
                "their order, and nothing else.",
                "not-by-mlflow": "These are prices of another scorer. The frame is to be scored by "
                "what mlflow.pyfunc.spark_udf makes of `model_uri`.",
                "scored-on-driver": "The predictions were made in the notebook; spark_udf lets the "
                "workers make them.",
                "other-model": "It is not the forest of this lab as it was: log what load_model() "
                "returns.",
            },
        ),
        refuse=refused(_mlflow_found),
        why="a model in MLflow can be scored by anyone, with the right columns, anywhere.",
        points=2,
    ),
]
