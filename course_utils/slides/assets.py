"""What slides are shown with, reveal.js and Mermaid: taken out of locked packages, used offline."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from course_utils import paths
from course_utils.errors import CourseError

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
    home = _packages()
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


def _packages() -> Path:
    """The folder of the locked packages, in an environment of their own."""
    import uv  # among what authors need

    home = paths.state() / "slides"
    log = paths.state() / "logs" / "slides.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [uv.find_uv_bin(), "sync", "--frozen", "--only-group", _GROUP]
    with log.open("wb") as file:
        done = subprocess.run(
            [*command, "--python", sys.executable],
            cwd=paths.ROOT,
            env=os.environ | {"UV_PROJECT_ENVIRONMENT": str(home)},
            stdout=file,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise CourseError(
            f"reveal.js and Mermaid could not be installed in {home}; the first time needs the "
            f"network. Connect and run the same command again. Details: {log}"
        )
    return next(home.glob("lib/python*/site-packages"))
