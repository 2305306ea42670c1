"""Streams that are killed, servers that die, and requests that are none."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pandas as pd
import psutil
import pytest
from scipy.stats import binom

from course_utils import paths
from course_utils.deploy.client import ask, body_of, post, send
from course_utils.deploy.processes import Child, free_port
from course_utils.deploy.router import LARGEST, Router
from course_utils.deploy.serving import ModelServer, ServerHere
from course_utils.deploy.stream import start_stream
from course_utils.errors import CourseError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ROWS = pd.DataFrame({"x": [1.0]})
KILLS, SIGKILLS = 50, 3
FILES, IN_A_FILE = 60, 5
SCHEMA = "id INT, x DOUBLE"


def choose(user: str, shares: Any) -> str:
    place = int(sha256(user.encode()).hexdigest(), 16) % 100
    names = list(shares)
    return names[-1] if place < shares[names[-1]] else names[0]


class _Model(BaseHTTPRequestHandler):
    """Answers as MLflow's server does; what it does is said by the row."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "dataframe_split" not in body:
            return self._say(400, {"message": "Failed to predict data 'x\ny'. \nError: no\nrows"})
        x = body["dataframe_split"]["data"][0][0]
        if x == -1:
            return os.close(self.connection.detach())  # as a crash in the middle of a request
        time.sleep(max(x, 0) / 1000)
        return self._say(200, {"predictions": [x]})

    def _say(self, status: int, content: Any) -> None:
        told = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, format: str, *args: Any) -> None:
        pass


class _Models(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@pytest.fixture
def urls() -> Iterator[dict[str, str]]:
    servers = [_Models(("127.0.0.1", 0), _Model) for _ in range(2)]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    names = ("v1", "v2")
    yield {
        name: f"http://127.0.0.1:{server.server_address[1]}/invocations"
        for name, server in zip(names, servers, strict=True)
    }
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def router(urls: dict[str, str]) -> Iterator[Router]:
    with Router(urls, {"v1": 100}, choose) as made:
        yield made


# --- the router ---------------------------------------------------------------------------------


def test_shares_are_kept_and_users_stay_where_they_are(router: Router) -> None:
    users = [f"user {n}" for n in range(400)]
    before: set[str] = set()
    for share in (0, 10, 50, 100):
        router.split(v1=100 - share, v2=share)
        answers = send(router.url, ROWS, users)
        assert set(answers["status"]) == {200}
        new = set(answers.loc[answers["version"] == "v2", "user"])
        low, high = binom.interval(0.999, len(users), share / 100)
        assert low <= len(new) <= high
        assert before <= new  # nobody is sent back while the share grows
        before = new
    router.split(v1=90, v2=10)
    again = send(router.url, ROWS, users)
    assert 0 < (again["version"] == "v2").sum() < 100


def test_no_request_is_lost_while_a_version_is_replaced(
    router: Router, urls: dict[str, str]
) -> None:
    found: list[pd.DataFrame] = []
    slow = pd.DataFrame({"x": [20.0]})  # milliseconds
    users = [f"user {n}" for n in range(300)]
    load = threading.Thread(target=lambda: found.append(send(router.url, slow, users, 8)))
    load.start()
    time.sleep(0.2)
    router.split(v1=0, v2=100)
    router.drain("v1")
    old = router.answered["v1"]
    load.join()
    assert set(found[0]["status"]) == {200}
    # what it had begun is answered, and nothing came after
    assert 0 < old == (found[0]["version"] == "v1").sum() < len(users)


def test_a_version_with_a_share_is_not_drained(router: Router) -> None:
    with pytest.raises(CourseError, match="still gets 100 % of the users"):
        router.drain("v1")


def test_a_version_that_hangs_is_told(router: Router) -> None:
    slow = pd.DataFrame({"x": [3000.0]})
    threading.Thread(target=send, args=(router.url, slow, ["a user"]), daemon=True).start()
    time.sleep(0.3)
    router.split(v2=100)
    with pytest.raises(CourseError, match=r"v1 has 1 open requests after 0 s"):
        router.drain("v1", 0.1)


@pytest.mark.parametrize(
    ("shares", "why"),
    [
        ({"v1": 50, "v2": 40}, "add up to 100"),
        ({"v1": 99.5, "v2": 0.5}, "whole percents"),
        ({"v1": 110, "v2": -10}, "whole percents"),
        ({"v3": 100}, "no version 'v3'"),
    ],
)
def test_shares_that_are_none_change_nothing(
    router: Router, shares: dict[str, int], why: str
) -> None:
    with pytest.raises(CourseError, match=why) as error:
        router.split(**shares)
    assert "\n" not in str(error.value)
    assert send(router.url, ROWS, ["a"])["version"].tolist() == ["v1"]


def _raw(url: str, sent: bytes) -> tuple[int, str]:
    """Status and error of what is sent as it is."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), 10) as connection:
        connection.sendall(sent)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, json.loads(answer.read())["error"]


HEAD = b"POST /invocations HTTP/1.1\r\nHost: x\r\nX-User: a\r\n"


@pytest.mark.parametrize(
    ("sent", "status", "why"),
    [
        (b"nonsense\r\n\r\n", 400, "request"),
        (b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n", 501, "method"),
        (b"GET /invocations HTTP/1.1\r\nHost: x\r\n\r\n", 404, "POST rows"),
        (HEAD + b"\r\n", 411, "Content-Length"),
        (HEAD + b"Content-Length: -3\r\n\r\n", 411, "Content-Length"),
        (HEAD + b"Content-Length: 4\r\n\r\n[1]\n", 400, "no JSON object"),
        (HEAD + b"Content-Length: 9\r\n\r\n" + b"\xff" * 9, 400, "no JSON object"),
        (HEAD + b"Content-Length: 90000\r\n\r\n" + b"[" * 90000, 400, "no JSON object"),
        (HEAD + f"Content-Length: {LARGEST + 1}\r\n\r\n".encode(), 413, "at most 1,000,000"),
        (b"POST /invocations HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", 400, "X-User"),
        (HEAD.replace(b"invocations", b"other") + b"Content-Length: 2\r\n\r\n{}", 404, "POST rows"),
        (HEAD + b"Content-Length: 2\r\n\r\n{}", 400, "v1: no rows"),
    ],
)
def test_what_is_no_request_gets_one_line(
    router: Router, sent: bytes, status: int, why: str
) -> None:
    found, error = _raw(router.url, sent)
    assert (found, "\n" in error) == (status, False)
    assert why in error
    assert len(ask(router.url, ROWS, "a")) == 1  # it lives on


def test_a_client_that_goes_away_in_the_middle(router: Router) -> None:
    place = urlsplit(router.url)
    for _ in range(3):
        with socket.create_connection((place.hostname, place.port)) as connection:
            connection.sendall(HEAD + b"Content-Length: 500\r\n\r\n{")
    assert len(ask(router.url, ROWS, "a")) == 1


def test_a_version_that_dies_is_told_in_one_line(router: Router) -> None:
    with pytest.raises(CourseError, match=r"^503: v1 does not answer; try again later$"):
        ask(router.url, pd.DataFrame({"x": [-1.0]}), "a")
    router.add("gone", f"http://127.0.0.1:{free_port()}/invocations")
    router.split(gone=100)
    with pytest.raises(CourseError, match=r"^503: gone does not answer; try again later$"):
        ask(router.url, ROWS, "a")
    router.split(v2=100)
    assert len(ask(router.url, ROWS, "a")) == 1


def test_a_rule_that_fails_is_told_in_one_line(urls: dict[str, str]) -> None:
    def broken(user: str, shares: Any) -> str:
        raise KeyError(user)

    with Router(urls, {"v1": 100}, broken) as router:
        status, answer, _ = post(router.url, body_of(ROWS), "a")
    assert (status, json.loads(answer)["error"]) == (500, "no version for user 'a': KeyError")


def test_a_taken_port_is_told_in_one_line(router: Router, urls: dict[str, str]) -> None:
    port = urlsplit(router.url).port
    assert port
    for starts in (lambda: Router(urls, {"v1": 100}, choose, port), lambda: ModelServer("m", port)):
        with pytest.raises(CourseError, match=f"Port {port} cannot be had: .*in use"):
            starts()
    with pytest.raises(CourseError, match="Port 70000 cannot be had"):
        free_port(70000)


def test_after_its_end_a_router_answers_nobody(urls: dict[str, str]) -> None:
    with Router(urls, {"v1": 100}, choose) as router:
        pass
    with pytest.raises(CourseError, match="Nobody answers at"):
        ask(router.url, ROWS, "a")


# --- processes ----------------------------------------------------------------------------------

_SLEEPS = (
    "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(99)'])"
)


def _members(pid: int) -> list[psutil.Process]:
    """The guard, the process and what that has started, once they are all there."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        if len(family) == 3:
            return family
        time.sleep(0.02)
    raise AssertionError(f"{len(family)} processes")


@pytest.mark.parametrize("way", ["stop", "kill"])
def test_nothing_is_left_of_a_process(way: str) -> None:
    child = Child(["-c", _SLEEPS])
    family = _members(child.pid)
    getattr(child, way)()
    assert psutil.wait_procs(family, 10)[1] == []


def test_a_process_ends_when_its_starter_is_killed() -> None:
    code = f"""
import time
from course_utils.deploy.processes import Child
print(Child(["-c", {_SLEEPS!r}]).pid, flush=True)
time.sleep(99)
"""
    starter = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=paths.ROOT, text=True
    )
    assert starter.stdout
    family = _members(int(starter.stdout.readline()))
    starter.send_signal(signal.SIGKILL)
    starter.wait()
    starter.stdout.close()
    assert psutil.wait_procs(family, 20)[1] == []


def test_a_process_that_takes_too_long_is_killed() -> None:
    child = Child(["-c", "print('so far', flush=True); " + _SLEEPS])
    family = _members(child.pid)
    with pytest.raises(CourseError, match=r"not done within 0 s .* last line: so far"):
        child.wait(0.1)
    assert psutil.wait_procs(family, 10)[1] == []


# --- a server of MLflow -------------------------------------------------------------------------


@pytest.fixture
def model(tmp_path: Path) -> str:
    import mlflow.pyfunc
    from mlflow.models import infer_signature

    from tests.unit.registry_servers import Adds

    folder = tmp_path / "model"
    mlflow.pyfunc.save_model(
        folder,
        python_model=Adds(1.0),
        signature=infer_signature(ROWS, ROWS["x"].to_numpy()),
        pip_requirements=[],
        code_paths=[],
    )
    return str(folder)


def test_a_server_in_this_process_refuses_in_one_line_and_lives_on(model: str) -> None:
    server = ServerHere(model)
    assert ask(server.url, ROWS) == [2.0]
    with pytest.raises(CourseError, match=r"^400: .*missing inputs \['x'\]"):
        ask(server.url, ROWS.rename(columns={"x": "y"}))
    assert post(server.url, b"{")[0] == 400
    assert ask(server.url, ROWS) == [2.0]
    assert "_MLFLOW_IS_IN_SERVING_ENVIRONMENT" not in os.environ
    server.stop()


@pytest.mark.slow
def test_mlflow_serves_until_it_is_stopped_or_killed(model: str, tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="The model could not be served"):
        ModelServer(str(tmp_path / "none")).wait()
    with ModelServer(model) as server, Router({"v1": server.url}, {"v1": 100}, choose) as router:
        assert ask(router.url, ROWS, "a") == [2.0]
        with pytest.raises(CourseError, match=r"^400: v1: .*missing inputs \['x'\]"):
            ask(router.url, ROWS.rename(columns={"x": "y"}), "a")
        assert ask(router.url, ROWS, "a") == [2.0]
        server.kill()
        with pytest.raises(CourseError, match="503: v1 does not answer"):
            ask(router.url, ROWS, "a")


# --- a stream that is killed --------------------------------------------------------------------


@pytest.mark.slow
def test_no_row_is_lost_and_none_comes_twice(spark: "SparkSession", tmp_path: Path) -> None:
    """Fifty ends of a stream at random moments, on one checkpoint and one table.

    A SIGKILL of the stream's process and of its JVM costs a start of Spark, so three are that. The
    others cut the stream's thread inside the JVM of the tests, wherever it is; after every third
    of them the checkpoint forgets that the last batch was committed, which is the state that a
    kill leaves between the commit of the table and that of the checkpoint.
    """
    from pyspark.ml import PipelineModel

    chance = random.Random(22)
    inbox, table, checkpoint = (str(tmp_path / name) for name in ("inbox", "table", "checkpoint"))
    model = _model(spark, tmp_path)
    arrivals = threading.Thread(target=_arrive, args=(Path(inbox),))
    Path(inbox).mkdir()
    arrivals.start()

    for _ in range(SIGKILLS):
        with start_stream(model, SCHEMA, inbox, table, checkpoint) as child:
            _until_more(Path(table), child)
            time.sleep(chance.uniform(0, 0.5))
            assert child.alive
            child.kill()
    loaded, again = PipelineModel.load(model), 0
    for number in range(KILLS - SIGKILLS):
        query = _stream(spark, loaded, inbox, table, checkpoint)
        time.sleep(chance.uniform(0, 0.6))
        query.stop()
        if number % 3 == 0:
            again += _to_run_again(Path(checkpoint))
    arrivals.join()
    query = _stream(spark, loaded, inbox, table, checkpoint)
    query.processAllAvailable()
    query.stop()

    found = spark.read.format("delta").load(table).toPandas()
    assert sorted(found["id"]) == list(range(FILES * IN_A_FILE))
    assert (found["suggested"] == 2 * found["id"]).all()
    assert again >= 10
    print(f"{SIGKILLS} SIGKILLs, {KILLS - SIGKILLS} cuts, {again} batches that ran twice")


def _model(spark: "SparkSession", folder: Path) -> str:
    from pyspark.ml import Pipeline
    from pyspark.ml.feature import SQLTransformer

    doubled = SQLTransformer(statement="SELECT *, 2 * x AS suggested FROM __THIS__")
    model = Pipeline(stages=[doubled]).fit(spark.range(1).selectExpr("1.0 x"))
    model.write().overwrite().save(str(folder / "model"))
    return str(folder / "model")


def _arrive(inbox: Path) -> None:
    """Files that come one by one, each whole or not at all."""
    for number in range(FILES):
        ids = range(number * IN_A_FILE, (number + 1) * IN_A_FILE)
        waiting = inbox.parent / "waiting.json"
        waiting.write_text("\n".join(json.dumps({"id": id, "x": float(id)}) for id in ids))
        waiting.rename(inbox / f"{number:04}.json")
        time.sleep(0.3)


def _stream(spark: "SparkSession", model: Any, inbox: str, table: str, checkpoint: str) -> Any:
    arriving = spark.readStream.schema(SCHEMA).option("maxFilesPerTrigger", 1).json(inbox)
    priced = model.transform(arriving).select("id", "suggested")
    writer = priced.writeStream.format("delta").option("checkpointLocation", checkpoint)
    return writer.start(table)


def _until_more(table: Path, child: Child) -> None:
    """Return when the table has got a commit."""
    before = len(list(table.glob("_delta_log/*.json")))
    end = time.monotonic() + 90
    while len(list(table.glob("_delta_log/*.json"))) == before:
        assert child.alive and time.monotonic() < end, child.output()[-3:]
        time.sleep(0.02)


def _to_run_again(checkpoint: Path) -> int:
    """Have the last batch run again: it was cut off already, or its note is taken away."""
    commits = [path for path in (checkpoint / "commits").glob("[0-9]*") if path.name.isdecimal()]
    offsets = [path for path in (checkpoint / "offsets").glob("[0-9]*") if path.name.isdecimal()]
    if len(offsets) > len(commits):
        return 1
    if not commits:
        return 0
    last = max(commits, key=lambda path: int(path.name))
    last.unlink()
    last.with_name(f".{last.name}.crc").unlink(missing_ok=True)
    return 1
