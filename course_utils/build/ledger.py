"""What was proved, and from what: `proofs.json`, one line for each proof that passed.

A proof is a costly test: a lesson's demo, the answers of its lab, a slow group of unit tests. Its
line in the ledger is a fingerprint of all that it rests on. While that stays the same the proof is
fresh, and `./course test` repeats it only when it has its turn, once in six days.
"""

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from course_utils import paths
from course_utils.build import rotation
from course_utils.build.fingerprint import used_files
from course_utils.build.inputs import PACKAGE, Code, data_sets, learners_packages, used_by
from course_utils.build.source import CHECK_OUTPUT, Role, Sources, Tree, read
from course_utils.session.files import write_text
from course_utils.session.java import find_java

FILE = "proofs.json"
DAYS = 6  # in which every fresh proof is repeated once
_VARIABLE = "COURSE_PROOFS"  # the proofs of this run and their fingerprints, as JSON

# Files of unit tests that are a proof of their own, with what they use that no import shows (paths,
# or patterns of them).
SLOW_GROUPS: dict[str, tuple[str, ...]] = {
    "test_setup_startup": ("course", "pyproject.toml", "uv.lock"),
    "test_lab_in_browser": ("course",),
    "test_mlflow_pages": (
        "course",
        "lessons/08_mlflow_tracking/demo.py",
        "lessons/08_mlflow_tracking/helpers.py",
    ),
    "test_slides_in_browser": (
        "course_utils/slides/slides.css",
        "course_utils/slides/slides.js",
        "notebooks/*.ipynb",
    ),
    "test_exam_in_browser": (
        "course_utils/exam/ask.py",
        "course_utils/exam/choice.py",
        "course_utils/exam/exam_face.py",
        "course_utils/exam/notebook.py",
        "course_utils/exam/page.py",
        "lessons/03_ml_overview/quiz.toml",
    ),
    "test_site_in_browser": (
        "course_utils/site/extension.py",
        "site/conf.py",
        "site/static/course.css",
        "site/static/diagrams.js",
    ),
    "test_session": (),
    "test_session_elsewhere": (),
    "test_pool": (),
    "test_classroom_class": (
        "course_utils/classroom/probe.py",
        "course_utils/classroom/inside.py",
        "lessons/06_linear_regression_1/lab.py",
        "lessons/06_linear_regression_1/questions.py",
        "labs/06_linear_regression_1.ipynb",
        "lessons/06_linear_regression_1/answers/q2/lucky_pasted.py",
        "lessons/06_linear_regression_1/answers/q4/bad_adds-intercept.py",
    ),
    "test_automl_plain": (),
    "test_automl_platform": (),
    "test_automl_search": (),
    "test_automl_spark": (),
    "test_data_spark": (),
    "test_deployment": (),
    "test_export_runs": (
        "lessons/03_ml_overview/*.py",
        "lessons/20_logistic_regression/*.py",
        "datasets/manifest.json",
    ),
    "test_features_at_once": (),
    "test_features_chance": (),
    "test_features_given": (),
    "test_features_join": (),
    "test_features_model": ("docs/features.md",),
    "test_features_moments": (),
    "test_features_platform": (),
    "test_features_tables": (),
    "test_features_values": (),
    "test_lab_spark": (),
    "test_registry_kills": (),
    "test_registry_plain": ("docs/registry.md",),
}
# Whose lesson they work, or what else they open
_IN_BROWSER = {
    "test_lab_in_browser": "06",
    "test_mlflow_pages": "08",
    "test_exam_in_browser": "exam",
    "test_site_in_browser": "site",
    "test_slides_in_browser": "slides",
}
# What those run that have the launcher among their files
_COMMANDS = (f"{PACKAGE}.cli", f"{PACKAGE}.setup.launcher", f"{PACKAGE}.setup.later")

# How data is made, found, taken from a learner and known. The manifest has the hashes of what comes
# out, and the tests of data run each time, also on real listings; a set that one lesson needs is no
# reason to prove the others again. The quiz to be clicked is proved in the browser; how a session
# finds its Java, its JARs and a warm JVM, and how fast, by the groups for sessions and set-up.
_APART = re.compile(
    PACKAGE + r"\.(?:exam\.(?!ask$).*"
    r"|session\.(?:archive|bench|fetch|jars|java|jvm|lease|pool|warm)"
    r"|data\.(?:access|blocks|brennholm|churn|city|cleaning|customers|devices|files|films"
    r"|in_use|listings|market|movielens|numerals|orders|ranges|reading|real|refusal|riders|scale"
    r"|sheet|store|switched|trips|truth|unpack|use|variant))"
)
_JUDGES = (f"{PACKAGE}.lab", f"{PACKAGE}.build.proof")  # packages that judge every lab's answers
# The second one is named by nbgrader's settings, which no parser of imports sees
_GRADERS = (f"{PACKAGE}.build.roundtrip", f"{PACKAGE}.build.grading_steps")
_REAL = "on real listings"
_RATED = "on other ratings"


@dataclass(frozen=True)
class Proof:
    """One line of the ledger: its name, and what it rests on."""

    name: str  # "06 answers on real listings", "unit: test_pool"
    modules: tuple[str, ...] = ()  # those that prove it, each with all that it imports
    alone: tuple[str, ...] = ()  # those of which only they themselves count
    facts: tuple[str, ...] = ()  # cells, outputs, hashes of data
    code: tuple[str, ...] = ()  # code of cells, whose imports count
    files: tuple[Path, ...] = ()  # what is no module: answers, the launcher
    leave_out: re.Pattern[str] | None = _APART

    def fingerprint(self, code: Code, packages: Iterable[str]) -> str:
        """The hash of everything it rests on, but for the Java that it ran on."""
        digest = hashlib.sha256()
        scripts = [code.text(path) for path in self.files if path.suffix == ".py"]
        texts = [*self.facts, *self.code, *scripts]
        for part in (*self.facts, *self.code, *used_by(texts, packages)):
            digest.update(f"{part}\n".encode())
        for path in self.files:
            digest.update(f"{path.name}\n{code.text(path)}\n".encode())
        roots = [f"import {module}" for module in self.modules]
        used = code.used([*roots, *self.code, *scripts], self.leave_out)
        used |= {name: file for name in self.alone if (file := code.module(name)[1])}
        for module in sorted(used):
            digest.update(f"{module}\n{code.text(used[module])}\n".encode())
        return digest.hexdigest()[:16]


# --- what is to be proved -----------------------------------------------------------------------


def fingerprints(tree: Tree) -> dict[str, str]:
    """Every proof of this course by name, lesson after lesson, with its fingerprint now."""
    code, packages = Code(tree.root), learners_packages(tree.root)
    return {proof.name: proof.fingerprint(code, packages) for proof in _proofs(tree, code)}


def fingerprint(tree: Tree, name: str) -> str | None:
    """The fingerprint of one proof now; None where there is no such proof any more."""
    code = Code(tree.root)
    found = (proof for proof in _proofs(tree, code) if proof.name == name)
    proof = next(found, None)
    return None if proof is None else proof.fingerprint(code, learners_packages(tree.root))


def _proofs(tree: Tree, code: Code) -> Iterator[Proof]:
    judges = tuple(module for package in _JUDGES for module in code.package(package))
    for sources in tree.all():
        if "demo" in sources.roles:
            yield from _of_demo(sources)
        if "lab" in sources.roles:
            yield from _of_lab(sources, judges)
    for name, files in SLOW_GROUPS.items():
        folder = "browser" if name in _IN_BROWSER else "unit"
        modules = (f"tests.{folder}.{name}", *(_COMMANDS if "course" in files else ()))
        others = tuple(path for file in files for path in sorted(tree.root.glob(file)))
        yield Proof(group(name), modules, files=others, leave_out=None)


def group(file: str) -> str:
    """The line of a file in `SLOW_GROUPS`."""
    return f"{_IN_BROWSER[file]} in the browser" if file in _IN_BROWSER else f"unit: {file}"


def _of_demo(sources: Sources) -> Iterator[Proof]:
    name = f"{sources.lesson.number} demo"
    # What runs a demo is no part of what it says: of its imports nothing counts
    runs = ("tests.notebooks.test_demos", f"{PACKAGE}.build.execute", f"{PACKAGE}.build.compare")
    facts, code = _facts(sources, "demo"), _code(sources, "demo")
    files = tuple(used_files(sources, "demo"))
    outputs = _compared(sources, "demo")
    yield Proof(name, alone=runs, facts=(*facts, *outputs), code=code, files=files)
    if sources.reads("demo", "listings"):
        yield Proof(f"{name} {_REAL}", alone=runs, facts=facts, code=code, files=files)


def _of_lab(sources: Sources, judges: tuple[str, ...]) -> Iterator[Proof]:
    number = sources.lesson.number
    facts, code = _facts(sources, "solution"), _code(sources, "solution")
    checks = _there(sources, "questions.py", "answers/q*/_before.py")
    right, wrong = _there(sources, "answers/q*/ok_*.py"), _there(sources, "answers/q*/bad_*.py")
    texts = [*code, *(path.read_text(encoding="utf-8") for path in (*checks, *right, *wrong))]
    if any(re.search(r"\bhelpers\b", text) for text in texts):  # else the demo's alone
        checks += _there(sources, "helpers.py")

    modules = ("tests.content.test_answers", *judges)
    sibling = data_sets(sources.tree.root, sources.lesson.data, "siblings")
    yield Proof(
        f"{number} answers",
        modules,
        facts=(*facts, sibling),
        code=code,
        files=(*checks, *right, *wrong),
    )
    for data, others in (("listings", _REAL), ("films", _RATED)):
        if sources.reads("solution", data):
            yield Proof(
                f"{number} answers {others}",
                modules,
                facts=facts,
                code=code,
                files=(*checks, *right),
            )
    yield Proof(
        f"{number} graded",
        ("tests.notebooks.test_grading", *_GRADERS, *judges),
        facts=(*facts, sibling, *_compared(sources, "solution")),
        code=code,
        files=(*checks, *wrong, *_there(sources, "quiz.toml")),
    )


def _there(sources: Sources, *patterns: str) -> tuple[Path, ...]:
    return tuple(path for each in patterns for path in sorted(sources.folder.glob(each)))


def _facts(sources: Sources, role: Role) -> tuple[str, ...]:
    cells = [
        [cell.kind, cell.source, cell.tags, cell.question]
        for cell in sources.cells(role)
        if cell.kind != "markdown"
    ]
    return json.dumps(cells), data_sets(sources.tree.root, sources.lesson.data)


def _code(sources: Sources, role: Role) -> tuple[str, ...]:
    return tuple(cell.solution for cell in sources.cells(role) if cell.kind != "markdown")


def _compared(sources: Sources, role: Role) -> tuple[str, ...]:
    """The stored outputs that a run is compared with."""
    stored = read(sources.target(role))
    cells = () if stored is None else stored.cells
    return tuple(
        json.dumps([cell.id, cell.outputs], sort_keys=True)
        for cell in cells
        if CHECK_OUTPUT in cell.metadata.get("tags", ())
    )


# --- the ledger ---------------------------------------------------------------------------------


def java() -> str:
    """The Java that proofs run on: what passed on one says nothing about another."""
    return f"java {find_java().major}"


def load(root: Path) -> dict[str, dict[str, str]]:
    """By proof and Java, the fingerprint of what passed last."""
    path = root / FILE
    lines: dict[str, dict[str, str]] = {}
    if path.exists():
        lines = json.loads(path.read_text(encoding="utf-8"))
    return lines


def note(root: Path, name: str, fingerprint: str) -> None:
    """Write down that a proof has passed."""
    _change(root, name, fingerprint)


def forget(root: Path, name: str) -> None:
    """Take a proof out that has failed: it is due until it passes."""
    _change(root, name, None)


def _change(root: Path, name: str, fingerprint: str | None) -> None:
    state = paths.state()
    state.mkdir(parents=True, exist_ok=True)
    with (state / "proofs.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lines = load(root)
        if fingerprint is None:
            lines.get(name, {}).pop(java(), None)
        else:
            lines.setdefault(name, {})[java()] = fingerprint
        text = json.dumps({name: of for name, of in lines.items() if of}, indent=1, sort_keys=True)
        write_text(root / FILE, text + "\n")


def prune(tree: Tree) -> None:
    """Drop the lines of proofs that there are no more."""
    known = {proof.name for proof in _proofs(tree, Code(tree.root))}
    for name in set(load(tree.root)) - known:
        _change(tree.root, name, None)


# --- what is due --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Due:
    """Which proofs a run takes, with their fingerprints, and how many it leaves out."""

    stale: Mapping[str, str]
    again: Mapping[str, str]  # fresh, and run all the same
    fresh: int  # with those in `again`

    def __str__(self) -> str:
        return (
            f"Proofs: {len(self.stale)} stale, {self.fresh} fresh, "
            f"{len(self.again)} of them run again. "
            f"{rotation.VARIABLE}={rotation.today()} repeats the choice."
        )

    def as_variable(self) -> dict[str, str]:
        """What tells the tests which proofs to run, for their environment."""
        return {_VARIABLE: json.dumps({**self.stale, **self.again})}


NONE = Due({}, {}, 0)


def due(tree: Tree, number: str | None = None, everything: bool = False) -> Due:
    """The proofs that a run takes: those of one lesson, or all, or the stale and a sixth."""
    now, proved, here = fingerprints(tree), load(tree.root), java()
    stale = {name: print for name, print in now.items() if proved.get(name, {}).get(here) != print}
    fresh = {name: print for name, print in now.items() if name not in stale}
    if number is not None:
        mine = {name for name in now if name.startswith(f"{number} ")}
        stale = {name: print for name, print in stale.items() if name in mine}
        again = {name: print for name, print in fresh.items() if name in mine}
    elif everything:
        again = fresh
    else:
        places = _places(now)
        turn = {name for name, place in places.items() if rotation.is_due(place, DAYS)}
        again = {name: print for name, print in fresh.items() if name in turn}
    return Due(stale, again, len(fresh))


def _places(names: Iterable[str]) -> dict[str, int]:
    """A number for each proof, so that those of a day are of many lessons and of all kinds."""
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(name.split()[0], []).append(name)
    return {
        name: group + place
        for group, inside in enumerate(groups.values())
        for place, name in enumerate(inside)
    }


def of_this_run() -> dict[str, str] | None:
    """The proofs that `./course test` has chosen; None where pytest was started by itself."""
    chosen = os.environ.get(_VARIABLE)
    wanted: dict[str, str] | None = json.loads(chosen) if chosen else None
    return wanted
