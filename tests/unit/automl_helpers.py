"""Small data, an MLflow store and SHAP values for the tests of AutoML."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from course_utils.automl import shap_cells
from course_utils.automl.families import Family
from course_utils.automl.task import Task
from tests.unit.mlflow_stores import mlflow_at, sqlite_in


@pytest.fixture(scope="module")
def mlflow_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """MLflow logs to a database of these tests."""
    uri = sqlite_in(tmp_path_factory.mktemp("mlflow"))
    with mlflow_at(uri):
        yield uri


def people(rows: int = 400, seed: int = 0) -> pd.DataFrame:
    """A table with every kind of column, and two targets that follow some of them."""
    draw = np.random.default_rng(seed)
    age = draw.integers(18, 80, rows)
    city = draw.choice(["Oslo", "it's a town", "Rome"], rows)
    many = draw.choice([f"street {number}" for number in range(40)], rows)
    income = draw.lognormal(3, 0.5, rows)
    score = 0.06 * (age - 45) + 1.2 * (city == "Rome") + draw.normal(size=rows)
    frame = pd.DataFrame(
        {
            "person_id": np.arange(1, rows + 1),
            "age": age,
            "income": income,
            "city": city,
            "street": many,
            "written": [f"{value:.1f}" for value in income],
            "since": pd.Timestamp("2024-03-01")
            + pd.to_timedelta(draw.integers(0, 9_000_000, rows), unit="s"),
            "day": [f"2024-0{month}-11" for month in draw.integers(1, 10, rows)],
            "remark": ["a customer said that all was well, " + "x" * (i % 50) for i in range(rows)],
            "same": 1,
            "member": draw.random(rows) < 0.5,
            "paid": np.exp(0.4 * score + 2),
            "left": np.where(score > 0.7, "yes", "no"),
            "level": np.digitize(score, [-0.5, 0.7]),
        }
    )
    frame.loc[::9, "income"] = np.nan
    frame.loc[::11, "city"] = None
    return frame


def explained(
    task: Task, family: Family, log_target: bool, code: dict[str, str], **names: Any
) -> dict[str, Any]:
    """What the cells of a trial's notebook leave; `values` by row, feature and class (or one)."""
    for source in code.values():
        exec(source, names)
    exec(shap_cells.values(task, family, log_target).removesuffix(shap_cells.MEANS), names)
    shape = (len(names["rows"]), len(names["names"]), -1)
    return names | {"values": np.asarray(names["values"]).reshape(shape)}


def assert_explains(values: np.ndarray, chances: np.ndarray, unit: str) -> None:
    """Whether SHAP values, in their unit, add up to the chances of the classes."""
    moved = values.sum(axis=1)
    odds = np.log(chances / chances[:, :1])  # of each class, against the first
    if unit in ("log-odds", "half of the log-odds"):
        assert_moves_alike(moved[:, -1], odds[:, 1] / (1 if unit == "log-odds" else 2))
        return
    names = {"score of a class before softmax": odds, "probability": chances}
    if unit == "score of a class before softmax":
        moved = moved - moved[:, :1]
    for one in range(1, chances.shape[1]):
        assert_moves_alike(moved[:, one], names[unit][:, one])


def assert_moves_alike(values: np.ndarray, output: np.ndarray) -> None:
    """What a model answers is a constant and the values of all features."""
    assert np.ptp(output) > 0.05
    np.testing.assert_allclose(values - values.mean(), output - output.mean(), atol=1e-4)
