"""What a feature table may be declared as, and what a frame must be to be written to one."""

import re
from typing import TYPE_CHECKING, Any

from course_utils.errors import CourseError
from course_utils.features.names import spell, twice
from course_utils.features.registry import TableEntry
from course_utils.features.values import is_key, quote

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.types import DataType

TIME_TYPES = ("timestamp", "timestamp_ntz", "date")
_REFUSED = " ,;{}()\n\t="  # by Delta, in the name of a column


def column_types(df: "DataFrame") -> dict[str, str]:
    """Column → type, as Spark prints it."""
    return {field.name: field.dataType.simpleString() for field in df.schema.fields}


def check_frame(df: Any, what: str) -> None:
    """Whether something given is a frame that can be worked with; `what` says what it is for.

    Raises:
        CourseError: it is none of Spark's, or two of its columns have one name.
    """
    if hasattr(df, "to_spark"):
        raise CourseError(f"The frame for {what} is one of pandas on Spark. Give frame.to_spark().")
    if not (hasattr(df, "isStreaming") and hasattr(df, "sparkSession")):
        kind = f"{type(df).__module__.split('.')[0]}.{type(df).__name__}"
        raise CourseError(
            f"The frame for {what} is a {kind}, not a Spark frame. "
            "Give one: spark.createDataFrame(frame)."
        )
    same = twice(df.columns)
    if same:
        raise CourseError(
            f"The frame for {what} has the columns {same[0]!r} and {same[1]!r}, which are one name "
            "to Spark. Rename one."
        )
    if "" in df.columns:
        raise CourseError(f"The frame for {what} has a column without a name. Give it one.")


def check_declaration(entry: TableEntry) -> None:
    """Whether a table can be made as it is declared.

    Raises:
        CourseError: it can't.
    """
    if not re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*){0,2}", entry.name):
        raise CourseError(
            f"{entry.name!r} cannot name a feature table. Use letters, digits and _, with at most "
            "two dots: customers, or ml.churn.customers."
        )
    if not entry.primary_keys:
        raise CourseError(f"Feature table {entry.name} has no primary key. Name at least one.")
    known = ", ".join(entry.columns)
    for key in (*entry.row_keys, *entry.partition_columns):
        if key not in entry.columns:
            raise CourseError(f"Feature table {entry.name} has no column {key!r}; it has: {known}.")
    if entry.timestamp_key and entry.columns[entry.timestamp_key] not in TIME_TYPES:
        raise CourseError(
            f"The time column {entry.timestamp_key!r} of feature table {entry.name} is "
            f"{entry.columns[entry.timestamp_key]}. Cast it to a timestamp or a date."
        )
    for key in entry.primary_keys:
        if not is_key(entry.columns[key]):
            raise CourseError(
                f"Key {key!r} of feature table {entry.name} is {entry.columns[key]}, by which no "
                "row can be looked up. Cast it to a number, a string, a date or a timestamp."
            )
    if not entry.features:
        raise CourseError(f"Feature table {entry.name} has keys but no features. Add a column.")


def fitting(entry: TableEntry, df: "DataFrame") -> "DataFrame":
    """A frame with its columns named as the table's are, and nulls without a type given theirs.

    Raises:
        CourseError: it does not fit the table.
    """
    from pyspark.sql import functions as sf

    check_frame(df, f"feature table {entry.name}")
    if df.isStreaming:
        raise CourseError(
            f"The frame for feature table {entry.name} is a stream. Create the table with the "
            "stream's schema, then write to it: write_table takes streams."
        )
    names = spell(df.columns, tuple(entry.columns))
    for key in entry.row_keys:
        if key not in names:
            raise CourseError(
                f"The frame for feature table {entry.name} has no key column {key!r}. "
                "Add it: rows are told apart by it."
            )
    columns = []
    for name, field in zip(names, df.schema.fields, strict=True):
        kind = field.dataType.simpleString()
        before = entry.columns.get(name, kind)
        column = sf.col(quote(field.name))
        if kind == "void" and before != "void":
            column = column.cast(before)
        else:
            _check_column(entry.name, name, field.dataType)
            # A store of an earlier day may have columns without a type
            if kind != before and before != "void":
                raise CourseError(
                    f"Column {name!r} of feature table {entry.name} is {before}, the frame has "
                    f"{kind}. Cast it: {_cast(name, before)}."
                )
        columns.append(column.alias(name, metadata=field.metadata))
    return df.select(*columns)


def _cast(name: str, kind: str) -> str:
    column = name if re.fullmatch(r"\w+", name) else quote(name)
    return f"df.withColumn({name!r}, df[{column!r}].cast({kind!r}))"


def _check_column(table: str, name: str, kind: "DataType") -> None:
    """Whether Delta can hold a column.

    Raises:
        CourseError: it can't.
    """
    bad = [letter for letter in _REFUSED if letter in name]
    if bad:
        better = re.sub(f"[{re.escape(_REFUSED)}]+", "_", name).strip("_") or "feature"
        raise CourseError(
            f"Column {name!r} of feature table {table} has {bad[0]!r} in its name, which Delta "
            f"Lake takes in none. Rename it: df.withColumnRenamed({name!r}, {better!r})."
        )
    if kind.simpleString() == "void":
        raise CourseError(
            f"Column {name!r} of feature table {table} holds only nulls, and so has no type. "
            f"Say which it will have: {_cast(name, 'string')}."
        )
    refused = _refused_type(kind)
    if refused:
        raise CourseError(
            f"Column {name!r} of feature table {table} is {kind.simpleString()}, and Delta Lake "
            f"can't hold {refused}. Turn it into a number or a text, or drop it."
        )


def _refused_type(kind: Any) -> str | None:
    """The type in a type that Delta has no place for."""
    name = kind.simpleString()
    if name.startswith("interval") or name == "void":
        return name
    parts = [getattr(kind, part, None) for part in ("elementType", "keyType", "valueType")]
    parts += [field.dataType for field in getattr(kind, "fields", ())]
    found = (_refused_type(part) for part in parts if part is not None)
    return next((one for one in found if one), None)
