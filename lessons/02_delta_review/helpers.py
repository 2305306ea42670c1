"""The pictures of lesson 02, each with its words, and what its two writers need to meet."""

import json
import re
import threading
import time
from pathlib import Path

import matplotlib.pyplot as plt
from pyspark.sql import functions as F

from course_utils import show

BLUE, ORANGE, GRAY = "#0072B2", "#E69F00", "#767676"


def attempt(action, *given):
    """Do it, and return "done", or the kind of the error and its reason."""
    try:
        action(*given)
    except Exception as error:
        return f"{type(error).__name__}: {_reason(str(error))}"
    return "done"


def _reason(text):
    """The last name in brackets, with what comes after it if that is only a few words."""
    found = re.findall(r"(\[[A-Z_.]+\])([^.:\n]*?)(?=[.:\n]| SQLSTATE| file:|$)", text)
    if not found:
        return text.splitlines()[0]
    name, words = found[-1]
    return name + (words if len(words) <= 20 else "")


def folder(table):
    """The Parquet files of a table's folder, oldest first, and which of them no commit names."""
    commits = [_actions(path) for path in table.glob("_delta_log/*.json")]
    named = {action["path"] for commit in commits for kind, action in commit if kind == "add"}
    files = sorted(table.glob("*.parquet"), key=lambda file: (file.stat().st_mtime_ns, file.name))
    sizes = [file.stat().st_size / 1000 for file in files]
    orphans = [file.name not in named for file in files]
    fig, ax = plt.subplots(figsize=(8, 3.6))
    bars = ax.bar(range(1, len(files) + 1), sizes, color=BLUE, edgecolor="white", linewidth=0)
    for bar, orphan in zip(bars, orphans, strict=True):
        if orphan:
            bar.set(facecolor=ORANGE, hatch="///")
    ax.bar(0, 0, color=BLUE, label="named by the log")
    ax.bar(0, 0, color=ORANGE, hatch="///", edgecolor="white", label="orphan: in no commit")
    lost = sum(size for size, orphan in zip(sizes, orphans, strict=True) if orphan)
    found = f"{sum(orphans)} of {len(files)} files are orphans"
    ax.set(title=found, xlabel="file, in the order of writing", ylabel="size (kB)")
    ax.set_xlim(0.2, len(files) + 0.8)
    ax.grid(axis="x", visible=False)
    fig.legend(loc="outside lower center", ncols=2)
    said = f"{found}. They take {lost:,.0f} of the {sum(sizes):,.0f} kB in the folder."
    show(
        fig,
        alt="A bar for the size of each Parquet file in the folder, in the order of writing. First "
        f"come those that the log names, then, hatched, those of the failed job. {said}",
        caption=said,
    )


def boxes(layouts, query):
    """The area that each file covers, and the query: {title: the actions of a commit}."""
    south, north, west, east = query
    fig, axes = plt.subplots(1, len(layouts), figsize=(10, 4.6), sharex=True, sharey=True)
    told = []
    for ax, (title, actions) in zip(axes, layouts.items(), strict=True):
        areas = [json.loads(action["stats"]) for kind, action in actions if kind == "add"]
        opened = 0
        for stats in areas:
            low, high = (
                [stats[end][column] for column in ("latitude", "longitude")]
                for end in ("minValues", "maxValues")
            )
            touches = low[0] <= north and high[0] >= south and low[1] <= east and high[1] >= west
            opened += touches
            box = plt.Rectangle((low[1], low[0]), high[1] - low[1], high[0] - low[0], fill=False)
            box.set(edgecolor=BLUE if touches else GRAY, linestyle="-" if touches else ":")
            box.set_linewidth(1.6 if touches else 1)
            ax.add_patch(box)
        corner = plt.Rectangle((west, south), east - west, north - south)
        corner.set(color=ORANGE, alpha=0.8, label="the query")
        ax.add_patch(corner)
        ax.plot([], [], color=BLUE, label="a file to open")
        ax.plot([], [], color=GRAY, linestyle=":", label="a file to skip")
        ax.autoscale_view()
        ax.ticklabel_format(useOffset=False)
        ax.locator_params(nbins=4)
        told.append(f"{title}: {opened} of {len(areas)} files to open")
        ax.set(title=told[-1], xlabel="longitude (degrees)")
    axes[0].set_ylabel("latitude (degrees)")
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    show(
        fig,
        alt="Two maps of the city. Each outline is the area that one file covers, and a filled "
        f"box is the query. {'; '.join(told)}. Before, the outlines lie over each other and cover "
        "everything; afterwards they overlap far less.",
        caption=f"{'; '.join(told)}.",
    )


def lives(table):
    """In which versions each data file belongs to the table, and whether it is still on disk."""
    commits = [_actions(path) for path in sorted(table.glob("_delta_log/*.json"))]
    spans: dict[str, list[list[int]]] = {}
    for version, actions in enumerate(commits):
        for kind, action in actions:
            if kind == "add":
                spans.setdefault(action["path"], []).append([version, len(commits)])
            elif kind == "remove":
                spans[action["path"]][-1][1] = version
    names = [dict(actions)["commitInfo"]["operation"].title() for actions in commits]
    fig, ax = plt.subplots(figsize=(10, 4.8))
    for row, (path, each) in enumerate(spans.items()):
        color, width = (BLUE, 4) if (table / path).exists() else (GRAY, 1)
        for start, end in each:
            ax.plot([start - 0.4, end - 0.6], [row, row], "-", color=color, linewidth=width)
    ax.plot([], [], color=BLUE, linewidth=4, linestyle="-", label="on disk")
    ax.plot([], [], color=GRAY, linewidth=1, linestyle="-", label="deleted by VACUUM")
    ticks = [f"{version}\n{name.replace(' ', chr(10))}" for version, name in enumerate(names)]
    ax.set_xticks(range(len(commits)), ticks, fontsize=8.5)
    left = sum((table / path).exists() for path in spans)
    ax.set(
        title="The life of each data file",
        xlabel="version, and the operation that made it",
        ylabel="data file, oldest at 0",
    )
    ax.legend(loc="lower right")
    readable = [
        version
        for version in range(len(commits))
        if all(
            (table / path).exists()
            for path, each in spans.items()
            if any(start <= version < end for start, end in each)
        )
    ]
    show(
        fig,
        alt="Time line with a row for each data file, and versions from left to right. A line "
        "runs over the versions that a file belongs to: thin if VACUUM has deleted the file, "
        f"thick if it is on disk. {left} of {len(spans)} are.",
        caption=f"{len(spans)} data files were committed in {len(commits)} versions, and {left} "
        f"are on disk. The oldest version that can still be read is {min(readable)}.",
    )


def slow_raise(work):
    """A function for an update: 10 percent more, but not before the other writer has committed."""
    reading, committed = _signs(work)

    @F.udf("double")
    def ten_percent_more(price):
        reading.touch()
        while not committed.exists():
            time.sleep(0.05)
        return price * 1.1

    return ten_percent_more


def at_once(work, first, second):
    """Start `first`, run `second` while it is at work, and return what `first` returns."""
    reading, committed = _signs(work)
    outcome = []
    thread = threading.Thread(target=lambda: outcome.append(first()))
    thread.start()
    while thread.is_alive() and not reading.exists():
        time.sleep(0.05)
    try:
        second()
    finally:
        committed.touch()
    thread.join()
    return outcome[0]


def _signs(work):
    return Path(work) / "a_is_reading", Path(work) / "b_has_committed"


def _actions(commit):
    return [item for line in commit.read_text().splitlines() for item in json.loads(line).items()]
