"""Questions and rationales as HTML for the notebook: no script, no colours of its own.

What is shown takes the page's colours, so it reads the same in a light and in a dark theme.
"""

import html
from collections.abc import Sequence

from course_utils import quiz
from course_utils.exam.bank import Entry
from course_utils.exam.sitting import LETTERS
from course_utils.exam.text import NO_LESSON
from course_utils.quiz import Option

_STYLE = "color:inherit;white-space:normal;line-height:1.5;max-width:50em"


def block(inside: str) -> str:
    """A part of the page."""
    return f'<div style="{_STYLE}">{inside}</div>'


def lines(plain: Sequence[str]) -> str:
    """Plain lines as they are, in letters of equal width."""
    text = html.escape("\n".join(plain))
    return f'<pre style="color:inherit;white-space:pre-wrap;max-width:80ch">{text}</pre>'


def question(head: str, entry: Entry, options: Sequence[Option]) -> str:
    """The stem and the options with their letters."""
    several = "<p>More than one may be right.</p>" if entry.question.multiple else ""
    items = "".join(f"<li>{quiz.inline(option.text)}</li>" for option in options)
    return block(
        f"<p><strong>{html.escape(head)}</strong></p><p>{quiz.blocks(entry.question.stem)}</p>"
        f'{several}<ol type="A">{items}</ol>'
    )


def rationale(entry: Entry, options: Sequence[Option], picked: Sequence[str], right: bool) -> str:
    """The verdict, and for each option why it is right or wrong."""
    letters = ", ".join(
        letter for letter, option in zip(LETTERS, options, strict=False) if option.right
    )
    verdict = "✓ Right" if right else f"✗ Wrong: {letters} is right"
    items = "".join(
        f"<li>{'<em>your answer</em>, ' if option.text in picked else ''}"
        f"<strong>{'right' if option.right else 'wrong'}</strong>: {quiz.inline(option.why)}</li>"
        for option in options
    )
    places = "; ".join(html.escape(str(place)) for place in entry.taught())
    taught = f"Taught in {places}." if places else NO_LESSON
    day = (
        f" The platform's documentation was looked up on {html.escape(entry.looked_up)}."
        if entry.looked_up
        else ""
    )
    return block(
        f'<p role="status"><strong>{verdict}.</strong></p><ol type="A">{items}</ol>'
        f"<p>{taught}{day}</p>"
    )
