"""What `./course exam` does besides asking: begin or go on, look back, lay out a notebook."""

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.exam import guide, opening, record, terminal, text
from course_utils.exam.bank import load
from course_utils.exam.objectives import table
from course_utils.exam.sitting import Session, clock
from course_utils.session.files import write_text

NOTEBOOK = "exam.ipynb"
_CELLS = (
    (
        "markdown",
        "# Practice exam\n\nThe first cell goes on with your exam, or begins one: 48 questions in "
        "90 minutes. The clock runs while it is open. Which answers are right is said at the "
        "end.\n\nOther exams: `show_exam(domain=2)`, `show_exam(mistakes=True)`, "
        "`show_exam(old=True)`, and `show_exam(seed=7)` for the same draw again.",
    ),
    (
        "code",
        "from course_utils.exam.notebook import show_exam, show_map, show_quiz\n\nshow_exam()",
    ),
    ("markdown", "Each objective, where it is taught, and how your answers to it stand:"),
    ("code", "show_map()"),
    ("markdown", "The quiz of a lesson:"),
    ("code", 'show_quiz("06")'),
)


def sit(seed: int | None, domain: int | None, mistakes: bool, old: bool) -> None:
    """Goes on with the exam that is going on, or begins one, in the terminal.

    Raises:
        CourseError: a new one is asked for while another is going on, or cannot be drawn.
    """
    bank = load()
    new = seed is not None or domain is not None or mistakes or old
    if new or record.load().sitting is None:
        opening.begin(bank, guide.EARLIER if old else guide.CURRENT, seed, domain, mistakes)
    terminal.run(Session(bank), bank)


def history() -> list[str]:
    """The exams so far, what to learn next, and whether one is going on."""
    kept = record.load()
    lines = [kept.notice] if kept.notice else []
    lines += text.history(kept)
    if kept.sitting is not None:
        left = clock(kept.sitting.limit - kept.sitting.used)
        lines += ["", f"Going on, {left} left: {opening.told(kept.sitting)}."]
    return lines


def report() -> list[str]:
    """The report of the last exam once more.

    Raises:
        CourseError: none was handed in so far.
    """
    kept = record.load()
    if not kept.exams:
        raise CourseError("No exam was handed in so far: ./course exam begins one.")
    return text.report(kept.exams[-1], kept, load())


def objectives() -> list[str]:
    """The map of objectives, with my score."""
    return table(load(), record.load())


def discard() -> str:
    """Drops the exam that is going on, and says so."""
    dropped = opening.discard()
    return f"Dropped: {opening.told(dropped)}." if dropped else "No exam is going on."


def lay_out_notebook() -> str:
    """Puts a notebook for exams into the workbook, unless it is there, and says where."""
    import nbformat  # takes longer to load than all the rest

    file = paths.workbook() / NOTEBOOK
    if not file.exists():
        make = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
        cells = [make[kind](source, id=f"exam-{i}") for i, (kind, source) in enumerate(_CELLS)]
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
        write_text(file, nbformat.writes(notebook) + "\n")
    return f"Open {NOTEBOOK} in JupyterLab (./course start): {paths.told(file)}"
