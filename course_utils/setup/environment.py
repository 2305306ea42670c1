"""`environment.yml` for conda users, made from uv.lock: the same packages at the same versions."""

import re
import subprocess
import tomllib
from pathlib import Path

from course_utils import paths
from course_utils.session.files import write_text

JAVA = "17"
NAME = "environment.yml"
_HEAD = """\
# Made from uv.lock by ./course build: do not edit. For those who prefer conda:
#   conda env create -f environment.yml
#   conda activate spark-ml-course
#   python -m course_utils.cli start
"""
_EXPORT = ("export", "--frozen", "--offline", "--no-hashes", "--no-header", "--no-annotate",
           "--no-emit-project")  # fmt: skip


def pins(root: Path = paths.ROOT) -> list[str]:
    """Every package of environment.yml: `name==1.2 ; marker`."""
    text = (root / NAME).read_text(encoding="utf-8")
    return re.findall(r'^ +- "(.+)"$', text, re.MULTILINE)


def _export(root: Path) -> list[str]:
    """Every package that the lock installs for this project and its tests."""
    import uv  # among what authors need

    command = [uv.find_uv_bin(), *_EXPORT]
    lines = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    return [line.strip() for line in lines.splitlines()]


def render(root: Path = paths.ROOT) -> str:
    """The text of environment.yml as uv.lock makes it."""
    with (root / "uv.lock").open("rb") as file:
        # The oldest Python that the lock allows: the one that the course is tested on.
        python = tomllib.load(file)["requires-python"].split(",")[0].lstrip(">= ")
    lines = [
        "name: spark-ml-course",
        "channels:",
        "  - conda-forge",
        "dependencies:",
        f"  - python={python}",
        f"  - openjdk={JAVA}",
        "  - pip",
        "  - pip:",
        *(f'      - "{pin}"' for pin in _export(root)),
        "      - -e .",
    ]
    return _HEAD + "\n".join(lines) + "\n"


def write(root: Path = paths.ROOT) -> list[str]:
    """Write environment.yml; its name if it changed."""
    if not drift(root):
        return []
    write_text(root / NAME, render(root))
    return [NAME]


def drift(root: Path = paths.ROOT) -> list[str]:
    """A line if environment.yml is not what uv.lock makes."""
    try:
        same = (root / NAME).read_text(encoding="utf-8") == render(root)
    except OSError:
        return [f"{NAME} is missing. Run ./course build"]
    return [] if same else [f"{NAME} is not what uv.lock makes. Run ./course build"]
