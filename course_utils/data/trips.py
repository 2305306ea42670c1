"""Five daily files of a bike share, with what goes wrong in daily files.

Day 3 brings late trips and corrections, day 4 a new column, day 5 a column of the wrong type.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from course_utils.data.blocks import block_rng, pick
from course_utils.data.city import neighborhoods
from course_utils.data.truth import TripsTruth
from course_utils.data.variant import Variant

DAYS = 5
_FIRST_DAY = np.datetime64("2024-05-06T00:00:00")  # a Monday
_HOURS = (1, 1, 0, 0, 1, 2, 5, 9, 12, 8, 5, 5, 6, 6, 6, 7, 9, 13, 11, 8, 6, 5, 4, 2)
COLUMNS = ("trip_id", "station", "started_at", "minutes", "price", "updated_at")


@dataclass(frozen=True)
class _Plan:
    """How many trips there are and how they are ridden."""

    trips: tuple[int, ...]  # that took place on each day
    late: int
    corrected: int
    repeated: int
    stale: int
    kinds: Mapping[str, float]  # share of each kind of bike
    middle: float  # of log(minutes)
    unlock: float  # dollars
    minute: float  # dollars


_PLANS = {
    Variant.COURSE: _Plan(
        trips=(5_000, 5_100, 4_900, 5_200, 5_050),
        late=150,
        corrected=90,
        repeated=15,
        stale=20,
        kinds={"city": 70, "electric": 24, "cargo": 6},
        middle=2.3,
        unlock=1.00,
        minute=0.15,
    ),
    Variant.SIBLING: _Plan(
        trips=(4_613, 4_377, 4_731, 4_519, 4_257),
        late=191,
        corrected=71,
        repeated=19,
        stale=37,
        kinds={"electric": 52, "city": 37, "cargo": 11},
        middle=2.5,
        unlock=1.20,
        minute=0.13,
    ),
}


def day(number: int, variant: Variant = Variant.COURSE) -> pd.DataFrame:
    """The file of one day, 1 to 5, in the order of its rows.

    Times are local, without zone; minutes are whole numbers but for day 5, where they are text.
    """
    return _days(variant)[number - 1].copy()


def truth(variant: Variant = Variant.COURSE) -> TripsTruth:
    """What the files hold and what the table is after each upsert."""
    plan, days = _PLANS[variant], _days(variant)
    tables = [pd.concat(days[: i + 1]).pipe(_latest) for i in range(DAYS - 1)]
    return TripsTruth(
        rows=tuple(len(frame) for frame in days),
        late=plan.late,
        corrections=plan.corrected + plan.repeated,
        repeated=plan.repeated,
        lowered=_lowered(days[2]),
        stale=plan.stale,
        table_rows=tuple(len(table) for table in tables),
        table_minutes=tuple(int(table["minutes"].sum()) for table in tables),
        table_revenue=tuple(round(float(table["price"].sum()), 2) for table in tables),
    )


def _latest(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values(["trip_id", "updated_at"]).drop_duplicates("trip_id", keep="last")


def _lowered(rows: pd.DataFrame) -> int:
    newest = rows.sort_values("updated_at").groupby("trip_id")["minutes"].last()
    return int((newest < rows.groupby("trip_id")["minutes"].max()).sum())


@cache
def _days(variant: Variant) -> tuple[pd.DataFrame, ...]:
    plan = _PLANS[variant]
    trips = [_took_place(number, variant) for number in range(1, DAYS + 1)]
    rng = block_rng("trips", 0, variant)

    # Some trips reach the office two days late.
    late = np.sort(rng.choice(len(trips[0]), plan.late, replace=False))
    late_rows = trips[0].iloc[late].assign(updated_at=_at(3, rng, plan.late))
    first = trips[0][~trips[0].index.isin(late)].reset_index(drop=True)

    known = pd.concat([first, trips[1]], ignore_index=True)
    chosen = known.iloc[rng.choice(len(known), plan.corrected + plan.stale, replace=False)]
    fixed, stale = chosen.iloc[: plan.corrected], chosen.iloc[plan.corrected :]
    minutes = np.maximum(1, fixed["minutes"].to_numpy() // 2)  # a dock that did not lock in time
    fixed = fixed.assign(
        minutes=minutes, price=_fare(plan, minutes), updated_at=_at(3, rng, plan.corrected)
    )
    twice = fixed.iloc[: plan.repeated]
    # Some go up and some go down again, so the newest values are not always the largest ones
    minutes = twice["minutes"].to_numpy()
    lower = (np.arange(plan.repeated) % 3 == 0) & (minutes > 1)
    minutes = minutes + np.where(lower, -1, 1)
    twice = twice.assign(
        minutes=minutes,
        price=_fare(plan, minutes),
        updated_at=twice["updated_at"] + np.timedelta64(30, "m"),
    )
    # A message that was under way when a newer one had long been written.
    stale = stale.assign(
        minutes=stale["minutes"] + 45,
        price=_fare(plan, stale["minutes"].to_numpy() + 45),
        updated_at=stale["updated_at"] - np.timedelta64(1, "h"),
    )
    third = pd.concat([trips[2], late_rows, fixed, twice, stale], ignore_index=True)
    third = third.iloc[rng.permutation(len(third))].reset_index(drop=True)

    kind = pick(rng, len(trips[3]), plan.kinds)
    dearer = np.where(kind == "electric", 1.5, np.where(kind == "cargo", 2.0, 1.0))
    fourth = trips[3].assign(price=np.round(trips[3]["price"] * dearer, 2), bike_kind=kind)

    kind = pick(rng, len(trips[4]), plan.kinds)
    fifth = trips[4].assign(bike_kind=kind, minutes=[f"{m} min" for m in trips[4]["minutes"]])
    return first, trips[1], third, fourth, fifth


def _took_place(number: int, variant: Variant) -> pd.DataFrame:
    """The trips of one day, by their start."""
    plan, rng = _PLANS[variant], block_rng("trips", number, variant)
    size = plan.trips[number - 1]
    hours = pick(rng, size, dict(enumerate(_HOURS)))
    seconds = np.sort(3_600 * hours + rng.integers(0, 3_600, size))
    started = _FIRST_DAY + np.timedelta64(number - 1, "D") + seconds.astype("timedelta64[s]")
    ridden = np.exp(plan.middle + 0.7 * rng.standard_normal(size))
    minutes = np.minimum(1 + np.floor(ridden), 240).astype(int)
    ends = started + minutes.astype("timedelta64[m]")
    weights = {item.name: item.weight for item in neighborhoods(variant)}
    return pd.DataFrame(
        {
            "trip_id": number * 100_000 + np.arange(size),
            "station": pick(rng, size, weights),
            "started_at": started,
            "minutes": minutes,
            "price": _fare(plan, minutes),
            "updated_at": ends + rng.integers(1, 15, size).astype("timedelta64[m]"),
        }
    )


def _fare(plan: _Plan, minutes: np.ndarray) -> np.ndarray:
    """Dollars: so much to unlock and so much a minute."""
    return np.round(plan.unlock + plan.minute * minutes, 2)


def _at(number: int, rng: np.random.Generator, size: int) -> np.ndarray:
    """Times in the morning of a day."""
    seconds = rng.integers(7 * 3_600, 11 * 3_600, size).astype("timedelta64[s]")
    return _FIRST_DAY + np.timedelta64(number - 1, "D") + seconds
