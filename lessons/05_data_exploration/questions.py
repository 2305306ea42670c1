"""The questions of lab 05.

References are computed with numpy, pandas and scipy from the rows in use: one Spark job brings
the columns of both sides, and each answer of the lab is judged by them. A right number that was
rounded is right, as long as it is within half a percent.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

import numpy as np

from course_utils import load_split, locate
from course_utils.lab import Answers, Mistake, Question

COLUMNS = (
    "price",
    "accommodates",
    "room_type",
    "host_is_superhost",
    "bathrooms",
    "bedrooms",
    "neighbourhood_cleansed",
    "latitude",
    "longitude",
)
CATEGORIES = ("size", "host_is_superhost", "half_bath")
STEP = 50  # dollars
OTHER = {"all": "all rows, test rows included", "test": "the test rows"}

Rule = Callable[[Answers], str | None]


# --- references -------------------------------------------------------------------------------


@cache
def _sides(listings: str) -> dict[str, Any]:
    """Train, test and both together as pandas; `listings` is the file they come from."""
    from pyspark.sql import functions as F

    train, test = (side.select(*COLUMNS) for side in load_split("listings"))
    both = train.withColumn("side", F.lit("train")).unionAll(test.withColumn("side", F.lit("test")))
    table = both.toPandas()
    guests = table["accommodates"]
    table["size"] = np.select([guests <= 2, guests <= 4], ["1-2", "3-4"], "5 or more")
    table["half_bath"] = np.where(table["bathrooms"] % 1 > 0, "yes", "no")
    sides = {name: table[table["side"] == name] for name in ("train", "test")}
    return sides | {"all": table}


def _rows(side: str) -> Any:
    return _sides(locate("listings"))[side]


def _prices(side: str) -> np.ndarray:
    return _rows(side)["price"].to_numpy(dtype=float)


def _half_digit(value: Any) -> float:
    """Half a unit of the last decimal that a number was written with: 205.18 -> 0.005."""
    exponent = Decimal(repr(float(value))).normalize().as_tuple().exponent
    return 0.5 * 10.0 ** min(int(exponent), 0) * (1 + 1e-6)


def _near(value: Any, other: float, most: float = 0.005) -> bool:
    """Whether a number is this one, or this one rounded, then up to a part `most` of it."""
    off = abs(float(value) - other)
    if off <= 1e-6 * max(abs(other), 1e-6):
        return True
    return off <= most * abs(other) and off <= _half_digit(value)


def _rounded(name: str, value: Any, right: float) -> str | None:
    """That a number is right but for its missing digits."""
    if not _near(value, right, 0.2):
        return None
    return f"`{name}` = {float(value):.6g} is right, but rounded"


def _is_median(value: Any, of: np.ndarray) -> bool:
    """Whether a number is the median, or as near to it as `approxQuantile` comes."""
    low, high = np.quantile(of, [0.49, 0.51])
    return bool(low <= float(value) <= high)


def _numbers(table: Mapping[str, Any], names: Iterable[str]) -> dict[str, float] | None:
    """The values of a learner's dict as numbers; None where it has other keys or other values."""
    if set(table) != set(names):
        return None
    try:
        numbers = {name: float(table[name]) for name in names}
    except (TypeError, ValueError):
        return None
    return numbers if all(map(np.isfinite, numbers.values())) else None


# --- q1 ---------------------------------------------------------------------------------------


def _bars(a: Answers) -> dict[float, float] | None:
    """{lower end: listings} of the learner's frame, empty steps left out; None if unreadable."""
    if not hasattr(a.bars, "columns"):
        return None
    named = {str(name).lower(): name for name in a.bars.columns}
    pairs = a.bars[[named["dollars"], named["listings"]]]
    if pairs.isna().to_numpy().any() or pairs[named["dollars"]].duplicated().any():
        return None
    return {float(low): float(n) for low, n in pairs.to_numpy(dtype=float) if n}


def _counted(values: np.ndarray) -> dict[float, float]:
    found, counts = np.unique(values, return_counts=True)
    return dict(zip(found.tolist(), counts.astype(float).tolist(), strict=True))


def _steps(side: str) -> dict[float, float]:
    return _counted(np.floor(_prices(side) / STEP) * STEP)


def _rounded_bins(a: Answers) -> str | None:
    steps = _prices("train") / STEP
    # numpy and Python round 0.5 to the even neighbor, Spark away from zero
    rounded = (_counted(np.round(steps) * STEP), _counted(np.floor(steps + 0.5) * STEP))
    if _bars(a) != _steps("train") and _bars(a) in rounded:
        return "a price just below a step, such as 99, is counted in `bars` with the step above it"
    return None


def _upper_ends(a: Answers) -> str | None:
    steps, seen = _prices("train") / STEP, _bars(a)
    upper = (_counted(np.ceil(steps) * STEP), _counted(np.floor(steps) * STEP + STEP))
    if seen != _steps("train") and seen in upper:
        return "`dollars` holds the upper ends of the steps"
    if seen == _counted(np.floor(steps) * STEP + STEP / 2):
        return "`dollars` holds the middles of the steps"
    return None


def _right_closed(a: Answers) -> str | None:
    prices = _prices("train")
    below, edges = _counted((np.ceil(prices / STEP) - 1) * STEP), prices[prices % STEP == 0]
    if len(edges) and _bars(a) == below:
        return f"a price of {edges.min():.0f} is counted in `bars` with the step below it"
    return None


def _tail_cut(a: Answers) -> str | None:
    seen, due = _bars(a), _steps("train")
    if not seen or seen != {low: count for low, count in due.items() if low <= max(seen)}:
        return None
    gone = len(_prices("train")) - int(sum(seen.values()))
    words = "1 listing is" if gone == 1 else f"{gone:,} listings are"
    return f"`bars` ends with the step {max(seen):,.0f}, and {words} missing" if gone else None


def _bin_numbers(a: Answers) -> str | None:
    numbers = {low / STEP: count for low, count in _steps("train").items()}
    if _bars(a) == numbers:
        return "`dollars` counts 0, 1, 2, …, which are numbers of steps"
    return None


def _every_price(a: Answers) -> str | None:
    if _bars(a) == _counted(_prices("train")):
        return f"`bars` has {len(a.bars)} rows, one for each price that occurs"
    return None


def _other_prices(a: Answers) -> str | None:
    for side, words in OTHER.items():
        if _bars(a) == _steps(side):
            return f"the counts in `bars` are those of {words}"
        means = {name: float(_prices(name).mean()) for name in (side, "train")}
        if _near(a.mean_price, means[side]) and not _near(a.mean_price, means["train"]):
            return f"`mean_price` is that of {words}"
    return None


def _middles_swapped(a: Answers) -> str | None:
    prices = _prices("train")
    if _near(a.median_price, float(prices.mean())) and _is_median(a.mean_price, prices):
        return "`mean_price` is lower than `median_price`, in spite of the long tail to the right"
    return None


def _mean_for_median(a: Answers) -> str | None:
    prices = _prices("train")
    if _near(a.median_price, float(prices.mean())) and not _is_median(a.median_price, prices):
        return "`median_price` is the mean of the prices"
    return None


def _right_shape(a: Answers) -> str | None:
    bars, prices = _bars(a), _prices("train")
    if not hasattr(a.bars, "columns"):
        return "`bars` is a pandas Series; the two columns `dollars` and `listings` are due"
    if bars is None:
        return "`bars` does not have one number of listings for each step"
    if bars != _steps("train"):
        due = _steps("train")
        first = min(low for low in bars.keys() | due.keys() if bars.get(low) != due.get(low))
        return (
            f"`bars` does not have the counts of steps of {STEP} dollars: the first that differs "
            f"is {first:g}, with {_listings(int(bars.get(first, 0)))}"
        )
    if not _near(a.mean_price, float(prices.mean())):
        return f"`mean_price` = {float(a.mean_price):.6g} is not the mean of the training prices"
    if not _is_median(a.median_price, prices):
        return f"`median_price` = {float(a.median_price):.6g} does not halve the training prices"
    return None


def _listings(count: int) -> str:
    return "1 listing" if count == 1 else f"{count:,} listings"


# --- q2 ---------------------------------------------------------------------------------------


@lru_cache(maxsize=1)  # several rules look at the same answer
def _look(a: Answers) -> dict[str, float]:
    """What is in log_train: rows, sum of prices, and how far log_price is from each logarithm."""
    from pyspark.sql import functions as F

    price, log = F.col("price").cast("double"), F.col("log_price").cast("double")
    logs = {"e": F.log(price), "10": F.log10(price), "2": F.log2(price), "plus": F.log1p(price)}
    far = [F.max(F.abs(log - of)).alias(name) for name, of in logs.items()]
    both = F.count(F.when(price.isNotNull() & log.isNotNull(), 1))
    looked = a.log_train.agg(both.alias("rows"), F.sum(price).alias("sum"), *far)
    found = a.collect(looked)[0].asDict()
    return {name: np.inf if value is None else float(value) for name, value in found.items()}


def _price_replaced(a: Answers) -> str | None:
    if _near(_look(a)["sum"], float(np.log(_prices("train")).sum())):
        return "the column `price` of `log_train` holds logarithms as well"
    return None


def _other_base(a: Answers) -> str | None:
    for base in ("10", "2"):
        if _look(a)[base] < 1e-6:
            return f"`log_price` is a logarithm to the base {base}"
    return None


def _one_more(a: Answers) -> str | None:
    if _look(a)["plus"] < 1e-6:
        return "`log_price` is the logarithm of `price` plus 1"
    return None


def _skews() -> tuple[float, float]:
    from scipy import stats

    prices = _prices("train")
    return float(stats.skew(prices)), float(stats.skew(np.log(prices)))


def _is_skew(value: Any, of: float) -> bool:
    """Libraries differ in the third digit: some correct for the size of the sample."""
    return abs(float(value) - of) <= 0.005 + 0.005 * abs(of)


def _skews_swapped(a: Answers) -> str | None:
    of_price, of_log = _skews()
    if _is_skew(a.skew_price, of_log) and _is_skew(a.skew_log, of_price):
        return "`skew_log` is the one with the long tail"
    return None


def _skew_twice(a: Answers) -> str | None:
    of_price, _ = _skews()
    if _is_skew(a.skew_price, of_price) and _is_skew(a.skew_log, of_price):
        return "`skew_log` has the same value as `skew_price`"
    return None


def _log_of_skew(a: Answers) -> str | None:
    of_price, of_log = _skews()
    wrong = float(np.log(of_price)) if of_price > 0 else np.nan
    if _is_skew(a.skew_log, wrong) and not _is_skew(a.skew_log, of_log):
        return "`skew_log` is the logarithm of `skew_price`"
    return None


def _other_logs(a: Answers) -> str | None:
    rows = _look(a)["rows"]
    for side, words in OTHER.items():
        if rows == len(_rows(side)) and _near(_look(a)["sum"], float(_prices(side).sum())):
            return f"`log_train` holds {words}"
    return None


def _columns_missing(a: Answers) -> str | None:
    kept = {name.lower() for name in a.log_train.columns}
    missing = [name for name in a.train.columns if name.lower() not in kept]
    return f"`log_train` has no column `{missing[0]}`" if missing else None


def _right_logs(a: Answers) -> str | None:
    look, prices = _look(a), _prices("train")
    if look["rows"] != len(prices) or not _near(look["sum"], float(prices.sum())):
        return f"`log_train` has {look['rows']:,.0f} rows with both values; not the training rows"
    if look["e"] > 1e-6:
        return "`log_price` is not the natural logarithm of `price`"
    for name, skew in zip(("skew_price", "skew_log"), _skews(), strict=True):
        if not _is_skew(getattr(a, name), skew):
            return f"`{name}` = {float(getattr(a, name)):.4g} is not the skewness of its column"
    return None


# --- q3 ---------------------------------------------------------------------------------------


@cache
def _tests(listings: str, side: str) -> dict[str, dict[str, float]]:
    """Chi-square, p and V of each category with the room type, and what mistakes make of them."""
    import pandas as pd
    from scipy import stats

    rows = _sides(listings)[side]
    found: dict[str, dict[str, float]] = {}
    for name in CATEGORIES:
        counts = pd.crosstab(rows["room_type"], rows[name])
        # scipy corrects chi-square of 2 x 2 tables by default; others don't
        chi2, p, *_ = stats.chi2_contingency(counts)
        chi2_plain, p_plain, *_ = stats.chi2_contingency(counts, correction=False)
        for kind, value in (("chi2", chi2), ("p", p), ("p plain", p_plain)):
            found.setdefault(kind, {})[name] = float(value)
        free = len(rows) * (min(counts.shape) - 1)
        for kind, value in (("v", chi2 / free), ("v plain", chi2_plain / free)):
            found.setdefault(kind, {})[name] = float(value) ** 0.5
        found.setdefault("v squared", {})[name] = float(chi2 / free)
        for kind, k in (("without k", 2), ("with k", min(counts.shape) + 1)):
            found.setdefault(f"v {kind}", {})[name] = float(chi2 / len(rows) / (k - 1)) ** 0.5
        larger = max(counts.shape) - 1
        found.setdefault("v with larger k", {})[name] = float(chi2 / len(rows) / larger) ** 0.5
        for kind in ("all", "index", "columns"):
            shares = pd.crosstab(rows["room_type"], rows[name], normalize=kind)
            for factor in (1, 100):
                p = stats.chi2_contingency(factor * shares).pvalue
                found.setdefault(f"p of shares {kind} {factor}", {})[name] = float(p)
    return found


def _tested(side: str = "train") -> dict[str, dict[str, float]]:
    return _tests(locate("listings"), side)


def _is_result(value: float, right: float) -> bool:
    """Whether a p or a V is this one; four decimals are enough."""
    off, digit = abs(value - right), _half_digit(value) if value else 5e-5
    return _near(value, right) or off <= 1e-6 or off <= digit < 6e-5


def _same(table: Any, *wanted: dict[str, float]) -> bool:
    """Whether a learner's dict is one of these."""
    given = _numbers(table, CATEGORIES)
    if given is None:
        return False
    return any(all(_is_result(given[name], right[name]) for name in given) for right in wanted)


def _right_p(a: Answers) -> bool:
    return _same(a.p_values, _tested()["p"], _tested()["p plain"])


def _right_v(a: Answers) -> bool:
    return _same(a.cramers_v, _tested()["v"], _tested()["v plain"])


def _statistic_for_p(a: Answers) -> str | None:
    if not _right_p(a) and _same(a.p_values, _tested()["chi2"]):
        return "`p_values` has values above 1, which no probability has"
    return None


def _of_shares(a: Answers) -> str | None:
    shares = [table for kind, table in _tested().items() if kind.startswith("p of shares")]
    if not _right_p(a) and _same(a.p_values, *shares):
        return "the p-values belong to far fewer rows than there are"
    return None


def _v_without_root(a: Answers) -> str | None:
    if not _right_v(a) and _same(a.cramers_v, _tested()["v squared"]):
        return "the values of `cramers_v` are the squares of V"
    return None


def _k_forgotten(a: Answers) -> str | None:
    if _right_v(a):
        return None
    if _same(a.cramers_v, _tested()["v without k"]):
        return "`cramers_v` is right only where one of the columns has two categories"
    for kind, words in (("with k", "k itself"), ("with larger k", "the larger k, less 1")):
        if _same(a.cramers_v, _tested()[f"v {kind}"]):
            return f"the values of `cramers_v` were made with n times {words}"
    return None


def _other_kinds(a: Answers) -> str | None:
    for side, words in OTHER.items():
        tested = _tested(side)
        if not _right_v(a) and _same(a.cramers_v, tested["v"], tested["v plain"]):
            return f"`cramers_v` is that of {words}"
        if not _right_p(a) and _same(a.p_values, tested["p"], tested["p plain"]):
            return f"`p_values` are those of {words}"
    return None


def _below(a: Answers) -> set[str]:
    """The names that the learner's own p-values call related."""
    return {name for name, p in (_numbers(a.p_values, CATEGORIES) or {}).items() if p < 0.01}


def _misread(a: Answers) -> str | None:
    if _right_p(a) and {str(name) for name in a.related} == set(CATEGORIES) - _below(a):
        return "`related` lists the names whose p-value is large"
    return None


def _rounded_tests(a: Answers) -> str | None:
    for dict_, kind in (("p_values", "p"), ("cramers_v", "v")):
        for name, value in (_numbers(getattr(a, dict_), CATEGORIES) or {}).items():
            right = _tested()[kind][name]
            if not _is_result(value, right) and (
                found := _rounded(f"{dict_}['{name}']", value, right)
            ):
                return found
    return None


def _by_strength(a: Answers) -> str | None:
    named, due = {str(name) for name in a.related}, _below(a)
    if not (_right_p(a) and _right_v(a)) or named == due or not named:
        return None
    strength = _numbers(a.cramers_v, CATEGORIES) or {}
    left = set(CATEGORIES) - named
    if not named <= due or max(strength[name] for name in left) >= min(
        strength[name] for name in named
    ):
        return None
    name = max(due - named, key=strength.__getitem__)
    return f"`related` leaves out {name}, whose value in `p_values` is {a.p_values[name]:.2g}"


def _right_tests(a: Answers) -> str | None:
    for name in ("p_values", "cramers_v"):
        if _numbers(getattr(a, name), CATEGORIES) is None:
            return f"`{name}` does not have one number for each name in CATEGORIES"
    if not _right_p(a):
        return _first_wrong("p_values", a.p_values, "p", "is not the p of the test on the counts")
    if not _right_v(a):
        words = "does not follow from chi-square by the formula"
        return _first_wrong("cramers_v", a.cramers_v, "v", words)
    if {str(name) for name in a.related} != _below(a):
        return "`related` is not the list of the names whose value in `p_values` is below 0.01"
    return None


def _first_wrong(dict_: str, table: Any, kind: str, words: str) -> str:
    """What is wrong with the first value of a dict that is not right."""
    given = _numbers(table, CATEGORIES) or {}
    for name, right in _tested()[kind].items():
        if not _is_result(given[name], right):
            return f"`{dict_}['{name}']` = {given[name]:.6g} {words}"
    return f"the values of `{dict_}` are not all from the same kind of test"


# --- q4 ---------------------------------------------------------------------------------------

_THREE = ("pearson", "pearson_log", "spearman")


@cache
def _correlations(listings: str, side: str) -> dict[str, float]:
    """The three correlations, and what mistakes make of them."""
    from scipy import stats

    rows = _sides(listings)[side]
    names = ("accommodates", "price", "bedrooms")
    guests, price, rooms = (rows[name].to_numpy(dtype=float) for name in names)
    ranked = {
        f"ranks {ties}": float(
            np.corrcoef(*(stats.rankdata(values, ties) for values in (guests, price)))[0, 1]
        )
        for ties in ("min", "max", "dense", "ordinal")
    }
    return ranked | {
        "pearson": float(np.corrcoef(guests, price)[0, 1]),
        "pearson_log": float(np.corrcoef(guests, np.log(price))[0, 1]),
        "spearman": float(stats.spearmanr(guests, price).statistic),
        "both logs": float(np.corrcoef(np.log(guests), np.log(price))[0, 1]),
        "kendall": float(stats.kendalltau(guests, price).statistic),
        "pearson of rooms": float(np.corrcoef(rooms, price)[0, 1]),
        "pearson_log of rooms": float(np.corrcoef(rooms, np.log(price))[0, 1]),
        "spearman of rooms": float(stats.spearmanr(rooms, price).statistic),
    }


def _correlated(side: str = "train") -> dict[str, float]:
    return _correlations(locate("listings"), side)


def _is_other(a: Answers, name: str, kind: str) -> bool:
    """Whether `name` has the value of another correlation and not its own."""
    right, value = _correlated(), getattr(a, name)
    return _near(value, right[kind]) and not _near(value, right[name])


def _log_for_raw(a: Answers) -> str | None:
    if _is_other(a, "pearson", "pearson_log"):
        return "`pearson` is the correlation with the logarithm of the price"
    if _is_other(a, "pearson_log", "pearson"):
        return "`pearson_log` is the correlation with the price itself"
    return None


def _both_logged(a: Answers) -> str | None:
    for name in ("pearson_log", "pearson"):
        if _is_other(a, name, "both logs"):
            return f"a logarithm of `accommodates` is in `{name}` as well"
    return None


def _not_ranked(a: Answers) -> str | None:
    if _is_other(a, "spearman", "pearson") or _is_other(a, "spearman", "pearson_log"):
        return "`spearman` has the value of one of Pearson's correlations"
    return None


def _other_ranks(a: Answers) -> str | None:
    if _is_other(a, "spearman", "kendall"):
        return "`spearman` is Kendall's tau"
    for ties in ("min", "max", "dense", "ordinal"):
        if _is_other(a, "spearman", f"ranks {ties}"):
            return "`spearman` comes from ranks in which equal values are not ranked by their mean"
    return None


def _of_rooms(a: Answers) -> str | None:
    for name in _THREE:
        if _is_other(a, name, f"{name} of rooms"):
            return f"`{name}` is the correlation of `bedrooms` and the price"
    return None


def _squared(a: Answers) -> str | None:
    right = _correlated()
    for name in _THREE:
        if _near(getattr(a, name), right[name] ** 2) and not _near(getattr(a, name), right[name]):
            return f"`{name}` is the square of a correlation"
    return None


def _other_pairs(a: Answers) -> str | None:
    right = _correlated()
    for side, words in OTHER.items():
        other = _correlated(side)
        for name in _THREE:
            value = getattr(a, name)
            if _near(value, other[name]) and not _near(value, right[name]):
                return f"`{name}` is that of {words}"
    return None


def _rounded_correlations(a: Answers) -> str | None:
    for name in _THREE:
        value, right = getattr(a, name), _correlated()[name]
        if not _near(value, right) and (found := _rounded(name, value, right)):
            return found
    return None


def _right_correlations(a: Answers) -> str | None:
    for name, right in zip(_THREE, (_correlated()[name] for name in _THREE), strict=True):
        if not _near(getattr(a, name), right):
            return f"`{name}` = {float(getattr(a, name)):.4g} is not that correlation"
    return None


def _logarithm_won(a: Answers) -> str | None:
    if float(a.pearson_log) > float(a.pearson):
        return "the logarithm raised Pearson's number: the tail that it tames counts for more here."
    return "the logarithm lowered Pearson's number: the line that it bends counts for more here."


# --- q5 ---------------------------------------------------------------------------------------

PLACE = "neighbourhood_cleansed"


@cache
def _places(listings: str, side: str) -> Any:
    """Per neighborhood, sorted: listings, middle prices (lower, upper), mean price, position."""
    grouped = _sides(listings)[side].groupby(PLACE)
    prices = grouped["price"]
    found = grouped[["latitude", "longitude"]].mean()
    found["listings"] = prices.size()
    found["low"] = prices.quantile(0.5, interpolation="lower")
    found["high"] = prices.quantile(0.5, interpolation="higher")
    found["mean"] = prices.mean()
    return found.sort_index()


def _placed(side: str = "train") -> Any:
    return _places(locate("listings"), side)


def _by_place(a: Answers) -> Any:
    """The learner's frame with neighborhoods as sorted index; None if it can't be read so."""
    if not hasattr(a.by_place, "columns"):
        return None
    frame = a.by_place.rename(columns=lambda name: str(name).lower())
    frame = frame[[PLACE, "listings", "median_price", "latitude", "longitude"]].dropna()
    if frame[PLACE].duplicated().any():
        return None
    return frame.set_index(PLACE).sort_index().astype(float)


def _same_places(seen: Any, right: Any) -> bool:
    """Whether these are the same neighborhoods with the same numbers of listings."""
    return (
        seen is not None
        and list(seen.index) == list(right.index)
        and bool((seen["listings"] == right["listings"]).all())
    )


def _medians_right(seen: Any, right: Any) -> bool:
    price = seen["median_price"]
    return bool(((price >= right["low"] - 1e-6) & (price <= right["high"] + 1e-6)).all())


Dots = tuple[np.ndarray, np.ndarray | None, np.ndarray]  # positions, color values, sizes


def _dots(value: Any) -> list[Dots]:
    """What each call of `scatter` drew on these axes or figure, and all of them together."""
    axes = getattr(value, "axes", value)
    every = axes.ravel().tolist() if isinstance(axes, np.ndarray) else axes
    every = every if isinstance(every, list | tuple) else [every]
    drawn = [one for ax in every for one in getattr(ax, "collections", [])]
    drawn = [one for one in drawn if hasattr(one, "get_sizes")]
    # Colors of several calls are comparable only if all have the same scale
    scales = {(one.norm.vmin, one.norm.vmax) for one in drawn}
    found: list[Dots] = []
    for one in drawn:
        places = np.ma.getdata(one.get_offsets()).astype(float)
        colors = one.get_array()
        if colors is not None:
            colors = np.ma.getdata(colors).astype(float).ravel()
            colors = one.norm(colors) if len(scales) > 1 and len(places) == 1 else colors
        elif len(faces := one.get_facecolors()) == len(places):
            colors = faces[:, :3] @ [0.299, 0.587, 0.114]  # colors as such: how bright they are
        sizes = np.resize(one.get_sizes(), len(places)).astype(float)
        found.append((places, colors, sizes))
    if len(found) > 1:
        places, sizes = (np.concatenate([dots[i] for dots in found]) for i in (0, 2))
        colors = [dots[1] for dots in found if dots[1] is not None]
        whole = len(colors) == len(found)
        found.append((places, np.ma.getdata(np.concatenate(colors)) if whole else None, sizes))
    return found


def _order(places: np.ndarray) -> np.ndarray:
    return np.lexsort(np.round(places, 6).T)


def _drawn_at(a: Answers, columns: tuple[str, str]) -> tuple[Any, Any, Any] | None:
    """(color values, sizes, rows of by_place) of the dots at its places, all in one order."""
    seen = _by_place(a)
    centers = seen[list(columns)].to_numpy()
    for places, colors, sizes in _dots(a.ax):
        if places.shape != centers.shape:
            continue
        mine, due = _order(places), _order(centers)
        if np.allclose(places[mine], centers[due], atol=1e-5):
            shown = colors[mine] if colors is not None and len(colors) == len(mine) else None
            return shown, sizes[mine], seen.iloc[due]
    return None


_MAP = ("longitude", "latitude")


def _no_axes(a: Answers) -> str | None:
    if _wrong_table(a) or hasattr(a.ax, "axes") or isinstance(a.ax, np.ndarray | list | tuple):
        return None
    return f"`ax` is {'None' if a.ax is None else type(a.ax).__name__}, nothing to draw on"


def _mean_of_places(a: Answers) -> str | None:
    seen, right = _by_place(a), _placed()
    if not _same_places(seen, right) or _medians_right(seen, right):
        return None
    if np.allclose(seen["median_price"], right["mean"], rtol=1e-6):
        return "`median_price` in `by_place` is the mean price of each neighborhood"
    return None


def _other_places(a: Answers) -> str | None:
    for side, words in OTHER.items():
        if not _same_places(_by_place(a), _placed()) and _same_places(_by_place(a), _placed(side)):
            return f"the listings in `by_place` are those of {words}"
    return None


def _rows_multiplied(a: Answers) -> str | None:
    if not hasattr(a.by_place, "columns"):
        return None
    place = next(name for name in a.by_place.columns if str(name).lower() == PLACE)
    rows, places = len(a.by_place), a.by_place[place].nunique()
    if rows == places or _by_place(a) is not None:
        return None
    return f"`by_place` has {rows:,} rows for {places:,} neighborhoods"


def _wrong_table(a: Answers) -> str | None:
    """What is wrong with by_place; while it is, the dots can't be judged."""
    seen, right = _by_place(a), _placed()
    if seen is None:
        return "`by_place` does not have one row for each neighborhood"
    if not _same_places(seen, right):
        return "the neighborhoods in `by_place`, or their `listings`, are not those of `train`"
    if not _medians_right(seen, right):
        return "`median_price` in `by_place` does not halve the prices of each neighborhood"
    if not np.allclose(seen[list(_MAP)], right[list(_MAP)], rtol=0, atol=6e-4):
        return "`latitude` and `longitude` in `by_place` are not the means of their listings"
    return None


def _axes_swapped(a: Answers) -> str | None:
    if _wrong_table(a):
        return None
    if _drawn_at(a, _MAP) is None and _drawn_at(a, ("latitude", "longitude")) is not None:
        return "on `ax` the dots lie at (latitude, longitude)"
    return None


def _every_listing(a: Answers) -> str | None:
    if _wrong_table(a):
        return None
    many = [len(places) for places, colors, _ in _dots(a.ax) if colors is not None]
    if _drawn_at(a, _MAP) is None and any(n > 2 * len(_placed()) for n in many):
        return f"`scatter` drew {max(many):,} dots on `ax`, more than there are neighborhoods"
    return None


def _follows(shown: Any, values: Any) -> bool:
    """Whether what a dot shows always rises, or always falls, with a value."""
    from scipy import stats

    if shown is None:
        return False
    if np.ptp(values) == 0 or np.ptp(shown) == 0:
        return bool(np.ptp(values) == np.ptp(shown))
    return abs(stats.spearmanr(shown, values).statistic) > 0.99


def _other_color(a: Answers) -> str | None:
    if _wrong_table(a) or (drawn := _drawn_at(a, _MAP)) is None:
        return None
    colors, _, rows = drawn
    if _follows(colors, rows["median_price"].to_numpy()):
        return None
    return "the dots on `ax` have colors that do not follow the median price"


def _other_size(a: Answers) -> str | None:
    if _wrong_table(a) or (drawn := _drawn_at(a, _MAP)) is None:
        return None
    _, sizes, rows = drawn
    listings = rows["listings"].to_numpy()
    # Small dots may be made larger and large ones smaller, but no dot may shrink with listings
    steps = np.diff(sizes[np.lexsort((sizes, listings))])
    if np.ptp(listings) == 0 or (np.ptp(sizes) > 0 and (steps >= -1e-9).all()):
        return None
    if np.ptp(sizes) == 0:
        return "all dots on `ax` have the same size"
    return "the sizes of the dots on `ax` do not rise with the number of listings"


def _right_map(a: Answers) -> str | None:
    if wrong := _wrong_table(a):
        return wrong
    if _drawn_at(a, _MAP) is None:
        return "`scatter` has not drawn one dot on `ax` for each row of `by_place`, at its place"
    return None


def _no_city(a: Answers) -> str | None:
    axes = getattr(a.ax, "axes", a.ax)
    every = axes.ravel().tolist() if isinstance(axes, np.ndarray) else axes
    every = every if isinstance(every, list | tuple) else [every]
    many = 2 * len(a.by_place)
    if any(len(line.get_xdata()) > many for ax in every for line in getattr(ax, "lines", [])):
        return None
    if any(len(places) > many for places, *_ in _dots(a.ax)):
        return None
    return "your map has no gray dots below; draw_city() shows where there are listings at all."


# --- q6 ---------------------------------------------------------------------------------------

GUESSES = ("mean", "median", "log mean")


def _rmse(error: np.ndarray) -> float:
    return float(np.sqrt(np.mean(error**2)))


def _mae(error: np.ndarray) -> float:
    return float(np.mean(np.abs(error)))


LOSSES = {"rmse": _rmse, "mae": _mae}


def _is_error(value: float, guess: str, loss: Callable[..., float], learn: str, judge: str) -> bool:
    """Whether a number is the error of a constant from one side, judged on another."""
    known, new = _prices(learn), _prices(judge)
    if guess != "median":
        constant = known.mean() if guess == "mean" else np.exp(np.log(known).mean())
        return _near(value, loss(new - constant))
    middles = np.append(np.quantile(known, [0.49, 0.5, 0.51]), np.unique(known))
    middles = middles[(middles >= middles[0]) & (middles <= middles[2])]
    near = [loss(new - constant) for constant in middles]
    return min(near) <= value <= max(near) or _near(value, min(near)) or _near(value, max(near))


def _dict_is(table: Any, loss: Callable[..., float], learn: str, judge: str) -> bool:
    given = _numbers(table, GUESSES)
    return given is not None and all(
        _is_error(value, guess, loss, learn, judge) for guess, value in given.items()
    )


def _errors_are(a: Answers, learn: str, judge: str) -> bool:
    """Whether both dicts are those of constants from one side, judged on another."""
    return all(_dict_is(getattr(a, name), loss, learn, judge) for name, loss in LOSSES.items())


def _dicts_swapped(a: Answers) -> str | None:
    if _dict_is(a.rmse, _mae, "train", "test") and _dict_is(a.mae, _rmse, "train", "test"):
        return "the values in `mae` are higher than those in `rmse`, which no errors can be"
    return None


def _on_known_rows(a: Answers) -> str | None:
    if _errors_are(a, "train", "test"):
        return None
    for judge, words in (("train", "the training rows"), ("all", "all rows")):
        if any(_errors_are(a, learn, judge) for learn in ("train", judge)):
            return f"the errors in `rmse` and `mae` are those on {words}"
    return None


def _from_new_rows(a: Answers) -> str | None:
    for side, words in OTHER.items():
        if _errors_are(a, side, "test") and not _errors_are(a, "train", "test"):
            return f"the constants behind `rmse` and `mae` were learned from {words}"
    return None


def _log_mean_is(words: str, formula: Callable[[np.ndarray, np.ndarray, Any], float]) -> Rule:
    """A mistake in the errors of "log mean", made from train, test and the loss."""

    def when(a: Answers) -> str | None:
        for name, loss in (("rmse", _rmse), ("mae", _mae)):
            given = _numbers(getattr(a, name), GUESSES)
            wrong = formula(_prices("train"), _prices("test"), loss)
            if given is not None and _near(given["log mean"], wrong):
                return f"`{name}['log mean']` {words}"
        return None

    return when


def _error_in_logs(known: np.ndarray, new: np.ndarray, loss: Any) -> float:
    return float(loss(np.log(new) - np.log(known).mean()))


def _error_exponentiated(known: np.ndarray, new: np.ndarray, loss: Any) -> float:
    return float(np.exp(_error_in_logs(known, new, loss)))


def _guess_in_logs(known: np.ndarray, new: np.ndarray, loss: Any) -> float:
    return float(loss(new - np.log(known).mean()))


def _same_as_mean(guess: str) -> Rule:
    """The mean under another name as well."""

    def when(a: Answers) -> str | None:
        for name, loss in LOSSES.items():
            given = _numbers(getattr(a, name), GUESSES)
            if given is None or not _is_error(given["mean"], "mean", loss, "train", "test"):
                continue
            if given[guess] == given["mean"]:
                return f"`{name}` has one and the same value for mean and {guess}"
        return None

    return when


def _signed(a: Answers) -> str | None:
    given, known = _numbers(a.mae, GUESSES), _prices("train")
    bias = float((_prices("test") - known.mean()).mean())
    if given is not None and any(_near(given["mean"], value) for value in (bias, -bias)):
        return f"`mae['mean']` = {given['mean']:.4g} is the mean of errors above and below zero"
    return None


def _mean_squares(a: Answers) -> str | None:
    given, error = _numbers(a.rmse, GUESSES), _prices("test") - _prices("train").mean()
    if given is not None and _near(given["mean"], _rmse(error) ** 2):
        return "the values in `rmse` are in squared dollars"
    return None


def _right_errors(a: Answers) -> str | None:
    for name, loss in LOSSES.items():
        given = _numbers(getattr(a, name), GUESSES)
        if given is None:
            return f"`{name}` does not have one number for each of {', '.join(GUESSES)}"
        for guess in GUESSES:
            if not _is_error(given[guess], guess, loss, "train", "test"):
                told = f"`{name}['{guess}']` = {given[guess]:.4g}"
                return f"{told} is not the error of that constant on the test rows"
    return None


QUESTIONS = [
    Question(
        id="q1",
        title="The shape of the price",
        points=2,
        names={"bars": "pandas", "mean_price": "number", "median_price": "number"},
        columns={"bars": {"dollars": "number", "listings": "number"}},
        hints=(
            "Each price needs the lower end of its step. What is left of price / 50 when you cut "
            "off the fraction, and what times 50 is that?",
            "Group by (F.floor(F.col('price') / 50) * 50).alias('dollars'), count, toPandas(). For "
            "the middles there are F.mean and F.median.",
        ),
        mistakes=(
            Mistake(
                "rounded-bins",
                evidence=_rounded_bins,
                say="The quotient was rounded. A step holds what lies above its lower end: floor.",
            ),
            Mistake(
                "upper-ends",
                evidence=_upper_ends,
                say="A step is named by its lower end: floor, and neither 25 nor 50 added to it.",
            ),
            Mistake(
                "right-closed",
                evidence=_right_closed,
                say="The steps include their upper ends, as those of pd.cut do (right=False mends\n"
                "that); 100 belongs to the step 100.",
            ),
            Mistake(
                "bin-numbers",
                evidence=_bin_numbers,
                say="Multiply the number of the step by 50 to get its lower end in dollars.",
            ),
            Mistake(
                "every-price",
                evidence=_every_price,
                say="The rows were grouped by the price itself, not by steps of 50 dollars.",
            ),
            Mistake(
                "other-rows",
                evidence=_other_prices,
                say="The listings were loaded anew, both parts were put together, or `test` was\n"
                "taken; use `train`.",
            ),
            Mistake(
                "tail-cut",
                evidence=_tail_cut,
                say="The figure stops at 1,000 dollars, the counts do not: every price has a step.",
            ),
            Mistake(
                "middles-swapped",
                evidence=_middles_swapped,
                say="Mean and median went into each other's variable.",
            ),
            Mistake(
                "mean-for-median",
                evidence=_mean_for_median,
                say="The average was taken twice. The median is the price in the middle of the\n"
                "sorted ones: F.median, or approxQuantile at 0.5.",
            ),
        ),
        refuse=_right_shape,
        why="one number for the middle hides the tail; the counts show it, and they are small "
        "however large the table is.",
    ),
    Question(
        id="q2",
        title="The logarithm",
        points=2,
        names={"log_train": "frame", "skew_price": "number", "skew_log": "number"},
        columns={"log_train": {"price": "number", "log_price": "number"}},
        hints=(
            "`withColumn` adds a column. Which function of pyspark.sql.functions is the natural "
            "logarithm?",
            "F.log('price') as column `log_price`; then one agg with F.skewness of each of the two "
            "columns, and first() gives both numbers.",
        ),
        mistakes=(
            Mistake(
                "price-replaced",
                evidence=_price_replaced,
                say="withColumn with the name of a column that exists replaces that column.",
            ),
            Mistake(
                "other-base",
                evidence=_other_base,
                say="F.log10 and F.log2 have other units; F.log is the natural logarithm.",
            ),
            Mistake(
                "log-of-one-more",
                evidence=_one_more,
                say="log1p is for columns with zeros; np.exp would not bring these prices back.",
            ),
            Mistake(
                "skews-swapped",
                evidence=_skews_swapped,
                say="The two skewnesses went into each other's variable.",
            ),
            Mistake(
                "skew-of-price-twice",
                evidence=_skew_twice,
                say="Both were computed from `price`; the second is due from `log_price`.",
            ),
            Mistake(
                "log-of-skew",
                evidence=_log_of_skew,
                say="Take the logarithm of each price first, and the skewness of the results.",
            ),
            Mistake(
                "columns-missing",
                evidence=_columns_missing,
                say="select keeps only what it names; withColumn keeps all columns and adds one.",
            ),
            Mistake(
                "other-rows",
                evidence=_other_logs,
                say="The column was added to another frame than `train`.",
            ),
        ),
        refuse=_right_logs,
        why="a label with a long tail lets a few rows rule a model; on the log scale a factor "
        "counts the same everywhere.",
    ),
    Question(
        id="q3",
        title="Two categories",
        points=2,
        names={"p_values": "dict", "cramers_v": "dict", "related": "list"},
        hints=(
            "The test wants a table of counts: room types down, the other categories across. "
            "`crosstab` makes one, and its first column is only the names of the rows.",
            "counts = kinds.crosstab('room_type', name) without its first column, toPandas(); "
            "stats.chi2_contingency(counts) gives chi-square first and p second. n is the sum of "
            "the counts.",
        ),
        mistakes=(
            Mistake(
                "rounded",
                evidence=_rounded_tests,
                say="Too few digits are left to go on with; round only what is printed.",
            ),
            Mistake(
                "statistic-for-p",
                evidence=_statistic_for_p,
                say="chi-square itself was stored; the p-value is the second result of the test.",
            ),
            Mistake(
                "shares-for-counts",
                evidence=_of_shares,
                say="The test got shares or percents. It has to know how many rows there are.",
            ),
            Mistake(
                "v-without-root",
                evidence=_v_without_root,
                say="The square root of the formula is missing.",
            ),
            Mistake(
                "k-forgotten",
                evidence=_k_forgotten,
                say="The formula has n times (k - 1), where k is that of the column with fewer\n"
                "categories.",
            ),
            Mistake(
                "other-rows",
                evidence=_other_kinds,
                say="The counts are not those of `kinds`, which holds the training rows.",
            ),
            Mistake(
                "p-value-misread",
                evidence=_misread,
                say="p is no degree of relation. It says how often chance alone would give such\n"
                "counts, so a small p speaks for a relation and a large one does not.",
            ),
            Mistake(
                "chosen-by-strength",
                evidence=_by_strength,
                say="The names were chosen by V. A weak relation is one too: p decides here.",
            ),
        ),
        refuse=_right_tests,
        why="with many rows a tiny p comes from a weak relation too, so evidence and strength are "
        "two numbers.",
    ),
    Question(
        id="q4",
        title="Two numbers",
        points=2,
        names={"pearson": "number", "pearson_log": "number", "spearman": "number"},
        hints=(
            "`train.corr` takes two column names and knows Pearson's correlation only. What has "
            "to be there before it can correlate with a logarithm?",
            "Spearman: put both columns into one vector with VectorAssembler, then "
            "Correlation.corr(frame, column, 'spearman'), whose one row holds a matrix. Or let "
            "scipy do it: stats.spearmanr on the two columns as pandas.",
        ),
        mistakes=(
            Mistake(
                "rounded",
                evidence=_rounded_correlations,
                say="Too few digits are left to go on with; round only what is printed.",
            ),
            Mistake(
                "log-for-raw",
                evidence=_log_for_raw,
                say="Price and log(price) were mixed up, for instance because a column was\n"
                "replaced by its logarithm before.",
            ),
            Mistake(
                "both-logged",
                evidence=_both_logged,
                say="Only the price is due as a logarithm here.",
            ),
            Mistake(
                "pearson-for-spearman",
                evidence=_not_ranked,
                say="The method was not named: without it Spark and pandas compute Pearson's.",
            ),
            Mistake(
                "other-ranks",
                evidence=_other_ranks,
                say="Spearman's is Pearson's of the ranks, and equal values share the mean of\n"
                "their ranks; stats.spearmanr and Correlation.corr see to that.",
            ),
            Mistake(
                "other-column",
                evidence=_of_rooms,
                say="Two columns are much alike here; `accommodates` is asked for.",
            ),
            Mistake(
                "squared",
                evidence=_squared,
                say="That is R² of a line; a correlation keeps its sign and is not squared.",
            ),
            Mistake(
                "other-rows",
                evidence=_other_pairs,
                say="The rows that were correlated are not those of `train` alone.",
            ),
        ),
        refuse=_right_correlations,
        note=_logarithm_won,
        why="a correlation answers for one scale and one shape; ranks ask less and are led astray "
        "less.",
    ),
    Question(
        id="q5",
        title="Prices on a map",
        points=2,
        names={"by_place": "pandas", "ax": "any"},
        columns={
            "by_place": {
                PLACE: "text",
                "listings": "number",
                "median_price": "number",
                "latitude": "number",
                "longitude": "number",
            }
        },
        hints=(
            "One groupBy with four aggregates gives all columns; toPandas() brings the few rows. "
            "On a map, what goes to the right and what goes up?",
            "ax = draw_city(), then ax.scatter(by_place['longitude'], by_place['latitude'], "
            "s=by_place['listings'], c=by_place['median_price']).",
        ),
        mistakes=(
            Mistake(
                "rows-multiplied",
                evidence=_rows_multiplied,
                say="Another column stood in groupBy too; group by the neighborhood alone.",
            ),
            Mistake(
                "mean-for-median",
                evidence=_mean_of_places,
                say="One very dear listing moves the mean of a small neighborhood; use F.median.",
            ),
            Mistake(
                "other-rows",
                evidence=_other_places,
                say="The listings were not grouped from `train` alone.",
            ),
            Mistake(
                "axes-not-kept",
                evidence=_no_axes,
                say="show() returns nothing: keep what draw_city() returned, and show it later.",
            ),
            Mistake(
                "axes-swapped",
                evidence=_axes_swapped,
                say="Longitude is east and west: it goes to x, the first argument of scatter.",
            ),
            Mistake(
                "every-listing",
                evidence=_every_listing,
                say="The listings were drawn one by one; draw the rows of `by_place`.",
            ),
            Mistake(
                "color-not-price",
                evidence=_other_color,
                say="c= is missing, or another column than the median price was given to it.",
            ),
            Mistake(
                "size-not-listings",
                evidence=_other_size,
                say="s= is missing, or it got something that does not rise with `listings`.",
            ),
        ),
        refuse=_right_map,
        note=_no_city,
        why="a map shows at once whether place matters, and which neighborhoods have too few "
        "listings to say.",
    ),
    Question(
        id="q6",
        title="The baselines",
        points=2,
        names={"rmse": "dict", "mae": "dict"},
        hints=(
            "Three numbers come from `train`. Then only the test rows count: price minus number, "
            "for each of them.",
            "F.exp(F.mean(F.log('price'))) is the third constant, in dollars. With error = "
            "F.col('price') - constant, test.agg(F.sqrt(F.mean(error**2)), "
            "F.mean(F.abs(error))).first() gives both errors of one.",
        ),
        mistakes=(
            Mistake(
                "dicts-swapped",
                evidence=_dicts_swapped,
                say="Mean absolute errors went into `rmse`, and root mean squared ones into `mae`.",
            ),
            Mistake(
                "evaluated-on-train",
                evidence=_on_known_rows,
                say="The constants were judged on rows that they were learned from.",
            ),
            Mistake(
                "learned-from-test",
                evidence=_from_new_rows,
                say="Nobody knows the test prices beforehand: a baseline may not use them either.",
            ),
            Mistake(
                "error-in-logs",
                evidence=_log_mean_is("is in log(dollars), not in dollars", _error_in_logs),
                say="Prediction and price were compared as logarithms. Such an error cannot stand\n"
                "beside errors in dollars: exponentiate the constant before you compare.",
            ),
            Mistake(
                "error-exponentiated",
                evidence=_log_mean_is(
                    "is the exponential of an error in log(dollars)", _error_exponentiated
                ),
                say="exp of an error is a factor. Exponentiate the prediction, then take errors.",
            ),
            Mistake(
                "guess-in-logs",
                evidence=_log_mean_is("comes from a guess of a few dollars", _guess_in_logs),
                say="The mean of the logarithms was used as dollars; np.exp or F.exp is missing.",
            ),
            Mistake(
                "mean-for-median",
                evidence=_same_as_mean("median"),
                say="The mean was used for both constants.",
            ),
            Mistake(
                "log-of-mean",
                evidence=_same_as_mean("log mean"),
                say="exp(log(mean)) is the mean again: first the logarithm of each price, then\n"
                "their mean, then exp.",
            ),
            Mistake(
                "signed-error",
                evidence=_signed,
                say="The absolute value is missing, or was taken last: F.mean(F.abs(error)).",
            ),
            Mistake(
                "mse-for-rmse",
                evidence=_mean_squares,
                say="The square root is missing.",
            ),
        ),
        refuse=_right_errors,
        why="an error in dollars is good or bad only beside that of a guess without a model, "
        "judged on the same rows.",
    ),
]
