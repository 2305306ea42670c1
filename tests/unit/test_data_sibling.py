"""The sibling: the same files with other numbers, wherever data are asked for."""

import dataclasses
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from scipy import stats

from course_utils import data, paths
from course_utils.data import Variant, splits, store
from course_utils.data.files import sha256

SIBLING = Variant.SIBLING
FEATURES = [
    "accommodates",
    "bedrooms",
    "bathrooms",
    "minimum_nights",
    "number_of_reviews",
    "review_scores_rating",
]


@pytest.fixture(autouse=True)
def _own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COURSE_SCALE", "small")
    monkeypatch.setenv("COURSE_SIBLING", "1")


# --- what one gets -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", store.DATA_SETS)
def test_locate_makes_the_sibling_at_first_use(name):
    path = Path(data.locate(name))
    assert path == store.generated(name, SIBLING)
    assert path.name == store.generated(name).name
    assert path.parent.name == "sibling"
    assert data.locate(name, generated=True) == str(path)
    assert sha256(path) == store.known(name, SIBLING)["sha256"] != store.known(name)["sha256"]
    assert not store.generated(name).exists(), "the course's own is not needed"


def test_without_the_variable_everything_is_as_ever(monkeypatch):
    for value in ("", None):
        if value is None:
            monkeypatch.delenv("COURSE_SIBLING")
        else:
            monkeypatch.setenv("COURSE_SIBLING", value)
        assert Path(data.locate("stores")).parent.name == "small"
        assert "sibling" not in splits.split_folder().name
        assert data.get_truth("orders").hot_store == 1
        assert {entry.source for entry in data.listing()} == {"generated", "generated, small"}


def test_the_sibling_stands_in_for_a_learners_own_file_too(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_SIBLING")
    own = tmp_path / "own.parquet"
    own.write_bytes(Path(data.locate("listings")).read_bytes())
    used = data.use(own)
    assert data.locate("listings") == str(used.cleaned)
    assert data.get_truth("listings") is None
    monkeypatch.setenv("COURSE_SIBLING", "1")
    assert data.locate("listings") == str(store.generated("listings", SIBLING))
    assert data.locate("listings_raw") == str(store.generated("listings_raw", SIBLING))
    assert data.get_truth("listings") == store.truth_of("listings", SIBLING)
    assert splits.split_folder() != used.splits
    assert {entry.source for entry in data.listing()} == {"sibling"}


def test_the_sibling_is_small_at_any_scale(monkeypatch):
    monkeypatch.setenv("COURSE_SCALE", "large:5000000")
    assert Path(data.locate("listings")).is_file()
    rows = {entry.name: entry.rows for entry in data.listing()}
    assert rows == {name: store.known(name, SIBLING)["rows"] for name in store.DATA_SETS}


def test_ensure_and_is_ready_know_both():
    assert not data.is_ready(SIBLING)
    data.ensure(variant=SIBLING)
    assert data.is_ready(SIBLING)
    assert not data.is_ready(), "the course's own data are another matter"
    store.generated("stores", SIBLING).write_bytes(b"damaged")
    assert not data.is_ready(SIBLING)
    assert Path(data.locate("stores")).stat().st_size == store.known("stores", SIBLING)["bytes"]


def test_two_processes_at_once_give_one_right_sibling():
    code = "from course_utils import data; [data.locate(name) for name in data.store.DATA_SETS]"
    started = [
        subprocess.Popen([sys.executable, "-c", code], cwd=paths.ROOT, env=os.environ.copy())
        for _ in range(2)
    ]
    assert [process.wait(timeout=120) for process in started] == [0, 0]
    assert data.is_ready(SIBLING)


# --- the same files ------------------------------------------------------------------------------


def _both(name: str) -> tuple[Path, Path]:
    for variant in Variant:
        store.ensure([name], variant)
    return store.generated(name), store.generated(name, SIBLING)


@pytest.mark.parametrize("name", store.DATA_SETS)
def test_columns_and_types_are_the_same_and_the_number_of_rows_is_not(name):
    own, sibling = _both(name)
    if own.suffix == ".parquet":
        assert pq.read_schema(own).equals(pq.read_schema(sibling))
    else:
        first, second = (path.read_bytes().split(b"\n")[0] for path in (own, sibling))
        assert first == second
    before, rows = store.known(name)["rows"], store.known(name, SIBLING)["rows"]
    assert 0.8 * before <= rows < before
    assert rows % 10, "no round number that one could guess"


# Six months of history are what the demo's windows need; four axes of taste belong to the form
_SAME = {"weeks", "rank", "axes"}


@pytest.mark.parametrize(
    "name",
    ["brennholm", "customers", "orders", "riders", "trips_day1", "listings", "readings", "ratings"],
)
def test_no_fact_of_the_truth_is_the_same(name):
    own, sibling = (store.truth_of(name, variant) for variant in Variant)
    for fact in {field.name for field in dataclasses.fields(own)} - _SAME:
        assert _differs(getattr(own, fact), getattr(sibling, fact)), fact


def _differs(own: Any, sibling: Any) -> bool:
    """Whether two facts differ; of a tuple every part has to, of a table any number."""
    if isinstance(own, pd.DataFrame):
        return not own.equals(sibling)
    if isinstance(own, tuple):
        return len(own) != len(sibling) or all(a != b for a, b in zip(own, sibling, strict=True))
    if isinstance(own, Mapping):
        return any(own[key] != sibling[key] for key in own)
    return bool(own != sibling)


# --- what an answer could have been typed in from, or be right by luck ----------------------------


def _most_frequent(name: str, column: str, **how: Any) -> set[str]:
    """The most frequent value of a column in either variant."""
    read = (pd.read_csv(path, **how) if how else pd.read_parquet(path) for path in _both(name))
    return {str(rows[column].mode()[0]) for rows in read}


@pytest.mark.parametrize(
    ("name", "column", "how"),
    [
        ("listings", "neighbourhood_cleansed", {}),
        ("listings", "property_type", {}),
        ("churn", "churned", {}),
        ("orders", "store_id", {}),
        ("riders", "home", {}),
        ("devices", "site", {}),
        ("devices", "model", {}),
        ("films", "genres", {}),
        ("trips_day1", "station", {"sep": ","}),
        ("trips_day4", "bike_kind", {"sep": ","}),
        ("brennholm", "bedrooms", {"sep": ";", "encoding": "latin-1"}),
        ("brennholm", "host_is_superhost", {"sep": ";", "encoding": "latin-1"}),
        ("brennholm", "neighbourhood_cleansed", {"sep": ";", "encoding": "latin-1"}),
    ],
)
def test_another_category_is_the_most_frequent(name, column, how):
    assert len(_most_frequent(name, column, **how)) == 2


def test_the_web_shop_is_another_store():
    own, sibling = (pd.read_parquet(path) for path in _both("stores"))
    online = [frame.loc[frame["city"] == "online", "store_id"].tolist() for frame in (own, sibling)]
    assert online[0] != online[1]
    assert online[1] == [store.truth_of("orders", SIBLING).hot_store]


def test_other_devices_are_broken_and_other_films_stay_unrated():
    own, sibling = (store.truth_of("readings", variant) for variant in Variant)
    assert own.broken.keys() == sibling.broken.keys()
    for kind, numbers in own.broken.items():
        assert not {*numbers} & {*sibling.broken[kind]}, kind
    assert not {*own.large} & {*sibling.large}
    mine, other = (store.truth_of("ratings", variant) for variant in Variant)
    assert {*mine.unrated} != {*other.unrated}
    assert not {*mine.newcomers} & {*other.newcomers}


@pytest.fixture(scope="module")
def sides(spark, tmp_path_factory) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Train and test rows of the sibling's listings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_DATA", str(tmp_path_factory.mktemp("data")))
        patch.setenv("COURSE_SIBLING", "1")
        train, test = data.load_split("listings")
        yield train.toPandas(), test.toPandas()


@pytest.mark.spark
def test_the_split_is_one_of_the_sibling(spark, sides):
    train, test = data.load_split("listings")
    folder = splits.split_folder()
    assert folder.name.startswith("sibling-")
    assert folder.is_dir()
    assert [len(side) for side in sides] == [train.count(), test.count()]
    assert train.count() + test.count() == store.known("listings", SIBLING)["rows"]


@pytest.mark.spark
def test_a_column_of_the_regression_costs_less_than_nothing(sides):
    train, test = sides
    full = _test_rmse(train, test, FEATURES)
    cost = {
        name: _test_rmse(train, test, [other for other in FEATURES if other != name]) - full
        for name in FEATURES
    }
    assert min(cost.values()) < -0.1
    assert max(cost.values()) > 1


def _test_rmse(train: pd.DataFrame, test: pd.DataFrame, columns: list[str]) -> float:
    known, new = (side[columns].assign(one=1.0).to_numpy() for side in (train, test))
    slopes, *_ = np.linalg.lstsq(known, train["price"].to_numpy(), rcond=None)
    return float(np.sqrt(np.mean((test["price"] - new @ slopes) ** 2)))


@pytest.mark.spark
def test_the_middle_prices_are_not_round_and_tell_the_sides_apart(sides):
    train, test = (side["price"] for side in sides)
    every = pd.concat([train, test])
    middle = train.median()
    assert middle % 10
    assert middle % 50
    assert train.mean() % 1
    assert all(value % 10 for value in train.quantile([0.25, 0.75]))
    for other in (test.median(), every.median()):
        assert abs(middle / other - 1) > 0.01
    assert abs(middle / 150 - 1) > 0.1, "which is the median of the course's own training rows"


@pytest.mark.spark
def test_a_kind_of_place_is_unknown_to_the_training_rows(sides):
    train, test = sides
    assert set(test["property_type"]) - set(train["property_type"])


@pytest.mark.spark
def test_one_relation_is_doubtful_and_another_is_there_now(sides):
    train, _ = sides
    half = train["bathrooms"] % 1 > 0
    doubtful = stats.chi2_contingency(pd.crosstab(train["room_type"], half)).pvalue
    assert 0.01 < doubtful < 0.05
    hosts = pd.crosstab(train["room_type"], train["host_is_superhost"])
    assert stats.chi2_contingency(hosts).pvalue < 0.001, "0.2 in the course's own"
