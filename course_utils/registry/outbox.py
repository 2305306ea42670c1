"""Deliveries that MLflow may lose: kept in a file until somebody has taken them.

MLflow sends a webhook from a thread of its server, tries three times more, and writes a line to its
log if that fails; what a server had in hand when it was killed is gone. But what happened can still
be read from the registry. An outbox looks there for versions and for entries of approvals that it
does not know yet, and delivers each until it is taken: signed like MLflow's, always under the same
delivery id, after growing pauses, and in the end onto a list of dead letters.

The same event may come from MLflow and from here. `Receiver` takes them for one.
"""

import json
import sqlite3
import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

import requests
from mlflow import MlflowClient

from course_utils.registry.errors import RegistryError, in_one_line, text
from course_utils.registry.log import APPROVED, HEAD, REJECTED, REQUESTED, ROLLED_BACK, read_log
from course_utils.registry.webhooks import ID, SIGNATURE, TIMESTAMP, sign, transaction

if TYPE_CHECKING:
    import pandas as pd

PENDING, DELIVERED, DEAD = "PENDING", "DELIVERED", "DEAD"
_TIMEOUT = 10  # seconds for the receiver to answer
_LATE = 600_000  # milliseconds that a version may show up after a younger one
_SCHEMA = """
CREATE TABLE IF NOT EXISTS seen (key TEXT PRIMARY KEY, created INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS deliveries (
    id TEXT PRIMARY KEY, event TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
    body TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL, due REAL NOT NULL,
    error TEXT NOT NULL)"""
_ACTIONS = {REQUESTED: "created", APPROVED: "approved", REJECTED: "rejected",
            ROLLED_BACK: "rolled_back"}  # fmt: skip


class Outbox:
    """Finds what happened in a registry, and delivers it to one receiver.

    Events are `model_version.created`, as MLflow sends it, and `transition_request.created`,
    `.approved`, `.rejected` and `.rolled_back`, which come from the log of `Approvals`. What
    happened before the file was made is not delivered.

    Args:
        file: SQLite file of the outbox, made if there is none. Several processes may use it.
        url: where the receiver listens.
        secret: what deliveries are signed with.
        client: the registry; the current tracking and registry URI without one.
        pauses: seconds to wait after the first, second, … failure; one more failure than there
            are pauses makes a dead letter.
    """

    def __init__(
        self,
        file: str | Path,
        url: str,
        secret: str,
        client: MlflowClient | None = None,
        pauses: Sequence[float] = (1, 5, 30, 120, 600, 3600),
    ) -> None:
        parts = urlsplit(text(url, "url", 2000))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise RegistryError(f"url has to be an address such as http://host:port, not {url!r}.")
        if not pauses or not all(isinstance(p, int | float) and p >= 0 for p in pauses):
            raise RegistryError(f"pauses has to be a list of seconds, not {pauses!r:.60}.")
        self._file, self._url, self._secret = Path(file), url, text(secret, "secret", 1000)
        self._pauses = [float(pause) for pause in pauses]
        self._http = requests.Session()
        self._http.trust_env = False  # a proxy for the world outside has no part in this
        with in_one_line():
            self._client = client or MlflowClient()
        if not self._seen("begun"):
            self.collect()

    def collect(self) -> int:
        """Look for new events in the registry; how many there are.

        Raises:
            RegistryError: MLflow does not answer.
        """
        with in_one_line():
            found = [*reversed([*self._versions()]), *self._decisions()]  # oldest first
        with transaction(self._file, _SCHEMA) as db:
            if _is_new(db, "begun", 1):  # all that there is was there before the outbox
                for key, number, *_ in found:
                    _is_new(db, key, number)
            new = [event for event in found if _is_new(db, *event[:2])]
            for _, _, entity, action, data in new:
                now = datetime.now(UTC).isoformat()
                body = {"entity": entity, "action": action, "timestamp": now, "data": data}
                db.execute(
                    "INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, ?, 0, 0, '')",
                    (str(uuid.uuid4()), f"{entity}.{action}", data["name"], data["version"],
                     json.dumps(body), PENDING),
                )  # fmt: skip
        return len(new)

    def deliver(self) -> int:
        """Send what is due, each event once; how many were taken.

        An attempt is noted before it is made: a process that is killed in it has used it up.
        """
        now, taken = time.time(), 0
        with transaction(self._file, _SCHEMA) as db:
            db.execute(
                "UPDATE deliveries SET state = ? WHERE state = ? AND due <= ? AND attempts > ?",
                (DEAD, PENDING, now, len(self._pauses)),
            )
        while row := self._next(now):
            delivery_id, attempts, body = row
            error = self._send(delivery_id, body)
            state = PENDING if error else DELIVERED
            if error and attempts > len(self._pauses):
                state = DEAD
            with transaction(self._file, _SCHEMA) as db:
                db.execute(
                    "UPDATE deliveries SET state = ?, error = ? WHERE id = ? AND state != ?",
                    (state, error, delivery_id, DELIVERED),
                )
            taken += not error
        return taken

    def redeliver(self, delivery_id: str) -> None:
        """Put a delivery, dead or done, back in the queue under its id, with all its attempts.

        Raises:
            RegistryError: there is no such delivery.
        """
        with transaction(self._file, _SCHEMA) as db:
            again = db.execute(
                "UPDATE deliveries SET state = ?, attempts = 0, due = 0 WHERE id = ?",
                (PENDING, str(delivery_id)),
            )
            if not again.rowcount:
                raise RegistryError(f"There is no delivery {delivery_id!r}: see deliveries().")

    def deliveries(self) -> "pd.DataFrame":
        """All events, oldest first: id, event, name, version, state, attempts, error.

        `state` is PENDING, DELIVERED or DEAD; `error` says why the last attempt failed.
        """
        import pandas as pd

        columns = ["id", "event", "name", "version", "state", "attempts", "error"]
        with transaction(self._file, _SCHEMA) as db:
            rows = db.execute(f"SELECT {', '.join(columns)} FROM deliveries ORDER BY rowid")
            return pd.DataFrame(rows.fetchall(), columns=columns)

    def dead_letters(self) -> "pd.DataFrame":
        """The events that nobody took, with the columns of `deliveries`."""
        frame = self.deliveries()
        return frame[frame["state"] == DEAD].reset_index(drop=True)

    def run(self, every: float = 1.0) -> NoReturn:
        """Collect and deliver for ever, `every` so many seconds; a server that is away may be."""
        said = ""
        while True:
            try:
                self.collect()
                said = ""
            except RegistryError as error:
                if str(error) != said:
                    said = str(error)
                    print(f"outbox: {said}", flush=True)
            self.deliver()
            time.sleep(every)

    def _next(self, now: float) -> tuple[str, int, str] | None:
        with transaction(self._file, _SCHEMA) as db:
            row = db.execute(
                "SELECT id, attempts + 1, body FROM deliveries WHERE state = ? AND due <= ?"
                " AND attempts <= ? ORDER BY due, rowid LIMIT 1",
                (PENDING, now, len(self._pauses)),
            ).fetchone()
            if row:
                pause = [*self._pauses, _TIMEOUT][row[1] - 1]
                db.execute(
                    "UPDATE deliveries SET attempts = ?, due = ? WHERE id = ?",
                    (row[1], time.time() + pause, row[0]),
                )
            return row

    def _send(self, delivery_id: str, body: str) -> str:
        """Why the receiver did not take it; empty if it did."""
        stamp, data = str(int(time.time())), body.encode()
        signature = sign(self._secret, delivery_id, stamp, data)
        headers = {"Content-Type": "application/json", ID: delivery_id, TIMESTAMP: stamp,
                   SIGNATURE: signature}  # fmt: skip
        try:
            answer = self._http.post(
                self._url, data=data, headers=headers, timeout=_TIMEOUT, allow_redirects=False
            )
        except requests.RequestException as error:
            return f"{type(error).__name__}: {error}".splitlines()[0][:200]
        return "" if answer.ok and answer.status_code < 300 else f"status {answer.status_code}"

    def _seen(self, pattern: str) -> int:
        """The highest number noted for keys of a kind, 0 if there is none."""
        with transaction(self._file, _SCHEMA) as db:
            return db.execute(
                "SELECT coalesce(max(created), 0) FROM seen WHERE key LIKE ?", (pattern,)
            ).fetchone()[0]

    def _versions(self) -> Iterator[tuple[str, int, str, str, dict[str, Any]]]:
        newest, token = self._seen("version %"), None
        while True:
            page = self._client.search_model_versions(
                max_results=10_000, order_by=["creation_timestamp DESC"], page_token=token
            )
            for v in page:
                if v.creation_timestamp < newest - _LATE:
                    return
                data = {"name": v.name, "version": str(v.version), "source": v.source,
                        "run_id": v.run_id or None, "tags": v.tags,
                        "description": v.description or None}  # fmt: skip
                key = f"version {v.name}/{v.version}@{v.creation_timestamp}"
                yield key, v.creation_timestamp, "model_version", "created", data
            if not (token := page.token):
                return

    def _decisions(self) -> Iterator[tuple[str, int, str, str, dict[str, Any]]]:
        token = None
        while True:
            page = self._client.search_registered_models(max_results=100, page_token=token)
            for model in page:
                head = model.tags.get(HEAD, "").split()
                if not head or head[0] == str(self._seen(f"entry {head[-1]}/%")):
                    continue
                log = read_log(self._client, model)
                for entry in [] if log.faults else log.entries[: log.settled]:
                    if entry.activity_type not in _ACTIONS:
                        continue
                    data = {"name": model.name, "version": str(entry.version), "alias": entry.alias,
                            "request_id": f"{model.name}/{entry.request or entry.number}",
                            "user_id": entry.user_id, "comment": entry.comment}  # fmt: skip
                    action = _ACTIONS[entry.activity_type]
                    key = f"entry {head[-1]}/{entry.number:06d}"
                    yield key, entry.number, "transition_request", action, data
            if not (token := page.token):
                return


def _is_new(db: sqlite3.Connection, key: str, number: int) -> bool:
    return bool(db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, number)).rowcount)
