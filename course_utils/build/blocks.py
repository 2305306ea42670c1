"""Text that repeats the registry, in README.md and elsewhere: generated, never typed.

<!-- made by ./course build: lessons -->
…
<!-- end -->

In a lesson's source each of these lines begins with "# ".
"""

import re
import textwrap
from collections.abc import Callable

from course_utils.build.source import FOLDERS, Role, Sources, Tree
from course_utils.config import Lesson
from course_utils.errors import CourseError
from course_utils.session.files import write_text

FILES = ("README.md", "CONTRIBUTING.md", "lessons/00_welcome/demo.py")
_BLOCK = re.compile(
    r"^(?P<lead>(?:# )?)<!-- made by \./course build: (?P<name>\S+) -->\n"
    r".*?^(?P=lead)<!-- end -->$",
    re.DOTALL | re.MULTILINE,
)
_WORK = 60  # minutes after which people need a break …
_BREAK = 10  # … of so many minutes
_WIDTH = 96


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


def agenda(tree: Tree) -> str:
    """The plans for a class: items and minutes of each sitting, without and with its breaks."""
    known = {item.number: item for item in tree.lessons}
    lines = []
    for plan in tree.plans:
        lines += ["", f"**{plan.title}**", ""]
        for sitting in plan.sittings:
            # one that is not listed is named by `build --check`
            taught = [known[number] for number in sitting.lessons if number in known]
            minutes = sum(item.minutes for item in taught)
            breaks = (minutes - 1) // _WORK * _BREAK
            text = (
                f"- {sitting.title}, {minutes} minutes, with breaks {minutes + breaks}: "
                f"{', '.join(map(_item, taught))}"
            )
            lines += textwrap.wrap(text, _WIDTH, subsequent_indent="  ")
    return "\n".join(lines[1:]) + "\n"


def _item(lesson: Lesson) -> str:
    parts = [("demo", lesson.demo_minutes), ("lab", lesson.lab_minutes)]
    told = " + ".join(f"{name} {minutes}" for name, minutes in parts if minutes)
    return f"{lesson.number} {lesson.title} ({told})"


MAKERS: dict[str, Callable[[Tree], str]] = {"lessons": lessons, "agenda": agenda}


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
        lead, block = match["lead"], match["name"]
        if block not in MAKERS:
            raise CourseError(
                f"{name}: nobody makes a block {block!r}; there are {', '.join(MAKERS)}."
            )
        lines = match[0].splitlines()
        middle = [(lead + line).rstrip() for line in MAKERS[block](tree).splitlines()]
        return "\n".join([lines[0], *middle, lines[-1]])

    return _BLOCK.sub(made, text)


def drift(tree: Tree) -> list[str]:
    """A line for each file whose blocks are out of date."""
    return [
        f"{name}: a generated table is out of date. Run ./course build"
        for name in FILES
        if (tree.root / name).exists()
        and fill(text := (tree.root / name).read_text(encoding="utf-8"), tree, name) != text
    ]
