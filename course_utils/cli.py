"""The commands of `./course`: each one parses, calls the module that does the work, prints.

What a command needs is imported inside it: a command that only prints a line stays quick.
"""

import errno
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from course_utils import config
from course_utils.errors import CourseError
from course_utils.setup import place

app = typer.Typer(
    help="Scalable machine learning with Apache Spark.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
data_app = typer.Typer(help="The data in use: generated, or a real file of yours.")
bench_app = typer.Typer(help="Measure on this machine.")
app.add_typer(data_app, name="data", no_args_is_help=True)
app.add_typer(bench_app, name="bench", no_args_is_help=True)
export_app = typer.Typer(help="The notebooks for another place.")
app.add_typer(export_app, name="export", no_args_is_help=True)

Number = Annotated[str, typer.Argument(metavar="NN", help="A lesson's number, such as 06.")]
MaybeNumber = Annotated[
    str | None,
    typer.Argument(metavar="[NN]", help="A lesson's number, such as 06; all if left out."),
]


def _set_up(archive: bool = True) -> None:
    from course_utils.setup import steps

    try:
        steps.ensure(archive)
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.")
        raise typer.Exit(130) from None


@app.command()
def start(
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
    port: Annotated[int, typer.Option(help="The first port to try.", min=1, max=65535)] = 8888,
) -> None:
    """Set up what is missing, then open JupyterLab on the welcome notebook."""
    _set_up(archive=False)  # built while the learner works
    from course_utils import servers
    from course_utils.workbook import copies

    for line in copies.sync():
        print(line)
    servers.serve_jupyter(port, browser)


@app.command()
def test(
    number: MaybeNumber = None,
    fast: Annotated[bool, typer.Option("--fast", help="Leave out what runs notebooks.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what has passed before and did not change since.")
    ] = False,
) -> None:
    """Set up what is missing, then run what is due of the tests, or all of one lesson."""
    from course_utils.build import rotation

    number = number and config.lesson(number).number  # a wrong one is said before any work,
    rotation.today()  # and so is a wrong date
    _set_up()
    from course_utils import suite

    raise typer.Exit(suite.run(number, fast, everything))


@app.command()
def tour() -> None:
    """A minute in the terminal: one lab question answered wrongly, then rightly."""
    _set_up()
    from course_utils import tour

    raise typer.Exit(tour.run())


@app.command()
def doctor() -> None:
    """Say what this machine has, what is needed, and how to mend what is missing."""
    from course_utils.setup import doctor

    raise typer.Exit(doctor.main())


@app.command("next")
def next_() -> None:
    """Say what to do now."""
    from course_utils.workbook import progress

    print(progress.next_item())


@app.command()
def progress(
    share: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write it for your instructor, without any answers."),
    ] = None,
) -> None:
    """Show what is done."""
    if share is not None:
        from course_utils.classroom import commands

        commands.share_progress(share)
        return
    from course_utils.workbook import progress

    print(progress.table())


@app.command()
def certificate(
    name: Annotated[str, typer.Argument(help="The name that is to stand on it.")],
    graded: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="For instructors: what ./course grade has made."),
    ] = None,
    file: Annotated[Path, typer.Option(help="The page to write.")] = Path("certificate.html"),
) -> None:
    """Write a page that says which labs were passed, when, and with which version."""
    from course_utils.classroom import commands

    commands.certificate(name, graded, file)


@app.command()
def grade(
    folder: Annotated[
        Path, typer.Argument(help="Notebooks that were handed in, or a zip of Canvas or Moodle.")
    ],
    lab: Annotated[
        str | None, typer.Option(metavar="NN", help="Only this lab; others are said to be another.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where the results go; FOLDER-graded if left out.")
    ] = None,
) -> None:
    """For instructors: grade a class, each submission in a sandbox; goes on where it stopped."""
    lab = lab and config.lesson(lab).number
    _set_up()
    from course_utils.classroom import commands

    commands.grade(folder, lab, out)


@app.command("class")
def class_(
    folder: Annotated[Path, typer.Argument(help="The files of ./course progress --share.")],
    csv: Annotated[Path | None, typer.Option(help="Write a line per learner and question.")] = None,
    figure: Annotated[Path | None, typer.Option(help="Draw it into this .png file.")] = None,
) -> None:
    """For instructors: who of a class is where, and which mistakes many make."""
    from course_utils.classroom import commands

    commands.show_class(folder, csv, figure)


@app.command()
def quiz(number: Number) -> None:
    """Ask the quiz of a lesson: each answer is judged at once, the score kept."""
    from course_utils.exam import quiz_terminal

    quiz_terminal.run(number)


@app.command()
def exam(
    seed: Annotated[int | None, typer.Option(help="The same draw again.", min=0)] = None,
    domain: Annotated[int | None, typer.Option(help="Only this domain, from 1.")] = None,
    mistakes: Annotated[
        bool, typer.Option("--mistakes", help="Only what was wrong the last time.")
    ] = False,
    old: Annotated[bool, typer.Option("--old", help="45 questions by the earlier guide.")] = False,
    history: Annotated[
        bool, typer.Option("--history", help="The exams so far, and what to learn next.")
    ] = False,
    report: Annotated[
        bool, typer.Option("--report", help="The report of the last exam once more.")
    ] = False,
    map_: Annotated[
        bool, typer.Option("--map", help="Each objective: where taught, how many questions, score.")
    ] = False,
    notebook: Annotated[
        bool, typer.Option("--notebook", help="Put a notebook for exams into the workbook.")
    ] = False,
    discard: Annotated[
        bool, typer.Option("--discard", help="Drop the exam that is going on.")
    ] = False,
) -> None:
    """A practice exam: 48 questions in 90 minutes; it stops and goes on without loss."""
    from course_utils.exam import commands

    if history:
        print("\n".join(commands.history()))
    elif report:
        print("\n".join(commands.report()))
    elif map_:
        print("\n".join(commands.objectives()))
    elif notebook:
        print(commands.lay_out_notebook())
    elif discard:
        print(commands.discard())
    else:
        commands.sit(seed, domain, mistakes, old)


@app.command()
def bank(
    pairs: Annotated[int, typer.Option(help="How many of the most similar.", min=0)] = 20,
    write: Annotated[bool, typer.Option("--write", help="Make docs/objectives.md anew.")] = False,
) -> None:
    """For authors: questions per objective, and those that are most alike, to be read."""
    from course_utils.exam import objectives
    from course_utils.exam.bank import load
    from course_utils.session.files import write_text

    questions = load()
    if write:
        write_text(objectives.PAGE, objectives.page(questions))
        print("docs/objectives.md is up to date.")
    else:
        print("\n".join(objectives.overview(questions, pairs)))


MaybeQuestion = Annotated[
    str | None, typer.Argument(help="A question, such as q2; the whole lab if left out.")
]


@app.command()
def check(number: Number, question: MaybeQuestion = None) -> None:
    """Run your saved lab in a clean process and print how each question stands."""
    from course_utils.workbook import copies, recheck

    # what is wrong is said before any work
    recheck.saved(number)
    number = config.lesson(number).number
    only = question and copies.question_name(number, question)
    _set_up(archive=False)
    from rich.progress import Progress

    with Progress(transient=True) as bar:
        task = bar.add_task(f"Running lab {number}", total=None)
        rows = recheck.recheck(
            number, lambda done, total: bar.update(task, completed=done, total=total)
        )
    print(recheck.Rows(row for row in rows if only in (None, row.question)))


@app.command()
def reset(
    number: Number,
    question: MaybeQuestion = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take what is new, or put a lab or one question back; a copy of your work is kept."""
    from course_utils.workbook import copies

    number = config.lesson(number).number
    question = question and copies.question_name(number, question)
    what = f"question {question} of lab {number}" if question else f"lab {number}"
    asked = f"Put {what} back as it was? A copy of yours is kept."
    if not question and (waiting := copies.waiting(number)):
        asked = f"Take what is new into {' and '.join(waiting)}? Your answers stay."
    if not yes and not typer.confirm(asked):
        print("Nothing was changed.")
        raise typer.Exit(1)
    for line in copies.reset(number, question):
        print(line)


@app.command()
def build(
    number: MaybeNumber = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Change nothing; fail where a file breaks a rule or is old."),
    ] = False,
    quiet_machine: Annotated[
        bool,
        typer.Option("--quiet-machine", help="Also execute what measures time; refused when busy."),
    ] = False,
) -> None:
    """Build the notebooks and the other files that are made from sources."""
    from course_utils import build

    if check:
        lines = [*build.check(number), *build.lint(number)]
        for line in lines:
            print(line)
        raise typer.Exit(1 if lines else 0)
    _set_up()
    changed = build.build(number, quiet_machine=quiet_machine)
    print(f"{len(changed)} files changed." if changed else "Everything is up to date.")


@app.command()
def site() -> None:
    """Build the course as a website that also opens from disk; print its first page's path."""
    from rich.console import Console

    from course_utils import site

    with Console().status("Building the site: a minute or two"):
        first = site.build()
    print(first)


@app.command()
def new(
    number: Annotated[str, typer.Argument(metavar="NN", help="Two digits, such as 08.")],
    slug: Annotated[str, typer.Argument(help="Its name in small letters, such as mlflow_basics.")],
) -> None:
    """Lay out a new lesson that keeps every rule but for its words."""
    from course_utils.build import new_lesson

    for path in new_lesson.lay_out(number, slug):
        print(path)
    print(f"Next: write it, then ./course build {number} and ./course prove {number}")


@app.command()
def prove(
    number: Number,
    question: MaybeQuestion = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="Only the answers as authors wrote them.")
    ] = False,
) -> None:
    """Run every right and wrong answer of a lab through its checks, on sibling data too."""
    _set_up()
    from course_utils.build.proof import prove

    given = [number, *([question] if question else []), *(["--plain"] if plain else [])]
    raise typer.Exit(prove.main(given))


@app.command()
def slides(
    number: MaybeNumber = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Print them as PDF, too.")] = False,
) -> None:
    """Write the slides of a lesson, or of all, into _slides/."""
    from course_utils.slides import commands

    for path in commands.write(number, pdf):
        print(path)


@app.command()
def present(
    number: Number,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
    port: Annotated[int, typer.Option(help="The first port to try.", min=1, max=65535)] = 8600,
) -> None:
    """Show the slides of a lesson in the browser, with notes for the speaker."""
    from course_utils.slides import commands

    commands.present(number, port, browser)


@export_app.command("databricks")
def export_databricks(
    number: MaybeNumber = None,
    to: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where to; _databricks if left out."),
    ] = None,
) -> None:
    """Write demos as notebooks that Databricks imports, with what they need beside them."""
    from course_utils.export import commands

    for path in commands.databricks(number, to):
        print(path)


@app.command()
def plan(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A plan's name; a list if left out.")
    ] = None,
) -> None:
    """Lay a plan for a class out minute by minute, as Markdown."""
    from course_utils.slides import commands

    print(commands.plan(name))


@app.command()
def mlflow(
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
    port: Annotated[int, typer.Option(help="The first port to try.", min=1, max=65535)] = 5000,
) -> None:
    """Open the course's own MLflow on this machine, on its list of experiments."""
    from course_utils import servers

    servers.serve_mlflow(port, browser)


@data_app.command("use")
def data_use(
    file: Annotated[Path, typer.Argument(help="A listing file, or ratings of MovieLens.")],
) -> None:
    """Put real listings or ratings of yours in place of the generated ones."""
    from course_utils import data

    now = data.use(file)
    rows = (
        f"{now.rows:,} listings"
        if now.films is None
        else f"{now.rows:,} ratings and {now.films:,} films"
    )
    print(f"In use now: {now.file}, {rows}.")
    for note in now.notes:
        print(f"  {note}")
    print("./course data reset goes back to the generated data.")


@data_app.command("list")
def data_list() -> None:
    """List the data sets, and which are real."""
    from rich.console import Console
    from rich.table import Table

    from course_utils import data

    table = Table("name", "rows", "where from", "what it is")
    table.columns[1].justify = "right"
    for entry in data.listing():
        table.add_row(entry.name, f"{entry.rows:,}", entry.source, entry.about)
    Console().print(table)


@data_app.command("reset")
def data_reset(
    what: Annotated[
        str | None,
        typer.Argument(metavar="[WHAT]", help="listings or ratings; both if left out."),
    ] = None,
) -> None:
    """Go back to the generated data."""
    from course_utils import data

    data.reset(what)
    print(f"Generated {what} are in use." if what else "Generated data is in use.")


@bench_app.command("startup")
def bench_startup(
    rounds: Annotated[int, typer.Option(help="Rounds, each way once in each.", min=1)] = 5,
) -> None:
    """Measure how long a notebook waits for Spark: cold, with the archive, from the pool."""
    _set_up()
    from rich.console import Console

    from course_utils.session import bench

    with Console().status(f"Starting Spark in three ways, {rounds} rounds: some minutes"):
        measured = bench.startup(rounds)
    print(measured)


Write = Annotated[bool, typer.Option("--write", help="Put the tables into the docs.")]


@bench_app.command("automl")
def bench_automl(
    seconds: Annotated[float, typer.Option(help="The budget of each search.", min=5)] = 24,
    rounds: Annotated[
        int, typer.Option(help="Rounds at least, each with other test rows.", min=2)
    ] = 3,
    write: Write = False,
) -> None:
    """Measure AutoML against FLAML and a tuned XGBoost, and how well its trials overlap."""
    _set_up()
    from rich.console import Console

    from course_utils import get_spark
    from course_utils.automl import bench
    from course_utils.setup import benchmarks

    with Console().status("Searching, here and with the others: about half an hour"):
        rows = bench.run(benchmarks.rivals_python(), seconds, rounds)
    overlap = str(bench.overlap(get_spark("bench")))
    tables = {"searches": bench.table(rows, seconds), "overlap": overlap}
    _show(tables, "automl", write)


@bench_app.command("features")
def bench_features(
    rounds: Annotated[int, typer.Option(help="Runs of each join, in turn.", min=2)] = 5,
    write: Write = False,
) -> None:
    """Measure the feature store beside Feast: joins in time, and online lookups."""
    _set_up()
    from rich.console import Console

    from course_utils.setup import benchmarks

    with Console().status("Joining and looking up, here and in Feast: some minutes"):
        tables = benchmarks.run("course_utils.features.bench", str(rounds))
    _show(tables, "features", write)


def _show(tables: dict[str, str], page: str, write: bool) -> None:
    from course_utils.setup import benchmarks

    for name, table in tables.items():
        print(f"{name}: {table}\n")
    if write:
        benchmarks.write_tables(page, tables)


def main(args: list[str]) -> int:
    """Run one command; what a user can cause or mend is one line and exit code 1."""
    # Inherited by every kernel and server: after the set-up nothing here uses the network.
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    if args[:1] == ["help"]:
        args = ["--help"]
    if args[:1] in (["hint"], ["solution"]):
        question = args[2] if len(args) > 2 else "q1"
        return _fail(
            f"A {args[0]} is given where the answer is written: "
            f"run lab.{question}.{args[0]}() in a cell of the lab."
        )
    try:
        if args[:1] not in (["--help"], ["doctor"]):
            place.prepare()
        app(args, prog_name="./course")
    except CourseError as error:
        return _fail(str(error))
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return _fail(
                f"The disk is full: {error.filename or 'a file'} could not be written. "
                "Free some space, then run the same command again."
            )
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            return _fail(
                f"No permission for {error.filename or 'a file'}: it is not yours, or read-only. "
                "Give yourself the right to it, then run the same command again."
            )
        raise
    return 0


def _fail(line: str) -> int:
    sys.stdout.flush()
    print(f"course: {line}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
