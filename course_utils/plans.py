"""Plans for a class: what is taught when, in the minutes of a room.

`course.toml` gives each lesson the minutes of somebody who works alone. A room takes longer: it
reads aloud, asks, and waits for the slowest machine. How much longer stands there too, once, under
[teaching].
"""

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from course_utils import config, paths
from course_utils.errors import CourseError

Role = Literal["demo", "lab"]


@dataclass(frozen=True)
class Habits:
    """How time goes in a class, in minutes but for `room`."""

    room: float  # minutes of a room for one of a lone reader
    step: int  # minutes of a room are rounded up to these
    stretch: int  # of work, after which people need a break
    pause: int
    lunch: int
    day: int  # of work, at most
    half_day: int
    start: int  # since midnight

    def in_room(self, minutes: int) -> int:
        """What takes a lone reader `minutes` takes a room so many."""
        exact = round(minutes * self.room, 6)  # 50 · 1.4 is 70, and not a little more
        return math.ceil(exact / self.step) * self.step


@dataclass(frozen=True)
class Item:
    """The demo or the lab of a lesson, and the minutes it takes in this plan."""

    lesson: config.Lesson
    role: Role
    minutes: int


@dataclass(frozen=True)
class Sitting:
    """What a class does on one day, or on half of it."""

    title: str
    items: tuple[Item, ...]
    evening: tuple[Item, ...]  # labs that everybody does alone, in a lone reader's minutes
    most: int  # minutes of work that it may have
    habits: Habits

    @property
    def minutes(self) -> int:
        """Minutes of work."""
        return sum(item.minutes for item in self.items)

    @property
    def breaks(self) -> int:
        """How many times the work is interrupted, lunch included."""
        return max(0, self.minutes - 1) // self.habits.stretch

    @property
    def lunch(self) -> bool:
        """Whether one of the breaks is lunch: there is more to do than fits into half a day."""
        return self.minutes > self.habits.half_day

    @property
    def in_all(self) -> int:
        """Minutes with breaks and lunch."""
        longer = self.habits.lunch - self.habits.pause if self.lunch else 0
        return self.minutes + self.breaks * self.habits.pause + longer


@dataclass(frozen=True)
class Plan:
    """One way to teach the course, or to work through it alone."""

    name: str  # for the command
    title: str
    alone: bool
    sittings: tuple[Sitting, ...]


def load(root: Path = paths.ROOT, lessons: Sequence[config.Lesson] | None = None) -> list[Plan]:
    """The plans of `course.toml` in `root`, in its order; none where there is no such file.

    Raises:
        CourseError: a plan names a lesson that there is not, or a lab that its lesson lacks.
    """
    path = root / "course.toml"
    if not path.exists():
        return []
    with path.open("rb") as file:
        raw = tomllib.load(file)
    habits = Habits(**raw["teaching"])
    known = {each.number: each for each in (lessons or config.course().lessons)}
    return [_plan(each, habits, known) for each in raw["plan"]]


def plan(name: str) -> Plan:
    """The plan of this name.

    Raises:
        CourseError: no such plan; the line lists those there are.
    """
    plans = load()
    for each in plans:
        if each.name == name:
            return each
    raise CourseError(
        f"There is no plan {name!r}: there are {', '.join(each.name for each in plans)}."
    )


def clock(minutes: int) -> str:
    """Minutes since midnight as 9:05."""
    return f"{minutes // 60}:{minutes % 60:02}"


def _plan(raw: dict[str, Any], habits: Habits, known: dict[str, config.Lesson]) -> Plan:
    name, alone = raw["name"], raw.get("alone", False)
    for each in raw["sitting"]:
        if stray := set(each["lessons"]) - set(known):
            raise CourseError(
                f"course.toml: the plan {name} names lesson {min(stray)}, which is not listed. "
                "Add the lesson, or take it out of the plan."
            )
        if stray := set(each.get("lab_at_home", ())) - set(each["lessons"]):
            raise CourseError(
                f"course.toml: the plan {name} gives lab {min(stray)} for the evening of a day "
                "without that lesson. Take it out of lab_at_home, or put the lesson in."
            )
    sittings = (_sitting(each, habits, known, alone) for each in raw["sitting"])
    return Plan(name, raw["title"], alone, tuple(sittings))


def _sitting(
    raw: dict[str, Any], habits: Habits, known: dict[str, config.Lesson], alone: bool
) -> Sitting:
    items: list[Item] = []
    evening: list[Item] = []
    for number in raw["lessons"]:
        lesson = known[number]
        if lesson.demo_minutes:
            minutes = lesson.demo_minutes if alone else habits.in_room(lesson.demo_minutes)
            items.append(Item(lesson, "demo", minutes))
        if lesson.lab and number in raw.get("lab_at_home", ()):
            evening.append(Item(lesson, "lab", lesson.lab_minutes))
        elif lesson.lab:
            minutes = lesson.lab_minutes if alone else habits.in_room(lesson.lab_minutes)
            items.append(Item(lesson, "lab", minutes))
    most = habits.half_day if raw["title"].startswith("Half day") else habits.day
    return Sitting(raw["title"], tuple(items), tuple(evening), most, habits)
