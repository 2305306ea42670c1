"""The store: whole and right files or none, whoever asks, however often it is killed."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils import data, paths
from course_utils.data import store
from course_utils.data.files import sha256
from course_utils.data.scale import scale
from course_utils.errors import CourseError

_ENSURE = "from course_utils import data; data.ensure()"


@pytest.fixture(autouse=True)
def _own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COURSE_SCALE", "small")


def _all_right() -> bool:
    entries = store.manifest()["data_sets"]
    return all(sha256(store.generated(name)) == entries[name]["sha256"] for name in entries)


def _start() -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", _ENSURE], cwd=paths.ROOT, env=os.environ.copy())


def test_ensure_makes_what_is_missing_and_leaves_the_rest():
    assert not data.is_ready()
    data.ensure(["stores", "trips_day1"])
    made = {path.name for path in store.generated("stores").parent.iterdir()} - {".lock"}
    assert made == {"stores.parquet", "trips_day1.csv"}
    first = store.generated("stores").stat().st_mtime_ns
    data.ensure()
    assert store.generated("stores").stat().st_mtime_ns == first
    assert _all_right()
    assert data.is_ready()


def test_a_damaged_file_is_made_again():
    data.ensure(["stores"])
    path = store.generated("stores")
    whole = path.read_bytes()
    path.write_bytes(b"X" + whole[1:])
    data.ensure(["stores"])
    assert path.read_bytes() == whole


def test_another_hash_is_one_clear_line_and_nothing_is_kept(monkeypatch):
    made_with = {name: store.version(name) for name in ("numpy", "pandas", "pyarrow")}
    wrong = {"stores": {"bytes": 1, "sha256": "0" * 64}}
    monkeypatch.setattr(store, "manifest", lambda: {"made_with": made_with, "data_sets": wrong})
    with pytest.raises(CourseError, match="hash") as error:
        data.ensure(["stores"])
    assert "\n" not in str(error.value)
    assert "stores" in str(error.value)
    assert not store.generated("stores").exists()
    assert not list(store.generated("stores").parent.glob(".new-*"))

    made_with["numpy"] = "1.0"
    with pytest.raises(CourseError, match=r"made with numpy 1\.0.*\./course start"):
        data.ensure(["stores"])


def test_a_store_that_cannot_be_written_is_one_clear_line(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "file"))
    with pytest.raises(CourseError, match=r"Cannot write data to .*COURSE_DATA"):
        data.ensure(["stores"])


def test_a_full_disk_is_one_clear_line(monkeypatch):
    def full(target: Path, variant: data.Variant) -> int:
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    item = store.DATA_SETS["stores"]
    monkeypatch.setitem(
        store.DATA_SETS, "stores", store.DataSet(item.name, item.file, item.about, full)
    )
    with pytest.raises(CourseError, match="No space left on device"):
        data.ensure(["stores"])
    assert not store.generated("stores").exists()


def test_two_processes_at_once_give_one_right_store():
    processes = [_start() for _ in range(2)]
    assert [process.wait(timeout=120) for process in processes] == [0, 0]
    assert _all_right()


_KILLED = """
import dataclasses, os, signal
from course_utils import data
from course_utils.data import store

def half(target, variant):
    target.write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGKILL)

store.DATA_SETS["orders"] = dataclasses.replace(store.DATA_SETS["orders"], make=half)
data.ensure()
"""


def test_a_killed_run_is_taken_up_again():
    killed = subprocess.run([sys.executable, "-c", _KILLED], cwd=paths.ROOT)
    assert killed.returncode == -signal.SIGKILL
    folder = store.generated("orders").parent
    assert (folder / ".new-orders.parquet").exists()
    assert not store.generated("orders").exists()
    made_before = store.generated("listings").stat().st_mtime_ns
    data.ensure()
    assert _all_right()
    assert not list(folder.glob(".new-*"))
    assert store.generated("listings").stat().st_mtime_ns == made_before


def test_unknown_names_are_refused_with_those_there_are():
    for ask in (data.locate, data.get_truth, lambda name: data.ensure([name])):
        with pytest.raises(CourseError, match=r"no data set 'rides'.*listings, listings_raw"):
            ask("rides")


def test_locate_gives_the_absolute_path_of_the_file():
    path = Path(data.locate("customers"))
    assert path.is_absolute()
    assert path.read_text(encoding="utf-8").startswith("given_name|family_name|email|phone|")


@pytest.mark.parametrize(
    ("text", "rows"),
    [("small", 7_000), ("medium", 1_000_000), ("large:5000000", 5_000_000), ("large:1", 1_000)],
)
def test_scales(monkeypatch, text, rows):
    monkeypatch.setenv("COURSE_SCALE", text)
    assert scale().blocks * 1_000 == rows
    entries = {entry.name: entry for entry in data.listing()}
    assert entries["listings"].rows == rows
    assert entries["customers"].rows == 10_300


@pytest.mark.parametrize("text", ["big", "large", "large:", "large:0", "large:many", "Medium"])
def test_an_unknown_scale_is_refused(monkeypatch, text):
    monkeypatch.setenv("COURSE_SCALE", text)
    with pytest.raises(CourseError, match="small, medium or large:<rows>"):
        data.locate("listings")


def test_asking_for_data_imports_nothing_heavy():
    code = (
        "import sys, course_utils.data; "
        "print([m for m in ('numpy', 'pandas', 'pyarrow', 'pyspark') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=paths.ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def _card(name: str) -> str:
    stem = "trips" if name.startswith("trips") else name
    return (paths.ROOT / "datasets" / f"{stem}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", store.DATA_SETS)
def test_the_card_describes_every_column_and_says_rows_and_licence(name):
    data.ensure([name])
    path, card = store.generated(name), _card(name)
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        columns = pq.read_schema(path).names
    else:
        with path.open("rb") as file:  # not every file is UTF-8
            line = file.readline().decode("ascii").strip()
        columns = re.split("[,;|]", line)
    described = set(re.findall(r"^\| `(\w+)`", card, flags=re.MULTILINE))
    assert set(columns) <= described, set(columns) - described
    if not name.startswith("trips"):
        assert described == set(columns)
    for variant in data.Variant:
        assert f"{store.known(name, variant)['rows']:,}" in card
    assert "CC0" in card
