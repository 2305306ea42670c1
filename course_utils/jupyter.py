"""Run the course's own JupyterLab, with a pool of warm Spark sessions beside it.

It has a configuration folder of its own, so that nothing in a learner's own Jupyter set-up can
change or break it, and it asks the network for nothing: no news, no update checks.
"""

import json
import os
import platform
import secrets
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

import psutil

from course_utils import paths
from course_utils.errors import CourseError

PATIENCE = 90.0  # seconds for JupyterLab to answer, on a slow machine
GRACE = 8.0  # seconds for it to end its kernels

_SERVER = {
    "ServerApp": {
        "ip": "127.0.0.1",
        "port_retries": 50,
        # What a learner needs no part of; nbgrader's pages alone take seconds to load.
        "jpserver_extensions": {
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
        "jupyterlab-jupytext": True,
    }
}


def serve(port: int, browser: bool) -> None:
    """Run JupyterLab on the workbook until it is stopped; leave no process behind.

    Args:
        port: the first port to try; a taken one gives the next free one.
        browser: whether to open the welcome notebook in the browser.

    Raises:
        CourseError: JupyterLab did not start.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), _stop)
    with tempfile.TemporaryDirectory(prefix="course-pool-") as folder:  # readable by its owner only
        pool_address = f"{folder}/pool"
        processes = []
        try:
            jupyter = _start_jupyter(port, browser, pool_address)
            processes.append(jupyter)
            print(f"\nThe course is open at\n  {_wait_for(jupyter)}\nCtrl-C stops it.", flush=True)
            # Only now: a JVM that warms up would slow down the page that the learner waits for.
            processes.append(_start_pool(pool_address))
            jupyter.wait()
        except KeyboardInterrupt:
            print("\nStopping …", flush=True)
        finally:
            for name in ("SIGINT", "SIGTERM", "SIGHUP"):
                signal.signal(getattr(signal, name), signal.SIG_IGN)
            _end(processes)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _start_jupyter(port: int, browser: bool, pool_address: str) -> subprocess.Popen[bytes]:
    home = paths.state() / "jupyter"
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
        "COURSE_POOL": pool_address,
    }
    log = paths.state() / "logs" / "jupyter.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            cwd=paths.workbook(),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C comes here alone, and this ends the rest in order
        )


def _first_page() -> str:
    name = "00_welcome.ipynb"
    return f"lab/tree/{name}" if (paths.workbook() / name).exists() else "lab"


def _configure(folder: Path) -> None:
    (folder / "labconfig").mkdir(parents=True, exist_ok=True)
    (folder / "jupyter_server_config.json").write_text(json.dumps(_SERVER, indent=1))
    (folder / "labconfig" / "page_config.json").write_text(json.dumps(_PAGE, indent=1))


def _wait_for(jupyter: subprocess.Popen[bytes]) -> str:
    """Wait until the server answers; its address with the token."""
    note = paths.state() / "jupyter" / "runtime" / f"jpserver-{jupyter.pid}.json"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and jupyter.poll() is None:
        with suppress(OSError, ValueError, urllib.error.URLError):
            server = json.loads(note.read_text())
            direct.open(f"{server['url']}api", timeout=5).close()
            return f"{server['url']}{_first_page()}?token={server['token']}"
        time.sleep(0.05)
    log = paths.state() / "logs" / "jupyter.log"
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    raise CourseError(
        f"JupyterLab did not start: {(lines or ['no message'])[-1][:200]}. The whole story is in "
        f"{log}; ./course doctor looks for the cause, ./course start --rebuild makes it anew."
    )


def _start_pool(address: str) -> subprocess.Popen[bytes]:
    log = paths.state() / "logs" / "pool.log"
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "course_utils.session.pool", address],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
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
