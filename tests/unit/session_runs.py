"""Run a script in a Python process of its own, as a notebook's kernel is one."""

import os
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

from course_utils import paths
from course_utils.session import archive_ok, fetch_jars, jars
from course_utils.session.archive import QUICK


def state_with_jars(folder: Path, archive: bool = True) -> Path:
    """A state folder of a test's own that has the JARs, and the archive if there is one."""
    fetch_jars()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "jars").symlink_to(jars.folder())
    if archive and archive_ok():
        (folder / "jvm").symlink_to(paths.state() / "jvm")
    return folder


def begin(script: str, folder: Path, **variables: str) -> subprocess.Popen[str]:
    """Start a script in `folder`; its pool is none unless COURSE_POOL is among the variables."""
    environment = os.environ | {"COURSE_STATE": str(paths.state()), "COURSE_POOL": ""}
    del environment["COURSE_MLFLOW"]  # it is part of the state
    # These JVMs live for seconds: compiling their code well costs more than it saves
    environment["JDK_JAVA_OPTIONS"] = " ".join(QUICK)
    environment |= variables
    return subprocess.Popen(
        [sys.executable, "-c", dedent(script)],
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script in `folder` to its end."""
    process = begin(script, folder, **variables)
    output, errors = process.communicate(timeout=600)
    return subprocess.CompletedProcess(process.args, process.returncode, output, errors)


def wanted(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The lines that a script printed, if it went well."""
    assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-1000:]
    return done.stdout.splitlines()
