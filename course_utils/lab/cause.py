"""An error in one line, without stack, path or library internals."""

import re
from typing import Any

_PATH = re.compile(r"(?<![\w.])(?:[A-Za-z]+:)?/{1,3}(?:[\w.@%+\- ]+/)+([\w.@%+\-]+)")
_LONGEST = 160


def one_line(error: BaseException) -> str:
    """ "ZeroDivisionError: division by zero"; for Spark's errors the innermost cause."""
    name, text = _innermost(error)
    return shorten(f"{name}: {text}" if text else name)


def shorten(text: str, longest: int = _LONGEST) -> str:
    """One line of at most `longest` characters in which paths are reduced to file names."""
    flat = re.sub(r"\s+", " ", without_paths(text)).strip()
    return flat if len(flat) <= longest else flat[: longest - 1].rstrip() + "…"


def without_paths(text: str) -> str:
    """ "/home/ada/course/x.csv" → "x.csv"."""
    return _PATH.sub(r"\1", text)


def _innermost(error: BaseException) -> tuple[str, str]:
    text = _text(error)
    if "Traceback (most recent call last)" in text:
        # A Python worker failed: the last line of its stack that names an error is the cause.
        named = re.findall(
            r"^\s*([A-Za-z_][\w.]*(?:Error|Exception|Iteration)\w*): ?(.*)$", text, re.M
        )
        if named:
            return named[-1][0].split(".")[-1], named[-1][1]
    java = getattr(error, "java_exception", None)
    if java is not None:
        return _java(java) or (type(error).__name__, _first(text))
    return type(error).__name__, _first(text)


def _java(exception: Any) -> tuple[str, str] | None:
    try:
        while exception.getCause() is not None:
            exception = exception.getCause()
        return exception.getClass().getSimpleName(), _first(exception.getMessage() or "")
    except Exception:
        return None  # the JVM is gone; what Python knows has to do


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return ""  # Py4J asks the JVM for the text, which fails when the JVM is gone


def _first(text: str) -> str:
    """The first line that is not empty, without Spark's SQLSTATE."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return re.sub(r"\s*SQLSTATE: \w+;?", "", lines[0]) if lines else ""
