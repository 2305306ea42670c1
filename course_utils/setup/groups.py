"""Environments beside .venv, for what few people need: one for each dependency group."""

import os
import subprocess
import sys
from pathlib import Path

from course_utils import paths
from course_utils.errors import CourseError


def python_with(group: str, what: str) -> Path:
    """The Python of `.course/<group>`, which has all that the course has and that group's packages.

    The first call installs them, which needs the network.

    Args:
        group: a dependency group of pyproject.toml, "rivals".
        what: its packages in words, for the line of an error: "The opponents of the benchmark".

    Raises:
        CourseError: they can't be installed.
    """
    return _installed(group, what, "--locked", "--group", group) / "bin" / "python"


def packages_of(group: str, what: str) -> Path:
    """The folder of that group's packages alone, in `.course/<group>`; else as `python_with`."""
    home = _installed(group, what, "--frozen", "--only-group", group)
    return next(home.glob("lib/python*/site-packages"))


def _installed(group: str, what: str, *choice: str) -> Path:
    import uv  # among what authors need

    home = paths.state() / group
    log = paths.state() / "logs" / f"{group}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as file:
        done = subprocess.run(
            [uv.find_uv_bin(), "sync", *choice, "--python", sys.executable],
            cwd=paths.ROOT,
            env=os.environ | {"UV_PROJECT_ENVIRONMENT": str(home)},
            stdout=file,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise CourseError(
            f"{what} could not be installed in {home}; the first time needs the network. "
            f"Connect and run the same command again. Details: {log}"
        )
    return home
