"""Builds notebooks from lessons, and says where the two have drifted apart.

`build_lesson` and `build_course` write; `check` and `lint` only look. All of them take a `Tree`,
which is this course unless a test passes another.
"""

import copy
from collections.abc import Callable
from contextlib import ExitStack
from time import monotonic

from nbformat import NotebookNode

from course_utils import paths
from course_utils.build import blocks
from course_utils.build.drift import check
from course_utils.build.execute import (
    CELL_SECONDS,
    KERNEL_SECONDS,
    NotebookError,
    away_from_learner,
    normalise,
    run,
    sanitize_file,
    warm_spark,
)
from course_utils.build.fingerprint import fingerprint
from course_utils.build.lint import lint
from course_utils.build.source import Role, Sources, Tree, read, text_of, write
from course_utils.errors import CourseError
from course_utils.session.files import write_text

__all__ = ["Tree", "build", "build_lesson", "check", "lint", "nbval_args"]

Say = Callable[[str], None]
MAX_BYTES = 400_000  # per notebook
SANITIZE = paths.ROOT / "tests" / "nbval_sanitize.cfg"


def build_lesson(
    number: str,
    execute: bool = True,
    *,
    tree: Tree | None = None,
    say: Say = print,
    force: bool = False,
) -> list[str]:
    """Build one lesson's notebooks; the files that changed, as paths from the checkout.

    Args:
        number: "06", "6" or "06_linear_regression_1".
        execute: run the demo and the solution where their outputs are out of date. Without, they
            are written with the outputs that still belong to them, for an author's first look.
        tree: another checkout than this one.
        say: gets one line about each notebook.
        force: run them even if their outputs are up to date.

    Raises:
        CourseError: the source breaks a rule, or a cell failed; nothing of that notebook was
            written.
    """
    tree = tree or Tree.of_course()
    with ExitStack() as stack:
        builder = _Builder(tree, execute, force, say, stack)
        return builder.lesson(tree.lesson(number))


def build(
    number: str | None = None,
    execute: bool = True,
    *,
    tree: Tree | None = None,
    say: Say = print,
    force: bool = False,
) -> list[str]:
    """Build one lesson, or all of them with everything else that is generated; what changed.

    Raises:
        CourseError: as `build_lesson`, and what was built before stays; or a content rule is
            broken, which is said after everything was written.
    """
    tree = tree or Tree.of_course()
    if number is None:
        changed = blocks.write(tree)  # first: some of them stand in lessons
        with ExitStack() as stack:
            builder = _Builder(tree, execute, force, say, stack)
            for sources in tree.all():
                changed += builder.lesson(sources)
        if tree.root == Tree.of_course().root:
            changed += _files_of_others()
    else:
        changed = build_lesson(number, execute, tree=tree, say=say, force=force)
    if broken := lint(number, tree=tree):
        for line in broken:
            say(line)
        raise CourseError(f"Built, but {len(broken)} content rules are broken: see above.")
    return changed


class _Builder:
    """Builds lesson after lesson with one warm JVM, started only if something has to run."""

    def __init__(self, tree: Tree, execute: bool, force: bool, say: Say, stack: ExitStack) -> None:
        self._tree, self._execute, self._force, self._say = tree, execute, force, say
        self._stack = stack
        self._warm = False

    def lesson(self, sources: Sources) -> list[str]:
        changed = []
        # the solution before the lab, so that a lab never comes from a solution that fails
        for role in sources.roles:
            target = sources.target(role)
            name = target.relative_to(self._tree.root).as_posix()
            if role == "lab":
                notebook, how = sources.notebook(role), "written"
            else:
                notebook, how = self._executed(sources, role, name)
            size = len(text_of(notebook).encode())
            if size > MAX_BYTES:
                raise CourseError(
                    f"{name} would be {size // 1000} KB, {MAX_BYTES // 1000} KB are allowed: "
                    "show fewer or simpler figures, or fewer rows. It was left as it was."
                )
            wrote = write(notebook, target)
            if wrote:
                changed.append(name)
            self._say(f"{name}: {how if wrote else 'up to date'}")
        return changed

    def _executed(self, sources: Sources, role: Role, name: str) -> tuple[NotebookNode, str]:
        fresh = sources.notebook(role)
        inputs = fingerprint(sources, role)
        old = read(sources.target(role))
        if not self._force and with_old_outputs(fresh, old, inputs):
            return fresh, "written, its outputs still hold"
        if not self._execute:
            return fresh, "written without outputs"
        uses_spark = any("get_spark(" in cell.source for cell in sources.cells(role))
        if uses_spark and not self._warm:
            self._stack.enter_context(warm_spark())
            self._warm = True
        start = monotonic()
        with away_from_learner() as environment:
            try:
                done = run(fresh, environment)
            except NotebookError as failure:
                at = next(c for c in sources.cells(role) if c.id == failure.cell_id)
                raise CourseError(
                    f"{sources.where(role, at)} (cell {at.id}) failed: {failure.reason}. "
                    f"{name} was left as it was."
                ) from None
            normalise(done, environment)
        done.metadata["course"]["inputs"] = inputs
        return done, f"executed in {monotonic() - start:.0f} s"


def with_old_outputs(fresh: NotebookNode, old: NotebookNode | None, inputs: str) -> bool:
    """Give `fresh` the stored outputs if they were computed from the same inputs; whether so."""
    if old is None or old.metadata.get("course", {}).get("inputs") != inputs:
        return False
    # Equal inputs mean the same code cells in the same order, whatever the prose does to their ids
    stored = [cell for cell in old.cells if cell.cell_type == "code"]
    code = [cell for cell in fresh.cells if cell.cell_type == "code"]
    if len(stored) != len(code):
        return False
    for cell, was in zip(code, stored, strict=True):
        cell.outputs = copy.deepcopy(was.outputs)
        cell.execution_count = was.execution_count
    fresh.metadata["course"]["inputs"] = inputs
    return True


def _files_of_others() -> list[str]:
    """What else is derived: environment.yml, and what nbval is to forgive."""
    from course_utils.setup import environment

    changed = environment.write()
    if not SANITIZE.exists() or SANITIZE.read_text(encoding="utf-8") != sanitize_file():
        write_text(SANITIZE, sanitize_file())
        changed.append(SANITIZE.relative_to(paths.ROOT).as_posix())
    return changed


def nbval_args(number: str | None = None, tree: Tree | None = None) -> list[str]:
    """Arguments for pytest: the tests, and through nbval the demos and solutions.

    Shipped labs are not among them: tests/notebooks runs each once and looks at its checks.
    """
    tree = tree or Tree.of_course()
    chosen = tree.all() if number is None else [tree.lesson(number)]
    built = [sources.target(role) for sources in chosen for role in sources.roles if role != "lab"]
    return [
        "--nbval-lax",
        "--nbval-current-env",
        f"--nbval-sanitize-with={SANITIZE.relative_to(paths.ROOT).as_posix()}",
        f"--nbval-cell-timeout={CELL_SECONDS}",
        f"--nbval-kernel-startup-timeout={KERNEL_SECONDS}",
        "tests",
        *(path.relative_to(tree.root).as_posix() for path in built if path.exists()),
    ]
