"""Compares what a notebook's tagged cells say with what is stored of them."""

import difflib
import json
import re
from collections.abc import Iterator

from nbformat import NotebookNode

from course_utils.build.execute import WIDGET
from course_utils.build.source import CHECK_OUTPUT

_PICTURE = re.compile(r"base64,[A-Za-z0-9+/=\n]+")


def differences(stored: NotebookNode, done: NotebookNode) -> list[str]:
    """A text for each cell tagged `nbval-check-output` whose output is not the stored one.

    Pictures are left out, because their bytes depend on the machine's fonts; so are stacks.

    Args:
        stored: the notebook as it was built.
        done: the same cells run once more, possibly among others; `execute.normalise` has been
            through it.
    """
    ran = {cell.id: cell for cell in done.cells}
    return [
        f"cell {cell.id}: {difference}"
        for cell in stored.cells
        if CHECK_OUTPUT in cell.metadata.get("tags", ())
        and (difference := _difference(cell, ran.get(cell.id)))
    ]


def _difference(stored: NotebookNode, ran: NotebookNode | None) -> str:
    if ran is None:
        return "it is missing"
    old, new = list(_told(stored)), list(_told(ran))
    if old == new:
        return ""
    changes = difflib.unified_diff(
        "\n".join(old).splitlines(), "\n".join(new).splitlines(), "stored", "now", lineterm="", n=1
    )
    return "its output differs\n" + "\n".join(changes)


def _told(cell: NotebookNode) -> Iterator[str]:
    """What a cell's outputs say, in order; the parts of a stream are one."""
    streams: dict[str, str] = {}
    for output in cell.outputs:
        if output.output_type == "stream":
            streams[output.name] = streams.get(output.name, "") + output.text
        elif output.output_type == "error":
            yield f"{output.ename}: {output.evalue}"
        else:
            for mime, content in sorted(output.data.items()):
                if not mime.startswith("image/") and mime != WIDGET:
                    text = (
                        content if isinstance(content, str) else json.dumps(content, sort_keys=True)
                    )
                    yield f"{mime}: {_PICTURE.sub('base64,', text)}"
    yield from (f"{name}: {text}" for name, text in sorted(streams.items()))
