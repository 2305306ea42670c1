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
    import uv  # among what authors need

    home = paths.state() / group
    log = paths.state() / "logs" / f"{group}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [uv.find_uv_bin(), "sync", "--locked", "--group", group]
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
            f"{what} could not be installed in {home}. Is there a network? Details: {log}"
        )
    return home / "bin" / "python"
