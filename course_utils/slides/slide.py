"""A slide, and the slides that a cell of code or a list makes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from course_utils.slides import looks, words
from course_utils.slides.parts import Part

Look = Literal[
    "title", "section", "statement", "predict", "exercise", "answer", "list", "code", "output",
    "figure", "schematic",
]  # fmt: skip

LINES = 14  # of code and its output that one slide holds
_LIST = 620  # characters of a list that one slide holds


@dataclass
class Slide:
    """One slide: what is seen, and what is said to it."""

    look: Look
    heading: str  # Markdown
    section: str  # the heading of the demo that it stands under
    body: list[str] = field(default_factory=list)  # HTML
    notes: list[str] = field(default_factory=list)  # HTML
    lines: int = 0  # of code and output

    @property
    def has_output(self) -> bool:
        """Whether it shows what code has printed."""
        return any('class="output' in each for each in self.body)


def of_code(part: Part) -> list[Slide]:
    """The slides of a cell: its code with what it prints, then each of its figures."""
    printed = [output for output in part.outputs if not output.image]
    figures = [output for output in part.outputs if output.image]
    slides: list[Slide] = []

    def add(look: Look, body: str, lines: int = 0) -> None:
        slides.append(Slide(look, part.section, part.section, [body], lines=lines))

    if looks.sets_up(part.text):
        printed = []
    elif not (figures and looks.prepares_a_figure(part.text)):
        add("code", words.code(part.text), _lines(part.text))
    for output in printed:
        if slides and slides[-1].lines + _lines(output.text) <= LINES:
            slides[-1].body.append(looks.text(output, "fragment"))
            slides[-1].lines += _lines(output.text)
        else:
            add("output", looks.text(output))
    for output in figures:
        add("figure", looks.figure(output))
    return slides


def _lines(text: str) -> int:
    return len(text.splitlines())


def pages(text: str) -> Iterator[str]:
    """The items of a list by their first sentence, as many to a slide as it holds."""
    items = []
    for item in re.split(r"\n(?=[-*] |\d+\. )", text):
        mark, _, told = item.partition(" ")
        first, *others = words.sentences(told)
        if first.endswith("**") and others:  # a name, and then what it is
            first = f"{first} {others[0]}"
        items.append(f"{mark} {first}")
    count = -(-sum(map(len, items)) // _LIST)
    size = -(-len(items) // count)
    for start in range(0, len(items), size):
        yield "\n".join(items[start : start + size])
