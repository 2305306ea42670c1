"""Whose fault an error inside a check is: nobody's, the learner's, or the course's.

The learner is blamed only on evidence: the error comes out of their code, their function or
their frame. Without it the fault is ours.
"""

from collections import ChainMap
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from course_utils.lab import kinds
from course_utils.lab.answers import (
    Answers,
    LearnerError,
    ReturnedNoneError,
    SparkGoneError,
    stopped,
)
from course_utils.lab.cause import one_line
from course_utils.lab.finding import Finding, check_bug, raised, unavailable, wrong
from course_utils.lab.question import Question
from course_utils.session.gone import from_spark


def blame(
    question: Question, answers: Answers, seen: ChainMap[str, Any], error: Exception
) -> Finding:
    """What an error means that a rule of `question` ended in."""
    if isinstance(error, ReturnedNoneError):
        return wrong(
            "is-none",
            f"`{error.what}` returns None.",
            "the function has no `return`, or a path through it without one.",
        )
    inner = error.error if isinstance(error, LearnerError) else error
    values = {name: seen.get(name) for name in question.names}
    if isinstance(inner, SparkGoneError) or (from_spark(inner) and _spark_gone(answers, values)):
        return unavailable()
    if isinstance(error, LearnerError):
        return raised(f"`{error.what}` raised {one_line(inner)}")
    if _in_learners_code(inner, seen.maps[-1]):
        return raised(f"your code raised {one_line(inner)}")
    if (lacking := _lacks_attribute(inner, values)) is not None:
        return lacking
    for name, value in values.items():
        failure = _compute(value)
        if failure is not None:
            return raised(f"`{name}` fails when it is computed: {one_line(failure)}")
    return check_bug(question, error)


def _spark_gone(answers: Answers, values: dict[str, Any]) -> bool:
    try:
        if any(kinds.fits(v, "frame") and stopped(v.sparkSession) for v in values.values()):
            return True  # there may be a new session, but the frames belong to the old one
        answers.spark.sql("SELECT 1").collect()
    except Exception:
        return True
    return False


def _in_learners_code(error: BaseException, namespace: Mapping[str, Any]) -> bool:
    if any(frame is namespace for frame in _globals(error.__traceback__)):
        return True
    # A Python worker's stack names the cell in the text of the error
    text = str(error)
    return "Traceback (most recent call last)" in text and (
        "ipykernel_" in text or "<ipython-input" in text
    )


def _lacks_attribute(error: BaseException, values: dict[str, Any]) -> Finding | None:
    """Another kind of object than the check can look into: a scaler for a regression."""
    if not isinstance(error, AttributeError) or error.obj is None:
        return None
    for name, value in values.items():
        parts = [value, *getattr(value, "stages", [])]
        if any(part is error.obj for part in parts):
            described = kinds.describe(error.obj)
            return wrong(
                "wrong-type",
                f"`{name}` is or ends in {described}, which has no `{error.name}`.",
                "another class was used than the question asks for.",
            )
    return None


def _compute(value: Any) -> Exception | None:
    """Computes every column of a frame, as a lazily evaluated one may fail only then."""
    if not kinds.fits(value, "frame") or value.isStreaming:
        return None
    try:
        value.write.format("noop").mode("overwrite").save()
    except Exception as error:
        return error
    return None


def _globals(stack: TracebackType | None) -> list[dict[str, Any]]:
    found = []
    while stack is not None:
        found.append(stack.tb_frame.f_globals)
        stack = stack.tb_next
    return found
