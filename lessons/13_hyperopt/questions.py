"""The questions of lab 13: judged by the learner's own trials and runs, which chance decides.

References are fitted anew from the rows in use. No check searches, and none but the first of a
lab runs a Spark job.
"""

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from course_utils import locate
from course_utils.lab import Answers, Question, kinds, reference
from course_utils.lab.answers import LearnerError
from course_utils.lab.decide import decided, refused
from course_utils.lab.values import Made, Values, near

COLUMNS = (
    *("accommodates", "bedrooms", "bathrooms", "beds", "minimum_nights", "number_of_reviews"),
    *("review_scores_rating", "review_scores_location", "latitude", "longitude"),
)
_BUCKETS = {"fit": (0,), "val": (1, 2), "both": (0, 1, 2)}
_STACKED = "stacked"  # both, the fit rows first: their order decides between splits that are equal

RATES, DEPTHS, SHARES = (0.005, 0.5), (2, 10), ("sqrt", 0.6, 0.9)
NAMES = ("learning_rate", "max_depth", "max_features")
GRID = [
    (rate, depth, share)
    for rate in (0.005, 0.015, 0.05)
    for depth in (2, 6, 10)
    for share in SHARES
]
TRIALS, PARALLELISM = 8, 2

Found = tuple[str, str] | None
Numbers = np.ndarray[Any, Any]
Setting = tuple[float, int, Any]  # as NAMES


# --- references -------------------------------------------------------------------------------


@cache
def _arrays(listings: str, part: str) -> tuple[Numbers, Numbers]:
    """Features and log(price) of "fit", "val", "both", "test", or of "all" but the test rows."""
    if part == _STACKED:
        (x, y), (more, labels) = (_arrays(listings, each) for each in ("fit", "val"))
        return np.vstack([x, more]), np.concatenate([y, labels])
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


def _measures(setting: Setting, judge: str = "val") -> dict[str, float]:
    """Other measures than the RMSE."""
    y, predicted = _scored(setting, "fit", judge)
    mse, mae = float(np.mean((predicted - y) ** 2)), float(np.mean(abs(predicted - y)))
    return {"mse": mse, "mae": mae, "r2": 1 - mse / float(y.var())}


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
    "sign-flipped": lambda s: [-_loss(s), _measures(s)["r2"]],
    "another-measure": lambda s: [
        _measures(s)["mse"],
        _measures(s)["mae"],
        -_measures(s)["r2"],
        1 - _measures(s)["r2"],
    ],
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
            return "", f"the loss that `objective` returns is {result.get('loss')!r:.40}"
    return _find_loss([float(result["loss"]) for result in plain])


def _find_loss(losses: list[float]) -> Found:
    if all(near(loss, _loss(s), 1e-6) for loss, s in zip(losses, _ASKED, strict=True)):
        return None
    found = f"for {dict(zip(NAMES, _ASKED[0], strict=True))}, the loss is {losses[0]:.6g}"
    for id, made in _LOSSES.items():
        explained = zip(losses, map(made, _ASKED), strict=True)
        if all(any(near(loss, value, 1e-6) for value in values) for loss, values in explained):
            return id, found
    if near(losses[0], losses[1], 1e-9):
        return "params-not-used", f"the loss is {losses[0]:.6g} for two settings that differ"
    return "", found


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
        return "", f"`space` has no key {missing[0]!r}"
    if extra := [name for name in space if name not in NAMES]:
        return "", f"`space` has a key {str(extra[0])[:30]!r} that is not asked for"
    try:
        base.Domain(lambda params: 0.0, dict(space))
    except DuplicateLabel as twice:
        return "label-twice", f"two entries of `space` have the label {str(twice)[:30]!r}"
    drawn = _drawn(dict(space))
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
    draws = [sample(space, rng) for _ in range(_DRAWS)]
    return [{k: v.item() if isinstance(v, np.generic) else v for k, v in d.items()} for d in draws]


def _find_depth(drawn: list[dict[str, Any]]) -> Found:
    depths = sorted(float(d["max_depth"]) for d in drawn)
    if fraction := [depth for depth in depths if depth != int(depth)]:
        return "depth-not-whole", f"a draw from `space` has max_depth = {fraction[0]:.4g}"
    if (depths[0], depths[-1]) != DEPTHS:
        there = f"from {depths[0]:g} to {depths[-1]:g}"
        return "depth-range", f"in {_DRAWS} draws from `space`, max_depth goes {there}"
    return None


def _find_rate(drawn: list[dict[str, Any]]) -> Found:
    rates = sorted(float(d["learning_rate"]) for d in drawn)
    there = f"in {_DRAWS} draws from `space`, learning_rate goes from {rates[0]:.3g} to "
    there += f"{rates[-1]:.3g}"
    if rates[0] < RATES[0] * 0.999 or rates[-1] > RATES[1] * 1.001:
        for bounds in (np.exp(RATES), np.exp(np.log10(RATES))):
            if bounds[0] * 0.999 <= rates[0] and rates[-1] <= bounds[1] * 1.001:
                return "bounds-not-logged", there
        return "", there
    if rates[0] > 1.5 * RATES[0] and rates[-1] > 0.9 * RATES[1] and rates[_DRAWS // 2] > 0.15:
        return "even-rate", f"{there}, and half of them are above {rates[_DRAWS // 2]:.2g}"
    middle = math.sqrt(RATES[0] * RATES[1])
    share = sum(rate > middle for rate in rates) / _DRAWS
    if share > 0.75:
        return "even-rate", f"{share:.0%} of the learning rates from `space` are above {middle:g}"
    if share < 0.3 or rates[0] > 1.5 * RATES[0] or rates[-1] < RATES[1] / 1.5:
        return "", there
    return None


def _find_share(drawn: list[dict[str, Any]]) -> Found:
    seen = {str(d["max_features"]) for d in drawn}
    if seen == {str(share) for share in SHARES}:
        return None
    some = ", ".join(sorted(seen)[:4])
    if len(seen) > len(SHARES):
        return "shares-between", f"draws from `space` have max_features = {some}, …"
    return "", f"draws from `space` have max_features = {some}"


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
        return "", f"`trials` is {kinds.describe(trials)}"
    if not isinstance(trials, SparkTrials):
        return "plain-trials", f"`trials` is {kinds.describe(trials)}"
    if trials.parallelism != PARALLELISM:
        return "other-parallelism", f"`trials` ran {trials.parallelism} at a time"
    failed = sum(t["state"] == JOB_STATE_ERROR for t in trials._dynamic_trials)
    if failed:
        return "failed-trials", f"{failed} of the trials in `trials` failed"
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
        return "", f"`best` is {kinds.describe(best)}"
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
    if not children:
        return "no-children", "the run of `parent_id` has no child runs"
    if len(children) != TRIALS:
        return "other-count", f"the run of `parent_id` has {len(children)} child runs"
    return _find_logged(a, children)


def _find_logged(a: Answers, children: list[Any]) -> Found:
    for child in children:
        params, metrics = child.data.params, child.data.metrics
        if swapped := [name for name in NAMES if name not in params and name in metrics]:
            return "params-as-metrics", f"a child run has `{swapped[0]}` among its metrics"
        if missing := [name for name in NAMES if name not in params]:
            return "", f"a child run has no param {missing[0]!r}"
        if "loss" not in metrics:
            where = "among its params" if "loss" in params else "nowhere"
            return "loss-not-a-metric", f"a child run has its `loss` {where}"
    losses = sorted(child.data.metrics["loss"] for child in children)
    if not all(map(near, losses, sorted(t["loss"] for t in _seen(a)))):
        if len(set(losses)) == 1:
            return "one-loss-for-all", f"each child run has the loss {losses[0]:.6g}"
        return "", f"the losses of the child runs go from {losses[0]:.6g} to {losses[-1]:.6g}"
    return _find_params(a, children)


def _find_params(a: Answers, children: list[Any]) -> Found:
    for child in children:
        params, loss = child.data.params, child.data.metrics["loss"]
        twins = [t for t in _seen(a) if near(loss, t["loss"], 1e-9)]
        if any(_setting(params) == t["setting"] or _near(params, t["setting"]) for t in twins):
            continue
        if params["max_features"] in ("0", "1", "2", "0.0", "1.0", "2.0"):
            return "index-for-value", f"a child run has max_features = {params['max_features']}"
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
        return "", "`best_params` are the settings of no trial in `trials`"
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


def _gain_is(formula: Callable[[float, float], float]) -> Callable[[Answers], Made]:
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
    return {"test_rmse": [*log, *map(math.exp, log)]}


def _other_measures(a: Answers) -> Made:
    y, predicted = (np.exp(each) for each in _scored(_chosen(a), _STACKED, "test"))
    return {"test_rmse": [float(np.mean((predicted - y) ** 2)), float(np.mean(abs(predicted - y)))]}


def _grid_setting(a: Answers) -> Made:
    best = min(GRID, key=_loss)
    return {"test_rmse": [_dollars(best, learn, "test") for learn in (_STACKED, "fit")]}


TEST = Values(_test_rmse(_STACKED, "both"), tolerance=1e-6)

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
                "no-status": "Without the status Hyperopt cannot tell a trial that went well from "
                "one that failed.",
                "sign-flipped": "This number is higher for a better model, and `fmin` minimizes: "
                "it would look for the worst.",
                "another-measure": "It is another measure than the RMSE: squared without a root, "
                "absolute, or made from R².",
                "judged-on-fit-rows": "The model was judged by rows that it has learned from.",
                "judged-on-test-rows": "The test rows were used to choose. They are for one look "
                "at the end.",
                "validation-learned": "The model has seen the validation rows in `fit`, so their "
                "error is too small.",
                "in-dollars": "The predictions were turned into dollars; the loss is asked for in "
                "log(price).",
                "params-not-used": "The model was made without `params`, so the search would have "
                "nothing to choose from.",
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
                "depth-not-whole": "hp.uniform draws any number between the bounds; "
                "hp.quniform(label, low, high, 1) draws in steps.",
                "depth-range": "The depths are those from 2 to 10. Some functions leave the upper "
                "bound out.",
                "bounds-not-logged": "hp.loguniform raises e to what it draws, so its bounds are "
                "np.log(0.005) and np.log(0.5).",
                "even-rate": "hp.uniform gives nine tenths of the search to the largest tenth of "
                "the factors; take hp.loguniform.",
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
                "other-budget": "max_evals says how many trials there are, and is to be 8.",
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
            },
            AGAINST.wrong(
                "sum-of-lengths",
                lambda a: {"grid_fits": [9, 3]},
                "counts the values that the grid lists",
                "A grid fits each combination: the lengths are multiplied, not added.",
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
                "gain-as-share",
                _gain_is(lambda grid, best: 1 - best / grid),
                "is a share of the grid's loss",
                "The difference itself is asked for, in log(price).",
            ),
            AGAINST.wrong(
                "gain-in-percent",
                _gain_is(lambda grid, best: 100 * (1 - best / grid)),
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
                "is in log(price)",
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
                _test_rmse("test"),
                "is that of a model which has learned from the test rows",
                "`fit` was given the test rows, and then nothing is left to judge by.",
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
                "It is the mean squared error without its root, or the mean absolute error.",
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
