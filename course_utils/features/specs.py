"""Feature specs: features that are served together, without a model."""

import getpass
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import time
from typing import TYPE_CHECKING

from course_utils.errors import CourseError
from course_utils.features import resolve
from course_utils.features.declare import FeatureFunction, FeatureLookup
from course_utils.features.spec import FeatureSpec

if TYPE_CHECKING:
    from course_utils.features.registry import Registry, TableEntry

_KIND = "feature spec"
_GIVEN = "given"  # type of a request's column that no table knows; it is passed on as it comes


@dataclass(frozen=True)
class FeatureSpecInfo:
    """A feature spec that is kept: its name, who made it, and when."""

    name: str
    creator: str
    creation_timestamp_ms: int


def create(
    registry: "Registry",
    name: str,
    features: Sequence[FeatureLookup | FeatureFunction],
    exclude: tuple[str, ...],
    table: "Callable[[str], TableEntry]",
    zone: str,
) -> FeatureSpecInfo:
    """Keep features under a name.

    A request has the keys of the lookups and what functions need besides; an answer has these and
    all features, without the columns that are excluded. Event times play no part.

    Raises:
        CourseError: there is a spec of that name, or the features do not fit the tables.
    """
    spec = _resolved(registry, features, exclude, table, zone)
    info = FeatureSpecInfo(name, getpass.getuser(), round(time() * 1000))
    text = {"spec": spec.to_json(), "creator": info.creator, "created": info.creation_timestamp_ms}
    if not registry.put_note(_KIND, name, json.dumps(text)):
        raise CourseError(
            f"Feature spec {name!r} already exists. Take another name, or "
            f"delete_feature_spec(name={name!r}) first."
        )
    return info


def get(registry: "Registry", name: str) -> FeatureSpec:
    """The features of a spec.

    Raises:
        CourseError: there is no such spec.
    """
    found = registry.notes(_KIND)
    if name not in found:
        raise CourseError(
            f"There is no feature spec {name!r}. There are: {', '.join(found) or 'none yet'}."
        )
    return FeatureSpec.from_json(json.loads(found[name])["spec"])


def delete(registry: "Registry", name: str) -> None:
    """Forget a spec.

    Raises:
        CourseError: there is no such spec.
    """
    get(registry, name)
    registry.remove_note(_KIND, name)


def _resolved(
    registry: "Registry",
    features: Sequence[FeatureLookup | FeatureFunction],
    exclude: tuple[str, ...],
    table: "Callable[[str], TableEntry]",
    zone: str,
) -> FeatureSpec:
    """The features with the columns that a request must have, which nobody names."""
    columns: dict[str, str] = {}
    made = set()  # by lookups and functions
    times = set()
    for feature in features:
        if isinstance(feature, FeatureLookup):
            entry = table(feature.table_name)
            for column, key in zip(feature.lookup_key, entry.primary_keys, strict=False):
                columns.setdefault(column, entry.columns[key])
            if entry.timestamp_key and isinstance(feature.timestamp_lookup_key, str):
                times.add(feature.timestamp_lookup_key)
                columns.setdefault(feature.timestamp_lookup_key, entry.columns[entry.timestamp_key])
            names = feature.feature_names or entry.features
            made |= {feature.rename_outputs.get(name, name).lower() for name in names}
        elif isinstance(feature, FeatureFunction):
            made.add(str(feature.output_name).lower())
    for feature in features:
        if isinstance(feature, FeatureFunction):
            for column in feature.input_bindings.values():
                if column.lower() not in made:
                    columns.setdefault(column, _GIVEN)
    spec = resolve.resolve(
        columns, features, (), exclude, table, lambda _: 0, registry.functions(), zone
    )
    used = {column for join in spec.joins for column, _ in join.keys}
    used |= {column for call in spec.calls for _, column in call.bindings}
    answered = (name for name in spec.model_columns if name in used or name not in times)
    return replace(spec, model_columns=tuple(answered))
