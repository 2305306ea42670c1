"""Feature specs behind an address of this machine: keys come in, features go out, as JSON."""

import getpass
import hmac
import json
import math
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import time
from typing import Any

from course_utils.errors import CourseError
from course_utils.features.functions import Function
from course_utils.features.serving import Lookups
from course_utils.features.spec import FeatureSpec

_LARGEST = 16 * 2**20  # bytes of a request
Answer = Callable[[Any], list[dict[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class ServedEntity:
    """Which feature spec an endpoint serves. Sizes are the platform's and mean nothing here."""

    feature_spec_name: str
    name: str = ""
    workload_size: str = "Small"
    scale_to_zero_enabled: bool = True
    instance_profile_arn: str | None = None


@dataclass(frozen=True, kw_only=True)
class EndpointCoreConfig:
    """What an endpoint serves."""

    served_entities: ServedEntity


class FeatureServingEndpoint:
    """A server in this process, on 127.0.0.1; it ends with the process, or with `stop`.

    It takes POST requests with `{"dataframe_records": [{column: value}, …]}` and the header
    `Authorization: Bearer <token>`, and answers `{"outputs": [{feature: value}, …]}`.

    Attributes:
        name: what it is called by.
        creator: who started it.
        creation_time_millis: when, in milliseconds since 1970.
        url: where it takes requests.
        token: what a request has to show.
        state: "READY".
    """

    state = "READY"

    def __init__(self, name: str, answer: Answer) -> None:
        if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?", name):
            raise CourseError(
                f"{name!r} cannot name an endpoint. Use letters, digits and - between them."
            )
        self.name, self.creator = name, getpass.getuser()
        self.creation_time_millis = round(time() * 1000)
        self.token = secrets.token_urlsafe(24)
        self._server = _Server(("127.0.0.1", 0), _Handler)
        path = f"/serving-endpoints/{name}/invocations"
        self._server.path, self._server.token, self._server.answer = path, self.token, answer
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}{path}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


def answering(spec: FeatureSpec, functions: Mapping[str, Function], online: str) -> Answer:
    """What turns the body of a request into the features of its rows.

    Raises:
        CourseError: by what is returned, where a request is not what it should be, or a table is
            not published.
    """
    lookups = Lookups(spec, functions, online)

    def answer(body: Any) -> list[dict[str, Any]]:
        rows = body.get("dataframe_records") if isinstance(body, dict) else None
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise CourseError(
                'The request is none. Send {"dataframe_records": [{column: value}, …]}.'
            )
        names = dict.fromkeys(name for row in rows for name in row)
        given = {name: [row.get(name) for row in rows] for name in names}
        found = lookups.complete(given, len(rows))
        return [
            {name: found[name][place] for name in spec.model_columns} for place in range(len(rows))
        ]

    return answer


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    path: str
    token: str
    answer: Answer


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        status, content = self._answer()
        text = json.dumps(_plain(content), default=str).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _answer(self) -> tuple[int, dict[str, Any]]:
        given = self.headers.get("Authorization", "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, f"Bearer {self.server.token}".encode()):
            return 401, {"message": "Send the token: Authorization: Bearer <endpoint.token>."}
        if self.path != self.server.path:
            return 404, {"message": f"There is nothing at {self.path}."}
        try:
            size = int(self.headers.get("Content-Length", ""))
            if not 0 <= size <= _LARGEST:
                raise ValueError
            body = json.loads(self.rfile.read(size))
        except ValueError:
            return 400, {"message": f"The body is no JSON, or over {_LARGEST:,} bytes."}
        try:
            return 200, {"outputs": self.server.answer(body)}
        except CourseError as error:
            return 400, {"message": str(error)}
        except Exception as error:  # of a function of the user's
            return 500, {"message": f"{type(error).__name__}: {error}".splitlines()[0]}

    def log_message(self, *_: object) -> None:
        """Nothing: the process that serves is a person's notebook."""


def _plain(value: Any) -> Any:
    """The same without what JSON has no word for: NaN and infinities become null."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
