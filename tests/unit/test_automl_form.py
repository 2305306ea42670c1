"""The form makes the call that it shows."""

from pathlib import Path

import pandas as pd
import pytest

from course_utils import automl
from course_utils.automl import api
from tests.unit.automl_helpers import people


def test_shows_the_call_and_makes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[pd.DataFrame, dict[str, object]]] = []

    def regress(dataset: pd.DataFrame, **arguments: object) -> str:
        made.append((dataset, arguments))
        return "a summary"

    monkeypatch.setattr(api, "regress", regress)
    frame = people()
    form = automl.form(frame, "people")
    form.fields["problem"].value = "regress"
    form.fields["target_col"].value = "paid"
    form.fields["primary_metric"].value = "mae"
    form.fields["exclude_cols"].value = ("left", "level")
    form.fields["max_trials"].value = 3
    form.press()
    [(dataset, arguments)] = made
    assert dataset is frame
    assert arguments == {
        "target_col": "paid",
        "primary_metric": "mae",
        "exclude_cols": ["left", "level"],
        "timeout_minutes": 5,
        "max_trials": 3,
    }
    assert form.summary == "a summary"
    shown: dict[str, object] = {}
    spy = type("automl", (), {"regress": lambda data, **given: shown.update(given)})
    exec(form.call, {"automl": spy, "people": frame})
    assert shown == arguments
    assert "mae" in form._shown.value


def test_offers_the_metrics_of_the_problem_and_says_what_is_wrong(tmp_path: Path) -> None:
    form = automl.form(people())
    assert "roc_auc" in form.fields["primary_metric"].options
    form.fields["problem"].value = "regress"
    assert "roc_auc" not in form.fields["primary_metric"].options
    form.fields["target_col"].value = "city"
    form.press()
    assert form.summary is None
    assert form._repr_mimebundle_()["text/plain"] == form.call
