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
from course_utils.lab.answers import LearnerError
from course_utils.lab.kinds import describe, fits

SETTINGS = ("error", "skip", "keep")
METRICS = ("rmse", "mae", "r2")
MODELS = ("plain", "log", "smeared")

# Predictions of one model that differ by less than this share of the spread of what is predicted
# are the same: solvers stop early, and encoded categories do not have a unique solution.
_SAME = 0.01

# Up to this regParam a penalty moves no prediction: it is there to help the solver
_NO_PENALTY = 1e-5


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
    return fits(value, "number") and abs(float(value) - other) <= tolerance * max(abs(other), 1e-6)


# --- q1 ---------------------------------------------------------------------------------------


class Arrivals(NamedTuple):
    """How many arrivals there are, and how many of a kind that the training rows have."""

    all: int
    known: int
    known_before: int  # before some of them became yurts


def _arrivals() -> Arrivals:
    test = _rows("test")
    known = test["property_type"].isin(_rows("train")["property_type"].unique())
    return Arrivals(len(test), int((known & ~test["yurt"]).sum()), int(known.sum()))


def _counts(a: Answers) -> list[Any]:
    """The three values in the order of SETTINGS; `...` for a key that is missing."""
    return [a.came_out.get(setting, ...) for setting in SETTINGS]


def _not_a_count(a: Answers) -> str | None:
    for setting, value in zip(SETTINGS, _counts(a), strict=True):
        if value is not None and value is not ... and not fits(value, "integer"):
            return f"in `came_out`, `{setting}` holds {describe(value)}"
    return "in `came_out`, `error` holds 0" if _counts(a)[0] == 0 else None


def _never_computed(a: Answers) -> str | None:
    rows = _arrivals()
    if _counts(a) == [rows.all, rows.known, rows.all]:
        return "with `error`, `came_out` says that all rows got features"
    return None


def _knew_yurts(a: Answers) -> str | None:
    rows = _arrivals()
    skip, keep = _counts(a)[1:]
    if skip in (rows.known_before, rows.all) and skip != rows.known and keep == rows.all:
        return "in `came_out`, `skip` loses no yurt"
    return None


def _lost_rows(a: Answers) -> str | None:
    rows = _arrivals()
    if _counts(a)[1:] == [rows.all - rows.known, 0]:
        return "`came_out` has 0 for `keep`"
    return None


def _settings_swapped(a: Answers) -> str | None:
    rows = _arrivals()
    if _counts(a)[1:] == [rows.all, rows.known] and rows.known < rows.all:
        return "in `came_out`, `keep` loses rows and `skip` loses none"
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
    for setting, rows_due in zip(SETTINGS, (None, rows.known, rows.all), strict=True):
        if (value := a.came_out[setting]) != rows_due:
            return f"`came_out` has {value} for `{setting}`; this is not what happens to `arrivals`"
    for name, due in (("price_list", "keep"), ("quality_gate", "error")):
        if (value := getattr(a, name)) != due:  # the other settings have a name as mistakes
            return f"`{name}` is {value!r}, which is none of the three settings"
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


def _regression(model: Any) -> Any:
    """The fitted linear regression of a pipeline, or None."""
    from pyspark.ml.regression import LinearRegressionModel

    return next((s for s in _stages(model) if isinstance(s, LinearRegressionModel)), None)


def _is_keeping(model: Any) -> bool:
    formula = _formula(model)
    return formula is not None and formula.stage.getHandleInvalid() == "keep"


def _is_whole(model: Any) -> bool:
    """Whether the pipeline ends in a regression on all columns, and can score the test rows."""
    all_columns = sorted(n for n in _columns() if n != "price")
    return (
        _is_keeping(model)
        and sorted(_terms(model)) == all_columns
        and _regression(model) is not None
    )


# The last model that was looked at, and its frame of test rows: rules come one after the other
_last: list[tuple[Any, Any, "pd.Series[float]"]] = []


def _scored(a: Answers, name: str) -> tuple[Any, "pd.Series[float]"]:
    """(schema of the test rows as this model scores them, predictions by key), in one Spark job."""
    model = getattr(a, name)
    if not _last or _last[0][0] is not model:
        try:
            out = model.transform(_sides()[1])
            found = out.select("key", _regression(model).getPredictionCol()).toPandas()
        except Exception as error:
            raise LearnerError(f"{name}.transform(test)", error) from error
        guess = found.drop_duplicates("key").set_index("key").iloc[:, 0]
        _last[:] = [(model, out.schema, guess)]
    return _last[0][1:]


def _matches(a: Answers, name: str, side: str, label: str) -> bool:
    """Whether the model is what that side teaches about that label, nearer than to the others."""
    if not _is_whole(getattr(a, name)):
        return False
    guess = _scored(a, name)[1]
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
        more = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
        return f"the formula of `{name}` leaves out `{lacking[0]}`{more}"

    return when


def _unknown_not_kept(name: str) -> Any:
    def when(a: Answers) -> str | None:
        formula = _formula(getattr(a, name))
        if formula is None or (setting := formula.stage.getHandleInvalid()) == "keep":
            return None
        does = "drops" if setting == "skip" else "fails on"
        return f"`{name}` {does} listings with a category that it never saw"

    return when


def _penalized(name: str) -> Any:
    def when(a: Answers) -> str | None:
        regression = _regression(getattr(a, name))
        if regression is None or (strength := regression.getRegParam()) <= _NO_PENALTY:
            return None
        return f"the regression of `{name}` has regParam = {strength:g}"

    return when


def _learned_from_test(name: str, label: str) -> Any:
    def when(a: Answers) -> str | None:
        for side, said in (("all", "all rows together"), ("test", "the test rows alone")):
            if _matches(a, name, side, label):
                return f"the coefficients of `{name}` are those of {said}"
        return None

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
        groups = _scored(a, name)[0][stage.getFeaturesCol()].metadata["ml_attr"]["attrs"]
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
    model = a.log_model
    if not _is_keeping(model) or _regression(model) is None:
        return None
    middle, price = _scored(a, "log_model")[1].median(), _rows("train")["price"].median()
    if abs(middle - price) > abs(middle - np.log(price)):
        return None
    return f"half of what `log_model` predicts lies above {middle:.0f}, as prices do"


def _other_logarithm(a: Answers) -> str | None:
    if not _is_whole(a.log_model) or _matches(a, "log_model", "train", "log"):
        return None
    guess = _scored(a, "log_model")[1]
    words = {"log10": "to base 10", "log2": "to base 2", "log1p": "of price + 1"}
    for label, said in words.items():
        if _apart(guess, _fit("train").test[label]) <= _SAME:
            return f"the predictions of `log_model` are logarithms {said}"
    return None


def _right_pipeline(name: str, label: str) -> Any:
    def accept(a: Answers) -> str | None:
        model = getattr(a, name)
        kinds = [type(stage).__name__ for stage in _stages(model)]
        if _formula(model) is None:
            said = ", ".join(kinds) or "missing"
            return f"the stages of `{name}` are {said}; no fitted RFormula is there"
        if _regression(model) is None:
            return f"the last stage of `{name}` is a {kinds[-1]}; LinearRegression is due"
        if not _is_whole(model):
            terms = _terms(model)
            twice = next((term for term in terms if terms.count(term) > 1), terms[0])
            return f"the formula of `{name}` takes `{twice}` more than once"
        if not _matches(a, name, "train", label):
            return f"the predictions of `{name}` are not those of a least-squares fit to `train`"
        return None

    return accept


# --- q4 ---------------------------------------------------------------------------------------

# The last two models that were looked at, and what they predict
_made: list[tuple[Any, Any, pd.DataFrame]] = []


def _due(a: Answers) -> pd.DataFrame:
    """What `scored` holds by the learner's own two models, and `log`, in one Spark job."""
    if not _made or _made[0][0] is not a.plain or _made[0][1] is not a.log_model:
        try:
            rows = _sides()[1]
            for name in ("plain", "log_model"):
                model = getattr(a, name)
                guess = _regression(model).getPredictionCol()
                rows = model.transform(rows).select(*rows.columns, guess)
                rows = rows.withColumnRenamed(guess, f"{name} says")
            found = rows.select("key", "plain says", "log_model says").toPandas()
        except Exception as error:
            raise LearnerError("log_model.transform(plain.transform(test))", error) from error
        test = _rows("test")
        found = found.drop_duplicates("key").set_index("key").loc[test["key"]]
        plain, log = found.to_numpy(dtype=float).T
        price = test["price"].to_numpy(dtype=float)
        due = pd.DataFrame({"price": price, "plain": plain, "dollars": np.exp(log), "log": log})
        _made[:] = [(a.plain, a.log_model, due)]
    return _made[0][2]


# The last frame that was looked at, and its rows
_seen: list[tuple[Any, pd.DataFrame]] = []


def _three(a: Answers) -> pd.DataFrame:
    """The learner's three columns, in one Spark job."""
    if not _seen or _seen[0][0] is not a.scored:
        table = a.scored.select("price", "plain", "dollars").toPandas().astype(float)
        _seen[:] = [(a.scored, table)]
    return _seen[0][1]


# What a price may be off by: cents do not matter
_CENT = 0.0101
_COLUMNS = ["price", "plain", "dollars"]


def _close(given: Any, due: Any, most: float = _CENT) -> Any:
    return np.abs(given - due) <= np.maximum(most, 1e-4 * np.abs(due))


def _same_values(given: "pd.Series[float]", due: "pd.Series[float]") -> bool:
    """Whether two columns hold the same values, in whatever order."""
    return bool(_close(np.sort(given.to_numpy()), np.sort(due.to_numpy())).all())


def _by_price(frame: pd.DataFrame, other: str) -> pd.DataFrame:
    return frame.sort_values(["price", other], ignore_index=True)


def _without_partner(given: pd.DataFrame, due: pd.DataFrame, most: float = _CENT) -> pd.DataFrame:
    """The given rows that stand for no row that is due; each of those counts once.

    Rows have no key, so they are paired by price and one of the predictions, then by the other:
    a wrong value in one column leaves the pairs of the second round in order.
    """
    given, due = given[_COLUMNS], due[_COLUMNS]
    for column in ("plain", "dollars"):
        given, due = _by_price(given, column), _by_price(due, column)
        off = ~_close(given.to_numpy(), due.to_numpy(), most).all(axis=1)
        given, due = given[off], due[off]
    return given


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
    if _as_many(a) and _same_values(_three(a)["dollars"], _due(a)["log"]):
        return f"the median of `dollars` is {_three(a)['dollars'].median():.1f}"
    return None


def _both_exponentiated(a: Answers) -> str | None:
    if _as_many(a) and _three(a)["plain"].max() > 1e20:
        return f"the largest price in `plain` is {_three(a)['plain'].max():.0e} dollars"
    return None


def _changed_places(a: Answers) -> str | None:
    given, due = _three(a), _due(a)
    if all(_same_values(given[n], due[m]) for n, m in (("plain", "dollars"), ("dollars", "plain"))):
        return "the values of `plain` and `dollars` have changed places"
    return None


def _rounded_prices(a: Answers) -> str | None:
    given, due = _three(a), _due(a)
    columns = [n for n in ("plain", "dollars") if not _same_values(given[n], due[n])]
    tenths = 10 * given[columns].to_numpy()
    if not columns or not np.allclose(tenths, np.round(tenths), atol=1e-6):
        return None
    if len(_without_partner(given, due, most=1.0)):
        return None
    return f"`{columns[0]}` is kept to whole dollars, or to tenths of one"


def _beside_others(a: Answers) -> str | None:
    given, due = _three(a), _due(a)
    if not all(_same_values(given[name], due[name]) for name in _COLUMNS):
        return None
    if rows := len(_without_partner(given, due)):
        return f"in {rows:,} rows of `scored`, the three values come from different listings"
    return None


def _changed_throughout(a: Answers) -> str | None:
    given, due = (_by_price(frame[_COLUMNS], "plain") for frame in (_three(a), _due(a)))
    if not _close(given["plain"], due["plain"]).all():
        return None
    # where rows agree in price and `plain`, the pair may be a wrong one: most rows are enough
    more, times = given["dollars"] - due["dollars"], given["dollars"] / due["dollars"]
    if abs(more.median()) > 0.1 and (abs(more - more.median()) <= _CENT).mean() > 0.98:
        said = "above" if more.median() > 0 else "below"
        return (
            f"`dollars` lies ${abs(more.median()):.2f} {said} what `log_model` predicts, each time"
        )
    if abs(times.median() - 1) > 1e-3 and (abs(times - times.median()) <= 1e-3).mean() > 0.98:
        return f"`dollars` is {times.median():.2f} times what `log_model` predicts, each time"
    return None


def _some_changed(a: Answers) -> str | None:
    given, due = _three(a), _due(a)
    off = _without_partner(given, due)
    changed = [n for n in ("plain", "dollars") if not _same_values(given[n], due[n])]
    if not changed or not 0 < len(off) < 0.9 * len(given):
        return None
    values = off[changed[0]]
    what = f"{values.iloc[0]:.2f}" if values.nunique() == 1 else "not what its model predicts"
    return f"in {len(off):,} rows, `{changed[0]}` is {what}"


def _on_all_rows(rule: Callable[[Answers], str | None]) -> Callable[[Answers], str | None]:
    """A rule that looks at values, for frames that hold the test listings."""

    def when(a: Answers) -> str | None:
        if not _as_many(a) or not _same_values(_three(a)["price"], _due(a)["price"]):
            return None
        return rule(a)

    return when


def _right_rows(a: Answers) -> str | None:
    if not _as_many(a):
        return f"`scored` has {a.rows('scored'):,} rows"
    given, due = _three(a), _due(a)
    if not _same_values(given["price"], due["price"]):
        return "the `price` in `scored` is not that of the test listings"
    for name, said in (("plain", "plain"), ("dollars", "log_model")):
        if not _same_values(given[name], due[name]):
            return f"`{name}` is not what `{said}` predicts for the test listings, in dollars"
    return "`scored` mixes listings" if len(_without_partner(given, due)) else None


# --- q5 ---------------------------------------------------------------------------------------


def _residuals() -> np.ndarray:
    train = _rows("train")
    return np.log(train["price"].to_numpy()) - _fit("train").own["log"].to_numpy()


def _factor() -> float:
    return float(np.exp(_residuals()).mean())


def _factor_is_right(a: Answers) -> bool:
    return abs(float(a.smearing) - _factor()) <= 2e-4


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


def _decimals(value: Any, right: float) -> int | None:
    """To how many decimals `value` is the right one rounded, if it keeps too few of them."""
    if not fits(value, "number") or _near(value, right):
        return None
    return next((n for n in range(4) if abs(round(right, n) - float(value)) < 1e-9), None)


def _rounded_factor(a: Answers) -> str | None:
    if (decimals := _decimals(a.smearing, _factor())) is None:
        return None
    return f"`smearing` keeps {decimals} decimals"


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


def _rounded_scores(a: Answers) -> str | None:
    right = _right_scores(a)
    off = [
        (model, metric, _decimals(_given(a, model, metric), right[model][metric]))
        for model in MODELS
        for metric in METRICS
        if not _near(_given(a, model, metric), right[model][metric])
    ]
    if not off or any(decimals is None for _, _, decimals in off):
        return None
    model, metric, decimals = off[0]
    return f'`scores["{model}"]["{metric}"]` keeps {decimals} decimals'


def _rounded(a: Answers) -> str | None:
    return _rounded_factor(a) or (_rounded_scores(a) if _factor_is_right(a) else None)


def _scores_on_train(a: Answers) -> str | None:
    price = _rows("train")["price"].to_numpy(dtype=float)
    plain, dollars = (_fit("train").own[label].to_numpy() for label in ("price", "log"))
    dollars = np.exp(dollars)
    guesses = {"plain": plain, "log": dollars, "smeared": dollars * float(a.smearing)}
    for model, guess in guesses.items():
        there, right = _metrics(price, guess), _right_scores(a)[model]
        given = {metric: _given(a, model, metric) for metric in ("rmse", "mae")}
        if all(_near(v, there[m], 5e-3) and not _near(v, right[m]) for m, v in given.items()):
            return f'`scores["{model}"]` holds the errors on the training rows'
    return None


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


def _keys(where: str, given: Any, due: tuple[str, ...]) -> str | None:
    """What is wrong with the keys of a dict."""
    if not isinstance(given, Mapping):
        return f"`{where}` is {describe(given)}, not a dict"
    if set(given) == set(due):
        return None
    odd = next((f'"{key}" is not among them' for key in due if key not in given), "too many")
    return f"the keys of `{where}` are {', '.join(map(repr, given))}; {odd}"


def _wrong_score(a: Answers, model: str, metric: str) -> str | None:
    given, right = _given(a, model, metric), _right_scores(a)[model][metric]
    if _near(given, right):
        return None
    where = f'`scores["{model}"]["{metric}"]`'
    if not fits(given, "number"):
        return f"{where} is {describe(given)}, not a number"
    size = len(_three(a))
    if metric == "r2" and _near(1 - float(given), (1 - right) * (size - 1) / size, 1e-6):
        return f"{where} divides by a variance with n - 1, as var() of pandas has it; R² has n"
    column = {"plain": "`plain`", "log": "`dollars`", "smeared": "`dollars` times `smearing`"}
    return f"{where} is {float(given):.4g}, which is not that of {column[model]} in `scored`"


def _right_winners(a: Answers) -> str | None:
    if not _factor_is_right(a):
        if abs(float(a.smearing) - float(np.exp(-_residuals()).mean())) <= 2e-4:
            return "`smearing` comes from residuals of the other sign, prediction minus log(price)"
        return f"`smearing` = {float(a.smearing):.4g} is not the mean of exp(residual)"
    if (found := _keys("scores", a.scores, MODELS)) is not None:
        return found
    for model in MODELS:
        if (found := _keys(f'scores["{model}"]', a.scores[model], METRICS)) is not None:
            return found
    for model in MODELS:
        for metric in METRICS:
            if (found := _wrong_score(a, model, metric)) is not None:
                return found
    if (found := _keys("best", a.best, METRICS)) is not None:
        return found
    for metric, winner in _winners(a, ("r2",)).items():
        if (given := a.best[metric]) not in MODELS:
            return f"`best` has {given!r} for {metric}, which is no key of `scores`"
        if given != winner:
            return f'`best` has "{given}" for {metric}, and `scores` holds a better one'
    return None


def _gains(a: Answers) -> str:
    right, said = _right_scores(a), []
    for metric in ("rmse", "mae"):
        name = min(("log", "smeared"), key=lambda n: right[n][metric])
        gain = 1 - right[name][metric] / right["plain"][metric]
        words = f"{abs(gain):.0%} {'less' if gain > 0 else 'more'} {metric.upper()}"
        said.append(f'"{name}" has {words}')
    return f'beside "plain", {" and ".join(said)}'


QUESTIONS = [
    Question(
        id="q1",
        title="A kind of place that nobody has seen",
        points=2,
        names={"came_out": "dict", "price_list": "choice", "quality_gate": "choice"},
        hints=(
            "`RFormula(formula=…, handleInvalid=setting).fit(train)` and then "
            "`.transform(arrivals)`, once per setting. Spark is lazy: what makes it compute the "
            "features?",
            "Put `.select('features').collect()` into a `try`; its length is the number, and "
            "`except Exception` gives None.",
        ),
        mistakes=(
            Mistake(
                "not-a-count",
                evidence=_not_a_count,
                say="Each value is a number of rows that got features, or None where making them\n"
                "ends in an error, whatever the error says.",
            ),
            Mistake(
                "count-computes-nothing",
                evidence=_never_computed,
                say="count() needs no features, so Spark leaves them out and no error can\n"
                "occur; collect the features, or write them somewhere.",
            ),
            Mistake(
                "learned-from-arrivals",
                evidence=_knew_yurts,
                say="The formula was fitted to `arrivals`, yurts and all, where it learns from\n"
                "`train`; or `test` was transformed, which has no yurts.",
            ),
            Mistake(
                "counted-the-lost",
                evidence=_lost_rows,
                say="These are the rows that do not come out; asked are those that do.",
            ),
            Mistake(
                "settings-swapped",
                evidence=_settings_swapped,
                say="Two values have changed places, or two settings on their way to the formula.",
            ),
            Mistake(
                "scored-train",
                evidence=_other_rows,
                say="The training rows were transformed; the formula is to meet `arrivals`.",
            ),
            Mistake(
                "skip-loses-rows",
                evidence=_skips,
                say="skip filters rows out before anybody can see them; neither task allows that.",
            ),
            Mistake(
                "choices-swapped",
                evidence=_swapped_choices,
                say="One task wants a rough price rather than none, the other none rather than a\n"
                "rough one.",
            ),
        ),
        refuse=_right_settings,
        why="sooner or later a model meets a word it never saw, and the choice is made either by "
        "you or by a default.",
    ),
    Question(
        id="q2",
        title="The plain pipeline",
        points=2,
        names={"plain": "model"},
        hints=(
            "In a formula, a dot stands for all columns but the label. Which setting of q1 lets "
            "every row get a price?",
            "`Pipeline(stages=[RFormula(formula='price ~ .', handleInvalid=…), "
            "LinearRegression()])`, and then `.fit(train)`.",
        ),
        mistakes=(
            Mistake(
                "no-pipeline",
                evidence=_no_pipeline("plain"),
                say="One stage was kept and the other lost; fit a Pipeline of both stages.",
            ),
            Mistake(
                "answer-among-features",
                evidence=_answer_inside("plain"),
                say="A column made from the price tells the model the price; the dot takes\n"
                "every column that the rows have.",
            ),
            Mistake(
                "unknown-not-kept",
                evidence=_unknown_not_kept("plain"),
                say="handleInvalid was left at its default or set to skip; see q1, `price_list`.",
            ),
            Mistake(
                "columns-missing",
                evidence=_columns_missing("plain"),
                say="The formula names some columns; the task asks for all others, `price ~ .`",
            ),
            Mistake(
                "penalized",
                evidence=_penalized("plain"),
                say="A penalty pulls the coefficients in; the task asks for a fit without one.",
            ),
            Mistake(
                "fitted-on-all",
                evidence=_learned_from_test("plain", "price"),
                say="Test rows were among those given to fit; a test after that proves nothing.",
            ),
            Mistake(
                "encoder-saw-test",
                evidence=_encoder_saw_test("plain"),
                say="The formula was fitted to all rows and only the regression to `train`:\n"
                "fit the pipeline as a whole.",
            ),
        ),
        refuse=_right_pipeline("plain", "price"),
        why="a pipeline that is fitted as a whole cannot learn its categories from other rows than "
        "its coefficients.",
    ),
    Question(
        id="q3",
        title="The pipeline of the logarithm",
        points=2,
        names={"log_model": "model"},
        hints=(
            "Add a column with F.log('price') to the training rows. Which columns does the dot "
            "stand for now?",
            "`log_price ~ . - price`: the minus takes a column away from the dot. The rest is q2 "
            "again.",
        ),
        mistakes=(
            Mistake(
                "no-pipeline",
                evidence=_no_pipeline("log_model"),
                say="One stage was kept and the other lost; fit a Pipeline of both stages.",
            ),
            Mistake(
                "answer-among-features",
                evidence=_answer_inside("log_model"),
                say="The dot takes every column but the label, and the label is not the price\n"
                "any more; take it out of the formula.",
            ),
            Mistake(
                "label-not-logged",
                evidence=_label_not_logged,
                say="The model learned the price itself: look at the left side of the formula,\n"
                "and at what that column holds.",
            ),
            Mistake(
                "unknown-not-kept",
                evidence=_unknown_not_kept("log_model"),
                say="handleInvalid was left at its default or set to skip; see q1, `price_list`.",
            ),
            Mistake(
                "columns-missing",
                evidence=_columns_missing("log_model"),
                say="The formula lacks columns that `plain` has; compare like with like.",
            ),
            Mistake(
                "penalized",
                evidence=_penalized("log_model"),
                say="A penalty pulls the coefficients in; `plain` has none, nor may this one.",
            ),
            Mistake(
                "other-logarithm",
                evidence=_other_logarithm,
                say="F.log is the natural logarithm, which exp undoes; another one was used.",
            ),
            Mistake(
                "fitted-on-all",
                evidence=_learned_from_test("log_model", "log"),
                say="Test rows were among those given to fit; a test after that proves nothing.",
            ),
            Mistake(
                "encoder-saw-test",
                evidence=_encoder_saw_test("log_model"),
                say="The formula was fitted to all rows and only the regression to `train`:\n"
                "fit the pipeline as a whole.",
            ),
        ),
        refuse=_right_pipeline("log_model", "log"),
        why="a label that comes back among the features makes a model that is perfect until it is "
        "used.",
    ),
    Question(
        id="q4",
        title="Side by side, in dollars",
        points=2,
        names={"scored": "frame"},
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
                evidence=_training_rows,
                say="The models were given rows that they learned from; score `test`.",
            ),
            Mistake(
                "rows-multiplied",
                evidence=_multiplied,
                say="A join by columns that are not unique, or a union: listings have no key, so\n"
                "do without both.",
            ),
            Mistake(
                "rows-lost",
                evidence=_lost,
                say="A filter, dropna, distinct or join took them away; prices below zero are\n"
                "errors of the model and have to count.",
            ),
            Mistake(
                "forgot-exp",
                evidence=_still_logs,
                say="`dollars` holds logarithms as the model predicts them; exp was not applied.",
            ),
            Mistake(
                "plain-exponentiated",
                evidence=_both_exponentiated,
                say="exp was applied to the predictions of `plain`, which are dollars already.",
            ),
            Mistake(
                "columns-swapped",
                evidence=_on_all_rows(_changed_places),
                say="The second transform was taken for the first, or the renaming mixed them up.",
            ),
            Mistake(
                "rounded",
                evidence=_on_all_rows(_rounded_prices),
                say="The predictions are right, but rounded or cut; keep all digits.",
            ),
            Mistake(
                "beside-other-listings",
                evidence=_on_all_rows(_beside_others),
                say="The values are right, but stand beside other listings: frames have no order\n"
                "to rely on; let each row go through both models.",
            ),
            Mistake(
                "changed-throughout",
                evidence=_on_all_rows(_changed_throughout),
                say="exp, and nothing else, takes F.log back: expm1 takes 1 off, and the factor\n"
                "comes in q5.",
            ),
            Mistake(
                "some-values-changed",
                evidence=_on_all_rows(_some_changed),
                say="A floor, a cap, abs() or a fill changed predictions; what a model gets wrong\n"
                "has to count as it is.",
            ),
        ),
        refuse=_right_rows,
        why="two models can be compared only on the same rows and in the same unit.",
    ),
    Question(
        id="q5",
        title="Which is better?",
        points=3,
        names={"smearing": "number", "scores": "dict", "best": "dict"},
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
                "mean-before-exp",
                evidence=_factor_of_mean,
                say="The residuals were averaged and then exponentiated; their mean is 0.",
            ),
            Mistake(
                "residuals-not-exponentiated",
                evidence=_factor_not_exponentiated,
                say="This is the mean of the residuals themselves; exp is missing.",
            ),
            Mistake(
                "rounded",
                evidence=_rounded,
                say="It is right, but rounded; keep all digits, and round what you print.",
            ),
            Mistake(
                "smearing-from-test",
                evidence=_factor_of_test,
                say="The factor is a part of the model, and models learn from the training rows.",
            ),
            Mistake(
                "normal-formula",
                evidence=_factor_normal,
                say="exp(variance / 2) holds for bell-shaped residuals; Duan's factor takes\n"
                "them as they are.",
            ),
            Mistake(
                "log-scale",
                evidence=_score_is("log", "rmse", _rmse_of_logs, "is less than a dollar"),
                say="It was computed from logarithms; its unit is not the dollar, and it cannot\n"
                "be compared with the plain model's.",
            ),
            Mistake(
                "squared-dollars",
                evidence=_score_is("plain", "rmse", _mean_square, "is in squared dollars"),
                say="This is the mean squared error; its root was not taken.",
            ),
            Mistake(
                "scores-on-train",
                evidence=_scores_on_train,
                say="The models know these rows; the task asks for the rows in `scored`.",
            ),
            Mistake(
                "default-metric",
                evidence=_default_metric,
                say="RegressionEvaluator computes RMSE unless metricName says otherwise.",
            ),
            Mistake(
                "r2-in-percent",
                evidence=_score_is(
                    "log", "r2", lambda a: 100 * _right_scores(a)["log"]["r2"], "is above 1"
                ),
                say="It was multiplied by 100; as a share, R² is 1 at most.",
            ),
            Mistake(
                "smearing-added",
                evidence=_score_is("smeared", "rmse", _added, "belongs to sums, not to products"),
                say="The factor was added to `dollars`; it has to be multiplied.",
            ),
            Mistake(
                "best-upside-down",
                evidence=_upside_down,
                say="Of RMSE and MAE the smallest is best, of R² the largest.",
            ),
        ),
        refuse=_right_winners,
        note=_gains,
        why="which model is better depends on what an error costs, and that is decided before "
        "anybody looks at scores.",
    ),
]
