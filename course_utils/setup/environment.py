"""`environment.yml` for conda users, made from uv.lock: the same packages at the same versions."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_utils import paths
from course_utils.session.files import write_text

JAVA = "17"
NAME = "environment.yml"
_HEAD = """\
# Made from uv.lock by ./course build: do not edit. For those who prefer conda:
#   conda env create -f environment.yml
#   conda activate spark-ml-course
#   python -m course_utils.cli start
"""

Package = dict[str, Any]
Conditions = frozenset[str]  # markers that must all hold


@dataclass(frozen=True, order=True)
class Pin:
    """One package of the lock, and the marker under which it is wanted ("" for always)."""

    name: str
    version: str
    marker: str

    def __str__(self) -> str:
        return f"{self.name}=={self.version}" + (f" ; {self.marker}" if self.marker else "")


def pins(root: Path = paths.ROOT) -> list[Pin]:
    """Every package that the lock installs for this project and its tests, by name.

    A package's marker says when any chain of dependencies leads to it.
    """
    lock = _lock(root)
    packages = {(item["name"], item["version"]): item for item in lock["package"]}
    latest = {item["name"]: item for item in lock["package"]}  # for names that occur once
    project = next(item for item in lock["package"] if "editable" in item["source"])
    reached: dict[tuple[str, str], set[Conditions]] = {}
    seen: set[tuple[str, str, tuple[str, ...], Conditions]] = set()
    groups = (project.get("dev-dependencies", {}).get("dev", ()),)  # rivals are for benchmarks only
    wanted = [
        (dependency, frozenset[str]())
        for part in (project["dependencies"], *groups)
        for dependency in part
    ]
    while wanted:
        dependency, conditions = wanted.pop()
        if "marker" in dependency:
            conditions |= {dependency["marker"]}
        name, extras = dependency["name"], tuple(dependency.get("extra", ()))
        package = packages.get((name, dependency.get("version", "")), latest[name])
        key = (name, package["version"])
        if (*key, extras, conditions) in seen:
            continue
        seen.add((*key, extras, conditions))
        reached.setdefault(key, set()).add(conditions)
        wanted += [(item, conditions) for item in _dependencies(package, extras)]
    return sorted(Pin(*key, _either(ways)) for key, ways in reached.items())


def _lock(root: Path) -> dict[str, Any]:
    with (root / "uv.lock").open("rb") as file:
        return tomllib.load(file)


def _dependencies(package: Package, extras: tuple[str, ...]) -> Iterator[Package]:
    yield from package.get("dependencies", ())
    for extra in extras:
        yield from package.get("optional-dependencies", {}).get(extra, ())


def _either(ways: set[Conditions]) -> str:
    """One marker for "this way or that", without the ways that another one covers."""
    kept = [way for way in ways if not any(other < way for other in ways)]
    if frozenset() in kept:
        return ""
    alternatives = sorted(
        " and ".join(f"({part})" if " or " in part else part for part in sorted(way))
        for way in kept
    )
    if len(alternatives) == 1:
        return alternatives[0]
    return " or ".join(f"({text})" if " and " in text else text for text in alternatives)


def render(root: Path = paths.ROOT) -> str:
    """The text of environment.yml as uv.lock makes it."""
    # The oldest Python that the lock allows: the one that the course is tested on.
    python = _lock(root)["requires-python"].split(",")[0].lstrip(">= ")
    lines = [
        "name: spark-ml-course",
        "channels:",
        "  - conda-forge",
        "dependencies:",
        f"  - python={python}",
        f"  - openjdk={JAVA}",
        "  - pip",
        "  - pip:",
        *(f'      - "{pin}"' for pin in pins(root)),
        "      - -e .",
    ]
    return _HEAD + "\n".join(lines) + "\n"


def write(root: Path = paths.ROOT) -> list[str]:
    """Write environment.yml; its name if it changed."""
    if not drift(root):
        return []
    write_text(root / NAME, render(root))
    return [NAME]


def drift(root: Path = paths.ROOT) -> list[str]:
    """A line if environment.yml is not what uv.lock makes."""
    try:
        same = (root / NAME).read_text(encoding="utf-8") == render(root)
    except OSError:
        return [f"{NAME} is missing. Run ./course build"]
    return [] if same else [f"{NAME} is not what uv.lock makes. Run ./course build"]
