"""The exam's guides, from `exam/guide.toml`: what is asked, with which weight, and where taught."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from course_utils import config, paths
from course_utils.errors import CourseError

FOLDER = paths.ROOT / "exam"
FILE = FOLDER / "guide.toml"
CURRENT, EARLIER = "2025", "2022"
_HEADING = re.compile(r"^# ## +(.+?) *$", re.MULTILINE)  # in the source of a notebook


@dataclass(frozen=True)
class Place:
    """A section of a lesson's notebook; with an empty heading, the lesson as a whole."""

    lesson: str  # "12"
    heading: str = ""

    def __str__(self) -> str:
        """ "lesson 12, "A grid, and folds" (notebooks/12_random_forests.ipynb)"."""
        part = f', "{self.heading}"' if self.heading else ""
        return f"lesson {self.lesson}{part} ({self.notebook})"

    @property
    def notebook(self) -> str:
        """The notebook from the checkout's folder, "labs/10_mlflow.ipynb"."""
        lesson = config.lesson(self.lesson)
        in_demo = lesson.demo_minutes and (
            not self.heading or self.heading in headings(self.lesson)
        )
        return f"{'notebooks' if in_demo else 'labs'}/{lesson.name}.ipynb"


@dataclass(frozen=True)
class Objective:
    """One objective of a guide."""

    tag: str  # "2025-37", as questions name it
    words: str
    taught: tuple[Place, ...]
    here: str  # what the course has in place of something of the platform; "" if nothing
    there: str  # how to try on the platform what is only there; "" if there is no need

    @property
    def only_there(self) -> bool:
        """Whether nothing here stands for it."""
        return bool(self.there) and not self.here


@dataclass(frozen=True)
class Section:
    """A domain of a guide, with its share of the questions."""

    title: str
    weight: int  # percent
    objectives: tuple[Objective, ...]

    @property
    def tags(self) -> frozenset[str]:
        """The tags of its objectives."""
        return frozenset(objective.tag for objective in self.objectives)


@dataclass(frozen=True)
class Guide:
    """One edition of the exam's guide."""

    tag: str  # "2025"
    title: str
    since: str
    questions: int
    minutes: int
    sections: tuple[Section, ...]

    def objectives(self) -> Iterator[Objective]:
        """All objectives, in order."""
        for section in self.sections:
            yield from section.objectives

    def section_of(self, tags: tuple[str, ...]) -> Section | None:
        """The domain in which a question with these tags counts: that of the first it knows."""
        for tag in tags:
            for section in self.sections:
                if tag in section.tags:
                    return section
        return None


def guide(tag: str = CURRENT) -> Guide:
    """The guide of 2025, or the earlier one of 2022."""
    return _read(FILE)[tag]


def objective(tag: str) -> Objective:
    """The objective with this tag.

    Raises:
        CourseError: there is none.
    """
    for each in _read(FILE).values():
        for found in each.objectives():
            if found.tag == tag:
                return found
    raise CourseError(f"There is no objective {tag!r}: see exam/guide.toml.")


def looked_up() -> str:
    """The day on which what is said about the platform was looked up."""
    return str(_toml(FILE)["looked_up"])


@cache
def headings(number: str, part: str = "demo") -> tuple[str, ...]:
    """The headings of the sections of a lesson's demo or lab; none where there is no such part."""
    path = config.lesson(number).folder / f"{part}.py"
    return tuple(_HEADING.findall(path.read_text(encoding="utf-8"))) if path.exists() else ()


def of_question(id: str) -> tuple[Place, ...]:
    """Where a question is taught whose objective is too wide to say it; often nothing."""
    return tuple(Place(*text.split(": ", 1)) for text in _toml(FILE)["questions"].get(id, ()))


def questions() -> tuple[str, ...]:
    """The ids of the questions of which `of_question` says where they are taught."""
    return tuple(_toml(FILE)["questions"])


def lost_places() -> list[str]:
    """A line for each place of the guide that the lessons do not have."""
    both = [each for tag in (CURRENT, EARLIER) for each in guide(tag).objectives()]
    named = {each.tag: each.taught for each in both} | {id: of_question(id) for id in questions()}
    return [
        f"exam/guide.toml: {name} is taught in lesson {place.lesson}, {place.heading!r}, "
        "which is no heading there"
        for name, places in named.items()
        for place in places
        if place.heading not in (*headings(place.lesson), *headings(place.lesson, "lab"))
    ]


@cache
def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _read(path: Path) -> dict[str, Guide]:
    return {
        raw["tag"]: Guide(
            raw["tag"],
            raw["title"],
            raw["since"],
            raw["questions"],
            raw["minutes"],
            tuple(_section(each) for each in raw["section"]),
        )
        for raw in _toml(path)["guide"]
    }


def _section(raw: dict[str, Any]) -> Section:
    return Section(raw["title"], raw["weight"], tuple(_objective(o) for o in raw["objective"]))


def _objective(raw: dict[str, Any]) -> Objective:
    places = tuple(Place(*text.split(": ", 1)) for text in raw["taught"])
    return Objective(raw["tag"], raw["words"], places, raw.get("here", ""), raw.get("there", ""))
