"""The pictures of lesson 20, each with its words. The lesson explains what they show."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from course_utils import show

BLUE, ORANGE, GREEN, PINK = "C0", "C1", "C2", "C3"
EDGES = (-1, 0, 5, 10, 20, 50, 100, 200, np.inf)
ENOUGH = 10  # a share of fewer listings says little
DOTS = 800  # of a cloud; more would hide one another, and weigh


def superhosts(rows):
    """Some listings as dots at 0 or 1, and the share of superhosts by number of reviews."""
    ax = _dots(rows)
    shares = _shares(rows)
    ax.plot(shares["x"], shares["share"], "D", color=ORANGE, markersize=8, label="share")
    for x, share in zip(shares["x"], shares["share"], strict=True):
        if x > 60 or x == shares["x"].iloc[0]:
            place = {"xytext": (0, 10), "textcoords": "offset points", "ha": "center"}
            ax.annotate(f"{share:.0%}", (x, share), weight="bold", **place)
    ax.set(title="Superhosts by number of reviews")
    ax.legend(loc="center right")
    few, many = shares["share"].iloc[0], shares["share"].iloc[-1]
    show(
        ax,
        alt="Listings as dots at 1 (superhost) or 0, over their number of reviews. "
        f"The share of superhosts is {few:.0%} without reviews and {many:.0%} at the right end.",
        caption=f"Of all {len(rows):,} listings, {rows['label'].mean():.1%} belong to a superhost. "
        f"Of those without a review it is {few:.1%}, of those with more than "
        f"{EDGES[-2]} reviews {many:.1%}. {min(len(rows), DOTS)} listings are drawn as dots.",
    )


def curve(rows, line, s_curve):
    """Shares by number of reviews, a line, and the probability that a logistic regression gives."""
    ax = _dots(rows)
    shares = _shares(rows)
    x = np.linspace(0, rows["number_of_reviews"].max(), 400)
    ax.plot(shares["x"], shares["share"], "D", color=ORANGE, markersize=8, label="share")
    ax.plot(x, line(x), "--", color="black", label="line")
    ax.plot(x, s_curve(x), "-", color=GREEN, linewidth=2.6, label="logistic regression")
    ax.axhspan(1, 1.75, color="0.9", zorder=0)
    ax.text(8, 1.6, "no probability lives here", color="0.35", fontsize=10)
    ax.set(title="A line leaves the range of probabilities", ylim=(-0.12, 1.75))
    ax.legend(loc="center right", bbox_to_anchor=(1, 0.32))
    end = x[-1]
    show(
        ax,
        alt=f"Shares of superhosts over the number of reviews, a straight line that reaches "
        f"{line(end):.2f} at {end:.0f} reviews, and a curve that stays below 1.",
        caption=f"At {end:.0f} reviews the line is at {line(end):.2f} and the curve at "
        f"{s_curve(end):.3f}. Without reviews the curve says {s_curve(0):.2f}, and the share is "
        f"{shares['share'].iloc[0]:.2f}.",
    )


def confusion(counts, names):
    """Confusion matrix: what is true in rows, what the model says in columns."""
    counts = np.array(counts)
    ax = plt.figure(figsize=(1.5 * len(names) + 2.4, 1.2 * len(names) + 1.4)).subplots()
    ax.imshow(counts, cmap="Blues", vmax=1.4 * counts.max())
    for i, j in np.ndindex(counts.shape):
        weight = "bold" if i == j else "normal"
        ax.text(j, i, f"{counts[i, j]:,}", ha="center", va="center", fontsize=13, weight=weight)
    ax.set_xticks(range(len(names)), names)
    ax.set_yticks(range(len(names)), names)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    ax.set(title="Right on the diagonal", xlabel="what the model says", ylabel="what is true")
    cells = "; ".join(
        f"true {names[i]} called {names[j]}: {counts[i, j]:,}" for i, j in np.ndindex(counts.shape)
    )
    wrong = counts.sum() - np.trace(counts)
    show(
        ax,
        alt=f"Confusion matrix, number of listings. {cells}.",
        caption=_told_mistakes(counts, names)
        if len(names) == 2
        else f"{wrong:,} of {counts.sum():,} listings lie beside the diagonal. The last column has "
        f"{counts[:, -1].sum():,}: that often the model says {names[-1]}; there are "
        f"{counts[-1].sum():,}.",
    )


def roc_and_pr(curve, share, point):
    """Both curves, what a coin does, and where one stands.

    Args:
        curve: "recall", "precision", "false" for falling thresholds.
        share: of positives.
        point: (false positive rate, recall, precision) at the threshold in use.
    """
    fig, (roc, pr) = plt.subplots(1, 2, figsize=(9, 4.2))
    false, recall, precision = point
    roc.plot(np.append(0, curve["false"]), np.append(0, curve["recall"]), "-", color=BLUE)
    roc.plot([0, 1], [0, 1], "--", color="black", linewidth=1)
    roc.plot(false, recall, "o", color=ORANGE, markersize=10)
    roc.set(title="ROC", xlabel="false positive rate", ylabel="recall (true positive rate)")
    pr.plot(curve["recall"], curve["precision"], "-", color=BLUE)
    pr.axhline(share, linestyle="--", color="black", linewidth=1)
    pr.plot(recall, precision, "o", color=ORANGE, markersize=10)
    pr.set(title="Precision–recall", xlabel="recall", ylabel="precision", ylim=(0, 1.02))
    near = {"textcoords": "offset points", "color": ORANGE, "weight": "bold"}
    roc.annotate("0.5", (false, recall), xytext=(10, -12), **near)
    pr.annotate("0.5", (recall, precision), xytext=(4, 10), **near)
    roc.annotate("a coin", (0.62, 0.55))
    pr.annotate(f"a coin: {share:.2f}", (0.03, share - 0.07))
    show(
        fig,
        alt=f"Left, the ROC curve above the diagonal; right, precision over recall above the line "
        f"of a coin at {share:.2f}. At the threshold 0.5 the false positive rate is {false:.2f}, "
        f"recall {recall:.2f} and precision {precision:.2f}.",
        caption=f"At the threshold 0.5, {recall:.0%} of the superhosts are called and {false:.0%} "
        f"of the others; {precision:.0%} of those called are superhosts. A coin would have a "
        f"precision of {share:.0%}.",
    )


def costs(thresholds, cost, theory):
    """What a listing costs over the threshold, the cheapest one, and the computed one."""
    ax = plt.figure().subplots()
    best = int(np.argmin(cost))
    half = cost[int(np.argmin(abs(thresholds - 0.5)))]
    ax.plot(thresholds, cost, "o-", color=BLUE, markersize=4)
    ax.plot(thresholds[best], cost[best], "o", color=ORANGE, markersize=11)
    ax.axvline(theory, linestyle=":", color="black")
    ax.annotate(
        f"cheapest: {thresholds[best]:.2f}",
        (thresholds[best], cost[best]),
        xytext=(0, -20),
        textcoords="offset points",
        ha="center",
        color=ORANGE,
        weight="bold",
    )
    ax.annotate(f"computed: {theory:.2f} ", (theory, 0.95 * max(cost)), ha="right")
    ax.set(
        title="What a mistake costs decides about the threshold",
        xlabel="threshold",
        ylabel="cost per listing ($)",
        ylim=(0, None),
    )
    show(
        ax,
        alt=f"Cost per listing over the threshold, a curve with its lowest point at "
        f"{thresholds[best]:.2f}, where it is ${cost[best]:.2f}; at 0.5 it is ${half:.2f}.",
        caption=f"At {thresholds[best]:.2f} a listing costs ${cost[best]:.2f}, at 0.5 it costs "
        f"${half:.2f}. Near the left end, where nearly everybody is visited, it is "
        f"${cost[0]:.2f}, and near the right end ${cost[-1]:.2f}.",
    )


def reliability(answers, where):
    """Observed share over predicted probability, in ten groups of equal size.

    Args:
        answers: name -> (labels, probabilities).
        where: on which rows.
    """
    fig, axes = plt.subplots(
        1, len(answers), figsize=(max(4.6, 3.2 * len(answers)), 4), sharey=True, squeeze=False
    )
    gaps = {}
    for ax, (name, (y, p)) in zip(axes[0], answers.items(), strict=True):
        groups = np.array_split(np.argsort(p, kind="stable"), 10)
        said = np.array([p[rows].mean() for rows in groups])
        there = np.array([y[rows].mean() for rows in groups])
        error = 2 * np.sqrt(there * (1 - there) / len(groups[0]))
        gaps[name] = float(abs(said - there).mean())
        ax.plot([0, 1], [0, 1], "--", color="black", linewidth=1)
        ax.vlines(said, said, there, color=ORANGE, linewidth=1.5)
        ax.errorbar(said, there, error, fmt="o", color=BLUE, elinewidth=0.8, capsize=2)
        ax.set(title=name, xlabel="predicted probability", xlim=(0, 1), ylim=(0, 1))
        ax.set_aspect("equal")
    axes[0][0].set_ylabel("share of superhosts")
    told = "; ".join(f"{name} {gap:.3f}" for name, gap in gaps.items())
    show(
        fig,
        alt=f"Reliability diagram {where}: the share of superhosts over the predicted probability "
        f"in ten groups, beside the diagonal. Mean distance from the diagonal: {told}.",
        caption=f"Ten groups of about {len(groups[0])} listings each {where}, with two standard "
        f"errors. Mean distance between what was predicted and what is there: {told}.",
    )


def borders(rows, plain, curved):
    """Listings by reviews and rating, and where two models have log-odds of 0.

    Args:
        rows: `number_of_reviews`, `review_scores_rating`, `label`.
        plain: model of rating and reviews.
        curved: model of rating and log(1 + reviews).
    """
    shown = rows[(rows["number_of_reviews"] <= 120) & (rows["review_scores_rating"] >= 80)]
    shown = shown.sample(min(len(shown), DOTS), random_state=20)
    rng = np.random.default_rng(20)
    ax = plt.figure(figsize=(7, 4.8)).subplots()
    for label, name, color, marker in (
        (0, "no badge", "0.6", "x"),
        (1, "superhost", BLUE, "."),
    ):
        some = shown[shown["label"] == label]
        x, y = (
            some[column] + rng.uniform(-0.4, 0.4, len(some))
            for column in ("number_of_reviews", "review_scores_rating")
        )
        ax.plot(x, y, marker, linestyle="none", color=color, markersize=4, label=name)
    x = np.linspace(0, 120, 300)
    for model, column, name, style, color in (
        (plain, x, "reviews: straight", "--", "black"),
        (curved, np.log1p(x), "log(reviews): bent", "-", ORANGE),
    ):
        rating, other = model.coefficients
        ax.plot(
            x,
            -(model.intercept + other * column) / rating,
            style,
            color=color,
            linewidth=2.6,
            label=f"border with {name}",
        )
    ax.set(
        title="Where the probability is one half",
        xlabel="number of reviews",
        ylabel="rating",
        ylim=(79.5, 106),
    )
    ax.legend(loc="upper right", ncols=2, fontsize=9)
    corner = rows[(rows["number_of_reviews"] > 10) & (rows["review_scores_rating"] >= 96)]
    rest = rows.drop(corner.index)
    show(
        ax,
        alt="Scatter plot of rating over number of reviews, superhosts as dots and others as "
        "crosses. The border of one model is a straight line, that of the other bends around the "
        "corner where most superhosts are.",
        caption=f"With more than 10 reviews and a rating of 96 or more, "
        f"{corner['label'].mean():.0%} are superhosts; of all other listings "
        f"{rest['label'].mean():.0%}. Dots are spread a little, so that equal ones can be seen.",
    )


def truth(right, said):
    """Predicted over true probability, one panel for each model."""
    fig, axes = plt.subplots(1, len(said), figsize=(8.4, 4.2), sharey=True)
    off, some = {}, slice(0, DOTS // 2)
    for ax, (name, p) in zip(axes, said.items(), strict=True):
        off[name] = float(np.sqrt(np.mean((p - right) ** 2)))
        ax.plot(right[some], p[some], ".", markersize=3, alpha=0.5)
        ax.plot([0, 1], [0, 1], "--", color="black", linewidth=1)
        ax.set(title=name, xlabel="true probability of leaving", xlim=(0, 1), ylim=(0, 1))
        ax.set_aspect("equal")
    axes[0].set_ylabel("predicted probability")
    told = "; ".join(f"{name}: {value:.3f}" for name, value in off.items())
    show(
        fig,
        alt=f"Predicted over true probability of {len(right):,} customers, two panels. Root mean "
        f"squared distance from the diagonal: {told}.",
        caption=f"{len(right):,} customers that the models have not seen, {some.stop} of them as "
        f"dots. Root mean squared distance from the true probability: {told}.",
    )


def ways(y, p, called):
    """Precision and recall of some classifications, on the curve of one model.

    Args:
        y, p: labels and probabilities of the model whose curve is drawn.
        called: name -> which rows are called positive.
    """
    order = np.argsort(-p, kind="stable")
    hits = np.cumsum(y[order])
    ax = plt.figure(figsize=(7, 4.6)).subplots()
    ax.plot(
        hits / hits[-1],
        hits / np.arange(1, len(y) + 1),
        "-",
        color="0.6",
        label="all thresholds of the first model",
    )
    colors = (BLUE, ORANGE, GREEN, PINK, "C4", "black")
    marks = zip("osD^oP", (11, 14, 10, 7, 14, 7), colors, strict=True)  # none hides another
    found = {}
    for (name, on), (marker, size, color) in zip(called.items(), marks, strict=True):
        found[name] = (on[y == 1].mean(), y[on].mean() if on.any() else 0.0)
        ax.plot(*found[name], marker, color=color, markersize=size, label=name)
    ax.axhline(y.mean(), linestyle="--", color="black", linewidth=1)
    ax.set(
        title="Six ways, one curve",
        xlabel="recall",
        ylabel="precision",
        xlim=(0, 1.02),
        ylim=(0, 1.02),
    )
    ax.legend(fontsize=9)
    told = "; ".join(f"{n}: recall {r:.2f}, precision {q:.2f}" for n, (r, q) in found.items())
    plain, weighted = found["as it is"], found["weights"]
    show(
        ax,
        alt=f"Precision over recall of the first model, and six points close to its curve. {told}.",
        caption=f"Weights move recall from {plain[0]:.2f} to {weighted[0]:.2f} and precision from "
        f"{plain[1]:.2f} to {weighted[1]:.2f}. The dashed line is a coin, {y.mean():.2f}.",
    )


def _dots(rows):
    """Some listings at 0 or 1, spread a little so that equal ones can be seen."""
    rows = rows.sample(min(len(rows), DOTS), random_state=20)
    spread = np.random.default_rng(20).uniform(-0.06, 0.06, len(rows))
    ax = plt.figure(figsize=(7, 4.2)).subplots()
    ax.plot(
        rows["number_of_reviews"],
        rows["label"] + spread,
        ".",
        markersize=2.5,
        alpha=0.35,
        label="a listing",
    )
    ax.set(xlabel="number of reviews", ylabel="superhost (1) or not (0)", ylim=(-0.12, 1.12))
    return ax


def _shares(rows):
    """Mean number of reviews and share of superhosts, by group of listings."""
    groups = rows.groupby(pd.cut(rows["number_of_reviews"], EDGES), observed=True)
    shares = groups.agg(
        x=("number_of_reviews", "mean"), share=("label", "mean"), size=("label", "size")
    )
    return shares[shares["size"] >= ENOUGH]


def _told_mistakes(counts, names):
    return (
        f"{counts[0, 1]:,} of {counts.sum():,} listings are called {names[1]} and are not; "
        f"{counts[1, 0]:,} are one and are not called so."
    )
