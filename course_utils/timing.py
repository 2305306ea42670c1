"""Measures how long something takes, the way a number can be reported: with its spread."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from course_utils.errors import CourseError


@dataclass(frozen=True)
class Timing:
    """Wall-clock seconds of several runs of the same thing."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle run, in seconds: what to quote."""
        return statistics.median(self.seconds)

    @property
    def minimum(self) -> float:
        """The fastest run, in seconds: the least disturbed one."""
        return min(self.seconds)

    @property
    def maximum(self) -> float:
        """The slowest run, in seconds."""
        return max(self.seconds)

    @property
    def n(self) -> int:
        """How many runs were measured."""
        return len(self.seconds)

    def __str__(self) -> str:
        digits = 4 if self.median < 0.01 else 3 if self.median < 0.1 else 2
        median, low, high = (
            f"{value:.{digits}f}" for value in (self.median, self.minimum, self.maximum)
        )
        if self.n == 1:
            return f"{median} s (one run)"
        return f"{median} s (median of {self.n}; {low}–{high})"

    def __repr__(self) -> str:
        return str(self)


def measure(function: Callable[[], Any], repeats: int = 5) -> Timing:
    """Call `function` `repeats` times and time each call.

    The first call often pays for things that later ones reuse (compiled code, caches, started
    workers); call it once before if that is not what you want to know.

    Args:
        function: takes no arguments; what it returns is thrown away.
        repeats: how many calls, at least 1.

    Raises:
        CourseError: `repeats` is below 1. What the function raises passes through.
    """
    if repeats < 1:
        raise CourseError(f"measure() got repeats={repeats}: it needs at least 1.")
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - start)
    return Timing(tuple(seconds))
