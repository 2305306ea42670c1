"""Takes webhooks, on this machine's loopback alone, and handles each event once.

A delivery is checked (signature, age, whether its id was here before), written to a file, and only
then answered. Whatever is in the file gets handled, also after a crash: what the handler says is
written down together with the note that the event has been handled, and afterwards set as a tag of
the model version. A handler that a crash has cut off starts again; one that has answered never
does. A version is handled once, whether MLflow tells of it, or an `Outbox`, or both.
"""

import json
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from course_utils.registry.errors import MISSING, RegistryError, in_one_line, text
from course_utils.registry.webhooks import ID, Event, refuse, transaction

if TYPE_CHECKING:
    import pandas as pd

VERDICT = "check.verdict"  # tag of the model version
_PAUSES = (0.5, 1.0, 2.0)  # seconds before a failing handler is tried again
_AWAY = 0.5  # seconds between looks at a server that does not answer
_LARGEST = 1_000_000  # bytes of a delivery
_SCHEMA = """
CREATE TABLE IF NOT EXISTS inbox (
    id TEXT PRIMARY KEY, body BLOB NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS handled (
    key TEXT PRIMARY KEY, id TEXT NOT NULL, event TEXT NOT NULL, name TEXT, version TEXT,
    verdict TEXT, tagged INTEGER NOT NULL)"""


class Receiver:
    """A context manager that listens for webhooks while it is open.

    Args:
        file: SQLite file with what was received, made if there is none; for one receiver at a time.
        secret: what the deliveries are signed with.
        handle: called with each `Event` in turn, one at a time. The text that it returns becomes
            the tag `check.verdict` of the version that the event is about; None sets no tag. If
            it raises four times in a row although MLflow answers, the verdict is "failed: …".
        client: the registry; the current tracking and registry URI without one.
        port: where to listen; a free one without it.

    Raises:
        RegistryError: the port is taken.
    """

    def __init__(
        self,
        file: str | Path,
        secret: str,
        handle: Callable[[Event], str | None],
        client: MlflowClient | None = None,
        port: int = 0,
    ) -> None:
        if not callable(handle):
            raise RegistryError(f"handle has to be a function of one event, not {handle!r:.60}.")
        self._file, self._secret, self._handle = Path(file), text(secret, "secret", 1000), handle
        with in_one_line():
            self._client = client or MlflowClient()
        self._news, self._closed = threading.Event(), threading.Event()
        try:
            self._server = _Server(("127.0.0.1", port), _Handler)
        except (OSError, OverflowError, TypeError) as error:
            raise RegistryError(f"Port {port!r} cannot be listened on: {error}.") from error
        self._server.take = self._take
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"
        """Where it listens."""
        loops = (self._server.serve_forever, self._work)
        self._threads = [threading.Thread(target=loop, daemon=True) for loop in loops]

    def __enter__(self) -> "Receiver":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._news.set()
        self._server.shutdown()
        self._server.server_close()
        for thread in self._threads:
            thread.join(10)  # a handler that takes longer starts again next time

    def handled(self) -> "pd.DataFrame":
        """What has been handled, oldest first: id of the delivery, event, name, version, verdict.

        `tagged` says whether the verdict stands on the version already.
        """
        import pandas as pd

        columns = ["id", "event", "name", "version", "verdict", "tagged"]
        with transaction(self._file, _SCHEMA) as db:
            rows = db.execute(f"SELECT {', '.join(columns)} FROM handled ORDER BY rowid")
            return pd.DataFrame(rows.fetchall(), columns=columns).astype({"tagged": bool})

    def _take(self, headers: Any, body: bytes) -> tuple[int, str]:
        """Status and answer for a delivery; one that is accepted has been written down."""
        if reason := refuse(self._secret, headers, body, time.time()):
            return 401, f"refused: {reason}"
        try:
            Event.from_body(headers[ID], body)
        except ValueError:
            return 400, "refused: not the body of a webhook"
        with transaction(self._file, _SCHEMA) as db:
            new = db.execute(
                "INSERT OR IGNORE INTO inbox VALUES (?, ?, 'NEW', 0)", (headers[ID], body)
            ).rowcount
        self._news.set()
        return 200, "accepted" if new else "duplicate"

    def _work(self) -> None:
        due: dict[str, float] = {}
        while not self._closed.is_set():
            self._news.clear()
            try:
                due, progress = self._round(due)
            except sqlite3.Error as error:  # a full disk, say: what was received stays
                print(f"receiver: {self._file}: {error}", flush=True)
                self._closed.wait(_AWAY)
                continue
            if not progress:
                left = min(due.values(), default=float("inf")) - time.monotonic()
                self._news.wait(max(left, 0.01) if due else None)

    def _round(self, due: dict[str, float]) -> tuple[dict[str, float], bool]:
        """Do what is to be done and due; when the rest is due, and whether something got done."""
        with transaction(self._file, _SCHEMA) as db:
            new = db.execute("SELECT id, body, attempts FROM inbox WHERE state = 'NEW'").fetchall()
            untagged = db.execute(
                "SELECT key, name, version, verdict FROM handled WHERE NOT tagged"
            ).fetchall()
        jobs: list[tuple[Callable[..., float], Any]] = [(self._handle_one, row) for row in new]
        jobs += [(self._tag, row) for row in untagged]
        left, progress = {}, False
        for job, row in jobs:
            pause = due.get(row[0], 0.0) - time.monotonic()
            if pause <= 0 and not self._closed.is_set():
                pause = job(*row)
                progress |= not pause
            if pause > 0:
                left[row[0]] = time.monotonic() + pause
        return left, progress

    def _handle_one(self, delivery_id: str, body: bytes, attempts: int) -> float:
        """Handle a delivery; seconds until it is to be tried again, 0 if it is done with."""
        event = Event.from_body(delivery_id, body)
        name, version = (_plain(event.data.get(field)) for field in ("name", "version"))
        try:
            key = self._key(event)
        except Exception:
            return _AWAY
        with transaction(self._file, _SCHEMA) as db:
            known = db.execute("SELECT 1 FROM handled WHERE key = ?", (key,)).fetchone()
            if known or key is None:
                return _close(db, delivery_id, "DUPLICATE" if known else "GONE")
        try:
            verdict = _plain(self._handle(event))
        except Exception as error:
            if not self._answers():
                return _AWAY
            if attempts < len(_PAUSES):
                with transaction(self._file, _SCHEMA) as db:
                    again = "UPDATE inbox SET attempts = attempts + 1 WHERE id = ?"
                    db.execute(again, (delivery_id,))
                return _PAUSES[attempts]
            verdict = _plain(f"failed: {type(error).__name__}: {error}".splitlines()[0])
        no_tag = verdict is None or name is None or version is None
        row = (key, delivery_id, event.name, name, version, verdict, no_tag)
        with transaction(self._file, _SCHEMA) as db:
            new = db.execute("INSERT OR IGNORE INTO handled VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            if not new.rowcount:  # by another receiver with the same file
                return _close(db, delivery_id, "DUPLICATE")
            _close(db, delivery_id, "HANDLED")
        return 0.0 if no_tag else self._tag(key, str(name), str(version), str(verdict))

    def _key(self, event: Event) -> str | None:
        """What is the same for two deliveries of one event; None if its version is gone."""
        if event.name != "model_version.created":
            return event.delivery_id
        name, version = str(event.data.get("name")), str(event.data.get("version"))
        try:
            created = self._client.get_model_version(name, version).creation_timestamp
        except MlflowException as error:
            if error.error_code not in (MISSING, "INVALID_PARAMETER_VALUE"):
                raise
            return None  # deleted, or the example that MLflow sends to test a webhook
        return f"{name}/{version}@{created}"

    def _tag(self, key: str, name: str, version: str, verdict: str) -> float:
        try:
            self._client.set_model_version_tag(name, version, VERDICT, verdict)
        except MlflowException as error:
            if error.error_code not in (MISSING, "INVALID_PARAMETER_VALUE"):
                return _AWAY
        with transaction(self._file, _SCHEMA) as db:
            db.execute("UPDATE handled SET tagged = 1 WHERE key = ?", (key,))
        return 0.0

    def _answers(self) -> bool:
        try:
            self._client.search_registered_models(max_results=1)
        except Exception:
            return False
        return True


def _close(db: sqlite3.Connection, delivery_id: str, state: str) -> float:
    db.execute("UPDATE inbox SET state = ? WHERE id = ?", (state, delivery_id))
    return 0.0


def _plain(value: object) -> str | None:
    """A text that fits into a tag, whatever a handler or a sender has given."""
    return None if value is None else str(value).encode(errors="replace").decode()[:2000]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    take: Callable[[Any, bytes], tuple[int, str]]


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 10  # seconds for a sender to send

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _LARGEST:
            status, answer = 413, "refused: no length, or too long"
            self.close_connection = True
        else:
            status, answer = self.server.take(self.headers, self.rfile.read(int(length)))
        data = json.dumps({"status": answer}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        with suppress(ConnectionError):  # the sender has gone: it will ask again
            self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Say nothing for each request."""
