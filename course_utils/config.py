"""`course.toml`, read once: the ordered registry of lessons and the defaults."""

import os
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from course_utils import paths
from course_utils.errors import CourseError


@dataclass(frozen=True)
class Lesson:
    """One line of the registry."""

    number: str  # two digits, "06"
    slug: str
    title: str
    part: str
    demo_minutes: int  # 0: it has no demo
    lab_minutes: int  # 0: it has no lab
    data: tuple[str, ...]
    objectives: tuple[str, ...]  # exam objectives: "2025-19", "2022-S3"
    timed: bool = False  # its demo measures time: executed on a quiet machine, as a learner's is

    @property
    def minutes(self) -> int:
        """Demo and lab together."""
        return self.demo_minutes + self.lab_minutes

    @property
    def lab(self) -> bool:
        """Whether it has a lab."""
        return self.lab_minutes > 0

    @property
    def name(self) -> str:
        """File stem shared by its notebooks and its folder, "06_linear_regression_1"."""
        return f"{self.number}_{self.slug}"

    @property
    def folder(self) -> Path:
        """Where its sources are."""
        return paths.LESSONS / self.name


@dataclass(frozen=True)
class Sitting:
    """What a class does between two longer breaks."""

    title: str  # "Half day 1"
    lessons: tuple[str, ...]  # numbers


@dataclass(frozen=True)
class Plan:
    """One way to teach the course."""

    title: str
    sittings: tuple[Sitting, ...]


@dataclass(frozen=True)
class Course:
    """The registry and the defaults."""

    title: str
    spark: str  # local | spark://… | sc://… | databricks
    scale: str  # small | medium | large:<rows>
    lessons: tuple[Lesson, ...]
    plans: tuple[Plan, ...]


@cache
def _read() -> Course:
    with (paths.ROOT / "course.toml").open("rb") as file:
        raw = tomllib.load(file)
    lessons = tuple(
        Lesson(
            number=item["number"],
            slug=item["slug"],
            title=item["title"],
            part=item["part"],
            demo_minutes=item.get("demo_minutes", 0),
            lab_minutes=item.get("lab_minutes", 0),
            data=tuple(item.get("data", ())),
            objectives=tuple(item.get("objectives", ())),
            timed=item.get("timed", False),
        )
        for item in raw["lesson"]
    )
    return Course(
        title=raw["course"]["title"],
        spark=raw["session"]["spark"],
        scale=raw["data"]["scale"],
        lessons=lessons,
        plans=tuple(
            Plan(
                plan["title"],
                tuple(Sitting(each["title"], tuple(each["lessons"])) for each in plan["sitting"]),
            )
            for plan in raw["plan"]
        ),
    )


def course() -> Course:
    """The registry, with the environment's settings on top."""
    read = _read()
    return replace(
        read,
        spark=os.environ.get("COURSE_SPARK") or read.spark,
        scale=os.environ.get("COURSE_SCALE") or read.scale,
    )


def lesson(number: str) -> Lesson:
    """The lesson with this number ("06", "6" or its full name).

    Raises:
        CourseError: no such lesson; the line lists those there are.
    """
    wanted = number.split("_")[0].zfill(2)
    for item in course().lessons:
        if item.number == wanted:
            return item
    there = ", ".join(item.number for item in course().lessons)
    raise CourseError(f"There is no lesson {number!r}: this course has {there}.")
