"""What a receiver takes and refuses, what an outbox keeps, and what a check says."""

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import mlflow
import pandas as pd
import pytest
import requests
from mlflow import MlflowClient

from course_utils.registry import Approvals, ChampionCheck, Outbox, Receiver, RegistryError
from course_utils.registry.webhooks import ID, SIGNATURE, TIMESTAMP, Event, sign
from tests.unit.mlflow_stores import mlflow_at
from tests.unit.registry_servers import SECRET, Adds, largest, registry, until


@pytest.fixture
def client(tmp_path: Path) -> MlflowClient:
    return registry(tmp_path)


def _body(version: object = "1", name: object = "churn", action: str = "created") -> bytes:
    data = {"name": name, "version": version}
    fields = {"entity": "model_version", "action": action, "timestamp": "now", "data": data}
    return json.dumps(fields).encode()


def _post(
    url: str, body: bytes, delivery_id: str = "d1", age: float = 0, secret: str = SECRET,
    headers: dict[str, str] | None = None,
) -> requests.Response:  # fmt: skip
    stamp = str(int(time.time() - age))
    signed = {ID: delivery_id, TIMESTAMP: stamp, SIGNATURE: sign(secret, delivery_id, stamp, body)}
    return requests.post(url, data=body, headers=signed | (headers or {}), timeout=30)


def _tag(client: MlflowClient, version: int = 1) -> str | None:
    return client.get_model_version("churn", str(version)).tags.get("check.verdict")


# --- receiver ------------------------------------------------------------------------------------


def test_the_signature_is_mlflows() -> None:
    from mlflow.webhooks import constants, delivery

    body = _body()
    ours = sign(SECRET, "id", "123", body)
    assert ours == delivery._generate_hmac_signature(SECRET, "id", "123", body.decode())
    assert (ID, TIMESTAMP, SIGNATURE) == (
        constants.WEBHOOK_DELIVERY_ID_HEADER, constants.WEBHOOK_TIMESTAMP_HEADER,
        constants.WEBHOOK_SIGNATURE_HEADER,
    )  # fmt: skip


def test_only_what_is_signed_young_and_new_is_handled(client: MlflowClient, tmp_path: Path) -> None:
    seen: list[Event] = []
    with Receiver(tmp_path / "in.db", SECRET, lambda e: seen.append(e), client) as receiver:
        url = receiver.url
        assert url.startswith("http://127.0.0.1:")
        refused = [
            _post(url, _body(), secret="another"),
            _post(url, _body(), headers={SIGNATURE: ""}),
            _post(url, _body(), headers={SIGNATURE: "v1,ü".encode().decode("latin-1")}),
            _post(url, _body(), headers={ID: "d2"}),  # signed for another id
            _post(url, _body(), headers={TIMESTAMP: str(int(time.time()) + 1)}),
            _post(url, _body(), age=301),
            _post(url, _body(), age=-302),
            _post(url, _body(), delivery_id=""),
            requests.post(url, data=_body(), timeout=30),
        ]
        assert [answer.status_code for answer in refused] == [401] * len(refused)
        nonsense = [b"", b"{", b"[]", b"1", b"null", b'{"entity": 1}', b"\xff",
                    b'{"entity": "a", "action": "b", "data": 1}']  # fmt: skip
        assert {_post(url, body).status_code for body in nonsense} == {400}
        assert requests.post(url, data=b"x" * 1_000_001, timeout=30).status_code == 413
        assert requests.get(url, timeout=30).status_code == 501
        answers = [_post(url, _body(), delivery_id="d1", age=299 * (n == 0)) for n in range(3)]
        assert [answer.json()["status"] for answer in answers] == [
            "accepted", "duplicate", "duplicate",
        ]  # fmt: skip
        until(lambda: len(receiver.handled()) == 1)
    assert [event.delivery_id for event in seen] == ["d1"]
    assert seen[0].data == {"name": "churn", "version": "1"}


def test_a_version_is_handled_once_under_however_many_ids(
    client: MlflowClient, tmp_path: Path
) -> None:
    calls: list[str] = []

    def handle(event: Event) -> str:
        calls.append(event.data["version"])
        return f"verdict {len(calls)}"

    with Receiver(tmp_path / "in.db", SECRET, handle, client) as receiver:
        for delivery_id in ("a", "b", "c"):
            for version in ("1", "2"):
                _post(receiver.url, _body(version), delivery_id + version)
        until(lambda: _states(tmp_path / "in.db").count("DUPLICATE") == 4)
        until(lambda: receiver.handled().tagged.tolist() == [True, True])
    assert calls == ["1", "2"]
    assert [_tag(client, version) for version in (1, 2)] == ["verdict 1", "verdict 2"]


def _states(file: Path) -> list[str]:
    with sqlite3.connect(file, timeout=60) as db:
        return [state for (state,) in db.execute("SELECT state FROM inbox ORDER BY rowid")]


def test_odd_events_and_versions_that_are_gone_do_no_harm(
    client: MlflowClient, tmp_path: Path
) -> None:
    with Receiver(tmp_path / "in.db", SECRET, lambda e: "fine", client) as receiver:
        odd = [
            _body("9"),
            _body("1", "nope"),
            _body({"a": 1}),
            _body("1", None),
            _body(None, "a/b"),
        ]
        for number, body in enumerate(odd):
            _post(receiver.url, body, f"odd{number}")
        _post(receiver.url, _body({"a": 1}, ["x"], "odd"), "other")
        _post(receiver.url, _body("3"), "last")
        until(lambda: _tag(client, 3) == "fine")
        until(lambda: receiver.handled().tagged.all())
    assert _states(tmp_path / "in.db") == ["GONE"] * 5 + ["HANDLED"] * 2


def test_a_handler_that_raises_is_tried_again_and_then_told(
    client: MlflowClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course_utils.registry.receiver._PAUSES", (0.01, 0.02, 0.03))
    calls: list[str] = []

    def handle(event: Event) -> str:
        calls.append(event.data["version"])
        if event.data["version"] == "1" or len(calls) < 3:
            raise ValueError("no such column\nand more")
        return "fine"

    with Receiver(tmp_path / "in.db", SECRET, handle, client) as receiver:
        _post(receiver.url, _body("2"), "b")
        until(lambda: _tag(client, 2) == "fine")
        _post(receiver.url, _body("1"), "a")
        until(lambda: _tag(client, 1) is not None)
    assert _tag(client, 1) == "failed: ValueError: no such column"
    assert calls == ["2"] * 3 + ["1"] * 4


def test_while_mlflow_is_away_nothing_is_judged(
    client: MlflowClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course_utils.registry.receiver._AWAY", 0.01)
    calls: list[str] = []
    away = threading.Event()
    away.set()
    get, search, tag = (
        client.get_model_version, client.search_registered_models, client.set_model_version_tag,
    )  # fmt: skip

    def unless_away(call: Callable[..., Any]) -> Callable[..., Any]:
        def tried(*args: Any, **kwargs: Any) -> Any:
            if away.is_set():
                calls.append(call.__name__)
                raise mlflow.MlflowException("API request failed")
            return call(*args, **kwargs)

        return tried

    monkeypatch.setattr(client, "search_registered_models", unless_away(search))
    monkeypatch.setattr(client, "set_model_version_tag", unless_away(tag))

    def handle(event: Event) -> str:
        if away.is_set():
            raise ConnectionError("no server")
        return "fine"

    with Receiver(tmp_path / "in.db", SECRET, handle, client) as receiver:
        _post(receiver.url, _body("1"), "a")
        until(lambda: calls.count("search_registered_models") > 6)
        monkeypatch.setattr(client, "get_model_version", unless_away(get))
        until(lambda: calls.count("get_model_version") > 3)
        assert receiver.handled().empty
        away.clear()
        until(lambda: _tag(client) == "fine")


def test_what_was_received_is_handled_after_a_restart(client: MlflowClient, tmp_path: Path) -> None:
    gate = threading.Event()

    def never(event: Event) -> str:
        gate.wait(60)
        raise OSError("cut off")

    with Receiver(tmp_path / "in.db", SECRET, never, client) as receiver:
        _post(receiver.url, _body("1"), "a")
        gate.set()
    with Receiver(tmp_path / "in.db", SECRET, lambda e: "fine", client) as receiver:
        until(lambda: _tag(client) == "fine")
        assert _post(receiver.url, _body("1"), "a").json()["status"] == "duplicate"


@pytest.mark.parametrize(
    ("change", "match"),
    [({"secret": ""}, "secret has to be a text"), ({"secret": None}, "secret has to be a text"),
     ({"handle": "x"}, "has to be a function"), ({"port": 99999}, "cannot be listened on"),
     ({"port": "x"}, "cannot be listened on")],
)  # fmt: skip
def test_a_receiver_says_what_it_cannot_work_with(
    client: MlflowClient, tmp_path: Path, change: dict[str, Any], match: str
) -> None:
    given: dict[str, Any] = {"file": tmp_path / "in.db", "secret": SECRET, "handle": print}
    with pytest.raises(RegistryError, match=match):
        Receiver(**given | {"client": client} | change)


def test_a_port_that_is_taken_is_told(client: MlflowClient, tmp_path: Path) -> None:
    with Receiver(tmp_path / "in.db", SECRET, lambda e: None, client) as receiver:
        port = int(receiver.url.split(":")[2].strip("/"))
        with pytest.raises(RegistryError, match="cannot be listened on"):
            Receiver(tmp_path / "in2.db", SECRET, lambda e: None, client, port)


# --- outbox --------------------------------------------------------------------------------------


class Clock:
    """Time that passes when a test says so."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = 1_000_000.0
        fake = SimpleNamespace(time=lambda: self.now, sleep=time.sleep)
        patch.setattr("course_utils.registry.outbox.time", fake)


@contextmanager
def _taker(*statuses: int) -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """A server that answers with these, then with 200; its address, and what it was sent."""
    got: list[tuple[str, bytes]] = []
    left = list(statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((self.headers[ID], self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(left.pop(0) if left else 200)
            self.send_header("Location", "/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", got
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_each_new_version_is_delivered_once(client: MlflowClient, tmp_path: Path) -> None:
    with _taker() as (url, got):
        outbox = Outbox(tmp_path / "out.db", url, SECRET, client)
        assert (outbox.collect(), outbox.deliver()) == (0, 0)  # the three versions are older
        for _ in range(2):
            client.create_model_version("churn", "here", tags={"team": "sales"}, description="new")
        assert (outbox.collect(), outbox.collect()) == (2, 0)
        again = Outbox(tmp_path / "out.db", url, SECRET, client)
        assert (again.collect(), again.deliver(), outbox.deliver()) == (0, 2, 0)
    assert outbox.deliveries().state.tolist() == ["DELIVERED"] * 2
    assert [id for id, _ in got] == outbox.deliveries().id.tolist()
    body = json.loads(got[0][1])
    assert body["data"] == {
        "name": "churn", "version": "4", "source": "here", "run_id": None,
        "tags": {"team": "sales"}, "description": "new",
    }  # fmt: skip


def test_decisions_are_events_too(client: MlflowClient, tmp_path: Path) -> None:
    approvals = Approvals(client)
    approvals.request("churn", 1, by="ann", comment="before the outbox")
    with _taker() as (url, got):
        outbox = Outbox(tmp_path / "out.db", url, SECRET, client)
        approvals.approve("churn/1", by="bob")
        asked = approvals.request("churn", 2, by="ann", comment="better")
        assert outbox.collect() == 2
        approvals.reject(asked.id, by="bob", comment="no")
        third = approvals.request("churn", 3, by="ann", comment="best")
        approvals.approve(third.id, by="bob")
        approvals.roll_back("churn", by="cem", comment="bad")
        assert (outbox.collect(), outbox.collect(), outbox.deliver()) == (4, 0, 6)
    assert outbox.deliveries().event.tolist() == [
        f"transition_request.{action}"
        for action in ("approved", "created", "rejected", "created", "approved", "rolled_back")
    ]
    assert json.loads(got[2][1])["data"] == {
        "name": "churn", "version": "2", "alias": "champion", "request_id": asked.id,
        "user_id": "bob", "comment": "no",
    }  # fmt: skip


def test_pauses_grow_until_a_letter_is_dead(
    client: MlflowClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    with _taker(503, 302, 404, 500) as (url, got):
        outbox = Outbox(tmp_path / "out.db", url, SECRET, client, pauses=(1, 10, 100))
        client.create_model_version("churn", "here")
        outbox.collect()
        tried: list[int] = []
        for second in range(200):
            outbox.deliver()
            if len(got) > len(tried):
                tried.append(second)
            clock.now += 1
        assert tried == [0, 1, 11, 111]
        (letter,) = outbox.dead_letters().itertuples()
        assert (letter.attempts, letter.error, letter.state) == (4, "status 500", "DEAD")
        outbox.redeliver(str(letter.id))
        assert outbox.dead_letters().empty
        assert outbox.deliver() == 1
        outbox.redeliver(str(letter.id))  # what was taken can be sent again, under the same id
        assert outbox.deliver() == 1
        assert {id for id, _ in got} == {letter.id}
        assert len({body for _, body in got}) == 1
    assert outbox.deliveries().state.tolist() == ["DELIVERED"]


def test_an_attempt_that_was_cut_off_is_used_up(
    client: MlflowClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    outbox = Outbox(tmp_path / "out.db", "http://127.0.0.1:9", SECRET, client, pauses=(1,))
    client.create_model_version("churn", "here")
    outbox.collect()

    def killed(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(outbox._http, "post", killed)
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                outbox.deliver()
            clock.now += 20
    assert outbox.deliver() == 0
    assert outbox.dead_letters().attempts.tolist() == [2]


def test_a_receiver_that_is_away_costs_nothing_but_time(
    client: MlflowClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    outbox = Outbox(tmp_path / "out.db", "http://127.0.0.1:9", SECRET, client)
    client.create_model_version("churn", "here")
    outbox.collect()
    assert outbox.deliver() == 0
    assert outbox.deliveries().error[0].startswith("ConnectionError")
    with _taker() as (url, _):
        outbox = Outbox(tmp_path / "out.db", url, SECRET, client)
        assert outbox.deliver() == 0  # its time has not come
        clock.now += 2
        assert outbox.deliver() == 1


@pytest.mark.parametrize(
    ("change", "match"),
    [({"url": "ftp://x"}, "address such as"), ({"url": "x"}, "address such as"),
     ({"url": None}, "url has to be a text"), ({"secret": " "}, "secret has to be a text"),
     ({"pauses": ()}, "list of seconds"), ({"pauses": (1, -1)}, "list of seconds"),
     ({"pauses": ("1",)}, "list of seconds")],
)  # fmt: skip
def test_an_outbox_says_what_it_cannot_work_with(
    client: MlflowClient, tmp_path: Path, change: dict[str, Any], match: str
) -> None:
    given: dict[str, Any] = {"file": tmp_path / "o.db", "url": "http://127.0.0.1:9"}
    with pytest.raises(RegistryError, match=match):
        Outbox(**given | {"secret": SECRET, "client": client} | change)


def test_an_unknown_delivery_is_told(client: MlflowClient, tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "out.db", "http://127.0.0.1:9", SECRET, client)
    with pytest.raises(RegistryError, match="no delivery 'x': see deliveries"):
        outbox.redeliver("x")


def test_an_outbox_begun_by_a_killed_process_begins_again(
    client: MlflowClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(client, "search_model_versions", killed)
        with pytest.raises(KeyboardInterrupt):
            Outbox(tmp_path / "out.db", "http://127.0.0.1:9", SECRET, client)
    outbox = Outbox(tmp_path / "out.db", "http://127.0.0.1:9", SECRET, client)
    assert outbox.collect() == 0


# --- check ---------------------------------------------------------------------------------------


@pytest.fixture
def models(
    client: MlflowClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[MlflowClient]:
    """Versions 4, 5, 6 of churn: off by 1, by 2, and by something that is no number."""
    monkeypatch.chdir(tmp_path)
    for number, shift in enumerate((1.0, 2.0, float("nan"))):
        folder = tmp_path / f"model{number}"
        mlflow.pyfunc.save_model(folder, python_model=Adds(shift), pip_requirements=[])
        client.create_model_version("churn", str(folder))
    with mlflow_at(client.tracking_uri):
        yield client


def test_a_new_version_is_compared_with_the_champion(models: MlflowClient, tmp_path: Path) -> None:
    batch = pd.DataFrame({"x": [1.0, 2.0, 3.0]})
    check = ChampionCheck(batch, batch["x"], largest)

    def verdict(version: int) -> str | None:
        return check(Event.from_body("id", _body(str(version))))

    assert verdict(4) == "first: loss 1, and no other version is champion"
    models.set_registered_model_alias("churn", "champion", "5")
    assert verdict(4) == "better: loss 1 against 2 of version 5"
    assert verdict(5) == "first: loss 2, and no other version is champion"
    models.set_registered_model_alias("churn", "champion", "4")
    assert verdict(5) == "not better: loss 2 against 1 of version 4"
    with pytest.raises(RegistryError, match="loss of version 6 is nan"):
        verdict(6)
    assert check(Event.from_body("id", _body("4", action="odd"))) is None


@pytest.mark.parametrize(
    ("batch", "labels", "loss"),
    [(pd.DataFrame({"x": [1.0]}), [1.0, 2.0], largest), (pd.DataFrame(), [], largest),
     (pd.DataFrame({"x": [1.0]}), [1.0], "rmse"), (None, None, largest)],
)  # fmt: skip
def test_a_check_says_what_it_needs(batch: Any, labels: Any, loss: Any) -> None:
    with pytest.raises(RegistryError, match="A check needs rows"):
        ChampionCheck(batch, labels, loss)
