"""What a caller can get wrong is one clear line, and nothing is written."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from course_utils import automl
from course_utils.errors import CourseError
from tests.unit.automl_helpers import people

BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no such target": ({"target_col": "price"}, "target_col names 'price'"),
    "another case": ({"target_col": "Left "}, "Did you mean 'left'"),
    "no such number": ({"target_col": 4}, "target_col names '4'"),
    "unknown metric": ({"primary_metric": "f2"}, "Unknown metric 'f2'"),
    "no budget": ({"timeout_minutes": None}, "never end"),
    "no time": ({"timeout_minutes": 0.0}, "timeout_minutes|never end"),
    "one trial": ({"max_trials": 1}, "max_trials is 1"),
    "no such column to leave out": ({"exclude_cols": ["x"]}, "exclude_cols names 'x'"),
    "target left out": ({"exclude_cols": ["left"]}, "which is the target"),
    "no such framework": ({"exclude_frameworks": ["torch"]}, "Unknown framework 'torch'"),
    "no framework left": (
        {"exclude_frameworks": ["sklearn", "xgboost", "lightgbm", "spark"]},
        "leaves no model",
    ),
    "no such positive label": ({"pos_label": "maybe"}, "pos_label is 'maybe'"),
    "positive of three": ({"target_col": "level", "pos_label": 1}, "two classes"),
    "no such time": ({"time_col": "then"}, "time_col names 'then'"),
    "no time at all": ({"time_col": "city"}, "neither times nor numbers"),
    "gaps in time": ({"time_col": "income"}, "time_col income has missing"),
    "other parts": ({"split_col": "city"}, "must be train, validate and test"),
    "weights of text": ({"sample_weight_col": "city"}, "holds no numbers"),
    "weights with gaps": ({"sample_weight_col": "income"}, "missing or negative"),
    "imputer of nothing": ({"imputers": {"same": "mean"}}, "no feature"),
    "unknown imputer": ({"imputers": {"age": "middle"}}, "'middle'"),
    "mean of names": ({"imputers": {"city": "mean"}}, "holds no numbers"),
    "constant without value": ({"imputers": {"age": {"strategy": "constant"}}}, "fill_value"),
    "too many classes": ({"target_col": "person_id"}, "more than 100 classes"),
    "only Spark, none there": (
        {"exclude_frameworks": ["sklearn", "xgboost", "lightgbm"], "spark": None},
        "no session is active",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_refuses(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from course_utils.automl import intake

    monkeypatch.setattr(intake, "active_session", lambda: None)
    arguments, line = BAD[case]
    arguments = {"target_col": "left", "experiment_dir": str(tmp_path / "out"), **arguments}
    with pytest.raises(CourseError, match=line) as caught:
        automl.classify(people(), **arguments)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("frame", "line"),
    [
        (people().assign(left=None), "null in every row"),
        (people().assign(left="no"), "one value only"),
        (people().head(0), "no rows"),
        (people().assign(left=["yes"] * 2 + ["no"] * 398), "Only one class"),
        (people().assign(left=np.resize([0, 0.5, 1], 400)), r"0\.5.* fractions are no classes"),
        (people().assign(left=np.resize([0, np.inf], 400)), "one value only"),
        (people().assign(left=np.resize(pd.date_range("2024", periods=3), 400)), "holds dates"),
        (people().rename(columns={"city": "left "}).drop(columns="left"), "'left '.*mean 'left '"),
        (people()[["left", "same", "remark"]], "No usable feature"),
        (pd.concat([people(), people()["age"]], axis=1), "two columns named age"),
        ([1, 2], "type list"),
        ("/no/such/table", "needs Spark"),
    ],
)
def test_refuses_data(
    frame: Any, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from course_utils.automl import intake

    monkeypatch.setattr(intake, "active_session", lambda: None)
    with pytest.raises(CourseError, match=line) as caught:
        automl.classify(frame, target_col="left", experiment_dir=str(tmp_path / "out"))
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("weights", "line"),
    [
        ({"yes": 0.0, "no": 1.0}, "is 0 in all rows of class yes that models learn from"),
        ({"yes": np.inf, "no": 1.0}, "missing or negative values, or infinite ones"),
    ],
)
def test_refuses_weights_by_which_a_class_counts_for_nothing(
    weights: dict[str, float], line: str, tmp_path: Path
) -> None:
    frame = people()
    frame["weight"] = frame["left"].map(weights)
    with pytest.raises(CourseError, match=line):
        automl.classify(
            frame,
            target_col="left",
            sample_weight_col="weight",
            experiment_dir=str(tmp_path / "out"),
        )
    assert not (tmp_path / "out").exists()


def test_refuses_weights_of_0_in_all_training_rows(tmp_path: Path) -> None:
    frame = people().assign(part=np.resize(["train", "validate", "test"], 400))
    frame["weight"] = (frame["part"] != "train").astype(float)
    with pytest.raises(CourseError, match="is 0 in all rows that models learn from"):
        automl.regress(
            frame,
            target_col="paid",
            split_col="part",
            sample_weight_col="weight",
            experiment_dir=str(tmp_path / "out"),
        )
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CourseError, match="cannot be made") as caught:
        automl.classify(people(), target_col="left", experiment_dir=str(tmp_path / "file"))
    assert "\n" not in str(caught.value)


def test_looking_up_features_needs_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    from course_utils.automl import intake

    monkeypatch.setattr(intake, "active_session", lambda: None)
    lookups = [{"table_name": "spending", "lookup_key": "person_id"}]
    with pytest.raises(CourseError, match="feature_store_lookups needs Spark"):
        automl.classify(people(), target_col="left", feature_store_lookups=lookups)


def test_regression_needs_numbers(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="holds no numbers"):
        automl.regress(people(), target_col="left", experiment_dir=str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()
