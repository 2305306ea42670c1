"""One address for several versions of a model, with a share of the users for each."""

import http.client
import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from course_utils.deploy.client import USER, VERSION, one_line
from course_utils.deploy.processes import free_port
from course_utils.errors import CourseError

Shares = Mapping[str, int]
Choose = Callable[[str, Shares], str]

LARGEST = 1_000_000  # bytes of a request
_THROWN = 32_000_000  # bytes that are read of one that is larger
_PATIENCE = 30.0  # seconds for a version to answer, or for a client to send


class Router:
    """Passes each request to one version of a model; listens on loopback in a thread.

    A request is a POST to /invocations with the header X-User. What cannot be answered gets a
    status and one line, `{"error": …}`, and the router goes on.

    Args:
        versions: name -> URL of its server.
        shares: name -> percent of the users; together 100.
        choose: (user, shares) -> the version for this user.
        port: 0 takes a free one.

    Raises:
        CourseError: the port is taken, or the shares are none.
    """

    def __init__(
        self, versions: Mapping[str, str], shares: Shares, choose: Choose, port: int = 0
    ) -> None:
        self._versions = dict(versions)
        self._choose = choose
        self._change = threading.Condition()
        self._shares: dict[str, int] = {}
        self._open: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()
        """Version -> requests that it has answered with a prediction."""
        self.split(**shares)
        self._server = _Server(("127.0.0.1", free_port(port)), _Handler)
        self._server.router = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/invocations"
        """Where it listens."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def add(self, version: str, url: str) -> None:
        """Make a version known; it gets no user before `split` gives it a share."""
        with self._change:
            self._versions[version] = url

    def split(self, **shares: int) -> None:
        """Give each version its percent of the users, for all requests from now on.

        Raises:
            CourseError: a version is unknown, or the shares are not whole numbers that add up to
                100; the old ones stay.
        """
        with self._change:
            if unknown := [name for name in shares if name not in self._versions]:
                raise CourseError(
                    f"There is no version {unknown[0]!r}; there are {', '.join(self._versions)}. "
                    "add() makes one known."
                )
            whole = all(isinstance(s, int) and s >= 0 for s in shares.values())
            if not whole or sum(shares.values()) != 100:
                raise CourseError(
                    f"The shares {shares} are not whole percents that add up to 100: give each "
                    "version its part."
                )
            self._shares = {name: shares.get(name, 0) for name in self._versions}

    def drain(self, version: str, patience: float = _PATIENCE) -> None:
        """Return when a version without a share has answered its last request.

        Raises:
            CourseError: it still has a share, or requests after `patience` seconds.
        """
        with self._change:
            if self._shares.get(version):
                raise CourseError(
                    f"{version} still gets {self._shares[version]} % of the users: split() the "
                    "traffic among the others first."
                )
            if not self._change.wait_for(lambda: not self._open[version], patience):
                raise CourseError(
                    f"{version} has {self._open[version]} open requests after {patience:.0f} s: "
                    "wait on, or stop it and lose them."
                )

    def stop(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> "Router":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def answer(self, user: str, body: bytes) -> tuple[int, bytes, str]:
        """Status, answer and version for one request."""
        try:
            # Chosen and counted in one step, so that drain() misses none
            with self._change:
                version = self._choose(user, self._shares)
                url = self._versions[version]
                self._open[version] += 1
        except Exception as error:
            return 500, _error(f"no version for user {user[:40]!r}: {type(error).__name__}"), ""
        try:
            status, answer = _forward(url, body)
            if status != 200:
                return status, _error(f"{version}: {one_line(answer)}"), version
            with self._change:
                self.answered[version] += 1
            return status, answer, version
        except TimeoutError:
            return 504, _error(f"{version} took longer than {_PATIENCE:.0f} s"), version
        except (OSError, http.client.HTTPException):
            return 503, _error(f"{version} does not answer; try again later"), version
        finally:
            with self._change:
                self._open[version] -= 1
                self._change.notify_all()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    router: Router

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # a client that went away


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE
    disable_nagle_algorithm = True  # else the body of an answer waits for the client

    def do_GET(self) -> None:
        if self.path == "/ping":
            self._say(200, b"{}")
        else:
            self._say(404, _error("POST rows to /invocations"))

    def do_POST(self) -> None:
        body = self._body()
        if body is None:
            return
        user = self.headers.get(USER, "").strip()
        if self.path != "/invocations":
            self._say(404, _error("POST rows to /invocations"))
        elif not user:
            self._say(400, _error(f"nobody asks: send the header {USER}"))
        elif not _is_object(body):
            self._say(400, _error("the body is no JSON object"))
        else:
            status, answer, version = self.server.router.answer(user, body)
            self._say(status, answer, version)

    def _body(self) -> bytes | None:
        """The whole body; None when the request has been answered or is no more."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            self.close_connection = True
            self._say(411, _error("the header Content-Length is missing, or no number"))
        elif int(length) > LARGEST:
            self.close_connection = True
            self._say(413, _error(f"{int(length):,} bytes; at most {LARGEST:,} in one request"))
            self._throw_away(min(int(length), _THROWN))  # a client that still sends reads no answer
        else:
            body = self.rfile.read(int(length))
            if len(body) == int(length):
                return body
            self.close_connection = True
        return None

    def _throw_away(self, length: int) -> None:
        while length > 0 and (part := self.rfile.read(min(length, 65536))):
            length -= len(part)

    def _say(self, status: int, content: bytes, version: str = "") -> None:
        with suppress(OSError):  # the client has gone
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            if version:
                self.send_header(VERSION, version)
            self.end_headers()
            self.wfile.write(content)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What http.server itself refuses: a malformed request line, an unknown method."""
        self.close_connection = True
        self.request_version = self.protocol_version  # what came may be of none
        self._say(code, _error(message or "no valid HTTP request"))

    def log_message(self, format: str, *args: Any) -> None:
        pass


def _forward(url: str, body: bytes) -> tuple[int, bytes]:
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.netloc, timeout=_PATIENCE)
    try:
        connection.request("POST", place.path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _is_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False


def _error(line: str) -> bytes:
    return json.dumps({"error": line}).encode()
