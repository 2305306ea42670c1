"""Online stores: the latest features of each key, read in well under a millisecond.

A store holds, for each feature table, JSON texts by key and one JSON text that describes them.
What it is told to keep becomes visible as a whole.
"""

import json
import os
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit, urlunsplit

from course_utils.errors import CourseError

if TYPE_CHECKING:
    import redis

VARIABLE = "FEATURE_STORE_ONLINE"  # says to a served model where its online store is
_CHUNK = 1000
_MERGE = """
local cursor = '0'
repeat
    local part = redis.call('HSCAN', KEYS[1], cursor, 'COUNT', 1000)
    cursor = part[1]
    if #part[2] > 0 then redis.call('HSET', KEYS[2], unpack(part[2])) end
until cursor == '0'
"""
Row = tuple[str, str]  # key, values


@dataclass(frozen=True)
class OnlineTable:
    """What a published table looks like: its keys and features with their types."""

    name: str
    keys: dict[str, str]
    features: dict[str, str]
    version: int  # of the Delta table it was published from
    published: str  # ISO time, UTC

    def to_json(self) -> str:
        """As a text that `from_json` takes back."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "OnlineTable":
        """The description that `to_json` wrote."""
        return cls(**json.loads(text))


class OnlineStore(Protocol):
    """What a store can do."""

    def publish(self, table: OnlineTable, rows: Iterable[Row], keep_others: bool) -> None:
        """Put rows in, leaving keys that are not among them or (False) removing those."""

    def describe(self, name: str) -> OnlineTable | None:
        """The description of a table, None where it is not published."""

    def get(self, name: str, keys: Sequence[str]) -> list[str | None]:
        """The values of each key, None where there is none, in the order asked."""

    def drop(self, name: str) -> bool:
        """Remove a table; whether there was one."""


def open_store(uri: str, folder: Path | None = None) -> OnlineStore:
    """The store at a URI: "sqlite:///file" (relative to `folder`) or "redis://host:port/db".

    Raises:
        CourseError: it is no such URI.
    """
    scheme = urlsplit(uri).scheme
    if scheme == "sqlite" and uri.startswith("sqlite:///") and len(uri) > len("sqlite:///"):
        return SqliteStore((folder or Path.cwd()) / uri.removeprefix("sqlite:///"))
    if scheme in ("redis", "rediss"):
        return RedisStore(uri)
    raise CourseError(
        f"{without_password(uri)!r} is no online store. Give sqlite:///online.db or "
        "redis://localhost:6379/0."
    )


def absolute(uri: str, folder: Path) -> str:
    """The URI as another process, in another folder, would need it."""
    if not uri.startswith("sqlite:///"):
        return uri
    return f"sqlite:///{(folder / uri.removeprefix('sqlite:///')).resolve()}"


def without_password(uri: str) -> str:
    """The URI as it may be written down."""
    place = urlsplit(uri)
    if "@" not in place.netloc:
        return uri
    return urlunsplit(place._replace(netloc=place.netloc.rsplit("@", 1)[-1]))


def at_serving(written_down: str) -> str:
    """Where a model's online store is: where it was, unless the environment says otherwise."""
    return os.environ.get(VARIABLE) or written_down


class SqliteStore:
    """One SQLite file; many processes read while one publishes."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._connection: sqlite3.Connection | None = None

    def publish(self, table: OnlineTable, rows: Iterable[Row], keep_others: bool) -> None:
        """As in `OnlineStore`: one transaction."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._writing() as db:
            db.execute("CREATE TABLE IF NOT EXISTS tables (name TEXT PRIMARY KEY, about TEXT)")
            db.execute(
                "CREATE TABLE IF NOT EXISTS features (table_name TEXT, key TEXT, row TEXT,"
                " PRIMARY KEY (table_name, key)) WITHOUT ROWID"
            )
            if not keep_others:
                db.execute("DELETE FROM features WHERE table_name = ?", (table.name,))
            db.execute("INSERT OR REPLACE INTO tables VALUES (?, ?)", (table.name, table.to_json()))
            db.executemany(
                "INSERT OR REPLACE INTO features VALUES (?, ?, ?)",
                ((table.name, *row) for row in rows),
            )

    def describe(self, name: str) -> OnlineTable | None:
        """As in `OnlineStore`."""
        found = self._read("SELECT about FROM tables WHERE name = ?", (name,))
        return OnlineTable.from_json(found[0][0]) if found else None

    def get(self, name: str, keys: Sequence[str]) -> list[str | None]:
        """As in `OnlineStore`."""
        if len(keys) == 1:
            found = self._read(
                "SELECT key, row FROM features WHERE table_name = ? AND key = ?", (name, keys[0])
            )
        else:
            found = self._read(
                "SELECT key, row FROM features WHERE table_name = ? AND key IN"
                " (SELECT value FROM json_each(?))",
                (name, json.dumps(list(keys))),
            )
        rows = dict(found)
        return [rows.get(key) for key in keys]

    def drop(self, name: str) -> bool:
        """As in `OnlineStore`."""
        if self.describe(name) is None:
            return False
        with self._writing() as db:
            db.execute("DELETE FROM features WHERE table_name = ?", (name,))
            db.execute("DELETE FROM tables WHERE name = ?", (name,))
        return True

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._file, timeout=60)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            with connection:
                yield connection
        finally:
            connection.close()

    def _read(self, query: str, values: tuple[str, ...]) -> list[tuple[str, str]]:
        if not self._file.is_file():
            return []
        if self._connection is None:
            # A server's threads share it; SQLite itself lets one at a time through.
            self._connection = sqlite3.connect(self._file, timeout=60, check_same_thread=False)
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):  # nothing was ever published
                return []
            raise


class RedisStore:
    """A Redis server: one hash for each table, one for the descriptions."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._client: redis.Redis | None = None

    def publish(self, table: OnlineTable, rows: Iterable[Row], keep_others: bool) -> None:
        """As in `OnlineStore`: filled beside the old hash, then put into it or in its place."""
        with self._talking() as client:
            target, partial = self._hash(table.name), self._hash(f"{table.name}.{uuid.uuid4().hex}")
            try:
                left = iter(rows)
                while chunk := list(islice(left, _CHUNK)):
                    client.hset(partial, items=list(chain.from_iterable(chunk)))
                with client.pipeline(transaction=True) as change:
                    if keep_others:
                        # In the server, so that keys published by others meanwhile are kept, too
                        change.eval(_MERGE, 2, partial, target)
                    else:
                        change.delete(target)
                        if client.exists(partial):
                            change.rename(partial, target)
                    change.hset(self._hash(), table.name, table.to_json())
                    change.execute()
            finally:
                client.delete(partial)

    def describe(self, name: str) -> OnlineTable | None:
        """As in `OnlineStore`."""
        with self._talking() as client:
            found = client.hget(self._hash(), name)
        return OnlineTable.from_json(str(found)) if found else None

    def get(self, name: str, keys: Sequence[str]) -> list[str | None]:
        """As in `OnlineStore`."""
        if not keys:
            return []
        with self._talking() as client:
            return list(client.hmget(self._hash(name), list(keys)))  # type: ignore[arg-type]

    def drop(self, name: str) -> bool:
        """As in `OnlineStore`."""
        with self._talking() as client, client.pipeline(transaction=True) as change:
            change.delete(self._hash(name))
            change.hdel(self._hash(), name)
            return bool(change.execute()[1])

    def _hash(self, name: str | None = None) -> str:
        return f"features:table:{name}" if name else "features:tables"

    @contextmanager
    def _talking(self) -> "Iterator[redis.Redis]":
        try:
            import redis
        except ModuleNotFoundError:
            raise CourseError(
                f"The online store {without_password(self._uri)} needs the package redis: "
                "pip install 'course-utils[redis]'."
            ) from None
        if self._client is None:
            self._client = redis.Redis.from_url(self._uri, decode_responses=True)
        try:
            yield self._client
        except redis.RedisError as error:
            raise CourseError(
                f"The online store {without_password(self._uri)} does not answer as it should "
                f"({error}). Start it, or correct its address."
            ) from None
