"""Between the tables and an online store: publish the latest rows, and compare the two."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from course_utils.errors import CourseError
from course_utils.features.names import unused
from course_utils.features.online import OnlineStore, OnlineTable, Row
from course_utils.features.registry import TableEntry
from course_utils.features.values import as_json, from_json, is_storable, key_text, quote

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass(frozen=True)
class Skew:
    """How what requests get differs from what a batch gets, for some keys of a table."""

    table: str
    version: int  # of the table now
    published_version: int  # of the table when it was published
    checked: int  # keys compared
    missing: int  # of them, not in the online store
    differing: dict[str, int]  # feature → keys with another value

    @property
    def ok(self) -> bool:
        """Whether every key compared has the same features in both."""
        return not self.missing and not self.differing

    def __str__(self) -> str:
        start = f"{self.table}: {self.checked} keys compared, "
        if self.ok:
            return f"{start}online and batch agree."
        parts = [f"{name} differs for {count}" for name, count in self.differing.items()]
        if self.missing:
            parts.insert(0, f"{self.missing} not online")
        if self.version != self.published_version:
            parts.append(
                f"published from version {self.published_version}, the table is at {self.version}"
            )
        return f"{start}{', '.join(parts)}."


def publish(
    store: OnlineStore, entry: TableEntry, rows: "DataFrame", version: int, keep_others: bool
) -> OnlineTable:
    """Put the latest row of each key into a store.

    Raises:
        CourseError: a column has a type that can't be stored; nothing is changed then.
    """
    for name, type_name in entry.columns.items():
        if not is_storable(type_name):
            raise CourseError(
                f"Column {name!r} of feature table {entry.name} is {type_name}, which no online "
                "store can hold. Publish a table with plain columns or arrays of them."
            )
    table = OnlineTable(
        name=entry.name,
        keys={key: entry.columns[key] for key in entry.primary_keys},
        features={name: entry.columns[name] for name in entry.features},
        version=version,
        published=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    before = store.describe(entry.name)
    if keep_others and before and before.keys != table.keys:
        raise CourseError(
            f"Feature table {entry.name} is published with the keys {', '.join(before.keys)}. "
            "Publish it with mode='overwrite'."
        )
    store.publish(table, _texts(latest(entry, rows), table), keep_others)
    return table


def latest(entry: TableEntry, rows: "DataFrame") -> "DataFrame":
    """The row of each primary key that is valid now: the one with the latest time."""
    from pyspark.sql import functions as sf

    if entry.timestamp_key is None:
        return rows
    keys = [sf.col(quote(key)) for key in entry.primary_keys]
    features = sf.struct(*(sf.col(quote(name)) for name in entry.features))
    row = unused("row", entry.primary_keys)
    newest = sf.max_by(features, sf.col(quote(entry.timestamp_key))).alias(row)
    return rows.groupBy(*keys).agg(newest).select(*keys, f"{row}.*")


def _texts(rows: "DataFrame", table: OnlineTable) -> Iterator[Row]:
    """Key and values of each row; partition by partition, so that the driver holds only one."""
    types = list(table.keys.values())
    texts = rows.select(as_json(table.keys), as_json(table.features))
    for key, row in texts.toLocalIterator():
        text = key_text(list(from_json(key, table.keys).values()), types)
        if text is not None:  # NaN, in a table of an earlier day, is no key either
            yield text, row


def compare(
    store: OnlineStore, entry: TableEntry, rows: "DataFrame", version: int, sample: int
) -> Skew:
    """What a store has for some keys, against what the table has.

    Raises:
        CourseError: the table is not published.
    """
    from pyspark.sql import functions as sf

    table = store.describe(entry.name)
    if table is None:
        raise CourseError(
            f"Feature table {entry.name} is not in the online store. "
            f"Publish it: publish_table({entry.name!r})."
        )
    keys = [sf.col(quote(key)) for key in entry.primary_keys]
    some = latest(entry, rows).orderBy(sf.xxhash64(*keys), *keys).limit(sample)
    features = {name: entry.columns[name] for name in entry.features}
    wanted = dict(_texts(some, OnlineTable(entry.name, table.keys, features, version, "")))
    found = store.get(entry.name, list(wanted))
    differing: Counter[str] = Counter()
    for text, online in zip(wanted.values(), found, strict=True):
        if online is not None:
            batch, request = from_json(text, features), from_json(online, table.features)
            # By repr, since NaN does not equal itself
            differing.update(
                name for name in features if repr(batch[name]) != repr(request.get(name))
            )
    return Skew(entry.name, version, table.version, len(wanted), found.count(None), dict(differing))
