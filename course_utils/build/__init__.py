"""Builds notebooks from lessons, and says where the two have drifted apart.

`build_lesson` and `build_course` write; `check` and `lint` only look. All of them take a `Tree`,
which is this course unless a test passes another.
"""

import copy
from collections.abc import Callable
from contextlib import ExitStack
from time import monotonic

from nbformat import NotebookNode

from course_utils.build import blocks, quiet, static
from course_utils.build.drift import check
from course_utils.build.execute import (
    NotebookError,
    away_from_learner,
    normalise,
    run,
    warm_spark,
)
from course_utils.build.fingerprint import fingerprint
from course_utils.build.inputs import Code
from course_utils.build.lint import lint, lint_sources
from course_utils.build.source import QUIET, Role, Sources, Tree, read, text_of, write
from course_utils.errors import CourseError

__all__ = ["Tree", "build", "build_lesson", "check", "lint"]

Say = Callable[[str], None]
MAX_BYTES = 400_000  # per notebook


def build_lesson(
    number: str,
    execute: bool = True,
    *,
    tree: Tree | None = None,
    say: Say = print,
    force: bool = False,
    quiet_machine: bool = False,
) -> list[str]:
    """Build one lesson's notebooks; the files that changed, as paths from the checkout.

    Args:
        number: "06", "6" or "06_linear_regression_1".
        execute: run the demo and the solution where their outputs are out of date. Without, they
            are written with the outputs that still belong to them, for an author's first look.
        tree: another checkout than this one.
        say: gets one line about each notebook.
        force: run them even if their outputs are up to date.
        quiet_machine: run what measures time, too: on a learner's JVM, with nothing beside it.

    Raises:
        CourseError: the source breaks a rule, a cell failed, or a notebook measures time and
            `quiet_machine` was not asked for; nothing of that notebook was written.
    """
    tree = tree or Tree.of_course()
    with ExitStack() as stack:
        builder = _Builder(tree, execute, force, quiet_machine, say, stack)
        changed = builder.lesson(tree.lesson(number))
        builder.refuse_what_waits()
        return changed


def build(
    number: str | None = None,
    execute: bool = True,
    *,
    tree: Tree | None = None,
    say: Say = print,
    force: bool = False,
    quiet_machine: bool = False,
) -> list[str]:
    """Build one lesson, or all of them with everything else that is generated; what changed.

    What can be said of the sources is said before anything is executed, all at once.

    Raises:
        CourseError: as `build_lesson`, and what was built before stays; or a rule is broken, by a
            source before anything was written, or by an output after everything was.
    """
    tree = tree or Tree.of_course()
    changed = [] if number else blocks.write(tree)  # first: some of them stand in lessons
    _refuse_faults(number, tree, say)
    with ExitStack() as stack:
        builder = _Builder(tree, execute, force, quiet_machine, say, stack)
        for sources in tree.all() if number is None else [tree.lesson(number)]:
            changed += builder.lesson(sources)
    if number is None and tree.root == Tree.of_course().root:
        changed += _environment()
    if broken := lint(number, tree=tree):
        for line in broken:
            say(line)
        raise CourseError(f"Built, but {len(broken)} content rules are broken: see above.")
    builder.refuse_what_waits()
    return changed


def _refuse_faults(number: str | None, tree: Tree, say: Say) -> None:
    """Say every fault of the sources before an hour goes into executing them."""
    faults = lint_sources(number, tree=tree)
    if tree.root == Tree.of_course().root:
        programs = [part for part in static.parts(number) if part.name != "build --check"]
        faults += [done.said.rstrip() for done in static.run(programs) if done.failed]
    if faults:
        for text in faults:
            say(text)
        raise CourseError("Nothing was executed: mend what is said above first.")


class _Builder:
    """Builds lesson after lesson with one warm JVM, started only if something has to run."""

    def __init__(
        self,
        tree: Tree,
        execute: bool,
        force: bool,
        quiet_machine: bool,
        say: Say,
        stack: ExitStack,
    ) -> None:
        self._tree, self._execute, self._force, self._say = tree, execute, force, say
        self._quiet_machine = quiet_machine
        self._code = Code(tree.root)
        self._stack = stack
        self._warm = False
        self._waiting: list[Sources] = []  # measure time, and wait for a quiet machine

    def refuse_what_waits(self) -> None:
        """Say which notebooks were left as they were because they measure time.

        Raises:
            CourseError: there are any.
        """
        if self._waiting:
            commands = ", ".join(
                f"./course build {sources.lesson.number} --quiet-machine"
                for sources in self._waiting
            )
            raise CourseError(
                "Not executed, because it measures time: close other programs, then run "
                f"{commands}."
            )

    def lesson(self, sources: Sources) -> list[str]:
        changed = []
        # the solution before the lab, so that a lab never comes from a solution that fails
        for role in sources.roles:
            target = sources.target(role)
            name = target.relative_to(self._tree.root).as_posix()
            if role == "lab":
                notebook, how = sources.notebook(role), "written"
            elif (executed := self._executed(sources, role, name)) is None:
                self._say(f"{name}: left as it was, it measures time")
                continue
            else:
                notebook, how = executed
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

    def _executed(self, sources: Sources, role: Role, name: str) -> tuple[NotebookNode, str] | None:
        """The notebook and how it came about; None when it waits for a quiet machine."""
        fresh = sources.notebook(role)
        inputs = fingerprint(sources, role, self._code)
        old = read(sources.target(role))
        measured = not sources.timed(role) or _was_quiet(old)
        if not self._force and measured and with_old_outputs(fresh, old, inputs):
            return fresh, "written, its outputs still hold"
        if not self._execute:
            return fresh, "written without outputs"
        if sources.timed(role) and not self._quiet_machine:
            self._waiting.append(sources)
            return None
        uses_spark = any("get_spark(" in cell.source for cell in sources.cells(role))
        start = monotonic()
        with ExitStack() as stack:
            if sources.timed(role):
                self._stack.close()  # a warm JVM of the others is not quiet
                self._warm = False
                stack.enter_context(quiet.machine())
            elif uses_spark and not self._warm:
                self._stack.enter_context(warm_spark())
                self._warm = True
            done = self._run(sources, role, name, fresh)
        done.metadata["course"]["inputs"] = inputs
        if sources.timed(role):
            done.metadata["course"][QUIET] = True
        return done, f"executed in {monotonic() - start:.0f} s"

    def _run(self, sources: Sources, role: Role, name: str, fresh: NotebookNode) -> NotebookNode:
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
        return done


def _was_quiet(stored: NotebookNode | None) -> bool:
    return stored is not None and bool(stored.metadata.get("course", {}).get(QUIET))


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
    if _was_quiet(old):
        fresh.metadata["course"][QUIET] = True
    return True


def _environment() -> list[str]:
    """environment.yml, which is derived as well."""
    from course_utils.setup import environment

    return environment.write()
