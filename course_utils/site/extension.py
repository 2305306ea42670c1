"""What Sphinx lacks for these pages: diagrams and formulas that need no other host.

It is loaded by `site/conf.py`, in the environment of the dependency group `site`.
"""

import html
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective


def mermaid_script() -> Path:
    """Mermaid as one file: the package that brings it is looked up, not imported."""
    spec = find_spec("mermaidx")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent / "assets" / "mermaid.js"


class Diagram(nodes.General, nodes.Element):
    """A Mermaid diagram, drawn by the reader's browser."""


class DrawDiagram(SphinxDirective):
    """A code block marked `mermaid`."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """The diagram's place in the page."""
        return [Diagram(code="\n".join(self.content))]


def _visit_diagram(writer: Any, node: nodes.Element) -> None:
    writer.body.append(f'<pre class="mermaid">{html.escape(node["code"])}</pre>\n')
    raise nodes.SkipNode


def _inline_formula(writer: Any, node: nodes.Element) -> None:
    writer.body.append(convert(node.astext()))
    raise nodes.SkipNode


def _formula(writer: Any, node: nodes.Element) -> None:
    writer.body.append(f'<div class="math">{convert(node.astext(), display="block")}</div>\n')
    raise nodes.SkipNode


def _add_scripts(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], page: nodes.document | None
) -> None:
    """Three megabytes of Mermaid are loaded only where a diagram is."""
    if page is not None and any(page.findall(Diagram)):
        app.add_js_file("mermaid.js")
        app.add_js_file("diagrams.js")


def _leave_out_of_search(app: Sphinx, env: BuildEnvironment) -> None:
    """Nobody who searches for a word of a lab shall meet its answer."""
    for name in env.found_docs:
        if name.startswith("solutions/"):
            env.metadata[name]["nosearch"] = True


def _as_rest(
    app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]
) -> None:
    """Docstrings are plain text: tell reST what is code, and that a cut name is no link."""
    lines[:] = [line.replace("_…", r"\_…") for line in lines]
    if what != "module":
        return
    for place in range(len(lines) - 1, 0, -1):
        if lines[place].startswith("    ") and not lines[place - 1].strip():
            before = next((each for each in reversed(lines[:place]) if each.strip()), "")
            if not before.startswith("    "):
                lines[place:place] = ["::", ""]


def setup(app: Sphinx) -> dict[str, bool]:
    """Sphinx calls this when it loads the extension."""
    app.add_node(Diagram, html=(_visit_diagram, None))
    app.add_directive("mermaid", DrawDiagram)
    app.add_html_math_renderer("mathml", (_inline_formula, None), (_formula, None))
    app.connect("html-page-context", _add_scripts)
    app.connect("env-updated", _leave_out_of_search)
    app.connect("autodoc-process-docstring", _as_rest)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
