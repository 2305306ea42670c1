"""Five daily files of a bike share, with what goes wrong in daily files.

Day 3 brings late trips and corrections, day 4 a new column, day 5 a column of the wrong type.
"""

from functools import cache

import numpy as np
import pandas as pd

from course_utils.data.blocks import block_rng, pick
from course_utils.data.city import NEIGHBORHOODS
from course_utils.data.truth import TripsTruth

DAYS = 5
_FIRST_DAY = np.datetime64("2024-05-06T00:00:00")  # a Monday
_TRIPS = (5_000, 5_100, 4_900, 5_200, 5_050)  # that took place on each day
_LATE, _CORRECTED, _REPEATED, _STALE = 150, 90, 15, 20
_STATIONS = tuple(item.name for item in NEIGHBORHOODS)
_HOURS = (1, 1, 0, 0, 1, 2, 5, 9, 12, 8, 5, 5, 6, 6, 6, 7, 9, 13, 11, 8, 6, 5, 4, 2)
_KINDS = {"city": 70, "electric": 24, "cargo": 6}
COLUMNS = ("trip_id", "station", "started_at", "minutes", "price", "updated_at")


def day(number: int) -> pd.DataFrame:
    """The file of one day, 1 to 5, in the order of its rows.

    Times are local, without zone; minutes are whole numbers but for day 5, where they are text.
    """
    return _days()[number - 1].copy()


def truth() -> TripsTruth:
    """What the files hold and what the table is after each upsert."""
    days = _days()
    tables = [pd.concat(days[: i + 1]).pipe(_latest) for i in range(DAYS - 1)]
    return TripsTruth(
        rows=tuple(len(frame) for frame in days),
        late=_LATE,
        corrections=_CORRECTED + _REPEATED,
        repeated=_REPEATED,
        lowered=_lowered(days[2]),
        stale=_STALE,
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
def _days() -> tuple[pd.DataFrame, ...]:
    trips = [_took_place(number) for number in range(1, DAYS + 1)]
    rng = block_rng("trips", 0)

    # Some trips reach the office two days late.
    late = np.sort(rng.choice(len(trips[0]), _LATE, replace=False))
    late_rows = trips[0].iloc[late].assign(updated_at=_at(3, rng, _LATE))
    first = trips[0][~trips[0].index.isin(late)].reset_index(drop=True)

    known = pd.concat([first, trips[1]], ignore_index=True)
    chosen = known.iloc[rng.choice(len(known), _CORRECTED + _STALE, replace=False)]
    fixed, stale = chosen.iloc[:_CORRECTED], chosen.iloc[_CORRECTED:]
    minutes = np.maximum(1, fixed["minutes"].to_numpy() // 2)  # a dock that did not lock in time
    fixed = fixed.assign(minutes=minutes, price=_fare(minutes), updated_at=_at(3, rng, _CORRECTED))
    twice = fixed.iloc[:_REPEATED]
    # Some go up and some go down again, so the newest values are not always the largest ones
    minutes = twice["minutes"].to_numpy()
    lower = (np.arange(_REPEATED) % 3 == 0) & (minutes > 1)
    minutes = minutes + np.where(lower, -1, 1)
    twice = twice.assign(
        minutes=minutes,
        price=_fare(minutes),
        updated_at=twice["updated_at"] + np.timedelta64(30, "m"),
    )
    # A message that was under way when a newer one had long been written.
    stale = stale.assign(
        minutes=stale["minutes"] + 45,
        price=_fare(stale["minutes"].to_numpy() + 45),
        updated_at=stale["updated_at"] - np.timedelta64(1, "h"),
    )
    third = pd.concat([trips[2], late_rows, fixed, twice, stale], ignore_index=True)
    third = third.iloc[rng.permutation(len(third))].reset_index(drop=True)

    kind = pick(rng, len(trips[3]), _KINDS)
    dearer = np.where(kind == "electric", 1.5, np.where(kind == "cargo", 2.0, 1.0))
    fourth = trips[3].assign(price=np.round(trips[3]["price"] * dearer, 2), bike_kind=kind)

    kind = pick(rng, len(trips[4]), _KINDS)
    fifth = trips[4].assign(bike_kind=kind, minutes=[f"{m} min" for m in trips[4]["minutes"]])
    return first, trips[1], third, fourth, fifth


def _took_place(number: int) -> pd.DataFrame:
    """The trips of one day, by their start."""
    rng = block_rng("trips", number)
    size = _TRIPS[number - 1]
    hours = pick(rng, size, dict(enumerate(_HOURS)))
    seconds = np.sort(3_600 * hours + rng.integers(0, 3_600, size))
    started = _FIRST_DAY + np.timedelta64(number - 1, "D") + seconds.astype("timedelta64[s]")
    ridden = np.exp(2.3 + 0.7 * rng.standard_normal(size))
    minutes = np.minimum(1 + np.floor(ridden), 240).astype(int)
    ends = started + minutes.astype("timedelta64[m]")
    weights = {name: item.weight for name, item in zip(_STATIONS, NEIGHBORHOODS, strict=True)}
    return pd.DataFrame(
        {
            "trip_id": number * 100_000 + np.arange(size),
            "station": pick(rng, size, weights),
            "started_at": started,
            "minutes": minutes,
            "price": _fare(minutes),
            "updated_at": ends + rng.integers(1, 15, size).astype("timedelta64[m]"),
        }
    )


def _fare(minutes: np.ndarray) -> np.ndarray:
    """Dollars: 1.00 to unlock and 0.15 a minute."""
    return np.round(1.00 + 0.15 * minutes, 2)


def _at(number: int, rng: np.random.Generator, size: int) -> np.ndarray:
    """Times in the morning of a day."""
    seconds = rng.integers(7 * 3_600, 11 * 3_600, size).astype("timedelta64[s]")
    return _FIRST_DAY + np.timedelta64(number - 1, "D") + seconds
