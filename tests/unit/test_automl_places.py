"""Searches that begin at the same moment do not meet in one folder or experiment."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from types import SimpleNamespace

import mlflow
import pandas as pd
import pytest
from mlflow.exceptions import MlflowException

from course_utils import automl
from course_utils.automl import intake, places, tracking
from course_utils.automl.places import Places
from tests.unit.automl_helpers import mlflow_store, people

__all__ = ["mlflow_store"]


@pytest.mark.parametrize("data_dir", [False, True])
def test_of_many_searches_at_once_each_has_a_folder_of_its_own(
    data_dir: bool, tmp_path: Path
) -> None:
    gate = Barrier(8)

    def claim(_: int) -> list[Places]:
        gate.wait()
        home = str(tmp_path / "data") if data_dir else None
        return [places.claim(str(tmp_path / "notebooks"), home, "same") for _ in range(5)]

    with ThreadPoolExecutor(8) as pool:
        made = [one for several in pool.map(claim, range(8)) for one in several]
    assert len({one.folder for one in made}) == len({one.home for one in made}) == 40
    assert all(one.folder.is_dir() and one.folder.name == one.home.name for one in made)
    assert {one.folder for one in made} == set((tmp_path / "notebooks").iterdir())


def test_data_of_another_search_of_that_name_are_left_alone(tmp_path: Path) -> None:
    first = places.claim(str(tmp_path / "one"), str(tmp_path / "data"), "same")
    second = places.claim(str(tmp_path / "two"), str(tmp_path / "data"), "same")
    assert (first.home.name, second.home.name) == ("same", "same_2")
    assert second.folder == tmp_path / "two" / "same_2"
    assert [folder.name for folder in (tmp_path / "two").iterdir()] == ["same_2"]


def test_an_experiment_that_another_search_makes_meanwhile_is_used() -> None:
    made = SimpleNamespace(experiment_id="7", lifecycle_stage="active")
    answers = [None, made]

    def create(name: str, artifact_location: str | None) -> str:
        raise MlflowException("it exists")

    client = SimpleNamespace(
        get_experiment_by_name=lambda name: answers.pop(0),
        create_experiment=create,
        get_experiment=lambda identifier: None,
    )
    assert tracking._experiment(client, "same", None) is made


@pytest.mark.slow
def test_two_searches_at_once_keep_their_own_data(
    mlflow_store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "active_session", lambda: None)
    mlflow.set_experiment("there before the race")
    gate = Barrier(2)

    def search(seed: int) -> tuple[pd.DataFrame, automl.AutoMLSummary]:
        frame = people(200, seed)[["age", "income", "left"]]
        gate.wait()
        summary = automl.classify(
            frame,
            target_col="left",
            exclude_frameworks=["xgboost", "lightgbm", "spark"],
            max_trials=2,
            timeout_minutes=None,
            experiment_dir=str(tmp_path),
            experiment_name="same",
        )
        return frame, summary

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(search, range(2)))
    assert len({summary.exploration_path for _, summary in found}) == 2
    assert len({summary.experiment.experiment_id for _, summary in found}) == 1
    for frame, summary in found:
        kept = pd.read_parquet(Path(summary.exploration_path).with_name("data.parquet"))
        assert kept["income"].equals(frame["income"])
        assert summary.best_trial.rerun() == pytest.approx(
            summary.best_trial.evaluation_metric_score, rel=1e-6
        )
