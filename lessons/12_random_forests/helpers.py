"""The pictures of lesson 12, each with its words, and what counts and measures in it."""

import time
from typing import ClassVar
from uuid import uuid4

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from pyspark.ml.feature import StringIndexer
from sklearn.linear_model import Ridge

from course_utils import show

BLUE, ORANGE, GREEN = "C0", "C1", "C2"


def as_numbers(rows):
    """The columns of listings without the price, each word as the place of its category."""
    columns = rows.drop(columns="price")
    words = columns.select_dtypes(exclude="number").columns
    return columns.assign(**{name: pd.factorize(columns[name], sort=True)[0] for name in words})


def right_prices(rows, truth):
    """log(price) of listings without noise, and the standard deviation of the noise.

    Args:
        rows: listings as pandas.
        truth: of `get_truth`, or None. Then a fitted formula stands in for it, with the spread
            around it as the noise.
    """
    if truth is not None:
        return pd.Series(truth.mean_log_price(rows), rows.index), truth.sigma
    x = pd.get_dummies(rows.drop(columns="price"), dtype=float)
    x = (x - x.mean()) / x.std().replace(0, 1)
    y = np.log(rows["price"])
    mean = pd.Series(Ridge(alpha=10).fit(x, y).predict(x), rows.index)
    return mean, float((y - mean).std())


def correlation(said):
    """Of the predictions of two trees that learned from the same Monday.

    Args:
        said: (Mondays, trees, new listings).
    """
    off = said - said.mean(axis=(0, 1))
    return (off[:, ::2] * off[:, 1::2]).mean() / (off**2).mean()


def watched(spark, work):
    """Runs `work` and looks at what Spark did for it.

    Returns:
        (what `work` returns, how many forests Spark has grown, seconds).
    """
    context, group = spark.sparkContext, uuid4().hex
    context.setJobGroup(group, "watched")
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    context._jsc.sc().listenerBus().waitUntilEmpty()  # Spark's records come with a delay
    tracker = context.statusTracker()
    jobs = map(tracker.getJobInfo, tracker.getJobIdsForGroup(group))
    stages = [tracker.getStageInfo(number) for job in jobs for number in job.stageIds]
    starts = [s for s in stages if s and s.name.startswith("aggregate at DecisionTreeMetadata")]
    return result, len(starts), seconds


class CountedIndexer(StringIndexer):
    """A StringIndexer that counts how often it, or a copy of it, is fitted."""

    _fitted: ClassVar[list[int]] = [0]

    def _fit(self, rows):
        self._fitted[0] += 1
        return super()._fit(rows)

    def fits(self):
        """How often since the last reset."""
        return self._fitted[0]

    def reset(self):
        """Counts from 0 again; returns itself."""
        self._fitted[0] = 0
        return self


def mondays(prices, asked, title):
    """The prices of one flat, a dot for each Monday; the first two Mondays stand out.

    Args:
        prices: name of a model -> dollars, one number per Monday.
        asked: dollars that the host asks.
        title: of the picture.
    """
    ax = plt.figure(figsize=(7, 1.5 + 1.2 * len(prices))).subplots()
    said = []
    for place, (name, dollars) in enumerate(prices.items()):
        shake = np.random.default_rng(3).uniform(-0.16, 0.16, len(dollars))
        ax.plot(dollars[2:], place + shake[2:], "o", color=BLUE, alpha=0.5)
        for x, week, above in zip(dollars[:2], ("first", "second"), (20, -29), strict=True):
            ax.plot(x, place, "D", color=ORANGE, markersize=9)
            ax.annotate(
                f"{week} Monday ${x:.0f}",
                (x, place),
                xytext=(0, above),
                textcoords="offset points",
                ha="center",
                weight="bold",
                bbox={"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1},
            )
        low, high = np.percentile(dollars, [10, 90])
        said.append(f"{name}, the middle 80 % of the prices span ${low:.0f} to ${high:.0f}")
    ax.axvline(asked, color="black", linestyle="--", linewidth=1)
    ax.annotate(
        f"the host asks ${asked:.0f}",
        (asked, len(prices) - 0.45),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
    )
    ax.set(
        title=title,
        xlabel="suggested price for the same flat ($ per night)",
        ylim=(-0.6, len(prices) - 0.3),
    )
    ax.set_yticks(range(len(prices)), list(prices))
    ax.grid(axis="y", visible=False)
    count = len(next(iter(prices.values())))
    show(
        ax,
        alt=f"Dot plot of {count} suggested prices for one flat. For {'; for '.join(said)}.",
        caption=f"{count} Mondays. For {'; for '.join(said)}.",
    )


def decomposition(errors):
    """Bars of squared bias, variance and noise for each depth, and the error that was measured.

    Args:
        errors: depth -> squared bias, variance, noise, measured error.
    """
    columns = ["squared bias", "variance", "noise", "measured"]
    table = pd.DataFrame.from_dict(errors, orient="index", columns=columns)
    ax = plt.figure(figsize=(7, 4.4)).subplots()
    x, bottom = np.arange(len(table)), np.zeros(len(table))
    for name, color, hatch in (
        ("noise", "0.8", ""),
        ("squared bias", BLUE, "//"),
        ("variance", ORANGE, ".."),
    ):
        ax.bar(x, table[name], bottom=bottom, color=color, hatch=hatch, label=name, width=0.65)
        bottom = bottom + table[name].to_numpy()
    ax.plot(x, table["measured"], "D", color="black", markersize=6, label="measured error")
    ax.set_xticks(x, table.index)
    ax.set(
        title="Three reasons to be wrong",
        xlabel="maxDepth of the tree",
        ylabel="mean squared error of log(price)",
        ylim=(0, 1.25 * bottom.max()),
    )
    ax.legend(ncols=2, loc="upper left")
    ax.grid(axis="x", visible=False)
    best = table["measured"].idxmin()
    first, last = table.iloc[0], table.iloc[-1]
    show(
        ax,
        alt=f"Stacked bars over the depth of a tree. Squared bias falls from "
        f"{first['squared bias']:.3f} to {last['squared bias']:.3f}, variance rises from "
        f"{first['variance']:.3f} to {last['variance']:.3f}, noise stays at "
        f"{first['noise']:.3f}. Dots, the measured error, lie on top of the bars.",
        caption=f"From depth {table.index[0]} to {table.index[-1]} the squared bias falls from "
        f"{first['squared bias']:.3f} to {last['squared bias']:.3f}, and the variance rises from "
        f"{first['variance']:.3f} to {last['variance']:.3f}. The error is lowest at depth {best}.",
    )


def drawn(times):
    """How many rows were drawn never, once, twice, … in one bootstrap sample."""
    shares = np.bincount(times) / len(times)
    ax = plt.figure(figsize=(7, 3.6)).subplots()
    colors = [ORANGE] + [BLUE] * (len(shares) - 1)
    ax.bar(np.arange(len(shares)), shares, color=colors, width=0.7)
    for count, share in enumerate(shares):
        ax.annotate(f"{share:.1%}", (count, share), xytext=(0, 4), textcoords="offset points",
                    ha="center")  # fmt: skip
    ax.set(
        title="One draw with replacement: how often each row came up",
        xlabel="times drawn",
        ylabel="share of the rows",
        ylim=(0, 1.15 * shares.max()),
    )
    ax.set_xticks(range(len(shares)))
    ax.grid(axis="x", visible=False)
    show(
        ax,
        alt=f"Bars of the share of rows by how often they were drawn. Never: {shares[0]:.1%}; "
        f"once: {shares[1]:.1%}; the most for a single row is {len(shares) - 1} times.",
        caption=f"{shares[0]:.1%} of the rows were never drawn, {shares[1]:.1%} once, and one row "
        f"{len(shares) - 1} times.",
    )


def more_trees(models, right, noise):
    """Error over the number of trees that are averaged.

    Args:
        models: name -> what each tree predicts: (Mondays, trees, new listings).
        right: log(price) of the new listings without noise.
        noise: its variance, which no model gets below.
    """
    curves = {
        name: {
            trees: ((said[:, :trees].mean(axis=1) - right) ** 2).mean() + noise
            for trees in (1, 2, 5, 10, 20, 40)
        }
        for name, said in models.items()
    }
    ax = plt.figure(figsize=(7, 4.2)).subplots()
    said = []
    for (name, curve), style, color in zip(
        curves.items(), ("o--", "s-"), (BLUE, ORANGE), strict=True
    ):
        ax.plot(list(curve), list(curve.values()), style, color=color, label=name)
        first, *_, last = curve
        said.append(f"{name}, from {curve[first]:.3f} to {curve[last]:.3f}")
    ax.axhline(noise, color="black", linewidth=1)
    ax.annotate(f"noise {noise:.3f}", (first, noise), xytext=(0, 4), textcoords="offset points")
    ax.set(
        xscale="log",
        title="More trees never hurt, and soon stop helping",
        xlabel="trees (log scale)",
        ylabel="mean squared error of log(price)",
        ylim=(0, None),
    )
    ax.set_xticks(list(curve), [str(trees) for trees in curve])
    ax.minorticks_off()
    ax.legend()
    show(
        ax,
        alt=f"Error over the number of trees, {first} to {last}. For {'; for '.join(said)}. "
        f"The noise is {noise:.3f}.",
        caption=f"With {last} trees instead of {first} the error falls, for {'; for '.join(said)}; "
        f"{noise:.3f} of it is noise.",
    )


def estimates(table, real):
    """Estimates of one model's error, a dot for each seed, beside its real error.

    Args:
        table: a column per way to estimate, a row per seed; RMSE of log(price).
        real: RMSE of log(price) on new rows.
    """
    ax = plt.figure(figsize=(7, 3.4)).subplots()
    shake = np.random.default_rng(5).uniform(-0.2, 0.2, len(table))
    said = []
    for place, (name, color) in enumerate(zip(table.columns, (ORANGE, BLUE, GREEN), strict=False)):
        ax.plot(table[name], place + shake, "o", color=color, alpha=0.6)
        low, high = table[name].min(), table[name].max()
        said.append(f"{name}, from {low:.3f} to {high:.3f}")
    ax.axvline(real, color="black", linestyle="--", linewidth=1)
    ax.annotate(
        f"on new rows {real:.3f}",
        (real, len(table.columns) - 0.5),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
    )
    ax.set(
        title="One model, the same rows, another seed",
        xlabel="estimated RMSE of log(price)",
        ylim=(-0.5, len(table.columns) - 0.3),
    )
    ax.set_yticks(range(len(table.columns)), list(table.columns))
    ax.grid(axis="y", visible=False)
    show(
        ax,
        alt=f"Dot plot of {len(table)} estimates for each way. With {'; with '.join(said)}. On "
        f"new rows the error is {real:.3f}.",
        caption=f"{len(table)} seeds. The estimates go, with {'; with '.join(said)}. On new rows "
        f"the model's error is {real:.3f}.",
    )


def best_of(curves, real):
    """The best of k test scores of models that are all equally good.

    Args:
        curves: number of test rows -> {k: mean of the best share of right answers}.
        real: the share of right answers of each of the models.
    """
    ax = plt.figure(figsize=(7, 4)).subplots()
    said = []
    for (rows, curve), style, color in zip(
        curves.items(), ("o--", "s-"), (ORANGE, BLUE), strict=True
    ):
        ax.plot(list(curve), list(curve.values()), style, color=color, label=f"{rows:,} test rows")
        k = max(curve)
        said.append(f"{rows:,} test rows the best of {k} looks like {curve[k]:.1%}")
    ax.axhline(real, color="black", linewidth=1)
    ax.annotate("what each of them is worth", (k, real), xytext=(0, -13), ha="right",
                textcoords="offset points")  # fmt: skip
    ax.set(
        xscale="log",
        title="The best of k test scores, when all k models are the same",
        xlabel="models that were tried, k (log scale)",
        ylabel="accuracy",
    )
    ax.margins(y=0.15)
    ax.yaxis.set_major_formatter("{x:.0%}")
    ax.set_xticks(list(curve), [str(k) for k in curve])
    ax.minorticks_off()
    ax.legend(loc="upper left")
    show(
        ax,
        alt=f"Mean of the best accuracy over the number of models tried, all of which are right "
        f"for {real:.0%} of the rows. With {'; with '.join(said)}.",
        caption=f"Each model is right for {real:.0%} of the listings. With {'; with '.join(said)}.",
    )
