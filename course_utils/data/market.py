"""What the listings of each variant are drawn from: how many, what kinds, and their prices.

Shares, ranges and dependences of the course's own follow the real file of San Francisco (2019).
In the sibling entire homes are dearer and other rooms cheaper, a tenth of the listings have one
bedroom more, houses outnumber apartments, and superhosts let entire homes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from types import MappingProxyType

from course_utils.data.city import neighborhoods
from course_utils.data.schema import BLOCK_ROWS, NUMERIC
from course_utils.data.truth import Truth
from course_utils.data.variant import Variant


@dataclass(frozen=True)
class Market:
    """What the listings of one variant are drawn from.

    Attributes:
        block_rows: rows of a block of the cleaned table.
        truth: how prices come about.
        room_types: share of each.
        bedrooms: share of each number of bedrooms, by room type.
        bathrooms: shares by room type and bedrooms; the last line also holds for more bedrooms.
        property_types: shares by room type.
        superhosts: share of superhosts among the well rated and the others, by room type.
    """

    block_rows: int
    truth: Truth
    room_types: Mapping[str, float]
    bedrooms: Mapping[str, Mapping[int, float]]
    bathrooms: Mapping[str, tuple[Mapping[float, float], ...]]
    property_types: Mapping[str, Mapping[str, float]]
    superhosts: Mapping[str, tuple[float, float]]


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


def _truth(
    intercept: float,
    coefficients: Mapping[str, float],
    effects: Mapping[str, Mapping[str, float]],
    sigma: float,
) -> Truth:
    every = {name: 0.0 for name in NUMERIC if name != "price"} | dict(coefficients)
    return Truth(
        intercept=intercept,
        coefficients=MappingProxyType(every),
        effects=MappingProxyType(
            {column: MappingProxyType(dict(effect)) for column, effect in effects.items()}
        ),
        sigma=sigma,
    )


def _places(variant: Variant) -> dict[str, float]:
    return {place.name: place.effect for place in neighborhoods(variant)}


_BATHROOMS_OF_HOMES: tuple[Mapping[float, float], ...] = (
    {0.0: 0.2, 0.5: 0.1, 1.0: 96.0, 1.5: 3.0, 2.0: 0.7},
    {0.5: 0.1, 1.0: 91.0, 1.5: 6.0, 2.0: 2.9},
    {1.0: 53.0, 1.5: 10.0, 2.0: 33.0, 2.5: 3.5, 3.0: 0.5},
    {1.0: 17.0, 1.5: 7.0, 2.0: 47.0, 2.5: 14.0, 3.0: 11.0, 3.5: 4.0},
    {1.0: 3.0, 2.0: 29.0, 2.5: 14.0, 3.0: 24.0, 3.5: 15.0, 4.0: 9.0, 4.5: 4.0, 5.5: 2.0},
)
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

_COURSE = Market(
    block_rows=BLOCK_ROWS,
    truth=_truth(
        intercept=3.31,
        coefficients={
            "accommodates": 0.11,
            "bathrooms": 0.08,
            "bedrooms": 0.20,
            "minimum_nights": -0.003,
            "number_of_reviews": -0.0007,
            "review_scores_rating": 0.008,
            "review_scores_location": 0.04,
            "review_scores_rating_na": 0.06,
        },
        effects={
            "room_type": {"Entire home/apt": 0.0, "Private room": -0.40, "Shared room": -1.00},
            "neighbourhood_cleansed": _places(Variant.COURSE),
            "property_type": _PROPERTY_EFFECTS,
            "host_is_superhost": {"f": 0.0, "t": 0.08},
        },
        sigma=0.42,
    ),
    room_types={"Entire home/apt": 0.611, "Private room": 0.364, "Shared room": 0.025},
    bedrooms={
        "Entire home/apt": {0: 13.7, 1: 40.3, 2: 27.6, 3: 13.7, 4: 3.9, 5: 0.6, 6: 0.2, 7: 0.05},
        "Private room": {0: 8.0, 1: 87.0, 2: 3.9, 3: 0.9, 4: 0.2},
        "Shared room": {1: 1.0},
    },
    bathrooms={
        "Entire home/apt": _BATHROOMS_OF_HOMES,
        "Private room": (
            {
                0.0: 1.0,
                0.5: 0.6,
                1.0: 79.0,
                1.5: 7.8,
                2.0: 8.0,
                2.5: 1.0,
                3.0: 1.0,
                4.0: 0.6,
                8.0: 0.6,
            },
        ),
        "Shared room": (
            {0.0: 7, 1.0: 36, 1.5: 4, 2.0: 20, 2.5: 7, 3.0: 10, 3.5: 5, 5.0: 7, 10.0: 4},
        ),
    },
    property_types=_PROPERTY_TYPES,
    superhosts=dict.fromkeys(("Entire home/apt", "Private room", "Shared room"), (0.77, 0.17)),
)

# Kinds so rare that some of them are likely to be missing among the training rows
_RARE_EFFECTS = {
    "Barn": 0.05,
    "Boat": 0.15,
    "Camper/RV": -0.20,
    "Castle": 0.60,
    "Chalet": 0.30,
    "Dome house": 0.20,
    "Earth house": 0.10,
    "Farm stay": -0.05,
    "In-law": -0.10,
    "Nature lodge": 0.25,
    "Resort": 0.30,
    "Tent": -0.50,
}
_SIBLING_PROPERTY_TYPES = {
    "Entire home/apt": {
        "House": 48.3, "Apartment": 22.4, "Guest suite": 11.6, "Condominium": 9.0,
        "Loft": 2.6, "Serviced apartment": 1.5, "Townhouse": 2.2, "Guesthouse": 1.3,
        "Boutique hotel": 0.3, "Bungalow": 0.2, "Villa": 0.2, "Other": 0.15, "Cottage": 0.04,
        "Houseboat": 0.03, "Cabin": 0.04, "Tiny house": 0.04, "Treehouse": 0.04,
        "Lighthouse": 0.03,
        **dict.fromkeys(_RARE_EFFECTS, 0.03),
    },
    "Private room": {
        "House": 44.0, "Apartment": 21.6, "Condominium": 11.0, "Boutique hotel": 4.5,
        "Hotel": 6.2, "Townhouse": 3.9, "Guest suite": 4.1, "Hostel": 1.6, "Loft": 1.1,
        "Other": 0.8, "Bed and breakfast": 0.6, "Serviced apartment": 0.2, "Bungalow": 0.2,
        "Villa": 0.1, "Aparthotel": 0.04, "Guesthouse": 0.04,
    },
    "Shared room": {
        "House": 46.0, "Hostel": 25.0, "Apartment": 13.0, "Bed and breakfast": 9.0,
        "Loft": 3.0, "Townhouse": 2.5, "Villa": 1.5,
    },
}  # fmt: skip
_DEARER, _CHEAPER = log(1.25), log(0.8)  # prices of entire homes, and of all others

_SIBLING = Market(
    block_rows=903,
    truth=_truth(
        intercept=3.46 + _DEARER,
        coefficients={
            "accommodates": 0.10,
            "bathrooms": 0.12,
            "bedrooms": 0.16,
            "minimum_nights": -0.0012,
            "number_of_reviews": -0.0001,
            "review_scores_rating": 0.006,
            "review_scores_location": 0.05,
            "review_scores_rating_na": 0.10,
        },
        effects={
            "room_type": {
                "Entire home/apt": 0.0,
                "Private room": -0.40 + _CHEAPER - _DEARER,
                "Shared room": -1.00 + _CHEAPER - _DEARER,
            },
            "neighbourhood_cleansed": _places(Variant.SIBLING),
            "property_type": {
                **{name: 0.7 * effect for name, effect in _PROPERTY_EFFECTS.items()},
                **_RARE_EFFECTS,
            },
            "host_is_superhost": {"f": 0.0, "t": 0.05},
        },
        sigma=0.38,
    ),
    room_types={"Entire home/apt": 0.58, "Private room": 0.392, "Shared room": 0.028},
    bedrooms={  # of the course's own a tenth has one more
        "Entire home/apt": {0: 12.3, 1: 37.6, 2: 28.9, 3: 15.1, 4: 4.9, 5: 0.9, 6: 0.25, 7: 0.08},
        "Private room": {0: 7.2, 1: 79.1, 2: 12.2, 3: 1.2, 4: 0.3},
        "Shared room": {1: 0.9, 2: 0.1},
    },
    bathrooms={
        "Entire home/apt": _BATHROOMS_OF_HOMES,
        "Private room": ({0.0: 1.0, 0.5: 0.7, 1.0: 78.7, 1.5: 8.1, 2.0: 8.6, 2.5: 1.3, 3.0: 1.6},),
        "Shared room": ({0.0: 7, 1.0: 44, 1.5: 4, 2.0: 26, 2.5: 6, 3.0: 8, 3.5: 3, 5.0: 2},),
    },
    property_types=_SIBLING_PROPERTY_TYPES,
    superhosts={
        "Entire home/apt": (0.80, 0.20),
        "Private room": (0.66, 0.13),
        "Shared room": (0.60, 0.12),
    },
)

_MARKETS = {Variant.COURSE: _COURSE, Variant.SIBLING: _SIBLING}


def market(variant: Variant) -> Market:
    """What the listings of a variant are drawn from."""
    return _MARKETS[variant]
