"""Riders of a bike share, what is known of each week by week, and who let the year's pass lapse.

Who leaves does not ride any more, so the newest weeks tell what was decided before them: that is
what makes features without a history leak.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa

from course_utils.data.blocks import block_rng, pick
from course_utils.data.city import neighborhoods
from course_utils.data.truth import RidersTruth
from course_utils.data.variant import Variant

_WINDOW = 4  # weeks that a feature row sums up
_FIRST_MONDAY = np.datetime64("2024-01-01T03:00:00", "us")
_TIME = pa.timestamp("us", tz="UTC")


@dataclass(frozen=True)
class _Plan:
    """How many riders there are, what a year costs them, and how they decide."""

    riders: int
    weeks: int
    fees: Mapping[float, float]  # dollars a year: share of the riders
    offers: Mapping[int, float]  # percent off: share of the renewals
    intercept: float
    coefficients: Mapping[str, float]


_PLANS = {
    Variant.COURSE: _Plan(
        riders=2_000,
        weeks=24,
        fees={60.0: 50, 90.0: 35, 120.0: 15},
        offers={0: 40, 10: 25, 20: 20, 30: 15},
        intercept=-4.6,
        coefficients={"rides": -0.03, "failed_unlocks": 0.4, "home_km": 0.4, "price": 0.035},
    ),
    Variant.SIBLING: _Plan(
        riders=1_807,
        weeks=24,
        fees={60.0: 30, 90.0: 45, 120.0: 25},
        offers={0: 25, 10: 20, 20: 35, 30: 20},
        intercept=-4.0,
        coefficients={"rides": -0.05, "failed_unlocks": 0.5, "home_km": 0.3, "price": 0.03},
    ),
}


def riders(variant: Variant = Variant.COURSE) -> pa.Table:
    """One row per rider: what does not change."""
    return pa.Table.from_pandas(_world(variant)["riders"], preserve_index=False)


def rider_weeks(variant: Variant = Variant.COURSE) -> pa.Table:
    """One row per rider and Monday: the last four weeks, known at 03:00 UTC."""
    return _timed(_world(variant)["weeks"], "known_at")


def renewals(variant: Variant = Variant.COURSE) -> pa.Table:
    """One row per rider: the decision on the next year, by its time."""
    return _timed(_world(variant)["renewals"], "decided_at")


def truth(variant: Variant = Variant.COURSE) -> RidersTruth:
    """How the decisions come about."""
    plan, decided = _PLANS[variant], _world(variant)["renewals"]
    return RidersTruth(
        riders=plan.riders,
        weeks=plan.weeks,
        cancelled=int(decided["cancelled"].sum()),
        intercept=plan.intercept,
        coefficients=plan.coefficients,
    )


def _timed(rows: pd.DataFrame, column: str) -> pa.Table:
    table = pa.Table.from_pandas(rows, preserve_index=False)
    place = table.column_names.index(column)
    return table.set_column(place, column, table[column].cast(pa.timestamp("us")).cast(_TIME))


@cache
def _world(variant: Variant) -> dict[str, pd.DataFrame]:
    plan, rng = _PLANS[variant], block_rng("riders", 0, variant)
    size = plan.riders
    numbers = np.arange(1, size + 1, dtype=np.int64)
    weights = {item.name: item.weight for item in neighborhoods(variant)}
    people = pd.DataFrame(
        {
            "rider_id": numbers,
            "home": pick(rng, size, weights),
            "home_km": np.round(np.minimum(rng.gamma(2.0, 0.45, size), 4.0), 2),
            "yearly_fee": pick(rng, size, plan.fees),
        }
    )
    # Four weeks of riding before the first row, so that every row sums up four.
    weeks = plan.weeks + _WINDOW - 1
    rides = rng.poisson(rng.gamma(2.5, 1.2, size)[:, None], (size, weeks))
    failed = rng.binomial(rides, _failing(rng, size, weeks))
    minutes = np.where(rides > 0, rng.gamma(4 * rides + 1e-9, 3.0), 0.0)

    # Minutes from the first row's time to the decision
    decided = rng.integers(5 * 7 * 1440, (plan.weeks - 1) * 7 * 1440, size)
    last = decided // (7 * 1440)  # the newest row at that time
    price = people["yearly_fee"].to_numpy()
    offer = pick(rng, size, plan.offers)
    each = np.arange(size)
    values = {
        "rides": _sums(rides)[each, last],
        "failed_unlocks": _sums(failed)[each, last],
        "home_km": people["home_km"].to_numpy(),
        "price": price * (1 - offer / 100),
    }
    odds = plan.intercept + sum(
        plan.coefficients[name] * values[name] for name in plan.coefficients
    )
    cancelled = rng.random(size) < 1 / (1 + np.exp(-odds))

    # Who has cancelled hardly rides: single tickets, now and then. Week w of riding ends with row
    # w - 3, so the first week after the row `last` is number last + 4.
    left = cancelled[:, None] & (np.arange(weeks) >= (last + _WINDOW)[:, None])
    single = rng.poisson(0.08, (size, weeks))
    rides, failed = np.where(left, single, rides), np.where(left, 0, failed)
    minutes = np.where(left, 14.0 * single, minutes)

    monday = _FIRST_MONDAY + np.arange(plan.weeks) * np.timedelta64(7, "D")
    history = pd.DataFrame(
        {
            "rider_id": np.repeat(numbers, plan.weeks),
            "known_at": np.tile(monday, size),
            "rides": _sums(rides).ravel().astype(np.int32),
            "minutes": np.round(_sums(minutes).ravel()).astype(np.int32),
            "failed_unlocks": _sums(failed).ravel().astype(np.int32),
        }
    )
    moments = _FIRST_MONDAY + decided.astype("timedelta64[m]")
    events = pd.DataFrame(
        {
            "rider_id": numbers,
            "decided_at": moments,
            "offer": offer.astype(np.int64),
            "cancelled": cancelled.astype(np.int32),
        }
    )
    events = events.sort_values(["decided_at", "rider_id"], ignore_index=True)
    return {"riders": people, "weeks": history, "renewals": events}


def _failing(rng: np.random.Generator, riders: int, weeks: int) -> np.ndarray:
    """Share of unlocks that fail, per rider and week: a bad dock near home comes and is mended."""
    starts = rng.random((riders, weeks)) < 0.06
    lasts = rng.integers(4, 9, (riders, weeks))
    bad = np.zeros((riders, weeks), dtype=bool)
    remaining = np.zeros(riders, dtype=np.int64)
    for week in range(weeks):
        remaining = np.where(starts[:, week], lasts[:, week], np.maximum(remaining - 1, 0))
        bad[:, week] = remaining > 0
    return np.where(bad, 0.35, 0.03)


def _sums(weekly: np.ndarray) -> np.ndarray:
    """Sums of four weeks in a row: row r has the weeks r to r + 3."""
    total = np.cumsum(np.pad(weekly, ((0, 0), (1, 0))), axis=1)
    return total[:, _WINDOW:] - total[:, :-_WINDOW]
