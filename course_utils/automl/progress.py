"""Where a search stands, told to whoever listens: the form."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """Where a search stands.

    Attributes:
        stage: what it does, in words.
        trials: number of finished trials.
        last: the trial that has finished last, in words; nothing before the first.
        best: the best so far, in words.
        ends: the time on the monotonic clock when the search has to be over; None: no limit.
        warnings: what is known about the data already.
    """

    stage: str
    trials: int = 0
    last: str = ""
    best: str = ""
    ends: float | None = None
    warnings: tuple[str, ...] = ()


_listener: ContextVar[Callable[[Progress], None] | None] = ContextVar("listener", default=None)


@contextmanager
def heard_by(listener: Callable[[Progress], None]) -> Iterator[None]:
    """Searches that this thread makes within the block tell the listener where they stand."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def tell(progress: Progress) -> None:
    """Tell where the search stands, if someone listens."""
    listener = _listener.get()
    if listener is not None:
        listener(progress)
