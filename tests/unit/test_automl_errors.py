"""What a caller can get wrong is one clear line, and nothing is written."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from course_utils import automl
from course_utils.errors import CourseError
from tests.unit.automl_helpers import people

BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no such target": ({"target_col": "price"}, "target_col names 'price'"),
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


def test_regression_needs_numbers(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="holds no numbers"):
        automl.regress(people(), target_col="left", experiment_dir=str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()
