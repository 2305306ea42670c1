"""What a user declares: which features to look up, and which to compute on demand."""

from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from datetime import timedelta
from typing import Any

from course_utils.errors import CourseError
from course_utils.features.values import own

Names = str | Sequence[str]
_EVER = timedelta(days=3_652_059)  # from the first to the last day that Spark knows


@dataclass(frozen=True)
class FeatureLookup:
    """Features of one table, found by key and, in a time-series table, by time.

    Args:
        table_name: the feature table.
        lookup_key: the column or columns of the training frame that hold the table's primary
            keys, in the table's order; names may differ.
        feature_names: which features; all of the table's if left out.
        rename_outputs: feature → name in the training set.
        timestamp_lookup_key: the column with the time of each event, or a list with this one;
            needed for a time-series table, and for no other.
        lookback_window: a row older than this, seen from the event, counts as none. A row of
            exactly that age is used. `timedelta.max` sets no limit, like None.
        default_values: feature → value where no row is found. A null in a row that is found
            stays null. A timestamp without a zone is read in the session's. A feature that is
            renamed may be called by either name.
        feature_name: an older spelling, of one feature.
        output_name: an older spelling, of the name in the training set of that feature.

    Raises:
        CourseError: the declaration contradicts itself.
    """

    table_name: str
    lookup_key: str | Sequence[str]
    feature_names: str | Sequence[str] | None = None
    rename_outputs: Mapping[str, str] = field(default_factory=dict)
    timestamp_lookup_key: str | Sequence[str] | None = None
    lookback_window: timedelta | None = None
    default_values: Mapping[str, Any] = field(default_factory=dict)
    feature_name: InitVar[str | None] = None
    output_name: InitVar[str | None] = None

    def __post_init__(self, feature_name: str | None, output_name: str | None) -> None:
        names = None if self.feature_names is None else as_names(self.feature_names)
        renamed = dict(self.rename_outputs or {})
        if feature_name is not None:
            if names is not None:
                raise CourseError(
                    f"The lookup in {self.table_name} has both feature_name and feature_names. "
                    "Give feature_names alone."
                )
            names = (feature_name,)
        if output_name is not None:
            if names is None or len(names) != 1 or renamed:
                raise CourseError(
                    f"output_name={output_name!r} of the lookup in {self.table_name} renames one "
                    "feature. Give rename_outputs={feature: name} instead."
                )
            renamed = {names[0]: output_name}
        times = as_names(self.timestamp_lookup_key or ())
        if len(times) > 1:
            raise CourseError(
                f"The lookup in {self.table_name} has {len(times)} event times: "
                f"{', '.join(times)}. Name the one that each row is looked up at."
            )
        object.__setattr__(self, "lookup_key", as_names(self.lookup_key))
        object.__setattr__(self, "feature_names", names)
        object.__setattr__(self, "rename_outputs", renamed)
        object.__setattr__(self, "timestamp_lookup_key", times[0] if times else None)
        object.__setattr__(self, "default_values", dict(self.default_values or {}))
        window = own(self.lookback_window)
        if window is None:
            return
        if not isinstance(window, timedelta):
            raise CourseError(
                f"The lookback_window of the lookup in {self.table_name} is {window!r}. "
                "Give a timedelta, such as timedelta(days=9)."
            )
        object.__setattr__(self, "lookback_window", None if window > _EVER else window)
        if self.timestamp_lookup_key is None:
            raise CourseError(
                f"The lookup in {self.table_name} has a lookback_window but no time to look back "
                "from. Give timestamp_lookup_key too."
            )
        if window < timedelta(0):
            raise CourseError(
                f"The lookback_window of the lookup in {self.table_name} is negative: "
                "it would ask for rows of the future. Give a positive timedelta."
            )


@dataclass(frozen=True)
class FeatureFunction:
    """A feature computed from columns of the request and from features, when it is asked for.

    Args:
        udf_name: the name given to `register_function`.
        input_bindings: parameter of the function → column, feature or earlier function's output.
        output_name: its name in the training set; the function's name if left out.
    """

    udf_name: str
    input_bindings: Mapping[str, str] = field(default_factory=dict)
    output_name: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "input_bindings", dict(self.input_bindings))
        object.__setattr__(self, "output_name", self.output_name or self.udf_name)


def as_names(value: Names) -> tuple[str, ...]:
    """One name or several, as a tuple.

    Raises:
        CourseError: something else.
    """
    names = (value,) if isinstance(value, str) else tuple(value)
    for name in names:
        if not isinstance(name, str) or not name:
            raise CourseError(f"{name!r} is no column name. Give a name or a list of names.")
    return names
