"""The questions of lab 06.

References are computed with numpy from the rows in use, independently of Spark's solver: one
Spark job brings seven columns of both sides, and each answer of a lab is judged by them.
"""

from collections.abc import Callable
from functools import cache
from numbers import Real
from typing import Any, NamedTuple

import numpy as np

from course_utils import load_split, locate
from course_utils.lab import Answers, Mistake, Question
from course_utils.lab.kinds import describe

FEATURES = (
    "accommodates",
    "bedrooms",
    "bathrooms",
    "minimum_nights",
    "number_of_reviews",
    "review_scores_rating",
)


class Rows(NamedTuple):
    """Some listings: `x` has a row per listing and a column per feature, `y` the prices."""

    x: np.ndarray
    y: np.ndarray


class Line(NamedTuple):
    """What a linear model is: dollars per unit of each feature, and at zero of all."""

    slopes: np.ndarray
    intercept: float

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x @ self.slopes + self.intercept


# --- references -------------------------------------------------------------------------------


@cache
def _sides(listings: str) -> dict[str, Rows]:
    """Train, test and both together; `listings` is the file they come from."""
    from pyspark.sql import functions as F

    train, test = (side.select(*FEATURES, "price") for side in load_split("listings"))
    both = train.withColumn("side", F.lit(0)).unionAll(test.withColumn("side", F.lit(1)))
    table = both.toPandas().to_numpy(dtype=float)
    sides = {"all": table, "train": table[table[:, -1] == 0], "test": table[table[:, -1] == 1]}
    return {name: Rows(rows[:, : len(FEATURES)], rows[:, -2]) for name, rows in sides.items()}


def _rows(side: str) -> Rows:
    return _sides(locate("listings"))[side]


def _fit(x: np.ndarray, y: np.ndarray) -> Line:
    solved = np.linalg.lstsq(np.column_stack([x, np.ones(len(x))]), y, rcond=None)[0]
    return Line(solved[:-1], float(solved[-1]))


def _fit_only(columns: list[int], rows: Rows) -> Line:
    """A model of some of the columns, written as one of all with zeros for the others."""
    few = _fit(rows.x[:, columns], rows.y)
    slopes = np.zeros(len(FEATURES))
    slopes[columns] = few.slopes
    return Line(slopes, few.intercept)


def _rmse(y: np.ndarray, predicted: np.ndarray | float) -> float:
    return float(np.sqrt(np.mean((y - predicted) ** 2)))


def _scores(line: Line, rows: Rows) -> dict[str, float]:
    error = rows.y - line(rows.x)
    mean_square = float(np.mean(error**2))
    return {
        "rmse": mean_square**0.5,
        "mse": mean_square,
        "mae": float(np.mean(np.abs(error))),
        "r2": 1 - mean_square / float(np.var(rows.y)),
    }


def _decimals(value: Any) -> int | None:
    """How many decimals a number has, if it is at most three; no computed one has so few."""
    number = float(value)
    return next((n for n in range(4) if number == round(number, n)), None)


def _is_rounded(value: Any, right: float) -> bool:
    places = _decimals(value)
    return places is not None and 0 < abs(float(value) - right) <= 0.501 * 10.0**-places


def _rounded(right: Callable[[Answers], dict[str, float]]) -> Any:
    """The mistake of rounding; `right` gives what each name should be."""

    def when(a: Answers) -> str | None:
        for name, number in right(a).items():
            if _is_rounded(getattr(a, name), number):
                return f"`{name}` has {_decimals(getattr(a, name))} decimals"
        return None

    return when


_SAY_ROUNDED = "It is right, but rounded; keep all digits and round only what you print."


def _near(value: float, other: float, tolerance: float = 1e-4) -> bool:
    return abs(float(value) - other) <= tolerance * max(abs(other), 1e-6)


# --- q1 ---------------------------------------------------------------------------------------


def _inputs(a: Answers) -> list[str]:
    """The columns that the learner's assembler takes, in its order."""
    from pyspark.ml.feature import VectorAssembler

    return list(a.assembler.getInputCols()) if isinstance(a.assembler, VectorAssembler) else []


def _line(a: Answers) -> Line:
    """The learner's model with its slopes in the order of FEATURES."""
    slope = dict(zip(_inputs(a), a.model.coefficients.toArray(), strict=True))
    return Line(np.array([slope[name] for name in FEATURES]), float(a.model.intercept))


def _is_whole(a: Answers) -> bool:
    """Whether the model takes exactly the six columns of the assembler."""
    return sorted(_inputs(a)) == sorted(FEATURES) and (
        getattr(a.model, "numFeatures", None) == len(FEATURES)
    )


def _same_line(a: Answers, side: str) -> bool:
    """Whether the model is what that side teaches, up to a thousandth of the spread of prices."""
    rows, test = _rows(side), _rows("test")
    apart = _rmse(_line(a)(test.x), _fit(*rows)(test.x))
    return apart <= 1e-3 * float(test.y.std())


def _label_inside(a: Answers) -> str | None:
    return "`assembler` takes `price` among its inputs" if "price" in _inputs(a) else None


def _columns_missing(a: Answers) -> str | None:
    missing = [name for name in FEATURES if name not in _inputs(a)]
    if not missing or not _inputs(a):
        return None
    return f"`assembler` takes {', '.join(_inputs(a))}; `{missing[0]}` is not among them"


def _columns_added(a: Answers) -> str | None:
    beyond = list(_inputs(a))
    for name in FEATURES:
        if name in beyond:
            beyond.remove(name)
    return f"`assembler` takes {', '.join(beyond)} beyond the six of FEATURES" if beyond else None


def _other_vector(a: Answers) -> str | None:
    width = getattr(a.model, "numFeatures", None)
    if width is None or not _inputs(a):
        return None
    if width != len(_inputs(a)):
        return f"`assembler` takes {len(_inputs(a))} columns, `model` learned from {width}"
    if not _is_whole(a) or _same_line(a, "train"):
        return None
    slopes, test = a.model.coefficients.toArray(), _rows("test")
    apart = _rmse(test.x @ slopes + float(a.model.intercept), _fit(*_rows("train"))(test.x))
    if apart <= 1e-3 * float(test.y.std()):
        return "`model` learned from the columns in another order than `assembler` has now"
    return None


def _other_regression(a: Answers) -> str | None:
    """Another label, a penalty, or no intercept; each can be read from the model."""
    if not _is_whole(a):
        return None
    if a.model.getOrDefault("regParam") > 0:
        return f"`model` was fitted with regParam = {a.model.getOrDefault('regParam'):g}"
    if _same_line(a, "train"):
        return None
    if not a.model.getOrDefault("fitIntercept"):
        return "`model` was fitted with fitIntercept = False"
    train, test = _rows("train"), _rows("test")
    if _rmse(_line(a)(test.x), _fit(train.x, np.log(train.y))(test.x)) < 1e-3:
        label = a.model.getOrDefault("labelCol")
        return f"`model` learned from labelCol = {label!r}, whose values are those of log(price)"
    return None


def _learned_from(side: str) -> Any:
    words = {"test": "those of the test rows", "all": "those of all rows together"}

    def when(a: Answers) -> str | None:
        if not _is_whole(a) or _same_line(a, "train") or not _same_line(a, side):
            return None
        return f"the coefficients of `model` are {words[side]}"

    return when


def _right_model(a: Answers) -> str | None:
    if not _inputs(a):
        return f"`assembler` is a {type(a.assembler).__name__}, not a VectorAssembler"
    if not hasattr(a.model, "coefficients"):
        return f"`model` is a {type(a.model).__name__}, which has no coefficients to look at"
    if not _is_whole(a):
        return f"the inputs are {', '.join(_inputs(a))}, which are not the six of FEATURES"
    if not _same_line(a, "train"):
        first = _line(a)(_rows("test").x[:1])[0]
        label = a.model.getOrDefault("labelCol")
        return f"`model` (labelCol = {label!r}) gives {first:.4g} to the first test listing"
    return None


# --- q2 ---------------------------------------------------------------------------------------

_METRICS = ("rmse", "mae", "r2")


def _given(a: Answers) -> dict[str, float]:
    return {name: float(getattr(a, name)) for name in _METRICS}


def _right_scores(a: Answers) -> dict[str, float]:
    scores = _scores(_line(a), _rows("test"))
    return {name: scores[name] for name in _METRICS}


def _all_right(a: Answers) -> bool:
    right = _scores(_line(a), _rows("test"))
    return all(_near(value, right[name]) for name, value in _given(a).items())


def _scored_on(side: str) -> Any:
    words = {"train": "the training rows", "all": "all rows, training and test"}

    def when(a: Answers) -> str | None:
        if _all_right(a):
            return None
        right, there = (_scores(_line(a), _rows(s)) for s in ("test", side))
        for name, value in _given(a).items():
            if _near(value, there[name]) and not _near(value, right[name]):
                return f"`{name}` is that of {words[side]}"
        return None

    return when


def _mean_square(a: Answers) -> str | None:
    if _near(a.rmse, _scores(_line(a), _rows("test"))["mse"]):
        return "`rmse` is in squared dollars: its root was not taken"
    return None


def _another_r2(a: Answers) -> str | None:
    rows = _rows("test")
    predicted, right, r2 = _line(a)(rows.x), _scores(_line(a), rows)["r2"], float(a.r2)
    if _near(r2, right):
        return None
    correlation = float(np.corrcoef(rows.y, predicted)[0, 1])
    looks = {
        "a correlation": (correlation, abs(right) ** 0.5),
        "the square of a correlation": (correlation**2,),
        "the share that is left": (1 - right,),
        "a percentage": (100 * right,),
    }
    for words, values in looks.items():
        if any(_near(r2, value) for value in values):
            return f"`r2` = {r2:.6g} is {words}"
    return None


def _default_metric(a: Answers) -> str | None:
    root = _scores(_line(a), _rows("test"))["rmse"]
    same = [name for name in ("mae", "r2") if _near(_given(a)[name], root)]
    if same and _near(a.rmse, root):
        return f"`{same[0]}` has the same value as `rmse`"
    return None


def _swapped(a: Answers) -> str | None:
    right = _scores(_line(a), _rows("test"))
    if _near(a.rmse, right["mae"]) and _near(a.mae, right["rmse"]):
        return "`mae` is larger than `rmse`, which can never be"
    return None


def _one_column(a: Answers) -> str | None:
    single = _scores(_fit_only([FEATURES.index("bedrooms")], _rows("train")), _rows("test"))
    if not _all_right(a) and _near(a.rmse, single["rmse"]):
        return "`rmse` is that of a model with `bedrooms` alone"
    return None


def _right_metrics(a: Answers) -> str | None:
    right = _scores(_line(a), _rows("test"))
    for name, value in _given(a).items():
        if not _near(value, right[name]):
            return f"`{name}` = {value:.6g} is not what `model` does on the test rows"
    return None


# --- q3 ---------------------------------------------------------------------------------------


def _baseline() -> float:
    return _rmse(_rows("test").y, float(_rows("train").y.mean()))


def _mean_of_test(a: Answers) -> str | None:
    y = _rows("test").y
    if _near(a.baseline_rmse, _baseline(), 1e-7):
        return None
    # a standard deviation with n or n - 1 below comes to the same mistake
    if any(_near(a.baseline_rmse, float(y.std(ddof=n)), 1e-7) for n in (0, 1)):
        return "`baseline_rmse` is the scatter of the test prices around their own mean"
    return None


def _baseline_on_train(a: Answers) -> str | None:
    y = _rows("train").y
    if any(_near(a.baseline_rmse, float(y.std(ddof=n)), 1e-7) for n in (0, 1)):
        return "`baseline_rmse` is that of the training rows"
    return None


def _median(a: Answers) -> str | None:
    guess = float(np.median(_rows("train").y))
    if _near(a.baseline_rmse, _rmse(_rows("test").y, guess), 1e-6):
        return "`baseline_rmse` belongs to another constant than the mean"
    return None


def _baseline_mae(a: Answers) -> str | None:
    y, known = _rows("test").y, _rows("train").y
    if any(
        _near(a.baseline_rmse, float(np.mean(np.abs(y - guess))), 1e-6)
        for guess in (known.mean(), np.median(known))
    ):
        return f"`baseline_rmse` = {float(a.baseline_rmse):.6g} is a mean absolute error"
    return None


def _gain_in_squares(a: Answers) -> str | None:
    squares = _gain_is("compares squared errors", lambda r, b: 1 - (r / b) ** 2)(a)
    if squares is None and _near(a.gain, _scores(_line(a), _rows("test"))["r2"]):
        return f"`gain` = {float(a.gain):.4g} is R²"
    return squares


def _gain_is(words: str, formula: Any) -> Any:
    """A mistake in `gain`, made from the learner's own two numbers."""

    def when(a: Answers) -> str | None:
        rmse, baseline = float(a.rmse), float(a.baseline_rmse)
        if baseline == 0:
            return None
        wrong = formula(rmse, baseline)
        if _near(a.gain, 1 - rmse / baseline) or not _near(a.gain, wrong):
            return None
        return f"`gain` = {float(a.gain):.4g} {words}"

    return when


def _right_gain(a: Answers) -> dict[str, float]:
    rmse = _scores(_line(a), _rows("test"))["rmse"]
    return {"baseline_rmse": _baseline(), "gain": 1 - rmse / _baseline()}


def _right_baseline(a: Answers) -> str | None:
    if not _near(a.baseline_rmse, _baseline(), 1e-6):
        return f"`baseline_rmse` = {float(a.baseline_rmse):.6g} is not the error of that guess"
    if not _near(a.gain, 1 - _scores(_line(a), _rows("test"))["rmse"] / _baseline()):
        return f"`gain` = {float(a.gain):.4g} is not the share of `baseline_rmse` that is gone"
    return None


# --- q4 ---------------------------------------------------------------------------------------

# One column by one, two columns in another order than the model's, and amounts below zero
_CHANGES: tuple[dict[str, float], ...] = (
    {"bedrooms": 1},
    {"bedrooms": 3, "accommodates": 2},
    {"review_scores_rating": -5, "number_of_reviews": 10, "bathrooms": 0.5},
)


# Another model: some of the columns, in another order, with other dollars per unit
_OTHER = {"bathrooms": 10.5, "review_scores_rating": -3.25, "accommodates": 17.0, "bedrooms": 40.0}
_OTHER_CHANGES: tuple[dict[str, float], ...] = ({"bedrooms": 1}, {"accommodates": 2})


def _answers_of(a: Answers) -> list[Any]:
    """What the learner's function says to each change."""
    return [a.call("price_change", a.model, _inputs(a), dict(change)) for change in _CHANGES]


def _other_model(a: Answers) -> Any:
    """A fitted model that has the coefficients of `_OTHER`; making it runs no job."""
    from pyspark.ml.common import _py2java
    from pyspark.ml.linalg import Vectors
    from pyspark.ml.regression import LinearRegressionModel

    context = a.spark.sparkContext
    slopes = _py2java(context, Vectors.dense(list(_OTHER.values())))
    made = context._jvm.org.apache.spark.ml.regression.LinearRegressionModel("other", slopes, 80.0)
    return LinearRegressionModel(made)


def _one_model_only(a: Answers) -> str | None:
    if not _says(a, _change):
        return None
    model = _other_model(a)
    for change in _OTHER_CHANGES:
        said = a.call("price_change", model, list(_OTHER), dict(change))
        if not _is_number(said) or not _near(said, _change(_OTHER, change), 1e-6):
            given = f"a model of {len(_OTHER)} columns, whose `bedrooms` has {_OTHER['bedrooms']:g}"
            return f"for {change} and {given}, it returns {_shown(said)}"
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    return f"{float(value):.6g}" if _is_number(value) else repr(value)[:40]


def _rounded_change(a: Answers) -> str | None:
    said = _answers_of(a)
    if not all(map(_is_number, said)):
        return None
    slope = dict(zip(_inputs(a), a.model.coefficients.toArray(), strict=True))
    due = [_change(slope, change) for change in _CHANGES]
    if all(_is_rounded(value, right) for value, right in zip(said, due, strict=True)):
        return f"what it returns has {max(_decimals(value) or 0 for value in said)} decimals"
    return None


def _says(a: Answers, formula: Any) -> bool:
    """Whether the function says what `formula(slope of each column, change)` gives."""
    slope = dict(zip(_inputs(a), a.model.coefficients.toArray(), strict=True))
    said = _answers_of(a)
    if not all(map(_is_number, said)):
        return False
    wanted = [formula(slope, change) for change in _CHANGES]
    return all(_near(value, want, 1e-6) for value, want in zip(said, wanted, strict=True))


def _change(slope: dict[str, float], change: dict[str, float]) -> float:
    return float(sum(slope[name] * amount for name, amount in change.items()))


def _with_intercept(a: Answers) -> str | None:
    intercept = float(a.model.intercept)
    if _says(a, lambda slope, change: _change(slope, change) + intercept):
        return "the result contains the intercept: it is not 0 when nothing changes"
    return None


def _no_amounts(a: Answers) -> str | None:
    if _says(a, lambda slope, change: sum(slope[name] for name in change)):
        return "one bedroom and three bedrooms change the price by the same"
    return None


def _by_position(a: Answers) -> str | None:
    def formula(slope: dict[str, float], change: dict[str, float]) -> float:
        return float(sum(s * v for s, v in zip(slope.values(), change.values(), strict=False)))

    if _says(a, formula):
        return "a change of `bedrooms` alone is priced with the coefficient of another column"
    return None


def _first_only(a: Answers) -> str | None:
    def formula(slope: dict[str, float], change: dict[str, float]) -> float:
        name = next(iter(change))
        return slope[name] * change[name]

    if _says(a, formula):
        return "of several changes only the first one counts"
    return None


def _right_change(a: Answers) -> str | None:
    slope = dict(zip(_inputs(a), a.model.coefficients.toArray(), strict=True))
    for change, said in zip(_CHANGES, _answers_of(a), strict=True):
        if not _is_number(said):
            return f"for {change}, `price_change` returns {describe(said)}, not a number"
        if not _near(said, _change(slope, change), 1e-6):
            return f"price_change(model, features, {change}) returned {_shown(said)}"
    return None


# --- q5 ---------------------------------------------------------------------------------------


@cache
def _costs(listings: str) -> dict[str, dict[str, float]]:
    """For each feature the right cost, and what the usual mistakes make of it."""
    sides = _sides(listings)
    train, test = sides["train"], sides["test"]
    full = _fit(*train)
    before, before_train = _rmse(test.y, full(test.x)), _rmse(train.y, full(train.x))
    kinds: dict[str, dict[str, float]] = {
        kind: {} for kind in ("right", "train", "level", "alone", "zeroed", "squares")
    }
    for place, name in enumerate(FEATURES):
        others = [i for i in range(len(FEATURES)) if i != place]
        without = _fit_only(others, train)
        alone = _fit_only([place], train)
        zeroed = full(test.x) - full.slopes[place] * test.x[:, place]
        after = _rmse(test.y, without(test.x))
        kinds["right"][name] = after - before
        kinds["train"][name] = _rmse(train.y, without(train.x)) - before_train
        kinds["level"][name] = after
        kinds["alone"][name] = _rmse(test.y, alone(test.x)) - before
        kinds["zeroed"][name] = _rmse(test.y, zeroed) - before
        kinds["squares"][name] = after**2 - before**2
    return kinds


def _cost_is(kind: str, a: Answers, sign: int = 1) -> bool:
    # Costs may be cents: what counts is the distance beside the largest of them
    wanted = _costs(locate("listings"))[kind]
    if set(a.cost) != set(FEATURES):
        return False
    try:
        apart = max(abs(float(a.cost[name]) - sign * wanted[name]) for name in FEATURES)
    except (TypeError, ValueError):
        return False
    return apart <= 1e-3 * max(abs(value) for value in wanted.values())


def _costs_are(kind: str, words: str, sign: int = 1) -> Any:
    def when(a: Answers) -> str | None:
        return words if _cost_is(kind, a, sign) else None

    return when


def _kept_only(a: Answers) -> str | None:
    if _cost_is("alone", a) or _cost_is("alone", a, -1):
        return "each value in `cost` belongs to a model of that one column alone"
    return None


def _no_number(a: Answers) -> str | None:
    for name, value in a.cost.items():
        if not _is_number(value) or not np.isfinite(float(value)):
            return f"`cost[{name!r}]` is {repr(value)[:40]}, which is no number to compare"
    return None


def _rounded_cost(a: Answers) -> str | None:
    found = [_decimals(value) for value in a.cost.values()]
    places = [n for n in found if n is not None]
    if set(a.cost) != set(FEATURES) or len(places) < len(found):
        return None
    due = _costs(locate("listings"))["right"]
    apart = max(abs(float(a.cost[name]) - due[name]) for name in FEATURES)
    if apart > 0.501 * 10.0 ** -max(places):
        return None
    return f"the values in `cost` have {max(places)} decimals"


def _right_cost(a: Answers) -> str | None:
    if set(a.cost) != set(FEATURES):
        odd = sorted(map(str, set(a.cost) ^ set(FEATURES)))[0]
        return f"the keys of `cost` are not the names in FEATURES: see `{odd}`"
    if not _cost_is("right", a):
        due = _costs(locate("listings"))["right"]
        worst = max(FEATURES, key=lambda name: abs(float(a.cost[name]) - due[name]))
        return f"`cost[{worst!r}]` = {float(a.cost[worst]):.4g} is not what its absence changes"
    return None


def _helpful_losses(a: Answers) -> str | None:
    better = [name for name, dollars in a.cost.items() if dollars < 0]
    if not better:
        return "no cost is below 0 here; it can be, for a column that taught nothing but chance."
    return (
        f"without {', '.join(f'`{name}`' for name in better)} the test error is smaller; over so "
        "few test rows that may be luck."
    )


# --- q6 ---------------------------------------------------------------------------------------


class Span(NamedTuple):
    """A ratio of two quarters, from its smallest to its largest value.

    Equal listings have equal predictions, and those at the edge of a quarter may count or not.
    """

    low: float
    high: float

    def has(self, value: float, tolerance: float = 5e-3) -> bool:
        slack = tolerance * max(abs(self.low), abs(self.high))
        return self.low - slack <= float(value) <= self.high + slack


def _ratio(size: np.ndarray, order: np.ndarray, middle: Any = np.mean) -> Span:
    """Mean of `size` in the quarter with the highest `order` by that in the lowest."""
    low, high = np.quantile(order, [0.25, 0.75])
    ratios = [
        middle(size[top]) / middle(size[bottom])
        for top in (order >= high, order > high)
        for bottom in (order <= low, order < low)
    ]
    return Span(float(min(ratios)), float(max(ratios)))


@cache
def _ratios(listings: str) -> dict[str, Span]:
    """The right ratios, and what the usual mistakes make of them."""
    sides = _sides(listings)
    train, test = sides["train"], sides["test"]
    line, log_line = _fit(*train), _fit(train.x, np.log(train.y))
    predicted, log_predicted = line(train.x), log_line(train.x)
    error, log_error = train.y - predicted, np.log(train.y) - log_predicted
    return {
        "right": _ratio(np.abs(error), predicted),
        "medians": _ratio(np.abs(error), predicted, np.median),
        "upside down": _ratio(np.abs(error), -predicted),
        "log": _ratio(np.abs(log_error), log_predicted),
        "by price": _ratio(np.abs(error), train.y),
        "signed": _ratio(error, predicted),
        "test": _ratio(np.abs(test.y - line(test.x)), line(test.x)),
        "dollars": _ratio(np.abs(train.y - np.exp(log_predicted)), log_predicted),
    }


def _ratio_of() -> dict[str, Span]:
    return _ratios(locate("listings"))


def _ratio_is(kind: str, words: str) -> Any:
    def when(a: Answers) -> str | None:
        ratios = _ratio_of()
        # Narrower than what passes: other quarters differ by less than other mistakes may
        if ratios["right"].has(a.spread_ratio) or not ratios[kind].has(a.spread_ratio, 1e-3):
            return None
        return f"`spread_ratio` = {float(a.spread_ratio):.4g} {words}"

    return when


def _same_twice(a: Answers) -> str | None:
    if _near(a.log_spread_ratio, float(a.spread_ratio), 1e-6):
        return "`log_spread_ratio` has the same value as `spread_ratio`"
    return None


def _back_in_dollars(a: Answers) -> str | None:
    if _ratio_of()["dollars"].has(a.log_spread_ratio):
        return "the residuals behind `log_spread_ratio` are in dollars"
    return None


_ASSUMPTIONS = ("linearity", "independence", "normality", "homoscedasticity")


def _word(a: Answers) -> str:
    return str(a.assumption).strip().lower().replace("sked", "sced")  # both spellings are in use


def _no_such_word(a: Answers) -> str | None:
    if _word(a) in _ASSUMPTIONS:
        return None
    return f"`assumption` is {str(a.assumption)[:40]!r}, none of the four words"


def _other_assumption(a: Answers) -> str | None:
    if _word(a) == "homoscedasticity":
        return None
    return f"`assumption` is {a.assumption!r}"


def _rounded_ratio(a: Answers) -> str | None:
    for name, kind in (("spread_ratio", "right"), ("log_spread_ratio", "log")):
        value = getattr(a, name)
        if _decimals(value) is not None and _ratio_of()[kind].has(value, 0.03):
            return f"`{name}` has {_decimals(value)} decimals"
    return None


def _right_ratios(a: Answers) -> str | None:
    for name, kind in (("spread_ratio", "right"), ("log_spread_ratio", "log")):
        value = float(getattr(a, name))
        if not _ratio_of()[kind].has(value):
            return f"`{name}` = {value:.4g} is not the ratio of these two quarters"
    return None


QUESTIONS = [
    Question(
        id="q1",
        title="A model of six columns",
        points=2,
        names={"assembler": "transformer", "model": "model"},
        hints=(
            "The demo did it with one column. What has to change so that six go into the vector?",
            "The assembler takes a list, FEATURES. The estimator must know which column is the "
            "label, and `fit` must get the training rows after the assembler.",
        ),
        mistakes=(
            Mistake(
                "label-among-features",
                evidence=_label_inside,
                say="The model is shown the price that it has to predict; a new listing "
                "has none to show.",
            ),
            Mistake(
                "columns-missing",
                evidence=_columns_missing,
                say="A column of FEATURES was left out or named in another way.",
            ),
            Mistake(
                "columns-added",
                evidence=_columns_added,
                say="The inputs are to be FEATURES and nothing else, each column once.",
            ),
            Mistake(
                "other-vector",
                evidence=_other_vector,
                say="The model was fitted on the output of another assembler, or before a change.",
            ),
            Mistake(
                "fitted-on-test",
                evidence=_learned_from("test"),
                say="`fit` was given the test rows, so nothing is left to judge the model by.",
            ),
            Mistake(
                "fitted-on-all",
                evidence=_learned_from("all"),
                say="`fit` saw the test rows too, so every test score of it would be too good.",
            ),
            Mistake(
                "other-regression",
                evidence=_other_regression,
                say="Asked is plain least squares of `price`: with its intercept and no penalty, "
                "as LinearRegression does by default.",
            ),
        ),
        refuse=_right_model,
        why="every Spark ML model learns from one vector column, and from training rows only.",
    ),
    Question(
        id="q2",
        title="How wrong it is",
        points=2,
        names={"rmse": "number", "mae": "number", "r2": "number"},
        needs=("q1",),
        hints=(
            "Two steps: predictions for the test rows, then a number from prices and predictions.",
            "`RegressionEvaluator` wants labelCol and metricName; it evaluates the frame that "
            "`model.transform` makes of the assembled test rows.",
        ),
        mistakes=(
            Mistake(
                "evaluated-on-train",
                evidence=_scored_on("train"),
                say="The predictions that were scored are of rows the model has learned from.",
            ),
            Mistake(
                "evaluated-on-all",
                evidence=_scored_on("all"),
                say="The rows were loaded anew or put together, so training rows count as well.",
            ),
            Mistake(
                "mse-for-rmse",
                evidence=_mean_square,
                say='The metric is "mse", or the formula by hand ends before the square root.',
            ),
            Mistake(
                "another-r2",
                evidence=_another_r2,
                say="R² is one minus the squared error divided by the variance of the prices: "
                "no root, no percentage, and not what is left.",
            ),
            Mistake(
                "default-metric",
                evidence=_default_metric,
                say="The evaluator was not told which metric; without metricName it is the RMSE.",
            ),
            Mistake(
                "swapped",
                evidence=_swapped,
                say="The two values went into each other's variable.",
            ),
            Mistake(
                "another-model",
                evidence=_one_column,
                say="The predictions come from a model of one column, as in the demo, not from q1.",
            ),
            Mistake(
                "rounded",
                evidence=_rounded(_right_scores),
                say=_SAY_ROUNDED,
            ),
        ),
        refuse=_right_metrics,
        why="a score on rows that taught the model says how well it remembers, not how well it "
        "predicts.",
    ),
    Question(
        id="q3",
        title="Against the baseline",
        points=2,
        names={"baseline_rmse": "number", "gain": "number"},
        needs=("q1", "q2"),
        hints=(
            "The guess is a single number. From which rows may it be learned, and on which rows is "
            "it judged?",
            "A constant is a prediction too: `F.lit(mean)` as column `prediction` on the test "
            "rows, then the evaluator of q2. The gain is one minus a ratio of two RMSE.",
        ),
        mistakes=(
            Mistake(
                "mean-of-test",
                evidence=_mean_of_test,
                say="The mean was taken from the test rows, which nobody knows beforehand.",
            ),
            Mistake(
                "baseline-on-train",
                evidence=_baseline_on_train,
                say="The guess was judged on the training rows, the model on the test rows.",
            ),
            Mistake(
                "median-for-mean",
                evidence=_median,
                say="It is the median. That is the better guess for MAE; for RMSE it is the mean.",
            ),
            Mistake(
                "baseline-mae",
                evidence=_baseline_mae,
                say="The misses were averaged as they are; RMSE averages their squares and takes "
                "the root.",
            ),
            Mistake(
                "gain-in-dollars",
                evidence=_gain_is("is a difference in dollars", lambda r, b: b - r),
                say="A share has no unit: the difference still has to be divided by the baseline.",
            ),
            Mistake(
                "gain-in-percent",
                evidence=_gain_is("is above what a share can be", lambda r, b: 100 * (1 - r / b)),
                say="It was multiplied by 100; the task asks for a share between 0 and 1.",
            ),
            Mistake(
                "share-that-stays",
                evidence=_gain_is("is the share of the error that is left", lambda r, b: r / b),
                say="The ratio of the two errors is what stays; the gain is what goes.",
            ),
            Mistake(
                "gain-in-squares",
                evidence=_gain_in_squares,
                say="This is the gain in squared error, as R² measures it; asked is that in RMSE.",
            ),
            Mistake(
                "rounded",
                evidence=_rounded(_right_gain),
                say=_SAY_ROUNDED,
            ),
        ),
        refuse=_right_baseline,
        why="an error of so many dollars is neither good nor bad until a guess without a model "
        "stands beside it.",
    ),
    Question(
        id="q4",
        title="The price of one more bedroom",
        points=2,
        names={"price_change": "function"},
        needs=("q1",),
        hints=(
            "In prediction after minus prediction before, what is left of the intercept, and of "
            "the columns that stay the same?",
            "`model.coefficients` has one number per column, in the order of `features`. Pair "
            "both, then add coefficient times amount over all changes.",
        ),
        mistakes=(
            Mistake(
                "adds-intercept",
                evidence=_with_intercept,
                say="That is a price. In the difference of two prices the intercept cancels.",
            ),
            Mistake(
                "ignores-amount",
                evidence=_no_amounts,
                say="A coefficient is dollars per unit; it has yet to be multiplied by the units.",
            ),
            Mistake(
                "wrong-column",
                evidence=_by_position,
                say="Coefficients and changes were paired by position; pair them by name through "
                "`features`.",
            ),
            Mistake(
                "first-only",
                evidence=_first_only,
                say="Only one change is used: the function returns inside its loop, or takes "
                "a single item of `changes`.",
            ),
            Mistake(
                "rounded",
                evidence=_rounded_change,
                say=_SAY_ROUNDED,
            ),
            Mistake(
                "one-model-only",
                evidence=_one_model_only,
                say="The function uses something from outside, such as FEATURES or the model of "
                "q1; work only with the model and the features that it is given.",
            ),
        ),
        refuse=_right_change,
        why="a coefficient is the answer to one question: what if this column changed and the "
        "others did not.",
    ),
    Question(
        id="q5",
        title="The column that does the work",
        points=2,
        names={"cost": "dict"},
        needs=("q1", "q2"),
        hints=(
            "Write a function from a list of columns to the test RMSE, and call it with lists of "
            "five.",
            "In the function: assembler, fit on train, transform test, evaluate. For one name, the "
            "list is every other name in FEATURES; the cost is that RMSE minus `rmse` of q2.",
        ),
        mistakes=(
            Mistake(
                "wrong-type",
                evidence=_no_number,
                say="Each value of the dict is to be one number of dollars.",
            ),
            Mistake(
                "cost-on-train",
                evidence=_costs_are("train", "the values in `cost` are those of the training rows"),
                say="The errors were computed on the rows that the models learned from.",
            ),
            Mistake(
                "sign-flipped",
                evidence=_costs_are("right", "the values in `cost` have the opposite sign", -1),
                say="It is full minus reduced; a cost is what leaving the column out adds.",
            ),
            Mistake(
                "not-a-difference",
                evidence=_costs_are(
                    "level", "the values in `cost` are whole errors, all of one size"
                ),
                say="The RMSE of the full model was not subtracted.",
            ),
            Mistake(
                "kept-only",
                evidence=_kept_only,
                say="The column was kept and the others were left out; the task is the reverse.",
            ),
            Mistake(
                "not-fitted-anew",
                evidence=_costs_are(
                    "zeroed", "the values in `cost` are those of the old coefficients"
                ),
                say="The column's part was taken out of the old model; the other coefficients "
                "must be learned again without it.",
            ),
            Mistake(
                "squared-dollars",
                evidence=_costs_are("squares", "the values in `cost` are in squared dollars"),
                say="These are differences of MSE, not of RMSE.",
            ),
            Mistake(
                "rounded",
                evidence=_rounded_cost,
                say=_SAY_ROUNDED,
            ),
        ),
        refuse=_right_cost,
        note=_helpful_losses,
        why="columns that know the same stand in for each other, so a column's worth shows only "
        "when the rest may adapt.",
    ),
    Question(
        id="q6",
        title="An assumption that fails",
        points=2,
        names={"spread_ratio": "number", "log_spread_ratio": "number", "assumption": "choice"},
        needs=("q1",),
        hints=(
            "Residuals of the training rows first: a frame (or two arrays) with prediction and "
            "price. Which values of the prediction cut off a quarter at each end?",
            "np.quantile(prediction, [0.25, 0.75]) or F.ntile(4) gives the quarters. For the "
            "second ratio, fit again with a label column F.log('price').",
        ),
        mistakes=(
            Mistake(
                "upside-down",
                evidence=_ratio_is("upside down", "is the lowest quarter by the highest"),
                say="The two means were divided the other way round.",
            ),
            Mistake(
                "quarters-of-price",
                evidence=_ratio_is("by price", "compares quarters of the price"),
                say="Ordered by price, the highest quarter holds what was predicted too low, "
                "whatever the model; order by prediction.",
            ),
            Mistake(
                "signed-residuals",
                evidence=_ratio_is("signed", "lets misses above and below cancel"),
                say="The residuals were averaged with their signs; take absolute values first.",
            ),
            Mistake(
                "median-for-mean",
                evidence=_ratio_is("medians", "compares medians"),
                say="Asked is the mean size of the residuals in each quarter.",
            ),
            Mistake(
                "test-rows",
                evidence=_ratio_is("test", "is that of the test rows"),
                say="The assumptions are about the rows that the model was fitted to.",
            ),
            Mistake(
                "same-model-twice",
                evidence=_same_twice,
                say="The second ratio needs a model of its own, fitted to log(price).",
            ),
            Mistake(
                "back-in-dollars",
                evidence=_back_in_dollars,
                say="The predictions were exponentiated; compare log(price) with the prediction.",
            ),
            Mistake(
                "rounded",
                evidence=_rounded_ratio,
                say=_SAY_ROUNDED,
            ),
            Mistake(
                "none-of-the-four",
                evidence=_no_such_word,
                say="One of the four words is due: the name of what is assumed, "
                "not of its failure, and no description.",
            ),
            Mistake(
                "other-assumption",
                evidence=_other_assumption,
                say="The ratio compares how widely residuals scatter in two places; it says "
                "nothing about their shape, their mean, or their neighbors.",
            ),
        ),
        refuse=_right_ratios,
        why="where misses grow with the prediction, one error bar cannot be right for cheap and "
        "expensive listings.",
    ),
]
