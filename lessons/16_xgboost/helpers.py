"""The pictures of lesson 16, each with its words, and what counts and measures in it."""

import time
from uuid import uuid4

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from pyspark.sql import functions as F
from sklearn.linear_model import Ridge

from course_utils import show

BLUE, ORANGE = "C0", "C1"
WHITE = {"facecolor": "white", "edgecolor": "none", "pad": 1}  # behind a word on a line


def as_numbers(train, test):
    """Listings as columns of numbers, each word as the place of its category, and log(price).

    Returns:
        (columns of train as pandas, its log prices as an array, and both for test).
    """
    city = _city(train, test)
    columns = city.drop(columns="price")
    words = columns.select_dtypes(exclude="number").columns
    codes = {name: pd.factorize(columns[name], sort=True)[0] for name in words}
    x, y = columns.assign(**codes), np.log(city["price"])
    return x.loc["train"], y["train"].to_numpy(), x.loc["test"], y["test"].to_numpy()


def right_prices(train, test, truth):
    """log(price) of listings without noise, and the standard deviation of the noise.

    Args:
        train: listings in Spark.
        test: more of them.
        truth: of `get_truth`, or None. Then a fitted formula stands in for it, with the spread
            around it as the noise.

    Returns:
        (array for train, array for test, standard deviation), all of log dollars.
    """
    city = _city(train, test)
    if truth is not None:
        mean, sigma = truth.mean_log_price(city), truth.sigma
    else:
        x = pd.get_dummies(city.drop(columns="price"), dtype=float)
        x = (x - x.mean()) / x.std().replace(0, 1)
        y = np.log(city["price"])
        mean = Ridge(alpha=10).fit(x, y).predict(x)
        sigma = float((y - mean).std())
    first = len(city.loc["train"])
    return mean[:first], mean[first:], sigma


def larger(listings, columns, times):
    """Listings over and over, each copy with a little noise on log(price), in two partitions.

    Args:
        listings: in Spark, with `log_price`.
        columns: names of those to keep, besides `log_price`.
        times: how many copies.
    """
    copies = listings.sparkSession.range(times).select(F.col("id").alias("copy"))
    table = listings.select(*columns, "log_price").crossJoin(copies).drop("copy")
    noise = F.lit(0.1) * F.randn(16)
    return table.withColumn("log_price", F.col("log_price") + noise).repartition(2).cache()


def parts(predictions, right):
    """Squared bias and variance of each stage, on average over the listings.

    Args:
        predictions: (training sets, stages, listings).
        right: what would be right, one number per listing.

    Returns:
        A pair for each stage.
    """
    variance = predictions.var(axis=0, ddof=1)
    off = predictions.mean(axis=0) - right
    # an average of few training sets wobbles a little itself: that is no bias
    bias = off**2 - variance / len(predictions)
    return list(zip(bias.mean(axis=1), variance.mean(axis=1), strict=True))


def jobs(spark, work):
    """Runs `work` and counts what Spark did for it.

    Returns:
        (what `work` returns, Spark jobs, seconds).
    """
    context, group = spark.sparkContext, uuid4().hex
    context.setJobGroup(group, "counted")
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    context._jsc.sc().listenerBus().waitUntilEmpty()  # Spark's records come with a delay
    return result, len(context.statusTracker().getJobIdsForGroup(group)), seconds


def ladder(errors):
    """Bars of the error on new rows, one for each model, in the order given."""
    ax = plt.figure(figsize=(7, 0.7 + 0.5 * len(errors))).subplots()
    names, values = list(errors), np.array(list(errors.values()))
    best = int(values.argmin())
    colors = [ORANGE if place == best else BLUE for place in range(len(names))]
    bars = ax.barh(names, values, color=colors)
    ax.bar_label(bars, [f"{value:.3f}" for value in values], padding=4, weight="bold")
    ax.invert_yaxis()
    ax.set(
        title="The error on new listings, the best in orange",
        xlabel="RMSE of log(price)",
        xlim=(0, 1.12 * values.max()),
    )
    ax.grid(axis="y", visible=False)
    said = "; ".join(f"{name} {value:.3f}" for name, value in errors.items())
    show(
        ax,
        alt=f"Bars of the RMSE of log(price) on new listings: {said}.",
        caption=f"The best is “{names[best]}” with {values[best]:.3f}; “{names[-1]}” has "
        f"{values[-1]:.3f}.",
    )


def rounds(paid, said):
    """What is left over of four labels at the start and after each round.

    Args:
        paid: labels in dollars, with names as the index.
        said: predictions of all four, one array for the start and for each round.
    """
    fig, axes = plt.subplots(1, len(said), sharey=True, figsize=(7, 3))
    sizes = []
    for place, (ax, prediction) in enumerate(zip(axes, said, strict=True)):
        left = paid - prediction
        sizes.append(np.sqrt((left**2).mean()))
        bars = ax.bar(paid.index, left, color=BLUE)
        ax.bar_label(
            bars, [f"{value:+.1f}".replace("-", "−") for value in left], padding=2, fontsize=9
        )
        ax.axhline(0, color="black", linewidth=0.8)
        ax.set(title=f"after round {place}" if place else "the mean for all")
        ax.margins(y=0.18)
        ax.grid(axis="x", visible=False)
    axes[0].set(ylabel="paid minus predicted ($)")
    steps = ", then ".join(f"{size:.2f}" for size in sizes)
    show(
        fig,
        alt=f"Three bar charts of what is left over for {', '.join(paid.index)}. The bars shrink: "
        f"the root of their mean square is {steps} dollars.",
        caption=f"Root of the mean squared residual: {steps} dollars.",
    )


def plane(paths):
    """Squared bias against variance, a path for each method as its trees become more.

    Args:
        paths: name of the method -> {number of trees: (squared bias, variance)}.
    """
    ax = plt.figure(figsize=(7, 5.6)).subplots()
    ends, worst = [], max(max(point) for path in paths.values() for point in path.values())
    angle = np.linspace(0, np.pi / 2, 100)
    for total in (0.02, 0.05, 0.1, 0.2, 0.4):  # equal sums are circles when roots are drawn
        if total < 1.3 * worst:
            ax.plot(
                total * np.cos(angle) ** 2, total * np.sin(angle) ** 2, ":", color="gray", zorder=0
            )
            at = total * np.cos(1.43) ** 2, total * np.sin(1.43) ** 2
            ax.annotate(f"sum {total:g}", at, color="gray", va="center", bbox=WHITE)
    for (name, path), style, color, offset in zip(
        paths.items(), ("o-", "s--"), (BLUE, ORANGE), ((-7, -7), (10, 0)), strict=True
    ):
        points = np.maximum(list(path.values()), 0)  # an estimate of the bias can fall below 0
        ax.plot(*points.T, style, color=color, label=name)
        for number, point in zip(path, points, strict=True):
            ax.annotate(
                f"{number}",
                point,
                xytext=offset,
                textcoords="offset points",
                ha="right" if offset[1] else "left",
                va="top" if offset[1] else "center",
                color=color,
                weight="bold",
            )
        sums = points.sum(axis=1)
        best = list(path)[sums.argmin()]
        first, last = points[0], points[-1]
        ends.append(
            f"{name}: bias² from {first[0]:.3f} to {last[0]:.3f} and variance from "
            f"{first[1]:.3f} to {last[1]:.3f}, the smallest sum {sums.min():.3f} at {best}"
        )
    side = (0, 1.15 * worst)
    ticks = [tick for tick in (0, 0.01, 0.05, 0.1, 0.2, 0.4, 0.8) if tick < side[1]]
    for axis in ("x", "y"):
        getattr(ax, f"set_{axis}scale")("function", functions=(_root, np.square))
        getattr(ax, f"set_{axis}lim")(*side)
        getattr(ax, f"set_{axis}ticks")(ticks, [f"{tick:g}" for tick in ticks])
    ax.set(
        title="Two ways into the corner (numbers: trees so far)",
        xlabel="squared bias",
        ylabel="variance",
        aspect="equal",
    )
    ax.legend(loc="upper right")
    show(
        ax,
        alt=f"Paths in the plane of squared bias and variance, with dotted circles of equal sums. "
        f"Boosting moves to the left, bagging down. {'; '.join(ends)}.",
        caption=f"{'; '.join(ends)}.",
    )


def curve(summary, best):
    """RMSE on the rows learned from and on those held out, round by round.

    Args:
        summary: XGBoost's training summary.
        best: the round with the smallest error held out, counted from 0.
    """
    learned = summary.train_objective_history["rmse"]
    held = summary.validation_objective_history["rmse"]
    ax = plt.figure().subplots()
    count = np.arange(1, len(learned) + 1)
    ax.plot(count, learned, "-", color=BLUE, label="rows it learns from")
    ax.plot(count, held, "--", color=ORANGE, label="rows held out")
    ax.plot(best + 1, held[best], "D", color=ORANGE, markersize=9)
    ax.annotate(
        f"round {best + 1}",
        (best + 1, held[best]),
        xytext=(0, 12),
        textcoords="offset points",
        weight="bold",
        color=ORANGE,
    )
    ax.set(
        title="Round after round, and no further",
        xlabel="rounds",
        ylabel="RMSE of log(price)",
    )
    ax.legend()
    show(
        ax,
        alt=f"RMSE over {len(learned)} rounds. On the rows it learns from it falls from "
        f"{learned[0]:.3f} to {learned[-1]:.3f}; on the rows held out it is smallest in round "
        f"{best + 1}, {held[best]:.3f}, and ends at {held[-1]:.3f}.",
        caption=f"Held out: {held[best]:.3f} in round {best + 1} and {held[-1]:.3f} in the last "
        f"one, {len(learned)}. Learned from: {learned[-1]:.3f} at the end.",
    )


def race(times):
    """Seconds to fit over rows, medians with the fastest and slowest run.

    Args:
        times: (name, rows) -> Timing.
    """
    ax = plt.figure().subplots()
    names, sizes = (list(dict.fromkeys(part)) for part in zip(*times, strict=True))
    for name, style in zip(names, ("o-", "s--", "^:"), strict=True):
        mine = [times[name, size] for size in sizes]
        middle = np.array([timing.median for timing in mine])
        low = middle - [timing.minimum for timing in mine]
        high = np.array([timing.maximum for timing in mine]) - middle
        ax.errorbar(sizes, middle, [low, high], fmt=style, capsize=4, label=name)
    ax.set(
        xscale="log",
        yscale="log",
        title="Seconds to fit 10 rounds, from a table in Spark",
        xlabel="rows (log scale)",
        ylabel="seconds (log scale)",
    )
    ax.set_xticks(sizes, [f"{size:,}" for size in sizes])
    ax.yaxis.set_major_formatter("{x:g}")
    ax.minorticks_off()
    ax.legend()
    said = "; ".join(
        f"with {size:,} rows "
        + ", ".join(f"{name} {times[name, size].median:.1f} s" for name in names)
        for size in (sizes[0], sizes[-1])
    )
    show(
        ax,
        alt=f"Seconds to fit over rows, both logarithmic: {said}.",
        caption=f"Medians: {said}.",
    )


def _city(train, test):
    return pd.concat([train.toPandas(), test.toPandas()], keys=["train", "test"])


def _root(values):
    return np.sqrt(np.maximum(values, 0))
