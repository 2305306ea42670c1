"""The log of approvals of one registered model: append-only, chained by hash, shared by all.

**Where it lives.** MLflow's server is the one place that all machines share, and of all it stores,
a run's parameters alone are write-once: a second value under the same name is refused inside the
database's own transaction. So an entry is a parameter named by its number, and to append is to
write number n + 1: of two writers one succeeds, the other sees what came before it. Tags would be
overwritten, an artifact has no such lock, and a file beside a script knows nothing of other
machines. The run is alone in an experiment "approvals/<model>@<creation time of the model>", which
is made under another name and renamed when it is complete, for names of experiments are unique.

**What the chain shows.** Each entry holds the hash of the one before it, the first the id of its
run. A tag of the registered model names the number and the hash of the last entry, so that a log
cut at its end is found too. The tag is written last, after the alias has moved: entries after it
are not carried out yet (see `approvals`).

**What it cannot show.** Someone who may write to the database can compute a whole new chain and set
the tag to it. Keep a hash of `history` elsewhere where that matters.
"""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from mlflow import MlflowClient
from mlflow.entities.model_registry import RegisteredModel
from mlflow.exceptions import MlflowException

from course_utils.registry.errors import RegistryError

HEAD = "approvals.head"  # tag of the registered model: number, hash, run
_RUN = "approvals.run"  # tag of the experiment
_ROOM = 5900  # MLflow cuts a parameter after 6,000 characters

REQUESTED, APPROVED, REJECTED = "REQUESTED_TRANSITION", "APPROVED_REQUEST", "REJECTED_REQUEST"
ROLLED_BACK, UNDONE = "APPLIED_TRANSITION", "SYSTEM_TRANSITION"


@dataclass(frozen=True)
class Entry:
    """One line of the log; activity types are named as on the platform.

    `request` is the number of the entry that asked, None for a roll-back; `former` is the version
    that held the alias before; `nonce` tells apart two entries that are otherwise the same.
    """

    number: int
    creation_timestamp: str
    activity_type: str
    user_id: str
    request: int | None
    version: int
    alias: str
    former: int | None
    comment: str
    nonce: str
    previous: str

    @property
    def hash(self) -> str:
        """SHA-256 of all the fields, the hash of the entry before it among them."""
        return hashlib.sha256(self.body().encode()).hexdigest()

    def body(self) -> str:
        """The fields as JSON, the same text wherever it is made."""
        return json.dumps(asdict(self), sort_keys=True)

    def stored(self) -> str:
        """The value of the parameter: the fields and their hash."""
        return json.dumps({"hash": self.hash, **asdict(self)}, sort_keys=True)


@dataclass(frozen=True)
class Log:
    """What stands in the log of a model; `faults` is empty where the chain is intact.

    `settled` is the number of the last entry that has been carried out.
    """

    run_id: str | None
    entries: list[Entry] = field(default_factory=list)
    settled: int = 0
    faults: list[str] = field(default_factory=list)

    def next(self, **fields: Any) -> Entry:
        """The entry that would follow, at this moment."""
        previous = self.entries[-1].hash if self.entries else f"run {self.run_id}"
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        number = len(self.entries) + 1
        return Entry(
            number=number, creation_timestamp=now, nonce=secrets.token_hex(8),
            previous=previous, **fields,
        )  # fmt: skip


def read_log(client: MlflowClient, model: RegisteredModel) -> Log:
    """The log of `model` as it stands on the server, with all faults of its chain."""
    head = model.tags.get(HEAD)
    experiment = client.get_experiment_by_name(_name(model))
    if experiment is None:
        return Log(None, faults=[_gone(model.name, head)] if head else [])
    if experiment.lifecycle_stage != "active":
        mend = f"client.restore_experiment({experiment.experiment_id!r})"
        return Log(None, faults=[f"The log of {model.name} has been deleted. Restore it: {mend}."])
    run_id = experiment.tags.get(_RUN, "")
    try:
        run = client.get_run(run_id)
    except MlflowException:
        return Log(None, faults=[f"The run {run_id!r} with the log of {model.name} is gone."])
    if run.info.lifecycle_stage != "active":
        mend = f"client.restore_run({run_id!r})"
        return Log(None, faults=[f"The log of {model.name} has been deleted. Restore it: {mend}."])
    stored = {int(key): value for key, value in run.data.params.items() if key.isdigit()}
    entries, faults = _chain(stored, run_id)
    settled = 0
    if head or max(stored, default=0) > 1:  # before the first entry is carried out, there is none
        settled, problem = _anchor(head, entries, run_id, max(stored, default=0), model.name)
        faults += problem
    return Log(run_id, entries, settled, faults)


def start_log(client: MlflowClient, model: RegisteredModel) -> None:
    """Make the log of `model`, unless somebody else is faster."""
    name = _name(model)
    draft = client.create_experiment(f"{name} {secrets.token_hex(8)}")
    run = client.create_run(draft, run_name=model.name)
    client.set_terminated(run.info.run_id)  # it is a record, not a running job
    client.set_experiment_tag(draft, _RUN, run.info.run_id)
    try:
        client.rename_experiment(draft, name)
    except MlflowException:
        client.delete_experiment(draft)
        if client.get_experiment_by_name(name) is None:
            raise


def append(client: MlflowClient, log: Log, entry: Entry) -> bool:
    """Whether `entry` has become the next one; if not, another one has.

    Raises:
        RegistryError: its comment does not fit into an entry.
    """
    value = entry.stored()
    if len(value) > _ROOM:
        raise RegistryError("The comment is too long for the log. Shorten it.")
    key, run_id = f"{entry.number:06d}", log.run_id or ""
    problem: MlflowException | None = None
    try:
        client.log_param(run_id, key, value, synchronous=True)
    except MlflowException as error:
        problem = error  # which may come after the write: what stands there decides
    found = client.get_run(run_id).data.params.get(key)
    if found is None and problem:
        raise problem
    return found == value


def settle(client: MlflowClient, name: str, log: Log) -> None:
    """Note on the model that all entries of `log` have been carried out."""
    last = log.entries[-1]
    client.set_registered_model_tag(name, HEAD, f"{last.number} {last.hash} {log.run_id}")


def _name(model: RegisteredModel) -> str:
    # A model that is deleted and made anew counts its versions from 1 again: it gets another log.
    return f"approvals/{model.name}@{model.creation_timestamp}"


def _gone(name: str, head: str) -> str:
    return (
        f"The log of {name} is not where it was: run {head.split()[-1]} should hold it. If the "
        "model was renamed, rename it back; if the log was deleted for good, remove the model's "
        f"tag {HEAD} to start a new one."
    )


def _chain(stored: dict[int, str], run_id: str) -> tuple[list[Entry], list[str]]:
    entries: list[Entry] = []
    faults: list[str] = []
    previous: str | None = f"run {run_id}"
    for number in range(1, max(stored, default=0) + 1):
        if number not in stored:
            faults.append(f"Entry {number} is missing.")
            previous = None
            continue
        try:
            fields = json.loads(stored[number])
            noted = fields.pop("hash")
            entry = Entry(**fields)
        except (ValueError, TypeError, KeyError, AttributeError):
            faults.append(f"Entry {number} has been changed: it cannot be read.")
            previous = None
            continue
        if entry.number != number:
            faults.append(f"Entries have been re-ordered: number {entry.number} is at {number}.")
        elif entry.hash != noted:
            faults.append(f"Entry {number} has been changed: its hash is another one.")
        elif previous is not None and entry.previous != previous:
            faults.append(f"Entry {number} does not follow the one before it: one is replaced.")
        entries.append(entry)
        previous = noted
    return entries, faults


def _anchor(
    head: str | None, entries: list[Entry], run_id: str, last: int, name: str
) -> tuple[int, list[str]]:
    """How many entries are carried out, as the model's tag says, and what is wrong with it."""
    try:
        text, noted, run = (head or "").split()
        number = int(text)
    except ValueError:
        value = f"{entries[-1].number} {entries[-1].hash} {run_id}" if entries else "?"
        return 0, [
            f"The tag {HEAD} of {name} is missing or unreadable, so that an end cut off would not "
            f"be seen. If the history is complete, set it to {value!r}."
        ]
    if number > last:
        cut = f"Entry {number} is" if number == last + 1 else f"Entries {last + 1} to {number} are"
        return 0, [f"{cut} missing at the end."]
    if run != run_id or not any(e.number == number and e.hash == noted for e in entries):
        return 0, [f"Entry {number} is not the one that the tag {HEAD} of {name} names."]
    return number, []
