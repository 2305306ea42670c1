"""A notebook's claim on a warm JVM of the pool."""

import hashlib
import json
import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from course_utils.session import jvm, settings
from course_utils.session.java import find_java

VARIABLE = "COURSE_POOL"
PATIENCE = 120.0  # seconds; only a pool that recycles makes a client wait, for a JVM to be emptied


@dataclass
class Lease:
    """A warm JVM that is this process's own until it ends."""

    port: int
    secret: str
    log: Path
    connection: socket.socket  # its end, however it comes, is what frees the JVM


def borrow() -> Lease | None:
    """A warm JVM from the pool named by COURSE_POOL; None at once when there is none to have."""
    address = os.environ.get(VARIABLE)
    if not address:
        return None
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(PATIENCE)
        connection.connect(address)
        connection.sendall(f"{settings_key()}\n".encode())
        with connection.makefile("rb") as lines:
            answer = json.loads(lines.readline())
        connection.settimeout(None)
        return Lease(answer["port"], answer["secret"], Path(answer["log"]), connection)
    except (OSError, ValueError, KeyError):
        # No manager any more, none willing, or one of another version: a cold start it is.
        connection.close()
        return None


def settings_key() -> str:
    """Tells settings apart: a JVM is handed only to a client that would start the same one."""
    parts = [*settings.local().items(), find_java().home, jvm.spark_home(), sys.executable]
    return hashlib.sha256(repr(parts).encode()).hexdigest()
