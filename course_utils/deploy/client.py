"""Asks a model behind HTTP, one request or many at once."""

import http.client
import json
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from course_utils.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd

USER, VERSION = "X-User", "X-Version"
_PATIENCE = 60.0  # seconds


def ask(url: str, rows: "pd.DataFrame", user: str = "") -> list[float]:
    """The predictions for some rows.

    Args:
        url: of a model server or a router, http://127.0.0.1:port/invocations.
        rows: as a pandas frame; missing values go as null.
        user: who asks; a router needs it.

    Raises:
        CourseError: the request was refused, or nobody answers; one line says why.
    """
    status, answer, _ = post(url, body_of(rows), user)
    if status != 200:
        raise CourseError(f"{status}: {one_line(answer)}")
    return json.loads(answer)["predictions"]


def send(url: str, rows: "pd.DataFrame", users: Iterable[str], at_once: int = 4) -> "pd.DataFrame":
    """One request with the first row for each user, some at once.

    Returns:
        A row per request, in the order of `users`: user, version, status and seconds. A request
        that nobody answered has status 0.
    """
    import pandas as pd

    body = body_of(rows.head(1))

    def one(user: str) -> tuple[str, str, int, float]:
        begin = time.perf_counter()
        try:
            status, _, version = post(url, body, user)
        except CourseError:
            status, version = 0, ""
        return user, version, status, time.perf_counter() - begin

    with ThreadPoolExecutor(at_once) as pool:
        answers = list(pool.map(one, users))
    return pd.DataFrame(answers, columns=["user", "version", "status", "seconds"])


def body_of(rows: "pd.DataFrame") -> bytes:
    """The JSON that MLflow's scoring server takes."""
    return json.dumps({"dataframe_split": json.loads(rows.to_json(orient="split"))}).encode()


def post(url: str, body: bytes, user: str = "") -> tuple[int, bytes, str]:
    """Status, answer, and the version that gave it ("" where no router says so).

    Raises:
        CourseError: nobody answers there.
    """
    place = urlsplit(url)
    headers = {"Content-Type": "application/json"} | ({USER: user} if user else {})
    connection = http.client.HTTPConnection(place.netloc, timeout=_PATIENCE)
    try:
        connection.request("POST", place.path or "/", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers.get(VERSION, "")
    except (OSError, http.client.HTTPException) as error:
        raise CourseError(
            f"Nobody answers at {url}: {type(error).__name__}. Start the server, then ask again."
        ) from None
    finally:
        connection.close()


def one_line(answer: bytes) -> str:
    """Why a server refused, out of what it answered."""
    text = answer.decode(errors="replace")
    try:
        found: Any = json.loads(text)
        text = str(found.get("message") or found.get("error") or text)
    except (ValueError, AttributeError):
        pass
    # MLflow repeats all of the rows before it comes to the reason
    return " ".join(text.rpartition("Error: ")[2].split())[:200]
