"""Demos run to their end with a real listing file in place of the generated one.

So do the solutions of labs, where tests/content/test_answers.py proves their answers.
"""

import os
import shutil
from pathlib import Path

import pytest

from course_utils import data, paths
from course_utils.build.execute import away_from_learner, run
from course_utils.build.source import FOLDERS, Sources, Tree

DEMOS = {
    f"real data: {FOLDERS['demo']}/{sources.lesson.name}.ipynb": sources
    for sources in Tree.of_course().all()
    if "demo" in sources.roles and sources.reads("demo", "listings")
}


@pytest.fixture(scope="module")
def store(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data store of this test's own, with the real file in use."""
    folder = tmp_path_factory.mktemp("store")
    for path in paths.data().iterdir():
        if path.is_file():
            shutil.copy(path, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_DATA", str(folder))
        data.use(real_data / "sf_airbnb_clean.parquet")
    return folder


@pytest.mark.slow
@pytest.mark.spark
@pytest.mark.parametrize("sources", DEMOS.values(), ids=DEMOS.keys())
def test_runs_on_real_listings(store: Path, sources: Sources) -> None:
    with away_from_learner() as environment:
        environment["COURSE_DATA"] = os.fspath(store)
        run(sources.notebook("demo"), environment)
