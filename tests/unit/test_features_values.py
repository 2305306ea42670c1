"""Keys and values as JSON: exact, and no two keys taken for one."""

from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils.errors import CourseError
from course_utils.features.values import as_series, from_json, is_storable, key_text


def test_parts_of_a_key_stay_apart() -> None:
    kinds = ("bigint", "bigint")
    assert key_text((1, 23), kinds) != key_text((12, 3), kinds)
    assert key_text(("1", "23"), ("string",) * 2) != key_text(("12", "3"), ("string",) * 2)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(*[st.tuples(st.text(max_size=4), st.integers(-20, 20))] * 2)
def test_two_keys_have_one_text_only_if_equal(one: tuple[str, int], other: tuple[str, int]) -> None:
    kinds = ("string", "int")
    assert (key_text(one, kinds) == key_text(other, kinds)) == (one == other)


@pytest.mark.parametrize("null", [None, float("nan"), pd.NaT, pd.NA])
def test_a_null_in_a_key_finds_nothing(null: object) -> None:
    assert key_text((1, null), ("int", "string")) is None


@pytest.mark.parametrize(
    ("value", "same", "kind"),
    [
        (7, 7.0, "bigint"),  # pandas makes floats of integers beside a null
        (7, np.int32(7), "bigint"),
        (date(2024, 5, 1), pd.Timestamp("2024-05-01"), "date"),
        (datetime(2024, 5, 1, tzinfo=UTC), "2024-05-01T02:00:00+02:00", "timestamp"),
        (Decimal("1.5"), Decimal("1.50"), "decimal(10,2)"),
    ],
)
def test_ways_to_write_the_same_key(value: object, same: object, kind: str) -> None:
    assert key_text((value,), (kind,)) == key_text((same,), (kind,))


@pytest.mark.parametrize(
    ("value", "kind"),
    [("1", "int"), (1.5, "bigint"), (1, "string"), (datetime(2024, 5, 1), "timestamp")],
)
def test_a_key_of_another_type_is_refused(value: object, kind: str) -> None:
    with pytest.raises(CourseError, match=f"no key of type {kind}"):
        key_text((value,), (kind,))


def test_values_come_back_as_python_has_them() -> None:
    kinds = {"t": "timestamp", "d": "decimal(5,2)", "x": "double", "v": "array<double>", "n": "int"}
    found = from_json('{"t": 1500000, "d": "1.10", "x": "NaN", "v": [1.5, null]}', kinds)
    assert found["t"] == datetime(1970, 1, 1, 0, 0, 1, 500000, tzinfo=UTC)
    assert (found["d"], found["v"], found["n"]) == (Decimal("1.10"), [1.5, None], None)
    assert found["x"] != found["x"]


def test_types_that_cannot_be_stored() -> None:
    assert is_storable("array<string>")
    assert not is_storable("struct<a:int>")
    assert not is_storable("array<array<int>>")


def test_a_column_has_the_dtype_that_a_batch_has() -> None:
    assert as_series([1, 2], "int").dtype == np.int32
    assert as_series([1, None], "bigint").dtype == np.float64
    assert as_series([True, None], "boolean").tolist() == [True, None]
    assert as_series(["a", None], "string").tolist() == ["a", None]
