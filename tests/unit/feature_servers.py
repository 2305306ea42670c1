"""Servers that the tests of the feature store start on loopback, and stop."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(command: Sequence[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    # MLflow calls the program uvicorn, which is where this Python is
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=folder, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            env=os.environ | {"PATH": path},
        )  # fmt: skip
    try:
        yield server
    finally:
        if server.poll() is None:
            children = psutil.Process(server.pid).children(recursive=True)
            server.terminate()
            server.wait(60)
            # MLflow's server has children that would outlive it
            for child in children:
                with suppress(psutil.NoSuchProcess):
                    child.terminate()
            psutil.wait_procs(children, timeout=60)


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """A real Redis server; its URI. The test is skipped where there is none."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not on the PATH: apt-get install redis-server")
    port = _free_port()
    options = ("--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no")
    with _running([program, *options], folder) as server:
        import redis

        client = redis.Redis(port=port)
        for _ in range(300):
            with suppress(redis.ConnectionError):
                client.ping()
                break
            assert server.poll() is None, (folder / "server.log").read_text()
            time.sleep(0.1)
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def model_server(python: str, model: str, folder: Path) -> Iterator[str]:
    """`mlflow models serve` in a process of its own; the address that it scores at."""
    port = _free_port()
    command = [python, "-m", "mlflow", "models", "serve", "-m", model, "--env-manager", "local",
               "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]  # fmt: skip
    with _running(command, folder) as server:
        deadline = time.monotonic() + 240
        while True:
            with suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/ping", timeout=5).read()
                break
            log = (folder / "server.log").read_text()
            assert server.poll() is None, log
            assert time.monotonic() < deadline, log
            time.sleep(0.3)
        yield f"http://127.0.0.1:{port}/invocations"
