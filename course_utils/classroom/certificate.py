"""A certificate that says no more than what is known: what was passed, when, with which version."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from course_utils import config
from course_utils.classroom.gradebook import page
from course_utils.classroom.results import Result, results_in
from course_utils.classroom.version import version
from course_utils.errors import CourseError
from course_utils.workbook import progress

_OWN = (
    "This is a self-made record: {name} made it from the progress that the course keeps on the own "
    "computer. Nobody else has looked at the answers, and such a file can be changed."
)
_GRADED = (
    "An instructor made this record from graded submissions: each answer ran once more in a clean "
    "place, on the course's data and on other data of the same kind."
)


@dataclass(frozen=True)
class Line:
    """One lab on the certificate."""

    number: str
    title: str
    passed: int
    questions: int
    points: float
    of: float
    when: str  # "2026-11-02 to 2026-11-05", "" where it is not known


def from_progress(name: str) -> str:
    """The page that a learner makes from the own progress.

    Raises:
        CourseError: nothing is passed yet.
    """
    lines = []
    for item in progress.overview():
        done = [each for each in item.questions if each.state == "done"]
        if done:
            days = sorted((each.entry.first_pass or "")[:10] for each in done)
            lines.append(
                Line(
                    item.lesson.number,
                    item.lesson.title,
                    len(done),
                    len(item.questions),
                    float(sum(each.question.points for each in done)),
                    float(sum(each.question.points for each in item.questions)),
                    " to ".join(dict.fromkeys((days[0], days[-1]))) if days[0] else "",
                )
            )
    if not lines:
        raise CourseError(
            "Nothing is passed yet, so there is nothing to certify. ./course next says what to do."
        )
    return _page(name, lines, _OWN.format(name=name), [])


def from_grades(name: str, graded: Path) -> str:
    """The page that an instructor makes from the folder of `./course grade`.

    Raises:
        CourseError: there is no result of that name, or none that counts.
    """
    results = results_in(graded)
    own = [result for result in results if result.name == name]
    if not own:
        names = ", ".join(sorted({result.name for result in results})) or "nobody"
        raise CourseError(f"{graded} has no results of {name!r}. It has {names}.")
    counted = [result for result in own if not result.look]
    waiting = [result.lab for result in own if result.look]
    if not counted:
        raise CourseError(
            f"A person has to look at every lab of {name} first: {', '.join(waiting)}."
        )
    lines = [_line(result) for result in sorted(counted, key=lambda result: result.lab)]
    return _page(name, lines, _GRADED, waiting)


def _line(result: Result) -> Line:
    passed = sum(each.points > 0 for each in result.verdicts)
    title = config.lesson(result.lab).title
    of = len(result.verdicts)
    return Line(result.lab, title, passed, of, result.points, result.of, "")


def _page(name: str, lines: Sequence[Line], origin: str, waiting: Sequence[str]) -> str:
    course = config.course()
    labs = sum(lesson.lab for lesson in course.lessons)
    whole = sum(line.passed == line.questions for line in lines)
    rows = "\n".join(_row(line) for line in lines)
    points, of = sum(line.points for line in lines), sum(line.of for line in lines)
    heads = "".join(
        f"<th scope='col'>{head}</th>" for head in ("Lab", "", "Passed", "Points", "First passed")
    )
    left = f"<p>Not counted, as a person has to look first: {', '.join(waiting)}.</p>"
    body = f"""\
<p><strong>{html.escape(name)}</strong> has worked on {len(lines)} of the {labs} labs of this
course and passed every question of {whole}.</p>
<table>
<thead><tr>{heads}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
<p>{points:g} of {of:g} points in these labs. {html.escape(course.title)}, version
{html.escape(version())}.</p>
{left if waiting else ""}
<p>{html.escape(origin)}</p>"""
    return page(f"Certificate: {course.title}", body)


def _row(line: Line) -> str:
    cells = (
        *(line.number, line.title, f"{line.passed} of {line.questions}"),
        *(f"{line.points:g} of {line.of:g}", line.when or "not known"),
    )
    return f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in cells)}</tr>"
