"""A model behind MLflow's own scoring server, on this machine only."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from course_utils.errors import CourseError

_PATIENCE = 180.0  # seconds until a server must answer


class Server:
    """MLflow's scoring server in a process of its own, listening on 127.0.0.1.

    Args:
        model: URI of the model.
        tracking_uri: where MLflow finds it.
        port: 0 takes a free one.

    Raises:
        CourseError: it did not start.
    """

    def __init__(self, model: str, tracking_uri: str, port: int) -> None:
        port = port or _free_port()
        self.url = f"http://127.0.0.1:{port}/invocations"
        self._base = f"http://127.0.0.1:{port}"
        command = [
            *(sys.executable, "-m", "mlflow", "models", "serve", "--model-uri", model),
            *("--env-manager", "local", "--host", "127.0.0.1", "--port", str(port)),
        ]
        # MLflow calls the program uvicorn, which is where this Python is
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        environment = os.environ | {
            "PATH": path,
            "MLFLOW_TRACKING_URI": tracking_uri,
            "MLFLOW_DISABLE_TELEMETRY": "true",
        }
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
        self._process = subprocess.Popen(
            command,
            env=environment,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,  # it has children of its own, which end with it
        )
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self._base}/ping", timeout=5):
                    return
            except OSError:
                time.sleep(0.2)
        self._log.seek(0)
        last = (self._log.read().decode(errors="replace").strip().splitlines() or ["no output"])[-1]
        self.stop()
        raise CourseError(
            f"The model could not be served: {last[:200]} Try another port, or load_model() first."
        )

    def predict(self, frame: Any) -> list[Any]:
        """Send the rows of a pandas frame and return the predictions.

        Raises:
            CourseError: the server refused them; the line says why.
        """
        body = json.dumps(
            {"dataframe_split": json.loads(frame.to_json(orient="split", date_format="iso"))}
        )
        request = urllib.request.Request(
            self.url, data=body.encode(), headers={"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["predictions"]
        except urllib.error.HTTPError as error:
            try:
                why = json.loads(error.read()).get("message", "")
            except ValueError:
                why = error.reason
            raise CourseError(
                f"The server refused the rows: {str(why)[:300]} "
                "Send the columns that the model was trained on."
            ) from None

    def stop(self) -> None:
        """End the server and what it started; returns when nothing answers any more."""
        import psutil

        if self._process.poll() is None:
            ours = psutil.Process(self._process.pid)
            family = [ours, *ours.children(recursive=True)]
            # The one that listens ends its requests first, and outlives the one that we started
            for end in (psutil.Process.terminate, psutil.Process.kill):
                for process in family:
                    with suppress(psutil.NoSuchProcess):
                        end(process)
                _, family = psutil.wait_procs(family, timeout=10)
            self._process.wait()
        self._log.close()

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
