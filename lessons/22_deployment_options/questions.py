"""The questions of lab 22.

What is right follows from the dictionary `exported` of the lab: the numbers that its model has
learned from the data in use. Tables are read from their logs and files, servers are asked.
"""

import builtins
import dis
import json
import random
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from pathlib import Path
from statistics import median, quantiles
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binom

from course_utils.deploy.client import ask
from course_utils.errors import CourseError
from course_utils.lab import Answers, Question, Values, in_dict, kinds
from course_utils.lab.answers import MissingNameError
from course_utils.lab.decide import decided, refused
from course_utils.lab.delta import Table

Found = tuple[str, str] | None
Prices = np.ndarray[Any, Any]

_SAME = 1e-6  # of a price; two ways to add up differ by 1e-15, a wrong median by 1e-4
_LATE = 200  # ids from here on are in the file that comes late


# --- what is right ----------------------------------------------------------------------------


def _log_price(
    exported: Mapping[str, Any],
    rows: pd.DataFrame,
    fill: float | None = None,
    rooms: tuple[str, str] = ("Private room", "Shared room"),
) -> Prices:
    """log(price) of requests; another filling or other rooms make what is wrong."""
    made = rows.assign(
        rating=rows["review_scores_rating"].fillna(exported["median"] if fill is None else fill),
        private=rows["room_type"] == rooms[0],
        shared=rows["room_type"] == rooms[1],
    )
    x = made[list(exported["features"])].to_numpy(dtype=float)
    return np.asarray(exported["intercept"] + x @ np.array(exported["weights"]))


def _dollars(log_price: Prices) -> Prices:
    return np.maximum(np.exp(log_price), 10)


def _same(found: Prices, due: Prices) -> bool:
    return bool(np.allclose(found, due, rtol=_SAME, atol=0, equal_nan=True))


def _decimals(found: Prices, due: Prices) -> int | None:
    """The number of decimals to which prices were rounded or cut, if they were."""
    for n in range(5):
        for short in (np.round(due, n), np.floor(due * 10**n) / 10**n):
            if np.allclose(found, short, rtol=1e-12, atol=0):
                return n
    return None


# --- q1 and q2: tables ------------------------------------------------------------------------


def _rows(a: Answers, name: str) -> pd.DataFrame:
    """The rows of a table now, with lower-case names, read once per check."""
    table = Table(str(getattr(a, name)))
    return a.once(("rows", name), lambda a: table.rows().rename(columns=str.lower))


def _no_table(a: Answers, name: str) -> Found:
    """What keeps the rows from being looked at."""
    table = Table(str(getattr(a, name)))
    if not table.commits:
        return "no-delta-table", f"the folder at `{name}` holds no Delta table"
    if not table.plain:
        return "", f"the table at `{name}` has deletion vectors, which this check cannot read"
    there = {column.lower(): kind for column, kind in table.schema.items()}
    for column in ("id", "suggested"):
        if column not in there:
            columns = ", ".join(there)
            return "column-lacking", f"the table at `{name}` has no column `{column}`: {columns}"
        if there[column] not in ("integer", "long", "short", "double", "float"):
            return "", f"the table at `{name}` has `{column}` as {there[column]}, not as a number"
    return None


def _requests(a: Answers) -> pd.DataFrame:
    """The lab's requests, unless a cell used their name for something else, such as a package."""
    if not isinstance(a.requests, pd.DataFrame):
        raise MissingNameError("requests")
    return a.requests


def _missing(a: Answers, name: str) -> list[int]:
    return sorted(set(_requests(a)["id"]) - set(_rows(a, name)["id"]))


def _twice(a: Answers, name: str) -> int:
    """How many requests are in the table more than once."""
    return int((_rows(a, name)["id"].value_counts() > 1).sum())


def _wrong_prices(a: Answers, name: str) -> Found:
    """Rows that are not due, or whose price is not right."""
    rows = _rows(a, name).sort_values("id")
    known = _requests(a).sort_values("id")
    if list(rows["id"]) != list(known["id"]):
        return "", f"the table at `{name}` has {len(rows):,} rows, some with another id"
    found = rows["suggested"].to_numpy(dtype=float)
    log_price = _log_price(a.exported, known)
    due = _dollars(log_price)
    if _same(found, due):
        return None
    if _same(found, log_price):
        return "log-not-dollars", f"`suggested` of request {rows['id'].iloc[0]} is {found[0]:.4f}"
    if (places := _decimals(found, due)) is not None:
        return "rounded", f"`suggested` has at most {places} decimals"
    off = int((~np.isclose(found, due, rtol=_SAME, atol=0)).sum())
    return "", f"{off:,} of {len(found):,} values of `suggested` are not those of `model`"


def _elsewhere(a: Answers, name: str, above: str) -> Found:
    """That a folder is not below the one that the question asks for."""
    folder, root = (Path(str(getattr(a, n)).removeprefix("file:")).resolve() for n in (name, above))
    if folder.is_relative_to(root):
        return None
    return "other-folder", f"the place of `{name}` is not below `{above}`"


def _wrong_job(a: Answers) -> Found:
    if none := _no_table(a, "nightly"):
        return none
    if twice := _twice(a, "nightly"):
        return "appended", f"{twice:,} requests are in the table at `nightly` more than once"
    if missing := _missing(a, "nightly"):
        return "rows-dropped", f"{len(missing):,} requests are not in the table at `nightly`"
    if wrong := _wrong_prices(a, "nightly"):
        return wrong
    operations = Table(str(a.nightly)).operations
    if len(operations) == 1 and operations != ["MERGE"] and not _deletes(a):
        return "ran-once", "the table at `nightly` has been written once"
    return _elsewhere(a, "nightly", "work")


def _deletes(a: Answers) -> bool:
    """Whether the cell deletes something: of a table that was there before, nothing is left."""
    return re.search(r"rmtree|unlink|\brm\b", a.source("nightly")) is not None


def _deleted(a: Answers) -> str | None:
    if len(Table(str(a.nightly)).commits) > 1 or not _deletes(a):
        return None
    return "while the table is deleted, whoever reads it finds none; overwrite replaces it at once."


def _batches(checkpoint: str) -> int:
    """How many batches the notes of a stream tell of."""
    return len(list(Path(checkpoint.removeprefix("file:"), "offsets").glob("[0-9]*")))


def _wrong_stream(a: Answers) -> Found:
    if _batches(str(a.live)) and Table(str(a.checkpoint)).commits:
        return "folders-swapped", "`live` has the notes of a stream, `checkpoint` is a Delta table"
    if none := _no_table(a, "live"):
        return none
    table = Table(str(a.live))
    streams = {txn["appId"] for txn in table.actions("txn")}
    noted = _batches(str(a.checkpoint))
    if not noted and not streams:
        written = ", ".join(table.operations[:4])
        return "not-a-stream", f"neither `live` nor `checkpoint` tells of a stream: {written}"
    if not noted:
        return "checkpoint-elsewhere", "the folder at `checkpoint` holds no notes of a stream"
    twice = _twice(a, "live")
    times = f"{twice:,} requests are in the table at `live` more than once"
    if len(streams) > 1:
        told = times if twice else f"{len(streams)} streams have written to the table at `live`"
        return "another-checkpoint", told
    if twice:
        return "", times
    if missing := _missing(a, "live"):
        return _why_missing(table, missing)
    if wrong := _wrong_prices(a, "live"):
        return wrong
    if noted == 1:
        return "one-batch", "the stream of `checkpoint` has taken all three files in one batch"
    return _elsewhere(a, "live", "arrivals") or _elsewhere(a, "checkpoint", "arrivals")


def _why_missing(table: Table, missing: list[int]) -> Found:
    told = f"{len(missing):,} requests are not in the table at `live`"
    if missing[0] >= _LATE:
        return "late-missing", f"{told}, all of the late file"
    last = table.actions("commitInfo")[-1].get("operationParameters", {})
    if missing == list(range(_LATE)) and last.get("mode") == "Overwrite":
        return "overwritten", f"{told}: the last write was an overwrite"
    return "rows-dropped", told


_TABLES = {
    "no-delta-table": 'Nothing was written there, or in another format: .format("delta") is due.',
    "column-lacking": "`model` did not make it, it was left out by select, or has another name.",
    "rows-dropped": "A filter, dropna, dropDuplicates or limit left requests out, or a later write "
    "replaced them; the model fills in ratings.",
    "other-folder": "The lab empties its own folders when it begins anew; what lies elsewhere "
    "stays from one try to the next.",
    "log-not-dollars": "This is the model's `prediction`, log(price); `suggested` is in dollars.",
    "rounded": "It is right, but for its digits; keep all of them and round only what you print.",
}


# --- q3 ---------------------------------------------------------------------------------------


def _variants(exported: Mapping[str, Any], rows: pd.DataFrame) -> dict[str, list[Prices]]:
    """Mistake id -> the quotes that it gives."""
    right = _log_price(exported, rows)
    rating = rows["review_scores_rating"]
    fills = (0.0, float(rating.mean()), float(rating.median()))
    none = _log_price(exported, rows, rooms=("", ""))
    swapped = _log_price(exported, rows, rooms=("Shared room", "Private room"))
    only = [
        _log_price(exported, rows, rooms=pair)
        for pair in (("Private room", ""), ("", "Shared room"))
    ]
    return {
        "log-not-dollars": [right],
        "intercept-forgotten": [_dollars(right - exported["intercept"])],
        "floor-missing": [np.exp(right)],
        "floor-before-exp": [np.exp(np.maximum(right, 10))],
        "filled-otherwise": [_dollars(_log_price(exported, rows, fill)) for fill in fills],
        "flags-forgotten": [_dollars(each) for each in (none, *only)],
        "flags-swapped": [_dollars(swapped)],
    }  # fmt: skip


def _wrong_list(
    values: Sequence[Any], exported: Mapping[str, Any], rows: pd.DataFrame, name: str
) -> Found:
    """What is wrong with a price for each row, which are shown as `name[place]`."""
    for place, value in enumerate(values):
        if value is None or (kinds.fits(value, "number") and np.isnan(float(value))):
            told = f"`{name}[{place}]` is {value}"
            if np.isnan(rows["review_scores_rating"].iloc[place]):
                return "rating-not-filled", f"{told}, and its request has no rating"
            return "", told
        if not kinds.fits(value, "number"):
            return "no-plain-numbers", f"`{name}[{place}]` is {value!r:.60}, not a number"
    found = np.array(values, dtype=float)
    due = _dollars(_log_price(exported, rows))
    if _same(found, due):
        return None
    if (found == 10).all():
        return "all-at-floor", f"each of `{name}` is {values[0]}"
    for id, several in _variants(exported, rows).items():
        if any(_same(found, other) for other in several):
            return id, f"`{name}` = {[round(float(value), 2) for value in found[:5]]}"
    if _decimals(found, due) is not None:
        return "rounded", f"`{name}` = {list(values[:5])!r:.80}"
    first = int(np.argmax(~np.isclose(found, due, rtol=_SAME, atol=0)))
    return "", f"`{name}[{first}]` = {found[first]:.6g} is not what the model says of its request"


def _wrong_quotes(a: Answers) -> Found:
    quotes, rows = a.quotes, a.questions
    if len(quotes) != len(rows):
        return "", f"`quotes` has {len(quotes)} values, and `questions` {len(rows)} rows"
    return _wrong_list(quotes, a.exported, rows, "quotes")


def _wrong_server(a: Answers) -> Found:
    if wrong := _wrong_quotes(a):
        return wrong
    url = getattr(a.server, "url", None)
    if not isinstance(url, str):
        return "not-a-server", f"`server` is {kinds.describe(a.server)}, and has no `url`"
    others = a.questions.head(4).assign(accommodates=lambda rows: rows["accommodates"] + 1)
    for rows in (a.questions.iloc[:, ::-1], others):  # names count, not the order of columns
        try:
            served = ask(url, rows)
        except CourseError as error:
            return "server-does-not-answer", f"asked for {len(rows)} prices, `server` says: {error}"
        due = _dollars(_log_price(a.exported, rows))
        plain = len(served) == len(rows) and all(kinds.fits(quote, "number") for quote in served)
        if plain and _same(np.array(served, float), due):
            continue
        if rows is others:
            return "", "`server` has the prices of `questions`, and no right ones of other requests"
        return "quotes-not-served", "`quotes` is right, but the server gives other prices"
    return None


# --- q4 ---------------------------------------------------------------------------------------

_CHANCE = random.Random(22)
_ALIKE = [f"host-{place}@example.org" for place in range(20_000, 21_500)]  # as `USERS` are
_MANY = [f"{_CHANCE.getrandbits(40):x}@{_CHANCE.choice(('mail', 'post'))}.org" for _ in range(1500)]


def _new(a: Answers, share: int, users: Sequence[str] = _MANY) -> dict[str, Any]:
    """User -> what `choose` says with this share for the new version."""
    shares = {"old": 100 - share, "new": share}
    return {user: a.call("choose", user, dict(shares)) for user in users}


def _as_at_start(function: Any, users: Sequence[str], helpers: bool = True) -> Any:
    """A function as it is after a restart: it and its helpers have kept nothing of these users."""
    plain = function.__wrapped__ if hasattr(function, "cache_clear") else function
    if not isinstance(plain, FunctionType):
        return plain

    def forgotten(value: Any) -> Any:
        if isinstance(value, dict):
            value = copy(value)
            for user in users:
                value.pop(user, None)
        elif helpers and (isinstance(value, FunctionType) or hasattr(value, "cache_clear")):
            return _as_at_start(value, users, helpers=False)
        return value

    known = plain.__globals__
    read = {name: forgotten(known[name]) for name in plain.__code__.co_names if name in known}
    defaults = tuple(map(forgotten, plain.__defaults__ or ()))
    made = FunctionType(plain.__code__, known | read, plain.__name__, defaults, plain.__closure__)
    made.__kwdefaults__ = plain.__kwdefaults__
    return made


def _share(chosen: Mapping[str, Any]) -> float:
    return sum(version == "new" for version in chosen.values()) / len(chosen)


def _resalted(a: Answers, users: Sequence[str]) -> dict[str, Any]:
    """What `choose` says in a Python that was started again: its `hash` has another salt."""
    plain = builtins.hash
    builtins.hash = lambda value: plain((value, "another start"))
    try:
        return _new(a, 50, users)
    finally:
        builtins.hash = plain


def _even(share: float, percent: int) -> bool:
    low, high = binom.interval(1 - 1e-6, len(_MANY), percent / 100)
    return bool(low <= share * len(_MANY) <= high)


def _wrong_choice(a: Answers) -> Found:
    some = _MANY[:197]  # and then from the last to the first: what goes in turn is out of step
    half = _new(a, 50, some)
    for version in half.values():
        if version not in ("old", "new"):
            return "other-word", f"`choose` returns {version!r:.40}"
    if half != _new(a, 50, some[::-1]):
        return "by-chance", "`choose` gives some users another version at the second call"
    again = [_as_at_start(a.choose, some) for _ in range(2)]
    first, second = ([rule(user, {"old": 50, "new": 50}) for user in some] for rule in again)
    if first != second:
        return "remembered", "`choose` gives some users another version when it has forgotten them"
    if half != _resalted(a, some):
        return "python-hash", "`choose` gives some users another version after a restart of Python"
    none, few, many, every = (_new(a, share) for share in (0, 10, 50, 100))
    at = {10: _share(few), 50: _share(many)}
    told = (
        f"of 1,500 users `choose` gives {at[10]:.1%} the new version at 10 %, {at[50]:.1%} at 50 %"
    )
    if _even(1 - at[10], 10) and _even(at[50], 50):
        return "sides-swapped", told
    if none == few == many == every:
        return "shares-ignored", told
    if at == {10: 1.0, 50: 1.0}:
        return "percent-for-fraction", told
    if not (_even(at[10], 10) and _even(at[50], 50)):
        return "not-even", told
    for percent in (10, 50):
        if not _even(alike := _share(_new(a, percent, _ALIKE)), percent):
            users = f"of 1,500 users named like {_ALIKE[0]}"
            return "not-even", f"{users} `choose` gives {alike:.1%} the new version at {percent} %"
    if _share(none) > 0 or _share(every) < 1:
        return (
            "edges",
            f"the new version has {_share(none):.1%} at 0 %, {_share(every):.1%} at 100 %",
        )
    back = sum(few[user] == "new" and many[user] == "old" for user in _MANY)
    if back:
        return "not-steady", f"{back} of 1,500 users have the new version at 10 % and not at 50 %"
    return None


def _wrong_split(a: Answers) -> Found:
    if wrong := _wrong_choice(a):
        return wrong
    counts = {name: int(number) for name, number in a.counts.items()}
    due = {share: _counted(_new(a, share, a.USERS)) for share in (20, 80, 10, 50)}
    if counts == due[20]:
        return None
    for share in (80, 10, 50):
        if counts == due[share]:
            return (
                "another-split",
                f"`counts` = {counts} is what {share} % for the new version gives",
            )
    if counts == {"old": due[20]["new"], "new": due[20]["old"]}:
        return "counts-swapped", f"`counts` = {counts}"
    return "", f"`counts` = {counts} is not what `choose` does to `USERS`"


def _counted(chosen: Mapping[str, Any]) -> dict[str, int]:
    return {name: sum(v == name for v in chosen.values()) for name in ("old", "new")}


# --- q5 ---------------------------------------------------------------------------------------


def _wrong_file(a: Answers) -> Found:
    if wrong := _elsewhere(a, "tablet", "work"):
        return wrong
    path = Path(str(a.tablet).removeprefix("file:"))
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        return "no-file", "there is no file at `tablet`"
    except ValueError:
        return "no-json", f"the file at `tablet` is no JSON: {path.read_bytes()[:30]!r}"
    if isinstance(found, str):
        return "written-twice", "the file at `tablet` holds a text, which holds JSON"
    due = json.loads(json.dumps(a.exported, default=float))
    if not isinstance(found, Mapping):
        return "", f"the file at `tablet` holds {kinds.describe(found)}, not a dictionary"
    if set(found) != set(due):
        return "", f"the file at `tablet` has the keys {', '.join(found) or 'of no entry'}"
    if found["features"] != due["features"]:
        return "", "`features` in the file at `tablet` are not those of `exported`"
    numbers, right = (
        np.array([each["median"], each["intercept"], *each["weights"]], dtype=object)
        for each in (found, due)
    )
    if len(numbers) == len(right) and all(kinds.fits(number, "number") for number in numbers):
        plain = numbers.astype(float), right.astype(float)
        if np.allclose(*plain, rtol=1e-9, atol=0):
            return None
        if _decimals(*plain) is not None:
            return "rounded", f"the file at `tablet` has the intercept {found['intercept']}"
    return "", "the numbers in the file at `tablet` are not those of `exported`"


def _priced(a: Answers, numbers: Mapping[str, Any], rows: pd.DataFrame) -> tuple[list[Any], Found]:
    """A price for each row by the learner's function, and what it changed that it may not."""
    prices, changed = [], None
    for flat in json.loads(rows.to_json(orient="records")):
        handed, model = dict(flat), json.loads(json.dumps(numbers))
        prices.append(a.call("price_on_tablet", model, handed))
        for name, before, after in (("flat", flat, handed), ("numbers", numbers, model)):
            if before != after:
                changed = (
                    "changes-its-input",
                    f"after a call of `price_on_tablet`, `{name}` differs",
                )
    return prices, changed


def _strangers(function: Any, seen: set[int]) -> Iterator[str]:
    """Names in a function, and in those that it calls, of what does not come with Python."""
    if not isinstance(function, FunctionType) or id(function) in seen:
        return
    seen.add(id(function))
    codes = [function.__code__]
    for code in codes:
        codes.extend(each for each in code.co_consts if isinstance(each, CodeType))
        for step in dis.get_instructions(code):
            if step.opname == "IMPORT_NAME" and _is_foreign(step.argval):
                yield step.argval
        for name in code.co_names:
            value = function.__globals__.get(name)
            if isinstance(value, FunctionType) and value.__globals__ is function.__globals__:
                yield from _strangers(value, seen)
            elif isinstance(value, ModuleType) or callable(value):
                known = "__name__" if isinstance(value, ModuleType) else "__module__"
                if _is_foreign(getattr(value, known, None)):
                    yield name


def _is_foreign(module: Any) -> bool:
    return isinstance(module, str) and module.split(".")[0] not in (
        *sys.stdlib_module_names,
        "__main__",
    )


def _another_version(exported: Mapping[str, Any]) -> dict[str, Any]:
    """Other numbers in another order."""
    return {
        "median": exported["median"] - 0.25,
        "features": list(exported["features"])[::-1],
        "intercept": exported["intercept"] + 0.125,
        "weights": [0.75 * float(weight) for weight in exported["weights"]][::-1],
    }


def _wrong_tablet(a: Answers) -> Found:
    if wrong := _wrong_file(a):
        return wrong
    exported = json.loads(json.dumps(a.exported, default=float))
    known = _requests(a)[list(a.questions.columns)]
    rows = pd.concat([a.questions, known.head(12)], ignore_index=True)
    prices, changed = _priced(a, exported, rows)
    if wrong := _wrong_list(prices, exported, rows, "prices"):
        return wrong
    other = _another_version(exported)
    prices, _ = _priced(a, other, rows)
    if wrong := _wrong_list(prices, other, rows, "prices"):
        fixed = {**other, "features": exported["features"]}
        found = np.array([float(p) if kinds.fits(p, "number") else np.nan for p in prices])
        if _same(found, _dollars(_log_price(exported, rows))):
            return "argument-not-used", "with other `numbers`, `price_on_tablet` says the same"
        if _same(found, _dollars(_log_price(fixed, rows))):
            return "order-assumed", "`price_on_tablet` is wrong where `features` come otherwise"
        return "", f"with other `numbers`, {wrong[1].replace('the model says', 'they say')}"
    if strange := next(_strangers(a.price_on_tablet, set()), None):
        return "not-on-a-tablet", f"`price_on_tablet` uses `{strange}`"
    return changed


# --- q6 ---------------------------------------------------------------------------------------

WAYS = ("batch", "stream", "rest", "edge")
NEEDS = {"report": "batch", "form": "rest", "cellar": "edge", "desk": "stream"}
_WHY = {
    ("report", "rest"): "rest-for-all-rows",
    ("desk", "rest"): "rest-for-files",
    ("desk", "batch"): "batch-too-late",
    ("form", "edge"): "edge-for-form",
    ("form", "stream"): "stream-too-slow",
    ("cellar", "rest"): "rest-without-network",
}


def _wrong_ways(a: Answers) -> Found:
    if not isinstance(a.choice, Mapping):
        return "no-dictionary", f"`choice` is {kinds.describe(a.choice)}, not a dictionary"
    lacking = [need for need in NEEDS if need not in a.choice]
    if lacking:
        return "", f"`choice` has no key {lacking[0]!r}"
    for need, due in NEEDS.items():
        way = kinds.spelled(a.choice[need], WAYS)
        told = f"`choice[{need!r}]` = {a.choice[need]!r:.40}"
        if way is None:
            return "", f"{told} is none of the four ways"
        if way != due:
            return _WHY.get((need, way), ""), f"{told} does not fit best"
    return None


def _each(make: Any) -> Any:
    """A formula: for both ways what `make` gives for its waits, p50 and p99."""

    def formula(a: Answers) -> dict[Any, Any]:
        made = {way: make(np.array(waits)) for way, waits in a.seconds.items()}
        halves = in_dict("p50", {way: pair[0] for way, pair in made.items()})
        return {**halves, **in_dict("p99", {way: pair[1] for way, pair in made.items()})}

    return formula


def _right_quantiles(waits: Prices) -> tuple[list[float], list[float]]:
    """By all usual definitions, which differ in what they do between two waits."""
    methods: Any = (
        "linear",
        "lower",
        "higher",
        "nearest",
        "midpoint",
        "median_unbiased",
        "weibull",
    )
    made = [[float(np.quantile(waits, q, method=m)) for m in methods] for q in (0.5, 0.99)]
    hundredths = [quantiles(waits, n=100, method=m)[98] for m in ("exclusive", "inclusive")]
    return [*made[0], median(waits.tolist())], [*made[1], *map(float, hundredths)]


def _exchanged(a: Answers) -> dict[Any, Any]:
    """What is right, under the key of the other way."""
    made, other = _each(_right_quantiles)(a), {"rest": "edge", "edge": "rest"}
    return {(name, way): made[name, other[way]] for name, way in made}


WAITS = Values(_each(_right_quantiles), tolerance=1e-9)


# --- the questions ----------------------------------------------------------------------------

QUESTIONS = [
    Question(
        id="q1",
        title="Every night",
        names={"nightly": "path"},
        hints=(
            "Read the table with spark.read, and let `model` transform it. Which of the columns "
            "does the table need?",
            "What does each mode of writing do when the table is there already? Only one of "
            "append and overwrite may be used twice.",
            'model.transform(rows).select("id", "suggested").write.format("delta")'
            '.mode("overwrite").save(nightly), in a function that you call twice.',
        ),
        mistakes=decided(
            _wrong_job,
            {
                **_TABLES,
                "appended": "The second run added its rows to those of the first: append, where "
                "overwrite or a merge by id is due.",
                "ran-once": "The job has to run twice here; a mode of ignore or error does not "
                "count, as new prices would never get in.",
            },
        ),
        refuse=refused(_wrong_job),
        why="a job that may be run again needs nobody who knows how far it got when it failed.",
        looks_at={
            "id": "_wrong_prices",
            "suggested": "_wrong_prices",
            "waiting": "given",
            "work": "_elsewhere",
        },
        note=_deleted,
        points=2,
    ),
    Question(
        id="q2",
        title="As they come",
        names={"live": "path", "checkpoint": "path"},
        hints=(
            "The demo's function stream(**trigger) has all parts. Which trigger takes what is "
            "there and stops?",
            "start() returns at once. What has to happen before deliver_late() may be called?",
            "spark.readStream.schema(SCHEMA).json(inbox), the model, and "
            'writeStream.format("delta").option("checkpointLocation", checkpoint)'
            ".trigger(availableNow=True).start(live).awaitTermination(); twice, with the same "
            "checkpoint.",
        ),
        mistakes=decided(
            _wrong_stream,
            {
                **_TABLES,
                "folders-swapped": "The two names have each other's folder.",
                "not-a-stream": "A batch job wrote it, where spark.readStream and writeStream are "
                "due; or `checkpoint` names another folder.",
                "checkpoint-elsewhere": 'option("checkpointLocation", …) names another folder.',
                "another-checkpoint": "Two streams wrote to it. A run with another checkpoint, or "
                "with an emptied one, begins with the first file.",
                "overwritten": "The second run wrote over the rows of the first: append them, or "
                "merge by id.",
                "one-batch": "deliver_late() came before the first run had taken its files: it is "
                "due between two runs, each waited for with awaitTermination().",
                "late-missing": "The stream has to run once more after deliver_late(), and you "
                "have to wait for it with awaitTermination().",
            },
        ),
        refuse=refused(_wrong_stream),
        why="the checkpoint is what makes two runs one stream, also after a kill.",
        looks_at={
            "id": "_wrong_prices",
            "suggested": "_wrong_prices",
            "inbox": "given",
            "arrivals": "_elsewhere",
            "deliver_late()": "_wrong_stream: late-missing, one-batch",
            "deliver_late": "_wrong_stream: late-missing, one-batch",
        },
        points=3,
    ),
    Question(
        id="q3",
        title="While the host types",
        names={"server": "any", "quotes": "list"},
        hints=(
            "The demo's class Suggester reads a file; yours may use `exported` as it is. predict "
            "gets a pandas frame with the columns of `questions`.",
            'model_input["review_scores_rating"].astype(float).fillna(exported["median"]), and '
            'model_input["room_type"] == "Private room" is such a flag.',
            "np.maximum(np.exp(log_price), 10) comes last. log_price is the intercept plus "
            'x @ weights, with the columns of x in the order of exported["features"].',
        ),
        mistakes=decided(
            _wrong_server,
            {
                "rating-not-filled": "A missing rating went into the sum and made it missing.",
                "no-plain-numbers": "predict returned a pandas frame or Series, which is sent with "
                "a name for each price; return an array or a list of prices.",
                "log-not-dollars": "These are logarithms; np.exp makes dollars of them.",
                "floor-missing": "The nonsense request gets less than 10 dollars.",
                "floor-before-exp": "The 10 was applied to log(price); it is due after np.exp.",
                "filled-otherwise": "The missing rating was filled in with another number than the "
                "median that the model was trained with.",
                "flags-forgotten": "A private or a shared room is priced like an entire home.",
                "flags-swapped": "The flags of private and shared rooms are in each other's place.",
                "intercept-forgotten": "The sum lacks the intercept.",
                "all-at-floor": "The floor is for each price alone, and for dollars: a logarithm "
                "is below 10, and a sum without its intercept or with mixed-up weights may be.",
                "rounded": _TABLES["rounded"],
                "not-a-server": "tools.ServerHere(uri) returns one; keep it under this name.",
                "server-does-not-answer": "It was stopped, or its model fails on these rows.",
                "quotes-not-served": "They were computed without the server, by another one, or "
                "changed after it had answered.",
            },
        ),
        refuse=refused(_wrong_server),
        why="whoever asks a server sends raw rows, so all that the model needs must be behind it.",
        looks_at={
            "exported": "given",
            "questions": "given",
            "private": "_variants: flags-forgotten",
            "shared": "_variants: flags-forgotten",
            "mlflow.pyfunc.log_model": "any way to get a server will do",
            "tools.ServerHere": "_wrong_server",
            "tools.ServerHere(uri)": "_wrong_server",
            "tools.ask(server.url, questions)": "_wrong_server",
            "mlflow models serve": "named for comparison",
        },
        points=3,
    ),
    Question(
        id="q4",
        title="A new version for some",
        names={"choose": "function", "counts": "dict"},
        keys={"counts": {"old": "integer", "new": "integer"}},
        hints=(
            "What about a user never changes? Only that may go into the choice, with the share.",
            "A hash of the name, modulo 100, gives each user a place from 0 to 99. Python's own "
            "hash() of a text changes with every start; hashlib's do not.",
            'int(sha256(user.encode()).hexdigest(), 16) % 100 < shares["new"] gives the new '
            'version. answers["version"].value_counts().to_dict() counts.',
        ),
        mistakes=decided(
            _wrong_split,
            {
                "other-word": 'It has to return "old" or "new".',
                "by-chance": "A throw of dice, or a counter, is even but not sticky: the same host "
                "would see two prices.",
                "remembered": "What a variable keeps is gone after a restart, and other servers "
                "do not see it: a user's place has to follow from the name.",
                "python-hash": "Python's hash() of a text has another salt at every start; take "
                "one of hashlib or zlib.",
                "sides-swapped": "The share of the one version went to the other.",
                "percent-for-fraction": "A fraction between 0 and 1 is compared with percents.",
                "shares-ignored": "The share is typed into the function; it has to take it from "
                "`shares`.",
                "not-even": "What the users are told apart by is not spread evenly, such as a "
                "first letter, a length or a sum.",
                "edges": "A place from 0 to 99 has to be compared with <, not <=.",
                "not-steady": "A user's place depends on the share: it has to follow from the name "
                "alone, and only the bound from the share.",
                "another-split": 'The router was asked for another split than {"old": 80, '
                '"new": 20}.',
                "counts-swapped": "The two numbers are in each other's place.",
            },
        ),
        refuse=refused(_wrong_split),
        why="a split that is sticky and steady can be widened, and compared user by user.",
        looks_at={
            "behind": "given",
            "USERS": "given",
            "user": "_new",
            "shares": "_new",
            "version": "a column of what `send` returns",
            "choose(user, shares)": "_wrong_choice",
            '"old"': "_wrong_choice: other-word",
            '"new"': "_wrong_choice: other-word",
            '{"old": 90, "new": 10}': "_new",
            'tools.Router(behind, {"old": 80, "new": 20}, choose)': "_wrong_split",
            "tools.send(router.url, questions, USERS)": "_wrong_split",
        },
        points=3,
    ),
    Question(
        id="q5",
        title="On a tablet",
        names={"tablet": "path", "price_on_tablet": "function"},
        hints=(
            "json.dump writes `exported` into an open file. The function needs the same steps as "
            "predict in question 3, for one flat and without a frame.",
            "zip(numbers["
            '"features"], numbers["weights"]) gives the name of each feature with its weight. '
            "Which three of the names are no keys of `flat`?",
            'numbers["median"] if flat["review_scores_rating"] is None else '
            'flat["review_scores_rating"] is the rating; max(math.exp(log_price), 10) comes last.',
        ),
        mistakes=decided(
            _wrong_tablet,
            {
                "other-folder": _TABLES["other-folder"],
                "no-file": "The path has to name the file itself, and the file has to be written "
                "and closed.",
                "no-json": "str() and print() write Python's way; json.dump writes JSON.",
                "written-twice": "json.dumps makes text already; json.dump, or writing that text, "
                "is enough.",
                "rating-not-filled": "A missing rating went into the sum and made it missing.",
                "no-plain-numbers": "A price is one number, not a list or a text with it.",
                "log-not-dollars": "These are logarithms; math.exp makes dollars of them.",
                "floor-missing": "The nonsense flat gets less than 10 dollars.",
                "floor-before-exp": "The 10 was applied to log(price); it is due after math.exp.",
                "filled-otherwise": "The missing rating was filled in with another number than "
                "the median in `numbers`.",
                "flags-forgotten": "A private or a shared room is priced like an entire home.",
                "flags-swapped": "The flags of private and shared rooms are in each other's place.",
                "intercept-forgotten": "The sum lacks the intercept.",
                "all-at-floor": "The floor is for dollars: a logarithm is below 10.",
                "rounded": _TABLES["rounded"],
                "argument-not-used": "It takes the numbers of this notebook or reads the file, "
                "where its argument `numbers` is due.",
                "order-assumed": "The weights belong to the names in `features`, in their order; "
                "it takes them in the order of today's model.",
                "not-on-a-tablet": "Its price is right, but that does not come with Python; `math` "
                "does, and a sum over the features is short.",
                "changes-its-input": "Whoever calls it may need the flat again: take a copy, or "
                "keep the new values in a dictionary of your own.",
            },
        ),
        refuse=refused(_wrong_tablet),
        why="what runs on a device has to bring its numbers and its steps, and nothing else.",
        looks_at={
            "work": "_elsewhere",
            "exported": "_wrong_file",
            "flats": "given",
            "numbers": "_another_version",
            "flat": "_priced: changes-its-input",
            "None": "rating-not-filled",
            "price_on_tablet(numbers, flat)": "_wrong_tablet",
        },
        points=3,
    ),
    Question(
        id="q6",
        title="Which way for whom",
        names={"p50": "dict", "p99": "dict", "choice": "any"},
        keys={
            "p50": {"rest": "number", "edge": "number"},
            "p99": {"rest": "number", "edge": "number"},
        },
        hints=(
            "np.quantile(waits, 0.99) is a wait that 99 of 100 stay below. Which one is the "
            "median?",
            "For each need, ask: how many rows at once, how long may one of them wait, and who has "
            "to be reached by a new version?",
            'The report is "batch"; in a cellar only "edge" works. Files that keep coming are '
            "what a stream is for.",
        ),
        mistakes=decided(
            _wrong_ways,
            {
                "no-dictionary": "A dictionary with a way for each need is due.",
                "rest-for-all-rows": "Ten million requests for a table that is read once a week: "
                "one job does them at once.",
                "rest-for-files": "Nobody waits for an answer there; somebody would have to read "
                "the files and send the requests, as a stream does by itself.",
                "batch-too-late": "A job per night, or per hour, is too late for two minutes.",
                "edge-for-form": "It is fast enough, but each device would need the new version "
                "within the hour; a server has it in one place.",
                "stream-too-slow": "A file and a micro-batch for each letter that is typed: that "
                "takes longer than half a second, and nobody sends an answer back.",
                "rest-without-network": "A request needs a network.",
            },
            WAITS.wrong(
                "mean-for-median",
                _each(lambda waits: (waits.mean(), [])),
                "is the mean",
                "The slow ones pull a mean up; half of the waits are below the median.",
            ),
            WAITS.wrong(
                "other-quantile",
                _each(
                    lambda waits: (
                        [np.quantile(waits, q) for q in (0.005, 0.25, 0.75)],
                        [np.quantile(waits, q) for q in (0.01, 0.0099, 0.9, 0.95, 0.999)],
                    )
                ),
                "is another quantile",
                "np.quantile takes fractions, 0.5 and 0.99; np.percentile percents, 50 and 99.",
            ),
            WAITS.wrong(
                "maximum-for-p99",
                _each(lambda waits: ([], waits.max())),
                "is the longest wait",
                "One of a hundred is slower than p99; the maximum is a single one.",
            ),
            WAITS.wrong(
                "swapped",
                _each(lambda waits: (np.quantile(waits, 0.99), np.quantile(waits, 0.5))),
                "is the number of the other dictionary",
                "p50 is the median, p99 the high one.",
            ),
            WAITS.wrong(
                "ways-swapped",
                _exchanged,
                "{name} has the number of the other way",
                "The waits of the two ways went under each other's key.",
                whole=True,
            ),
            WAITS.wrong(
                "milliseconds",
                _each(
                    lambda waits: (
                        1000 * np.quantile(waits, 0.5),
                        1000 * np.quantile(waits, 0.99),
                    )
                ),
                "is in milliseconds",
                "Seconds are due.",
            ),
            WAITS.rounded(),
        ),
        refuse=refused(_wrong_ways, WAITS),
        why="the need chooses the way; the fastest number often serves nobody.",
        needs=(),
        looks_at={
            '"rest"': "keys of p50",
            '"edge"': "keys of p50",
            '"batch"': "_wrong_ways",
            '"stream"': "_wrong_ways",
            '"report"': "_wrong_ways",
            '"form"': "_wrong_ways",
            '"cellar"': "_wrong_ways",
            '"desk"': "_wrong_ways",
        },
        points=2,
    ),
]
