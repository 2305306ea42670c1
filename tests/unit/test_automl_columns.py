"""What AutoML makes of columns and splits, before any model."""

import datetime
import decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from course_utils.automl import columns, intake, splits
from course_utils.automl.columns import understand
from course_utils.automl.task import FOLD, PARTS, SPLIT
from course_utils.errors import CourseError
from tests.unit.automl_helpers import people


def test_sorts_columns_by_meaning() -> None:
    features, notes = understand(intake.plain(people()), "left", {"paid", "level"})
    assert features.numbers == ("age", "income", "written", "member")
    assert features.dates == ("since", "day")
    assert features.categories == ("city",)
    assert features.many == ("street",)
    told = "\n".join(notes)
    for left_out, why in (
        ("person_id", "identifier"),
        ("remark", "free text"),
        ("same", "constant"),
    ):
        assert f"Column {left_out}: left out" in told
        assert why in told


def test_leaves_out_a_copy_of_the_target_even_under_other_names() -> None:
    frame = people()[["age", "left"]]
    frame["copy"] = frame["left"]
    frame["code"] = (frame["left"] == "yes").astype(int)
    features, notes = understand(frame, "left", set())
    assert features.names == ["age"]
    assert sum("equals the target" in note for note in notes) == 2


def test_suspects_a_number_that_orders_rows_as_the_target_does() -> None:
    frame = people()[["age", "paid"]]
    frame["fee"] = frame["paid"] ** 2 + 1
    features, notes = understand(frame, "paid", set())
    assert features.names == ["age", "fee"]
    assert any("fee" in note and "exclude_cols" in note for note in notes)
    assert not any("age" in note for note in notes)


def test_suspects_a_number_that_separates_two_classes() -> None:
    frame = people()[["age", "left"]]
    draw = np.random.default_rng(0)
    frame["later"] = draw.normal(size=len(frame)) + 100 * (frame["left"] == "yes")
    _, notes = understand(frame, "left", set())
    assert any("later" in note for note in notes)


def test_says_where_most_values_are_missing_and_drops_what_has_none() -> None:
    frame = people()[["age", "income", "left"]]
    frame.loc[frame.index[50:], "income"] = np.nan
    frame["none"] = None
    features, notes = understand(frame, "left", set())
    assert features.names == ["age", "income"]
    assert any("income" in note and "missing" in note for note in notes)
    assert any("none" in note and "no value" in note for note in notes)


def test_no_usable_feature_is_an_error_that_says_why() -> None:
    frame = people()[["same", "remark", "left"]]
    with pytest.raises(CourseError, match=r"No usable feature.*constant.*free text"):
        understand(frame, "left", set())


def test_warns_of_a_rare_class_only() -> None:
    assert columns.imbalance(pd.Series(["a"] * 95 + ["b"] * 5))
    assert columns.imbalance(pd.Series(["a"] * 60 + ["b"] * 40)) is None


def test_takes_odd_types_as_plain_ones(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "price": [decimal.Decimal("1.50"), None, decimal.Decimal("2")],
            "day": [datetime.date(2024, 1, 1), None, datetime.date(2024, 1, 3)],
            "zone": pd.Series(
                [
                    pd.Timestamp("2024-01-01T12:00+02:00"),
                    pd.NaT,
                    pd.Timestamp("2024-01-02T12:00+02:00"),
                ]
            ),
            "kind": pd.Categorical(["a", "b", None]),
            "list": [[1, 2], [3], None],
            "maybe": pd.array([1, None, 3], dtype="Int64"),
            "flag": pd.array([True, None, False], dtype="boolean"),
            3: [1, 2, 3],
        }
    )
    taken = intake.plain(frame)
    taken.to_parquet(tmp_path / "a.parquet")
    read = pd.read_parquet(tmp_path / "a.parquet")
    assert read.dtypes.equals(taken.dtypes)
    assert read.isna().equals(taken.isna())
    assert taken["price"].tolist()[0] == 1.5
    assert taken["day"][0] == pd.Timestamp("2024-01-01")
    assert taken["zone"][0] == pd.Timestamp("2024-01-01 10:00")
    assert taken["list"][0] == columns.NOT_A_VALUE
    assert taken["maybe"].isna().sum() == 1
    assert list(taken)[-1] == "3"


def test_splits_by_class_in_60_20_20() -> None:
    frame = people(1000)
    frame["left"] = np.where(np.arange(1000) % 20 == 0, "yes", "no")
    made, folds = splits.split(frame, "left", True, None, None, 0)
    shares = made.groupby("left")[SPLIT].value_counts(normalize=True).unstack()
    assert np.allclose(shares[["train", "validate", "test"]], [[0.6, 0.2, 0.2]] * 2, atol=0.02)
    assert folds == 5
    known = made[made[SPLIT] != "test"]
    assert set(known[FOLD]) == set(range(5))
    assert (known.groupby(FOLD)["left"].apply(lambda fold: (fold == "yes").sum()) == 8).all()
    assert (made.loc[made[SPLIT] == "test", FOLD] == -1).all()
    again, _ = splits.split(frame, "left", True, None, None, 0)
    pd.testing.assert_frame_equal(made, again)


def test_splits_in_order_of_time() -> None:
    made, folds = splits.split(people(), "paid", False, "since", None, 0)
    when = {part: made.loc[made[SPLIT] == part, "since"].to_numpy() for part in PARTS}
    assert when["train"].max() <= when["validate"].min()
    assert when["validate"].max() <= when["test"].min()
    assert folds == 0


def test_splits_as_told() -> None:
    frame = people(20)
    frame["part"] = ["train"] * 10 + ["Validation "] * 5 + ["test"] * 5
    made, folds = splits.split(frame, "paid", False, None, "part", 0)
    assert made[SPLIT].tolist() == ["train"] * 10 + ["validate"] * 5 + ["test"] * 5
    assert folds == 0


def test_refuses_a_split_that_lacks_a_class_or_has_other_names() -> None:
    frame = people(20)
    frame["part"] = ["train"] * 10 + ["validate"] * 5 + ["test"] * 5
    frame["left"] = ["yes", "no"] * 5 + ["yes"] * 5 + ["yes", "no"] * 2 + ["no"]
    with pytest.raises(CourseError, match="Class no of left has no row in validate"):
        splits.split(frame, "left", True, None, "part", 0)
    frame.loc[3, "part"] = "trainings"
    with pytest.raises(CourseError, match="'trainings'"):
        splits.split(frame, "left", True, None, "part", 0)
