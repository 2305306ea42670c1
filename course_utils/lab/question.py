"""A question as data: the names it asks for, what is right, which mistakes have a name."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from course_utils.lab.kinds import COLUMN_KINDS, KINDS

if TYPE_CHECKING:
    from course_utils.lab.answers import Answers
    from course_utils.lab.values import Values

Rule = Callable[["Answers"], str | None]

# These names are the methods of Answers; a learner's variable of that name would be hidden.
_RESERVED = frozenset(
    {"spark", "rows", "counted", "call", "source", "collect", "pandas", "table", "once"}
)
_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LAYOUT = frozenset({"rows", "columns", "partitions"})


@dataclass(frozen=True)
class Mistake:
    """A typical wrong answer that has a name.

    Args:
        id: kebab-case, stable, never reused.
        evidence: (Answers) -> one line of evidence ("Found: …", never the expected value), or None
            when the answer is not this mistake.
        say: the likely cause, at most two plain lines.
        values: the numbers that it is one of (`Values.wrong` makes such mistakes).
    """

    id: str
    evidence: Rule
    say: str
    values: "Values | None" = None

    def __post_init__(self) -> None:
        if not _KEBAB.fullmatch(self.id):
            raise ValueError(f"mistake id {self.id!r} is not kebab-case")
        if not 1 <= len(self.say.strip().splitlines()) <= 2:
            raise ValueError(f"mistake {self.id}: `say` has 1 or 2 lines")


@dataclass(frozen=True)
class Question:
    """One question of a lab.

    Args:
        id: "q1", "q2", …
        names: the names that the answer creates, each with its kind (`kinds.KINDS`).
        hints: from a nudge to nearly there.
        mistakes: tried in order; the first that applies is reported.
        refuse: (Answers) -> None when right, else one line of evidence.
        why: one sentence on why it matters, shown after a pass.
        needs: ids of earlier questions whose answers this one uses.
        note: (Answers) -> a remark that goes with a pass, or None.
        points: what grading gives for a pass.
        columns: what a frame must have for the rules to be able to look at it: name of the frame ->
            column -> its kind (`kinds.COLUMN_KINDS`). Without it a missing column would make a
            rule fail, which counts as a fault of the check. What stands in the index of a pandas
            frame counts as a column.
        keys: what a dict must have: name of the dict -> key -> kind of its value
            (`kinds.KINDS`); under `...` the kind of all values, whatever their keys.
        choices: for a name of kind "choice" or "text", the words or numbers that it may be; case,
            blanks and dashes do not count, and rules see the spelling given here.
        looks_at: word in code type of the question's text that is none of these and no name of
            the lab -> which rule looks at it, or why none has to.
        fixed: the parts of a frame's layout that belong to the answer ("rows" for their order,
            "columns" for theirs, "partitions"); whatever is not listed may vary in a right answer.
    """

    id: str
    title: str
    names: Mapping[str, str]
    hints: tuple[str, ...]
    mistakes: tuple[Mistake, ...]
    refuse: Rule
    why: str
    points: float = 1
    needs: tuple[str, ...] = ()
    note: Rule | None = None
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    keys: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)
    choices: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    looks_at: Mapping[str, str] = field(default_factory=dict)
    fixed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not re.fullmatch(r"q[1-9]\d*", self.id):
            raise ValueError(f"question id {self.id!r} is not q1, q2, …")
        if not self.names:
            raise ValueError(f"{self.id}: `names` names no variable")
        for name, kind in self.names.items():
            if kind not in KINDS:
                raise ValueError(f"{self.id}: {name} has unknown kind {kind!r}; there are {KINDS}")
            if name in _RESERVED or not name.isidentifier():
                raise ValueError(f"{self.id}: {name!r} cannot be the name of an answer")
        ids = [mistake.id for mistake in self.mistakes]
        if len(ids) != len(set(ids)):
            raise ValueError(f"{self.id}: two mistakes have the same id")
        if not set(self.fixed) <= _LAYOUT:
            raise ValueError(f"{self.id}: `fixed` knows {sorted(_LAYOUT)}")
        for name, columns in self.columns.items():
            if self.names.get(name) not in ("frame", "pandas"):
                raise ValueError(
                    f"{self.id}: `columns` names {name!r}, which is no frame in `names`"
                )
            if unknown := set(columns.values()) - set(COLUMN_KINDS):
                raise ValueError(f"{self.id}: column kinds {sorted(unknown)} are unknown")
        for name, keys in self.keys.items():
            if self.names.get(name) != "dict" or set(keys.values()) - set(KINDS):
                raise ValueError(f"{self.id}: `keys` of {name!r} needs a dict and known kinds")
        for name in self.choices:
            if self.names.get(name) not in ("choice", "text"):
                raise ValueError(f"{self.id}: `choices` names {name!r}, which is no choice")
        if len(self.why.strip().splitlines()) != 1:
            raise ValueError(f"{self.id}: `why` is one line")
        if self.points <= 0:
            raise ValueError(f"{self.id}: points are above 0")
        object.__setattr__(self, "names", MappingProxyType(dict(self.names)))
