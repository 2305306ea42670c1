"""The pictures of lesson 13, each with its words, and what the lesson uses without teaching it."""

import logging
import warnings

import matplotlib.pyplot as plt
import numpy as np
from pyspark.sql import functions as F
from sklearn.preprocessing import StandardScaler

from course_utils import show

BLUE, ORANGE = "C0", "C1"
COLUMNS = [
    *("accommodates", "bedrooms", "bathrooms", "beds", "minimum_nights", "number_of_reviews"),
    *("review_scores_rating", "latitude", "longitude"),
]
FIT, JUDGE = 250, 400  # rows
STYLES = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)))


def numbers(train, test):
    """Scaled features and log(price) of some training rows, of others to judge by, and of test."""
    shuffled = train.orderBy(F.hash("latitude", "longitude")).limit(FIT + JUDGE)
    some, last = (rows.select(*COLUMNS, F.log("price")).toPandas() for rows in (shuffled, test))
    scaler = StandardScaler().fit(some[COLUMNS][:FIT].to_numpy())
    parts = []
    for rows in (some[:FIT], some[FIT:], last):
        table = rows.to_numpy()
        parts.append((scaler.transform(table[:, :-1]), table[:, -1]))
    return parts


def one_knob(exponents, errors):
    """The error over one hyperparameter."""
    ax = plt.figure().subplots()
    ax.plot(10.0**exponents, errors, "o-")
    best = int(np.argmin(errors))
    ax.plot(10.0 ** exponents[best], errors[best], "o", color=ORANGE, markersize=12)
    ax.set(
        xscale="log",
        title="One hyperparameter, eleven fits",
        xlabel="C (log scale)",
        ylabel="RMSE of log(price), validation rows",
    )
    show(
        ax,
        alt=f"Line plot of the validation error over C. It is {errors[0]:.3f} at the left end, "
        f"lowest at C = {10.0 ** exponents[best]:.3g} with {errors[best]:.3f}, and "
        f"{errors[-1]:.3f} at the right end.",
        caption=f"The error is {errors[0]:.3f} with C = 0.01, {errors[best]:.3f} with C = "
        f"{10.0 ** exponents[best]:.3g}, and {errors[-1]:.3f} with C = 1,000.",
    )


def landscape(ranges, table):
    """The error over C and gamma, at the best epsilon, and how much each of the three matters."""
    at = np.unravel_index(table.argmin(), table.shape)
    fig, ax = plt.subplots(figsize=(7, 4.4))
    _map(ax, ranges, table, at[2], fig)
    c, gamma = ranges["C"][at[0]], ranges["gamma"][at[1]]
    ax.plot(c, gamma, "*", color="white", markeredgecolor="black", markersize=18)
    ax.annotate(
        f"lowest: {table.min():.3f}",
        (c, gamma),
        xytext=(-10, 12),
        textcoords="offset points",
        ha="right",
        weight="bold",
        bbox={"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1.5},
    )
    ax.set_title("The error over two hyperparameters: a valley")
    matters = {
        name: np.ptp(table.min(axis=tuple(k for k in range(3) if k != place)))
        for place, name in enumerate(ranges)
    }
    said = ", ".join(f"{much:.3f} for {name}" for name, much in matters.items())
    show(
        ax,
        alt=f"Heat map of the error over C and gamma, both logarithmic. A dark valley of low "
        f"errors runs diagonally; the lowest, {table.min():.3f}, is at C = {10.0**c:.3g} and gamma "
        f"= {10.0**gamma:.2g}. The highest is {table.max():.2f}.",
        caption=f"If one hyperparameter is held at its worst value and the others are at their "
        f"best, the lowest error rises by {said}.",
    )


def _map(ax, ranges, table, layer, fig=None):
    ceiling = float(np.quantile(table, 0.9))  # a few errors are so high that all others look alike
    image = ax.pcolormesh(
        ranges["C"], ranges["gamma"], table[:, :, layer].T, cmap="viridis", vmax=ceiling,
        shading="gouraud",
    )  # fmt: skip
    ax.set(xlabel="C (power of ten)", ylabel="gamma (power of ten)")
    ax.grid(visible=False)
    if fig is not None:
        fig.colorbar(image, ax=ax, label="RMSE of log(price)", extend="max")


def plans(ranges, table, grid, at_random, errors):
    """Where a grid and a random search look; `errors` are those of both."""
    layer = np.unravel_index(table.argmin(), table.shape)[2]
    fig, axes = plt.subplots(1, 2, figsize=(8, 4), sharey=True)
    for ax, points, error, name in zip(
        axes, (grid, at_random), errors, ("grid", "random"), strict=True
    ):
        _map(ax, ranges, table, layer)
        ax.plot(points[:, 0], points[:, 1], "o", color="white", markeredgecolor="black")
        ax.plot(points[:, 0], np.full(len(points), -5.0), "|", color=ORANGE, markersize=16)
        ax.set_title(f"{name}: {len(points)} fits, lowest error {min(error):.3f}")
    axes[1].set_ylabel("")
    seen = [len(set(points[:, 0].round(6))) for points in (grid, at_random)]
    show(
        fig,
        alt=f"The same heat map twice, with the places where {len(grid)} fits look. The grid has "
        f"{len(set(map(tuple, grid[:, :2].round(6))))} different places, the random plan "
        f"{len(at_random)}. Marks at the bottom show the values of C: {seen[0]} and {seen[1]}.",
        caption=f"The grid tries {seen[0]} values of C and the random plan {seen[1]} (marks at "
        f"the bottom). The lowest error of this grid is {min(errors[0]):.3f}, that of this "
        f"random plan {min(errors[1]):.3f}.",
    )


def where(ranges, table, trials, startup):
    """The trials of a search on the map: those at random, and those that it chose."""
    layer = np.unravel_index(table.argmin(), table.shape)[2]
    losses = np.array(trials.losses())
    c, gamma = (np.array(trials.vals[name]) for name in ("C", "gamma"))
    fig, ax = plt.subplots(figsize=(7, 4.4))
    _map(ax, ranges, table, layer, fig)
    for rows, marker, color, name in (
        (slice(0, startup), "o", "white", f"trials 1–{startup}, at random"),
        (slice(startup, None), "D", ORANGE, f"trials {startup + 1}–{len(losses)}, chosen by TPE"),
    ):
        ax.plot(
            c[rows], gamma[rows], marker, color=color, markeredgecolor="black", label=name,
            markersize=7,
        )  # fmt: skip
    ax.set_title("Where TPE looks")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncol=2)
    first, later = losses[:startup], losses[startup:]
    show(
        ax,
        alt=f"The heat map with {startup} random trials spread over it and {len(later)} later "
        "trials, most of them in the valley of low errors.",
        caption=f"The mean error of the {startup} random trials is {first.mean():.3f}, that of "
        f"the {len(later)} chosen ones {later.mean():.3f}. The lowest of all is "
        f"{losses.min():.3f}.",
    )


def race(curves, lowest):
    """How far the best so far is above the lowest error there is, over the trials."""
    fig, axes = plt.subplots(1, 2, figsize=(9, 4), sharey=True)
    groups = (list(curves)[:3], list(curves)[2:])
    for ax, names in zip(axes, groups, strict=True):
        for name in names:
            place = list(curves).index(name)
            above = curves[name] - lowest
            x = np.arange(1, above.shape[1] + 1)
            low, middle, high = np.quantile(above, [0.25, 0.5, 0.75], axis=0)
            ax.plot(x, middle, linestyle=STYLES[place], color=f"C{place}", label=name)
            ax.fill_between(x, low, high, color=f"C{place}", alpha=0.15)
        ax.set(xlabel="fits", yscale="log", xlim=(4, None))
        ax.legend(loc="upper right")
    axes[0].set(ylabel="error above the lowest there is", ylim=(None, 0.08))
    runs = len(next(iter(curves.values())))
    axes[0].set_title("Plans without memory, and TPE")
    axes[1].set_title("Three searches with memory")
    final = {name: float(np.median(c[:, -1] - lowest)) for name, c in curves.items()}
    ranked = sorted(final, key=lambda name: final[name])
    said = ", ".join(f"{name} {final[name]:.4f}" for name in ranked)
    show(
        fig,
        alt=f"Two panels with the median error above the lowest over the number of fits, for "
        f"{runs} runs each, with bands for the middle half. At the end: {said}.",
        caption=f"Medians of {runs} runs; the bands hold the middle half. After "
        f"{curves[ranked[0]].shape[1]} fits the best so far is above the lowest error by: {said}.",
    )


def queues(curves, lowest):
    """The best error after all fits, for each number of trials at a time."""
    fig, (ax, ay) = plt.subplots(1, 2, figsize=(9, 4))
    finals = {k: curve[:, -1] - lowest for k, curve in curves.items()}
    ax.boxplot(list(finals.values()), widths=0.5, medianprops={"color": ORANGE, "linewidth": 2})
    ax.set_xticks(range(1, len(finals) + 1), [str(k) for k in finals])
    ax.set(
        title="After 36 fits",
        xlabel="trials at a time",
        ylabel="error above the lowest there is",
        yscale="log",
    )
    for place, (k, curve) in enumerate(curves.items()):
        n = curve.shape[1]
        ends = [min(k * r, n) for r in range(1, -(-n // k) + 1)]
        middle = np.median(curve - lowest, axis=0)
        ay.plot(
            range(1, len(ends) + 1), [middle[e - 1] for e in ends], marker="o", color=f"C{place}",
            linestyle=STYLES[place], markersize=5, label=f"{k} at a time",
        )  # fmt: skip
    ay.set(title="The same on the clock", xlabel="hours, if a fit takes one", yscale="log")
    ay.set(xscale="log", xticks=(1, 3, 9, 36), xticklabels=("1", "3", "9", "36"))
    ay.minorticks_off()
    ay.legend()
    middles = {k: float(np.median(final)) for k, final in finals.items()}
    said = ", ".join(f"{middle:.4f} with {k} at a time" for k, middle in middles.items())
    show(
        fig,
        alt=f"Left, box plots of the error above the lowest after 36 fits: medians {said}. Right, "
        "the same medians over the hours: the more at a time, the sooner it is over.",
        caption=f"Medians after 36 fits: {said}.",
    )


def front(trials, best):
    """Two aims at once: error and time to score, with the trials that no other beats in both."""
    ax = plt.figure().subplots()
    error, millis = np.array([trial.values for trial in trials]).T
    ax.plot(millis, error, "o", color=BLUE, alpha=0.5, label="a trial")
    edge = np.array(sorted((trial.values[1], trial.values[0]) for trial in best))
    ax.plot(*edge.T, "D--", color=ORANGE, label="no other trial is better in both")
    ax.set(
        xscale="log",
        title="Error and time: a front, not a winner",
        xlabel=f"milliseconds to score {JUDGE} rows (log scale)",
        ylabel="RMSE of log(price)",
    )
    ax.legend()
    (fast, worse), (slow, better) = edge[0], edge[-1]
    show(
        ax,
        alt=f"Scatter plot of the error over the time to score for {len(error)} trials. "
        f"{len(edge)} of them form the front, from {fast:.2g} ms and {worse:.3f} to {slow:.2g} ms "
        f"and {better:.3f}.",
        caption=f"The front has {len(edge)} trials. Its fastest needs {fast:.2g} ms and errs by "
        f"{worse:.3f}; its best needs {slow:.2g} ms and errs by {better:.3f}.",
    )


def seconds(times, ideal):
    """Seconds of the same trials in several ways."""
    fig, ax = plt.subplots(figsize=(7, 2.6))
    ax.barh(list(times), list(times.values()), color=[ORANGE, BLUE, BLUE][: len(times)])
    ax.axvline(ideal, color="black", linestyle="--", label="without any overhead")
    ax.legend(loc="lower right")
    for place, value in enumerate(times.values()):
        ax.annotate(
            f"{value:.1f} s", (value, place), xytext=(4, 0), textcoords="offset points", va="center"
        )
    ax.invert_yaxis()
    ax.set(xlabel="seconds", title="Four trials of one second, two at a time")
    ax.set_xlim(0, 1.15 * max(times.values()))
    said = ", ".join(f"{name}: {value:.1f} s" for name, value in times.items())
    show(
        fig,
        alt=f"Bars of the seconds for four trials: {said}. A dashed line at {ideal} s marks what "
        "they would take without overhead.",
        caption=f"Without overhead it would be {ideal} s. {said}.",
    )


class _Keep(logging.Handler):
    """Keeps messages in a list in place of writing them between the cells."""

    def __init__(self):
        super().__init__()
        self.messages = []

    def emit(self, record):
        self.messages.append(record.getMessage())


def keep_log(name="hyperopt-spark"):
    """The list to which a library's log messages go from now on.

    Its threads also make PySpark warn that they have no session, which is no matter here.
    """
    warnings.filterwarnings("ignore", "Spark session is not provided")
    keeper, logger = _Keep(), logging.getLogger(name)
    logger.handlers, logger.propagate = [keeper], False
    return keeper.messages
