"""The questions of lab 15.

What is right is computed with pandas from the files of the trips. A check reads the feature table
as files: the log names those of a version, and they are Parquet.
"""

import json
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pandas as pd

from course_utils import locate
from course_utils.lab import Answers, Mistake, Question
from course_utils.lab.kinds import describe

HOUR = 3_600  # seconds
FRIDAY = int(datetime(2024, 5, 10, tzinfo=UTC).timestamp())
NOON = FRIDAY + 12 * HOUR
COLUMNS = ("station", "known_at", "rides_1h", "rides_24h")
INPUTS = ("hour", "rides_1h", "rides_24h")  # what the model gets
RUSH = ("rides_3h", "smooth", "record", "day_share")
TABLE = "station_hours"


def _clock(seconds: float) -> str:
    """A moment as a learner sees it."""
    return f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%d %H:%M}"


# --- what is right ------------------------------------------------------------------------------


@cache
def _hours() -> pd.DataFrame:
    """One row per station and hour, by both: when it begins and is known, and what is counted."""
    names = [f"trips_day{day}" for day in (2, 3, 4, 5)]
    files = [pd.read_csv(locate(name), parse_dates=["started_at"]) for name in names]
    rides = pd.concat(files).drop_duplicates("trip_id")
    seconds = (rides["started_at"] - pd.Timestamp(0)) // pd.Timedelta(seconds=1)
    rides = rides.assign(hour=seconds // HOUR * HOUR)[seconds >= FRIDAY - 3 * 24 * HOUR]
    counts = rides.groupby(["station", "hour"]).size().rename("rides_1h")
    hours = range(FRIDAY - 3 * 24 * HOUR, FRIDAY + 24 * HOUR, HOUR)
    stations = sorted(rides["station"].unique())
    grid = pd.MultiIndex.from_product([stations, hours], names=["station", "hour"])
    found = counts.reindex(grid, fill_value=0).reset_index()
    each = found.groupby("station")["rides_1h"]
    found["rides_24h"] = each.transform(lambda s: s.rolling(24, min_periods=1).sum())
    found["of_25"] = each.transform(lambda s: s.rolling(25, min_periods=1).sum())
    found["so_far"] = each.cumsum()
    found["before"] = found["of_25"] - found["rides_1h"]
    found["before_23"] = found["rides_24h"] - found["rides_1h"]
    found["known"] = found["hour"] + HOUR
    return found


@cache
def _labels() -> pd.DataFrame:
    """Each forecast: station, seconds of `at`, the model's inputs, and the rides that follow."""
    hours = _hours()
    known = hours[["station", "known", "rides_1h", "rides_24h"]].rename(columns={"known": "at"})
    following = hours[["station", "hour", "rides_1h"]].rename(
        columns={"hour": "at", "rides_1h": "rides_next"}
    )
    found = following[following["at"] >= FRIDAY - 2 * 24 * HOUR].merge(known, on=["station", "at"])
    return found.assign(hour=found["at"] // HOUR % 24)


def _side(friday: bool) -> pd.DataFrame:
    labels = _labels()
    return labels[(labels["at"] >= FRIDAY) == friday]


@cache
def _changes() -> dict[str, int]:
    """How many rows of each of the colleague's features change when the afternoon is cut off."""
    whole = _hours()
    cut = whole[whole["known"] <= NOON]
    found = {}
    for name in RUSH:
        then, later = (_rush(rows)[name] for rows in (cut, whole))
        found[name] = int((then != later.loc[then.index]).sum())
    return found


def _rush(hours: pd.DataFrame) -> pd.DataFrame:
    """The colleague's features; the index is that of the rows."""
    rides = hours.groupby("station")["rides_1h"]
    total = hours.groupby(["station", hours["hour"] // (24 * HOUR)])["rides_1h"].transform("sum")
    centered = rides.rolling(3, center=True, min_periods=1)
    return pd.DataFrame(
        {
            "rides_3h": rides.transform(lambda s: s.rolling(3, min_periods=1).sum()),
            # Sums of whole numbers divided once, so that equal means are equal numbers
            "smooth": (centered.sum() / centered.count()).droplevel(0),
            "record": rides.cummax(),
            "day_share": (hours["rides_1h"] / total.where(total > 0)).fillna(0.0),
        }
    )


def _near(value: Any, other: float, tolerance: float = 1e-6) -> bool:
    return abs(float(value) - other) <= tolerance * max(abs(other), 1e-9)


# --- q1 -----------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _hourly(a: Answers) -> pd.DataFrame:
    """The learner's rows, `known` in seconds, beside what is right for station and moment."""
    from pyspark.sql import functions as F

    moment = F.col("known_at").cast("timestamp").cast("long").alias("known")
    numbers = [F.col(name).cast("double").alias(f"{name}_given") for name in COLUMNS[2:]]
    rows = a.collect(a.hourly.select("station", moment, *numbers))
    names = ["station", "known", *(f"{name}_given" for name in COLUMNS[2:])]
    return pd.DataFrame([tuple(row) for row in rows], columns=names)


def _beside(a: Answers) -> pd.DataFrame:
    return _hourly(a).merge(_hours(), on=["station", "known"])


def _more_columns(a: Answers) -> str | None:
    more = [name for name in a.hourly.columns if name.lower() not in COLUMNS]
    return f"`hourly` has {', '.join(more)} as well" if more else None


def _stamped_early(a: Answers) -> str | None:
    given = _hourly(a)["known"]
    if not given.min() < _hours()["known"].min():  # nor where there is none
        return None
    first, begins = _clock(given.min()), _clock(_hours()["hour"].min())
    return f"the first rows of `hourly` say {first}; their hour begins {begins}"


def _stamped_late(a: Answers) -> str | None:
    given = _hourly(a)["known"]
    if not given.max() > _hours()["known"].max():
        return None
    return f"the last rows of `hourly` say {_clock(given.max())}"


def _hours_missing(a: Answers) -> str | None:
    given, due = len(_hourly(a)), len(_hours())
    return f"`hourly` has {given:,} rows, `grid` has {due:,}" if given < due else None


def _nulls(a: Answers) -> str | None:
    rows = _hourly(a)
    later = rows[rows["known"] > rows["known"].min()]  # the first window may be empty
    for name, there in (("rides_1h", rows), ("rides_24h", later)):
        if empty := int(there[f"{name}_given"].isna().sum()):
            return f"`{name}` of `hourly` is null in {empty:,} rows"
    return None


def _stations_mixed(a: Answers) -> str | None:
    rows = _beside(a)
    first = rows[rows["hour"] == rows["hour"].min()]
    strange = first[first["rides_24h_given"] > first["rides_1h"]]
    if strange.empty:
        return None
    row = strange.iloc[0]
    return (
        f"in the first hour, `hourly` has {row['rides_24h_given']:.0f} as rides_24h of "
        f"{row['station']}, and {row['rides_1h_given']:.0f} as rides_1h"
    )


def _window_is(words: str, *columns: str) -> Any:
    """rides_24h is what another window gives, one of these."""

    def when(a: Answers) -> str | None:
        rows = _beside(a)
        given = rows["rides_24h_given"].fillna(0)
        if (given == rows["rides_24h"]).all():
            return None
        if any((given == rows[column]).all() for column in columns):
            return f"`rides_24h` of `hourly` adds up {words}"
        return None

    return when


def _right_hourly(a: Answers) -> str | None:
    given, rows = _hourly(a), _beside(a)
    if len(given) != len(_hours()) or len(rows) != len(_hours()):
        return f"`hourly` has {len(given):,} rows, of which {len(rows):,} belong to a row of `grid`"
    for name in COLUMNS[2:]:
        wrong = rows[rows[f"{name}_given"] != rows[name]]
        if len(wrong):
            row = wrong.iloc[0]
            return (
                f"`{name}` of `hourly` differs in {len(wrong):,} rows, first for {row['station']} "
                f"known at {_clock(row['known'])}"
            )
    return None


# --- q2 -----------------------------------------------------------------------------------------


def _table(a: Answers) -> Path:
    return Path(a.store) / "tables" / TABLE


def _commits(a: Answers) -> list[list[tuple[str, Any]]]:
    """The actions of each commit of the table, in order."""
    files = sorted(_table(a).glob("_delta_log/" + "[0-9]" * 20 + ".json"))
    texts = [file.read_text(encoding="utf-8") for file in files]
    return [[next(iter(json.loads(line).items())) for line in t.splitlines()] for t in texts]


def _known(a: Answers, versions: int | None = None) -> np.ndarray:
    """Seconds of known_at of the table's rows, after so many versions or now."""
    live: set[str] = set()
    for commit in _commits(a)[:versions]:
        live |= {content["path"] for kind, content in commit if kind == "add"}
        live -= {content["path"] for kind, content in commit if kind == "remove"}
    moments = [
        pd.read_parquet(_table(a) / unquote(file), columns=["known_at"])["known_at"]
        for file in sorted(live)
    ]
    if not moments:
        return np.array([], dtype=np.int64)
    together = pd.to_datetime(pd.concat(moments), utc=True)
    return ((together - pd.Timestamp(0, tz="UTC")) // pd.Timedelta(seconds=1)).to_numpy()


def _names(a: Answers) -> list[str]:
    return [table.name for table in a.fe.search_tables()]


def _no_table(a: Answers) -> str | None:
    if TABLE in _names(a):
        return None
    there = ", ".join(_names(a)) or "no table"
    return f"`entry` is {_kind(a.entry)}, and the store has {there}, not {TABLE}"


def _kind(value: Any) -> str:
    name = getattr(value, "name", None)
    return f"the table {name}" if isinstance(name, str) else describe(value)


def _no_history(a: Answers) -> str | None:
    if a.fe.get_table(TABLE).timestamp_key is not None:
        return None
    keys = ", ".join(a.fe.get_table(TABLE).primary_keys)
    return f"`entry` has the primary key {keys} and no time column"


def _hard_to_find(a: Answers) -> str | None:
    def finds(**wanted: Any) -> bool:
        return TABLE in [table.name for table in a.fe.search_tables(**wanted)]

    for words, wanted in (
        ('the word "rides"', {"text": "rides"}),
        ("the tag team = fleet", {"tag": ("team", "fleet")}),
    ):
        if not finds(**wanted):
            return f"a search for {words} does not find the table of `entry`"
    return None


def _too_early(a: Answers) -> str | None:
    first = _known(a, 1)
    if len(first) and first.max() > FRIDAY:
        return f"the table of `entry` was made with rows known at {_clock(first.max())}"
    return None


def _no_friday(a: Answers) -> str | None:
    now = _known(a)
    if len(now) and now.max() <= FRIDAY:
        return f"the newest row in the table of `entry` was known at {_clock(now.max())}"
    return None


def _overwritten(a: Answers) -> str | None:
    now, first = _known(a), _known(a, 1)
    if len(first) and len(now) and now.min() > first.min():
        return f"the oldest row in the table of `entry` was known at {_clock(now.min())}"
    return None


def _right_table(a: Answers) -> str | None:
    if getattr(a.entry, "name", None) != TABLE:
        return f"`entry` is {_kind(a.entry)}, not what create_table returned for {TABLE}"
    table = a.fe.get_table(TABLE)
    if table.row_keys != ("station", "known_at"):
        return f"the table of `entry` tells rows apart by {', '.join(table.row_keys)}"
    due = _hours()["known"]
    for words, given, rows in (
        ("was made with", _known(a, 1), int((due <= FRIDAY).sum())),
        ("has", _known(a), len(due)),
    ):
        if len(given) != rows:
            return f"the table of `entry` {words} {len(given):,} rows, other than are known"
    return None


# --- q3 -----------------------------------------------------------------------------------------


def _rows_for_recipe(a: Answers) -> str | None:
    return None if hasattr(a.training, "spec") else f"`training` is {describe(a.training)}"


def _not_fitted(a: Answers) -> str | None:
    return None if hasattr(a.model, "tree_") else f"`model` is {describe(a.model)}, not fitted yet"


def _label_as_input(a: Answers) -> str | None:
    if "rides_next" in a.training.spec.model_columns:
        return "`training` gives `rides_next` to the model as an input"
    return None


def _looked_up_late(a: Answers) -> str | None:
    for join in a.training.spec.joins:
        if join.time and join.time[0] == "until":
            return "`training` looks features up as they were at `until`"
    return None


def _left_out_by_hand(a: Answers) -> str | None:
    packed, got = a.training.spec.model_columns, list(getattr(a.model, "feature_names_in_", ()))
    more = [name for name in packed if name not in got]
    return f"`training` has {', '.join(more)} for the model, which never got it" if more else None


def _hour_left_out(a: Answers) -> str | None:
    if "hour" in a.training.spec.model_columns:
        return None
    return f"`training` gives the model {', '.join(a.training.spec.model_columns)}"


def _other_rows(a: Answers) -> str | None:
    given = int(a.model.tree_.n_node_samples[0])
    for words, rows in (("all of `labels`", _labels()), ("the rows of `asked`", _side(True))):
        if given == len(rows):
            return f"`model` was fitted to {given:,} rows, which are {words}"
    return None


def _right_training(a: Answers) -> str | None:
    spec = a.training.spec
    if [(join.table, join.time) for join in spec.joins] != [(TABLE, ("at", "known_at"))]:
        looked = ", ".join(f"{join.table} at {join.time}" for join in spec.joins)
        return f"`training` looks up in {looked or 'no table'}"
    if sorted(spec.model_columns) != sorted(INPUTS) or spec.label != ("rides_next",):
        return f"`training` gives the model {', '.join(spec.model_columns)}"
    if list(a.model.feature_names_in_) != list(spec.model_columns):
        return f"`model` got {', '.join(a.model.feature_names_in_)}, in this order"
    from sklearn.tree import DecisionTreeRegressor

    x, y = _side(False)[list(spec.model_columns)], _side(False)["rides_next"]
    due = DecisionTreeRegressor(min_samples_leaf=5, random_state=0).fit(x, y)
    apart = float(np.sqrt(np.mean((due.predict(x) - a.model.predict(x)) ** 2)))
    given = int(a.model.tree_.n_node_samples[0])
    if given != len(x) or apart > 0.1 * float(y.std()):
        return f"`model` was fitted to {given:,} rows with other values than those of `taught`"
    return None


# --- q4 -----------------------------------------------------------------------------------------


def _forecasts(a: Answers) -> pd.DataFrame:
    """What `model` says to each hour of Friday, and what came."""
    asked = _side(True)
    inputs = asked[list(a.model.feature_names_in_)]
    return asked[["station", "at", "rides_next"]].assign(due=a.model.predict(inputs))


@lru_cache(maxsize=1)
def _scored(a: Answers) -> pd.DataFrame:
    """The learner's rows with `at` in seconds."""
    moments = pd.to_datetime(a.scored["at"], utc=True)
    seconds = (moments - pd.Timestamp(0, tz="UTC")) // pd.Timedelta(seconds=1)
    return pd.DataFrame(
        {"station": a.scored["station"], "at": seconds, "prediction": a.scored["prediction"]}
    )


def _judged(a: Answers) -> pd.DataFrame:
    return _scored(a).merge(_forecasts(a), on=["station", "at"])


def _error(a: Answers) -> float:
    rows = _forecasts(a)
    return float(np.sqrt(np.mean((rows["due"] - rows["rides_next"]) ** 2)))


def _lookups_left_out(a: Answers) -> str | None:
    flavors = getattr(a.info, "flavors", None)
    if flavors is None:
        return f"`info` is {describe(a.info)}"
    if flavors.get("python_function", {}).get("loader_module", "").startswith("course_utils."):
        return None
    return "the model of `info` starts from features, not from keys"


def _taught_scored(a: Answers) -> str | None:
    first = _scored(a)["at"].min()
    return f"`scored` begins with the hour at {_clock(first)}" if first < FRIDAY else None


def _rows_not_matched(a: Answers) -> str | None:
    if _near(a.rmse, _error(a)):
        return None
    came = np.array([row[0] for row in a.collect(a.asked.select("rides_next"))], dtype=float)
    given = _scored(a)["prediction"].to_numpy(dtype=float)
    if len(came) == len(given) and _near(a.rmse, float(np.sqrt(np.mean((given - came) ** 2)))):
        return "`rmse` compares row number n of `scored` with row number n of `asked`"
    return None


def _other_error(a: Answers) -> str | None:
    rows = _forecasts(a)
    gap = rows["due"] - rows["rides_next"]
    for words, value in (
        ("is a mean squared error", float(np.mean(gap**2))),
        ("is a mean absolute error", float(np.mean(np.abs(gap)))),
        ("is a standard deviation of the errors", float(np.std(gap))),
    ):
        if _near(a.rmse, value) and not _near(a.rmse, _error(a)):
            return f"`rmse` {words}"
    return None


def _rounded(a: Answers) -> str | None:
    value, right = float(a.rmse), _error(a)
    for places in range(4):
        if value == round(value, places) and 0 < abs(value - right) <= 0.501 * 10.0**-places:
            return f"`rmse` has {places} decimals"
    return None


def _right_scores(a: Answers) -> str | None:
    rows, due = _judged(a), _forecasts(a)
    if len(_scored(a)) != len(due) or len(rows) != len(due):
        return f"`scored` has {len(_scored(a)):,} rows, of which {len(rows):,} are hours of `keys`"
    if (wrong := ~np.isclose(rows["prediction"].astype(float), rows["due"])).any():
        row = rows[wrong].iloc[0]
        return (
            f"{int(wrong.sum())} rows of `scored` are not what `model` says, first "
            f"{row['station']} at {_clock(row['at'])}"
        )
    if not _near(a.rmse, _error(a)):
        return f"`rmse` = {float(a.rmse):.4g} is not the error of these forecasts"
    return None


# --- q5 -----------------------------------------------------------------------------------------


def _counts(a: Answers) -> dict[str, float]:
    """The learner's counts that are numbers, by name."""
    given = {str(name): value for name, value in a.changed.items()}
    return {n: float(given[n]) for n in RUSH if isinstance(given.get(n), int | float | np.number)}


def _by_time_alone(a: Answers) -> str | None:
    rows = int((_hours()["known"] <= NOON).sum())
    for name, count in _counts(a).items():
        if count > rows:
            return f"`changed` has {count:,.0f} for `{name}`; {rows:,} rows are known at noon"
    return None


def _cut_too_late(a: Answers) -> str | None:
    counts = _counts(a)
    if len(counts) == len(RUSH) and not any(counts.values()):
        return "`changed` is 0 for each feature"
    return None


def _rows_that_agree(a: Answers) -> str | None:
    rows, due = int((_hours()["known"] <= NOON).sum()), _changes()
    counts = _counts(a)
    if counts and all(count == rows - due[name] for name, count in counts.items()):
        return f"`changed` has {counts[RUSH[0]]:,.0f} for `{RUSH[0]}`, which only looks back"
    return None


def _afternoon_counted(a: Answers) -> str | None:
    counts = _counts(a)
    if all(counts.get(name, 0) > 0 for name, due in _changes().items() if due == 0):
        return f"`changed` has {counts[RUSH[0]]:,.0f} for `{RUSH[0]}`, which only looks back"
    return None


def _honest_named(a: Answers) -> str | None:
    wrong = [str(name) for name in a.leaky if _changes().get(str(name)) == 0]
    return f"`leaky` names {', '.join(wrong)}" if wrong else None


def _right_leaks(a: Answers) -> str | None:
    counts = _counts(a)
    if missing := [name for name in RUSH if name not in counts]:
        return f"`changed` has no number for `{missing[0]}`"
    for name, due in _changes().items():
        if counts[name] != due:
            return f"`changed` has {counts[name]:,.0f} for `{name}`"
    if sorted(map(str, a.leaky)) != sorted(name for name, due in _changes().items() if due):
        return f"`leaky` has {len(a.leaky)} names, which are not those that change"
    return None


QUESTIONS = [
    Question(
        id="q1",
        title="Features, and since when they are known",
        points=2,
        uses={"hourly": "frame"},
        columns={
            "hourly": {
                "station": "text",
                "known_at": "time",
                "rides_1h": "number",
                "rides_24h": "number",
            }
        },
        hints=(
            "Count the rides by station and hour first. What do the hours without rides need, "
            "before a window of 24 rows is 24 hours?",
            "Join the counts to `grid` from the left and fill with 0. Then a window by station, in "
            "the order of the hours, from 23 rows before to this one. A count of an hour is known "
            "when that hour is over.",
        ),
        mistakes=(
            Mistake(
                "more-columns",
                when=_more_columns,
                say="Every column beside the keys becomes a feature; leave out what is none.",
            ),
            Mistake(
                "stamped-too-early",
                when=_stamped_early,
                say="A row that counts an hour cannot be known when that hour begins: a lookup at "
                "that moment would see the rides that it is to forecast.",
            ),
            Mistake(
                "stamped-too-late",
                when=_stamped_late,
                say="The count is known as soon as its hour is over; later, and each forecast gets "
                "older rows than it could have.",
            ),
            Mistake(
                "hours-missing",
                when=_hours_missing,
                say="Hours without rides have no row, so a lookup there would take an older hour "
                "for the last one; start from `grid`.",
            ),
            Mistake(
                "null-for-zero",
                when=_nulls,
                say="A left join leaves null where nobody rode; that is known to be 0.",
            ),
            Mistake(
                "stations-mixed",
                when=_stations_mixed,
                say="The window runs over the rows of all stations; partition it by station.",
            ),
            Mistake(
                "window-of-25",
                when=_window_is("25 hours where there are so many", "of_25"),
                say="This hour and the 23 before it are 24; count the rows at both ends.",
            ),
            Mistake(
                "without-this-hour",
                when=_window_is("the hours before, without the hour itself", "before", "before_23"),
                say="The window ends one row too soon: this hour and the 23 before it.",
            ),
            Mistake(
                "since-the-beginning",
                when=_window_is("all hours since the first", "so_far"),
                say="A window that is only ordered begins at the first row; say how far it goes "
                "back, with rowsBetween.",
            ),
        ),
        accept=_right_hourly,
        why="a feature is honest only if its time says when it was known, not what it is about.",
    ),
    Question(
        id="q2",
        title="A feature table",
        points=2,
        uses={"entry": "any"},
        needs=("q1",),
        hints=(
            "Which column names what a row is about, and which says since when it holds? They are "
            "declared apart from each other.",
            "create_table takes the name, the primary key, the frame, timeseries_columns, "
            "description and tags. For Friday: write_table; its default mode keeps what is there.",
        ),
        mistakes=(
            Mistake(
                "no-table",
                when=_no_table,
                say="The table was not created, or under another name.",
            ),
            Mistake(
                "no-history",
                when=_no_history,
                say="Without timeseries_columns the time is no more than a part of the key, and no "
                "lookup can ask what was known when.",
            ),
            Mistake(
                "hard-to-find",
                when=_hard_to_find,
                say="The description or the tags do not say what was asked for.",
            ),
            Mistake(
                "friday-too-early",
                when=_too_early,
                say="The table was created with all of `hourly`; Friday's rows are not known yet.",
            ),
            Mistake(
                "friday-missing",
                when=_no_friday,
                say="The rows of Friday were not written to the table.",
            ),
            Mistake(
                "overwritten",
                when=_overwritten,
                say="The second write replaced the rows of the first; merge leaves them.",
            ),
        ),
        accept=_right_table,
        why="a table that others can find, with keys and a history, is built once and used often.",
    ),
    Question(
        id="q3",
        title="Train",
        points=2,
        uses={"training": "any", "model": "any"},
        needs=("q1", "q2"),
        hints=(
            "A row of `taught` has two times. At which of them is the forecast made?",
            "create_training_set takes the frame, a list with one FeatureLookup, the label and "
            "exclude_columns: key and both times. `load_df().toPandas()` gives the rows to fit.",
        ),
        mistakes=(
            Mistake(
                "rows-for-recipe",
                when=_rows_for_recipe,
                say="load_df() gives rows; keep the training set itself, which has the lookups.",
            ),
            Mistake(
                "not-fitted",
                when=_not_fitted,
                say="The model was made but has not learned from the rows: .fit(inputs, label).",
            ),
            Mistake(
                "looked-up-at-the-end",
                when=_looked_up_late,
                say="When the hour is over, its rides are counted: the newest row holds the label. "
                "Look up at the moment of the forecast.",
            ),
            Mistake(
                "label-as-input",
                when=_label_as_input,
                say="`label` does not name it, so the number to predict is one of the inputs.",
            ),
            Mistake(
                "hour-left-out",
                when=_hour_left_out,
                say="The hour of the day is to be an input: it is known when the forecast is made.",
            ),
            Mistake(
                "left-out-by-hand",
                when=_left_out_by_hand,
                say="Columns were dropped after load_df(); a scorer would give them to the model. "
                "Let exclude_columns leave them out.",
            ),
            Mistake(
                "other-rows",
                when=_other_rows,
                say="Friday is what the model will be judged by; it may learn from `taught` alone.",
            ),
        ),
        accept=_right_training,
        why="the recipe of the training set is what every later score will follow.",
    ),
    Question(
        id="q4",
        title="Score by key",
        points=2,
        uses={"info": "any", "scored": "pandas", "rmse": "number"},
        columns={"scored": {"station": "text", "at": "time", "prediction": "number"}},
        needs=("q1", "q2", "q3"),
        hints=(
            "Two calls of `fe`: one packs the model with its lookups, the other takes the address "
            "of the packed model and a frame of keys. And whose score is in which row?",
            "`fe.log_model(model, name, flavor=…, training_set=…, …)`, then "
            "`fe.score_batch(info.model_uri, keys).toPandas()`; merge it with the labels of "
            "`asked` on station and at before you subtract.",
        ),
        mistakes=(
            Mistake(
                "lookups-left-out",
                when=_lookups_left_out,
                say="Logged by MLflow alone, a model knows nothing of tables: everyone who scores "
                "has to repeat the join, and may get it wrong. Use log_model of `fe`.",
            ),
            Mistake(
                "taught-scored",
                when=_taught_scored,
                say="These hours taught the model; score `keys`.",
            ),
            Mistake(
                "rows-not-matched",
                when=_rows_not_matched,
                say="The rows come back in another order than they went in; match by station and "
                "at.",
            ),
            Mistake(
                "another-error",
                when=_other_error,
                say="RMSE is the root of the mean of the squared errors.",
            ),
            Mistake(
                "rounded",
                when=_rounded,
                say="It is right, but rounded; keep all digits and round only what you print.",
            ),
        ),
        accept=_right_scores,
        why="who scores needs keys alone, so training and use cannot join in two ways.",
    ),
    Question(
        id="q5",
        title="Catch the leak",
        points=2,
        uses={"changed": "dict", "leaky": "list"},
        needs=("q1",),
        hints=(
            "`rush` takes a frame and gives a frame. Call it twice: with which two frames?",
            "Join both results on station and known_at, so that rows of the afternoon fall away; "
            "then count for each name the rows where the two values differ.",
        ),
        mistakes=(
            Mistake(
                "cut-too-late",
                when=_cut_too_late,
                say="Cut off after rush(…), both sides saw the afternoon; cut `hourly` before it.",
            ),
            Mistake(
                "joined-by-time-alone",
                when=_by_time_alone,
                say="Each row met the rows of all stations at its time; join on both keys.",
            ),
            Mistake(
                "rows-that-agree",
                when=_rows_that_agree,
                say="The rows that stay the same were counted.",
            ),
            Mistake(
                "afternoon-counted",
                when=_afternoon_counted,
                say="Rows that only one side has differ by being there; compare the rows known at "
                "noon, which both have.",
            ),
            Mistake(
                "honest-named",
                when=_honest_named,
                say="A feature leaks if it changes when the future is cut off.",
            ),
        ),
        accept=_right_leaks,
        why="the join believes the stamp; only computing again without the future tests it.",
    ),
]
