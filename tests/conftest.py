"""Fixtures that several areas share."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from course_utils import data, paths
from course_utils.build.source import Tree
from course_utils.config import Lesson

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MakeTree = Callable[..., Tree]


@pytest.fixture(scope="session")
def spark() -> Iterator["SparkSession"]:
    """One session for all tests that need Spark and don't start their own.

    It lasts as long as the run, so its JVM is none of the pool's, which notebooks wait for.
    """
    from course_utils import get_spark

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_POOL", "")
        session = get_spark("tests")
    yield session
    session.stop()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with the real listing file; the test is skipped where there is none."""
    folder = os.environ.get("COURSE_REAL_DATA")
    if not folder:
        pytest.skip("COURSE_REAL_DATA is not set: no real listings at hand")
    return Path(folder)


@pytest.fixture(scope="session")
def real_listings(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data store with the real file in use, made once for all workers of a run."""
    from course_utils.data.files import alone

    # Each worker has a folder of its own in that of the run
    mine = tmp_path_factory.getbasetemp()
    run = mine.parent if os.environ.get("PYTEST_XDIST_WORKER") else mine
    store, generated = run / "real_listings", paths.data() / "small"
    with alone(run), pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_DATA", str(store))
        if not (store / "in_use.json").exists():
            store.mkdir(exist_ok=True)
            (store / "small").symlink_to(generated)
            data.use(real_data / "sf_airbnb_clean.parquet")
    return store


@pytest.fixture(scope="session")
def movielens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data store with files of MovieLens' form in use: other people, films, numbers and stars."""
    from course_utils.data import films
    from course_utils.data.variant import Variant

    store = tmp_path_factory.mktemp("movielens")
    files, others = store / "ml", Variant.SIBLING
    files.mkdir()
    rated, listed = films.ratings(others).to_pandas(), films.films(others).to_pandas()
    titles = listed["title"] + " (" + listed["year"].astype(str) + ")"
    # Their numbers have gaps, and neither file is in the order of ours
    numbers = {"userId": 3 * rated["user_id"] + 7, "movieId": 41 * rated["film_id"] % 10_007}
    ratings = rated[["rating", "timestamp"]].assign(**numbers).sample(frac=1, random_state=1)
    columns = ["userId", "movieId", "rating", "timestamp"]
    ratings[columns].to_csv(files / "ratings.csv", index=False)
    movies = {"movieId": 41 * listed["film_id"] % 10_007, "title": titles}
    listed[["genres"]].assign(**movies)[["movieId", "title", "genres"]].to_csv(
        files / "movies.csv", index=False
    )
    (store / "small").symlink_to(paths.data() / "small")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_DATA", str(store))
        data.use(files / "ratings.csv")
    return store


def _make(
    root: Path,
    files: dict[str, str] | None = None,
    points: dict[str, float] | None = None,
    lab: bool = True,
    objectives: tuple[str, ...] = (),
) -> Tree:
    for name, text in (files or {}).items():
        path = root / "lessons" / "06_tiny" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    questions = [
        SimpleNamespace(
            id=id,
            points=value,
            hints=("a", "b"),
            mistakes=("a", "b", "c"),
            names={"rows": "integer"},
            columns={},
            keys={},
            choices={},
            looks_at={},
        )
        for id, value in (points or {}).items()
    ]
    lesson = Lesson(
        number="06", slug="tiny", title="Tiny", part="Foundations", demo_minutes=5,
        lab_minutes=5 if lab else 0,
        data=(), objectives=objectives,
    )  # fmt: skip
    return Tree(root, (lesson,), lambda number: questions)


@pytest.fixture(scope="session")
def make_tree_at() -> MakeTree:
    """Makes a small checkout of one lesson, 06_tiny, in a folder, from the texts of its files."""
    return _make


@pytest.fixture
def make_tree(tmp_path: Path) -> MakeTree:
    """As `make_tree_at`, in a folder of the test's own."""
    return partial(_make, tmp_path)
