"""The pictures of lesson 07, each with its words. The lesson explains what they show."""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from pyspark.sql import SparkSession

from course_utils import show

BLUE, ORANGE = "C0", "C1"
GRAY = "#B0B0B0"
PANELS = 6  # groups of equally many rows along the axis of predictions
NAMED = 6  # of the lines in the picture of the lasso


def quotes(rows):
    """The middle four fifths of asked and of predicted prices for each room type."""
    kinds = list(rows["room_type"].value_counts().index)
    ax = plt.figure(figsize=(8, 4.2)).subplots()
    for column, name, color, off in (
        ("price", "hosts ask", BLUE, -0.17),
        ("prediction", "predicted", ORANGE, 0.17),
    ):
        groups = rows.groupby("room_type")[column]
        low, middle, high = (groups.quantile(q).loc[kinds] for q in (0.1, 0.5, 0.9))
        y = np.arange(len(kinds)) + off
        ax.barh(y, high - low, 0.3, low, color=color, alpha=0.45, label=f"{name}: middle 80 %")
        ax.plot(middle, y, "|", color=color, markersize=17, markeredgewidth=3)
        for at, dollars in zip(y, middle, strict=True):
            ax.annotate(
                f"${dollars:,.0f}",
                (dollars, at),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                weight="bold",
            )
    below = rows[rows["prediction"] < 0]
    at = [kinds.index(kind) + 0.17 for kind in below["room_type"]]
    ax.plot(below["prediction"], at, "x", color="black", label="below zero")
    ax.axvline(0, color="black", linewidth=0.9)
    ax.set_yticks(range(len(kinds)), kinds)
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)
    ax.set(title="A price for everybody, from six numbers", xlabel="price per night ($)")
    ax.figure.legend(loc="outside lower center", ncols=3, fontsize=9)
    last = rows[rows["room_type"] == kinds[-1]].median(numeric_only=True)
    told = (
        f"Half of the listings of the kind {kinds[-1]} ask less than ${last['price']:.0f}; half "
        f"of what is predicted for them is above ${last['prediction']:.0f}. {len(below)} of "
        f"{len(rows):,} predictions are below zero"
    )
    told += f", the lowest is −${-below['prediction'].min():.0f}." if len(below) else "."
    show(
        ax, alt=f"Bars of asked and predicted prices, room type by room type. {told}", caption=told
    )


def orders(rows, orders, errors, one_hot):
    """Mean log price over the number of each room type, in three orders, with the fitted lines."""
    seen = rows[rows["room_type"].isin(orders[0])]
    groups = seen.groupby("room_type")["log_price"]
    means, shares = groups.mean(), groups.size() / len(rows)
    axes = plt.figure(figsize=(10, 4)).subplots(1, len(orders), sharey=True)
    lines = []
    for ax, order, error in zip(axes, orders, errors, strict=True):
        number = seen["room_type"].map({word: n for n, word in enumerate(order)})
        line = np.poly1d(np.polyfit(number, seen["log_price"], 1))
        lines.append(line)
        x = np.arange(len(order))
        ax.plot(x, line(x), "-", color="black", label="the line")
        ax.scatter(x, means[list(order)], s=120, color=ORANGE, zorder=3, label="mean of the type")
        ax.set_xticks(
            x,
            [f"{n}\n{word.split('/')[0].replace(' ', chr(10), 1)}" for n, word in enumerate(order)],
        )
        ax.set(title=f"RMSE {error:.3f}", xlim=(-0.4, len(order) - 0.6))
    axes[0].set_ylabel("log(price)")
    axes[0].legend(loc="lower left")
    steps = [means[word] - means[other] for other, word in pairwise(orders[0])]
    rare = orders[0][-1]
    told = (
        f"One-hot has an RMSE of {one_hot:.3f}. In the first order the mean changes by "
        f"{steps[0]:+.2f} and then by {steps[1]:+.2f}; the line misses the mean of {rare} by "
        f"{abs(means[rare] - lines[0](2)):.2f}, and that is {shares[rare]:.1%} of the rows."
    )
    show(
        axes[0],
        alt="Three panels with the mean log price of three room types over their numbers, and a "
        f"line. RMSE: {', '.join(f'{error:.3f}' for error in errors)}. {told}",
        caption=told,
    )


def bytes_per_row(frame):
    """Bytes that a row of this data frame takes in Spark's cache."""
    before = _cached()
    rows = frame.cache().count()
    size = (_cached() - before) / rows
    frame.unpersist()
    return size


def _cached():
    context = SparkSession.active().sparkContext._jsc.sc()
    return sum(kept.memSize() for kept in context.getRDDStorageInfo())


def sizes(table):
    """Bytes per row over the number of categories: {categories: (sparse, dense)}."""
    widths = list(table)
    sparse, dense = zip(*table.values(), strict=True)
    ax = plt.figure().subplots()
    ax.plot(widths, dense, "s--", color=ORANGE, label="dense")
    ax.plot(widths, sparse, "o-", color=BLUE, label="sparse")
    for values, off in ((dense, 8), (sparse, 8)):
        ax.annotate(
            f"{values[-1]:,.0f} bytes",
            (widths[-1], values[-1]),
            xytext=(0, off),
            textcoords="offset points",
            ha="right",
            weight="bold",
        )
    ax.set(
        xscale="log",
        yscale="log",
        title="Memory of one one-hot vector in Spark's cache",
        xlabel="categories (log scale)",
        ylabel="bytes per row (log scale)",
        ylim=(None, 3 * max(dense)),
    )
    ax.set_xticks(widths, [f"{width:,}" for width in widths])
    ax.minorticks_off()
    ax.legend(loc="upper left")
    told = (
        f"With {widths[-1]:,} categories a dense vector takes {dense[-1] / sparse[-1]:,.0f} times "
        f"the memory of a sparse one; with {widths[0]}, {dense[0] / sparse[0]:.1f} times."
    )
    show(ax, alt=f"Bytes per row over the number of categories. {told}", caption=told)


def crossing(keys, table):
    """RMSE on known and on new rows as a key is made of more and more columns."""
    counts = [count for count, _, _ in table]
    known, new = ([row[side][1] for row in table] for side in (1, 2))
    ax = plt.figure(figsize=(8, 4.6)).subplots()
    ax.plot(counts, new, "o--", color=ORANGE, label="new rows (valid)")
    ax.plot(counts, known, "o-", color=BLUE, label="rows it learned from (learn)")
    for n, (key, count, *errors) in enumerate(zip(keys, counts, known, new, strict=True)):
        right = count > 200
        # above the point, but where the upper curve rises to the right, it would cross the words
        below = not right and new[n] < new[n + 1]
        ax.annotate(
            ("" if key == keys[0] else "+ ") + key.removesuffix("_cleansed"),
            (count, min(errors) if below else max(errors)),
            xytext=(0, -16) if below else (-4 if right else 4, 8),
            textcoords="offset points",
            ha="right" if right or below else "left",
            fontsize=9,
        )
    ax.set(
        xscale="log",
        title="More categories than the rows can carry",
        xlabel="categories, one column each (log scale)",
        ylabel="RMSE of log(price)",
    )
    ax.margins(0.12, 0.14)
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.legend(loc="lower left")
    best = int(np.argmin(new))
    told = (
        f"New rows have the least error, {new[best]:.3f}, with {counts[best]:,} categories. With "
        f"{counts[-1]:,} it is {new[-1]:.3f}, where the learning rows show {known[-1]:.3f}; "
        f"{table[-1][2][2]:.0%} of the new rows are then in a category never seen."
    )
    show(ax, alt=f"RMSE over the number of categories for known and new rows. {told}", caption=told)


def fans(plain, logs):
    """The middle four fifths of the residuals along the predictions, of both models."""
    axes = plt.figure(figsize=(10, 4.2)).subplots(1, 2)
    told = []
    for ax, name, unit, guess, miss in (
        (
            axes[0],
            "The price",
            "$",
            plain["prediction"],
            plain["price"] - plain["prediction"],
        ),
        (
            axes[1],
            "The logarithm",
            "log $",
            logs["prediction"],
            np.log(logs["price"]) - logs["prediction"],
        ),
    ):
        order = np.argsort(guess.to_numpy())
        groups = np.array_split(order, PANELS)
        x = [guess.iloc[group].median() for group in groups]
        low, middle, high = (
            np.array([miss.iloc[group].quantile(q) for group in groups]) for q in (0.1, 0.5, 0.9)
        )
        ax.vlines(x, low, high, color=BLUE, linewidth=12, alpha=0.5, label="middle 80 %")
        ax.plot(x, middle, "_", color="black", markersize=18, markeredgewidth=2.5, label="median")
        ax.axhline(0, color="black", linewidth=0.8)
        spans = high - low
        ax.set(
            title=f"{name}: {spans[-1] / spans[0]:.1f} times as long at the right",
            xlabel=f"prediction ({unit})",
            ylabel=f"residual ({unit})",
        )
        money = "${:,.0f}".format if unit == "$" else "{:.2f}".format
        told.append(
            f"{name}: the bars span {money(spans[0])} at the left, {money(spans[-1])} at the right"
        )
    axes[0].legend(loc="upper left")
    below = (plain["prediction"] < 0).sum()
    words = f"{'; '.join(told)}. The model of the price predicts {below} prices below zero."
    show(axes[0], alt=f"Residuals along the predictions of two models. {words}", caption=words)


def ridge(strengths, errors):
    """RMSE on validation rows over the strength of a ridge: {rows: [without, with each]}."""
    ax = plt.figure().subplots()
    told = []
    for (rows, (without, *tried)), color, style in zip(
        errors.items(), (ORANGE, BLUE), ("o--", "o-"), strict=True
    ):
        ax.plot(strengths, tried, style, color=color, label=f"learned from {rows:,} listings")
        ax.axhline(without, color=color, linewidth=1, linestyle=":")
        ax.annotate(
            "without a penalty",
            (strengths[-1], without),
            xytext=(0, 4),
            textcoords="offset points",
            ha="right",
            fontsize=9,
            color=color,
        )
        best = int(np.argmin(tried))
        ax.plot(strengths[best], tried[best], "o", color=color, markersize=11)
        told.append(
            f"learned from {rows:,} listings, the RMSE is {without:.3f} without a penalty and "
            f"{tried[best]:.3f} with the best"
        )
    ax.set(
        xscale="log",
        title="A penalty helps where rows are few",
        xlabel="strength of the ridge (log scale)",
        ylabel="RMSE of log(price), validation rows",
    )
    ax.set_xticks(strengths, [f"{strength:g}" for strength in strengths])
    ax.minorticks_off()
    ax.legend(loc="best")
    words = "; ".join(told)
    words = words[0].upper() + words[1:] + "."
    show(ax, alt=f"RMSE over the strength of a ridge, two curves. {words}", caption=words)


def lasso(strengths, coefficients, encoded):
    """Coefficients in units of one standard deviation as the lasso becomes stronger."""
    from pyspark.ml.stat import Summarizer
    from pyspark.sql import functions as F

    deviation = encoded.select(Summarizer.std(F.col("features"))).first()[0].toArray()
    effects = np.array(coefficients) * deviation
    labels = names(encoded)
    last = np.abs(effects[-2]).argsort()[::-1][:NAMED]
    ax = plt.figure(figsize=(10, 4.6)).subplots()
    ax.plot(strengths, effects, color=GRAY, linestyle="-", linewidth=0.7)
    for place, (feature, style) in enumerate(
        zip(
            sorted(last, key=lambda f: -effects[0, f]),
            ("-", "--", "-.", ":", "-", "--"),
            strict=True,
        )
    ):
        ax.plot(
            strengths,
            effects[:, feature],
            color=f"C{place}",
            linestyle=style,
            linewidth=2.2,
            label=labels[feature],
        )
    ax.axhline(0, color="black", linewidth=0.8)
    ax.set(
        xscale="log",
        title="The lasso drops feature after feature",
        xlabel="strength of the lasso (log scale)",
        ylabel="change of log(price) per\nstandard deviation",
    )
    ax.set_xticks(strengths, [f"{strength:g}" for strength in strengths])
    ax.minorticks_off()
    ax.figure.legend(loc="outside right upper", fontsize=9)
    used = (effects != 0).sum(axis=1)
    size = np.abs(effects)
    grown = int((size.max(axis=0) > size[0] + 0.001).sum())
    told = (
        f"{used[0]} of {effects.shape[1]} coefficients are not zero at the weak end, {used[-1]} "
        f"at the strong end. {grown} of them grow on the way before they shrink."
    )
    show(ax, alt=f"A line per coefficient over the strength of the lasso. {told}", caption=told)


def names(encoded):
    """The features of a column `features` in words, such as `room_type: Private room`."""
    groups = encoded.schema["features"].metadata["ml_attr"]["attrs"].values()
    found = sorted((each["idx"], each["name"]) for group in groups for each in group)
    text = sorted((n for n, kind in encoded.dtypes if kind == "string"), key=len, reverse=True)
    readable = []
    for _, name in found:
        column = next((each for each in text if name.startswith(f"{each}_")), None)
        if column and column != name:
            word = name.removeprefix(f"{column}_").removeprefix("vector_")
            readable.append(f"{column}: {word}")
        else:
            readable.append(name)
    return readable


def count_words(rows, columns):
    """How many listings have each word, as a series `listings` with the labels of `names`."""
    local = rows.select(columns).toPandas()
    counts = [local[column].value_counts().rename(f"{column}: {{}}".format) for column in columns]
    return pd.concat(counts).rename("listings")


def neighborhoods(effects):
    """Effects of the neighborhoods with two standard errors, and the truth where it is known."""
    prefix = "neighbourhood_cleansed: "
    places = effects[effects.index.str.startswith(prefix)].sort_values("effect")
    places.index = places.index.str.removeprefix(prefix)
    ax = plt.figure(figsize=(7, 0.2 * len(places) + 1.4)).subplots()
    ax.errorbar(
        places["effect"], places.index, xerr=places["± 2 s.e."], fmt="o", label="effect ± 2 s.e."
    )
    if "truth" in places:
        ax.plot(places["truth"], places.index, "x", color="black", label="truth")
    ax.axvline(0, color="black", linewidth=0.8)
    ax.set(title="Neighborhoods, beside the most frequent one", xlabel="effect on log(price)")
    ax.margins(y=0.02)
    ends = (places["effect"].abs() + places["± 2 s.e."]).sort_values()
    frame = 1.05 * ends.iloc[: -max(1, len(ends) // 15)].max()  # a few long bars would squeeze all
    ax.set_xlim(-frame, frame)
    ax.legend(loc="lower right")
    wide = places["± 2 s.e."].idxmax()
    narrow = places["± 2 s.e."].idxmin()
    told = (
        f"From {places['effect'].iloc[0]:+.2f} in {places.index[0]} to "
        f"{places['effect'].iloc[-1]:+.2f} in {places.index[-1]}. The bar of {wide} is the longest "
        f"(± {places['± 2 s.e.'].max():.2f}, it leaves the frame), that of {narrow} the shortest "
        f"(± {places['± 2 s.e.'].min():.2f})."
    )
    show(
        ax,
        alt=f"Effects of {len(places)} neighborhoods on log(price), with error bars. {told}",
        caption=told,
    )
