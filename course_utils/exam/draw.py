"""Which questions an exam has: so many of each domain as the guide's weights say, by a seed."""

import math
import random
from collections.abc import Collection, Sequence

from course_utils.errors import CourseError
from course_utils.exam.bank import Bank, Entry
from course_utils.exam.guide import Guide


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """`total` split by weights into whole numbers, by largest remainder (Hamilton's method).

    Each part gets its quota rounded down; what is left goes one by one to the parts with the
    largest remainders, of equal ones to the first.
    """
    quotas = [total * weight / sum(weights) for weight in weights]
    parts = [math.floor(quota) for quota in quotas]
    by_remainder = sorted(range(len(weights)), key=lambda i: parts[i] - quotas[i])
    for place in by_remainder[: total - sum(parts)]:
        parts[place] += 1
    return parts


def whole_exam(bank: Bank, guide: Guide, seed: int) -> list[str]:
    """The ids of an exam's questions, in the order in which they are asked.

    Raises:
        CourseError: the bank has too few questions in a domain.
    """
    rng = random.Random(seed)
    counts = shares(guide.questions, [section.weight for section in guide.sections])
    ids = [
        entry.id
        for place, count in enumerate(counts)
        for entry in _of_section(bank, guide, place, count, rng)
    ]
    rng.shuffle(ids)  # as in the real one, domains come mixed
    return ids


def one_domain(bank: Bank, guide: Guide, seed: int, place: int) -> list[str]:
    """As `whole_exam`, of one domain alone: as many questions as it has in a whole one."""
    rng = random.Random(seed)
    counts = shares(guide.questions, [section.weight for section in guide.sections])
    ids = [entry.id for entry in _of_section(bank, guide, place, counts[place], rng)]
    rng.shuffle(ids)
    return ids


def among(
    bank: Bank, guide: Guide, seed: int, ids: Collection[str], place: int | None
) -> list[str]:
    """Some of these questions, as many as an exam has at most, of one domain or of all.

    Raises:
        CourseError: none is left of the guide, or of that domain.
    """
    rng = random.Random(seed)
    sections = range(len(guide.sections)) if place is None else [place]
    left = [e.id for each in sections for e in bank.of_section(guide, each) if e.id in ids]
    if not left:
        raise CourseError(
            "No question was answered wrongly here so far, or all of them rightly since: "
            "./course exam draws a new exam."
        )
    return rng.sample(left, min(len(left), guide.questions))


def _of_section(
    bank: Bank, guide: Guide, place: int, count: int, rng: random.Random
) -> list[Entry]:
    """`count` questions of a domain, spread evenly over its objectives."""
    section, there = guide.sections[place], bank.of_section(guide, place)
    if len(there) < count:
        raise CourseError(
            f"The bank has {len(there)} questions on {section.title.lower()}, and an exam asks "
            f"{count}: update the course with git pull."
        )
    pools = [
        [entry for entry in there if objective.tag in entry.question.objectives]
        for objective in section.objectives
    ]
    rng.shuffle(pools)
    for pool in pools:
        rng.shuffle(pool)
    drawn: dict[str, Entry] = {}
    while len(drawn) < count:  # a question of each objective in turn, until there are enough
        for pool in pools:
            while pool and pool[-1].id in drawn:
                pool.pop()
            if pool and len(drawn) < count:
                entry = pool.pop()
                drawn[entry.id] = entry
    return list(drawn.values())
