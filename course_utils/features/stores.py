"""Names for the online store of a client, as the platform's online stores have them.

The platform starts a database of some capacity for each. Here all are the one place that the client
publishes to, and a capacity is only written down.
"""

import getpass
import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from course_utils.errors import CourseError

if TYPE_CHECKING:
    from course_utils.features.registry import Registry

_KIND = "online store"


@dataclass(frozen=True)
class NamedStore:
    """An online store by name: `publish_table` takes it as `online_store`."""

    name: str
    capacity: str
    read_replica_count: int
    creator: str
    creation_time: str  # ISO, UTC
    state: str = "AVAILABLE"


def create(registry: "Registry", name: str, capacity: str, read_replica_count: int) -> NamedStore:
    """A store of a new name.

    Raises:
        CourseError: there is one of that name.
    """
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    store = NamedStore(name, capacity, read_replica_count, getpass.getuser(), now)
    if not registry.put_note(_KIND, name, json.dumps(asdict(store))):
        raise CourseError(
            f"Online store {name!r} already exists. Take it with get_online_store(name={name!r})."
        )
    return store


def get(registry: "Registry", name: str) -> NamedStore | None:
    """The store of that name, None where there is none."""
    return next((store for store in every(registry) if store.name == name), None)


def every(registry: "Registry") -> list[NamedStore]:
    """All stores, by name."""
    return [NamedStore(**json.loads(text)) for text in registry.notes(_KIND).values()]


def update(
    registry: "Registry", name: str, capacity: str | None, read_replica_count: int | None
) -> NamedStore:
    """Write down another capacity.

    Raises:
        CourseError: there is no such store.
    """
    store = get(registry, name)
    if store is None:
        raise missing(name)
    if capacity is not None:
        store = replace(store, capacity=capacity)
    if read_replica_count is not None:
        store = replace(store, read_replica_count=read_replica_count)
    registry.put_note(_KIND, name, json.dumps(asdict(store)), replace=True)
    return store


def delete(registry: "Registry", name: str) -> None:
    """Forget a name; what is published stays.

    Raises:
        CourseError: there is no such store.
    """
    if not registry.remove_note(_KIND, name):
        raise missing(name)


def missing(name: str) -> CourseError:
    """What is raised where there is no store of a name."""
    return CourseError(
        f"There is no online store {name!r}. "
        f"Make it: create_online_store(name={name!r}, capacity='CU_1')."
    )
