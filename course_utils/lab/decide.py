"""Mistakes told apart by one function that looks at an answer from top to bottom.

Where the diagnoses of a question exclude each other, one function with an `if` for each says it in
fewer lines than a rule for each, and looks at the same things once.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from course_utils.lab.answers import Answers
from course_utils.lab.question import Mistake, Rule
from course_utils.lab.values import Values

# (mistake id, one line of evidence); "" for what is wrong and has no name; None: nothing found
Find = Callable[[Answers], tuple[str, str] | None]


def decided(find: Find, says: Mapping[str, str], *numbers: Mistake) -> tuple[Mistake, ...]:
    """The mistakes of a question.

    Args:
        find: what is wrong, called once per check.
        says: mistake id -> the likely cause, for the mistakes that only `find` names.
        numbers: mistakes that are told by numbers; `find` may name them as well, and they are
            looked at only where it finds nothing.
    """
    own = [Mistake(id, _seen(find, id), say) for id, say in says.items()]
    return (*own, *(replace(m, evidence=_seen(find, m.id, m.evidence)) for m in numbers))


def refused(find: Find, values: Values | None = None) -> Rule:
    """The rule of the question: whatever `find` finds, and then the numbers that are not right."""

    def rule(a: Answers) -> str | None:
        found = a.once(find, find)
        if found is not None:
            return found[1]
        return values.refuse(a) if values is not None else None

    return rule


def _seen(find: Find, id: str, otherwise: Rule | None = None) -> Rule:
    def rule(a: Answers) -> str | None:
        found = a.once(find, find)
        if found is None:
            return otherwise(a) if otherwise is not None else None
        return found[1] if found[0] == id else None

    return rule
