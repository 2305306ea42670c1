"""environment.yml is uv.lock in conda's words."""

import shutil
from pathlib import Path

from course_utils import paths
from course_utils.setup import environment


def test_environment_yml_is_what_the_lock_makes() -> None:
    assert environment.drift() == []


def test_every_pin_is_in_the_file_once() -> None:
    found = environment.pins()
    assert sorted(found) == sorted(set(environment._export(paths.ROOT)))
    assert len(found) > 100
    assert any(pin.startswith("pyspark==4.") for pin in found)
    assert not any(pin.startswith(("flaml", "feast")) for pin in found)
    assert "  - openjdk=17\n" in (paths.ROOT / environment.NAME).read_text(encoding="utf-8")


def test_drift_is_named_and_mended(tmp_path: Path) -> None:
    for name in ("uv.lock", "pyproject.toml"):
        shutil.copy(paths.ROOT / name, tmp_path)
    assert environment.drift(tmp_path) == ["environment.yml is missing. Run ./course build"]
    assert environment.write(tmp_path) == ["environment.yml"]
    assert environment.write(tmp_path) == []
    made = tmp_path / "environment.yml"
    made.write_text(made.read_text().replace('"rich==', '"rich==0.'))
    assert "is not what uv.lock makes. Run ./course build" in environment.drift(tmp_path)[0]
