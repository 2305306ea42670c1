"""The questions of lab 07.

References are computed with numpy from the rows in use, independently of Spark's solver: one
Spark job brings all columns of both sides. Where a reference cannot be unique, as for categories
that the training rows lack, those rows are left out of the comparison.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from course_utils import load_split, locate
from course_utils.lab import Answers, Mistake, Question

SETTINGS = ("error", "skip", "keep")
METRICS = ("rmse", "mae", "r2")
MODELS = ("plain", "log", "smeared")

# Predictions of one model that differ by less than this share of the spread of what is predicted
# are the same: solvers stop early, and encoded categories do not have a unique solution.
_SAME = 0.01


# --- references -------------------------------------------------------------------------------


@cache
def _split(listings: str, application: str) -> Any:
    """Both sides with a `key`; opening a Parquet file is a Spark job, so it is done once."""
    from pyspark.sql import functions as F

    return [frame.withColumn("key", F.xxhash64(*frame.columns)) for frame in load_split("listings")]


def _sides() -> Any:
    """(train, test) as Spark frames of the session that is running."""
    from pyspark.sql import SparkSession

    context = getattr(SparkSession.getActiveSession(), "sparkContext", None)
    return _split(locate("listings"), getattr(context, "applicationId", ""))


@cache
def _table(listings: str) -> pd.DataFrame:
    """All listings with `key`, `side` ("train", "test") and `yurt`; `listings` is their file."""
    from pyspark.sql import functions as F

    yurt = F.pmod(F.hash("longitude"), F.lit(10)) == 0
    train, test = (
        frame.withColumns({"side": F.lit(name), "yurt": yurt})
        for name, frame in zip(("train", "test"), _sides(), strict=True)
    )
    return train.unionAll(test).toPandas()


def _rows(side: str) -> pd.DataFrame:
    table = _table(locate("listings"))
    return table if side == "all" else table[table["side"] == side]


def _text_columns() -> list[str]:
    table = _rows("all")
    return [name for name in _columns() if table[name].dtype == object]


def _columns() -> list[str]:
    """The columns of a listing, the price among them."""
    return [n for n in _rows("all").columns if n not in ("side", "key", "yurt")]


def _design(rows: pd.DataFrame, known: pd.DataFrame) -> np.ndarray:
    """The numeric columns, and a column per category that `known` has."""
    text = _text_columns()
    numbers = rows[[n for n in _columns() if n not in (*text, "price")]].to_numpy(dtype=float)
    hot = [
        pd.get_dummies(pd.Categorical(rows[name], categories=sorted(known[name].unique())))
        for name in text
    ]
    return np.column_stack([numbers, *hot])


_LABELS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "price": lambda price: price,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "log1p": np.log1p,
}


class Fits(NamedTuple):
    """Least-squares fits to one side, one for each label."""

    test: pd.DataFrame  # predictions for the test rows, by key; NaN where a category is unknown
    own: pd.DataFrame  # predictions for the rows that were fitted


@cache
def _fits(listings: str, side: str) -> Fits:
    rows, test = _rows(side), _rows("test")
    x = _design(rows, rows)
    price = rows["price"].to_numpy(dtype=float)
    y = np.column_stack([label(price) for label in _LABELS.values()])
    center, scale = x.mean(axis=0), x.std(axis=0)
    scale[scale == 0] = 1.0
    z = (x - center) / scale
    # Every category has its column, so the equations have many solutions; all predict the same
    solved = np.linalg.pinv(z.T @ z, rcond=1e-10, hermitian=True) @ (z.T @ (y - y.mean(axis=0)))

    def guess(design: np.ndarray) -> np.ndarray:
        return (design - center) / scale @ solved + y.mean(axis=0)

    foreign = np.zeros(len(test), dtype=bool)
    for name in _text_columns():
        foreign |= ~test[name].isin(rows[name].unique()).to_numpy()
    guesses = pd.DataFrame(guess(_design(test, rows)), columns=list(_LABELS), index=test["key"])
    guesses[foreign] = np.nan
    return Fits(
        guesses[~guesses.index.duplicated()],
        pd.DataFrame(guess(x), columns=list(_LABELS), index=rows.index),
    )


def _fit(side: str) -> Fits:
    return _fits(locate("listings"), side)


def _apart(guess: "pd.Series[float]", other: "pd.Series[float]") -> float:
    """Distance of two series of predictions, as a share of the spread of the second one."""
    both = pd.concat([guess, other], axis=1, join="inner").dropna().to_numpy()
    if len(both) < len(other.dropna()):
        return float("inf")
    return float(np.sqrt(np.mean((both[:, 0] - both[:, 1]) ** 2)) / both[:, 1].std())


def _near(value: Any, other: float, tolerance: float = 1e-4) -> bool:
    try:
        return abs(float(value) - other) <= tolerance * max(abs(other), 1e-6)
    except (TypeError, ValueError):
        return False


# --- q1 ---------------------------------------------------------------------------------------


class Arrivals(NamedTuple):
    """How many arrivals there are, and how many of a kind that the training rows have."""

    all: int
    known: int


def _arrivals() -> Arrivals:
    test = _rows("test")
    kinds = _rows("train")["property_type"].unique()
    return Arrivals(len(test), int((~test["yurt"] & test["property_type"].isin(kinds)).sum()))


def _counts(a: Answers) -> list[Any]:
    """The three values in the order of SETTINGS; `...` for a key that is missing."""
    return [a.came_out.get(setting, ...) for setting in SETTINGS]


def _never_computed(a: Answers) -> str | None:
    rows = _arrivals()
    if _counts(a) == [rows.all, rows.known, rows.all]:
        return "with `error`, `came_out` says that all rows got features"
    return None


def _knew_yurts(a: Answers) -> str | None:
    if _counts(a) == [_arrivals().all] * 3:
        return "in `came_out`, no setting finds anything that is new"
    return None


def _lost_rows(a: Answers) -> str | None:
    rows = _arrivals()
    if _counts(a)[1:] == [rows.all - rows.known, 0]:
        return "`came_out` has 0 for `keep`"
    return None


def _other_rows(a: Answers) -> str | None:
    train = len(_rows("train"))
    if train in _counts(a):
        return "a value in `came_out` is the number of training rows"
    return None


def _skips(a: Answers) -> str | None:
    for name in ("price_list", "quality_gate"):
        if getattr(a, name) == "skip":
            return f'`{name}` is "skip": yurts vanish and nobody is told'
    return None


def _swapped_choices(a: Answers) -> str | None:
    if a.price_list == "error":
        return '`price_list` is "error": one yurt, and no listing gets a price'
    if a.quality_gate == "keep":
        return '`quality_gate` is "keep": yurts get a price as if they were known'
    return None


def _right_settings(a: Answers) -> str | None:
    if set(a.came_out) != set(SETTINGS):
        return f"the keys of `came_out` are {sorted(map(str, a.came_out))}"
    rows = _arrivals()
    for setting, due in zip(SETTINGS, (None, rows.known, rows.all), strict=True):
        if a.came_out[setting] != due:
            return f"the value for `{setting}` in `came_out` is not what happens to `arrivals`"
    if a.price_list != "keep":
        return "with this `price_list`, not every arrival gets a price"
    if a.quality_gate != "error":
        return "with this `quality_gate`, the job does not fail"
    return None


# --- q2 and q3 ----------------------------------------------------------------------------------


def _stages(model: Any) -> Iterator[Any]:
    """The stages of a pipeline, those of pipelines inside it included."""
    for stage in getattr(model, "stages", ()):
        if hasattr(stage, "stages"):
            yield from _stages(stage)
        else:
            yield stage


class Formula(NamedTuple):
    """What a fitted RFormula knows."""

    stage: Any
    label: str
    terms: list[str]


def _formula(model: Any) -> Formula | None:
    from pyspark.ml.feature import RFormulaModel

    stage = next((s for s in _stages(model) if isinstance(s, RFormulaModel)), None)
    found = stage and re.search(r"label=(.*?), terms=\[(.*)\], hasIntercept", str(stage))
    if not found:
        return None
    # a product of columns stands as {one,other}
    return Formula(stage, found[1], [term.strip("{}") for term in found[2].split(",")])


def _terms(model: Any) -> list[str]:
    formula = _formula(model)
    return formula.terms if formula else []


def _is_whole(model: Any) -> bool:
    """Whether the pipeline ends in a regression on all columns, and can score the test rows."""
    from pyspark.ml.regression import LinearRegressionModel

    formula, stages = _formula(model), list(_stages(model))
    return (
        formula is not None
        and formula.stage.getHandleInvalid() == "keep"
        and sorted(formula.terms) == sorted(n for n in _columns() if n != "price")
        and any(isinstance(stage, LinearRegressionModel) for stage in stages)
    )


# The last model that was looked at, and its frame of test rows: rules come one after the other
_last: list[tuple[Any, Any, "pd.Series[float]"]] = []


def _scored(model: Any) -> tuple[Any, "pd.Series[float]"]:
    """(schema of the scored test rows, predictions by key), in one Spark job."""
    from pyspark.ml.regression import LinearRegressionModel

    if not _last or _last[0][0] is not model:
        regression = next(s for s in _stages(model) if isinstance(s, LinearRegressionModel))
        out = model.transform(_sides()[1])
        found = out.select("key", regression.getPredictionCol()).toPandas()
        guess = found.drop_duplicates("key").set_index("key").iloc[:, 0]
        _last[:] = [(model, out.schema, guess)]
    return _last[0][1:]


def _matches(model: Any, side: str, label: str) -> bool:
    """Whether the model is what that side teaches about that label, nearer than to the others."""
    if not _is_whole(model):
        return False
    guess = _scored(model)[1]
    apart = _apart(guess, _fit(side).test[label])
    other = "all" if side == "train" else "train"
    return apart <= _SAME and apart <= _apart(guess, _fit(other).test[label])


def _no_pipeline(name: str) -> Any:
    def when(a: Answers) -> str | None:
        model = getattr(a, name)
        if hasattr(model, "stages"):
            return None
        return f"`{name}` is a {type(model).__name__}, which takes no listings as they are"

    return when


def _answer_inside(name: str) -> Any:
    def when(a: Answers) -> str | None:
        inside = [t for t in _terms(getattr(a, name)) if t == "price" or t not in _columns()]
        return f"`{inside[0]}` is among the features of `{name}`" if inside else None

    return when


def _columns_missing(name: str) -> Any:
    def when(a: Answers) -> str | None:
        terms = _terms(getattr(a, name))
        lacking = [n for n in _columns() if n != "price" and n not in terms]
        if not terms or not lacking:
            return None
        return f"the formula of `{name}` uses {len(terms)} columns; `{lacking[0]}` is not one"

    return when


def _unknown_not_kept(name: str) -> Any:
    def when(a: Answers) -> str | None:
        formula = _formula(getattr(a, name))
        if formula is None or (setting := formula.stage.getHandleInvalid()) == "keep":
            return None
        does = "drops" if setting == "skip" else "fails on"
        return f"`{name}` {does} listings with a category that it never saw"

    return when


def _learned_from_all(name: str, label: str) -> Any:
    def when(a: Answers) -> str | None:
        if not _matches(getattr(a, name), "all", label):
            return None
        return f"the coefficients of `{name}` are those of all rows together"

    return when


def _order(rows: pd.DataFrame, column: str, rare_first: bool) -> list[str]:
    """The categories as StringIndexer orders them: by count, then by alphabet."""
    counts = rows[column].value_counts()
    return sorted(counts.index, key=lambda name: (counts[name] * (1 if rare_first else -1), name))


def _encoder_saw_test(name: str) -> Any:
    def when(a: Answers) -> str | None:
        model = getattr(a, name)
        if not _is_whole(model):
            return None
        stage = _formula(model).stage  # type: ignore[union-attr]
        order = stage.getStringIndexerOrderType()
        if not order.startswith("frequency"):
            return None  # the same in both, as long as the same categories are there
        groups = _scored(model)[0][stage.getFeaturesCol()].metadata["ml_attr"]["attrs"]
        names = sorted((at["idx"], at["name"]) for group in groups.values() for at in group)
        for column in _text_columns():
            start = f"{column}_"
            there = [n.removeprefix(start) for _, n in names if n.startswith(start)]
            of_train, of_all = (
                _order(_rows(side), column, order == "frequencyAsc")[: len(there)]
                for side in ("train", "all")
            )
            if there == of_all != of_train:
                return f"`{name}` orders the categories of `{column}` by their counts in all rows"
        return None

    return when


def _label_not_logged(a: Answers) -> str | None:
    formula = _formula(a.log_model)
    if formula is None or formula.label != "price":
        return None
    return "the label of `log_model` is `price`"


def _other_logarithm(a: Answers) -> str | None:
    if not _is_whole(a.log_model) or _matches(a.log_model, "train", "log"):
        return None
    guess = _scored(a.log_model)[1]
    words = {"log10": "to base 10", "log2": "to base 2", "log1p": "of price + 1"}
    for label, said in words.items():
        if _apart(guess, _fit("train").test[label]) <= _SAME:
            return f"the predictions of `log_model` are logarithms {said}"
    return None


def _right_pipeline(name: str, label: str) -> Any:
    def accept(a: Answers) -> str | None:
        model = getattr(a, name)
        if _formula(model) is None:
            kinds = ", ".join(type(stage).__name__ for stage in _stages(model))
            return f"the stages of `{name}` are {kinds or 'missing'}; no fitted RFormula is there"
        if not _is_whole(model):
            return f"`{name}` is not made of one formula with each column once, and a regression"
        if not _matches(model, "train", label):
            return f"the predictions of `{name}` are not those of a least-squares fit to `train`"
        return None

    return accept


# --- q4 ---------------------------------------------------------------------------------------


@cache
def _due(listings: str) -> pd.DataFrame:
    """What `scored` holds, and its two usual faults: logs left alone, and both exponentiated."""
    test, guess = _rows("test"), _fit("train").test.loc[_rows("test")["key"]]
    plain, log = guess["price"].to_numpy(), guess["log"].to_numpy()
    return _sorted(
        pd.DataFrame(
            {"price": test["price"].to_numpy(), "plain": plain, "dollars": np.exp(log), "log": log}
        )
    )


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(["price", "plain"], ignore_index=True)


# The last frame that was looked at, and its rows
_seen: list[tuple[Any, pd.DataFrame]] = []


def _three(a: Answers) -> pd.DataFrame:
    """The learner's three columns, in one Spark job."""
    if not _seen or _seen[0][0] is not a.scored:
        table = a.scored.select("price", "plain", "dollars").toPandas().astype(float)
        _seen[:] = [(a.scored, table)]
    return _seen[0][1]


def _is_due(given: "pd.Series[float]", due: "pd.Series[float]") -> bool:
    """Whether two columns are the same, up to rows that a sort puts elsewhere."""
    if len(given) != len(due) or given.isna().any():
        return False
    apart = np.nanmedian(np.abs(given.to_numpy() - due.to_numpy()))
    return bool(apart <= _SAME * np.nanmedian(np.abs(due)))


def _column_is(a: Answers, column: str, due: str) -> bool:
    return _is_due(_sorted(_three(a))[column], _due(locate("listings"))[due])


def _as_many(a: Answers) -> bool:
    return a.rows("scored") == len(_rows("test"))


def _training_rows(a: Answers) -> str | None:
    if not _as_many(a) and a.rows("scored") in (len(_rows("train")), len(_rows("all"))):
        return "`scored` has as many rows as there are with the training rows"
    return None


def _multiplied(a: Answers) -> str | None:
    if a.rows("scored") <= len(_rows("test")):
        return None
    times = a.rows("scored") / len(_rows("test"))
    return f"`scored` has {times:.1f} times as many rows as `test`"


def _lost(a: Answers) -> str | None:
    lost = len(_rows("test")) - a.rows("scored")
    return f"{lost} of the test listings are not in `scored`" if lost > 0 else None


def _still_logs(a: Answers) -> str | None:
    if _as_many(a) and _column_is(a, "dollars", "log"):
        return f"the median of `dollars` is {_three(a)['dollars'].median():.1f}"
    return None


def _both_exponentiated(a: Answers) -> str | None:
    if _as_many(a) and not _column_is(a, "plain", "plain") and _three(a)["plain"].max() > 1e20:
        return f"the largest price in `plain` is {_three(a)['plain'].max():.0e} dollars"
    return None


def _changed_places(a: Answers) -> str | None:
    if not _as_many(a):
        return None
    given = _three(a).rename(columns={"plain": "dollars", "dollars": "plain"})
    due = _due(locate("listings"))
    if all(_is_due(_sorted(given)[name], due[name]) for name in ("plain", "dollars")):
        return "the values of `plain` and `dollars` have changed places"
    return None


def _right_rows(a: Answers) -> str | None:
    if not _as_many(a):
        return f"`scored` has {a.rows('scored'):,} rows"
    due = _due(locate("listings"))
    prices = np.sort(_three(a)["price"].to_numpy())
    if not np.array_equal(prices, due["price"].to_numpy()):
        return "the `price` in `scored` is not that of the test listings"
    for name, said in (("plain", "plain"), ("dollars", "log_model")):
        if not _column_is(a, name, name):
            return f"`{name}` is not what `{said}` predicts for the test listings, in dollars"
    return None


# --- q5 ---------------------------------------------------------------------------------------


def _residuals() -> np.ndarray:
    train = _rows("train")
    return np.log(train["price"].to_numpy()) - _fit("train").own["log"].to_numpy()


def _factor() -> float:
    return float(np.exp(_residuals()).mean())


def _factor_near(a: Answers, other: float) -> bool:
    """Whether `smearing` is this number and not rather the right one."""
    given, right = float(a.smearing), _factor()
    return abs(given - other) <= 2e-4 and abs(given - other) < abs(given - right)


def _factor_of_test(a: Answers) -> str | None:
    three = _three(a)
    if _factor_near(a, float((three["price"] / three["dollars"]).mean())):
        return "`smearing` comes from the test rows"
    return None


def _factor_of_mean(a: Answers) -> str | None:
    if abs(float(a.smearing) - 1) <= 1e-3 < abs(_factor() - 1):
        return "`smearing` is 1 and would change nothing"
    return None


def _factor_not_exponentiated(a: Answers) -> str | None:
    return "`smearing` is 0: it would make all prices 0" if abs(float(a.smearing)) < 1e-3 else None


def _factor_normal(a: Answers) -> str | None:
    if _factor_near(a, float(np.exp(_residuals().var() / 2))):
        return "`smearing` is what residuals of a normal distribution would give"
    return None


def _metrics(price: np.ndarray, guess: np.ndarray) -> dict[str, float]:
    miss = price - guess
    square = float(np.mean(miss**2))
    return {
        "rmse": square**0.5,
        "mae": float(np.mean(np.abs(miss))),
        "r2": 1 - square / float(np.var(price)),
    }


def _guesses(a: Answers) -> dict[str, np.ndarray]:
    plain, dollars = (_three(a)[name].to_numpy() for name in ("plain", "dollars"))
    return {"plain": plain, "log": dollars, "smeared": dollars * float(a.smearing)}


def _given(a: Answers, model: str, metric: str) -> Any:
    row = a.scores.get(model)
    return row.get(metric) if isinstance(row, Mapping) else None


def _right_scores(a: Answers) -> dict[str, dict[str, float]]:
    price = _three(a)["price"].to_numpy()
    return {name: _metrics(price, guess) for name, guess in _guesses(a).items()}


def _score_is(model: str, metric: str, formula: Callable[[Answers], float], words: str) -> Any:
    """A mistake in one score, told by what a wrong formula gives."""

    def when(a: Answers) -> str | None:
        given = _given(a, model, metric)
        if _near(given, _right_scores(a)[model][metric]) or not _near(given, formula(a)):
            return None
        return f'the {metric} of `scores["{model}"]` {words}'

    return when


def _rmse_of_logs(a: Answers) -> float:
    three = _three(a)
    return _metrics(np.log(three["price"].to_numpy()), np.log(three["dollars"].to_numpy()))["rmse"]


def _mean_square(a: Answers) -> float:
    return _right_scores(a)["plain"]["rmse"] ** 2


def _added(a: Answers) -> float:
    price, guess = _three(a)["price"].to_numpy(), _guesses(a)["log"] + float(a.smearing)
    return _metrics(price, guess)["rmse"]


def _default_metric(a: Answers) -> str | None:
    for model in MODELS:
        rmse = _right_scores(a)[model]["rmse"]
        if all(_near(_given(a, model, metric), rmse) for metric in METRICS):
            return f'all three values of `scores["{model}"]` are the same'
    return None


def _scores_right(a: Answers) -> bool:
    right = _right_scores(a)
    return all(_near(_given(a, n, m), right[n][m]) for n in MODELS for m in METRICS)


def _winners(a: Answers, largest: tuple[str, ...]) -> dict[str, str]:
    right = _right_scores(a)
    return {
        metric: (max if metric in largest else min)(MODELS, key=lambda n: right[n][metric])
        for metric in METRICS
    }


def _upside_down(a: Answers) -> str | None:
    if not _scores_right(a) or dict(a.best) == _winners(a, ("r2",)):
        return None
    for largest, said in ((METRICS, "the largest"), ((), "the smallest")):
        if dict(a.best) == _winners(a, largest):
            return f"`best` names {said} value of every metric"
    return None


def _right_winners(a: Answers) -> str | None:
    if abs(float(a.smearing) - _factor()) > 2e-4:
        return f"`smearing` = {float(a.smearing):.4g} is not the mean of exp(residual)"
    right = _right_scores(a)
    for model in MODELS:
        if not isinstance(row := a.scores.get(model), Mapping):
            said = "is missing" if row is None else f"is a {type(row).__name__}, not a dict"
            return f'`scores["{model}"]` {said}'
        for metric in METRICS:
            if not _near(_given(a, model, metric), right[model][metric]):
                return f'`scores["{model}"]["{metric}"]` is missing or not that of `scored`'
    if set(a.scores) != set(MODELS):
        return f"`scores` has the keys {', '.join(map(str, a.scores))}"
    if dict(a.best) != _winners(a, ("r2",)):
        return "`best` does not name the best row of `scores` for each metric"
    return None


def _gains(a: Answers) -> str:
    right = _right_scores(a)
    change = {
        metric: 1 - min(right[n][metric] for n in ("log", "smeared")) / right["plain"][metric]
        for metric in ("rmse", "mae")
    }
    said = " and ".join(
        f"{abs(gain):.0%} {'less' if gain > 0 else 'more'} {metric.upper()}"
        for metric, gain in change.items()
    )
    return f"beside the plain model, the better use of the logarithm has {said}"


QUESTIONS = [
    Question(
        id="q1",
        title="A kind of place that nobody has seen",
        points=2,
        uses={"came_out": "dict", "price_list": "choice", "quality_gate": "choice"},
        hints=(
            "`RFormula(formula=…, handleInvalid=setting).fit(train)` and then "
            "`.transform(arrivals)`, once per setting. Spark is lazy: what makes it compute the "
            "features?",
            "Put `.select('features').collect()` into a `try`; its length is the number, and "
            "`except Exception` gives None.",
        ),
        mistakes=(
            Mistake(
                "count-computes-nothing",
                when=_never_computed,
                say="count() needs no features, so Spark leaves them out and no error can\n"
                "occur; collect the features, or write them somewhere.",
            ),
            Mistake(
                "learned-from-arrivals",
                when=_knew_yurts,
                say="The formula was fitted to `arrivals`, yurts and all; it learns from `train`.",
            ),
            Mistake(
                "counted-the-lost",
                when=_lost_rows,
                say="These are the rows that do not come out; asked are those that do.",
            ),
            Mistake(
                "scored-train",
                when=_other_rows,
                say="The training rows were transformed; the formula is to meet `arrivals`.",
            ),
            Mistake(
                "skip-loses-rows",
                when=_skips,
                say="skip filters rows out before anybody can see them; neither task allows that.",
            ),
            Mistake(
                "choices-swapped",
                when=_swapped_choices,
                say="One task wants a rough price rather than none, the other none rather than a\n"
                "rough one.",
            ),
        ),
        accept=_right_settings,
        why="sooner or later a model meets a word it never saw, and the choice is made either by "
        "you or by a default.",
    ),
    Question(
        id="q2",
        title="The plain pipeline",
        points=2,
        uses={"plain": "model"},
        hints=(
            "In a formula, a dot stands for all columns but the label. Which setting of q1 lets "
            "every row get a price?",
            "`Pipeline(stages=[RFormula(formula='price ~ .', handleInvalid=…), "
            "LinearRegression()])`, and then `.fit(train)`.",
        ),
        mistakes=(
            Mistake(
                "no-pipeline",
                when=_no_pipeline("plain"),
                say="One stage was kept and the other lost; fit a Pipeline of both stages.",
            ),
            Mistake(
                "answer-among-features",
                when=_answer_inside("plain"),
                say="A column made from the price tells the model the price; the dot takes\n"
                "every column that the rows have.",
            ),
            Mistake(
                "unknown-not-kept",
                when=_unknown_not_kept("plain"),
                say="handleInvalid was left at its default or set to skip; see q1, `price_list`.",
            ),
            Mistake(
                "columns-missing",
                when=_columns_missing("plain"),
                say="The formula names some columns; the task asks for all others, `price ~ .`",
            ),
            Mistake(
                "fitted-on-all",
                when=_learned_from_all("plain", "price"),
                say="Test rows were among those given to fit; a test after that proves nothing.",
            ),
            Mistake(
                "encoder-saw-test",
                when=_encoder_saw_test("plain"),
                say="The formula was fitted to all rows and only the regression to `train`:\n"
                "fit the pipeline as a whole.",
            ),
        ),
        accept=_right_pipeline("plain", "price"),
        why="a pipeline that is fitted as a whole cannot learn its categories from other rows than "
        "its coefficients.",
    ),
    Question(
        id="q3",
        title="The pipeline of the logarithm",
        points=2,
        uses={"log_model": "model"},
        hints=(
            "Add a column with F.log('price') to the training rows. Which columns does the dot "
            "stand for now?",
            "`log_price ~ . - price`: the minus takes a column away from the dot. The rest is q2 "
            "again.",
        ),
        mistakes=(
            Mistake(
                "no-pipeline",
                when=_no_pipeline("log_model"),
                say="One stage was kept and the other lost; fit a Pipeline of both stages.",
            ),
            Mistake(
                "answer-among-features",
                when=_answer_inside("log_model"),
                say="The dot takes every column but the label, and the label is not the price\n"
                "any more; take it out of the formula.",
            ),
            Mistake(
                "label-not-logged",
                when=_label_not_logged,
                say="The formula has the old label on its left side.",
            ),
            Mistake(
                "unknown-not-kept",
                when=_unknown_not_kept("log_model"),
                say="handleInvalid was left at its default or set to skip; see q1, `price_list`.",
            ),
            Mistake(
                "columns-missing",
                when=_columns_missing("log_model"),
                say="The formula lacks columns that `plain` has; compare like with like.",
            ),
            Mistake(
                "other-logarithm",
                when=_other_logarithm,
                say="F.log is the natural logarithm, which exp undoes; another one was used.",
            ),
            Mistake(
                "fitted-on-all",
                when=_learned_from_all("log_model", "log"),
                say="Test rows were among those given to fit; a test after that proves nothing.",
            ),
            Mistake(
                "encoder-saw-test",
                when=_encoder_saw_test("log_model"),
                say="The formula was fitted to all rows and only the regression to `train`:\n"
                "fit the pipeline as a whole.",
            ),
        ),
        accept=_right_pipeline("log_model", "log"),
        why="a label that comes back among the features makes a model that is perfect until it is "
        "used.",
    ),
    Question(
        id="q4",
        title="Side by side, in dollars",
        points=2,
        uses={"scored": "frame"},
        needs=("q2", "q3"),
        columns={"scored": {"price": "number", "plain": "number", "dollars": "number"}},
        hints=(
            "Let the rows go through one model and then through the other. What must be renamed "
            "or dropped between them?",
            "After `plain.transform(test)` rename `prediction` to `plain` and drop `features` and "
            "`label`; give the result to `log_model.transform`, then F.exp its prediction.",
        ),
        mistakes=(
            Mistake(
                "training-rows",
                when=_training_rows,
                say="The models were given rows that they learned from; score `test`.",
            ),
            Mistake(
                "rows-multiplied",
                when=_multiplied,
                say="A join by columns that are not unique pairs each row with every match;\n"
                "listings have no key, so do without a join.",
            ),
            Mistake(
                "rows-lost",
                when=_lost,
                say="A filter, dropna, distinct or join took them away; prices below zero are\n"
                "errors of the model and have to count.",
            ),
            Mistake(
                "forgot-exp",
                when=_still_logs,
                say="`dollars` holds logarithms as the model predicts them; exp was not applied.",
            ),
            Mistake(
                "plain-exponentiated",
                when=_both_exponentiated,
                say="exp was applied to the predictions of `plain`, which are dollars already.",
            ),
            Mistake(
                "columns-swapped",
                when=_changed_places,
                say="The second transform was taken for the first, or the renaming mixed them up.",
            ),
        ),
        accept=_right_rows,
        why="two models can be compared only on the same rows and in the same unit.",
    ),
    Question(
        id="q5",
        title="Which is better?",
        points=3,
        uses={"smearing": "number", "scores": "dict", "best": "dict"},
        needs=("q3", "q4"),
        hints=(
            "For the factor, score `train` with `log_model`; for the scores, use only `scored`. "
            "Each of the three guesses becomes a column.",
            "smearing: `log_model.transform(train)`, then the average of "
            "F.exp(F.log('price') - F.col('prediction')). RegressionEvaluator takes predictionCol "
            "and metricName.",
            "best: `min(scores, key=lambda name: scores[name]['rmse'])`. For one of the metrics it "
            "is max.",
        ),
        mistakes=(
            Mistake(
                "smearing-from-test",
                when=_factor_of_test,
                say="The factor is a part of the model, and models learn from the training rows.",
            ),
            Mistake(
                "mean-before-exp",
                when=_factor_of_mean,
                say="The residuals were averaged and then exponentiated; their mean is 0.",
            ),
            Mistake(
                "residuals-not-exponentiated",
                when=_factor_not_exponentiated,
                say="This is the mean of the residuals themselves; exp is missing.",
            ),
            Mistake(
                "normal-formula",
                when=_factor_normal,
                say="exp(variance / 2) holds for bell-shaped residuals; Duan's factor takes\n"
                "them as they are.",
            ),
            Mistake(
                "log-scale",
                when=_score_is("log", "rmse", _rmse_of_logs, "is less than a dollar"),
                say="It was computed from logarithms; its unit is not the dollar, and it cannot\n"
                "be compared with the plain model's.",
            ),
            Mistake(
                "squared-dollars",
                when=_score_is("plain", "rmse", _mean_square, "is in squared dollars"),
                say="This is the mean squared error; its root was not taken.",
            ),
            Mistake(
                "default-metric",
                when=_default_metric,
                say="RegressionEvaluator computes RMSE unless metricName says otherwise.",
            ),
            Mistake(
                "smearing-added",
                when=_score_is("smeared", "rmse", _added, "belongs to sums, not to products"),
                say="The factor was added to `dollars`; it has to be multiplied.",
            ),
            Mistake(
                "best-upside-down",
                when=_upside_down,
                say="Of RMSE and MAE the smallest is best, of R² the largest.",
            ),
        ),
        accept=_right_winners,
        note=_gains,
        why="which model is better depends on what an error costs, and that is decided before "
        "anybody looks at scores.",
    ),
]
