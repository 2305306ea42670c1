"""Which version of the course this is."""

import subprocess
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed

from course_utils import paths


def version() -> str:
    """ "0.1.0 (b123644)": of the package, and of the checkout where git knows it."""
    try:
        number = installed("course-utils")
    except PackageNotFoundError:
        number = "unknown"
    command = ["git", "-C", str(paths.ROOT), "rev-parse", "--short", "HEAD"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return number
    commit = told.stdout.strip()
    return f"{number} ({commit})" if told.returncode == 0 and commit else number
