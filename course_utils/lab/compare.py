"""Tables beside what they should be: whether they hold the same rows, and the first that differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Differs:
    """The first thing in which a table is not as it should be, and how much more there is.

    Attributes:
        kind: "missing" (rows that are due are not there), "extra" (rows that are not due),
            "value" (a row is there with another value).
        key: the row's key, as text.
        column: whose value differs; "" for a row that is missing or extra.
        found: the value found, as text.
        rows: how many rows differ in this way.
    """

    kind: str
    key: str
    column: str
    found: str
    rows: int


def differs(
    found: "pd.DataFrame", due: "pd.DataFrame", keys: Sequence[str], tolerance: float = 1e-6
) -> Differs | None:
    """The first difference between two tables, whatever their order of rows and columns.

    Rows belong together by their keys; rows that share a key are told apart by their other
    values, in order. Numbers are equal up to a part `tolerance`, times up to a microsecond and
    their zone, and missing is missing, in whatever way it is written.

    Args:
        found: the learner's table; columns that `due` does not have are not looked at.
        due: what it should be.
        keys: the columns that name a row.
        tolerance: for numbers.
    """
    names = list(due.columns)
    left, right = (_ordered(table[names], keys) for table in (found, due))
    left_keys, right_keys = (_numbered(table, keys) for table in (left, right))
    if missing := [key for key in right_keys if key not in left_keys]:
        return Differs("missing", _told(missing[0]), "", "", len(missing))
    if extra := [key for key in left_keys if key not in right_keys]:
        return Differs("extra", _told(extra[0]), "", "", len(extra))
    places = [left_keys[key] for key in right_keys]
    for name in names:
        if name in keys:
            continue
        values = left[name].iloc[places].reset_index(drop=True)
        wrong = _unequal(values, right[name], tolerance)
        if wrong.any():
            first = int(wrong.argmax())
            key = list(right_keys)[first]
            return Differs("value", _told(key), name, _word(values.iloc[first]), int(wrong.sum()))
    return None


def _ordered(table: "pd.DataFrame", keys: Sequence[str]) -> "pd.DataFrame":
    table = table.reset_index(drop=True)
    rest = [name for name in table.columns if name not in keys]
    if not table.duplicated(list(keys)).any():
        rest = []  # no row has to be told from another one, and text takes time
    as_text = table[[*keys, *rest]].apply(lambda column: _comparable(column).astype(str))
    order = as_text.sort_values([*keys, *rest], kind="stable").index
    return table.loc[order].reset_index(drop=True)


def _numbered(table: "pd.DataFrame", keys: Sequence[str]) -> dict[tuple[Any, ...], int]:
    """(key, how many rows with this key came before) -> place."""
    places: dict[tuple[Any, ...], int] = {}
    seen: dict[tuple[str, ...], int] = {}
    columns = [_comparable(table[name]).astype(str).tolist() for name in keys]
    for place, key in enumerate(zip(*columns, strict=True)):
        places[(*key, seen.get(key, 0))] = place
        seen[key] = seen.get(key, 0) + 1
    return places


def _comparable(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Times without zone in UTC, whole numbers as such, missing as None."""
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(column):
        stamps = pd.to_datetime(column, utc=True).dt.tz_localize(None)
        return stamps.astype("datetime64[us]")
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        return column.astype(float).round(9)
    return column.astype(object).where(column.notna(), None)


def _unequal(found: "pd.Series[Any]", due: "pd.Series[Any]", tolerance: float) -> "pd.Series[bool]":
    import numpy as np
    import pandas as pd

    found, due = _comparable(found), _comparable(due)
    both_missing = found.isna() & due.isna()
    if pd.api.types.is_numeric_dtype(due) and pd.api.types.is_numeric_dtype(found):
        close = np.isclose(
            found.astype(float), due.astype(float), rtol=tolerance, atol=tolerance * 1e-3
        )
        return ~(pd.Series(close, index=found.index) | both_missing)
    return ~((found == due) | both_missing)


def _told(key: tuple[Any, ...]) -> str:
    return ", ".join(str(part) for part in key[:-1])


def _word(value: Any) -> str:
    import pandas as pd

    if pd.isna(value):
        return "nothing"
    plain = value.item() if hasattr(value, "item") else value  # NumPy shows its type
    return f"{plain:.6g}" if isinstance(plain, float) else f"{plain!r}"[:60]
