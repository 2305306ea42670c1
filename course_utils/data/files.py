"""Files that are whole or absent, and one writer at a time."""

import fcntl
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from course_utils.errors import CourseError


def sha256(path: Path) -> str:
    """The hash of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock: no other process that asks for it is inside at the same time.

    The system frees the lock of a process that dies, so nobody ever waits for a dead one.
    What such a process left half-written is removed here.
    """
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("w")
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for rest in folder.glob(".new-*"):
            remove(rest)
        yield


def fresh(target: Path) -> Path:
    """Where to write what shall become `target`: beside it, and removed if it is never finished.

    Only for a process that holds the folder's lock.
    """
    return target.with_name(f".new-{target.name}")


def put(new: Path, target: Path) -> None:
    """Make `new`, a file or a folder, appear as `target` at once."""
    if new.is_dir() and target.exists():
        old = fresh(target).with_name(f".new-old-{target.name}")
        target.replace(old)
        new.replace(target)
        remove(old)
    else:
        new.replace(target)


def remove(path: Path) -> None:
    """Remove a file or a folder with all in it, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Turn what the system says about a full disk or missing rights into one clear line."""
    try:
        yield
    except OSError as error:
        raise CourseError(
            f"Cannot write data to {folder}: {error.strerror or error}. "
            "Free some disk space or its rights, or set COURSE_DATA to another folder."
        ) from error
