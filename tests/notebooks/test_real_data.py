"""Demos and solutions run to their end with a real listing file in place of the generated one."""

import os
import shutil
from pathlib import Path

import pytest

from course_utils import data, paths
from course_utils.build.execute import away_from_learner, run
from course_utils.build.source import FOLDERS, Role, Sources, Tree

MIME = "application/vnd.course.check+json"
ROLES: tuple[Role, ...] = ("demo", "solution")
NOTEBOOKS = {
    f"real data: {FOLDERS[role]}/{sources.lesson.name}.ipynb": (sources, role)
    for sources in Tree.of_course().all()
    for role in ROLES
    if role in sources.roles and sources.reads(role, "listings")
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
@pytest.mark.parametrize(("sources", "role"), NOTEBOOKS.values(), ids=NOTEBOOKS.keys())
def test_runs_on_real_listings(store: Path, sources: Sources, role: Role) -> None:
    with away_from_learner() as environment:
        environment["COURSE_DATA"] = os.fspath(store)
        done = run(sources.notebook(role), environment)
    failed = [
        (output.data[MIME]["question"], output.data[MIME]["status"], output.data["text/plain"])
        for cell in done.cells
        for output in cell.get("outputs", ())
        if MIME in output.get("data", {})
        and role == "solution"
        and not output.data[MIME]["status"].startswith("pass")
    ]
    assert failed == []
