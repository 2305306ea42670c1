"""Markdown as HTML for slides, formulas as MathML, and the sentences of a paragraph."""

import html
import re
from typing import Any

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

# A stop, perhaps with what closes it, and then something that can begin a sentence
_STOP = re.compile(r"(?<=[.?!])((?:\*{1,2}|[\"”)])?)\s+(?=[A-Z`*\"“($\d])")


def _formula(source: str, options: dict[str, Any]) -> str:
    return convert(source, display="block" if options["display_mode"] else "inline")


_MARKDOWN = (
    MarkdownIt("commonmark", {"html": True})
    .enable("table")
    .use(dollarmath_plugin, renderer=_formula)
)


def block(text: str) -> str:
    """Markdown of any length as HTML."""
    return str(_MARKDOWN.render(text))


def line(text: str) -> str:
    """Markdown of one paragraph as HTML without the paragraph."""
    return str(_MARKDOWN.renderInline(" ".join(text.split())))


def plain(text: str) -> str:
    """Markdown of one paragraph as a reader sees it, without any mark."""
    return html.unescape(re.sub(r"<[^>]+>", "", line(text))).strip()


def code(text: str) -> str:
    """Python as HTML, its words marked with Pygments' short classes."""
    marked = highlight(text, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True))
    return f'<pre class="code"><code>{marked.rstrip()}</code></pre>'


def sentences(text: str) -> list[str]:
    """The sentences of a Markdown paragraph."""
    parts = _STOP.split(" ".join(text.split()))
    # The pattern keeps what closes a sentence as a part of its own
    pairs = zip(parts[::2], [*parts[1::2], ""], strict=True)
    return [(sentence + closing).strip() for sentence, closing in pairs if sentence.strip()]


def opening(text: str, most: int) -> str:
    """The first sentences of a paragraph that take at most so many characters; perhaps none."""
    taken = ""
    for sentence in sentences(text):
        if len(taken) + len(sentence) > most:
            break
        taken = f"{taken} {sentence}".strip()
    return taken
