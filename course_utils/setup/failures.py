"""Why a set-up failed, as one line with its mend. It uses the standard library only."""

import shutil
import sys
from typing import NoReturn

from course_utils import paths

_SPACE_NEEDED = 6  # GB that uv's cache and .venv take on a first start, rounded up
_NETWORK_SIGNS = (
    "newconnectionerror",
    "maxretryerror",
    "proxyerror",
    "timeouterror",
    "protocolerror",
    "error sending request",
    "client error (connect)",
    "dns error",
    "failed to fetch",
    "failed to download",
    "connection refused",
    "name resolution",
    "network is unreachable",
    "operation timed out",
    "(from versions: none)",  # all that pip says of an index it could not reach at once
)


def fail(line: str) -> NoReturn:
    """Print the one line and leave."""
    sys.stdout.flush()
    sys.stderr.write(f"course: {line}\n")
    sys.exit(1)


def reason(text: str) -> str | None:
    """What a failed download or installation was about, as a line with its mend, or None."""
    low = text.lower()

    def said(*signs: str) -> bool:
        return any(sign in low for sign in signs)

    if said("no space left on device", "os error 28", "errno 28", "disk quota exceeded"):
        there = paths.state() if paths.state().is_dir() else paths.ROOT
        free = shutil.disk_usage(there).free / 1e9
        return (
            f"The disk is full ({free:.1f} GB free at {there}): the first start needs about "
            f"{_SPACE_NEEDED} GB for the environment, uv's cache and the data. Free some space, "
            "then run the same command again."
        )
    if said("hash mismatch", "do not match the hashes"):
        return (
            "A downloaded package is not the one that the course was locked with (hash mismatch), "
            "so it was not installed. Run the same command again; if it stays, something between "
            "you and the package index changes files."
        )
    if said("certificate") and said(*_NETWORK_SIGNS):
        return (
            "The network's certificate is not trusted: set SSL_CERT_FILE and PIP_CERT to your "
            "organization's certificate file, then run the same command again."
        )
    if said(*_NETWORK_SIGNS):
        return (
            "No network: the first start has to fetch packages and could not reach the package "
            "index. Connect (or set HTTPS_PROXY), then run the same command again; it goes on "
            "where it stopped. Later starts need no network."
        )
    if said("permission denied", "read-only file system"):
        return (
            f"No permission to write into {paths.ROOT} or {paths.state()}: make these folders "
            "yours."
        )
    return None
