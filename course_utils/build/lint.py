"""Content rules that a machine can hold: form of cells and notebooks, questions, outputs.

Each rule looks at one notebook (or lesson) and yields lines; what all text files must hold, such
as links and names of commands, is in `lint_text`.
"""

import ast
import re
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path

from nbformat import NotebookNode

from course_utils.build import lint_quiz, lint_text
from course_utils.build.lint_questions import hints_and_mistakes, looked_at
from course_utils.build.source import (
    CHECK_OUTPUT,
    FOLDERS,
    RAISES,
    Role,
    Sources,
    Tree,
    read,
)
from course_utils.errors import CourseError
from course_utils.percent import Cell
from course_utils.quiz import OBJECTIVES as KNOWN


@dataclass(frozen=True)
class Limits:
    """How long code may be: lines of a cell, columns of a line, lines of the cell in the middle."""

    lines: int
    columns: int
    median: float


LIMITS = {"demo": Limits(12, 80, 4), "solution": Limits(20, 100, 4)}
P90_LINES = 12
WORDS = {"demo": 600, "solution": 250}  # at least; a lab asks, so it may say less
IN_A_ROW = 2
BEFORE_PICTURE = 2  # code cells at most that stand before a demo's first picture
WITHOUT_PROSE = 0.2  # share of code cells that may follow another one without a word
OBJECTIVES = 4
CHECKED = 3
ALT = 20  # characters; figures.show() refuses less
DRAW = "draw"  # what a notebook calls the functions of its lesson's helpers.py
NOTEBOOK_KB, ALL_MB = 400, 12
PACKAGES = ("automl", "features", "registry")  # open replacements, which work on their own too


@dataclass(frozen=True)
class Page:
    """A notebook under inspection: its source, and what is stored of it."""

    sources: Sources
    role: Role  # demo or solution; a lab is a solution with less in it

    @cached_property
    def cells(self) -> list[Cell]:
        """The cells of the source."""
        return self.sources.cells(self.role)

    @cached_property
    def code(self) -> list[Cell]:
        """The cells that are not prose."""
        return [cell for cell in self.cells if cell.kind != "markdown"]

    @cached_property
    def stored(self) -> NotebookNode | None:
        """The built notebook, or None."""
        return read(self.sources.target(self.role))

    @property
    def stored_name(self) -> str:
        """The built notebook's path from the checkout."""
        return self.sources.target(self.role).relative_to(self.sources.tree.root).as_posix()

    @property
    def name(self) -> str:
        """The source's path from the checkout."""
        return self.sources.file(self.role).relative_to(self.sources.tree.root).as_posix()

    def at(self, cell: Cell) -> str:
        """The source's path and the cell's line."""
        return self.sources.where(self.role, cell)


def lint(number: str | None = None, *, tree: Tree | None = None) -> list[str]:
    """A line for each content rule that is broken, in one lesson or in the whole course."""
    tree = tree or Tree.of_course()
    lines = lint_sources(number, tree=tree)
    for sources in _chosen(number, tree):
        try:
            for page in _pages(sources):
                lines += [line for rule in STORED_RULES for line in rule(page)]
        except CourseError:  # the source cannot be read, as is said already
            continue
    if number is None:
        lines += total_size(tree)
        lines += lint_text.lint_files(tree.root, _built(tree))
    return lines


def lint_sources(number: str | None = None, *, tree: Tree | None = None) -> list[str]:
    """Those of the rules that look at sources alone: what can be known before anything runs."""
    tree = tree or Tree.of_course()
    lines: list[str] = []
    for sources in _chosen(number, tree):
        try:
            lines += _lesson(sources)
        except CourseError as error:  # the source cannot be read: no rule can be tried
            lines.append(str(error))
    if number is None:
        lines += lint_quiz.twice(tree.all())
        lines += lint_quiz.bank(tree.all())
    return lines


def _chosen(number: str | None, tree: Tree) -> list[Sources]:
    return tree.all() if number is None else [tree.lesson(number)]


def _pages(sources: Sources) -> list[Page]:
    return [Page(sources, role) for role in sources.roles if role != "lab"]


def _built(tree: Tree) -> frozenset[Path]:
    """What the build makes, be it there already or not."""
    return frozenset(each.target(role).resolve() for each in tree.all() for role in each.roles)


def _lesson(sources: Sources) -> list[str]:
    root = sources.tree.root
    lines = [line for rule in LESSON_RULES for line in rule(sources)]
    for page in _pages(sources):
        lines += [line for rule in FORM_RULES for line in rule(page)]
        text = "\n".join(cell.source for cell in page.cells)
        folder = root / FOLDERS[page.role]
        lines += lint_text.lint_text(text, page.name, folder, root, _built(sources.tree))
    return lines


# --- form -------------------------------------------------------------------------------------


def long_cell(page: Page) -> Iterator[str]:
    """A code cell fits on a screen, its lines on a projector."""
    most = LIMITS[page.role]
    for cell in page.code:
        lines = cell.solution.splitlines()
        if len(lines) > most.lines:
            yield f"{page.at(cell)}: a code cell of {len(lines)} lines; at most {most.lines}"
        if wide := [line for line in lines if len(line) > most.columns]:
            yield f"{page.at(cell)}: a line of {len(wide[0])} columns; at most {most.columns}"


def long_cells_overall(page: Page) -> Iterator[str]:
    """Most code cells are short."""
    most = LIMITS[page.role].median
    sizes = sorted(
        sum(1 for line in cell.solution.splitlines() if line.strip()) for cell in page.code
    )
    if len(sizes) < 5:  # too few to speak of most
        return
    if (median := statistics.median(sizes)) > most:
        yield f"{page.name}: code cells have {median:g} lines in the median; at most {most:g}"
    if (p90 := sizes[int(0.9 * (len(sizes) - 1))]) > P90_LINES:
        yield f"{page.name}: one code cell in ten has {p90} lines or more; at most {P90_LINES}"


def code_in_a_row(page: Page) -> Iterator[str]:
    """Prose stands between code cells; a check belongs to its answer and does not count."""
    row = 0
    for cell in page.cells:
        if cell.kind == "markdown":
            row = 0
        elif cell.kind != "check":
            row += 1
            if row == IN_A_ROW + 1:
                yield f"{page.at(cell)}: more than {IN_A_ROW} code cells without prose between them"


def prose_before_code(page: Page) -> Iterator[str]:
    """Nearly every code cell has prose right before it."""
    counted = bare = 0
    before: Cell | None = None
    for cell in page.cells:
        if cell.kind in ("code", "answer"):
            counted += 1
            bare += before is None or before.kind != "markdown"
        before = cell
    if counted >= 5 and bare > WITHOUT_PROSE * counted:
        yield (
            f"{page.name}: {bare} of {counted} code cells have no prose right before them; "
            f"at most {WITHOUT_PROSE:.0%}"
        )


def word_count(page: Page) -> Iterator[str]:
    """Long enough to explain. How much is too much, its minutes say."""
    prose = " ".join(cell.source for cell in page.cells if cell.kind == "markdown")
    words = len(re.findall(r"[^\W\d_][\w'’-]*", prose))
    if words < WORDS[page.role]:
        yield f"{page.name}: {words} words of prose; at least {WORDS[page.role]}"


_FIRST = {
    "what question it answers (**The question of this notebook:** …?)": r"question[\s\S]*\?",
    "the minutes (**Time:** 30 minutes)": r"\*\*Time:\*\* *\d+ minutes",
    "what it needs (**Before you start:** …)": r"\*\*Before you start:\*\*",
    "the data (**Data:** …)": r"\*\*Data:\*\*",
}


def first_page(page: Page) -> Iterator[str]:
    """What a reader must know to decide whether to go on stands before the third code cell."""
    cell, lesson = page.cells[0], page.sources.lesson
    if cell.kind != "markdown" or not cell.source.startswith(f"# {lesson.number} · "):
        yield f"{page.at(cell)}: the first cell starts with '# {lesson.number} · Title'"
        return
    prose = "\n".join(c.source for c in _first_cells(page) if c.kind == "markdown")
    for what, pattern in _FIRST.items():
        if not re.search(pattern, prose):
            yield f"{page.at(cell)}: the first page lacks {what}"
    if will := re.search(r"\*\*You will.*?:\*\*(.*?)(?=\n- \*\*|\Z)", cell.source, re.DOTALL):
        objectives = will[1].count(";") + 1
        if objectives > OBJECTIVES:
            yield f"{page.at(cell)}: {objectives} objectives; at most {OBJECTIVES}"


def _first_cells(page: Page) -> list[Cell]:
    """The cells before the third one with code."""
    code = 0
    for index, cell in enumerate(page.cells):
        code += cell.kind != "markdown"
        if code > BEFORE_PICTURE:
            return page.cells[:index]
    return page.cells


_PICTURE = re.compile(r"^```mermaid|!\[|<svg\b|<img\b", re.MULTILINE)


def early_picture(page: Page) -> Iterator[str]:
    """A demo shows something before it goes into code."""
    if page.role != "demo":
        return
    for cell in _first_cells(page):
        if cell.kind == "markdown" and _PICTURE.search(cell.source):
            return
        if cell.kind == "code" and any(_draws(call) for call in _calls(cell.solution)):
            return
    yield (
        f"{page.name}: the first picture comes before the third code cell: show(fig, alt=…), or "
        f"{DRAW} = helpers(…) and {DRAW}.something(…)"
    )


def _draws(call: ast.Call) -> bool:
    """Whether this shows a picture, itself or by a function of the lesson's helpers.py."""
    of = call.func.value if isinstance(call.func, ast.Attribute) else None
    return _name(call) == "show" or (isinstance(of, ast.Name) and of.id == DRAW)


_CODE_OF_EXAM = re.compile(r"\b20\d\d-S?\d{1,2}\b(?!-\d)")


def exam(page: Page) -> Iterator[str]:
    """What the exam asks of a lesson stands at its end, in words."""
    sources = page.sources
    prose = [cell for cell in page.cells if cell.kind == "markdown"]
    for cell in prose:
        if found := _CODE_OF_EXAM.search(cell.source):
            yield f"{page.at(cell)}: the exam's objective {found[0]} as a code; say it in words"
    # A lab repeats nothing that its demo has said
    last_page = page.role == "demo" or "demo" not in sources.roles
    if sources.lesson.objectives and last_page and "**Exam:**" not in prose[-1].source:
        yield f"{page.at(prose[-1])}: the last prose lacks what the exam asks (**Exam:** …)"


def last_cell(page: Page) -> Iterator[str]:
    """A demo ends with a question to its reader and the way on; a lab with summary and quiz."""
    if page.role == "demo":
        last = page.cells[-1]
        for part in ("**Check yourself:**", "**Next:**"):
            if last.kind != "markdown" or part not in last.source:
                yield f"{page.at(last)}: the last cell is prose with {part}"
        return
    end = "\n".join(cell.source for cell in page.cells[-4:] if cell.kind == "code")
    summary, quiz = end.find("lab.summary()"), end.find("ask_quiz(")
    if not 0 <= summary < quiz:
        yield f"{page.name}: the lab ends with lab.summary() and then ask_quiz(…)"


def alt_text(page: Page) -> Iterator[str]:
    """Every figure has a text for those who don't see it."""
    texts = [(page.at(cell), cell.solution) for cell in page.code]
    helpers = page.sources.folder / "helpers.py"
    if page.role == "demo" and helpers.exists():
        where = helpers.relative_to(page.sources.tree.root).as_posix()
        texts.append((where, helpers.read_text(encoding="utf-8")))
    for where, text in texts:
        for call in _calls(text):
            if ast.unparse(call.func) in ("plt.show", "fig.show"):
                yield f"{where}: a bare {ast.unparse(call.func)}(); use show(fig, alt=…)"
            if _name(call) != "show":
                continue
            given = [k.value for k in call.keywords if k.arg == "alt"] + call.args[1:2]
            alt = given[0] if given else None
            if alt is None:
                yield f"{where}: show() without alt text"
            elif isinstance(alt, ast.Constant) and len(str(alt.value).strip()) < ALT:
                yield f"{where}: the alt text {alt.value!r} does not say what is shown"
    for cell in page.cells:
        if cell.kind != "markdown":
            continue
        for alt_of in re.findall(r"!\[(.*?)\]\(", cell.source):
            if len(alt_of.strip()) < ALT:
                yield f"{page.at(cell)}: the alt text {alt_of!r} does not say what is shown"
        for tag in re.findall(r"<img\b[^>]*>", cell.source):
            if not re.search(rf'\balt="[^"]{{{ALT},}}"', tag):
                yield f"{page.at(cell)}: an <img> without alt text"


def public_names(page: Page) -> Iterator[str]:
    """A lesson uses the public names of the package and nothing behind them."""
    from course_utils import __all__ as names

    public = (*names, *PACKAGES)
    modules = {f"course_utils.{name}" for name in PACKAGES}
    for cell in page.code:
        for node in ast.walk(_tree(cell.solution)):
            if isinstance(node, ast.ImportFrom) and node.module == "course_utils":
                hidden = [alias.name for alias in node.names if alias.name not in public]
            elif isinstance(node, ast.ImportFrom) and (node.module or "") in modules:
                offered = import_module(node.module or "").__all__
                others = [alias.name for alias in node.names if alias.name not in offered]
                hidden = [f"{node.module}.{name}" for name in others]
            elif isinstance(node, ast.ImportFrom):
                hidden = [node.module or ""]
            elif isinstance(node, ast.Import):
                hidden = [alias.name for alias in node.names]
            else:
                continue
            for name in hidden:
                if name.startswith("course_utils") or (
                    isinstance(node, ast.ImportFrom) and node.module == "course_utils"
                ):
                    yield f"{page.at(cell)}: imports {name}, which is not a public name"


def tone(page: Page) -> Iterator[str]:
    """Plain words need no exclamation marks and no pictograms."""
    for cell in page.cells:
        if cell.kind != "markdown":
            continue
        plain = re.sub(r"```.*?```|`[^`]*`|!\[|<!--.*?-->", "", cell.source, flags=re.DOTALL)
        if found := re.search(r"\w+!(?!=)|[\U0001F300-\U0001FAFF\u2600-\u26FF]", plain):
            yield f"{page.at(cell)}: {found[0]!r}: no exclamation marks, no pictograms"


# --- what is stored -----------------------------------------------------------------------------


def checked_outputs(page: Page) -> Iterator[str]:
    """Some cells were executed, have outputs and are compared by the tests."""
    if page.stored is None:
        return
    tagged = [c for c in page.stored.cells if CHECK_OUTPUT in c.metadata.get("tags", ())]
    ran = [c for c in tagged if c.get("execution_count") and c.get("outputs")]
    if len(ran) < CHECKED:
        yield (
            f"{page.stored_name}: {len(ran)} executed cells with outputs are tagged "
            f"{CHECK_OUTPUT}; at least {CHECKED}"
        )
    for cell in tagged:
        if cell not in ran:
            yield f"{page.stored_name} cell {cell.id}: tagged {CHECK_OUTPUT}, but has no output"
        elif "~/course" in "".join(_texts(cell)):
            yield f"{page.stored_name} cell {cell.id}: compares a path, which differs by machine"


def stored_errors(page: Page) -> Iterator[str]:
    """No notebook shows an error or a warning that was not meant."""
    for cell in page.stored.cells if page.stored is not None else ():
        for output in cell.get("outputs", ()):
            if output.output_type == "error" and RAISES not in cell.metadata.get("tags", ()):
                yield f"{page.stored_name} cell {cell.id}: stored {output.ename} without {RAISES}"
            if output.output_type == "stream" and output.name == "stderr":
                line = output.text.strip().splitlines()[-1][:80]
                yield f"{page.stored_name} cell {cell.id}: stored stderr: {line}"


def stored_text(page: Page) -> Iterator[str]:
    """Outputs speak of no machine."""
    for cell in page.stored.cells if page.stored is not None else ():
        for text in _texts(cell):
            for line in lint_text.foreign(text):
                yield f"{page.stored_name} cell {cell.id}: the output {line}"


def stored_size(page: Page) -> Iterator[str]:
    """A notebook opens quickly on the web."""
    path = page.sources.target(page.role)
    if path.exists() and path.stat().st_size > NOTEBOOK_KB * 1000:
        size = path.stat().st_size // 1000
        yield f"{page.stored_name}: {size} KB; at most {NOTEBOOK_KB}"


def total_size(tree: Tree) -> list[str]:
    """All notebooks together stay small enough to clone."""
    sizes = [
        path.stat().st_size
        for folder in FOLDERS.values()
        for path in (tree.root / folder).glob("*.ipynb")
    ]
    total = sum(sizes) / 1e6
    return [f"the notebooks have {total:.1f} MB in all; at most {ALL_MB}"] if total > ALL_MB else []


# --- questions ----------------------------------------------------------------------------------


def objectives(sources: Sources) -> Iterator[str]:
    """The objectives in course.toml are some that the exam has."""
    number = sources.lesson.number
    for each in sources.lesson.objectives:
        if each not in KNOWN:
            yield f"course.toml: lesson {number} has the objective {each!r}, which is none"


def quiz(sources: Sources) -> Iterator[str]:
    """A lesson with a lab has a quiz, and a demo may; each option has its reason."""
    path = sources.folder / "quiz.toml"
    if "lab" not in sources.roles:
        if "demo" not in sources.roles or not path.exists():
            return
        if not any("ask_quiz(" in cell.source for cell in sources.cells("demo")):
            yield f"lessons/{sources.lesson.name}/demo.py: nothing asks the quiz; call ask_quiz(…)"
    yield from lint_quiz.faults(path, f"lessons/{sources.lesson.name}/quiz.toml")


FORM_RULES = (
    long_cell,
    long_cells_overall,
    code_in_a_row,
    prose_before_code,
    word_count,
    first_page,
    early_picture,
    exam,
    last_cell,
    alt_text,
    public_names,
    tone,
)
STORED_RULES = (checked_outputs, stored_errors, stored_text, stored_size)
LESSON_RULES = (hints_and_mistakes, looked_at, objectives, quiz)


def _tree(code: str) -> ast.Module:
    lines = [line for line in code.splitlines() if not line.lstrip().startswith(("%", "!"))]
    return ast.parse("\n".join(lines))


def _calls(code: str) -> list[ast.Call]:
    return [node for node in ast.walk(_tree(code)) if isinstance(node, ast.Call)]


def _name(call: ast.Call) -> str | None:
    return call.func.id if isinstance(call.func, ast.Name) else None


def _texts(cell: NotebookNode) -> Iterator[str]:
    """The words of a cell's outputs, pictures left out."""
    for output in cell.get("outputs", ()):
        if output.output_type == "stream":
            yield output.text
        elif output.output_type == "error":
            yield "\n".join([output.evalue, *output.traceback])
        else:
            for mime, content in output.data.items():
                if isinstance(content, str) and not mime.startswith("image/"):
                    yield re.sub(r"base64,[A-Za-z0-9+/=\n]+", "base64,", content)
