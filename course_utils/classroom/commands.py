"""What `./course grade`, `class`, `certificate` and `progress --share` say and show."""

from pathlib import Path

from course_utils.classroom import certificate as certificates
from course_utils.classroom import class_progress, gradebook, share
from course_utils.classroom import grade as grading
from course_utils.classroom.results import Result
from course_utils.errors import CourseError
from course_utils.session.files import write_text


def grade(place: Path, lab: str | None, out: Path | None) -> None:
    """Grade a class and say where everything is."""
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn

    out = out or place.resolve().with_name(f"{place.resolve().stem}-graded")
    console = Console(highlight=False)
    columns = (*Progress.get_default_columns(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Grading", total=None)

        def each(result: Result, done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)
            console.print(_line(result), markup=False)

        try:
            results = grading.grade(place, out, lab, each=each)
        except KeyboardInterrupt:
            raise CourseError(
                f"Stopped; what is graded so far is kept in {out}. The same command goes on there."
            ) from None
    files = gradebook.write(results, out)
    looks = sum(result.look for result in results)
    print(f"{len(results)} submissions, {looks} of them for a person to look at.")
    print(f"{files[0]}; beside it the columns for Canvas and Moodle, and {out / 'feedback'}.")


def _line(result: Result) -> str:
    name = "".join(c if c.isprintable() else "?" for c in result.name)
    head = f"{name}  {result.lab}  {result.state}"
    points = f"  {result.points:g} of {result.of:g}" if result.verdicts else ""
    look = "  LOOK" if result.look else ""
    return head + points + look + "".join(f"\n    {note}" for note in result.notes)


def show_class(folder: Path, csv: Path | None, figure: Path | None) -> None:
    """Show who of a class is where, and the mistakes of many."""
    from rich.console import Console

    if figure is not None and figure.suffix != ".png":
        raise CourseError(f"{figure} will not do: the figure is a .png file.")
    learners, bad = class_progress.read(folder)
    console = Console()
    if learners:
        console.print(class_progress.where(learners))
        console.print(class_progress.mistakes_table(learners))
    for line in bad:
        console.print(line, markup=False)
    if csv is not None:
        class_progress.write_table(learners, csv)
    if figure is not None:
        class_progress.draw(learners, figure)


def share_progress(file: Path) -> None:
    """Write what a learner shows of the own progress."""
    labs = share.share(file)
    print(f"{file}: {labs} labs. It holds no answers; look at it, then send it.")


def certificate(name: str, graded: Path | None, file: Path) -> None:
    """Write a certificate as a page."""
    if graded is None:
        text = certificates.from_progress(name)
    else:
        text = certificates.from_grades(name, graded)
    write_text(file, text)
    print(f"{file}: open it in a browser; printing makes it a PDF.")
