"""What the grader asks of a submission's kernel, before, between and after the learner's cells.

The text of this file is sent anew with each question, so nothing here can be patched beforehand.
Its answers carry a number that only this one question knows.
"""

import builtins
import contextlib
import functools
import hashlib
import math
import os
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

MIME = "application/vnd.course.grader+json"
_MARKED = (  # classes whose methods an answer could replace
    "pyspark.sql.classic.dataframe.DataFrame",
    "pyspark.sql.dataframe.DataFrame",
    "pandas.DataFrame",
    "pandas.Series",
)
_STATE = "course_grader"  # a module of the grader's own, where its lab stays between questions


def report(nonce: str, number: str, question: str | None = None) -> None:
    """Show, under the grader's own type, how the kernel stands, and judge `question` if given."""
    from IPython import get_ipython

    shell: Any = get_ipython()
    lab = _own_lab(shell, number)
    for cell, error in list(shell._course_errors.items()):
        if isinstance(error, SystemExit):  # what the cell had set until then is an answer
            del shell._course_errors[cell]
    told: dict[str, Any] = {"nonce": nonce, "before": marks(number)}
    if question is not None:
        told["result"] = _judge(lab, question)
    told |= {
        "after": marks(number),
        "environment": {k: v for k, v in os.environ.items() if k.startswith(("COURSE_", "NBGR"))},
        "lab": _complaint(shell.user_ns.get("lab"), lab),
        "spark": _spark(),
        "stops": sys.modules[_STATE].stops,
    }
    shell.display_pub.publish({MIME: told})


def _own_lab(shell: Any, number: str) -> Any:
    """The grader's own view of the lab, made before the first cell of the submission."""
    if _STATE not in sys.modules:
        import pandas  # noqa: F401 - these are marked from now on
        import pyspark.sql.classic.dataframe  # noqa: F401
        from pyspark import SparkContext
        from pyspark.sql import SparkSession

        from course_utils.lab import Lab
        from course_utils.lab.ran import watch_errors

        watch_errors()
        state: Any = types.ModuleType(_STATE)
        state.lab = Lab(number, namespace=shell.user_ns, record=False)
        state.stops = 0
        state.methods = {
            name: sorted(k for k, v in vars(_class(name)).items() if callable(v))
            for name in _MARKED
        }

        def stop(self: Any) -> None:
            state.stops += 1  # the answers below still need their Spark

        SparkSession.stop = SparkContext.stop = stop  # type: ignore[method-assign]
        sys.modules[_STATE] = state
    return sys.modules[_STATE].lab


def _judge(lab: Any, question: str) -> dict[str, Any]:
    from course_utils.lab.quiet import quiet_stderr

    with quiet_stderr():
        result = lab._checks[question].evaluate()
    return {
        "status": result.status.value,
        "mistake": result.mistake_id,
        "lines": list(result.lines),
    }


def _complaint(lab: Any, own: Any) -> str | None:
    """What is odd about the notebook's `lab`; None where it is not open yet, or as it should be."""
    if lab is None:
        return None
    if type(lab) is not type(own) or set(vars(lab)) != set(vars(own)):
        return "`lab` is not what open_lab returned"
    for name, check in own._checks.items():
        theirs = lab._checks.get(name)
        if type(theirs) is not type(check) or set(vars(theirs)) != set(vars(check)):
            return f"`lab.{name}` is not what open_lab returned"
    return None


def _spark() -> str:
    """Whether Spark is there: none, alive or dead."""
    from pyspark import SparkContext

    context = SparkContext._active_spark_context
    if context is None:
        return "none"
    try:
        context._jvm.java.lang.System.nanoTime()  # type: ignore[union-attr]
    except Exception:
        return "dead"
    return "alive"


# --- marks: a hash for each thing that a check rests on -----------------------------------------


def marks(number: str) -> dict[str, str]:
    """Name -> hash, of the engine's modules, the lesson's questions, and what they build on."""
    questions = f"course_lesson_{number}_questions"
    found = {}
    for name, module in list(sys.modules.items()):
        if name == questions or name.split(".")[:2] == ["course_utils", "lab"]:
            found[name] = _hash(_of_module(module))
    for module in (builtins, math):
        own = (k for k, v in vars(module).items() if isinstance(v, types.BuiltinFunctionType))
        found[module.__name__] = _hash(f"{k} {id(vars(module)[k])}" for k in sorted(own))
    for name, methods in sys.modules[_STATE].methods.items():
        now = vars(_class(name))  # what is new there, as pyspark.pandas adds it, changes nothing
        found[name] = _hash(f"{each} {id(now.get(each))}" for each in methods)
    return found


def _class(name: str) -> type:
    module, _, own = name.rpartition(".")
    return getattr(sys.modules[module], own)


def _hash(parts: Iterator[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{part}\n".encode(errors="replace"))
    return digest.hexdigest()[:16]


def _of_module(module: Any) -> Iterator[str]:
    seen: dict[int, Any] = {}
    for name, value in sorted(vars(module).items()):
        if name == "QUESTIONS" or callable(value):
            yield name
            yield from _of(value, seen)


def _of(value: Any, seen: dict[int, Any]) -> Iterator[str]:
    """A value as text: code by its instructions, plain values as they are, the rest by type."""
    if isinstance(value, str | bytes | int | float | bool | types.NoneType):
        yield repr(value)
        return
    if id(value) in seen:
        return
    seen[id(value)] = value  # kept, or another object could get the same id
    inner: Callable[[Any], Iterator[str]] = lambda each: _of(each, seen)  # noqa: E731
    match value:
        case types.FunctionType():
            yield f"{value.__module__} {value.__qualname__}"
            yield from _of_code(value.__code__)
            yield from inner((value.__defaults__, value.__kwdefaults__))
            for cell in value.__closure__ or ():
                # what is kept in a container may change: a cache is no sign of a patch
                with contextlib.suppress(ValueError):  # not filled yet
                    if not isinstance(cell.cell_contents, dict | list | set | int | float):
                        yield from inner(cell.cell_contents)
        case types.MethodType():
            yield from inner(value.__func__)
        case staticmethod() | classmethod():
            yield from inner(value.__func__)
        case property():
            yield from inner(value.fget)
        case functools.partial():
            yield from inner((value.func, value.args, value.keywords))
        case functools.cached_property():
            yield from inner(value.func)
        case tuple() | list():
            for each in value:
                yield from inner(each)
        case dict() | types.MappingProxyType():
            for key in sorted(value, key=repr):
                yield repr(key)
                yield from inner(value[key])
        case type():
            yield f"{value.__module__} {value.__qualname__} {id(value)}"
            if value.__module__.startswith("course_"):
                for name, each in sorted(vars(value).items()):
                    if callable(each) or isinstance(
                        each, property | staticmethod | classmethod | functools.cached_property
                    ):
                        yield name
                        yield from inner(each)
        case _ if hasattr(value, "__wrapped__"):  # functools.cache
            yield from inner(value.__wrapped__)
        case _ if hasattr(value, "__dataclass_fields__"):
            for name in value.__dataclass_fields__:
                yield name
                yield from inner(getattr(value, name, None))
        case _:
            yield f"{type(value).__module__} {type(value).__qualname__}"


def _of_code(code: types.CodeType) -> Iterator[str]:
    yield code.co_code.hex()
    yield repr(code.co_names)
    for const in code.co_consts:
        if isinstance(const, types.CodeType):
            yield from _of_code(const)
        else:
            yield (
                f"{type(const).__name__} {const!r}"
                if type(const) is not frozenset
                else str(sorted(const, key=repr))
            )
