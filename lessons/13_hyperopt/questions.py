"""The questions of lab 13: judged by the learner's own trials and runs, which chance decides.

References are fitted anew from the rows in use. No check searches, and none but the first of a
lab runs a Spark job.
"""

import math
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr
from functools import cache
from io import StringIO
from typing import Any

import numpy as np

from course_utils import locate
from course_utils.lab import Answers, Question, kinds, reference
from course_utils.lab.answers import LearnerError
from course_utils.lab.decide import decided, refused
from course_utils.lab.values import ROUNDED, Made, Values, near, shortened

COLUMNS = (
    *("accommodates", "bedrooms", "bathrooms", "beds", "minimum_nights", "number_of_reviews"),
    *("review_scores_rating", "review_scores_location", "latitude", "longitude"),
)
_BUCKETS = {"fit": (0,), "val": (1, 2), "both": (0, 1, 2)}
_STACKED = "stacked"
# parts one below the other: their order decides between splits that are equal
_PARTS = {
    _STACKED: ("fit", "val"),
    "turned": ("val", "fit"),
    "leaked": ("fit", "val", "test"),
}

RATES, DEPTHS, SHARES = (0.005, 0.5), (2, 10), ("sqrt", 0.6, 0.9)
NAMES = ("learning_rate", "max_depth", "max_features")
GRID = [
    (rate, depth, share)
    for rate in (0.005, 0.015, 0.05)
    for depth in (2, 6, 10)
    for share in SHARES
]
TRIALS, PARALLELISM = 8, 2
EXPERIMENT = "13_hyperopt_lab"

Found = tuple[str, str] | None
Numbers = np.ndarray[Any, Any]
Setting = tuple[float, int, Any]  # as NAMES


# --- references -------------------------------------------------------------------------------


@cache
def _arrays(listings: str, part: str) -> tuple[Numbers, Numbers]:
    """Features and log(price) of "fit", "val", "both", "test", or of "all" but the test rows."""
    if part in _PARTS:
        several = [_arrays(listings, each) for each in _PARTS[part]]
        return np.vstack([x for x, _ in several]), np.concatenate([y for _, y in several])
    if part == "crossed":  # the labels of one order beside the rows of the other
        return _arrays(listings, _STACKED)[0], _arrays(listings, "turned")[1]
    columns = (*COLUMNS, "log(price) AS label", "pmod(xxhash64(*), 10) AS bucket")
    table = reference.split("listings", columns)["test" if part == "test" else "train"]
    if part in _BUCKETS:
        table = table[table["bucket"].isin(_BUCKETS[part])]
    return table[list(COLUMNS)].to_numpy(dtype=float), table["label"].to_numpy(dtype=float)


def _rows(part: str) -> tuple[Numbers, Numbers]:
    return _arrays(locate("listings"), part)


@cache
def _model(listings: str, learn: str, rate: float, depth: int, share: Any) -> Any:
    from sklearn.ensemble import GradientBoostingRegressor

    model = GradientBoostingRegressor(
        n_estimators=25, learning_rate=rate, max_depth=depth, max_features=share, random_state=13
    )
    return model.fit(*_arrays(listings, learn))


@cache
def _both_sides(listings: str, setting: Setting, learn: str, judge: str) -> tuple[Numbers, Numbers]:
    x, y = _arrays(listings, judge)
    return y, _model(listings, learn, *setting).predict(x)


def _scored(setting: Setting, learn: str = "fit", judge: str = "val") -> tuple[Numbers, Numbers]:
    """log(price) of some rows, and what a model predicts for them."""
    return _both_sides(locate("listings"), setting, learn, judge)


def _loss(setting: Setting, learn: str = "fit", judge: str = "val") -> float:
    y, predicted = _scored(setting, learn, judge)
    return float(np.sqrt(np.mean((predicted - y) ** 2)))


def _dollars(setting: Setting, learn: str, judge: str) -> float:
    y, predicted = (np.exp(each) for each in _scored(setting, learn, judge))
    return float(np.sqrt(np.mean((predicted - y) ** 2)))


def _summaries(off: Numbers) -> list[float]:
    """What other summaries than the RMSE make of errors."""
    squares, sizes = off**2, abs(off)
    several = [squares.mean(), squares.sum(), math.sqrt(squares.sum()), sizes.mean()]
    return [float(each) for each in (*several, np.median(sizes), off.std(), off.mean())]


def _others(setting: Setting) -> list[float]:
    y, predicted = _scored(setting)
    return [*_summaries(predicted - y), -_r2(setting), 1 - _r2(setting)]


def _r2(setting: Setting) -> float:
    y, predicted = _scored(setting)
    return 1 - float(np.mean((predicted - y) ** 2)) / float(y.var())


def _setting(params: Mapping[str, Any]) -> Setting | None:
    """A model's hyperparameters, or None where they are none that the space allows."""
    try:
        rate, depth = float(params["learning_rate"]), float(params["max_depth"])
        share = params["max_features"]
    except (KeyError, TypeError, ValueError):
        return None
    share = next((each for each in SHARES if str(each) == str(share)), None)
    inside = RATES[0] * 0.999 <= rate <= RATES[1] * 1.001 and DEPTHS[0] <= depth <= DEPTHS[1]
    return (rate, int(depth), share) if inside and share is not None else None


# --- q1 ---------------------------------------------------------------------------------------

_ASKED: tuple[Setting, ...] = ((0.1, 4, 0.6), (0.3, 2, "sqrt"))

# mistake -> the losses that it gives for a setting
_LOSSES: dict[str, Callable[[Setting], list[float]]] = {
    "sign-flipped": lambda s: [-_loss(s), _r2(s)],
    "another-measure": _others,
    "parts-swapped": lambda s: [_loss(s, "val", "fit")],
    "judged-on-fit-rows": lambda s: [_loss(s, "fit", "fit"), _loss(s, "val", "val")],
    "judged-on-test-rows": lambda s: [_loss(s, "fit", "test"), _loss(s, "both", "test")],
    "validation-learned": lambda s: [_loss(s, "both", "val"), _loss(s, "all", "val")],
    "in-dollars": lambda s: [_dollars(s, "fit", "val")],
}


def _find_objective(a: Answers) -> Found:
    results = []
    for setting in _ASKED:
        params = dict(zip(NAMES, setting, strict=True))
        given = {**params, "max_depth": float(setting[1])}
        try:
            results.append(a.call("objective", dict(given)))
        except LearnerError:
            a.call("objective", dict(params))  # what fails with a whole number, too, is an error
            return "float-depth", f"`objective` fails with max_depth = {given['max_depth']}"
    if any(kinds.fits(result, "number") for result in results):
        return "bare-number", f"`objective` returns {float(results[0]):.6g}"
    plain = [kinds.plain(result, "dict") for result in results]
    for result in plain:
        if not isinstance(result, dict):
            return "", f"`objective` returns {kinds.describe(result)}"
        if "status" not in result or result["status"] != "ok":
            said = repr(result["status"])[:30] if "status" in result else "missing"
            return "no-status", f"the status in what `objective` returns is {said}"
        if not kinds.fits(result.get("loss"), "number") or not math.isfinite(result["loss"]):
            said = f"{result['loss']!r:.40}" if "loss" in result else "missing"
            return "no-loss", f"the loss in what `objective` returns is {said}"
    return _find_loss(a, [float(result["loss"]) for result in plain])


def _find_loss(a: Answers, losses: list[float]) -> Found:
    off = [not near(loss, _loss(s), 1e-6) for loss, s in zip(losses, _ASKED, strict=True)]
    if not any(off):
        return None
    first = off.index(True)
    found = f"for {dict(zip(NAMES, _ASKED[first], strict=True))}, the loss is {losses[first]:.6g}"
    if all(shortened(loss, _loss(s)) for loss, s in zip(losses, _ASKED, strict=True)):
        return "rounded", found
    for id, made in _LOSSES.items():
        explained = zip(losses, map(made, _ASKED), strict=True)
        if all(any(near(loss, value, 1e-6) for value in values) for loss, values in explained):
            return id, found
    return _find_unused(a, losses[0]) or ("", found)


def _find_unused(a: Answers, loss: float) -> Found:
    """Whether a hyperparameter makes no difference to what the objective returns."""
    for place, name in enumerate(NAMES):
        one, other = (dict(zip(NAMES, setting, strict=True))[name] for setting in _ASKED)
        setting = (*_ASKED[0][:place], other, *_ASKED[0][place + 1 :])
        result = a.call("objective", dict(zip(NAMES, setting, strict=True)))
        if near(result["loss"], loss, 1e-9):
            return "params-not-used", f"the loss is {loss:.6g} for {name} = {one!r} and = {other!r}"
    return None


# --- q2 ---------------------------------------------------------------------------------------

_DRAWS = 300


def _find_space(a: Answers) -> Found:
    from hyperopt import base
    from hyperopt.exceptions import DuplicateLabel

    space = a.space
    if space is None:
        return "", "`space` is None"
    if isinstance(space, list | tuple) or not isinstance(space, Mapping):
        return "not-a-dict", f"`space` is {kinds.describe(space)}"
    if missing := [name for name in NAMES if name not in space]:
        return "other-keys", f"`space` has no key {missing[0]!r}"
    if extra := [name for name in space if name not in NAMES]:
        return "other-keys", f"`space` has a key {str(extra[0])[:30]!r} that is not asked for"
    try:
        base.Domain(lambda params: 0.0, dict(space))
    except DuplicateLabel as twice:
        return "label-twice", f"two entries of `space` have the label {str(twice)[:30]!r}"
    try:
        drawn = _drawn(dict(space))
    except Exception as error:  # whatever NumPy says to impossible bounds
        return "no-draws", f"drawing from `space` ends in {type(error).__name__}: {error!s:.60}"
    for name in NAMES:
        if isinstance(drawn[0][name], list | tuple):
            return "plain-list", f"each draw from `space` has all of {drawn[0][name]} as {name}"
    for name in NAMES[:2]:
        if odd := [d[name] for d in drawn if not kinds.fits(d[name], "number")]:
            return "", f"a draw from `space` has {name} = {odd[0]!r:.40}"
    return _find_depth(drawn) or _find_rate(drawn) or _find_share(drawn)


def _drawn(space: dict[str, Any]) -> list[dict[str, Any]]:
    from hyperopt.pyll.stochastic import sample

    rng = np.random.default_rng(13)
    with redirect_stderr(StringIO()):  # what Hyperopt writes about a draw that fails
        draws = [sample(space, rng) for _ in range(_DRAWS)]
    return [{k: v.item() if isinstance(v, np.generic) else v for k, v in d.items()} for d in draws]


def _find_depth(drawn: list[dict[str, Any]]) -> Found:
    depths = sorted(float(d["max_depth"]) for d in drawn)
    if fraction := [depth for depth in depths if depth != int(depth)]:
        return "depth-not-whole", f"a draw from `space` has max_depth = {fraction[0]:.4g}"
    if (depths[0], depths[-1]) != DEPTHS:
        there = f"from {depths[0]:g} to {depths[-1]:g}"
        return "depth-range", f"in {_DRAWS} draws from `space`, max_depth goes {there}"
    if never := set(range(DEPTHS[0], DEPTHS[1] + 1)) - set(depths):
        return "depths-left-out", f"in {_DRAWS} draws from `space`, max_depth is never {min(never)}"
    return None


def _find_rate(drawn: list[dict[str, Any]]) -> Found:
    rates = sorted(float(d["learning_rate"]) for d in drawn)
    there = f"in {_DRAWS} draws from `space`, learning_rate goes from {rates[0]:.3g} to "
    there += f"{rates[-1]:.3g}"
    if rates[0] < RATES[0] * 0.999 or rates[-1] > RATES[1] * 1.001:
        for bounds in (np.exp(RATES), np.exp(np.log10(RATES))):
            if bounds[0] * 0.999 <= rates[0] and rates[-1] <= bounds[1] * 1.001:
                return "bounds-not-logged", there
        return "rate-range", there
    if (different := len(set(rates))) < _DRAWS // 2:
        told = f"{_DRAWS} draws from `space` have {different} different values of learning_rate"
        return "few-rates", told
    half = rates[_DRAWS // 2]
    if half > 1.7 * math.sqrt(rates[0] * rates[-1]):  # equal factors would put it in the middle
        return "even-rate", f"{there}, and half of them are above {half:.2g}"
    if rates[0] > 1.5 * RATES[0] or rates[-1] < RATES[1] / 1.5:
        return "rate-range", there
    share = sum(rate > math.sqrt(RATES[0] * RATES[1]) for rate in rates) / _DRAWS
    if not 0.3 <= share <= 0.7:
        return "", f"{there}, and {half:.2g} lies in the middle of them"
    return None


def _find_share(drawn: list[dict[str, Any]]) -> Found:
    seen = {repr(d["max_features"]) for d in drawn}
    if seen == {repr(share) for share in SHARES}:
        return None
    some = ", ".join(sorted(seen)[:4])
    if len(seen) > 2 * len(SHARES):
        return "shares-between", f"draws from `space` have max_features = {some}, …"
    return "other-options", f"draws from `space` have max_features = {some}"


# --- q3 ---------------------------------------------------------------------------------------


def _trials(a: Answers) -> list[dict[str, Any]]:
    """The trials that succeeded: tid, loss, setting, and the values as Hyperopt keeps them."""
    found = []
    for trial in a.trials.trials:
        values = {k: v[0] for k, v in trial["misc"]["vals"].items() if len(v)}
        loss = trial.get("result", {}).get("loss")
        found.append(
            {
                "tid": trial["tid"],
                "values": values,
                "loss": float(loss) if kinds.fits(loss, "number") else math.nan,
                "setting": _setting(_evaluated(a, values)),
                "seconds": _seconds(trial),
            }
        )
    return found


def _evaluated(a: Answers, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values in the learner's space, as `space_eval` gives them."""
    from hyperopt import space_eval

    try:
        return dict(space_eval(dict(a.space), dict(values)))
    except Exception:  # labels of another space
        return {}


def _seconds(trial: Mapping[str, Any]) -> float:
    begin, end = trial.get("book_time"), trial.get("refresh_time")
    return (end - begin).total_seconds() if begin and end else 0.0


def _seen(a: Answers) -> list[dict[str, Any]]:
    return a.once("trials", _trials)


def _best(a: Answers) -> dict[str, Any]:
    return min(_seen(a), key=lambda trial: trial["loss"])


def _find_search(a: Answers) -> Found:
    from hyperopt import JOB_STATE_ERROR, SparkTrials, Trials

    trials = a.trials
    if not isinstance(trials, Trials):
        return "not-trials", f"`trials` is {kinds.describe(trials)}"
    if not isinstance(trials, SparkTrials):
        return "plain-trials", f"`trials` is {kinds.describe(trials)}"
    if trials.parallelism != PARALLELISM:
        return "other-parallelism", f"`trials` ran {trials.parallelism} at a time"
    failed = sum(t["state"] == JOB_STATE_ERROR for t in trials._dynamic_trials)
    if failed:
        return "failed-trials", f"{failed} of the trials in `trials` failed"
    if not trials.trials:
        return "not-given", "`trials` holds no trial"
    if len(trials.trials) != TRIALS:
        return "other-budget", f"`trials` holds {len(trials.trials)} trials"
    return _find_losses(a) or _find_best(a)


def _find_losses(a: Answers) -> Found:
    """Whether the trials are of this space and this objective; two of them are fitted anew."""
    for trial in _seen(a):
        if trial["setting"] is None:
            return "", f"trial {trial['tid']} of `trials` has {trial['values']}, outside of `space`"
    last = max(_seen(a), key=lambda trial: trial["tid"])
    for trial in (_best(a), last):
        if not near(trial["loss"], _loss(trial["setting"]), 1e-6):
            return (
                "other-objective",
                f"trial {trial['tid']} of `trials` has a loss of {trial['loss']:.6g}, which is not "
                "the RMSE of its settings",
            )
    return None


def _find_best(a: Answers) -> Found:
    best = a.best
    if not isinstance(best, Mapping):
        return "not-from-fmin", f"`best` is {kinds.describe(best)}"
    if _same(best, _best(a)["values"]) or _setting(best) == _best(a)["setting"]:
        return None
    others = [t for t in _seen(a) if _same(best, t["values"]) or _setting(best) == t["setting"]]
    if others:
        return "best-of-others", f"`best` has the values of trial {others[0]['tid']}"
    return "best-of-others", "`best` has the values of no trial in `trials`"


def _same(values: Mapping[str, Any], others: Mapping[str, Any]) -> bool:
    """Whether both hold the same numbers under the same labels."""
    if set(values) != set(others):
        return False
    pairs = ((kinds.plain(values[k], "number"), others[k]) for k in others)
    return all(kinds.fits(v, "number") and near(v, float(other), 1e-9) for v, other in pairs)


# --- q4 ---------------------------------------------------------------------------------------


def _find_runs(a: Answers) -> Found:
    import mlflow
    from mlflow.exceptions import MlflowException

    client = mlflow.MlflowClient()
    try:
        parent = client.get_run(a.parent_id)
    except MlflowException:
        return "no-such-run", f"there is no run with the id {a.parent_id[:40]!r}"
    above = parent.data.tags.get("mlflow.parentRunId")
    children = client.search_runs(
        [parent.info.experiment_id], f"tags.`mlflow.parentRunId` = '{a.parent_id}'"
    )
    if above is not None:
        return "child-for-parent", "the run of `parent_id` has a parent itself"
    where = client.get_experiment(parent.info.experiment_id).name
    if where != EXPERIMENT:
        return "wrong-experiment", f"the run of `parent_id` is in the experiment {where[:40]!r}"
    if not children:
        return "no-children", "the run of `parent_id` has no child runs"
    if len(children) != TRIALS:
        return "other-count", f"the run of `parent_id` has {len(children)} child runs"
    return _find_logged(a, children)


def _find_logged(a: Answers, children: list[Any]) -> Found:
    for child in children:
        params, metrics = child.data.params, child.data.metrics
        if missing := [name for name in NAMES if name not in params]:
            for place, kept in (("metrics", metrics), ("tags", child.data.tags)):
                if missing[0] in kept:
                    return "params-as-metrics", f"a child run has `{missing[0]}` among its {place}"
            return "param-missing", f"a child run has no param {missing[0]!r}"
        if "loss" not in metrics:
            where = "among its params" if "loss" in params else "nowhere"
            return "loss-not-a-metric", f"a child run has its `loss` {where}"
    losses = sorted(child.data.metrics["loss"] for child in children)
    if not all(map(near, losses, sorted(t["loss"] for t in _seen(a)))):
        if len(set(losses)) == 1:
            return "one-loss-for-all", f"each child run has the loss {losses[0]:.6g}"
        told = f"the losses of the child runs go from {losses[0]:.6g} to {losses[-1]:.6g}"
        return "other-losses", told
    return _find_params(a, children)


def _find_params(a: Answers, children: list[Any]) -> Found:
    for child in children:
        params, loss = child.data.params, child.data.metrics["loss"]
        twins = [t for t in _seen(a) if near(loss, t["loss"], 1e-9)]
        if any(_setting(params) == t["setting"] or _near(params, t["setting"]) for t in twins):
            continue
        if params["max_features"] in ("0", "1", "2", "0.0", "1.0", "2.0"):
            return "index-for-value", f"a child run has max_features = {params['max_features']}"
        if listed := [name for name in NAMES if params[name].startswith("[")]:
            return "list-for-value", f"a child run has {listed[0]} = {params[listed[0]]:.40}"
        if _setting(params) in [t["setting"] for t in _seen(a)]:
            told = f"the child run with the loss {loss:.6g} has the params of another trial"
            return "other-pairs", told
        return "", f"the child run with the loss {loss:.6g} has {params}"
    return None


def _near(params: Mapping[str, Any], setting: Setting) -> bool:
    """The same setting but for digits that text has cut."""
    mine = _setting(params)
    return mine is not None and mine[1:] == setting[1:] and near(mine[0], setting[0], 1e-3)


# --- q5 ---------------------------------------------------------------------------------------


def _find_best_params(a: Answers) -> Found:
    given = a.best_params
    if not isinstance(given, Mapping):
        return "", f"`best_params` is {kinds.describe(given)}"
    params = {k: v.item() if isinstance(v, np.generic) else v for k, v in given.items()}
    if sorted(map(str, params)) != sorted(NAMES):
        return "", f"`best_params` has the keys {', '.join(map(str, params))[:60]}"
    rate, depth, share = (params[name] for name in NAMES)
    if not kinds.fits(rate, "number") or not kinds.fits(depth, "number"):
        return "", f"`best_params` is {str(params)[:80]}"
    if str(share) not in map(str, SHARES):
        if share in (0, 1, 2):
            return "index-for-value", f"`best_params` has max_features = {share}"
        return "", f"`best_params` has max_features = {share!r:.30}"
    if isinstance(share, str) and share != "sqrt":
        return "", f"`best_params` has max_features = {share!r}, which is text"
    if not isinstance(depth, int):
        return "float-depth", f"`best_params` has max_depth = {depth!r}"
    return _find_which(a, _setting(params))


def _find_which(a: Answers, setting: Setting | None) -> Found:
    """Which trial the settings are those of."""
    best, seen = _best(a), _seen(a)
    if setting == best["setting"] or (setting is not None and _close(setting, best["setting"])):
        return None
    of = [t for t in seen if setting is not None and _close(setting, t["setting"])]
    if not of:
        told = "`best_params` are the settings of no trial in `trials`"
        if setting is not None and any(_close(setting, each) for each in GRID):
            return "params-of-the-grid", f"{told}, but of the grid"
        if setting is not None and shortened(setting[0], best["setting"][0]):
            return "rounded", told
        return "", told
    trial = of[0]
    found = f"`best_params` are those of trial {trial['tid']}, with a loss of {trial['loss']:.6g}"
    ways = {
        "worst-trial": trial["loss"] == max(t["loss"] for t in seen),
        "last-trial": trial["tid"] == max(t["tid"] for t in seen),
        "fastest-trial": trial["seconds"] == min(t["seconds"] for t in seen),
    }
    led = [id for id, leads in ways.items() if leads]
    return (led[0] if len(led) == 1 else ""), found  # of two ways, nobody can tell which it was


def _close(setting: Setting, other: Setting) -> bool:
    return setting[1:] == other[1:] and near(setting[0], other[0], 1e-9)


def _with_gains(a: Answers, *grid_losses: float) -> Made:
    return {
        "grid_loss": list(grid_losses),
        "gain": [loss - _best(a)["loss"] for loss in grid_losses],
    }


def _right_grid(a: Answers) -> Made:
    lowest = min(_loss(setting) for setting in GRID)
    return {"grid_fits": len(GRID), **_with_gains(a, lowest)}


def _grid_on(learn: str, judge: str) -> Callable[[Answers], Made]:
    return lambda a: _with_gains(a, min(_loss(setting, learn, judge) for setting in GRID))


def _other_of_grid(a: Answers) -> Made:
    losses = [_loss(setting) for setting in GRID]
    some = (max(losses), float(np.mean(losses)), float(np.median(losses)), losses[0], losses[-1])
    return _with_gains(a, *some)


def _part_of_grid(a: Answers) -> Made:
    """One list of the grid left out, by each of its values."""
    lowest = min(_loss(setting) for setting in GRID)
    parts = {(place, setting[place]) for setting in GRID for place in range(len(NAMES))}
    losses = [min(_loss(s) for s in GRID if s[place] == value) for place, value in parts]
    some = [loss for loss in losses if not near(loss, lowest, 1e-9)]
    return {"grid_fits": len(GRID) // 3, **_with_gains(a, *some)}


def _of_other_trials(a: Answers) -> Made:
    """The gain over another trial than the best, or over all of them."""
    lowest, losses = min(_loss(s) for s in GRID), [trial["loss"] for trial in _seen(a)]
    some = [*losses, float(np.mean(losses)), float(np.median(losses))]
    return {"gain": [lowest - loss for loss in some if loss > min(losses)]}


def _gain_is(formula: Callable[[float, float], float | list[float]]) -> Callable[[Answers], Made]:
    """A mistake in `gain`, from the grid's lowest loss and that of the trials."""
    return lambda a: {"gain": formula(min(_loss(s) for s in GRID), _best(a)["loss"])}


AGAINST = Values(_right_grid, tolerance=1e-6, scale=("gain",))


def _who_won(a: Answers) -> str | None:
    gain, spared = float(a.gain), len(GRID) - TRIALS
    if gain > 0:
        return f"the search beat the grid by {gain:.4f} with {spared} fits fewer."
    return (
        f"the grid is ahead by {-gain:.4f}, with {spared} fits more. Eight trials are a matter "
        "of luck; fmin goes on where it stopped if it gets the same trials and a larger max_evals."
    )


# --- q6 ---------------------------------------------------------------------------------------


def _chosen(a: Answers) -> Setting:
    found = _setting(a.best_params)
    return _best(a)["setting"] if found is None else found


def _test_rmse(*learn: str) -> Callable[[Answers], Made]:
    return lambda a: {"test_rmse": [_dollars(_chosen(a), each, "test") for each in learn]}


def _in_logs(a: Answers) -> Made:
    log = [_loss(_chosen(a), learn, "test") for learn in (_STACKED, "fit", "all")]
    y, predicted = _scored(_chosen(a), _STACKED, "test")
    one_side = float(np.sqrt(np.mean((predicted - np.exp(y)) ** 2)))
    return {"test_rmse": [*log, *map(math.exp, log), one_side]}


def _other_measures(a: Answers) -> Made:
    y, predicted = (np.exp(each) for each in _scored(_chosen(a), _STACKED, "test"))
    return {"test_rmse": _summaries(predicted - y)}


def _grid_setting(a: Answers) -> Made:
    best = min(GRID, key=_loss)
    return {"test_rmse": [_dollars(best, learn, "test") for learn in (_STACKED, "fit")]}


TEST = Values(_test_rmse(_STACKED, "turned", "both"), tolerance=1e-6)

QUESTIONS = [
    Question(
        id="q1",
        title="The objective",
        points=2,
        names={"objective": "function"},
        looks_at={
            "params": "the function is called with two settings",
            "max_depth": "float-depth",
            "status": "no-status",
            "loss": "the rule",
            "STATUS_OK": "no-status",
            "make_model": "a name of the lab",
        },
        hints=(
            "Four steps: the model for these params, fit, predict the validation rows, one number "
            "for how wrong they are. Which of the params must become a whole number?",
            "`make_model(**{**params, 'max_depth': int(params['max_depth'])}).fit(X_fit, y_fit)` "
            "is the model. The root of the mean squared difference to `y_val` is the loss.",
        ),
        mistakes=decided(
            _find_objective,
            {
                "float-depth": "Hyperopt hands over floats, and scikit-learn refuses a depth that "
                "is no int.\nConvert it inside the objective.",
                "bare-number": "The loss alone came back. Here a dict is due, in which status says "
                "that the trial went well.",
                "no-loss": "`fmin` minimizes the one number that stands under the key loss.",
                "rounded": ROUNDED,
                "no-status": "Without the status Hyperopt cannot tell a trial that went well from "
                "one that failed.",
                "sign-flipped": "This number is higher for a better model, and `fmin` minimizes: "
                "it would look for the worst.",
                "another-measure": "It is another measure than the RMSE: a sum, squares without a "
                "root, absolute, a spread, or made from R².",
                "parts-swapped": "The fit rows are to teach, and the validation rows to judge.",
                "judged-on-fit-rows": "The model was judged by rows that it has learned from.",
                "judged-on-test-rows": "The test rows were used to choose. They are for one look "
                "at the end.",
                "validation-learned": "The model has seen the validation rows in `fit`, so their "
                "error is too small.",
                "in-dollars": "The predictions were turned into dollars; the loss is asked for in "
                "log(price).",
                "params-not-used": "The model was made without this one of `params`, so the "
                "search would choose it by chance.",
            },
        ),
        refuse=refused(_find_objective),
        why="the objective is all that a search knows of your problem; what it rewards, you get.",
    ),
    Question(
        id="q2",
        title="The space",
        points=2,
        names={"space": "any"},
        looks_at=dict.fromkeys(NAMES, "each is drawn 300 times"),
        hints=(
            "Three functions of `hp`, each with a label first: one for equal factors, one for "
            "whole steps, one for a list of options.",
            "hp.loguniform takes the natural logarithms of the bounds, hp.quniform takes low, "
            "high and step, hp.choice takes a list.",
        ),
        mistakes=decided(
            _find_space,
            {
                "not-a-dict": "The objective takes a dict with three names; so the space is a dict "
                "with the same names.",
                "label-twice": "Each entry needs a label of its own: the first argument of an `hp` "
                "function.",
                "plain-list": "A list in a space is a fixed value. hp.choice(label, list) takes "
                "one of it.",
                "other-keys": "The keys are the three names that `make_model` takes.",
                "no-draws": "An `hp` function got what it cannot draw from, such as an empty list "
                "or a bound without end.",
                "depth-not-whole": "hp.quniform(label, low, high, 1) draws in steps, hp.uniform "
                "and hp.loguniform any number between the bounds.",
                "depths-left-out": "Each whole number from 2 to 10 is to be drawn: the step of "
                "hp.quniform is 1.",
                "depth-range": "The depths are those from 2 to 10. Some functions leave the upper "
                "bound out.",
                "bounds-not-logged": "hp.loguniform raises e to what it draws, so its bounds are "
                "np.log(0.005) and np.log(0.5).",
                "rate-range": "Its bounds are 0.005 and 0.5, no more and no less.",
                "few-rates": "Any number between the bounds is to be drawn; hp.choice takes one of "
                "a list, and functions with a q round.",
                "even-rate": "hp.uniform gives nine tenths of the search to the largest tenth of "
                "the factors; take hp.loguniform.",
                "other-options": "hp.choice takes a list of the three: 'sqrt', 0.6 and 0.9, of "
                "which two are numbers.",
                "shares-between": "Values between the three are drawn as well; hp.choice draws one "
                "of a list.",
            },
        ),
        refuse=refused(_find_space),
        why="a search finds nothing outside its space, and little where the space hardly looks.",
    ),
    Question(
        id="q3",
        title="The search",
        points=3,
        names={"trials": "any", "best": "any"},
        needs=("q1", "q2"),
        looks_at={"fmin": "its trials are looked at", "verbose": "no matter to the result"},
        hints=(
            "The trials object decides where a trial runs. Which one sends them to the workers, "
            "and how is it told how many at a time?",
            "trials = SparkTrials(parallelism=2), then best = fmin(objective, space, "
            "algo=tpe.suggest, max_evals=8, trials=trials, verbose=False).",
        ),
        mistakes=decided(
            _find_search,
            {
                "plain-trials": "Such trials run one after the other in the notebook. For the "
                "workers it takes SparkTrials.",
                "other-parallelism": "The argument parallelism was left out or is another number "
                "than two.",
                "failed-trials": "The objective raised an error there; a depth that is no int is "
                "the usual reason.",
                "not-trials": "Keep the SparkTrials object itself: it has the trials and losses.",
                "not-given": "No search has used it: fmin gets it as trials=trials.",
                "other-budget": "max_evals says how many trials there are, and is to be 8; a "
                "loss_threshold or a timeout ends a search before.",
                "not-from-fmin": "`fmin` returns a dict, with a value for each label of `space`.",
                "other-objective": "These trials come from another objective or another space than "
                "those of q1 and q2.",
                "best-of-others": "`best` belongs to another search, or was not taken from `fmin`; "
                "run both lines together.",
            },
        ),
        refuse=refused(_find_search),
        why="a model that fits on one machine is tuned faster by fitting several at once.",
    ),
    Question(
        id="q4",
        title="A run for each trial",
        points=2,
        names={"parent_id": "text"},
        needs=("q1", "q2", "q3"),
        looks_at={
            "loss": "loss-not-a-metric, and the losses of the trials",
            "sqrt": "index-for-value",
            "trial": "a name of the solution",
        },
        hints=(
            "A run that is started inside another one, and says so, is its child. The parent stays "
            "open while you go through the trials.",
            "Outside: with mlflow.start_run() as parent. Inside, for each trial: with "
            "mlflow.start_run(nested=True), log_params(space_eval(space, values)), log_metric.",
        ),
        mistakes=decided(
            _find_runs,
            {
                "no-such-run": "The id of a run is run.info.run_id; this is its name, its "
                "experiment or something else.",
                "child-for-parent": "It is the id of one trial's run; keep the id of the outer "
                "run.",
                "no-children": "The runs of the trials were not started inside the parent with "
                "nested=True, or another run was noted.",
                "other-count": "Each of the 8 trials has one child run, under one parent.",
                "params-as-metrics": "What you set is a param, what comes out is a metric.",
                "loss-not-a-metric": "The loss is the result of a trial: mlflow.log_metric with "
                "the name loss.",
                "wrong-experiment": "Runs go to the experiment that was set last; "
                'set_experiment("13_hyperopt_lab")\nsets that of the lab again.',
                "param-missing": "Each child has three params, under the names that `make_model` "
                "takes.",
                "other-losses": "The metric is the loss of the trial as it is: its sign, all its "
                "digits.",
                "list-for-value": "A trial keeps each value as a list of one: take the first entry "
                "before `space_eval`.",
                "other-pairs": "Params and loss of a child have to come from the same trial.",
                "one-loss-for-all": "The same loss was logged in each turn of the loop, probably "
                "the best one.",
                "index-for-value": "For hp.choice a trial keeps the place in the list; "
                "`space_eval` turns it into the value.",
            },
        ),
        refuse=refused(_find_runs),
        why="a search that nobody can look up has to be run again.",
    ),
    Question(
        id="q5",
        title="Against the grid",
        points=3,
        names={
            "best_params": "any",
            "grid_fits": "number",
            "grid_loss": "number",
            "gain": "number",
        },
        needs=("q1", "q2", "q3"),
        looks_at={"max_features": "index-for-value", "make_model": "a name of the lab"},
        hints=(
            "`fmin` gives an index for max_features. Which function of Hyperopt turns it into the "
            "value? And ParameterGrid(GRID) goes through the settings of the grid.",
            "space_eval(space, trials.argmin), then int for the depth. "
            "[objective(p)['loss'] for p in ParameterGrid(GRID)] has the losses of the grid.",
        ),
        mistakes=decided(
            _find_best_params,
            {
                "index-for-value": "That is the place in the list of hp.choice. scikit-learn would "
                "take 1 for one feature; use `space_eval`.",
                "float-depth": "`make_model` hands it to scikit-learn as it is, which wants an "
                "int.",
                "worst-trial": "The highest loss was looked for; the best trial has the lowest.",
                "last-trial": "The last trial is not the best one: a search also tries what turns "
                "out worse.",
                "fastest-trial": "The trials were compared by their time, not by their loss.",
                "params-of-the-grid": "The best of your 8 trials is asked for, not that of the "
                "grid.",
            },
            AGAINST.wrong(
                "sum-of-lengths",
                lambda a: {"grid_fits": [9, 3]},
                "is not the product of the three lengths",
                "A grid fits each combination: the lengths are multiplied, not added.",
            ),
            AGAINST.wrong(
                "trials-counted",
                lambda a: {"grid_fits": TRIALS},
                "is the number of your trials",
                "`grid_fits` is how many models the grid fits.",
            ),
            AGAINST.wrong(
                "part-of-grid",
                _part_of_grid,
                "leaves out settings of the grid",
                "Every value of one list meets every value of the other two; ParameterGrid(GRID) "
                "has them all.",
                whole=True,
            ),
            AGAINST.wrong(
                "refit-counted",
                lambda a: {"grid_fits": [len(GRID) + 1, 3 * len(GRID), 5 * len(GRID)]},
                "is more than the grid has settings",
                "There are no folds here and no refit: each setting is fitted once.",
            ),
            AGAINST.wrong(
                "grid-on-fit-rows",
                _grid_on("fit", "fit"),
                "is judged by the rows that the models learned from",
                "The grid and the search have to be judged by the same validation rows.",
            ),
            AGAINST.wrong(
                "grid-on-test-rows",
                _grid_on("fit", "test"),
                "is judged by the test rows",
                "The grid and the search have to be judged by the same validation rows.",
            ),
            AGAINST.wrong(
                "not-the-lowest",
                _other_of_grid,
                "is not the lowest of the grid",
                "It is the mean, the highest or a single one of the 27; the grid would choose the "
                "lowest.",
            ),
            AGAINST.wrong(
                "sign-flipped",
                _gain_is(lambda grid, best: best - grid),
                "{name} has the opposite sign",
                "A gain is what the grid's loss is above that of the search.",
            ),
            AGAINST.wrong(
                "gain-of-other-trials",
                _of_other_trials,
                "is not the gain of the best trial",
                "The lowest loss of your trials is compared, no other one and no mean.",
            ),
            AGAINST.wrong(
                "gain-as-share",
                _gain_is(lambda grid, best: [1 - best / grid, grid / best, grid / best - 1]),
                "is a ratio of the two losses",
                "The difference itself is asked for, in log(price).",
            ),
            AGAINST.wrong(
                "gain-in-percent",
                _gain_is(lambda grid, best: [100 * (1 - best / grid), 100 * (grid - best)]),
                "is a percentage",
                "The difference itself is asked for, in log(price).",
            ),
            AGAINST.rounded(),
        ),
        refuse=refused(_find_best_params, AGAINST),
        note=_who_won,
        why="a better search is one that finds as much with fewer fits, judged by the same rows.",
    ),
    Question(
        id="q6",
        title="One look at the test rows",
        points=2,
        names={"test_rmse": "number"},
        needs=("q1", "q2", "q3", "q5"),
        looks_at={"best_params": "the reference is fitted with them"},
        hints=(
            "np.vstack and np.concatenate put two arrays together. In which unit are the model's "
            "predictions, and in which is the answer due?",
            "Fit make_model(**best_params) to both parts. np.exp of the prediction and of `y_test` "
            "gives dollars; then the root of the mean squared difference.",
        ),
        mistakes=(
            TEST.wrong(
                "log-scale",
                _in_logs,
                "is not in dollars on both sides",
                "Predictions and prices have to become dollars, by np.exp, before the error is "
                "taken.",
            ),
            TEST.wrong(
                "not-fitted-anew",
                _test_rmse("fit"),
                "is that of a model of the fit rows alone",
                "The settings are chosen, so the validation rows may teach as well.",
            ),
            TEST.wrong(
                "fitted-on-test",
                _test_rmse("test", "leaked"),
                "is that of a model which has learned from the test rows",
                "`fit` was given the test rows, and then nothing is left to judge by.",
            ),
            TEST.wrong(
                "labels-elsewhere",
                _test_rmse("crossed"),
                "is that of a model which learned the labels of other rows",
                "Features and labels are put together in the same order: fit rows, then validation "
                "rows, in both.",
            ),
            TEST.wrong(
                "validation-alone",
                _test_rmse("val"),
                "is that of a model of the validation rows alone",
                "Fit rows and validation rows together are to teach.",
            ),
            TEST.wrong(
                "judged-by-learned",
                lambda a: {"test_rmse": _dollars(_chosen(a), _STACKED, _STACKED)},
                "is that of the rows that the model has learned from",
                "Only the test rows say how wrong it is for others.",
            ),
            TEST.wrong(
                "fitted-on-all-of-train",
                _test_rmse("all"),
                "is that of a model of all training rows",
                "The fit rows and the validation rows together are asked for, three buckets of "
                "ten.",
            ),
            TEST.wrong(
                "judged-on-validation",
                lambda a: {
                    "test_rmse": [_dollars(_chosen(a), part, "val") for part in ("fit", _STACKED)]
                },
                "is that of the validation rows",
                "These rows have chosen the settings; the test rows have not.",
            ),
            TEST.wrong(
                "another-measure",
                _other_measures,
                "is another measure than the RMSE",
                "The RMSE is the root of the mean of the squared differences.",
            ),
            TEST.wrong(
                "settings-of-the-grid",
                _grid_setting,
                "belongs to the best settings of the grid",
                "Fit with `best_params`.",
            ),
            TEST.rounded(),
        ),
        refuse=TEST.refuse,
        why="the lowest of several losses is partly luck; rows that chose nothing tell how much.",
    ),
]
