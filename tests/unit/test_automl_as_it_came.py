"""Tables as they come: all types of pandas, odd names, infinite values, zones, earlier splits."""

import datetime
import decimal
import json
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pandas as pd
import pytest
from mlflow.pyfunc import scoring_server

from course_utils import automl
from course_utils.automl import intake
from course_utils.automl.summary import AutoMLSummary
from tests.unit.automl_helpers import mlflow_store

__all__ = ["mlflow_store"]


@pytest.fixture(scope="module", autouse=True)
def no_spark() -> Any:
    """Also where an earlier test has left a session."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "active_session", lambda: None)
        yield


def shops(rows: int = 300) -> pd.DataFrame:
    """Whether a shop is open follows from the hour where it stands; the rest is of all types."""
    draw = np.random.default_rng(3)
    when = pd.date_range("2024-01-01", periods=rows, freq="h", tz="America/New_York")
    whole = draw.integers(0, 90, rows)
    days = pd.date_range("2020-01-01", periods=rows, freq="D")
    frame = pd.DataFrame(
        {
            "when": when,
            "sold": days,
            "sold_year": draw.choice(["old", "new"], rows),
            "sold_day": draw.normal(size=rows),
            "whole": whole,
            "small": (whole % 7).astype("uint8"),
            "some": pd.array(whole % 5, dtype="Int64"),
            "flag": whole % 3 == 0,
            "maybe": pd.array(whole % 2 == 0, dtype="boolean"),
            "kind": pd.Categorical(draw.choice(["a", "b"], rows)),
            "level": pd.Categorical(draw.integers(1, 4, rows)),
            "word": pd.array(draw.choice(["x", "y"], rows), dtype="string"),
            "arrow": pd.Series(whole % 4).astype("int64[pyarrow]"),
            "price__eur": [decimal.Decimal(int(value)) / 4 for value in whole],
            "born": [datetime.date(2000, 1, 1) + datetime.timedelta(int(d)) for d in whole],
            "written": [f"{day:%d/%m/%Y}" for day in days],
            7: draw.normal(size=rows),
            "_automl_split": "train",
            "_automl_fold": -1,
            "open": np.where((when.hour >= 9) & (when.hour < 17), "open", "shut"),
            "part": np.resize(["train", "train", "validate", "test", "train"], rows),
        }
    )
    frame.loc[::11, "some"] = pd.NA
    frame.loc[::13, "maybe"] = pd.NA
    frame.loc[3, 7] = np.inf  # a row of the test
    return frame


@pytest.fixture(scope="module")
def summary(mlflow_store: str, tmp_path_factory: pytest.TempPathFactory) -> AutoMLSummary:
    """The baseline and a linear model, two boosted ones and a forest."""
    return automl.classify(
        shops(),
        target_col="open",
        split_col="part",
        exclude_cols=None,
        imputers={"price__eur": "mean"},
        max_trials=5,
        timeout_minutes=None,
        experiment_dir=str(tmp_path_factory.mktemp("automl")),
        experiment_name="open",
    )


@pytest.fixture(scope="module")
def scored(summary: AutoMLSummary) -> Any:
    """The best model, as anyone loads it who knows MLflow only."""
    assert summary.best_trial.model_path
    return mlflow.pyfunc.load_model(summary.best_trial.model_path)


def named(frame: pd.DataFrame) -> pd.DataFrame:
    """MLflow wants names to be text."""
    return frame.rename(columns=str)


def test_no_trial_fails_on_infinite_values_and_names_that_are_there_already(
    summary: AutoMLSummary,
) -> None:
    assert not summary.failed
    assert len(summary.trials) == 5
    told = "\n".join(summary.warnings)
    assert "Column 7: 1 value is infinite" in told
    assert "_automl_split and _automl_fold: left out" in told


def test_a_date_with_a_zone_is_read_as_it_was_learned(summary: AutoMLSummary) -> None:
    frame = shops()
    model = summary.best_trial.load_model()
    told = model.predict(frame)
    assert (told == frame["open"]).mean() > 0.9
    in_utc = frame["when"].dt.tz_convert("UTC")
    for same in (in_utc, in_utc.dt.tz_localize(None), frame["when"].astype(object)):
        assert (model.predict(frame.assign(when=same)) == told).all()


def test_mlflow_scores_the_frame_that_a_model_was_trained_on(
    summary: AutoMLSummary, scored: Any
) -> None:
    frame = named(shops())
    expected = summary.best_trial.load_model().predict(shops())
    assert (np.asarray(scored.predict(frame)) == expected).all()
    assert (np.asarray(scored.predict(frame.convert_dtypes())) == expected).all()


def test_mlflow_scores_whole_numbers_with_a_gap(scored: Any) -> None:
    frame = named(shops().head(20))
    frame["whole"] = frame["whole"].astype("float64").mask(frame.index == 2)
    frame["small"] = frame["small"].astype("int64")
    assert len(scored.predict(frame)) == 20


def test_a_row_alone_is_scored_as_among_others(scored: Any) -> None:
    frame = named(shops().iloc[30:60])
    together = np.asarray(scored.predict(frame))
    alone = [np.asarray(scored.predict(frame.iloc[[row]]))[0] for row in range(len(frame))]
    assert (together == alone).all()


def test_a_request_is_scored_as_the_frame_is(scored: Any) -> None:
    frame = named(shops().head(30))
    schema = scored.metadata.get_input_schema()
    sent = json.loads(frame.to_json(orient="split", date_format="iso", default_handler=str))
    rows = scoring_server.infer_and_parse_data({"dataframe_split": sent}, schema)
    assert (np.asarray(scored.predict(rows)) == np.asarray(scored.predict(frame))).all()


def test_the_types_that_are_certain_are_told(scored: Any) -> None:
    types = {spec.name: str(spec.type) for spec in scored.metadata.get_input_schema().inputs}
    assert types["sold_day"] == "DataType.double"
    assert types["sold_year"] == "DataType.string"
    assert types["flag"] == "DataType.boolean"
    assert all(spec.required for spec in scored.metadata.get_input_schema().inputs)


def test_its_own_data_are_searched_again_and_split_as_before(
    summary: AutoMLSummary, tmp_path: Path
) -> None:
    data = pd.read_parquet(Path(summary.exploration_path).with_name("data.parquet"))
    again = automl.classify(
        data[["when", "sold_year", "open", "_automl_split", "_automl_fold"]],
        target_col="open",
        split_col="_automl_split",
        exclude_frameworks=["xgboost", "lightgbm", "spark"],
        max_trials=2,
        timeout_minutes=None,
        experiment_dir=str(tmp_path),
    )
    kept = pd.read_parquet(Path(again.exploration_path).with_name("data.parquet"))
    assert kept["_automl_split"].equals(data["_automl_split"])
    assert list(kept) == ["when", "sold_year", "open", "_automl_split", "_automl_fold"]


def test_a_number_names_a_column_and_an_infinite_target_is_left_out(
    mlflow_store: str, tmp_path: Path
) -> None:
    draw = np.random.default_rng(0)
    frame = pd.DataFrame(draw.normal(size=(120, 3)))
    frame[3] = 2 * frame[0] + draw.normal(size=120)
    frame.loc[5, 3] = np.inf
    summary = automl.regress(
        frame,
        target_col=3,  # type: ignore[arg-type]
        exclude_cols=[2],  # type: ignore[list-item]
        exclude_frameworks=["xgboost", "lightgbm", "spark"],
        imputers={1: "mean"},  # type: ignore[dict-item]
        max_trials=3,
        timeout_minutes=None,
        experiment_dir=str(tmp_path),
    )
    assert not summary.failed
    assert summary.warnings[:2] == [
        "Column 3: 1 value is infinite or too large, taken as missing.",
        "1 rows without a value of 3 are left out.",
    ]
    assert np.isfinite(summary.best_trial.load_model().predict(frame)).all()
