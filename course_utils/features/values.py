"""Feature values and keys as JSON: written by Spark, read and written by plain Python.

A type is named as Spark prints it: "bigint", "decimal(10,2)", "array<double>". Both directions
are exact: what comes back equals what the table holds, bit for bit.
"""

import base64
import json
import math
import re
import struct
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from course_utils.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd
    from pyspark.sql import Column

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
INTEGERS = ("tinyint", "smallint", "int", "bigint")
_PLAIN = (*INTEGERS, "string", "boolean")
_FLOATS = ("float", "double")
_OTHERS = ("date", "timestamp", "timestamp_ntz", "binary")
_EXACT = Context(prec=76)  # twice the digits of Spark's longest decimal


def is_storable(type_name: str) -> bool:
    """Whether values of this type can be kept in an online store."""
    element = re.fullmatch(r"array<(\w+)>", type_name)
    if element:
        return element[1] in _PLAIN + _FLOATS
    return type_name in _PLAIN + _FLOATS + _OTHERS or type_name.startswith("decimal(")


def is_key(type_name: str) -> bool:
    """Whether rows can be looked up by values of this type."""
    return type_name in _PLAIN + _FLOATS + _OTHERS or type_name.startswith("decimal(")


def as_json(types: Mapping[str, str]) -> "Column":
    """One JSON text per row, an object of the columns in `types` (column → type)."""
    from pyspark.sql import functions as sf

    columns = [_jsonable(name, type_name).alias(name) for name, type_name in types.items()]
    # An empty struct has no JSON; nulls are kept, for they are values here.
    return sf.to_json(sf.struct(*columns), {"ignoreNullFields": "false"})


def _jsonable(name: str, type_name: str) -> "Column":
    from pyspark.sql import functions as sf

    column = sf.col(quote(name))
    if type_name == "float":
        return column.cast("double")  # printed as a float it would come back as another double
    if type_name == "array<float>":
        return column.cast("array<double>")
    if type_name == "timestamp":
        return sf.unix_micros(column)
    if type_name == "binary":
        return sf.base64(column)
    if type_name in ("date", "timestamp_ntz") or type_name.startswith("decimal("):
        return column.cast("string")
    return column


def quote(name: str) -> str:
    """A column's name as Spark takes it whatever its letters: a dot in it is no field access."""
    return "`" + name.replace("`", "``") + "`"


def from_json(text: str, types: Mapping[str, str]) -> dict[str, Any]:
    """The values of one row, None for one that it lacks; timestamps are aware, in UTC."""
    found = json.loads(text)
    return {name: decode(found.get(name), type_name) for name, type_name in types.items()}


def decode(value: Any, type_name: str) -> Any:
    """A value as Python has it, from the form that it has in JSON."""
    if value is None or type_name in _PLAIN:
        return value
    if type_name.startswith("array<"):
        return [decode(item, type_name[6:-1]) for item in value]
    if type_name.startswith("decimal("):
        return Decimal(value)
    return _DECODERS[type_name](value)


_DECODERS: dict[str, Callable[[Any], Any]] = {
    "float": float,  # also of "NaN" and "Infinity"
    "double": float,
    "date": date.fromisoformat,
    "timestamp": lambda micros: _EPOCH + timedelta(microseconds=micros),
    "timestamp_ntz": datetime.fromisoformat,
    "binary": base64.b64decode,
}


def key_text(values: Sequence[Any], types: Sequence[str]) -> str | None:
    """A key as the online store knows it; None if a part is null, for a null matches nothing.

    A JSON list keeps the parts apart: (1, 23) and (12, 3) are two keys.

    Raises:
        CourseError: a part is not of its column's type.
    """
    parts = [_key_part(value, type_name) for value, type_name in zip(values, types, strict=True)]
    if any(part is None for part in parts):
        return None
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def _key_part(value: Any, type_name: str) -> Any:
    try:
        return encode(value, type_name)
    except ValueError:
        raise CourseError(
            f"{value!r} is no key of type {type_name}. Look up with values of the table's own type."
        ) from None


def encode(value: Any, type_name: str, zone: str | None = None) -> Any:
    """A value in its form in JSON: the same for values that are equal, None for a null.

    Args:
        value: as Python, NumPy or pandas have it.
        type_name: of which it has to be. NaN counts as null here.
        zone: whose clock a timestamp without a zone was read from; None if nobody's is known.

    Raises:
        ValueError: it is not of the type.
    """
    if is_null(value):
        return None
    try:
        return _encode(own(value), type_name, zone)
    except (TypeError, ArithmeticError, AttributeError) as error:
        raise ValueError(str(error)) from None


def own(value: Any) -> Any:
    """A scalar of NumPy's or pandas' as Python's own; other values as they are."""
    if hasattr(value, "to_pydatetime"):
        return value.to_pydatetime(warn=False)
    if type(value).__module__ == "numpy" and getattr(value, "ndim", 1) == 0:
        if value.dtype.kind in "mM":  # of nanoseconds, item() would make an integer
            value = value.astype(f"{value.dtype.kind}8[us]")
        return value.item()
    return value


def _encode(value: Any, type_name: str, zone: str | None) -> Any:
    if type_name in INTEGERS:
        # pandas makes floats of integers as soon as one is missing, so 7.0 means 7.
        if isinstance(value, str | bool) or int(value) != value:
            raise ValueError
        return int(value)
    if type_name == "string" and isinstance(value, str):
        return value
    if type_name == "boolean" and value in (True, False):
        return bool(value)
    if type_name in _FLOATS and not isinstance(value, str | bool):
        found = float(value)
        if type_name == "float":
            (found,) = struct.unpack("f", struct.pack("f", found))
        return found + 0.0  # -0.0 is 0.0
    if type_name.startswith("decimal("):
        return _encode_decimal(value, type_name)
    if type_name == "binary":
        return base64.b64encode(value).decode()
    if type_name in ("date", "timestamp", "timestamp_ntz"):
        return _encode_time(value, type_name, zone)
    raise TypeError


def _encode_decimal(value: Any, type_name: str) -> str:
    scale = int(type_name[:-1].split(",")[1])
    given = Decimal(str(value))
    found = given.quantize(Decimal(1).scaleb(-scale), context=_EXACT)
    if found != given:
        raise ValueError
    return str(found if found else abs(found))  # -0 is 0


def _encode_time(value: Any, type_name: str, zone: str | None) -> Any:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if type_name == "date":
        if not isinstance(value, datetime):
            return value.isoformat()
        if value.time() != time():
            raise ValueError
        return value.date().isoformat()
    if not isinstance(value, datetime):
        raise TypeError
    if type_name == "timestamp":
        return micros(value, zone)
    if value.tzinfo is not None:
        raise ValueError
    return value.isoformat(sep=" ")


def micros(moment: datetime, zone: str | None) -> int:
    """Microseconds since 1970 until a moment; one without a zone is read on the clock of `zone`.

    Raises:
        ValueError: it has no zone, and there is no `zone` or none of that name.
    """
    if moment.tzinfo is None:
        if zone is None:
            raise ValueError("It has no zone: on whose clock was it read?")
        moment = moment.replace(tzinfo=_zone(zone))
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _zone(name: str) -> tzinfo:
    """The zone that Spark means by a name: of a region, or an offset such as GMT+05:30."""
    offset = re.fullmatch(r"(?:UTC|GMT|UT)?(?:([+-])(\d{1,2})(?::?(\d\d))?)?|Z", name)
    if not name or not offset:
        try:
            return ZoneInfo(name)
        except KeyError as error:
            raise ValueError(str(error)) from None
    sign, hours, minutes = offset.groups(default="0")
    distance = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-distance if sign == "-" else distance)


def literal(value: Any, type_name: str) -> "Column":
    """A column that has one value everywhere, from its form in JSON."""
    from pyspark.sql import functions as sf

    if type_name == "timestamp" and value is not None:
        return sf.timestamp_micros(sf.lit(value))
    if type_name == "binary" and value is not None:
        return sf.unbase64(sf.lit(value))
    return sf.lit(value).cast(type_name)


def is_null(value: Any) -> bool:
    """Whether a cell is empty: None, NaN, or one of pandas' markers."""
    if value is None or type(value).__name__ in ("NaTType", "NAType"):
        return True
    value = own(value)
    return value is None or (isinstance(value, float | Decimal) and math.isnan(value))


def as_series(values: list[Any], type_name: str) -> "pd.Series[Any]":
    """A pandas column as Spark would hand it to a Python model: same dtype, nulls included."""
    import pandas as pd

    numbers = _NUMPY.get(type_name)
    if numbers is None:
        return pd.Series(values, dtype=_TIMES.get(type_name, "object"))
    holes = any(value is None for value in values)
    if holes and type_name == "boolean":
        return pd.Series(values, dtype="object")
    wide = type_name if type_name in _FLOATS else "double"
    return pd.Series(values, dtype=_NUMPY[wide] if holes else numbers)


_NUMPY = {
    "tinyint": "int8",
    "smallint": "int16",
    "int": "int32",
    "bigint": "int64",
    "float": "float32",
    "double": "float64",
    "boolean": "bool",
}
_TIMES = {"timestamp": "datetime64[ns, UTC]", "timestamp_ntz": "datetime64[ns]"}
