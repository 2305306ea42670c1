"""Which packages a notebook has to install before it runs on Databricks."""

import ast
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import packages_distributions

from packaging.requirements import Requirement

from course_utils import paths

# Installing PySpark, or what brings it, ends a session on serverless compute; the others are what
# its client works with, in the versions that fit it.
_OF_THE_PLATFORM = {"pyspark", "delta-spark", "pandas", "pyarrow"}
_ALWAYS = {"matplotlib"}  # the style of all figures
# One name for both kinds of processor that serverless compute may run on
_THERE = {"xgboost-cpu": "xgboost"}


def needed(texts: Iterable[str]) -> list[str]:
    """What pip has to see to, as the course asks for it: "optuna>=4.5".

    Args:
        texts: code of a notebook and of its helpers.
    """
    homes = _homes()
    names = {name for text in texts for module in _imported(text) for name in homes.get(module, ())}
    return sorted(
        f"{_THERE.get(need.name, need.name)}{need.specifier}"
        for need in _asked_for()
        if need.name in (names | _ALWAYS) - _OF_THE_PLATFORM
    )


_homes = cache(packages_distributions)  # it looks at every file of every package


def _asked_for() -> list[Requirement]:
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = [*project["project"]["dependencies"], *project["dependency-groups"].get("course", ())]
    needs = [Requirement(line) for line in lines]
    linux = {"sys_platform": "linux"}
    return [need for need in needs if need.marker is None or need.marker.evaluate(linux)]


def _imported(text: str) -> set[str]:
    """The top modules that code imports."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found
