"""The questions of lab 19.

A frame is judged by its values, as pandas computes them from the rows in use, and by where they
come from: its optimized plan says whether rows passed through the notebook, and whether frames
were joined. A function is judged by the Spark jobs that run while it is called.
"""

import contextlib
import io
import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import uuid4

import numpy as np
import pandas as pd

from course_utils.data.schema import COLUMNS
from course_utils.data.splits import split_folder
from course_utils.lab import Answers, Question, compare, kinds
from course_utils.lab.answers import LearnerError, ReturnedNoneError
from course_utils.lab.decide import decided, refused

KEY, AREA = "listing_id", "neighbourhood_cleansed"
TRAPS = ("rows one by one", "no type hint", "two origins")
ENOUGH = 30  # listings of a neighborhood

Found = tuple[str, str] | None
Formulas = dict[str, "list[pd.Series[float]]"]

SAYS = {
    "plain-pandas": "pandas read it, or to_pandas() and the like brought it to the notebook; stay "
    "with ps.",
    "spark-frame": "this is Spark's own DataFrame; pandas_api(index_col=…) turns it into a "
    "pandas-on-Spark one.",
    "through-the-driver": "rows were brought to the notebook and sent back to Spark; that ends "
    "when they outgrow its memory.",
    "other-index": "index_col= or set_index makes the index of a column; without them, and after "
    "reset_index, it is a default one.",
    "columns-missing": "a column was left out, has another name, or is the index now.",
    "rows-lost": "rows are missing, there twice, or others: look for a filter, a join, a limit or "
    "another table.",
    "column-changed": "the new column was written over another one, or made beside a changed one; "
    "all others stay as they are.",
    "text-for-numbers": "a cast, or the type hint of a function, made text of them; keep numbers.",
    "rounded": "They are right, but for their digits; keep all of them and round only what you "
    "print.",
    "series-for-frame": "a column alone was kept; the whole table is asked for.",
    "joined": "columns of two origins meet, and what merge or apply of whole rows makes is a new "
    "origin, too; take them all from one frame.",
    "other-trap": "look at what the cell makes Spark do: fetch rows, run a function to see its "
    "type, or match labels.",
}


def _says(*left_out: str, **more: str) -> dict[str, str]:
    """The causes of what is usually wrong, but for some, and those of one question."""
    usual = {id: say for id, say in SAYS.items() if id not in left_out}
    return usual | {id.replace("_", "-"): say for id, say in more.items()}


# --- what a frame is --------------------------------------------------------------------------


def _not_on_spark(value: Any, name: str, kind: str = "DataFrame") -> Found:
    """That a value is no pandas-on-Spark frame (or series), and what it is."""
    import pyspark.pandas as ps

    if isinstance(value, ps.DataFrame if kind == "DataFrame" else ps.Series):
        return None
    other = {ps.DataFrame: "frame-for-series", ps.Series: "series-for-frame"}
    for library_class, mistake in other.items():
        if isinstance(value, library_class):
            return mistake, f"`{name}` is a pandas-on-Spark {library_class.__name__}"
    found = f"`{name}` is {'None' if value is None else kinds.describe(value)}"
    if kinds.fits(value, "pandas"):
        return "plain-pandas", found
    if kinds.fits(value, "frame"):
        return "spark-frame", found
    return "", f"{found}, and no pandas-on-Spark {kind}"


def _frame(value: Any) -> Any:
    """A series as a frame of one column called "value"; a frame as it is."""
    return value if hasattr(value, "columns") else value.to_frame("value")


def _plan(value: Any) -> str:
    """The optimized plan; making it runs nothing."""
    with contextlib.redirect_stdout(io.StringIO()) as text, _without_warnings():
        _frame(value).spark.explain(extended=True)
    return text.getvalue().partition("== Optimized Logical Plan ==")[2].partition("\n== ")[0]


def _sent_by_python(value: Any, name: str) -> Found:
    if any(source in _plan(value) for source in ("LocalRelation", "LogicalRDD")):
        return (
            "through-the-driver",
            f"the plan of `{name}` starts from rows in memory, not from the file",
        )
    return None


def _joined(value: Any, name: str) -> Found:
    count = _plan(value).count("Join ")
    if not count:
        return None
    return "joined", f"the plan of `{name}` has {count} join{'s' if count > 1 else ''}"


def _index(value: Any, name: str, due: str) -> Found:
    names = [str(each) for each in value.index.names]
    if names == [due]:
        return None
    if names == ["None"]:
        return "other-index", f"the index of `{name}` has no name, as a default one"
    return "other-index", f"the index of `{name}` is {', '.join(f'`{each}`' for each in names)}"


def _columns(frame: Any, name: str, due: tuple[str, ...]) -> Found:
    missing = [f"`{column}`" for column in due if column not in list(frame.columns)]
    return ("columns-missing", f"`{name}` has no column {missing[0]}") if missing else None


def _table(a: Answers, value: Any, name: str) -> pd.DataFrame:
    """The rows of a frame in their order, with its index as index, in one job."""

    def rows(a: Answers) -> pd.DataFrame:
        with _without_warnings():
            return a.table(_frame(value).to_spark(index_col="the_index")).set_index("the_index")

    return a.once(("table", name), rows)


@contextlib.contextmanager
def _without_warnings() -> Iterator[None]:
    """The library warns of each look at the rows, which would cost a graded cell its points."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


# --- what is due ------------------------------------------------------------------------------


def _homes(side: str = "train") -> pd.DataFrame:
    """The listings of a side by their key, with `each`, from the files: that takes no Spark job."""
    return _read(str(split_folder()), side)


@cache
def _read(folder: str, side: str) -> pd.DataFrame:
    rows = pd.read_parquet(f"{folder}/{side}")
    rows = rows.sort_values(list(rows.columns), ignore_index=True).rename_axis(KEY)
    return rows.assign(each=rows["price"] / rows["accommodates"])


def _values(
    found: "pd.Series[float]", due: "pd.Series[float]", wrong: Formulas, where: str
) -> Found:
    """Which formula a column comes from, if it is not the right one; both have the same labels."""
    if texts := [value for value in found if isinstance(value, str)]:
        return "text-for-numbers", f"{where} holds text, such as {texts[0]!r:.40}"
    got = pd.to_numeric(found.reindex(due.index), errors="coerce").to_numpy(dtype=float)
    if _alike(got, due):
        return None
    off = ~np.isclose(got, due.to_numpy(dtype=float), rtol=1e-9, atol=0)
    first = int(np.argmax(off))
    line = f"{where} is {got[first]:.6g} for {due.index[first]}"
    for mistake, formulas in wrong.items():
        if any(_alike(got, numbers.reindex(due.index)) for numbers in formulas):
            return mistake, line
    return ("rounded" if _is_rounded(got, due.to_numpy(dtype=float)) else ""), line


def _is_rounded(got: "np.ndarray[Any, Any]", due: "np.ndarray[Any, Any]") -> bool:
    """Whether all are right but for their digits, of which none has more than six left."""
    for places in range(7):
        if np.allclose(got, np.round(got, places), rtol=0, atol=1e-9):
            return bool(got.any() and (np.abs(got - due) < 10.0**-places).all())
    return False


def _alike(got: "np.ndarray[Any, Any]", due: "pd.Series[float]") -> bool:
    return bool(np.allclose(got, due.to_numpy(dtype=float), rtol=1e-9, atol=0))


def _rows(table: pd.DataFrame, due: pd.DataFrame, name: str) -> Found:
    if len(table) == len(due) and table.index.is_unique and table.index.isin(due.index).all():
        return None
    return "rows-lost", f"`{name}` has {len(table):,} rows"


def _changed(table: pd.DataFrame, due: pd.DataFrame, name: str) -> Found:
    """That a column which was there before is not as it was; both have the same labels."""
    first = _differs(table, due)
    if first is None:
        return None
    line = f"in {first.rows:,} rows of `{name}`, `{first.column}` is not what it was; one has "
    others = _differs(table, due.drop(columns=first.column))
    # where several columns differ, they are other rows, or the same with other keys
    return ("" if others else "column-changed"), line + first.found


def _differs(table: pd.DataFrame, due: pd.DataFrame) -> compare.Differs | None:
    found, expected = (each.rename_axis(KEY).reset_index() for each in (table, due))
    return compare.differs(found, expected, [KEY], tolerance=1e-9)


def _trap(a: Answers, name: str, due: str) -> Found:
    return None if getattr(a, name) == due else ("other-trap", f"`{name}` is {getattr(a, name)!r}")


# --- the rules --------------------------------------------------------------------------------


def _first_cell(a: Answers) -> Found:
    found = (
        _not_on_spark(a.homes, "homes")
        or _sent_by_python(a.homes, "homes")
        or _index(a.homes, "homes", KEY)
        or _columns(a.homes, "homes", (*COLUMNS, "each"))
    )
    if found:
        return found
    due, table = _homes(), _table(a, a.homes[[*COLUMNS, "each"]], "homes")
    wrong = {
        "upside-down": [due["accommodates"] / due["price"]],
        "multiplied": [due["accommodates"] * due["price"]],
    }
    return (
        _rows(table, due, "homes")
        or _changed(table, due.drop(columns="each"), "homes")
        or _values(table["each"], due["each"], wrong, "`each`")
    )


def _second_cell(a: Answers) -> Found:
    found = (
        _not_on_spark(a.areas, "areas")
        or _sent_by_python(a.areas, "areas")
        or _index(a.areas, "areas", AREA)
        or _columns(a.areas, "areas", ("count", "mean"))
    )
    if found:
        return found
    groups = _homes().groupby(AREA)
    every = groups["each"].agg(["count", "mean"])
    due, table = every[every["count"] >= ENOUGH], _table(a, a.areas[["count", "mean"]], "areas")
    if set(table.index) == set(every.index) != set(due.index):
        return "small-areas-kept", f"`areas` has {len(table)} rows, as many as there are areas"
    wrong = {
        "price-for-each": [groups["price"].mean()],
        "median-for-mean": [
            groups["each"].median(),
            groups["each"].quantile(interpolation="lower"),
        ],
        "ratio-of-sums": [groups["price"].sum() / groups["accommodates"].sum()],
    }
    return (
        _rows(table, due, "areas")
        or _values(table["count"], due["count"], {}, "`count`")
        or _values(table["mean"], due["mean"], wrong, "`mean`")
        or _order(table["mean"])
    )


def _order(means: "pd.Series[float]") -> Found:
    if means.is_monotonic_decreasing:
        return None
    line = f"`areas` begins with {means.index[0]}, where `mean` is {means.iloc[0]:.2f}"
    return ("sorted-upwards" if means.is_monotonic_increasing else "not-sorted"), line


def _third_cell(a: Answers) -> Found:
    found = (
        _not_on_spark(a.banded, "banded")
        or _sent_by_python(a.banded, "banded")
        or _joined(a.banded, "banded")
        or _index(a.banded, "banded", KEY)
        or _columns(a.banded, "banded", (*COLUMNS, "each", "band"))
    )
    if found:
        return found
    due, table = _homes(), _table(a, a.banded[[*COLUMNS, "each", "band"]], "banded")
    return (
        _rows(table, due, "banded")
        or _changed(table, due, "banded")
        or _bands(table, due["price"])
        or _trap(a, "trap_3", TRAPS[0])
    )


def _bands(table: pd.DataFrame, price: "pd.Series[float]") -> Found:
    band = table["band"].reindex(price.index)
    due = pd.Series(np.select([price >= 300, price >= 100], ["high", "middle"], "low"), price.index)
    if band.eq(due).all():
        return None
    if band.isna().any():
        first = int(np.argmax(band.isna()))
        return "no-word", f"`band` has no value where `price` is {price.iloc[first]:g}"
    if odd := sorted(set(map(str, band)) - {"high", "middle", "low"}):
        return "other-words", f"`band` has the word {odd[0]!r}"
    first = int(np.argmax(band.ne(due)))
    line = f"`band` is {band.iloc[first]!r} where `price` is {price.iloc[first]:g}"
    strict = np.select([price > 300, price > 100], ["high", "middle"], "low")
    if (band == strict).all():
        return "boundaries", line
    if "high" not in set(band):
        return "high-lost", line
    return "", line


def _fourth_cell(a: Answers) -> Found:
    import pyspark.pandas as ps

    due = _homes("test")
    # no key of the notebook's frames, another column, and prices whose fees have many digits
    due = due.set_index(due.index + 10**6)[["beds", "price"]]
    due["price"] *= 1.0123
    result, jobs = _counting_jobs(a, ps.from_pandas(due))
    if found := _not_on_spark(result, "with_fee(frame)"):
        return found
    if jobs:
        return "starts-a-job", f"{jobs} Spark job{'s' if jobs > 1 else ''} ran during the call"
    found = (
        _joined(result, "with_fee(frame)")
        or _index(result, "with_fee(frame)", KEY)
        or _columns(result, "with_fee(frame)", (*due.columns, "fee"))
    )
    if found:
        return found
    table = _table(a, result[[*due.columns, "fee"]], "fee")
    if not table.index.isin(due.index).any():
        return "other-frame", f"it was called with {len(due):,} listings and returned others"
    price = due["price"]
    high, low = 5 + 0.12 * price, 0.17 * price
    wrong = {"one-rate": [high, low], "branches-swapped": [high.where(price <= 100, low)]}
    return (
        _rows(table, due, "with_fee(frame)")
        or _changed(table, due, "with_fee(frame)")
        or _values(table["fee"], high.where(price > 100, low), wrong, "`fee`")
        or _trap(a, "trap_4", TRAPS[1])
    )


def _counting_jobs(a: Answers, frame: Any) -> tuple[Any, int]:
    """What the learner's function returns, and how many Spark jobs ran meanwhile.

    `a.call` would show the frame in its message, which is a job.
    """
    context = a.spark.sparkContext
    group, before = uuid4().hex, context.getLocalProperty("spark.jobGroup.id")
    context.setLocalProperty("spark.jobGroup.id", group)
    try:
        with _without_warnings():
            result = a.with_fee(frame)
    except Exception as error:
        raise LearnerError("with_fee(frame)", error) from error
    finally:
        context._jsc.setLocalProperty("spark.jobGroup.id", before)  # None takes it away
    if result is None:
        raise ReturnedNoneError("with_fee(frame)")
    context._jsc.sc().listenerBus().waitUntilEmpty()  # Spark's records come with a delay
    return result, len(context.statusTracker().getJobIdsForGroup(group))


def _fifth_cell(a: Answers) -> Found:
    found = (
        _not_on_spark(a.value, "value", "Series")
        or _sent_by_python(a.value, "value")
        or _joined(a.value, "value")
        or _index(a.value, "value", KEY)
    )
    if found:
        return found
    due, table = _homes(), _table(a, a.value, "value")
    rating, price, guests = due["review_scores_rating"], due["price"], due["accommodates"]
    wrong = {
        "upside-down": [due["each"] / rating],
        "guests-forgotten": [rating / price],
        "guests-divided": [rating / price / guests],
    }
    return (
        _rows(table, due, "value")
        or _values(table["value"], rating / due["each"], wrong, "`value`")
        or _trap(a, "trap_5", TRAPS[2])
    )


QUESTIONS = [
    Question(
        id="q1",
        title="The first cell",
        names={"homes": "any"},
        hints=(
            "Nearly all of it stays as it is; only the library changes. Which function of ps reads "
            "a Parquet file?",
            "The index of pandas is set after reading. ps.read_parquet can take it from a column "
            "while it reads, so that no default index is made.",
            'ps.read_parquet(path, index_col="listing_id"), and then the line for the column.',
        ),
        mistakes=decided(
            _first_cell,
            _says(
                "joined",
                "other-trap",
                upside_down="the guests were divided by the price.",
                multiplied="the price was multiplied by the guests; each pays a part of it.",
            ),
        ),
        refuse=refused(_first_cell),
        why="an index that is a key means the same row for ever, and costs nothing to make.",
        looks_at={
            "listing_id": "_index: the index of `homes`",
            "each": "_columns and _values: a column of `homes`",
        },
    ),
    Question(
        id="q2",
        title="The second cell",
        names={"areas": "any"},
        needs=("q1",),
        hints=(
            "Try the lines of pandas with other names first. What has to change?",
            "agg of one column with a list is missing here. agg of the groups takes names for its "
            'results: agg(count=("each", "count"), …). '
            "to_pandas() is only for looking at it.",
        ),
        mistakes=decided(
            _second_cell,
            _says(
                "joined",
                "other-trap",
                "column-changed",
                "text-for-numbers",
                small_areas_kept="the filter by the number of listings is missing.",
                price_for_each="the mean of `price` was taken; a guest pays `each`.",
                median_for_mean="half of the listings lie below it, which is not the mean.",
                ratio_of_sums="a sum was divided by a sum; a mean counts every listing once.",
                sorted_upwards="the cheapest comes first; ascending=False turns it round.",
                not_sorted="groupby does not sort on Spark; sort by the mean at the end.",
            ),
        ),
        refuse=refused(_second_cell),
        why="an order is what you ask for on Spark; pandas gives one without being asked.",
        looks_at={
            "count": "_columns and _values: a column of `areas`",
            "mean": "_columns, _values and _order: a column of `areas`",
        },
    ),
    Question(
        id="q3",
        title="The third cell",
        names={"trap_3": "choice", "banded": "any"},
        needs=("q1",),
        choices={"trap_3": TRAPS},
        hints=(
            "Where does the loop run, and what has to get there?",
            "Say the rule in whole columns: all are low; where the price is 100 or more, middle; "
            "where it is 300 or more, high.",
            'Begin with homes.assign(band="low"), then use mask(condition, "middle") on the '
            "column, and a second one.",
        ),
        mistakes=decided(
            _third_cell,
            _says(
                "rounded",
                "text-for-numbers",
                boundaries="a price that is a limit belongs to the higher band: >=, not >.",
                high_lost="a later step has overwritten the highest band: 300 is above 100, too.",
                no_word="for some rows no condition holds: when needs an otherwise, map a key for "
                "each value.",
                other_words="the words are high, middle and low.",
            ),
        ),
        refuse=refused(_third_cell),
        why="a loop runs on one core in the notebook, and every row has to travel to it.",
        points=2,
        looks_at={"band": "_columns and _bands: a column of `banded`"},
    ),
    Question(
        id="q4",
        title="The fourth cell",
        names={"trap_4": "choice", "with_fee": "function"},
        choices={"trap_4": TRAPS},
        hints=(
            "Spark must know the type of the new column before it runs anything. How does it find "
            "out in this cell?",
            "Either tell it the type that fee returns, or write the rule in whole columns, with "
            "where or mask.",
            "def fee(price) -> float: … is enough. Without Python: "
            '(0.17 * frame["price"]).mask(frame["price"] > 100, 5 + 0.12 * frame["price"]).',
        ),
        mistakes=decided(
            _fourth_cell,
            _says(
                "through-the-driver",
                starts_a_job="a function was run to see its type (map and eval do that, apply "
                "without a type hint), or rows were looked at: to_pandas, print, sum, astype(int).",
                other_frame="it uses a frame of the notebook, such as `homes`, not its argument.",
                one_rate="one of the two rates was taken for all prices.",
                branches_swapped="the rates went to each other's prices: where keeps values if "
                "the condition holds, mask if it does not.",
            ),
        ),
        refuse=refused(_fourth_cell),
        why="whatever leads to the frame runs once more for each look at its rows.",
        points=2,
        looks_at={
            "price": "_columns: a column of what `with_fee` returns",
            "fee": "_columns and _values: a column of what `with_fee` returns",
            "frame": "the argument of `with_fee`: _counting_jobs calls it by place",
        },
    ),
    Question(
        id="q5",
        title="The fifth cell",
        names={"trap_5": "choice", "value": "any"},
        needs=("q1",),
        choices={"trap_5": TRAPS},
        hints=(
            "The file is read three times. Does Spark know that row 1 of the first is row 1 of the "
            "second?",
            "Take all columns from one frame: `homes` has what you need, and even the division by "
            "the guests.",
        ),
        mistakes=decided(
            _fifth_cell,
            _says(
                "columns-missing",
                "column-changed",
                "text-for-numbers",
                "series-for-frame",
                frame_for_series="a frame of one column was kept; take the column out of it.",
                upside_down="dollars were divided by points; more points are better.",
                guests_forgotten="the whole price was taken, not what each guest pays.",
                guests_divided="without parentheses, / goes from left to right; guests divide.",
            ),
        ),
        refuse=refused(_fifth_cell),
        why="a join sends every row of both frames to other tasks, to find what was together.",
        points=2,
        looks_at={"listing_id": "_index: the index of `value`"},
    ),
]
