"""Keeps stderr out of the cell of a check.

nbgrader gives no points to a cell with any stderr output, whatever it says, and a learner who sees
a library's stack beside a message cannot tell which of the two to read. So while an answer is
judged, Python's stderr and the file descriptor beneath it lead to a log file.
"""

import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from typing import TextIO

from course_utils import paths


@contextlib.contextmanager
def quiet_stderr() -> Iterator[None]:
    """Sends stderr to `logs/checks.stderr.log` in the state folder, from Python and from fd 2."""
    log = paths.state() / "logs" / "checks.stderr.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        target = log.open("a", encoding="utf-8")
    except OSError:
        target = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - closed below
    with target as file, contextlib.ExitStack() as undo:
        noisy = sys.stderr
        noisy.flush()
        undo.enter_context(contextlib.redirect_stderr(file))
        # A handler holds the stream itself, whether it was made before or is made meanwhile
        undo.callback(_move_handlers, file, noisy)
        _move_handlers(noisy, file)
        with contextlib.suppress(OSError):
            kept = os.dup(2)
            undo.callback(os.close, kept)
            undo.callback(os.dup2, kept, 2)
            os.dup2(file.fileno(), 2)
        yield
        file.flush()


def _move_handlers(old: TextIO, new: TextIO) -> None:
    loggers = [logging.getLogger(), *logging.Logger.manager.loggerDict.values()]
    for logger in loggers:
        for handler in getattr(logger, "handlers", []):
            if isinstance(handler, logging.StreamHandler) and handler.stream is old:
                handler.setStream(new)
