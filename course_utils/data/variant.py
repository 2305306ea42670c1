"""Which of two worlds the generated data come from: the course's own, or its sibling.

The sibling has the same files, columns and words, and other numbers: another seed, other effects,
other counts. An answer that computes what it says is right on both; what was copied, or right by
luck, is wrong on one of them.
"""

import os
from enum import Enum

VARIABLE = "COURSE_SIBLING"


class Variant(Enum):
    """Which generated data. The value names its folder in the store."""

    COURSE = "small"
    SIBLING = "sibling"


def variant() -> Variant:
    """The variant asked for: the sibling where COURSE_SIBLING is set to anything."""
    return Variant.SIBLING if os.environ.get(VARIABLE) else Variant.COURSE
