"""What is to be learned and from what, settled and checked before any work."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from course_utils.automl import checks, columns, intake
from course_utils.automl.families import Family, families
from course_utils.automl.splits import FOLDS, SMALL
from course_utils.automl.task import FOLD, SPLIT, Features, Task
from course_utils.automl.wishes import Wishes
from course_utils.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd

_FEWEST = 5  # rows of a class, below which it cannot be in all parts
# Values (rows times columns, in each fold) that a slow machine gets through several times in a
# second, with every kind of model, its start included.
_VALUES_A_SECOND = 50_000


@dataclass
class Problem:
    """One problem, ready to be searched.

    Attributes:
        task: what is to be learned.
        taken: the data as they came.
        frame: the rows that can be learned from, that one worker holds.
        families: the kinds of model that take part.
        notes: what to know before trusting a result.
    """

    task: Task
    taken: intake.Taken
    frame: "pd.DataFrame"
    families: list[Family]
    notes: list[str]


def settle(wishes: Wishes, seconds: float) -> Problem:
    """Read the data and find out what they mean.

    Args:
        wishes: what was asked for.
        seconds: that are left for the search.

    Raises:
        CourseError: an argument or the data cannot be used.
    """
    taken = intake.take(wishes.dataset, wishes.spark, wishes.seed)
    frame, notes = _without_earlier_split(taken.frame, wishes)
    target = wishes.target_col
    excluded = list(wishes.exclude_cols or ())
    names = list(frame.columns)
    checks.check_names(names, target, excluded, wishes.aside, wishes.exclude_frameworks)
    frame, more = columns.without_infinities(frame)
    notes += more
    checks.check_target(frame[target], wishes.kind)
    frame, more = _with_answers(frame, target, wishes.classes)
    notes += more
    aside = {*excluded, *(name for name in wishes.aside.values() if name)}
    features, more = columns.understand(frame, target, aside, wishes.classes)
    notes += more
    features = replace(
        features, zoned=tuple(name for name in features.dates if name in taken.zoned)
    )
    checks.check_imputers(wishes.imputers, features)
    if wishes.sample_weight_col:
        checks.check_weights(frame[wishes.sample_weight_col])
    if wishes.time_col:
        checks.check_time(frame[wishes.time_col])
    task = _task(wishes, frame, features)
    if _is_short(seconds, len(frame), len(features.names)):
        task = replace(task, hurried=True)
        notes.append(
            "The time is short for so much data: trials are compared on one part of the rows, and "
            "each kind of model begins with a small one."
        )
    if task.classes:
        note = columns.imbalance(frame[target])
        notes += [note] if note else []
    taking_part = _taking_part(wishes, task, taken, len(frame), notes)
    return Problem(task, taken, frame, taking_part, notes)


def _without_earlier_split(
    frame: "pd.DataFrame", wishes: Wishes
) -> tuple["pd.DataFrame", list[str]]:
    """The data of an earlier search hold its split: it is used if it is asked for."""
    found = [name for name in (SPLIT, FOLD) if name in frame and name != wishes.split_col]
    if not found:
        return frame, []
    note = (
        f"Column {' and '.join(found)}: left out, an earlier search has split the rows so; "
        f"split_col={SPLIT!r} splits them so again."
    )
    return frame.drop(columns=found), [note]


def _with_answers(
    frame: "pd.DataFrame", target: str, classes: bool
) -> tuple["pd.DataFrame", list[str]]:
    """The rows that can be learned from, and what was left out."""
    notes = []
    known = frame[target].notna()
    if not known.all():
        notes.append(f"{int((~known).sum()):,} rows without a value of {target} are left out.")
        frame = frame[known]
    if classes:
        counts = frame[target].value_counts()
        rare = [label for label, count in counts.items() if count < _FEWEST]
        if rare:
            notes.append(
                f"Class {', '.join(map(str, rare))} has fewer than {_FEWEST} rows: left out."
            )
            frame = frame[~frame[target].isin(rare)]
        if frame[target].nunique() < 2:
            raise CourseError(
                f"Only one class of {target} has {_FEWEST} rows or more: give more rows."
            )
    frame = frame.reset_index(drop=True)
    frame[target] = frame[target].infer_objects()
    return frame, notes


def _task(wishes: Wishes, frame: "pd.DataFrame", features: Features) -> Task:
    task = Task(
        wishes.kind,
        wishes.target_col,
        wishes.metric,
        features,
        imputers=wishes.imputers,
        weight=wishes.sample_weight_col,
        seed=wishes.seed,
    )
    target = frame[wishes.target_col]
    if not wishes.classes:
        return replace(task, skewed=columns.is_skewed(target))
    classes = tuple(sorted(target.unique().tolist()))
    return replace(
        task,
        classes=classes,
        positive=checks.find_positive(classes, wishes.pos_label),
        imbalanced=columns.imbalance(target) is not None,
    )


def _is_short(seconds: float, rows: int, features: int) -> bool:
    """Whether a slow machine would get to nothing but the baseline."""
    times = FOLDS if rows <= SMALL else 1
    return rows * features * times > _VALUES_A_SECOND * seconds


def _taking_part(
    wishes: Wishes, task: Task, taken: intake.Taken, rows: int, notes: list[str]
) -> list[Family]:
    found = families(task, rows, taken.whole is not None, wishes.exclude_frameworks)
    if taken.spark is None and any(family.framework == "spark" for family in found):
        found = [family for family in found if family.framework != "spark"]
        notes.append("Spark ML takes no part: no session is active.")
        if not found:
            raise CourseError("Only Spark ML is left to try and no session is active: start one.")
    return found
