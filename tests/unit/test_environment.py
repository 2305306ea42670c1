"""environment.yml is uv.lock in conda's words."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from course_utils import paths
from course_utils.setup import environment
from tests.unit import launching


def test_environment_yml_is_what_the_lock_makes() -> None:
    assert environment.drift() == []


def test_every_pin_is_in_the_file_once() -> None:
    text = (paths.ROOT / environment.NAME).read_text(encoding="utf-8")
    found = re.findall(r'^ +- "(.+)"$', text, re.MULTILINE)
    assert found == [str(pin) for pin in environment.pins()]
    assert len(found) > 100
    assert "  - openjdk=17\n" in text


def test_pins_and_markers_are_those_that_uv_exports() -> None:
    exported = subprocess.run(
        [launching.find_uv(), "export", "--frozen", "--offline", "--no-hashes", "--no-header",
         "--no-annotate", "--no-emit-project"],
        cwd=paths.ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert sorted(line.strip() for line in exported.splitlines()) == sorted(
        str(pin) for pin in environment.pins()
    )


def test_drift_is_named_and_mended(tmp_path: Path) -> None:
    shutil.copy(paths.ROOT / "uv.lock", tmp_path)
    assert environment.drift(tmp_path) == ["environment.yml is missing. Run ./course build"]
    assert environment.write(tmp_path) == ["environment.yml"]
    assert environment.write(tmp_path) == []
    lock = tmp_path / "uv.lock"
    lock.write_text(
        lock.read_text().replace('name = "rich"\nversion = "', 'name = "rich"\nversion = "0.')
    )
    assert "is not what uv.lock makes. Run ./course build" in environment.drift(tmp_path)[0]


@pytest.mark.parametrize(
    ("ways", "marker"),
    [
        ([[]], ""),
        ([["a == '1'"]], "a == '1'"),
        ([["a == '1'"], []], ""),
        ([["a == '1'", "b == '2'"], ["a == '1'"]], "a == '1'"),
        ([["a == '1'", "b == '2'"], ["c == '3'"]], "(a == '1' and b == '2') or c == '3'"),
        ([["a == '1' or d == '4'", "b == '2'"]], "(a == '1' or d == '4') and b == '2'"),
    ],
)
def test_ways_to_a_package_become_one_marker(ways: list[list[str]], marker: str) -> None:
    assert environment._either({frozenset(way) for way in ways}) == marker
