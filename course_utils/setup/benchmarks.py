"""Benchmarks against other projects: run where those are installed, written into the docs."""

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.session.files import write_text
from course_utils.setup import groups


def run(module: str, *arguments: str) -> dict[str, str]:
    """Run a benchmark beside its opponents; its tables (Markdown) by name.

    Raises:
        CourseError: the opponents can't be installed, or the run failed; the line names the log.
    """
    python = rivals_python()
    log = paths.state() / "logs" / "bench.log"
    with log.open("wb") as errors:
        done = subprocess.run(
            [str(python), "-m", module, *arguments],
            cwd=paths.ROOT,
            stdout=subprocess.PIPE,
            stderr=errors,
            check=False,
        )
    try:
        return dict(json.loads(done.stdout.splitlines()[-1]))
    except (IndexError, ValueError):
        raise CourseError(f"The benchmark {module} failed. Details: {log}") from None


def rivals_python() -> Path:
    """The Python of `.course/rivals`, which has all that the course has and the opponents.

    The first call installs them, which needs the network.

    Raises:
        CourseError: they can't be installed.
    """
    return groups.python_with("rivals", "The opponents of the benchmark")


def write_tables(page: str, tables: Mapping[str, str], docs: Path = paths.ROOT / "docs") -> None:
    """Put tables between the markers of docs/<page>.md that name them.

    Raises:
        CourseError: the page has no place for one of them; it is unchanged then.
    """
    file = docs / f"{page}.md"
    text = file.read_text(encoding="utf-8")
    for name, table in tables.items():
        start = f"<!-- made by ./course bench {page}: {name} -->\n"
        found = re.search(re.escape(start) + r"(.*?)(?=<!-- end -->)", text, re.DOTALL)
        if found is None:
            raise CourseError(f"{file} has no place for the table {name!r}. Add: {start.strip()}")
        text = text[: found.start(1)] + f"{table}\n" + text[found.end(1) :]
    write_text(file, text)
