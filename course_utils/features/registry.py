"""The catalog of a feature store: what tables there are, what feeds them, what uses them.

One SQLite file beside the tables. Every change is one transaction.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.features.names import spelled

_SCHEMA = """
CREATE TABLE IF NOT EXISTS tables (
    name TEXT PRIMARY KEY, keys TEXT NOT NULL, time TEXT, partitions TEXT NOT NULL,
    description TEXT NOT NULL, owner TEXT NOT NULL, created TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS columns (
    table_name TEXT NOT NULL REFERENCES tables(name) ON DELETE CASCADE, position INTEGER NOT NULL,
    name TEXT NOT NULL, type TEXT NOT NULL, PRIMARY KEY (table_name, name));
CREATE TABLE IF NOT EXISTS tags (
    table_name TEXT NOT NULL REFERENCES tables(name) ON DELETE CASCADE,
    key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (table_name, key));
CREATE TABLE IF NOT EXISTS sources (
    table_name TEXT NOT NULL REFERENCES tables(name) ON DELETE CASCADE,
    source TEXT NOT NULL, PRIMARY KEY (table_name, source));
CREATE TABLE IF NOT EXISTS uses (
    model TEXT NOT NULL, registered_as TEXT, table_name TEXT NOT NULL, table_version INTEGER,
    feature TEXT NOT NULL, PRIMARY KEY (model, table_name, feature));
CREATE TABLE IF NOT EXISTS functions (
    name TEXT PRIMARY KEY, parameters TEXT NOT NULL, type TEXT NOT NULL, code BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS locations (
    table_name TEXT PRIMARY KEY REFERENCES tables(name) ON DELETE CASCADE, folder TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS notes (
    kind TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (kind, name));
"""


@dataclass(frozen=True)
class TableEntry:
    """What the catalog knows of one table; `columns` maps name to type, in order."""

    name: str
    primary_keys: tuple[str, ...]
    timestamp_key: str | None
    partition_columns: tuple[str, ...]
    description: str
    owner: str
    created: str
    columns: dict[str, str]
    tags: dict[str, str]
    sources: tuple[str, ...]

    @property
    def row_keys(self) -> tuple[str, ...]:
        """What makes a row unique: the primary keys and, in a time-series table, the time."""
        return self.primary_keys + ((self.timestamp_key,) if self.timestamp_key else ())

    @property
    def features(self) -> tuple[str, ...]:
        """The columns that are not keys, in the table's order."""
        return tuple(name for name in self.columns if name not in self.row_keys)

    # As the platform's catalog calls them

    @property
    def timestamp_keys(self) -> list[str]:
        """The time column of a time-series table; empty for another."""
        return [self.timestamp_key] if self.timestamp_key else []

    @property
    def creation_timestamp(self) -> int:
        """When the table was made, in milliseconds since 1970."""
        return round(datetime.fromisoformat(self.created).timestamp() * 1000)

    @property
    def table_data_sources(self) -> list[str]:
        """The feature tables that its rows came from."""
        return [source for source in self.sources if "/" not in source]

    @property
    def path_data_sources(self) -> list[str]:
        """The files and folders that its rows came from."""
        return [source for source in self.sources if "/" in source]


@dataclass(frozen=True)
class Use:
    """That a model uses a feature: `model` is its URI, `registered_as` "name/version" or None."""

    model: str
    registered_as: str | None
    table: str
    table_version: int
    feature: str


@dataclass(frozen=True)
class FunctionEntry:
    """An on-demand function: parameters, result type, and its pickled code."""

    name: str
    parameters: tuple[str, ...]
    type: str
    code: bytes


class Registry:
    """The catalog in one SQLite file, made on first use."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unusable(error) from None
        try:
            with closing(sqlite3.connect(self._file, timeout=60)) as connection:
                connection.execute("PRAGMA foreign_keys=ON")
                connection.executescript(_SCHEMA)
                with connection:
                    yield connection
        except sqlite3.Error as error:
            raise self._unusable(error) from None

    def _unusable(self, error: Exception) -> CourseError:
        return CourseError(
            f"The catalog of the feature store, {self._file}, can't be used ({error}). See that "
            "its folder can be written to, and that no other program's file has its name."
        )

    @contextmanager
    def _alone(self) -> Iterator[sqlite3.Connection]:
        """A transaction that no other change to the catalog, by whomever, comes between."""
        with self._transaction() as db:
            db.execute("BEGIN IMMEDIATE")
            yield db

    def add(
        self, entry: TableEntry, place: Callable[[], None], location: str | None = None
    ) -> None:
        """Add a table, and put its files into their place by the call: both, or neither.

        `location` is the folder of a table whose files are somebody else's.

        Raises:
            CourseError: there is one of that name.
        """
        with self._alone() as db:
            other = _named(db, entry.name)
            if other:
                raise exists(other[0])
            place()
            db.execute(
                "INSERT INTO tables VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    entry.name,
                    json.dumps(entry.primary_keys),
                    entry.timestamp_key,
                    json.dumps(entry.partition_columns),
                    entry.description,
                    entry.owner,
                    entry.created,
                ),
            )
            _put_columns(db, entry.name, entry.columns)
            db.executemany(
                "INSERT INTO tags VALUES (?, ?, ?)",
                [(entry.name, key, value) for key, value in entry.tags.items()],
            )
            _put_sources(db, entry.name, entry.sources)
            if location is not None:
                db.execute("INSERT INTO locations VALUES (?, ?)", (entry.name, location))

    def locations(self) -> dict[str, str]:
        """The folders of the tables whose files are somebody else's, by table."""
        with self._transaction() as db:
            return dict(db.execute("SELECT table_name, folder FROM locations").fetchall())

    def note_write(
        self, name: str, columns: Callable[[], Mapping[str, str]], sources: Iterable[str]
    ) -> None:
        """Keep what a write has changed: what fed it, and the columns that the files have now.

        Raises:
            CourseError: the table was dropped meanwhile.
        """
        with self._alone() as db:
            if _named(db, name) is None:
                raise CourseError(
                    f"Feature table {name} was dropped while it was written to. Create it anew."
                )
            _put_columns(db, name, columns())
            _put_sources(db, name, sources)

    def set_tag(self, name: str, key: str, value: str | None) -> None:
        """Set a tag, or remove it with None."""
        with self._transaction() as db:
            db.execute("DELETE FROM tags WHERE table_name = ? AND key = ?", (name, key))
            if value is not None:
                db.execute("INSERT INTO tags VALUES (?, ?, ?)", (name, key, value))

    def remove(self, name: str, bury: Callable[[], None]) -> None:
        """Take a table out of the catalog, and its files out of their place by the call.

        Which models used it stays known.
        """
        with self._alone() as db:
            db.execute("DELETE FROM tables WHERE name = ?", (name,))
            bury()

    def get(self, name: str) -> TableEntry | None:
        """The entry of one table, in whatever case its name is given; None where there is none."""
        with self._transaction() as db:
            row = _named(db, name)
            return _entry(db, row) if row else None

    def all(self) -> list[TableEntry]:
        """All tables, by name."""
        with self._transaction() as db:
            rows = db.execute("SELECT * FROM tables ORDER BY name").fetchall()
            return [_entry(db, row) for row in rows]

    def add_uses(self, uses: Sequence[Use]) -> None:
        """Note which features a model uses."""
        with self._transaction() as db:
            db.executemany(
                "INSERT OR REPLACE INTO uses VALUES (?, ?, ?, ?, ?)",
                [
                    (use.model, use.registered_as, use.table, use.table_version, use.feature)
                    for use in uses
                ],
            )

    def uses(self, table: str) -> list[Use]:
        """Which models use features of a table."""
        with self._transaction() as db:
            rows = db.execute(
                "SELECT * FROM uses WHERE table_name = ? ORDER BY rowid", (table,)
            ).fetchall()
        return [Use(*row) for row in rows]

    def put_function(self, entry: FunctionEntry) -> None:
        """Add a function, or put it in place of an earlier one of that name."""
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO functions VALUES (?, ?, ?, ?)",
                (entry.name, json.dumps(entry.parameters), entry.type, entry.code),
            )

    def put_note(self, kind: str, name: str, text: str, replace: bool = False) -> bool:
        """Keep a text of some kind by name; False where there is one and it is to stay."""
        with self._transaction() as db:
            or_else = "REPLACE" if replace else "IGNORE"
            put = db.execute(f"INSERT OR {or_else} INTO notes VALUES (?, ?, ?)", (kind, name, text))
            return put.rowcount == 1

    def notes(self, kind: str) -> dict[str, str]:
        """The texts of a kind, by name."""
        with self._transaction() as db:
            found = db.execute("SELECT name, text FROM notes WHERE kind = ? ORDER BY name", (kind,))
            return dict(found.fetchall())

    def remove_note(self, kind: str, name: str) -> bool:
        """Remove a text; whether there was one."""
        with self._transaction() as db:
            gone = db.execute("DELETE FROM notes WHERE kind = ? AND name = ?", (kind, name))
            return gone.rowcount == 1

    def functions(self) -> dict[str, FunctionEntry]:
        """All functions, by name."""
        with self._transaction() as db:
            rows = db.execute("SELECT * FROM functions ORDER BY name").fetchall()
        return {
            name: FunctionEntry(name, tuple(json.loads(parameters)), type_name, code)
            for name, parameters, type_name, code in rows
        }


def exists(name: str) -> CourseError:
    """What is raised where a table is to be made that is there."""
    return CourseError(
        f"Feature table {name} exists. Write to it with write_table, or drop_table first."
    )


def _named(db: sqlite3.Connection, name: str) -> tuple[str, ...] | None:
    """The row of a table; where two names differ only in case, the one that is spelled so."""
    found = "SELECT * FROM tables WHERE name = ? COLLATE NOCASE ORDER BY name <> ?"
    row: tuple[str, ...] | None = db.execute(found, (name, name)).fetchone()
    return row


def _put_columns(db: sqlite3.Connection, name: str, columns: Mapping[str, str]) -> None:
    db.execute("DELETE FROM columns WHERE table_name = ?", (name,))
    db.executemany(
        "INSERT INTO columns VALUES (?, ?, ?, ?)",
        [(name, place, *column) for place, column in enumerate(columns.items())],
    )


def _put_sources(db: sqlite3.Connection, name: str, sources: Iterable[str]) -> None:
    db.executemany(
        "INSERT OR IGNORE INTO sources VALUES (?, ?)", [(name, source) for source in sources]
    )


def _entry(db: sqlite3.Connection, row: tuple[str, ...]) -> TableEntry:
    name, keys, time, partitions, description, owner, created = row
    columns: dict[str, str] = {}
    found = "SELECT name, type FROM columns WHERE table_name = ? ORDER BY position"
    for column, type_name in db.execute(found, (name,)):
        # An earlier version took one in another case for a column of its own
        columns.setdefault(spelled(column, columns) or column, type_name)
    tags = db.execute("SELECT key, value FROM tags WHERE table_name = ? ORDER BY key", (name,))
    sources = db.execute("SELECT source FROM sources WHERE table_name = ? ORDER BY rowid", (name,))
    return TableEntry(
        name,
        tuple(json.loads(keys)),
        time,
        tuple(json.loads(partitions)),
        description,
        owner,
        created,
        columns,
        dict(tags.fetchall()),
        tuple(source for (source,) in sources),
    )
