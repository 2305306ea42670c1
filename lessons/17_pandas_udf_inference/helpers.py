"""The pictures of lesson 17, each with its words. The lesson explains what they show."""

import json
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from course_utils import show

BLUE, ORANGE, GREEN = "C0", "C1", "C2"
BENCH = Path(__file__).with_name("bench.json")


def race(times, alone, n):
    """Rows per second of each way, with the range of its runs, beside scikit-learn alone.

    Args:
        times: name -> (rows, Timing); ways that were run on fewer than n rows are scaled.
        alone: Timing of scikit-learn for n rows.
        n: rows of the whole job.
    """
    ax = plt.figure(figsize=(7, 4.2)).subplots()
    limit = n / alone.median
    names = list(times)[::-1]
    for place, name in enumerate(names):
        rows, timing = times[name]
        middle, low, high = (rows / s for s in (timing.median, timing.maximum, timing.minimum))
        color, marker = (ORANGE, "s") if rows < n else (BLUE, "o")
        ax.plot([low, high], [place, place], "-", color=color, linewidth=2)
        ax.plot(middle, place, marker, color=color, markersize=8)
        ax.annotate(
            f"{middle:,.0f}",
            (low, place),
            xytext=(-9, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            color=color,
            weight="bold",
        )
    ax.axvline(limit, color="black", linestyle="--", linewidth=1.2)
    ax.annotate(
        f"scikit-learn alone\n{limit:,.0f}",
        (limit, len(names) - 1.5),
        xytext=(-8, 0),
        textcoords="offset points",
        ha="right",
        va="center",
    )
    ax.set_yticks(range(len(names)), names)
    ax.set(
        xscale="log",
        xlabel="rows per second (log scale)",
        title="One model, seven ways",
        xlim=(20, 4 * limit),
        ylim=(-0.6, len(names) - 0.2),
    )
    whole = {name: timing for name, (rows, timing) in times.items() if rows == n}
    first = min(whole, key=lambda name: whole[name].median)
    last = max(whole, key=lambda name: whole[name].median)
    rows, timing = times["row UDF"]
    factor = timing.median / rows / (whole[first].median / n)
    show(
        ax,
        alt=f"Dot plot of rows per second, on a logarithmic axis. The two row UDFs manage about "
        f"{rows / timing.median:,.0f}; the five ways with batches lie close together near "
        f"{n / whole[first].median:,.0f}, and scikit-learn alone at {limit:,.0f}.",
        caption=f"The fastest way here is {first} with {n / whole[first].median:,.0f} rows per "
        f"second, {factor:,.0f} times the row UDF and {whole[first].median / alone.median:.2f} "
        f"times the time of scikit-learn alone; the slowest with batches is {last} with "
        f"{n / whole[last].median:,.0f}. Lines show the range of the runs. The row UDFs (squares) "
        "ran on 100 rows.",
    )


def batch_sizes(curve, n):
    """Rows per second over the size of an Arrow batch.

    Args:
        curve: rows in a batch -> Timing.
        n: rows that each run scored.
    """
    ax = plt.figure().subplots()
    sizes = list(curve)
    middle = [n / curve[size].median for size in sizes]
    low = [m - n / curve[size].maximum for m, size in zip(middle, sizes, strict=True)]
    high = [n / curve[size].minimum - m for m, size in zip(middle, sizes, strict=True)]
    ax.errorbar(sizes, middle, [low, high], fmt="o-", capsize=4)
    for size, value in zip(sizes, middle, strict=True):
        ax.annotate(
            f"{value:,.0f}",
            (size, value),
            xytext=(9, -14),
            textcoords="offset points",
            weight="bold",
        )
    default = 10_000
    ax.axvline(default, color="black", linestyle=":", linewidth=1)
    ax.annotate(
        "default",
        (default, 0),
        xytext=(9, 6),
        textcoords="offset points",
    )
    ax.set(
        xscale="log",
        xlabel="rows in an Arrow batch (log scale)",
        ylabel="rows per second",
        title="Larger batches, fewer calls",
        ylim=(0, None),
    )
    ax.set_xticks(sizes, [f"{size:,}" for size in sizes])
    ax.minorticks_off()
    ax.yaxis.set_major_formatter("{x:,.0f}")
    ax.margins(x=0.16)
    small, best = sizes[0], max(curve, key=lambda size: n / curve[size].median)
    by_default = n / curve[default].median
    show(
        ax,
        alt=f"Rows per second over the rows in a batch, from {middle[0]:,.0f} with {small} rows to "
        f"{by_default:,.0f} with the default of 10,000, and flat above.",
        caption=f"With {small} rows in a batch there are {middle[0]:,.0f} rows per second, with "
        f"10,000 {by_default:,.0f}: {by_default / middle[0]:.1f} times as many. The fastest size "
        f"here was {best:,}.",
    )


def bench():
    """Seconds of scikit-learn alone and of Spark for two forests, as `bench.py` measured them."""
    stored = json.loads(BENCH.read_text(encoding="utf-8"))
    forests = stored["forests"]
    ax = plt.figure(figsize=(7, 2.8)).subplots()
    places = np.arange(len(forests))
    for name, color, off in (("scikit-learn", BLUE, -0.19), ("Spark", ORANGE, 0.19)):
        middle = [np.median(forest[name]) for forest in forests]
        bars = ax.barh(places + off, middle, 0.36, color=color, label=name)
        ax.bar_label(bars, [f"{name} {seconds:.2f} s" for seconds in middle], padding=4)
    ax.set_yticks(places, [f"{forest['trees']} trees" for forest in forests])
    ax.invert_yaxis()
    ax.margins(x=0.2)
    ax.grid(axis="y", visible=False)
    ax.set(title=f"{stored['rows']:,} rows on {stored['cores']} cores", xlabel="seconds")
    told = " and ".join(
        f"{np.median(forest['Spark']) / np.median(forest['scikit-learn']):.2f} times for "
        f"{forest['trees']} trees"
        for forest in forests
    )
    show(
        ax,
        alt=f"Bars of seconds for scikit-learn alone and for Spark. Spark takes {told}.",
        caption=f"Spark takes {told} as long as scikit-learn alone. Medians of "
        f"{len(forests[0]['Spark'])} runs; the predictions are the same.",
    )
