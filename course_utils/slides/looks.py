"""What code is for, and what it and its outputs look like on a slide."""

import ast
import re
from html import escape

from course_utils.slides import words
from course_utils.slides.parts import Output

_SETS_UP = {"get_spark", "load", "load_split", "helpers", "make_work_dir"}
_IN_NOTEBOOKS = {"ask_quiz", "open_lab", "draw_map"}  # nothing to look at together
_DRAW = {"draw", "show"}
_BESIDE = 3  # lines of code that nobody misses beside a figure


def is_for_slides(code: str) -> bool:
    """Whether code is something to show: not a quiz, not the map of lessons."""
    called = {
        node.func.id
        for statement in _statements(code)
        for node in ast.walk(statement)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    return not called & _IN_NOTEBOOKS


def sets_up(code: str) -> bool:
    """Whether code does nothing but import, start Spark and load data."""

    def is_setting(statement: ast.stmt) -> bool:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            return True
        value = statement.value if isinstance(statement, ast.Assign) else None
        called = value.func if isinstance(value, ast.Call) else None
        return isinstance(called, ast.Name) and called.id in _SETS_UP

    statements = _statements(code)
    return bool(statements) and all(map(is_setting, statements))


def prepares_a_figure(code: str) -> bool:
    """Whether code is there for its figure: it only draws, or does so after a line or two."""

    def draws(statement: ast.stmt) -> bool:
        call = statement.value if isinstance(statement, ast.Expr) else None
        called = call.func if isinstance(call, ast.Call) else None
        owner = called.value if isinstance(called, ast.Attribute) else called
        return isinstance(owner, ast.Name) and owner.id in _DRAW

    statements = _statements(code)
    if len(code.splitlines()) <= _BESIDE:
        statements = statements[-1:]
    return bool(statements) and all(map(draws, statements))


def _statements(code: str) -> list[ast.stmt]:
    lines = [line for line in code.splitlines() if not line.lstrip().startswith(("%", "!"))]
    try:
        return ast.parse("\n".join(lines)).body
    except SyntaxError:  # a fence that is no Python
        return []


def text(output: Output, extra: str = "") -> str:
    """Lines of output as HTML."""
    return f'<pre class="output {extra}">{escape(output.text)}</pre>'


def figure(output: Output) -> str:
    """A figure with its text alternative and its caption as HTML."""
    caption = f"<figcaption>{escape(output.caption)}</figcaption>" if output.caption else ""
    return f'<figure><img alt="{escape(output.text)}" src="{output.image}">{caption}</figure>'


def schematic(source: str) -> str:
    """A schematic that the page draws; somebody who does not see it hears its words."""
    words_of_boxes = re.findall(r"\"([^\"]+)\"|\|([^|]+)\||[\[(]+([^\[\](){}\"]+)[\])]+", source)
    found = [" ".join(words.plain(word) for word in each if word) for each in words_of_boxes]
    alt = f"Schematic with these parts: {'; '.join(dict.fromkeys(found))}."
    return f'<div class="drawing" role="img" aria-label="{escape(alt)}">{escape(source)}</div>'
