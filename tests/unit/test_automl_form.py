"""The form makes the call that it shows."""

from pathlib import Path

import pandas as pd
import pytest

from course_utils import automl
from course_utils.automl import api, progress
from course_utils.automl.progress import Progress
from course_utils.automl.watch import say
from course_utils.errors import CourseError
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


def test_shows_where_the_search_stands_and_at_once_why_there_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    form = automl.form(people())
    seen: list[str] = []

    def classify(dataset: pd.DataFrame, **arguments: object) -> None:
        progress.tell(Progress("Searching", warnings=("mind the <gap>",)))
        seen.append(form._status.value)
        progress.tell(Progress("Searching", 2, "trial 2, a forest", "trial 1, a line"))
        seen.append(form._status.value)
        raise CourseError("no such & such")

    monkeypatch.setattr(api, "classify", classify)
    form.press()
    assert "mind the &lt;gap&gt;" in seen[0]
    assert "2 trials finished; the last: trial 2, a forest" in seen[1]
    assert "Best so far: trial 1, a line" in seen[1]
    assert form._status.value == '<div role="alert"><b>no such &amp; such</b></div>'
    assert form.summary is None
    assert not form._button.disabled
    progress.tell(Progress("Nobody listens any more"))
    assert "Nobody" not in form._status.value


def test_says_how_much_time_is_left() -> None:
    assert "<b>Searching, 1:05 left</b>" in say(Progress("Searching", ends=100.0), 35.2)
    assert "<b>Searching, 0:00 left</b>" in say(Progress("Searching", ends=100.0), 120.0)
    assert "left" not in say(Progress("Searching"), 35.2)


def test_says_what_is_wrong_while_it_is_chosen() -> None:
    form = automl.form(people())
    form.fields["target_col"].value = "left"
    assert form._status.value == ""
    form.fields["problem"].value = "regress"
    assert "holds no numbers" in form._status.value
    form.fields["target_col"].value = "paid"
    assert form._status.value == ""
    form.fields["time_col"].value = "paid"
    assert "which is the target" in form._status.value
