"""Seeded random numbers, one independent stream for each block of a data set.

A block depends on nothing but its number, so any worker can make any block, and the rows are
the same however they are spread over files, partitions or machines.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from course_utils.data.variant import Variant

_SEEDS = {
    Variant.COURSE: 20_240_506,  # the day the invented listings were scraped
    # One of the few with every odd case that tests/unit/test_data_sibling.py asks for at once
    Variant.SIBLING: 896,
}
_STREAMS = {
    "listings": 1,
    "listings_raw": 2,
    "customers": 3,
    "orders": 4,
    "trips": 5,
    "brennholm": 6,
    "riders": 15,
    "devices": 18,
    "films": 21,
}


def block_rng(stream: str, block: int, variant: Variant) -> np.random.Generator:
    """The generator of one block of one data set."""
    return np.random.Generator(np.random.PCG64([_SEEDS[variant], _STREAMS[stream], block]))


def pick(rng: np.random.Generator, size: int, shares: Mapping[Any, float]) -> npt.NDArray[Any]:
    """`size` draws from the keys of `shares`, whose values need not sum to one."""
    return choose(np.array(list(shares)), list(shares.values()), rng.random(size))


def choose(
    values: npt.NDArray[Any], weights: Sequence[float], uniform: npt.NDArray[np.float64]
) -> npt.NDArray[Any]:
    """The values that uniform numbers in [0, 1) select, by their weights."""
    edges = np.cumsum(np.asarray(weights, dtype=float))
    return values[np.searchsorted(edges / edges[-1], uniform, side="right")]
