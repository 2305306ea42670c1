"""What the tests of the launcher share: copies of the checkout, and a small project to set up."""

import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any

import pytest

from course_utils import paths
from course_utils.setup import install

# The interpreter that a learner types, not the one of .venv
PYTHON = str(getattr(sys, "_base_executable", sys.executable))
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
NO_NETWORK = {
    # Nobody listens on the discard port of a machine of today
    **dict.fromkeys([*_PROXIES, *map(str.lower, _PROXIES)], "http://127.0.0.1:9"),
    **dict.fromkeys(("NO_PROXY", "no_proxy"), ""),
    **dict.fromkeys(("PIP_RETRIES", "UV_HTTP_RETRIES"), "0"),
}


def load_course() -> Any:
    """The file `course` as a module, which does nothing until it is called."""
    loader = SourceFileLoader("course", str(paths.ROOT / "course"))
    spec = spec_from_loader("course", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def find_uv() -> Path:
    """The uv that made this environment; the test is skipped where there is none."""
    there = sorted((paths.ROOT / ".course" / "uv").glob("[0-9]*/bin/uv"))
    on_path = shutil.which("uv")
    if there:
        return there[-1]
    if on_path:
        return Path(on_path)
    pytest.skip("no uv here: the environment was made without ./course")


@dataclass
class Checkout:
    """A folder with the launcher in it."""

    root: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> Path:
        """Its state folder."""
        return self.root / ".course"

    @property
    def environment(self) -> dict[str, str]:
        """This process's environment without what belongs to this course or to a venv."""
        kept = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("COURSE_", "JUPYTER", "UV_PYTHON", "UV_PROJECT"))
            and key not in ("VIRTUAL_ENV", "PYTHONPATH", "CONDA_PREFIX")
        }
        folders = kept["PATH"].split(os.pathsep)
        # A uv that the machine has would take the place of the one under test.
        kept["PATH"] = os.pathsep.join(f for f in folders if not (Path(f) / "uv").exists())
        return kept | self.settings

    def give_uv(self) -> None:
        """Make step 1 true."""
        private = self.state / "uv" / install.UV_VERSION / "bin" / "uv"
        private.parent.mkdir(parents=True, exist_ok=True)
        private.symlink_to(find_uv())

    def command(self, *args: str, python: str = PYTHON) -> list[str]:
        """The command line."""
        return [python, str(self.root / "course"), *args]

    def run(
        self,
        *args: str,
        python: str = PYTHON,
        timeout: float = 120,
        settings: dict[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            self.command(*args, python=python),
            cwd=self.root,
            env=self.environment | (settings or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )


def copy_checkout(target: Path) -> Checkout:
    """This checkout as a learner clones it: without what set-up and use have made."""
    anywhere = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", "*.log")

    def ignored(folder: str, names: list[str]) -> set[str]:
        # course_utils has a `workbook` of its own, which is code
        learners = {".course", "workbook"} if Path(folder) == paths.ROOT else set()
        return anywhere(folder, names) | learners

    shutil.copytree(paths.ROOT, target, ignore=ignored)
    return Checkout(target)


TINY_PROJECT = """\
[project]
name = "tiny"
version = "1.0"
requires-python = ">=3.11"
dependencies = ["box"]

[tool.uv]
package = false

[tool.uv.sources]
box = { path = "box-1.0-py3-none-any.whl" }
"""


LAUNCHER = (
    "course",
    *(
        f"course_utils/setup/{name}.py"
        for name in ("__init__", "failures", "install", "launcher", "place")
    ),
    *(f"course_utils/{name}.py" for name in ("errors", "paths")),
)


def copy_launcher(target: Path) -> None:
    """The real launcher and all that it imports, without the commands."""
    for name in LAUNCHER:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(paths.ROOT / name, target / name)
    (target / "course_utils" / "__init__.py").touch()


def make_tiny(target: Path, payload: bytes = b"") -> Checkout:
    """The real launcher in a project of one package, which uv installs without a network."""
    copy_launcher(target)
    (target / "course_utils" / "cli.py").write_text(
        "import box\n\n\ndef main(args):\n    print('ran', *args)\n    return 0\n"
    )
    (target / "pyproject.toml").write_text(TINY_PROJECT)
    write_wheel(target / "box-1.0-py3-none-any.whl", payload)
    tiny = Checkout(target)
    subprocess.run(
        [find_uv(), "lock", "--offline", "--python", PYTHON],
        cwd=target,
        env=tiny.environment,
        check=True,
        capture_output=True,
    )
    tiny.give_uv()
    return tiny


def write_wheel(path: Path, payload: bytes = b"") -> None:
    """A wheel of one module."""
    info = "box-1.0.dist-info"
    files: dict[str, str | bytes] = {
        "box.py": "FULL = True\n",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: box\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if payload:
        files["box_payload.bin"] = payload
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as wheel:
        for name, content in files.items():
            wheel.writestr(name, content)


def is_one_line(text: str) -> bool:
    """Whether something was said in one line, without a stack."""
    lines = [line for line in text.splitlines() if line.strip()]
    return len(lines) == 1 and "Traceback" not in text
