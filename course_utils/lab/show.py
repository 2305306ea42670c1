"""Puts a message into the notebook: plain text, HTML, and for checks a machine-readable part."""

import html
import sys
from typing import Any

from course_utils.lab import message
from course_utils.lab.result import Result

MIME = "application/vnd.course.check+json"


def show_card(lines: list[str], result: Result | None = None) -> None:
    """Shows the lines; outside a notebook they are printed."""
    bundle: dict[str, Any] = {
        "text/plain": "\n".join(lines),
        "text/html": message.as_html(lines, result.status if result else None),
    }
    if result is not None:
        bundle[MIME] = {
            "question": result.question,
            "status": result.status.value,
            "mistake": result.mistake_id,
            "points": result.points,
        }
    _show(bundle)


def show_code(title: str, code: str) -> None:
    """Shows Python code under a title."""
    _show(
        {
            "text/plain": f"{title}\n\n{code}",
            "text/html": message.as_html([title])
            + f'<pre style="padding:8px 12px"><code>{html.escape(code)}</code></pre>',
        }
    )


def _show(bundle: dict[str, Any]) -> None:
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print(bundle["text/plain"])
        return
    from IPython.display import display

    display(bundle, raw=True)
