"""Benchmarks against other projects: run where those are installed, written into the docs."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.session.files import write_text


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
    import uv  # among what authors need

    home = paths.state() / "rivals"
    log = paths.state() / "logs" / "rivals.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [uv.find_uv_bin(), "sync", "--locked", "--group", "rivals"]
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
            f"The opponents of the benchmark could not be installed in {home}. Is there a network? "
            f"Details: {log}"
        )
    return home / "bin" / "python"


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
