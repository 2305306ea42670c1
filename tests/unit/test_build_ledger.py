"""Each kind of input makes exactly those proofs stale that rest on it; only a pass is noted."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import nbformat
import pytest

from course_utils.build import ledger, rotation
from course_utils.build.source import Role, Tree, write
from course_utils.errors import CourseError
from tests.plugins import proofs

MakeTree = Callable[..., Tree]

LESSON = {
    "demo.py": """
        # %% [markdown]
        # # 06 · Tiny

        # %% tags=["nbval-check-output"]
        from course_utils import get_spark, show
        import helpers
        print("listings")
    """,
    "lab.py": """
        # %% [markdown]
        # # 06 · Tiny: lab

        # %%
        from course_utils import get_spark
        rows = load("listings")

        # %% answer="q1" tags=["nbval-check-output"]
        ### STUB one = ...
        ### BEGIN SOLUTION
        one = 1
        ### END SOLUTION

        # %% check="q1"
        lab.q1.check()
    """,
    "questions.py": "from course_utils.lab import Question",
    "helpers.py": "wide = 1",
    "quiz.toml": "x = 1",
    "answers/q1/_before.py": "fit = 1",
    "answers/q1/ok_a.py": "one = 1",
    "answers/q1/bad_b.py": "one = 2",
}
MODULES = {
    "course_utils/build/execute.py": "x = 1",
    "course_utils/build/proof/prove.py": "from course_utils.lab import evaluate",
    "course_utils/build/grading_steps.py": "x = 1",
    "course_utils/build/roundtrip.py": "x = 1",
    "course_utils/data/__init__.py": "from course_utils.data import churn",
    "course_utils/data/churn.py": "x = 1",
    "course_utils/data/use.py": "x = 1",
    "course_utils/figures.py": "x = 1",
    "course_utils/lab/__init__.py": "x = 1",
    "course_utils/lab/evaluate.py": "# why\nx = 1",
    "course_utils/session/__init__.py": "def get_spark():\n    from course_utils import data\n"
    "    from course_utils.session import java",
    "course_utils/session/java.py": "x = 1",
    "tests/notebooks/test_demos.py": "from course_utils import lab\nx = 1",
    "tests/unit/test_pool.py": "from course_utils import session",
}
LOCK = """
[[package]]
name = "course-utils"
version = "0.1"
[package.optional-dependencies]
automl = [{ name = "ruff" }]
[package.dev-dependencies]
course = [{ name = "pyspark", extra = ["ml"] }]
dev = [{ name = "ruff" }]

[[package]]
name = "pyspark"
version = "4.2"
[package.optional-dependencies]
ml = [{ name = "numpy" }]

[[package]]
name = "numpy"
version = "2.4"

[[package]]
name = "ruff"
version = "0.17"
"""
DEMO, DEMO_REAL = "06 demo", "06 demo on real listings"
ANSWERS, ANSWERS_REAL, GRADED = "06 answers", "06 answers on real listings", "06 graded"
LAB = {ANSWERS, ANSWERS_REAL, GRADED}
BROWSER = "06 in the browser"
SLIDES = "slides in the browser"
UNITS = {ledger.group(name) for name in ledger.SLOW_GROUPS}
POOL = "unit: test_pool"


def store(tree: Tree, role: Role, printed: str) -> None:
    notebook = tree.lesson("06").notebook(role)
    cell = next(cell for cell in notebook.cells if cell.metadata.get("tags"))
    cell.outputs = [nbformat.v4.new_output("stream", text=printed)]
    write(notebook, tree.lesson("06").target(role))


@pytest.fixture
def tree(make_tree: MakeTree) -> Tree:
    small = make_tree(LESSON, {"q1": 1})
    manifest = {part: {"listings": {"sha256": "a"}} for part in ("data_sets", "siblings")}
    others = {"uv.lock": LOCK, "datasets/manifest.json": json.dumps(manifest)}
    for name, text in (MODULES | others).items():
        path = small.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    small = replace(small, lessons=(replace(small.lessons[0], data=("listings",)),))
    store(small, "demo", "listings\n")
    store(small, "solution", "1\n")
    return small


@pytest.mark.parametrize(
    ("file", "old", "new", "stale"),
    [
        ("lessons/06_tiny/demo.py", "print(", "print(1, ", {DEMO, DEMO_REAL}),
        ("lessons/06_tiny/demo.py", "Tiny", "Tiny, but better", set()),
        ("lessons/06_tiny/lab.py", "one = 1", "one = 1 + 0", LAB),
        ("lessons/06_tiny/lab.py", "Tiny", "Tiny, but better", set()),
        ("lessons/06_tiny/questions.py", "Question", "Question, Mistake", LAB),
        ("lessons/06_tiny/helpers.py", "1", "2", {DEMO, DEMO_REAL}),
        ("lessons/06_tiny/quiz.toml", "1", "2", {GRADED}),
        ("lessons/06_tiny/answers/q1/_before.py", "1", "2", LAB),
        ("lessons/06_tiny/answers/q1/ok_a.py", "1", "1.0", {ANSWERS, ANSWERS_REAL}),
        ("lessons/06_tiny/answers/q1/bad_b.py", "2", "3", {ANSWERS, GRADED}),
        ("notebooks/06_tiny.ipynb", '"listings\\n"', '"others\\n"', {DEMO, SLIDES}),
        ("solutions/06_tiny.ipynb", '"1\\n"', '"2\\n"', {GRADED}),
        ("course_utils/lab/evaluate.py", "x = 1", "x = 2", LAB),
        ("course_utils/lab/evaluate.py", "# why", "# why it is so", set()),
        ("course_utils/build/proof/prove.py", "evaluate", "evaluate as e", LAB),
        ("course_utils/build/roundtrip.py", "1", "2", {GRADED}),
        ("course_utils/build/grading_steps.py", "1", "2", {GRADED}),
        ("course_utils/build/execute.py", "1", "2", {DEMO, DEMO_REAL}),
        ("tests/notebooks/test_demos.py", "1", "2", {DEMO, DEMO_REAL}),
        ("course_utils/figures.py", "1", "2", {DEMO, DEMO_REAL}),
        ("course_utils/session/__init__.py", "data", "data as d", {DEMO, DEMO_REAL, *LAB, POOL}),
        # how a session starts has groups of its own
        ("course_utils/session/java.py", "1", "2", {POOL}),
        # how data is made or taken from a learner: there are hashes, and its tests run anyway
        ("course_utils/data/use.py", "1", "2", set()),
        ("course_utils/data/churn.py", "1", "2", {POOL}),
        ("tests/unit/test_pool.py", "session", "session as s", {POOL}),
        ("uv.lock", 'version = "4.2"', 'version = "4.3"', {DEMO, DEMO_REAL, *LAB, *UNITS}),
        ("uv.lock", 'version = "2.4"', 'version = "2.5"', {DEMO, DEMO_REAL, *LAB, *UNITS}),
        ("uv.lock", 'version = "0.17"', 'version = "0.18"', {"unit: test_setup_startup"}),
    ],
    # the name of a notebook in a test's own name promises that it runs one
    ids=lambda value: value.replace(".ipynb", "") if isinstance(value, str) else None,
)
def test_what_makes_which_proofs_stale(
    tree: Tree, file: str, old: str, new: str, stale: set[str]
) -> None:
    before = ledger.fingerprints(tree)
    assert set(before) == {DEMO, DEMO_REAL, *LAB, *UNITS}
    path = tree.root / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    after = ledger.fingerprints(tree)
    assert {name for name, fingerprint in after.items() if fingerprint != before[name]} == stale
    assert all(ledger.fingerprint(tree, name) == after[name] for name in (DEMO, ANSWERS, POOL))


def test_helpers_count_for_a_lab_that_uses_them(tree: Tree) -> None:
    folder = tree.root / "lessons" / "06_tiny"
    (folder / "questions.py").write_text("from course_utils import helpers")
    before = ledger.fingerprints(tree)
    (folder / "helpers.py").write_text("wide = 2")
    after = ledger.fingerprints(tree)
    assert {name for name in after if after[name] != before[name]} == {DEMO, DEMO_REAL, *LAB}


@pytest.mark.parametrize(
    ("part", "stale"),
    [("data_sets", {DEMO, DEMO_REAL, *LAB}), ("siblings", {ANSWERS, GRADED})],
)
def test_data_makes_stale_what_uses_it(tree: Tree, part: str, stale: set[str]) -> None:
    before = ledger.fingerprints(tree)
    path = tree.root / "datasets" / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest[part]["trips"] = {"sha256": "of no lesson here"}

    def changed() -> set[str]:
        path.write_text(json.dumps(manifest))
        after = ledger.fingerprints(tree)
        # An export takes all data along
        return {name for name in after if after[name] != before[name]} - {"unit: test_export_runs"}

    assert changed() == set()
    manifest[part]["listings"]["sha256"] = "b"
    assert changed() == stale


# --- what is due --------------------------------------------------------------------------------


@pytest.fixture
def proved(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """A checkout in which everything has passed, on Java 17."""
    monkeypatch.setattr(ledger, "java", lambda: "java 17")
    for name, fingerprint in ledger.fingerprints(tree).items():
        ledger.note(tree.root, name, fingerprint)
    return tree


def on(monkeypatch: pytest.MonkeyPatch, day: int) -> None:
    monkeypatch.setenv("COURSE_ROTATION", str(date(2026, 11, 26) + timedelta(day)))


def test_all_is_stale_until_it_was_proved(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, 0)
    due = ledger.due(tree)
    assert set(due.stale) == {DEMO, DEMO_REAL, *LAB, *UNITS}
    assert (due.again, due.fresh) == ({}, 0)


def test_what_was_proved_on_one_java_is_stale_on_another(
    proved: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not ledger.due(proved).stale
    monkeypatch.setattr(ledger, "java", lambda: "java 25")
    assert set(ledger.due(proved).stale) == {DEMO, DEMO_REAL, *LAB, *UNITS}
    ledger.note(proved.root, DEMO, ledger.fingerprints(proved)[DEMO])
    assert DEMO not in ledger.due(proved).stale
    monkeypatch.setattr(ledger, "java", lambda: "java 17")
    assert not ledger.due(proved).stale


def test_in_six_days_each_fresh_proof_is_repeated_once(
    proved: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str] = []
    for day in range(ledger.DAYS):
        on(monkeypatch, day)
        due = ledger.due(proved)
        assert not due.stale
        assert len([name for name in due.again if name in LAB]) <= 1
        found += due.again
    assert sorted(found) == sorted({DEMO, DEMO_REAL, *LAB, *UNITS})
    on(monkeypatch, 0)
    first = ledger.due(proved).again
    on(monkeypatch, ledger.DAYS)
    assert ledger.due(proved).again == first


def test_a_stale_proof_is_due_on_every_day(proved: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    (proved.root / "lessons/06_tiny/quiz.toml").write_text("x = 2\n")
    for day in range(ledger.DAYS):
        on(monkeypatch, day)
        assert set(ledger.due(proved).stale) == {GRADED}


def test_a_package_that_one_lesson_names_leaves_the_others_fresh(proved: Tree) -> None:
    lock = proved.root / "uv.lock"
    asks = lock.read_text().replace("course = [", 'course = [{ name = "hyperopt" }, ')
    lock.write_text(f'{asks}\n[[package]]\nname = "hyperopt"\nversion = "0.2"\n')
    assert DEMO not in ledger.due(proved).stale
    demo = proved.root / "lessons" / "06_tiny" / "demo.py"
    demo.write_text(f"{demo.read_text()}\n# %%\nimport hyperopt\n")
    before = ledger.fingerprint(proved, DEMO)
    lock.write_text(lock.read_text().replace('"0.2"', '"0.3"'))
    assert ledger.fingerprint(proved, DEMO) != before


def test_one_lesson_and_everything(proved: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, 0)
    assert set(ledger.due(proved, "06").again) == {DEMO, DEMO_REAL, *LAB, BROWSER}
    due = ledger.due(proved, everything=True)
    every = {DEMO, DEMO_REAL, *LAB, *UNITS}
    assert set(due.again) == every
    assert str(due) == (
        f"Proofs: 0 stale, {len(every)} fresh, {len(every)} of them run again. "
        "COURSE_ROTATION=2026-11-26 repeats the choice."
    )


def test_what_failed_is_due_again(proved: Tree) -> None:
    ledger.forget(proved.root, DEMO)
    assert set(ledger.due(proved).stale) == {DEMO}
    assert DEMO not in ledger.load(proved.root)


def test_lines_of_what_is_gone_are_dropped(proved: Tree) -> None:
    ledger.note(proved.root, "05 demo", "0")
    ledger.prune(proved)
    assert set(ledger.load(proved.root)) == set(ledger.fingerprints(proved))


def test_a_date_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_ROTATION", "tomorrow")
    with pytest.raises(CourseError, match="COURSE_ROTATION=tomorrow is no date"):
        rotation.today()


# --- what is noted ------------------------------------------------------------------------------


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is written into the ledger."""
    written: list[str] = []
    monkeypatch.setattr(ledger, "note", lambda root, name, print: written.append(f"+{name}"))
    monkeypatch.setattr(ledger, "forget", lambda root, name: written.append(f"-{name}"))
    monkeypatch.setattr(ledger, "fingerprint", lambda tree, name: "now")
    return written


def report(
    name: str, count: int, outcome: str, when: str = "call", why: str = ""
) -> pytest.TestReport:
    made = SimpleNamespace(
        user_properties=[("proof", [name, count]), ("measured", "x")],
        when=when,
        failed=outcome == "failed",
        skipped=outcome == "skipped",
        passed=outcome == "passed",
        longrepr=why,
    )
    return cast(pytest.TestReport, made)


def follow(notes: proofs.Notes, name: str, count: int, *outcomes: str) -> None:
    for outcome in outcomes:
        notes.pytest_runtest_logreport(report(name, count, outcome))
        notes.pytest_runtest_logreport(report(name, count, "passed", "teardown"))


def test_a_proof_is_noted_when_all_of_it_has_passed(book: list[str]) -> None:
    notes = proofs.Notes({POOL: "now"})
    follow(notes, POOL, 2, "passed")
    assert book == []
    follow(notes, POOL, 2, "passed")
    assert book == [f"+{POOL}"]


@pytest.mark.parametrize(("outcome", "written"), [("failed", [f"-{POOL}"]), ("skipped", [])])
@pytest.mark.parametrize("first", [True, False])
def test_what_did_not_pass_is_not_noted(
    book: list[str], outcome: str, written: list[str], first: bool
) -> None:
    outcomes = [outcome, "passed"] if first else ["passed", outcome]
    follow(proofs.Notes({POOL: "now"}), POOL, 2, *outcomes)
    assert book == written


def test_what_was_edited_while_it_ran_is_not_noted(book: list[str]) -> None:
    notes = proofs.Notes({POOL: "before"})
    follow(notes, POOL, 1, "passed")
    assert book == []
    assert notes.edited == [POOL]


@pytest.mark.parametrize(("minutes", "begins"), [("65", True), ("0.5", False), ("", True)])
def test_no_proof_begins_after_the_limit(
    book: list[str], monkeypatch: pytest.MonkeyPatch, minutes: str, begins: bool
) -> None:
    monkeypatch.setenv("COURSE_TEST_MINUTES", minutes)
    monkeypatch.setattr(proofs, "_started", time.monotonic() - 60)
    proofs.pytest_runtest_setup(item("test_other.py"))  # what is no proof always runs
    if begins:
        proofs.pytest_runtest_setup(item("test_pool.py"))
        return
    with pytest.raises(pytest.skip.Exception) as skipped:
        proofs.pytest_runtest_setup(item("test_pool.py"))
    notes = proofs.Notes({POOL: "now"})
    notes.pytest_runtest_logreport(report(POOL, 1, "skipped", "setup", str(skipped.value)))
    assert (book, notes.left) == ([], {POOL})


def item(path: str, *marks: Any) -> Any:
    by_name = {mark.name: mark for mark in marks}
    return SimpleNamespace(
        path=Path(path), get_closest_marker=by_name.get, user_properties=[], nodeid=path
    )


def test_only_what_was_chosen_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    pool, unit = item("test_pool.py"), item("test_other.py", pytest.mark.slow.mark)
    demo, graded = (item("test_x.py", pytest.mark.proof(name).mark) for name in (DEMO, GRADED))
    left: list[Any] = []
    hook = SimpleNamespace(pytest_deselected=lambda items: left.extend(items))
    config = cast(pytest.Config, SimpleNamespace(hook=hook))

    items = [pool, unit, demo, graded]
    monkeypatch.delenv("COURSE_PROOFS", raising=False)
    proofs.pytest_collection_modifyitems(config, items)
    assert items == [pool, unit, demo, graded]
    assert demo.user_properties == [("proof", [DEMO, 1])]
    assert unit.user_properties == []

    due = ledger.Due({DEMO: "a"}, {}, 2)
    for name, value in due.as_variable().items():
        monkeypatch.setenv(name, value)
    proofs.pytest_collection_modifyitems(config, items)
    assert items == [unit, demo]
    assert left == [pool, graded]
