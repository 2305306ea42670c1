"""A model behind MLflow's own scoring server, on this machine only."""

import json
import urllib.error
import urllib.request
from types import TracebackType
from typing import Any

from course_utils.deploy.serving import ModelServer
from course_utils.errors import CourseError


class Server:
    """MLflow's scoring server in a process of its own, listening on 127.0.0.1.

    It ends with the process that started it, however that one ends.

    Args:
        model: URI of the model.
        tracking_uri: where MLflow finds it.
        port: 0 takes a free one.

    Raises:
        CourseError: the port is taken, or it did not start.
    """

    def __init__(self, model: str, tracking_uri: str, port: int) -> None:
        self._server = ModelServer(model, port, {"MLFLOW_TRACKING_URI": tracking_uri}).wait()
        self.url = self._server.url

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
        self._server.stop()

    def __enter__(self) -> "Server":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
