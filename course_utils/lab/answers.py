"""What a check sees of the learner's work."""

from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from course_utils.lab.kinds import fits
from course_utils.lab.ran import Cells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark.sql import DataFrame, Row, SparkSession


class MissingNameError(Exception):
    """A check needs a name that is not there, or is still `...`."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class LearnerError(Exception):
    """The learner's code raised while a check used it."""

    def __init__(self, what: str, error: BaseException) -> None:
        super().__init__(what)
        self.what = what  # "area(2, 3)"
        self.error = error


class ReturnedNoneError(Exception):
    """The learner's function returned nothing."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what  # "area(2, 3)"


class SparkGoneError(Exception):
    """There is no running Spark session."""


class Answers:
    """The learner's variables, read by name: `a.train_vec`.

    Raises:
        MissingNameError: on a name that is not there; the engine turns it into a message.
    """

    def __init__(self, uses: Mapping[str, str], namespace: Mapping[str, Any], cells: Cells) -> None:
        self._uses = uses
        self._namespace = namespace
        self._cells = cells
        self._rows: dict[str, int] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = self._namespace.get(name, ...)
        if value is ...:
            raise MissingNameError(name)
        return value

    @property
    def spark(self) -> "SparkSession":
        """The running session: the notebook's `spark`, else the active one."""
        from pyspark.sql import SparkSession

        session = self._namespace.get("spark")
        if not isinstance(session, SparkSession):
            session = SparkSession.getActiveSession()
        if session is None or stopped(session):
            raise SparkGoneError
        return session

    def rows(self, name: str) -> int:
        """How many rows the frame `name` has; all frames of the question count in one Spark job."""
        if name not in self._rows:
            frames: dict[str, Any] = {
                n: self._namespace.get(n) for n, kind in self._uses.items() if kind == "frame"
            }
            frames.setdefault(name, getattr(self, name))
            countable = {n: f for n, f in frames.items() if fits(f, "frame") and not f.isStreaming}
            self._rows.update(_count(countable))
        return self._rows[name]

    def counted(self, name: str) -> int | None:
        """The rows of `name` if they were counted already."""
        return self._rows.get(name)

    def collect(self, frame: "DataFrame") -> "list[Row]":
        """The rows of a small result, such as an aggregate, in one Spark job."""
        with _one_job(frame.sparkSession):
            return frame.collect()

    def call(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Calls the learner's function; an error in it becomes RAISED, None becomes WRONG."""
        function = getattr(self, name)
        shown = [_short(arg) for arg in args] + [f"{k}={_short(v)}" for k, v in kwargs.items()]
        try:
            value = function(*args, **kwargs)
        except Exception as error:
            raise LearnerError(f"{name}({', '.join(shown)})", error) from error
        if value is ...:
            raise MissingNameError(name)
        if value is None:
            raise ReturnedNoneError(f"{name}({', '.join(shown)})")
        return value

    def source(self, name: str) -> str:
        """The text of the last cell that assigned `name`; "" when it is not known."""
        cell = self._cells.assigning(name)
        return "" if cell is None else cell.source


def stopped(session: Any) -> bool:
    """Whether a session was stopped, as far as Python knows (no job is run)."""
    if hasattr(session, "is_stopped"):  # Spark Connect
        return bool(session.is_stopped)
    return session.sparkContext._jsc is None


def _count(frames: "dict[str, DataFrame]") -> dict[str, int]:
    """{name: rows}. One job for all, as each costs more than counting small data does."""
    from functools import reduce

    from pyspark.sql.functions import lit

    if not frames:
        return {}
    ones = [frame.select(lit(name).alias("name")) for name, frame in frames.items()]
    together = reduce(lambda left, right: left.unionAll(right), ones)
    counted = together.groupBy("name").count()
    with _one_job(counted.sparkSession):
        found = {row["name"]: row["count"] for row in counted.collect()}
    return {name: found.get(name, 0) for name in frames}


@contextmanager
def _one_job(session: "SparkSession") -> "Iterator[None]":
    """Without adaptive execution, which runs each shuffle as a job of its own."""
    setting = "spark.sql.adaptive.enabled"
    before = session.conf.get(setting)
    session.conf.set(setting, "false")
    try:
        yield
    finally:
        session.conf.set(setting, before or "true")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 30 else text[:29] + "…"
