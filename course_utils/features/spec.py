"""Lookups after they have been held against the tables: complete, checked, and plain data.

This is what is packed with a model, so that it can be scored from keys alone, on another day and
in another process.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Output:
    """One feature, its name in the result, its type, and the value where no row is found.

    The value is in its form in JSON.
    """

    feature: str
    name: str
    type: str
    default: Any = None


@dataclass(frozen=True)
class Join:
    """One lookup. `keys` pairs a column of the frame with the table's key; so does `time`."""

    table: str
    version: int  # of the Delta table, when the lookup was resolved
    keys: tuple[tuple[str, str], ...]
    key_types: tuple[str, ...]
    time: tuple[str, str] | None
    time_type: str | None
    lookback_us: int | None
    outputs: tuple[Output, ...]


@dataclass(frozen=True)
class Call:
    """One on-demand feature: function, its parameters' columns, where the result goes."""

    function: str
    bindings: tuple[tuple[str, str], ...]
    output: str
    type: str


@dataclass(frozen=True)
class FeatureSpec:
    """How the columns of a training set come about.

    `inputs` are the frame's own columns (name, type) that lookups, functions or the model need;
    `model_columns` is what the model gets, in order.
    """

    joins: tuple[Join, ...]
    calls: tuple[Call, ...]
    inputs: tuple[tuple[str, str], ...]
    model_columns: tuple[str, ...]
    label: tuple[str, ...]

    def types(self) -> dict[str, str]:
        """Type of each column that there is before the model is called."""
        found = dict(self.inputs)
        for join in self.joins:
            found |= {output.name: output.type for output in join.outputs}
        return found | {call.output: call.type for call in self.calls}

    def to_json(self) -> str:
        """The specification as a text that `from_json` takes back."""
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def from_json(cls, text: str) -> "FeatureSpec":
        """The specification that `to_json` wrote."""
        found = json.loads(text)
        joins = tuple(
            Join(
                table=join["table"],
                version=join["version"],
                keys=_pairs(join["keys"]),
                key_types=tuple(join["key_types"]),
                time=tuple(join["time"]) if join["time"] else None,
                time_type=join["time_type"],
                lookback_us=join["lookback_us"],
                outputs=tuple(Output(**output) for output in join["outputs"]),
            )
            for join in found["joins"]
        )
        calls = tuple(
            Call(call["function"], _pairs(call["bindings"]), call["output"], call["type"])
            for call in found["calls"]
        )
        return cls(
            joins,
            calls,
            _pairs(found["inputs"]),
            tuple(found["model_columns"]),
            tuple(found["label"]),
        )


def _pairs(found: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((first, second) for first, second in found)
