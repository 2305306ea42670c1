"""Says which generated files are not what their sources make, without running anything."""

import re

from nbformat import NotebookNode

from course_utils import paths
from course_utils.build import blocks
from course_utils.build.fingerprint import fingerprint
from course_utils.build.inputs import Code
from course_utils.build.source import FOLDERS, QUIET, Role, Sources, Tree, read, text_of
from course_utils.errors import CourseError


def check(number: str | None = None, *, tree: Tree | None = None) -> list[str]:
    """A line for each generated file that has drifted: its name, and the command that mends it.

    With a lesson's number, its notebooks only.
    """
    tree = tree or Tree.of_course()
    lines, code = [], Code(tree.root)
    for sources in tree.all() if number is None else [tree.lesson(number)]:
        try:
            lines += [line for role in sources.roles if (line := _notebook(sources, role, code))]
        except CourseError as error:  # the sources themselves are broken: that is the news
            lines.append(str(error))
    if number is not None:
        return lines
    lines += _registry(tree)
    lines += _strangers(tree)
    lines += blocks.drift(tree)
    if tree.root == paths.ROOT:
        lines += _environment()
    return lines


def _notebook(sources: Sources, role: Role, code: Code) -> str | None:
    target = sources.target(role)
    name = target.relative_to(sources.tree.root).as_posix()
    mend = f"Run ./course build {sources.lesson.number}"
    if sources.timed(role):
        mend += " --quiet-machine"
    if not target.exists():
        return f"{name} is missing. {mend}"
    there = read(target)
    if there is None:
        return f"{name} cannot be read as a notebook. {mend}"
    fresh = sources.notebook(role)
    source = sources.file(role).relative_to(sources.tree.root).as_posix()
    if role == "lab":
        same = target.read_text(encoding="utf-8") == text_of(fresh)
        return None if same else f"{name} is not what {source} makes. {mend}"
    if _bare(there) != _bare(fresh):
        return f"{name} is not what {source} makes. {mend}"
    course = there.metadata.get("course", {})
    if "inputs" not in course:
        return f"{name} was never executed. {mend}"
    if course["inputs"] != fingerprint(sources, role, code):
        return f"{name} is stale: its data, helpers or packages changed since it ran. {mend}"
    if sources.timed(role) and QUIET not in course:
        return f"{name} was not measured on a quiet machine. {mend}"
    # what is stored must also be written the one way, or the next build shows a false change
    same = target.read_text(encoding="utf-8") == text_of(there)
    return None if same else f"{name} was written by another program. {mend}"


_OF_A_RUN = ("inputs", QUIET)


def _bare(notebook: NotebookNode) -> list[object]:
    """All that comes from the source: the notebook without outputs, counts and fingerprint."""
    cells = [
        (cell.cell_type, cell.get("id"), cell.source, dict(cell.metadata))
        for cell in notebook.cells
    ]
    course = {k: v for k, v in notebook.metadata.get("course", {}).items() if k not in _OF_A_RUN}
    rest = {k: v for k, v in notebook.metadata.items() if k != "course"}
    return [cells, course, rest]


def _told_minutes(sources: Sources, role: Role) -> int | None:
    """The minutes that a notebook gives itself at its top."""
    text = sources.file(role).read_text(encoding="utf-8")
    found = re.search(r"\*\*Time:\*\* (\d+) minutes", text)
    return int(found[1]) if found else None


def _registry(tree: Tree) -> list[str]:
    """Lessons whose folder and whose line in course.toml do not agree."""
    lines = []
    for item in tree.lessons:
        sources = Sources(tree, item)
        if not sources.roles:
            lines.append(
                f"course.toml lists lesson {item.number}, but lessons/{item.name} has no demo.py "
                "or lab.py. Write it, or take the lesson out of course.toml"
            )
            continue
        both: tuple[tuple[Role, int], ...]
        both = (("demo", item.demo_minutes), ("lab", item.lab_minutes))
        for role, minutes in both:
            if (minutes > 0) != (role in sources.roles):
                lines.append(
                    f"course.toml gives the {role} of lesson {item.number} {minutes} minutes, and "
                    f"lessons/{item.name} {'lacks' if minutes else 'has'} {role}.py. Make the two "
                    "agree"
                )
            elif minutes and (told := _told_minutes(sources, role)) not in (None, minutes):
                lines.append(
                    f"course.toml gives the {role} of lesson {item.number} {minutes} minutes, and "
                    f"lessons/{item.name}/{role}.py says {told}. Make the two agree"
                )
    numbers = {item.number for item in tree.lessons}
    for plan in tree.plans:
        for sitting in plan.sittings:
            lines += [
                f"course.toml: the plan {plan.title!r} names lesson {number}, which is not listed. "
                "Add the lesson, or take it out of the plan"
                for number in sitting.lessons
                if number not in numbers
            ]
    known = {item.name for item in tree.lessons}
    return lines + [
        f"lessons/{folder.name} is not listed in course.toml. Add it there, or remove it"
        for folder in sorted((tree.root / "lessons").glob("[0-9][0-9]_*"))
        if folder.is_dir() and any(folder.iterdir()) and folder.name not in known
    ]


def _strangers(tree: Tree) -> list[str]:
    """Files in the built folders that no lesson makes."""
    made = {sources.target(role) for sources in tree.all() for role in sources.roles}
    return [
        f"{path.relative_to(tree.root).as_posix()} is made by no lesson. Remove it"
        for folder in FOLDERS.values()
        for path in sorted((tree.root / folder).rglob("*"))
        if path.is_file() and path not in made and ".ipynb_checkpoints" not in path.parts
    ]


def _environment() -> list[str]:
    """environment.yml against uv.lock."""
    from course_utils.setup import environment

    return environment.drift()
