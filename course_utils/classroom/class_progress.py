"""Who of a class is where, and which named mistakes many make, from the files that they share."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.table import Table

from course_utils import config
from course_utils.classroom.gradebook import write_csv
from course_utils.classroom.share import KIND, NAMED, SCHEMA, Shared
from course_utils.errors import CourseError
from course_utils.lab.find_questions import load_questions

_LARGEST = 1 << 20  # bytes; thirty labs need some ten thousand
_FEWEST = 2  # learners who make a mistake before it is one of the class


@dataclass(frozen=True)
class Learner:
    """One shared file."""

    name: str  # of the file, without its ending
    lessons: dict[str, dict[str, Shared]]

    def done(self, number: str) -> int:
        """How many questions of a lab are done."""
        return sum(each.state == "done" for each in self.lessons.get(number, {}).values())

    @property
    def at(self) -> tuple[str, str]:
        """(lab, time) of the last change; ("", "") before the first."""
        times = [
            (each.last or "", number)
            for number, questions in self.lessons.items()
            for each in questions.values()
        ]
        last, number = max(times, default=("", ""))
        return (number, last) if last else ("", "")


def read(folder: Path) -> tuple[list[Learner], list[str]]:
    """The shared files in a folder, and a line for each file that is none.

    Raises:
        CourseError: there is no such folder, or no file that could be one.
    """
    if not folder.is_dir():
        raise CourseError(f"{folder} is no folder: give the one with the learners' progress files.")
    files = sorted(folder.glob("*.json"), key=lambda path: path.name.casefold())
    if not files:
        raise CourseError(
            f"There is no .json file in {folder}: each learner makes one with "
            "./course progress --share NAME.json"
        )
    learners, bad = [], []
    for file in files:
        try:
            learners.append(_read(file))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            bad.append(f"{file.name} was left out: {_why(error)}")
    return learners, bad


def _read(file: Path) -> Learner:
    if file.stat().st_size > _LARGEST:
        raise ValueError("it is too large for a progress file")
    raw = json.loads(file.read_text(encoding="utf-8-sig"))
    if not isinstance(raw, dict) or raw.get("kind") != KIND:
        raise ValueError("it is no file of ./course progress --share")
    if raw.get("schema") != SCHEMA:
        raise ValueError("another version of the course wrote it")
    lessons = {
        str(number): {str(name): _shared(each) for name, each in questions.items()}
        for number, questions in raw["lessons"].items()
    }
    return Learner(file.stem, lessons)


def _shared(raw: dict[str, Any]) -> Shared:
    known = {each.name for each in fields(Shared)}
    shared = Shared(**{name: value for name, value in raw.items() if name in known})
    counts = (shared.tries, shared.hints)
    times = (shared.passed, shared.last)
    fine = (
        shared.state in ("open", "done", "changed")
        and all(type(each) is int and 0 <= each < 1_000_000 for each in counts)
        and type(shared.solution_seen) is bool
        and (shared.mistake is None or NAMED.fullmatch(shared.mistake) is not None)
    )
    if not fine:
        raise ValueError("an entry is not as ./course progress --share writes it")
    for each in times:
        if each is not None:
            datetime.fromisoformat(each)
    return shared


def _why(error: Exception) -> str:
    match error:
        case json.JSONDecodeError() | UnicodeDecodeError():
            return "it cannot be read as JSON"
        case OSError():
            return f"it cannot be read ({error.strerror})"
        case ValueError():
            return str(error)
    return "it is not as ./course progress --share writes it"


def totals() -> dict[str, int]:
    """Lab -> how many questions it has, in the course's order."""
    found = {}
    for lesson in config.course().lessons:
        if lesson.lab:
            try:
                found[lesson.number] = len(load_questions(lesson.number))
            except CourseError:
                continue  # not written yet
    return found


def _begun(learners: Sequence[Learner]) -> list[str]:
    """The labs that somebody has begun."""
    return [number for number in totals() if any(number in each.lessons for each in learners)]


def where(learners: Sequence[Learner]) -> Table:
    """A row for each learner, a column for each lab that somebody has begun."""
    all_of, labs = totals(), _begun(learners)
    table = Table(title=f"{len(learners)} learners: questions done")
    for head in ("learner", *labs, "done", "now at", "last seen (UTC)"):
        table.add_column(head, justify="right" if head in (*labs, "done") else "left")
    for each in learners:
        at, last = each.at
        done = [f"{each.done(lab)}/{all_of[lab]}" if lab in each.lessons else "·" for lab in labs]
        total = str(sum(each.done(lab) for lab in labs))
        table.add_row(_plain(each.name), *done, total, at or "·", last[:16].replace("T", " "))
    return table


def mistakes(learners: Sequence[Learner]) -> list[tuple[str, str, str, int]]:
    """(lab, question, mistake, learners) of mistakes that several make, the most common first."""
    counted = Counter(
        (number, name, each.mistake)
        for learner in learners
        for number, questions in learner.lessons.items()
        for name, each in questions.items()
        if each.mistake is not None
    )
    common = [(*which, count) for which, count in counted.items() if count >= _FEWEST]
    return sorted(common, key=lambda each: (-each[3], each[:3]))


def mistakes_table(learners: Sequence[Learner]) -> Table:
    """The same, to be shown."""
    table = Table("lab", "question", "mistake", "learners", title="Mistakes that several make now")
    for lab, question, mistake, count in mistakes(learners):
        table.add_row(_plain(lab), _plain(question), mistake, str(count))
    return table


def write_table(learners: Sequence[Learner], path: Path) -> None:
    """Write a line for each learner and question as CSV."""
    heads = [each.name for each in fields(Shared)]
    rows: list[list[object]] = [["name", "lab", "question", *heads]]
    for learner in learners:
        for number, questions in sorted(learner.lessons.items()):
            for name, each in questions.items():
                values = [getattr(each, head) for head in heads]
                told = ["" if value is None else value for value in values]
                rows.append([learner.name, number, name, *told])
    write_csv(path, rows)


def draw(learners: Sequence[Learner], path: Path) -> None:
    """Draw who is where as a picture: a row for each learner, a square for each lab."""
    from course_utils import figures  # its style is on once it is imported

    plt = figures.plt
    all_of, labs = totals(), _begun(learners)
    if not labs:
        raise CourseError("There is nothing to draw: nobody has begun a lab yet.")
    shares = [[each.done(lab) / all_of[lab] for lab in labs] for each in learners]
    size = (2.5 + 0.55 * len(labs), 1.5 + 0.3 * len(learners))
    fig, ax = plt.subplots(figsize=size, layout="constrained")
    ax.imshow(shares, cmap="cividis", vmin=0, vmax=1, aspect="auto")
    for row, each in enumerate(learners):
        for column, lab in enumerate(labs):
            dark = shares[row][column] < 0.5
            text = f"{each.done(lab)}/{all_of[lab]}" if lab in each.lessons else "·"
            color = "white" if dark else "black"
            ax.text(column, row, text, ha="center", va="center", color=color, fontsize=8)
    # a name with a dollar sign is no formula
    names = [each.name.replace("$", r"\$") for each in learners]
    ax.set_yticks(range(len(names)), names)
    ax.set_xticks(range(len(labs)), labs)
    ax.set(xlabel="lab", title="Questions done")
    ax.grid(visible=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    fig.savefig(path, format="png", dpi=150)
    plt.close(fig)


def _plain(text: str) -> str:
    """A text from a file, without what a terminal or the table would take as an order."""
    return "".join(c if c.isprintable() else "?" for c in text).replace("[", r"\[")
