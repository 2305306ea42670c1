"""What AutoML makes of columns and splits, before any model."""

import datetime
import decimal
from pathlib import Path
from typing import Any

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
            "large": np.array([1, 2, 2**64 - 1], dtype="uint64"),
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
    assert taken["large"].max() == 2.0**64
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


LEAKS = {
    "number": "separates the classes",
    "date": "separates the classes",
    "names": "each of its values stands for one class",
    "code": "each of its values stands for one class",
    "gaps": "whether it has a value tells the class",
}
LABELS: list[list[object]] = [["no", "yes"], ["a", "b", "c"], [0, 1, 2]]


@pytest.mark.parametrize(
    ("leak", "labels"),
    # A gap or none tells two classes apart
    [(leak, labels) for leak in LEAKS for labels in LABELS if leak != "gaps" or len(labels) == 2],
)
def test_suspects_what_tells_classes_of_any_kind(leak: str, labels: list[object]) -> None:
    draw = np.random.default_rng(0)
    code = draw.integers(0, len(labels), 600)
    frame = pd.DataFrame({"honest": draw.normal(size=600), "town": draw.choice(list("pqr"), 600)})
    frame["answer"] = np.array(labels)[code]
    frame["number"] = code + 0.9 * draw.random(600)
    hours = pd.to_timedelta(1000 * code + draw.integers(0, 900, 600), unit="h")
    frame["date"] = pd.Timestamp("2024-01-01") + hours
    frame["names"] = [f"{one}-{draw.integers(0, 20)}" for one in code]
    frame["code"] = pd.factorize(frame["names"])[0]
    frame["gaps"] = np.where(code > 0, np.nan, draw.normal(size=600))
    features, notes = understand(
        frame[["honest", "town", leak, "answer"]], "answer", set(), classes=True
    )
    assert leak in features.names
    suspicions = [note for note in notes if "exclude_cols" in note]
    assert len(suspicions) == 1
    assert suspicions[0].startswith(f"Column {leak}: {LEAKS[leak]}")


def test_suspects_names_that_stand_for_one_value_each() -> None:
    draw = np.random.default_rng(0)
    frame = pd.DataFrame({"model": draw.choice([f"model {n}" for n in range(60)], 900)})
    frame["price"] = pd.factorize(frame["model"])[0] * 1.7 + 1e-6 * draw.normal(size=900)
    frame["town"] = draw.choice(list("pqr"), 900)
    _, notes = understand(frame, "price", set(), classes=False)
    suspicions = [note for note in notes if "exclude_cols" in note]
    assert len(suspicions) == 1
    assert suspicions[0].startswith("Column model: each of its values stands for one value")


def test_suspects_nothing_where_a_class_is_too_rare_to_say() -> None:
    draw = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"number": draw.normal(size=20_000), "names": draw.choice(["a", "b"], 20_000)}
    )
    frame["answer"] = np.where(np.arange(20_000) % 4_000 == 1, "rare", "often")
    assert understand(frame, "answer", set())[1] == []


def test_numbers_are_not_turned_into_text(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(0)
    frame = pd.DataFrame(draw.normal(size=(50, 4)), columns=list("abcd"))
    as_type = pd.Series.astype

    def numbers_stay(self: pd.Series, kind: Any, *rest: Any, **more: Any) -> pd.Series:
        assert kind is not str or self.dtype == object
        return as_type(self, kind, *rest, **more)

    monkeypatch.setattr(pd.Series, "astype", numbers_stay)
    for target, classes in ((np.resize(["x", "y"], 50), True), (frame["a"] ** 3, False)):
        features, _ = understand(frame.assign(target=target), "target", set(), classes)
        assert features.numbers == ("a", "b", "c", "d")


def test_infinite_and_too_large_numbers_are_gaps() -> None:
    frame = pd.DataFrame(
        {"a": [1.0, np.inf, -np.inf], "b": [1e300, 2.0, None], "c": [1.0, 2.0, 3.0]}
    )
    made, notes = columns.without_infinities(frame)
    assert made.isna().sum().tolist() == [2, 2, 0]
    assert notes == [
        "Column a: 2 values are infinite or too large, taken as missing.",
        "Column b: 1 value is infinite or too large, taken as missing.",
    ]
    assert frame["a"].isna().sum() == 0


@pytest.mark.parametrize(
    ("written", "fmt"),
    [
        (["2024-01-31", "2024-02-01T10:00"], "ISO8601"),
        (["03/02/2024", "25/12/2023"], "%d/%m/%Y"),
        (["03/02/2024", "12/25/2023"], "%m/%d/%Y"),
        (["2024-01-01T10:00:00+02:00", "2024-07-01T10:00:00+01:00"], "ISO8601"),
    ],
)
def test_finds_how_dates_are_written(written: list[str], fmt: str) -> None:
    frame = pd.DataFrame({"day": written * 20, "answer": ["x", "y", "y", "x"] * 10})
    features, _ = understand(frame, "answer", set())
    assert features.dates == ("day",)
    assert features.formats == (("day", fmt),)


def test_knows_which_dates_came_with_a_zone() -> None:
    when = pd.date_range("2024-01-01", periods=3, tz="Asia/Tokyo")
    arrow: Any = "timestamp[us, tz=Asia/Tokyo][pyarrow]"
    frame = pd.DataFrame(
        {"a": when, "b": pd.Series(when).astype(arrow), "c": when.tz_localize(None)}
    )
    taken = intake.take(frame, None, 0)
    assert taken.zoned == {"a", "b"}
    assert taken.frame["a"].equals(taken.frame["b"].rename("a"))
    assert taken.frame["a"][0] == pd.Timestamp("2023-12-31 15:00")


def test_small_data_is_not_folded_where_it_is_not_wanted() -> None:
    made, folds = splits.split(people(), "left", True, None, None, 0, folded=False)
    assert folds == 0
    assert (made[FOLD] == -1).all()
