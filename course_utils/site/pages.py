"""Lays out what Sphinx reads: the texts of the course, at the places that their links expect.

The folder is a small copy of the checkout, so that a link of a page works on the site as it does
in the repository. What the site adds is made here: the map of lessons, the menu, and the lines at
the top of a notebook's page.
"""

import os
import posixpath
import re
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course_utils import paths
from course_utils.build import blocks
from course_utils.build.source import FOLDERS, Role, Sources, Tree, read
from course_utils.config import Lesson
from course_utils.errors import CourseError

_SETTINGS = "site"  # Sphinx's own: conf.py, the pages of the API, styles and scripts
_TEXTS = ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE-CONTENT.md")
_FOLDERS = ("docs", "datasets")
_PACKAGES = ("automl", "features", "registry")  # pages of docs/ that stand beside their API
# What a link may lead to that is another page on the site
_MOVED = {"README.md": "index.md", "LICENSE": "LICENSE.md", "datasets": "datasets/index.md"}
_LINK = re.compile(r"\]\((?P<path>[^)#:\s]+)(?=[)#])")
_FOR_PROGRAMS = "application/"  # outputs that a page can't show: widgets, results of checks
# How the map of lessons leads to a notebook of the workbook; the site has pages in two folders
_OPENS = re.compile(r'href="[^"]*?(?P<page>(?:notebooks|labs)/\w+)\.ipynb"')


def lay_out(tree: Tree, folder: Path) -> None:
    """Fill `folder`, which is not there yet, with all that Sphinx reads.

    Raises:
        CourseError: a notebook is missing; the line says how to build it.
    """
    shutil.copytree(tree.root / _SETTINGS, folder)
    for name in _FOLDERS:
        shutil.copytree(tree.root / name, folder / name)
    for name in _TEXTS:
        shutil.copy(tree.root / name, folder)
    licence = (tree.root / "LICENSE").read_text(encoding="utf-8")
    (folder / "LICENSE.md").write_text(f"# Licence of the code\n\n```text\n{licence}```\n")
    for sources in tree.all():
        for role in sources.roles:
            target = folder / sources.target(role).relative_to(tree.root)
            target.parent.mkdir(exist_ok=True)
            target.write_text(nbformat.writes(page(sources, role)), encoding="utf-8")
    (folder / "index.md").write_text(front(tree), encoding="utf-8")
    (folder / "solutions" / "index.md").write_text(_solutions(tree), encoding="utf-8")
    (folder / "datasets" / "index.md").write_text(_data_sets(folder), encoding="utf-8")
    for path in folder.rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        path.write_text(relink(text, path.parent.relative_to(folder).as_posix()), encoding="utf-8")


def relink(text: str, folder: str) -> str:
    """The text with its links to what has another place on the site.

    Args:
        text: Markdown.
        folder: where its page lies, from the top: "docs", "." for the top.
    """

    def moved(match: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(folder, match["path"]))
        if path not in _MOVED:
            return match[0]
        return f"]({os.path.relpath(_MOVED[path], folder)}"

    return _LINK.sub(moved, text)


# --- a notebook's page --------------------------------------------------------------------------


def page(sources: Sources, role: Role) -> NotebookNode:
    """A notebook as the site shows it: with its stored outputs, and a note below its title.

    Raises:
        CourseError: the notebook is missing.
    """
    notebook = read(sources.target(role))
    if notebook is None:
        number, name = sources.lesson.number, paths.told(sources.target(role))
        raise CourseError(f"{name} is missing or not a notebook. Run ./course build {number}")
    title, _, rest = notebook.cells[0].source.partition("\n")
    if role == "solution":
        title = title.replace(", lab", ", solution") if ", lab" in title else f"{title}, solution"
    notebook.cells[0].source = f"{title}\n\n{_note(sources, role)}\n{rest}"
    notebook.metadata.pop("course", None)
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            for kind in [kind for kind in data if kind.startswith(_FOR_PROGRAMS)]:
                del data[kind]
            if "text/html" in data:
                data["text/html"] = _OPENS.sub(r'href="../\g<page>.html"', data["text/html"])
    return notebook


def _note(sources: Sources, role: Role) -> str:
    name = f"{sources.lesson.name}.ipynb"
    run = f"To run it, [start the course](../docs/start.md) and open `{FOLDERS[role]}/{name}`."
    lab = f"[lab](../labs/{name})"
    if role == "demo":
        own = f" Its {lab} is yours to solve." if "lab" in sources.roles else ""
        return _box("note", f"The notebook as it ran, with all that it put out. {run}{own}")
    if role == "lab":
        return _box(
            "note",
            "The lab as you get it, with its answers still open. A check answers where Python "
            f"runs, not on this page. {run} There each question has hints; all answers are on "
            f"the page of its [solution](../solutions/{name}).",
        )
    return _box("warning", f"**Spoiler.** This page has all answers of the {lab}.")


def _box(kind: str, text: str) -> str:
    return f"```{{{kind}}}\n{text}\n```\n"


# --- pages of the site's own --------------------------------------------------------------------


def front(tree: Tree) -> str:
    """The first page: README with its table of lessons in parts, and the menu of the site."""
    text = (tree.root / "README.md").read_text(encoding="utf-8")
    return text.replace(blocks.lessons(tree), lesson_map(tree)) + "\n" + _menu(tree)


def lesson_map(tree: Tree) -> str:
    """The map of lessons: a heading and a table for each part, with minutes and links."""
    text = []
    for part, lessons in _parts(tree):
        minutes = sum(lesson.minutes for lesson in lessons)
        table = blocks.lessons(replace(tree, lessons=tuple(lessons)))
        text.append(f"\n### {part} ({minutes} minutes)\n\n{table}")
    return "".join(text)


def _parts(tree: Tree) -> list[tuple[str, list[Lesson]]]:
    names = dict.fromkeys(lesson.part for lesson in tree.lessons)
    return [(name, [each for each in tree.lessons if each.part == name]) for name in names]


def _menu(tree: Tree) -> str:
    guides = sorted(path.stem for path in (tree.root / "docs").glob("*.md"))
    guides = [name for name in guides if name not in (*_PACKAGES, "start")]
    there = {sources.lesson.number: sources for sources in tree.all()}
    menus = [_contents("Set-up", ["docs/start"])]
    for part, lessons in _parts(tree):
        entries = []
        for lesson in lessons:
            roles = there[lesson.number].roles if lesson.number in there else ()
            if "demo" in roles:
                entries.append(f"{lesson.number} {lesson.title} <notebooks/{lesson.name}>")
            if "lab" in roles:
                own = "" if "demo" in roles else f" {lesson.title},"
                entries.append(f"{lesson.number}{own} lab <labs/{lesson.name}>")
        menus.append(_contents(part, entries))
    menus += [
        _contents("Answers", ["solutions/index"]),
        _contents("Guides", [f"docs/{name}" for name in guides]),
        _contents("Packages", [*(f"docs/{name}" for name in _PACKAGES), "api/index"]),
        _contents("The project", ["datasets/index", *(Path(t).stem for t in _TEXTS), "LICENSE"]),
    ]
    return "\n".join(menus)


def _contents(caption: str, entries: Iterable[str]) -> str:
    lines = "\n".join(entries)
    return f"```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{lines}\n```\n"


def _solutions(tree: Tree) -> str:
    entries = [
        f"{sources.lesson.number} {sources.lesson.title} <{sources.lesson.name}>"
        for sources in tree.all()
        if "solution" in sources.roles
    ]
    lines = "\n".join(entries)
    return (
        "# Solutions (spoilers)\n\n"
        "Each page has all answers of one lab and what its checks say to them. The search leaves "
        f"these pages out.\n\n```{{toctree}}\n{lines}\n```\n"
    )


def _data_sets(folder: Path) -> str:
    names = "\n".join(sorted(path.stem for path in (folder / "datasets").glob("*.md")))
    intro = "# Data sets\n\nOne card for each data set of the course."
    return f"{intro}\n\n```{{toctree}}\n{names}\n```\n"
