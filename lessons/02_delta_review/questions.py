"""The questions of lab 02: what went wrong with a table, and how each answer is judged.

The checks read a learner's table as the demo explains it: the log names the files of the current
version, the files are Parquet. So a check runs no Spark job on the table and sees all its commits.
What is right comes from the daily files in use.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, lru_cache
from numbers import Integral
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd

from course_utils import locate
from course_utils.lab import Answers, Mistake, Question

TIMES = ["started_at", "updated_at"]


# --- what is right ------------------------------------------------------------------------------


@cache
def _day(number: int) -> pd.DataFrame:
    """The file of one day."""
    return pd.read_csv(locate(f"trips_day{number}"), parse_dates=TIMES)


def _days(*numbers: int) -> pd.DataFrame:
    """The files of several days, one after the other."""
    return pd.concat([_day(number) for number in numbers], ignore_index=True)


def _newest(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per trip: the one that was updated last."""
    return rows.sort_values("updated_at", kind="stable").drop_duplicates("trip_id", keep="last")


@cache
def _upserted() -> pd.DataFrame:
    """Days 1 and 2 with all that the file of day 3 knows better."""
    return _newest(_days(1, 2, 3))


@cache
def _cleaned() -> pd.DataFrame:
    """Day 5 with minutes as numbers."""
    rows = _day(5).copy()
    return rows.assign(minutes=rows["minutes"].str.extract(r"(\d+)")[0].astype(int))


# --- what is there ------------------------------------------------------------------------------


def _commits(table: str) -> list[list[tuple[str, Any]]]:
    """The actions of each commit, in order; empty when there is no Delta table."""
    files = sorted(Path(table).glob("_delta_log/" + "[0-9]" * 20 + ".json"))
    return _parsed(*((file, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=4)
def _parsed(*files: tuple[Path, int]) -> list[list[tuple[str, Any]]]:
    """The actions in each of these files, given with their times."""
    texts = [file.read_text(encoding="utf-8") for file, _ in files]
    return [[next(iter(json.loads(line).items())) for line in t.splitlines()] for t in texts]


def _kind(commits: list[list[tuple[str, Any]]], kind: str) -> list[Any]:
    """All actions of one kind."""
    return [content for commit in commits for name, content in commit if name == kind]


def _operations(table: str) -> list[str]:
    """What each commit was: "WRITE", "MERGE", …"""
    return [info["operation"] for info in _kind(_commits(table), "commitInfo")]


def _files(table: str, versions: int | None = None) -> set[str]:
    """The files that belong to the table after so many versions, or now."""
    live: set[str] = set()
    for commit in _commits(table)[:versions]:
        live |= {content["path"] for kind, content in commit if kind == "add"}
        live -= {content["path"] for kind, content in commit if kind == "remove"}
    return live


def _schema(table: str) -> dict[str, str]:
    """Column -> type, as the table declares them now."""
    metadata = _kind(_commits(table), "metaData")
    fields = json.loads(metadata[-1]["schemaString"])["fields"] if metadata else []
    return {field["name"]: field["type"] for field in fields}


@lru_cache(maxsize=1)
def _rows(a: Answers, table: str) -> pd.DataFrame:
    """The rows of the table now, read once per check."""
    if any(found["minReaderVersion"] > 1 for found in _kind(_commits(table), "protocol")):
        # A feature that this short reader does not know, such as deletion vectors
        return a.spark.read.format("delta").load(table).toPandas()
    return _read(table, sorted(_files(table)), _schema(table))


def _read(table: str, files: list[str], schema: dict[str, str]) -> pd.DataFrame:
    frames = [pd.read_parquet(Path(table) / unquote(file)) for file in files]
    rows = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    # A column that is missing is all empty: it differs from what is right, and no rule stumbles
    return rows.reindex(columns=list(dict.fromkeys([*schema, *_day(1).columns])))


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows in a form to compare: one type per column, one order of columns and rows."""
    rows = rows[sorted(rows.columns)].copy()
    for name in rows.columns:
        if name in TIMES:
            rows[name] = pd.to_datetime(rows[name], utc=True).dt.tz_localize(None).astype("<M8[us]")
        elif name in ("trip_id", "minutes", "price"):
            rows[name] = pd.to_numeric(rows[name], errors="coerce").astype(float).round(4)
        else:
            rows[name] = rows[name].fillna("").astype(str)
    return rows.sort_values(["trip_id", "updated_at"], ignore_index=True)


def _same(left: pd.DataFrame, right: pd.DataFrame) -> bool:
    """Whether two frames hold the same rows."""
    if len(left) != len(right) or set(left.columns) != set(right.columns):
        return False
    return _plain(left).equals(_plain(right))


def _repeated(rows: pd.DataFrame) -> int:
    """How many trips are there more than once."""
    return int((rows["trip_id"].value_counts() > 1).sum())


def _from_day(rows: pd.DataFrame, number: int) -> pd.DataFrame:
    """The rows of the trips that the file of a day brought."""
    return rows[rows["trip_id"].isin(_day(number)["trip_id"])]


# --- q1 -----------------------------------------------------------------------------------------


def _bad_version(table: str) -> int:
    """The version that the accident made."""
    modes = [info["operationParameters"].get("mode") for info in _infos(table)]
    return modes.index("Overwrite")


def _infos(table: str) -> list[Any]:
    return _kind(_commits(table), "commitInfo")


def _history_lost(a: Answers) -> str | None:
    notes = [info.get("userMetadata") for info in _infos(a.q1_table)][:3]
    if len(notes) == 3 and all(notes):
        return None
    versions = len(_infos(a.q1_table))
    return (
        f"the history of the table at `q1_table` has {versions} version{'s' * (versions != 1)}; "
        "the accident and the loads before it are gone."
    )


def _vacuumed(a: Answers) -> str | None:
    if not any(name.startswith("VACUUM") for name in _operations(a.q1_table)):
        return None
    return "the history of the table at `q1_table` has a VACUUM since the accident."


def _still_damaged(a: Answers) -> str | None:
    table = a.q1_table
    if _files(table) != _files(table, _bad_version(table) + 1):
        return None
    return (
        f"the table at `q1_table` still consists of the {len(_rows(a, table)):,} rows of the "
        "report."
    )


def _one_load_too_few(a: Answers) -> str | None:
    rows = _rows(a, a.q1_table)
    if not _same(rows, _day(1)):
        return None
    return f"the table at `q1_table` has {len(rows):,} rows, all from the first load."


def _appended_old_rows(a: Answers) -> str | None:
    if not (count := _repeated(_rows(a, a.q1_table))):
        return None
    return f"{count:,} trips are in the table at `q1_table` more than once."


def _accept_q1(a: Answers) -> str | None:
    rows = _rows(a, a.q1_table)
    if not _same(rows, _days(1, 2)):
        return (
            f"the table at `q1_table` has {len(rows):,} rows, and they are not those that "
            "were there before the accident."
        )
    if a.good_version != _bad_version(a.q1_table) - 1:
        return (
            f"the table is whole again, but `good_version` is {a.good_version!r}, which is "
            "not the version just before the accident."
        )
    return None


def _note_q1(a: Answers) -> str | None:
    if _operations(a.q1_table)[-1] == "RESTORE":
        return None
    return (
        "all rows were written anew; `restoreToVersion` only points back to the files that "
        "are still there."
    )


# --- q2 -----------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _latest(a: Answers) -> pd.DataFrame:
    """Trip and time of each row of `latest`, computed once per check."""
    rows = a.collect(a.latest.selectExpr("trip_id", "CAST(updated_at AS STRING) AS updated_at"))
    frame = pd.DataFrame([row.asDict() for row in rows], columns=["trip_id", "updated_at"])
    return frame.assign(
        trip_id=pd.to_numeric(frame["trip_id"], errors="coerce"),
        updated_at=pd.to_datetime(frame["updated_at"], errors="coerce"),
    )


def _several_per_trip(a: Answers) -> str | None:
    if not (count := _repeated(_latest(a))):
        return None
    return f"{count:,} trips have more than one row in `latest`."


def _any_of_several(a: Answers) -> str | None:
    both = _latest(a).merge(_newest(_day(3)), on="trip_id", suffixes=("", "_newest"))
    older = int((both["updated_at"] < both["updated_at_newest"]).sum())
    if not older:
        return None
    return f"for {older:,} trips `days[3]` has a row that is newer than the one in `latest`."


def _table_cases(a: Answers) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """(rows of the table, rows that it started with, its last operation)."""
    return _rows(a, a.q2_table), _days(1, 2), (_operations(a.q2_table) or ["none"])[-1]


def _not_executed(a: Answers) -> str | None:
    if len(_operations(a.q2_table)) > 2:
        return None
    return "`latest` is there, but the table at `q2_table` has no new version."


def _overwritten(a: Answers) -> str | None:
    rows, before, _ = _table_cases(a)
    gone = len(set(before["trip_id"]) - set(rows["trip_id"]))
    if not gone:
        return None
    return f"{gone:,} trips that the table at `q2_table` had before are gone."


def _appended(a: Answers) -> str | None:
    rows, _, operation = _table_cases(a)
    if operation != "WRITE" or not (count := _repeated(rows)):
        return None
    return (
        f"{count:,} trips are in the table at `q2_table` more than once, and its last commit "
        "is an append."
    )


def _wrong_key(a: Answers) -> str | None:
    rows, _, operation = _table_cases(a)
    if operation != "MERGE" or not (count := _repeated(rows)):
        return None
    return f"after the merge {count:,} trips are in the table at `q2_table` more than once."


def _nothing_inserted(a: Answers) -> str | None:
    rows, before, _ = _table_cases(a)
    if set(rows["trip_id"]) != set(before["trip_id"]):
        return None
    return (
        f"the table at `q2_table` has the same {len(rows):,} trips as before; no late trip "
        "and none of day 3."
    )


def _older(a: Answers) -> str | None:
    rows, before, _ = _table_cases(a)
    known = before.set_index("trip_id")["updated_at"]
    now = rows.drop_duplicates("trip_id").set_index("trip_id")["updated_at"]
    now = pd.to_datetime(now, utc=True).dt.tz_localize(None)
    now = now.reindex(known.index)
    if not (older := int((now < known).sum())):
        return None
    none = "" if (now > known).any() else ", and no known trip has a newer one"
    return f"{older:,} trips have an older `updated_at` in the table than before the merge{none}."


def _nothing_corrected(a: Answers) -> str | None:
    rows, before, _ = _table_cases(a)
    kept = rows[rows["trip_id"].isin(before["trip_id"])]
    if not _same(kept, before):
        return None
    return "trips were added to the table at `q2_table`, but not one known trip was corrected."


def _mixed_rows(a: Answers) -> str | None:
    """Rows of the table whose values come from several rows of the files."""
    keys, values = ["trip_id", "updated_at"], ["minutes", "price"]
    both = _plain(_days(1, 2, 3))[keys + values].merge(
        _plain(_rows(a, a.q2_table))[keys + values], on=keys, suffixes=("", "_mine")
    )
    differ = {name: int((both[name] != both[f"{name}_mine"]).sum()) for name in values}
    wrong = [f"`{name}`" for name, count in differ.items() if count]
    if not wrong:
        return None
    return (
        f"for {max(differ.values()):,} trips in the table at `q2_table`, {', '.join(wrong)} "
        "and `updated_at` are not from the same row."
    )


def _note_q2(a: Answers) -> str | None:
    if _operations(a.q2_table)[-1] == "MERGE":
        return None
    return (
        "all rows were written anew; a MERGE rewrites only those files in which it changes a row."
    )


def _accept_q2(a: Answers) -> str | None:
    mine, right = _latest(a), _newest(_day(3))
    if set(mine["trip_id"]) != set(right["trip_id"]):
        return f"`latest` has {len(mine):,} rows and not exactly the trips of `days[3]`."
    if mine["updated_at"].isna().any():
        return "`latest` has rows without `updated_at`."
    rows = _rows(a, a.q2_table)
    if not _same(rows, _upserted()):
        return (
            f"the table at `q2_table` has {len(rows):,} rows, but not every trip in its "
            "latest state."
        )
    return None


# --- q3 -----------------------------------------------------------------------------------------


def _column_missing(a: Answers) -> str | None:
    if "bike_kind" in _schema(a.q3_table):
        return None
    return f"the table at `q3_table` has the columns {', '.join(_schema(a.q3_table)) or '(none)'}."


def _lost_from(table: str, *numbers: int) -> Callable[[Answers], str | None]:
    """Trips that a table held at the start and no longer holds."""

    def when(a: Answers) -> str | None:
        rows = _rows(a, getattr(a, table))
        if not (gone := len(set(_days(*numbers)["trip_id"]) - set(rows["trip_id"]))):
            return None
        of = f"day{'s' * (len(numbers) > 1)} {' and '.join(map(str, numbers))}"
        return f"{gone:,} trips of {of} are no longer in the table at `{table}`."

    return when


def _twice_in(table: str) -> Callable[[Answers], str | None]:
    """Trips that a table holds more than once."""

    def when(a: Answers) -> str | None:
        if not (count := _repeated(_rows(a, getattr(a, table)))):
            return None
        return f"{count:,} trips are in the table at `{table}` more than once."

    return when


def _kind_invented(a: Answers) -> str | None:
    rows = _rows(a, a.q3_table)
    old = rows[rows["trip_id"].isin(_days(1, 2)["trip_id"])]
    known = old["bike_kind"].dropna().unique()
    if not len(known):
        return None
    return f"trips of days 1 and 2 have the kind {known[0]!r} in the table at `q3_table`."


def _counted(by_kind: dict[Any, Any]) -> dict[str | None, Any]:
    """The learner's counts, with one name for unknown, however it was written."""
    return {kind if isinstance(kind, str) else None: count for kind, count in by_kind.items()}


def _unknown_by_name(a: Answers) -> str | None:
    counts = _counted(a.by_kind)
    extra = set(filter(None, counts)) - set(_day(4)["bike_kind"])
    if len(extra) != 1 or None in counts or not {"city", "cargo"} <= set(counts):
        return None
    return f"`by_kind` has the key {extra.pop()!r} for the trips of unknown kind."


def _unknown_not_counted(a: Answers) -> str | None:
    counts = _counted(a.by_kind)
    if not {"city", "cargo"} <= set(counts) or counts.get(None):
        return None
    return (
        f"`by_kind` has the kinds {', '.join(sorted(filter(None, counts)))}, and no trips "
        "without one."
    )


def _accept_q3(a: Answers) -> str | None:
    rows = _rows(a, a.q3_table)
    expected = _days(1, 2, 4)
    if not _same(rows, expected):
        return (
            f"the table at `q3_table` has {len(rows):,} rows, and they are not those of days "
            "1, 2 and 4."
        )
    if _counted(a.by_kind) != _counted(expected["bike_kind"].value_counts(dropna=False).to_dict()):
        return "the counts in `by_kind` are not those of the table at `q3_table`."
    return None


# --- q4 -----------------------------------------------------------------------------------------


def _other_refusal(a: Answers) -> str | None:
    if "minutes" in a.refusal:
        return None
    return f"`refusal` says nothing about minutes: {a.refusal[:60]!r} …"


def _schema_overwritten(a: Answers) -> str | None:
    kind = _schema(a.q4_table).get("minutes", "no column")
    if kind == "integer":
        return None
    return f"the column `minutes` of the table at `q4_table` is of type {kind} now."


def _extra_column(a: Answers) -> str | None:
    extra = set(_schema(a.q4_table)) - set(_day(4).columns)
    if not extra:
        return None
    return f"the table at `q4_table` has a new column: {', '.join(sorted(extra))}."


def _nothing_appended(a: Answers) -> str | None:
    if len(_from_day(_rows(a, a.q4_table), 5)):
        return None
    return "no trip of day 5 is in the table at `q4_table`."


def _minutes_lost(a: Answers) -> str | None:
    empty = int(_from_day(_rows(a, a.q4_table), 5)["minutes"].isna().sum())
    if not empty:
        return None
    return f"{empty:,} trips of day 5 have no minutes in the table at `q4_table`."


def _rows_dropped(a: Answers) -> str | None:
    missing = len(set(_day(5)["trip_id"]) - set(_rows(a, a.q4_table)["trip_id"]))
    if not missing:
        return None
    return f"{missing:,} trips of day 5 are missing in the table at `q4_table`."


def _digits_lost(a: Answers) -> str | None:
    mine = _from_day(_rows(a, a.q4_table), 5).drop_duplicates("trip_id").set_index("trip_id")
    both = _day(5).set_index("trip_id").join(mine["minutes"].rename("mine"))
    wrong = both[both["mine"] != _cleaned().set_index("trip_id")["minutes"]]
    if wrong.empty:
        return None
    first = wrong.iloc[0]
    return (
        f"{first['minutes']!r} became {first['mine']:g}, and so for {len(wrong):,} trips of day 5."
    )


def _accept_q4(a: Answers) -> str | None:
    rows = _rows(a, a.q4_table)
    if not _same(rows, pd.concat([_day(4), _cleaned()], ignore_index=True)):
        return (
            f"the table at `q4_table` has {len(rows):,} rows, and they are not those of days "
            "4 and 5."
        )
    clean = a.collect(a.clean.select("trip_id", "minutes"))
    right = set(zip(_cleaned()["trip_id"], _cleaned()["minutes"], strict=True))
    if len(clean) != len(right) or {(row[0], row[1]) for row in clean} != right:
        return (
            f"`clean` has {len(clean):,} rows, and they are not the trips of day 5 with their "
            "minutes."
        )
    return None


# --- q5 -----------------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def _feed(table: str, version: int) -> pd.DataFrame:
    """The change data of one commit: rows with `_change_type`."""
    commit = [_commits(table)[version]]
    if files := [content["path"] for content in _kind(commit, "cdc")]:
        return pd.concat([pd.read_parquet(Path(table) / unquote(file)) for file in files])
    # A commit that only adds or only deletes whole files says so by these files alone
    changed = [c for kind in ("add", "remove") for c in _kind(commit, kind) if c["dataChange"]]
    kind = "insert" if _kind(commit, "add") else "delete"
    frames = [pd.read_parquet(Path(table) / unquote(c["path"])) for c in changed]
    return pd.concat([_day(1).iloc[:0], *frames]).assign(_change_type=kind)


def _per_version(a: Answers, count: Callable[[pd.DataFrame, Any], Any]) -> dict[int, Any]:
    """Version -> what `count` says of its change data and its metrics."""
    infos = _infos(a.q5_table)
    metrics = [info.get("operationMetrics", {}) for info in infos]
    return {v: count(_feed(a.q5_table, v), metrics[v]) for v in range(len(infos))}


def _changed(feed: pd.DataFrame, metrics: Any) -> int:
    return int((feed["_change_type"] != "update_preimage").sum())


def _written(feed: pd.DataFrame, metrics: Any) -> int:
    return int(metrics.get("numOutputRows", 0))


def _grown(feed: pd.DataFrame, metrics: Any) -> int:
    kinds = feed["_change_type"].value_counts()
    return int(kinds.get("insert", 0) - kinds.get("delete", 0))


def _counts_like(a: Answers, count: Callable[[pd.DataFrame, Any], Any]) -> list[int]:
    """The versions of a learner's counts that are wrong, and as this way of counting has them."""
    right, other = _per_version(a, _changed), _per_version(a, count)
    mine = {v: int(n) if isinstance(n, Integral) else 0 for v, n in a.rows_changed.items()}
    wrong = [version for version in right if mine.get(version, 0) != right[version]]
    return wrong if all(abs(mine.get(v, 0)) == abs(other[v]) for v in wrong) else []


def _both_images(a: Answers) -> str | None:
    if not (wrong := _counts_like(a, lambda feed, metrics: len(feed))):
        return None
    return (
        f"for version {wrong[0]}, `rows_changed` counts the same trips twice, once before and "
        "once after the change."
    )


def _rows_written(a: Answers) -> str | None:
    wrong = [v for v in _counts_like(a, _written) if v in a.rows_changed]
    if not wrong:
        return None
    return (
        f"for version {wrong[-1]}, `rows_changed` has the number of rows that were written to "
        "files."
    )


def _growth(a: Answers) -> str | None:
    wrong = [v for v in _counts_like(a, _grown) if v in a.rows_changed]
    if not wrong:
        return None
    return f"for version {wrong[0]}, `rows_changed` has by how many rows the table grew or shrank."


def _text_keys(a: Answers) -> str | None:
    keys = [key for key in a.rows_changed if isinstance(key, str)]
    if not keys:
        return None
    return f"the keys of `rows_changed` are text, such as {keys[0][:20]!r}."


def _versions_missing(a: Answers) -> str | None:
    missing = [str(v) for v in range(len(_infos(a.q5_table))) if v not in a.rows_changed]
    if not missing or not a.rows_changed:
        return None
    return f"`rows_changed` has nothing for version {', '.join(missing)}."


def _culprit(a: Answers) -> int:
    """The version whose change left trips with a price of zero."""
    return next(
        version
        for version in range(len(_infos(a.q5_table)))
        if (_feed(a.q5_table, version)["price"] == 0).any()
    )


def _blamed_other(a: Answers) -> str | None:
    """A later or an earlier commit than the one that made trips free."""
    version = a.culprit.get("version")
    if version == _culprit(a) or version not in range(len(_infos(a.q5_table))):
        return None
    feed = _feed(a.q5_table, version)
    free = int((feed["price"] == 0).sum())
    return (
        f"`culprit` names version {version}; of the {len(feed):,} rows of its change data, "
        f"{free} have a price of zero."
    )


def _accept_q5(a: Answers) -> str | None:
    right, version = _per_version(a, _changed), _culprit(a)
    mine = {v: count for v, count in a.rows_changed.items() if count}
    if unknown := [str(v)[:20] for v in mine if v not in right]:
        return f"`rows_changed` names version {unknown[0]}, which the table does not have."
    if wrong := [v for v in right if mine.get(v) != right[v]]:
        return (
            f"`rows_changed` has {str(a.rows_changed.get(wrong[0]))[:20]} for version {wrong[0]}, "
            "where a different number of trips changed."
        )
    if missing := {"version", "note", "when"} - set(a.culprit):
        return f"`culprit` has no {', '.join(sorted(missing))}."
    if a.culprit["version"] != version:
        return f"`culprit` names version {a.culprit['version']!r}, which made no trip free."
    if a.culprit["note"] != _infos(a.q5_table)[version].get("userMetadata"):
        return f"the note {str(a.culprit['note'])[:40]!r} in `culprit` is not that of the commit."
    if not _is_time_of(a.culprit["when"], Path(a.q5_table), version):
        return f"the time {str(a.culprit['when'])[:40]} in `culprit` is not that of the commit."
    return None


def _is_time_of(given: Any, table: Path, version: int) -> bool:
    """Whether a moment, in UTC or in local time, is that of a commit."""
    seconds = (table / "_delta_log" / f"{version:020}.json").stat().st_mtime
    moments = [datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)]
    moments.append(datetime.fromtimestamp(seconds))
    moment = pd.to_datetime(str(given), errors="coerce")
    if pd.isna(moment):
        return False
    moment = moment.tz_convert(None) if moment.tzinfo else moment
    return any(abs((moment - each).total_seconds()) < 1.5 for each in moments)


QUESTIONS = [
    Question(
        id="q1",
        title="Bring back the table",
        points=2,
        names={"good_version": "choice"},
        hints=(
            "The overwrite took the old files out of the log, not off the disk. Which version was "
            "the last one before it? The column `operationParameters` of the history knows how "
            "each version was written.",
            "Two ways lead back: the method of `DeltaTable` that makes an old version current, or "
            "reading that version with `versionAsOf` and writing it over the table.",
            "`DeltaTable.forPath(spark, q1_table)` gives the table. Its method is called "
            "`restoreToVersion` and takes `good_version`.",
        ),
        mistakes=(
            Mistake(
                "history-lost",
                _history_lost,
                "the folder was deleted and the table made anew from the daily files. The rows are "
                "back,\nbut nobody can see any more what happened.",
            ),
            Mistake(
                "vacuumed",
                _vacuumed,
                "VACUUM deletes the files of old versions, which are the very thing that a way "
                "back needs.",
            ),
            Mistake(
                "still-damaged",
                _still_damaged,
                "an old version was read but not written back, or the version restored is the one "
                "that\nthe accident made.",
            ),
            Mistake(
                "one-version-too-far",
                _one_load_too_few,
                "one version too far back. Versions count from 0, and the last good one stands "
                "right before\nthe accident.",
            ),
            Mistake(
                "appended-old-rows",
                _appended_old_rows,
                "the old version was appended to the damaged table instead of taking its place.",
            ),
        ),
        refuse=_accept_q1,
        note=_note_q1,
        why="Files that the log no longer names stay on disk, so until VACUUM runs a bad write "
        "costs minutes instead of data.",
    ),
    Question(
        id="q2",
        title="Late trips and corrections",
        points=3,
        names={"latest": "frame"},
        columns={"latest": {"trip_id": "number", "updated_at": "any"}},
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
        mistakes=(
            Mistake(
                "several-per-trip",
                _several_per_trip,
                "days[3] has trips that were corrected twice; only the newest row of each may go "
                "on.",
            ),
            Mistake(
                "any-of-several",
                _any_of_several,
                "dropDuplicates keeps any row of a trip, and an ascending order keeps the oldest. "
                "Order by\n`updated_at`, newest first.",
            ),
            Mistake(
                "not-executed",
                _not_executed,
                "a merge is only prepared until `.execute()` is called at its end.",
            ),
            Mistake(
                "overwritten",
                _overwritten,
                'mode("overwrite") puts the new rows in place of the table, not into it.',
            ),
            Mistake(
                "append-not-merge",
                _appended,
                "append adds every row, known trip or not. MERGE looks for the trip first.",
            ),
            Mistake(
                "wrong-key",
                _wrong_key,
                "the merge condition asks for more than the trip, so a corrected trip is not "
                "recognized\nand gets inserted a second time.",
            ),
            Mistake(
                "nothing-inserted",
                _nothing_inserted,
                "the merge only updates. Rows whose trip is not in the table yet need a clause of "
                "their own.",
            ),
            Mistake(
                "older-wins",
                _older,
                "a matched row was updated whatever its age, though a late message may be older "
                "than the table;\nor, if no trip got newer, the comparison is the wrong way round.",
            ),
            Mistake(
                "nothing-corrected",
                _nothing_corrected,
                "the merge only inserts. Matched trips need an update with a condition on their "
                "age.",
            ),
            Mistake(
                "mixed-rows",
                _mixed_rows,
                "an aggregate took the largest value of each column by itself, or the update sets "
                "only some\nof the columns. The newest row holds as a whole.",
            ),
        ),
        refuse=_accept_q2,
        note=_note_q2,
        why="Files are sent late, twice and out of order; a merge that lets the newest state win "
        "gives the same table however often and in whatever order they come.",
    ),
    Question(
        id="q3",
        title="A new column",
        points=2,
        names={"by_kind": "dict"},
        hints=(
            "A plain append is refused, because the table does not know the column. There is an "
            "option of the writer that allows new columns.",
            "The option is `mergeSchema`. Old trips get NULL by themselves; leave it so. A "
            "groupBy on the table has NULL as a group of its own.",
            "Collect the grouped counts and build the dict from its rows: each row has a "
            "`bike_kind` (None where it is unknown) and a `count`.",
        ),
        mistakes=(
            Mistake(
                "column-dropped",
                _column_missing,
                "the new column was left out to get the append through, and what it said is lost.",
            ),
            Mistake(
                "old-rows-lost",
                _lost_from("q3_table", 1, 2),
                "overwriteSchema comes with an overwrite, which replaces the rows too. To add a "
                "column, append.",
            ),
            Mistake(
                "appended-twice",
                _twice_in("q3_table"),
                "the append ran twice on the same table. Begin with a fresh copy: "
                'make_table("q3").',
            ),
            Mistake(
                "kind-invented",
                _kind_invented,
                "a default value was filled in for trips from before the column. Nobody can tell "
                "it from\na fact any more.",
            ),
            Mistake(
                "unknown-by-name",
                _unknown_by_name,
                "unknown was turned into text, by fillna, coalesce or str. Its key is None itself.",
            ),
            Mistake(
                "unknown-not-counted",
                _unknown_not_counted,
                'only days[4] was counted, NULLs were filtered out, or count("bike_kind") was '
                "used,\nwhich does not count NULLs.",
            ),
        ),
        refuse=_accept_q3,
        why="Adding a column rewrites no file: old rows read as NULL, so readers of the table go "
        "on working.",
    ),
    Question(
        id="q4",
        title="A wrong type",
        points=2,
        names={"refusal": "text", "clean": "frame"},
        columns={"clean": {"trip_id": "number", "minutes": "any"}},
        hints=(
            "Put the append into try: … except AnalysisException as error: …, and mind the mode: "
            "without it Spark refuses for another reason, namely that the folder exists.",
            "For the mending, take the digits out of the text and cast them to the type that the "
            "table has: `printSchema()` of `q4_table` and of `clean` must agree, or Delta says "
            "that it cannot merge the fields `minutes` and `minutes`.",
            "`regexp_extract` with one or more digits, or `split` at the blank, or `replace` of "
            'the unit; then `.cast("int")` under the same column name.',
        ),
        mistakes=(
            Mistake(
                "refused-for-other-reason",
                _other_refusal,
                'the write failed before the types were compared. Without mode("append") it stops '
                "because\nthe table exists.",
            ),
            Mistake(
                "schema-overwritten",
                _schema_overwritten,
                "the table was bent to fit the file. Everything that reads minutes as numbers "
                "breaks.",
            ),
            Mistake(
                "extra-column",
                _extra_column,
                "the numbers went into a column of another name, or the text was kept under one, "
                "and\nmergeSchema let it in.",
            ),
            Mistake(
                "nothing-appended",
                _nothing_appended,
                "`clean` was made but not written, or written to another folder.",
            ),
            Mistake(
                "old-rows-lost",
                _lost_from("q4_table", 4),
                'mode("overwrite") put day 5 in place of what was there; append adds to it.',
            ),
            Mistake(
                "appended-twice",
                _twice_in("q4_table"),
                "the append ran twice on the same table. Begin with a fresh copy: "
                'make_table("q4").',
            ),
            Mistake(
                "minutes-lost",
                _minutes_lost,
                'try_cast gives NULL where text is no number, and "8 min" is none.',
            ),
            Mistake(
                "rows-dropped",
                _rows_dropped,
                "rows were filtered out on the way. They are sound but for the way they are "
                "written.",
            ),
            Mistake(
                "digits-lost",
                _digits_lost,
                r"part of the digits was cut off: substr(…, 1) or \d without + takes one only.",
            ),
        ),
        refuse=_accept_q4,
        why="The table that refuses a file costs one job a night; the table that accepts it costs "
        "every model trained on it afterwards.",
    ),
    Question(
        id="q5",
        title="Who changed what and when",
        points=3,
        names={"rows_changed": "dict", "culprit": "dict"},
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
        mistakes=(
            Mistake(
                "versions-as-text",
                _text_keys,
                "a version is a whole number; a cast to string, str() or JSON made text of it.",
            ),
            Mistake(
                "versions-missing",
                _versions_missing,
                "the feed was read from a later version on, or versions without this kind of "
                "change were\nleft out.",
            ),
            Mistake(
                "counted-both-images",
                _both_images,
                "an update writes two rows to the feed, update_preimage and update_postimage.",
            ),
            Mistake(
                "counted-rows-written",
                _rows_written,
                "numOutputRows counts what was written, unchanged rows of rewritten files among "
                "it, and\nUPDATE and DELETE do not have it at all.",
            ),
            Mistake(
                "counted-growth",
                _growth,
                "the sizes of neighboring versions were compared. An update changes rows without "
                "changing\ntheir number.",
            ),
            Mistake(
                "blamed-another-commit",
                _blamed_other,
                "the last commit, or the first that touched prices, is not yet the one that set "
                "them to zero.",
            ),
        ),
        refuse=_accept_q5,
        why="Without this record a wrong model can only be stared at; with it you find the commit, "
        "its author, and the rows it touched.",
    ),
]
