"""Text that repeats the registry, in README.md and elsewhere: generated, never typed.

<!-- made by ./course build: lessons -->
…
<!-- end -->

In a lesson's source each of these lines begins with "# ".
"""

import re
import textwrap
from collections.abc import Callable

from course_utils import plans
from course_utils.build.source import FOLDERS, Role, Sources, Tree
from course_utils.errors import CourseError
from course_utils.session.files import write_text

FILES = ("README.md", "CONTRIBUTING.md", "lessons/00_welcome/demo.py")
_BLOCK = re.compile(
    r"^(?P<lead>(?:# )?)<!-- made by \./course build: (?P<name>\S+) -->\n"
    r".*?^(?P=lead)<!-- end -->$",
    re.DOTALL | re.MULTILINE,
)
_WIDTH = 96
_BRACKETS = re.compile(r"\([^)]*\)")
_NO_BREAK = "\N{NO-BREAK SPACE}"


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
    """The plans for a class: hours, minutes and items of each sitting, and how to read them."""
    found = plans.load(tree.root, tree.lessons)
    lines = [_how_to_read(found[0].sittings[0].habits)] if found else []
    for plan in found:
        lines += ["", f"**{plan.title}** (`{plan.name}`)", ""]
        for sitting in plan.sittings:
            text = f"- {sitting.title}, {_hours(plan, sitting)}: {', '.join(_items(sitting))}"
            if sitting.evening:
                labs = (f"{each.lesson.number} ({each.minutes})" for each in sitting.evening)
                text += f"; labs for the evening: {', '.join(labs)}"
            lines.append(text)
    return "\n".join(map(_filled, lines)) + "\n"


def _filled(line: str) -> str:
    """A paragraph or an item of a list on lines that are not too long; a title stays one line."""
    if line.startswith("**"):
        return line
    indent = "  " if line.startswith("- ") else ""
    # A new line that begins with "25)" or "+ lab" would begin a list inside the item
    whole = _BRACKETS.sub(lambda match: match[0].replace(" ", _NO_BREAK), line)
    filled = textwrap.fill(whole, _WIDTH, subsequent_indent=indent, break_on_hyphens=False)
    return filled.replace(_NO_BREAK, " ")


def _how_to_read(habits: plans.Habits) -> str:
    return (
        f"A room takes {habits.room:g} times as long as somebody who works alone: it reads aloud, "
        "asks, and waits. So the minutes of a class are longer here than in the table of lessons. "
        f"After an hour of work there is a break of {habits.pause} minutes, and lunch takes "
        f"{habits.lunch}."
    )


def _hours(plan: plans.Plan, sitting: plans.Sitting) -> str:
    if plan.alone:
        return f"{sitting.minutes} minutes, with breaks {sitting.in_all}"
    start = sitting.habits.start
    hours = f"{plans.clock(start)} to {plans.clock(start + sitting.in_all)}"
    return f"{hours}, {sitting.minutes} minutes of work"


def _items(sitting: plans.Sitting) -> list[str]:
    """`06 Linear regression I (demo 75 + lab 30)` for each lesson."""
    told: dict[str, list[str]] = {}
    for item in sitting.items:
        name = f"{item.lesson.number} {item.lesson.title}"
        told.setdefault(name, []).append(f"{item.role} {item.minutes}")
    return [f"{name} ({' + '.join(parts)})" for name, parts in told.items()]


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
