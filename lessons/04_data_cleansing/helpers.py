"""The pictures of lesson 04, each with its words, and the choice of its file."""

import matplotlib.pyplot as plt
import numpy as np

from course_utils import get_truth, locate, show
from course_utils.errors import CourseError

GRAY = "#B0B0B0"
UNITS = {
    "price": "$ per night",
    "latitude": "degrees",
    "longitude": "degrees",
    "accommodates": "guests",
    "minimum_nights": "nights",
    "number_of_reviews": "reviews",
    "review_scores_rating": "points of 100",
}


def raw_file(name):
    """Path of the raw file in use; the generated one where a learner's own is cleaned already."""
    try:
        path = locate(name)
        whose = "the generated" if get_truth(name) else "your own"
    except CourseError as reason:
        print(reason)
        path, whose = locate(name, generated=True), "the generated"
    print(f"Reading {whose} raw file.")
    return path


def filled(readings):
    """In which share of the rows each column of a file has a value: {reading: {column: share}}."""
    columns = list(next(iter(readings.values())))
    place = np.arange(1, len(columns) + 1)
    ax = plt.figure(figsize=(8, 4)).subplots()
    for (name, shares), color, style in zip(
        readings.items(), ("C0", "C1"), ("-", "--"), strict=False
    ):
        heights = [shares[column] for column in columns]
        ax.step(place, heights, where="mid", color=color, linestyle=style, label=name)
    named = [column for column in ("id", "summary", "price", columns[-1]) if column in columns]
    ax.set_xticks([columns.index(column) + 1 for column in named], named)
    ax.get_xticklabels()[-1].set_horizontalalignment("right")  # a long name, at the edge
    ax.set(
        xlabel=f"the {len(columns)} columns, in the order of the file",
        ylabel="share of rows with a value",
        title="How full each column is",
        ylim=(0, 1.05),
    )
    ax.legend(loc="lower left")
    told = "; ".join(
        f"{name}: {shares[columns[0]]:.0%} of the rows have a value in {columns[0]}, "
        f"{shares[columns[-1]]:.0%} in {columns[-1]}"
        for name, shares in readings.items()
    )
    show(ax, alt=f"Share of rows with a value, column by column. {told}.", caption=f"{told}.")


def histograms(rows, gaps):
    """A histogram of each numeric column; whole numbers get a bar each, long tails are cut."""
    axes = plt.figure(figsize=(10, 8)).subplots(3, 3)
    told = []
    for ax, name in zip(axes.flat, rows.columns, strict=True):
        values = rows[name].dropna()
        low, high = values.quantile([0.01, 0.99])
        shown = values[values.between(low, high)]
        whole = (shown == shown.round()).all() and high - low <= 40
        bins = list(np.arange(low - 0.5, high + 1)) if whole else 30
        ax.hist(shown, bins=bins, edgecolor="white", linewidth=0.3)
        ax.set_title(f"{name}\nskewness {values.skew():.1f}, {gaps[name]:,} missing", fontsize=9.5)
        ax.ticklabel_format(useOffset=False, style="plain")
        ax.locator_params(axis="x", nbins=5, integer=whole)
        ax.set_xlabel(UNITS.get(name, name), fontsize=9.5)
        told.append(f"{name} {values.skew():.1f}")
    axes[1, 0].set_ylabel("training rows")
    show(
        axes[0, 0],
        alt=f"Nine histograms of numeric columns. Skewness: {', '.join(told)}.",
        caption="The middle 98 % of each column; skewness and missing values are those of all "
        "training rows drawn.",
    )


def fences(prices, limits):
    """Prices on a log axis, and where each rule puts its fences: {scale: table of limits}."""
    axes = plt.figure(figsize=(9, 6)).subplots(len(limits), 1, sharex=True)
    bins = list(np.geomspace(prices.min(), prices.max(), 60))
    told, shares = [], []
    for ax, (scale, table) in zip(axes, limits.items(), strict=True):
        ax.hist(prices, bins=bins, color=GRAY)
        for rule, color, style in (("3 sd", "C1", "--"), ("IQR", "C0", "-")):
            low, high = table[rule]
            for place in (low, high):
                if place > 0:  # a logarithmic axis has no place for the others
                    ax.axvline(place, color=color, linestyle=style)
            ax.plot([], [], color=color, linestyle=style, label=rule)
            outside = (~prices.between(low, high)).mean()
            told.append(f"{rule} learned from {scale}: ${low:,.0f} to ${high:,.0f}")
            shares.append(f"{outside:.1%} ({rule} learned from {scale})")
        ax.set(title=f"Learned from {scale}", ylabel="training rows", xscale="log")
        ax.legend(loc="upper right")
    axes[-1].set_xlabel("price ($ per night, log scale)")
    show(
        axes[0],
        alt="Two histograms of the price on a logarithmic axis with fences as vertical lines. "
        f"The fences: {'; '.join(told)}.",
        caption=f"Outside the fences: {'; '.join(shares)}.",
    )


def guesses(known, named):
    """The known ratings, and three ways to name one of them: {name: value}."""
    ax = plt.figure(figsize=(7.5, 4)).subplots()
    from_here = np.floor(known.quantile(0.05))
    shown = known[known >= from_here]
    bins = list(np.arange(from_here - 0.5, known.max() + 1))
    ax.hist(shown, bins=bins, color=GRAY, edgecolor="white")
    for (name, value), style in zip(named.items(), ("-", "--", ":"), strict=True):
        ax.axvline(value, color="black", linestyle=style, label=f"{name}: {value:.4g}")
    ax.set(
        title="Three ways to name one rating",
        xlabel=f"rating (below {from_here:.0f} not shown)",
        ylabel="training rows",
    )
    ax.legend(loc="upper left")
    told = ", ".join(f"{name} {value:.4g}" for name, value in named.items())
    show(
        ax,
        alt=f"Histogram of the known ratings with three vertical lines: {told}.",
        caption=f"{(known < known.mean()).mean():.0%} of the known ratings lie below their mean.",
    )
