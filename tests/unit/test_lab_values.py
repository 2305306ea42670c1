"""Numbers beside what is right and what mistakes make of them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from course_utils.lab import Answers, Mistake, Question, Result, Status, Values, in_dict
from tests.unit.lab_helpers import lab

RIGHT = {"rmse": 120.0, "mae": 80.0, "gain": 0.2857}


def scores(tolerance: float = 1e-4) -> tuple[Values, tuple[Mistake, ...]]:
    """RMSE, MAE and a gain, and what usual mistakes make of them."""
    values = Values(lambda a: RIGHT, tolerance)
    mistakes = (
        values.wrong("on-train", lambda a: {"rmse": 110.0, "mae": 75.5}, "is of train", "train"),
        values.wrong("squared", lambda a: {"rmse": 120.0**2}, "was not rooted", "a root"),
        values.wrong("percent", lambda a: {"gain": 28.57}, "is a percentage", "a share"),
        values.wrong("stays", lambda a: {"gain": [0.7143, 0.7144]}, "is what stays", "1 minus"),
        values.wrong("near", lambda a: {"mae": 80.004}, "is of other rows", "rows"),
        values.swapped("rmse", "mae", "`mae` is larger than `rmse`"),
        values.rounded(),
    )
    return values, mistakes


def judge(**given: Any) -> Result:
    values, mistakes = scores()
    asked = Question(
        id="q1",
        title="Scores",
        names=dict.fromkeys(RIGHT, "number"),
        hints=("a", "b"),
        mistakes=mistakes,
        refuse=values.refuse,
        why="Numbers are compared.",
    )
    return lab(asked, **(RIGHT | given)).q1.evaluate()


@pytest.mark.parametrize(
    ("given", "mistake"),
    [
        ({"rmse": 110.0}, "on-train"),
        ({"rmse": 110.0, "mae": 75.5}, "on-train"),
        ({"mae": 75.5}, "on-train"),
        ({"mae": 75}, "on-train"),  # cut
        ({"rmse": 14400}, "squared"),
        ({"gain": 28.57}, "percent"),
        ({"gain": 28.6}, "percent"),  # rounded
        ({"gain": 29}, "percent"),
        ({"gain": 28}, "percent"),  # cut
        ({"gain": 0.71}, "stays"),
        ({"gain": 0.286}, "rounded"),
        ({"gain": 0.28}, "rounded"),  # cut
        ({"gain": 0.3}, "rounded"),
        ({"gain": np.float32(0.29)}, "rounded"),
        ({"gain": np.float32(0.71)}, "stays"),
        ({"mae": 80.004}, "near"),  # within the tolerance, yet nearer to the mistake
        ({"rmse": 80.0, "mae": 120.0}, "swapped"),
        ({"rmse": 80.0}, None),  # only half of a swap
        ({"gain": 0.0}, None),  # not "0.2857, rounded"
        ({"gain": 1}, None),
        ({"gain": 0.7}, None),  # one digit is too little for "stays, rounded"
        ({"rmse": 119.0}, None),
        ({"rmse": 120.001}, "right"),
        ({"rmse": np.float64(120.0), "gain": Decimal("0.2857")}, "right"),
    ],
)
def test_what_a_number_comes_from(given: Mapping[str, Any], mistake: str | None) -> None:
    result = judge(**given)
    if mistake == "right":
        assert result.status is Status.PASS, result.lines
    else:
        assert (result.status, result.mistake_id) == (Status.WRONG, mistake), result.lines


@pytest.mark.parametrize(("total", "says"), [(60, "0 decimals"), (60.1, "1 decimal")])
def test_digits_that_are_left_are_counted(total: float, says: str) -> None:
    values = Values(lambda a: {"total": 60.1349})
    mistakes = (values.rounded(),)
    asked = Question("q1", "Sum", {"total": "number"}, ("a",), mistakes, values.refuse, "Sums.")
    lines = lab(asked, total=total).q1.evaluate().lines
    assert f"Found: `total` has {says}" in lines


def test_what_two_formulas_explain_has_no_name() -> None:
    values = Values(lambda a: {"total": 60.0})
    mistakes = tuple(
        values.wrong(id, lambda a: {"total": 20.0}, "is a part", "a part") for id in ("one", "two")
    )
    asked = Question("q1", "Sum", {"total": "number"}, ("a",), mistakes, values.refuse, "Sums.")
    result = lab(asked, total=20).q1.evaluate()
    assert (result.status, result.mistake_id) == (Status.WRONG, None)


def test_the_formula_that_explains_more_is_named() -> None:
    values = Values(lambda a: {"low": 1.0, "high": 3.0})
    one = values.wrong("low-only", lambda a: {"low": 2.0}, "is the middle", "middle")
    both = values.wrong("same", lambda a: {"low": 2.0, "high": 2.0}, "is the middle", "both")
    asked = Question(
        "q1", "Ends", {"low": "number", "high": "number"}, ("a",), (one, both), values.refuse, "E."
    )
    assert lab(asked, low=2, high=2).q1.evaluate().mistake_id == "same"


def test_numbers_of_a_dict() -> None:
    due = {"beds": 4.0, "baths": 0.001}
    values = Values(lambda a: in_dict("cost", due), 1e-3, scale=tuple(in_dict("cost", due)))
    other = values.wrong(
        "on-train", lambda a: in_dict("cost", {"beds": 5.0, "baths": 0.5}), "is of train", "train"
    )
    asked = Question(
        id="q1",
        title="Costs",
        names={"cost": "dict"},
        keys={"cost": dict.fromkeys(due, "number")},
        hints=("a", "b"),
        mistakes=(other,),
        refuse=values.refuse,
        why="Costs add up.",
    )

    def mistake(cost: dict[Any, Any]) -> str | None:
        result = lab(asked, cost=cost).q1.evaluate()
        return "right" if result.status is Status.PASS else result.mistake_id

    def cause(value: Any) -> str:
        result = lab(asked, cost={"beds": value, "baths": 0.0}).q1.evaluate()
        return next(line for line in result.lines if line.startswith("Likely cause:"))

    assert mistake({"beds": np.float64(4), "baths": Decimal("0.002")}) == "right"  # beside 4
    assert mistake({"beds": 4.0, "baths": 0.5}) == "on-train"
    assert mistake({"beds": 4.0}) == "missing-key"
    assert mistake({("beds",): 4.0, "baths": 0.0}) == "missing-key"
    assert mistake({"beds": 4.0, "baths": 0.0, "x": 1}) == "extra-key"
    assert mistake({"beds": "4", "baths": 0.0}) == "wrong-value-type"
    assert mistake({"beds": 4.0, "baths": float("nan")}) == "wrong-value-type"
    assert "comparison" in cause(True)
    assert "nothing was computed" in cause(None)
    assert "quotes" in cause("4")
    assert "missing value" in cause(float("nan"))


def test_what_the_rows_cannot_tell_apart() -> None:
    values, mistakes = scores()
    values.wrong("luck", lambda a: {"rmse": 120.0}, "is of all rows", "all rows")
    asked = Question(
        "q1", "S", dict.fromkeys(RIGHT, "number"), ("a",), mistakes, values.refuse, "S."
    )
    from course_utils.lab.ran import Cells

    answers = Answers(asked, RIGHT, Cells([]))
    assert values.alike(answers) == ["near", "luck"]
    assert values.inject(answers, "percent") == {"gain": 28.57}
