"""Keeps stderr out of a graded cell.

nbgrader gives no points to a cell with any stderr output, whatever it says. So while an answer
is graded, Python's stderr and the file descriptor beneath it lead to a log file.
"""

import contextlib
import logging
import os
import sys
from collections.abc import Iterator

from course_utils import paths


@contextlib.contextmanager
def quiet_stderr() -> Iterator[None]:
    """Sends stderr to `logs/grade.stderr.log` in the state folder, from Python and from fd 2."""
    log = paths.state() / "logs" / "grade.stderr.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        target = log.open("a", encoding="utf-8")
    except OSError:
        target = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - closed below
    with target as file, contextlib.ExitStack() as undo:
        noisy = sys.stderr
        noisy.flush()
        undo.enter_context(contextlib.redirect_stderr(file))
        for handler in _handlers_on(noisy):
            # A handler made earlier holds the old stream itself
            handler.setStream(file)
            undo.callback(handler.setStream, noisy)
        with contextlib.suppress(OSError):
            kept = os.dup(2)
            undo.callback(os.close, kept)
            undo.callback(os.dup2, kept, 2)
            os.dup2(file.fileno(), 2)
        yield
        file.flush()


def _handlers_on(stream: object) -> list["logging.StreamHandler"]:
    loggers = [logging.getLogger(), *logging.Logger.manager.loggerDict.values()]
    return [
        handler
        for logger in loggers
        if isinstance(logger, logging.Logger)
        for handler in logger.handlers
        if isinstance(handler, logging.StreamHandler) and handler.stream is stream
    ]
