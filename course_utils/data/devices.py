"""Cooling units of a chain of shops and what they report: a linear law for each device.

A few devices report far more often than the others, and a few are broken, each in a way of its
own: what a model per device has to live with.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa

from course_utils.data.blocks import block_rng, pick
from course_utils.data.city import neighborhoods
from course_utils.data.truth import ReadingsTruth
from course_utils.data.variant import Variant

_START = np.datetime64("2024-03-01T00:00", "us")
_TIME = pa.timestamp("us", tz="UTC")
_FEWEST, _MOST = 30, 50  # rows of an ordinary device
_LARGE = 8  # devices that report every hour
_INFINITE = 3  # rows of the device that reports impossible loads
_BROKEN = ("unmeasured", "infinite", "single", "stuck", "erratic")
_COEFFICIENTS = ("intercept", "load", "outside")
_SPREADS = (3.0, 3.0, 0.05)  # standard deviations of them around those of the model


@dataclass(frozen=True)
class _Plan:
    """How many devices there are, of which models, and how much they use."""

    devices: int
    hours: int  # from the first to the last reading
    shares: Mapping[str, float]  # of the models
    models: Mapping[str, tuple[float, float, float]]  # their mean coefficients
    sigma: float
    erratic_factor: float


_PLANS = {
    Variant.COURSE: _Plan(
        devices=2_000,
        hours=2_000,
        shares={"Tarn 20": 40, "Tarn 40": 25, "Fjell S": 20, "Fjell L": 15},
        models={
            "Tarn 20": (52.0, 22.0, 0.30),
            "Tarn 40": (58.0, 31.0, 0.45),
            "Fjell S": (55.0, 26.0, 0.60),
            "Fjell L": (66.0, 40.0, 0.50),
        },
        sigma=0.6,
        erratic_factor=20.0,
    ),
    Variant.SIBLING: _Plan(
        devices=1_803,
        hours=1_987,
        shares={"Tarn 20": 15, "Tarn 40": 20, "Fjell S": 38, "Fjell L": 27},
        models={
            "Tarn 20": (57.0, 27.0, 0.40),
            "Tarn 40": (61.0, 35.0, 0.35),
            "Fjell S": (53.0, 23.0, 0.50),
            "Fjell L": (64.0, 43.0, 0.65),
        },
        sigma=0.5,
        erratic_factor=23.0,
    ),
}


def devices(variant: Variant = Variant.COURSE) -> pa.Table:
    """One row per device: what does not change."""
    return pa.Table.from_pandas(_world(variant)[0], preserve_index=False)


def readings(variant: Variant = Variant.COURSE) -> pa.Table:
    """What the devices reported, in order of time; an energy not measured is null."""
    table = pa.Table.from_pandas(_world(variant)[1], preserve_index=False)
    place = table.column_names.index("at")
    return table.set_column(place, "at", table["at"].cast(pa.timestamp("us")).cast(_TIME))


def truth(variant: Variant = Variant.COURSE) -> ReadingsTruth:
    """The law of each device, and which ones break it."""
    return _world(variant)[2]


@cache
def _world(variant: Variant) -> tuple[pd.DataFrame, pd.DataFrame, ReadingsTruth]:
    plan, rng = _PLANS[variant], block_rng("devices", 0, variant)
    size = plan.devices
    ids = np.arange(1, size + 1, dtype=np.int32)
    weights = {item.name: item.weight for item in neighborhoods(variant)}
    days = rng.integers(0, 4_000, size).astype("timedelta64[D]")
    units = pd.DataFrame(
        {
            "device_id": ids,
            "site": pick(rng, size, weights),
            "model": pick(rng, size, plan.shares),
            "installed": (np.datetime64("2013-01-01") + days).astype(object),
        }
    )
    models = pd.DataFrame(plan.models, index=list(_COEFFICIENTS)).T.rename_axis("model")
    drawn = models.loc[units["model"]].to_numpy() + _SPREADS * rng.standard_normal((size, 3))
    index = pd.Index(ids, name="device_id")
    coefficients = pd.DataFrame(drawn, index=index, columns=models.columns)

    special = rng.choice(ids, _LARGE + len(_BROKEN), replace=False)
    large = special[:_LARGE]
    broken = dict(zip(_BROKEN, special[_LARGE:].tolist(), strict=True))
    rows = rng.integers(_FEWEST, _MOST + 1, size)
    rows[large - 1] = plan.hours
    rows[broken["single"] - 1] = 1
    hour = np.concatenate([rng.choice(plan.hours, count, replace=False) for count in rows])
    device = np.repeat(ids, rows)

    evening = np.sin(2 * np.pi * (hour % 24 - 9) / 24)  # -1 at 3:00, 1 at 15:00
    spring = 4 + 12 * hour / plan.hours
    noise = rng.standard_normal((3, len(hour)))
    outside = np.round(spring + 4 * evening + 3 * noise[0], 1)
    load = np.round(np.clip(0.5 + 0.1 * evening + 0.17 * noise[1], 0.02, 1.0), 3)
    scale = np.where(device == broken["erratic"], plan.erratic_factor, 1.0) * plan.sigma
    intercept, slope, warmth = coefficients.to_numpy()[device - 1].T
    energy = np.round(intercept + slope * load + warmth * outside + scale * noise[2], 3)

    # What breaks in the sensors changes what is reported, not what is used
    where = {kind: np.flatnonzero(device == number) for kind, number in broken.items()}
    energy[where["unmeasured"]] = np.nan
    load[where["infinite"][:_INFINITE]] = np.inf
    load[where["stuck"]] = load[where["stuck"][0]]
    told = pd.DataFrame(
        {
            "device_id": device,
            "at": _START + hour.astype("timedelta64[h]"),
            "load": load,
            "outside": outside,
            "energy": energy,
        }
    )
    known = ReadingsTruth(
        devices=size,
        readings=len(told),
        sigma=plan.sigma,
        erratic_factor=plan.erratic_factor,
        large=tuple(sorted(large.tolist())),
        broken={kind: (number,) for kind, number in broken.items()},
        coefficients=coefficients,
        models=models,
    )
    return units, told.sort_values(["at", "device_id"], ignore_index=True), known
