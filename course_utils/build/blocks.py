"""Text in README.md and CONTRIBUTING.md that repeats the registry: generated, never typed.

<!-- made by ./course build: lessons -->
…
<!-- end -->
"""

import re
from collections.abc import Callable

from course_utils.build.source import FOLDERS, Role, Sources, Tree
from course_utils.errors import CourseError
from course_utils.session.files import write_text

FILES = ("README.md", "CONTRIBUTING.md")
_BLOCK = re.compile(r"(<!-- made by \./course build: (\S+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def lessons(tree: Tree) -> str:
    """The table of lessons, with links to those that exist."""
    rows = ["| no. | demo | lab | minutes | exam objectives |", "|---|---|---|---|---|"]
    for item in tree.lessons:
        sources = Sources(tree, item)
        demo = _link(sources, "demo", item.title)
        lab = _link(sources, "lab", "lab") if item.lab else "–"
        if item.lab and "solution" in sources.roles:
            lab += f" · {_link(sources, 'solution', 'solution')}"
        objectives = ", ".join(item.objectives) or "–"
        rows.append(f"| {item.number} | {demo} | {lab} | {item.minutes} | {objectives} |")
    return "\n".join(rows) + "\n"


def _link(sources: Sources, role: Role, text: str) -> str:
    if role not in sources.roles:
        return text
    return f"[{text}]({FOLDERS[role]}/{sources.lesson.name}.ipynb)"


MAKERS: dict[str, Callable[[Tree], str]] = {"lessons": lessons}


def write(tree: Tree) -> list[str]:
    """Fill the blocks; the files that changed.

    Raises:
        CourseError: a block has a name that nobody makes.
    """
    changed = []
    for name in FILES:
        path = tree.root / name
        if not path.exists():
            continue
        old = path.read_text(encoding="utf-8")
        new = fill(old, tree, name)
        if new != old:
            write_text(path, new)
            changed.append(name)
    return changed


def fill(text: str, tree: Tree, name: str) -> str:
    """The text with every generated block as it should be."""

    def made(match: re.Match[str]) -> str:
        opening, block, _, closing = match.groups()
        if block not in MAKERS:
            raise CourseError(
                f"{name}: nobody makes a block {block!r}; there are {', '.join(MAKERS)}."
            )
        return opening + MAKERS[block](tree) + closing

    return _BLOCK.sub(made, text)


def drift(tree: Tree) -> list[str]:
    """A line for each file whose blocks are out of date."""
    return [
        f"{name}: a generated table is out of date. Run ./course build"
        for name in FILES
        if (tree.root / name).exists()
        and fill(text := (tree.root / name).read_text(encoding="utf-8"), tree, name) != text
    ]
