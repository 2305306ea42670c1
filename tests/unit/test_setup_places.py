"""Folders with odd names that do work, and an archive that is built where nobody waits for it."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.session import archive, fetch, java, jvm, lease, pool
from course_utils.session.java import Java
from course_utils.setup import later


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "with (1)" / "state"))
    return tmp_path / "with (1)" / "state"


# --- names that others read as patterns ---------------------------------------------------------


def test_the_resolver_is_given_a_plain_name_for_its_folder(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Path] = []

    def start(conf: dict[str, str], **_: Any) -> None:
        given.append(Path(conf["spark.jars.ivy"]))
        assert given[0].resolve() == state / "ivy"
        raise jvm.JvmError("not in this test")

    monkeypatch.setattr(jvm, "start", start)
    with pytest.raises(CourseError, match="could not be fetched"):
        fetch.fetch_jars()
    assert "(" not in str(given[0])
    assert not given[0].exists()


@pytest.mark.parametrize("name", ['a"b', "a$HOME", "it's", "a`id`"])
def test_the_environments_java_starts_from_a_folder_with_signs_of_the_shell(
    tmp_path: Path, name: str
) -> None:
    real = tmp_path / name / "jre"
    (real / "bin").mkdir(parents=True)
    (real / "bin" / "java").write_text("#!/bin/sh\necho 'openjdk version \"21.0.4\"' >&2\n")
    (real / "bin" / "java").chmod(0o755)
    java._prepare_launcher(real, tmp_path / "home")
    assert java._version_by_asking(tmp_path / "home" / "bin" / "java") == "21.0.4"


# --- the archive --------------------------------------------------------------------------------


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Path], None]], list[Path]]:
    """Puts a function in the place of the minute that Spark takes; what it was called with."""
    monkeypatch.setattr(archive, "find_java", lambda: Java(Path("/nowhere"), "17.0.1", "PATH"))
    monkeypatch.setattr(jvm, "delta_class_path", lambda: [Path(__file__)])

    def put(train: Callable[[Path], None]) -> list[Path]:
        calls: list[Path] = []

        def run(java: Java, class_path: Sequence[Path], file: Path, log: Path) -> None:
            calls.append(file)
            train(file)

        monkeypatch.setattr(archive, "_train", run)
        return calls

    return put


def test_two_who_build_the_archive_at_once_build_it_once(
    trained: Callable[[Callable[[Path], None]], list[Path]],
) -> None:
    def slowly(file: Path) -> None:
        time.sleep(0.3)
        file.write_bytes(b"classes")

    calls = trained(slowly)
    builders = [threading.Thread(target=archive.build_archive) for _ in range(3)]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join()
    assert len(calls) == 1
    assert archive.archive_ok()


def test_a_killed_builder_leaves_nothing_that_stays_or_counts(
    state: Path, trained: Callable[[Callable[[Path], None]], list[Path]]
) -> None:
    half = state / "jvm" / "archive" / ".building-killed"
    half.mkdir(parents=True)
    (half / "classes").write_bytes(b"half of it")
    assert not archive.archive_ok()

    def train(file: Path) -> None:
        file.write_bytes(b"classes")

    trained(train)
    archive.build_archive()
    [home] = (state / "jvm" / "archive").iterdir()
    assert sorted(path.name for path in home.iterdir()) == ["classes", "seal.json"]
    assert json.loads((home / "seal.json").read_text())["size"] == len(b"classes")


def test_an_archive_that_cannot_be_built_leaves_nothing(
    state: Path, trained: Callable[[Callable[[Path], None]], list[Path]]
) -> None:
    def fail(file: Path) -> None:
        file.write_bytes(b"half")
        raise CourseError("Spark's trial run failed.")

    trained(fail)
    with pytest.raises(CourseError, match="trial run"):
        archive.build_archive()
    assert list((state / "jvm" / "archive").iterdir()) == []


# --- built while a learner works ----------------------------------------------------------------


def test_the_archive_waits_for_the_first_notebooks_jvm_and_for_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    happened: list[str] = []
    pools = iter([{"idle": 0, "leased": 0}, {"idle": 0, "leased": 0}, {"idle": 1, "leased": 0}])
    memory = iter([False, True])
    monkeypatch.setattr(os, "nice", lambda by: happened.append(f"nice {by}"))
    monkeypatch.setattr(later.signal, "signal", lambda *_: None)
    monkeypatch.setattr(time, "sleep", lambda _: happened.append("wait"))
    monkeypatch.setattr(lease, "status", lambda address: next(pools))
    monkeypatch.setattr(pool, "memory_suffices", lambda: next(memory))
    monkeypatch.setattr(archive, "build_archive", lambda: happened.append("build"))
    assert later.main("address") == 0
    assert happened == ["nice 19", "wait", "wait", "wait", "build"]


_BUILDER = """
import sys, time
from pathlib import Path
from course_utils.session import archive, lease, pool
from course_utils.setup import later
lease.status = lambda address: None
pool.memory_suffices = lambda: True
def build():
    try:
        Path(sys.argv[1]).touch()
        time.sleep(60)
    finally:
        Path(sys.argv[1]).with_name("tidied").touch()
archive.build_archive = build
sys.exit(later.main("nowhere"))
"""


def test_a_builder_that_is_told_to_end_tidies_up(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    with subprocess.Popen(
        [sys.executable, "-c", _BUILDER, str(begun)], stdin=subprocess.DEVNULL, cwd=paths.ROOT
    ) as builder:
        while not begun.exists():
            assert builder.poll() is None
            time.sleep(0.05)
        builder.terminate()
        assert builder.wait(30) == 1
    assert (tmp_path / "tidied").exists()


def test_a_builder_ends_with_whoever_started_it(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(later.children, "start", lambda module, *_: started.append(module))
    later.start("address")
    assert started == [["course_utils.setup.later", "address"]]  # which ties it to this process
