"""What a check sees of the learner's work."""

from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from course_utils.lab import kinds
from course_utils.lab.question import Question
from course_utils.lab.ran import Cells

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd
    from pyspark.sql import DataFrame, Row, SparkSession

T = TypeVar("T")


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

    Names of the question are plain (`kinds.plain`): numbers are Python's, arrays and rows are
    lists, pandas frames have NumPy's types.

    Args:
        question: whose names are plain.
        namespace: the learner's variables.
        cells: what the learner ran.

    Raises:
        MissingNameError: on a name that is not there; the engine turns it into a message.
    """

    def __init__(self, question: Question, namespace: Mapping[str, Any], cells: Cells) -> None:
        self._question = question
        self._namespace = namespace
        self._cells = cells
        self._rows: dict[str, int] = {}
        self._once: dict[Any, Any] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = self._namespace.get(name, ...)
        if value is ...:
            raise MissingNameError(name)
        kind = self._question.names.get(name)
        if kind is None or not kinds.fits(value, kind):
            return value
        return self.once(("plain", name), lambda a: a._plain(name, kind, value))

    def _plain(self, name: str, kind: str, value: Any) -> Any:
        made = kinds.plain(value, kind)
        if kind == "pandas" and name in self._question.columns:
            made = kinds.index_as_columns(made, self._question.columns[name])
        if name in self._question.choices:
            meant = kinds.spelled(made, self._question.choices[name])
            made = made if meant is None else meant
        return made

    def once(self, key: Any, make: "Callable[[Answers], T]") -> "T":
        """What `make` gives, computed once per check: several rules ask for the same."""
        if key not in self._once:
            self._once[key] = make(self)
        return self._once[key]

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
                n: self._namespace.get(n)
                for n, kind in self._question.names.items()
                if kind == "frame"
            }
            frames.setdefault(name, getattr(self, name))
            countable = {
                n: f for n, f in frames.items() if kinds.fits(f, "frame") and not f.isStreaming
            }
            self._rows.update(_count(countable))
        return self._rows[name]

    def counted(self, name: str) -> int | None:
        """The rows of `name` if they were counted already."""
        return self._rows.get(name)

    def collect(self, frame: "DataFrame") -> "list[Row]":
        """The rows of a small result, such as an aggregate, in one Spark job."""
        with _one_job(frame.sparkSession):
            return frame.collect()

    def pandas(self, name: str) -> "pd.DataFrame":
        """The learner's frame as pandas with lower-case names, in one job, once per check.

        Dates come as datetime64. The frame runs on a copy of its plan, so that the learner's own
        stays as it was; a pandas frame comes as it is.
        """
        frame = getattr(self, name)
        if not kinds.fits(frame, "frame"):
            return frame
        return self.once(("pandas", name), lambda a: a.table(frame))

    def table(self, frame: "DataFrame") -> "pd.DataFrame":
        """Any Spark frame as pandas in one job, its names in lower case."""
        with _one_job(frame.sparkSession):
            rows = frame.select("*").toArrow().to_pandas(date_as_object=False)
        return rows.rename(columns=str.lower)

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
