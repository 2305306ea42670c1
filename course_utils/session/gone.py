"""Telling that Spark is gone: stopped in a cell, or its JVM has ended.

Whatever is asked of Spark afterwards fails somewhere inside py4j, with a long stack that says
nothing about the learner's code. In a notebook it becomes one line.
"""

import logging
import sys
from types import TracebackType
from typing import Any

_STOPPED = (
    "Spark was stopped in this notebook, so this cell could not run. Take spark.stop() out, "
    "restart the kernel and run the cells from the top."
)
_DIED = (
    "Spark's Java process has ended, most often for want of memory, so this cell could not run; "
    "the code in it may be right. Restart the kernel and run the cells from the top; if it happens "
    "again, `./course doctor` says what is missing."
)


def gone(session: Any) -> str | None:
    """One line that says how a Spark session has ended; None while it answers (no job is run).

    Anything else than a session gives None, too.
    """
    if type(session).__name__ != "SparkSession":
        return None
    if hasattr(session, "is_stopped"):  # Spark Connect
        return _STOPPED if session.is_stopped else None
    inner = session.sparkContext._jsc
    if inner is None:
        return _STOPPED
    try:
        return _STOPPED if inner.sc().isStopped() else None
    except Exception:
        return _DIED  # nobody answers


def from_spark(error: BaseException) -> bool:
    """Whether a library of Spark stands anywhere in the stack of an error or of its causes."""
    seen: list[BaseException] = []
    todo: list[BaseException | None] = [error]
    while todo:
        one = todo.pop()
        if one is None or any(one is other for other in seen):
            continue
        seen.append(one)
        for module in [type(one).__module__, *_modules(one.__traceback__)]:
            if module.split(".")[0] in ("pyspark", "py4j", "grpc"):
                return True
        todo += [one.__cause__, one.__context__]
    return "pyspark" in sys.modules and isinstance(error, ConnectionError)


def say_in_one_line() -> None:
    """Have this notebook show a line in place of the stack when its `spark` is gone."""
    ipython = sys.modules.get("IPython")
    shell: Any = None if ipython is None else ipython.get_ipython()
    if shell is not None:
        shell.set_custom_exc((Exception,), _show)
        # py4j writes the same stack to stderr, through the root logger
        logging.getLogger().addFilter(_not_of_py4j)


def _not_of_py4j(record: logging.LogRecord) -> bool:
    return record.module != "java_gateway"


def _show(
    shell: Any,
    kind: type[BaseException],
    error: BaseException,
    stack: TracebackType,
    tb_offset: int | None = None,
) -> None:
    if from_spark(error) and (line := gone(shell.user_ns.get("spark"))) is not None:
        error._render_traceback_ = lambda: [line]  # type: ignore[attr-defined]
    shell.showtraceback((kind, error, stack), tb_offset=tb_offset, running_compiled_code=True)


def _modules(stack: TracebackType | None) -> list[str]:
    found = []
    while stack is not None:
        found.append(stack.tb_frame.f_globals.get("__name__", ""))
        stack = stack.tb_next
    return found
