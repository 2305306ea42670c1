"""What slides are shown with, reveal.js and Mermaid: taken out of locked packages, used offline."""

import os
import shutil
from pathlib import Path

from course_utils.errors import CourseError
from course_utils.setup.groups import packages_of

OWN = ("slides.css", "slides.js")  # beside this module
_GROUP = "slides"  # of pyproject.toml
# Where they lie in their packages, and in the folder of the slides
_TAKEN = {
    "sphinx_revealjs/_static/revealjs/dist/reveal.js": "reveal.js",
    "sphinx_revealjs/_static/revealjs/dist/reveal.css": "reveal.css",
    "sphinx_revealjs/_static/revealjs/plugin/notes/notes.js": "notes.js",
    "sphinx_revealjs/_static/revealjs/LICENSE": "reveal.js-LICENSE",
    "mermaidx/assets/mermaid.js": "mermaid.js",
}


def copy(folder: Path) -> None:
    """Put all that a page of slides loads into `folder`; the first call needs the network.

    Raises:
        CourseError: the packages can't be installed, or one lacks a file.
    """
    home = packages_of(_GROUP, "reveal.js and Mermaid")
    folder.mkdir(parents=True, exist_ok=True)
    for source, name in _TAKEN.items():
        if not (home / source).is_file():
            raise CourseError(
                f"The package of {name} has no file {source}: it has changed. Put the version of "
                "uv.lock back, or change where course_utils/slides/assets.py looks for it."
            )
        _copy(home / source, folder / name)
    for name in OWN:
        _copy(Path(__file__).with_name(name), folder / name)


def _copy(source: Path, target: Path) -> None:
    """A copy that is there whole or not at all; none where the same file is there."""
    if target.exists() and target.read_bytes() == source.read_bytes():
        return
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copyfile(source, partial)
    partial.replace(target)
