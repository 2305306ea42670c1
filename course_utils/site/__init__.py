"""`./course site`: the course as pages that a browser opens from disk, without a server.

`pages` lays out the texts, Sphinx makes HTML of them (settings in `site/conf.py`, what it lacks in
`extension`), `links` looks at the outcome. Nothing is executed: notebooks come with the outputs
that are stored in them.
"""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from course_utils import paths
from course_utils.build.source import Tree
from course_utils.data.files import alone, fresh, put, remove
from course_utils.errors import CourseError
from course_utils.setup import groups
from course_utils.site import links, pages

TARGET = paths.ROOT / "_site"


def build(target: Path = TARGET) -> Path:
    """Build the site; the path of its first page. What was there stays until the new one is whole.

    Args:
        target: the folder that becomes the site.

    Raises:
        CourseError: Sphinx can't be installed, a text has a fault, or a link leads nowhere.
    """
    python = groups.python_with("site", "The packages that make the site")
    new = fresh(target)  # MyST-NB leaves a folder beside the pages: they are made one level down
    with alone(paths.state() / "site_lock"), TemporaryDirectory(prefix="course-site-") as folder:
        source, doctrees = Path(folder) / "source", Path(folder) / "doctrees"
        pages.lay_out(Tree.of_course(), source)
        remove(new)  # of a build that was killed
        try:
            _run_sphinx(python, source, doctrees, new / "html")
            _refuse(links.faults(new / "html"))
            put(new / "html", target)
        finally:
            remove(new)
    return target / "index.html"


def _run_sphinx(python: Path, source: Path, doctrees: Path, target: Path) -> None:
    log = paths.state() / "logs" / "sphinx.log"
    options = ("--nitpicky", "--fail-on-warning", "--keep-going", "--quiet", "--jobs=2")
    with log.open("w", encoding="utf-8") as file:
        done = subprocess.run(
            [python, "-m", "sphinx", *options, "--doctree-dir", doctrees, source, target],
            cwd=paths.ROOT,
            stdout=file,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        said = log.read_text(encoding="utf-8").replace(f"{source}/", "")
        signs = ("WARNING", "ERROR", "Error")
        _refuse([line for line in said.splitlines() if any(sign in line for sign in signs)])
        raise CourseError(f"Sphinx ended with code {done.returncode}. Details: {log}")


def _refuse(faults: list[str]) -> None:
    """One line for all faults, which are in a log."""
    if not faults:
        return
    log = paths.state() / "logs" / "site_faults.log"
    log.write_text("\n".join(faults) + "\n", encoding="utf-8")
    raise CourseError(
        f"The site was not built: its texts have {len(faults)} faults. "
        f"The first: {faults[0].rstrip('.')}. All of them: {log}"
    )
