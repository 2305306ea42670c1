"""The questions of lab 21: judged by the learner's own factors, which chance decides.

After a fit, each user's factors are the ridge regression of their stars on the films' factors.
So the factors themselves tell which rows and which penalty they come from, whatever the seed and
the number of iterations were.
"""

from collections.abc import Callable, Mapping
from functools import cache
from itertools import permutations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from course_utils import locate
from course_utils.lab import Answers, Mistake, Question, kinds
from course_utils.lab.decide import decided, refused
from course_utils.lab.values import ROUNDED, Made, Values, decimals, in_dict, near

RANK, PENALTY = 4, 0.05
RANKS = (1, 2, 6, 12)
LIKED = 4.0  # stars
K = 10
SIDES = ("train", "fit", "all", "test", "validation")

Found = tuple[str, str] | None
Numbers = np.ndarray[Any, Any]


class Factors(NamedTuple):
    """The two tables of a model: ids and one row of numbers for each."""

    users: Numbers
    P: Numbers
    films: Numbers
    Q: Numbers


class Pairs(NamedTuple):
    """Ratings as arrays of the same length."""

    users: Numbers
    films: Numbers
    stars: Numbers


# --- references -------------------------------------------------------------------------------


@cache
def _sides(place: str) -> dict[str, Pairs]:
    """The ratings in use, split as the lab does: newest first, then by film."""
    rows = pd.read_parquet(place, columns=["user_id", "film_id", "rating", "timestamp"])
    rows = rows.sort_values(["user_id", "timestamp", "film_id"], ascending=[True, False, True])
    groups = rows.groupby("user_id")["film_id"]
    age = groups.cumcount() / (groups.transform("size") - 1).clip(lower=1)
    masks = {
        "test": age < 0.2,
        "validation": (age >= 0.2) & (age < 0.36),
        "fit": age >= 0.36,
        "train": age >= 0.2,
        "all": age >= 0,
    }
    columns = ["user_id", "film_id", "rating"]
    return {
        side: Pairs(*(rows.loc[mask, name].to_numpy() for name in columns))
        for side, mask in masks.items()
    }


def _side(name: str) -> Pairs:
    return _sides(locate("ratings"))[name]


@cache
def _genres(place: str) -> dict[int, frozenset[str]]:
    films = pd.read_parquet(place, columns=["film_id", "genres"])
    split = films["genres"].fillna("").str.split("|")
    return {
        int(film): frozenset(genres) - {""}
        for film, genres in zip(films["film_id"], split, strict=True)
    }


def _places(ids: Numbers, wanted: Numbers) -> Numbers:
    """Where each id stands among `ids`, which are sorted; -1 where it does not."""
    if not len(ids):
        return np.full(len(wanted), -1)
    place = np.clip(np.searchsorted(ids, wanted), 0, len(ids) - 1)
    return np.where(ids[place] == wanted, place, -1)


def _sorted(table: pd.DataFrame) -> tuple[Numbers, Numbers]:
    ids = table["id"].to_numpy()
    order = np.argsort(ids)
    rows = np.array(table["features"].tolist(), dtype=float)
    return ids[order], rows[order]


def _factors(a: Answers) -> Factors:
    """Those of the learner's `model`, in one job."""
    from pyspark.sql import functions as F

    def read(a: Answers) -> Factors:
        sides = {"user": a.model.userFactors, "item": a.model.itemFactors}
        users, items = (
            f.select(F.lit(s).alias("side"), "id", "features") for s, f in sides.items()
        )
        parts = {
            side: _sorted(group) for side, group in a.table(users.unionAll(items)).groupby("side")
        }
        return Factors(*parts["user"], *parts["item"])

    return a.once("factors", read)


def _items(a: Answers) -> tuple[Numbers, Numbers]:
    return _factors(a).films, _factors(a).Q


def _predicted(factors: Factors, pairs: Pairs) -> Numbers:
    """A prediction for each pair, NaN where the model does not know the user or the film."""
    users, films = _places(factors.users, pairs.users), _places(factors.films, pairs.films)
    products = (factors.P[users] * factors.Q[films]).sum(axis=1)
    return np.where((users < 0) | (films < 0), np.nan, products)


def _errors(factors: Factors, side: str) -> dict[str, float]:
    """Measures of a model on one side, over the ratings that it can predict."""
    pairs = _side(side)
    predicted = _predicted(factors, pairs)
    there = ~np.isnan(predicted)
    off = predicted[there] - pairs.stars[there]
    mse, spread = float(np.mean(off**2)), float(np.var(pairs.stars[there]))
    zeros = np.where(there, predicted, 0.0) - pairs.stars
    return {
        "rmse": mse**0.5,
        "mse": mse,
        "mae": float(np.mean(abs(off))),
        "r2": 1 - mse / spread,
        "zeros": float(np.mean(zeros**2)) ** 0.5,
        "known": float(there.sum()),
        "unknown": float((~there).sum()),
    }


def _normal(factors: Factors, side: str) -> tuple[Numbers, Numbers, Numbers] | None:
    """For each user the three parts of the normal equation, or None for other rows than these.

    A user's factors p solve (A + penalty · n) p = b. The parts are A p, n p and b.
    """
    pairs = _side(side)
    users, films = _places(factors.users, pairs.users), _places(factors.films, pairs.films)
    there = np.unique(pairs.users)
    if (users < 0).any() or (films < 0).any() or len(there) != len(factors.users):
        return None
    vectors = factors.Q[films]
    shape = factors.P.shape
    b, a_p, n = np.zeros(shape), np.zeros(shape), np.zeros((shape[0], 1))
    np.add.at(b, users, pairs.stars[:, None] * vectors)
    np.add.at(a_p, users, (vectors * factors.P[users]).sum(axis=1)[:, None] * vectors)
    np.add.at(n, users, 1.0)
    return a_p, n * factors.P, b


def _penalty(factors: Factors, side: str) -> float | None:
    """The penalty with which the factors come from these rows, or None if they do not."""
    parts = _normal(factors, side)
    if parts is None:
        return None
    a_p, n_p, b = parts
    penalty = float(((b - a_p) * n_p).sum() / max((n_p**2).sum(), 1e-12))
    left = b - a_p - penalty * n_p
    return penalty if abs(left).max() <= 1e-3 * abs(b).max() else None


def _origin(factors: Factors) -> tuple[str, float] | None:
    """(side, penalty) that explain the factors."""
    for side in SIDES:
        penalty = _penalty(factors, side)
        if penalty is not None:
            return side, penalty
    return None


def _is_implicit(factors: Factors) -> bool:
    """Whether the factors solve the equation of implicit feedback, for any alpha and penalty."""
    parts = _normal(factors, "train")
    if parts is None:
        return False
    pairs = _side("train")
    users, films = _places(factors.users, pairs.users), _places(factors.films, pairs.films)
    ones = np.zeros_like(parts[0])
    np.add.at(ones, users, factors.Q[films])
    weighted = np.zeros_like(ones)
    near = pairs.stars * (factors.P[users] * factors.Q[films]).sum(axis=1)
    np.add.at(weighted, users, near[:, None] * factors.Q[films])
    everything = factors.P @ (factors.Q.T @ factors.Q)
    # everything + alpha · weighted + penalty · n p = ones + alpha · b
    left = np.column_stack([(weighted - parts[2]).ravel(), parts[1].ravel()])
    right = (ones - everything).ravel()
    rest = right - left @ np.linalg.lstsq(left, right, rcond=None)[0]
    return bool(abs(rest).max() <= 1e-2 * abs(ones).max())


# --- q1 ---------------------------------------------------------------------------------------


def _find_model(a: Answers) -> Found:
    from pyspark.ml.recommendation import ALSModel

    model = a.model
    if not isinstance(model, ALSModel):
        return "", f"`model` is {kinds.describe(model)}"
    columns = (model.getUserCol(), model.getItemCol())
    if columns != ("user_id", "film_id"):
        told = f"`model` has {columns[0]!r} as its users and {columns[1]!r} as its items"
        return ("swapped-columns" if columns == ("film_id", "user_id") else ""), told
    if model.rank != RANK:
        return "other-rank", f"`model` has rank {model.rank}"
    if found := _find_origin(a, _factors(a), "`model`", "train"):
        return found
    if model.getColdStartStrategy() != "drop":
        return "cold-rows-kept", f"`model` has the strategy {model.getColdStartStrategy()!r}"
    return None


def _find_origin(a: Answers, factors: Factors, name: str, due: str) -> Found:
    """Rows, penalty and kind of feedback that the factors come from."""
    origin = _origin(factors)
    if origin is None:
        if (factors.P >= 0).all() and (factors.Q >= 0).all():
            return "no-negatives", f"all factors of {name} are 0 or more"
        if due == "train" and _is_implicit(factors):
            return "implicit", f"{name} solves for interactions, not for stars"
        told = f"the factors of {name} do not come from the stars in `{_shown(due)}`"
        return "", told
    side, penalty = origin
    if side != due:
        return "other-rows", f"the factors of {name} come from {_ROWS[side]}"
    if abs(penalty - PENALTY) > 1e-3:
        return "other-penalty", f"{name} was fitted with a penalty of about {penalty:.3g}"
    return None


def _shown(side: str) -> str:
    return "fit_rows" if side == "fit" else side


_ROWS = {
    "train": "`train`",
    "fit": "`fit_rows`",
    "all": "all ratings, those of the test too",
    "test": "`test`",
    "validation": "`validation`",
}


# --- q2 ---------------------------------------------------------------------------------------


def _judged(a: Answers) -> Made:
    found = _errors(_factors(a), "test")
    return {"rmse": found["rmse"], "unpredicted": found["unknown"]}


def _on_other_rows(a: Answers) -> Made:
    others = [_errors(_factors(a), side) for side in ("train", "fit", "validation", "all")]
    return {"rmse": [found["rmse"] for found in others]}


def _other_measure(a: Answers) -> Made:
    found = _errors(_factors(a), "test")
    return {"rmse": [found[name] for name in ("mse", "mae", "r2")]}


def _counted_otherwise(a: Answers) -> Made:
    """Users or films that are unknown, in place of ratings."""
    factors, test = _factors(a), _side("test")
    users = _places(factors.users, test.users) < 0
    films = _places(factors.films, test.films) < 0
    right = _judged(a)["unpredicted"]
    counts = {
        *(float(users.sum()), float(films.sum())),
        *(float(len(set(test.users[users]))), float(len(set(test.films[films])))),
    }
    return {"unpredicted": sorted(counts - {right, 0.0})}


def _the_others(a: Answers) -> Made:
    return {"unpredicted": _errors(_factors(a), "test")["known"]}


ERRORS = Values(_judged, tolerance=1e-5)


# --- q3 ---------------------------------------------------------------------------------------


def _all_factors(a: Answers) -> dict[int, Factors]:
    """Those of the learner's `models`, in one job."""
    from functools import reduce

    from pyspark.sql import functions as F

    def read(a: Answers) -> dict[int, Factors]:
        frames = [
            frame.select(F.lit(rank).alias("rank"), F.lit(kind).alias("kind"), "id", "features")
            for rank in RANKS
            for kind, frame in (
                ("user", a.models[rank].userFactors),
                ("item", a.models[rank].itemFactors),
            )
        ]
        table = a.table(reduce(lambda left, right: left.unionAll(right), frames))
        parts = {key: _sorted(group) for key, group in table.groupby(["rank", "kind"])}
        return {rank: Factors(*parts[rank, "user"], *parts[rank, "item"]) for rank in RANKS}

    return a.once("all factors", read)


def _find_models(a: Answers) -> Found:
    from pyspark.ml.recommendation import ALSModel

    for rank in RANKS:
        each = a.models[rank]
        if not isinstance(each, ALSModel):
            return "", f"`models[{rank}]` is {kinds.describe(each)}"
        if (each.getUserCol(), each.getItemCol()) != ("user_id", "film_id"):
            return "", f"`models[{rank}]` has {each.getUserCol()!r} as its users"
    if wrong := [rank for rank in RANKS if a.models[rank].rank != rank]:
        same = len({a.models[rank].rank for rank in RANKS}) == 1
        told = f"`models[{wrong[0]}]` has rank {a.models[wrong[0]].rank}"
        return ("rank-not-used" if same else ""), told
    for rank in RANKS:
        found = _find_origin(a, _all_factors(a)[rank], f"`models[{rank}]`", "fit")
        if found is not None:
            return found
    return None


def _losses_on(a: Answers, side: str) -> dict[int, float]:
    return {rank: _errors(f, side)["rmse"] for rank, f in _all_factors(a).items()}


def _tuned(a: Answers) -> Made:
    found = _losses_on(a, "validation")
    return {**in_dict("losses", found), "best_rank": min(found, key=found.__getitem__)}


def _losses(side: str) -> Callable[[Answers], Made]:
    # without the rank that they choose: many losses choose the same
    return lambda a: in_dict("losses", _losses_on(a, side))


def _other_losses(a: Answers) -> Made:
    measures = ("mse", "mae", "r2")
    found = {
        rank: [_errors(f, "validation")[name] for name in measures]
        for rank, f in _all_factors(a).items()
    }
    return in_dict("losses", found)


def _highest_loss(a: Answers) -> Made:
    losses = _losses_on(a, "validation")
    if any(not near(a.losses[rank], loss, 1e-5) for rank, loss in losses.items()):
        return {}  # other losses choose other ranks
    return {"best_rank": max(losses, key=losses.__getitem__)}


TUNED = Values(_tuned, tolerance=1e-5)


# --- q4 ---------------------------------------------------------------------------------------


class Lists(NamedTuple):
    """What the model predicts for all users and films, and what is known of them."""

    scores: Numbers  # users × films
    seen: Numbers
    liked: Numbers
    later: Numbers


def _lists(a: Answers) -> Lists:
    def make(a: Answers) -> Lists:
        factors = _factors(a)
        shape = (len(factors.users), len(factors.films))
        masks = []
        for pairs, least in ((_side("train"), 0.0), (_side("test"), LIKED), (_side("test"), 0.0)):
            users, films = _places(factors.users, pairs.users), _places(factors.films, pairs.films)
            mask = np.zeros(shape, dtype=bool)
            there = (users >= 0) & (films >= 0) & (pairs.stars >= least)
            mask[users[there], films[there]] = True
            masks.append(mask)
        return Lists(factors.P @ factors.Q.T, *masks)

    return a.once("lists", make)


def _best(scores: Numbers) -> Numbers:
    """The scores of the ten best films of each user, best first."""
    return -np.sort(-scores, axis=1)[:, :K]


def _top(a: Answers) -> pd.DataFrame:
    return a.pandas("top10")[["user_id", "film_id", "place"]].astype(float)


def _find_top(a: Answers) -> Found:
    factors, table = _factors(a), _top(a)
    if table.isna().any().any():
        return "", "`top10` has missing values"
    users = _places(factors.users, table["user_id"].to_numpy())
    films = _places(factors.films, table["film_id"].to_numpy())
    if (users < 0).any():
        return "", f"`top10` has user {table['user_id'][users < 0].iloc[0]:g}, not in the model"
    if (films < 0).any():
        return "", f"`top10` has film {table['film_id'][films < 0].iloc[0]:g}, not in the model"
    lists = _lists(a)
    seen = lists.seen[users, films]
    if seen.any():
        return "seen-films", f"{seen.sum():,} rows of `top10` are films that the user has rated"
    if table.duplicated(["user_id", "film_id"]).any():
        return "", "`top10` has a film twice for the same user"
    if lists.later[users, films].all():
        return "test-films-only", "all films in `top10` are films that the user rated in the test"
    counts = np.bincount(users, minlength=len(factors.users))
    few = (counts > 0) & (counts < K)
    first = int(np.argmax(few))
    told = f"user {factors.users[first]} has {counts[first]} films in `top10`"
    if few.any() and _cut_too_early(lists, users, films, counts):
        return "fewer-than-ten", told
    if (counts == 0).any():
        user = factors.users[counts == 0][0]
        return "users-missing", f"{(counts == 0).sum():,} users, such as {user}, are not in `top10`"
    if few.any():
        return "", told
    if (counts > K).any():
        return "", f"user {factors.users[counts > K][0]} has {counts.max()} films in `top10`"
    return _find_places(lists, users, films, table["place"].to_numpy(dtype=float))


def _cut_too_early(lists: Lists, users: Numbers, films: Numbers, counts: Numbers) -> bool:
    """Whether these are the ten best of all films, less those that the user has rated."""
    tenth = _best(lists.scores)[:, -1]
    left = ((lists.scores >= tenth[:, None]) & ~lists.seen).sum(axis=1)
    among = lists.scores[users, films] >= tenth[users] - 2e-4
    # a near tie with the tenth film may be decided otherwise in 32 bits
    return bool(among.all() and (counts == left).mean() > 0.99)


def _find_places(lists: Lists, users: Numbers, films: Numbers, places: Numbers) -> Found:
    """Whether the films are the best ones, in the order of their places."""
    order = np.lexsort((places, users))
    found = lists.scores[users[order], films[order]].reshape(-1, K)
    numbered = places[order].reshape(-1, K)
    open_scores = np.where(lists.seen, np.nan, lists.scores)
    due = _best(np.where(lists.seen, -np.inf, lists.scores))
    if _same(np.sort(found, axis=1), np.sort(due, axis=1)):
        if not (numbered == np.arange(1, K + 1)).all():
            low, high = numbered.min(), numbered.max()
            return "places-off", f"the places in `top10` go from {low:g} to {high:g}"
        if _same(found, due):
            return None
        if _same(found[:, ::-1], due):
            return "worst-first", "in `top10`, place 1 has the lowest prediction of the ten"
        return "", "in `top10`, places do not follow the predictions"
    lowest = np.sort(open_scores, axis=1)[:, :K]
    if _same(np.sort(found, axis=1), lowest):
        return "lowest-predictions", "`top10` has the films with the lowest predictions"
    return "", "`top10` has films that are not the ten with the highest predictions"


def _same(found: Numbers, due: Numbers) -> bool:
    """Equal scores, but for what 32 bits round."""
    return bool(np.allclose(found, due, atol=2e-4))


def _hits(lists: Lists, scores: Numbers, wanted: Numbers) -> Numbers:
    """Hits of each user's ten best films by these scores."""
    ten = np.argsort(-scores, axis=1, kind="stable")[:, :K]
    return np.take_along_axis(wanted, ten, axis=1).sum(axis=1)


def _own_hits(a: Answers) -> Numbers:
    """Hits of each user in the learner's own lists."""
    factors, table, lists = _factors(a), _top(a), _lists(a)
    users = _places(factors.users, table["user_id"].to_numpy())
    films = _places(factors.films, table["film_id"].to_numpy())
    hits = np.zeros(len(factors.users))
    known = (users >= 0) & (films >= 0)
    np.add.at(hits, users[known], lists.liked[users[known], films[known]])
    return hits


def _people(a: Answers) -> Numbers:
    """Which users gave 4 stars or more in the test, be it to films that the model knows or not."""
    test = _side("test")
    return np.isin(_factors(a).users, test.users[test.stars >= LIKED])


def _precision(a: Answers) -> dict[str, float]:
    return {"precision": float(_own_hits(a)[_people(a)].mean() / K)}


def _over_all_users(a: Answers) -> Made:
    hits, test = _own_hits(a), _side("test")
    users = len(hits), len(set(test.users)), len(set(test.users) & set(_factors(a).users))
    return {"precision": [float(hits.sum() / (K * number)) for number in users]}


def _with_hits(a: Answers) -> Made:
    hits = _own_hits(a)
    return {"precision": float(hits[hits > 0].mean() / K)} if hits.any() else {}


def _recall(a: Answers) -> Made:
    hits, test, users = _own_hits(a), _side("test"), _factors(a).users
    good = test.users[test.stars >= LIKED]
    liked = np.array([np.sum(good == user) for user in users], dtype=float)
    some = liked > 0
    return {
        "precision": [float((hits[some] / liked[some]).mean()), float(hits.sum() / liked.sum())]
    }


def _other_hits(a: Answers) -> Made:
    """Hits by other stars: above 4, any rating at all."""
    factors, lists, test = _factors(a), _lists(a), _side("test")
    scores = np.where(lists.seen, -np.inf, lists.scores)
    found = []
    for wanted in (test.stars > LIKED, test.stars >= 0):
        users = _places(factors.users, test.users[wanted])
        films = _places(factors.films, test.films[wanted])
        there = (users >= 0) & (films >= 0)
        mask = np.zeros(scores.shape, dtype=bool)
        mask[users[there], films[there]] = True
        hits = _hits(lists, scores, mask)
        for people in (np.isin(factors.users, test.users[wanted]), _people(a)):
            found.append(float(hits[people].mean() / K))
    return {"precision": found}


def _not_divided(a: Answers) -> Made:
    hits = _own_hits(a)
    return {"precision": [float(hits[_people(a)].mean()), float(hits.sum())]}


def _rounded_precision(a: Answers) -> str | None:
    # by hand: two decimals of so small a share are far from it
    number, due = float(a.precision), _precision(a)["precision"]
    places = decimals(number)
    if not number or places is None or near(number, due, 1e-6):
        return None
    cut = (round(due, places), int(due * 10**places) / 10**places)
    return f"`precision` has {places} decimals" if number in cut else None


PRECISION = Values(_precision, tolerance=1e-6)


# --- q5 ---------------------------------------------------------------------------------------


def _ridge(vectors: Numbers, stars: Numbers, penalty: float) -> Numbers:
    left = vectors.T @ vectors + penalty * np.eye(vectors.shape[1])
    return np.linalg.lstsq(left, vectors.T @ stars, rcond=None)[0]


def _mixed_up(vectors: Numbers, stars: Numbers) -> list[Numbers]:
    """The factors if each film may have got the stars of another one."""
    left = vectors.T @ vectors + PENALTY * len(stars) * np.eye(vectors.shape[1])
    orders = np.array(list(permutations(stars)))
    return list(np.linalg.solve(left, vectors.T @ orders.T).T)


# Two persons: (one of twelve films, stars); the films are in no order
_PERSONS = (
    ((7, 4.0), (2, 1.5), (9, 3.0), (0, 5.0), (5, 2.5)),
    ((3, 2.0), (10, 4.5), (1, 4.0), (8, 1.0), (6, 3.5), (4, 5.0)),
)
_WRONG_FOLDS: dict[str, Callable[[Numbers, Numbers], list[Numbers]]] = {
    # once for everybody, or for the five films of the lab
    "penalty-not-times-n": lambda v, s: [_ridge(v, s, PENALTY), _ridge(v, s, 5 * PENALTY)],
    "no-penalty": lambda v, s: [_ridge(v, s, 0.0), np.linalg.lstsq(v, s, rcond=None)[0]],
    "weighted-mean": lambda v, s: [s @ v / len(s), s @ v / s.sum(), s @ v],
    "stars-mixed-up": _mixed_up,
}


def _vectors(a: Answers, films: Any) -> Numbers:
    ids, rows = _items(a)
    return rows[_places(ids, np.array(list(films)))]


def _find_fold(a: Answers) -> Found:
    ids, rows = _items(a)
    spread = ids[:: max(1, len(ids) // 12)].tolist()
    asked = [{spread[film]: stars for film, stars in person} for person in _PERSONS]
    given = []
    for stars in asked:
        value = a.call("fold_in", dict(stars))
        vector = _vector(value)
        if vector is None:
            return "", f"`fold_in` returns {kinds.describe(value)} that is no list of numbers"
        if len(vector) != rows.shape[1]:
            return "other-length", f"`fold_in` returns {len(vector)} values"
        given.append(vector)
    dues = [(_vectors(a, stars), np.array(list(stars.values()))) for stars in asked]
    right = [_ridge(v, s, PENALTY * len(s)) for v, s in dues]
    off = [n for n in range(len(right)) if not _alike(given[n], right[n])]
    if not off:
        return None
    told = f"for {len(asked[off[0]])} ratings `fold_in` returns {_few(given[off[0]])}"
    if all(_shortened(given[n], right[n]) for n in off):
        return "rounded", told
    for id, make in _WRONG_FOLDS.items():
        if all(any(_alike(f, w) for w in make(*due)) for f, due in zip(given, dues, strict=True)):
            return id, told
    if _alike(given[0], given[1]):
        return "argument-not-used", f"`fold_in` returns {_few(given[0])} for two different persons"
    return "", told


def _vector(value: Any) -> Numbers | None:
    """Finite numbers as one row, whatever holds them; None if they are none."""
    try:
        numbers = np.asarray(value.toArray() if hasattr(value, "toArray") else value, dtype=float)
    except (TypeError, ValueError):
        return None
    return numbers.ravel() if numbers.ndim and np.isfinite(numbers).all() else None


def _alike(found: Numbers, due: Numbers) -> bool:
    """Equal, but for what 32 bits lose in a sum."""
    return bool(abs(found - due).max() <= 1e-4 * max(abs(due).max(), 1e-9))


def _shortened(found: Numbers, due: Numbers) -> bool:
    """Whether the digits were rounded or cut at the same place, in 32 bits or in 64."""
    cuts = (cut(due * 10.0**n) / 10.0**n for n in range(6) for cut in (np.round, np.trunc))
    return bool(found.any()) and any(np.allclose(found, cut, rtol=0, atol=1e-6) for cut in cuts)


def _few(values: Numbers) -> str:
    return "[" + ", ".join(f"{value:.3g}" for value in values[:3]) + ", …]"


def _find_mine(a: Answers) -> Found:
    if found := _find_fold(a):
        return found
    mine = a.my_ratings
    ids, rows = _items(a)
    known = isinstance(mine, Mapping) and all(
        _is_id(film) and film in ids and kinds.fits(stars, "number") and np.isfinite(float(stars))
        for film, stars in mine.items()
    )
    if not known or not mine:
        return "", "`my_ratings` is no dict from films that the model knows to stars"
    stars = np.array([float(each) for each in mine.values()])
    me = _ridge(_vectors(a, mine), stars, PENALTY * len(stars))
    return _find_ids(
        a.my_films, "my_films", ids, rows @ me, np.isin(ids, [int(film) for film in mine])
    )


def _is_id(value: Any) -> bool:
    return kinds.fits(value, "integer") and abs(float(value)) < 2**31


def _find_ids(listed: list[Any], name: str, ids: Numbers, scores: Numbers, taken: Numbers) -> Found:
    """Whether these are the ids of the ten highest scores, the highest first."""
    if not all(map(_is_id, listed)):
        odd = next(value for value in listed if not _is_id(value))
        return "no-ids", f"`{name}` has {odd!r:.40}, which is no id"
    places = _places(ids, np.array([int(value) for value in listed], dtype=np.int64))
    if len(listed) != K:
        return "not-ten", f"`{name}` has {len(listed)} ids"
    if (places < 0).any():
        odd = listed[int(np.argmax(places < 0))]
        return "", f"`{name}` has {odd}, which is no id that the model knows"
    if len(set(places.tolist())) < K:
        return "", f"`{name}` has an id twice"
    if taken[places].any():
        return "own-films-inside", f"`{name}` has {ids[places[taken[places]]][0]}, rated already"
    best, found = -np.sort(-scores[~taken])[:K], scores[places]
    if _same(found, best):
        return None
    if _same(-np.sort(-found), best):
        return "order-of-ids", f"the ids in `{name}` do not follow the predictions"
    if _same(np.sort(found), np.sort(scores[~taken])[:K]):
        return "lowest-predictions", f"`{name}` has the ids with the lowest predictions"
    return "", f"`{name}` has ids that are not those of the ten highest predictions"


# --- q6 ---------------------------------------------------------------------------------------


def _new_film() -> tuple[int, frozenset[str]]:
    """The film of the question and its genres."""
    genres, rated = _genres(locate("films")), set(_side("train").films.tolist())
    unrated = [film for film, names in genres.items() if names and film not in rated]
    film = min(unrated, key=lambda film: (-len(genres[film]), film))
    return film, genres[film]


def _by_genres(a: Answers) -> dict[str, list[Numbers]]:
    """Right and wrong factors of the new film."""
    ids, rows = _items(a)
    genres, (_, wanted) = _genres(locate("films")), _new_film()
    shared = np.array([len(wanted & genres.get(int(film), frozenset())) for film in ids])
    exact = np.array([genres.get(int(film)) == wanted for film in ids])
    every = shared == len(wanted)
    of_each = [
        rows[[name in genres.get(int(film), ()) for film in ids]].mean(axis=0)
        for name in sorted(wanted)
        if any(name in genres.get(int(film), ()) for film in ids)
    ]
    alike = rows[shared > 0]
    due = alike.mean(axis=0)
    found = {
        "right": [due],
        "all-films": [rows.mean(axis=0)],
        "all-genres-shared": [rows[mask].mean(axis=0) for mask in (exact, every) if mask.any()],
        "counted-twice": [shared @ rows / shared.sum(), np.mean(of_each, axis=0)],
        "sum-for-mean": [alike.sum(axis=0)],
        "users-for-films": [_factors(a).P.mean(axis=0)],
    }
    # with one genre, films with this genre are counted once in any way
    return {
        id: vectors if id == "right" else [v for v in vectors if not _alike(v, due)]
        for id, vectors in found.items()
    }


def _find_new(a: Answers) -> Found:
    factors, vector = _factors(a), _vector(a.new_factors)
    if vector is None:
        return "", "`new_factors` has something that is no number"
    if len(vector) != factors.Q.shape[1]:
        return "other-length", f"`new_factors` has {len(vector)} values"
    for id, made in _by_genres(a).items():
        if any(_alike(vector, each) for each in made):
            if id == "right":
                break
            return id, f"`new_factors` = {_few(vector)}"
    else:
        rounded = _shortened(vector, _by_genres(a)["right"][0])
        return ("rounded" if rounded else ""), f"`new_factors` = {_few(vector)}"
    nobody = np.zeros(len(factors.users), dtype=bool)
    return _find_ids(a.fans, "fans", factors.users, factors.P @ vector, nobody)


QUESTIONS = [
    Question(
        id="q1",
        title="Train",
        points=2,
        names={"model": "model"},
        looks_at={"regParam": "other-penalty"},
        hints=(
            "ALS has to be told which column holds the users and which the items; rank, regParam "
            "and coldStartStrategy are arguments of it, too.",
            'ALS(rank=4, regParam=0.05, userCol="user_id", itemCol="film_id", '
            'coldStartStrategy="drop", **QUICK).fit(train)',
        ),
        mistakes=decided(
            _find_model,
            {
                "swapped-columns": "Users and items went into each other's place: the films would "
                "get the mail.",
                "other-rank": "The rank is another one; without the argument it is 10.",
                "other-rows": "`fit` was given other rows than `train`.",
                "other-penalty": "`regParam` is another one; without the argument it is 0.1.",
                "implicit": "With implicitPrefs=True a model predicts whether somebody watches, "
                "not how many stars they give.",
                "no-negatives": "With nonnegative=True a dislike cannot be written; leave it out.",
                "cold-rows-kept": "Without coldStartStrategy, rows of unknown users and films get "
                "NaN and stay.",
            },
        ),
        refuse=refused(_find_model),
        why="everything that follows is read from the two tables of factors that you have now.",
    ),
    Question(
        id="q2",
        title="How wrong, and for whom not at all",
        points=2,
        names={"rmse": "number", "unpredicted": "integer"},
        needs=("q1",),
        hints=(
            "model.transform(test) leaves out what it cannot predict. How many rows are gone?",
            'RegressionEvaluator(labelCol="rating").evaluate(model.transform(test)), and '
            "test.count() minus the rows that have come back.",
        ),
        mistakes=(
            ERRORS.wrong(
                "judged-on-other-rows",
                _on_other_rows,
                "is that of other ratings than the test's",
                "The model has been fitted to `train`; the question is about `test`.",
            ),
            ERRORS.wrong(
                "another-measure",
                _other_measure,
                "is another measure than the RMSE",
                "It is the mean squared or absolute error, or R²; metricName says which one.",
            ),
            ERRORS.wrong(
                "zero-for-unknown",
                lambda a: {"rmse": _errors(_factors(a), "test")["zeros"]},
                "counts what cannot be predicted as 0 stars",
                "A missing prediction is none; leave its row out of the RMSE.",
            ),
            ERRORS.wrong(
                "users-or-films-counted",
                _counted_otherwise,
                "is the number of one kind of unknowns",
                "Ratings are asked for: those whose user is unknown and those whose film is.",
            ),
            ERRORS.wrong(
                "counted-after-drop",
                lambda a: {"unpredicted": 0.0},
                "counts rows that the model has left out already",
                "No NaN is there to be found, as the model drops such rows; compare what is left "
                "with `test`.",
            ),
            ERRORS.wrong(
                "predicted-counted",
                _the_others,
                "is the number of ratings that can be predicted",
                "The others are asked for.",
            ),
            ERRORS.rounded(),
        ),
        refuse=ERRORS.refuse,
        why="an RMSE that has dropped rows says nothing about the people in those rows.",
    ),
    Question(
        id="q3",
        title="Tune the rank",
        points=3,
        names={"models": "dict", "losses": "dict", "best_rank": "integer"},
        keys={
            "models": dict.fromkeys(RANKS, "model"),
            "losses": dict.fromkeys(RANKS, "number"),
        },
        hints=(
            "A loop or a dict comprehension over RANKS; the same columns and the same regParam as "
            "before, and fit_rows in the place of train.",
            "models = {rank: ALS(rank=rank, …).fit(fit_rows) for rank in RANKS}, then the RMSE of "
            "each model.transform(validation). min(losses, key=losses.get) is the rank.",
        ),
        mistakes=decided(
            _find_models,
            {
                "rank-not-used": "All of them got the same rank: `rank=rank` is missing, or ALS "
                "was made before the loop.",
                "other-rows": "While you choose, models are fitted to `fit_rows`; the validation "
                "ratings have to be new to them.",
                "other-penalty": "`regParam` is to be 0.05, as in question 1.",
                "no-negatives": "With nonnegative=True a dislike cannot be written; leave it out.",
            },
            TUNED.wrong(
                "judged-on-fit-rows",
                _losses("fit"),
                "belongs to the ratings that the model was fitted to",
                "On its own ratings the largest rank always wins; judge on `validation`.",
            ),
            TUNED.wrong(
                "judged-on-test",
                _losses("test"),
                "belongs to the test ratings",
                "The test is for the model that you have chosen; choose with `validation`.",
            ),
            TUNED.wrong(
                "another-measure",
                _other_losses,
                "is another measure than the RMSE",
                "It is the mean squared or absolute error, or R².",
            ),
            TUNED.wrong(
                "highest-loss",
                _highest_loss,
                "is the rank with the highest loss",
                "A loss is better when it is lower: take min, not max.",
            ),
            TUNED.rounded(),
        ),
        refuse=refused(_find_models, TUNED),
        why="the rank that fits old ratings best is not the one that predicts new ones best.",
    ),
    Question(
        id="q4",
        title="Ten films for everybody",
        points=3,
        names={"top10": "frame", "precision": "number"},
        columns={"top10": {"user_id": "number", "film_id": "number", "place": "number"}},
        needs=("q1",),
        hints=(
            "recommendForAllUsers does not know what people have rated. Ask it for more than ten "
            "films, so that ten are left when the rated ones are gone.",
            'F.explode("recommendations") makes a row of each film; a left_anti join with train '
            "takes the rated ones out; F.row_number() over a window gives the places.",
        ),
        mistakes=decided(
            _find_top,
            {
                "seen-films": "recommendForAllUsers also lists what a user has rated; a left_anti "
                "join with all of `train` takes that out.",
                "users-missing": "Each user that the model knows gets a list, also those without "
                "test ratings.",
                "fewer-than-ten": "Ten were taken first and the rated ones removed from them, so "
                "fewer are left; ask for more at the start.",
                "places-off": "The places of each user go from 1 to 10; row_number gives those.",
                "worst-first": "The window is in ascending order of the prediction.",
                "lowest-predictions": "The lists were cut at the wrong end: the window is in "
                "ascending order.",
                "test-films-only": "Only the test ratings were put in order. In the mail, all "
                "films compete that the user has not rated.",
            },
            PRECISION.wrong(
                "all-users",
                _over_all_users,
                "is a mean over more users",
                "Users who liked nothing in the test do not count: no list could please them.",
            ),
            PRECISION.wrong(
                "users-with-hits",
                _with_hits,
                "is the mean of the users with a hit",
                "Who liked films in the test, but none of the list, counts as 0; an inner join "
                "leaves these users out.",
            ),
            PRECISION.wrong(
                "recall",
                _recall,
                "divides by what users liked",
                "That is the recall. Precision is the share of the list, so it divides by ten.",
            ),
            PRECISION.wrong(
                "other-hits",
                _other_hits,
                "counts other films as hits",
                "A hit has 4 stars or more in the test: not only more than 4, nor any rating.",
            ),
            PRECISION.wrong(
                "not-divided",
                _not_divided,
                "is a number of hits",
                "A share is asked for: hits divided by the ten films of each list.",
            ),
            PRECISION.wrong(
                "in-percent",
                lambda a: {"precision": 100 * _precision(a)["precision"]},
                "is a percentage",
                "The share itself is asked for, between 0 and 1.",
            ),
            Mistake("rounded", _rounded_precision, ROUNDED),
        ),
        refuse=refused(_find_top, PRECISION),
        why="what people see of a model is a list, and a list is judged by its hits.",
    ),
    Question(
        id="q5",
        title="Recommend films to yourself",
        points=3,
        names={"fold_in": "function", "my_films": "list"},
        needs=("q1",),
        looks_at={
            "regParam": "penalty-not-times-n",
            "stars": "the argument of `fold_in`",
            "my_ratings": "a name of the lab",
        },
        hints=(
            "Your stars are the label, the factors of the films that you have rated the features. "
            "The demo's `ridge` solves this.",
            "With v, one row of factors per rated film: np.linalg.solve(v.T @ v + 0.05 * "
            "len(stars) * np.eye(4), v.T @ numbers). A prediction is the product of two vectors.",
        ),
        mistakes=decided(
            _find_mine,
            {
                "other-length": "A person has as many factors as the model's rank, one number "
                "each.",
                "penalty-not-times-n": "The penalty grows with the number of ratings: 0.05 times "
                "len(stars).",
                "no-penalty": "There is no penalty in it, and with fewer ratings than factors the "
                "solution is not even unique.",
                "weighted-mean": "That is a mean or sum of the films' factors, weighted by stars. "
                "The factors of a person are those whose products come close to the stars.",
                "stars-mixed-up": "The stars belong to other films: a frame has its rows in an "
                "order of its own, so look each film up by its id.",
                "rounded": ROUNDED,
                "argument-not-used": "The function uses `my_ratings` or another name of the "
                "notebook in place of its argument.",
                "no-ids": "Plain ids are asked for: no titles, rows or predictions.",
                "not-ten": "Ten films are asked for.",
                "own-films-inside": "You have rated this film; leave your own five out.",
                "order-of-ids": "The film with the highest prediction comes first, then the "
                "second one, and so on.",
                "lowest-predictions": "The order is ascending, so the ten worst were taken.",
            },
        ),
        refuse=refused(_find_mine),
        why="a new user gets a list at once, without a new fit.",
    ),
    Question(
        id="q6",
        title="A film that nobody has rated",
        points=2,
        names={"new_factors": "list", "fans": "list"},
        needs=("q1",),
        hints=(
            "Which films have one of its genres? split makes a list of the text, and two sets have "
            "something in common if their intersection is not empty.",
            "np.mean(vectors, axis=0) over the films that share a genre; then the product of each "
            "row of userFactors with it, and the ids of the ten largest.",
        ),
        mistakes=decided(
            _find_new,
            {
                "other-length": "A film has as many factors as the model's rank; the mean goes "
                "over the films (axis=0).",
                "all-films": "That is the mean of all films; only those that share a genre count.",
                "all-genres-shared": "These are the films with all of its genres; one in common "
                "is enough.",
                "counted-twice": "A film that shares two genres counts twice in it; each film "
                "counts once.",
                "sum-for-mean": "That is the sum of the factors; the mean is asked for.",
                "users-for-films": "That is a mean of user factors; the films are in "
                "`itemFactors`.",
                "rounded": ROUNDED,
                "no-ids": "Plain ids are asked for: no rows and no predictions.",
                "not-ten": "Ten users are asked for.",
                "order-of-ids": "The user with the highest prediction comes first, then the "
                "second one, and so on.",
                "lowest-predictions": "The order is ascending, so those were taken who would like "
                "it least.",
            },
        ),
        refuse=refused(_find_new),
        why="a film without an audience stays without ratings, unless its content speaks for it.",
    ),
]
