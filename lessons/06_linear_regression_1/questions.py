"""The questions of lab 06.

References are computed with NumPy from the rows in use, independently of Spark's solver.
"""

from collections.abc import Callable, Iterable
from functools import cache
from itertools import combinations, permutations
from typing import Any, NamedTuple

import numpy as np

from course_utils import locate
from course_utils.lab import Answers, Mistake, Question, kinds, reference, values
from course_utils.lab.answers import LearnerError, ReturnedNoneError
from course_utils.lab.question import Rule
from course_utils.lab.values import Formula, Made, Values, in_dict

FEATURES = (
    "accommodates",
    "bedrooms",
    "bathrooms",
    "minimum_nights",
    "number_of_reviews",
    "review_scores_rating",
)
METRICS = ("rmse", "mae", "r2")
_COLUMNS = (*FEATURES, "price", "pmod(xxhash64(*), 5) = 1 AS in_validation")


class Rows(NamedTuple):
    """Some listings: `x` has a column per feature, `y` the prices."""

    x: np.ndarray
    y: np.ndarray


class Line(NamedTuple):
    """What a linear model is: dollars per unit of each feature, and at zero of all."""

    slopes: np.ndarray
    intercept: float

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return x @ self.slopes + self.intercept


# --- references -------------------------------------------------------------------------------


def _rows(side: str) -> Rows:
    """The rows of "train", "test", "all", or of the lab's parts of train: "fit", "validation"."""
    return _cached_rows(locate("listings"), side)


@cache
def _cached_rows(listings: str, side: str) -> Rows:
    sides = reference.split("listings", _COLUMNS)
    table = sides.get(side, sides["train"])
    if side not in sides:
        table = table[table["in_validation"] == (side == "validation")]
    return Rows(table[list(FEATURES)].to_numpy(dtype=float), table["price"].to_numpy(dtype=float))


def _learned(side: str, columns: Iterable[str] = FEATURES, log: bool = False) -> Line:
    """Least squares of the price, or of its logarithm, on some columns; zeros for the others."""
    return _cached_line(locate("listings"), side, tuple(columns), log)


@cache
def _cached_line(listings: str, side: str, columns: tuple[str, ...], log: bool) -> Line:
    rows, places = _rows(side), [FEATURES.index(name) for name in columns]
    x = np.column_stack([rows.x[:, places], np.ones(len(rows.y))])
    solved = np.linalg.lstsq(x, np.log(rows.y) if log else rows.y, rcond=None)[0]
    slopes = np.zeros(len(FEATURES))
    slopes[places] = solved[:-1]
    return Line(slopes, float(solved[-1]))


def _without(name: str) -> list[str]:
    return [other for other in FEATURES if other != name]


def _rmse(y: np.ndarray, predicted: np.ndarray | float) -> float:
    return float(np.sqrt(np.mean((y - predicted) ** 2)))


# --- q1 ---------------------------------------------------------------------------------------

# Right solvers differ by less than this share of the spread of prices; a row left out makes 1e-4
_SAME = 1e-5


def _inputs(a: Answers) -> list[str]:
    """The columns that the learner's assembler takes, in its order."""
    from pyspark.ml.feature import VectorAssembler

    known = isinstance(a.assembler, VectorAssembler) and a.assembler.isDefined("inputCols")
    return list(a.assembler.getInputCols()) if known else []


def _width(a: Answers) -> int:
    """How many columns the learner's linear model has; 0 for another kind of model."""
    from pyspark.ml.regression import GeneralizedLinearRegressionModel, LinearRegressionModel

    known = LinearRegressionModel | GeneralizedLinearRegressionModel
    return int(a.model.numFeatures) if isinstance(a.model, known) else 0


def _slope(a: Answers) -> dict[str, float]:
    return dict(zip(_inputs(a), a.model.coefficients.toArray().tolist(), strict=True))


def _line(a: Answers) -> Line:
    """The learner's model with its slopes in the order of FEATURES."""
    slope = _slope(a)
    return Line(np.array([slope[name] for name in FEATURES]), float(a.model.intercept))


def _is_same(line: Line, other: Line) -> bool:
    rows = _rows("train")
    return _rmse(line(rows.x), other(rows.x)) <= _SAME * float(rows.y.std())


def _is_whole(a: Answers) -> bool:
    """Whether the model is linear in exactly the six columns of the assembler."""
    return sorted(_inputs(a)) == sorted(FEATURES) and _width(a) == len(FEATURES)


def _is_that_of(a: Answers, side: str) -> bool:
    return _is_whole(a) and _is_same(_line(a), _learned(side))


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


def _other_output(a: Answers) -> str | None:
    if not _inputs(a) or not _width(a):
        return None
    if (written := a.assembler.getOutputCol()) != "features":
        return f"`assembler` writes its vectors to `{written}`"
    if (read := a.model.getFeaturesCol()) != "features":
        return f"`model` reads its vectors from `{read}`"
    return None


def _other_vector(a: Answers) -> str | None:
    if not _inputs(a) or not _width(a):
        return None
    if _width(a) != len(_inputs(a)):
        return f"`assembler` takes {len(_inputs(a))} columns, `model` learned from {_width(a)}"
    as_listed = Line(a.model.coefficients.toArray(), float(a.model.intercept))
    if not _is_that_of(a, "train") and _is_same(as_listed, _learned("train")):
        return "`model` learned from the columns in another order than `assembler` has now"
    return None


def _learned_from(side: str, words: str) -> Rule:
    def when(a: Answers) -> str | None:
        if _is_that_of(a, "train") or not _is_that_of(a, side):
            return None
        return f"the coefficients of `model` are those of {words}"

    return when


def _other_regression(a: Answers) -> str | None:
    """Another label, loss or penalty; each can be read from the model."""
    if not _is_whole(a) or _is_that_of(a, "train"):
        return None
    plain = {"regParam": 0, "fitIntercept": True, "loss": "squaredError", "family": "gaussian"}
    for name, due in plain.items():
        if a.model.hasParam(name) and (value := a.model.getOrDefault(name)) != due:
            return f"`model` was fitted with {name} = {value!r}"
    if a.model.isSet("weightCol"):
        return f"`model` was fitted with weightCol = {a.model.getOrDefault('weightCol')!r}"
    if _is_same(_line(a), _learned("train", log=True)):
        label = a.model.getOrDefault("labelCol")
        return f"`model` learned from labelCol = {label!r}, whose values are those of log(price)"
    return None


def _rows_left_out(a: Answers) -> str | None:
    if not _is_whole(a) or _is_that_of(a, "train") or not a.model.hasSummary:
        return None
    learned, there = a.model.summary.numInstances, len(_rows("train").y)
    if learned >= there:
        return None
    return f"`model` learned from {learned:,} rows, and `train` has {there:,}"


def _right_model(a: Answers) -> str | None:
    if not _inputs(a):
        return f"`assembler` is {kinds.describe(a.assembler)}, and has no inputCols to look at"
    if not _width(a):
        return f"`model` is {kinds.describe(a.model)}, not that of a linear regression"
    if not _is_that_of(a, "train"):
        first = float(_line(a)(_rows("test").x[:1])[0])
        label = a.model.getOrDefault("labelCol")
        return f"`model` (labelCol = {label!r}) gives {first:.4g} to the first test listing"
    return None


# --- q2 ---------------------------------------------------------------------------------------


def _scores(side: str, *lines: Line) -> dict[str, list[float]]:
    """name -> what each of these models scores on one side's rows."""
    y, found = _rows(side).y, dict[str, list[float]](rmse=[], mae=[], r2=[])
    for line in lines:
        error = y - line(_rows(side).x)
        square = float(np.mean(error**2))
        found["rmse"].append(square**0.5)
        found["mae"].append(float(np.mean(np.abs(error))))
        found["r2"].append(1 - square / float(np.var(y)))
    return found


def _scored_on(side: str) -> Formula:
    """By the learner's own model, or by the same fitted anew."""
    return lambda a: _scores(side, _line(a), _learned("train"))


def _right_score(a: Answers, name: str = "rmse") -> float:
    return _scores("test", _line(a))[name][0]


def _other_r2(a: Answers) -> Made:
    y, guess = _rows("test").y, _line(a)(_rows("test").x)
    size, square = len(y), _rmse(y, guess) ** 2
    correlation, left = float(np.corrcoef(y, guess)[0, 1]), square / float(y.var())
    others = [
        *(correlation, correlation**2, abs(1 - left) ** 0.5, left, 100 * (1 - left), 1 - left**0.5),
        1 - left * (size - 1) / (size - len(FEATURES) - 1),  # adjusted
        1 - square / float(y.var(ddof=1)),
        1 - square / float(guess.var()),  # the two arguments in each other's place
        1 - square / float(np.mean(y**2)),
        1 - float((y - guess).var()) / float(y.var()),
    ]
    return {"r2": others}


def _other_models(a: Answers) -> Made:
    few = [[name] for name in FEATURES] + [_without(name) for name in FEATURES]
    lines = [_learned("train", columns) for columns in few]
    return _scores("test", *lines, *map(_learned, ("test", "all", "fit")))


SCORES = Values(_scored_on("test"), tolerance=1e-7)
SWAPPED = [
    SCORES.wrong(
        "swapped",
        lambda a, by=by: {to: _right_score(a, name) for name, to in by.items() if name != to},  # type: ignore[misc]
        "{name} holds the value of another of the three names",
        "The values went into each other's variables.",
        whole=True,
    )
    for by in (dict(zip(METRICS, order, strict=True)) for order in permutations(METRICS))
    if list(by) != list(by.values())
]


# --- q3 ---------------------------------------------------------------------------------------


def _with_gains(a: Answers, *baselines: float) -> Made:
    """These baselines, and the gain beside each."""
    scores = [float(a.rmse), *_scores("test", _learned("train"))["rmse"]]
    gains = [1 - rmse / baseline for baseline in baselines for rmse in scores]
    return {"baseline_rmse": list(baselines), "gain": gains}


def _against(*guesses: Callable[[np.ndarray], Any]) -> Formula:
    """The baseline of somebody who makes one guess from the training prices."""
    y, known = (lambda: _rows("test").y), (lambda: _rows("train").y)
    return lambda a: _with_gains(a, *(_rmse(y(), float(guess(known()))) for guess in guesses))


def _scatter(side: str) -> Formula:
    # a standard deviation with n or n - 1 below comes to the same mistake
    return lambda a: _with_gains(a, *(float(_rows(side).y.std(ddof=n)) for n in (0, 1)))


def _mean_misses(a: Answers) -> Made:
    y, known = _rows("test").y, _rows("train").y
    return _with_gains(a, *(float(abs(y - guess(known)).mean()) for guess in (np.mean, np.median)))


def _gain_is(formula: Callable[[float, float], float]) -> Formula:
    """A mistake in `gain`, made from the learner's own two numbers."""

    def make(a: Answers) -> Made:
        rmse, baseline = float(a.rmse), float(a.baseline_rmse)
        return {"gain": formula(rmse, baseline)} if rmse and baseline else {}

    return make


GAIN = Values(_against(np.mean), tolerance=1e-7)
IN_SQUARES = [
    GAIN.wrong(
        "gain-in-squares",
        formula,
        "compares squared errors",
        "This is the gain in squared error, as R² measures it; the question asks for RMSE.",
    )
    for formula in (_gain_is(lambda r, b: 1 - (r / b) ** 2), lambda a: {"gain": float(a.r2)})
]


# --- q4 ---------------------------------------------------------------------------------------

# One column up and down, two columns in another order than the model's, and three at once
_CHANGES: tuple[dict[str, float], ...] = (
    {"bedrooms": 1},
    {"bedrooms": -2},
    {"bedrooms": 3, "accommodates": 2},
    {"review_scores_rating": -5, "number_of_reviews": 10, "bathrooms": 0.5},
)
# Another model: some of the columns, in another order, with other dollars per unit
_OTHER = {"bathrooms": 10.5, "review_scores_rating": -3.25, "accommodates": 17.0, "bedrooms": 40.0}

_Change = dict[str, float]
_Prices = Callable[[dict[str, float], _Change], float]  # (slope by name, change)


def _returned(a: Answers) -> list[Any]:
    """What the learner's function returns for each change."""

    def ask(a: Answers) -> list[Any]:
        asked = [a.call("price_change", a.model, _inputs(a), dict(change)) for change in _CHANGES]
        return [kinds.plain(value, "number") for value in asked]

    return a.once("returned", ask)


def _price(slope: dict[str, float], change: _Change) -> float:
    return float(sum(slope[name] * amount for name, amount in change.items()))


def _is_price(value: Any, due: float, digits: bool = True) -> bool:
    """Whether what was returned is this price; without `digits`, some may have been cut off."""
    if not kinds.fits(value, "number"):
        return False
    return values.near(value, due, 1e-9) or (not digits and values.shortened(value, due))


def _follows(a: Answers, formula: _Prices, digits: bool = False) -> bool:
    due = [formula(_slope(a), change) for change in _CHANGES]
    return all(_is_price(v, d, digits) for v, d in zip(_returned(a), due, strict=True))


def _returns(found: str, *formulas: _Prices) -> Rule:
    def when(a: Answers) -> str | None:
        wrong = not _follows(a, _price, digits=True)
        return found if wrong and any(_follows(a, formula) for formula in formulas) else None

    return when


def _with_intercept(a: Answers) -> str | None:
    found = "what `price_change` returns contains the intercept: it is not 0 when nothing changes"
    return _returns(found, lambda s, change: _price(s, change) + float(a.model.intercept))(a)


def _by_position(slope: dict[str, float], change: _Change) -> float:
    return sum(s * amount for s, amount in zip(slope.values(), change.values(), strict=False))


def _item(place: int) -> _Prices:
    return lambda slope, change: _price(slope, dict([list(change.items())[place]]))


def _rounded_price(a: Answers) -> str | None:
    if _follows(a, _price, digits=True) or not _follows(a, _price):
        return None
    places = max(values.decimals(value) or 0 for value in _returned(a))
    return f"what `price_change` returns has at most {places} decimals"


def _other_model(a: Answers) -> Any:
    """A fitted model that has the coefficients of `_OTHER`; making it runs no job."""
    from pyspark.ml.common import _py2java
    from pyspark.ml.linalg import Vectors
    from pyspark.ml.regression import LinearRegressionModel

    context: Any = a.spark.sparkContext
    slopes = _py2java(context, Vectors.dense(list(_OTHER.values())))
    made = context._jvm.org.apache.spark.ml.regression.LinearRegressionModel("other", slopes, 80.0)
    return LinearRegressionModel(made)


def _one_model_only(a: Answers) -> str | None:
    if not _follows(a, _price, digits=True):
        return None
    for change in ({"bedrooms": 1.0}, {"accommodates": 2.0}):
        given = f"a model of {len(_OTHER)} columns, whose `bedrooms` has {_OTHER['bedrooms']:g}"
        try:
            value = a.call("price_change", _other_model(a), list(_OTHER), dict(change))
        except (LearnerError, ReturnedNoneError):
            return f"for {change} and {given}, `price_change` returns no number"
        if not _is_price(kinds.plain(value, "number"), _price(_OTHER, change)):
            return f"for {change} and {given}, `price_change` returns {value!r:.40}"
    return None


def _right_price(a: Answers) -> str | None:
    for change, value in zip(_CHANGES, _returned(a), strict=True):
        if not kinds.fits(value, "number"):
            return f"for {change}, `price_change` returns {kinds.describe(value)}, not a number"
        if not _is_price(value, _price(_slope(a), change)):
            return f"price_change(model, features, {change}) returned {float(value):.6g}"
    return None


# --- q5 ---------------------------------------------------------------------------------------


def _error(learn: str, judge: str, columns: Iterable[str] = FEATURES) -> float:
    """The RMSE of a model of some columns that learned from one part, on another part."""
    return _rmse(_rows(judge).y, _learned(learn, columns)(_rows(judge).x))


def _levels(learn: str = "fit", judge: str = "validation") -> dict[str, float]:
    return {name: _error(learn, judge, _without(name)) for name in FEATURES}


def _less(levels: dict[str, float], full: float, power: int = 1) -> dict[str, float]:
    return {name: level**power - full**power for name, level in levels.items()}


def _costs(learn: str = "fit", judge: str = "validation") -> dict[str, float]:
    return _less(_levels(learn, judge), _error(learn, judge))


def _each(*tables: dict[str, float]) -> Made:
    """`cost` with several numbers for each column, all of which come from the same mistake."""
    return in_dict("cost", {name: [table[name] for table in tables] for name in FEATURES})


def _negative(table: dict[str, float]) -> dict[str, float]:
    return {name: -value for name, value in table.items()}


def _sign_lost(a: Answers) -> Made:
    """Where the difference is below zero; all as they are where none is."""
    costs = _costs()
    return in_dict("cost", {n: [-c, 0.0] for n, c in costs.items() if c < 0} or costs)


def _kept_only(a: Answers) -> Made:
    alone = {name: _error("fit", "validation", [name]) for name in FEATURES}
    costs = _less(alone, _error("fit", "validation"))
    return _each(costs, _negative(costs))


def _not_fitted_anew(a: Answers) -> Made:
    """The old model, to which a column looks the same everywhere: 0, its mean or its median."""
    line, known, new = _learned("fit"), _rows("fit").x, _rows("validation")
    tables = []
    for constant in (0 * known[0], known.mean(axis=0), np.median(known, axis=0)):
        shifts = dict(zip(FEATURES, ((constant - new.x) * line.slopes).T, strict=True))
        levels = {name: _rmse(new.y, line(new.x) + shift) for name, shift in shifts.items()}
        tables.append(_less(levels, _error("fit", "validation")))
    return _each(*tables)


COST = Values(
    lambda a: in_dict("cost", _costs()),
    tolerance=1e-5,
    scale=tuple(("cost", name) for name in FEATURES),
)


def _rounded_costs(a: Answers) -> str | None:
    # who cuts digits moves no cost by a dollar; a floor may give whole dollars as well
    if any(abs(a.cost[name] - due) >= 1 for name, due in _costs().items()):
        return None
    return COST.rounded().evidence(a)


def _helpful_losses(a: Answers) -> str | None:
    better = [name for name, dollars in a.cost.items() if dollars < 0]
    if not better:
        return "no cost is below 0 here; it can be, for a column that taught nothing but chance."
    return (
        f"without {', '.join(f'`{name}`' for name in better)} the error is smaller; over so few "
        "validation rows that may be luck."
    )


# --- q6 ---------------------------------------------------------------------------------------

_Two = tuple[np.ndarray, np.ndarray]
_Middle = Callable[[np.ndarray], Any]


def _ratios(size: np.ndarray, order: np.ndarray, middle: _Middle = np.mean) -> list[float]:
    """The highest quarter by `order` divided by the lowest, cut by value or by number of rows."""
    low, high = np.quantile(order, [0.25, 0.75])
    rows, ranked = len(order) // 4, size[order.argsort(kind="stable")]
    tops = [size[order >= high], size[order > high], ranked[-rows:], ranked[-rows - 1 :]]
    bottoms = [size[order <= low], size[order < low], ranked[:rows], ranked[: rows + 1]]
    below = [float(middle(some)) for some in bottoms]
    return [float(middle(some)) / bottom for some in tops for bottom in below if bottom]


def _means(size: np.ndarray, order: np.ndarray) -> set[float]:
    """Each mean that the lowest quarter may have.

    Equal listings have equal predictions, and at the edge of a quarter any of them may count.
    """
    order = np.round(order, 9)
    size, order, quarter = size[order.argsort()], np.sort(order), len(order) // 4
    found = set()
    for count in (quarter - 1, quarter, quarter + 1):
        first = int((order < order[count - 1]).sum())
        tied, taken = np.sort(size[order == order[count - 1]]), count - first
        sums = (
            [sum(some) for some in combinations(tied, taken)]
            if len(tied) < 6
            else (np.linspace(tied[:taken].sum(), tied[len(tied) - taken :].sum(), 1000))
        )
        found |= {float((size[:first].sum() + more) / count) for more in sums}
    return found


def _right_ratios(e: np.ndarray, p: np.ndarray) -> list[float]:
    size = np.abs(e)
    every = [top / bottom for top in _means(size, -p) for bottom in _means(size, p)]
    return [*_ratios(size, p), *every]


def _residuals(log: bool, learn: str = "train", judge: str = "train") -> _Two:
    """(residuals, predictions), in dollars or in log(price)."""
    rows = _rows(judge)
    predicted = _learned(learn, log=log)(rows.x)
    return (np.log(rows.y) if log else rows.y) - predicted, predicted


def _both(ratios: Callable[[np.ndarray, np.ndarray], list[float]], *sides: str) -> Formula:
    """Both ratios, from (residuals, predictions) of each of the two models."""
    return lambda a: {
        "spread_ratio": ratios(*_residuals(False, *sides)),
        "log_spread_ratio": ratios(*_residuals(True, *sides)),
    }


def _signed(e: np.ndarray, p: np.ndarray) -> list[float]:
    return _ratios(e, p) + _ratios(e, p, lambda some: abs(some.mean()))


def _sizes(e: np.ndarray, p: np.ndarray) -> list[float]:
    return _ratios(np.abs(e), p)


def _in_dollars(a: Answers) -> Made:
    _, predicted = _residuals(log=True)
    return {"log_spread_ratio": _sizes(_rows("train").y - np.exp(predicted), predicted)}


RATIOS = Values(_both(_right_ratios), tolerance=1e-5)


def _other_assumption(a: Answers) -> str | None:
    right = ("homoscedasticity", "homoskedasticity")
    return None if a.assumption in right else f"`assumption` is {a.assumption!r}"


QUESTIONS = [
    Question(
        id="q1",
        title="A model of six columns",
        points=2,
        names={"assembler": "transformer", "model": "model"},
        looks_at={"features": "other-output", "price": "other-regression, and the rule"},
        hints=(
            "The demo did it with one column. What has to change so that six go into the vector?",
            "The assembler takes a list, FEATURES. The estimator must know which column is the "
            "label, and `fit` must get the training rows after the assembler.",
        ),
        mistakes=(
            Mistake(
                "label-among-features",
                _label_inside,
                "The model is shown the price that it has to predict; a new listing has none.",
            ),
            Mistake(
                "columns-missing",
                _columns_missing,
                "A column of FEATURES was left out or named in another way.",
            ),
            Mistake(
                "columns-added",
                _columns_added,
                "The inputs are FEATURES and nothing else, each column once.",
            ),
            Mistake(
                "other-output",
                _other_output,
                "The vector column is called `features`: see outputCol and featuresCol.",
            ),
            Mistake(
                "other-vector",
                _other_vector,
                "The model was fitted on the output of another assembler, or before a change.",
            ),
            Mistake(
                "fitted-on-test",
                _learned_from("test", "the test rows"),
                "`fit` was given the test rows, so nothing is left to judge the model by.",
            ),
            Mistake(
                "fitted-on-all",
                _learned_from("all", "all rows together"),
                "`fit` saw the test rows too, so every test score of it would be too good.",
            ),
            Mistake(
                "other-regression",
                _other_regression,
                "The question asks for plain least squares of `price`: with an intercept, without "
                "penalty or weights, as LinearRegression does by default.",
            ),
            Mistake(
                "rows-left-out",
                _rows_left_out,
                "A filter, a sample or a limit took training rows away before `fit`.",
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
            SCORES.wrong(
                "evaluated-on-train",
                _scored_on("train"),
                "is that of the training rows",
                "The predictions that were scored are of rows the model has learned from.",
            ),
            SCORES.wrong(
                "evaluated-on-all",
                _scored_on("all"),
                "is that of all rows, training and test",
                "The rows were loaded anew or put together, so training rows count as well.",
            ),
            SCORES.wrong(
                "mse-for-rmse",
                lambda a: {"rmse": _right_score(a) ** 2},
                "is in squared dollars: its root was not taken",
                'The metric is "mse", or the formula by hand ends before the square root.',
            ),
            SCORES.wrong(
                "another-r2",
                _other_r2,
                "is another measure than R²",
                "R² is one minus the squared error divided by the variance of the prices: no root, "
                "no correlation, no percentage, nothing adjusted, and not what is left.",
            ),
            SCORES.wrong(
                "default-metric",
                lambda a: dict.fromkeys(("mae", "r2"), _right_score(a)),
                "is an RMSE",
                "The evaluator was not told which metric; without metricName it is the RMSE.",
            ),
            SWAPPED[0],
            SCORES.wrong(
                "another-model",
                _other_models,
                "is that of another model than the one of q1",
                "The predictions come from a model that learned from other columns or other rows.",
            ),
            SCORES.rounded(),
        ),
        refuse=SCORES.refuse,
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
            GAIN.wrong(
                "mean-of-test",
                _scatter("test"),
                "is the scatter of the test prices around their own mean",
                "The mean was taken from the test rows, which nobody knows beforehand.",
            ),
            GAIN.wrong(
                "baseline-on-train",
                _scatter("train"),
                "is that of the training rows",
                "The guess was judged on the training rows, the model on the test rows.",
            ),
            GAIN.wrong(
                "median-for-mean",
                _against(np.median),
                "belongs to another constant than the mean",
                "It is the median. That is the better guess for MAE; for RMSE it is the mean.",
            ),
            GAIN.wrong(
                "baseline-mae",
                _mean_misses,
                "belongs to a mean absolute error",
                "The misses were averaged as they are; RMSE averages their squares and takes "
                "the root.",
            ),
            GAIN.wrong(
                "mse-for-rmse",
                lambda a: _with_gains(
                    a, _rmse(_rows("test").y, float(_rows("train").y.mean())) ** 2
                ),
                "is in squared dollars: its root was not taken",
                'The metric is "mse", or the formula by hand ends before the square root.',
            ),
            GAIN.wrong(
                "gain-in-dollars",
                _gain_is(lambda r, b: b - r),
                "is a difference in dollars",
                "A share has no unit: the difference still has to be divided by the baseline.",
            ),
            GAIN.wrong(
                "gain-in-percent",
                _gain_is(lambda r, b: 100 * (1 - r / b)),
                "is above what a share can be",
                "It was multiplied by 100; the task asks for a share, of which 1 is all.",
            ),
            GAIN.wrong(
                "share-that-stays",
                _gain_is(lambda r, b: r / b),
                "is the share of the error that is left",
                "The ratio of the two errors is what stays; the gain is what goes.",
            ),
            GAIN.wrong(
                "sign-flipped",
                _gain_is(lambda r, b: r / b - 1),
                "{name} has the opposite sign",
                "It is the ratio minus one; a gain is one minus the ratio.",
            ),
            GAIN.wrong(
                "share-of-the-model",
                _gain_is(lambda r, b: b / r - 1),
                "is a share of the model's own error",
                "The difference was divided by `rmse`; it has to be by `baseline_rmse`.",
            ),
            IN_SQUARES[0],
            GAIN.rounded(),
        ),
        refuse=GAIN.refuse,
        why="an error of so many dollars is neither good nor bad until a guess without a model "
        "stands beside it.",
    ),
    Question(
        id="q4",
        title="The price of one more bedroom",
        points=2,
        names={"price_change": "function"},
        needs=("q1",),
        looks_at=dict.fromkeys(("features", "changes"), "the function is called with several"),
        hints=(
            "In prediction after minus prediction before, what is left of the intercept, and of "
            "the columns that stay the same?",
            "`model.coefficients` has one number per column, in the order of `features`. Pair "
            "both, then add coefficient times amount over all changes.",
        ),
        mistakes=(
            Mistake(
                "adds-intercept",
                _with_intercept,
                "That is a price. In the difference of two prices the intercept cancels.",
            ),
            Mistake(
                "ignores-amount",
                _returns(
                    "to `price_change`, one bedroom and three bedrooms are the same",
                    lambda slope, change: sum(slope[name] for name in change),
                ),
                "A coefficient is dollars per unit; it has yet to be multiplied by the units.",
            ),
            Mistake(
                "wrong-column",
                _returns("`bedrooms` alone is priced as if it were another column", _by_position),
                "Coefficients and changes were paired by position; pair them by name through "
                "`features`.",
            ),
            Mistake(
                "first-only",
                _returns("of several changes only one counts", _item(0), _item(-1)),
                "A return inside the loop, a total that is replaced instead of added to, or "
                "a single item of `changes`.",
            ),
            Mistake("rounded", _rounded_price, values.ROUNDED),
            Mistake(
                "one-model-only",
                _one_model_only,
                "The function relies on something that holds for q1 only, such as FEATURES or "
                "six columns; work with the model and the features that it is given.",
            ),
        ),
        refuse=_right_price,
        why="a coefficient is the answer to one question: what if this column changed and the "
        "others did not.",
    ),
    Question(
        id="q5",
        title="The column that does the work",
        points=2,
        names={"cost": "dict"},
        keys={"cost": dict.fromkeys(FEATURES, "number")},
        hints=(
            "Write a function from a list of columns to the RMSE on the validation rows. Call it "
            "once with all six, and then with lists of five.",
            "In the function: assembler, fit on `fit_rows`, transform `validation`, evaluate. For "
            "one name, the list is every other name in FEATURES; the cost is that RMSE minus the "
            "one with all six.",
        ),
        mistakes=(
            COST.wrong(
                "cost-on-test",
                lambda a: _each(_costs("train", "test"), _costs("fit", "test")),
                "is that of the test rows",
                "What you find out here decides which columns stay, and a decision is made with "
                "validation rows; test rows are for one last look.",
            ),
            COST.wrong(
                "cost-on-train",
                lambda a: _each(_costs("fit", "fit"), _costs("train", "train")),
                "is that of the rows that the models learned from",
                "Judge by rows that the models have not seen: those of `validation`.",
            ),
            COST.wrong(
                "validation-learned",
                lambda a: _each(
                    _costs("train"),
                    _costs("validation"),
                    _less(_levels(), _error("train", "validation")),
                ),
                "comes from a model that has learned from the validation rows",
                "A model was given all of `train`, or `validation` itself; all seven models learn "
                "from `fit_rows`.",
            ),
            COST.wrong(
                "other-full-model",
                lambda a: _each(
                    *(
                        _less(_levels(), _error(*sides))
                        for sides in (("train", "test"), ("fit", "fit"))
                    )
                ),
                "compares errors on different rows",
                "What is subtracted, such as `rmse` of q2, was not measured on `validation`: "
                "measure the model of all six there, too.",
            ),
            COST.wrong(
                "sign-flipped",
                lambda a: _each(_negative(_costs())),
                "has the opposite sign",
                "It is full minus reduced; a cost is what leaving the column out adds.",
                whole=True,
            ),
            COST.wrong(
                "sign-lost",
                _sign_lost,
                "is not below zero, as its difference is",
                "abs(), max() or rounding hid that the error is smaller without this column.",
            ),
            COST.wrong(
                "not-a-difference",
                lambda a: _each(_levels()),
                "is a whole error, not a difference of two",
                "The RMSE of the full model was not subtracted.",
            ),
            COST.wrong(
                "kept-only",
                _kept_only,
                "belongs to a model of that one column alone",
                "The column was kept and the others were left out; the task is the reverse.",
            ),
            COST.wrong(
                "not-fitted-anew",
                _not_fitted_anew,
                "is that of the old coefficients",
                "The column was hidden from the old model; the other coefficients must be learned "
                "again without it.",
            ),
            COST.wrong(
                "squared-dollars",
                lambda a: _each(_less(_levels(), _error("fit", "validation"), power=2)),
                "is in squared dollars",
                "These are differences of MSE, not of RMSE.",
            ),
            Mistake("rounded", _rounded_costs, values.ROUNDED),
        ),
        refuse=COST.refuse,
        note=_helpful_losses,
        why="columns that know the same stand in for each other, so a column's worth shows only "
        "when the rest may adapt.",
    ),
    Question(
        id="q6",
        title="An assumption that fails",
        points=2,
        names={"spread_ratio": "number", "log_spread_ratio": "number", "assumption": "choice"},
        choices={
            "assumption": (
                *("linearity", "independence", "normality", "homoscedasticity"),
                "homoskedasticity",  # both spellings are in use
            )
        },
        needs=("q1",),
        hints=(
            "Residuals of the training rows first: a frame (or two arrays) with prediction and "
            "price. Which values of the prediction cut off a quarter at each end?",
            "np.quantile(prediction, [0.25, 0.75]) or F.ntile(4) gives the quarters. For the "
            "second ratio, fit again with a label column F.log('price').",
        ),
        mistakes=(
            RATIOS.swapped(
                "spread_ratio", "log_spread_ratio", "{name} is the ratio of the other model"
            ),
            RATIOS.wrong(
                "upside-down",
                _both(lambda e, p: _ratios(np.abs(e), -p)),
                "is the lowest quarter by the highest",
                "The two means were divided the other way round.",
            ),
            RATIOS.wrong(
                "quarters-of-price",
                _both(lambda e, p: _ratios(np.abs(e), e + p)),
                "compares quarters of the price",
                "Ordered by price, the highest quarter holds what was predicted too low, "
                "whatever the model; order by prediction.",
            ),
            RATIOS.wrong(
                "signed-residuals",
                _both(_signed),
                "lets misses above and below cancel",
                "The residuals were averaged with their signs; take absolute values first.",
            ),
            RATIOS.wrong(
                "median-for-mean",
                _both(lambda e, p: _ratios(np.abs(e), p, np.median)),
                "compares medians",
                "The question asks for the mean size of the residuals in each quarter.",
            ),
            RATIOS.wrong(
                "test-rows",
                _both(_sizes, "train", "test"),
                "is that of the test rows",
                "The assumptions are about the rows that the model was fitted to.",
            ),
            RATIOS.wrong(
                "other-rows-learned",
                _both(_sizes, "all"),
                "belongs to a model that has learned from the test rows as well",
                "Both models learn from the training rows alone.",
            ),
            RATIOS.wrong(
                "same-model-twice",
                lambda a: {"log_spread_ratio": _sizes(*_residuals(log=False))},
                "is the ratio of the model of the price",
                "The second ratio needs a model of its own, fitted to log(price).",
            ),
            RATIOS.wrong(
                "back-in-dollars",
                _in_dollars,
                "comes from residuals in dollars",
                "The predictions were exponentiated; compare log(price) with the prediction.",
            ),
            RATIOS.rounded(),
            Mistake(
                "other-assumption",
                _other_assumption,
                "The ratio compares how widely residuals scatter in two places; it says nothing "
                "about their shape, their mean, or their neighbors.",
            ),
        ),
        refuse=RATIOS.refuse,
        why="where misses grow with the prediction, one error bar cannot be right for cheap and "
        "expensive listings.",
    ),
]
