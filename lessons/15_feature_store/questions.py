"""The questions of lab 15.

What is right is computed with pandas from the files of the trips. A check reads the feature table
as files: the log names those of a version, and they are Parquet.
"""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from course_utils import locate
from course_utils.lab import Answers, Question, Values, delta
from course_utils.lab.decide import decided, refused
from course_utils.lab.kinds import describe
from course_utils.lab.values import Made

HOUR = 3_600  # seconds
FRIDAY = int(datetime(2024, 5, 10, tzinfo=UTC).timestamp())
NOON = FRIDAY + 12 * HOUR
COLUMNS = ("station", "known_at", "rides_1h", "rides_24h")
INPUTS = ("hour", "rides_1h", "rides_24h")  # what the model gets
RUSH = ("rides_3h", "smooth", "record", "day_share")
TABLE = "station_hours"
ALWAYS = 2**40  # seconds; later than any hour

Found = tuple[str, str] | None


def _clock(seconds: float) -> str:
    """A moment as a learner sees it."""
    parts = "%Y-%m-%d %H:%M:%S" if int(seconds) % 60 else "%Y-%m-%d %H:%M"
    return datetime.fromtimestamp(int(seconds), UTC).strftime(parts)


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
    found["whole"] = each.transform("sum")
    found["to_end"] = found["whole"] - found["so_far"] + found["rides_1h"]
    found["next_24"] = each.transform(lambda s: s[::-1].rolling(24, min_periods=1).sum()[::-1])
    found["next_23"] = found["next_24"] - found["rides_1h"]
    found["rows_24"] = each.cumcount().add(1).clip(upper=24)
    by_day = found.groupby(["station", found["hour"] // (24 * HOUR)])["rides_1h"]
    found["of_day"], found["of_day_so_far"] = by_day.transform("sum"), by_day.cumsum()
    ridden = found[found["rides_1h"] > 0].groupby("station")["rides_1h"]
    of_ridden = ridden.transform(lambda s: s.rolling(24, min_periods=1).sum())
    found["of_ridden"] = of_ridden.reindex(found.index, fill_value=0)
    found["hour_before"], found["hour_after"] = each.shift(1), each.shift(-1)
    city = found.groupby("hour")["rides_1h"].sum()
    found["city"] = found["hour"].map(city)
    found["city_so_far"] = found["hour"].map(city.cumsum())
    found["city_24h"] = found["hour"].map(city.rolling(24, min_periods=1).sum())
    found["city_before"] = found["hour"].map(city.shift(1, fill_value=0))
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
def _changes(after: int = 0, last: int = NOON) -> dict[str, int]:
    """How many rows of each of the colleague's features change if there are no others than these.

    Args:
        after: seconds; the rows that are known later than this,
        last: and not later than this.
    """
    whole = _hours()
    cut = whole[(whole["known"] > after) & (whole["known"] <= last)]
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


# --- q1 -----------------------------------------------------------------------------------------

# What rides_24h is instead, in words and as columns of `_hours`
WINDOWS = {
    "rows-counted": ("no rides: it is how many rows the window has", ["rows_24"]),
    "window-into-the-future": (
        "hours that are not over at `known_at`",
        ["next_24", "next_23", "to_end", "whole"],
    ),
    "window-of-25": ("25 hours as soon as there are 25", ["of_25"]),
    "without-this-hour": (
        "the hours before, without the hour itself",
        ["before", "before_23"],
    ),
    "since-the-beginning": ("all hours since the first", ["so_far"]),
    "calendar-day": ("hours of one calendar day", ["of_day", "of_day_so_far"]),
    "hours-skipped": ("the last 24 hours in which somebody rode", ["of_ridden"]),
}


def _seconds(moments: "pd.Series[Any]") -> "pd.Series[Any]":
    since = pd.to_datetime(moments, utc=True) - pd.Timestamp(0, tz="UTC")
    return since // pd.Timedelta(seconds=1)


def _lacks(rows: pd.DataFrame, last: int = ALWAYS) -> pd.DataFrame:
    """The hours known until `last` that have no row, in the order of time."""
    due = _hours()[_hours()["known"] <= last].sort_values(["known", "station"])
    there = pd.MultiIndex.from_frame(rows[["station", "known"]])
    return due[~pd.MultiIndex.from_frame(due[["station", "known"]]).isin(there)]


def _first_of(rows: pd.DataFrame) -> str:
    """ "Upper Mill known at 2024-05-07 03:00": where to look."""
    row = rows.iloc[0]
    return f"{row['station']} known at {_clock(row['known'])}"


def _wrong_hourly(a: Answers) -> Found:
    if more := [name for name in a.hourly.columns if name.lower() not in COLUMNS]:
        return "more-columns", f"`hourly` has {', '.join(more)} as well"
    rows, due = a.pandas("hourly"), _hours()
    given = {f"{name}_given": rows[name].astype(float) for name in COLUMNS[2:]}
    rows = rows[["station"]].assign(known=_seconds(rows["known_at"]), **given)
    if rows["known"].min() < due["known"].min():
        first, begins = _clock(rows["known"].min()), _clock(due["hour"].min())
        says = f"the first rows of `hourly` say {first}; their hour begins {begins}"
        return "stamped-too-early", says
    if rows["known"].max() > due["known"].max():
        says = f"the last rows of `hourly` say {_clock(rows['known'].max())}"
        return "stamped-too-late", says
    absent = _lacks(rows)
    if len(rows) < len(due) and len(absent) and not absent["rides_1h"].any():
        return "hours-missing", f"`hourly` has {len(rows):,} rows, `grid` has {len(due):,}"
    if len(rows) < len(due) and len(absent):
        lacks = f"`hourly` lacks {len(absent):,} of the hours of `grid`"
        return "hours-lost", f"{lacks}, first that of {_first_of(absent)}"
    if empty := int(rows["rides_1h_given"].isna().sum()):
        return "null-for-zero", f"`rides_1h` of `hourly` is null in {empty:,} rows"
    beside = rows.merge(due, on=["station", "known"])
    if found := _wrong_hour(beside) or _wrong_window(beside):
        return found
    if len(rows) != len(due) or len(beside) != len(due):
        belong = f"of which {len(beside):,} belong to a row of `grid`"
        return "", f"`hourly` has {len(rows):,} rows, {belong}"
    return None


def _wrong_hour(rows: pd.DataFrame) -> Found:
    wrong = rows[rows["rides_1h_given"] != rows["rides_1h"]]
    if wrong.empty:
        return None
    for words, column in (("before", "hour_before"), ("after", "hour_after")):
        there = rows[rows[column].notna()]
        if len(there) and (there["rides_1h_given"] == there[column]).all():
            counts = f"counts the rides of the hour {words}"
            return "another-hour", f"`rides_1h` of `hourly` {counts}"
    differs = f"differs in {len(wrong):,} rows, first for {_first_of(wrong)}"
    return "miscounted", f"`rides_1h` of `hourly` {differs}"


def _wrong_window(rows: pd.DataFrame) -> Found:
    given = rows["rides_24h_given"]
    wrong = rows[given != rows["rides_24h"]]
    if wrong.empty:
        return None
    if given.isna().any() and (given.fillna(0) == rows["rides_24h"]).all():
        empty = f"null in {int(given.isna().sum()):,} rows"
        return "filled-after-window", f"`rides_24h` of `hourly` is {empty}"
    for id, (words, columns) in WINDOWS.items():
        if any((given.fillna(0) == rows[column]).all() for column in columns):
            return id, f"`rides_24h` of `hourly` adds up {words}"
    if _stations_mixed(rows):
        more = rows[given > rows["rides_24h"]]
        has = f"has {more['rides_24h_given'].iloc[0]:.0f} as rides_24h of {_first_of(more)}"
        return "stations-mixed", f"`hourly` {has}, more than began there"
    empty = ", being null there" if wrong["rides_24h_given"].isna().all() else ""
    differs = f"differs in {len(wrong):,} rows, first for {_first_of(wrong)}{empty}"
    return "", f"`rides_24h` of `hourly` {differs}"


def _stations_mixed(rows: pd.DataFrame) -> bool:
    """A window over the rows of all stations, in the order of the hours, whatever breaks ties."""
    given, own = rows["rides_24h_given"], rows["rides_1h"]
    total = float(own.sum())
    last_hour = float(rows["city"][rows["hour"] == rows["hour"].max()].iloc[0])
    # 24 rows are less than two hours of all stations, and each row is in 24 windows but the last
    of_24_rows = (
        given.between(own, rows["city_before"] + rows["city"]).all()
        and 24 * total - 23 * last_hour <= given.sum() <= 24 * total
    )
    so_far = given.between(rows["city_so_far"] - rows["city"] + own, rows["city_so_far"]).all()
    return bool(of_24_rows or so_far or (given == rows["city_24h"]).all())


Q1 = decided(
    _wrong_hourly,
    {
        "more-columns": "Every column beside the keys becomes a feature; leave out what is none.",
        "stamped-too-early": "What a row counts cannot be known before that hour is over: a lookup "
        "earlier than that would see rides that are still to come.",
        "stamped-too-late": "The count is known as soon as its hour is over; later, and each "
        "forecast gets older rows than it could have.",
        "hours-missing": "Hours without rides have no row, so a lookup there would take an older "
        "hour for the last one; start from `grid`.",
        "hours-lost": "A filter or an inner join lost them; each row of `grid` gets one, those of "
        "the first hours too, whose window is shorter.",
        "null-for-zero": "A left join leaves null where nobody rode; that is known to be 0.",
        "another-hour": "A row counts the rides of the hour that ends at `known_at`; leave out lag "
        "and lead, or move `known_at` along.",
        "miscounted": "Due are the rides that began there in that hour: each row of `rides` once, "
        "and 0 where there is none.",
        "filled-after-window": "The window had nothing but nulls to add up there. Fill the hours "
        "with 0 before the window.",
        "rows-counted": "F.count counts rows, whatever is in them; F.sum adds up their rides.",
        "window-into-the-future": "The window runs on from this hour, not back: put the hours in "
        "ascending order, and begin before the row.",
        "stations-mixed": "The window runs over the rows of all stations; partition it by station.",
        "window-of-25": "This hour and the 23 before it are 24; count the rows at both ends.",
        "without-this-hour": "The window ends one row too soon: this hour and the 23 before it.",
        "since-the-beginning": "A window that is only ordered begins at the first row; say how far "
        "it goes back, with rowsBetween.",
        "calendar-day": "A day begins at midnight, this window 23 hours before the row: leave the "
        "date out of partitionBy, and say how far it goes back, with rowsBetween.",
        "hours-skipped": "The window came before the hours without rides, so its 24 rows reach "
        "back further than 24 hours. Join to `grid` and fill with 0 first.",
    },
)


# --- q2 -----------------------------------------------------------------------------------------


def _state(a: Answers, versions: int | None = None) -> pd.DataFrame:
    """The table's rows after so many versions or now, `known` in seconds; names in lower case."""
    table = delta.Table(str(Path(a.store) / "tables" / TABLE))
    rows = table.rows(versions).rename(columns=str.lower)
    if "known_at" not in rows.columns:
        return pd.DataFrame({"station": [], "known": pd.Series([], dtype=np.int64)})
    return rows.assign(known=_seconds(rows["known_at"]))


def _kind(value: Any) -> str:
    name = getattr(value, "name", None)
    return f"the table {name}" if isinstance(name, str) else describe(value)


def _wrong_table(a: Answers) -> Found:
    names = [table.name for table in a.fe.search_tables()]
    if TABLE not in names:
        there = ", ".join(names) or "no table"
        return "no-table", f"`entry` is {_kind(a.entry)}, and the store has {there}, not {TABLE}"
    table, entry = a.fe.get_table(TABLE), "the table of `entry`"
    if table.timestamp_key is None:
        keys = ", ".join(table.primary_keys)
        return "no-history", f"`entry` has the primary key {keys} and no time column"
    for words, wanted in (
        ('the word "rides"', {"text": "rides"}),
        ("the tag team = fleet", {"tag": ("team", "fleet")}),
    ):
        if TABLE not in [found.name for found in a.fe.search_tables(**wanted)]:
            return "hard-to-find", f"a search for {words} does not find {entry}"
    first, now = _state(a, 1), _state(a)
    old, new = first["known"], now["known"]
    if len(old) and old.max() > FRIDAY:
        with_rows = f"made with rows of Friday after 00:00, the newest known at {_clock(old.max())}"
        return "friday-too-early", f"{entry} was {with_rows}"
    if len(new) and new.max() <= FRIDAY:
        return "friday-missing", f"the newest row in {entry} was known at {_clock(new.max())}"
    if len(old) and len(new) and new.min() > old.min():
        return "overwritten", f"the oldest row in {entry} was known at {_clock(new.min())}"
    lacking = _lacks(first, FRIDAY)
    if len(lacking) and (lacking["known"] == FRIDAY).all():
        too_few = f"{len(lacking)} rows too few: those of 00:00"
        return "midnight-left-out", f"{entry} was made with {too_few}"
    late = _lacks(now)
    if len(late) and (late["known"] == FRIDAY + 24 * HOUR).all():
        return "last-hour-missing", f"the newest row in {entry} was known at {_clock(new.max())}"
    if differs := _other_features(table, now):
        return "features-differ", f"{entry} {differs}"
    if getattr(a.entry, "name", None) != TABLE:
        return "", f"`entry` is {_kind(a.entry)}, not what create_table returned for {TABLE}"
    if table.row_keys != ("station", "known_at"):
        return "", f"{entry} tells rows apart by {', '.join(table.row_keys)}"
    for words, rows in (("was made without", lacking), ("lacks", late)):
        if len(rows):
            where = f"{len(rows):,} rows of `hourly`, first that of {_first_of(rows)}"
            return "", f"{entry} {words} {where}"
    if len(now) > len(_hours()):
        return "", f"{entry} has {len(now):,} rows, more than `hourly`"
    return None


def _other_features(table: Any, now: pd.DataFrame) -> str | None:
    features = {name.lower() for name in table.features}
    if lacking := [name for name in COLUMNS[2:] if name not in features]:
        return f"has no feature `{lacking[0]}`"
    if more := sorted(features - {*COLUMNS}):
        return f"has `{more[0]}` as a feature, which `hourly` has not"
    given = now.reindex(columns=["station", "known", *COLUMNS[2:]])
    rows = given.merge(_hours(), on=["station", "known"], suffixes=("_given", ""))
    for name in COLUMNS[2:]:
        values = rows[f"{name}_given"].astype(float)
        wrong = values != rows[name]
        if wrong.any():
            empty = ", being null there" if values[wrong].isna().all() else ""
            many = f"in {int(wrong.sum()):,} of {len(rows):,} rows"
            return f"has another `{name}` than `hourly` {many}{empty}"
    return None


Q2 = decided(
    _wrong_table,
    {
        "no-table": "The table was not created, or under another name.",
        "no-history": "Without timeseries_columns the time is no more than a part of the key, and "
        "no lookup can ask what was known when.",
        "hard-to-find": "The description or the tags do not say what was asked for.",
        "friday-too-early": "At 00:00 these are not known yet; create the table without them, then "
        "write them to it.",
        "friday-missing": "The rows of Friday were not written to the table.",
        "overwritten": "The second write replaced the rows of the first; merge leaves them.",
        "midnight-left-out": "What is known at 00:00 belongs to it: not later than `friday` is "
        "`<=`.",
        "last-hour-missing": "Friday's last hour is over, and so known, at 24:00: its rows are "
        "Friday's as well.",
        "features-differ": "Both writes take the rows of `hourly` as they are, with its two "
        "features and no other.",
    },
)


# --- q3 -----------------------------------------------------------------------------------------


def _new_model() -> Any:
    from sklearn.tree import DecisionTreeRegressor

    return DecisionTreeRegressor(min_samples_leaf=5, random_state=0)


def _got(a: Answers) -> list[str] | None:
    """The names of what the model was fitted to; None if it saw numbers without names."""
    names = getattr(a.model, "feature_names_in_", None)
    return None if names is None else list(names)


def _wrong_training(a: Answers) -> Found:
    if not hasattr(a.training, "spec"):
        return "rows-for-recipe", f"`training` is {describe(a.training)}"
    if type(a.model) is not type(_new_model()):
        return "another-model", f"`model` is {describe(a.model)}"
    if not hasattr(a.model, "tree_"):
        return "not-fitted", f"`model` is {describe(a.model)}, not fitted yet"
    given, due = a.model.get_params(), _new_model().get_params()
    if other := [f"{name}={given[name]!r}" for name in due if given[name] != due[name]]:
        return "other-settings", f"`model` has {', '.join(other)}"
    spec, got = a.training.spec, _got(a)
    for join in spec.joins:
        if join.time and join.time[0] == "until":
            late = "`training` looks features up as they were at `until`"
            return "looked-up-at-the-end", late
    inputs = list(spec.model_columns)
    if "rides_next" in inputs:
        return "label-as-input", "`training` gives `rides_next` to the model as an input"
    if "rides_next" in (got or ()):
        return "label-as-input", "`model` was fitted with `rides_next` among its inputs"
    if lacking := [name for name in INPUTS if name not in inputs]:
        id = "hour-left-out" if "hour" in lacking else "feature-left-out"
        return id, f"`training` gives the model {', '.join(inputs)}"
    if got is not None:
        more = [name for name in inputs if name not in {*INPUTS, *got}]
        if more:
            never = f"`training` has {', '.join(more)} for the model, which never got it"
            return "left-out-by-hand", never
        if lacking := [name for name in INPUTS if name not in got]:
            return "input-not-given", f"`model` did not get {', '.join(lacking)}"
    return _other_recipe(a) or _other_rows(a)


def _other_recipe(a: Answers) -> Found:
    spec, got = a.training.spec, _got(a)
    # Several lookups, of one feature each, give the same as one
    found = {(join.table, join.keys, join.time) for join in spec.joins}
    if found != {(TABLE, (("station", "station"),), ("at", "known_at"))}:
        looked = [
            f"{join.table} by {', '.join(f'`{column}`' for column, _ in join.keys)}"
            + (f" at `{join.time[0]}`" if join.time else "")
            for join in spec.joins
        ]
        return "", f"`training` looks up in {' and '.join(looked) or 'no table'}"
    if sorted(spec.model_columns) != sorted(INPUTS) or spec.label != ("rides_next",):
        label = ", ".join(spec.label) or "nothing"
        return "", f"`training` gives the model {', '.join(spec.model_columns)}, to predict {label}"
    if got is not None and got != list(spec.model_columns):
        return "", f"`model` got {', '.join(got)}, in this order"
    if a.model.n_features_in_ != len(INPUTS):
        return "", f"`model` was fitted to {a.model.n_features_in_} columns without names"
    return None


def _other_rows(a: Answers) -> Found:
    given = int(a.model.tree_.n_node_samples[0])
    fitted = f"`model` was fitted to {given:,} rows"
    for words, rows in (("all of `labels`", _labels()), ("the rows of `asked`", _side(True))):
        if given == len(rows):
            return "other-rows", f"{fitted}, which are {words}"
    x, y = _side(False)[list(a.training.spec.model_columns)], _side(False)["rides_next"]
    if given != len(x):
        return "", f"{fitted}, and `taught` has another number of them"
    due = _new_model().fit(x, y).predict(x)
    if _root_mean_square(due - _predict(a, x)) > 0.1 * float(y.std()):
        return "", f"{fitted} with other values than those of `taught`, or put together otherwise"
    return None


def _predict(a: Answers, inputs: pd.DataFrame) -> np.ndarray:
    """What the learner's model says; one fitted without names gets its inputs without."""
    names = _got(a)
    if names is None:
        return a.model.predict(inputs[list(a.training.spec.model_columns)].to_numpy())
    return a.model.predict(inputs[names])


Q3 = decided(
    _wrong_training,
    {
        "rows-for-recipe": "load_df() gives rows; keep the training set itself, which has the "
        "lookups.",
        "another-model": "The question asks for a `new_model()`, fitted to the rows of `training`.",
        "not-fitted": "The model was made but has not learned from the rows: .fit(inputs, label).",
        "other-settings": "It was made in another way; `new_model()` brings its settings along.",
        "looked-up-at-the-end": "When the hour is over, its rides are counted: the newest row "
        "holds the label. Look up at the moment of the forecast.",
        "label-as-input": "That is the number to predict: name it as `label` of the training set, "
        "and leave it out of what the model is fitted to.",
        "hour-left-out": "The hour of the day is to be an input: it is known when the forecast is "
        "made.",
        "feature-left-out": "The lookup names only some of the features, or exclude_columns leaves "
        "one out; the model is to get both of the table.",
        "left-out-by-hand": "Columns were dropped after load_df(); a scorer would give them to the "
        "model. Let exclude_columns leave them out.",
        "input-not-given": "`training` has it as an input, and a scorer would give it; fit the "
        "model to all of them.",
        "other-rows": "Friday is what the model will be judged by; it may learn from `taught` "
        "alone.",
    },
)


# --- q4 -----------------------------------------------------------------------------------------


def _forecasts(a: Answers) -> pd.DataFrame:
    """What `model` says to each hour of Friday, and what came."""
    asked = _side(True)
    return asked[["station", "at", "rides_next"]].assign(due=_predict(a, asked))


def _scored(a: Answers) -> pd.DataFrame:
    """The learner's rows with `at` in seconds."""
    rows = a.scored[["station", "prediction"]]
    return rows.assign(at=_seconds(a.scored["at"]))


def _gaps(a: Answers, friday: bool = True) -> np.ndarray:
    """What `model` says of the hours of Friday, or of those before, less what came."""
    rows = _side(friday)
    return _predict(a, rows) - rows["rides_next"].to_numpy(dtype=float)


def _root_mean_square(gap: np.ndarray) -> float:
    return float(np.sqrt(np.mean(gap**2)))


def _wrong_scores(a: Answers) -> Found:
    if not hasattr(a.info, "flavors"):
        return "info-not-kept", f"`info` is {describe(a.info)}"
    packed = a.info.flavors.get("python_function", {})
    if not packed.get("loader_module", "").startswith("course_utils."):
        return "lookups-left-out", "the model of `info` starts from features, not from keys"
    rows, due = _scored(a), _forecasts(a)
    if (first := rows["at"].min()) < FRIDAY:
        return "taught-scored", f"`scored` begins with the hour at {_clock(first)}"
    if other := _another_packed(a):
        return "another-model-packed", f"the model of `info` {other}"
    judged = rows.merge(due, on=["station", "at"])
    if len(rows) != len(due) or len(judged) != len(due):
        keys = f"of which {len(judged):,} are hours of `keys`"
        return "", f"`scored` has {len(rows):,} rows, {keys}"
    if (wrong := ~np.isclose(judged["prediction"].astype(float), judged["due"])).any():
        row = judged[wrong].iloc[0]
        where = f"first {row['station']} at {_clock(row['at'])}"
        return "", f"{int(wrong.sum())} rows of `scored` are not what `model` says, {where}"
    return None


def _another_packed(a: Answers) -> str | None:
    """The model of `info` gets the features along with the keys, so it looks nothing up."""
    import mlflow.pyfunc
    from mlflow.exceptions import MlflowException

    asked, due = _side(True), _forecasts(a)["due"].to_numpy()
    if any(kind.startswith("decimal") for kind in a.training.spec.types().values()):
        return None  # which MLflow has no name for, so a request cannot bring such a feature
    types = {column.name: column.type.to_pandas() for column in a.info.signature.inputs}
    if lacking := [name for name in INPUTS if name not in types]:
        return f"does not take {', '.join(lacking)}"
    if more := sorted(types.keys() - {*asked.columns}):
        return f"asks for {', '.join(more)}, which `model` never got"
    try:
        packed = mlflow.pyfunc.load_model(a.info.model_uri)
        given = np.asarray(packed.predict(asked[[*types]].astype(types)), dtype=float)
    except MlflowException as error:
        return f"does not load: {str(error).splitlines()[0][:80]}"
    if wrong := int((~np.isclose(given, due)).sum()):
        return f"says something else than `model` to {wrong:,} of the `keys`"
    return None


def _not_matched(a: Answers) -> Made:
    """Errors that come of comparing rows by place, or by one of their two keys."""
    came = a.table(a.asked.select("station", "at", "rides_next"))
    given, labels = _scored(a), _side(True)[["station", "at", "rides_next"]]
    orders = (["station", "at"], ["at", "station"])
    due = [came, *(labels.sort_values(order) for order in orders)]
    pairs = [(given["prediction"], rows["rides_next"]) for rows in due]
    for key in ("at", "station"):
        pairs.append((given.sort_values(key)["prediction"], came.sort_values(key)["rides_next"]))
    pairs.append((given["prediction"].sort_values(), came["rides_next"].sort_values()))
    for key in ("station", "at"):
        each = given.merge(labels, on=key)
        pairs.append((each["prediction"], each["rides_next"]))
    made = [
        _root_mean_square(ours.to_numpy(dtype=float) - theirs.to_numpy(dtype=float))
        for ours, theirs in pairs
        if len(ours) == len(theirs) > 0
    ]
    right = _root_mean_square(_gaps(a))  # an order may be that of `scored` by chance
    return {"rmse": [value for value in made if not np.isclose(value, right, rtol=1e-6)]}


def _other_error(a: Answers) -> Made:
    gap = _gaps(a)
    fewer = _root_mean_square(gap) * np.sqrt(len(gap) / (len(gap) - 1))
    made = (np.mean(gap**2), np.mean(np.abs(gap)), np.std(gap), np.std(gap, ddof=1), fewer)
    return {"rmse": [float(value) for value in made]}


ERROR = Values(lambda a: {"rmse": _root_mean_square(_gaps(a))}, tolerance=1e-6)

Q4 = decided(
    _wrong_scores,
    {
        "info-not-kept": "Keep what log_model returns, not its address or the model.",
        "lookups-left-out": "Logged by MLflow alone, a model knows nothing of tables: everyone who "
        "scores has to repeat the join, and may get it wrong. Use log_model of `fe`.",
        "taught-scored": "These hours taught the model; score `keys`.",
        "another-model-packed": "What is logged is what others will use: log `model` itself, with "
        "`training`.",
    },
    ERROR.wrong(
        "rows-not-matched",
        _not_matched,
        "compares rows of `scored` with other rows of `asked`",
        "No order of the rows is promised, and neither key alone tells them apart; match "
        "by station and at.",
    ),
    ERROR.wrong(
        "another-error",
        _other_error,
        "is another error than the root of the mean of squares",
        "RMSE is the root of the mean of the squared errors, divided by their number.",
    ),
    ERROR.wrong(
        "error-of-taught",
        lambda a: {"rmse": _root_mean_square(_gaps(a, friday=False))},
        "is the error of the hours of `taught`",
        "The model has seen these; the forecasts for Friday are to be judged.",
    ),
    ERROR.rounded(),
)


# --- q5 -----------------------------------------------------------------------------------------


def _wrong_leaks(a: Answers) -> Found:
    counts, due = {name: float(a.changed[name]) for name in RUSH}, _changes()
    if counts != due:
        return _wrong_counts(counts, due)
    if not isinstance(a.leaky, list | tuple | set):
        return "not-a-list", f"`leaky` is {describe(a.leaky)}"
    named = [str(name) for name in a.leaky]
    if honest := [name for name in named if due.get(name) == 0]:
        return "honest-named", f"`leaky` names {', '.join(honest)}"
    if missing := [name for name, count in due.items() if count and name not in named]:
        return "", f"`leaky` leaves out {missing[0]}, for which `changed` is above 0"
    if len(named) > len(set(named) & set(RUSH)):
        return "", f"`leaky` has {len(named)} names, more than features that change"
    return None


def _wrong_counts(counts: dict[str, float], due: dict[str, int]) -> Found:
    rows = int((_hours()["known"] <= NOON).sum())
    later = len(_hours()) - rows

    def has(name: str, rest: str = "") -> str:
        return f"`changed` has {counts[name]:,.10g} for `{name}`{rest}"

    if not any(counts.values()):
        return "cut-too-late", "`changed` is 0 for each feature"
    for name, count in counts.items():
        if not count.is_integer():
            return "fractions", f"`changed` has {count:.4g} for `{name}`"
        if count > rows:
            return "joined-by-time-alone", has(name, f"; {rows:,} rows are known at noon")
    if set(counts.values()) == {rows}:
        return "rows-counted", has(RUSH[0], ", as for each: that many rows are compared")
    if len({*counts.values()}) == 1:
        return "one-count-for-all", has(RUSH[0], " and for each other feature")
    first = next(name for name in RUSH if counts[name] != due[name])
    for id, made, rest in (
        ("rows-that-agree", {n: rows - due[n] for n in RUSH}, ", as many as stay the same"),
        ("afternoon-counted", {n: later + due[n] for n in RUSH}, ", with those of the afternoon"),
        ("noon-left-out", _changes(0, NOON - HOUR), ", as without the rows known at 12:00"),
        ("morning-cut-off", _changes(NOON, ALWAYS), ", as with the rows after noon alone"),
        ("morning-cut-off", _changes(NOON - HOUR, ALWAYS), ", as with the rows from noon on alone"),
    ):
        if counts == made:
            return id, has(first, rest)
    honest = [name for name in RUSH if due[name] == 0]
    if all(counts[name] > 0 for name in honest) and counts[honest[0]] > rows / 4:
        return "rows-not-matched", has(honest[0], ", which only looks back")
    return "", has(first)


Q5 = decided(
    _wrong_leaks,
    {
        "cut-too-late": "Cut off after rush(…), both sides saw the afternoon; cut `hourly` before "
        "it.",
        "joined-by-time-alone": "Each row met several others, as in a join on the time alone or "
        "the station alone; join on both keys.",
        "rows-that-agree": "The rows that stay the same were counted.",
        "fractions": "A number of rows is due, not a share of them or a difference of values.",
        "rows-counted": "F.count counts True and False alike; F.count_if, or a sum of 0 and 1, "
        "counts the rows that differ.",
        "one-count-for-all": "The rows were counted in which any feature differs; count for each "
        "feature by itself.",
        "afternoon-counted": "Rows that only one side has differ by being there; compare the rows "
        "known at noon, which both have.",
        "rows-not-matched": "The two values compared seem to be of different rows; no order is "
        "promised, so match them by station and known_at.",
        "noon-left-out": "The row of noon itself is known at noon: `<=`, not `<`.",
        "morning-cut-off": "The past was cut off. What a feature may not know is the future: keep "
        "the rows known at noon.",
        "not-a-list": "A list is due, of the names for which `changed` is above 0.",
        "honest-named": "A feature leaks if it changes when the future is cut off.",
    },
)


QUESTIONS = [
    Question(
        id="q1",
        title="Features, and since when they are known",
        points=2,
        names={"hourly": "frame"},
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
        mistakes=Q1,
        refuse=refused(_wrong_hourly),
        why="a feature is honest only if its time says when it was known, not what it is about.",
    ),
    Question(
        id="q2",
        title="A feature table",
        points=2,
        names={"entry": "any"},
        needs=("q1",),
        looks_at={
            "station_hours": "_wrong_table looks for the table of this name",
            "known_at": "the time of the table's rows",
            "team": "a tag, found by a search",
            "fleet": "the tag's value",
            "create_table": "whatever it returns is `entry`",
        },
        hints=(
            "Which column names what a row is about, and which says since when it holds? They are "
            "declared apart from each other.",
            "create_table takes the name, the primary key, the frame, timeseries_columns, "
            "description and tags. For Friday: write_table; its default mode keeps what is there.",
        ),
        mistakes=Q2,
        refuse=refused(_wrong_table),
        why="a table that others can find, with keys and a history, is built once and used often.",
    ),
    Question(
        id="q3",
        title="Train",
        points=2,
        names={"training": "any", "model": "any"},
        needs=("q1", "q2"),
        looks_at={
            "hour": "an input of the model",
            "rides_next": "the label of the training set",
            "station_hours": "the table that the lookups name",
        },
        hints=(
            "A row of `taught` has two times. At which of them is the forecast made?",
            "create_training_set takes the frame, a list with one FeatureLookup, the label and "
            "exclude_columns: key and both times. `load_df().toPandas()` gives the rows to fit.",
        ),
        mistakes=Q3,
        refuse=refused(_wrong_training),
        why="the recipe of the training set is what every later score will follow.",
    ),
    Question(
        id="q4",
        title="Score by key",
        points=2,
        names={"info": "any", "scored": "pandas", "rmse": "number"},
        columns={"scored": {"station": "text", "at": "time", "prediction": "number"}},
        needs=("q1", "q2", "q3"),
        looks_at={"log_model": "`info` is what it returns"},
        hints=(
            "Two calls of `fe`: one packs the model with its lookups, the other takes the address "
            "of the packed model and a frame of keys. And whose score is in which row?",
            "`fe.log_model(model, name, flavor=…, training_set=…, …)`, then "
            "`fe.score_batch(info.model_uri, keys).toPandas()`; merge it with the labels of "
            "`asked` on station and at before you subtract.",
        ),
        mistakes=Q4,
        refuse=refused(_wrong_scores, ERROR),
        why="who scores needs keys alone, so training and use cannot join in two ways. In which "
        "order the rows come back is not promised: it may be another on each run.",
    ),
    Question(
        id="q5",
        title="Catch the leak",
        points=2,
        # The names may be typed in: the counts have said which they are
        names={"changed": "dict", "leaky": "any"},
        keys={"changed": dict.fromkeys(RUSH, "number")},
        needs=("q1",),
        looks_at={"known_at": "a key that both results share"},
        hints=(
            "`rush` takes a frame and gives a frame. Call it twice: with which two frames?",
            "Join both results on station and known_at, so that rows of the afternoon fall away; "
            "then count for each name the rows where the two values differ.",
        ),
        mistakes=Q5,
        refuse=refused(_wrong_leaks),
        why="the join believes the stamp; only computing again without the future tests it.",
    ),
]
