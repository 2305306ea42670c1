"""The pictures of lesson 06, each with its words, and the numbers of its tests."""

import tracemalloc
from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy import stats

from course_utils import show

BLUE, ORANGE, GREEN = "C0", "C1", "C2"
ENOUGH = 10  # a mean of fewer listings says little


def cloud(rows):
    """Every listing as a dot, and the mean price for each number of bedrooms."""
    seen = rows.assign(x=rows["bedrooms"] + _side_by_side(len(rows)))
    top = rows["price"].quantile(0.99)
    above = int((rows["price"] > top).sum())
    means = _means(rows, "price")
    ax = plt.figure(figsize=(7, 4.6)).subplots()
    ax.plot(seen["x"], seen["price"], ".", markersize=2.5, alpha=0.35, label="a listing")
    ax.plot(means.index, means["mean"], "D", color=ORANGE, markersize=8, label="mean price")
    for bedrooms, mean in means["mean"].items():
        ax.annotate(
            f"${mean:,.0f}",
            (bedrooms, mean),
            xytext=(0, 11),
            ha="center",
            textcoords="offset points",
            weight="bold",
            bbox={"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1.5},
        )
    ax.set(
        ylim=(0, top),
        xlabel="bedrooms (0: a studio)",
        ylabel="price per night ($)",
        title="What places ask, by their number of bedrooms",
        xticks=range(int(means.index.max()) + 1),
        xlim=(-0.6, means.index.max() + 0.9),
    )
    ax.legend(loc="lower right")
    first, third = _step(means, 0), _step(means, 2)
    show(
        ax,
        alt=f"Scatter plot of price in dollars over bedrooms for {len(rows):,} listings. "
        f"The mean price is ${means['mean'].iloc[0]:.0f} without a bedroom and rises to "
        f"${means['mean'].iloc[-1]:.0f} with {means.index[-1]:.0f}; the dots spread wider and "
        "wider.",
        caption=f"From no bedroom to one, the mean price changes by ${first:.0f}; from two to "
        f"three, by ${third:.0f}. {above} listings ask more than ${top:,.0f} and lie above the "
        "frame.",
    )


def residuals(rows, line, title):
    """Some listings, a line, and the distance between them; the errors are those of all rows."""
    shuffled = rows[rows["bedrooms"] <= 4].sort_values(["bedrooms", "price"])
    some = shuffled.sample(frac=1, random_state=3).groupby("bedrooms").head(6)
    some = some.sort_values(["bedrooms", "price"])
    place = some.groupby("bedrooms").cumcount()
    x = some["bedrooms"] + 0.12 * (place - 2.5)
    ax = plt.figure().subplots()
    # The dots of a number of bedrooms stand side by side; the line is asked at that number
    at = np.arange(5)
    ax.vlines(
        x, line(some["bedrooms"]), some["price"], color=ORANGE, linewidth=1.2, label="residual"
    )
    ax.plot(x, some["price"], "o", label="a listing")
    ax.plot(at, line(at), ":", color="black", linewidth=1)
    ax.hlines(line(at), at - 0.36, at + 0.36, color="black", label="the line at this number")
    ax.set(title=title, xlabel="bedrooms", ylabel="price per night ($)", xticks=range(5))
    ax.legend()
    off = rows["price"] - line(rows["bedrooms"])
    below = (off < 0).mean()
    mae, rmse = abs(off).mean(), np.sqrt((off**2).mean())
    show(
        ax,
        alt=f"Thirty listings, six for each number of bedrooms from 0 to 4, around a rising "
        f"line; a vertical residual joins each dot to the line. Over all {len(rows):,} listings "
        f"the mean absolute residual is ${mae:.0f}.",
        caption=f"Over all {len(rows):,} listings this line misses by ${mae:.2f} on average; the "
        f"root of the mean squared miss is ${rmse:.2f}. {below:.0%} of the listings lie below "
        "it.",
    )


def losses(slopes, squares, absolute):
    """Both losses over the slope, and where each is smallest."""
    ax = plt.figure().subplots()
    for loss, name, style, color in (
        (squares, "root of the mean square", "-", BLUE),
        (absolute, "mean absolute value", "--", ORANGE),
    ):
        best = int(np.argmin(loss))
        ax.plot(slopes, loss, style, color=color, label=name)
        ax.plot(slopes[best], loss[best], "o", color=color, markersize=9)
        ax.annotate(
            f"${slopes[best]} per bedroom",
            (slopes[best], loss[best]),
            xytext=(0, -18),
            textcoords="offset points",
            ha="center",
            color=color,
            weight="bold",
        )
    ax.set(
        title="Two losses, two best slopes",
        xlabel="slope ($ per bedroom)",
        ylabel="loss ($)",
        ylim=(0.7 * min(absolute), None),
    )
    ax.legend(loc="upper center")
    one, other = slopes[np.argmin(squares)], slopes[np.argmin(absolute)]
    show(
        ax,
        alt=f"Two bowl-shaped curves of the loss over the slope. With squares it is smallest "
        f"at ${one} per bedroom, with absolute values at ${other}.",
        caption=f"Squares choose ${one} per bedroom, absolute values ${other}.",
    )


def learning_curve(errors):
    """RMSE on the rows learned from and on new rows, as more rows are learned from."""
    ax = plt.figure().subplots()
    sizes = list(errors)
    known, new = zip(*errors.values(), strict=True)
    for values, name, style, color in (
        (new, "new rows (test)", "o--", ORANGE),
        (known, "rows it learned from (train)", "o-", BLUE),
    ):
        ax.plot(sizes, values, style, color=color, label=name)
    ax.set(
        xscale="log",
        title="New rows, and known ones, as there is more to learn from",
        xlabel="rows to learn from (log scale)",
        ylabel="RMSE ($)",
        ylim=(0, None),
    )
    ax.set_xticks(sizes, [f"{size:,}" for size in sizes])
    ax.minorticks_off()
    ax.legend()
    show(
        ax,
        alt=f"RMSE on training and test rows over the number of training rows. With "
        f"{sizes[0]} rows it is ${known[0]:.0f} and ${new[0]:.0f}; with {sizes[-1]:,} rows "
        f"${known[-1]:.0f} and ${new[-1]:.0f}.",
        caption=f"Learned from {sizes[0]} rows, the model misses those by ${known[0]:.2f} and "
        f"new ones by ${new[0]:.2f}. Learned from {sizes[-1]:,}, it is ${known[-1]:.2f} and "
        f"${new[-1]:.2f}.",
    )


def means_and_line(seen):
    """Mean price for each number of bedrooms, with the line's prediction."""
    means = _means(seen, "price")
    line = seen.groupby("bedrooms")["prediction"].first().loc[means.index]
    ax = plt.figure().subplots()
    ax.plot(line.index, line, "-", color="black", label="the line")
    ax.errorbar(
        means.index,
        means["mean"],
        2 * means["sem"],
        fmt="D",
        color=ORANGE,
        capsize=4,
        label="mean price ± 2 standard errors",
    )
    ax.set(
        title="Linearity: do the means lie on the line?",
        xlabel="bedrooms",
        ylabel="price per night ($)",
        xticks=means.index,
    )
    ax.legend()
    show(
        ax,
        alt=f"Mean price with error bars for each number of bedrooms, and the fitted line. "
        f"Without a bedroom the mean is ${means['mean'].iloc[0]:.0f} and the line "
        f"${line.iloc[0]:.0f}.",
        caption=f"Studios cost ${means['mean'].iloc[0]:.0f} on average, and the line predicts "
        f"${line.iloc[0]:.0f}. With {line.index[-1]:.0f} bedrooms it is "
        f"${means['mean'].iloc[-1]:,.0f} and ${line.iloc[-1]:,.0f}.",
    )


def lack_of_fit(seen):
    """F of the lack-of-fit test of a line over bedrooms: about 1 if the line is right."""
    groups = seen.groupby("bedrooms")["residual"]
    mean, k, n = groups.transform("mean"), groups.ngroups, len(seen)
    within = ((seen["residual"] - mean) ** 2).sum() / (n - k)
    return (mean**2).sum() / (k - 2) / within


def neighborhoods(seen):
    """A map: how far the prices of a neighborhood lie above or below what the line predicts."""
    groups = seen.groupby("neighbourhood_cleansed").agg(
        x=("longitude", "mean"),
        y=("latitude", "mean"),
        size=("residual", "size"),
        mean=("residual", "mean"),
        sem=("residual", "sem"),
    )
    groups = groups[groups["size"] >= ENOUGH].sort_values("mean")
    far = groups["mean"].abs() > 2 * groups["sem"]
    most = groups["mean"].abs().nlargest(3).iloc[-1]  # a single extreme would pale the others
    fig, ax = plt.subplots(figsize=(7, 5))
    dots = ax.scatter(
        groups["x"],
        groups["y"],
        s=2 * groups["size"] + 30,
        c=groups["mean"],
        cmap="PuOr_r",
        vmin=-most,
        vmax=most,
        edgecolor="black",
        linewidth=np.where(far, 2.2, 0.6),
    )
    for name, above in ((groups.index[0], -30), (groups.index[-1], 10)):
        spot = groups.loc[name]
        ax.annotate(
            f"{name}\n{_signed(spot['mean'])}",
            (spot["x"], spot["y"]),
            xytext=(0, above),
            textcoords="offset points",
            fontsize=9,
            ha="center",
            weight="bold",
        )
    fig.colorbar(dots, label="mean residual ($)", extend="both")
    ax.margins(0.16)
    ax.ticklabel_format(useOffset=False)
    ax.locator_params(nbins=5)
    ax.set(
        title="Independence: neighbors share their residuals",
        xlabel="longitude (degrees)",
        ylabel="latitude (degrees)",
    )
    low, high = groups["mean"].iloc[0], groups["mean"].iloc[-1]
    show(
        ax,
        alt=f"Map of {len(groups)} neighborhoods as circles, sized by the number of "
        f"listings and colored by the mean residual, from {_signed(low)} in {groups.index[0]} "
        f"to {_signed(high)} in {groups.index[-1]}.",
        caption=f"Prices in {groups.index[-1]} differ from the line by {_signed(high)} on "
        f"average, in {groups.index[0]} by {_signed(low)}. Of {len(groups)} means, {far.sum()} are "
        "more than two standard errors from zero.",
    )


def durbin_watson(seen):
    """The Durbin–Watson number of residuals in an order in which neighbors follow each other."""
    e = seen.sort_values(["neighbourhood_cleansed", "latitude", "longitude"])["residual"]
    return (e.diff() ** 2).sum() / (e**2).sum()


def bell_curve(seen):
    """Q-Q plot: the residuals in order, against those that a normal distribution would have."""
    normal, ordered = stats.probplot(seen["residual"], fit=False)
    bell = normal * seen["residual"].std()  # least squares leaves residuals with the mean 0
    ax = plt.figure().subplots()
    ax.plot(normal, ordered, ".", markersize=4, label="residuals")
    ax.plot(normal, bell, "-", color="black", label="a bell curve")
    ax.set(
        title="Normality: do the residuals follow a bell curve?",
        ylabel="residual ($)",
        xlabel="where a bell curve would have it (standard deviations)",
    )
    ax.legend()
    show(
        ax,
        alt=f"Q–Q plot of the residuals against the straight line of a normal distribution. "
        f"They leave it on the right; the largest is ${ordered.max():,.0f}.",
        caption=f"The largest residual is ${ordered.max():,.0f}. If residuals followed the bell "
        f"curve, the largest of {len(seen):,} would be about ${bell.max():,.0f}.",
    )


def fan(seen):
    """The middle four fifths of the residuals at each predicted price."""
    groups = seen.groupby("bedrooms")["residual"]
    low, middle, high = (groups.quantile(q)[groups.size() >= ENOUGH] for q in (0.1, 0.5, 0.9))
    x = seen.groupby("bedrooms")["prediction"].first().loc[low.index]
    ax = plt.figure().subplots()
    ax.vlines(x, low, high, color=BLUE, linewidth=9, alpha=0.5, label="middle 80 %")
    ax.plot(x, middle, "_", color="black", markersize=18, markeredgewidth=2.5, label="median")
    ax.axhline(0, color="black", linewidth=0.8)
    ax.set(
        title="Equal spread: are all residuals of the same size?",
        xlabel="predicted price ($)",
        ylabel="residual ($)",
    )
    ax.legend(loc="upper left")
    narrow, wide = (high - low).iloc[0], (high - low).iloc[-1]
    longest = (high - low).idxmax()
    show(
        ax,
        alt=f"A vertical bar for each predicted price spans the middle 80 % of the "
        f"residuals: ${narrow:.0f} at ${x.iloc[0]:.0f}, ${wide:,.0f} at ${x.iloc[-1]:.0f}. The "
        f"longest, ${(high - low)[longest]:,.0f}, stands at ${x[longest]:.0f}.",
        caption=f"Where the line predicts ${x.iloc[0]:.0f}, the middle 80 % of the residuals "
        f"span ${narrow:.0f}; where it predicts ${x.iloc[-1]:.0f}, ${wide:,.0f}.",
    )


def four_numbers(models):
    """A number for each of the four assumptions, as a table: {model: its rows}."""
    table = {}
    for name, seen in models.items():
        size = stats.spearmanr(seen["prediction"], seen["residual"].abs())
        table[name] = {
            "1 linearity: F (best 1)": lack_of_fit(seen),
            "2 independence: Durbin–Watson (best 2)": durbin_watson(seen),
            "3 normality: skewness (best 0)": stats.skew(seen["residual"]),
            "4 equal spread: correlation (best 0)": size.statistic,
        }
    return pd.DataFrame(table)


def first_bedroom(table):
    """Mean price without and with one bedroom: for each kind of room, and for all together."""
    count = table.pivot(index="room_type", columns="bedrooms", values="listings").fillna(0)
    price = table.pivot(index="room_type", columns="bedrooms", values="mean_price")
    together = (count * price).sum() / count.sum()
    share = count / count.sum()
    ax = plt.figure(figsize=(7, 4.4)).subplots()
    ax.plot([0, 1], together, "D--", color="black", markersize=8)
    labels = {"all together": together}
    for kind, color in zip(
        count.sum(axis=1).nlargest(3).index, (BLUE, ORANGE, GREEN), strict=False
    ):
        labels[kind] = price.loc[kind]
        ax.plot([0, 1], price.loc[kind], "o-", color=color)
        for at in (0, 1):
            ax.annotate(
                f"{share.loc[kind, at]:.0%}",
                (at, price.loc[kind, at]),
                xytext=(0, 8),
                ha="center",
                textcoords="offset points",
                color=color,
                annotation_clip=True,
            )
    changes = {
        kind: _signed(pair[1] - pair[0]) for kind, pair in labels.items() if pair.notna().all()
    }
    for kind, pair in labels.items():
        ax.annotate(
            f"{kind}: {changes[kind]}" if kind in changes else kind,
            (1, pair[1]),
            xytext=(16, 0),
            textcoords="offset points",
            va="center",
            weight="bold",
        )
    ax.set(
        title="The first bedroom, room type by room type",
        xlim=(-0.2, 2.1),
        ylabel="mean price ($)",
        ylim=(0, 1.13 * np.nanmax(price)),
    )
    ax.set_xticks([0, 1], ["studio", "one bedroom"])
    ax.grid(axis="x", visible=False)
    said = ", ".join(f"{change} for {kind}" for kind, change in changes.items())
    entire = share.loc["Entire home/apt"]
    show(
        ax,
        alt=f"Lines from the mean price of studios to that of one-bedroom listings: {said}. "
        "The share of each room type stands beside its dots.",
        caption=f"With the first bedroom the mean price changes by {said}. The percentages are "
        f"shares of the listings: {entire[0]:.0%} of the studios and {entire[1]:.0%} of the "
        "one-bedroom listings are entire homes.",
    )


def compare_with_truth(columns, without, full, yardstick):
    """Print the coefficients of two fits beside what they should be, and how close they are.

    Args:
        columns: the columns of both fits, in their order.
        without: the fit with these columns alone.
        full: the fit with more columns, which come after these.
        yardstick: the truth; where nobody knows it, a fit of all columns to other rows.

    Returns:
        The table: a row for each column, with the coefficient of both fits, two standard errors
        of the second one, and what they should be.
    """
    n, due = len(columns), yardstick.coefficients
    known = isinstance(due, Mapping)
    name = "truth" if known else "test rows"
    table = pd.DataFrame(
        {
            "without flags": without.coefficients,
            "with flags": full.coefficients[:n],
            "± 2 s.e.": 2 * np.array(full.summary.coefficientStandardErrors[:n]),
            name: [due[column] for column in columns] if known else due[:n],
        },
        index=columns,
    )
    print(table.round(4).to_string())
    at = (table["with flags"] - table["without flags"]).abs().argmax()
    before, after, _, right = table.iloc[at]
    print(f"{columns[at]} moved most, from {before:.4f} to {after:.4f}; {name}: {right:.4f}")
    inside = (table["with flags"] - table[name]).abs() <= table["± 2 s.e."]
    print(f"with flags, {inside.sum()} of {n} are within two standard errors of {name}")
    return table


def race(times):
    """Seconds to fit over rows, medians with the fastest and slowest run."""
    ax = plt.figure().subplots()
    names = dict.fromkeys(name for name, _ in times)
    for name, style in zip(names, ("o-", "s--", "^:"), strict=False):
        mine = {rows: timing for (who, rows), timing in times.items() if who == name}
        middle = np.array([timing.median for timing in mine.values()])
        low = middle - [timing.minimum for timing in mine.values()]
        high = np.array([timing.maximum for timing in mine.values()]) - middle
        ax.errorbar(list(mine), middle, [low, high], fmt=style, capsize=4, label=name)
    ax.set(
        xscale="log",
        yscale="log",
        title="Seconds to fit a line (median and range)",
        xlabel="rows (log scale)",
        ylabel="seconds (log scale)",
    )
    ax.legend()
    sizes = sorted({rows for _, rows in times})
    ax.set_xticks(sizes, [f"{size:,}" for size in sizes])
    ax.minorticks_off()
    gaps = [times["spark.ml", n].median / times["scikit-learn", n].median for n in sizes]
    each = {
        name: (times[name, sizes[-1]].median - times[name, sizes[-2]].median)
        / (sizes[-1] - sizes[-2])
        * 1e6
        for name in ("spark.ml", "scikit-learn")
    }
    show(
        ax,
        alt=f"Seconds to fit over rows, both logarithmic. spark.ml takes {gaps[0]:,.0f} "
        f"times as long as scikit-learn with {sizes[0]:,} rows and {gaps[-1]:,.0f} times with "
        f"{sizes[-1]:,}.",
        caption=f"With {sizes[0]:,} rows spark.ml takes {gaps[0]:,.0f} times as long as "
        f"scikit-learn; with {sizes[-1]:,} rows, {gaps[-1]:,.0f} times. Between the last two "
        f"sizes, each further row costs spark.ml {each['spark.ml']:.2f} µs and scikit-learn "
        f"{each['scikit-learn']:.2f} µs.",
    )


def peak_memory(function):
    """Bytes that Python held at most, beside what it held before, while `function` ran."""
    tracemalloc.start()
    try:
        function()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _means(rows, column):
    means = rows.groupby("bedrooms")[column].agg(["size", "mean", "sem"])
    return means[means["size"] >= ENOUGH]


def _step(means, bedrooms):
    return means["mean"].get(bedrooms + 1, np.nan) - means["mean"].get(bedrooms, np.nan)


def _side_by_side(n):
    """Offsets that keep equal numbers from hiding one another, the same in every run."""
    return np.random.default_rng(6).uniform(-0.28, 0.28, n)


def _signed(dollars):
    return f"{'+' if dollars >= 0 else '−'}${abs(dollars):,.0f}"
