"""Films that nobody has shot and ratings of people who do not exist, from factors that are known.

Two of the four axes of taste come from the genres, and the titles follow them, so that factors
found in the ratings can be looked at.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa

from course_utils.data.blocks import block_rng
from course_utils.data.truth import RatingsTruth
from course_utils.data.variant import Variant

_AXES = ("dark", "action", "hidden_1", "hidden_2")
_GENRES = {  # what each adds to a film: how dark, how much action
    "Action": (0.2, 1.2),
    "Adventure": (-0.3, 0.9),
    "Animation": (-0.9, 0.3),
    "Comedy": (-0.8, -0.1),
    "Crime": (0.9, 0.2),
    "Documentary": (0.0, -1.1),
    "Drama": (0.3, -0.9),
    "Family": (-1.1, 0.1),
    "Horror": (1.2, 0.1),
    "Romance": (-0.3, -1.0),
    "Thriller": (1.0, 0.5),
    "War": (0.6, 0.9),
}
_NOUNS = {  # by whether the film is dark, and whether it has action
    (True, True): "Siege Manhunt Reckoning Bombardment Ransom Gunman Warpath Showdown Raid Mutiny",
    (True, False): "Funeral Silence Confession Widow Shadow Verdict Grave Fog Secret Winter",
    (False, True): "Regatta Treasure Stunt Balloon Rodeo Voyage Shortcut Circus Race Safari",
    (False, False): "Orchard Picnic Wedding Bakery Garden Postcard Choir Summer Teahouse Library",
}
_FORMS = ("The {noun} of {place}", "The {place} {noun}", "Last {noun} in {place}")
_PLACES = tuple(  # none of which is on a map
    start + end
    for start in "Quor Velsa Thrim Ostre Brilla Dunna Keshel Murra Pelli Scarn Tovel Zelm".split()  # noqa: SIM905
    for end in "vane holt garth wick mere stow fell moor".split()  # noqa: SIM905
)
_USER_SCALES = (0.45, 0.40, 0.30, 0.25)  # standard deviations of tastes, stars per unit of a film
_FIRST_SECOND = 1_640_995_200  # 2022-01-01, UTC


@dataclass(frozen=True)
class _Plan:
    """How many users and films there are, and how ratings come about."""

    users: int
    films: int
    unrated: int
    newcomers: int
    middle: float  # ratings of an ordinary user
    genres: tuple[float, ...]  # weights, in the order of _GENRES
    mean: float
    sigma: float


_PLANS = {
    Variant.COURSE: _Plan(
        users=1_000,
        films=800,
        unrated=14,
        newcomers=6,
        middle=56.0,
        genres=(9, 8, 5, 14, 7, 6, 20, 6, 5, 9, 8, 4),
        mean=3.3,
        sigma=0.6,
    ),
    Variant.SIBLING: _Plan(
        users=937,
        films=753,
        unrated=17,
        newcomers=7,
        middle=53.0,
        genres=(17, 9, 7, 8, 8, 7, 8, 9, 4, 6, 9, 5),
        mean=3.1,
        sigma=0.65,
    ),
}


def films(variant: Variant = Variant.COURSE) -> pa.Table:
    """One row per film."""
    return pa.Table.from_pandas(_world(variant)[0], preserve_index=False)


def ratings(variant: Variant = Variant.COURSE) -> pa.Table:
    """One row per rating, by user and time."""
    return pa.Table.from_pandas(_world(variant)[1], preserve_index=False)


def truth(variant: Variant = Variant.COURSE) -> RatingsTruth:
    """How the ratings come about."""
    return _world(variant)[2]


@cache
def _world(variant: Variant) -> tuple[pd.DataFrame, pd.DataFrame, RatingsTruth]:
    plan, rng = _PLANS[variant], block_rng("films", 0, variant)
    film_ids = np.arange(1, plan.films + 1, dtype=np.int32)
    user_ids = np.arange(1, plan.users + 1, dtype=np.int32)

    names, weights = np.array(list(_GENRES)), np.array(plan.genres, dtype=float)
    chosen = [
        np.sort(rng.choice(len(names), count, replace=False, p=weights / weights.sum()))
        for count in rng.choice([1, 2, 3], plan.films, p=[0.4, 0.4, 0.2])
    ]
    pulls = np.array([np.mean([_GENRES[name] for name in names[few]], axis=0) for few in chosen])
    tastes = rng.standard_normal((plan.films, len(_AXES)))
    of_films = np.hstack([pulls + 0.35 * tastes[:, :2], 0.8 * tastes[:, 2:]])
    film_bias = 0.45 * rng.standard_normal(plan.films)
    of_users = rng.standard_normal((plan.users, len(_AXES))) * _USER_SCALES
    user_bias = 0.35 * rng.standard_normal(plan.users)
    catalog = pd.DataFrame(
        {
            "film_id": film_ids,
            "title": _titles(rng, of_films),
            "year": (2023 - rng.gamma(1.6, 11.0, plan.films).clip(0, 62)).astype(np.int32),
            "genres": ["|".join(names[few]) for few in chosen],
        }
    )

    seen = _seen(rng, plan, of_users @ of_films.T, film_bias)
    users = np.repeat(np.arange(plan.users), [len(few) for few in seen])
    watched = np.concatenate(seen)
    likes = (of_users[users] * of_films[watched]).sum(axis=1)
    exact = plan.mean + user_bias[users] + film_bias[watched] + likes
    exact += plan.sigma * rng.standard_normal(len(exact))
    rated = pd.DataFrame(
        {
            "user_id": user_ids[users],
            "film_id": film_ids[watched],
            "rating": np.clip(np.round(2 * exact) / 2, 0.5, 5.0),
            "timestamp": _times(rng, users),
        }
    )
    known = RatingsTruth(
        users=plan.users,
        films=plan.films,
        ratings=len(rated),
        rank=len(_AXES),
        mean=plan.mean,
        sigma=plan.sigma,
        axes=_AXES,
        user_factors=_factors("user_id", user_ids, user_bias, of_users),
        film_factors=_factors("film_id", film_ids, film_bias, of_films),
        unrated=tuple(np.setdiff1d(film_ids, film_ids[watched]).tolist()),
        newcomers=tuple(user_ids[[len(few) <= 3 for few in seen]].tolist()),
    )
    return catalog, rated, known


def _titles(rng: np.random.Generator, of_films: np.ndarray) -> list[str]:
    """A title for each film, none twice: no noun stands with the same place again."""
    used, titles = set(), []
    for dark, action in of_films[:, :2]:
        nouns = _NOUNS[bool(dark > 0), bool(action > 0)].split()
        while True:
            noun, place = nouns[rng.integers(len(nouns))], _PLACES[rng.integers(len(_PLACES))]
            if (noun, place) not in used:
                break
        used.add((noun, place))
        titles.append(_FORMS[rng.integers(len(_FORMS))].format(noun=noun, place=place))
    return titles


def _seen(
    rng: np.random.Generator, plan: _Plan, likes: np.ndarray, film_bias: np.ndarray
) -> list[np.ndarray]:
    """Which films each user has rated, as row numbers, in the order of watching.

    Few films have most of the viewers, and people tend to watch what suits them.
    """
    popularity = 1.4 * rng.standard_normal(plan.films) + 0.5 * film_bias
    popularity[rng.choice(plan.films, plan.unrated, replace=False)] = -np.inf
    # The largest sums with Gumbel noise are a draw without replacement by these odds
    draws = popularity + 0.8 * likes + rng.gumbel(size=likes.shape)
    best = np.argsort(-draws, axis=1, kind="stable")
    counts = np.clip(plan.middle * np.exp(0.7 * rng.standard_normal(plan.users)), 15, 350)
    counts = counts.astype(int)
    newcomers = rng.choice(plan.users, plan.newcomers, replace=False)
    counts[newcomers] = 1 + np.arange(plan.newcomers) % 3
    return [rng.permutation(row[:count]) for row, count in zip(best, counts, strict=True)]


def _times(rng: np.random.Generator, users: np.ndarray) -> np.ndarray:
    """Seconds since 1970 of each rating, rising within a user: evenings, and days between them."""
    gaps = rng.integers(20, 400, len(users))
    gaps += np.where(rng.random(len(users)) < 0.1, rng.integers(1, 15, len(users)) * 86_400, 0)
    total = np.cumsum(gaps)
    first = np.searchsorted(users, users)  # row of the same user's first rating
    joined = rng.integers(0, 600 * 86_400, users.max() + 1)
    return _FIRST_SECOND + joined[users] + total - total[first]


def _factors(name: str, ids: np.ndarray, bias: np.ndarray, tastes: np.ndarray) -> pd.DataFrame:
    table = pd.DataFrame(tastes, index=pd.Index(ids, name=name), columns=list(_AXES))
    table.insert(0, "bias", bias)
    return table
