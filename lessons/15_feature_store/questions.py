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
from course_utils.lab import Answers, Mistake, Question, Values, delta
from course_utils.lab.kinds import describe
from course_utils.lab.values import Made

HOUR = 3_600  # seconds
FRIDAY = int(datetime(2024, 5, 10, tzinfo=UTC).timestamp())
NOON = FRIDAY + 12 * HOUR
COLUMNS = ("station", "known_at", "rides_1h", "rides_24h")
INPUTS = ("hour", "rides_1h", "rides_24h")  # what the model gets
RUSH = ("rides_3h", "smooth", "record", "day_share")
TABLE = "station_hours"


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
def _changes(last: int = NOON) -> dict[str, int]:
    """How many rows of each of the colleague's features change without what is known later."""
    whole = _hours()
    cut = whole[whole["known"] <= last]
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


def _hourly(a: Answers) -> pd.DataFrame:
    """The learner's rows, `known` in seconds, beside what is right for station and moment."""
    rows = a.pandas("hourly")
    given = {f"{name}_given": rows[name].astype(float) for name in COLUMNS[2:]}
    return rows[["station"]].assign(known=_seconds(rows["known_at"]), **given)


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


def _absent(a: Answers) -> pd.DataFrame:
    """The rows that `hourly` lacks; none if it has as many as are due."""
    given, due = _hourly(a), _hours()
    if len(given) >= len(due):
        return due.iloc[:0]
    there = pd.MultiIndex.from_frame(given[["station", "known"]])
    return due[~pd.MultiIndex.from_frame(due[["station", "known"]]).isin(there)]


def _hours_missing(a: Answers) -> str | None:
    absent = _absent(a)
    if absent.empty or absent["rides_1h"].any():
        return None
    return f"`hourly` has {len(_hourly(a)):,} rows, `grid` has {len(_hours()):,}"


def _hours_lost(a: Answers) -> str | None:
    absent = _absent(a).sort_values(["known", "station"])
    if absent.empty:
        return None
    row = absent.iloc[0]
    return (
        f"`hourly` lacks {len(absent):,} of the hours of `grid`, first that of {row['station']} "
        f"which is known at {_clock(row['known'])}"
    )


def _nulls(a: Answers) -> str | None:
    empty = int(_hourly(a)["rides_1h_given"].isna().sum())
    return f"`rides_1h` of `hourly` is null in {empty:,} rows" if empty else None


def _another_hour(a: Answers) -> str | None:
    rows = _beside(a)
    if (rows["rides_1h_given"] == rows["rides_1h"]).all():
        return None
    for words, column in (("before", "hour_before"), ("after", "hour_after")):
        there = rows[rows[column].notna()]
        if len(there) and (there["rides_1h_given"] == there[column]).all():
            return f"`rides_1h` of `hourly` counts the rides of the hour {words}"
    return None


def _differs(a: Answers, name: str) -> str | None:
    rows = _beside(a)
    wrong = rows[rows[f"{name}_given"] != rows[name]]
    if wrong.empty:
        return None
    row = wrong.iloc[0]
    return (
        f"`{name}` of `hourly` differs in {len(wrong):,} rows, first for {row['station']} "
        f"known at {_clock(row['known'])}"
    )


def _miscounted(a: Answers) -> str | None:
    return _differs(a, "rides_1h")


def _filled_late(a: Answers) -> str | None:
    rows = _beside(a)
    given = rows["rides_24h_given"]
    if given.isna().any() and (given.fillna(0) == rows["rides_24h"]).all():
        return f"`rides_24h` of `hourly` is null in {int(given.isna().sum()):,} rows"
    return None


def _stations_mixed(a: Answers) -> str | None:
    """A window over the rows of all stations, in the order of the hours, whatever breaks ties."""
    rows = _beside(a)
    given, own = rows["rides_24h_given"], rows["rides_1h"]
    if rows.empty or (given == rows["rides_24h"]).all():
        return None
    total = float(own.sum())
    last_hour = float(rows["city"][rows["hour"] == rows["hour"].max()].iloc[0])
    # 24 rows are less than two hours of all stations, and each row is in 24 windows but the last
    of_24_rows = (
        given.between(own, rows["city_before"] + rows["city"]).all()
        and 24 * total - 23 * last_hour <= given.sum() <= 24 * total
    )
    so_far = given.between(rows["city_so_far"] - rows["city"] + own, rows["city_so_far"]).all()
    if not (of_24_rows or so_far or (given == rows["city_24h"]).all()):
        return None
    more = given > rows["rides_24h"]
    row = rows[more].iloc[0]
    return (
        f"`hourly` has {row['rides_24h_given']:.0f} as rides_24h of {row['station']} known at "
        f"{_clock(row['known'])}, more than began there"
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
    return _differs(a, "rides_24h")


# --- q2 -----------------------------------------------------------------------------------------


def _table(a: Answers) -> delta.Table:
    return delta.Table(str(Path(a.store) / "tables" / TABLE))


def _state(a: Answers, versions: int | None = None) -> pd.DataFrame:
    """The table's rows after so many versions or now, `known` in seconds; names in lower case."""
    return a.once(("state", versions), lambda a: _read_state(a, versions))


def _read_state(a: Answers, versions: int | None) -> pd.DataFrame:
    rows = _table(a).rows(versions).rename(columns=str.lower)
    if "known_at" not in rows.columns:
        return pd.DataFrame({"station": [], "known": pd.Series([], dtype=np.int64)})
    return rows.assign(known=_seconds(rows["known_at"]))


def _seconds(moments: "pd.Series[Any]") -> "pd.Series[Any]":
    since = pd.to_datetime(moments, utc=True) - pd.Timestamp(0, tz="UTC")
    return since // pd.Timedelta(seconds=1)


def _known(a: Answers, versions: int | None = None) -> np.ndarray:
    """Seconds of known_at of the table's rows, after so many versions or now."""
    return _state(a, versions)["known"].to_numpy()


def _lacks(a: Answers, last: int, versions: int | None = None) -> pd.DataFrame:
    """The rows known until `last` that the table does not have."""
    due = _hours()[_hours()["known"] <= last]
    there = pd.MultiIndex.from_frame(_state(a, versions)[["station", "known"]])
    return due[~pd.MultiIndex.from_frame(due[["station", "known"]]).isin(there)]


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
        return (
            "the table of `entry` was made with rows of Friday after 00:00, the newest known at "
            f"{_clock(first.max())}"
        )
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


def _midnight(a: Answers) -> str | None:
    lacking = _lacks(a, FRIDAY, 1)
    if lacking.empty or (lacking["known"] < FRIDAY).any():
        return None
    return f"the table of `entry` was made with {len(lacking)} rows too few: those of 00:00"


def _last_hour(a: Answers) -> str | None:
    lacking = _lacks(a, FRIDAY + 24 * HOUR)
    if lacking.empty or (lacking["known"] < FRIDAY + 24 * HOUR).any():
        return None
    return f"the newest row in the table of `entry` was known at {_clock(_known(a).max())}"


def _features_differ(a: Answers) -> str | None:
    features = {name.lower() for name in a.fe.get_table(TABLE).features}
    if lacking := [name for name in COLUMNS[2:] if name not in features]:
        return f"the table of `entry` has no feature `{lacking[0]}`"
    if more := sorted(features - {*COLUMNS}):
        return f"the table of `entry` has `{more[0]}` as a feature, which `hourly` has not"
    given_rows = _state(a).reindex(columns=["station", "known", *COLUMNS[2:]])
    rows = given_rows.merge(_hours(), on=["station", "known"], suffixes=("_given", ""))
    for name in COLUMNS[2:]:
        given = rows[f"{name}_given"].astype(float)
        wrong = given != rows[name]
        if wrong.any():
            empty = ", being null there" if given[wrong].isna().all() else ""
            return (
                f"`{name}` in the table of `entry` differs from `hourly` in "
                f"{int(wrong.sum()):,} of {len(rows):,} rows{empty}"
            )
    return None


def _right_table(a: Answers) -> str | None:
    if getattr(a.entry, "name", None) != TABLE:
        return f"`entry` is {_kind(a.entry)}, not what create_table returned for {TABLE}"
    table = a.fe.get_table(TABLE)
    if table.row_keys != ("station", "known_at"):
        return f"the table of `entry` tells rows apart by {', '.join(table.row_keys)}"
    for words, last, versions in (
        ("was made without", FRIDAY, 1),
        ("lacks", FRIDAY + 24 * HOUR, None),
    ):
        lacking = _lacks(a, last, versions).sort_values(["known", "station"])
        if len(lacking):
            row = lacking.iloc[0]
            return (
                f"the table of `entry` {words} {len(lacking):,} rows of `hourly`, first that of "
                f"{row['station']} known at {_clock(row['known'])}"
            )
    if len(_state(a)) > len(_hours()):
        return f"the table of `entry` has {len(_state(a)):,} rows, more than `hourly`"
    return None


# --- q3 -----------------------------------------------------------------------------------------


def _rows_for_recipe(a: Answers) -> str | None:
    return None if hasattr(a.training, "spec") else f"`training` is {describe(a.training)}"


def _another_model(a: Answers) -> str | None:
    from sklearn.tree import DecisionTreeRegressor

    return None if type(a.model) is DecisionTreeRegressor else f"`model` is {describe(a.model)}"


def _not_fitted(a: Answers) -> str | None:
    return None if hasattr(a.model, "tree_") else f"`model` is {describe(a.model)}, not fitted yet"


def _new_model() -> Any:
    from sklearn.tree import DecisionTreeRegressor

    return DecisionTreeRegressor(min_samples_leaf=5, random_state=0)


def _other_settings(a: Answers) -> str | None:
    given, due = a.model.get_params(), _new_model().get_params()
    other = [f"{name}={given[name]!r}" for name in due if given[name] != due[name]]
    return f"`model` has {', '.join(other)}" if other else None


def _got(a: Answers) -> list[str] | None:
    """The names of what the model was fitted to; None if it saw numbers without names."""
    names = getattr(a.model, "feature_names_in_", None)
    return None if names is None else list(names)


def _label_as_input(a: Answers) -> str | None:
    if "rides_next" in a.training.spec.model_columns:
        return "`training` gives `rides_next` to the model as an input"
    if "rides_next" in (_got(a) or ()):
        return "`model` was fitted with `rides_next` among its inputs"
    return None


def _looked_up_late(a: Answers) -> str | None:
    for join in a.training.spec.joins:
        if join.time and join.time[0] == "until":
            return "`training` looks features up as they were at `until`"
    return None


def _left_out_by_hand(a: Answers) -> str | None:
    got = _got(a)
    if got is None:
        return None
    packed = [name for name in a.training.spec.model_columns if name not in INPUTS]
    more = [name for name in packed if name not in got]
    return f"`training` has {', '.join(more)} for the model, which never got it" if more else None


def _input_not_given(a: Answers) -> str | None:
    got = _got(a)
    if got is None:
        return None
    lacking = [n for n in a.training.spec.model_columns if n in INPUTS and n not in got]
    return f"`model` did not get {', '.join(lacking)}" if lacking else None


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
    # Several lookups, of one feature each, give the same as one
    found = {(join.table, join.keys, join.time) for join in spec.joins}
    if found != {(TABLE, (("station", "station"),), ("at", "known_at"))}:
        looked = [
            f"{join.table} by {', '.join(f'`{column}`' for column, _ in join.keys)}"
            + (f" at `{join.time[0]}`" if join.time else "")
            for join in spec.joins
        ]
        return f"`training` looks up in {' and '.join(looked) or 'no table'}"
    if sorted(spec.model_columns) != sorted(INPUTS) or spec.label != ("rides_next",):
        label = ", ".join(spec.label) or "nothing"
        return f"`training` gives the model {', '.join(spec.model_columns)}, to predict {label}"
    got, given = _got(a), int(a.model.tree_.n_node_samples[0])
    if got is not None and got != list(spec.model_columns):
        return f"`model` got {', '.join(got)}, in this order"
    if a.model.n_features_in_ != len(INPUTS):
        return f"`model` was fitted to {a.model.n_features_in_} columns without names"
    x, y = _side(False)[list(spec.model_columns)], _side(False)["rides_next"]
    due = _new_model().fit(x, y).predict(x)
    apart = float(np.sqrt(np.mean((due - _predict(a, x)) ** 2)))
    if given != len(x) or apart > 0.1 * float(y.std()):
        return f"`model` was fitted to {given:,} rows with other values than those of `taught`"
    return None


def _predict(a: Answers, inputs: pd.DataFrame) -> np.ndarray:
    """What the learner's model says; one fitted without names gets its inputs without."""
    names = _got(a)
    if names is None:
        return a.model.predict(inputs[list(a.training.spec.model_columns)].to_numpy())
    return a.model.predict(inputs[names])


# --- q4 -----------------------------------------------------------------------------------------


def _forecasts(a: Answers) -> pd.DataFrame:
    """What `model` says to each hour of Friday, and what came."""
    asked = _side(True)
    return asked[["station", "at", "rides_next"]].assign(due=_predict(a, asked))


def _scored(a: Answers) -> pd.DataFrame:
    """The learner's rows with `at` in seconds."""
    rows = a.scored[["station", "prediction"]]
    return rows.assign(at=_seconds(a.scored["at"]))


def _judged(a: Answers) -> pd.DataFrame:
    return _scored(a).merge(_forecasts(a), on=["station", "at"])


def _error(a: Answers) -> float:
    rows = _forecasts(a)
    return float(np.sqrt(np.mean((rows["due"] - rows["rides_next"]) ** 2)))


def _info_not_kept(a: Answers) -> str | None:
    return None if hasattr(a.info, "flavors") else f"`info` is {describe(a.info)}"


def _lookups_left_out(a: Answers) -> str | None:
    packed = a.info.flavors.get("python_function", {})
    if packed.get("loader_module", "").startswith("course_utils."):
        return None
    return "the model of `info` starts from features, not from keys"


def _another_packed(a: Answers) -> str | None:
    """The model of `info` gets the features along with the keys, so it looks nothing up."""
    import mlflow.pyfunc
    from mlflow.exceptions import MlflowException

    asked, due = _side(True), _forecasts(a)["due"].to_numpy()
    if any(kind.startswith("decimal") for kind in a.training.spec.types().values()):
        return None  # which MLflow has no name for, so a request cannot bring such a feature
    types = {column.name: column.type.to_pandas() for column in a.info.signature.inputs}
    if lacking := [name for name in INPUTS if name not in types]:
        return f"the model of `info` does not take {', '.join(lacking)}"
    if not types.keys() <= {*asked.columns}:
        more = ", ".join(sorted(types.keys() - {*asked.columns}))
        return f"the model of `info` asks for {more}, which `model` never got"
    try:
        packed = mlflow.pyfunc.load_model(a.info.model_uri)
        given = np.asarray(packed.predict(asked[[*types]].astype(types)), dtype=float)
    except MlflowException as error:
        return f"the model of `info` does not load: {str(error).splitlines()[0][:80]}"
    if wrong := int((~np.isclose(given, due)).sum()):
        return f"the model of `info` says something else than `model` to {wrong:,} of the `keys`"
    return None


def _taught_scored(a: Answers) -> str | None:
    first = _scored(a)["at"].min()
    return f"`scored` begins with the hour at {_clock(first)}" if first < FRIDAY else None


def _not_matched(a: Answers) -> Made:
    """Errors that come of comparing rows by place, or by one of their two keys."""
    came = a.table(a.asked.select("station", "at", "rides_next"))
    given, labels = _scored(a), _side(True)[["station", "at", "rides_next"]]
    pairs: list[tuple[Any, Any]] = []
    if len(came) == len(given):
        pairs = [(given["prediction"], came["rides_next"])]
        for key in ("at", "station"):
            pairs.append(
                (given.sort_values(key)["prediction"], came.sort_values(key)["rides_next"])
            )
    for key in ("station", "at"):
        each = given.merge(labels, on=key)
        pairs.append((each["prediction"], each["rides_next"]))
    gaps = [np.asarray(ours, dtype=float) - np.asarray(due, dtype=float) for ours, due in pairs]
    return {"rmse": [float(np.sqrt(np.mean(gap**2))) for gap in gaps if len(gap)]}


def _other_error(a: Answers) -> Made:
    rows = _forecasts(a)
    gap = (rows["due"] - rows["rides_next"]).to_numpy(dtype=float)
    return {"rmse": [float(v) for v in (np.mean(gap**2), np.mean(np.abs(gap)), np.std(gap))]}


ERROR = Values(lambda a: {"rmse": _error(a)}, tolerance=1e-6)


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
    return ERROR.refuse(a)


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


def _fractions(a: Answers) -> str | None:
    for name, count in _counts(a).items():
        if not count.is_integer():
            return f"`changed` has {count:.4g} for `{name}`"
    return None


def _rows_counted(a: Answers) -> str | None:
    rows, counts = int((_hours()["known"] <= NOON).sum()), _counts(a)
    if len(counts) == len(RUSH) and all(count == rows for count in counts.values()):
        return f"`changed` has {rows:,} for each feature, which is how many rows are compared"
    return None


def _looks_back(a: Answers) -> str:
    counts = _counts(a)
    name = next(name for name, due in _changes().items() if due == 0 and counts.get(name))
    return f"`changed` has {counts[name]:,.0f} for `{name}`, which only looks back"


def _afternoon_counted(a: Answers) -> str | None:
    counts, later = _counts(a), int((_hours()["known"] > NOON).sum())
    if all(counts.get(name) == due + later for name, due in _changes().items()):
        return _looks_back(a)
    return None


def _by_position(a: Answers) -> str | None:
    counts = _counts(a)
    if all(counts.get(name, 0) > 0 for name, due in _changes().items() if due == 0):
        return _looks_back(a)
    return None


def _noon_left_out(a: Answers) -> str | None:
    counts, due, without = _counts(a), _changes(), _changes(NOON - HOUR)
    if counts == due or counts != without:
        return None
    name = next(name for name in RUSH if counts[name] != due[name])
    return f"`changed` has {counts[name]:,.0f} for `{name}`, as without the rows known at 12:00"


def _not_a_list(a: Answers) -> str | None:
    return None if isinstance(a.leaky, list | tuple | set) else f"`leaky` is {describe(a.leaky)}"


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
    named = [str(name) for name in a.leaky]
    if missing := [name for name, due in _changes().items() if due and name not in named]:
        return f"`leaky` leaves out {missing[0]}, for which `changed` is above 0"
    if len(named) > len(set(named) & set(RUSH)):
        return f"`leaky` has {len(named)} names, more than features that change"
    return None


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
        mistakes=(
            Mistake(
                "more-columns",
                evidence=_more_columns,
                say="Every column beside the keys becomes a feature; leave out what is none.",
            ),
            Mistake(
                "stamped-too-early",
                evidence=_stamped_early,
                say="What a row counts cannot be known before that hour is over: a lookup earlier "
                "than that would see rides that are still to come.",
            ),
            Mistake(
                "stamped-too-late",
                evidence=_stamped_late,
                say="The count is known as soon as its hour is over; later, and each forecast gets "
                "older rows than it could have.",
            ),
            Mistake(
                "hours-missing",
                evidence=_hours_missing,
                say="Hours without rides have no row, so a lookup there would take an older hour "
                "for the last one; start from `grid`.",
            ),
            Mistake(
                "hours-lost",
                evidence=_hours_lost,
                say="A filter or an inner join lost them; each row of `grid` gets one, those of "
                "the first hours too, whose window is shorter.",
            ),
            Mistake(
                "null-for-zero",
                evidence=_nulls,
                say="A left join leaves null where nobody rode; that is known to be 0.",
            ),
            Mistake(
                "another-hour",
                evidence=_another_hour,
                say="A row counts the rides of the hour that ends at `known_at`; leave out lag and "
                "lead, or move `known_at` along.",
            ),
            Mistake(
                "miscounted",
                evidence=_miscounted,
                say="Due are the rides that began there in that hour: each row of `rides` once, "
                "and 0 where there is none.",
            ),
            Mistake(
                "filled-after-window",
                evidence=_filled_late,
                say="The window had nothing but nulls to add up there. Fill the hours with 0 "
                "before the window.",
            ),
            Mistake(
                "rows-counted",
                evidence=_window_is("no rides: it is how many rows the window has", "rows_24"),
                say="F.count counts rows, whatever is in them; F.sum adds up their rides.",
            ),
            Mistake(
                "window-into-the-future",
                evidence=_window_is(
                    "hours that are not over at `known_at`",
                    "next_24",
                    "next_23",
                    "to_end",
                    "whole",
                ),
                say="The window runs on from this hour, not back: put the hours in ascending "
                "order, and begin before the row.",
            ),
            Mistake(
                "stations-mixed",
                evidence=_stations_mixed,
                say="The window runs over the rows of all stations; partition it by station.",
            ),
            Mistake(
                "window-of-25",
                evidence=_window_is("25 hours as soon as there are 25", "of_25"),
                say="This hour and the 23 before it are 24; count the rows at both ends.",
            ),
            Mistake(
                "without-this-hour",
                evidence=_window_is(
                    "the hours before, without the hour itself", "before", "before_23"
                ),
                say="The window ends one row too soon: this hour and the 23 before it.",
            ),
            Mistake(
                "since-the-beginning",
                evidence=_window_is("all hours since the first", "so_far"),
                say="A window that is only ordered begins at the first row; say how far it goes "
                "back, with rowsBetween.",
            ),
        ),
        refuse=_right_hourly,
        why="a feature is honest only if its time says when it was known, not what it is about.",
    ),
    Question(
        id="q2",
        title="A feature table",
        points=2,
        names={"entry": "any"},
        needs=("q1",),
        looks_at={
            "station_hours": "_no_table looks for the table of this name",
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
        mistakes=(
            Mistake(
                "no-table",
                evidence=_no_table,
                say="The table was not created, or under another name.",
            ),
            Mistake(
                "no-history",
                evidence=_no_history,
                say="Without timeseries_columns the time is no more than a part of the key, and no "
                "lookup can ask what was known when.",
            ),
            Mistake(
                "hard-to-find",
                evidence=_hard_to_find,
                say="The description or the tags do not say what was asked for.",
            ),
            Mistake(
                "friday-too-early",
                evidence=_too_early,
                say="At 00:00 these are not known yet; create the table without them, then write "
                "them to it.",
            ),
            Mistake(
                "friday-missing",
                evidence=_no_friday,
                say="The rows of Friday were not written to the table.",
            ),
            Mistake(
                "overwritten",
                evidence=_overwritten,
                say="The second write replaced the rows of the first; merge leaves them.",
            ),
            Mistake(
                "midnight-left-out",
                evidence=_midnight,
                say="What is known at 00:00 belongs to it: not later than `friday` is `<=`.",
            ),
            Mistake(
                "last-hour-missing",
                evidence=_last_hour,
                say="Friday's last hour is over, and so known, at 24:00: its rows are Friday's as "
                "well.",
            ),
            Mistake(
                "features-differ",
                evidence=_features_differ,
                say="Both writes take the rows of `hourly` as they are, with its two features and "
                "no other.",
            ),
        ),
        refuse=_right_table,
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
        mistakes=(
            Mistake(
                "rows-for-recipe",
                evidence=_rows_for_recipe,
                say="load_df() gives rows; keep the training set itself, which has the lookups.",
            ),
            Mistake(
                "another-model",
                evidence=_another_model,
                say="The question asks for a `new_model()`, fitted to the rows of `training`.",
            ),
            Mistake(
                "not-fitted",
                evidence=_not_fitted,
                say="The model was made but has not learned from the rows: .fit(inputs, label).",
            ),
            Mistake(
                "other-settings",
                evidence=_other_settings,
                say="It was made in another way; `new_model()` brings its settings along.",
            ),
            Mistake(
                "looked-up-at-the-end",
                evidence=_looked_up_late,
                say="When the hour is over, its rides are counted: the newest row holds the label. "
                "Look up at the moment of the forecast.",
            ),
            Mistake(
                "label-as-input",
                evidence=_label_as_input,
                say="That is the number to predict: name it as `label` of the training set, and "
                "leave it out of what the model is fitted to.",
            ),
            Mistake(
                "hour-left-out",
                evidence=_hour_left_out,
                say="The hour of the day is to be an input: it is known when the forecast is made.",
            ),
            Mistake(
                "left-out-by-hand",
                evidence=_left_out_by_hand,
                say="Columns were dropped after load_df(); a scorer would give them to the model. "
                "Let exclude_columns leave them out.",
            ),
            Mistake(
                "input-not-given",
                evidence=_input_not_given,
                say="`training` has it as an input, and a scorer would give it; fit the model to "
                "all of them.",
            ),
            Mistake(
                "other-rows",
                evidence=_other_rows,
                say="Friday is what the model will be judged by; it may learn from `taught` alone.",
            ),
        ),
        refuse=_right_training,
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
        mistakes=(
            Mistake(
                "info-not-kept",
                evidence=_info_not_kept,
                say="Keep what log_model returns, not its address or the model.",
            ),
            Mistake(
                "lookups-left-out",
                evidence=_lookups_left_out,
                say="Logged by MLflow alone, a model knows nothing of tables: everyone who scores "
                "has to repeat the join, and may get it wrong. Use log_model of `fe`.",
            ),
            Mistake(
                "taught-scored",
                evidence=_taught_scored,
                say="These hours taught the model; score `keys`.",
            ),
            Mistake(
                "another-model-packed",
                evidence=_another_packed,
                say="What is logged is what others will use: log `model` itself, with `training`.",
            ),
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
                "RMSE is the root of the mean of the squared errors.",
            ),
            ERROR.rounded(),
        ),
        refuse=_right_scores,
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
        mistakes=(
            Mistake(
                "cut-too-late",
                evidence=_cut_too_late,
                say="Cut off after rush(…), both sides saw the afternoon; cut `hourly` before it.",
            ),
            Mistake(
                "joined-by-time-alone",
                evidence=_by_time_alone,
                say="Each row met the rows of all stations at its time; join on both keys.",
            ),
            Mistake(
                "rows-that-agree",
                evidence=_rows_that_agree,
                say="The rows that stay the same were counted.",
            ),
            Mistake(
                "fractions",
                evidence=_fractions,
                say="A number of rows is due, not a share of them.",
            ),
            Mistake(
                "rows-counted",
                evidence=_rows_counted,
                say="F.count counts True and False alike; F.count_if, or a sum of 0 and 1, counts "
                "the rows that differ.",
            ),
            Mistake(
                "afternoon-counted",
                evidence=_afternoon_counted,
                say="Rows that only one side has differ by being there; compare the rows known at "
                "noon, which both have.",
            ),
            Mistake(
                "rows-not-matched",
                evidence=_by_position,
                say="The two values compared seem to be of different rows; no order is promised, "
                "so match them by station and known_at.",
            ),
            Mistake(
                "noon-left-out",
                evidence=_noon_left_out,
                say="The row of noon itself is known at noon: `<=`, not `<`.",
            ),
            Mistake(
                "not-a-list",
                evidence=_not_a_list,
                say="A list is due, of the names for which `changed` is above 0.",
            ),
            Mistake(
                "honest-named",
                evidence=_honest_named,
                say="A feature leaks if it changes when the future is cut off.",
            ),
        ),
        refuse=_right_leaks,
        why="the join believes the stamp; only computing again without the future tests it.",
    ),
]
