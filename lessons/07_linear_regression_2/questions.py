"""The questions of lab 07.

References are computed with NumPy from the rows in use, independently of Spark's solver. Where a
prediction is not unique, as for a category that the fitted rows lack, that row does not count.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from course_utils import load_split, locate
from course_utils.lab import Answers, Mistake, Question, kinds, reference
from course_utils.lab.answers import LearnerError
from course_utils.lab.question import Rule
from course_utils.lab.stages import stages
from course_utils.lab.values import Formula, Made, Place, Values

SETTINGS = ("error", "skip", "keep")
METRICS = ("rmse", "mae", "r2")
MODELS = ("plain", "log", "smeared")
_MADE = ("key", "yurt", reference.SIDE)  # columns of the references that listings do not have

# Predictions of one model that differ by less than this share of the spread of what is predicted
# are the same: with a column for every category the least squares are not unique, and Spark's
# solver stops up to 3e-3 away from them. Rows that were left out are told by their number.
_SAME = 5e-3

# Up to this regParam a penalty moves no prediction: it is there to help the solver
_NO_PENALTY = 1e-5


# --- references -------------------------------------------------------------------------------


def _rows(side: str) -> pd.DataFrame:
    """The listings of "train", "test" or "all", each with a `key`, and whether it is a yurt."""
    yurt = "pmod(hash(longitude), 10) = 0 AS yurt"
    return reference.split("listings", ("*", "xxhash64(*) AS key", yurt))[side]


def _columns() -> list[str]:
    """The columns of a listing but for its price."""
    return [name for name in _rows("all").columns if name not in (*_MADE, "price")]


def _text_columns() -> list[str]:
    return [name for name in _columns() if _rows("all")[name].dtype == object]


def _design(rows: pd.DataFrame, known: pd.DataFrame) -> np.ndarray:
    """The numeric columns, and a column per category that `known` has."""
    text = _text_columns()
    hot = [pd.Categorical(rows[name], categories=sorted(known[name].unique())) for name in text]
    numbers = rows[[name for name in _columns() if name not in text]].to_numpy(dtype=float)
    return np.column_stack([numbers, *map(pd.get_dummies, hot)])


_LABELS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "price": lambda price: price,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "log1p": np.log1p,
}


@cache
def _fits(listings: str, side: str) -> pd.DataFrame:
    """What least squares on one side predict for all rows, label by label; else NaN."""
    every, known = _rows("all"), _rows(side)
    price = known["price"].to_numpy(dtype=float)
    x, y = _design(known, known), np.column_stack([label(price) for label in _LABELS.values()])
    center, scale = x.mean(axis=0), x.std(axis=0)
    scale[scale == 0] = 1.0
    z = (x - center) / scale
    # Every category has its column, so the equations have many solutions; all predict the same
    solved = np.linalg.pinv(z.T @ z, rcond=1e-10, hermitian=True) @ (z.T @ (y - y.mean(axis=0)))
    guess = (_design(every, known) - center) / scale @ solved + y.mean(axis=0)
    for name in _text_columns():
        guess[~every[name].isin(known[name].unique())] = np.nan
    return pd.DataFrame(guess, columns=list(_LABELS))


# --- q1 ---------------------------------------------------------------------------------------


def _came_out(skip: Callable[[], Any], keep: Callable[[], Any]) -> Formula:
    return lambda a: {("came_out", "skip"): skip(), ("came_out", "keep"): keep()}


def _known() -> "pd.Series[bool]":
    """Whether the kind of each test listing is one of the training rows'."""
    return _rows("test")["property_type"].isin(_rows("train")["property_type"].unique())


def _with_features() -> int:
    return int((_known() & ~_rows("test")["yurt"]).sum())


def _all() -> int:
    return len(_rows("test"))


COUNTS = Values(_came_out(_with_features, _all), tolerance=1e-9)


def _not_a_count(a: Answers) -> str | None:
    value = a.came_out["error"]
    if value is None or (kinds.fits(value, "integer") and value != 0):
        return None
    told = value if kinds.fits(value, "number") else kinds.describe(value)
    return f"`came_out['error']` is {told}"


def _nothing_lost(a: Answers) -> str | None:
    if set(a.came_out.values()) == {_all()} and _all() != _with_features():
        return "in `came_out`, no setting loses a row, and none ends in an error"
    return None


def _never_computed(a: Answers) -> str | None:
    if a.came_out["error"] == _all() and COUNTS.refuse(a) is None:
        return "with `error`, `came_out` says that all rows got features"
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
    if (value := a.came_out["error"]) is not None:
        return f"`came_out['error']` is {value}; this is not what happens to `arrivals`"
    return COUNTS.refuse(a)


# --- q2 and q3 ----------------------------------------------------------------------------------


class Parts(NamedTuple):
    """What is in a fitted pipeline: None, or no terms, for what is not there."""

    formula: Any
    terms: list[str]
    regression: Any


def _parts(model: Any) -> Parts:
    from pyspark.ml.feature import RFormulaModel
    from pyspark.ml.regression import LinearRegressionModel

    inside = list(stages(model)) if hasattr(model, "stages") else []
    formula = next((s for s in inside if isinstance(s, RFormulaModel)), None)
    found = re.search(r"terms=\[(.*)\], hasIntercept", str(formula))
    # a product of columns stands as {one,other}
    terms = re.findall(r"\{[^}]*\}|[^,]+", found[1]) if found else []
    regression = next((s for s in inside if isinstance(s, LinearRegressionModel)), None)
    return Parts(formula, [term.strip("{}").replace(",", ":") for term in terms], regression)


def _keeps(parts: Parts) -> bool:
    return parts.formula is not None and parts.formula.getHandleInvalid() == "keep"


def _is_whole(parts: Parts) -> bool:
    """Whether it ends in a regression on all columns, and can score the test rows."""
    complete = sorted(parts.terms) == sorted(_columns())
    return complete and _keeps(parts) and parts.regression is not None


@cache
def _frame(listings: str, application: str) -> Any:
    """All rows with their key; opening a Parquet file is a Spark job, so it is done once."""
    from pyspark.sql import functions as F

    train, test = load_split("listings")
    return train.unionAll(test).withColumn("key", F.xxhash64(*train.columns))


@lru_cache(maxsize=8)
def _scored(model: Any, frame: Any) -> tuple[Any, "pd.Series[float]"]:
    """(schema of all rows as a model scores them, predictions by key), in one Spark job."""
    out = model.transform(frame)
    found = out.select("key", _parts(model).regression.getPredictionCol()).toPandas()
    return out.schema, found.drop_duplicates("key").set_index("key").iloc[:, 0]


def _predicted(a: Answers, name: str) -> tuple[Any, np.ndarray]:
    """(schema, predictions) for `_rows("all")`."""
    frame = _frame(locate("listings"), a.spark.sparkContext.applicationId)
    try:
        schema, by_key = _scored(getattr(a, name), frame)
    except Exception as error:
        raise LearnerError(f"{name}.transform(listings)", error) from error
    return schema, by_key.loc[_rows("all")["key"]].to_numpy(dtype=float)


def _apart(a: Answers, name: str, side: str, label: str) -> float:
    """How far its predictions are from least squares, as a share of the spread of those."""
    due = _fits(locate("listings"), side)[label].to_numpy()
    there = ~np.isnan(due)
    off = _predicted(a, name)[1][there] - due[there]
    return float(np.sqrt(np.mean(off**2)) / due[there].std())


def _is_that_of(a: Answers, name: str, side: str, label: str) -> bool:
    """Whether the model is what that side teaches about that label, nearer than to the others."""
    if not _is_whole(_parts(getattr(a, name))):
        return False
    apart = {each: _apart(a, name, each, label) for each in ("train", "test", "all")}
    return apart[side] == min(apart.values()) and apart[side] <= _SAME


def _no_pipeline(a: Answers, name: str, label: str) -> str | None:
    model = getattr(a, name)
    if hasattr(model, "stages"):
        return None
    return f"`{name}` is {kinds.describe(model)}, which takes no listings as they are"


def _answer_inside(a: Answers, name: str, label: str) -> str | None:
    foreign = [term for term in _parts(getattr(a, name)).terms if term not in _columns()]
    inside = [term for term in foreign if "price" in term]
    return f"`{inside[0]}` is among the features of `{name}`" if inside else None


def _columns_added(a: Answers, name: str, label: str) -> str | None:
    added = [term for term in _parts(getattr(a, name)).terms if term not in _columns()]
    return f"`{name}` learned from `{added[0]}`, which listings do not have" if added else None


def _columns_missing(a: Answers, name: str, label: str) -> str | None:
    terms = _parts(getattr(a, name)).terms
    lacking = [column for column in _columns() if column not in terms]
    if not terms or not lacking:
        return None
    more = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
    return f"the formula of `{name}` leaves out `{lacking[0]}`{more}"


def _unknown_not_kept(a: Answers, name: str, label: str) -> str | None:
    formula = _parts(getattr(a, name)).formula
    if formula is None or (setting := formula.getHandleInvalid()) == "keep":
        return None
    does = "drops" if setting == "skip" else "fails on"
    return f"`{name}` {does} listings with a category that it never saw"


def _penalized(a: Answers, name: str, label: str) -> str | None:
    regression = _parts(getattr(a, name)).regression
    if regression is None or (strength := regression.getRegParam()) <= _NO_PENALTY:
        return None
    return f"the regression of `{name}` has regParam = {strength:g}"


def _learned_from_test(a: Answers, name: str, label: str) -> str | None:
    for side, words in (("all", "all rows together"), ("test", "the test rows alone")):
        if _is_that_of(a, name, side, label):
            return f"the coefficients of `{name}` are those of {words}"
    return None


def _rows_left_out(a: Answers, name: str, label: str) -> str | None:
    regression, there = _parts(getattr(a, name)).regression, len(_rows("train"))
    if regression is None or not regression.hasSummary:
        return None
    learned = regression.summary.numInstances
    return f"`{name}` learned from {learned:,} of {there:,} rows" if learned < there else None


def _order(rows: pd.DataFrame, column: str, rare_first: bool) -> list[str]:
    """The categories as StringIndexer orders them: by count, then by alphabet."""
    counts = rows[column].value_counts()
    return sorted(counts.index, key=lambda name: (counts[name] * (1 if rare_first else -1), name))


def _encoder_saw_test(a: Answers, name: str, label: str) -> str | None:
    parts = _parts(getattr(a, name))
    if not _is_whole(parts):
        return None
    order = parts.formula.getStringIndexerOrderType()
    if not order.startswith("frequency"):
        return None  # the same in both, as long as the same categories are there
    groups = _predicted(a, name)[0][parts.formula.getFeaturesCol()].metadata["ml_attr"]["attrs"]
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


def _label_not_logged(a: Answers, name: str, label: str) -> str | None:
    parts = _parts(a.log_model)
    if not _keeps(parts) or parts.regression is None:
        return None
    middle, price = np.median(_predicted(a, name)[1]), _rows("train")["price"].median()
    if abs(middle - price) > abs(middle - np.log(price)):
        return None
    return f"half of what `log_model` predicts lies above {middle:.0f}, as prices do"


def _other_logarithm(a: Answers, name: str, label: str) -> str | None:
    if not _is_whole(_parts(a.log_model)) or _apart(a, name, "train", "log") <= _SAME:
        return None
    words = {"log10": "to base 10", "log2": "to base 2", "log1p": "of price + 1"}
    for other, said in words.items():
        if _apart(a, name, "train", other) <= _SAME:
            return f"the predictions of `log_model` are logarithms {said}"
    return None


_About = Callable[[Answers, str, str], str | None]  # (answers, name of the model, its label)


def _pipeline(name: str, label: str, *own: tuple[str, _About, str]) -> tuple[Mistake, ...]:
    """The mistakes of a pipeline, and some of one question's own."""
    first = (
        (
            "no-pipeline",
            _no_pipeline,
            "One stage was kept and the other lost; fit a Pipeline of both stages.",
        ),
        (
            "answer-among-features",
            _answer_inside,
            "The dot takes every column but the label, also one that tells the price; take it "
            "out\nof the formula, or give `fit` rows without it.",
        ),
        (
            "columns-added",
            _columns_added,
            "The question asks for the listings' own columns, each once; a column was added to "
            "the\nrows given to `fit`, or made by the formula.",
        ),
    )
    then = (
        (
            "unknown-not-kept",
            _unknown_not_kept,
            "handleInvalid was left at its default or set to skip; see q1, `price_list`.",
        ),
        (
            "columns-missing",
            _columns_missing,
            "The formula lacks some columns, or `fit` got rows without them; all others are "
            "asked\nfor, and both models get the same.",
        ),
        (
            "penalized",
            _penalized,
            "A penalty pulls the coefficients in; the question asks for a fit without one.",
        ),
        (
            "fitted-on-all",
            _learned_from_test,
            "Test rows were among those given to fit; a test after that proves nothing.",
        ),
        (
            "rows-left-out",
            _rows_left_out,
            "A filter, a sample, a limit or handleInvalid took training rows away before the fit.",
        ),
        (
            "encoder-saw-test",
            _encoder_saw_test,
            "The formula was fitted to all rows and only the regression to `train`:\n"
            "fit the pipeline as a whole.",
        ),
    )

    def about(rule: _About) -> Rule:
        return lambda a: rule(a, name, label)

    return tuple(Mistake(id, about(rule), say) for id, rule, say in (*first, *own, *then))


def _right_pipeline(name: str, label: str) -> Rule:
    def refuse(a: Answers) -> str | None:
        model = getattr(a, name)
        inside = list(stages(model)) if hasattr(model, "stages") else []
        parts, classes = _parts(model), [type(stage).__name__ for stage in inside]
        if parts.formula is None or parts.regression is None:
            due = "RFormula" if parts.formula is None else "LinearRegression"
            return f"the stages of `{name}` are {', '.join(classes)}; no fitted {due} is there"
        if label == "price" and len(inside) > 2:  # the other label may be made by a stage
            return f"the stages of `{name}` are {', '.join(classes)}"
        if not _is_that_of(a, name, "train", label):
            return f"the predictions of `{name}` are not those of a least-squares fit to `train`"
        return None

    return refuse


# --- q4 ---------------------------------------------------------------------------------------

_COLUMNS = ["price", "plain", "dollars"]


def _due(a: Answers, side: str) -> pd.DataFrame:
    """What `scored` holds by the learner's own two models, with `log` and `yurt`."""
    every = _rows("all")
    plain, log = (_predicted(a, name)[1] for name in ("plain", "log_model"))
    due = every[["price", "yurt"]].assign(plain=plain, log=log, dollars=np.exp(log))
    return due[(every[reference.SIDE] == side).to_numpy()]


def _three(a: Answers) -> pd.DataFrame:
    """The learner's three columns."""
    return a.pandas("scored")[_COLUMNS].astype(float)


def _close(given: Any, due: Any, most: float = 0) -> Any:
    return np.abs(given - due) <= np.maximum(most, 1e-6 * np.abs(due))


def _same_values(given: "pd.Series[float]", due: "pd.Series[float]") -> bool:
    """Whether two columns hold the same values, in whatever order."""
    return bool(_close(np.sort(given.to_numpy()), np.sort(due.to_numpy())).all())


def _unpaired(
    given: pd.DataFrame, due: pd.DataFrame, most: float = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The given rows that stand for no row that is due, and the rows that are due in their place.

    Rows have no key. What is the same in all columns goes first; the rest is paired by price and
    one of the predictions, then by the other.
    """
    keys = [rows[_COLUMNS].round(5) for rows in (given, due)]
    mine, theirs = (
        pd.MultiIndex.from_frame(key.assign(again=key.groupby(_COLUMNS).cumcount())) for key in keys
    )
    given, due = given[~mine.isin(theirs)], due[~theirs.isin(mine)]
    for column in ("plain", "dollars"):
        given, due = (rows.sort_values(["price", column]) for rows in (given, due))
        off = ~_close(given[_COLUMNS].to_numpy(), due[_COLUMNS].to_numpy(), most).all(axis=1)
        given, due = given[off], due[off]
    return given, due


def _as_many(a: Answers) -> bool:
    return a.rows("scored") == len(_rows("test"))


def _training_rows(a: Answers) -> str | None:
    if not _as_many(a) and a.rows("scored") in (len(_rows("train")), len(_rows("all"))):
        return "`scored` has as many rows as there are with the training rows"
    return None


def _multiplied(a: Answers) -> str | None:
    times = a.rows("scored") / len(_rows("test"))
    return f"`scored` has {times:.1f} times as many rows as `test`" if times > 1 else None


def _lost(a: Answers) -> str | None:
    lost = len(_rows("test")) - a.rows("scored")
    return f"{lost} of the test listings are not in `scored`" if lost > 0 else None


def _gaps(a: Answers) -> str | None:
    for name, gaps in _three(a).isna().sum().items():
        if gaps:
            return f"`{name}` of `scored` has no value in {gaps:,} rows"
    return None


def _still_logs(given: pd.DataFrame, due: pd.DataFrame) -> str | None:
    if _same_values(given["dollars"], due["log"]):
        return f"the median of `dollars` is {given['dollars'].median():.1f}"
    return None


def _both_exponentiated(given: pd.DataFrame, due: pd.DataFrame) -> str | None:
    if given["plain"].max() > 1e20:
        return f"the largest price in `plain` is {given['plain'].max():.0e} dollars"
    return None


def _changed_places(given: pd.DataFrame, due: pd.DataFrame) -> str | None:
    if all(_same_values(given[n], due[m]) for n, m in (("plain", "dollars"), ("dollars", "plain"))):
        return "the values of `plain` and `dollars` have changed places"
    return None


def _changed(given: pd.DataFrame, due: pd.DataFrame) -> list[str]:
    return [name for name in ("plain", "dollars") if not _same_values(given[name], due[name])]


def _rounded_prices(given: pd.DataFrame, due: pd.DataFrame) -> str | None:
    changed = _changed(given, due)
    thousandths = 1000 * given[changed].to_numpy()
    if not changed or not np.allclose(thousandths, np.round(thousandths), rtol=0, atol=1e-6):
        return None
    if len(_unpaired(given, due, most=1.0)[0]):
        return None
    return f"no value of `{changed[0]}` has more than three decimals"


def _beside_others(given: pd.DataFrame, due: pd.DataFrame) -> str | None:
    rows = len(_unpaired(given, due)[0])
    if _changed(given, due) or not rows:
        return None
    return f"in {rows:,} rows of `scored`, the three values come from different listings"


def _changed_throughout(given: pd.DataFrame, due: pd.DataFrame) -> str | None:
    given, due = (rows.sort_values(["price", "plain"], ignore_index=True) for rows in (given, due))
    if not _close(given["plain"], due["plain"]).all():
        return None
    # where rows agree in price and `plain`, the pair may be a wrong one: most rows are enough
    more, times = given["dollars"] - due["dollars"], given["dollars"] / due["dollars"]
    if abs(more.median()) > 0.1 and (abs(more - more.median()) <= 0.01).mean() > 0.98:
        said = "above" if more.median() > 0 else "below"
        return f"`dollars` lies ${abs(more.median()):.2f} {said} what `log_model` predicts"
    if abs(times.median() - 1) > 1e-3 and (abs(times - times.median()) <= 1e-3).mean() > 0.98:
        return f"`dollars` is {times.median():.2f} times what `log_model` predicts, each time"
    return None


def _arrivals_scored(given: pd.DataFrame, due: pd.DataFrame) -> str | None:
    off, instead = _unpaired(given, due)
    if len(off) > 1 and instead["yurt"].all() and len(_changed(given, due)) == 2:
        return f"in {len(off):,} rows of `scored` the values differ, and all became yurts in q1"
    return None


def _bounded(given: pd.DataFrame, due: pd.DataFrame) -> str | None:
    """A floor, a cap, a fill with one value, or a sign that was taken away."""
    changed = _changed(given, due)
    off, instead = _unpaired(given, due)
    if not changed or not 0 < len(off) < 0.9 * len(given):
        return None
    name = changed[0]
    if off[name].nunique() == 1:
        return f"in {len(off):,} rows, `{name}` is {off[name].iloc[0]:.2f}"
    if (instead[name] < 0).all() and _same_values(off[name], -instead[name]):
        return f"in {len(off):,} rows, `{name}` is above 0 where its model predicts less"
    return None


def _on_all_rows(rule: Callable[[pd.DataFrame, pd.DataFrame], str | None]) -> Rule:
    """A rule that looks at values, for frames that hold the test listings."""

    def when(a: Answers) -> str | None:
        given, due = _three(a), _due(a, "test")
        return rule(given, due) if _same_values(given["price"], due["price"]) else None

    return when


def _right_rows(a: Answers) -> str | None:
    given, due = _three(a), _due(a, "test")
    if not _same_values(given["price"], due["price"]):
        return "the `price` in `scored` is not that of the test listings"
    if changed := _changed(given, due):
        said = {"plain": "plain", "dollars": "log_model"}[changed[0]]
        return f"`{changed[0]}` is not what `{said}` predicts for the test listings, in dollars"
    return "`scored` mixes listings" if len(_unpaired(given, due)[0]) else None


# --- q5 ---------------------------------------------------------------------------------------


def _residuals(a: Answers, side: str = "train") -> np.ndarray:
    due = _due(a, side)
    return (np.log(due["price"]) - due["log"]).to_numpy()


def _factor(a: Answers) -> float:
    return float(np.exp(_residuals(a)).mean())


def _metrics(price: "pd.Series[float]", guess: "pd.Series[float]") -> dict[str, float]:
    miss = price - guess
    square = float((miss**2).mean())
    r2 = 1 - square / float(price.var(ddof=0))
    return {"rmse": square**0.5, "mae": float(miss.abs().mean()), "r2": r2}


def _in_scores(model: str, found: list[dict[str, float]]) -> dict[Place, list[float]]:
    return {("scores", model, m): [each[m] for each in found] for m in found[0]}


def _smeared(
    a: Answers,
    rows: pd.DataFrame,
    smear: Callable[[pd.DataFrame, float], "pd.Series[float]"] = lambda rows, f: (
        rows["dollars"] * f
    ),
) -> dict[Place, list[float]]:
    """The scores with the factor, the learner's own or the right one."""
    factors = (float(a.smearing), _factor(a))
    return _in_scores("smeared", [_metrics(rows["price"], smear(rows, f)) for f in factors])


def _all_scores(a: Answers, rows: pd.DataFrame) -> dict[Place, list[float]]:
    return {
        **_in_scores("plain", [_metrics(rows["price"], rows["plain"])]),
        **_in_scores("log", [_metrics(rows["price"], rows["dollars"])]),
        **_smeared(a, rows),
    }


def _right(a: Answers) -> dict[Place, list[float]]:
    return {"smearing": [_factor(a)], **_all_scores(a, _three(a))}


def _score(a: Answers, model: str, metric: str) -> float:
    return a.once("right scores", _right)[("scores", model, metric)][0]


def _each_model(metric: str, change: Callable[[Answers, str], Any]) -> Formula:
    return lambda a: {("scores", model, metric): change(a, model) for model in MODELS}


def _of_logs(a: Answers) -> Made:
    logs = _three(a)[["price", "dollars"]].clip(lower=1e-9).apply(np.log)
    smeared = _smeared(a, logs, lambda rows, f: rows["dollars"] + np.log(max(f, 1e-9)))
    return {**_in_scores("log", [_metrics(logs["price"], logs["dollars"])]), **smeared}


def _plain_smeared(a: Answers) -> Made:
    found = _smeared(a, _three(a), lambda rows, f: rows["plain"] * f)
    return {**found, **{("scores", "plain", m): found["scores", "smeared", m] for m in METRICS}}


def _nearly_zero(a: Answers) -> str | None:
    # least squares leave residuals whose mean is 0, up to the last digits
    if abs(a.smearing) > 1e-6:
        return None
    return f"`smearing` = {a.smearing:.6g}, as the mean of the residuals themselves"


def _other_r2(a: Answers, model: str) -> list[float]:
    rows = _three(a).assign(log=lambda r: r["dollars"], smeared=lambda r: r["dollars"])
    correlation, size = float(rows["price"].corr(rows[model])), len(rows)
    left = 1 - _score(a, model, "r2")
    return [correlation, correlation**2, left, 1 - left * (size - 1) / size]


def _exchanged(a: Answers, one: str, other: str) -> Made:
    pairs = ((one, other), (other, one))
    return {("scores", to, m): _score(a, model, m) for to, model in pairs for m in METRICS}


SCORES = Values(_right, tolerance=1e-7)
EXCHANGED = [
    SCORES.wrong(
        "models-exchanged",
        lambda a, one=one, other=other: _exchanged(a, one, other),  # type: ignore[misc]
        "is the score of another of the three",
        "The scores of two models went into each other's place.",
        whole=True,
    )
    for one, other in combinations(MODELS, 2)
]


def _incomplete(a: Answers) -> str | None:
    for model in MODELS:
        if (
            found := kinds.wrong_key(a.scores[model], dict.fromkeys(METRICS, "number"))
        ) is not None:
            return f"`scores[{model!r}]` {found[1]}"
    return None


def _ranked(a: Answers, metric: str) -> list[str]:
    """The three models by one metric, the best one first."""
    sign = -1 if metric == "r2" else 1
    return sorted(MODELS, key=lambda model: sign * float(a.scores[model][metric]))


def _upside_down(a: Answers) -> str | None:
    if SCORES.refuse(a) is not None:
        return None
    off = [metric for metric in METRICS if a.best[metric] != _ranked(a, metric)[0]]
    if off and all(a.best[metric] == _ranked(a, metric)[-1] for metric in off):
        return f"`best` names the worst of the three for {' and '.join(off)}"
    return None


def _right_winners(a: Answers) -> str | None:
    if (found := SCORES.refuse(a)) is not None:
        return found
    for metric in METRICS:
        if (given := a.best[metric]) not in MODELS:
            return f"`best` has {given!r} for {metric}, which is no key of `scores`"
        if given != _ranked(a, metric)[0]:
            return f'`best` has "{given}" for {metric}, and `scores` holds a better one'
    return None


def _gains(a: Answers) -> str:
    said = []
    for metric in ("rmse", "mae"):
        name = next(model for model in _ranked(a, metric) if model != "plain")
        gain = 1 - a.scores[name][metric] / a.scores["plain"][metric]
        words = f"{abs(gain):.0%} {'less' if gain > 0 else 'more'} {metric.upper()}"
        said.append(f'"{name}" has {words}')
    return f'beside "plain", {" and ".join(said)}'


QUESTIONS = [
    Question(
        id="q1",
        title="A kind of place that nobody has seen",
        points=2,
        names={"came_out": "dict", "price_list": "choice", "quality_gate": "choice"},
        keys={"came_out": {"error": "any", "skip": "integer", "keep": "integer"}},
        choices={"price_list": SETTINGS, "quality_gate": SETTINGS},
        looks_at=dict.fromkeys(("features", "handleInvalid"), "the numbers in `came_out`"),
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
                _not_a_count,
                "Each value is a number of rows that got features, or None where making them\n"
                "ends in an error, whatever the error says.",
            ),
            Mistake(
                "count-computes-nothing",
                _never_computed,
                "count() needs no features, nor does another column, so Spark leaves them out and\n"
                "no error can occur; collect the features, or write them somewhere.",
            ),
            Mistake(
                "nothing-lost",
                _nothing_lost,
                "Either the formula met no kind that was new to it (fitted to `arrivals`, shown "
                "`test`, or\nmade of another column), or it was not told the setting.",
            ),
            COUNTS.wrong(
                "counted-the-lost",
                _came_out(lambda: _all() - _with_features(), lambda: 0),
                "counts the rows that were lost",
                "The question asks for the rows that come out.",
            ),
            COUNTS.wrong(
                "settings-swapped",
                _came_out(_all, _with_features),
                "is what another setting gives",
                "Two values have changed places, or two settings on their way to the formula.",
                whole=True,
            ),
            COUNTS.wrong(
                "scored-train",
                _came_out(lambda: len(_rows("train")), lambda: len(_rows("train"))),
                "is the number of training rows",
                "The training rows were transformed; the formula is to meet `arrivals`.",
            ),
            Mistake(
                "skip-loses-rows",
                _skips,
                "skip filters rows out before anybody can see them; neither task allows that.",
            ),
            Mistake(
                "choices-swapped",
                _swapped_choices,
                "One task wants a rough price rather than none, the other none rather than a\n"
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
        looks_at={"price": "the predictions are compared with least squares of the price"},
        hints=(
            "In a formula, a dot stands for all columns but the label. Which setting of q1 lets "
            "every row get a price?",
            "`Pipeline(stages=[RFormula(formula='price ~ .', handleInvalid=…), "
            "LinearRegression()])`, and then `.fit(train)`.",
        ),
        mistakes=_pipeline("plain", "price"),
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
        mistakes=_pipeline(
            "log_model",
            "log",
            (
                "label-not-logged",
                _label_not_logged,
                "The model learned the price itself: look at the left side of the formula,\n"
                "at what that column holds, and at labelCol of the regression.",
            ),
            (
                "other-logarithm",
                _other_logarithm,
                "F.log is the natural logarithm, which exp undoes; another one was used.",
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
        columns={"scored": dict.fromkeys(_COLUMNS, "number")},
        hints=(
            "Let the rows go through one model and then through the other. What must be renamed "
            "or dropped between them?",
            "After `plain.transform(test)` rename `prediction` to `plain` and drop `features` and "
            "`label`; give the result to `log_model.transform`, then F.exp its prediction.",
        ),
        mistakes=(
            Mistake(
                "training-rows",
                _training_rows,
                "The models were given rows that they learned from; score `test`.",
            ),
            Mistake(
                "rows-multiplied",
                _multiplied,
                "A join by columns that are not unique, or a union: listings have no key, so\n"
                "do without both.",
            ),
            Mistake(
                "rows-lost",
                _lost,
                "A filter, limit, dropna, distinct, groupBy or join took them away; prices below "
                "zero\nare errors of the model and have to count.",
            ),
            Mistake(
                "gaps",
                _gaps,
                "Both models give every listing a price; what came after them left gaps, such as "
                "a join\nwithout a partner, or when() without otherwise().",
            ),
            Mistake(
                "forgot-exp",
                _on_all_rows(_still_logs),
                "`dollars` holds logarithms as the model predicts them; exp was not applied.",
            ),
            Mistake(
                "plain-exponentiated",
                _on_all_rows(_both_exponentiated),
                "exp was applied to the predictions of `plain`, which are dollars already.",
            ),
            Mistake(
                "columns-swapped",
                _on_all_rows(_changed_places),
                "The second transform was taken for the first, or the renaming mixed them up.",
            ),
            Mistake(
                "rounded",
                _on_all_rows(_rounded_prices),
                "The predictions are right, but rounded or cut; keep all digits.",
            ),
            Mistake(
                "beside-other-listings",
                _on_all_rows(_beside_others),
                "The values are right, but stand beside other listings: frames have no order\n"
                "to rely on; let each row go through both models.",
            ),
            Mistake(
                "changed-throughout",
                _on_all_rows(_changed_throughout),
                "exp, and nothing else, takes F.log back: expm1 takes 1 off, and the factor\n"
                "comes in q5.",
            ),
            Mistake(
                "arrivals-scored",
                _on_all_rows(_arrivals_scored),
                "`arrivals` of q1 was scored, in which some kinds were changed; score `test`.",
            ),
            Mistake(
                "some-values-changed",
                _on_all_rows(_bounded),
                "A floor, a cap, abs() or a fill changed predictions; what a model gets wrong\n"
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
        needs=("q2", "q3", "q4"),
        keys={"scores": dict.fromkeys(MODELS, "dict"), "best": dict.fromkeys(METRICS, "text")},
        looks_at={"dollars": "in `scored`"},
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
                "incomplete-scores",
                _incomplete,
                "Each model has a dict of its own, with a number for each of the three metrics.",
            ),
            SCORES.wrong(
                "mean-before-exp",
                lambda a: {"smearing": float(np.exp(_residuals(a).mean()))},
                "is exp of the mean residual",
                "The residuals were averaged and then exponentiated; their mean is 0.",
            ),
            Mistake(
                "residuals-not-exponentiated",
                _nearly_zero,
                "exp is missing; a factor of 0 would make all prices 0.",
            ),
            SCORES.wrong(
                "residuals-turned",
                lambda a: {"smearing": float(np.exp(-_residuals(a)).mean())},
                "comes from residuals of the other sign",
                "A residual is log(price) minus prediction, not prediction minus log(price).",
            ),
            SCORES.wrong(
                "smearing-from-test",
                lambda a: {"smearing": float(np.exp(_residuals(a, "test")).mean())},
                "comes from the test rows",
                "The factor is a part of the model, and models learn from the training rows.",
            ),
            SCORES.wrong(
                "normal-formula",
                lambda a: {
                    "smearing": [float(np.exp(_residuals(a).var(ddof=n) / 2)) for n in (0, 1)]
                },
                "is what residuals of a normal distribution would give",
                "exp(variance / 2) holds for bell-shaped residuals; Duan's factor takes\n"
                "them as they are.",
            ),
            SCORES.wrong(
                "log-scale",
                _of_logs,
                "was computed from logarithms",
                "Its unit is not the dollar, and it cannot be compared with the plain model's.",
            ),
            SCORES.wrong(
                "squared-dollars",
                _each_model("rmse", lambda a, model: _score(a, model, "rmse") ** 2),
                "is in squared dollars",
                "This is the mean squared error; its root was not taken.",
            ),
            SCORES.wrong(
                "scores-on-train",
                lambda a: _all_scores(a, _due(a, "train")),
                "is that of the training rows",
                "The models know these rows; the task asks for the rows in `scored`.",
            ),
            SCORES.wrong(
                "default-metric",
                lambda a: {
                    ("scores", model, metric): _score(a, model, "rmse")
                    for model in MODELS
                    for metric in ("mae", "r2")
                },
                "is an RMSE",
                "RegressionEvaluator computes RMSE unless metricName says otherwise.",
            ),
            SCORES.wrong(
                "r2-in-percent",
                _each_model("r2", lambda a, model: 100 * _score(a, model, "r2")),
                "is 100 times a share",
                "It was multiplied by 100; as a share, R² is 1 at most.",
            ),
            SCORES.wrong(
                "another-r2",
                _each_model("r2", _other_r2),
                "is another measure than R²",
                "R² is one minus the squared error divided by the variance: no correlation, not "
                "what is\nleft, and the variance divides by n, where var() of pandas has n - 1.",
            ),
            SCORES.wrong(
                "smearing-added",
                lambda a: _smeared(a, _three(a), lambda rows, f: rows["dollars"] + f),
                "belongs to sums, not to products",
                "The factor was added to `dollars`; it has to be multiplied.",
            ),
            SCORES.wrong(
                "plain-smeared",
                _plain_smeared,
                "belongs to `plain` times the factor",
                "The factor corrects the model of the logarithm: multiply `dollars`.",
            ),
            SCORES.wrong(
                "not-smeared",
                lambda a: _smeared(a, _three(a), lambda rows, f: rows["dollars"]),
                "belongs to `dollars` as they are",
                "The factor is missing: `dollars` times `smearing` is the third guess.",
            ),
            EXCHANGED[0],
            SCORES.wrong(
                "metrics-exchanged",
                lambda a: {
                    ("scores", model, to): _score(a, model, metric)
                    for model in MODELS
                    for to, metric in (("rmse", "mae"), ("mae", "rmse"))
                },
                "is the value of another metric",
                "The values of two metrics went into each other's place.",
                whole=True,
            ),
            SCORES.rounded(),
            Mistake(
                "best-upside-down",
                _upside_down,
                "Of RMSE and MAE the smallest is best, of R² the largest.",
            ),
        ),
        refuse=_right_winners,
        note=_gains,
        why="which model is better depends on what an error costs, and that is decided before "
        "anybody looks at scores.",
    ),
]
