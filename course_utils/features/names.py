"""Names of columns: two that differ only in the case of letters are one, as in Spark and Delta."""

from collections.abc import Iterable, Sequence


def spelled(name: str, known: Iterable[str]) -> str | None:
    """The name as it is spelled among those that are known, None if it is not there."""
    fitting = [other for other in known if other.lower() == name.lower()]
    return name if name in fitting else next(iter(fitting), None)


def spell(names: Iterable[str], known: Sequence[str]) -> tuple[str, ...]:
    """Names as they are spelled among the known; one that is not there stays as it is."""
    return tuple(spelled(name, known) or name for name in names)


def twice(names: Iterable[str]) -> tuple[str, str] | None:
    """The first two names that are one; None if all are different."""
    seen: dict[str, str] = {}
    for name in names:
        if name.lower() in seen:
            return seen[name.lower()], name
        seen[name.lower()] = name
    return None


def unused(name: str, taken: Iterable[str]) -> str:
    """The name, with as many _ before it as make it and all that begin with it nobody's."""
    others = [other.lower() for other in taken]
    while any(other.startswith(name.lower()) for other in others):
        name = f"_{name}"
    return name
