"""Data of the course: generated with known truth, or a learner's own listing file."""

from course_utils.data.access import Entry, get_truth, listing, load, locate
from course_utils.data.in_use import InUse, in_use
from course_utils.data.splits import load_split
from course_utils.data.store import ensure, is_ready, write_manifest
from course_utils.data.truth import (
    BrennholmTruth,
    ChurnTruth,
    CustomersTruth,
    OrdersTruth,
    RidersTruth,
    TripsTruth,
    Truth,
)
from course_utils.data.use import reset, use
from course_utils.data.variant import Variant

__all__ = [
    "BrennholmTruth",
    "ChurnTruth",
    "CustomersTruth",
    "Entry",
    "InUse",
    "OrdersTruth",
    "RidersTruth",
    "TripsTruth",
    "Truth",
    "Variant",
    "ensure",
    "get_truth",
    "in_use",
    "is_ready",
    "listing",
    "load",
    "load_split",
    "locate",
    "reset",
    "use",
    "write_manifest",
]
