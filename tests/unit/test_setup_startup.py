"""`./course start` for real, in a copy of this checkout: set up, killed, resumed, opened, stopped.

Only uv itself is fetched over the network. The packages come from uv's cache, Delta's JARs from
the resolver's, as on a machine that has been interrupted after its downloads.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from course_utils import paths
from tests.unit.launching import NO_NETWORK, Checkout, copy_checkout, find_uv

pytestmark = [pytest.mark.slow, pytest.mark.spark]

PATIENCE = 900.0  # seconds for any one thing, on a machine that is busy with others
PORT = 8970
# With links from its cache uv is done within a second, too soon to be killed on the way
SLOWLY = {"UV_LINK_MODE": "copy", "UV_CONCURRENT_INSTALLS": "1"}
ADDRESS = re.compile(r"(http://127\.0\.0\.1:(\d+)/)\S*\?token=(\w+)")


@dataclass
class Running:
    """A `./course start` under way, and what it has said."""

    process: subprocess.Popen[bytes]
    said: str = ""

    def wait_for(self, found: Callable[[str], bool]) -> None:
        """Read on until what was said is enough."""
        assert self.process.stdout is not None
        end = time.monotonic() + PATIENCE
        while not found(self.said):
            assert time.monotonic() < end, f"waited in vain; it said:\n{self.said}"
            chunk = os.read(self.process.stdout.fileno(), 4096)
            if not chunk and "No network" in self.said:
                pytest.skip("no network: uv itself cannot be fetched")
            assert chunk, f"it ended with {self.process.wait()}; it said:\n{self.said}"
            self.said += chunk.decode()

    def end(self, number: int) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=60)


@contextmanager
def start(
    course: Checkout,
    *args: str,
    command: str = "start --no-browser",
    settings: dict[str, str] | None = None,
) -> Iterator[Running]:
    process = subprocess.Popen(
        course.command(*command.split(), *args),
        cwd=course.root,
        env=course.environment | (settings or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield Running(process)
    finally:
        for stray in {process.pid, *(p.pid for p in left_behind(course))}:
            with suppress(ProcessLookupError):
                os.kill(stray, signal.SIGKILL)
        process.wait()


def left_behind(course: Checkout) -> list[psutil.Process]:
    """Processes that work for this copy, by their command lines."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if any(str(course.root) in word for word in process.cmdline()):
                found.append(process)
    return found


def kill_in_step(
    course: Checkout,
    number: int,
    after: float,
    everything: bool,
    settings: dict[str, str] | None = None,
) -> None:
    """Start, and kill -9 some time into a step: this process alone, or all that it runs too."""
    with start(course, settings=settings) as running:
        running.wait_for(lambda said: f"[{number}/7]" in said)
        time.sleep(after)
        if everything:
            os.killpg(running.process.pid, signal.SIGKILL)
        else:
            running.process.kill()
        running.process.wait()
        assert running.process.stdout is not None
        said = running.said + running.process.stdout.read1().decode()  # type: ignore[attr-defined]
        line = said[said.index(f"[{number}/7]") :]
        assert "done" not in line, f"step {number} was over before it was killed:\n{said}"


@dataclass(frozen=True)
class SetUp:
    """A copy of this checkout that was set up, and what the last of its starts said."""

    course: Checkout
    said: str


@pytest.fixture(scope="module")
def set_up(tmp_path_factory: pytest.TempPathFactory) -> SetUp:
    """Set up with a kill in each step, once for all tests here: it takes minutes."""
    find_uv()
    # People clone into folders with names of all kinds
    course = copy_checkout(tmp_path_factory.mktemp("startup") / "it's my course (ü)")
    for folder in (paths.state(), paths.ROOT / ".course"):
        if (folder / "ivy").is_dir():
            shutil.copytree(folder / "ivy", course.state / "ivy")
            break
    kill_in_step(course, 1, after=0.5, everything=True)
    kill_in_step(course, 2, after=0.5, everything=True, settings=SLOWLY)  # half an environment
    kill_in_step(course, 2, after=0.5, everything=False, settings=SLOWLY)  # uv goes on, an orphan
    kill_in_step(course, 4, after=0.5, everything=False)
    kill_in_step(course, 5, after=0.5, everything=False)
    kill_in_step(course, 7, after=3.0, everything=False)
    archives = course.state / "jvm" / "archive"
    with start(course) as running:
        running.wait_for(lambda said: bool(ADDRESS.search(said)))
        assert not archives.exists(), "somebody waited for the archive"
        said = running.said
        _wait_until(lambda: _trains(course))
        running.process.kill()
        _wait_until(lambda: not _trains(course), patience=60)
        assert not list(archives.glob("*/seal.json")), "half an archive counts"
    with start(course) as running:
        running.wait_for(lambda said: bool(ADDRESS.search(said)))
        _wait_until(lambda: any(archives.glob("*/seal.json")))
        running.end(signal.SIGINT)
    return SetUp(course, said)


def _trains(course: Checkout) -> bool:
    """Whether a JVM runs whose classes are to become the archive."""
    for process in _of(course):
        with suppress(psutil.Error):  # it has ended meanwhile
            if ".building-" in " ".join(process.cmdline()):
                return True
    return False


@pytest.fixture
def course(set_up: SetUp) -> Checkout:
    return set_up.course


def test_a_set_up_killed_in_each_step_goes_on_and_finishes(set_up: SetUp) -> None:
    assert re.search(r"\[4/7\].*already there", set_up.said)
    assert re.search(r"\[6/7\].*later, while you work", set_up.said)
    assert re.search(r"\[7/7\].*done, \d+ s", set_up.said)
    outcome = set_up.course.run("doctor")
    assert outcome.returncode == 0, outcome.stdout
    assert re.search(r"ok +class-data archive +there", outcome.stdout)


def test_the_second_start_needs_no_network_and_stops_all_it_started(course: Checkout) -> None:
    with start(course, "--port", str(PORT), settings=NO_NETWORK) as running:
        running.wait_for(lambda said: bool(ADDRESS.search(said)))
        assert "[" not in running.said, "no step had anything to do"
        url, _, token = _address(running)
        assert _ask(url + "api/kernelspecs", token)["default"] == "python3"
        _ask(url + "api/kernels", token, b"{}")
        _wait_until(lambda: any("ipykernel_launcher" in " ".join(p.cmdline()) for p in _of(course)))
        _wait_until(lambda: any("java" in p.name() for p in _of(course)))
        assert running.end(signal.SIGINT) == 0
        _wait_until(lambda: not left_behind(course), patience=30)


def test_a_second_start_finds_the_first_and_a_killed_one_leaves_nothing(course: Checkout) -> None:
    with start(course, "--port", str(PORT)) as running:
        running.wait_for(lambda said: bool(ADDRESS.search(said)))
        second = course.run("start", "--no-browser", timeout=PATIENCE)
        assert second.returncode == 0, second.stderr
        assert "already" in second.stdout
        url, port, token = _address(running)
        assert ADDRESS.findall(second.stdout) == [(url, str(port), token)]
        # the second one's end has ended nothing, and by now there are kernels and JVMs to leave
        _ask(url + "api/kernels", token, b"{}")
        _wait_until(lambda: any("java" in p.name() for p in _of(course)))
        running.process.kill()
        _wait_until(lambda: not left_behind(course), patience=60)
    with start(course, "--port", str(PORT)) as running:
        running.wait_for(lambda said: bool(ADDRESS.search(said)))
        assert "already" not in running.said
        running.end(signal.SIGINT)


def test_a_taken_port_gives_the_next_one_and_a_request_to_end_is_heard(course: Checkout) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", PORT))
        taken.listen()
        with start(course, "--port", str(PORT)) as running:
            running.wait_for(lambda said: bool(ADDRESS.search(said)))
            assert _address(running)[1] > PORT
            assert running.end(signal.SIGTERM) == 0
            _wait_until(lambda: not left_behind(course), patience=30)


def test_jupyterlab_ignores_a_learners_own_settings_and_asks_for_its_token(
    course: Checkout, tmp_path: Path
) -> None:
    own = tmp_path / "jupyter"
    own.mkdir()
    (own / "jupyter_server_config.py").write_text("raise SystemExit('a broken set-up')\n")
    with start(course, settings={"JUPYTER_CONFIG_DIR": str(own)}) as running:
        running.wait_for(lambda said: bool(ADDRESS.search(said)))
        url, _, token = _address(running)
        with pytest.raises(urllib.error.HTTPError, match="403"):
            _ask(url + "api/contents", "wrong")
        names = [item["name"] for item in _ask(url + "api/contents", token)["content"]]
        assert "00_welcome.ipynb" in names
        running.end(signal.SIGINT)


def test_mlflows_pages_open_and_close(course: Checkout) -> None:
    with start(course, "--port", "5970", command="mlflow --no-browser") as running:
        running.wait_for(lambda said: "Ctrl-C stops it" in said)
        assert "http://127.0.0.1:59" in running.said
        assert running.end(signal.SIGINT) == 0
        _wait_until(lambda: not left_behind(course), patience=30)


def test_the_tour_shows_a_wrong_and_a_right_answer(course: Checkout) -> None:
    outcome = course.run("tour", timeout=PATIENCE)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    wrong, right = outcome.stdout.split("A right answer")
    assert "✗ q1" in wrong
    assert "✓ q1" in right
    assert outcome.stderr == ""


def _of(course: Checkout) -> list[psutil.Process]:
    return [process for process in left_behind(course) if process.is_running()]


def _address(running: Running) -> tuple[str, int, str]:
    found = ADDRESS.search(running.said)
    assert found
    return found[1], int(found[2]), found[3]


def _ask(url: str, token: str, body: bytes | None = None) -> dict:
    request = urllib.request.Request(url, body, {"Authorization": f"token {token}"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
        return dict(json.load(answer))


def _wait_until(true: Callable[[], bool], patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.2)
