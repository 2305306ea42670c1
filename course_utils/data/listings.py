"""Generated listings: the cleaned table and the scraped file it would come from.

Shares, ranges and dependences follow the real file of San Francisco (2019): how many guests go
with how many bedrooms, how reviews pile up near the best score, one listing in five without any
review. The price follows `truth` exactly. Neighborhood and property type are drawn independently
of size, so that a regression without them still recovers the coefficients of size.
"""

from collections.abc import Mapping
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from course_utils.data.blocks import block_rng, choose, pick
from course_utils.data.city import CITY, FAMILY_NAMES, GIVEN_NAMES, neighborhoods
from course_utils.data.market import market
from course_utils.data.schema import COLUMNS, IMPUTED, REVIEW_SCORES
from course_utils.data.truth import Truth
from course_utils.data.variant import Variant

# Rows of a raw block that cleaning must drop.
_FREE, _LONG_STAY, _NO_HOST, _NO_GUESTS, _TWICE = 1, 3, 2, 1, 5

# What the columns' medians are, block after block: a block can then be imputed by itself.
_MEDIANS = dict.fromkeys(REVIEW_SCORES, 10.0) | {
    "bedrooms": 1.0,
    "bathrooms": 1.0,
    "beds": 1.0,
    "review_scores_rating": 98.0,
}

# Guests by room type and bedrooms; the last line of a room type also holds for more bedrooms.
_GUESTS: dict[str, tuple[dict[int, float], ...]] = {
    "Entire home/apt": (
        {1: 3.0, 2: 76.0, 3: 9.0, 4: 11.0, 5: 1.0},
        {1: 1.5, 2: 60.5, 3: 16.5, 4: 19.3, 5: 1.0, 6: 1.2},
        {2: 3.4, 3: 6.0, 4: 59.6, 5: 14.2, 6: 14.0, 7: 1.2, 8: 1.4, 9: 0.2},
        {3: 1.5, 4: 6.4, 5: 17.1, 6: 51.8, 7: 8.4, 8: 11.2, 9: 1.5, 10: 1.7, 12: 0.8},
        {5: 2.4, 6: 14.0, 7: 12.0, 8: 38.0, 9: 5.0, 10: 14.0, 11: 2.0, 12: 8.0, 14: 2.0, 16: 2.6},
    ),
    "Private room": (
        {1: 10.0, 2: 53.0, 3: 2.0, 4: 35.0},
        {1: 21.2, 2: 66.0, 3: 5.8, 4: 5.6, 5: 0.5, 6: 0.7, 8: 0.2},
        {2: 8.0, 3: 10.0, 4: 53.0, 5: 10.0, 6: 18.0, 8: 1.0},
        {1: 15.0, 2: 16.0, 4: 12.0, 5: 10.0, 6: 35.0, 8: 12.0},
    ),
    "Shared room": (
        {1: 1.0},
        {1: 43.0, 2: 18.0, 3: 7.0, 4: 25.0, 5: 2.5, 6: 1.5, 8: 2.0, 10: 1.0},
    ),
}
_MINIMUM_NIGHTS = {
    30: 38.6, 2: 20.4, 1: 17.5, 3: 11.5, 4: 3.8, 5: 2.5, 31: 1.9, 7: 1.0, 60: 0.45, 32: 0.43,
    6: 0.43, 180: 0.39, 90: 0.39, 45: 0.1, 365: 0.1, 120: 0.08, 14: 0.1, 10: 0.1,
}  # fmt: skip
_CANCELLATION = {
    "strict_14_with_grace_period": 43.2, "moderate": 35.2, "flexible": 19.9,
    "super_strict_30": 0.9, "strict": 0.6, "super_strict_60": 0.15,
}  # fmt: skip
_BED_TYPES = {
    "Real Bed": 98.98, "Futon": 0.45, "Pull-out Sofa": 0.32, "Airbed": 0.15, "Couch": 0.10,
}  # fmt: skip
# Hosts with up to six listings, and then agencies: index + 1 is their host_id.
_SMALL_HOSTS = {1: 37.1, 2: 16.7, 3: 8.1, 4: 6.1, 5: 3.2, 6: 2.3}
_AGENCIES = (
    1154, 806, 777, 431, 342, 181, 158, 112, 95, 84, 77, 69, 66, 58, 52, 47, 43, 40, 38, 35, 33,
    30, 28, 26, 24, 22, 20, 19, 18, 17, 16, 15, 14, 14, 13, 12, 12, 11, 10, 10, 9, 9, 8, 8, 7, 7,
)  # fmt: skip
_AGENCY_SHARE = 0.265

# Share of reviewed listings with a score of 10, of 9 or more, and so on down to 2.
_SCORE_SHARES = {
    "review_scores_accuracy": (0.840, 0.968, 0.988, 0.992, 0.996, 0.997, 0.998, 0.9985),
    "review_scores_cleanliness": (0.731, 0.932, 0.979, 0.990, 0.997, 0.9975, 0.999, 0.9993),
    "review_scores_checkin": (0.905, 0.980, 0.993, 0.996, 0.9985, 0.9988, 0.999, 0.9993),
    "review_scores_communication": (0.888, 0.977, 0.991, 0.994, 0.997, 0.9975, 0.9985, 0.999),
    "review_scores_location": (0.727, 0.955, 0.985, 0.991, 0.9965, 0.997, 0.999, 0.9993),
    "review_scores_value": (0.545, 0.925, 0.981, 0.989, 0.9965, 0.9975, 0.999, 0.9993),
}
_Numbers = npt.NDArray[np.float64]


def truth(variant: Variant = Variant.COURSE) -> Truth:
    """How the prices come about."""
    return market(variant).truth


def clean_block(block: int, variant: Variant = Variant.COURSE) -> pd.DataFrame:
    """One block of the cleaned table, the 34 columns in their order.

    Blocks of the course's own data have `BLOCK_ROWS` rows, those of the sibling fewer.
    """
    return _block(block, variant)[list(COLUMNS)]


def _block(block: int, variant: Variant) -> pd.DataFrame:
    """The cleaned rows and, with an underscore before their names, what only the raw file has."""
    rng = block_rng("listings", block, variant)
    drawn_from = market(variant)
    size = drawn_from.block_rows
    room = pick(rng, size, drawn_from.room_types)
    bedrooms = _by_room(rng, room, _single(drawn_from.bedrooms))
    guests = _by_room(rng, room, _GUESTS, bedrooms)
    beds = _beds(rng, room, guests)
    bathrooms = _by_room(rng, room, drawn_from.bathrooms, bedrooms)
    property_type = _by_room(rng, room, _single(drawn_from.property_types))

    places = neighborhoods(variant)
    place = pick(rng, size, {i: item.weight for i, item in enumerate(places)})
    spread = np.array([item.spread for item in places])[place]
    north = np.array([item.latitude for item in places])[place]
    latitude = np.round(north + spread * rng.standard_normal(size), 5)
    east = np.array([item.longitude for item in places])[place]
    east = east + 1.2 * spread * rng.standard_normal(size)
    longitude = np.round(np.maximum(east, _shore(latitude)), 5)

    agency = rng.random(size) < _AGENCY_SHARE
    which = pick(rng, size, {i: count**0.4 for i, count in enumerate(_AGENCIES)})
    few = pick(rng, size, _SMALL_HOSTS)
    host_listings = np.where(agency, np.array(_AGENCIES)[which], few)
    host_id = np.where(agency, which + 1, 1_000 + block * size + np.arange(size))

    reviews = np.floor(1 + 52 * rng.standard_normal(size) ** 2)
    reviews[rng.random(size) < 0.19] = 0
    trouble = rng.standard_normal(size)  # of the guests: high is bad, all scores follow it
    scores = _scores(rng, trouble, reviews)

    rated_high = (scores["review_scores_rating"] >= 96) & (reviews >= 8)
    shares = np.array([drawn_from.superhosts[name] for name in room])
    superhost = rng.random(size) < np.where(rated_high, shares[:, 0], shares[:, 1])
    columns: dict[str, npt.NDArray[Any]] = {
        "host_is_superhost": np.where(superhost, "t", "f"),
        "cancellation_policy": pick(rng, size, _CANCELLATION),
        "instant_bookable": np.where(rng.random(size) < 0.38, "t", "f"),
        "host_total_listings_count": host_listings.astype(float),
        "neighbourhood_cleansed": np.array([item.name for item in places])[place],
        "latitude": latitude,
        "longitude": longitude,
        "property_type": property_type,
        "room_type": room,
        "accommodates": guests.astype(float),
        "bathrooms": bathrooms,
        "bedrooms": bedrooms.astype(float),
        "beds": beds.astype(float),
        "bed_type": pick(rng, size, _BED_TYPES),
        "minimum_nights": pick(rng, size, _MINIMUM_NIGHTS).astype(float),
        "number_of_reviews": reviews,
        **scores,
        "_host_id": host_id,
    }
    columns["bedrooms"][rng.random(size) < 0.0004] = np.nan
    columns["bathrooms"][rng.random(size) < 0.003] = np.nan
    columns["beds"][rng.random(size) < 0.001] = np.nan
    for name in IMPUTED:
        missing = np.isnan(columns[name])
        columns[f"{name}_na"] = missing.astype(float)
        columns[name] = np.where(missing, _MEDIANS[name], columns[name])

    listings = pd.DataFrame(columns)
    noise = drawn_from.truth.sigma * rng.standard_normal(size)
    log_price = drawn_from.truth.mean_log_price(listings) + noise
    listings["price"] = np.maximum(np.round(np.exp(log_price)), 8.0)
    return listings


def _single(shares: Mapping[str, Mapping[Any, float]]) -> dict[str, tuple[Mapping[Any, float]]]:
    """Shares that depend on the room type alone, as `_by_room` takes them."""
    return {room: (line,) for room, line in shares.items()}


def _by_room(
    rng: np.random.Generator,
    room: npt.NDArray[Any],
    shares: Mapping[str, tuple[Mapping[Any, float], ...]],
    bedrooms: npt.NDArray[Any] | None = None,
) -> npt.NDArray[Any]:
    """One draw per row from the shares of its room type and, where given, its bedrooms."""
    uniform = rng.random(len(room))
    kinds = [value for lines in shares.values() for line in lines for value in line]
    drawn = np.empty(len(room), dtype=np.array(kinds).dtype)
    for name, lines in shares.items():
        for i, line in enumerate(lines):
            rows = room == name
            if bedrooms is not None:
                rows &= np.minimum(bedrooms, len(lines) - 1) == i
            drawn[rows] = choose(np.array(list(line)), list(line.values()), uniform[rows])
    return drawn


def _beds(
    rng: np.random.Generator, room: npt.NDArray[Any], guests: npt.NDArray[Any]
) -> npt.NDArray[Any]:
    more = pick(rng, len(room), {-1: 12.0, 0: 66.0, 1: 18.0, 2: 4.0})
    beds = np.maximum((guests + 1) // 2 + np.where(guests > 2, more, more == 2), 1)
    beds = np.where(room == "Shared room", guests, beds)
    return np.where(rng.random(len(room)) < 0.004, 0, beds)


def _shore(latitude: _Numbers) -> _Numbers:
    """The western end of the land at a latitude, degrees: nothing is built in the sea."""
    return -124.061 - 0.25 * (latitude - 40.05)


def _scores(rng: np.random.Generator, trouble: _Numbers, reviews: _Numbers) -> dict[str, _Numbers]:
    """Review scores, missing (NaN) where there are no reviews, and for a few more."""
    size = len(trouble)
    lost = np.round(np.exp(0.65 + 1.2 * trouble))
    perfect = (reviews <= 3) & (rng.random(size) < 0.45)  # a few friendly guests
    scores = {"review_scores_rating": np.where(perfect, 100.0, np.maximum(100.0 - lost, 20.0))}
    for name, shares in _SCORE_SHARES.items():
        own = 0.8 * trouble + 0.6 * rng.standard_normal(size)
        edges = [NormalDist().inv_cdf(share) for share in shares]
        scores[name] = 10.0 - np.searchsorted(edges, own)
    unrated = (reviews == 0) | ((reviews == 1) & (rng.random(size) < 0.08))
    for name in scores:
        missing = unrated | ((reviews <= 3) & (rng.random(size) < 0.004))
        scores[name] = np.where(missing, np.nan, scores[name])
    return scores


# --- the scraped file ----------------------------------------------------------------------------

_ADJECTIVES = (  # noqa: SIM905
    "Sunny Quiet Bright Cozy Modern Charming Spacious Airy Restored Tiny Grand Simple Hidden "
    "Breezy Peaceful"
).split()
_NOUNS = {
    "Entire home/apt": ("flat", "home", "apartment", "hideaway", "place"),
    "Private room": ("room", "bedroom", "suite", "corner room"),
    "Shared room": ("bunk", "dorm bed", "shared room"),
}
_CATCHES = (
    'near the "Old Pier"',
    "with bay view, deck & fireplace",
    "5 min to ferry",
    'a.k.a. "The Nest"',
    "walk to cafés",
    "free parking, own entrance",
    "steps from the beach",
    "great for families",
)
_OPENINGS = (
    "A calm place to come back to after a day in the city.",
    "You will have the whole floor, with its own kitchen and a desk.",
    'Guests call it "the best sleep in town", and we agree.',
    "Restored in 2016; new mattress, fast wifi, good coffee.",
    "Our family has lived here for years, and we love to share it.",
)
_DETAILS = (
    "Please note:\nthe stairs are steep, and there is no lift.",
    "What is near:\n- bakery, 2 min\n- tram, 5 min\n- beach, 12 min",
    "House rules:\n\nno smoking, no parties, quiet after 10 pm.",
    "Getting here: take the tram to the harbor, then walk uphill.",
    "Pets, within reason, are welcome; ask first.",
)
_AMENITIES = (  # noqa: SIM905
    'TV,Wifi,Kitchen,Heating,Washer,Dryer,"Smoke detector","Carbon monoxide detector",Shampoo,'
    'Hangers,"Hair dryer",Iron,"Laptop friendly workspace","Free street parking",Elevator,Gym'
).split(",")
_SCRAPED = np.datetime64("2024-05-06")


def raw_block(block: int, variant: Variant = Variant.COURSE) -> pd.DataFrame:
    """One block of the scraped file, every value text or missing.

    Cleaned, it is `clean_block(block, variant)`: the same rows in the same order, among rows that
    are free of charge, ask for absurdly long stays, lack facts about the host or any guests, or
    come twice.
    """
    listings = _block(block, variant)
    rng = block_rng("listings_raw", block, variant)
    size = len(listings)
    for name in IMPUTED:
        listings.loc[listings[f"{name}_na"] == 1.0, name] = np.nan
    bad = _FREE + _LONG_STAY + _NO_HOST + _NO_GUESTS
    spoiled = listings.iloc[rng.choice(size, bad, replace=False)]
    rows = pd.concat([listings, spoiled], ignore_index=True)
    free, long_stay, no_host, no_guests = np.split(
        np.arange(size, size + bad),
        np.cumsum([_FREE, _LONG_STAY, _NO_HOST]),
    )
    rows.loc[free, "price"] = 0.0
    rows.loc[long_stay, "minimum_nights"] = rng.choice(
        [500.0, 999.0, 1_125.0, 100_000_000.0], _LONG_STAY, replace=False
    )
    rows.loc[no_host, ["host_is_superhost", "host_total_listings_count"]] = np.nan
    rows.loc[no_guests, "accommodates"] = 0.0

    place = np.concatenate([np.arange(size), rng.uniform(0, size, bad)])
    rows = rows.iloc[np.argsort(place, kind="stable")].reset_index(drop=True)
    raw = _scraped(rng, rows, block)

    twice = rng.choice(len(raw), _TWICE, replace=False)
    place = np.concatenate([np.arange(len(raw)), rng.uniform(twice, len(raw))])  # later in the file
    raw = pd.concat([raw, raw.iloc[twice]], ignore_index=True)
    return raw.iloc[np.argsort(place, kind="stable")].reset_index(drop=True)


def _scraped(rng: np.random.Generator, rows: pd.DataFrame, block: int) -> pd.DataFrame:
    size = len(rows)
    listing_id = 10_000 + block * 10_000 + np.sort(rng.choice(10_000, size, replace=False))
    price = rows["price"].to_numpy()
    reviewed = (rows["number_of_reviews"] > 0).to_numpy()
    last = _SCRAPED - rng.integers(1, 400, size).astype("timedelta64[D]")
    first = last - rng.integers(0, 1_800, size).astype("timedelta64[D]")
    joined = np.datetime64("2009-01-01") + (rows["_host_id"].to_numpy() * 7_919 % 5_000).astype(
        "timedelta64[D]"
    )
    host = [_host_name(number) for number in rows["_host_id"]]
    raw = {
        "id": listing_id.astype(str),
        "listing_url": [f"https://stays.example.com/rooms/{number}" for number in listing_id],
        "scrape_id": np.full(size, "20240506031522"),
        "last_scraped": np.full(size, str(_SCRAPED)),
        "name": _names(rng, rows),
        "summary": _summaries(rng, size),
        "host_id": rows["_host_id"].astype(str),
        "host_name": host,
        "host_since": joined.astype(str),
        "host_response_time": _some(
            rng,
            pick(rng, size, {"within an hour": 70, "within a few hours": 18, "within a day": 12}),
            0.85,
        ),
        "host_response_rate": _some(rng, _percent(rng.integers(60, 101, size)), 0.85),
        "host_is_superhost": rows["host_is_superhost"],
        "host_total_listings_count": _whole(rows["host_total_listings_count"]),
        "host_identity_verified": np.where(rng.random(size) < 0.4, "t", "f"),
        "neighbourhood_cleansed": rows["neighbourhood_cleansed"],
        "city": np.full(size, CITY),
        "latitude": rows["latitude"].astype(str),
        "longitude": rows["longitude"].astype(str),
        "property_type": rows["property_type"],
        "room_type": rows["room_type"],
        "accommodates": _whole(rows["accommodates"]),
        "bathrooms": rows["bathrooms"].astype(str).where(rows["bathrooms"].notna()),
        "bedrooms": _whole(rows["bedrooms"]),
        "beds": _whole(rows["beds"]),
        "bed_type": rows["bed_type"],
        "amenities": _amenities(rng, size),
        "square_feet": _some(rng, rng.integers(200, 2_500, size).astype(str), 0.02),
        "price": _dollars(price),
        "weekly_price": _some(rng, _dollars(np.round(price * 6.2)), 0.15),
        "security_deposit": _some(rng, _dollars(rng.integers(1, 11, size) * 100.0), 0.75),
        "cleaning_fee": _some(rng, _dollars(np.round(20 + 0.35 * price)), 0.80),
        "guests_included": rng.integers(1, 3, size).astype(str),
        "extra_people": _dollars(rng.integers(0, 5, size) * 10.0),
        "minimum_nights": _whole(rows["minimum_nights"]),
        "maximum_nights": pick(rng, size, {"1125": 50, "30": 25, "365": 15, "90": 10}),
        "availability_365": rng.integers(0, 366, size).astype(str),
        "number_of_reviews": _whole(rows["number_of_reviews"]),
        "first_review": pd.Series(first.astype(str)).where(reviewed),
        "last_review": pd.Series(last.astype(str)).where(reviewed),
        **{name: _whole(rows[name]) for name in REVIEW_SCORES},
        "license": _some(rng, [f"STR-{number % 9_999_991:07d}" for number in listing_id], 0.6),
        "instant_bookable": rows["instant_bookable"],
        "cancellation_policy": rows["cancellation_policy"],
        "require_guest_phone_verification": np.where(rng.random(size) < 0.05, "t", "f"),
    }
    return pd.DataFrame(raw).astype(object)


def _host_name(number: int) -> str:
    if number <= len(_AGENCIES):
        return f"{FAMILY_NAMES[number * 2]} & {FAMILY_NAMES[number * 2 + 1]} Stays"
    return GIVEN_NAMES[number * 31 % len(GIVEN_NAMES)]


def _names(rng: np.random.Generator, rows: pd.DataFrame) -> list[str]:
    size = len(rows)
    which = rng.integers(0, 60, size)  # divides evenly by the number of nouns of each room type
    return [
        f"{adjective} {_NOUNS[room][i % len(_NOUNS[room])]} in {place}, {catch}"
        for adjective, i, room, place, catch in zip(
            rng.choice(_ADJECTIVES, size),
            which,
            rows["room_type"],
            rows["neighbourhood_cleansed"],
            rng.choice(_CATCHES, size),
            strict=True,
        )
    ]


def _summaries(rng: np.random.Generator, size: int) -> npt.NDArray[Any]:
    opening, detail = rng.choice(_OPENINGS, size), rng.choice(_DETAILS, size)
    joint = rng.choice([" ", "\n\n"], size)
    texts = [a + b + c for a, b, c in zip(opening, joint, detail, strict=True)]
    return _some(rng, texts, 0.97)


def _amenities(rng: np.random.Generator, size: int) -> list[str]:
    there = rng.random((size, len(_AMENITIES))) < np.linspace(0.98, 0.12, len(_AMENITIES))
    names = np.array(_AMENITIES)
    return ["{" + ",".join(names[row]) + "}" for row in there]


def _some(rng: np.random.Generator, values: Any, share: float) -> npt.NDArray[Any]:
    """The values, with all but a share of them missing."""
    kept = np.array(values, dtype=object)
    kept[rng.random(len(values)) >= share] = None
    return kept


def _whole(values: "pd.Series[float]") -> list[str | None]:
    return [None if np.isnan(value) else str(int(value)) for value in values]


def _dollars(values: npt.NDArray[Any]) -> list[str]:
    return [f"${value:,.2f}" for value in values]


def _percent(values: npt.NDArray[Any]) -> list[str]:
    return [f"{value}%" for value in values]
