"""Registries and servers that the tests of `course_utils.registry` work on.

What runs in a process of its own is forked from one that has MLflow loaded already, for importing
it takes seconds: `PROCESSES.Process(target=serve_mlflow, …)`.
"""

import multiprocessing
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pandas as pd
import psutil
from mlflow import MlflowClient
from mlflow.pyfunc.model import PythonModel

from course_utils.registry import ChampionCheck, Outbox, Receiver
from course_utils.registry.webhooks import Event

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["tests.unit.registry_servers", "mlflow.server.fastapi_app", "course_utils.registry.approvals"]
)

SECRET = "a secret of the tests"
# What MLflow needs to send webhooks to this machine; the key is one that its documentation shows
# how to make, and has to stay the same over restarts.
WEBHOOKS = {
    "MLFLOW_WEBHOOK_ALLOWED_SCHEMES": "http,https",
    "MLFLOW_WEBHOOK_ALLOW_PRIVATE_IPS": "true",
    "MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY": "qDnTf0gCQ5ZSNYzyOJ2wMAgVXTvKsRFeJv2wvF2AIyY=",
}
# A client that leaves it to its caller to try again.
IMPATIENT = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "10",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
}


@cache
def _empty() -> Path:
    """A database with MLflow's tables and nothing in them; making one takes seconds."""
    file = Path(tempfile.mkdtemp(prefix="registry-")) / "mlflow.db"
    MlflowClient(f"sqlite:///{file}").search_experiments()
    return file


def database(folder: Path) -> str:
    """The URI of a new database in `folder`."""
    shutil.copyfile(_empty(), folder / "mlflow.db")
    return f"sqlite:///{folder / 'mlflow.db'}"


def registry(folder: Path, versions: int = 3) -> MlflowClient:
    """A registry in a database of its own, with a model "churn" of some versions."""
    client = MlflowClient(database(folder))
    client.create_registered_model("churn")
    for _ in range(versions):
        client.create_model_version("churn", str(folder / "model"))
    return client


def until(condition: Callable[[], object], seconds: float = 120) -> None:
    """Wait for a condition; the time is generous, for it only counts where something is broken."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it has not come true"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def serve_mlflow(folder: Path, port: int) -> None:
    """MLflow's own server on the database in `folder`, until it is killed."""
    import uvicorn
    from mlflow import server

    os.environ |= WEBHOOKS | {
        server.BACKEND_STORE_URI_ENV_VAR: f"sqlite:///{folder / 'mlflow.db'}",
        server.ARTIFACT_ROOT_ENV_VAR: "mlflow-artifacts:/",
        server.ARTIFACTS_DESTINATION_ENV_VAR: str(folder / "artifacts"),
        server.SERVE_ARTIFACTS_ENV_VAR: "true",
    }
    from mlflow.server.fastapi_app import app

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error")


class Adds(PythonModel):
    """Predicts x plus something."""

    def __init__(self, shift: float) -> None:
        self.shift = shift

    def predict(self, context: Any, model_input: pd.DataFrame, params: Any = None) -> Any:
        return model_input["x"].to_numpy() + self.shift


def largest(truth: Any, predicted: Any) -> float:
    """The largest error."""
    return float(np.abs(np.asarray(truth) - predicted).max())


def receive(folder: Path, port: int, tracking: str) -> None:
    """A receiver with a check, until it is killed; no two answers of the check are the same."""
    os.environ |= IMPATIENT
    mlflow.set_tracking_uri(tracking)
    batch = pd.DataFrame({"x": [1.0, 2.0, 3.0]})
    check = ChampionCheck(batch, batch["x"], largest)

    def handle(event: Event) -> str:
        return f"{check(event)} [{uuid.uuid4()}]"

    with Receiver(folder / "in.db", SECRET, handle, port=port):
        threading.Event().wait()


def send(folder: Path, url: str, tracking: str) -> None:
    """An outbox that collects and delivers, until it is killed."""
    os.environ |= IMPATIENT
    pauses = [0.1, 0.2, 0.4, 0.8, *[1.0] * 200]
    Outbox(folder / "out.db", url, SECRET, MlflowClient(tracking), pauses).run(every=0.1)


@contextmanager
def shell_server(script: str, folder: Path, port: int) -> Iterator[None]:
    """Run a shell script that starts a server in `folder`, until it answers, and end it all."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    with (folder / "server.log").open("wb") as log:
        shell = subprocess.Popen(
            ["bash", "-c", script], cwd=folder, stdout=log, stderr=subprocess.STDOUT,
            start_new_session=True,
            # without the runner of evaluation jobs, which takes as long to start as the rest
            env=os.environ | {"PATH": path, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
        )  # fmt: skip
    try:
        until(lambda: shell.poll() is not None or answers(port), 240)
        assert shell.poll() is None, (folder / "server.log").read_text()
        yield
    finally:
        family = [psutil.Process(shell.pid)]
        family += family[0].children(recursive=True)
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.terminate()
        _, left = psutil.wait_procs(family, timeout=10)
        for process in left:
            process.kill()
        shell.wait(60)
