"""Small data and an MLflow store for the tests of AutoML."""

from collections.abc import Iterator

import mlflow
import numpy as np
import pandas as pd
import pytest


@pytest.fixture(scope="module")
def mlflow_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """MLflow logs to a database of these tests."""
    before = mlflow.get_tracking_uri()
    uri = f"sqlite:///{tmp_path_factory.mktemp('mlflow')}/mlflow.db"
    mlflow.set_tracking_uri(uri)
    yield uri
    mlflow.set_tracking_uri(before)


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
