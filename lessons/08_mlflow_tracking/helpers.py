"""What lesson 08 uses and does not teach: its pictures, an old folder, an empty environment."""

import base64
import pickle
import re
import subprocess
import sys
import tomllib
from html import escape
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from sklearn.compose import TransformedTargetRegressor
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeRegressor

from course_utils import paths, show
from course_utils.errors import CourseError

BLUE, ORANGE, GREEN = "C0", "C1", "C2"
NUMBERS = [
    "accommodates",
    "bedrooms",
    "bathrooms",
    "beds",
    "minimum_nights",
    "number_of_reviews",
    "review_scores_rating",
    "host_total_listings_count",
    "latitude",
    "longitude",
]
PAGES = {
    "runs": "MLflow's page of the experiment: a table with a line for each run, sorted by "
    "validation_mae, the best run first. Columns show the metrics train_mae and validation_mae and "
    "the parameter columns; above the table stand the field for conditions and the sorting.",
    "run": "MLflow's page of one run, opened at its metrics. Two charts over the number of trees: "
    "train_mae falls all the way; validation_mae falls, and then rises again. A bar shows "
    "best_validation_mae.",
    "model": "MLflow's page of one logged model, price: its status, its id, which begins with m-, "
    "the run that it comes from, the data set that it was judged on; it is not registered.",
}


# ---- the folder that a colleague left ------------------------------------------------------------


def drawer(work, known, new):
    """Three model files and one number: what the files score on new rows, beside the number."""
    here = known.select(*NUMBERS, "price").toPandas()
    folder = Path(work) / "old_models"
    folder.mkdir()
    linear = make_pipeline(StandardScaler(), Ridge())
    files = {
        "model_final.pkl": linear,
        "model_final2.pkl": DecisionTreeRegressor(max_depth=3, random_state=8),
        "model_best_REALLY.pkl": DecisionTreeRegressor(max_depth=12, random_state=8),
    }
    for name, estimator in files.items():
        model = TransformedTargetRegressor(estimator, func=np.log, inverse_func=np.exp)
        (folder / name).write_bytes(pickle.dumps(model.fit(here[NUMBERS], here["price"])))
    # What the mail does not tell: its number is that of the rows the last file was fitted to
    told = scores(work, known)["model_best_REALLY.pkl"]
    found = scores(work, new)
    found = {name: found[name] for name in files}
    ax = plt.figure(figsize=(7, 3)).subplots()
    ax.barh(list(found), list(found.values()), color=BLUE, height=0.55)
    for place, score in enumerate(found.values()):
        ax.annotate(
            f"${score:.2f}",
            (score, place),
            xytext=(-6, 0),
            ha="right",
            va="center",
            color="white",
            weight="bold",
            textcoords="offset points",
        )
    ax.axvline(told, color=ORANGE, linewidth=2.5, linestyle="--")
    ax.annotate(
        f"the mail:\n${told:.2f}",
        (told, 1.03),
        xycoords=("data", "axes fraction"),
        ha="center",
        color=ORANGE,
        weight="bold",
    )
    ax.invert_yaxis()
    ax.set(xlabel="mean absolute error on new rows ($ per night)")
    ax.grid(axis="y", visible=False)
    each = ", ".join(f"{name} ${score:.2f}" for name, score in found.items())
    show(
        ax,
        alt=f"Bars with the mean absolute error of three model files on new rows: {each}. A "
        f"dashed line marks the number of the mail, ${told:.2f}, which none of them reaches.",
        caption=f"The mail says ${told:.2f}. The best of the three files is off by "
        f"${min(found.values()):.2f}.",
    )


def scores(work, rows):
    """The mean absolute error of each old file on these rows, in dollars."""
    there = rows.select(*NUMBERS, "price").toPandas()
    found = {}
    for path in (Path(work) / "old_models").iterdir():
        model = pickle.loads(path.read_bytes())
        found[path.name] = float(np.mean(np.abs(there["price"] - model.predict(there[NUMBERS]))))
    return found


# ---- pictures ------------------------------------------------------------------------------------


def tree_by_tree(history):
    """The error after each tree on known and on new rows: the figure, and its alternative text.

    Args:
        history: for each metric's name, its values in the order of the steps.
    """
    figure = plt.figure(figsize=(7, 3.8))
    ax = figure.subplots()
    for (name, values), style, color in zip(
        history.items(), ("o-", "o--"), (BLUE, ORANGE), strict=True
    ):
        ax.plot(range(1, len(values) + 1), values, style, color=color, markersize=3, label=name)
    new = history["validation_mae"]
    best = int(np.argmin(new))
    ax.plot(best + 1, new[best], "o", color="black", markersize=9, fillstyle="none")
    ax.annotate(
        f"best: {best + 1} trees, ${new[best]:.2f}",
        (best + 1, new[best]),
        xytext=(8, 14),
        textcoords="offset points",
        weight="bold",
    )
    ax.set(
        title="After a few trees, only the known rows gain",
        xlabel="trees (the step of the metric)",
        ylabel="mean absolute error ($)",
    )
    ax.legend()
    known = history["train_mae"]
    alt = (
        f"Mean absolute error over the number of trees, from 1 to {len(new)}. On the rows that the "
        f"model knows it falls from ${known[0]:.0f} to ${known[-1]:.0f}; on new rows it is lowest "
        f"with {best + 1} trees, ${new[best]:.2f}, and ${new[-1]:.2f} at the end."
    )
    return figure, alt


def hundred(runs):
    """Every run of the sweep as a dot: its error on known rows, and on new ones."""
    ax = plt.figure(figsize=(7, 4.6)).subplots()
    known, new = runs["metrics.train_mae"], runs["metrics.validation_mae"]
    for family, marker, color in (("ridge", "s", GREEN), ("tree", "o", BLUE)):
        mine = runs["params.family"] == family
        ax.plot(
            known[mine],
            new[mine],
            marker,
            color=color,
            alpha=0.7,
            markersize=6,
            label=f"{family} ({mine.sum()} runs)",
        )
    best, learned = new.idxmin(), known.idxmin()
    for run, words, aside in (
        (best, "best on new rows", (-14, -18)),
        (learned, "best on known rows", (14, -4)),
    ):
        ax.plot(known[run], new[run], "o", color=ORANGE, markersize=14, fillstyle="none")
        ax.annotate(
            words,
            (known[run], new[run]),
            xytext=aside,
            textcoords="offset points",
            ha="right" if aside[0] < 0 else "left",
            weight="bold",
            color=ORANGE,
        )
    height = new.max() - new.min()
    ax.set(
        title="A hundred runs, each a dot",
        xlabel="train_mae ($, rows that the model knows)",
        ylabel="validation_mae ($, new rows)",
        ylim=(new.min() - 0.25 * height, None),
    )
    ax.legend(loc="upper right")
    show(
        ax,
        alt=f"Scatter plot of {len(runs)} runs: error on new rows over error on known rows. "
        f"The run with the lowest error on known rows, ${known[learned]:.2f}, has "
        f"${new[learned]:.2f} on new ones; the best on new rows has ${new[best]:.2f}.",
        caption=f"The run that knows its rows best is off by ${known[learned]:.2f} there, and by "
        f"${new[learned]:.2f} on new rows. The best run on new rows is off by ${new[best]:.2f} "
        f"there, and by ${known[best]:.2f} on the rows it knows.",
    )


def by_depth(runs):
    """The error of the trees on all columns over their depth, with small leaves and with large."""
    trees = runs[(runs["params.family"] == "tree") & (runs["params.columns"] == "all")]
    depth = trees["params.max_depth"].astype(int)
    leaf = trees["params.min_samples_leaf"].astype(int)
    axes = plt.figure(figsize=(9, 3.8)).subplots(1, 2, sharey=True)
    told = []
    for ax, size in zip(axes, (leaf.min(), leaf.max()), strict=True):
        mine = trees[leaf == size].assign(depth=depth).sort_values("depth")
        ends = []
        for name, style, color in (("train_mae", "o-", BLUE), ("validation_mae", "o--", ORANGE)):
            errors = mine[f"metrics.{name}"]
            ax.plot(mine["depth"], errors, style, color=color, label=name)
            ends.append(f"${errors.iloc[-1]:.2f}")
        smallest = "1 listing" if size == 1 else f"{size} listings"
        ax.set(
            title=f"Leaves of {smallest} or more",
            xlabel="max_depth (questions)",
            xticks=mine["depth"],
        )
        told.append(
            f"with leaves of {smallest} or more, the deepest tree is off by {ends[0]} on the rows "
            f"it knows and by {ends[1]} on new rows"
        )
    axes[0].set_ylabel("mean absolute error ($)")
    axes[0].legend(loc="lower left")
    words = "; ".join(told)
    words = words[0].upper() + words[1:] + "."
    show(axes[0], alt=f"Error over the depth of the tree, two panels. {words}", caption=words)


def page(name):
    """A picture of one of MLflow's pages; tests/browser/test_mlflow_pages.py makes it."""
    picture = (paths.ROOT / "docs" / "images" / f"mlflow_{name}.png").read_bytes()
    source = "data:image/png;base64," + base64.b64encode(picture).decode("ascii")
    alt = PAGES[name]
    html = (
        f'<figure style="margin:0"><img alt="{escape(alt)}" width="760" '
        f'style="max-width:100%;height:auto;border:1px solid #ccc" src="{source}"></figure>'
    )
    display({"text/html": html, "text/plain": f"Picture: {alt}"}, raw=True)


# ---- an empty environment ------------------------------------------------------------------------


def empty_environment(requirements, place):
    """Build an environment with a model's packages, from uv's cache on this machine alone.

    The cache holds the packages that set-up installed, but not the index in which `uv pip install
    -r requirements.txt` would look them up. The course's own lock file says which files they are.

    Args:
        requirements: the model's requirements.txt, every line of the form name==version.
        place: folder to make the environment in.

    Returns:
        Its Python, and one line on what was done; None and the reason where it cannot be done.
    """
    try:
        return _build(Path(requirements), Path(place))
    except ImportError:
        return None, "Not rebuilt: uv is not installed here, so there is no cache to build from."
    except (CourseError, OSError, subprocess.CalledProcessError) as error:
        lines = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
        said = [line for line in lines if line.startswith("error")] or lines or ["no reason given"]
        return None, f"Not rebuilt: {said[0]}"


def _build(requirements, place):
    import uv

    program = uv.find_uv_bin()
    lock = _locked(program, dict(line.split("==") for line in requirements.read_text().split()))
    place.mkdir()
    (place / "pylock.toml").write_text(lock)
    home = place / "environment"
    _run(program, "venv", "--offline", "--python", sys.executable, str(home))
    python = home / "bin" / "python"
    _run(
        *(program, "pip", "install", "--offline", "--preview-features", "pylock"),
        *("--python", str(python), "-r", str(place / "pylock.toml")),
    )
    installed = _run(program, "pip", "list", "--offline", "--python", str(python), "--format=json")
    count = installed.count('"name"')
    return python, f"{count} packages in an empty environment, without the network"


def _locked(program, wanted):
    """The part of the course's lock file that these packages need, as text of a pylock.toml."""
    packages: dict[str, list] = {}
    for entry in tomllib.loads((paths.ROOT / "uv.lock").read_text())["package"]:
        packages.setdefault(entry["name"], []).append(entry)
    for name, version in wanted.items():
        there = [entry["version"] for entry in packages.get(name, ())]
        if version not in there:
            raise CourseError(f"the course has {name} {', '.join(there) or 'not at all'}.")
    needed, waiting = set(), list(wanted)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            for entry in packages[name]:
                waiting += [each["name"] for each in entry.get("dependencies", ())]
    exported = _run(
        *(program, "export", "--offline", "--frozen", "--project", str(paths.ROOT)),
        *("--no-emit-project", "--format", "pylock.toml"),
    )
    head, *blocks = exported.split("[[packages]]\n")
    kept = [block for block in blocks if re.findall('name = "(.+?)"', block)[0] in needed]
    return "[[packages]]\n".join([head, *kept])


def _run(*command):
    # A notebook asks programs for colors, which have no place in a file
    command = (*command, "--color", "never")
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
