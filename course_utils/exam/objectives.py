"""The map: each objective, where it is taught, its questions, my score; and the page of it.

`docs/objectives.md` is made from the guide, the bank and the lessons' headings:

    ./course bank --write
"""

from collections.abc import Iterator
from pathlib import Path

from course_utils import paths
from course_utils.exam import guide, nearest, results, text
from course_utils.exam.bank import Bank
from course_utils.exam.guide import CURRENT, EARLIER, Guide, Objective, Place
from course_utils.exam.kept import Record

PAGE = paths.ROOT / "docs" / "objectives.md"


def table(bank: Bank, kept: Record) -> list[str]:
    """The map in plain lines, with the score of the last answers to each objective's questions."""
    scores = results.objective_scores(kept)
    lines = []
    for tag in (CURRENT, EARLIER):
        of = guide.guide(tag)
        lines += [f"Objectives of {of.title}", ""]
        for section in of.sections:
            lines += [f"{section.title}, {section.weight} %", ""]
            for each in section.objectives:
                lines += _plain(each, len(bank.of_objective(each.tag)), scores.get(each.tag))
            lines.append("")
    return [*lines, *text.wrap(_TRY), *text.wrap(f"Looked up on {guide.looked_up()}.")]


def _plain(each: Objective, questions: int, score: results.Score | None) -> Iterator[str]:
    mine = f"{score} right" if score else "not asked yet"
    yield from text.wrap(f"{each.words} ({questions} questions; {mine})", f"{each.tag:<8} ")
    for place in each.taught:
        yield from text.wrap(f"-> {place}", " " * 9)
    if each.there:
        here = f"Here: {each.here}. " if each.here else "Only on the platform. "
        yield from text.wrap(f"{here}There: {each.there}.", " " * 9)


def page(bank: Bank) -> str:
    """The text of `docs/objectives.md`."""
    current, earlier = guide.guide(CURRENT), guide.guide(EARLIER)
    only = [each for each in current.objectives() if each.only_there]
    parts = [
        "# Objectives of the exam",
        "<!-- made by ./course bank --write; edit exam/guide.toml and the questions -->",
        "Each objective of *Databricks Certified Machine Learning Associate* in words of our own, "
        "where the course teaches it, and how many questions of the bank ask it. "
        "`./course exam --map` shows the same with your score; [exam.md](exam.md) says how to "
        "practise.",
        *_section_tables(bank, current),
        *_section_tables(bank, earlier),
        "## On the platform only",
        _TRY,
        f"What follows was looked up in the platform's documentation on {guide.looked_up()}.",
        "Nothing here stands for these: " + "; ".join(_lower(each) for each in only) + ".",
        _platform(current),
    ]
    return "\n\n".join(parts) + "\n"


_TRY = (
    "Databricks Free Edition costs nothing: sign up at "
    "https://www.databricks.com/learn/free-edition. It is serverless only and not for commercial "
    "use, has one workspace and one metastore, no legacy features and no compute with GPUs. A day "
    "has a quota of compute, after which everything stops until the next; your data stays. What "
    "needs classic compute, such as Databricks Runtime ML, can be tried in a free trial of the "
    "full platform."
)


def _lower(each: Objective) -> str:
    return f"{each.words[0].lower()}{each.words[1:]} ({_number(each)})"


def _number(each: Objective) -> str:
    return each.tag.split("-")[1]


def _section_tables(bank: Bank, of: Guide) -> Iterator[str]:
    yield (
        f"## {of.title[0].upper()}{of.title[1:]}\n\n{of.questions} questions in {of.minutes} "
        f"minutes, {of.since}."
    )
    for section in of.sections:
        rows = [
            f"### {section.title}, {section.weight} %",
            "",
            "| no. | objective | taught in | questions |",
            "|---|---|---|---|",
        ]
        for each in section.objectives:
            taught = "; ".join(_link(place) for place in each.taught)
            count = len(bank.of_objective(each.tag))
            rows.append(f"| {_number(each)} | {each.words} | {taught} | {count} |")
        yield "\n".join(rows)


def _link(place: Place) -> str:
    return f"[{place.lesson}](../{place.notebook}) {place.heading}"


def _platform(of: Guide) -> str:
    rows = ["| no. | objective | in this course | on the platform |", "|---|---|---|---|"]
    for each in of.objectives():
        if each.there:
            rows.append(f"| {_number(each)} | {each.words} | {each.here or '–'} | {each.there} |")
    return "\n".join(rows)


def overview(bank: Bank, pairs: int) -> list[str]:
    """For authors: how many questions each objective has, and the pairs that are most alike."""
    lines = [f"{len(bank.entries)} questions"]
    for tag in (CURRENT, EARLIER):
        for each in guide.guide(tag).objectives():
            lines.append(f"{len(bank.of_objective(each.tag)):>4}  {each.tag:<8} {each.words}")
    if pairs:
        lines += ["", "Most alike (cosine of their words): read both"]
    for pair in nearest.pairs(bank.entries, pairs) if pairs else ():
        for entry in (pair.first, pair.second):
            stem = " ".join(entry.question.stem.split())
            lines += text.wrap(f"{entry.source} {entry.id}: {stem}", f"{pair.cosine:.2f}  ")
        lines.append("")
    return lines


def drift(bank: Bank, file: Path = PAGE) -> list[str]:
    """A line if the page is not what its sources make."""
    there = file.read_text(encoding="utf-8") if file.exists() else ""
    if there == page(bank):
        return []
    return ["docs/objectives.md is not what exam/ and lessons/ make. Run ./course bank --write"]
