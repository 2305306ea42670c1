"""Begins an exam: draws it and writes it down; drops one that nobody wants to finish."""

import random
from dataclasses import replace

from course_utils.errors import CourseError
from course_utils.exam import draw, guide, record
from course_utils.exam.bank import Bank
from course_utils.exam.kept import Asked, Record, Sitting


def begin(
    bank: Bank,
    tag: str = guide.CURRENT,
    seed: int | None = None,
    domain: int | None = None,
    mistakes: bool = False,
) -> Sitting:
    """Draws an exam and writes it down as the one that is going on.

    Args:
        bank: where the questions are from.
        tag: the guide, "2025" or "2022".
        seed: what decides the draw and the order of the options; by chance if left out.
        domain: only questions of this domain, from 1.
        mistakes: only questions whose last answer was wrong.

    Raises:
        CourseError: an exam is going on already, or there is nothing to ask.
    """
    chosen = guide.guide(tag)
    if domain is not None and not 1 <= domain <= len(chosen.sections):
        there = ", ".join(f"{i} {each.title}" for i, each in enumerate(chosen.sections, 1))
        raise CourseError(f"There is no domain {domain}: {chosen.title} has {there}.")
    seed = random.SystemRandom().randrange(1, 1_000_000) if seed is None else seed
    place = None if domain is None else domain - 1
    kept = record.load()
    if mistakes:
        ids = draw.among(bank, chosen, seed, kept.mistakes(), place)
    elif place is not None:
        ids = draw.one_domain(bank, chosen, seed, place)
    else:
        ids = draw.whole_exam(bank, chosen, seed)
    kind = "mistakes" if mistakes else "whole exam"
    if place is not None:
        kind = f"domain {domain}" if not mistakes else f"mistakes of domain {domain}"
    limit = 60 * round(chosen.minutes * len(ids) / chosen.questions)
    asked = tuple(Asked(id) for id in ids)
    sitting = Sitting(tag, kind, seed, record.now(), float(limit), asked)

    def change(before: Record) -> Record:
        if before.sitting is not None:
            raise CourseError(
                f"An exam is going on ({told(before.sitting)}): ./course exam goes on with it, "
                "./course exam --discard drops it."
            )
        return replace(before, sitting=sitting)

    record.update(change)
    return sitting


def discard() -> Sitting | None:
    """Drops the exam that is going on and returns it; None if there is none."""
    dropped = record.load().sitting
    if dropped is not None:
        record.update(lambda before: replace(before, sitting=None))
    return dropped


def told(sitting: Sitting) -> str:
    """ "whole exam by the current guide, seed 7, 48 questions"."""
    title = guide.guide(sitting.guide).title
    return f"{sitting.kind} by {title}, seed {sitting.seed}, {len(sitting.questions)} questions"
