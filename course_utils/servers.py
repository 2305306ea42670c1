"""Run the course's own servers, all on this machine's loopback: JupyterLab and MLflow's pages.

JupyterLab gets a pool of warm Spark sessions beside it. It has a configuration folder of its own,
so that nothing in a learner's own Jupyter set-up can change or break it, and it asks the network
for nothing: no news, no update checks.
"""

import json
import os
import platform
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn, TypeVar

import psutil

from course_utils import paths
from course_utils.errors import CourseError

Process = subprocess.Popen[bytes]
Answer = TypeVar("Answer")

PATIENCE = 180.0  # seconds for a server to answer, on a slow machine
GRACE = 8.0  # seconds for it to end its kernels

_SERVER = {
    "ServerApp": {
        "ip": "127.0.0.1",
        "port_retries": 50,
        # What a learner needs no part of: nbgrader's pages alone take seconds to load, and the
        # language servers start npm to look for what is not there.
        "jpserver_extensions": {
            "jupyter_lsp": False,
            "jupyterlab_jupytext": False,
            "nbgrader.server_extensions.assignment_list": False,
            "nbgrader.server_extensions.course_list": False,
            "nbgrader.server_extensions.formgrader": False,
            "nbgrader.server_extensions.validate_assignment": False,
            "notebook": False,
        },
    },
    "LabApp": {
        "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "news_url": None,
        "extension_manager": "readonly",
    },
    "KernelSpecManager": {"allowed_kernelspecs": ["python3"]},
}
_PAGE = {
    "disabledExtensions": {
        "@jupyter-notebook/lab-extension": True,
        "@jupyter/nbgrader": True,
        "@jupyterlab/apputils-extension:announcements": True,
        "@jupyterlab/fileeditor-extension:language-server": True,
        "@jupyterlab/lsp-extension": True,
        "@jupyterlab/notebook-extension:language-server": True,
        "jupyterlab-jupytext": True,
    }
}


def serve_jupyter(port: int, browser: bool) -> None:
    """Run JupyterLab on the workbook until it is stopped; leave no process behind.

    Args:
        port: the first port to try; a taken one gives the next free one.
        browser: whether to open the welcome notebook in the browser.

    Raises:
        CourseError: JupyterLab did not start.
    """
    from course_utils.session import archive, pool
    from course_utils.setup import later

    with tempfile.TemporaryDirectory(prefix="course-pool-") as folder, _family() as processes:
        pool_address = f"{folder}/pool"  # in a folder that only its owner can read
        jupyter = _start_jupyter(port, browser, pool_address)
        processes.append(jupyter)
        print(
            f"\nThe course is open at\n  {_wait_for_jupyter(jupyter)}\nCtrl-C stops it.", flush=True
        )
        # Only now: a JVM that warms up would slow down the page that the learner waits for.
        processes.append(pool.start(pool_address))
        if not archive.archive_ok():
            processes.append(later.start(pool_address))
        jupyter.wait()


def serve_mlflow(port: int) -> None:
    """Run MLflow's pages on the course's own runs and models until they are stopped.

    Args:
        port: the first port to try; a taken one gives the next free one.

    Raises:
        CourseError: no port is free, or the pages did not start.
    """
    from course_utils.session import mlflow_ui

    port = _free_port(port)
    with _family() as processes:
        # The runner of evaluation jobs, which the course has no use for, doubles the wait.
        environment = os.environ | {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
        server = _start(mlflow_ui(port), "mlflow", environment)
        processes.append(server)
        print("MLflow is starting …", flush=True)
        url = f"http://127.0.0.1:{port}"
        _wait(server, "MLflow", lambda: _answers(f"{url}/health"))
        print(f"\nMLflow is open at\n  {url}\nCtrl-C stops it.", flush=True)
        server.wait()


@contextmanager
def _family() -> Iterator[list[Process]]:
    """A list for the processes started inside; on the way out they and their children are ended.

    Ctrl-C, a request to end and a closed terminal all lead there.
    """
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in signals:
        signal.signal(number, _stop)
    processes: list[Process] = []
    try:
        yield processes
    except KeyboardInterrupt:
        print("\nStopping …", flush=True)
    finally:
        for number in signals:
            signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave orphans
        _end(processes)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _start_jupyter(port: int, browser: bool, pool_address: str) -> Process:
    home = paths.state() / "jupyter"
    own = paths.workbook() / ".state" / "jupyter"
    _configure(home / "config")
    command = [
        *(sys.executable, "-m", "jupyterlab"),
        f"--ServerApp.port={port}",
        f"--ServerApp.root_dir={paths.workbook()}",
        f"--ServerApp.open_browser={browser}",
        f"--ServerApp.default_url=/{_first_page()}",
    ]
    if os.geteuid() == 0:
        command.append("--allow-root")
    if "microsoft" in platform.release().lower():
        # The browser of Windows cannot read the file in WSL that would send it on.
        command.append("--ServerApp.use_redirect_file=False")
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "JUPYTERLAB_DIR")
    } | {
        "JUPYTER_TOKEN": secrets.token_hex(24),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTER_PREFER_ENV_PATH": "0",  # so that the folders above come before the environment's
        "IPYTHONDIR": str(home / "ipython"),
        # The learner's own choices and open tabs stay with the learner's own files.
        "JUPYTERLAB_SETTINGS_DIR": str(own / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(own / "workspaces"),
        "COURSE_POOL": pool_address,
    }
    return _start(command, "jupyter", environment, paths.workbook())


def _start(
    command: list[str],
    name: str,
    environment: dict[str, str],
    folder: Path = paths.ROOT,
) -> Process:
    log = _log(name)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C comes to this process alone, which ends the rest
        )


def _log(name: str) -> Path:
    return paths.state() / "logs" / f"{name}.log"


def _first_page() -> str:
    name = "00_welcome.ipynb"
    return f"lab/tree/{name}" if (paths.workbook() / name).exists() else "lab"


def _configure(folder: Path) -> None:
    (folder / "labconfig").mkdir(parents=True, exist_ok=True)
    (folder / "jupyter_server_config.json").write_text(json.dumps(_SERVER, indent=1))
    (folder / "labconfig" / "page_config.json").write_text(json.dumps(_PAGE, indent=1))


def _wait_for_jupyter(jupyter: Process) -> str:
    """Wait until the server answers; its address with the token."""
    # JupyterLab itself looks for a free port, and notes here which one it got.
    note = paths.state() / "jupyter" / "runtime" / f"jpserver-{jupyter.pid}.json"

    def address() -> str | None:
        with suppress(OSError, ValueError):
            server = json.loads(note.read_text())
            if _answers(f"{server['url']}api"):
                return f"{server['url']}{_first_page()}?token={server['token']}"
        return None

    return _wait(jupyter, "JupyterLab", address)


def _answers(url: str) -> bool:
    # A proxy for the world outside has nothing to say about this machine.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with suppress(OSError):
        direct.open(url, timeout=5).close()
        return True
    return False


def _wait(process: Process, name: str, ready: Callable[[], Answer | None]) -> Answer:
    """What `ready` says as soon as it says something."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if answer := ready():
            return answer
        time.sleep(0.05)
    log = _log(name.lower().removesuffix("lab"))
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    raise CourseError(
        f"{name} did not start: {(lines or ['no message'])[-1][:200]}. Details are in {log}; "
        "./course doctor looks for the cause, ./course start --rebuild makes .venv anew."
    )


def _free_port(first: int) -> int:
    for port in range(first, min(first + 50, 65536)):
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise CourseError(f"No port from {first} on is free: give another one with --port.")


def _end(processes: list[Process]) -> None:
    """End these and whatever they started: kernels, and the JVMs of kernels and pool."""
    family: list[psutil.Process] = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(process.pid)
            # Looked up now: an orphan no longer says whose it was.
            family += [parent, *parent.children(recursive=True)]
    for process in processes:
        process.terminate()
    # JupyterLab ends its kernels itself, so that they can tidy up; the rest is for what hangs.
    _, left = psutil.wait_procs(family, timeout=GRACE)
    for stray in left:
        with suppress(psutil.NoSuchProcess):
            stray.kill()
    psutil.wait_procs(left, timeout=GRACE)
