"""A notebook's claim on a warm JVM of the pool."""

import hashlib
import json
import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_utils.session import jvm, settings
from course_utils.session.java import find_java

VARIABLE = "COURSE_POOL"
STATUS = "status"
PATIENCE = 120.0  # seconds; only a pool that recycles makes a client wait, for a JVM to be emptied


@dataclass
class Lease:
    """A warm JVM that is this process's own until it ends."""

    port: int
    secret: str
    pid: int
    log: Path
    connection: socket.socket  # its end, however it comes, is what frees the JVM


def borrow() -> Lease | None:
    """A warm JVM from the pool named by COURSE_POOL; None at once when there is none to have."""
    address = os.environ.get(VARIABLE)
    if not address:
        return None
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        answer = _ask(connection, address, settings_key())
        port, secret, pid = answer["port"], answer["secret"], answer["pid"]
        return Lease(port, secret, pid, Path(answer["log"]), connection)
    except (OSError, ValueError, KeyError):
        # No manager any more, none willing, or one of another version: a cold start it is.
        connection.close()
        return None


def status(address: str) -> dict[str, int] | None:
    """How many JVMs of the pool are idle, coming and leased; None when there is no pool."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            return _ask(connection, address, STATUS)
        except (OSError, ValueError):
            return None


def _ask(connection: socket.socket, address: str, line: str) -> dict[str, Any]:
    connection.settimeout(PATIENCE)
    connection.connect(address)
    connection.sendall(f"{line}\n".encode())
    with connection.makefile("rb") as lines:
        answer = json.loads(lines.readline())
    connection.settimeout(None)
    return answer


def settings_key() -> str:
    """Tells settings apart: a JVM is handed only to a client that would start the same one."""
    # Where MLflow logs to is told to the workers by the client itself
    conf = {key: value for key, value in settings.local().items() if "MLFLOW" not in key}
    parts = [*conf.items(), find_java().home, jvm.spark_home(), sys.executable]
    return hashlib.sha256(repr(parts).encode()).hexdigest()
