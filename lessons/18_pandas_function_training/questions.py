"""The questions of lab 18.

What is right is computed with NumPy from the file of the readings. A function is asked about
devices of that file and about spoilt copies of them; runs are read from MLflow's store, however
they came there.
"""

import inspect
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from course_utils import get_truth, helpers, locate
from course_utils.lab import Answers, Question, Values, kinds
from course_utils.lab.answers import LearnerError, ReturnedNoneError
from course_utils.lab.decide import decided, refused
from course_utils.lab.values import Made, near, shortened

if TYPE_CHECKING:
    from mlflow.entities import Run

FEATURES = ["load", "outside"]
LINE = ["intercept", "b_load", "b_outside"]
NAMES = ["device_id", "hours", *LINE, "rmse", "problem"]
CUT = pd.Timestamp("2024-05-06", tz="UTC")
LISTED = 10  # devices that get a run
ENOUGH = 3  # hours; fewer leave a line undetermined
SAME = 1e-5  # solvers differ by less, as a part of a number or of 1

Found = tuple[str, str] | None
Numbers = np.ndarray[Any, Any]


# --- what is right ------------------------------------------------------------------------------


def _side(name: str) -> pd.DataFrame:
    """The hours in "train" or "test" of the devices on the list, or "all"."""
    return _sides(locate("readings"))[name]


@cache
def _sides(place: str) -> dict[str, pd.DataFrame]:
    rows = pd.read_parquet(place)
    rows = rows[rows["device_id"].isin(helpers("18").work_list())].reset_index(drop=True)
    known = rows["at"] < CUT
    return {"train": rows[known], "test": rows[~known], "all": rows}


def _finite(rows: pd.DataFrame) -> bool:
    return bool(np.isfinite(rows[[*FEATURES, "energy"]].to_numpy(dtype=float)).all())


def _line(rows: pd.DataFrame, constant: float = 1.0) -> Numbers:
    """Intercept and slopes by least squares; `constant` 0 leaves the intercept out."""
    x = np.column_stack([np.full(len(rows), constant), rows[FEATURES].to_numpy(dtype=float)])
    solved: Numbers = np.linalg.lstsq(x, rows["energy"].to_numpy(dtype=float), rcond=None)[0]
    return solved


def _predicted(line: Numbers, rows: pd.DataFrame) -> Numbers:
    found: Numbers = line[0] + rows[FEATURES].to_numpy(dtype=float) @ line[1:]
    return found


def _off(line: Numbers, rows: pd.DataFrame) -> Numbers:
    found: Numbers = rows["energy"].to_numpy(dtype=float) - _predicted(line, rows)
    return found


def _root(off: Numbers) -> float:
    return float(np.sqrt(np.mean(off**2)))


@cache
def _models(place: str, side: str) -> pd.DataFrame:
    """A row per device: hours, line and rmse, NaN where it fails; whether its line is determined.

    Args:
        place: `locate("readings")`, to cache by.
        side: the hours to learn from.
    """
    found = {}
    for device, rows in _sides(place)[side].groupby("device_id"):
        line = _line(rows) if _finite(rows) else np.full(3, np.nan)
        rmse = _root(_off(line, rows)) if _finite(rows) else np.nan
        clear = len(rows) >= ENOUGH and rows["load"].nunique() > 1
        found[device] = [len(rows), *line, rmse, clear]
    return pd.DataFrame(found, index=["hours", *LINE, "rmse", "clear"]).T.astype(
        {"hours": int, **dict.fromkeys([*LINE, "rmse"], float), "clear": bool}
    )


def _right(side: str = "train") -> pd.DataFrame:
    return _models(locate("readings"), side)


def _failed() -> set[int]:
    models = _right()
    return {int(device) for device in models.index[models["rmse"].isna()]}


def _same(one: Any, other: Any) -> bool:
    return bool(np.allclose(np.asarray(one, float), np.asarray(other, float), SAME, SAME))


# --- q1 -----------------------------------------------------------------------------------------


def _sample() -> pd.DataFrame:
    """The rows of an ordinary device, their index as Spark gives it."""
    models = _right()
    fine = models[models["clear"] & models["rmse"].notna() & (models["hours"] < 100)]
    return _of(int(fine.index[0]))


def _of(device: int) -> pd.DataFrame:
    rows = _side("train")
    return rows[rows["device_id"] == device].reset_index(drop=True)


def _spoilt(column: str, value: float, rows: int | None) -> pd.DataFrame:
    """The ordinary device with such a value in its first rows, or in all."""
    table = _sample()
    table.loc[: (len(table) if rows is None else rows) - 1, column] = value
    return table


def _asked(a: Answers, rows: pd.DataFrame) -> Any:
    """What the learner's function returns; it may also take the rows alone, as Spark lets it."""
    try:
        wants = len(inspect.signature(a.train_device).parameters)
    except (TypeError, ValueError):
        wants = 2
    given = rows.copy()
    key = (int(rows["device_id"].iloc[0]),)
    return a.call("train_device", given) if wants == 1 else a.call("train_device", key, given)


def _wrong_function(a: Answers) -> Found:
    rows = _sample()
    return _wrong_form(a, rows) or _wrong_fit(a, rows) or _wrong_when_bad(a) or _wrong_when_odd(a)


def _wrong_form(a: Answers, rows: pd.DataFrame) -> Found:
    made = a.once("asked", lambda a: _asked(a, rows))
    if not isinstance(made, pd.DataFrame):
        return "no-frame", f"`train_device` returns {kinds.describe(made)}"
    if missing := [name for name in NAMES if name not in made.columns]:
        there = ", ".join(map(str, made.columns))
        return "column-missing", f"`train_device` returns no column `{missing[0]}`, but {there}"
    if len(made) != 1:
        return "not-one-row", f"`train_device` returns {len(made)} rows for one device"
    return None


def _number(value: Any) -> float:
    """A cell of the learner's frame as a number; NaN if it is none."""
    found = kinds.plain(value, "number")
    return float(found) if kinds.fits(found, "number") else float("nan")


def _shown(value: Any) -> str:
    """A cell of the learner's frame, without NumPy's types around it."""
    return f"{kinds.plain(value, 'choice')!r}"[:40]


def _wrong_fit(a: Answers, rows: pd.DataFrame) -> Found:
    row = a.once("asked", lambda a: _asked(a, rows)).iloc[0]
    if not pd.isna(row["problem"]):
        word = _shown(row["problem"])
        return "problem-for-all", f"a device whose data is fine gets the problem {word}"
    device, hours = int(rows["device_id"].iloc[0]), len(rows)
    if isinstance(row["device_id"], tuple):
        return "key-for-number", f"device {device} gets `device_id` {row['device_id']!r:.40}"
    for name, due, id in (("device_id", device, ""), ("hours", hours, "hours-miscounted")):
        if _number(row[name]) != due:
            return id, f"device {device} has {hours} rows, and gets `{name}` {_shown(row[name])}"
    line, given = _line(rows), np.array([_number(row[name]) for name in LINE])
    told = f"device {device} gets intercept, b_load and b_outside " + ", ".join(
        f"{value:.4g}" for value in given
    )
    if not _same(given, line):
        if _same(given, line[[0, 2, 1]]):
            return "swapped", told
        if all(map(shortened, given, line)):
            return "rounded", told
        if _same(given, _line(rows, 0.0)):
            return "no-intercept", told
        return "", told
    return _wrong_rmse(row, _off(line, rows), rows)


def _wrong_rmse(row: "pd.Series[Any]", off: Numbers, rows: pd.DataFrame) -> Found:
    given, right = _number(row["rmse"]), _root(off)
    if near(given, right, SAME):
        return None
    told = f"the line is right, and `rmse` is {given:.6g}"
    free = len(off) - 3
    others = [right**2, float(np.abs(off).mean()), float(np.sqrt((off**2).sum() / free))]
    others += [1 - right**2 / float(rows["energy"].var(ddof=0)), float(np.std(off, ddof=1))]
    if any(near(given, other, SAME) for other in others):
        return "other-error", told
    if abs(given) < 1e-6:
        return "mean-of-residuals", told
    return ("rounded", told) if shortened(given, right) else ("", told)


def _wrong_when_bad(a: Answers) -> Found:
    """A device without energy, one with one gap, one with an infinite load."""
    for words, rows in (
        ("whose energy is missing", _spoilt("energy", np.nan, None)),
        ("with one infinite load", _spoilt("load", np.inf, 1)),
        ("with one energy missing", _spoilt("energy", np.nan, 1)),
    ):
        try:
            made = _asked(a, rows)
        except LearnerError as raised:
            name = type(raised.error).__name__
            return "not-caught", f"for a device {words}, `train_device` raises {name}"
        except ReturnedNoneError:
            return "device-lost", f"for a device {words}, `train_device` returns None"
        if not isinstance(made, pd.DataFrame) or len(made) != 1:
            size = f"{len(made)} rows" if isinstance(made, pd.DataFrame) else kinds.describe(made)
            return "device-lost", f"for a device {words}, `train_device` returns {size}"
        if found := _wrong_bad_row(made, rows, words):
            return found
    return None


def _wrong_when_odd(a: Answers) -> Found:
    """Devices that have a line, although it says little: a single hour, always the same load."""
    for words, rows in (
        ("with a single hour", _sample().head(1)),
        ("whose load is always the same", _spoilt("load", 0.5, None)),
    ):
        try:
            made = _asked(a, rows)
        except LearnerError as raised:
            name = type(raised.error).__name__
            return "not-caught", f"for a device {words}, `train_device` raises {name}"
        if not isinstance(made, pd.DataFrame) or len(made) != 1:
            return "device-lost", f"for a device {words}, `train_device` returns no row"
        row = made.reindex(columns=NAMES).iloc[0]
        if not pd.isna(row["problem"]):
            return "too-strict", f"a device {words} gets the problem {_shown(row['problem'])}"
        if not abs(_number(row["rmse"]) - _root(_off(_line(rows), rows))) < 1e-4:
            return "", f"a device {words} gets the rmse {_number(row['rmse']):.4g}"
    return None


def _wrong_bad_row(made: pd.DataFrame, rows: pd.DataFrame, words: str) -> Found:
    row = made.reindex(columns=NAMES).iloc[0]
    fitted = [name for name in (*LINE, "rmse") if np.isfinite(_number(row[name]))]
    if fitted and pd.isna(row["problem"]):
        return "bad-rows-dropped", f"a device {words} gets a line, and no problem"
    if pd.isna(row["problem"]):
        return "reason-lost", f"a device {words} gets neither a line nor a problem"
    if not isinstance(row["problem"], str) or not row["problem"].strip():
        return "", f"a device {words} gets the problem {_shown(row['problem'])}, which is no text"
    if fitted:
        return "", f"a device {words} gets a problem, and `{fitted[0]}` all the same"
    if _number(row["device_id"]) != int(rows["device_id"].iloc[0]):
        return (
            "nameless",
            f"the row of a device {words} has the device_id {_shown(row['device_id'])}",
        )
    if _number(row["hours"]) != len(rows):
        return "", f"the row of a device {words} has {_shown(row['hours'])} hours"
    return None


Q1 = decided(
    _wrong_function,
    {
        "no-frame": "applyInPandas wants a pandas frame; pd.DataFrame([row]) makes one of a dict.",
        "column-missing": "The row has all seven columns, also those that are empty.",
        "not-one-row": "One device, one row: a scalar spreads over as many rows as the longest "
        "column has.",
        "problem-for-all": "Where all is well, `problem` is None; otherwise every device fails.",
        "key-for-number": "The key of a group is a tuple; its first item is the number, key[0].",
        "hours-miscounted": "len(rows) is the number of rows; size counts cells.",
        "swapped": "coef_ has the order of the features: first load, then outside.",
        "no-intercept": "The line was forced through zero; least squares fits the intercept, too.",
        "other-error": "RMSE is the square root of the mean of the squared residuals, over all "
        "rows.",
        "mean-of-residuals": "The residuals of a line cancel out. Square them before the mean.",
        "rounded": "It is right, but for its digits; keep all of them.",
        "not-caught": "An exception ends the job with all its devices. Catch it, or look at the "
        "rows before you fit.",
        "device-lost": "A device that fails has a row as well, or nobody will notice.",
        "bad-rows-dropped": "The bad rows were left out or filled. Here such a device counts as "
        "broken, however many rows are left.",
        "reason-lost": "The exception was caught and forgotten; put its text into `problem`.",
        "too-strict": "Only a missing energy or an infinite load is a problem. There is neither, "
        "so the device gets a line: least squares finds one.",
        "nameless": "The row has to say whose it is; the key is there even if the rows are bad.",
    },
)


# --- q2 -----------------------------------------------------------------------------------------


def _wrong_models(a: Answers) -> Found:
    table, right = a.pandas("models"), _right()
    ids = table["device_id"].astype(float)
    if gaps := int(ids.isna().sum()):
        return "", f"`device_id` is missing in {gaps} rows of `models`"
    if ids.duplicated().any():
        device = int(ids[ids.duplicated()].iloc[0])
        told = f"device {device} has {(ids == device).sum()} rows in `models`"
        hours = table["hours"].astype(float).groupby(ids.astype(int)).sum()
        cut = hours.equals(right["hours"].reindex(hours.index).astype(float))
        return ("devices-repeated" if cut else ""), told
    if lacking := sorted({*right.index} - {*ids}):
        if set(lacking) <= _failed():
            return "failed-left-out", f"`models` has no row for device {lacking[0]}"
        if {*ids} == {*_right("test").index}:
            return "other-hours", "`models` has the devices of `test`, not all of `train`"
        return "", f"`models` lacks {len(lacking)} of the devices, such as {lacking[0]}"
    if len(ids) > len(right):
        return "", f"`models` has {len(ids)} rows, `train` has {len(right)} devices"
    table = table.set_index(ids.astype(int)).loc[right.index]
    if table["b_load"].count() > 1 and table["b_load"].nunique() == 1:
        return "one-for-all", f"`b_load` is {table['b_load'].dropna().iloc[0]:.4g} for every device"
    return _other_rows(table) or _other_lines(table) or _wrong_failed(a, table)


def _other_rows(table: pd.DataFrame) -> Found:
    hours = table["hours"].astype(float)
    for side, words in (("all", "all its hours"), ("test", "its test hours")):
        other = _right(side)["hours"].reindex(hours.index)
        if (hours == other).all():
            device, count = int(hours.index[0]), hours.iloc[0]
            told = f"device {device} of `models` has learned from {words}, {count:.0f} of them"
            return "other-hours", told
    wrong = hours[hours != _right()["hours"]]
    if len(wrong):
        return "", f"device {wrong.index[0]} has learned from {wrong.iloc[0]:.0f} hours"
    return None


def _other_lines(table: pd.DataFrame) -> Found:
    right = _right()
    sure = right["clear"] & right["rmse"].notna()
    for name in (*LINE, "rmse"):
        given, due = table[name].astype(float)[sure], right[name][sure]
        wrong = ~np.isclose(given, due, SAME, SAME)
        if wrong.any():
            first = given[wrong].index[0]
            return "", f"device {first} has {given[first]:.6g} for its {name}"
    problems = table["problem"].notna()
    told = {int(device) for device in table.index[problems]}
    if wrong_ones := sorted(told ^ _failed()):
        has = "a problem" if wrong_ones[0] in told else "no problem"
        return "", f"device {wrong_ones[0]} of `models` has {has}"
    return None


def _wrong_failed(a: Answers, table: pd.DataFrame) -> Found:
    given, due = a.failed, _failed()
    flat = [item[0] if isinstance(item, list) and len(item) == 1 else item for item in given]
    if any(isinstance(item, list) for item in given) and {*map(str, flat)} == {*map(str, due)}:
        return "rows-for-numbers", f"`failed` has {given[0]!r:.40} in it"
    reasons = {*table["problem"].dropna()}
    if given and all(isinstance(item, str) and item in reasons for item in given):
        return "reasons-for-numbers", f"`failed` has {given[0]!r:.40} in it"
    if not all(kinds.fits(item, "number") for item in given):
        odd = next(item for item in given if not kinds.fits(item, "number"))
        return "", f"`failed` has {odd!r:.40} in it, which is no number of a device"
    found = {int(item) for item in given}
    if found == due and len(given) == len(due):
        return None
    if found == {*table.index} - due:
        return "the-healthy", f"`failed` has {len(given)} devices, and none has a problem"
    if not given:
        return "nobody-failed", "`failed` is empty"
    if found < due or (found == due and len(given) != len(due)):
        return "", f"`failed` is {given[:5]}"
    odd_one = sorted(found - due)
    if odd_one:
        return "", f"`failed` has device {odd_one[0]}, which has no problem in `models`"
    return "", f"`failed` has {len(given)} entries"


Q2 = decided(
    _wrong_models,
    {
        "devices-repeated": "Group by `device_id` alone; anything else in groupBy cuts a device "
        "into several groups.",
        "failed-left-out": "A filter or an inner join has dropped the ones that failed.",
        "other-hours": "A model learns from `train` only; the test hours are for Question 4.",
        "one-for-all": "All devices have the same numbers: the function was given the rows of "
        "all, or fits something other than its own rows.",
        "rows-for-numbers": "collect() returns rows; take the number out of each, row[0].",
        "reasons-for-numbers": "These are the problems; asked for are the devices that have them.",
        "the-healthy": "The condition is the wrong way round: failed is where `problem` is not "
        "null.",
        "nobody-failed": "Some rows of `models` have a problem. A comparison with None finds none "
        "of them; IS NOT NULL or isNotNull() does.",
    },
)


# --- q3 -----------------------------------------------------------------------------------------


def _run(run_id: str) -> "Run | None":
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    try:
        return MlflowClient().get_run(run_id)
    except MlflowException:
        return None


def _runs(a: Answers, having: str = "") -> "list[Run]":
    """The runs in the experiment of the lab, the newest first."""
    from mlflow import MlflowClient

    return list(MlflowClient().search_runs([str(a.experiment)], having))


def _children_elsewhere(parent: str) -> str:
    """The experiment in which the children of a run are, if any has some."""
    from mlflow import MlflowClient

    client = MlflowClient()
    everywhere = [each.experiment_id for each in client.search_experiments()]
    found = client.search_runs(everywhere, f"tags.mlflow.parentRunId = '{parent}'", max_results=1)
    return str(found[0].info.experiment_id) if found else ""


def _largest() -> list[int]:
    return [int(device) for device in _right()["rmse"].nlargest(LISTED).index]


def _wrong_runs(a: Answers) -> Found:
    parent = _run(a.parent_id.strip())
    if parent is None:
        if any(run.info.run_name == a.parent_id for run in _runs(a)):
            return "name-for-id", f"`parent_id` is {a.parent_id[:40]!r}, the name of a run"
        return "", f"MLflow has no run with the id {a.parent_id[:40]!r}"
    if parent.info.experiment_id != str(a.experiment):
        return "wrong-experiment", f"`parent_id` is in experiment {parent.info.experiment_id}"
    if "mlflow.parentRunId" in parent.data.tags:
        return "child-for-parent", "the run `parent_id` is itself a child of another run"
    if parent.info.status == "RUNNING":
        return "run-not-ended", "the status of the run `parent_id` is RUNNING"
    id = parent.info.run_id
    children = _runs(a, f"tags.mlflow.parentRunId = '{id}'")
    if not children:
        if elsewhere := _children_elsewhere(id):
            return "wrong-experiment", f"the children are in experiment {elsewhere}"
        told = "in the experiment of the lab, no run has the run `parent_id` as its parent"
        return "no-children", told
    return _wrong_devices(children) or _wrong_children(children)


def _wrong_devices(children: "list[Run]") -> Found:
    told = []
    for run in children:
        if "device_id" not in run.data.params:
            where = "metric" if "device_id" in run.data.metrics else "tag"
            if where == "metric" or "device_id" in run.data.tags:
                return "not-a-parameter", f"a child has device_id as a {where}"
            there = ", ".join(run.data.params) or "none"
            return "parameter-missing", f"a child has no parameter device_id; it has {there}"[:150]
        told.append(run.data.params["device_id"])
    numbers = [device.removesuffix(".0") for device in told]
    twice = sorted({device for device in numbers if numbers.count(device) > 1})
    if twice:
        many = f"{len(children)} children, {numbers.count(twice[0])} of them for device {twice[0]}"
        errors = {run.data.metrics.get("rmse") for run in _of_device(children, twice[0])}
        return ("logged-twice" if len(errors) == 1 else ""), f"`parent_id` has {many[:100]}"
    found, due = {*numbers}, {*map(str, _largest())}
    if found == due:
        return None
    listed = {str(device) for device in _right().index}
    failed = {*map(str, _failed())}
    if listed - failed <= found <= listed:
        return "all-logged", f"`parent_id` has {len(children)} children"
    if found & failed:
        return "failed-logged", "a child is of a device that has no `rmse`"
    smallest = {str(device) for device in _right()["rmse"].nsmallest(LISTED).index}
    if found == smallest:
        return "smallest", "the children are those of the ten smallest errors"
    if odd := sorted(found - due):
        return "", f"{len(found)} children, one of them for device {odd[0][:20]}"
    return "too-few", f"`parent_id` has {len(found)} children"


def _of_device(children: "list[Run]", device: str) -> "list[Run]":
    return [r for r in children if r.data.params["device_id"].removesuffix(".0") == device]


def _wrong_children(children: "list[Run]") -> Found:
    right = _right()
    for run in children:
        device = int(run.data.params["device_id"].removesuffix(".0"))
        if "rmse" not in run.data.metrics:
            if "rmse" in run.data.params:
                return "metric-as-parameter", f"the run of device {device} has rmse as a parameter"
            there = ", ".join(run.data.metrics) or "none"
            told = f"the run of device {device} has no metric rmse; it has {there}"
            return "metric-missing", told[:150]
        value, due = run.data.metrics["rmse"], float(right["rmse"][device])
        if not near(value, due, SAME):
            told = f"the run of device {device} has rmse = {value:.6g}"
            return ("rounded" if shortened(value, due) else ""), told
    for run in children:
        if run.info.status != "FINISHED":
            device = int(run.data.params["device_id"].removesuffix(".0"))
            state = f"the status of the run of device {device} is {run.info.status}"
            return ("run-not-ended" if run.info.status == "RUNNING" else ""), state
    return None


Q3 = decided(
    _wrong_runs,
    {
        "name-for-id": "A name may occur twice; the id is run.info.run_id.",
        "wrong-experiment": "Parent and children go to the experiment of the lab, whose id is "
        "`experiment`.",
        "child-for-parent": "The children look for the id of the run above them all.",
        "run-not-ended": "A run of the client ends with set_terminated, one of start_run with its "
        "`with` block.",
        "no-children": "Without the tag mlflow.parentRunId a run has no parent: nested=True finds "
        "none where no run is open, as on a worker or after the `with` block.",
        "not-a-parameter": "What was given, such as the number of a device, is a parameter.",
        "parameter-missing": "Each child says whose it is: Param('device_id', '17').",
        "logged-twice": "The cell that logs ran more than once under the same parent: a plan that "
        "logs does so each time it is asked, unless it is cached.",
        "all-logged": "Ten runs are asked for, those with the largest errors.",
        "failed-logged": "A device without a model has no error to log; leave nulls out, or sort "
        "them last.",
        "smallest": "The order is ascending unless you say otherwise.",
        "too-few": "Some of the ten devices have no run under this parent.",
        "metric-as-parameter": "What came out is a metric; a parameter is text, and cannot be "
        "sorted by size.",
        "metric-missing": "The metric is missing, or has another name.",
        "rounded": "It is right, but for its digits; log all of them.",
    },
)


# --- q4 -----------------------------------------------------------------------------------------


def _with_models(side: str, learned: str = "train") -> pd.DataFrame:
    """The hours of a side with what the lines of another predict, NaN where there is no line."""
    rows, models = _side(side), _right(learned)
    lines = models.reindex(rows["device_id"])[LINE].to_numpy()
    x = np.column_stack([np.ones(len(rows)), rows[FEATURES].to_numpy(dtype=float)])
    with np.errstate(invalid="ignore"):
        return rows.assign(prediction=(lines * x).sum(axis=1))


def _of_hours(rows: pd.DataFrame) -> Numbers:
    off = (rows["energy"] - rows["prediction"]).to_numpy(dtype=float)
    found: Numbers = off[np.isfinite(off)]
    return found


def _wrong_scored(a: Answers) -> Found:
    table, due = a.pandas("scored"), _with_models("test")
    table = table.assign(at=pd.to_datetime(table["at"], utc=True).astype("datetime64[us, UTC]"))
    due = due.assign(at=due["at"].astype("datetime64[us, UTC]"))
    keys = ["device_id", "at"]
    given = table[[*keys, "prediction"]].rename(columns={"prediction": "given"})
    if len(given) == len(_side("train")) and given["at"].max() < CUT:
        return "train-scored", f"the newest hour in `scored` is {given['at'].max():%Y-%m-%d %H:%M}"
    both = due.merge(given.drop_duplicates(keys), on=keys, how="left", indicator=True)
    lost = both[both["_merge"] == "left_only"]
    if len(lost):
        devices = {*lost["device_id"].astype(int)}
        told = f"`scored` lacks {len(lost)} hours of {len(devices)} devices"
        return ("hours-lost" if devices == _failed() else ""), told
    if odd := int(given["at"].isna().sum()):
        return "models-without-hours", f"`at` is null in {odd} of the rows of `scored`"
    if len(given) > len(due):
        return "hours-multiplied", f"`scored` has {len(given):,} rows, `test` has {len(due):,}"
    return _wrong_predictions(both)


def _wrong_predictions(both: pd.DataFrame) -> Found:
    given = both["given"].astype(float)
    gaps = both["device_id"].isin(_failed())
    if given[gaps].notna().any():
        told = f"a device without a model gets the prediction {given[gaps].dropna().iloc[0]:.4g}"
        return "gaps-filled", told
    clear = both["device_id"].map(_right()["clear"])
    sure, due = ~gaps & clear, both["prediction"]
    if given[sure].isna().any():
        device = int(both["device_id"][sure & given.isna()].iloc[0])
        return "", f"device {device} has a model, and an hour without a prediction"
    wrong = sure & ~np.isclose(given, due, SAME, SAME)
    if not wrong.any():
        return None
    first = both[wrong].iloc[0]
    told = f"device {first['device_id']:.0f} gets {first['given']:.4g} at {first['at']:%d %b %H:%M}"
    intercept = both["device_id"].map(_right()["intercept"])
    if np.allclose(given[sure], (due - intercept)[sure], SAME, SAME):
        return "without-intercept", told
    swapped = both["device_id"].map(_right()["b_load"]) * both["outside"]
    swapped = intercept + swapped + both["device_id"].map(_right()["b_outside"]) * both["load"]
    if np.allclose(given[sure], swapped[sure], SAME, SAME):
        return "swapped", told
    if _is_one_line(both[sure], given[sure]):
        return "one-model", told
    for learned in ("test", "all"):
        other = _with_models("test", learned)["prediction"].to_numpy()
        fine = sure & both["device_id"].isin(_right(learned).query("clear").index)
        if np.allclose(given[fine], other[fine], SAME, SAME):
            return "test-learned", told
    return "", told


def _is_one_line(rows: pd.DataFrame, given: "pd.Series[float]") -> bool:
    """Whether all predictions come from the same line."""
    table = rows.assign(energy=given)
    return _root(_off(_line(table), table)) < 1e-4


def _rmse_right(a: Answers) -> Made:
    return {"own_rmse": _root(_of_hours(_with_models("test")))}


def _other_rmse(a: Answers) -> Made:
    off = _of_hours(_with_models("test"))
    others = [_root(off) ** 2, float(np.abs(off).mean()), float(np.median(np.abs(off)))]
    return {"own_rmse": others + [float(off.std(ddof=lost)) for lost in (0, 1)]}


def _by_device(a: Answers) -> Made:
    rows = _with_models("test")
    off = rows["energy"] - rows["prediction"]
    each = (off**2).where(np.isfinite(off)).groupby(rows["device_id"]).mean() ** 0.5
    return {"own_rmse": [float(each.mean()), float(each.median())]}


def _of_train(a: Answers) -> Made:
    return {"own_rmse": [_root(_of_hours(_with_models(side))) for side in ("train", "all")]}


def _zeros(a: Answers) -> Made:
    """Gaps counted as errors of nothing, or as predictions of nothing."""
    rows = _with_models("test")
    off = _of_hours(rows)
    filled = (rows["energy"] - rows["prediction"].fillna(0)).to_numpy(dtype=float)
    filled = filled[np.isfinite(filled)]
    return {"own_rmse": [float(np.sqrt((off**2).sum() / len(rows))), _root(filled)]}


RMSE = Values(_rmse_right, tolerance=1e-5)
Q4 = decided(
    _wrong_scored,
    {
        "train-scored": "These hours the models have learned from; the new ones are in `test`.",
        "hours-lost": "An inner join drops the hours of the devices that have no model, or they "
        "were filtered out. Keep them, with a null.",
        "hours-multiplied": "An hour is there more than once: the models side of the join has "
        "several rows for a device.",
        "models-without-hours": "A full or a right join keeps devices that have no new hours; "
        "a left one keeps the hours of `test` and nothing else.",
        "gaps-filled": "For these devices nothing is known; a null says so, and a number does not.",
        "without-intercept": "The line is intercept + b_load · load + b_outside · outside.",
        "swapped": "Each coefficient belongs to its own column.",
        "test-learned": "The lines have learned from these very hours; those in `models` know "
        "`train` alone.",
        "one-model": "All devices are predicted by the same line; look each one's own up by "
        "`device_id`.",
    },
    RMSE.wrong(
        "other-error",
        _other_rmse,
        "is another measure of error",
        "RMSE is the square root of the mean of the squared errors.",
    ),
    RMSE.wrong(
        "mean-over-devices",
        _by_device,
        "is taken over devices",
        "All hours count alike here: one mean over all hours, not one per device.",
    ),
    RMSE.wrong(
        "evaluated-on-train",
        _of_train,
        "comes from hours that the models have learned from",
        "Use the hours of `test` only.",
    ),
    RMSE.wrong(
        "gaps-counted",
        _zeros,
        "counts the hours without a prediction",
        "Leave them out; they were divided by, or filled with zero.",
    ),
    RMSE.rounded(),
)


# --- q5 -----------------------------------------------------------------------------------------

_KINDS = ("erratic", "stuck", "single")


def _broken() -> Mapping[str, int]:
    return {kind: int(ids[0]) for kind, ids in get_truth("readings").broken.items()}


def _wrong_verdict(a: Answers) -> Found:
    due, given = _broken(), {kind: int(a.verdict[kind]) for kind in _KINDS}
    wrong = {kind: device for kind, device in given.items() if device != due[kind]}
    if not wrong:
        return None
    kind, device = next(iter(wrong.items()))
    told = f"`verdict[{kind!r}]` is {device}"
    if device in _failed():
        return "one-that-failed", told
    if len(wrong) > 1 and {*wrong.values()} == {due[kind] for kind in wrong}:
        return "swapped", told
    if kind == "erratic" and device in (due["stuck"], due["single"]):
        return "stuck-for-erratic" if device == due["stuck"] else "", told
    if device not in _right().index:
        return "", f"{told}, which is not on the list"
    hours, loads = int(_right()["hours"][device]), int(_of(device)["load"].nunique())
    if kind == "stuck" and device == due["single"]:
        return "single-for-stuck", f"{told}, which has reported {hours} hour"
    return "", f"{told}, which has {hours} hours, {loads} loads, and rmse {_rmse_of(device):.4g}"


def _rmse_of(device: int) -> float:
    return float(_right()["rmse"][device])


def _ratio(a: Answers) -> Made:
    return {"times": _rmse_of(_broken()["erratic"]) / float(_right()["rmse"].median())}


def _times_otherwise(a: Answers) -> Made:
    right, erratic = _right()["rmse"], _broken()["erratic"]
    own = _rmse_of(erratic)
    return {"times": [own / float(right.mean()), own / float(right.drop(erratic).mean())]}


def _times_plain(a: Answers) -> Made:
    own, median = _rmse_of(_broken()["erratic"]), float(_right()["rmse"].median())
    percent = 100 * own / median
    return {"times": [own, own - median, median / own, (own / median) ** 2, percent, percent - 100]}


def _times_by_other_medians(a: Answers) -> Made:
    """Without some devices, with those that have no model, by one of the two in the middle."""
    rmse, broken = _right()["rmse"], _broken()
    without = [[broken["erratic"]], [broken["single"]], [broken[kind] for kind in _KINDS]]
    medians = [float(rmse.drop(out).median()) for out in without]
    medians += [float(rmse.dropna().quantile(0.5, how)) for how in ("lower", "higher")]
    medians.append(float(rmse.fillna(0).median()))
    return {"times": [_rmse_of(broken["erratic"]) / median for median in medians]}


def _times_on_test(a: Answers) -> Made:
    rows = _with_models("test")
    off = rows["energy"] - rows["prediction"]
    each = (off**2).where(np.isfinite(off)).groupby(rows["device_id"]).mean() ** 0.5
    own = float(each[_broken()["erratic"]])
    return {"times": [own / float(each.median()), own / float(_right()["rmse"].median())]}


TIMES = Values(_ratio, tolerance=1e-5)
Q5 = decided(
    _wrong_verdict,
    {
        "one-that-failed": "This one raised an exception, and has a problem in `models`; the three "
        "that are asked for have none.",
        "swapped": "They are the right devices, under each other's words.",
        "stuck-for-erratic": "Its error is large because its load is hidden. The erratic one "
        "reports loads that change, and its error is larger still.",
        "single-for-stuck": "With a single hour there is only one load as well; the stuck one has "
        "many hours.",
    },
    TIMES.wrong(
        "mean-for-median",
        _times_otherwise,
        "divides by a mean",
        "A few devices with large errors lift the mean; the median does not mind them.",
    ),
    TIMES.wrong(
        "not-a-ratio",
        _times_plain,
        "is not the ratio that is asked for",
        "Divide the erratic device's rmse by the median, without squares or percent.",
    ),
    TIMES.wrong(
        "of-test",
        _times_on_test,
        "uses errors on the test hours",
        "Both errors are those in `models`.",
    ),
    TIMES.wrong(
        "other-median",
        _times_by_other_medians,
        "divides by another median",
        "All devices that have a model count, the broken ones among them, and no others. Of an "
        "even number the median is the mean of the two in the middle; percentile_approx is not.",
    ),
    TIMES.rounded(),
)


QUESTIONS = [
    Question(
        id="q1",
        title="A function for one device",
        points=2,
        names={"train_device": "function"},
        looks_at={
            **dict.fromkeys(NAMES, "_wrong_form and _wrong_fit look at the columns"),
            "key": "an argument; _asked gives it",
            "rows": "an argument; _asked gives it",
        },
        hints=(
            "Begin with a dict that has all seven names and None for each. Fill in what you know "
            "for sure, the device and its hours; then try to fit.",
            "try: model = LinearRegression().fit(rows[FEATURES], rows['energy']) … except "
            "ValueError as problem: row['problem'] = str(problem). At the end, "
            "pd.DataFrame([row]).",
        ),
        mistakes=Q1,
        refuse=refused(_wrong_function),
        why="a function that turns a failure into a row keeps 2,000 devices safe from one.",
    ),
    Question(
        id="q2",
        title="All of them",
        points=2,
        names={"models": "frame", "failed": "list"},
        needs=("q1",),
        columns={"models": {**dict.fromkeys(NAMES[:-1], "number"), "problem": "text"}},
        hints=(
            "Group the training hours by device, and hand each group to your function. The second "
            "argument says which columns come back, and of which types.",
            "train.groupBy('device_id').applyInPandas(train_device, 'device_id int, hours long, "
            "intercept double, …, problem string'). For the list: where('problem IS NOT NULL'), "
            "collect(), and the number out of each row.",
        ),
        mistakes=Q2,
        refuse=refused(_wrong_models),
        why="what failed has a name and a reason, and can be asked for like any other row.",
    ),
    Question(
        id="q3",
        title="Runs for the ten that matter",
        points=2,
        names={"parent_id": "text"},
        needs=("q1", "q2"),
        looks_at={
            "device_id": "_wrong_devices looks at the parameters of the children",
            "rmse": "_wrong_children looks at their metrics",
        },
        hints=(
            "Make the parent with mlflow.start_run and keep its id. A child is a run with the tag "
            "mlflow.parentRunId; the client makes it with create_run.",
            "client.create_run(experiment, tags={'mlflow.parentRunId': parent_id}), then "
            "log_batch(run_id, metrics=[Metric('rmse', …, now, 0)], params=[Param('device_id', "
            "…)]), then set_terminated(run_id), for each of the ten rows.",
        ),
        mistakes=Q3,
        refuse=refused(_wrong_runs),
        why="a run for each model that somebody will look at; the others are rows of a table.",
    ),
    Question(
        id="q4",
        title="The new hours",
        points=2,
        names={"scored": "frame", "own_rmse": "number"},
        needs=("q1", "q2"),
        columns={
            "scored": {
                "device_id": "number",
                "at": "time",
                "energy": "number",
                "prediction": "number",
            }
        },
        hints=(
            "The three numbers of a device's line stand in `models`. Put them beside its hours, "
            "so that no hour is lost.",
            "test.join(models.select('device_id', 'intercept', 'b_load', 'b_outside'), "
            "'device_id', 'left'), and the line as an expression. F.avg skips nulls.",
        ),
        mistakes=Q4,
        refuse=refused(_wrong_scored, RMSE),
        why="an hour without a prediction is a finding; an hour that is gone is not.",
    ),
    Question(
        id="q5",
        title="The ones that nobody has caught",
        points=2,
        names={"verdict": "dict", "times": "number"},
        needs=("q1", "q2"),
        keys={"verdict": dict.fromkeys(_KINDS, "integer")},
        looks_at={"rmse": "a column of `models`", "problem": "a column of `models`"},
        hints=(
            "Look at what each model has seen: how many hours, how many different loads, how "
            "large an error.",
            "train.groupBy('device_id').agg(F.countDistinct('load')) beside `models`: one load and "
            "many hours, one hour, and the largest rmse of the others.",
        ),
        mistakes=Q5,
        refuse=refused(_wrong_verdict, TIMES),
        why="an exception tells you what an algorithm cannot take, and never what makes no sense.",
    ),
]
