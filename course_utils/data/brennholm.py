"""Holiday flats of Brennholm, a second city that does not exist, as its office exports them.

The same kind of facts as in the listings, with other defects: decimal commas, another currency,
words of another language, dates with the day first, swapped coordinates, numbers that stand for
"unknown", and listings that were exported twice. Where the island would be, there is open sea.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from course_utils.data.blocks import block_rng, pick
from course_utils.data.truth import BrennholmTruth
from course_utils.data.variant import Variant

ENCODING, SEPARATOR = "iso-8859-1", ";"
UNRATED, UNKNOWN_BEDROOMS = 999, -1  # what the office writes for "unknown"
ON_REQUEST = "på forespørsel"


@dataclass(frozen=True)
class _Plan:
    """How many listings there are, what is wrong with them, and what the others are like."""

    listings: int
    # Listings that are there twice: with the same row again, and with a newer row
    again: int
    newer: int
    withdrawn: int  # of the newer rows, how many cannot be booked any more
    swapped: int
    # Listings with a row that cannot be
    on_request: int
    free: int
    long_stay: int
    no_guests: int
    year: int  # listings that ask for 365 nights, the most that can be
    neighborhoods: Mapping[str, tuple[float, float]]  # share, and effect on log(price)
    bedrooms: Mapping[int, float]
    superhosts: Mapping[str, float]
    middle: float  # of log(kroner), before all effects
    private: float  # effect of a private room on log(price)
    lost_stars: float  # middle of what a rating lies below 5
    occupancy: float  # middle share of nights that are booked
    unreviewed: float  # share of the listings
    unknown_bedrooms: float
    unknown_occupancy: float


_PLANS = {
    Variant.COURSE: _Plan(
        listings=3_000,
        again=90,
        newer=60,
        withdrawn=6,
        swapped=75,
        on_request=24,
        free=6,
        long_stay=8,
        no_guests=5,
        year=6,
        neighborhoods={
            "Bryggekanten": (19, 0.18),
            "Øvre Torg": (16, 0.05),
            "Nedre Torg": (15, 0.0),
            "Sjøbua": (12, 0.22),
            "Kirkeåsen": (10, -0.08),
            "Rognehagen": (9, -0.15),
            "Møllevika": (8, -0.05),
            "Tømmerholtet": (6, -0.25),
            "Vestre Strand": (4, 0.30),
            "Fyrodden": (1, 0.40),
        },
        bedrooms={0: 14, 1: 32, 2: 27, 3: 17, 4: 7, 5: 3},
        superhosts={"ja": 31, "nei": 67, "": 2},
        middle=6.35,
        private=-0.35,
        lost_stars=0.16,
        occupancy=0.58,
        unreviewed=0.15,
        unknown_bedrooms=0.05,
        unknown_occupancy=0.10,
    ),
    Variant.SIBLING: _Plan(
        listings=2_717,
        again=73,
        newer=81,
        withdrawn=9,
        swapped=112,
        on_request=31,
        free=11,
        long_stay=5,
        no_guests=13,
        year=9,
        neighborhoods={
            "Bryggekanten": (8, -0.10),
            "Øvre Torg": (6, 0.30),
            "Nedre Torg": (17, 0.0),
            "Sjøbua": (5, -0.20),
            "Kirkeåsen": (21, 0.12),
            "Rognehagen": (13, 0.25),
            "Møllevika": (11, 0.05),
            "Tømmerholtet": (12, -0.15),
            "Vestre Strand": (6, 0.10),
            "Fyrodden": (1, 0.45),
        },
        bedrooms={0: 8, 1: 19, 2: 25, 3: 34, 4: 10, 5: 4},
        superhosts={"ja": 54, "nei": 41, "": 5},
        middle=6.20,
        private=-0.55,
        lost_stars=0.21,
        occupancy=0.63,
        unreviewed=0.19,
        unknown_bedrooms=0.07,
        unknown_occupancy=0.13,
    ),
}
_ROOM_TYPES = {"Entire home/apt": 68, "Private room": 30, "Shared room": 2}
_NIGHTS = {1: 30, 2: 34, 3: 18, 4: 6, 5: 4, 7: 6, 30: 2}
_LATITUDE, _LONGITUDE = 63.90, 7.60

_NAMES = (
    "Rorbu by the quay",
    'Flat "Nordlys"; sea view',
    "Two rooms, quiet; near the ferry",
    "Sjøbu with a boat",
    'Attic at "Gamle Torg"',
    "Cabin; sauna, wood stove",
    "Room on the first floor",
)
_SUMMARIES = (
    "Five minutes from the ferry; bring good shoes.",
    'The neighbors call it "the captain\'s house".\nBuilt in 1891, warm since 2015.',
    "Please note:\n- no parties\n- quiet after 22; the walls are thin",
    "Brød og kaffe om morgenen. Breakfast is in the price.",
    "You have the whole floor.\n\nThe key is with Åse next door.",
    "Small, clean; all you need.",
)

COLUMNS = (
    "id",
    "name",
    "summary",
    "neighbourhood_cleansed",
    "room_type",
    "latitude",
    "longitude",
    "accommodates",
    "bedrooms",
    "price",
    "minimum_nights",
    "occupancy_rate",
    "number_of_reviews",
    "review_scores_rating",
    "host_is_superhost",
    "host_since",
    "last_updated",
)

_Values = npt.NDArray[Any]


def truth(variant: Variant = Variant.COURSE) -> BrennholmTruth:
    """What the file holds."""
    plan, rows = _PLANS[variant], _rows(variant)
    newest = rows.sort_values("last_updated", kind="stable").drop_duplicates("id", keep="last")
    kept = newest[_possible(newest)]
    return BrennholmTruth(
        records=len(rows),
        listings=len(newest),
        same_again=plan.again,
        updated=plan.newer,
        swapped=int(newest["swapped"].sum()),
        impossible=len(newest) - len(kept),
        year_long=int((kept["minimum_nights"] == 365).sum()),
        unrated=int(kept["review_scores_rating"].isna().sum()),
        unknown_bedrooms=int(kept["bedrooms"].isna().sum()),
        unknown_occupancy=int(kept["occupancy_rate"].isna().sum()),
    )


def brennholm(variant: Variant = Variant.COURSE) -> pd.DataFrame:
    """The records in the order of the file, every value text or missing."""
    rows = _rows(variant)
    north, east = _comma(rows["latitude"], 5), _comma(rows["longitude"], 5)
    swapped = rows["swapped"].to_numpy()
    texts = {
        "id": rows["id"].astype(str),
        "name": rows["name"],
        "summary": rows["summary"],
        "neighbourhood_cleansed": rows["neighbourhood_cleansed"],
        "room_type": rows["room_type"],
        "latitude": np.where(swapped, east, north),
        "longitude": np.where(swapped, north, east),
        "accommodates": rows["accommodates"].astype(str),
        "bedrooms": rows["bedrooms"].fillna(UNKNOWN_BEDROOMS).astype(int).astype(str),
        "price": [ON_REQUEST if np.isnan(kroner) else _kroner(kroner) for kroner in rows["price"]],
        "minimum_nights": rows["minimum_nights"].astype(str),
        "occupancy_rate": rows["occupancy_rate"].map(_percent, na_action="ignore"),
        "number_of_reviews": rows["number_of_reviews"].astype(str),
        "review_scores_rating": [
            str(UNRATED) if np.isnan(stars) else f"{stars:.2f}".replace(".", ",")
            for stars in rows["review_scores_rating"]
        ],
        "host_is_superhost": rows["host_is_superhost"],
        "host_since": rows["host_since"].dt.strftime("%d.%m.%Y"),
        "last_updated": rows["last_updated"].dt.strftime("%d.%m.%Y"),
    }
    return pd.DataFrame(texts)[list(COLUMNS)].astype(object)


@cache
def _rows(variant: Variant) -> pd.DataFrame:
    """Every record as values, in the order of the file; NaN for what is not known."""
    plan, rng = _PLANS[variant], block_rng("brennholm", 0, variant)
    first = _listings(rng, plan)
    chosen = rng.permutation(plan.listings)
    again = first.iloc[chosen[: plan.again]]
    newer = first.iloc[chosen[plan.again : plan.again + plan.newer]]
    price = np.round(newer["price"].fillna(900.0).to_numpy() * rng.uniform(1.05, 1.4, plan.newer))
    price[: plan.withdrawn] = 0.0
    newer = newer.assign(price=price, last_updated=_days(rng, "2024-05-01", 30, plan.newer))
    rows = pd.concat([first, again, newer], ignore_index=True)
    return rows.iloc[rng.permutation(len(rows))].reset_index(drop=True)


def _listings(rng: np.random.Generator, plan: _Plan) -> pd.DataFrame:
    """Each listing once, as it was exported first."""
    size = plan.listings
    place = pick(rng, size, {name: share for name, (share, _) in plan.neighborhoods.items()})
    room = pick(rng, size, _ROOM_TYPES)
    bedrooms = pick(rng, size, plan.bedrooms)
    rooms_let = np.where(room == "Entire home/apt", np.maximum(bedrooms, 1), 1)
    guests = 2 * rooms_let + pick(rng, size, {-1: 25, 0: 55, 1: 20})
    of_room = {"Entire home/apt": 0.0, "Private room": plan.private, "Shared room": -0.90}
    effect = [plan.neighborhoods[p][1] + of_room[r] for p, r in zip(place, room, strict=True)]
    log_price = plan.middle + np.array(effect) + 0.11 * guests + 0.42 * rng.standard_normal(size)

    reviews = np.floor(30 * rng.standard_normal(size) ** 2).astype(int)
    reviews[rng.random(size) < plan.unreviewed] = 0
    rating = np.maximum(5.0 - plan.lost_stars * np.exp(rng.standard_normal(size)), 1.0)
    occupancy = np.clip(plan.occupancy + 0.16 * rng.standard_normal(size), 0.03, 0.99)
    listings = pd.DataFrame(
        {
            "id": 700_000 + np.sort(rng.choice(100_000, size, replace=False)),
            "name": rng.choice(_NAMES, size),
            "summary": rng.choice(_SUMMARIES, size),
            "neighbourhood_cleansed": place,
            "room_type": room,
            "latitude": np.round(_LATITUDE + 0.015 * rng.standard_normal(size), 5),
            "longitude": np.round(_LONGITUDE + 0.030 * rng.standard_normal(size), 5),
            "accommodates": guests,
            "bedrooms": np.where(rng.random(size) < plan.unknown_bedrooms, np.nan, bedrooms),
            "price": np.round(2 * np.exp(log_price)) / 2,
            "minimum_nights": pick(rng, size, _NIGHTS),
            "occupancy_rate": np.where(
                rng.random(size) < plan.unknown_occupancy, np.nan, np.round(occupancy, 3)
            ),
            "number_of_reviews": reviews,
            "review_scores_rating": np.where(reviews == 0, np.nan, np.round(rating, 2)),
            "host_is_superhost": pick(rng, size, plan.superhosts),
            "host_since": _days(rng, "2010-01-01", 5_000, size),
            "last_updated": _days(rng, "2024-01-08", 100, size),
            "swapped": False,
        }
    )
    listings["host_is_superhost"] = listings["host_is_superhost"].replace("", None)
    listings.loc[rng.choice(size, plan.swapped, replace=False), "swapped"] = True

    counts = [plan.on_request, plan.free, plan.long_stay, plan.no_guests, plan.year]
    on_request, free, long_stay, no_guests, year, _ = np.split(
        rng.permutation(size), np.cumsum(counts)
    )
    listings.loc[on_request, "price"] = np.nan
    listings.loc[free, "price"] = 0.0
    listings.loc[long_stay, "minimum_nights"] = 9_999
    listings.loc[no_guests, "accommodates"] = 0
    listings.loc[year, "minimum_nights"] = 365
    return listings


def _possible(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows can be: a price, guests, and a stay of at most a year."""
    return (rows["price"] > 0) & (rows["accommodates"] > 0) & (rows["minimum_nights"] <= 365)


def _days(rng: np.random.Generator, start: str, days: int, size: int) -> _Values:
    """Dates at random within so many days from a start."""
    drawn = np.datetime64(start) + rng.integers(0, days, size).astype("timedelta64[D]")
    return drawn.astype("datetime64[ns]")


def _comma(values: "pd.Series[float]", digits: int) -> _Values:
    """63.9 as "63,90000"."""
    return np.array([f"{value:.{digits}f}".replace(".", ",") for value in values], dtype=object)


def _kroner(value: float) -> str:
    """1250.0 as "1.250,00 kr"."""
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,")) + " kr"


def _percent(share: float) -> str:
    """0.615 as "61,5 %"."""
    return f"{100 * share:.1f} %".replace(".", ",")
