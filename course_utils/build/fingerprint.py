"""What an executed notebook was computed from, as one short hash.

Prose is not part of it: an author may correct a sentence without running Spark. Neither are
comments, so that a better explanation of a helper does not re-run thirty lessons.
"""

import ast
import hashlib
import json
import re
from functools import cache
from pathlib import Path

from course_utils import _HOMES, paths
from course_utils.build.source import RAISES, Role, Sources

_PACKAGE = "course_utils"

# Modules that reach no output. Naming one here saves running thirty lessons again; leaving one out
# costs no more than that, and what a module does change after all shows in the compared outputs.
_NO_EFFECT = re.compile(
    _PACKAGE
    + r"""\.(?:errors | percent
    # where things run, and the registry, which counts only where it is drawn
    | config
    # how fast a session starts
    | session\.(?:archive | bench | fetch | files | jars | java | jvm | lease | pool | warm)
    # how data is made: the manifest has the hashes of what comes out
    | data\.(?:blocks | brennholm | churn | city | customers | files | in_use | listings | orders
        | real | riders | scale | store | trips | use)
    # what is kept of a learner's work, and how it is run again
    | lab\.(?:content | progress_file)
    | workbook\.(?:copies | progress | recheck)
    )""",
    re.VERBOSE,
)


def fingerprint(sources: Sources, role: Role) -> str:
    """The hash of all that decides this notebook's outputs: its code, questions, data, helpers."""
    digest = hashlib.sha256()
    root = sources.tree.root
    code = [cell for cell in sources.cells(role) if cell.kind != "markdown"]
    for cell in code:
        digest.update(json.dumps([cell.solution, RAISES in cell.tags]).encode())
    for name in ("questions.py", "quiz.toml"):
        path = sources.folder / name
        if path.exists():
            digest.update(_without_comments(path).encode())
    digest.update(_data(root, sources.lesson.data).encode())
    used = helpers("\n".join(cell.solution for cell in code))
    if f"{_PACKAGE}.workbook.map" in used:
        digest.update(repr(sources.tree.lessons).encode())
    for module in sorted(used):
        digest.update(f"{module}\n{_without_comments(used[module])}".encode())
    return digest.hexdigest()[:16]


def helpers(code: str) -> dict[str, Path]:
    """The modules of this package that notebook code uses, directly and through one another."""
    found: dict[str, Path] = {}
    waiting = []
    for module, name in _imports(code):
        home = _HOMES.get(name) if module == _PACKAGE else None
        waiting.append(f"{_PACKAGE}.{home}" if home else f"{module}.{name}")
    while waiting:
        module, path = _module(waiting.pop())
        if path is None or module in found or _NO_EFFECT.fullmatch(module):
            continue
        found[module] = path
        waiting += [f"{of}.{name}" for of, name in _imports(path.read_text(encoding="utf-8"))]
    found.pop(_PACKAGE, None)  # it only forwards names
    return found


@cache
def _imports(code: str) -> list[tuple[str, str]]:
    """(module, name) of each import from this package; lines of IPython are left out."""
    lines = [line for line in code.splitlines() if not line.lstrip().startswith(("%", "!"))]
    found = []
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == _PACKAGE:
            found += [(node.module or "", alias.name) for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
            found += [tuple(name.rpartition(".")[::2]) for name in names if _PACKAGE in name]  # type: ignore[misc]
    return found


def _module(dotted: str) -> tuple[str, Path | None]:
    """The module that `dotted` is, or whose name it is, and that module's file."""
    while dotted:
        base = paths.ROOT.joinpath(*dotted.split("."))
        for path in (base.with_suffix(".py"), base / "__init__.py"):
            if path.exists():
                return dotted, path
        dotted = dotted.rpartition(".")[0]
    return "", None


def _without_comments(path: Path) -> str:
    lines = [line.rstrip() for line in path.read_text(encoding="utf-8").splitlines()]
    return "\n".join(line for line in lines if line and not line.lstrip().startswith("#"))


def _data(root: Path, names: tuple[str, ...]) -> str:
    """What the manifest says about these data sets."""
    path = root / "datasets" / "manifest.json"
    if not path.exists():
        return ""
    sets = json.loads(path.read_text(encoding="utf-8"))["data_sets"]
    # "trips" stands for trips_day1, trips_day2, …
    used = {
        name: entry
        for name, entry in sets.items()
        if any(name == wanted or name.startswith(f"{wanted}_") for wanted in names)
    }
    return json.dumps(used, sort_keys=True)
