"""What a delivery is: an event, signed as MLflow signs it.

The signature is an HMAC-SHA256 of "id.timestamp.body" with the shared secret, as in the Standard
Webhooks specification; the header names are MLflow's.
"""

import base64
import hashlib
import hmac
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ID, TIMESTAMP, SIGNATURE = "X-MLflow-Delivery-Id", "X-MLflow-Timestamp", "X-MLflow-Signature"
MAX_AGE = 300  # seconds, before and after the receiver's clock


@dataclass(frozen=True)
class Event:
    """What happened: `name` such as "model_version.created", and MLflow's data about it."""

    delivery_id: str
    name: str
    timestamp: str
    data: dict[str, Any]

    @classmethod
    def from_body(cls, delivery_id: str, body: bytes) -> "Event":
        """The event in the body of a delivery.

        Raises:
            ValueError: the body is not that of a webhook.
        """
        fields = json.loads(body)
        try:
            name = f"{fields['entity']}.{fields['action']}"
            return cls(delivery_id, name, str(fields.get("timestamp", "")), dict(fields["data"]))
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError("no event") from error


def sign(secret: str, delivery_id: str, timestamp: str, body: bytes) -> str:
    """The value of the signature's header."""
    signed = f"{delivery_id}.{timestamp}.".encode() + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def refuse(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> str:
    """Why a delivery is not to be trusted; empty if it is."""
    delivery_id, timestamp = headers.get(ID) or "", headers.get(TIMESTAMP) or ""
    expected = sign(secret, delivery_id, timestamp, body)
    if not hmac.compare_digest(expected.encode(), (headers.get(SIGNATURE) or "").encode()):
        return "the signature does not fit"
    if not delivery_id or not timestamp.isdecimal() or abs(now - int(timestamp)) > MAX_AGE:
        return f"it has no id, or is more than {MAX_AGE} seconds old"
    return ""


@contextmanager
def transaction(file: Path, schema: str) -> Iterator[sqlite3.Connection]:
    """A write to a SQLite file that is made on first use: all of it happens, or nothing."""
    db = sqlite3.connect(file, timeout=60, isolation_level=None)
    try:
        db.execute("PRAGMA synchronous=FULL")  # what is answered for is on the disk
        db.execute("BEGIN IMMEDIATE")
        for statement in schema.split(";"):
            db.execute(statement)
        yield db
        db.execute("COMMIT")
    finally:
        db.close()  # which rolls back what is not committed
