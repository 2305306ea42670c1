"""Whether an answer is still the placeholder that the lab shipped."""

from types import FunctionType
from typing import Any


def is_open(value: Any) -> bool:
    """Still `...`, or a function whose body is nothing yet."""
    if value is ...:
        return True
    return isinstance(value, FunctionType) and _shape(value) in _OPEN_SHAPES


def _shape(function: Any) -> tuple[bytes, tuple[Any, ...]]:
    """A function's instructions and constants, its docstring left out."""
    code = function.__code__
    constants = code.co_consts
    if function.__doc__ is not None and constants and constants[0] == function.__doc__:
        constants = ("", *constants[1:])
    return code.co_code, constants


def _nothing(): ...


def _documented_nothing():
    """Says what it would do."""


def _returns_dots():
    return ...


def _documented_returns_dots():
    """Says what it would do."""
    return ...


_OPEN_SHAPES = [
    _shape(function)
    for function in (_nothing, _documented_nothing, _returns_dots, _documented_returns_dots)
]
