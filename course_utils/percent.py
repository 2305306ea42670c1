"""Reads a lesson's sources: percent-format scripts become cells that know what they are.

A cell is prose, code, the answer to a question or the check of one. An answer cell holds both
of its faces at once:

    # %% answer="q1"
    # TODO q1: put the number of rows into "rows".
    ### STUB rows = ...
    ### BEGIN SOLUTION
    rows = listings.count()
    ### END SOLUTION

`Cell.solution` is what a solution notebook shows, `Cell.stub` what a lab starts from.
"""

import ast
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from course_utils import config
from course_utils.errors import CourseError

Kind = Literal["markdown", "code", "answer", "check"]
Part = Literal["demo", "lab"]

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
_STUB = re.compile(r"^(\s*)### STUB ?(.*)$")
_MARKER = re.compile(r"^\s*###\s*(BEGIN|END|STUB)\b|#\s*(BEGIN|END) SOLUTION", re.IGNORECASE)
_HEADING = re.compile(r"^#{1,4} +(.+)$", re.MULTILINE)
_QUESTION = re.compile(r"^q[1-9]\d*$")


@dataclass(frozen=True)
class Cell:
    """One cell of a lesson's source."""

    kind: Kind
    source: str  # as the author wrote it, markers included
    id: str  # stable: from the lesson, the question or the heading above, never from the text
    tags: tuple[str, ...] = ()
    question: str | None = None  # "q1" for an answer and for a check
    line: int = 0  # where it starts in the source file, from 1

    @property
    def solution(self) -> str:
        """The cell as a solution shows it: no markers, no stub."""
        if self.kind != "answer":
            return self.source
        return _faces(self.source)[0]

    @property
    def stub(self) -> str:
        """The cell as a lab ships it: the region is gone, the stub stands in its place."""
        return stub_of(self.source) if self.kind == "answer" else self.source


def parse_lesson(number: str, part: Part = "lab") -> list[Cell]:
    """The cells of one lesson's lab or demo, in order.

    Raises:
        CourseError: no such lesson or file, or the source breaks a rule; the line names the
            file, the line and the rule.
    """
    lesson = config.lesson(number)
    path = lesson.folder / f"{part}.py"
    if not path.exists():
        raise CourseError(f"Lesson {lesson.number} has no {part}: {_short(path)} does not exist.")
    return parse_file(path)


def answer_cells(number: str) -> list[Cell]:
    """The answer cells of one lesson's lab, in order; each has `.question` and `.solution`."""
    return [cell for cell in parse_lesson(number, "lab") if cell.kind == "answer"]


def parse_file(path: Path) -> list[Cell]:
    """The cells of `lessons/NN_slug/demo.py` or `lab.py`.

    Raises:
        CourseError: the source breaks a rule of the format.
    """
    import jupytext

    text = path.read_text(encoding="utf-8")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.startswith("# %%")]
    read = jupytext.reads(text, fmt="py:percent").cells
    if not lines or text[: text.index("# %%")].strip() or len(lines) != len(read):
        raise CourseError(f"{_short(path)} does not start with a cell: its first line must be # %%")

    prefix = f"{path.parent.name.split('_')[0]}-{path.stem}"
    name = _Namer(prefix)
    cells = []
    for line, raw in zip(lines, read, strict=True):
        where = f"{_short(path)} line {line}"
        kind, question = _kind(raw, where)
        if raw.cell_type == "markdown":
            name.section(raw.source)
        if kind == "answer":
            _refuse_bad_answer(raw.source, where)
        elif _MARKER.search(raw.source):
            raise CourseError(f"{where}: a solution marker stands outside an answer cell.")
        cells.append(
            Cell(
                kind=kind,
                source=raw.source.strip("\n"),
                id=name(kind, question),
                tags=tuple(raw.metadata.get("tags", ())),
                question=question,
                line=line,
            )
        )
    if path.stem == "lab":
        _refuse_bad_order(cells, _short(path))
    elif any(cell.question for cell in cells):
        raise CourseError(
            f"{_short(path)}: answer and check cells belong in lab.py, not in a demo."
        )
    return cells


def _kind(raw: Any, where: str) -> tuple[Kind, str | None]:
    unknown = sorted(set(raw.metadata) - {"tags", "answer", "check", "lines_to_next_cell"})
    if unknown:
        raise CourseError(
            f"{where}: unknown cell option {unknown[0]!r}; there are tags, answer and check."
        )
    if raw.cell_type not in ("markdown", "code"):
        raise CourseError(f"{where}: a cell is [markdown] or code, not [{raw.cell_type}].")
    kinds: tuple[Kind, ...] = ("answer", "check")
    for kind in kinds:
        question = raw.metadata.get(kind)
        if question is None:
            continue
        if raw.cell_type != "code":
            raise CourseError(f"{where}: {kind}={question!r} stands on a markdown cell.")
        if not _QUESTION.match(str(question)):
            raise CourseError(f'{where}: {kind}={question!r} is not a question; write {kind}="q1".')
        return kind, question
    return raw.cell_type, None


def stub_of(source: str) -> str:
    """What a lab ships instead of this answer; text without markers stays as it is."""
    return _faces(source)[1]


def _faces(source: str) -> tuple[str, str]:
    """Both faces of an answer cell: (solution, stub)."""
    solution: list[str] = []
    stub: list[str] = []
    inside = False
    for line in source.splitlines():
        marker = line.strip()
        if marker in (BEGIN, END):
            inside = marker == BEGIN
        elif match := _STUB.match(line):
            stub.append(match[1] + match[2])
        elif inside:
            solution.append(line)
        else:
            # The task of an answer is no longer "to do" where it is done.
            solution.append(re.sub(r"^(\s*# )TODO (q\d+)", r"\1\2", line))
            stub.append(line)
    return _tidy(solution), _tidy(stub)


def _tidy(lines: list[str]) -> str:
    """Text without the empty lines that removed regions leave behind."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")


def _refuse_bad_answer(source: str, where: str) -> None:
    depth = regions = 0
    for line in source.splitlines():
        marker = line.strip()
        if marker == BEGIN:
            depth += 1
            regions += 1
        elif marker == END:
            depth -= 1
        elif _MARKER.search(line) and not _STUB.match(line):
            raise CourseError(f"{where}: not a marker of this course: {marker!r}.")
        if depth not in (0, 1):
            raise CourseError(f"{where}: {BEGIN} and {END} do not pair up.")
    if depth:
        raise CourseError(f"{where}: {BEGIN} has no {END}.")
    if not regions:
        raise CourseError(f"{where}: an answer cell needs a region {BEGIN} … {END}.")
    solution, stub = _faces(source)
    for face, text in (("solution", solution), ("stub", stub)):
        if _MARKER.search(text):
            raise CourseError(f"{where}: a marker is left in the {face}.")
        try:
            tree = ast.parse(text)
        except SyntaxError as error:
            raise CourseError(f"{where}: the {face} is not valid Python: {error.msg}.") from None
        dots = any(isinstance(n, ast.Constant) and n.value is ... for n in ast.walk(tree))
        if face == "stub" and not dots:
            raise CourseError(
                f"{where}: the stub has no `...`, so nobody sees that it is open; "
                "add a line such as ### STUB name = ..."
            )


def _refuse_bad_order(cells: list[Cell], where: str) -> None:
    """Each question has one answer and then one check."""
    seen: list[tuple[str, str]] = [(c.kind, c.question) for c in cells if c.question]
    counts = Counter(seen)
    for (kind, question), count in counts.items():
        if count > 1:
            raise CourseError(f"{where}: {question} has {count} {kind} cells; one is allowed.")
    for question in dict.fromkeys(question for _, question in seen):
        kinds = [kind for kind, of in seen if of == question]
        if kinds != ["answer", "check"]:
            raise CourseError(
                f"{where}: {question} has {' then '.join(kinds)}; it needs an answer, then a check."
            )


class _Namer:
    """Names cells after their question or the heading above them.

    A cell that is added changes the ids of its own section only, so a review shows one change.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._section = "start"
        self._used: Counter[str] = Counter()

    def section(self, markdown: str) -> None:
        """Start the section of this prose, if it has a heading."""
        if heading := _HEADING.search(markdown):
            slug = re.sub(r"[^a-z0-9]+", "-", heading[1].lower()).strip("-")
            self._section = slug[:40].strip("-") or "section"

    def __call__(self, kind: Kind, question: str | None) -> str:
        if question:
            return f"{self._prefix}-{question}" + ("-check" if kind == "check" else "")
        # "cell" keeps a heading that happens to read "Q1" apart from the question's own id
        stem = f"{self._prefix}-cell-{self._section}"
        self._used[stem] += 1
        return f"{stem}-{self._used[stem]}"


def _short(path: Path) -> str:
    """`lessons/06_x/lab.py`: a path that means the same on every machine."""
    return "/".join(path.parts[-3:])
