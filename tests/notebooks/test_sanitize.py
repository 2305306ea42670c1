"""nbval forgives what the build evens out, and nothing else."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbval.plugin import get_sanitize_patterns

from course_utils import paths
from course_utils.build import SANITIZE, nbval_args
from course_utils.build.execute import VARYING, sanitize_file

PATTERNS = get_sanitize_patterns(Path(SANITIZE).read_text(encoding="utf-8"))


def clean(text: str) -> str:
    for pattern, replacement in PATTERNS:
        text = re.sub(pattern, replacement, text)
    return text


def test_the_file_is_what_the_build_makes() -> None:
    assert Path(SANITIZE).read_text(encoding="utf-8") == sanitize_file()
    assert len(PATTERNS) == len(VARYING) + 1


def test_numbers_words_and_alt_texts_are_compared() -> None:
    for text in ("RMSE 221.4", "5780 rows", "2026-01-01", '<img alt="12 bars">', "price = 47.5"):
        assert clean(text) == text


def test_pictures_ids_and_ports_are_not() -> None:
    assert clean("base64,iVBORw0KGgo=") == clean("base64,AAAA")
    assert clean("Pipeline_0123456789ab") == clean("Pipeline_ba9876543210")
    assert clean("http://localhost:4040") == clean("http://localhost:4041")
    assert clean("price#12L, rent#3") == clean("price#845L, rent#77")


@pytest.mark.slow
@pytest.mark.parametrize(("stored", "code"), [("3 of 4\n", 0), ("3 of 5\n", 1)])
def test_nbval_compares_what_is_tagged(tmp_path: Path, stored: str, code: int) -> None:
    cell = nbformat.v4.new_code_cell("print('3 of 4')", metadata={"tags": ["nbval-check-output"]})
    cell.execution_count = 1
    cell.outputs = [nbformat.v4.new_output("stream", text=stored)]
    path = tmp_path / "tiny.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    flags = [flag for flag in nbval_args() if flag.startswith("--nbval")]
    command = [sys.executable, "-m", "pytest", "-q", *flags, f"--rootdir={tmp_path}", str(path)]
    done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout
    assert ("Cell outputs differ" in done.stdout) == bool(code)
