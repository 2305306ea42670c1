"""What lesson 22 uses and does not teach: its pictures, files that arrive, and running servers."""

import logging
import re
import time
import warnings
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import mlflow.pyfunc
import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter
from mlflow.pyfunc.model import PythonModel
from pyspark.ml import Pipeline
from pyspark.ml.feature import Imputer, SQLTransformer, VectorAssembler
from pyspark.ml.regression import LinearRegression
from pyspark.sql import functions as F
from scipy.stats import binom

from course_utils import show
from course_utils.deploy.client import ask, post, send
from course_utils.deploy.pipelines import run_pipeline
from course_utils.deploy.router import Router
from course_utils.deploy.serving import ModelServer, ServerHere
from course_utils.deploy.stream import start_stream
from course_utils.errors import CourseError

__all__ = [
    "ModelServer",
    "Router",
    "ServerHere",
    "ask",
    "post",
    "run_pipeline",
    "send",
    "start_stream",
]

BLUE, ORANGE = "C0", "C1"

# What MLflow reports on the way would be red
logging.getLogger("mlflow").setLevel(logging.ERROR)
warnings.filterwarnings("ignore", module="mlflow")

NUMBERS = ["accommodates", "bedrooms", "bathrooms", "review_scores_rating"]
_PATIENCE = 120.0  # seconds for a stream to commit


# --- what arrives -------------------------------------------------------------------------------


def raw(rows):
    """The same Spark frame with a rating only where the cleaned data has not filled it in."""
    rated = F.col("review_scores_rating_na") == 0
    rating = F.when(rated, F.col("review_scores_rating"))
    return rows.withColumn("review_scores_rating", rating)


def requests(rows):
    """Listings as they arrive, as pandas: an id, four numbers and the room type."""
    place = ["latitude", "longitude"]
    found = raw(rows).select(*NUMBERS, "room_type", *place).toPandas()
    found = found.sort_values([*place, *NUMBERS], ignore_index=True)
    found.insert(0, "id", np.arange(len(found), dtype="int32"))
    return found[["id", *NUMBERS, "room_type"]]


def files_of(rows, number):
    """The rows as so many parts, in order, for files that arrive one after the other."""
    return [rows.iloc[part] for part in np.array_split(np.arange(len(rows)), number)]


def deliver(inbox, **parts):
    """Put each part into the folder under its name; one that is there already is left as it is."""
    folder = Path(inbox)
    folder.mkdir(parents=True, exist_ok=True)
    for name, part in parts.items():
        if not (folder / f"{name}.json").exists():
            half = folder / f".{name}"
            part.to_json(half, orient="records", lines=True)
            half.rename(folder / f"{name}.json")


def arrive(inbox, *parts):
    """Put each part into the folder as a file of JSON lines, whole or not at all."""
    folder = Path(inbox)
    folder.mkdir(parents=True, exist_ok=True)
    for part in parts:
        number = len(list(folder.glob("*.json")))
        half = folder / f".{number:04}"  # Spark does not read names that begin with a dot
        part.to_json(half, orient="records", lines=True)
        half.rename(folder / f"{number:04}.json")


def write(path, text):
    """Write a text file, with the folders above it."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def refusal(url, rows):
    """Why a server refuses rows, in one line; "" when it does not."""
    try:
        ask(url, rows)
    except CourseError as error:
        return str(error)
    return ""


def violation(error):
    """The constraint of a Delta table that was violated; the first line of any other error."""
    found = re.search(r"CHECK constraint [^\n]*", str(error))
    return found[0][:80] if found else str(error).splitlines()[0]


# --- what a stream has done ---------------------------------------------------------------------


def commits(table):
    """How many commits a Delta table has."""
    return len(list(Path(table).glob("_delta_log/*.json")))


def wait_for_commit(table, process):
    """Return when the table has got one more commit.

    Raises:
        CourseError: the process has ended, or takes too long.
    """
    before, end = commits(table), time.monotonic() + _PATIENCE
    while commits(table) == before:
        if not process.alive or time.monotonic() > end:
            last = (process.output() or ["no output"])[-1]
            raise CourseError(f"The stream did not commit: {last[:200]}. Run the cell again.")
        time.sleep(0.02)


def unfinished(checkpoint):
    """How many batches a stream has begun and not noted as committed."""
    return len(_numbers(checkpoint, "offsets") - _numbers(checkpoint, "commits"))


def note_of_last_commit(table):
    """The line of a Delta log that says who made the last commit, and which batch it was."""
    log = max(Path(table).glob("_delta_log/*.json"))
    return next(line for line in log.read_text().splitlines() if line.startswith('{"txn"'))


def forget_last_commit(checkpoint):
    """Leave a checkpoint as a kill does between the table's commit and the checkpoint's own."""
    last = Path(checkpoint, "commits", str(max(_numbers(checkpoint, "commits"))))
    last.unlink()
    last.with_name(f".{last.name}.crc").unlink(missing_ok=True)  # Hadoop's checksum of the file


def _numbers(checkpoint, kind):
    names = [path.name for path in Path(checkpoint, kind).glob("*")]
    return {int(name) for name in names if re.fullmatch(r"\d+", name)}


# --- pictures -----------------------------------------------------------------------------------


def latencies(table):
    """The table of the four ways as a picture: median and 99th percentile, and rows a second."""
    ax = plt.figure(figsize=(7, 3.4)).subplots()
    places = np.arange(len(table))[::-1]
    ax.hlines(places, table["p50"], table["p99"], color=BLUE, linewidth=3, alpha=0.5)
    ax.plot(table["p50"], places, "o", color=BLUE, markersize=9, label="half are faster (p50)")
    ax.plot(table["p99"], places, "|", color=ORANGE, markersize=16, markeredgewidth=3,
            label="99 in 100 are faster (p99)")  # fmt: skip
    for place, (_, row) in zip(places, table.iterrows(), strict=True):
        ax.annotate(
            f"{_time(row['p50'])}, {row['rows per second']:,.0f} rows/s",
            (row["p50"], place),
            xytext=(0, 10),
            textcoords="offset points",
            ha="center",
            fontsize=9,
        )
    ax.set_yticks(places, table.index)
    ax.set(
        xscale="log",
        xlabel="waiting time (log scale)",
        title="One model, four ways",
        ylim=(-0.6, len(table) - 0.2),
        xlim=(table["p50"].min() / 20, table["p99"].max() * 8),
    )
    ax.xaxis.set_major_formatter(FuncFormatter(lambda seconds, _: _time(seconds)))
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.22), ncols=2)
    slow, fast = table["p50"].idxmax(), table["p50"].idxmin()
    ratio = table["p50"].max() / table["p50"].min()
    said = "; ".join(f"{name} {_time(row['p50'])}" for name, row in table.iterrows())
    show(
        ax,
        alt=f"Median and 99th percentile of the waiting time for four ways to deploy, on a "
        f"logarithmic axis. Medians: {said}.",
        caption=f"Half of the answers come within: {said}. From {fast} to {slow} it is a factor "
        f"of {ratio:,.0f}.",
    )


def shares(moves, asked):
    """Share of users with the new version after each move, and what chance alone may do.

    Args:
        moves: percent asked for -> the answers, as `send` gives them.
        asked: how many users.
    """
    ax = plt.figure(figsize=(7, 3.6)).subplots()
    x = np.arange(len(moves))
    found = [(answers["version"] == "new").mean() for answers in moves.values()]
    low, high = binom.interval(0.99, asked, np.array(list(moves)) / 100)
    ax.vlines(x, low / asked, high / asked, color=BLUE, linewidth=14, alpha=0.3,
              label="99 % of chance")  # fmt: skip
    ax.plot(x, found, "D", color=ORANGE, markersize=8, label="measured")
    for place, share in zip(x, found, strict=True):
        ax.annotate(f"{share:.1%}", (place, share), xytext=(14, -4), textcoords="offset points")
    ax.set_xticks(x, [f"{share} %" for share in moves])
    ax.set(
        xlim=(-0.5, len(moves) - 0.2),
        ylim=(-0.08, 1.12),
        xlabel="share asked for, in the order of the moves",
        ylabel="users with the new version",
        title="Traffic moves from the old version to the new one",
    )
    ax.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:.0%}"))
    ax.legend(loc="upper left")
    said = ", ".join(f"{s:.1%} at {share} %" for share, s in zip(moves, found, strict=True))
    show(
        ax,
        alt=f"Share of {asked} users who get the new version after each move, beside the range "
        f"that chance allows: {said}.",
        caption=f"Of {asked} users the new version got {said}.",
    )


def _time(seconds):
    for size, unit in ((1, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


# --- what the lab is given ----------------------------------------------------------------------

FEATURES = ["accommodates", "bedrooms", "bathrooms", "rating", "private", "shared"]


SCHEMA = (
    "id INT, accommodates DOUBLE, bedrooms DOUBLE, bathrooms DOUBLE, "
    "review_scores_rating DOUBLE, room_type STRING"
)


def five_questions(rows):
    """Five requests without an id: one has no rating, one is a shared room, the last is absurd."""
    found = rows.loc[[4, 50, 120, 200, 280], [*NUMBERS, "room_type"]].reset_index(drop=True)
    found.loc[1, "review_scores_rating"] = np.nan
    found.loc[1, "room_type"] = "Private room"
    found.loc[2, "room_type"] = "Shared room"
    found.loc[4, "accommodates"] = -90.0
    return found


def first_model(rows):
    """The demo's first pipeline, fitted: a line with all that stands before and after it."""
    flags = """SELECT *, CAST(room_type = 'Private room' AS DOUBLE) AS private,
        CAST(room_type = 'Shared room' AS DOUBLE) AS shared FROM __THIS__"""
    stages: list[Any] = [
        Imputer(strategy="median", inputCols=["review_scores_rating"], outputCols=["rating"]),
        SQLTransformer(statement=flags),
        VectorAssembler(inputCols=FEATURES, outputCol="features"),
        LinearRegression(labelCol="log_price"),
        SQLTransformer(
            statement="SELECT *, greatest(exp(prediction), 10) AS suggested FROM __THIS__"
        ),
    ]
    known = raw(rows).withColumn("log_price", F.log("price")).cache()
    return Pipeline(stages=stages).fit(known)


def export(model):
    """What the first pipeline has learned, as numbers."""
    imputer, _, _, line, _ = model.stages
    return {
        "median": imputer.surrogateDF.first()[0],
        "features": FEATURES,
        "intercept": line.intercept,
        "weights": line.coefficients.tolist(),
    }


def suggest(model, rows):
    """Dollars for each row of a pandas frame, by what was exported."""
    made = rows.assign(
        rating=rows["review_scores_rating"].astype(float).fillna(model["median"]),
        private=rows["room_type"] == "Private room",
        shared=rows["room_type"] == "Shared room",
    )
    x = made[model["features"]].to_numpy(dtype=float)
    return np.maximum(np.exp(model["intercept"] + x @ np.array(model["weights"])), 10)


class Suggester(PythonModel):
    """Serves what was exported."""

    def __init__(self, model):
        self.model = model

    def predict(self, context, model_input: pd.DataFrame, params=None):
        """Dollars for each row."""
        return suggest(self.model, model_input)


def two_servers(exported, work):
    """Servers for the version in use, "old", and for one that asks two percent more, "new"."""
    versions = {"old": 0.0, "new": np.log(1.02)}
    servers = {}
    for name, more in versions.items():
        model = Suggester({**exported, "intercept": exported["intercept"] + more})
        folder = Path(work, "versions", name)
        mlflow.pyfunc.save_model(folder, python_model=model, pip_requirements=[])
        servers[name] = ServerHere(folder)
    return servers
