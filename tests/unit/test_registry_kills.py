"""Receiver, deliverer and MLflow's server are killed in turn: all is done, and done once."""

import random
import sqlite3
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mlflow
import pytest
from mlflow import MlflowClient, MlflowException
from mlflow.entities import LoggedModel

from course_utils.registry import Outbox
from tests.unit.mlflow_stores import mlflow_at
from tests.unit.registry_servers import (
    IMPATIENT,
    PROCESSES,
    SECRET,
    Adds,
    answers,
    database,
    free_port,
    receive,
    send,
    serve_mlflow,
    until,
)  # fmt: skip

KILLS = 50


class Group:
    """Processes that can be killed and started again."""

    def __init__(self) -> None:
        self._targets: dict[str, tuple[Callable[..., None], tuple[Any, ...]]] = {}
        self._running: dict[str, Any] = {}

    def start(self, name: str, target: Callable[..., None], *args: Any) -> None:
        self._targets[name] = target, args
        self._running[name] = PROCESSES.Process(target=target, args=args, daemon=True)
        self._running[name].start()

    def kill(self, name: str) -> None:
        process = self._running.pop(name)
        assert process.exitcode is None, f"{name} has ended by itself"
        process.kill()  # SIGKILL: nothing is tidied up
        process.join()

    def restart(self, name: str) -> None:
        target, args = self._targets[name]
        self.start(name, target, *args)

    def end(self) -> None:
        for name in list(self._running):
            self._running.pop(name).kill()


class Watch(threading.Thread):
    """Looks at the tags in the database all the time; keeps every verdict a version ever had."""

    def __init__(self, file: Path) -> None:
        super().__init__(daemon=True)
        self.verdicts: dict[int, set[str]] = defaultdict(set)
        self.done = threading.Event()
        self._file = file

    def run(self) -> None:
        with sqlite3.connect(self._file, timeout=60) as db:
            while not self.done.wait(0.01):
                rows = db.execute(
                    "SELECT version, value FROM model_version_tags WHERE key = 'check.verdict'"
                )
                for version, value in rows.fetchall():
                    self.verdicts[version].add(value)


@pytest.fixture
def group() -> Any:
    processes = Group()
    yield processes
    processes.end()


@pytest.mark.slow
def test_nothing_is_lost_and_nothing_is_handled_twice(
    group: Group, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in IMPATIENT.items():
        monkeypatch.setenv(name, value)
    chance = random.Random(42)
    database(tmp_path)
    port, receiver_port = free_port(), free_port()
    tracking, url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{receiver_port}/"
    group.start("server", serve_mlflow, tmp_path, port)
    until(lambda: answers(port))
    client = MlflowClient(tracking)
    client.create_registered_model("churn")
    # before the first version: MLflow looks for new webhooks every minute only
    client.create_webhook("check", url, ["model_version.created"], secret=SECRET)
    Outbox(tmp_path / "out.db", url, SECRET, client)
    model = _log_model(client, tracking)
    _create(client, model)
    client.set_registered_model_alias("churn", "champion", "1")
    group.start("receiver", receive, tmp_path, receiver_port, tracking)
    group.start("deliverer", send, tmp_path, url, tracking)
    until(lambda: answers(receiver_port))
    watch = Watch(tmp_path / "mlflow.db")
    watch.start()

    kills: Counter[str] = Counter()
    for number in range(KILLS):
        victim = ("receiver", "deliverer", "server")[number % 3]
        if victim != "receiver":
            _create(client, model)
        time.sleep(chance.uniform(0, 0.3))
        group.kill(victim)
        kills[victim] += 1
        if victim == "receiver":
            _create(client, model)  # MLflow finds nobody to send it to
        time.sleep(chance.uniform(0, 0.1))
        group.restart(victim)

    until(lambda: answers(port))
    made = {int(v.version) for v in client.search_model_versions("name = 'churn'")}
    until(lambda: set(watch.verdicts) >= made)
    until(lambda: not _open(tmp_path))
    watch.done.set()
    watch.join()
    assert set(watch.verdicts) == made  # nothing lost, nothing made up
    assert {len(values) for values in watch.verdicts.values()} == {1}  # nothing twice
    handled, sent, inbox = _tables(tmp_path)
    assert Counter(int(version) for version, _ in handled) == Counter(made)
    assert dict(handled) == {str(version): value for version, (value,) in watch.verdicts.items()}
    assert all("loss 1" in verdict for _, verdict in handled)
    assert {state for _, state in sent} == {"DELIVERED"}
    assert kills == {"receiver": 17, "deliverer": 17, "server": 16}
    direct = sum(id not in {id for id, _ in sent} for id, _ in inbox)
    print(f"{dict(kills)}; {len(made)} versions, {len(made) - direct} of them not told by MLflow")


def _log_model(client: MlflowClient, tracking: str) -> LoggedModel:
    experiment = client.create_experiment("models")
    with mlflow_at(tracking), mlflow.start_run(experiment_id=experiment):
        model = mlflow.pyfunc.log_model(name="m", python_model=Adds(1.0), pip_requirements=[])
    return client.get_logged_model(model.model_id)


def _create(client: MlflowClient, model: LoggedModel) -> None:
    """A new version, however often it has to be asked for."""
    end = time.monotonic() + 60
    while True:
        try:
            client.create_model_version("churn", model.artifact_location, model_id=model.model_id)
            return
        except MlflowException as error:
            assert time.monotonic() < end, error
            time.sleep(0.1)


def _tables(folder: Path) -> tuple[list[Any], list[Any], list[Any]]:
    with sqlite3.connect(folder / "in.db", timeout=60) as db:
        handled = db.execute("SELECT version, verdict FROM handled").fetchall()
        inbox = db.execute("SELECT id, state FROM inbox").fetchall()
    with sqlite3.connect(folder / "out.db", timeout=60) as db:
        sent = db.execute("SELECT id, state FROM deliveries").fetchall()
    return handled, sent, inbox


def _open(folder: Path) -> bool:
    _, sent, inbox = _tables(folder)
    return any(state == "PENDING" for _, state in sent) or any(s == "NEW" for _, s in inbox)
