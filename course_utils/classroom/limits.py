"""How much a submission may use before it is stopped."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The limits of one submission. The defaults are several times what a lab needs."""

    cell: float = 300.0  # seconds for one cell, then it is interrupted
    grace: float = 20.0  # seconds for it to end then, or its kernel is ended
    submission: float = 2400.0  # seconds for all its runs together
    memory: int = 3 << 30  # bytes that its processes hold together
    disk: int = 1 << 30  # bytes of its scratch
    processes: int = 700  # threads count: a JVM with Spark has about 150
    output: int = 100_000  # characters of one cell's output that are kept
