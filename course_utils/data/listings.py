"""Generated listings: the cleaned table and the scraped file it would come from.

Shares, ranges and dependences follow the real file of San Francisco (2019): how many guests go
with how many bedrooms, how reviews pile up near the best score, one listing in five without any
review. The price follows `TRUTH` exactly. Neighborhood and property type are drawn independently
of size, so that a regression without them still recovers the coefficients of size.
"""

from collections.abc import Mapping
from statistics import NormalDist
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from course_utils.data.blocks import block_rng, choose, pick
from course_utils.data.city import CITY, FAMILY_NAMES, GIVEN_NAMES, NEIGHBORHOODS
from course_utils.data.schema import BLOCK_ROWS, COLUMNS, IMPUTED, NUMERIC, REVIEW_SCORES
from course_utils.data.truth import Truth

# Rows of a raw block that cleaning must drop.
_FREE, _LONG_STAY, _NO_HOST, _NO_GUESTS, _TWICE = 1, 3, 2, 1, 5
RAW_BLOCK_ROWS = BLOCK_ROWS + _FREE + _LONG_STAY + _NO_HOST + _NO_GUESTS + _TWICE

# What the columns' medians are, block after block: a block can then be imputed by itself.
_MEDIANS = dict.fromkeys(REVIEW_SCORES, 10.0) | {
    "bedrooms": 1.0,
    "bathrooms": 1.0,
    "beds": 1.0,
    "review_scores_rating": 98.0,
}

# On average nearly equal in all room types, so that a regression without them still recovers the
# effects of room type.
_PROPERTY_EFFECTS = {
    "Apartment": 0.0,
    "House": 0.05,
    "Condominium": 0.12,
    "Guest suite": -0.02,
    "Boutique hotel": 0.05,
    "Townhouse": 0.10,
    "Serviced apartment": 0.16,
    "Hotel": 0.02,
    "Loft": 0.22,
    "Hostel": -0.05,
    "Guesthouse": 0.03,
    "Bed and breakfast": 0.05,
    "Other": 0.10,
    "Aparthotel": 0.10,
    "Bungalow": 0.06,
    "Villa": 0.40,
    "Cottage": 0.18,
    "Houseboat": 0.25,
    "Cabin": -0.05,
    "Tiny house": -0.10,
    "Treehouse": 0.30,
    "Lighthouse": 0.50,
}

TRUTH = Truth(
    intercept=3.31,
    coefficients=MappingProxyType(
        {name: 0.0 for name in NUMERIC if name != "price"}
        | {
            "accommodates": 0.11,
            "bathrooms": 0.08,
            "bedrooms": 0.20,
            "minimum_nights": -0.003,
            "number_of_reviews": -0.0007,
            "review_scores_rating": 0.008,
            "review_scores_location": 0.04,
            "review_scores_rating_na": 0.06,
        }
    ),
    effects=MappingProxyType(
        {
            "room_type": MappingProxyType(
                {"Entire home/apt": 0.0, "Private room": -0.40, "Shared room": -1.00}
            ),
            "neighbourhood_cleansed": MappingProxyType(
                {place.name: place.effect for place in NEIGHBORHOODS}
            ),
            "property_type": MappingProxyType(_PROPERTY_EFFECTS),
            "host_is_superhost": MappingProxyType({"f": 0.0, "t": 0.08}),
        }
    ),
    sigma=0.42,
)

_ROOM_TYPES = {"Entire home/apt": 0.611, "Private room": 0.364, "Shared room": 0.025}
_BEDROOMS = {
    "Entire home/apt": {0: 13.7, 1: 40.3, 2: 27.6, 3: 13.7, 4: 3.9, 5: 0.6, 6: 0.2, 7: 0.05},
    "Private room": {0: 8.0, 1: 87.0, 2: 3.9, 3: 0.9, 4: 0.2},
    "Shared room": {1: 1.0},
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
_BATHROOMS: dict[str, tuple[dict[float, float], ...]] = {
    "Entire home/apt": (
        {0.0: 0.2, 0.5: 0.1, 1.0: 96.0, 1.5: 3.0, 2.0: 0.7},
        {0.5: 0.1, 1.0: 91.0, 1.5: 6.0, 2.0: 2.9},
        {1.0: 53.0, 1.5: 10.0, 2.0: 33.0, 2.5: 3.5, 3.0: 0.5},
        {1.0: 17.0, 1.5: 7.0, 2.0: 47.0, 2.5: 14.0, 3.0: 11.0, 3.5: 4.0},
        {1.0: 3.0, 2.0: 29.0, 2.5: 14.0, 3.0: 24.0, 3.5: 15.0, 4.0: 9.0, 4.5: 4.0, 5.5: 2.0},
    ),
    "Private room": (
        {0.0: 1.0, 0.5: 0.6, 1.0: 79.0, 1.5: 7.8, 2.0: 8.0, 2.5: 1.0, 3.0: 1.0, 4.0: 0.6, 8.0: 0.6},
    ),
    "Shared room": ({0.0: 7, 1.0: 36, 1.5: 4, 2.0: 20, 2.5: 7, 3.0: 10, 3.5: 5, 5.0: 7, 10.0: 4},),
}
_PROPERTY_TYPES = {
    "Entire home/apt": {
        "Apartment": 51.0, "House": 19.3, "Condominium": 12.1, "Guest suite": 9.9,
        "Serviced apartment": 2.4, "Loft": 1.6, "Townhouse": 1.5, "Guesthouse": 0.9,
        "Boutique hotel": 0.3, "Bungalow": 0.3, "Villa": 0.15, "Cottage": 0.2, "Other": 0.1,
        "Houseboat": 0.08, "Cabin": 0.05, "Tiny house": 0.06, "Treehouse": 0.03, "Lighthouse": 0.02,
    },
    "Private room": {
        "House": 41.0, "Apartment": 29.2, "Condominium": 9.0, "Boutique hotel": 6.5, "Hotel": 3.8,
        "Townhouse": 2.7, "Guest suite": 2.5, "Hostel": 1.4, "Aparthotel": 0.8, "Loft": 0.7,
        "Other": 0.6, "Bed and breakfast": 0.5, "Serviced apartment": 0.3, "Bungalow": 0.2,
        "Villa": 0.2, "Guesthouse": 0.1, "Houseboat": 0.05,
    },
    "Shared room": {
        "House": 41.0, "Hostel": 28.0, "Apartment": 14.0, "Bed and breakfast": 8.0, "Loft": 3.0,
        "Townhouse": 2.2, "Villa": 1.5,
    },
}  # fmt: skip
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
_LATITUDES = np.array([place.latitude for place in NEIGHBORHOODS])
_LONGITUDES = np.array([place.longitude for place in NEIGHBORHOODS])
_SPREADS = np.array([place.spread for place in NEIGHBORHOODS])

_Numbers = npt.NDArray[np.float64]


def clean_block(block: int) -> pd.DataFrame:
    """One block of the cleaned table: `BLOCK_ROWS` rows, the 34 columns in their order."""
    return _block(block)[list(COLUMNS)]


def _block(block: int) -> pd.DataFrame:
    """The cleaned rows and, with an underscore before their names, what only the raw file has."""
    rng = block_rng("listings", block)
    size = BLOCK_ROWS
    room = pick(rng, size, _ROOM_TYPES)
    bedrooms = _by_room(rng, room, {name: (shares,) for name, shares in _BEDROOMS.items()})
    guests = _by_room(rng, room, _GUESTS, bedrooms)
    beds = _beds(rng, room, guests)
    bathrooms = _by_room(rng, room, _BATHROOMS, bedrooms)
    property_type = _by_room(rng, room, {name: (kinds,) for name, kinds in _PROPERTY_TYPES.items()})

    place = pick(rng, size, {i: item.weight for i, item in enumerate(NEIGHBORHOODS)})
    latitude = np.round(_LATITUDES[place] + _SPREADS[place] * rng.standard_normal(size), 5)
    east = 1.2 * _SPREADS[place] * rng.standard_normal(size)
    longitude = np.round(np.maximum(_LONGITUDES[place] + east, _shore(latitude)), 5)

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
    superhost = rng.random(size) < np.where(rated_high, 0.77, 0.17)
    columns: dict[str, npt.NDArray[Any]] = {
        "host_is_superhost": np.where(superhost, "t", "f"),
        "cancellation_policy": pick(rng, size, _CANCELLATION),
        "instant_bookable": np.where(rng.random(size) < 0.38, "t", "f"),
        "host_total_listings_count": host_listings.astype(float),
        "neighbourhood_cleansed": np.array([item.name for item in NEIGHBORHOODS])[place],
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
    noise = TRUTH.sigma * rng.standard_normal(size)
    listings["price"] = np.maximum(np.round(np.exp(TRUTH.mean_log_price(listings) + noise)), 8.0)
    return listings


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


def raw_block(block: int) -> pd.DataFrame:
    """One block of the scraped file: `RAW_BLOCK_ROWS` rows, every value text or missing.

    Cleaned, it is `clean_block(block)`: the same rows in the same order, among rows that are
    free of charge, ask for absurdly long stays, lack facts about the host or any guests, or come
    twice.
    """
    listings = _block(block)
    rng = block_rng("listings_raw", block)
    for name in IMPUTED:
        listings.loc[listings[f"{name}_na"] == 1.0, name] = np.nan
    bad = _FREE + _LONG_STAY + _NO_HOST + _NO_GUESTS
    spoiled = listings.iloc[rng.choice(BLOCK_ROWS, bad, replace=False)]
    rows = pd.concat([listings, spoiled], ignore_index=True)
    free, long_stay, no_host, no_guests = np.split(
        np.arange(BLOCK_ROWS, BLOCK_ROWS + bad),
        np.cumsum([_FREE, _LONG_STAY, _NO_HOST]),
    )
    rows.loc[free, "price"] = 0.0
    rows.loc[long_stay, "minimum_nights"] = rng.choice(
        [500.0, 999.0, 1_125.0, 100_000_000.0], _LONG_STAY, replace=False
    )
    rows.loc[no_host, ["host_is_superhost", "host_total_listings_count"]] = np.nan
    rows.loc[no_guests, "accommodates"] = 0.0

    place = np.concatenate([np.arange(BLOCK_ROWS), rng.uniform(0, BLOCK_ROWS, bad)])
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
