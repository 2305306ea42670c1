"""The pictures of lesson 03, each with its words. The lesson explains what they show."""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.metrics import ConfusionMatrixDisplay, r2_score

from course_utils import show


def predicted(*models):
    """Predicted over true answers of new rows: one panel for each (name, true, predicted)."""
    width = 4.8 * len(models)
    axes = plt.figure(figsize=(width, 4.4)).subplots(1, len(models), squeeze=False)[0]
    scores = []
    for ax, (name, true, said) in zip(axes, models, strict=True):
        scores.append((name, r2_score(true, said)))
        ax.plot(true, said, "o", markersize=4)
        ax.axline((0, 0), slope=1, color="black", linestyle="--", linewidth=1)
        ax.set(title=f"{name}: R² = {scores[-1][1]:.2f}", xlabel="true answer", aspect="equal")
        ax.set(xlim=(-3.2, 3.2), ylim=(-3.2, 3.2))
    axes[0].set_ylabel("predicted answer")
    shapes = ("form a cloud without direction", "rise along the diagonal")
    told = "; ".join(
        f"{name}: R² {score:.2f}, the dots {shapes[score > 0]}" for name, score in scores
    )
    show(
        axes[0],
        alt=f"Predicted over true answers of {len(models[0][1])} new rows, with the diagonal on "
        f"which a perfect model lies. {told}.",
        caption=f"{len(models[0][1])} rows that the model was not fitted to. On the dashed line "
        "a prediction is exactly right.",
    )


def groups(points):
    """A map of listings in the groups that K-means found, and their centers of mass."""
    ax = plt.figure(figsize=(6.4, 5)).subplots()
    sizes = []
    for group, marker in enumerate("os^D"):
        part = points[points["prediction"] == group]
        sizes.append(len(part))
        ax.plot(part["longitude"], part["latitude"], marker, markersize=3, label=f"group {group}")
    ax.set(
        xlabel="longitude (degrees)",
        ylabel="latitude (degrees)",
        title="Four groups, found from coordinates alone",
    )
    ax.ticklabel_format(useOffset=False)
    ax.locator_params(axis="x", nbins=5)
    ax.legend(markerscale=2)
    show(
        ax,
        alt=f"Map of {len(points):,} listings as dots in four groups with a marker each. The "
        "groups do not overlap; straight borders divide them.",
        caption=f"The largest group has {max(sizes):,} of the {len(points):,} listings drawn, the "
        f"smallest {min(sizes):,}.",
    )


def few_labels(rows, labels, known):
    """Two half moons of rows, almost all without a label."""
    ax = plt.figure(figsize=(6.4, 3.6)).subplots()
    ax.plot(*rows.T, ".", color="0.6", markersize=4, label="no label")
    for value, marker in ((0, "s"), (1, "^")):
        mine = rows[known & (labels == value)]
        ax.plot(*mine.T, marker, markersize=10, label=f"label {value}")
    ax.set(title="Ten labels, many rows", xlabel="first feature", ylabel="second feature")
    ax.legend(loc="upper right")
    count = [int((known & (labels == value)).sum()) for value in (0, 1)]
    show(
        ax,
        alt=f"{len(rows)} dots in two half moons that reach into each other. {count[0]} carry "
        f"label 0 and {count[1]} label 1; all others are gray.",
        caption=f"{len(rows)} rows. {count[0]} have label 0, {count[1]} have label 1, and "
        f"{len(rows) - sum(count)} have none.",
    )


def matrix(counts, names):
    """A confusion matrix: rows are what is true, columns what the model predicts."""
    ax = plt.figure(figsize=(5, 4)).subplots()
    shown = ConfusionMatrixDisplay(counts, display_labels=names)
    shown.plot(ax=ax, cmap="Blues", colorbar=False, text_kw={"size": 13})
    ax.grid(visible=False)
    ax.set(title="Right on the diagonal", xlabel="predicted", ylabel="true")
    show(
        ax,
        alt=f"Confusion matrix, number of listings. Of the true {names[0]}s, {counts[0, 0]} are "
        f"predicted as {names[0]} and {counts[0, 1]} as {names[1]}; of the true {names[1]}s, "
        f"{counts[1, 0]} as {names[0]} and {counts[1, 1]} as {names[1]}.",
        caption=f"{counts[0, 1]} times the model calls a listing {names[1]} that is not; "
        f"{counts[1, 0]} times it overlooks one that is.",
    )


def quartet(tables):
    """Anscombe's four tables with their fitted lines."""
    axes = plt.figure(figsize=(10, 3)).subplots(1, len(tables), sharex=True, sharey=True)
    for ax, (name, (x, y)) in zip(axes, tables.items(), strict=True):
        slope, intercept = np.polyfit(x, y, 1)
        ax.plot(x, y, "o")
        ax.axline((0, intercept), slope=slope, color="black")
        ax.set(title=name, xlabel="x", xlim=(2, 20), ylim=(2, 14))
    axes[0].set_ylabel("y")
    show(
        axes[0],
        alt="Four scatter plots with the same fitted line: a cloud around it, a smooth curve, "
        "points on a flatter line with one outlier above, and a column of points at x = 8 with "
        "one far to the right at x = 19.",
        caption="The same means, variances, correlation and line, four times.",
    )
