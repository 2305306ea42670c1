"""Small file chores of the session: atomic writes, and folders that die with their process."""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import IO

from course_utils import paths


def write_text(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a whole file of text or nothing."""
    write_bytes(path, text.encode("utf-8"), mode)


def write_bytes(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a whole file or nothing: a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


class RunFolder:
    """A scratch folder under .course/run that belongs to one JVM.

    A lock on a file in it tells whether its owner still lives, so that the next one to come can
    sweep up after a process that was killed and could not.
    """

    def __init__(self) -> None:
        """Sweep up after the dead, then make a new folder."""
        base = paths.state() / "run"
        base.mkdir(parents=True, exist_ok=True)
        _sweep(base)
        self.path = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=base))
        self._lock: IO[bytes] | None = (self.path / "lock").open("wb")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        for name in ("tmp", "warehouse"):
            (self.path / name).mkdir()

    def remove(self) -> None:
        """Delete the folder with all in it; a second call does nothing."""
        if self._lock is not None:
            shutil.rmtree(self.path, ignore_errors=True)
            self._lock.close()
            self._lock = None


def _sweep(base: Path) -> None:
    for folder in base.iterdir():
        try:
            with (folder / "lock").open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue  # still in use, or just being made
