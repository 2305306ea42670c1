"""The servers: one JupyterLab for a workbook, nothing left of a killed launcher, MLflow."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import psutil
import pytest

from course_utils import children, paths, servers
from course_utils.errors import CourseError

TOKEN = "a1b2"

# A server that has started something itself: it says both ids
SERVER = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(os.getpid(), child.pid, flush=True)
time.sleep(600)
"""
LAUNCHER = """
import subprocess, time
from course_utils import tethered
subprocess.Popen(tethered.command(["given_server"]), stdin=subprocess.PIPE)
time.sleep(600)
"""


def test_what_a_launcher_started_ends_with_it_even_by_kill_9(tmp_path: Path) -> None:
    (tmp_path / "given_server.py").write_text(SERVER)
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{paths.ROOT}"},
    )
    assert launcher.stdout is not None
    family = [psutil.Process(int(number)) for number in launcher.stdout.readline().split()]
    assert len(family) == 2
    launcher.send_signal(signal.SIGKILL)
    launcher.wait()
    _, left = psutil.wait_procs(family, timeout=60)
    for stray in left:
        stray.kill()
    assert not left


class _Jupyter(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if urlsplit(self.path).query == f"token={TOKEN}" else 403)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that answers as JupyterLab does; state and workbook are new ones."""
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("COURSE_WORKBOOK", str(tmp_path / "workbook"))
    with HTTPServer(("127.0.0.1", 0), _Jupyter) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def _note(number: int, url: str, token: str, root: Path | None = None) -> None:
    folder = paths.state() / "jupyter" / "runtime"
    folder.mkdir(parents=True, exist_ok=True)
    served = str(root or paths.workbook())
    note = {"url": url, "token": token, "root_dir": served, "pid": number}
    (folder / f"jpserver-{number}.json").write_text(json.dumps(note))


def test_a_second_start_says_where_the_first_is(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr(servers, "_run_jupyter", lambda *_: pytest.fail("a second JupyterLab"))
    with servers._only_one() as address:
        assert address is None
        # what a killed one noted, what serves another workbook, and the one that is there
        _note(1, url, "of-a-dead-one")
        _note(2, url, TOKEN, root=paths.ROOT)
        _note(3, url, TOKEN)
        servers.serve_jupyter(8888, browser=False)
        assert f"already at\n  {url}lab?token={TOKEN}\n" in capsys.readouterr().out
        servers.serve_jupyter(8888, browser=True)
        assert opened == [f"{url}lab?token={TOKEN}"]


def test_after_the_first_has_ended_the_next_one_starts(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    monkeypatch.setattr(servers, "_run_jupyter", lambda port, _: started.append(port))
    with servers._only_one():
        pass
    _note(3, url, "of-a-dead-one")
    servers.serve_jupyter(8888, browser=False)
    assert started == [8888]


def test_a_second_start_says_that_it_waits_for_the_first_to_open(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "_run_jupyter", lambda *_: pytest.fail("a second JupyterLab"))
    said: list[str] = []

    def open_meanwhile(seconds: float) -> None:
        said.append(capsys.readouterr().out)
        _note(3, url, TOKEN)

    monkeypatch.setattr(servers.time, "sleep", open_meanwhile)
    with servers._only_one():
        servers.serve_jupyter(8888, browser=False)
    assert said == ["Another ./course start is opening JupyterLab, or ending; waiting for it.\n"]
    assert f"already at\n  {url}lab?token={TOKEN}\n" in capsys.readouterr().out


def test_a_second_start_takes_over_where_the_first_ends_instead(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    monkeypatch.setattr(servers, "_run_jupyter", lambda port, _: started.append(port))
    first = servers._only_one()
    assert first.__enter__() is None
    monkeypatch.setattr(servers.time, "sleep", lambda _: first.__exit__(None, None, None))
    servers.serve_jupyter(8888, browser=False)
    assert started == [8888]


def test_a_second_start_does_not_wait_for_ever(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(servers.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(servers.time, "sleep", lambda _: now.append(now.pop() + 60))
    with servers._only_one(), pytest.raises(CourseError, match="Ctrl-C where it was started"):
        servers.serve_jupyter(8888, browser=False)


@pytest.mark.parametrize("browser", [True, False])
def test_mlflow_opens_on_the_experiments_and_reports_nothing(
    browser: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    given: dict[str, str] = {}

    def start(module: list[str], name: str, environment: dict[str, str]) -> SimpleNamespace:
        assert module[:2] == ["course_utils.mlflow_server", "server"]
        given.update(environment)
        return SimpleNamespace(wait=lambda: None)

    monkeypatch.setenv("MLFLOW_DISABLE_TELEMETRY", "false")
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr(children, "family", lambda: nullcontext([]))
    monkeypatch.setattr(children, "start", start)
    monkeypatch.setattr(children, "wait", lambda *_: True)
    monkeypatch.setattr("course_utils.session.mlflow_ui", lambda port: ["p", "-m", "m", "server"])
    servers.serve_mlflow(5000, browser)
    said = capsys.readouterr().out
    address = next(line.strip() for line in said.splitlines() if "http://" in line)
    assert "/#/experiments?" in address
    assert "collects usage data: here that is switched off" in said
    assert given["MLFLOW_DISABLE_TELEMETRY"] == "true"
    assert opened == ([address] if browser else [])
