"""The practice question of the welcome notebook. It needs no Spark."""

from course_utils.lab import Answers, Mistake, Question

PARTITIONS, CORES, SECONDS_EACH = 10, 4, 3
ROUNDS = -(-PARTITIONS // CORES)


def _is(a: Answers, value: float) -> bool:
    return abs(a.seconds - value) < 1e-9


def _no_rounds(a: Answers) -> str | None:
    if _is(a, PARTITIONS / CORES * SECONDS_EACH):
        return f"{a.seconds:g} seconds is not a whole number of rounds of {SECONDS_EACH} seconds"
    return None


def _one_core(a: Answers) -> str | None:
    if _is(a, PARTITIONS * SECONDS_EACH):
        return f"{a.seconds:g} seconds is {PARTITIONS} partitions one after the other"
    return None


def _one_round(a: Answers) -> str | None:
    if _is(a, SECONDS_EACH):
        return f"{a.seconds:g} seconds is a single round, in which {CORES} partitions are done"
    return None


def _right(a: Answers) -> str | None:
    if _is(a, ROUNDS * SECONDS_EACH):
        return None
    return f"{a.seconds:g} seconds does not fit {PARTITIONS} partitions on {CORES} cores"


QUESTIONS = [
    Question(
        id="q1",
        title="How long does a stage take?",
        points=1,
        names={"seconds": "number"},
        hints=(
            "A partition cannot be shared by two cores. Draw 4 columns and fill them row by row.",
            "Count the rounds first: how many times must the 4 cores start anew for 10 partitions?",
        ),
        mistakes=(
            Mistake(
                "no-rounds",
                evidence=_no_rounds,
                say="The work was divided evenly, but a partition is never split between cores.",
            ),
            Mistake(
                "one-core",
                evidence=_one_core,
                say="The cores work at the same time, so the partitions do not queue up singly.",
            ),
            Mistake(
                "one-round",
                evidence=_one_round,
                say="There are more partitions than cores, so some partitions have to wait.",
            ),
        ),
        refuse=_right,
        why=(
            "The slowest round decides: more partitions than cores mean waves, "
            "and a wave that is not full leaves cores idle."
        ),
    ),
]
