"""Requests, decisions and roll-backs: who may do what, what the log keeps, and what it shows."""

import json
import os
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient

from course_utils.errors import CourseError
from course_utils.registry import Approvals, RegistryError
from course_utils.registry.log import HEAD, Entry
from tests.unit.registry_servers import PROCESSES, registry


@pytest.fixture
def client(tmp_path: Path) -> MlflowClient:
    return registry(tmp_path)


@pytest.fixture
def approvals(client: MlflowClient) -> Approvals:
    return Approvals(client)


def _holder(client: MlflowClient, alias: str = "champion") -> int | None:
    version = client.get_registered_model("churn").aliases.get(alias)
    return None if version is None else int(version)


def _promote(approvals: Approvals, version: int, alias: str = "champion") -> str:
    asked = approvals.request("churn", version, alias, by="ann", comment=f"better: {version}")
    return approvals.approve(asked.id, by="bob", comment="fine").id


NONE: Any = None


def _unchanged(client: MlflowClient, call: Callable[[], Any], match: str) -> None:
    before = Approvals(client).history("churn"), client.get_registered_model("churn")
    with pytest.raises(RegistryError, match=match) as raised:
        call()
    assert "\n" not in str(raised.value)
    after = Approvals(client).history("churn"), client.get_registered_model("churn")
    assert before[0].equals(after[0])
    assert (before[1].aliases, before[1].tags) == (after[1].aliases, after[1].tags)


def test_a_request_is_approved_and_rolled_back(client: MlflowClient, approvals: Approvals) -> None:
    _promote(approvals, 1)
    asked = approvals.request("churn", "2", by="ann", comment="lower loss")
    assert (asked.state, asked.former, _holder(client)) == ("PENDING", 1, 1)
    done = approvals.approve(asked.id, by="bob")
    assert (done.state, done.decided_by, _holder(client)) == ("APPROVED", "bob", 2)
    assert approvals.roll_back("churn", by="cem", comment="wrong prices") == 1
    assert _holder(client) == 1
    history = approvals.history("churn")
    assert list(history.activity_type) == [
        "REQUESTED_TRANSITION", "APPROVED_REQUEST", "REQUESTED_TRANSITION", "APPROVED_REQUEST",
        "APPLIED_TRANSITION",
    ]  # fmt: skip
    assert list(history.user_id) == ["ann", "bob", "ann", "bob", "cem"]
    assert list(history.comment)[-1] == "wrong prices"
    assert history.former.tolist()[-2:] == [1, 2]
    assert history.creation_timestamp.is_monotonic_increasing
    assert approvals.verify("churn") == []


def test_a_request_is_rejected(client: MlflowClient, approvals: Approvals) -> None:
    asked = approvals.request("churn", 1, by="ann", comment="first")
    done = approvals.reject(asked.id, by="bob", comment="no test")
    assert (done.state, done.reason, _holder(client)) == ("REJECTED", "no test", None)
    frame = approvals.requests("churn")
    assert frame[["id", "state", "version"]].values.tolist() == [["churn/1", "REJECTED", 1]]
    assert frame.former.isna().all()


def test_rolling_back_again_goes_further_back(client: MlflowClient, approvals: Approvals) -> None:
    for version in (1, 2, 3):
        _promote(approvals, version)
    for expected in (2, 1):
        assert approvals.roll_back("churn", by="ann", comment="bad") == expected
        assert _holder(client) == expected
    back = lambda: approvals.roll_back("churn", by="ann", comment="bad")  # noqa: E731
    _unchanged(client, back, "nothing to roll back")
    _promote(approvals, 3)
    assert back() == 1


def test_a_move_without_an_approval_is_found_and_put_right(
    client: MlflowClient, approvals: Approvals
) -> None:
    _promote(approvals, 1)
    client.set_registered_model_alias("churn", "champion", "3")
    assert approvals.verify("churn") == [
        "champion is version 3, but the log's last word is version 1: it was moved without an "
        "approval, or its version was deleted."
    ]
    assert approvals.roll_back("churn", by="ann", comment="nobody approved 3") == 1
    assert approvals.verify("churn") == []
    # what held the alias is remembered, however it got there
    client.set_registered_model_alias("churn", "champion", "3")
    _promote(approvals, 2)
    assert approvals.roll_back("churn", by="ann", comment="bad") == 3


def test_aliases_are_apart(client: MlflowClient, approvals: Approvals) -> None:
    _promote(approvals, 1)
    _promote(approvals, 2, "challenger")
    assert (_holder(client), _holder(client, "challenger")) == (1, 2)
    with pytest.raises(RegistryError, match="nothing to roll back"):
        approvals.roll_back("churn", "challenger", by="ann", comment="bad")


def test_nobody_decides_about_an_own_request(client: MlflowClient, approvals: Approvals) -> None:
    asked = approvals.request("churn", 1, by="ann", comment="first").id
    for by in ("ann", " Ann", "ANN ", "ａｎｎ"):
        _unchanged(client, partial(approvals.approve, asked, by=by), "somebody else")
        _unchanged(client, partial(approvals.reject, asked, by=by, comment="x"), "somebody else")


def test_what_is_decided_stays_decided(client: MlflowClient, approvals: Approvals) -> None:
    done = _promote(approvals, 1)
    _unchanged(client, lambda: approvals.approve(done, by="cem"), "approved already, by bob")
    _unchanged(client, lambda: approvals.reject(done, by="cem", comment="x"), "approved already")


def test_an_outdated_approval_is_refused(client: MlflowClient, approvals: Approvals) -> None:
    first = approvals.request("churn", 1, by="ann", comment="first")
    second = approvals.request("churn", 2, by="ann", comment="second")
    approvals.approve(second.id, by="bob")
    _unchanged(client, lambda: approvals.approve(first.id, by="bob"), "outdated.*now it is version")
    again = approvals.request("churn", 1, by="ann", comment="still better")
    approvals.approve(again.id, by="bob")
    assert _holder(client) == 1


def test_a_deleted_version_is_refused(client: MlflowClient, approvals: Approvals) -> None:
    _promote(approvals, 1)
    asked = approvals.request("churn", 2, by="ann", comment="better")
    client.delete_model_version("churn", "2")
    _unchanged(client, lambda: approvals.approve(asked.id, by="bob"), "no version 2 of churn")
    _promote(approvals, 3)
    client.delete_model_version("churn", "1")
    back = lambda: approvals.roll_back("churn", by="ann", comment="bad")  # noqa: E731
    _unchanged(client, back, "no version 1 of churn: it was deleted")
    approvals.reject(asked.id, by="bob", comment="gone")


def test_a_model_made_anew_has_a_log_of_its_own(client: MlflowClient, approvals: Approvals) -> None:
    asked = approvals.request("churn", 1, by="ann", comment="first")
    client.delete_registered_model("churn")
    client.create_registered_model("churn")
    client.create_model_version("churn", "somewhere")
    _unchanged(client, lambda: approvals.approve(asked.id, by="bob"), "no request 'churn/1'")
    assert approvals.history("churn").empty
    _promote(approvals, 1)
    assert approvals.verify("churn") == []


def test_a_renamed_model_says_where_its_log_is(client: MlflowClient, approvals: Approvals) -> None:
    _promote(approvals, 1)
    client.rename_registered_model("churn", "loss")
    with pytest.raises(RegistryError, match="rename it back"):
        approvals.request("loss", 2, by="ann", comment="better")
    assert len(approvals.verify("loss")) == 1
    client.rename_registered_model("loss", "churn")
    assert approvals.verify("churn") == []


BAD: list[tuple[Callable[[Approvals], Any], str]] = [
    (lambda a: a.request("nope", 1, by="ann", comment="x"), "no registered model 'nope'"),
    (lambda a: a.request("", 1, by="ann", comment="x"), "name of the model has to be a text"),
    (lambda a: a.request(NONE, 1, by="ann", comment="x"), "name of the model has to be a text"),
    (lambda a: a.request("churn", 99, by="ann", comment="x"), "no version 99 of churn"),
    *[
        (lambda a, v=v: a.request("churn", v, by="ann", comment="x"), "whole number")
        for v in (0, -1, 1.0, True, None, "1.0", "latest", "٣", "1\n", 10**12)
    ],
    (lambda a: a.request("churn", 1, "latest", by="ann", comment="x"), "is no alias"),
    (lambda a: a.request("churn", 1, "v1", by="ann", comment="x"), "is no alias"),
    (lambda a: a.request("churn", 1, "a b", by="ann", comment="x"), "is no alias"),
    (lambda a: a.request("churn", 1, NONE, by="ann", comment="x"), "The alias has to be a text"),
    (lambda a: a.request("churn", 1, by="  ", comment="x"), "by has to be a text"),
    (lambda a: a.request("churn", 1, by="ann", comment=""), "comment has to be a text"),
    (lambda a: a.request("churn", 1, by="ann", comment="x" * 1001), "1001 characters"),
    (lambda a: a.request("churn", 1, by="ann", comment="🎈" * 900), "too long for the log"),
    *[
        (lambda a, r=r: a.approve(r, by="bob"), "no request|no registered model")
        for r in ("churn/7", "churn", "7", "", None, 7, "churn/x", "churn/-1", "a/b/1", "churn/٣")
    ],
    (lambda a: a.reject("churn/7", by="bob", comment="x"), "no request 'churn/7'"),
    (lambda a: a.roll_back("churn", by="bob", comment="x"), "nothing to roll back"),
    (lambda a: a.roll_back("nope", by="bob", comment="x"), "no registered model"),
]


def test_bad_input_is_told_in_one_line(client: MlflowClient, approvals: Approvals) -> None:
    for call, match in BAD:
        _unchanged(client, partial(call, approvals), match)
    assert issubclass(RegistryError, CourseError)


def test_the_same_is_not_asked_for_twice(client: MlflowClient, approvals: Approvals) -> None:
    _promote(approvals, 1)
    again = lambda: approvals.request("churn", 1, by="cem", comment="x")  # noqa: E731
    _unchanged(client, again, "has the alias champion already")
    approvals.request("churn", 2, by="ann", comment="x")
    again = lambda: approvals.request("churn", 2, by="cem", comment="x")  # noqa: E731
    _unchanged(client, again, "churn/3 asks for the same")


def test_a_folder_is_no_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    with pytest.raises(RegistryError, match="server or a database"):
        Approvals(MlflowClient(tmp_path.as_uri()))


def test_an_odd_comment_comes_back_as_it_was(client: MlflowClient, approvals: Approvals) -> None:
    comment = 'Straße, 日本, \x00, "quotes", a\nnew line, \ud83c'
    approvals.request("churn", 1, by="Zoë", comment=comment)
    history = approvals.history("churn")
    assert (history.comment[0], history.user_id[0]) == (comment, "Zoë")
    assert approvals.verify("churn") == []


# --- two at once ---------------------------------------------------------------------------------


def _approve(uri: str, request_id: str, by: str, gate: Any, answers: Any) -> None:
    gate.wait()
    try:
        Approvals(MlflowClient(uri)).approve(request_id, by=by)
    except RegistryError as error:
        answers.put(str(error))
    else:
        answers.put("approved")


@pytest.mark.slow
@pytest.mark.parametrize("same", [True, False])
def test_of_approvals_at_once_one_is_carried_out(
    client: MlflowClient, approvals: Approvals, same: bool
) -> None:
    """Four processes approve: all the same request, or each another one for the same alias."""
    for _ in range(3):
        client.create_model_version("churn", "somewhere")
    _promote(approvals, 1)
    asked = [approvals.request("churn", n, by="ann", comment="x").id for n in (2, 3, 4, 5)]
    gate, answers = PROCESSES.Barrier(4), PROCESSES.Queue()
    processes = [
        PROCESSES.Process(
            target=_approve,
            args=(client.tracking_uri, asked[0 if same else n], f"p{n}", gate, answers),
        )
        for n in range(4)
    ]
    for process in processes:
        process.start()
    said = [answers.get(timeout=120) for _ in processes]
    for process in processes:
        process.join(60)
    assert said.count("approved") == 1, said
    refused = [line for line in said if line != "approved"]
    expected = "is approved already" if same else "is outdated"
    assert all(expected in line and "\n" not in line for line in refused), said
    history = approvals.history("churn")
    assert len(history) == 7
    assert history.version.iloc[-1] == _holder(client)
    assert approvals.verify("churn") == []


# --- killed in between ---------------------------------------------------------------------------


class Dying(MlflowClient):
    """Ends its process, as a power cut would, right before or after it calls `step`."""

    def __init__(self, uri: str, step: str, when: str, key: str | None = None) -> None:
        super().__init__(uri)
        call = getattr(self, step)

        def die(*args: Any, **kwargs: Any) -> Any:
            if key not in (None, *args):
                return call(*args, **kwargs)
            if when == "after":
                call(*args, **kwargs)
            os._exit(9)

        setattr(self, step, die)


def _approve_and_die(uri: str, request_id: str, step: str, when: str) -> None:
    Approvals(Dying(uri, step, when)).approve(request_id, by="bob")


def _request_and_die(uri: str, step: str, when: str) -> None:
    Approvals(Dying(uri, step, when)).request("churn", 1, by="ann", comment="x")


def _killed(target: Callable[..., None], *args: str) -> None:
    process = PROCESSES.Process(target=target, args=args)
    process.start()
    process.join(120)
    assert process.exitcode == 9


STEPS = [
    (step, when)
    for step in ("log_param", "set_registered_model_alias", "set_registered_model_tag")
    for when in ("before", "after")
]


@pytest.mark.slow
@pytest.mark.parametrize(("step", "when"), STEPS)
def test_a_killed_approval_is_finished_or_never_was(
    client: MlflowClient, approvals: Approvals, step: str, when: str
) -> None:
    _promote(approvals, 1)
    asked = approvals.request("churn", 2, by="ann", comment="better")
    _killed(_approve_and_die, client.tracking_uri, asked.id, step, when)
    assert approvals.verify("churn") == []
    approvals.request("churn", 3, by="ann", comment="the next call")
    written = (step, when) != ("log_param", "before")
    assert _holder(client) == (2 if written else 1)
    assert approvals.requests("churn").state.tolist()[1] == ("APPROVED" if written else "PENDING")
    assert approvals.verify("churn") == []
    assert approvals.roll_back("churn", by="cem", comment="x") == 1 if written else True


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "when"),
    [("create_run", "after"), ("rename_experiment", "before"), ("rename_experiment", "after"),
     ("log_param", "after"), ("set_registered_model_tag", "before")],
)  # fmt: skip
def test_a_log_begun_by_a_killed_process_is_no_obstacle(
    client: MlflowClient, approvals: Approvals, step: str, when: str
) -> None:
    _killed(_request_and_die, client.tracking_uri, step, when)
    assert approvals.verify("churn") == []
    approvals.request("churn", 2, by="ann", comment="x")
    written = step in ("log_param", "set_registered_model_tag")
    assert len(approvals.history("churn")) == 1 + written
    assert approvals.verify("churn") == []


def test_a_version_deleted_before_the_alias_moved_undoes_the_approval(
    client: MlflowClient, approvals: Approvals, monkeypatch: pytest.MonkeyPatch
) -> None:
    _promote(approvals, 1)
    asked = approvals.request("churn", 2, by="ann", comment="better")
    move = client.set_registered_model_alias

    def delete_first(name: str, alias: str, version: str) -> None:
        monkeypatch.setattr(client, "set_registered_model_alias", move)
        client.delete_model_version(name, version)
        move(name, alias, version)

    monkeypatch.setattr(client, "set_registered_model_alias", delete_first)
    with pytest.raises(RegistryError, match="deleted while it was approved"):
        approvals.approve(asked.id, by="bob")
    assert _holder(client) == 1
    assert approvals.requests("churn").state.tolist() == ["APPROVED", "UNDONE"]
    assert approvals.requests("churn").decided_by.tolist() == ["bob", "bob"]
    assert approvals.verify("churn") == []
    _promote(approvals, 3)
    assert approvals.roll_back("churn", by="cem", comment="x") == 1


def test_a_sleeper_puts_right_what_it_moved_too_late(
    client: MlflowClient, approvals: Approvals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its entry and its move of the alias another approval is made and carried out."""
    _promote(approvals, 1)
    asked = approvals.request("churn", 2, by="ann", comment="better")
    move = client.set_registered_model_alias

    def late(name: str, alias: str, version: str) -> None:
        monkeypatch.setattr(client, "set_registered_model_alias", move)
        _promote(Approvals(client), 3)
        move(name, alias, version)

    monkeypatch.setattr(client, "set_registered_model_alias", late)
    approvals.approve(asked.id, by="bob")
    assert _holder(client) == 3
    assert approvals.verify("churn") == []


# --- tampering -----------------------------------------------------------------------------------


def _rows(client: MlflowClient) -> tuple[sqlite3.Connection, dict[str, str]]:
    db = sqlite3.connect(client.tracking_uri.removeprefix("sqlite:///"), isolation_level=None)
    return db, dict(db.execute("SELECT key, value FROM params ORDER BY key").fetchall())


def _put(db: sqlite3.Connection, key: str, value: str) -> None:
    assert db.execute("UPDATE params SET value = ? WHERE key = ?", (value, key)).rowcount == 1


def test_every_changed_field_of_every_entry_is_found(
    client: MlflowClient, approvals: Approvals
) -> None:
    for version in (1, 2):
        _promote(approvals, version)
    db, rows = _rows(client)
    for key, value in rows.items():
        for field, old in json.loads(value).items():
            whole = field in ("number", "request", "version", "former")
            other = (old or 0) + 1 if whole else f"{old}x"
            _put(db, key, json.dumps(json.loads(value) | {field: other}, sort_keys=True))
            assert approvals.verify("churn"), (key, field)
            with pytest.raises(RegistryError):
                approvals.request("churn", 3, by="ann", comment="x")
        _put(db, key, value)
    assert approvals.verify("churn") == []


def test_a_changed_entry_with_a_hash_made_to_fit_is_found(
    client: MlflowClient, approvals: Approvals
) -> None:
    for version in (1, 2):
        _promote(approvals, version)
    db, rows = _rows(client)
    for key, value in rows.items():
        fields = json.loads(value)
        fields.pop("hash")
        _put(db, key, Entry(**(fields | {"user_id": "mallory"})).stored())
        assert approvals.verify("churn"), key
        _put(db, key, value)
    assert approvals.verify("churn") == []


def test_every_removed_entry_is_found_at_the_end_too(
    client: MlflowClient, approvals: Approvals
) -> None:
    for version in (1, 2):
        _promote(approvals, version)
    db, rows = _rows(client)
    columns = "key, value, run_uuid"
    for cut in ([n] for n in rows):
        _check_cut(db, approvals, cut, columns)
    for start in range(len(rows)):
        _check_cut(db, approvals, list(rows)[start:], columns)
    assert approvals.verify("churn") == []


def _check_cut(db: sqlite3.Connection, approvals: Approvals, cut: list[str], columns: str) -> None:
    marks = ", ".join("?" for _ in cut)
    kept = db.execute(f"SELECT {columns} FROM params WHERE key IN ({marks})", cut).fetchall()
    db.execute(f"DELETE FROM params WHERE key IN ({marks})", cut)
    faults = approvals.verify("churn")
    assert faults and all("\n" not in fault for fault in faults), cut
    with pytest.raises(RegistryError):
        approvals.request("churn", 3, by="ann", comment="x")
    db.executemany(f"INSERT INTO params ({columns}) VALUES (?, ?, ?)", kept)


def test_every_pair_of_swapped_entries_is_found(client: MlflowClient, approvals: Approvals) -> None:
    for version in (1, 2):
        _promote(approvals, version)
    db, rows = _rows(client)
    keys = list(rows)
    for one in keys:
        for other in keys[keys.index(one) + 1 :]:
            _put(db, one, rows[other])
            _put(db, other, rows[one])
            assert any("re-ordered" in fault for fault in approvals.verify("churn"))
            _put(db, one, rows[one])
            _put(db, other, rows[other])
    assert approvals.verify("churn") == []


def test_a_log_of_another_model_is_no_substitute(
    client: MlflowClient, approvals: Approvals
) -> None:
    client.create_registered_model("loss")
    client.create_model_version("loss", "somewhere")
    asked = approvals.request("loss", 1, by="mallory", comment="x")
    _promote(approvals, 1)
    db, _ = _rows(client)
    db.execute(
        "UPDATE params SET key = 'x' || key WHERE value LIKE '%better%' OR value LIKE '%fine%'"
    )
    run = db.execute("SELECT run_uuid FROM params WHERE key LIKE 'x%'").fetchone()[0]
    db.execute("UPDATE params SET run_uuid = ? WHERE value LIKE '%mallory%'", (run,))
    assert approvals.verify("churn")
    assert asked.id == "loss/1"


def test_a_tag_or_log_that_is_gone_is_told_with_the_way_out(
    client: MlflowClient, approvals: Approvals
) -> None:
    _promote(approvals, 1)
    head = client.get_registered_model("churn").tags[HEAD]
    client.delete_registered_model_tag("churn", HEAD)
    (fault,) = approvals.verify("churn")
    assert repr(head) in fault
    client.set_registered_model_tag("churn", HEAD, "nonsense")
    assert approvals.verify("churn") == [fault]
    client.set_registered_model_tag("churn", HEAD, head)
    run = head.split()[-1]
    experiment = client.get_run(run).info.experiment_id
    client.delete_run(run)
    assert f"client.restore_run('{run}')" in approvals.verify("churn")[0]
    client.restore_run(run)
    client.delete_experiment(experiment)
    assert f"client.restore_experiment('{experiment}')" in approvals.verify("churn")[0]
    client.restore_experiment(experiment)
    assert approvals.verify("churn") == []
