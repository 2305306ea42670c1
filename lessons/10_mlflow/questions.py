"""The questions of lab 10: judged by what is in the table's log, in MLflow's runs and its registry.

How it got there does not matter: fluent API, client and autolog leave the same behind. What a run
has to hold is computed here from the rows in use, and from the model that the run logged.
"""

import json
import math
import os
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from mlflow.exceptions import MlflowException

from course_utils import locate
from course_utils.lab import Answers, Question, kinds, reference
from course_utils.lab.compare import differs
from course_utils.lab.decide import decided, refused
from course_utils.lab.delta import Table
from course_utils.lab.values import near, shortened

if TYPE_CHECKING:
    import pandas as pd
    from mlflow.entities import Run
    from mlflow.models.model import ModelInfo

FEATURES = (
    "accommodates",
    "bedrooms",
    "bathrooms",
    "minimum_nights",
    "number_of_reviews",
    "review_scores_rating",
)
COLUMNS = (*FEATURES, "price", "part")
METRIC, ALIAS, LOG = "validation_rmse", "champion", "log_price"
_READ = (*FEATURES, "price", "pmod(xxhash64(*), 5) = 1 AS in_validation")
# Right solvers differ by less than this share of the spread of the label
_SAME = 1e-5
_WORDS = 3  # a description has at least so many

Found = tuple[str, str] | None
Numbers = np.ndarray[Any, Any]


# --- what is right ----------------------------------------------------------------------------


@cache
def _cached_listings(place: str) -> "pd.DataFrame":
    rows = reference.split("listings", _READ)["train"]
    rows = rows.assign(part=np.where(rows["in_validation"], "validation", "fit"))
    return rows[list(COLUMNS)].reset_index(drop=True)


def _listings() -> "pd.DataFrame":
    """The rows that `listings` of the lab has, as pandas."""
    return _cached_listings(locate("listings"))


def _wider() -> "pd.DataFrame":
    """The same with the logarithm of the price."""
    rows = _listings()
    return rows.assign(log_price=np.log(rows["price"]))


def _part(name: str) -> "pd.DataFrame":
    """The rows of "fit" or "validation", or "all"."""
    rows = _wider()
    return rows if name == "all" else rows[rows["part"] == name]


def _line(label: str, learned: str = "fit", of: "pd.DataFrame | None" = None) -> Numbers:
    """What a line that learned from these rows predicts, for the validation rows or others."""
    rows = _part("validation") if of is None else of
    x = rows[list(FEATURES)].to_numpy(dtype=float)
    weights = _weights(locate("listings"), label, learned)
    predicted: Numbers = x @ weights[:-1] + weights[-1]
    return predicted


@cache
def _weights(place: str, label: str, learned: str) -> Numbers:
    rows = _part(learned)
    x = np.column_stack([rows[list(FEATURES)].to_numpy(dtype=float), np.ones(len(rows))])
    solved: Numbers = np.linalg.lstsq(x, rows[label].to_numpy(dtype=float), rcond=None)[0]
    return solved


def _rmse(true: Any, predicted: Any) -> float:
    return float(np.sqrt(np.mean((np.asarray(true) - np.asarray(predicted)) ** 2)))


# --- what is there ----------------------------------------------------------------------------


def _run(run_id: str) -> "Run | None":
    import mlflow

    try:
        return mlflow.MlflowClient().get_run(run_id)
    except MlflowException:
        return None


def _data(run_id: str | None) -> dict[str, str]:
    """The parameters of a run; none where there is no such run."""
    run = _run(run_id) if run_id else None
    return {} if run is None else dict(run.data.params)


def _error(run_id: str | None) -> float:
    """The validation error that a run says it has."""
    run = _run(run_id) if run_id else None
    return math.inf if run is None else float(run.data.metrics.get(METRIC, math.inf))


def _runs(experiment: Any) -> "list[Run]":
    import mlflow

    try:
        return list(mlflow.MlflowClient().search_runs([str(experiment)]))
    except MlflowException:
        return []


def _no_run(text: str, name: str, experiment: Any) -> Found:
    """Why a text is not the id of a run."""
    if any(run.info.run_name == text for run in _runs(experiment)):
        return "name-for-id", f"`{name}` is {text[:40]!r}, the name of a run"
    if ":" in text or text.startswith("m-"):
        return "no-such-run", f"`{name}` is the address or the id of a model"
    return "no-such-run", f"MLflow has no run with the id {text[:40]!r}, which `{name}` is"


def _model_of(run_id: str) -> "ModelInfo | None":
    import mlflow

    try:
        return mlflow.models.get_model_info(f"runs:/{run_id}/model")
    except (MlflowException, OSError):
        return None


def _other_models(run: "Run") -> list[str]:
    """The names of the models that a run has logged, whatever they are."""
    import mlflow

    made = run.outputs.model_outputs if run.outputs else []
    try:
        return [mlflow.MlflowClient().get_logged_model(each.model_id).name for each in made]
    except MlflowException:
        return []


def _predicted(info: "ModelInfo", rows: "pd.DataFrame") -> Numbers | None:
    """What a logged model predicts; None if it fails, for whatever reason a model can have."""
    import mlflow

    inputs = info.signature.inputs
    named = inputs is not None and inputs.has_input_names()
    given = rows if named else rows[list(FEATURES)].to_numpy(dtype=float)
    try:
        found = mlflow.pyfunc.load_model(info.model_uri).predict(given)
        return np.asarray(found, dtype=float).reshape(len(rows))
    except Exception:
        return None


# --- the table --------------------------------------------------------------------------------


def _table(a: Answers) -> Table:
    return Table(os.fspath(a.q1_table))


def _columns(table: Table, version: int) -> dict[str, Any]:
    """Column -> type, as the table declared them in a version."""
    declared = table.actions("metaData", version + 1)
    fields = json.loads(declared[-1]["schemaString"])["fields"] if declared else []
    return {field["name"].lower(): field["type"] for field in fields}


def _rows(a: Answers, version: int) -> "pd.DataFrame | None":
    """The rows of a version; None where its files are gone."""
    return a.once(("rows", version), lambda a: _read(a, version))


def _read(a: Answers, version: int) -> "pd.DataFrame | None":
    table = _table(a)
    if not table.plain:  # a feature that the short reader does not know, such as deletion vectors
        reader = a.spark.read.format("delta").option("versionAsOf", version)
        return a.table(reader.load(table.path))
    try:
        return table.rows(version + 1).rename(columns=str.lower)
    except FileNotFoundError:
        return None


def _unlike(rows: "pd.DataFrame", due: "pd.DataFrame", what: str) -> str | None:
    """How rows differ from what they should be, in a few words."""
    if missing := [name for name in due if name not in rows]:
        return f"{what} has no column `{missing[0]}`"
    if other := [n for n in due if (rows[n].dtype.kind == "O") != (due[n].dtype.kind == "O")]:
        return f"in {what}, `{other[0]}` is of type {rows[other[0]].dtype}"
    found = None if _equal(rows, due) else differs(rows, due, list(COLUMNS))
    if found is None:
        return None
    if found.kind == "value":
        return f"in {what}, `{found.column}` is another one in {found.rows:,} rows"
    if found.kind == "missing":
        return f"{what} lacks {found.rows:,} rows of `listings`"
    return f"{what} has {found.rows:,} rows that `listings` does not have"


def _equal(rows: "pd.DataFrame", due: "pd.DataFrame") -> bool:
    """Whether they have the same rows in any order: quick to see where they do."""
    names = list(COLUMNS)
    if len(rows) != len(due):
        return False
    found, right = (table.sort_values(names, ignore_index=True) for table in (rows, due))
    return all(
        np.array_equal(found[n].to_numpy(), right[n].to_numpy())
        if n in names
        else np.allclose(found[n], right[n], rtol=1e-9, atol=0)
        for n in due
    )


def _is_at(a: Answers, path: str) -> bool:
    """Whether a path as text is the folder of the learner's table."""
    due = os.fspath(a.q1_table)
    one, other = (re.sub(r"^file:(//)?", "", text).rstrip("/") for text in (path, due))
    return os.path.realpath(one) == os.path.realpath(other)


# --- a run that is complete -------------------------------------------------------------------


class _Logged(NamedTuple):
    """What is asked of a run: the name of its id, its label, the versions that it may name."""

    name: str
    label: str
    may_name: Callable[[Answers, int], bool]


def _wrong_run(a: Answers, due: _Logged) -> Found:
    run_id = getattr(a, due.name).strip()
    run = _run(run_id)
    if run is None:
        return _no_run(run_id, due.name, a.experiment_id)
    if run.info.status == "RUNNING":
        return "run-not-ended", f"the status of `{due.name}` is RUNNING"
    if run.info.status != "FINISHED" or run.info.lifecycle_stage != "active":
        state = f"{run.info.status}, {run.info.lifecycle_stage}"
        return "run-failed", f"`{due.name}` is no run that has finished: {state}"
    if run.info.experiment_id != str(a.experiment_id):
        told = f"`{due.name}` is in experiment {run.info.experiment_id}"
        return "wrong-experiment", f"{told}, that of the lab is {a.experiment_id}"
    return (
        _wrong_names(due, run)
        or _wrong_model(due, run)
        or _wrong_metric(due, run)
        or _wrong_data(a, due, run)
    )


def _wrong_names(due: _Logged, run: "Run") -> Found:
    """A parameter or the metric that is missing, or is of another kind."""
    data = run.data
    for key in ("data_path", "data_version", "label"):
        if key in data.params:
            continue
        if key in data.metrics:
            return "parameter-as-metric", f"`{due.name}` has {key} among its metrics"
        there = ", ".join(data.params) or "none"
        return "parameter-missing", f"`{due.name}` has no parameter {key}; there are: {there}"[:160]
    if METRIC not in data.metrics:
        if METRIC in data.params:
            return "metric-as-parameter", f"`{due.name}` has {METRIC} among its parameters"
        there = ", ".join(data.metrics) or "none"
        return "metric-missing", f"`{due.name}` has no metric {METRIC}; there are: {there}"[:160]
    if data.params["label"] != due.label:
        return "label-untrue", f"`{due.name}` has {data.params['label'][:40]!r} for its label"
    return None


def _wrong_model(due: _Logged, run: "Run") -> Found:
    info = _model_of(run.info.run_id)
    if info is None:
        if names := _other_models(run):
            return "model-renamed", f"`{due.name}` has logged a model, but calls it {names[0]!r}"
        return "no-model", f"`{due.name}` has logged no model"
    if info.signature is None:
        return "no-signature", f"the model of `{due.name}` has no signature"
    if info.saved_input_example_info is None:
        return "no-example", f"the model of `{due.name}` has a signature, but no input example"
    inputs = info.signature.inputs
    named = inputs is not None and inputs.has_input_names()
    names = list(inputs.input_names() if named else FEATURES)
    if labels := [name for name in names if name in ("price", LOG)]:
        return "label-among-columns", f"the model of `{due.name}` wants `{labels[0]}` as an input"
    if set(names) != set(FEATURES):
        other = sorted(set(names) ^ set(FEATURES))[0]
        told = f"the inputs of the model of `{due.name}` differ from FEATURES by {other!r}"
        return "other-columns", told
    found = _predicted(info, _part("validation"))
    if found is None or not np.isfinite(found).all():
        return "", f"the model of `{due.name}` gives no numbers for the validation rows"
    return _wrong_line(due, found)


def _wrong_line(due: _Logged, found: Numbers) -> Found:
    """Whether predictions are those of the line that is asked for."""
    other = "price" if due.label == LOG else LOG
    if _same(found, _line(due.label)):
        return None
    if _same(found, _line(due.label, "all")):
        return "learned-from-all", f"the model of `{due.name}` has learned from all rows"
    if _same(found, _line(due.label, "validation")):
        return "parts-swapped", f"the model of `{due.name}` has learned from the validation rows"
    if _same(found, _line(other)) or _same(found, _line(other, "all")):
        return "another-label", f"the model of `{due.name}` predicts {other}, not {due.label}"
    if due.label == LOG and _same(found, np.exp(_line(LOG))):
        return "answers-in-dollars", f"the model of `{due.name}` answers in dollars"
    return "", f"the model of `{due.name}` is not the line that the fit rows give"


def _same(one: Numbers, other: Numbers) -> bool:
    return bool(_rmse(one, other) <= _SAME * max(float(np.std(other)), 1e-12))


def _wrong_metric(due: _Logged, run: "Run") -> Found:
    """Which number the metric is; the model is known to be the right one."""
    value = float(run.data.metrics[METRIC])
    right, wrong = _errors(due.label)
    if near(value, right, 1e-6):
        return None
    told = f"{METRIC} of `{due.name}` is {value:.6g}"
    for id, number, what in wrong:
        if near(value, number, 1e-6):
            return id, f"{told}, {what}"
    if shortened(value, right):
        return "rounded", f"{told}, without its further digits"
    for id, number, what in wrong:
        if shortened(value, number):
            return id, f"{told}, {what}, rounded"
    return "", f"{told}; the model of this run has another error on the validation rows"


class _Error(NamedTuple):
    """A number that gets into the place of the error: the mistake's id, and what it is."""

    id: str
    number: float
    what: str


def _errors(label: str) -> tuple[float, list[_Error]]:
    """The RMSE that is asked for, and the other numbers that get into its place."""
    return _cached_errors(locate("listings"), label)


@cache
def _cached_errors(place: str, label: str) -> tuple[float, list[_Error]]:
    parts = {name: _part(name) for name in ("fit", "validation", "all")}
    test = reference.split("listings", _READ)["test"]
    parts["test"] = test.assign(log_price=np.log(test["price"]))
    raw = {name: _line(label, of=rows) for name, rows in parts.items()}
    in_dollars = {name: np.exp(p) if label == LOG else p for name, p in raw.items()}
    error = {name: _rmse(rows["price"], in_dollars[name]) for name, rows in parts.items()}
    price = parts["validation"]["price"].to_numpy(dtype=float)
    off = in_dollars["validation"] - price
    wrong = [
        _Error("training-rows", error["fit"], "the error on the rows that it has learned from"),
        _Error("training-rows", error["all"], "the error on the rows of both parts together"),
        _Error("test-rows", error["test"], "the error on the test rows"),
        _Error("another-metric", float(np.abs(off).mean()), "the mean absolute error"),
        _Error("another-metric", float((off**2).mean()), "the mean squared error"),
        _Error("another-metric", 1 - float((off**2).mean() / price.var()), "R²"),
    ]
    if label == LOG:
        logs = {name: _rmse(rows[LOG], raw[name]) for name, rows in parts.items()}
        factor, mixed = math.exp(logs["validation"]), _rmse(price, raw["validation"])
        wrong += [
            _Error("error-exponentiated", factor, "np.exp of the error of the logarithms"),
            _Error("log-beside-dollars", mixed, "the error of logarithms taken for dollars"),
        ]
        wrong += [_Error("in-log-dollars", n, "the error of the logarithms") for n in logs.values()]
    return error["validation"], wrong


def _wrong_data(a: Answers, due: _Logged, run: "Run") -> Found:
    """Whether path and version of the data are true."""
    params = run.data.params
    if not _is_at(a, params["data_path"]):
        return "another-path", f"data_path of `{due.name}` is not the folder in `q1_table`"
    version = _number(params["data_version"])
    told = f"data_version of `{due.name}` is {params['data_version'][:30]!r}"
    count = len(_table(a).commits)
    if version is None or version >= count:
        return "untrue-version", f"{told}; the table has the versions 0 to {count - 1}"
    if not due.may_name(a, version):
        what = "lacks the right log_price" if due.label == LOG else "is not the one asked for"
        return "untrue-version", f"{told}, and that version {what}"
    return None


def _number(given: Any) -> int | None:
    """A version as a number, also where it stands as text; None if it is none."""
    if isinstance(given, str):
        return int(given) if re.fullmatch(r"\s*\d{1,9}\s*", given) else None
    if not kinds.fits(given, "integer") or not math.isfinite(given):
        return None
    return int(given)


_OF_RUNS = {
    "name-for-id": "Names may occur twice. The id is in run.info.run_id.",
    "no-such-run": "The id is in run.info.run_id, where `run` is what start_run gave.",
    "run-not-ended": "Open the run in a `with` block, which ends it, or end it by "
    "mlflow.end_run() or\nset_terminated of the client.",
    "wrong-experiment": "A run goes to the experiment that was set last; "
    'set_experiment("10_mlflow_lab") sets\nthat of the lab again.',
    "parameter-as-metric": "What went into a run is a parameter, by which runs can be filtered; "
    "what came out\nis a metric.",
    "parameter-missing": "Parameters are found by their exact names; log_params takes a dict of "
    "all three.",
    "metric-as-parameter": "A parameter is kept as text, by which runs are not put in order; "
    "log_metric keeps\na number.",
    "metric-missing": "A query finds a metric under its exact name only.",
    "model-renamed": "log_model(model, name=\"model\") gives it the name that all runs share.",
    "no-model": "Numbers alone can't be used for predictions: log the model inside of the run.",
    "no-signature": "Nothing says which columns it wants. Give log_model an input_example, or a\n"
    "signature from infer_signature.",
    "no-example": "input_example=known[FEATURES].head(3) keeps some rows to try the model with.",
    "label-among-columns": "A model that is told the answer can't be used where it is not known: "
    "fit it to\n`FEATURES` alone.",
    "learned-from-all": "Rows whose `part` is \"validation\" are there to judge it; fit the model "
    "to the\nothers.",
    "another-label": "It was fitted to another column than `label` says.",
    "training-rows": "A model knows these rows. Judge it by the rows whose `part` is "
    "\"validation\" alone.",
    "test-rows": "The test rows wait until all choices are made; take the validation rows.",
    "another-metric": "root_mean_squared_error is the root of the mean squared error.",
    "rounded": "It is right, but for its digits; keep all of them and round only what you print.",
    "another-path": "Somebody who reads this path finds other rows than those of `q1_table`. If "
    "the cell\nof the table ran again, train again.",
    "untrue-version": "Read and name the version that this question asks you to write; the "
    "table's history\nhas its number.",
    "run-failed": "A run is FINISHED when its `with` block ends without an error; deleted runs "
    "don't count.",
    "label-untrue": "`label` is the column that the model of this run predicts: price in question "
    "1,\nlog_price in question 2.",
    "other-columns": "FEATURES are six columns, and the model takes just these.",
    "parts-swapped": "The rows whose `part` is \"fit\" are those to learn from; the others judge.",
}  # fmt: skip


# --- q1 ---------------------------------------------------------------------------------------

FIRST = _Logged("run_0", "price", lambda a, version: version == 0)


def _wrong_first(a: Answers) -> Found:
    table = _table(a)
    if not table.commits:
        return "no-delta-table", "the folder `q1_table` has no log of a Delta table"
    rows = _rows(a, 0)
    if rows is None:
        return "", "files of version 0 of the table at `q1_table` are gone"
    if unlike := _unlike(rows, _listings(), "version 0 of `q1_table`"):
        return "other-rows", unlike
    return _wrong_run(a, FIRST)


Q1 = decided(
    _wrong_first,
    {
        "no-delta-table": 'The rows were written in another format; .format("delta") makes the '
        "log that keeps\nversions.",
        "other-rows": "The table is `listings` as it is, with all rows and columns.",
        **_OF_RUNS,
    },
)


# --- q2 ---------------------------------------------------------------------------------------


def _wrong_rows(a: Answers, version: int) -> Found:
    return a.once(("wrong", version), lambda a: _judged_rows(a, version))


def _judged_rows(a: Answers, version: int) -> Found:
    before, now = _columns(_table(a), 0), _columns(_table(a), version)
    if lost := [name for name in before if name not in now]:
        return "columns-lost", f"`{lost[0]}` is no column of the table at `q1_table` any more"
    if other := [name for name in before if now[name] != before[name]]:
        told = f"`{other[0]}` was {before[other[0]]} and is {now[other[0]]}"
        return "type-changed", f"in the table at `q1_table`, {told}"
    if LOG not in now:
        return "column-missing", "the table at `q1_table` has no column `log_price`"
    rows, due = _rows(a, version), _wider()
    if rows is None:
        return "", "files of the table at `q1_table` are gone"
    empty = int(rows[LOG].isna().sum())
    if len(rows) == 2 * len(due):
        return (
            "appended",
            f"the table at `q1_table` has {len(rows):,} rows, twice as many as before",
        )
    if empty and len(rows) == len(due):
        return "column-empty", f"`log_price` has no value in {empty:,} rows of `q1_table`"
    if now[LOG] in ("string", "boolean"):
        return "", f"`log_price` of the table at `q1_table` is of type {now[LOG]}"
    if unlike := _unlike(rows, due, "`q1_table`"):
        logs = {"10": np.log10, "2": np.log2, "1 more than the price": np.log1p}
        for what, make in logs.items():
            if _equal(rows, due.assign(log_price=make(due["price"]))):
                of = "the base" if len(what) < 3 else "of"
                return "another-logarithm", f"`log_price` is the logarithm {of} {what}"
        return ("" if LOG in unlike else "rows-changed"), unlike
    return None


SECOND = _Logged("run_1", LOG, lambda a, version: _wrong_rows(a, version) is None)


def _wrong_second(a: Answers) -> Found:
    table, last = _table(a), len(_table(a).commits) - 1
    if LOG in _columns(table, 0):
        return "history-lost", "version 0 of the table at `q1_table` has `log_price` already"
    if last < 1:
        return "nothing-written", "the table at `q1_table` has no version after 0"
    old = _rows(a, 0)
    if old is None:
        return "vacuumed", "files of version 0 of the table at `q1_table` are gone"
    if _unlike(old, _listings(), "version 0 of `q1_table`"):
        return "history-lost", "version 0 of the table at `q1_table` is not what it was"
    if found := _wrong_rows(a, last):
        return found
    given = a.old_rows.rename(columns=str.lower)
    if LOG in given:
        return "old-rows-are-new", "`old_rows` has the column `log_price`"
    if unlike := _unlike(given, _listings(), "`old_rows`"):
        return "old-rows-changed", unlike
    return _wrong_run(a, SECOND)


Q2 = decided(
    _wrong_second,
    {
        "nothing-written": "The new column is in a frame only, or went to another folder: write it "
        "to\n`q1_table`.",
        "history-lost": "It was deleted and made anew, or `q1_table` is another folder now. "
        "Overwrite the table of\nquestion 1, so that its past stays readable.",
        "vacuumed": "VACUUM deletes files that only old versions use: nobody can read these now.",
        "columns-lost": "overwriteSchema puts the frame's columns in place of the table's; "
        "mergeSchema keeps\nthem, and adds.",
        "type-changed": "overwriteSchema lets other types in. Old readers count on the type that "
        "the column\nhad.",
        "column-missing": "The option mergeSchema lets it in; the frame that is written must have "
        "it.",
        "appended": "append adds rows. Here each row is to get a column: overwrite them, or merge.",
        "column-empty": "The column was added, and nothing has filled it for the rows that were "
        "there.",
        "another-logarithm": "F.log with one column is the natural logarithm, that np.exp undoes.",
        "rows-changed": "Every row keeps the values that it had, and gets one more.",
        "old-rows-changed": "`old_rows` has all rows and columns of version 0, as they are.",
        "old-rows-are-new": "Without versionAsOf a reader gets the newest version.",
        "answers-in-dollars": "The label of this run says that it answers in logarithms, and "
        "callers rely on it:\nfit a line to log_price.",
        "in-log-dollars": "A logarithm's error is small whatever the model is worth; predict "
        "dollars by np.exp,\nthen compare.",
        "log-beside-dollars": "The predictions are logarithms, and the prices dollars: np.exp "
        "first.",
        "error-exponentiated": "np.exp belongs to the predictions. The exponential of an error is "
        "a factor, not\ndollars.",
        **_OF_RUNS,
    },
)


# --- q3 ---------------------------------------------------------------------------------------


def _can_compare(params: Mapping[str, str]) -> bool:
    """Whether the error of a run with these parameters is of the same rows, in dollars."""
    return params.get("data_version") == "1" and params.get("unit") == "dollars"


def _is_fair(run: "Run") -> bool:
    """Whether a run is one of those that the question compares."""
    there = run.info.status == "FINISHED" and METRIC in run.data.metrics
    return there and _can_compare(run.data.params)


def _wrong_best(a: Answers) -> Found:
    import mlflow

    run_id = a.best_run.strip()
    run = _run(run_id)
    if run is None:
        return _no_run(run_id, "best_run", a.team)
    if run.info.experiment_id != str(a.team):
        name = mlflow.MlflowClient().get_experiment(run.info.experiment_id).name
        told = f"`best_run` is a run of the experiment {name[:40]!r}"
        return "wrong-experiment", f"{told}, not of the team's"
    params = run.data.params
    told = f"`best_run` is {run.info.run_name!r}"
    if params.get("data_path") != a.colleagues.table:
        return "", f"{told}, which has not learned from the team's table"
    if (learned := params.get("data_version")) != "1":
        return "other-data", f"{told}, which learned from version {learned}"
    if (unit := params.get("unit")) != "dollars":
        return "log-scale", f"{told}, whose error of {_error(run_id):.2f} is in {unit}"
    if run.info.status != "FINISHED":
        return "not-finished", f"{told}, and its status is {run.info.status}"
    fair = [each for each in _runs(a.team) if _is_fair(each)]
    errors = [each.data.metrics[METRIC] for each in fair]
    if _error(run_id) <= min(errors, default=math.inf):
        return None
    lower = sum(error < _error(run_id) for error in errors)
    if lower == len(errors) - 1:
        return "highest-error", f"{told}, and all of the {lower} others have a lower {METRIC}"
    told = f"{told}; {lower} of the {len(fair)} runs to compare have a lower {METRIC}"
    if run.info.start_time == max(each.info.start_time for each in fair):
        return "newest-run", told
    on_known = [each.data.metrics.get("training_rmse", math.inf) for each in fair]
    if run.data.metrics.get("training_rmse") == min(on_known):
        return "training-error", told
    return "", told


Q3 = decided(
    _wrong_best,
    {
        "name-for-id": "Names may occur twice. The id is in .info.run_id of what search_runs "
        "gives.",
        "no-such-run": "The id is in .info.run_id of what the client's search_runs gives, or in "
        "the column\nrun_id of mlflow.search_runs.",
        "wrong-experiment": "search_runs looks into the experiments that it is told: [team].",
        "other-data": "Its error is of cheaper listings, which are easier to predict. Filter by "
        "the parameter\ndata_version.",
        "log-scale": "A difference of logarithms is no amount of dollars, so the two can't be "
        "compared.\nFilter by the parameter unit.",
        "not-finished": "It was judged by a part of the rows before it died. Filter by "
        "attributes.status.",
        "highest-error": "DESC puts the highest first, and of an error you want the lowest.",
        "newest-run": "Without order_by, search_runs puts the newest first. Order by the metric, "
        "and filter\nby no more than the three conditions.",
        "training-error": "It has the lowest error on rows that it has learned by heart; order by\n"
        f"metrics.{METRIC}.",
    },
)


# --- q4 ---------------------------------------------------------------------------------------


def _registered(what: str, *of: str) -> Any:
    """What MLflow's registry has under this name, or None."""
    import mlflow

    try:
        return getattr(mlflow.MlflowClient(), what)(*of)
    except MlflowException:
        return None


def _version(a: Answers, model: str, name: str) -> Any:
    """The version whose number the answer `name` is, or None."""
    number = _number(getattr(a, name))
    return None if number is None else _registered("get_model_version", model, str(number))


def _no_version(a: Answers, model: str, name: str) -> Found:
    given = str(getattr(a, name))[:40]
    return "no-such-version", f"`{name}` is {given!r}, and the model has no such version"


def _loads(version: Any) -> bool:
    import mlflow

    try:
        mlflow.pyfunc.load_model(f"models:/{version.name}/{version.version}")
    except Exception:  # whatever keeps a caller from using it
        return False
    return True


def _wrong_registered(a: Answers) -> Found:
    model = _registered("get_registered_model", a.q4_model)
    if model is None:
        return "no-such-model", "the registry has no model with the name in `q4_model`"
    versions = {name: _version(a, a.q4_model, name) for name in ("version_0", "version_1")}
    for name, version in versions.items():
        if version is None:
            return _no_version(a, a.q4_model, name)
    runs = {"version_0": a.run_0.strip(), "version_1": a.run_1.strip()}
    found = {name: version.run_id for name, version in versions.items()}
    if found["version_0"] == runs["version_1"] and found["version_1"] == runs["version_0"]:
        return "swapped", "`version_0` is of the second run, `version_1` of the first"
    for name, version in versions.items():
        if found[name] != runs[name]:
            return "of-another-run", f"`{name}` is not of `run_{name[-1]}`"
        if not _loads(version):
            return "cannot-be-loaded", f"the model of `{name}` can't be loaded"
    for name, version in versions.items():
        if len((version.description or "").split()) < _WORDS:
            told = f"the description of `{name}` is {(version.description or '')[:40]!r}"
            return "no-description", told
    said = {" ".join(version.description.split()).lower() for version in versions.values()}
    if len(said) == 1:
        return "same-description", f"`version_0` and `version_1` are both {min(said)[:40]!r}"
    return _wrong_tags(model, versions) or _wrong_alias(model, versions, runs)


def _wrong_tags(model: Any, versions: Mapping[str, Any]) -> Found:
    due = {"version_0": "price", "version_1": LOG}
    for name, version in versions.items():
        value = version.tags.get("label")
        if value == due[name]:
            continue
        if value is None:
            elsewhere = "label" in model.tags
            more = ", but the registered model has" if elsewhere else ""
            return "tag-missing", f"`{name}` has no tag `label`{more}"
        return "another-tag", f"the tag `label` of `{name}` is {value[:40]!r}"
    return None


def _wrong_alias(model: Any, versions: Mapping[str, Any], runs: Mapping[str, str]) -> Found:
    holder = model.aliases.get(ALIAS)
    if holder is None:
        staged = [n for n, v in versions.items() if (v.current_stage or "None") != "None"]
        if staged:
            stage = versions[staged[0]].current_stage
            return "stage-for-alias", f"`{staged[0]}` is in the stage {stage}; no alias is set"
        if tagged := [n for n, v in versions.items() if ALIAS in (*v.tags, *v.tags.values())]:
            return "tag-for-alias", f"`{tagged[0]}` has a tag {ALIAS}; no alias is set"
        there = ", ".join(model.aliases) or "none"
        return "no-alias", f"the model has no alias {ALIAS}; there are: {there}"
    better = min(versions, key=lambda name: _error(runs[name]))
    if int(holder) != int(versions[better].version):
        return "worse-champion", f"{ALIAS} is version {holder}, and the other one's error is lower"
    return None


Q4 = decided(
    _wrong_registered,
    {
        "no-such-model": "register_model takes the address of the run's model first, then this "
        "name.",
        "no-such-version": "The number is in .version of what register_model gives.",
        "swapped": "The two numbers went into each other's variable.",
        "of-another-run": "The address of a run's model is runs:/<run id>/model.",
        "cannot-be-loaded": "The client stores the source as it is given, and runs:/… is none. "
        "register_model\nfinds the files, or model_uri of get_model_info.",
        "no-description": "update_model_version describes a version, update_registered_model all "
        "of them\ntogether. Say in a sentence what this one is.",
        "same-description": "Who has nothing but these sentences cannot tell one version from the "
        "other: say\nwhat is its own.",
        "tag-missing": "set_model_version_tag tags a version; tags of runs and of the registered "
        "model are\nothers.",
        "another-tag": "A caller who believes it takes logarithms for dollars, or dollars for "
        "logarithms.",
        "stage-for-alias": "Stages are deprecated, and callers ask for an alias: "
        "set_registered_model_alias.",
        "tag-for-alias": "A tag says something about a version; only an alias can stand in an "
        "address,\nmodels:/name@champion.",
        "no-alias": "Registering sets no alias; set_registered_model_alias does.",
        "worse-champion": f"Both {METRIC} are in dollars, on the same rows: the lower one is "
        "better.",
    },
)


# --- q5 ---------------------------------------------------------------------------------------


def _log_of(name: str) -> Any:
    """The approvals' log of a model; None where the model is not there."""
    from course_utils.registry import RegistryError

    try:
        return _approvals().history(name)
    except RegistryError:
        return None


def _approvals() -> Any:
    from course_utils.registry import Approvals

    return Approvals()


def _holder(model: str) -> int | None:
    version = _registered("get_model_version_by_alias", model, ALIAS)
    return None if version is None else int(version.version)


def _wrong_promotion(a: Answers) -> Found:
    name = a.q5_model
    log = _log_of(name)
    if log is None or log.empty:
        return "no-such-model", "the team has no registered model with the name in `q5_model`"
    version = _version(a, name, "promoted")
    if version is None:
        return _no_version(a, name, "promoted")
    number, data = int(version.version), _data(version.run_id)
    if version.run_id not in a.colleagues.models:
        return "", f"`promoted`: version {number} is of no run of the team"
    if (learned := data.get("data_version")) != "1":
        told = f"version {number} learned from version {learned} of the table"
        return "other-data", f"`promoted`: {told}"
    if data.get("unit") != "dollars":
        told = f"the error of version {number} is in {data.get('unit')}"
        return "log-scale", f"`promoted`: {told}"
    runs = [each.run_id for each in _versions(name) if _can_compare(_data(each.run_id))]
    if _error(version.run_id) > min(map(_error, runs)):
        return "not-better", f"`promoted`: another version has a lower error than version {number}"
    if faults := _approvals().verify(name):
        return "past-the-approvals", f"in the log of `q5_model`: {faults[0]}"[:160]
    asked = _approvals().requests(name)
    asked = asked[asked["version"] == number]
    if other := sorted(set(asked["alias"]) - {ALIAS}):
        return "another-alias", f"version {number} was asked for as {other[0]!r}"
    if asked.empty:
        return "not-requested", f"nobody has asked for version {number} of `q5_model`"
    state = asked["state"].iloc[-1]
    if state != "APPROVED":
        return "not-approved", f"the request for version {number} is {state.lower()}"
    if _holder(name) != number:
        return "moved-on", f"the request is {state}, and {ALIAS} is version {_holder(name)} now"
    people = [str(asked[column].iloc[-1]) for column in ("requested_by", "decided_by")]
    if [each.strip().lower() for each in people] != ["noor", "mira"]:
        told = f"{people[0][:30]!r} asked for version {number}, and {people[1][:30]!r} approved"
        return "other-people", told
    return None


def _versions(name: str) -> list[Any]:
    import mlflow

    return list(mlflow.MlflowClient().search_model_versions(f"name = '{name}'"))


Q5 = decided(
    _wrong_promotion,
    {
        "no-such-model": "The first line of the cell makes the model and its name: keep it.",
        "no-such-version": "The versions of a model are numbered from 1 on; see "
        "search_model_versions.",
        "other-data": "Its error is of listings up to 200 dollars; nobody knows how it does on "
        "the others.",
        "log-scale": "An error of logarithms is below 1 for good and bad models alike; compare "
        "what is\nin dollars.",
        "not-better": "The lowest validation_rmse of those that can be compared is the best.",
        "past-the-approvals": "set_registered_model_alias moves the alias, and nobody has agreed: "
        "request, then\napprove.",
        "another-alias": f"The request names the alias: {ALIAS}, unless `to` says otherwise.",
        "not-requested": "approvals.request asks for a version; its .id is what approve wants.",
        "moved-on": "After the approval something moved the alias again; run the cell again for a "
        "fresh model.",
        "other-people": "Here Noor asks, and Mira approves: the log is to say so.",
        "not-approved": "The alias moves when somebody approves who is not the one that has asked.",
    },
)


# --- q6 ---------------------------------------------------------------------------------------


def _wrong_monday(a: Answers) -> Found:
    log, versions = _log_of(a.q6_model), {int(v.version): v for v in _versions(a.q6_model)}
    if log is None or log.empty:
        return "no-such-model", "the team has no registered model with the name in `q6_model`"
    before = log[log["number"] <= _given(a)]
    moved = before[before["activity_type"] == "APPROVED_REQUEST"]
    if len(moved) < 2 or len(before) < _given(a):
        return "no-such-model", "the model in `q6_model` is not that of Monday"
    wrong, good = (int(moved["version"].iloc[place]) for place in (-1, -2))
    return (
        _wrong_culprit(a, before, moved.iloc[-1])
        or _wrong_versions(versions, len(a.colleagues.models))
        or _wrong_way_back(a, wrong, good, {int(v) for v in moved["version"]})
    )


def _given(a: Answers) -> int:
    """How many entries the log has before the learner writes to it."""
    return sum(1 + bool(decides) for *_, decides, _ in a.colleagues.past["Monday"])


def _wrong_culprit(a: Answers, before: Any, moved: Any) -> Found:
    told, wrong = a.culprit, int(moved["version"])
    number = _number(told["version"])
    if number != wrong:
        if number is not None and number in set(before["version"]):
            return "blamed-another", f"`culprit` blames version {number}, not the one in use"
        return "", f"`culprit` blames version {str(told['version'])[:20]!r}, which nobody asked for"
    asked = before[before["request_id"] == moved["request_id"]].iloc[0]
    due = {"asked_by": asked["user_id"], "approved_by": moved["user_id"]}
    named = {key: told[key].strip().lower() for key in due}
    if named["asked_by"] == due["approved_by"] and named["approved_by"] == due["asked_by"]:
        return "people-swapped", "in `culprit`, who asked and who approved are exchanged"
    for key, name in named.items():
        if name != due[key]:
            return "another-person", f"{told[key][:30]!r} is in `culprit` under {key!r}"
    if _is_moment(a.approved_at, moved["creation_timestamp"]):
        return None
    if _is_moment(a.approved_at, asked["creation_timestamp"]):
        return "time-of-request", "`approved_at` is when the version was asked for"
    log = _log_of(a.q6_model)
    if any(_is_moment(a.approved_at, moment) for moment in log["creation_timestamp"]):
        return "time-of-another", "`approved_at` is when something else happened"
    return "", f"`approved_at` is {str(a.approved_at)[:40]!r}, not the time of the approval"


def _is_moment(given: Any, due: Any) -> bool:
    """Whether this is the moment, to the millisecond or as exactly as it is given."""
    import pandas as pd

    if kinds.fits(given, "number"):
        moment = pd.to_datetime(given, unit="ms", errors="coerce", utc=True)
    else:
        moment = pd.to_datetime(str(given), errors="coerce", utc=True)
    if pd.isna(moment):
        return False
    off = abs((moment - due).total_seconds())
    return bool(off < 0.0005 or (moment == moment.floor("s") and off < 1))


def _wrong_versions(versions: Mapping[int, Any], count: int) -> Found:
    if gone := [number for number in range(1, count + 1) if number not in versions]:
        return "version-deleted", f"version {gone[0]} of `q6_model` is not there any more"
    if len(versions) > count:
        return "registered-again", f"`q6_model` has {len(versions)} versions; there were {count}"
    return None


def _wrong_way_back(a: Answers, wrong: int, good: int, held: set[int]) -> Found:
    holder = _holder(a.q6_model)
    if holder is None:
        return "alias-removed", f"no version of `q6_model` has the alias {ALIAS}"
    if holder == wrong:
        return "still-wrong", f"{ALIAS} of `q6_model` is version {wrong} still"
    if holder != good:
        before = "held it still earlier" if holder in held else "has never held it"
        return "another-version", f"{ALIAS} of `q6_model` is version {holder}, which {before}"
    if faults := _approvals().verify(a.q6_model):
        return "past-the-log", f"in the log of `q6_model`: {faults[0]}"[:160]
    return None


Q6 = decided(
    _wrong_monday,
    {
        "no-such-model": "The first line of the cell makes the model and its name: keep it.",
        "blamed-another": "The prices came from the version that was champion on Monday; see "
        "which\napproval put it there.",
        "people-swapped": "REQUESTED_TRANSITION is by the one who asked, APPROVED_REQUEST by the "
        "one who agreed.",
        "another-person": "Each entry of the history has its user_id; request_id says which "
        "entries belong\ntogether.",
        "time-of-request": "The prices changed when the request was approved: the entry "
        "APPROVED_REQUEST.",
        "time-of-another": "Each entry of the history has its time; take the approval of the "
        "version that you\nblame.",
        "version-deleted": "Deleting takes the evidence away, and does not tell the shop what to "
        "use instead. Move\nthe alias; run the cell again for a fresh model.",
        "registered-again": "The good version is there already: move the alias to it. Run the "
        "cell again for a\nfresh model.",
        "alias-removed": "Without the alias the shop has no model at all: it has to point to "
        "another version.",
        "still-wrong": "The history tells what happened, but changes nothing; roll_back moves the "
        "alias.",
        "another-version": "Back means to the version that was champion before the wrong one; "
        "roll_back finds it,\nonce.",
        "past-the-log": "set_registered_model_alias moves the alias, and the history does not "
        "know who or why:\nroll_back does both.",
    },
)


QUESTIONS = [
    Question(
        id="q1",
        title="A run that knows its data",
        points=3,
        names={"q1_table": "path", "run_0": "text"},
        hints=(
            "Three steps: write the table, read version 0 of it with the option `versionAsOf` and "
            "toPandas(), then `with mlflow.start_run() as run:` and all logging inside.",
            'DeltaTable.forPath(spark, q1_table).history(1).first()["version"] is the version; '
            "log_params takes a dict, log_metric a name and a number.",
            'mlflow.sklearn.log_model(model, name="model", input_example=known[FEATURES].head(3),'
            " pip_requirements=REQUIREMENTS). After the block, run.info.run_id is the id.",
        ),
        looks_at={
            "part": "learned-from-all, training-rows",
            "price": "another-label, label-among-columns",
            "data_path": "another-path",
            "data_version": "untrue-version",
            "label": "parameter-missing, another-label",
            METRIC: "metric-missing and what the metric is",
            "model": "model-renamed, no-model",
            "log_model": "nothing: whatever logs a model will do",
        },
        mistakes=Q1,
        refuse=refused(_wrong_first),
        why="a metric without its data is a claim; with path and version, anybody can repeat it.",
    ),
    Question(
        id="q2",
        title="A new column, a new version",
        points=3,
        needs=("q1",),
        names={"old_rows": "pandas", "run_1": "text"},
        columns={"old_rows": {**dict.fromkeys((*FEATURES, "price"), "number"), "part": "text"}},
        hints=(
            "Delta refuses a column that the table does not have, unless the writer has an option "
            "that lets it in. Which of `mergeSchema` and `overwriteSchema` only adds?",
            'listings.withColumn("log_price", F.log("price")), written with mode("overwrite") and '
            "mergeSchema to the folder `q1_table`. versionAsOf 0 still reads the old rows.",
            "Take the version from the history again. The model's predictions are logarithms: "
            "np.exp(model.predict(…)) are dollars, and these are compared with the price.",
        ),
        looks_at={
            LOG: "column-missing, column-empty, another-logarithm",
            "price": "another-logarithm",
            METRIC: "in-log-dollars and what else the metric is",
        },
        mistakes=Q2,
        refuse=refused(_wrong_second),
        why="old readers, old runs and old models go on working, and the new run says what is new.",
    ),
    Question(
        id="q3",
        title="The best run",
        points=2,
        names={"best_run": "text"},
        hints=(
            "client.search_runs([team], filter_string=…, order_by=[…], max_results=1) gives a list "
            "of runs. What must be in the filter, and what in the order?",
            "A filter joins conditions with `and`: attributes.status = 'FINISHED', params.unit = "
            "'dollars' and one more.",
            'order_by=["metrics.validation_rmse ASC"] puts the lowest first; .info.run_id is the '
            "id of a run.",
        ),
        looks_at={
            "data_version": "other-data",
            "unit": "log-scale",
            METRIC: "highest-error, newest-run, training-error",
        },
        mistakes=Q3,
        refuse=refused(_wrong_best),
        why="the lowest number of an experiment is often of easier rows, or in another unit.",
    ),
    Question(
        id="q4",
        title="Register",
        points=3,
        needs=("q1", "q2"),
        names={"q4_model": "text", "version_0": "choice", "version_1": "choice"},
        hints=(
            'mlflow.register_model(f"runs:/{run_0}/model", q4_model) gives a version; its number '
            "is in .version. Called twice with one name, it makes two versions of one model.",
            "The client has update_model_version(name, version, description) and "
            "set_model_version_tag(name, version, key, value).",
            "client.get_run(run_0).data.metrics has the errors; set_registered_model_alias(name, "
            "alias, version) points the alias to the better one.",
        ),
        looks_at={
            "label": "tag-missing, another-tag",
            ALIAS: "no-alias, worse-champion",
            METRIC: "worse-champion",
        },
        mistakes=Q4,
        refuse=refused(_wrong_registered),
        why="callers ask for the champion, and description and tag tell them what they get.",
    ),
    Question(
        id="q5",
        title="Promote",
        points=2,
        names={"q5_model": "text", "promoted": "choice"},
        hints=(
            'From a version to its numbers: client.get_model_version(q5_model, "2").run_id, then '
            "client.get_run(…).data with params and metrics. Do it for all four versions.",
            "Leave out versions that learned from other data, or whose unit is another one. Of the "
            "rest, the lowest validation_rmse is the best.",
            'asked = approvals.request(q5_model, promoted, by="noor", comment="…"), then '
            'approvals.approve(asked.id, by="mira").',
        ),
        looks_at={"run_id": "nothing: it is one way from a version to its numbers"},
        mistakes=Q5,
        refuse=refused(_wrong_promotion),
        why="two people have looked at the numbers, and the log says who, when and why.",
    ),
    Question(
        id="q6",
        title="Monday",
        points=3,
        names={"q6_model": "text", "culprit": "dict", "approved_at": "any"},
        keys={
            "culprit": {
                "version": "choice",
                "asked_by": "text",
                "approved_by": "text",
            }
        },
        hints=(
            "Which version is the champion now? approvals.history(q6_model) has an entry for each "
            "request and each decision, with version, user_id and comment.",
            "Of the entries of this version, REQUESTED_TRANSITION is the one who asked, and "
            "APPROVED_REQUEST the one who agreed; creation_timestamp is the time.",
            'approvals.roll_back(q6_model, by="noor", comment="…") moves the alias to the version '
            "that held it before.",
        ),
        looks_at={"label": "nothing: the shop reads it", ALIAS: "still-wrong, another-version"},
        mistakes=Q6,
        refuse=refused(_wrong_monday),
        why="a wrong promotion takes a minute to undo if nothing but an alias has moved.",
    ),
]
