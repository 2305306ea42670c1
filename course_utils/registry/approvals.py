"""Who may put a version behind an alias: one person asks, another one decides.

**When a process is killed.** An approval is an entry in the log first (`log` says where that is and
why of two at once only one is written), then the alias moves, then a tag of the model says that
the entry has been carried out. Every call first finishes what it finds between the first and the
last step. If the version has been deleted meanwhile, the log notes that the approval is undone.

MLflow moves an alias without asking where it stood. A process that sleeps between log and alias
for as long as others take for a further approval moves the alias back when it wakes; it looks at
the log again after that and puts it right. Only if it is killed at that very moment the alias
stays wrong, and `verify` says so.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from mlflow import MlflowClient
from mlflow.entities.model_registry import RegisteredModel
from mlflow.exceptions import MlflowException

from course_utils.registry.errors import MISSING, RegistryError, in_one_line, text
from course_utils.registry.log import (
    APPROVED,
    REJECTED,
    REQUESTED,
    ROLLED_BACK,
    UNDONE,
    Entry,
    Log,
    append,
    read_log,
    settle,
    start_log,
)  # fmt: skip

if TYPE_CHECKING:
    import pandas as pd

PENDING = "PENDING"
_STATES = {APPROVED: "APPROVED", REJECTED: "REJECTED", UNDONE: "UNDONE"}
_COMMENT = 1000  # characters


@dataclass(frozen=True)
class Request:
    """A request to put `version` of `name` behind `alias`.

    `state` is PENDING, APPROVED, REJECTED or UNDONE (approved, but the version was deleted before
    the alias moved). `former` is the version that held the alias at the time, None for no one.
    Times are UTC. The fields of the decision are empty while it is pending.
    """

    id: str
    name: str
    version: int
    alias: str
    former: int | None
    state: str
    requested_by: str
    requested_at: str
    comment: str
    decided_by: str = ""
    decided_at: str = ""
    reason: str = ""


@dataclass(frozen=True)
class _State:
    """The registry and the log at one moment; `holders` lists who held an alias, newest last."""

    model: RegisteredModel
    log: Log
    requests: dict[int, Request]
    holders: dict[str, list[int]]

    def holder(self, alias: str) -> int | None:
        """The version behind an alias in the registry, whatever the log says."""
        version = self.model.aliases.get(alias)
        return None if version is None else int(version)


class Approvals:
    """Requests, decisions and roll-backs for the aliases of registered models.

    Works with any MLflow 3 server or database; all who use the same one share the same log. Names
    of people are what callers say they are: MLflow's open server knows no better, unless its
    authentication is on.

    Args:
        client: the registry to work on; the current tracking and registry URI without one.
    """

    def __init__(self, client: MlflowClient | None = None) -> None:
        with in_one_line():
            self._client = client or MlflowClient()
        uri = str(self._client.tracking_uri)
        if "://" not in uri or uri.startswith("file:"):
            raise RegistryError(
                f"Approvals need an MLflow server or a database, not the folder {uri}: "
                'mlflow.set_tracking_uri("sqlite:///mlflow.db").'
            )

    def request(
        self, name: str, version: int | str, to: str = "champion", *, by: str, comment: str
    ) -> Request:
        """Ask that `version` of the model `name` gets the alias `to`.

        Args:
            by: who asks. `comment`: why.

        Returns:
            The request; its `id` is what `approve` and `reject` want.

        Raises:
            RegistryError: there is no such model or version, it has the alias already, or the
                same is asked for already.
        """
        name, alias, by = text(name, "The name of the model"), _alias(to), text(by, "by")
        comment = text(comment, "comment", _COMMENT)
        number = _version(version)

        def entry(state: _State) -> Entry:
            self._require(name, number)
            former = state.holder(alias)
            if former == number:
                raise RegistryError(f"Version {number} of {name} has the alias {alias} already.")
            for other in state.requests.values():
                asked = (other.state, other.version, other.alias, other.former)
                if asked == (PENDING, number, alias, former):
                    raise RegistryError(f"Request {other.id} asks for the same already.")
            return state.log.next(
                activity_type=REQUESTED, user_id=by, request=len(state.log.entries) + 1,
                version=number, alias=alias, former=former, comment=comment,
            )  # fmt: skip

        done, state = self._write(name, entry)
        return state.requests[done.number]

    def approve(self, request_id: str, *, by: str, comment: str = "") -> Request:
        """Give the version that was asked for the alias; its former holder is remembered.

        Raises:
            RegistryError: the request is unknown or decided, `by` is who asked, the alias has
                moved since the request, or the version has been deleted.
        """

        def entry(state: _State, asked: Request, number: int) -> Entry:
            now = state.holder(asked.alias)
            if now != asked.former:
                raise RegistryError(
                    f"Request {asked.id} is outdated: when it was made, {asked.alias} was "
                    f"{_called(asked.former)}, now it is {_called(now)}. Request it again."
                )
            self._require(asked.name, asked.version)
            return state.log.next(
                activity_type=APPROVED, user_id=by, request=number, version=asked.version,
                alias=asked.alias, former=now, comment=comment,
            )  # fmt: skip

        by, comment = text(by, "by"), text(comment, "comment", _COMMENT) if comment else ""
        done = self._decide(request_id, by, entry)
        if done.state != "APPROVED":
            raise RegistryError(
                f"Version {done.version} of {done.name} was deleted while it was approved: "
                f"{done.alias} stays where it was."
            )
        return done

    def reject(self, request_id: str, *, by: str, comment: str) -> Request:
        """Turn a request down; the alias stays where it is.

        Raises:
            RegistryError: the request is unknown or decided, or `by` is who asked.
        """

        def entry(state: _State, asked: Request, number: int) -> Entry:
            return state.log.next(
                activity_type=REJECTED, user_id=by, request=number, version=asked.version,
                alias=asked.alias, former=asked.former, comment=comment,
            )  # fmt: skip

        by, comment = text(by, "by"), text(comment, "comment", _COMMENT)
        return self._decide(request_id, by, entry)

    def roll_back(self, name: str, alias: str = "champion", *, by: str, comment: str) -> int:
        """Move an alias back to the version that held it before; one person may do that alone.

        Called again it goes one further back. If the alias was moved without an approval, it goes
        to the version that was approved last.

        Returns:
            The version that holds the alias now.

        Raises:
            RegistryError: nobody held the alias before, or that version has been deleted.
        """
        name, alias, by = text(name, "The name of the model"), _alias(alias), text(by, "by")
        comment = text(comment, "comment", _COMMENT)

        def entry(state: _State) -> Entry:
            now, holders = state.holder(alias), state.holders.get(alias, [])
            earlier = holders[:-1] if holders and holders[-1] == now else holders
            if not earlier:
                raise RegistryError(
                    f"There is nothing to roll back: no version of {name} held {alias} "
                    f"before {_called(now)}."
                )
            self._require(name, earlier[-1])
            return state.log.next(
                activity_type=ROLLED_BACK, user_id=by, request=None, version=earlier[-1],
                alias=alias, former=now, comment=comment,
            )  # fmt: skip

        return self._write(name, entry)[0].version

    def requests(self, name: str) -> "pd.DataFrame":
        """One row for each request of a model, oldest first; columns are `Request`'s fields."""
        import pandas as pd

        state = self._read(name)
        _intact(state.log)
        rows = [asdict(request) for request in state.requests.values()]
        frame = pd.DataFrame(rows, columns=list(Request.__dataclass_fields__))
        return frame.astype({"version": "Int64", "former": "Int64"})

    def history(self, name: str) -> "pd.DataFrame":
        """The log of a model, one row for each entry, oldest first.

        Columns: number, creation_timestamp (UTC), activity_type, user_id, request_id, version,
        alias, former (who held the alias before), comment, hash. What can be read of a log that
        has been tampered with is shown; `verify` says what is wrong with it.
        """
        import pandas as pd

        with in_one_line():
            entries = read_log(self._client, self._model(name)).entries
        rows = [
            asdict(entry)
            | {"hash": entry.hash, "request_id": f"{name}/{entry.request}" if entry.request else ""}
            for entry in entries
        ]
        columns = ["number", "creation_timestamp", "activity_type", "user_id", "request_id",
                   "version", "alias", "former", "comment", "hash"]  # fmt: skip
        frame = pd.DataFrame(rows, columns=columns)
        frame["creation_timestamp"] = pd.to_datetime(frame["creation_timestamp"], utc=True)
        return frame.astype({"number": "Int64", "version": "Int64", "former": "Int64"})

    def verify(self, name: str) -> list[str]:
        """What is wrong with the log of a model, one line each; an empty list if nothing is.

        Found are entries that were changed, removed (at the end, too), replaced or re-ordered, and
        aliases that were moved without an approval.
        """
        state = self._read(name)
        faults = list(state.log.faults)
        if not faults and state.log.settled == len(state.log.entries):
            faults = [
                f"{alias} is {_called(state.holder(alias))}, but the log's last word is version "
                f"{holders[-1]}: it was moved without an approval, or "
                "its version was deleted."
                for alias, holders in state.holders.items()
                if holders and holders[-1] != state.holder(alias)
            ]
        return faults

    def _decide(
        self, request_id: str, by: str, decision: Callable[[_State, Request, int], Entry]
    ) -> Request:
        unknown = RegistryError(f"There is no request {request_id!r}: see requests(name).")
        name, slash, digits = str(request_id).rpartition("/")
        if not slash or not re.fullmatch(r"[0-9]{1,9}", digits):
            raise unknown
        number = int(digits)

        def entry(state: _State) -> Entry:
            asked = state.requests.get(number)
            if asked is None:
                raise unknown
            if asked.state != PENDING:
                raise RegistryError(
                    f"Request {asked.id} is {asked.state.lower()} already, by {asked.decided_by}."
                )
            if _same(by, asked.requested_by):
                raise RegistryError(
                    f"{by} made request {asked.id}: somebody else has to decide about it."
                )
            return decision(state, asked, number)

        return self._write(name, entry)[1].requests[number]

    def _write(self, name: str, make: Callable[[_State], Entry]) -> tuple[Entry, _State]:
        """Append what `make` says to the log and carry it out; it looks again if it was overtaken.

        What `make` raises leaves everything as it is.
        """
        with in_one_line():
            while True:
                state = self._settled(name)
                entry = make(state)
                if state.log.run_id is None:
                    start_log(self._client, state.model)
                elif append(self._client, state.log, entry):
                    return entry, self._settled(name)

    def _settled(self, name: str) -> _State:
        """The state after everything in the log has been carried out."""
        while True:
            state = self._read(name)
            _intact(state.log)
            if state.log.settled == len(state.log.entries):
                return state
            failed = self._carry_out(state)
            if failed is None:
                settle(self._client, name, state.log)  # and look again: others write, too
            else:
                undo = state.log.next(
                    activity_type=UNDONE, user_id="", request=failed.request,
                    version=failed.version, alias=failed.alias, former=failed.former,
                    comment="The version was deleted before the alias moved.",
                )  # fmt: skip
                append(self._client, state.log, undo)

    def _carry_out(self, state: _State) -> Entry | None:
        """Move the aliases of the open entries; the entry whose version is gone, if there is one.

        Only the last entry of an alias counts. One that was undone leaves the alias alone.
        """
        moves = (APPROVED, ROLLED_BACK, UNDONE)
        newest = state.log.entries[state.log.settled :]
        last = {entry.alias: entry for entry in newest if entry.activity_type in moves}
        for alias, entry in last.items():
            if entry.activity_type == UNDONE or state.holder(alias) == entry.version:
                continue
            try:
                self._client.set_registered_model_alias(state.model.name, alias, str(entry.version))
            except MlflowException as error:
                if error.error_code != MISSING:
                    raise
                return entry
        return None

    def _read(self, name: str) -> _State:
        with in_one_line():
            model = self._model(name)
            log = read_log(self._client, model)
        requests, holders = ({}, {}) if log.faults else _replay(name, log.entries)
        return _State(model, log, requests, holders)

    def _model(self, name: str) -> RegisteredModel:
        try:
            return self._client.get_registered_model(text(name, "The name of the model"))
        except MlflowException as error:
            if error.error_code not in (MISSING, "INVALID_PARAMETER_VALUE"):
                raise
            raise RegistryError(f"There is no registered model {name!r}.") from error

    def _require(self, name: str, version: int) -> None:
        try:
            self._client.get_model_version(name, str(version))
        except MlflowException as error:
            if error.error_code != MISSING:
                raise
            raise RegistryError(
                f"There is no version {version} of {name}: it was deleted, or never was."
            ) from error


def _replay(name: str, entries: list[Entry]) -> tuple[dict[int, Request], dict[str, list[int]]]:
    """The requests by number, and who held each alias, that follow from the log."""
    requests: dict[int, Request] = {}
    holders: dict[str, list[int]] = {}
    before: dict[str, list[int]] = {}
    for entry in entries:
        kind, number = entry.activity_type, entry.request
        held = holders.setdefault(entry.alias, [])
        if kind == REQUESTED:
            requests[entry.number] = Request(
                f"{name}/{entry.number}", name, entry.version, entry.alias, entry.former, PENDING,
                entry.user_id, entry.creation_timestamp, entry.comment,
            )  # fmt: skip
        elif number is not None:
            requests[number] = replace(
                requests[number], state=_STATES[kind], reason=entry.comment,
                decided_by=entry.user_id or requests[number].decided_by,
                decided_at=entry.creation_timestamp,
            )  # fmt: skip
        if kind == UNDONE:
            holders[entry.alias] = before[entry.alias]
        elif kind in (APPROVED, ROLLED_BACK):
            before[entry.alias] = held
            if kind == ROLLED_BACK:
                holders[entry.alias] = held[:-1] if held[-1:] == [entry.former] else held
            else:
                stray = (
                    [] if entry.former is None or held[-1:] == [entry.former] else [entry.former]
                )
                holders[entry.alias] = [*held, *stray, entry.version]
    return requests, {alias: held for alias, held in holders.items() if held}


def _intact(log: Log) -> None:
    if log.faults:
        more = f" ({len(log.faults) - 1} more: verify(name))" if len(log.faults) > 1 else ""
        raise RegistryError(log.faults[0] + more)


def _alias(alias: object) -> str:
    alias = text(alias, "The alias", 255)
    reserved = alias.lower() == "latest" or re.fullmatch(r"[vV]\d+", alias)
    if reserved or not re.fullmatch(r"[\w-]+", alias):
        raise RegistryError(
            f"{alias!r} is no alias: letters, digits, _ and - make one, but latest and v1 do not."
        )
    return alias


def _version(version: object) -> int:
    whole = isinstance(version, int | str) and not isinstance(version, bool)
    if not whole or not re.fullmatch(r"[1-9][0-9]{0,8}", str(version)):
        raise RegistryError(f"A version is a whole number from 1 on, not {version!r:.60}.")
    return int(str(version))


def _same(one: str, other: str) -> bool:
    # "Ann " is no second person beside "ann"
    def plain(name: str) -> str:
        return " ".join(unicodedata.normalize("NFKC", name).casefold().split())

    return plain(one) == plain(other)


def _called(version: int | None) -> str:
    return "no version" if version is None else f"version {version}"
