"""Which values a listing can have at all, and where a table has others."""

from collections.abc import Mapping

import pandas as pd

from course_utils.data.schema import REVIEW_SCORES

_NO_END = float("inf")
# Wide enough for every listing that there is; what is unusual is for the lessons to find.
# Prices are in the city's own currency, which may be one of large numbers.
POSSIBLE: Mapping[str, tuple[float, float]] = {
    "host_total_listings_count": (0, 1_000_000),
    "latitude": (-90, 90),
    "longitude": (-180, 180),
    "accommodates": (0, 100),
    "bathrooms": (0, 500),
    "bedrooms": (0, 500),
    "beds": (0, 1_000),
    "minimum_nights": (1, _NO_END),
    "number_of_reviews": (0, 1_000_000),
    "price": (0, 100_000_000),
}
RATING, *_OTHER_SCORES = REVIEW_SCORES
TO_FIVE = dict.fromkeys(REVIEW_SCORES, (0.0, 5.0))
TO_HUNDRED = {RATING: (0.0, 100.0), **dict.fromkeys(_OTHER_SCORES, (0.0, 10.0))}


def outside(values: "pd.Series[float]", limits: tuple[float, float]) -> "pd.Series[bool]":
    """Where a column has values that are none of a listing; missing ones are not outside."""
    lowest, highest = limits
    return (values < lowest) | (values > highest)


def in_words(name: str, limits: tuple[float, float]) -> str:
    """ "latitude outside -90 to 90"."""
    lowest, highest = limits
    if highest == _NO_END:
        return f"{name} below {lowest:,.0f}"
    return f"{name} outside {lowest:,.0f} to {highest:,.0f}"
