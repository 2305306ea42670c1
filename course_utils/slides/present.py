"""Shows slides to a browser on this machine: a server that only reads, on the loopback."""

import http.server
import secrets
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from pathlib import Path

from course_utils.errors import CourseError

_TRIES = 50  # ports, from the one that is asked for


class _Reader(http.server.SimpleHTTPRequestHandler):
    """Serves the files of one folder to those who know the secret in the address."""

    def __init__(self, *args: object, secret: str, **kwargs: object) -> None:
        self._secret = secret
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        if self._may():
            super().do_GET()

    def do_HEAD(self) -> None:
        if self._may():
            super().do_HEAD()

    def _may(self) -> bool:
        prefix = f"/{self._secret}/"
        # A page of another site can't name this server and still be answered
        host = (self.headers.get("Host") or "").partition(":")[0]
        if host not in ("127.0.0.1", "localhost") or not self.path.startswith(prefix):
            self.send_error(HTTPStatus.NOT_FOUND)
            return False
        self.path = self.path[len(prefix) - 1 :]
        return True

    def list_directory(self, path: object) -> None:
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")  # or yesterday's slides would be shown
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the terminal is the speaker's."""


def server(folder: Path, port: int) -> tuple[http.server.ThreadingHTTPServer, str]:
    """A server of `folder` that is bound but does not run yet, and its address, ending with "/".

    Args:
        folder: what it serves; nothing in it is ever changed.
        port: the first port to try; a taken one gives the next free one.

    Raises:
        CourseError: no port is free.
    """
    secret = secrets.token_urlsafe(18)
    handler = partial(_Reader, directory=str(folder), secret=secret)
    for each in range(port, min(port + _TRIES, 65536)):
        with suppress(OSError):
            found = _Server(("127.0.0.1", each), handler)
            return found, f"http://127.0.0.1:{each}/{secret}/"
    raise CourseError(f"No port from {port} on is free: give another one with --port.")


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_port = False  # with it, a port that is taken would not be noticed


def present(page: Path, port: int, opened: Callable[[str], object]) -> None:
    """Serve the slides at `page` until Ctrl-C.

    Args:
        page: the page to begin with; its folder is served.
        port: the first port to try.
        opened: gets the address once it answers, such as `webbrowser.open`.

    Raises:
        CourseError: no port is free.
    """
    running, address = server(page.parent, port)
    with running:
        print(
            f"The slides are at\n  {address}{page.name}\n"
            "S opens the speaker's window, T changes light and dark, Esc shows all slides. "
            "Ctrl-C stops it.",
            flush=True,
        )
        opened(address + page.name)
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            print("\nStopped.")
