"""The questions of lab 02: what went wrong with a table, and how each answer is judged.

The checks read a learner's table as the demo explains it: the log names the files of the current
version, the files are Parquet. So a check runs no Spark job on the table and sees all its commits.
What is right comes from the daily files in use.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd
from pyspark.errors import AnalysisException

from course_utils import locate
from course_utils.lab import Answers, Question, Values, in_dict, kinds
from course_utils.lab.compare import differs
from course_utils.lab.decide import decided, refused
from course_utils.lab.delta import Table

TRIP = {
    "trip_id": "number",
    "station": "text",
    "started_at": "time",
    "minutes": "number",
    "price": "number",
    "updated_at": "time",
}
KIND = {"bike_kind": "text"}

Found = tuple[str, str] | None


# --- what is right ----------------------------------------------------------------------------


@cache
def _day(number: int) -> pd.DataFrame:
    """The file of one day."""
    return pd.read_csv(locate(f"trips_day{number}"), parse_dates=["started_at", "updated_at"])


def _days(*numbers: int) -> pd.DataFrame:
    return pd.concat([_day(number) for number in numbers], ignore_index=True)


def _newest(*numbers: int) -> pd.DataFrame:
    """One row per trip of these days: the one that was updated last."""
    rows = _days(*numbers).sort_values("updated_at", kind="stable")
    return rows.drop_duplicates("trip_id", keep="last")


def _cleaned() -> pd.DataFrame:
    """Day 5 with minutes as numbers."""
    rows = _day(5)
    return rows.assign(minutes=rows["minutes"].str.extract(r"(\d+)")[0].astype(int))


# --- what is there ----------------------------------------------------------------------------


def _table(a: Answers, name: str) -> Table:
    return Table(str(getattr(a, name)))


def _rows(a: Answers, name: str) -> pd.DataFrame:
    """The rows of a table now, read once per check; none where its files are gone."""
    return a.once(("rows", name), lambda a: _lower(_read(a, _table(a, name))))


def _read(a: Answers, table: Table) -> pd.DataFrame:
    if not table.plain:  # a feature that the short reader does not know, such as deletion vectors
        return a.table(a.spark.read.format("delta").load(table.path))
    try:
        # files of a merge also hold what the change data feed says of their rows
        return table.rows()[list(table.schema)]
    except FileNotFoundError:
        return pd.DataFrame()


def _lower(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.rename(columns=str.lower)
    rows = rows.reindex(columns=list(dict.fromkeys([*rows.columns, *TRIP])))
    return rows.assign(updated_at=_naive(rows["updated_at"]))


def _naive(times: Any) -> Any:
    """Times in UTC without a zone, as the files have them."""
    naive = pd.to_datetime(times, errors="coerce", utc=True).dt.tz_localize(None)
    return naive.astype("datetime64[ns]")


def _repeated(rows: pd.DataFrame) -> int:
    """How many trips are there more than once."""
    return int((rows["trip_id"].value_counts() > 1).sum())


def _missing(rows: pd.DataFrame, due: pd.DataFrame) -> int:
    """How many trips are due and not there."""
    return len(set(due["trip_id"]) - set(rows["trip_id"]))


def _known(rows: pd.DataFrame, of: pd.DataFrame) -> pd.DataFrame:
    """The rows about trips that are in another frame."""
    return rows[rows["trip_id"].isin(of["trip_id"])]


def _same(rows: pd.DataFrame, due: pd.DataFrame) -> bool:
    return len(rows) == len(due) and _unlike(rows, due) is None


def _unlike(rows: pd.DataFrame, due: pd.DataFrame) -> str | None:
    """The first thing in which rows differ from those that are due."""
    if extra := [name for name in rows.columns if name not in due.columns]:
        return f"there is a column `{extra[0]}` that is not due"
    if lacking := [name for name in due.columns if name not in rows.columns]:
        return f"there is no column `{lacking[0]}`"
    first = differs(rows, due, ["trip_id"])
    if first is None:
        return None
    trip = first.key.removesuffix(".0")
    return {
        "missing": f"{first.rows:,} rows are missing, such as one of trip {trip}",
        "extra": f"{first.rows:,} rows are too many, such as one of trip {trip}",
        "value": f"trip {trip} has {first.found} in `{first.column}`; {first.rows:,} rows are off",
    }[first.kind]


def _none(table: Table, name: str) -> Found:
    return None if table.commits else ("", f"there is no Delta table at `{name}`")


def _other(a: Answers, name: str, due: pd.DataFrame) -> Found:
    """A table that is not right in a way that has no name."""
    unlike = _unlike(_rows(a, name), due)
    return ("", f"in the table at `{name}`, {unlike}") if unlike else None


def _overwritten(table: Table) -> bool:
    """Whether the last commit put rows in place of all that were there."""
    infos = table.actions("commitInfo")
    return bool(infos) and infos[-1].get("operationParameters", {}).get("mode") == "Overwrite"


# --- q1 ---------------------------------------------------------------------------------------

_START = 3  # commits of the table that question 1 begins with: two loads, and the accident


def _wrong_restore(a: Answers) -> Found:
    table, rows = _table(a, "q1_table"), _rows(a, "q1_table")
    if none := _none(table, "q1_table"):
        return none
    given = Table(a.original["q1"]).commits[:_START]
    if table.commits[:_START] != given:
        begins = "does not begin with the two loads and the accident"
        return "history-lost", f"the history of the table at `q1_table` {begins}"
    files = {file for version in range(1, _START + 1) for file in table.files(version)}
    gone = [file for file in files if not (Path(table.path) / unquote(file)).exists()]
    if gone:
        return "vacuumed", f"{len(gone)} files of old versions at `q1_table` are gone from the disk"
    report = _days(2).query("minutes > 60")
    if _same(rows, report):
        return "still-damaged", f"the table at `q1_table` has the {len(rows):,} rows of the report"
    if _same(rows, _day(1)):
        return "one-version-too-far", f"the {len(rows):,} rows at `q1_table` are of the first load"
    twice = rows.loc[rows["trip_id"].duplicated(), "trip_id"]
    if len(twice) and set(twice) == set(report["trip_id"]):
        return "appended-old-rows", f"{len(twice):,} trips are at `q1_table` more than once"
    if other := _other(a, "q1_table", _days(1, 2)):
        return other
    good, number = _good_version(table), a.good_version
    if isinstance(number, str) and number.strip().isdecimal():
        return "version-as-text", f"`good_version` is the text {number!r}"
    if not kinds.fits(number, "number"):
        return "wrong-type", f"`good_version` is {kinds.describe(number)}, no number by itself"
    if number != good:
        return "", f"the table is whole again; `good_version` = {number} is not its last good one"
    return None


def _good_version(table: Table) -> int:
    """The version before the accident."""
    modes = [info["operationParameters"].get("mode") for info in table.actions("commitInfo")]
    return modes.index("Overwrite") - 1


def _note_q1(a: Answers) -> str | None:
    if "RESTORE" in _table(a, "q1_table").operations:
        return None
    return (
        "all rows were written anew; `restoreToVersion` only points back to the files that "
        "are still there."
    )


Q1 = decided(
    _wrong_restore,
    {
        "history-lost": "it is another table, or one that was made anew: what happened to the "
        "first one can't\nbe seen in it any more.",
        "vacuumed": "VACUUM deletes the files of old versions, which are the very thing that a way "
        "back needs.",
        "still-damaged": "the way back is missing: to read an old version changes nothing, nor "
        "does it to\nrestore the one that the accident made.",
        "one-version-too-far": "one version too far back. Versions count from 0, and the last good "
        "one stands\nright before the accident.",
        "appended-old-rows": "rows were appended to the damaged table, which still has those of "
        "the report;\nthe old version is to take its place.",
        "version-as-text": "quotes or str() made text of it; a version is a whole number.",
        "wrong-type": "first() and collect() give rows; take the number out of one, as in "
        'row["version"].',
    },
)


# --- q2 ---------------------------------------------------------------------------------------


def _wrong_latest(a: Answers) -> Found:
    """What is wrong with `latest`, which is a plan that may read the table after the merge."""
    if a.latest is None:
        return "is-none", "`latest` is None; a Spark DataFrame is due"
    if not kinds.fits(a.latest, "frame"):
        return "wrong-type", f"`latest` is {kinds.describe(a.latest)}; a Spark DataFrame is due"
    if twice := kinds.named_twice(a.latest):
        return "duplicate-column", f"`latest` has more than one column named `{twice}`"
    if column := kinds.wrong_column(a.latest, TRIP):
        return column[0], f"`latest` {column[1]}"
    rows, due = _lower(a.pandas("latest"))[list(TRIP)], _newest(3)
    if not _same(rows, due) and _reads(a.latest, str(a.q2_table)):
        now = f"computed again now, it has {len(rows):,} rows"
        return "changed-by-merge", f"the plan of `latest` reads the table at `q2_table`; {now}"
    if rows.empty:
        return "empty-frame", "`latest` has no rows"
    if count := _repeated(rows):
        return "several-per-trip", f"{count:,} trips have more than one row in `latest`"
    if gone := _missing(rows, due):
        return "latest-incomplete", f"{gone:,} trips of `days[3]` are not in `latest`"
    both = rows.merge(due, on="trip_id", suffixes=("", "_due"))
    if older := int((both["updated_at"] < both["updated_at_due"]).sum()):
        return "any-of-several", f"for {older:,} trips `days[3]` has a newer row than `latest`"
    if _same(rows, due):
        return ("left-to-chance", CHANCE) if _by_chance(a.latest) else None
    for name in ("minutes", "price"):
        off = both[both[name] != both[f"{name}_due"]]
        there = set(zip(_day(3)["trip_id"], _day(3)[name], strict=True))
        if len(off) and set(zip(off["trip_id"], off[name], strict=True)) <= there:
            return "mixed-rows", f"for {len(off):,} trips of `latest`, `{name}` is of another row"
    return "", f"in `latest`, {_unlike(rows, due)}"


CHANCE = "in `latest`, any row of a trip is taken after a sort, and nothing else chooses"


def _reads(frame: Any, folder: str) -> bool:
    """Whether a frame's plan reads the table in a folder."""
    return any(f"/{Path(folder).name}/" in file for file in frame.inputFiles())


def _by_chance(frame: Any) -> bool:
    """Whether any row of a group is taken, with a sort that gives no promise."""
    plan = str(frame._jdf.queryExecution().optimizedPlan()) if hasattr(frame, "_jdf") else ""
    takes_any, sort, _ = plan.partition("Sort [")
    chooses = re.search(r"Window|Join|\b(max|min)(_by)?\(", plan)
    return bool(sort and not chooses and re.search(r"\bfirst\(|\blast\(|\bany_value\(", takes_any))


def _wrong_merge(a: Answers) -> Found:
    if found := _wrong_latest(a):
        return found
    table, rows = _table(a, "q2_table"), _rows(a, "q2_table")
    before, due = _days(1, 2), _newest(1, 2, 3)
    if _same(rows, due):
        return None
    if none := _none(table, "q2_table"):
        return none
    if len(table.commits) <= 2:
        return "not-executed", "`latest` is there, but the table at `q2_table` has no new version"
    if gone := _missing(rows, before):
        id = "overwritten" if _overwritten(table) else ""
        return id, f"{gone:,} trips that the table at `q2_table` had before are gone"
    if count := _repeated(rows):
        id = {"WRITE": "append-not-merge", "MERGE": "wrong-key"}.get(table.operations[-1], "")
        return id, f"{count:,} trips are in the table at `q2_table` more than once"
    if table.operations[-1] != "MERGE":
        return _other(a, "q2_table", due)
    if set(rows["trip_id"]) == set(before["trip_id"]):
        return "nothing-inserted", "the table at `q2_table` has the same trips as before"
    both = before.merge(rows, on="trip_id", suffixes=("_before", ""))
    if older := int((both["updated_at"] < both["updated_at_before"]).sum()):
        newer = "" if (both["updated_at"] > both["updated_at_before"]).any() else ", and none newer"
        return "older-wins", f"{older:,} trips at `q2_table` are older than before the merge{newer}"
    if _same(_known(rows, before), before):
        return "nothing-corrected", "at `q2_table` trips were added, but no known one was corrected"
    both = rows.merge(_days(1, 2, 3), on=["trip_id", "updated_at"], suffixes=("", "_due"))
    if part := [n for n in ("minutes", "price") if (both[n] != both[f"{n}_due"]).any()]:
        return (
            "columns-left",
            f"at `q2_table`, `{part[0]}` is not of the row that `updated_at` is of",
        )
    return _other(a, "q2_table", due)


def _note_q2(a: Answers) -> str | None:
    if "MERGE" in _table(a, "q2_table").operations:
        return None
    return (
        "all rows were written anew; a MERGE rewrites only those files in which it changes a row."
    )


Q2 = decided(
    _wrong_merge,
    {
        "is-none": "show() and execute() give nothing back to keep.",
        "wrong-type": "a frame is due, not rows in Python and not the prepared merge.",
        "duplicate-column": "a join on a condition keeps the key of both sides; join on the name.",
        "missing-column": "`latest` holds whole rows of days[3]; select or an aggregate left a "
        "column out.",
        "wrong-column-type": "a cast, or another column under this name, changed what days[3] has.",
        "changed-by-merge": "a frame is a plan and runs anew each time that it is used. Make "
        "`latest` from\ndays[3] alone; what is newer, the condition of the merge decides.",
        "empty-frame": "a filter or a join leaves nothing: look at the types and values compared.",
        "several-per-trip": "days[3] has trips that were corrected twice; only the newest row of "
        "each may go on.",
        "latest-incomplete": "every trip of the file goes on, those of other days too: they are "
        "the late ones\nand the corrections.",
        "any-of-several": "the rows of a trip were not put in order with the newest first, so an "
        "older one\nwas kept.",
        "left-to-chance": "dropDuplicates and first promise no row in particular, not even after a "
        "sort; it is\nluck when the latest stays.",
        "mixed-rows": "an aggregate took a value of each column by itself. The newest row holds as "
        "a whole.",
        "not-executed": "nothing was written there: a merge is only prepared until `.execute()` is "
        "called, and it\nchanges only the table that it was made from.",
        "overwritten": 'mode("overwrite") puts the new rows in place of the table, not into it.',
        "append-not-merge": "append adds every row, known trip or not. MERGE looks for the trip "
        "first.",
        "wrong-key": "the merge condition asks for more than the trip, so a corrected trip is not "
        "recognized\nand gets inserted a second time.",
        "nothing-inserted": "the merge only updates. Rows whose trip is not in the table yet need "
        "a clause of\ntheir own.",
        "older-wins": "a matched row was updated whatever its age, though a late message may be "
        "older than\nthe table; or, if none got newer, the comparison is the wrong way round.",
        "nothing-corrected": "the merge only inserts, or its condition never holds. Matched trips "
        "need an update\nwhere the new row is newer.",
        "columns-left": "the update sets only some of the columns. The newest row holds as a "
        "whole.",
    },
)


# --- q3 ---------------------------------------------------------------------------------------


def _twice(table: Table) -> str:
    """The id of trips that are there twice because of two appends."""
    added = [i for i in table.actions("commitInfo")[1:] if i["operation"] == "WRITE"]
    modes = [info.get("operationParameters", {}).get("mode") for info in added]
    return "appended-twice" if modes[-2:] == ["Append", "Append"] else ""


def _counted(by_kind: Mapping[Any, Any]) -> dict[str | None, Any]:
    """The learner's counts, with one name for unknown, however it was written."""
    return {kind if isinstance(kind, str) else None: count for kind, count in by_kind.items()}


def _wrong_column(a: Answers) -> Found:
    table, rows, due = _table(a, "q3_table"), _rows(a, "q3_table"), _days(1, 2, 4)
    if none := _none(table, "q3_table"):
        return none
    if gone := _missing(rows, _days(1, 2)):
        id = "old-rows-lost" if _overwritten(table) else ""
        return id, f"{gone:,} trips of days 1 and 2 are not in the table at `q3_table`"
    if _known(rows, _day(4)).empty:
        return "nothing-appended", "no trip of day 4 is in the table at `q3_table`"
    if "bike_kind" not in rows.columns:
        id = "column-dropped" if set(rows.columns) <= set(TRIP) else ""
        return id, f"the table at `q3_table` has the columns {', '.join(rows.columns)}"
    if count := _repeated(rows):
        return _twice(table), f"{count:,} trips are in the table at `q3_table` more than once"
    known = _known(rows, _days(1, 2))["bike_kind"].dropna().unique()
    if len(known):
        return "kind-invented", f"trips of days 1 and 2 have the kind {known[0]!r} at `q3_table`"
    if other := _other(a, "q3_table", due):
        return other
    counts, right = _counted(a.by_kind), due["bike_kind"].value_counts(dropna=False).to_dict()
    kinds_there = set(_day(4)["bike_kind"])
    extra = sorted(str(kind) for kind in counts if kind is not None and kind not in kinds_there)
    if len(extra) == 1 and None not in counts and kinds_there <= set(counts):
        return "unknown-by-name", f"`by_kind` has the key {extra[0]!r} for trips of unknown kind"
    if kinds_there == {kind for kind in counts if kind} and not counts.get(None):
        return "unknown-not-counted", "`by_kind` has all the kinds, and no trips without one"
    if counts != _counted(right):
        return "", "the counts in `by_kind` are not those of the table at `q3_table`"
    return None


def _nan_for_none(a: Answers) -> str | None:
    if None in a.by_kind or all(isinstance(kind, str) for kind in a.by_kind):
        return None
    return "trips of unknown kind are under pandas' `nan`; `by_kind[None]` finds nothing."


Q3 = decided(
    _wrong_column,
    {
        "old-rows-lost": "an overwrite replaces the rows too, with overwriteSchema or without. To "
        "add a column,\nappend.",
        "nothing-appended": "the append was not made, or was refused, or went to another folder.",
        "column-dropped": "the new column was left out to get the append through, and what it said "
        "is lost.",
        "appended-twice": "the append ran twice on the same table. Begin with a fresh copy: "
        'make_table("q3").',
        "kind-invented": "a value was filled in for trips from before the column. Nobody can tell "
        "it from a fact\nany more.",
        "unknown-by-name": "unknown was turned into text, by fillna, coalesce or str. Its key is "
        "None itself.",
        "unknown-not-counted": "only days[4] was counted, NULLs were filtered out, or "
        'count("bike_kind") was used,\nwhich does not count NULLs.',
    },
)


# --- q4 ---------------------------------------------------------------------------------------


def _wrong_refusal(a: Answers) -> Found:
    error = a.refusal
    if not isinstance(error, Exception):
        return "wrong-type", f"`refusal` is {kinds.describe(error)}; the exception itself is due"
    text = str(error)
    if "DELTA_FAILED_TO_MERGE_FIELDS" in text and isinstance(error, AnalysisException):
        return None
    about = " ".join(text.split())[:60]
    if re.search("CAST_INVALID_INPUT|cannot be cast|CAST_OVERFLOW", text):
        return "refused-by-a-cast", f"`refusal` is about a cast that failed: {about!r} …"
    if re.search("_EXISTS|already exist", text):
        return "refused-for-other-reason", f"`refusal` is about a table that exists: {about!r} …"
    return "", f"`refusal` does not say that the types differ: {about!r} …"


def _wrong_clean(a: Answers) -> Found:
    rows, due = a.pandas("clean"), _cleaned()
    if gone := _missing(rows, due):
        return "rows-dropped", f"{gone:,} trips of day 5 are missing in `clean`"
    if empty := int(rows["minutes"].isna().sum()):
        return "minutes-lost", f"{empty:,} trips have no minutes in `clean`"
    if rows["trip_id"].duplicated().any():
        return "", f"{_repeated(rows):,} trips are in `clean` more than once"
    both = _day(5).merge(rows, on="trip_id", suffixes=("", "_mine"))
    right = both["trip_id"].map(due.set_index("trip_id")["minutes"])
    wrong = both[both["minutes_mine"] != right]
    if len(wrong):
        was, became = wrong["minutes"].iloc[0], f"{wrong['minutes_mine'].iloc[0]:g}"
        pairs = zip(wrong["minutes"], wrong["minutes_mine"], strict=True)
        id = "digits-lost" if all(f"{number:g}" in text for text, number in pairs) else ""
        return id, f"{was!r} became {became} in `clean`, and so for {len(wrong):,} trips"
    kind = next(kind for name, kind in a.clean.dtypes if name.lower() == "minutes")
    if kind != "int":
        return "another-number-type", f"`minutes` of `clean` is {kind}"
    unlike = _unlike(rows[list(due.columns)], due)
    return ("", f"in `clean`, {unlike}") if unlike else None


def _wrong_type(a: Answers) -> Found:
    if found := _wrong_refusal(a):
        return found
    table, rows = _table(a, "q4_table"), _rows(a, "q4_table")
    if none := _none(table, "q4_table"):
        return none
    kind = table.schema.get("minutes", "no column")
    if kind != "integer":
        return "schema-overwritten", f"`minutes` of the table at `q4_table` is of type {kind} now"
    if extra := [name for name in rows.columns if name not in {**TRIP, **KIND}]:
        return "extra-column", f"the table at `q4_table` has a new column `{extra[0]}`"
    if found := _wrong_clean(a):
        return found
    if gone := _missing(rows, _day(4)):
        id = "old-rows-lost" if _overwritten(table) else ""
        return id, f"{gone:,} trips of day 4 are no longer in the table at `q4_table`"
    if _known(rows, _day(5)).empty:
        return "nothing-appended", "no trip of day 5 is in the table at `q4_table`"
    if count := _repeated(rows):
        return _twice(table), f"{count:,} trips are in the table at `q4_table` more than once"
    return _other(a, "q4_table", pd.concat([_day(4), _cleaned()], ignore_index=True))


Q4 = decided(
    _wrong_type,
    {
        "wrong-type": "keep the exception itself, not its text: refusal = error in the except.",
        "refused-by-a-cast": "SQL's INSERT casts each value to the table's type, and fails in the "
        "midst of it;\nthe types were never compared. Append with the frame's writer.",
        "refused-for-other-reason": "the write failed before the types were compared: without "
        'mode("append") it stops\nbecause the table exists.',
        "schema-overwritten": "the table was bent to fit the file. What reads minutes as they were "
        "breaks.",
        "extra-column": "the numbers went into a column of another name, or the text was kept "
        "under one, and\nmergeSchema let it in.",
        "rows-dropped": "rows were filtered out on the way. They are sound but for the way they "
        "are written.",
        "minutes-lost": 'what does not fit becomes NULL: "8 min" is no number for try_cast, and a '
        "pattern\nwithout a match gives none.",
        "digits-lost": r"part of the digits was cut off: substr(…, 1) or \d without + takes one "
        "only.",
        "another-number-type": "the type of the table's column is another one; printSchema() of "
        "both must agree.",
        "old-rows-lost": 'mode("overwrite") put day 5 in place of what was there; append adds to '
        "it.",
        "nothing-appended": "`clean` was made but not written, or written to another folder.",
        "appended-twice": "the append ran twice on the same table. Begin with a fresh copy: "
        'make_table("q4").',
    },
)


# --- q5 ---------------------------------------------------------------------------------------

Count = Callable[[pd.DataFrame, Any], float | Sequence[float]]


def _feed(table: Table, version: int) -> pd.DataFrame:
    """The change data of one commit: rows with `_change_type`."""
    commit, folder = table.commits[version], Path(table.path)
    if files := [content["path"] for kind, content in commit if kind == "cdc"]:
        return pd.concat([pd.read_parquet(folder / unquote(file)) for file in files])
    # A commit that only adds or only deletes whole files says so by these files alone
    changed = [(k, c["path"]) for k, c in commit if k in ("add", "remove") and c["dataChange"]]
    kind = "insert" if any(k == "add" for k, _ in changed) else "delete"
    frames = [pd.read_parquet(folder / unquote(file)) for _, file in changed]
    return pd.concat([_day(1).iloc[:0], *frames]).assign(_change_type=kind)


def _history(a: Answers) -> list[tuple[pd.DataFrame, Any]]:
    """For each version its change data and what its commit says of itself."""
    return a.once("history", _read_history)


def _read_history(a: Answers) -> list[tuple[pd.DataFrame, Any]]:
    table = Table(a.original["q5"])
    infos = table.actions("commitInfo")
    return [(_feed(table, version), info) for version, info in enumerate(infos)]


def _per_version(count: Count) -> Callable[[Answers], Any]:
    def made(a: Answers) -> Any:
        counts = [count(feed, info.get("operationMetrics", {})) for feed, info in _history(a)]
        return in_dict("rows_changed", {v: n for v, n in enumerate(counts) if n != []})

    return made


def _changed(feed: pd.DataFrame, metrics: Any) -> float:
    return int((feed["_change_type"] != "update_preimage").sum())


def _grown(feed: pd.DataFrame, metrics: Any) -> list[float]:
    of = feed["_change_type"].value_counts()
    grown = float(of.get("insert", 0) - of.get("delete", 0))
    return [grown, -grown] if abs(grown) != _changed(feed, metrics) else []


def _in_part(feed: pd.DataFrame, metrics: Any) -> list[float]:
    of = feed.loc[feed["_change_type"] != "update_preimage", "_change_type"].value_counts()
    return [float(count) for count in of] if len(of) > 1 else []


def _written(feed: pd.DataFrame, metrics: Any) -> list[float]:
    return [float(metrics["numOutputRows"])] if "numOutputRows" in metrics else []


def _culprit(a: Answers) -> int:
    """The version whose change left trips with a price of zero."""
    return next(v for v, (feed, _) in enumerate(_history(a)) if (feed["price"] == 0).any())


def _wrong_story(a: Answers) -> Found:
    history = _history(a)
    if keys := [key for key in a.rows_changed if isinstance(key, str)]:
        return "versions-as-text", f"the keys of `rows_changed` are text, such as {keys[0][:20]!r}"
    if missing := [str(v) for v in range(len(history)) if v not in a.rows_changed]:
        return "versions-missing", f"`rows_changed` has nothing for version {', '.join(missing)}"
    if unknown := [key for key in a.rows_changed if key not in range(len(history))]:
        return "", f"`rows_changed` has a key {str(unknown[0])[:20]}, which is no version"
    if CHANGED.refuse(a):
        return None  # the numbers say which mistake it is
    version, right = int(a.culprit["version"]), _culprit(a)
    if version != right:
        if version not in range(len(history)):
            return "", f"`culprit` names version {version}, which the table does not have"
        feed = history[version][0]
        free = f"of the {len(feed):,} rows of its change data, {(feed['price'] == 0).sum()}"
        return "blamed-another-commit", f"`culprit` names version {version}; {free} cost nothing"
    if a.culprit["note"] != history[right][1].get("userMetadata"):
        return "", f"{a.culprit['note'][:40]!r} in `culprit` is not the note of the commit"
    if not _is_time_of(a.culprit["when"], Path(a.original["q5"]), right):
        return "", f"the time {str(a.culprit['when'])[:40]} in `culprit` is not that of the commit"
    return None


def _is_time_of(given: Any, table: Path, version: int) -> bool:
    """Whether a moment, in UTC or in local time, is that of a commit."""
    log = table / "_delta_log" / f"{version:020}.json"
    written = Table(str(table)).actions("commitInfo")[version]["timestamp"] / 1000
    moments = [
        moment
        for seconds in (log.stat().st_mtime, written)
        for moment in (
            datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None),
            datetime.fromtimestamp(seconds),
        )
    ]
    moment = pd.to_datetime(str(given), errors="coerce")
    if pd.isna(moment):
        return False
    moment = moment.tz_convert(None) if moment.tzinfo else moment
    return any(abs((moment - each).total_seconds()) < 1.5 for each in moments)


CHANGED = Values(_per_version(_changed), 1e-6)

Q5 = decided(
    _wrong_story,
    {
        "versions-as-text": "a version is a whole number; a cast to string, str() or JSON made "
        "text of it.",
        "versions-missing": "the feed was not read for all versions, or those without this kind of "
        "change were\nleft out.",
        "blamed-another-commit": "this commit changed other things; the one to find is that after "
        "which prices are\nzero.",
    },
    CHANGED.wrong(
        "counted-both-images",
        _per_version(lambda feed, metrics: len(feed)),
        "counts the same trips twice, once before and once after the change",
        "an update writes two rows to the feed, update_preimage and update_postimage.",
    ),
    CHANGED.wrong(
        "counted-rows-written",
        _per_version(_written),
        "is the number of rows that were written to files",
        "numOutputRows counts what was written, unchanged rows of rewritten files among it, and\n"
        "UPDATE and DELETE do not have it at all.",
    ),
    CHANGED.wrong(
        "counted-growth",
        _per_version(_grown),
        "is by how many rows the table grew or shrank",
        "the sizes of neighboring versions were compared. An update changes rows without changing\n"
        "their number.",
        whole=True,
    ),
    CHANGED.wrong(
        "counted-in-part",
        _per_version(_in_part),
        "leaves out a part of what this version did",
        "a merge can insert and update in one commit, and both are changes.",
    ),
)


QUESTIONS = [
    Question(
        id="q1",
        title="Bring back the table",
        points=2,
        names={"good_version": "choice", "q1_table": "path"},
        hints=(
            "The overwrite took the old files out of the log, not off the disk. Which version was "
            "the last one before it? The column `operationParameters` of the history knows how "
            "each version was written.",
            "Two ways lead back: the method of `DeltaTable` that makes an old version current, or "
            "reading that version with `versionAsOf` and writing it over the table.",
            "`DeltaTable.forPath(spark, q1_table)` gives the table. Its method is called "
            "`restoreToVersion` and takes `good_version`.",
        ),
        mistakes=Q1,
        refuse=refused(_wrong_restore),
        note=_note_q1,
        why="Files that the log no longer names stay on disk, so until VACUUM runs a bad write "
        "costs minutes instead of data.",
    ),
    Question(
        id="q2",
        title="Late trips and corrections",
        points=3,
        # `latest` is a frame. The engine would count its rows before anything else is asked, and
        # one that reads the table has none after the merge: this question says itself why.
        names={"latest": "any", "q2_table": "path"},
        looks_at={"updated_at": "any-of-several in `latest`, older-wins in the table"},
        hints=(
            "MERGE refuses a source in which two rows fit the same trip. So put days[3] in order "
            "first: number the rows of each trip from the newest, or let an aggregate pick the row "
            "with the largest `updated_at`.",
            "In the MERGE a trip is recognized by `trip_id` alone. What decides is a condition on "
            "the update: compare `updated_at` on both sides.",
            "`row_number()` over a window by `trip_id`, ordered by `updated_at` descending, is 1 "
            "for the newest row. Then whenMatchedUpdateAll(condition), whenNotMatchedInsertAll() "
            "and, last of all, execute().",
        ),
        mistakes=Q2,
        refuse=refused(_wrong_merge),
        note=_note_q2,
        why="Files are sent late, twice and out of order; a merge that lets the newest state win "
        "gives the same table however often and in whatever order they come.",
    ),
    Question(
        id="q3",
        title="A new column",
        points=2,
        names={"by_kind": "dict", "q3_table": "path"},
        keys={"by_kind": {...: "integer"}},
        looks_at={"bike_kind": "column-dropped, kind-invented and the rows of the table"},
        hints=(
            "A plain append is refused, because the table does not know the column. There is an "
            "option of the writer that allows new columns.",
            "The option is `mergeSchema`. Old trips get NULL by themselves; leave it so. A "
            "groupBy on the table has NULL as its own group.",
            "Collect the grouped counts and build the dict from its rows: each row has a "
            "`bike_kind` (None where it is unknown) and a `count`.",
        ),
        mistakes=Q3,
        refuse=refused(_wrong_column),
        note=_nan_for_none,
        why="Adding a column rewrites no file: old rows read as NULL, so readers of the table go "
        "on working.",
    ),
    Question(
        id="q4",
        title="A wrong type",
        points=2,
        names={"refusal": "any", "clean": "frame", "q4_table": "path"},
        columns={"clean": TRIP | KIND},
        looks_at={"regexp_extract": "nothing: it is one way to take the digits"},
        hints=(
            "Append in a try: … except AnalysisException as error: refusal = error. Without "
            "a mode, Spark refuses for another reason, namely that the folder exists.",
            "For `clean`, take the digits out of the text and cast them to the type that the table "
            "has: `printSchema()` of both must agree, or Delta says that it cannot merge the "
            "fields `minutes` and `minutes`.",
            "`regexp_extract` with one or more digits, or `split` at the blank, or `replace` of "
            'the unit; then `.cast("int")` under the same column name.',
        ),
        mistakes=Q4,
        refuse=refused(_wrong_type),
        why="The table that refuses a file costs one job a night; the table that accepts it costs "
        "every model trained on it afterwards.",
    ),
    Question(
        id="q5",
        title="Who changed what and when",
        points=3,
        names={"rows_changed": "dict", "culprit": "dict"},
        keys={
            "rows_changed": {...: "integer"},
            "culprit": {"version": "integer", "note": "text", "when": "any"},
        },
        looks_at={
            "q5_table": "nothing: what counts is what it has, which is known",
            "userMetadata": "the note in `culprit`",
        },
        hints=(
            "Read the change data feed with the options `readChangeFeed` and `startingVersion`. "
            "Each row has `_change_type` and `_commit_version`. Which types belong to one update?",
            "Leave out `update_preimage`, and group by `_commit_version`. The metrics in the "
            "history lead there too, but `numOutputRows` of a MERGE counts rows that were only "
            "copied.",
            "Free trips show as rows with price = 0 after the change. Their `_commit_version` is "
            "the version; its row in `DeltaTable.forPath(spark, q5_table).history()` has "
            "`userMetadata` and `timestamp`.",
        ),
        mistakes=Q5,
        refuse=refused(_wrong_story, CHANGED),
        why="Without this record a wrong model can only be stared at; with it you find the commit, "
        "its author, and the rows it touched.",
    ),
]
