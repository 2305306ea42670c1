"""On-demand functions: plain Python, the same code in a batch and in a request."""

import inspect
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from course_utils.errors import CourseError
from course_utils.features.registry import FunctionEntry
from course_utils.features.running import same_python
from course_utils.features.spec import Call
from course_utils.features.values import quote

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import Column, DataFrame

Function = Callable[..., Any]
_TYPES = {
    "boolean": "bool_",
    "int": "int32",
    "bigint": "int64",
    "float": "float32",
    "double": "float64",
    "string": "string",
}


def pack(name: str, function: Function, returns: str) -> FunctionEntry:
    """A function with its code, to be called wherever a model is.

    Raises:
        CourseError: it is no plain Python function, or its result has a type that can't be kept.
    """
    if not inspect.isfunction(function):
        raise CourseError(f"{name} is {function!r}. Give a function made with def or lambda.")
    if returns not in _TYPES:
        raise CourseError(
            f"Function {name} can't return {returns!r}. Take one of: {', '.join(_TYPES)}."
        )
    parameters = inspect.signature(function).parameters.values()
    if any(one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD) for one in parameters):
        raise CourseError(f"Function {name} takes * arguments. Name each, so that it can be bound.")
    from pyspark import cloudpickle

    # By value: the process that scores need not have the module that the function came from.
    module = sys.modules.get(function.__module__)
    by_value = module is not None and module.__name__ != "__main__"
    if by_value:
        cloudpickle.register_pickle_by_value(module)
    try:
        code = cloudpickle.dumps(function)
    except Exception as error:
        raise CourseError(
            f"Function {name} can't be packed ({error}). Let it use only its arguments."
        ) from None
    finally:
        if by_value:
            with suppress(ValueError):
                cloudpickle.unregister_pickle_by_value(module)
    return FunctionEntry(name, tuple(one.name for one in parameters), returns, code)


def unpack(entry: FunctionEntry) -> Function:
    """The function itself."""
    return pickle.loads(entry.code)


def call_rows(
    function: Function, call: Call, columns: Mapping[str, Iterable[Any]], rows: int
) -> "pa.Array":
    """Call a function once for each row, with plain Python values and None for a null.

    Raises:
        CourseError: a result is not of the function's type. What it raises passes through.
    """
    import pyarrow as pa

    bound = [(parameter, iter(columns[column])) for parameter, column in call.bindings]
    results = [
        function(**{parameter: next(values) for parameter, values in bound}) for _ in range(rows)
    ]
    try:
        return pa.array(results, type=getattr(pa, _TYPES[call.type])())
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise CourseError(
            f"Function {call.function} gave a result that is no {call.type}: {error}."
        ) from None


def call_frame(frame: "DataFrame", call: Call, function: Function) -> "DataFrame":
    """The frame with the function's output as one more column."""
    import pyarrow as pa
    from pyspark.sql import functions as sf

    names = [column for _, column in call.bindings]

    def batch(*arrays: pa.Array) -> pa.Array:
        # A function without parameters is given a column all the same, to count its rows by.
        columns = dict(zip(names, (array.to_pylist() for array in arrays), strict=False))
        return call_rows(function, call, columns, len(arrays[0]))

    same_python(frame.sparkSession)
    inputs = [sf.col(quote(name)) for name in names] or [sf.lit(0)]
    if not hasattr(sf, "arrow_udf"):
        return _in_batches(frame, call, batch, inputs)
    # Spark's stubs know no function of any number of columns
    computed = sf.arrow_udf(batch, returnType=call.type)(*inputs)  # type: ignore[call-overload]
    return frame.withColumn(call.output, computed)


def _in_batches(
    frame: "DataFrame", call: Call, batch: "Callable[..., pa.Array]", inputs: "list[Column]"
) -> "DataFrame":
    """The same where PySpark has no `arrow_udf`, before 4.1: all columns pass through Python."""
    import pyarrow as pa
    from pyspark.sql import functions as sf

    own = len(frame.columns)

    def mapped(batches: "Iterable[pa.RecordBatch]") -> "Iterator[pa.RecordBatch]":
        for rows in batches:
            columns = rows.columns
            computed = batch(*columns[own:])
            yield pa.RecordBatch.from_arrays([*columns[:own], computed], names=outputs)

    outputs = [*frame.columns, call.output]
    taken = [column.alias(f"__input{place}") for place, column in enumerate(inputs)]
    schema = frame.withColumn(call.output, sf.lit(None).cast(call.type)).schema
    return frame.select("*", *taken).mapInArrow(mapped, schema)
