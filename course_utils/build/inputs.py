"""What code, packages and data a result was computed from, as text that can be hashed.

Comments are left out, so that a better explanation of a helper makes nothing stale.
"""

import ast
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from course_utils import _HOMES

PACKAGE = "course_utils"
_OURS = (PACKAGE, "tests")


class Code:
    """The modules of a checkout, and which of them use which. It reads each file once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._read: dict[Path, str] = {}
        self._modules: dict[str, tuple[str, Path | None]] = {}

    def text(self, path: Path) -> str:
        """The file's lines without comments and empty ones; nothing where there is no file."""
        if path not in self._read:
            self._read[path] = without_comments(_text(path))
        return self._read[path]

    def used(
        self, texts: Iterable[str], leave_out: re.Pattern[str] | None = None
    ) -> dict[str, Path]:
        """The modules of this checkout that code uses, directly and through one another.

        Args:
            texts: code of notebooks or modules, each valid Python but for lines of IPython.
            leave_out: modules that are left out, with what only they use.
        """
        found: dict[str, Path] = {}
        waiting = [name for text in texts for name in imports(text)]
        while waiting:
            module, path = self.module(waiting.pop())
            if path is None or module in found or (leave_out and leave_out.fullmatch(module)):
                continue
            found[module] = path
            waiting += imports(self.text(path))
        found.pop(PACKAGE, None)  # it only forwards names
        return found

    def module(self, dotted: str) -> tuple[str, Path | None]:
        """The module that `dotted` is, or whose name it is, and that module's file."""
        if dotted not in self._modules:
            self._modules[dotted] = self._find(dotted)
        return self._modules[dotted]

    def _find(self, dotted: str) -> tuple[str, Path | None]:
        while dotted:
            base = self._root.joinpath(*dotted.split("."))
            for path in (base.with_suffix(".py"), base / "__init__.py"):
                if path.exists():
                    return dotted, path
            dotted = dotted.rpartition(".")[0]
        return "", None

    def package(self, name: str) -> list[str]:
        """The modules of one package, "course_utils.lab"."""
        folder = self._root.joinpath(*name.split("."))
        return [f"{name}.{path.stem}" for path in sorted(folder.glob("*.py"))]


def imports(code: str) -> list[str]:
    """Each name that the code imports from this project: "course_utils.figures.show"."""
    return list(_imports(code))


@cache
def _imports(code: str) -> tuple[str, ...]:
    lines = [line for line in code.splitlines() if not line.lstrip().startswith(("%", "!"))]
    return tuple(_imported(ast.parse("\n".join(lines))))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and _ours(node.module or ""):
            for alias in node.names:
                home = _HOMES.get(alias.name) if node.module == PACKAGE else None
                yield f"{PACKAGE}.{home}" if home else f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if _ours(alias.name))


def _ours(module: str) -> bool:
    return module.split(".")[0] in _OURS


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def without_comments(text: str) -> str:
    """The lines that are neither empty nor only a comment."""
    lines = [line.rstrip() for line in text.splitlines()]
    return "\n".join(line for line in lines if line and not line.lstrip().startswith("#"))


# --- packages and data --------------------------------------------------------------------------


def asked_for(root: Path) -> list[str]:
    """`name==version` of each package that the course itself asks for, as uv.lock has them."""
    lock = _lock(root)
    return _pins(lock, {need["name"] for need in _needs(lock, _PROJECT, ())} - _INSTEAD)


def learners_packages(root: Path) -> list[str]:
    """`name==version` of all that a learner's environment gets; not what only authors need."""
    lock = _lock(root)
    found: set[tuple[str, tuple[str, ...]]] = set()
    waiting: list[tuple[str, tuple[str, ...]]] = [(_PROJECT, ())]
    while waiting:
        name, extras = each = waiting.pop()
        if each not in found:
            found.add(each)
            needs = _needs(lock, name, extras)
            waiting += [(need["name"], tuple(need.get("extra", ()))) for need in needs]
    return _pins(lock, {name for name, _ in found} - {_PROJECT} - _INSTEAD)


# Packages that no other one uses, with what they bring along, by their own name.
_BY_NAME = {"hyperopt": ("hyperopt", "networkx")}


def used_by(texts: Iterable[str], pins: Iterable[str]) -> list[str]:
    """Those of `name==version` that count for code with these texts.

    A package that no other one uses counts where it is named: bringing one in leaves all results
    current that were computed without it.
    """
    texts = list(texts)
    left_out = {
        name
        for package, names in _BY_NAME.items()
        if not any(package in text for text in texts)
        for name in names
    }
    return [pin for pin in pins if pin.split("==")[0] not in left_out]


_PROJECT = "course-utils"
_GROUP = "course"  # of the project's packages: those of learners
_INSTEAD = {"xgboost"}  # on macOS what xgboost-cpu is elsewhere: the same code under another name
_Lock = dict[str, list[dict[str, Any]]]  # by name; a package may have a version for each Python


def _lock(root: Path) -> _Lock:
    path = root / "uv.lock"
    lock: _Lock = {}
    for package in tomllib.loads(_text(path)).get("package", ()):
        lock.setdefault(package["name"], []).append(package)
    return lock


def _needs(lock: _Lock, name: str, extras: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for package in lock.get(name, ()):
        yield from package.get("dependencies", ())
        yield from package.get("dev-dependencies", {}).get(_GROUP, ())
        for extra in extras:
            yield from package.get("optional-dependencies", {}).get(extra, ())


def _pins(lock: _Lock, names: Iterable[str]) -> list[str]:
    return sorted(f"{name}=={package['version']}" for name in names for package in lock[name])


def data_sets(root: Path, names: tuple[str, ...], part: str = "data_sets") -> str:
    """What the manifest says about these data sets: above all the hashes of their files.

    Args:
        root: the checkout.
        names: as in course.toml; "trips" stands for trips_day1, trips_day2, …
        part: "data_sets", or "siblings" for those that answers are judged on once more.
    """
    sets = json.loads(_text(root / "datasets" / "manifest.json") or "{}").get(part, {})
    used = {
        name: entry
        for name, entry in sets.items()
        if any(name == wanted or name.startswith(f"{wanted}_") for wanted in names)
    }
    return json.dumps(used, sort_keys=True)
