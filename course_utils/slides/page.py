"""Writes decks as pages of HTML that need nothing but the files beside them."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from course_utils import paths
from course_utils.build.source import Sources
from course_utils.session.files import write_text
from course_utils.slides import assets, words
from course_utils.slides.deck import Deck, deck_of
from course_utils.slides.parts import parts_of
from course_utils.slides.slide import Slide

FOLDER = paths.ROOT / "_slides"
# Whatever a page would fetch from another host is refused by the browser
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; frame-src 'self' blob:"
)
_PAGE = """<!doctype html>
<html lang="en" data-theme="light">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<link rel="stylesheet" href="assets/reveal.css">
<link rel="stylesheet" href="assets/slides.css">
</head>
<body>
<div class="reveal">
<div class="slides">
{slides}
</div>
</div>
<script src="assets/reveal.js"></script>
<script src="assets/notes.js"></script>
{mermaid}<script src="assets/slides.js"></script>
</body>
</html>
"""


def write(lessons: Sequence[Sources], folder: Path = FOLDER) -> list[Path]:
    """Write the slides of these lessons; their pages.

    Raises:
        CourseError: a notebook is older than its source, or what shows slides can't be fetched.
    """
    # What is wrong is said before any is written
    decks = [deck_of(sources.lesson, parts_of(sources)) for sources in lessons]
    assets.copy(folder / "assets")
    pages = []
    for deck in decks:
        page = folder / f"{deck.name}.html"
        write_text(page, html_of(deck))
        pages.append(page)
    return pages


def html_of(deck: Deck) -> str:
    """The page of a deck."""
    slides = "\n".join(_section(slide, deck) for slide in deck.slides)
    draws = any(slide.look == "schematic" for slide in deck.slides)
    return _PAGE.format(
        policy=_POLICY,
        title=escape(f"{deck.number} · {deck.title}"),
        slides=slides,
        mermaid='<script src="assets/mermaid.js"></script>\n' if draws else "",
    )


def _section(slide: Slide, deck: Deck) -> str:
    tag = "h1" if slide.look == "title" else "h2"
    body = "\n".join(slide.body)
    notes = "\n".join(slide.notes)
    return (
        f'<section class="{slide.look}"><div class="slide">\n'
        f"<{tag}>{words.line(slide.heading)}</{tag}>\n"
        f'<div class="body">\n{body}\n</div>\n</div>\n'
        f'<aside class="notes">\n{notes}\n</aside>\n</section>'
    )
