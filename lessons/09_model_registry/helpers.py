"""The pictures of lesson 09, its server, and what happens behind the reader's back."""

import atexit
import hashlib
import itertools
import os
import pickle
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import mlflow
import pandas as pd
import sklearn
from mlflow.utils.autologging_utils.logging_and_warnings import (
    MlflowEventsAndWarningsBehaviorGlobally,
)
from pyspark.sql import functions as F
from sklearn.linear_model import LinearRegression

from course_utils import show

BLUE, ORANGE, GREEN = "C0", "C1", "C2"
PATIENCE = 120  # seconds for a server or a verdict; it only counts where something is broken
COLUMNS = ["accommodates", "bedrooms", "bathrooms", "minimum_nights", "number_of_reviews",
           "review_scores_rating"]  # fmt: skip
NEEDS = [f"scikit-learn=={sklearn.__version__}"]

# MLflow's notes on its own progress stay off until the notebook ends. `disable_logging()` would not
# do: MLflow itself turns them on again whenever it leaves a context of this kind.
MlflowEventsAndWarningsBehaviorGlobally(
    reroute_warnings=False, disable_event_logs=True, disable_warnings=False
).__enter__()


def folder(train, work):
    """Three model files as teams without a registry have them, and what each says of one flat."""
    place = Path(work) / "models"
    place.mkdir()
    rows = train.select(*COLUMNS, "price").toPandas()
    spoiled = rows.assign(price=rows["price"].mask(rows["minimum_nights"] >= 7, rows["price"] / 7))
    trained = {
        "model_final.pkl": (["bedrooms"], rows),
        "model_final_2.pkl": (COLUMNS, rows),
        "model_new.pkl": (COLUMNS, spoiled),
    }
    for name, (columns, known) in trained.items():
        model = LinearRegression().fit(known[columns], known["price"])
        (place / name).write_bytes(pickle.dumps(model))
    files = sorted(place.iterdir())
    models = {file.name: pickle.loads(file.read_bytes()) for file in files}
    prices = {
        name: model.predict(flat()[list(model.feature_names_in_)])[0]
        for name, model in models.items()
    }
    ax = plt.figure(figsize=(7, 2.6)).subplots()
    bars = ax.barh(list(prices), list(prices.values()), color=BLUE, height=0.55)
    ax.bar_label(bars, fmt="${:,.0f}", padding=4, weight="bold")
    ax.set(
        title="One flat, three files, three prices",
        xlabel="suggested price per night ($)",
        xlim=(0, 1.15 * max(prices.values())),
    )
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)
    friday, monday = prices["model_final_2.pkl"], prices["model_new.pkl"]
    listed = ", ".join(f"{name} ${price:.0f}" for name, price in prices.items())
    show(
        ax,
        alt=f"Bar chart of the price in dollars that three model files suggest for one flat: "
        f"{listed}.",
        caption=f"Friday's answer, ${friday:.0f}, is that of model_final_2.pkl. Today's, "
        f"${monday:.0f}, is that of model_new.pkl: {1 - monday / friday:.0%} less.",
    )


def numbers(listings):
    """The columns that the models of this lesson may learn from, and the price."""
    columns = [F.col(name).cast("double").alias(name) for name in COLUMNS]
    entire_home = (F.col("room_type") == "Entire home/apt").cast("double").alias("entire_home")
    return listings.select(*columns, entire_home, "price")


def halves(listings):
    """Two halves of the listings; a hash of the place decides, so they are the same each time."""
    first = F.hash("latitude", "longitude") % 2 == 0
    return [numbers(listings.where(half)).coalesce(1) for half in (first, ~first)]


def flat():
    """The host's flat: one row, for four guests, with two bedrooms."""
    row = [4.0, 2.0, 1.0, 2.0, 20.0, 95.0]
    return pd.DataFrame([row], columns=COLUMNS).assign(entire_home=1.0)


def start_anew(*names):
    """Forget the models of an earlier run of the notebook, with their logs and webhooks."""
    client = mlflow.MlflowClient()
    for name in names:
        for model in client.search_registered_models(f"name = '{name}'"):
            client.delete_registered_model(model.name)
        for log in client.search_experiments(filter_string=f"name LIKE 'approvals/{name}@%'"):
            client.delete_experiment(log.experiment_id)
    # MLflow could not even read them: their secrets belong to the key of a server that is gone.
    with closing(sqlite3.connect(_database())) as database, database:
        database.execute("UPDATE webhooks SET deleted_timestamp = 1 WHERE name = 'lesson-09'")


def overview(models):
    """One row for each registered model: its aliases, tags, and number of versions."""
    client = mlflow.MlflowClient()
    rows = [
        {
            "model": model.name,
            "versions": len(client.search_model_versions(f"name = '{model.name}'")),
            "aliases": ", ".join(f"{a} → {v}" for a, v in sorted(model.aliases.items())),
            "tags": ", ".join(
                f"{key} = {value}"
                for key, value in sorted(model.tags.items())
                if not key.startswith("approvals.")
            ),
            "description": model.description or "",
        }
        for model in models
    ]
    return pd.DataFrame(rows).to_string(index=False)


def friday(spark, table):
    """What somebody does to the table on Friday; the reader is to find it out."""
    note = "spark.databricks.delta.commitInfo.userMetadata"
    spark.conf.set(note, "weekly prices to nightly ones")
    spark.sql(f"UPDATE delta.`{table}` SET price = price / 7 WHERE minimum_nights >= 7")
    spark.conf.unset(note)


def lineage(version, run, code):
    """A picture: the version, the run that made it, and the code and the data of that run."""
    data: Any = mlflow.data.get_source(run.inputs.dataset_inputs[0])
    table, data_version = Path(data.path).name, data.delta_table_version
    rows, digest = run.data.params["rows"], hashlib.sha256(code.encode()).hexdigest()[:8]
    aliases = ", ".join(version.aliases) or "no alias"
    boxes = {
        "version": (0.15, 0.5, f"{version.name}\nversion {version.version}\n({aliases})"),
        "run": (0.5, 0.5, f"run “{run.info.run_name}”\nRMSE ${run.data.metrics['rmse']:.2f}"),
        "code": (0.85, 0.79, f"code: learn.py\n{len(code.splitlines())} lines\n{digest}…"),
        "data": (
            0.85,
            0.21,
            f"data: {table}\nversion {data_version}\n{rows} rows",
        ),
    }
    fig, ax = plt.subplots(figsize=(7.4, 2.9))
    ax.set_axis_off()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    style = {"boxstyle": "round,pad=0.55", "facecolor": "#EAF2F8", "edgecolor": "black"}
    drawn = {
        name: ax.text(x, y, text, ha="center", va="center", bbox=style)
        for name, (x, y, text) in boxes.items()
    }
    for start, end in (("version", "run"), ("run", "code"), ("run", "data")):
        arrow = {"arrowstyle": "-|>", "color": "black", "linewidth": 1.4, "shrinkA": 6,
                 "shrinkB": 6, "patchA": drawn[start].get_bbox_patch(),
                 "patchB": drawn[end].get_bbox_patch()}  # fmt: skip
        ax.annotate("", xytext=boxes[start][:2], xy=boxes[end][:2], arrowprops=arrow)
    ax.set_title("Where the champion comes from")
    show(
        fig,
        alt=f"Diagram with arrows: version {version.version} of {version.name} leads to the run "
        f"that made it, and the run to its code, learn.py, and its data, version {data_version} "
        f"of the table {table}.",
        caption=f"Version {version.version} learned from version {data_version} of the table.",
    )


def who_was_champion(history):
    """The champion after each entry of the log, and who did what."""
    kinds = {
        "REQUESTED_TRANSITION": ("o", "none", "asked for"),
        "APPROVED_REQUEST": ("o", GREEN, "approved"),
        "REJECTED_REQUEST": ("X", ORANGE, "rejected"),
        "APPLIED_TRANSITION": ("v", BLUE, "rolled back"),
    }
    moves = history["activity_type"].isin(["APPROVED_REQUEST", "APPLIED_TRANSITION"])
    first = history.loc[moves, "former"].iloc[0]
    champion = history["version"].where(moves).ffill().fillna(first).astype(int)
    ax = plt.figure(figsize=(7.4, 3.9)).subplots()
    steps, held = [0, *history["number"]], [int(first), *champion]
    ax.step(steps, held, where="post", color="black", label="champion", linestyle="-")
    ax.plot([steps[-1], steps[-1] + 0.6], [held[-1]] * 2, color="black", linestyle="-")
    for kind, (marker, color, label) in kinds.items():
        some = history[history["activity_type"] == kind]
        ax.plot(some["number"], some["version"], marker, color="black", markersize=10,
                markerfacecolor=color, linestyle="none", label=label, zorder=3)  # fmt: skip
    for entry in history.itertuples():
        above = 10 if entry.activity_type != "APPLIED_TRANSITION" else -20  # beside the line
        ax.annotate(entry.user_id, (entry.number, entry.version), xytext=(0, above), ha="center",
                    textcoords="offset points", fontsize=9.5)  # fmt: skip
    most = int(max(history["version"].max(), first))
    ax.set(
        title="Who was champion, and who decided it",
        xlabel="entry of the log",
        ylabel="version",
        xticks=list(history["number"]),
        yticks=range(1, most + 1),
        ylim=(0.6, most + 0.8),
    )
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    told = "; ".join(
        f"{entry.number}: {entry.user_id} {kinds[entry.activity_type][2]} version {entry.version}"
        for entry in history.itertuples()
    )
    changes = sum(a != b for a, b in itertools.pairwise(held))
    show(
        ax,
        alt=f"Step chart of the champion's version over the entries of the log. {told}.",
        caption=f"In {len(history)} entries of the log the champion changed {changes} times, and "
        f"is version {held[-1]} at the end.",
    )


def copy_of_registry(work):
    """The path of a copy of MLflow's database: what happens to it harms nobody."""
    path = Path(work) / "copy.db"
    with closing(sqlite3.connect(_database())) as source, closing(sqlite3.connect(path)) as copy:
        source.backup(copy)
    return str(path)


class Server:
    """MLflow's own server on the course's database, on loopback; it ends with this notebook."""

    def __init__(self, settings):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        uri = mlflow.get_tracking_uri()
        # The shell waits for the end of its input, which comes with the end of the notebook,
        # however that ends; then it ends what it has started.
        script = '"$0" -m mlflow server "$@" < /dev/null & cat > /dev/null; kill 0'
        self._log = (_database().parent / "server09.log").open("wb")
        self._process = subprocess.Popen(
            ["sh", "-c", script, sys.executable, "--backend-store-uri", uri,
             "--default-artifact-root", (_database().parent / "artifacts").as_uri(),
             "--host", "127.0.0.1", "--port", str(port), "--workers", "1"],
            env=os.environ | settings | {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
            stdin=subprocess.PIPE, stdout=self._log, stderr=self._log, start_new_session=True,
        )  # fmt: skip
        atexit.register(self.stop)

    def wait(self):
        """The server's address, as soon as it answers."""
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))

        def healthy():
            with suppress(OSError):
                direct.open(f"{self.url}/health", timeout=5).close()
                return True
            return False

        _until(healthy, f"MLflow's server does not answer; its words are in {self._log.name}")
        return self.url

    def stop(self):
        """End the server and all that it has started."""
        if not self._log.closed:
            self._process.communicate(timeout=PATIENCE)  # which closes its input
            self._log.close()


def start_server(settings):
    """MLflow's server with these environment variables; it needs some seconds until `wait()`."""
    return Server(settings)


def wait_for_verdicts(name, *versions):
    """The tag `check.verdict` of versions of a model, as soon as all of them have it."""
    client = mlflow.MlflowClient()

    def verdicts():
        tags = [client.get_model_version(name, str(version)).tags for version in versions]
        found = [each.get("check.verdict") for each in tags]
        return found if all(found) else None

    return _until(verdicts, f"no verdict on {name}: is the receiver open?")


def beginning(caught, category):
    """The first sentence of the first caught warning of a category."""
    return next(str(w.message).split(". ")[0] for w in caught if w.category is category)


def sample(spark, table, version, rows):
    """Some rows of a version of a Delta table, the same in each run."""
    listings = spark.read.format("delta").option("versionAsOf", version).load(table)
    return listings.orderBy(F.hash(*listings.columns)).limit(rows).coalesce(1)


def named(data):
    """The source of a data set as "listings, version 1"."""
    return f"{Path(data.path).name}, version {data.delta_table_version}"


def _database():
    return Path(mlflow.get_tracking_uri().removeprefix("sqlite:///").partition("?")[0])


def _until(condition, otherwise):
    end = time.monotonic() + PATIENCE
    while not (answer := condition()):
        if time.monotonic() > end:
            raise TimeoutError(otherwise)
        time.sleep(0.05)
    return answer
