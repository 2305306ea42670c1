"""What a machine can hold a question to: help in steps, and a rule for each thing that is asked."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from course_utils.build.source import Sources
from course_utils.lab.ran import assigned
from course_utils.percent import Cell

HINTS, MISTAKES = 2, 3
_CODE = re.compile(r"`([A-Za-z_]\w*)`")
_PYTHON = {"None", "True", "False"}


def hints_and_mistakes(sources: Sources) -> Iterator[str]:
    """A question helps in steps and knows how it is usually missed."""
    for question in _questions(sources):
        where = _where(sources, question)
        if len(question.hints) < HINTS:
            yield f"{where} has {len(question.hints)} hints; at least {HINTS}"
        if len(question.mistakes) < MISTAKES:
            yield f"{where} has {len(question.mistakes)} named mistakes; at least {MISTAKES}"


def looked_at(sources: Sources) -> Iterator[str]:
    """What a question's text asks for in code type is looked at, or it is said why not."""
    if "lab" not in sources.roles:
        return
    questions = _questions(sources)
    cells = sources.cells("solution")
    ours = _PYTHON.union(*(assigned(cell.source) for cell in cells if cell.kind == "code"))
    for question in questions:
        ours |= set(question.names)
        known = ours | set(question.looks_at)
        for asked in (question.columns, question.keys, question.choices):
            known |= {str(name) for names in asked.values() for name in names}
        nouns = dict.fromkeys(_CODE.findall(_text(cells, question.id)))
        if missing := [f"`{noun}`" for noun in nouns if noun not in known]:
            yield (
                f"{_where(sources, question)} asks for {', '.join(missing)}: put each into names, "
                "columns, keys or choices, or say in looks_at what looks at it, or why nothing does"
            )


def _text(cells: Sequence[Cell], question: str) -> str:
    """The prose between the cell before a question's text and its answer."""
    text: list[str] = []
    for cell in cells:
        if cell.kind == "markdown":
            text.append(cell.source)
        elif cell.kind == "answer" and cell.question == question:
            # a text may begin with what is to be said about the question before
            return "\n".join(text).rpartition("\n## ")[2]
        elif cell.kind == "check":
            text.clear()
    return ""


def _questions(sources: Sources) -> Sequence[Any]:
    there = (sources.folder / "questions.py").exists()
    return sources.tree.questions(sources.lesson.number) if there else ()


def _where(sources: Sources, question: Any) -> str:
    return f"lessons/{sources.lesson.name}/questions.py: {question.id}"
