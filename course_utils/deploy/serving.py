"""A model behind MLflow's scoring server: in a process of its own, or inside this one."""

import os
import socket
import sys
import threading
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from course_utils.deploy.processes import Child, free_port
from course_utils.errors import CourseError

_PATIENCE = 180.0  # seconds until a server must answer


class ModelServer:
    """`mlflow models serve` on loopback; a context manager that stops it.

    Args:
        model: URI or folder of the model.
        port: 0 takes a free one.
        environment: variables besides those of this process.

    Raises:
        CourseError: the port is taken.
    """

    def __init__(
        self, model: str, port: int = 0, environment: Mapping[str, str] | None = None
    ) -> None:
        port = free_port(port)
        self.url = f"http://127.0.0.1:{port}/invocations"
        self._ping = f"http://127.0.0.1:{port}/ping"
        command = ["-m", "mlflow", "models", "serve", "--model-uri", model]
        command += ["--env-manager", "local", "--host", "127.0.0.1", "--port", str(port)]
        # MLflow calls the program uvicorn, which is where this Python is
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        own = {"PATH": path, "MLFLOW_DISABLE_TELEMETRY": "true"}
        self._child = Child(command, own | dict(environment or {}))

    def wait(self) -> "ModelServer":
        """Return when it answers.

        Raises:
            CourseError: it does not; the line has the last word of its log.
        """
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline and self._child.alive:
            if _answers(self._ping):
                return self
            time.sleep(0.1)
        last = (self._child.output() or ["no output"])[-1]
        self.stop()
        raise CourseError(
            f"The model could not be served: {last[:200]}. Look whether "
            "mlflow.pyfunc.load_model() loads it here."
        )

    def stop(self) -> None:
        """End it; it answers the requests that it has first."""
        self._child.stop()

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self._child.kill()

    def __enter__(self) -> "ModelServer":
        return self.wait()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class ServerHere:
    """The same scoring server in a thread of this process: ready at once, gone with it.

    Args:
        model: a model that `mlflow.pyfunc.load_model` returned, or its folder.
    """

    def __init__(self, model: Any) -> None:
        import mlflow.pyfunc
        import uvicorn
        from mlflow.pyfunc import scoring_server

        loaded = model if hasattr(model, "metadata") else mlflow.pyfunc.load_model(str(model))
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}/invocations"
        app = scoring_server.init(loaded)
        os.environ.pop("_MLFLOW_IS_IN_SERVING_ENVIRONMENT", None)  # this process does more
        config = uvicorn.Config(app, log_config=None, lifespan="off")
        self._server = uvicorn.Server(config)
        run = threading.Thread(target=self._server.run, args=([listener],), daemon=True)
        run.start()
        while run.is_alive() and not self._server.started:
            time.sleep(0.005)

    def stop(self) -> None:
        """End it."""
        self._server.should_exit = True


def _answers(url: str) -> bool:
    # A proxy for the world outside has nothing to say about this machine.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        direct.open(url, timeout=5).close()
        return True
    except OSError:
        return False
