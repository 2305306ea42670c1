"""What a grading leaves for people: the gradebook, columns for platforms, and feedback.

Names and messages come from submissions. A spreadsheet would take a cell that begins with =, +, -
or @ for a formula, so such a text gets an apostrophe before it, as spreadsheets have it.
"""

import csv
import html
import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from course_utils import config
from course_utils.classroom.results import Result, file_name
from course_utils.classroom.verdict import Verdict
from course_utils.lab import message
from course_utils.lab.result import Status
from course_utils.session.files import write_text

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "'")  # the last one, to be read back alike
_BLANK = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_WORDS = {  # what a Status has no word for
    "died": "! its cell could not be run",
    "tampered": "! to be looked at by a person",
    "unproved": "! to be looked at by a person",
    "not reached": "! not reached",
}


def safe(value: object) -> str:
    """A value as a cell that no spreadsheet takes for a formula, on one line."""
    text = _BLANK.sub(" ", str(value)).strip()
    return f"'{text}" if text.startswith(_FORMULA) else text


def write_csv(path: Path, rows: Iterable[Sequence[object]]) -> None:
    """Write rows as a CSV file, every cell quoted and safe."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([safe(cell) for cell in row] for row in rows)
    write_text(path, text.getvalue(), mode=0o600)


def write(results: Sequence[Result], out: Path) -> list[Path]:
    """Write the gradebook, a file for each platform and lab, and a page for each learner.

    Returns:
        The gradebook and the platforms' files.
    """
    files = [out / "gradebook.csv"]
    write_csv(files[0], _gradebook(results))
    for lab in sorted({result.lab for result in results if result.lab}):
        of_lab = [result for result in results if result.lab == lab]
        for name, rows in (("canvas", _canvas(of_lab)), ("moodle", _moodle(of_lab))):
            files.append(out / f"{name}-{lab}.csv")
            write_csv(files[-1], rows)
    for key in {result.key for result in results}:
        own = [result for result in results if result.key == key]
        page = feedback(own[0].name, own)
        write_text(out / "feedback" / f"{file_name(key)}.html", page, mode=0o600)
    return files


def _gradebook(results: Sequence[Result]) -> list[list[object]]:
    most = max((len(result.verdicts) for result in results), default=0)
    ids = [f"q{number}" for number in range(1, most + 1)]
    fixed = ["name", "lab", "file", "state", "points", "of", "look", "what happened"]
    rows: list[list[object]] = [[*fixed, *ids]]
    for result in results:
        by_id = {verdict.question: _short(verdict) for verdict in result.verdicts}
        look = "yes" if result.look else "no"
        points = f"{result.points:g}" if result.verdicts else ""
        of = f"{result.of:g}" if result.verdicts else ""
        told = "; ".join(result.notes)
        row = [result.name, result.lab, result.file, result.state, points, of, look, told]
        rows.append([*row, *(by_id.get(each, "") for each in ids)])
    return rows


def _short(verdict: Verdict) -> str:
    why = verdict.mistake or ("" if verdict.status == Status.PASS else verdict.status)
    return f"{verdict.points:g}" + (f" ({why})" if why else "")


def _grade(result: Result) -> str:
    """The grade for a platform: nothing where a person has to look first."""
    return "" if result.look else f"{result.points:g}"


def _canvas(results: Sequence[Result]) -> list[list[object]]:
    """Canvas's import: it knows a learner by the id, or else by the login."""
    title = config.lesson(results[0].lab).name
    most = max(result.of for result in results)
    rows: list[list[object]] = [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", title],
        ["Points Possible", "", "", "", "", f"{most:g}"],
    ]
    for result in results:
        login = "" if result.canvas else result.name
        rows.append([result.name, result.canvas, "", login, "", _grade(result)])
    return rows


def _moodle(results: Sequence[Result]) -> list[list[object]]:
    """Moodle's grading worksheet; without its identifier, the name has to be mapped by hand."""
    heads = ["Identifier", "Full name", "Grade", "Maximum Grade"]
    rows: list[list[object]] = [[*heads, "Last modified (grade)", "Feedback comments"]]
    for result in results:
        identifier = f"Participant {result.moodle}" if result.moodle else ""
        told = "; ".join(f"{v.question}: {_short(v)}" for v in result.verdicts)
        of = f"{result.of:g}"
        rows.append([identifier, result.name, _grade(result), of, "", told])
    return rows


def feedback(name: str, results: Sequence[Result]) -> str:
    """The page that a learner gets: each question's message, as the lab would show it."""
    parts = []
    for result in results:
        lab = f"Lab {result.lab}" if result.lab else result.file
        head = f"{lab}: {result.points:g} of {result.of:g} points" if result.verdicts else lab
        parts.append(f"<h2>{html.escape(head)}</h2>")
        if result.look:
            parts.append("<p>A person will look at this before it counts.</p>")
        notes = [note for note in result.notes if not note.startswith("looks into")]
        parts += [f"<p>{html.escape(note)}</p>" for note in notes]
        parts += [_card(verdict) for verdict in result.verdicts]
    return page(f"Feedback for {name}", "\n".join(parts))


def _card(verdict: Verdict) -> str:
    try:
        status = Status(verdict.status)
        lines = list(verdict.lines)
    except ValueError:
        status = Status.UNAVAILABLE
        head = f"{_WORDS[verdict.status]} · {verdict.question} · {verdict.title}"
        lines = [head, *verdict.lines]
    lines = [*(lines or [verdict.title]), f"{verdict.points:g} of {verdict.of:g} points"]
    return message.as_html(lines, status)


def page(title: str, body: str) -> str:
    """A whole HTML page that needs nothing else and prints well.

    Args:
        title: plain text.
        body: HTML.
    """
    made = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    head = html.escape(title)
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{head}</title>
<style>
body {{ font: 16px/1.5 sans-serif; color: {message.TEXT}; background: #fff; max-width: 50em;
  margin: 2em auto; padding: 0 1em; }}
body > div {{ margin: 0.6em 0; break-inside: avoid; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ border: 1px solid #767676; padding: 4px 8px; text-align: left; }}
</style>
</head>
<body>
<h1>{head}</h1>
{body}
<p><small>Made on {made}.</small></p>
</body>
</html>
"""
