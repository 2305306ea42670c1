"""The questions of lab 05.

References come from the rows in use with numpy, pandas and scipy. Where exact conventions differ
(the middle of an even number of prices, skewness, Yates's correction) each of them is right; a
median that was approximated and a number that was rounded have names.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from course_utils import locate
from course_utils.data.schema import COLUMNS, LABEL, NUMERIC
from course_utils.lab import Answers, Question, Values
from course_utils.lab.compare import Differs, differs
from course_utils.lab.decide import decided, refused
from course_utils.lab.reference import split
from course_utils.lab.values import ROUNDED, shortened

CATEGORIES = ("size", "host_is_superhost", "half_bath")
STEP = 50  # dollars
OTHER = {"all": "all rows, test rows included", "test": "the test rows"}
OF_OTHERS = "is what all rows give, or the test rows"
NEARLY = (
    "approxQuantile and percentile_approx allow an error, and a sample or medians of groups bring\n"
    "one; F.median of all training rows, or an error of 0, is exact."
)
GAPS = "Every row has a value here: a join, reindex or pivot left gaps, or a row has no name."

Found = tuple[str, str] | None
Numbers = np.ndarray[Any, Any]
Listed = dict[Any, list[float]]  # place or key -> the numbers that it may have


# --- references -------------------------------------------------------------------------------


def _rows(side: str = "train") -> pd.DataFrame:
    return split("listings", COLUMNS)[side]


def _prices(side: str = "train") -> Numbers:
    return _rows(side)[LABEL].to_numpy(dtype=float)


def _mean(values: Numbers) -> float:
    return float(values.mean())


def _middles(values: Numbers) -> list[float]:
    """Every exact median: the mean of the two in the middle, the lower one, the upper one."""
    ordered = np.sort(values)
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return [float(low + high) / 2, float(low), float(high)]


def _near_the_middle() -> list[float]:
    """What an approximate median of the training prices may be; no exact one of any rows."""
    prices = _prices()
    first, last = np.quantile(prices, [0.48, 0.52])
    found = {float(price) for price in prices if first - 1 <= price <= last + 1}
    return sorted(found - {m for side in ("train", *OTHER) for m in _middles(_prices(side))})


def _joined(*parts: Mapping[Any, Iterable[float]]) -> Listed:
    """{place: the numbers of all parts}."""
    return {key: [n for part in parts for n in part.get(key, ())] for p in parts for key in p}


def _lower(frame: Any, columns: Sequence[str]) -> pd.DataFrame | None:
    """These columns of a pandas frame, names in lower case; None for a Series."""
    if not hasattr(frame, "columns"):
        return None
    renamed: pd.DataFrame = frame.rename(columns=lambda column: str(column).lower())
    return renamed[list(columns)]


def _gaps(name: str, table: pd.DataFrame) -> Found:
    """The first column of a learner's frame in which values are missing."""
    for column, gone in table.isna().sum().items():
        if gone:
            return "missing-values", f"`{column}` in `{name}` is missing in {gone:,} rows"
    return None


# --- q1 ---------------------------------------------------------------------------------------

Counts = dict[float, float]
BARS = ("dollars", "listings")

# Labels of a step that are usual and wrong, made from price / 50: id -> what shows it, the labels
_LABELS: dict[str, tuple[str, tuple[Callable[[Numbers], Numbers], ...]]] = {
    "rounded-bins": (
        "a price just below a step, such as 99, is counted in `bars` with the step above it",
        # numpy and Python round 0.5 to the even neighbor, Spark away from zero
        (lambda steps: np.round(steps) * STEP, lambda steps: np.floor(steps + 0.5) * STEP),
    ),
    "upper-ends": (
        "`dollars` in `bars` holds the middles or the upper ends of the steps",
        (
            lambda steps: np.ceil(steps) * STEP,
            lambda steps: np.floor(steps) * STEP + STEP,
            lambda steps: np.floor(steps) * STEP + STEP - 1,
            lambda steps: np.floor(steps) * STEP + STEP / 2,
        ),
    ),
    "right-closed": (
        "a price at the edge of two steps is counted in `bars` with the lower one",
        (lambda steps: (np.ceil(steps) - 1) * STEP,),
    ),
    "bin-numbers": (
        "`dollars` in `bars` counts the steps: 0, 1, 2, … or 1, 2, 3, …",
        (np.floor, np.ceil, np.round, lambda steps: np.floor(steps) + 1),
    ),
    "every-price": (
        "`bars` has a row for each price that occurs",
        (lambda steps: steps * STEP,),
    ),
}


def _counted(values: Numbers) -> Counts:
    found, counts = np.unique(np.round(values, 6), return_counts=True)
    return dict(zip(found.tolist(), counts.astype(float).tolist(), strict=True))


def _steps(side: str = "train") -> Counts:
    return _counted(np.floor(_prices(side) / STEP) * STEP)


def _wrong_bars(a: Answers) -> Found:
    table = _lower(a.bars, BARS)
    if table is None:
        return "", "`bars` is a pandas Series; the two columns `dollars` and `listings` are due"
    if found := _gaps("bars", table):
        return found
    if table["dollars"].duplicated().any():
        return "", "`bars` does not have one row for each step of `dollars`"
    seen = {low: count for low, count in table.to_numpy(dtype=float).tolist() if count}
    due = _steps()
    if seen == due:  # empty steps do not count
        return None
    for id, (words, labels) in _LABELS.items():
        if any(seen == _counted(label(_prices() / STEP)) for label in labels):
            return id, words
    for side, words in OTHER.items():
        if seen == _steps(side):
            return "other-rows", f"the counts in `bars` are those of {words}"
    if cut := _tail_cut(seen, due):
        return "tail-cut", cut
    first = min(low for low in seen.keys() | due.keys() if seen.get(low) != due.get(low))
    return "", (
        f"`bars` does not have the counts of steps of {STEP} dollars: the first that differs is "
        f"{first:g}, with {seen.get(first, 0):g} in `listings`"
    )


def _tail_cut(seen: Counts, due: Counts) -> str | None:
    """That the highest steps are not there, and that those below the last are right."""
    last = max(seen, default=-1.0)
    if last not in due or seen != {n: due[n] for n in due if n < last} | {last: seen[last]}:
        return None
    rest = sum(count for low, count in due.items() if low >= last)
    if seen[last] == rest:
        return f"the last step of `bars` is {last:,.0f}, with all listings that cost more"
    gone = int(rest - seen[last])
    words = "1 listing is" if gone == 1 else f"{gone:,} listings are"
    return f"`bars` ends with the step {last:,.0f}, and {words} missing" if gone > 0 else None


def _middle_of(*samples: Numbers) -> Listed:
    """Mean and median of each of these prices."""
    return {
        "mean_price": [_mean(prices) for prices in samples],
        "median_price": [middle for prices in samples for middle in _middles(prices)],
    }


MIDDLES = Values(lambda a: _middle_of(_prices()), 1e-6)

Q1 = decided(
    _wrong_bars,
    {
        "missing-values": GAPS,
        "rounded-bins": "The quotient was rounded. A step holds what lies above its lower end: "
        "floor.",
        "upper-ends": "A step is named by its lower end: floor, and neither 25 nor 50 added to it.",
        "right-closed": "The steps include their upper ends, as those of pd.cut do (right=False "
        "changes\nthat); 100 belongs to the step 100.",
        "bin-numbers": "Multiply the number of the step, counted from 0, by 50 to get its lower "
        "end.",
        "every-price": "The rows were grouped by the price itself, not by steps of 50 dollars.",
    },
    MIDDLES.wrong(
        "other-rows",
        lambda a: _middle_of(_prices("all"), _prices("test")),
        OF_OTHERS,
        "The listings were loaded anew, both parts were put together, or `test` was taken; use\n"
        "`train`. An approximate median may end there, too.",
    ),
    MIDDLES.wrong(
        "tail-cut",
        lambda a: _middle_of(*(_prices()[_prices() < top] for top in (1000, 1001))),
        "is what the prices up to 1,000 dollars give",
        "The figure stops at 1,000 dollars, the counts do not: no filter, limit or last step\n"
        "takes away from the training prices.",
        whole=True,
    ),
    MIDDLES.wrong(
        "middles-swapped",
        lambda a: {"mean_price": _middles(_prices()), "median_price": _mean(_prices())},
        "{name} has the value of the other one",
        "Mean and median went into each other's variable.",
        whole=True,
    ),
    MIDDLES.wrong(
        "mean-for-median",
        lambda a: {"median_price": _mean(_prices())},
        "{name} is the mean of the prices",
        "The average was taken. The median is the price in the middle of the sorted ones:\n"
        "F.median, or approxQuantile at 0.5 with an error of 0.",
    ),
    MIDDLES.wrong(
        "approximate-median",
        lambda a: {"median_price": _near_the_middle()},
        "halves the prices nearly, not exactly",
        NEARLY,
    ),
    MIDDLES.rounded(),
)


# --- q2 ---------------------------------------------------------------------------------------

# Functions that are taken for the natural logarithm: id, what shows it
_LOGS = (
    (np.log10, "other-base", "`log_price` is a logarithm to the base 10"),
    (np.log2, "other-base", "`log_price` is a logarithm to the base 2"),
    (np.log1p, "log-of-one-more", "`log_price` is the logarithm of `price` plus 1"),
)


def _wrong_logs(a: Answers) -> Found:
    rows, due = a.pandas("log_train"), _rows()[list(COLUMNS)]
    price, log = (rows[name].astype(float).to_numpy() for name in (LABEL, "log_price"))
    if np.allclose(*_as_long(price, np.log(_prices())), rtol=1e-6):
        return "price-replaced", "the column `price` of `log_train` holds logarithms as well"
    if gone := int(np.isnan(log).sum()):
        return "", f"`log_price` in `log_train` is missing in {gone:,} rows"
    with np.errstate(all="ignore"):
        apart = np.abs(log - np.log(price))
        for of, id, words in _LOGS:
            if (np.abs(log - of(price)) < 1e-6).all():
                return id, words
    if not (apart < 1e-6).all():
        for places in range(6):
            if np.allclose(log, np.round(log, places), rtol=0, atol=1e-12):
                if (apart < 10.0**-places).all():
                    return "rounded", f"`log_price` in `log_train` has {places} decimals"
                break
        return "", "`log_price` in `log_train` is not the natural logarithm of `price`"
    if missing := [name for name in COLUMNS if name not in rows]:
        return "columns-missing", f"`log_train` has no column `{missing[0]}`"
    for side, words in OTHER.items():
        if np.array_equal(*_as_long(price, _prices(side))):
            return "other-rows", f"`log_train` holds {words}"
    found = differs(rows, due, ("latitude", "longitude", "accommodates", LABEL))
    if found is None:
        return None
    if found.kind == "value":
        return "", f"`{found.column}` of `log_train` is not that of `train` in {found.rows:,} rows"
    which = "training rows are not" if found.kind == "missing" else "rows more than `train` are"
    return "", f"{found.rows:,} {which} in `log_train`"


def _as_long(found: Numbers, due: Numbers) -> tuple[Numbers, Numbers]:
    """Both sorted, so that they can be compared; nothing equals what has another length."""
    return np.sort(found), np.sort(due) if len(due) == len(found) else np.full(len(found), np.nan)


def _skews(values: Numbers) -> list[float]:
    """Every exact skewness: as it is, corrected for the size of the sample, with n - 1 below."""
    n = len(values)
    plain = float(((values - values.mean()) ** 3).mean() / values.std() ** 3)
    return [plain, plain * (n * (n - 1)) ** 0.5 / (n - 2), plain * ((n - 1) / n) ** 1.5]


def _skews_of(side: str = "train") -> Listed:
    return {"skew_price": _skews(_prices(side)), "skew_log": _skews(np.log(_prices(side)))}


SKEWS = Values(lambda a: _skews_of(), 1e-6)

Q2 = decided(
    _wrong_logs,
    {
        "price-replaced": "withColumn with the name of a column that exists replaces that column.",
        "other-base": "F.log10 and F.log2 have other units; F.log is the natural logarithm.",
        "columns-missing": "select keeps only what it names; withColumn keeps all columns and adds "
        "one.",
    },
    SKEWS.wrong(
        "log-of-one-more",
        lambda a: {"skew_log": _skews(np.log1p(_prices()))},
        "is the skewness of the logarithm of `price` plus 1",
        "log1p is for columns with zeros; np.exp would not bring these prices back.",
    ),
    SKEWS.wrong(
        "other-rows",
        lambda a: _joined(*map(_skews_of, OTHER)),
        OF_OTHERS,
        "It was not `train` that the column was added to, or that this was computed from.",
    ),
    SKEWS.wrong(
        "skews-swapped",
        lambda a: dict(zip(("skew_log", "skew_price"), _skews_of().values(), strict=True)),
        "{name} has the value of the other column",
        "The two skewnesses went into each other's variable.",
        whole=True,
    ),
    SKEWS.wrong(
        "skew-of-price-twice",
        lambda a: {"skew_log": _skews_of()["skew_price"]},
        "{name} is the skewness of `price`",
        "It was computed from `price`, and is due from `log_price`.",
    ),
    SKEWS.wrong(
        "log-of-skew",
        lambda a: {"skew_log": [float(np.log(s)) for s in _skews_of()["skew_price"] if s > 0]},
        "is the logarithm of `skew_price`",
        "Take the logarithm of each price first, and the skewness of the results.",
    ),
    SKEWS.rounded(),
)


# --- q3 ---------------------------------------------------------------------------------------


@cache
def _tests(place: str, side: str) -> dict[str, Listed]:
    """Each category with the room type: p, V, and what mistakes make of them."""
    from scipy import stats

    rows, found = _rows(side), dict[str, Listed]()
    guests = rows["accommodates"]
    size = np.select([guests <= 2, guests <= 4], ["1-2", "3-4"], "5 or more")
    kinds = rows.assign(size=size, half_bath=rows["bathrooms"] % 1 > 0)
    for name in CATEGORIES:
        counts = pd.crosstab(kinds["room_type"], kinds[name])
        n, short, long = len(rows), min(counts.shape), max(counts.shape)
        # scipy corrects chi-square of 2 x 2 tables by default; others don't
        tests = [stats.chi2_contingency(counts, correction=yates) for yates in (True, False)]
        chi2 = float(tests[0].statistic)
        shares = [counts / n, counts.div(counts.sum(axis=1), axis=0), counts / counts.sum()]
        of_shares = [(stats.chi2_contingency(k * s), k * s) for s in shares for k in (1, 100)]
        made = {
            # 1 - cdf is the same probability, with fewer digits where it is tiny: 0 in the end. Not
            # quite 0 here, as beside 0 all that is small would be near
            "p": [
                max(p, np.nextafter(0, 1))
                for t in tests
                for p in (t.pvalue, 1 - stats.chi2.cdf(t.statistic, t.dof))
            ],
            "v": [(t.statistic / n / (short - 1)) ** 0.5 for t in tests],
            "statistic": [chi2, tests[0].dof],
            "complement": [1 - tests[0].pvalue],
            "p of shares": [test.pvalue for test, _ in of_shares],
            "v of shares": [
                (test.statistic / table.to_numpy().sum() / (short - 1)) ** 0.5
                for test, table in of_shares[2:]
            ],
            "squared": [chi2 / n / (short - 1), chi2],
            "other k": [
                (chi2 / n / k) ** 0.5 for k in (1, short, long - 1, long) if k != short - 1
            ],
        }
        for kind, values in made.items():
            found.setdefault(kind, {})[name] = [float(value) for value in values]
    return found


def _p_and_v(p: str | None = None, v: str | None = None, side: str = "train") -> Listed:
    """The numbers of these two kinds in their dicts."""
    tests = _tests(locate("listings"), side)
    kinds = {"p_values": p, "cramers_v": v}
    return {(d, name): n for d, kind in kinds.items() if kind for name, n in tests[kind].items()}


TESTS = Values(lambda a: _p_and_v("p", "v"), 1e-6)


def _wrong_names(a: Answers) -> Found:
    if TESTS.refuse(a):
        return None  # which names are due depends on the numbers
    named, v = sorted(map(str, a.related)), a.cramers_v
    due = sorted(name for name, p in a.p_values.items() if p < 0.01)
    left = sorted(set(CATEGORIES) - set(due))
    if named == due:
        return None
    if named == left:
        return "p-value-misread", "`related` lists the names whose p-value is large"
    out = sorted(set(due) - set(named), key=lambda name: v[name])
    if out and named and set(named) < set(due) and v[out[-1]] < min(v[name] for name in named):
        p = a.p_values[out[-1]]
        return "chosen-by-strength", f"`related` leaves out {out[-1]}, in `p_values` {p:.2g}"
    return "", "`related` is not the list of the names whose value in `p_values` is below 0.01"


Q3 = decided(
    _wrong_names,
    {
        "p-value-misread": "p is no degree of relation. It says how often chance alone would give "
        "such counts,\nso a small p speaks for a relation and a large one does not.",
        "chosen-by-strength": "The names are those with the highest V. A weak relation is one too: "
        "p decides here.",
    },
    TESTS.wrong(
        "dicts-swapped",
        lambda a: _p_and_v("v", "p"),
        "{name} belongs into the other dict",
        "The values of V went into `p_values`, and the p-values into `cramers_v`.",
        whole=True,
    ),
    TESTS.wrong(
        "statistic-for-p",
        lambda a: _p_and_v(p="statistic"),
        "is chi-square, or its degrees of freedom, and no probability",
        "The p-value is the second result of the test.",
    ),
    TESTS.wrong(
        "complement-of-p",
        lambda a: _p_and_v(p="complement"),
        "is the probability of a smaller chi-square",
        "p is the other tail: 1 - cdf, or sf.",
    ),
    TESTS.wrong(
        "shares-for-counts",
        lambda a: _p_and_v("p of shares", "v of shares"),
        "is made from shares, as if there were far fewer rows",
        "The test got shares or percents. It has to know how many rows there are.",
    ),
    TESTS.wrong(
        "v-without-root",
        lambda a: _p_and_v(v="squared"),
        "is the square of V, or chi-square itself",
        "The square root of the formula is missing.",
    ),
    TESTS.wrong(
        "k-forgotten",
        lambda a: _p_and_v(v="other k"),
        "has another number than k - 1 in its formula",
        "The formula has n times (k - 1), where k is that of the column with fewer categories.",
    ),
    TESTS.wrong(
        "other-rows",
        lambda a: _joined(*(_p_and_v("p", "v", side) for side in OTHER)),
        OF_OTHERS,
        "The counts are not those of `kinds`, which holds the training rows.",
    ),
    TESTS.rounded(),
)


# --- q4 ---------------------------------------------------------------------------------------

_THREE = ("pearson", "pearson_log", "spearman")
_TIES = ("min", "max", "dense", "ordinal")
_SORTS = ("guests", "price", "guests and price", "price and guests")


@cache
def _correlations(place: str, side: str) -> dict[str, float]:
    """The three correlations, and what mistakes make of them."""
    from scipy.stats import kendalltau, rankdata

    rows = _rows(side)
    guests, price = (rows[name].to_numpy(dtype=float) for name in ("accommodates", LABEL))
    # row numbers of equal values stand in the order in which the rows were sorted before
    sorts = {
        "guests": np.argsort(guests, kind="stable"),
        "price": np.argsort(price, kind="stable"),
        "guests and price": np.lexsort((price, guests)),
        "price and guests": np.lexsort((guests, price)),
    }
    pairs = {
        "pearson": (guests, price),
        "pearson_log": (guests, np.log(price)),
        "spearman": (rankdata(guests), rankdata(price)),
        "both logs": (np.log(guests), np.log(price)),
        "log of guests": (np.log(guests), price),
        "guests ranked": (rankdata(guests), price),
        "price ranked": (guests, rankdata(price)),
        **{ties: (rankdata(guests, ties), rankdata(price, ties)) for ties in _TIES},
        **{
            f"by {name}": (rankdata(guests[by], "ordinal"), rankdata(price[by], "ordinal"))
            for name, by in sorts.items()
        },
    }
    found = {kind: float(np.corrcoef(*pair)[0, 1]) for kind, pair in pairs.items()}
    return found | {"kendall": float(kendalltau(guests, price).statistic)}


def _r(kind: str, side: str = "train") -> float:
    return _correlations(locate("listings"), side)[kind]


@cache
def _of_others(place: str) -> Listed:
    """The three correlations of every other numeric column with the price."""
    rows = _rows()
    others = rows[[n for n in NUMERIC if n not in ("accommodates", LABEL) and rows[n].std() > 0]]
    return {
        "pearson": others.corrwith(rows[LABEL]).tolist(),
        "pearson_log": others.corrwith(np.log(rows[LABEL])).tolist(),
        "spearman": others.rank().corrwith(rows[LABEL].rank()).tolist(),
    }


CORRELATIONS = Values(lambda a: {name: _r(name) for name in _THREE}, 1e-6)

Q4 = (
    CORRELATIONS.swapped("pearson", "spearman", "{name} has the value of the other method"),
    CORRELATIONS.wrong(
        "with-itself",
        lambda a: dict.fromkeys(_THREE, 1.0),
        "is the correlation of a column with itself",
        "In the matrix it stands on the diagonal; that of both columns is beside it: [0, 1].",
    ),
    CORRELATIONS.wrong(
        "log-for-raw",
        lambda a: {"pearson": _r("pearson_log"), "pearson_log": _r("pearson")},
        "{name} has the value of the other one of Pearson's",
        "Price and log(price) were mixed up, for instance because a column was replaced by its\n"
        "logarithm before.",
    ),
    CORRELATIONS.wrong(
        "both-logged",
        lambda a: {name: [_r("both logs"), _r("log of guests")] for name in _THREE[:2]},
        "has a logarithm of `accommodates` in it",
        "Only the price is due as a logarithm here.",
    ),
    CORRELATIONS.wrong(
        "pearson-for-spearman",
        lambda a: {"spearman": [_r("pearson"), _r("pearson_log")]},
        "{name} has the value of one of Pearson's correlations",
        "The method was not named: without it Spark and pandas compute Pearson's.",
    ),
    CORRELATIONS.wrong(
        "other-ranks",
        lambda a: {
            "spearman": [
                *(_r(kind) for kind in ("kendall", *_TIES, "guests ranked", "price ranked")),
                *(_r(f"by {name}") for name in _SORTS),
            ]
        },
        "is Kendall's tau, or comes from other ranks than both columns have",
        "Spearman's is Pearson's of the ranks, and equal values share the mean of their ranks;\n"
        "stats.spearmanr and Correlation.corr see to that.",
    ),
    CORRELATIONS.wrong(
        "other-column",
        lambda a: _of_others(locate("listings")),
        "is the correlation of another column and the price",
        "Several columns are much alike here; `accommodates` is asked for.",
    ),
    CORRELATIONS.wrong(
        "squared",
        lambda a: {name: _r(name) ** 2 for name in _THREE},
        "is the square of a correlation",
        "That is R² of a line; a correlation keeps its sign and is not squared.",
    ),
    CORRELATIONS.wrong(
        "other-rows",
        lambda a: {name: [_r(name, side) for side in OTHER] for name in _THREE},
        OF_OTHERS,
        "The rows that were correlated are not those of `train` alone.",
    ),
    CORRELATIONS.rounded(),
)


def _logarithm_won(a: Answers) -> str | None:
    if a.pearson_log > a.pearson:
        return "the logarithm raised Pearson's number: the tail that it tames counts for more here."
    return "the logarithm lowered Pearson's number: the line that it bends counts for more here."


# --- q5 ---------------------------------------------------------------------------------------

PLACE = "neighbourhood_cleansed"
MAP = ["longitude", "latitude"]
BY_PLACE = (PLACE, "listings", "median_price", *MAP)


@cache
def _places(place: str, side: str) -> pd.DataFrame:
    """One row per neighborhood: what is due, and beside it what is nearly so."""
    grouped = _rows(side).groupby(PLACE)
    prices = grouped[LABEL]
    made = {
        name: prices.quantile(at, interpolation=interpolation)
        for name, at, interpolation in (
            ("median_price", 0.5, "midpoint"),
            ("low", 0.5, "lower"),
            ("high", 0.5, "higher"),
            ("below", 0.4, "lower"),
            ("above", 0.6, "higher"),
        )
    }
    found = grouped[MAP].mean().assign(listings=prices.size(), mean=prices.mean(), **made)
    return found.reset_index()


def _difference(seen: pd.DataFrame, side: str = "train", **other: str) -> Differs | None:
    """The first difference to what is due, where each exact median is, or to other columns."""
    due = _places(locate("listings"), side)
    both = seen.merge(due, "left", on=PLACE, suffixes=("", " due"))
    for exact in ("low", "high"):
        same = np.isclose(both["median_price"], both[exact], rtol=1e-9)
        both.loc[same, "median_price"] = both["median_price due"]
    due = due.assign(**{column: due[instead] for column, instead in other.items()})
    return differs(both, due[list(BY_PLACE)], [PLACE], 1e-9)


def _wrong_table(seen: pd.DataFrame) -> Found:
    if found := _gaps("by_place", seen):
        return found
    if not seen[PLACE].is_unique:
        rows, places = len(seen), seen[PLACE].nunique()
        return "rows-multiplied", f"`by_place` has {rows:,} rows for {places:,} neighborhoods"
    if (difference := _difference(seen)) is None:
        return None
    for side, words in OTHER.items():
        if not _difference(seen, side):
            return "other-rows", f"`by_place` is made from {words}"
    if not _difference(seen, median_price="mean"):
        return "mean-for-median", "`median_price` in `by_place` is the mean of each neighborhood"
    if difference.kind != "value":
        has = "no row" if difference.kind == "missing" else "a row, not due from `train`,"
        return "", f"`by_place` has {has} for {difference.key}"
    name = difference.column
    both = seen.merge(_places(locate("listings"), "train"), on=PLACE, suffixes=("", " due"))
    both = both[~np.isclose(both[name], both[f"{name} due"], rtol=1e-9)]
    values = list(zip(both[name], both[f"{name} due"], both["low"], both["high"], strict=True))
    if all(any(shortened(value, due) for due in dues) for value, *dues in values):
        return "rounded", f"`{name}` in `by_place` has too few decimals"
    if name == "median_price" and both[name].between(both["below"], both["above"]).all():
        return "approximate-median", f"`{name}` in `by_place` halves the prices nearly, not exactly"
    return "", f"`{name}` in `by_place` is {difference.found} for {difference.key}"


# Positions, and what shows for each: color values (n,) or colors (n, 3), sizes
Dots = tuple[Numbers, Numbers | None, Numbers]


def _axes(value: Any) -> list[Any]:
    """The axes in a learner's `ax`: axes, a figure, what scatter returned, an array, a list."""
    axes = getattr(value, "axes", value)
    axes = axes.ravel().tolist() if isinstance(axes, np.ndarray) else axes
    return list(axes) if isinstance(axes, list | tuple) else [axes]


def _dots(axes: list[Any]) -> list[Dots]:
    """What each call of `scatter` drew on these axes, and all of them together."""
    drawn = [one for ax in axes for one in getattr(ax, "collections", [])]
    drawn = [one for one in drawn if hasattr(one, "get_sizes") and len(one.get_offsets())]
    # Colors of several calls are comparable only if all have the same scale
    scales = {(one.norm.vmin, one.norm.vmax) for one in drawn}
    found: list[Dots] = []
    for one in drawn:
        places: Numbers = np.ma.filled(np.ma.asarray(one.get_offsets(), dtype=float), np.nan)
        colors = one.get_array()
        if colors is not None:
            alone = len(scales) > 1 and len(places) == 1
            colors = np.ma.getdata(one.norm(colors) if alone else colors).astype(float).ravel()
        else:  # colors as such, of the edges where nothing is filled
            faces = one.get_facecolors() if len(one.get_facecolors()) else one.get_edgecolors()
            colors = faces[:, :3] if len(faces) == len(places) else None
        found.append((places, colors, np.resize(one.get_sizes(), len(places)).astype(float)))
    if len(found) > 1:
        places, sizes = (np.concatenate([dots[i] for dots in found]) for i in (0, 2))
        every = [dots[1] for dots in found if dots[1] is not None]
        whole = len(every) == len(found) and len({colors.ndim for colors in every}) == 1
        found.append((places, np.concatenate(every) if whole else None, sizes))
    return found


def _drawn_at(dots: list[Dots], seen: pd.DataFrame, columns: list[str]) -> Any:
    """(colors, sizes, rows of by_place) of the dots at its places, all in one order, or None."""
    centers = seen[columns].to_numpy(dtype=float)
    for places, colors, sizes in dots:
        if places.shape != centers.shape:
            continue
        mine, due = (np.lexsort(np.round(each, 6).T) for each in (places, centers))
        if np.allclose(places[mine], centers[due], atol=1e-5):
            shown = colors[mine] if colors is not None and len(colors) == len(mine) else None
            return shown, sizes[mine], seen.iloc[due]
    return None


def _rises(shown: Numbers, values: Numbers) -> bool:
    """Whether what a dot shows never falls where a value rises, and does not stay the same."""
    steps = np.diff(shown[np.lexsort((shown, values))])
    return bool((steps >= -1e-9).all() and (np.ptp(shown) > 0 or np.ptp(values) == 0))


def _follow(colors: Numbers, values: Numbers) -> bool:
    """Whether colors belong to values: along the values they run through one color map."""
    import matplotlib

    if colors.ndim == 1:
        return _rises(colors, values) or _rises(-colors, values)
    for of in matplotlib.colormaps.values():
        known = of(np.linspace(0, 1, of.N))[:, :3]
        apart = np.linalg.norm(colors[:, None] - known[None], axis=2)
        if apart.min(axis=1).max() < 0.004 and _follow(apart.argmin(axis=1) * 1.0, values):
            return True
    # Other maps: in the order of the values their colors make a short way, no zigzag
    way = np.linalg.norm(np.diff(colors[np.argsort(values, kind="stable")], axis=0), axis=1).sum()
    widest = np.linalg.norm(colors[:, None] - colors[None], axis=2).max()
    return bool(0 < way <= 4 * widest) or np.ptp(values) == 0


def _wrong_map(a: Answers) -> Found:
    seen, axes = _lower(a.by_place, BY_PLACE), _axes(a.ax)
    if seen is None:
        return "", "`by_place` is a pandas Series; the columns of the question are due"
    if found := _wrong_table(seen):
        return found
    if not any(hasattr(ax, "collections") for ax in axes):
        kind = "None" if a.ax is None else type(a.ax).__name__
        return "axes-not-kept", f"`ax` is {kind}, nothing to draw on"
    dots = _dots(axes)
    drawn = _drawn_at(dots, seen, MAP)
    if drawn is None:
        if _drawn_at(dots, seen, MAP[::-1]):
            return "axes-swapped", "on `ax` the dots lie at (latitude, longitude)"
        many = max((len(places) for places, *_ in dots), default=0)
        if many > 2 * len(seen):
            told = f"`scatter` drew {many:,} dots on `ax`, more than there are neighborhoods"
            return "every-listing", told
        return "", "`scatter` has not drawn a dot on `ax` for each row of `by_place`, at its place"
    colors, sizes, rows = drawn
    if colors is None or not _follow(colors, rows["median_price"].to_numpy(dtype=float)):
        return "color-not-price", "the dots on `ax` have colors that do not follow the median price"
    if not _rises(sizes, rows["listings"].to_numpy(dtype=float)):
        how = "do not rise with the number of listings" if np.ptp(sizes) else "are all the same"
        return "size-not-listings", f"the sizes of the dots on `ax` {how}"
    return None


def _no_city(a: Answers) -> str | None:
    many, axes = 2 * len(a.by_place), _axes(a.ax)
    lines = [line.get_xdata() for ax in axes for line in ax.lines]
    if any(len(drawn) > many for drawn in [*lines, *(places for places, *_ in _dots(axes))]):
        return None
    return "your map has no gray dots below; draw_city() shows where there are listings at all."


Q5 = decided(
    _wrong_map,
    {
        "missing-values": GAPS,
        "rows-multiplied": "Another column stood in groupBy too; group by the neighborhood alone.",
        "other-rows": "The listings were not grouped from `train` alone.",
        "mean-for-median": "One very expensive listing moves the mean of a small neighborhood; use "
        "F.median.",
        "rounded": ROUNDED,
        "approximate-median": "percentile_approx stops where an error is allowed; F.median is "
        "exact.",
        "axes-not-kept": "show() returns nothing: keep what draw_city() returned, and show it "
        "later.",
        "axes-swapped": "Longitude is east and west: it goes to x, the first argument of scatter.",
        "every-listing": "The listings were drawn one by one; draw the rows of `by_place`.",
        "color-not-price": "c= is missing, or got something else than the median price of each "
        "dot's own row.",
        "size-not-listings": "s= is missing, or it got something that does not rise with "
        "`listings`.",
    },
)


# --- q6 ---------------------------------------------------------------------------------------

GUESSES = ("mean", "median", "log mean")
Loss = Callable[[Numbers], float]


def _rmse(error: Numbers) -> float:
    return float(np.sqrt(np.mean(error**2)))


def _mae(error: Numbers) -> float:
    return float(np.mean(np.abs(error)))


def _constants(side: str = "train") -> dict[str, Sequence[float]]:
    prices = _prices(side)
    log_mean = float(np.exp(np.log(prices).mean()))
    return {"mean": [_mean(prices)], "median": _middles(prices), "log mean": [log_mean]}


def _errors(
    constants: Mapping[str, Sequence[float]] | None = None,
    judge: str = "test",
    rmse: Loss = _rmse,
    mae: Loss = _mae,
    error: Callable[[Numbers, float], Numbers] = np.subtract,
) -> Listed:
    """What both dicts hold of such constants, judged on such rows by such losses."""
    return {
        (name, guess): [loss(error(_prices(judge), constant)) for constant in made]
        for name, loss in {"rmse": rmse, "mae": mae}.items()
        for guess, made in (constants or _constants()).items()
    }


def _only(name: str, errors: Listed) -> Listed:
    return {place: made for place, made in errors.items() if place[0] == name}


def _in_logs(new: Numbers, constant: float) -> Numbers:
    return np.log(new) - np.log(constant)


def _shortened(constant: float) -> list[float]:
    return [short for n in (0, 1, 2) for short in (round(constant, n), float(int(constant)))]


ERRORS = Values(lambda a: _errors(), 1e-6)

Q6 = (
    ERRORS.wrong(
        "dicts-swapped",
        lambda a: _errors(rmse=_mae, mae=_rmse),
        "{name} belongs into the other dict",
        "Mean absolute errors went into `rmse`, and root mean squared ones into `mae`.",
        whole=True,
    ),
    ERRORS.wrong(
        "rmse-for-mae",
        lambda a: _only("mae", _errors(mae=_rmse)),
        "is a root mean squared error",
        "One loss went into both dicts, as by a RegressionEvaluator whose metricName was not set.",
    ),
    ERRORS.wrong(
        "mae-for-rmse",
        lambda a: _only("rmse", _errors(rmse=_mae)),
        "is a mean absolute error",
        "That is the loss of `mae`. The root of each square is an absolute value, too: first the\n"
        "mean of all squares, then its root.",
    ),
    ERRORS.wrong(
        "evaluated-on-train",
        lambda a: _joined(
            *(_errors(_constants(), judge) for judge in ("train", "all")),
            _errors(_constants("all"), "all"),
        ),
        "is the error on the training rows, or on all rows",
        "The constants were judged on rows that they were learned from.",
    ),
    ERRORS.wrong(
        "learned-from-test",
        lambda a: _joined(_errors(_constants("test")), _errors(_constants("all"))),
        "belongs to a constant that was learned from the test rows, or from all",
        "Nobody knows the test prices beforehand: a baseline may not use them either.",
    ),
    ERRORS.wrong(
        "error-in-logs",
        lambda a: _errors(error=_in_logs),
        "is in log(dollars), not in dollars",
        "Prediction and price were compared as logarithms. Such an error cannot stand beside\n"
        "errors in dollars: exponentiate the constant before you compare.",
    ),
    ERRORS.wrong(
        "error-exponentiated",
        lambda a: {
            key: [float(np.exp(n)) for n in made] for key, made in _errors(error=_in_logs).items()
        },
        "is the exponential of an error in log(dollars)",
        "exp of an error is a factor. Exponentiate the prediction, then take errors.",
    ),
    ERRORS.wrong(
        "guess-in-logs",
        lambda a: _errors({"log mean": [_mean(np.log(_prices()))]}),
        "comes from a guess of a few dollars",
        "The mean of the logarithms was used as dollars; np.exp or F.exp is missing.",
    ),
    ERRORS.wrong(
        "mean-for-median",
        lambda a: _errors({"median": [_mean(_prices())]}),
        "{name} is the error of the mean",
        "The mean was used for the median, or the two went under each other's name.",
    ),
    ERRORS.wrong(
        "log-of-mean",
        lambda a: _errors({"log mean": [_mean(_prices())]}),
        "{name} is the error of the mean",
        "exp(log(mean)) is the mean again: first the logarithm of each price, then their mean,\n"
        "then exp. Or the mean went under this name.",
    ),
    ERRORS.wrong(
        "approximate-median",
        lambda a: _errors({"median": _near_the_middle()}),
        "belongs to a price that halves the training prices nearly, not exactly",
        NEARLY,
    ),
    ERRORS.wrong(
        "signed-error",
        lambda a: _joined(
            _errors(rmse=_mean, mae=_mean), _errors(error=lambda new, c: c - new, mae=_mean)
        ),
        "is the mean of errors above and below zero",
        "The absolute value is missing, or was taken last: F.mean(F.abs(error)).",
    ),
    ERRORS.wrong(
        "mse-for-rmse",
        lambda a: {("rmse", guess): [n**2 for n in _errors()["rmse", guess]] for guess in GUESSES},
        "is in squared dollars",
        "The square root is missing.",
    ),
    ERRORS.wrong(
        "spread-for-rmse",
        lambda a: {
            ("rmse", guess): [float(_prices("test").std(ddof=n)) for n in (0, 1)]
            for guess in GUESSES
        },
        "is the standard deviation of the test prices, whatever the constant",
        "It leaves out how far the constant lies from their mean: square price minus constant.",
    ),
    ERRORS.wrong(
        "constant-rounded",
        lambda a: _errors({name: _shortened(made[0]) for name, made in _constants().items()}),
        "is the error of a constant with too few digits",
        "Keep all digits of the constants; round only what you print.",
    ),
    ERRORS.rounded(),
)

QUESTIONS = [
    Question(
        id="q1",
        title="The shape of the price",
        points=2,
        names={"bars": "pandas", "mean_price": "number", "median_price": "number"},
        columns={"bars": dict.fromkeys(BARS, "number")},
        hints=(
            "Each price needs the lower end of its step. What is left of price / 50 when you cut "
            "off the fraction, and what times 50 is that?",
            "Group by (F.floor(F.col('price') / 50) * 50).alias('dollars'), count, toPandas(). For "
            "the middles there are F.mean and F.median.",
        ),
        mistakes=Q1,
        refuse=refused(_wrong_bars, MIDDLES),
        why="one number for the middle hides the tail; the counts show it, and they are small "
        "however large the table is.",
    ),
    Question(
        id="q2",
        title="The logarithm",
        points=2,
        names={"log_train": "frame", "skew_price": "number", "skew_log": "number"},
        columns={"log_train": {LABEL: "number", "log_price": "number"}},
        hints=(
            "`withColumn` adds a column. Which function of pyspark.sql.functions is the natural "
            "logarithm?",
            "F.log('price') as column `log_price`; then one agg with F.skewness of each of the two "
            "columns, and first() gives both numbers.",
        ),
        mistakes=Q2,
        refuse=refused(_wrong_logs, SKEWS),
        why="a label with a long tail lets a few rows rule a model; on the log scale a factor "
        "counts the same everywhere.",
    ),
    Question(
        id="q3",
        title="Two categories",
        points=2,
        names={"p_values": "dict", "cramers_v": "dict", "related": "list"},
        keys={name: dict.fromkeys(CATEGORIES, "number") for name in ("p_values", "cramers_v")},
        hints=(
            "The test wants a table of counts: room types down, the other categories across. "
            "`crosstab` makes one, and its first column is only the names of the rows.",
            "counts = kinds.crosstab('room_type', name) without its first column, toPandas(); "
            "stats.chi2_contingency(counts) gives chi-square first and p second. n is the sum of "
            "the counts.",
        ),
        looks_at={
            "room_type": "all numbers: each belongs to a table of it and another category",
            "crosstab": "nothing: one way to count",
            "ChiSquareTest": "nothing: one way to test",
        },
        mistakes=Q3,
        refuse=refused(_wrong_names, TESTS),
        why="with many rows a tiny p comes from a weak relation too, so evidence and strength are "
        "two numbers.",
    ),
    Question(
        id="q4",
        title="Two numbers",
        points=2,
        names=dict.fromkeys(_THREE, "number"),
        hints=(
            "`train.corr` takes two column names and knows Pearson's correlation only. What has "
            "to be there before it can correlate with a logarithm?",
            "Spearman: put both columns into one vector with VectorAssembler, then "
            "Correlation.corr(frame, column, 'spearman'), whose one row holds a matrix. Or let "
            "scipy do it: stats.spearmanr on the two columns as pandas.",
        ),
        looks_at={
            "accommodates": "all numbers, and other-column",
            "price": "all numbers, and log-for-raw",
            "VectorAssembler": "nothing: one way to Spearman's",
        },
        mistakes=Q4,
        refuse=CORRELATIONS.refuse,
        note=_logarithm_won,
        why="a correlation answers for one scale and one shape; ranks ask less and are led astray "
        "less.",
    ),
    Question(
        id="q5",
        title="Prices on a map",
        points=2,
        names={"by_place": "pandas", "ax": "any"},
        columns={"by_place": {PLACE: "text"} | dict.fromkeys(BY_PLACE[1:], "number")},
        hints=(
            "One groupBy with four aggregates gives all columns; toPandas() brings the few rows. "
            "On a map, what goes to the right and what goes up?",
            "ax = draw_city(), then ax.scatter(by_place['longitude'], by_place['latitude'], "
            "s=by_place['listings'], c=by_place['median_price']).",
        ),
        mistakes=Q5,
        refuse=refused(_wrong_map),
        note=_no_city,
        looks_at={"alt": "nothing: it is read by people, whenever the map is shown"},
        why="a map shows at once whether place matters, and which neighborhoods have too few "
        "listings to say.",
    ),
    Question(
        id="q6",
        title="The baselines",
        points=2,
        names={"rmse": "dict", "mae": "dict"},
        keys={name: dict.fromkeys(GUESSES, "number") for name in ("rmse", "mae")},
        hints=(
            "Three numbers come from `train`. Then only the test rows count: price minus number, "
            "for each of them.",
            "F.exp(F.mean(F.log('price'))) is the third constant, in dollars. With error = "
            "F.col('price') - constant, test.agg(F.sqrt(F.mean(error**2)), "
            "F.mean(F.abs(error))).first() gives both errors of one.",
        ),
        mistakes=Q6,
        refuse=ERRORS.refuse,
        why="an error in dollars is good or bad only beside that of a guess without a model, "
        "judged on the same rows.",
    ),
]
