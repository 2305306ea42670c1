"""The proof that nbgrader gives to each lab what it should.

    python -m course_utils.build.roundtrip [NUMBER…]

It runs nbgrader itself, generate_assignment and then autograde, on two submissions of each lab:

* as shipped: no points, and each check says that its question waits;
* solved: before each answer of the solution a wrong one is tried, another one every day. It gets
  no points and its own diagnosis, the solution gets full marks, and what its tagged cells print is
  what the stored solution shows. A third of the labs, by the date, run on sibling data as well, as
  instructors have it: that the solution passes there, `build.proof` asks of every lab.

It has to be a process of its own: under pytest a kernel does not catch what programs write to
stderr, and under nbgrader one such line in a check cell costs all its points.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import nbformat
from nbformat import NotebookNode
from rich.console import Console
from rich.table import Table

from course_utils.build import rotation
from course_utils.build.autograde import Graded, Grader
from course_utils.build.compare import differences
from course_utils.build.execute import warm_spark
from course_utils.build.instructors import write_course
from course_utils.build.proof.prove import BEFORE, mistake_of
from course_utils.build.source import Sources, Tree, assemble, make_cell, read, write
from course_utils.errors import CourseError
from course_utils.lab.message import SAID
from course_utils.lab.result import CheckFailed, Status

_THIRD = 3
_KEEP = "_names = {name: value for name, value in globals().items() if name != '_names'}"
_RESTORE = """\
for _name in set(globals()) - set(_names) - {"_names"}:
    del globals()[_name]
globals().update(_names)"""


@dataclass(frozen=True)
class Expected:
    """What a graded cell has to get."""

    points: float
    where: str  # the answer's place, for people
    told: str = ""  # what has to stand in the message of an answer that gets nothing


@dataclass(frozen=True)
class Outcome:
    """How one submission was graded."""

    lab: str
    submission: str
    expected: Mapping[str, Expected]
    graded: Graded
    differing: tuple[str, ...]  # tagged cells that print something else than the stored solution
    sibling: bool  # whether it ran on sibling data as well
    minutes: float

    @property
    def mismatches(self) -> list[str]:
        """A line for each cell that did not get, or say, what it should."""
        lines = []
        for grade_id, due in self.expected.items():
            got = self.graded.points.get(grade_id)
            error, text = self.graded.errors.get(grade_id, ("", ""))
            about = f"{self.lab} {self.submission}: {due.where}"
            if got != due.points:
                lines.append(f"{about} got {got}, not {due.points:g}")
            elif got == 0 and error != CheckFailed.__name__:
                # turned down by an accident, such as a name that is missing, and not by the check
                lines.append(f"{about} got 0 because of {error}")
            elif got == 0 and due.told not in text:
                lines.append(
                    f"{about} got 0, but not as {due.told}: {' | '.join(text.splitlines())}"
                )
        extra = sorted(set(self.graded.points) - set(self.expected))
        lines += [f"{self.lab} {self.submission}: {name} was not expected" for name in extra]
        return lines + [f"{self.lab} {self.submission}: {each}" for each in self.differing]


def roundtrip(numbers: list[str] | None = None, tree: Tree | None = None) -> list[Outcome]:
    """Grade every lab twice with nbgrader, as shipped and solved.

    Raises:
        CourseError: nbgrader could not grade a notebook at all.
    """
    tree = tree or Tree.of_course()
    chosen = [tree.lesson(number) for number in numbers] if numbers else tree.all()
    labs = [sources for sources in chosen if "lab" in sources.roles]
    if not labs:  # a demo alone: nothing to grade, and no Spark to warm up
        return []
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="course-grading-") as folder, warm_spark():
        root = Path(folder)
        write_course(root, labs)
        grader = Grader(root)
        for sources in labs:
            outcomes += _grade(grader, root, sources)
    return outcomes


def _grade(grader: Grader, root: Path, sources: Sources) -> Iterator[Outcome]:
    name = sources.lesson.name
    release = grader.generate(name)
    lab = sources.notebook("lab")
    if [cell.source for cell in release.cells] != [cell.source for cell in lab.cells]:
        raise CourseError(f"nbgrader's release of {name} is not the lab that the build makes.")
    waiting = {
        node.metadata["nbgrader"]["grade_id"]: Expected(
            0.0, sources.where("lab", cell), f"{cell.question} {SAID[Status.NOT_STARTED][1]}"
        )
        for node, cell in zip(lab.cells, sources.cells("lab"), strict=True)
        if cell.kind == "check"
    }
    start = monotonic()
    graded = grader.autograde(name, "as_shipped", release)
    yield Outcome(name, "as_shipped", waiting, graded, (), False, (monotonic() - start) / 60)

    # With wrong answers it is an assignment of its own: nbgrader grades only cells it knows
    notebook, expected = solved(sources)
    every = f"{name}_solved"
    write(notebook, root / "source" / every / f"{every}.ipynb")
    grader.generate(every, keep_answers=True)
    start = monotonic()
    twice = on_sibling(sources)
    graded = grader.autograde(every, "solved", notebook, twice)
    stored = read(sources.target("solution"))
    if stored is None:
        raise CourseError(
            f"There is no stored solution: run ./course build {sources.lesson.number}"
        )
    differing = tuple(differences(stored, graded.notebook))
    yield Outcome(name, "solved", expected, graded, differing, twice, (monotonic() - start) / 60)


def solved(sources: Sources) -> tuple[NotebookNode, dict[str, Expected]]:
    """A solution with today's wrong answer to each question tried before its own.

    After the wrong answer the names are put back as they were before it, and a work folder that was
    made for the question is made anew; nothing else is, as for a learner who tries once more.

    Returns:
        The notebook, and by grade id what each graded cell has to get.
    """
    number = sources.lesson.number
    points = {q.id: q.points for q in sources.tree.questions(number)}
    checks = {c.question: c for c in sources.cells("solution") if c.kind == "check"}
    nodes: list[NotebookNode] = []
    expected: dict[str, Expected] = {}
    anew: list[str] = []  # cells between the question's heading and its answer that make a folder

    for cell in sources.cells("solution"):
        node = make_cell(cell, "solution", number, points)
        if cell.kind == "markdown" and cell.source.startswith("## "):
            anew = []
        elif cell.kind == "code" and "make_work_dir(" in cell.source:
            anew.append(cell.solution)
        elif cell.kind == "answer" and (path := wrong_answer(sources, str(cell.question))):
            text = path.read_text(encoding="utf-8").strip("\n")
            answer = make_cell(cell, "solution", number, points, text)
            check = make_cell(checks[cell.question], "solution", number, points)
            for each in (answer, check):
                each.id += "-wrong"
                each.metadata["nbgrader"]["grade_id"] += "-wrong"
            where = path.relative_to(sources.tree.root).as_posix()
            name = mistake_of(path)
            due = Expected(0.0, where, f"[{name}]" if name else "none that has a name")
            expected[check.metadata["nbgrader"]["grade_id"]] = due
            before = path.with_name(BEFORE)
            first = [before.read_text(encoding="utf-8")] if before.exists() else []
            nodes += [*map(_plain, (_KEEP, *first)), answer, check]
            nodes += map(_plain, (_RESTORE, *anew))
        elif cell.kind == "check":
            grade_id = node.metadata["nbgrader"]["grade_id"]
            where = sources.where("solution", cell)
            expected[grade_id] = Expected(points[str(cell.question)], where)
        nodes.append(node)
    return assemble(nodes, {"lesson": number, "kind": "solved"}), expected


def on_sibling(sources: Sources) -> bool:
    """Whether today this lab is graded on sibling data as well."""
    return rotation.is_due(int(sources.lesson.number), _THIRD)


def wrong_answer(sources: Sources, question: str) -> Path | None:
    """The wrong answer to a question that has its turn today; None where there is none at all."""
    answers = sorted((sources.folder / "answers" / question).glob("bad_*.py"))
    if not answers:
        return None
    return answers[rotation.chosen(len(answers), int(question.removeprefix("q")))]


def _plain(code: str) -> NotebookNode:
    return nbformat.v4.new_code_cell(code)


def _print(outcomes: list[Outcome]) -> None:
    table = Table(title="nbgrader round trip")
    names = ("lab", "submission", "due full", "due 0", "points", "found", "", "sibling", "minutes")
    for column in names:
        table.add_column(column)
    for outcome in outcomes:
        table.add_row(
            outcome.lab,
            outcome.submission,
            str(sum(due.points > 0 for due in outcome.expected.values())),
            str(sum(due.points == 0 for due in outcome.expected.values())),
            f"{sum(due.points for due in outcome.expected.values()):g}",
            f"{sum(value or 0 for value in outcome.graded.points.values()):g}",
            "MISMATCH" if outcome.mismatches else "ok",
            "yes" if outcome.sibling else "–",
            f"{outcome.minutes:.1f}",
        )
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    for outcome in outcomes:
        tried = [Path(due.where) for due in outcome.expected.values() if due.told.startswith("[")]
        if tried:
            names_tried = ", ".join(f"{path.parent.name} {path.stem}" for path in tried)
            print(f"Wrong answers of {rotation.today()} ({rotation.VARIABLE}): {names_tried}")
        for line in outcome.mismatches:
            print(line)


def main(arguments: list[str] | None = None) -> int:
    """Grade and compare; 1 when something is not as it must be."""
    parser = argparse.ArgumentParser(
        prog="python -m course_utils.build.roundtrip", description="Grade labs and compare."
    )
    parser.add_argument("number", nargs="*", help="lessons, such as 06; all if left out")
    given = parser.parse_args(arguments)
    try:
        outcomes = roundtrip(given.number)
    except CourseError as error:
        print(error)
        return 1
    if not outcomes:
        print("There is no lab among these lessons: nothing to grade.")
        return 0
    _print(outcomes)
    return 1 if any(outcome.mismatches for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
