"""Progress files as editors, mounts and other programs leave them: nothing lost, one line."""

import errno
from pathlib import Path

import pytest

from course_utils.errors import CourseError
from course_utils.lab import progress_file
from course_utils.workbook import progress

DONE = '{"schema": 1, "lessons": {"06": {"q1": {"status": "done"}}}}'


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of the progress file in a new workbook."""
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("COURSE_WORKBOOK", str(tmp_path / "workbook"))
    (tmp_path / "workbook").mkdir()
    return tmp_path / "workbook" / "progress.json"


def test_a_mark_that_an_editor_put_first_is_skipped(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + DONE.encode())
    read = progress_file.load()
    assert read.entry("06", "q1").done
    assert read.notice is None


@pytest.mark.parametrize(
    "field",
    [
        '"last": 5',
        '"first_pass": ["2026"]',
        '"content": 5',
        '"solution_seen": "no"',
        '"hints": "2"',
    ],
)
def test_a_value_of_another_type_sets_the_file_aside(field: str, file: Path) -> None:
    content = DONE.replace('"status"', f'{field}, "status"')
    file.write_text(content)
    assert "was set aside as progress.broken-" in progress.table()
    assert [each.read_text() for each in file.parent.glob("progress.broken-*")] == [content]


def test_a_folder_in_the_place_of_the_file_is_set_aside(file: Path) -> None:
    file.mkdir()
    (file / "mine.txt").write_text("kept")
    assert "was set aside as progress.broken-" in progress.next_item()
    assert [each.read_text() for each in file.parent.glob("progress.broken-*/*")] == ["kept"]
    assert "set aside" not in progress.next_item()


@pytest.mark.parametrize("call", ["read_text", "replace"])
def test_what_can_be_neither_read_nor_moved_is_one_line(
    call: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.mkdir()

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(Path, call, refuse)
    with pytest.raises(CourseError, match=r"progress\.json cannot be read \(Device or resource"):
        progress.table()
    assert file.is_dir()
