"""The launcher: what it does on a machine with nothing but some Python."""

import ast
import errno
import fcntl
import os
import pty
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from course_utils import paths
from course_utils.setup import failures, install
from tests.unit.launching import (
    NO_NETWORK,
    PYTHON,
    Checkout,
    copy_launcher,
    is_one_line,
    load_course,
    make_tiny,
    write_wheel,
)

HASHED = "Hash mismatch for `box @ file:///tmp/box.whl`\n\nExpected:\n  sha256:00\n"


@pytest.fixture
def course() -> Any:
    return load_course()


@pytest.fixture
def tiny(tmp_path: Path) -> Checkout:
    return make_tiny(tmp_path / "a tiny course")  # people clone into folders with spaces


# --- which Python -------------------------------------------------------------------------------


# What Python 2.7 and every Python 3 read alike, as far as the file `course` needs it
_PLAIN = (
    *(ast.Module, ast.Import, ast.ImportFrom, ast.alias, ast.Assign, ast.FunctionDef),
    *(ast.arguments, ast.arg, ast.Return, ast.If, ast.For, ast.With, ast.withitem, ast.Expr),
    *(ast.Yield, ast.Call, ast.keyword, ast.Name, ast.Attribute, ast.Subscript, ast.Slice),
    *(ast.Constant, ast.Tuple, ast.List, ast.Compare, ast.LtE, ast.Eq, ast.BinOp, ast.UnaryOp),
    *(ast.Add, ast.Sub, ast.Mod, ast.USub, ast.Load, ast.Store),
)


def test_the_oldest_python_can_read_the_file() -> None:
    text = (paths.ROOT / "course").read_text(encoding="ascii")  # Python 2 reads no more
    for node in ast.walk(ast.parse(text)):
        assert type(node) in _PLAIN, ast.dump(node)
        if isinstance(node, ast.FunctionDef):
            given = node.args
            notes = [node.returns, *(each.annotation for each in given.args)]
            assert not any([*notes, given.kwonlyargs, given.posonlyargs]), node.name
        assert not (isinstance(node, ast.Name) and node.id == "print")


@pytest.mark.parametrize("version", [(3, 6), (3, 10), (3, 15)])
def test_wrong_python_is_told_in_one_line(
    course: Any,
    version: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.version_info", (*version, 1, "final", 0))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match="1"):
        course.require_python()
    said = capsys.readouterr().err
    assert is_one_line(said)
    assert f"is {version[0]}.{version[1]}" in said
    assert "3.11 to 3.14 is needed" in said


@pytest.mark.parametrize("old", ["2.7", "3.6", "3.[7-9]"])
def test_a_real_old_python_is_told_in_one_line(old: str) -> None:
    # A version manager keeps them side by side
    beside = Path(PYTHON).resolve().parents[2].glob(f"{old}.*/bin/python")
    on_path = (shutil.which(f"python{name}") for name in ("2.7", "3.6", "3.8") if old == name)
    for python in (*map(str, beside), *filter(None, on_path)):
        if subprocess.call([python, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            break
    else:
        pytest.skip(f"no Python {old} here")
    outcome = Checkout(paths.ROOT).run("start", python=python, settings={"PATH": "/nonexistent"})
    assert outcome.returncode == 1
    assert is_one_line(outcome.stderr), outcome.stderr
    assert "3.11 to 3.14 is needed" in outcome.stderr


def test_a_newer_python_beside_it_takes_over(
    course: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, works in (("python3.13", 1), ("python3.12", 0)):  # a shim for one that is not there
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {works}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setattr("sys.version_info", (3, 9, 1, "final", 0))
    monkeypatch.setattr("sys.argv", ["course", "next"])
    monkeypatch.setenv("PATH", str(tmp_path))
    taken: list[Any] = []

    def take_over(*args: Any) -> None:
        taken.append(args)
        raise SystemExit

    monkeypatch.setattr("os.execv", take_over)
    with pytest.raises(SystemExit):
        course.require_python()
    python = str(tmp_path / "python3.12")
    assert taken == [(python, [python, str(paths.ROOT / "course"), "next"])]


def test_windows_is_sent_to_wsl(
    course: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(course, "os", type("Windows", (), {"name": "nt"}))
    with pytest.raises(SystemExit):
        course.require_python()
    said = capsys.readouterr().err
    assert is_one_line(said)
    assert "WSL 2" in said


# --- step 1: uv ---------------------------------------------------------------------------------


def test_no_pip_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(install.sysconfig, "get_config_var", lambda name: None)
    with pytest.raises(SystemExit):
        install.pip_command()
    said = capsys.readouterr().err
    assert is_one_line(said)
    assert "python3-pip" in said


def test_pip_of_ensurepip_serves_without_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    real = install.importlib.util.find_spec
    if real("ensurepip") is None:
        pytest.skip("this Python was built without ensurepip")
    monkeypatch.setattr(
        install.importlib.util, "find_spec", lambda name: None if name == "pip" else real(name)
    )
    command = [str(part) for part in install.pip_command()]
    assert ".whl" in command[1]
    assert "pip" in subprocess.check_output([*command, "--version"], text=True)


@pytest.mark.parametrize(
    ("answer", "suits"),
    [("uv 99.1.2 (abc)", True), ("uv 0.4.30", False), ("uv dev", False), ("", False)],
)
def test_uv_on_the_path_must_be_as_new_as_the_pinned_one(
    answer: str, suits: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv = tmp_path / "uv"
    uv.write_text(f"#!/bin/sh\necho '{answer}'\n")
    uv.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(install, "STATE", tmp_path / "state")
    assert install.find_uv() == (str(uv) if suits else None)


def test_no_network_for_uv_is_told_in_one_line(tmp_path: Path) -> None:
    bare = _bare(tmp_path / "bare")
    outcome = bare.run(
        "start", settings=NO_NETWORK | {"PIP_NO_CACHE_DIR": "1", "PIP_FIND_LINKS": ""}
    )
    assert outcome.returncode == 1
    assert is_one_line(outcome.stderr), outcome.stderr
    assert "No network" in outcome.stderr
    assert not list(bare.state.glob("uv/[0-9]*"))


# --- step 2: the environment --------------------------------------------------------------------


def test_first_start_sets_up_and_later_ones_skip_it(tiny: Checkout) -> None:
    first = tiny.run("next", "now")
    assert first.stdout.splitlines()[-1] == "ran next now", first.stderr
    assert "[1/7]" in first.stdout
    assert "[2/7]" in first.stdout
    shutil.rmtree(tiny.state)  # no uv, no lock, nothing to fall back on
    second = tiny.run("next", settings=NO_NETWORK)
    assert (second.stdout, second.stderr) == ("ran next\n", "")


def test_a_changed_lock_is_installed(tiny: Checkout) -> None:
    tiny.run("next")
    (tiny.root / "uv.lock").write_text((tiny.root / "uv.lock").read_text() + "\n")
    assert "[2/7]" in tiny.run("next").stdout
    assert tiny.run("next").stdout == "ran next\n"


def test_half_an_environment_is_made_anew(tiny: Checkout) -> None:
    tiny.run("next")
    (tiny.root / ".venv" / ".course-stamp").write_text("syncing")  # as a killed uv leaves it
    module = next((tiny.root / ".venv").rglob("box.py"))
    module.unlink()
    outcome = tiny.run("next")
    assert outcome.stdout.endswith("ran next\n"), outcome.stderr
    assert module.exists()


def test_an_environment_without_its_python_is_made_anew(tiny: Checkout) -> None:
    tiny.run("next")
    python = tiny.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nonexistent/python3")
    assert tiny.run("next").stdout.endswith("ran next\n")


def test_a_broken_environment_is_said_and_rebuilt(tiny: Checkout) -> None:
    tiny.run("next")
    next((tiny.root / ".venv").rglob("box.py")).unlink()
    outcome = tiny.run("next")
    assert "is broken (No module named 'box')" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert outcome.stdout.endswith("ran next\n")


def test_rebuilding_that_does_not_help_ends(tiny: Checkout) -> None:
    (tiny.root / "course_utils" / "cli.py").write_text("import nowhere_to_be_had\n")
    outcome = tiny.run("next")
    assert outcome.returncode == 1
    assert "did not help" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_fault_of_the_course_itself_is_not_blamed_on_the_environment(tiny: Checkout) -> None:
    (tiny.root / "course_utils" / "cli.py").write_text("import course_utils.not_written\n")
    outcome = tiny.run("next")
    assert "broken" not in outcome.stderr
    assert "course_utils.not_written" in outcome.stderr


def test_somebody_at_a_terminal_is_asked_before_a_rebuild(tiny: Checkout) -> None:
    tiny.run("next")
    module = next((tiny.root / ".venv").rglob("box.py"))
    module.unlink()
    here, there = pty.openpty()
    with subprocess.Popen(
        tiny.command("next"), cwd=tiny.root, env=tiny.environment,
        stdin=there, stdout=there, stderr=there, start_new_session=True,
    ) as process:  # fmt: skip
        os.close(there)
        os.write(here, b"n\n")
        said = b""
        while chunk := _read(here):
            said += chunk
        assert process.wait(timeout=60) == 1
    assert b"[Y/n]" in said
    assert b"--rebuild" in said
    assert not module.exists()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError as error:  # on Linux the end of a terminal's other side
        assert error.errno == errno.EIO
        return b""


def test_rebuild_makes_the_environment_anew(tiny: Checkout) -> None:
    tiny.run("next")
    stray = tiny.root / ".venv" / "stray"
    stray.touch()
    assert tiny.run("next", "--rebuild").stdout.endswith("ran next\n")
    assert not stray.exists()


def test_a_package_with_another_hash_is_refused_in_one_line(tiny: Checkout) -> None:
    wheel = tiny.root / "box-1.0-py3-none-any.whl"
    right = wheel.read_bytes()
    write_wheel(wheel, payload=b"something else")
    outcome = tiny.run("next")
    assert outcome.returncode == 1
    assert is_one_line(outcome.stderr), outcome.stderr
    assert "hash mismatch" in outcome.stderr
    assert "ran" not in outcome.stdout
    wheel.write_bytes(right)
    assert tiny.run("next").stdout.endswith("ran next\n")


def test_no_network_for_the_environment_is_told_in_one_line(tmp_path: Path) -> None:
    bare = _bare(tmp_path / "bare")
    bare.give_uv()
    outcome = bare.run("start", settings=NO_NETWORK | {"UV_CACHE_DIR": str(tmp_path / "cache")})
    assert outcome.returncode == 1
    assert is_one_line(outcome.stderr), outcome.stderr
    assert "No network" in outcome.stderr


def _bare(root: Path) -> Checkout:
    """What steps 1 and 2 need of this checkout."""
    copy_launcher(root)
    for name in ("pyproject.toml", "uv.lock", "README.md"):
        shutil.copy(paths.ROOT / name, root)
    return Checkout(root)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small disk can be mounted by root on Linux only")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_is_told_in_one_line(small_disk: Path) -> None:
    tiny = make_tiny(small_disk / "tiny", payload=os.urandom(1_900_000))
    outcome = tiny.run("next")
    assert outcome.returncode == 1
    assert is_one_line(outcome.stderr), outcome.stderr
    assert "The disk is full" in outcome.stderr


def test_two_at_once_wait_for_each_other(tiny: Checkout) -> None:
    tiny.state.mkdir(exist_ok=True)
    with (tiny.state / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with subprocess.Popen(
            tiny.command("next"), cwd=tiny.root, env=tiny.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            assert "waiting" in process.stdout.readline()
            fcntl.flock(lock, fcntl.LOCK_UN)
            assert process.communicate(timeout=60)[0].endswith("ran next\n")


def test_help_installs_nothing(tmp_path: Path) -> None:
    bare = Checkout(tmp_path)
    copy_launcher(tmp_path)
    for args in ([], ["--help"]):
        outcome = bare.run(*args)
        assert outcome.returncode == 0
        assert "./course start" in outcome.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["course", "course_utils"]


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left", "full"),
        ("error: Failed to write: No space left on device (os error 28)", "full"),
        (HASHED, "hash mismatch"),
        ("WARNING: Retrying (Retry(total=0)) after connection broken by 'ProxyError(", "No net"),
        ("error: Failed to fetch: `x`\n  Caused by: client error (Connect)", "No network"),
        ("error sending request for url (x): invalid peer certificate: UnknownIssuer", "trusted"),
        ("[Errno 13] Permission denied: '/x/.course'", "No permission"),
    ],
)  # fmt: skip
def test_a_failure_is_told_by_its_cause(text: str, sign: str) -> None:
    said = failures.reason(text) or ""
    assert sign in said
    assert is_one_line(said)


def test_an_unknown_failure_is_not_explained_away() -> None:
    assert failures.reason("error: something new") is None
