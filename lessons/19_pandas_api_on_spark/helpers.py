"""What lesson 19 shows and counts. The lesson explains what is to be seen."""

import contextlib
import inspect
import io
from uuid import uuid4

import matplotlib.pyplot as plt
import numpy as np
from pandas.core.groupby import DataFrameGroupBy, SeriesGroupBy

from course_utils import show

BLUE, ORANGE, GREEN, GRAY = "C0", "C1", "C2", "0.75"


def first_look(rows):
    """Dollars per guest for each type of room, as boxes."""
    groups = rows.groupby("room_type")["each"]
    names = list(groups.median().sort_values().index)
    ax = plt.figure(figsize=(7, 3.2)).subplots()
    ax.boxplot(
        [groups.get_group(name) for name in names],
        orientation="horizontal",
        tick_labels=[f"{name}\n({len(groups.get_group(name)):,})" for name in names],
        widths=0.6,
        flierprops={"marker": ".", "markersize": 3, "alpha": 0.4},
        medianprops={"color": ORANGE, "linewidth": 2.5},
    )
    ax.set(
        xscale="log",
        xlabel="dollars a night for each guest (log scale)",
        title="Petra's picture: what a night costs per guest",
    )
    ax.set_xticks([5, 10, 20, 50, 100, 200, 500], ["5", "10", "20", "50", "100", "200", "500"])
    ax.minorticks_off()
    said = ", ".join(f"${groups.median()[name]:.0f} ({name})" for name in reversed(names))
    show(
        ax,
        alt=f"Box plots of dollars a night for each guest on a logarithmic axis, one for each type "
        f"of room. The medians are {said}.",
        caption=f"The medians of the {len(rows):,} listings: {said}.",
    )


def tallest(ax):
    """What the tallest bar of a histogram of dollars says."""
    bar = max(ax.patches, key=lambda bar: bar.get_height())
    low, high = bar.get_x(), bar.get_x() + bar.get_width()
    return (
        f"{bar.get_height():,.0f} listings cost ${low:.0f} to ${high:.0f} a night for each guest, "
        "more than in any other bar."
    )


def scatter_says(rows, drawn):
    """How many of the listings in the picture and in the table have more than two guests."""
    seen, there = (sizes > 2 for sizes in (drawn[:, 0], rows["accommodates"]))
    return (
        f"In the picture {seen.mean():.0%} of the places take more than two guests; in the table "
        f"it is {there.mean():.0%}."
    )


def plan(frame):
    """Prints the operators of a pandas-on-Spark frame's plan, without columns and numbers."""
    with contextlib.redirect_stdout(io.StringIO()) as text:
        frame.spark.explain(mode="formatted")
    tree = text.getvalue().split("== Physical Plan ==\n")[1].split("\n\n")[0]
    for line in tree.splitlines():
        print(line.rsplit(" (", 1)[0].replace("* ", ""))


def jobs(spark, action):
    """How many Spark jobs run while `action()` does."""
    context, group = spark.sparkContext, uuid4().hex
    context.setJobGroup(group, "counted")
    action()
    context._jsc.sc().listenerBus().waitUntilEmpty()  # Spark's records come with a delay
    return len(context.statusTracker().getJobIdsForGroup(group))


def lost(ours, theirs):
    """The parameters of a function that another one does not have, in order."""
    return sorted(_parameters(ours) - _parameters(theirs))


def _parameters(function):
    try:
        return set(inspect.signature(function).parameters) - {"args", "kwargs"}
    except (TypeError, ValueError):
        return set()  # a property, or one that hides what it takes


def pairs(pd, ps):
    """Classes of pandas beside those of the pandas API on Spark, and the functions of both."""
    from pyspark.pandas import groupby

    class Functions:
        """The functions of a library as attributes, without its classes and modules."""

    for name in dir(pd):
        value = getattr(pd, name)
        if callable(value) and not isinstance(value, type):
            setattr(Functions, name, staticmethod(value))
    return {
        "DataFrame": (pd.DataFrame, ps.DataFrame),
        "Series": (pd.Series, ps.Series),
        "Index": (pd.Index, ps.Index),
        "DataFrameGroupBy": (DataFrameGroupBy, groupby.DataFrameGroupBy),
        "SeriesGroupBy": (SeriesGroupBy, groupby.SeriesGroupBy),
        "functions of pd": (Functions, ps),
    }


def coverage(found):
    """How much of each class is there."""
    names = list(found)[::-1]
    total = np.array([found[name]["pandas"] for name in names])
    parts = {
        "same parameters": np.array([found[name]["same"] for name in names]),
        "fewer parameters": np.array([len(found[name]["fewer"]) for name in names]),
        "missing": np.array([len(found[name]["missing"]) for name in names]),
    }
    ax = plt.figure(figsize=(7, 3.6)).subplots()
    left = np.zeros(len(names))
    for (label, counts), color, hatch in zip(
        parts.items(), (BLUE, "C4", ORANGE), ("", "//", "xx"), strict=True
    ):
        share = 100 * counts / total
        ax.barh(names, share, left=left, color=color, hatch=hatch, edgecolor="white", label=label)
        for y, (start, width, count) in enumerate(zip(left, share, counts, strict=True)):
            if width > 5:
                ax.text(
                    start + width / 2,
                    y,
                    str(count),
                    ha="center",
                    va="center",
                    weight="bold",
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.2, "alpha": 0.85},
                )
        left = left + share
    ax.set(xlabel="share of the names of pandas (%)", xlim=(0, 100))
    ax.set_title("How much of pandas is there", pad=26)
    ax.legend(ncols=3, loc="lower left", bbox_to_anchor=(0, 0.99))
    ax.grid(axis="y", visible=False)
    most = max(found, key=lambda name: len(found[name]["missing"]) / found[name]["pandas"])
    frame = found["DataFrame"]
    there = 1 - len(frame["missing"]) / frame["pandas"]
    worst = len(found[most]["missing"]) / found[most]["pandas"]
    show(
        ax,
        alt=f"Stacked bars for {len(found)} groups of names of pandas: there, there with fewer "
        f"parameters, missing. Of DataFrame {there:.0%} are there; of {most} {worst:.0%} are "
        "missing.",
        caption=f"{there:.0%} of the names of a DataFrame are there, {len(frame['fewer'])} of them "
        f"with fewer parameters. The largest share is missing among {most}: {worst:.0%}.",
    )


def traps(times):
    """Seconds of each trap (first) and of its cure (second)."""
    ax = plt.figure(figsize=(7, 3.2)).subplots()
    for place, (trap, cure) in enumerate(times.values()):
        for offset, timing, color, hatch in ((0.2, trap, ORANGE, "//"), (-0.2, cure, BLUE, "")):
            y = len(times) - 1 - place + offset
            ax.barh(y, timing.median, height=0.36, color=color, hatch=hatch, edgecolor="white")
            ax.annotate(
                f"{timing.median:.2f} s",
                (timing.median, y),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
            )
    ax.set_yticks(range(len(times) - 1, -1, -1), list(times))
    bars = ax.containers
    ax.set_title("Traps and cures", pad=26)
    ax.legend(bars[:2], ["trap", "cure"], ncols=2, loc="lower left", bbox_to_anchor=(0, 0.99))
    longest = max(trap.median for trap, _ in times.values())
    ax.set(xlabel="seconds (median of three)", xlim=(0, 1.18 * longest))
    ax.grid(axis="y", visible=False)
    factors = {name: trap.median / cure.median for name, (trap, cure) in times.items()}
    said = ", ".join(f"{factor:.1f} times ({name})" for name, factor in factors.items())
    show(
        ax,
        alt=f"Pairs of bars in seconds, a trap and its cure. The trap takes {said} as long.",
        caption=f"Each trap takes as many times as long as its cure: {said}.",
    )


def race(times):
    """Seconds over rows for each library, and where they meet."""
    ax = plt.figure().subplots()
    names = list(dict.fromkeys(name for name, _ in times))
    sizes = sorted({n for _, n in times})
    for name, style in zip(names, ("o-", "s--", "^:"), strict=True):
        mine = [times[name, n] for n in sizes]
        middle = np.array([timing.median for timing in mine])
        low = middle - [timing.minimum for timing in mine]
        high = np.array([timing.maximum for timing in mine]) - middle
        ax.errorbar(sizes, middle, [low, high], fmt=style, capsize=4, label=name)
    ax.set(
        xscale="log",
        yscale="log",
        title="One notebook, three libraries (median and range)",
        xlabel="rows (log scale)",
        ylabel="seconds (log scale)",
    )
    ax.set_xticks(sizes, [f"{n:,}" for n in sizes])
    ax.minorticks_off()
    ax.legend()
    said = " ".join(_crossing(times, sizes, name) for name in names[1:])
    show(
        ax,
        alt=f"Seconds over rows on logarithmic axes for {', '.join(names)}. {said}",
        caption=said,
    )


def _crossing(times, sizes, name):
    """From how many rows on `name` is faster than pandas, as a sentence."""
    gap = {n: np.log(times[name, n].median / times["pandas", n].median) for n in sizes}
    slower = [n for n in sizes if gap[n] > 0]
    if not slower:
        return f"{name} is faster than pandas at every size measured."
    if slower[-1] == sizes[-1]:
        return (
            f"Up to {sizes[-1]:,} rows there is no crossover for {name}: with {sizes[0]:,} rows it "
            f"takes {np.exp(gap[sizes[0]]):,.0f} times as long as pandas, with {sizes[-1]:,} "
            f"{np.exp(gap[sizes[-1]]):.1f} times.{_further(times, sizes, name)}"
        )
    low, high = slower[-1], sizes[sizes.index(slower[-1]) + 1]
    where = low * (high / low) ** (gap[low] / (gap[low] - gap[high]))
    return (
        f"{name} overtakes pandas at about {float(f'{where:.2g}'):,.0f} rows; with {sizes[-1]:,} "
        f"it takes {np.exp(gap[sizes[-1]]):.2f} times as long."
    )


def _further(times, sizes, name):
    """Where the lines would meet if they went on as between the two largest sizes."""
    low, high = sizes[-2:]
    behind = times[name, high].median - times["pandas", high].median
    mine, theirs = (
        (times[who, high].median - times[who, low].median) / (high - low)
        for who in (name, "pandas")
    )
    each = f" Each further row costs it {1e9 * mine:.0f} ns and pandas {1e9 * theirs:.0f} ns"
    if mine >= theirs:
        return f"{each}, so that the lines would not meet."
    where = float(f"{high + behind / (theirs - mine):.1g}")
    return f"{each}; at this rate the lines would meet at about {where:,.0f} rows."
