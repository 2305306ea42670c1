"""A release has one number, wherever it is written."""

import re
import tomllib

from course_utils import paths


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (paths.ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changes = (paths.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\d+\.\d+\.\d+) · (\d{4}-\d\d-\d\d)$", changes, re.MULTILINE)
    assert newest is not None
    assert f"version: {project['version']}\n" in citation
    assert (project["version"], f"date-released: {newest[2]}" in citation) == (newest[1], True)
