"""How submissions were graded: one file for each, whole or absent."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from course_utils.classroom.verdict import Verdict
from course_utils.session.files import write_text

SCHEMA = 1


@dataclass(frozen=True)
class Result:
    """How one submission was graded."""

    name: str
    lab: str  # "06"; "" where nothing says of which lab it is
    file: str
    state: str  # "graded", "nothing answered", "not readable", "another lab", "not graded"
    verdicts: tuple[Verdict, ...] = ()
    notes: tuple[str, ...] = ()
    look: bool = False  # a person has to look before it counts
    seconds: float = 0.0
    canvas: str = ""
    moodle: str = ""

    @property
    def key(self) -> str:
        """Who it is, as `Submission.key`."""
        return f"{self.name} {self.canvas or self.moodle}".strip()

    @property
    def points(self) -> float:
        """What the questions earned by themselves."""
        return sum(each.points for each in self.verdicts)

    @property
    def of(self) -> float:
        """What they could have earned."""
        return sum(each.of for each in self.verdicts)


def keep(result: Result, file: Path, stamp: str) -> None:
    """Keep a result, whole or not at all."""
    kept = {"schema": SCHEMA, "stamp": stamp, **asdict(result)}
    write_text(file, json.dumps(kept, indent=1, ensure_ascii=False) + "\n", mode=0o600)


def results_in(out: Path) -> list[Result]:
    """All results that a grading has kept in its folder."""
    loaded = (load(file)[1] for file in sorted((out / "results").glob("*.json")))
    return [result for result in loaded if result is not None]


def load(file: Path) -> tuple[str, Result | None]:
    """(stamp, result) of a kept file; nothing where it is none, or of another version."""
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        if raw.pop("schema") != SCHEMA:
            return "", None
        stamp = str(raw.pop("stamp"))
        verdicts = tuple(Verdict(**{**v, "lines": tuple(v["lines"])}) for v in raw.pop("verdicts"))
        return stamp, Result(**{**raw, "verdicts": verdicts, "notes": tuple(raw["notes"])})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return "", None


def file_name(name: str) -> str:
    """A learner's name as a file's: no two names share one."""
    plain = re.sub(r"[^\w .-]", "_", name).strip(" .")[:60]
    if plain == name:
        return plain
    return f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"
