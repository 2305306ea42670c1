"""Run the course's own servers, all on this machine's loopback: JupyterLab and MLflow's pages.

JupyterLab gets a pool of warm Spark sessions beside it. It has a configuration folder of its own,
so that nothing in a learner's own Jupyter set-up can change or break it, and it asks the network
for nothing: no news, no update checks. There is one JupyterLab for a workbook: who starts another
is told where it is.
"""

import fcntl
import json
import os
import platform
import secrets
import tempfile
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from course_utils import children, paths
from course_utils.errors import CourseError

# Seconds to wait for another start: what it waits itself, and what it then needs to end
_PATIENCE = children.PATIENCE + 4 * children.GRACE
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
        "custom_css": True,
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
# The demo and the lab of a lesson have one file name; what stands before it tells their tabs apart.
_STYLE = """\
.lm-TabBar-tab[title*="Path: labs/"] .lm-TabBar-tabLabel::before { content: "Lab · "; }
.lm-TabBar-tab[title*="Path: notebooks/"] .lm-TabBar-tabLabel::before { content: "Demo · "; }
"""


def serve_jupyter(port: int, browser: bool) -> None:
    """Run JupyterLab on the workbook until it is stopped; leave no process behind.

    Where it runs already, say its address instead; where another start is about to open it, say
    that, and wait for the address.

    Args:
        port: the first port to try; a taken one gives the next free one.
        browser: whether to open the welcome notebook in the browser.

    Raises:
        CourseError: JupyterLab did not start, or that of another start does not answer.
    """
    with _only_one() as address:
        if address is None:
            _run_jupyter(port, browser)
            return
    print(f"The course is open already at\n  {address}\nCtrl-C where it was started stops it.")
    if browser:
        webbrowser.open(address)


@contextmanager
def _only_one() -> Iterator[str | None]:
    """Hold the one place for a JupyterLab on this workbook; the address of the one that has it."""
    lock = paths.workbook() / ".state" / "jupyter.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        yield None if _taken(file) else _of_the_other(file)


def _taken(lock: IO[str]) -> bool:
    try:
        # The kernel frees it, however this process ends
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _of_the_other(lock: IO[str]) -> str | None:
    """Where the JupyterLab of the start is that has the lock; None if it ends and leaves the lock.

    Raises:
        CourseError: it does neither.
    """
    if address := _open_already():
        return address
    print("Another ./course start is opening JupyterLab, or ending; waiting for it.", flush=True)
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        time.sleep(0.2)
        if address := _open_already():
            return address
        if _taken(lock):
            return None
    raise CourseError(
        f"Another ./course start has this workbook, but its JupyterLab has not answered for "
        f"{_PATIENCE:.0f} s. Press Ctrl-C where it was started, then run the same command again."
    )


def _open_already() -> str | None:
    """The address of a JupyterLab that serves this workbook."""
    for note in (paths.state() / "jupyter" / "runtime").glob("jpserver-*.json"):
        with suppress(OSError, ValueError, KeyError):
            served = Path(json.loads(note.read_text())["root_dir"]).resolve()
            if served == paths.workbook().resolve() and (address := _address(note)):
                return address
    return None


def _run_jupyter(port: int, browser: bool) -> None:
    from course_utils.session import archive, pool
    from course_utils.setup import later

    with (
        tempfile.TemporaryDirectory(prefix="course-pool-") as folder,
        children.family() as processes,
    ):
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


def serve_mlflow(port: int, browser: bool) -> None:
    """Run MLflow's pages on the course's own runs and models until they are stopped.

    Args:
        port: the first port to try; a taken one gives the next free one.
        browser: whether to open the list of experiments in the browser.

    Raises:
        CourseError: no port is free, or the pages did not start.
    """
    from course_utils.session import mlflow_ui

    port = children.free_port(port)
    with children.family() as processes:
        environment = os.environ | {
            # The runner of evaluation jobs, which the course has no use for, doubles the wait.
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
            # Neither the server nor its pages report what is done with them.
            "MLFLOW_DISABLE_TELEMETRY": "true",
        }
        _, _, _, *arguments = mlflow_ui(port)  # python -m mlflow
        server = children.start(["course_utils.mlflow_server", *arguments], "mlflow", environment)
        processes.append(server)
        print("MLflow is starting …", flush=True)
        url = f"http://127.0.0.1:{port}"
        children.wait(server, "MLflow", lambda: children.answers(f"{url}/health"))
        # Its own first page, and the list without this word, are about language models
        address = f"{url}/#/experiments?workflowType=machine_learning"
        print(
            f"\nMLflow is open at\n  {address}\nIts pages may say that MLflow collects usage data: "
            "here that is switched off, and nothing is sent.\nCtrl-C stops it.",
            flush=True,
        )
        if browser:
            webbrowser.open(address)
        server.wait()


def _start_jupyter(port: int, browser: bool, pool_address: str) -> children.Process:
    home = paths.state() / "jupyter"
    own = paths.workbook() / ".state" / "jupyter"
    _configure(home / "config")
    command = [
        "jupyterlab",
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
    return children.start(command, "jupyter", environment, paths.workbook())


def _first_page() -> str:
    name = "00_welcome.ipynb"
    return f"lab/tree/{name}" if (paths.workbook() / name).exists() else "lab"


def _configure(folder: Path) -> None:
    (folder / "labconfig").mkdir(parents=True, exist_ok=True)
    (folder / "jupyter_server_config.json").write_text(json.dumps(_SERVER, indent=1))
    (folder / "labconfig" / "page_config.json").write_text(json.dumps(_PAGE, indent=1))
    (folder / "custom").mkdir(exist_ok=True)
    (folder / "custom" / "custom.css").write_text(_STYLE, encoding="utf-8")


def _wait_for_jupyter(jupyter: children.Process) -> str:
    """Wait until the server answers; its address with the token."""
    # JupyterLab itself looks for a free port, and notes here which one it got.
    note = paths.state() / "jupyter" / "runtime" / f"jpserver-{jupyter.pid}.json"
    return children.wait(jupyter, "JupyterLab", lambda: _address(note))


def _address(note: Path) -> str | None:
    """Where the JupyterLab that wrote a note opens, token included; None if it does not answer."""
    with suppress(OSError, ValueError, KeyError):
        server = json.loads(note.read_text())
        # With the token: what a dead one noted may now be the port of another
        if children.answers(f"{server['url']}api/status?token={server['token']}"):
            return f"{server['url']}{_first_page()}?token={server['token']}"
    return None
