"""The pictures of lesson 21, each with its words. The lesson explains what they show."""

import json
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from pyspark.sql import functions as F

from course_utils import show

BLUE, ORANGE, GREEN = "C0", "C1", "C2"
MARKS = ("o-", "s--", "^:", "D-.")
PUSHED = 2  # times as far out as the middle of its films stands the name of a genre
PUSHED = 2  # a genre stands this many times as far out as the middle of its films
MOST_USERS, MOST_FILMS = 2_000, 4_000  # a table of so many numbers is 64 MB
RACE = Path(__file__).with_name("bench.json")


def small(films, ratings):
    """Both as they are, or, of a large file of the reader's own, what fits into a notebook.

    Returns:
        (films, ratings): at most 2,000 users, by a hash, and their 4,000 most rated films.
    """
    counts = ratings.agg(F.countDistinct("user_id"), F.countDistinct("film_id")).first()
    if counts[0] <= MOST_USERS and counts[1] <= MOST_FILMS:
        return films, ratings
    users = ratings.select("user_id").distinct().orderBy(F.hash("user_id")).limit(MOST_USERS)
    ratings = ratings.join(users, "user_id", "left_semi")
    most = ratings.groupBy("film_id").count().orderBy(F.desc("count"), "film_id").limit(MOST_FILMS)
    return films.join(most, "film_id", "left_semi"), ratings.join(most, "film_id", "left_semi")


def holes(ratings):
    """Some users by some films, a square for each rating; and how full the whole table is."""
    rows = ratings.select("user_id", "film_id", "rating").toPandas()
    films = rows["film_id"].value_counts()
    users = np.sort(rows["user_id"].unique())
    some_users = np.random.default_rng(21).choice(users, min(60, len(users)), replace=False)
    some_films = films.index[:: max(1, len(films) // 120)][:120]
    part = rows[rows["user_id"].isin(some_users) & rows["film_id"].isin(some_films)]
    cells = part.pivot(index="user_id", columns="film_id", values="rating")
    cells = cells.reindex(index=np.sort(some_users), columns=some_films)
    fig, ax = plt.subplots(figsize=(7, 4))
    image = ax.imshow(cells.to_numpy(), aspect="auto", cmap="cividis_r", interpolation="nearest")
    fig.colorbar(image, label="stars")
    ax.grid(visible=False)
    ax.set(
        title="Who has rated what: mostly nothing",
        xlabel=f"{len(some_films)} films, from the most to the least rated",
        ylabel=f"{len(some_users)} of the users",
        xticks=[],
        yticks=[],
    )
    full = len(rows) / (len(users) * len(films))
    show(
        ax,
        alt=f"Table of {len(some_users)} users by {len(some_films)} films, a colored square for "
        f"each rating. It is nearly empty; most squares are on the left. Of all cells {full:.1%} "
        "are filled.",
        caption=f"{len(rows):,} ratings by {len(users):,} users: {full:.1%} of the whole table is "
        f"filled. The most rated film has {films.iloc[0]:,} ratings, half of the films have "
        f"{films.median():.0f} or fewer.",
    )


def bars(precision, k=10):
    """The recommenders beside one another: hits among k recommended films."""
    names, values = list(precision), np.array(list(precision.values()))
    ax = plt.figure(figsize=(7, 0.55 * len(names) + 1.3)).subplots()
    colors = [ORANGE if value == values.max() else BLUE for value in values]
    ax.barh(names, values, color=colors)
    for place, value in enumerate(values):
        ax.annotate(
            f"{value:.1%}",
            (value, place),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            weight="bold",
        )
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    ax.set(
        title=f"Of {k} films recommended, how many hit?",
        xlabel=f"precision@{k} on test ratings",
        xlim=(0, 1.15 * values.max()),
    )
    said = ", ".join(f"{name} {value:.1%}" for name, value in precision.items())
    best = names[int(values.argmax())]
    show(
        ax,
        alt=f"Bar chart of precision@{k}: {said}.",
        caption=f"The best of these is “{best}” with {values.max():.1%}: "
        f"{k * values.max():.2f} hits in a list of {k}.",
    )


def matrices(table, users, films):
    """The tiny table of ratings, its two factors, and their product, as tables of numbers.

    Args:
        table: users × films, NaN where there is no rating.
        users: one row of numbers per user.
        films: one row of numbers per film.
    """
    product = users @ films.T
    parts = (
        (table, "ratings", "films", "users"),
        (users, "P: users", "taste", ""),
        (films.T, "Qᵀ: films", "films", ""),
        (product, "P · Qᵀ", "films", ""),
    )
    widths = [part[0].shape[1] + 0.6 for part in parts]
    fig, axes = plt.subplots(1, 4, figsize=(7, 2.6), width_ratios=widths)
    for ax, (numbers, title, below, beside), sign in zip(axes, parts, "≈·= ", strict=True):
        hole = np.isnan(numbers)
        ax.imshow(np.where(hole, 0, numbers), cmap="Blues", vmin=-4, vmax=7)
        for (row, column), number in np.ndenumerate(numbers):
            guessed = title.startswith("P ·") and np.isnan(table[row, column])
            if guessed or np.isnan(number):
                box = plt.Rectangle((column - 0.46, row - 0.46), 0.92, 0.92, fill=False)
                box.set(edgecolor=ORANGE, linewidth=2.5)
                ax.add_patch(box)
            text = (
                "?" if np.isnan(number) else f"{number:.0f}" if ax is axes[0] else f"{number:.1f}"
            )
            ax.text(
                column,
                row,
                text,
                ha="center",
                va="center",
                fontsize=10,
                weight="bold" if guessed or text == "?" else "normal",
            )
        ax.set(xticks=[], yticks=[], xlabel=below, ylabel=beside)
        ax.set_title(f"{title}   {sign}", fontsize=11)
        ax.grid(visible=False)
    filled = ", ".join(
        f"{product[place]:.1f}" for place in zip(*np.nonzero(np.isnan(table)), strict=True)
    )
    show(
        fig,
        alt="Four tables of numbers side by side: the 4 × 3 ratings with a question mark in each "
        "hole are about equal to P, two numbers per user, times Q transposed, two numbers per "
        f"film; the product has a number in each cell. The holes get {filled}.",
        caption=f"Framed: the holes, and what the product puts there, row by row: {filled}.",
    )


def falling(objectives):
    """The objective after each half step."""
    ax = plt.figure(figsize=(7, 3.2)).subplots()
    ax.plot(range(len(objectives)), objectives, "-", color=BLUE)
    for start, mark, color, name in (
        (1, "o", BLUE, "films solved"),
        (2, "D", ORANGE, "users solved"),
    ):
        steps = range(start, len(objectives), 2)
        ax.plot(steps, [objectives[step] for step in steps], mark, color=color, label=name)
    ax.plot(0, objectives[0], "k*", markersize=11, label="random start")
    ax.set(
        yscale="log",
        title="Each half step can only go down",
        xlabel="half steps",
        ylabel="objective (log scale)",
        xticks=range(0, len(objectives), 2),
    )
    ax.legend()
    show(
        ax,
        alt=f"Line of the objective over half steps, falling at each one from {objectives[0]:.1f} "
        f"to {objectives[-1]:.2f}.",
        caption=f"From {objectives[0]:.1f} at the random start to {objectives[2]:.2f} after one "
        f"round and {objectives[-1]:.2f} at the end.",
    )


def rank_curve(grid, floor):
    """RMSE on validation ratings over rank, a line for each penalty, above the truth's floor.

    Args:
        grid: (rank, regParam) -> (RMSE, precision).
        floor: the lowest RMSE that is possible, or None where nobody knows it.
    """
    ax = plt.figure().subplots()
    ranks = sorted({rank for rank, _ in grid})
    for reg, mark in zip(sorted({reg for _, reg in grid}), MARKS, strict=False):
        errors = [grid[rank, reg][0] for rank in ranks]
        ax.plot(ranks, errors, mark, label=f"regParam {reg:g}")
    best = min(grid, key=lambda place: grid[place][0])
    error = grid[best][0]
    ax.plot(best[0], error, "o", color="black", markersize=13, fillstyle="none")
    above = "Nobody knows the floor of these ratings."
    if floor is not None:
        ax.axhline(floor, color="black", linewidth=1, linestyle="-")
        ax.annotate(
            "no model can be below",
            (ranks[-1], floor),
            xytext=(0, 4),
            ha="right",
            textcoords="offset points",
            fontsize=10,
        )
        above = f"The floor is {floor:.3f}, {error - floor:.3f} below."
    ax.set(
        title="More numbers per film help, up to a point",
        xlabel="rank (numbers per user and per film)",
        ylabel="RMSE on validation ratings (stars)",
        xticks=ranks,
    )
    ax.legend()
    show(
        ax,
        alt=f"RMSE over rank, a line for each regParam. The lowest, {error:.3f}, is at rank "
        f"{best[0]} and regParam {best[1]:g}. {above}",
        caption=f"The lowest RMSE is {error:.3f}, at rank {best[0]} with regParam {best[1]:g} "
        f"(circle). {above}",
    )


def disagree(grid):
    """Every fit of the grid by its RMSE and by its precision."""
    ax = plt.figure(figsize=(7, 4.4)).subplots()
    regs = sorted({reg for _, reg in grid})
    for reg, mark in zip(regs, "os^D", strict=False):
        points = [(*grid[place], place[0]) for place in grid if place[1] == reg]
        ax.plot([p[0] for p in points], [p[1] for p in points], mark, label=f"regParam {reg:g}")
        for error, hits, rank in points:
            ax.annotate(
                f"{rank}", (error, hits), xytext=(6, 3), textcoords="offset points", fontsize=9
            )
    by_error = min(grid, key=lambda place: grid[place][0])
    by_hits = max(grid, key=lambda place: grid[place][1])
    for place, name, offset in (
        (by_error, "best RMSE", (-12, -66)),
        (by_hits, "best precision", (26, 2)),
    ):
        ax.annotate(
            name,
            grid[place],
            xytext=offset,
            textcoords="offset points",
            weight="bold",
            arrowprops={"arrowstyle": "-", "linewidth": 0.8},
        )
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:.1%}")
    ax.margins(0.12)
    ax.locator_params(axis="y", nbins=5)
    ax.set(
        title="The same fits, judged twice (numbers: the rank)",
        xlabel="RMSE on validation ratings (stars; left is better)",
        ylabel="precision@10 (up is better)",
    )
    ax.legend()
    agree = "the same fit" if by_error == by_hits else "two different fits"
    show(
        ax,
        alt=f"Scatter plot of {len(grid)} fits, precision@10 over RMSE. The best RMSE is at rank "
        f"{by_error[0]} and regParam {by_error[1]:g}, the best precision at rank {by_hits[0]} and "
        f"regParam {by_hits[1]:g}.",
        caption=f"RMSE chooses rank {by_error[0]} with regParam {by_error[1]:g}; precision@10 "
        f"chooses rank {by_hits[0]} with {by_hits[1]:g}: {agree}.",
    )


def film_map(factors, films, watched):
    """Films by two factors, with the titles of the best known and the middle of each genre.

    Args:
        factors: films × 2, NaN where a film has none.
        films: pandas, with title and genres, in the same order.
        watched: ratings of each film, in the same order.
    """
    there = ~np.isnan(factors[:, 0]) & (watched >= np.median(watched))
    x, y = factors[there].T
    ax = plt.figure(figsize=(7, 5.6)).subplots()
    ax.plot(x, y, ".", color="#9AA5B1", markersize=4, label="a film")
    flags = films["genres"].str.get_dummies("|")[there]
    flags = flags.loc[:, flags.sum() >= 15]
    middles = {g: (x[flags[g] == 1].mean(), y[flags[g] == 1].mean()) for g in flags}
    names = _apart(middles, np.ptp(y) / 17)
    for genre, spot in names.items():
        ax.annotate(
            genre,
            spot,
            ha="center",
            va="center",
            color="#8A3800",
            weight="bold",
            bbox={"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1},
        )
    for place in _spread(x, y, watched[there], names.values()):
        title = films["title"][there].iloc[place]
        ax.plot(x[place], y[place], "o", color=BLUE, markersize=5)
        ax.annotate(
            title if len(title) <= 26 else title[:25] + "…",
            (x[place], y[place]),
            xytext=(0, 6),
            textcoords="offset points",
            ha="center",
            fontsize=8.5,
            color="#00436B",
        )
    ax.margins(0.2, 0.1)
    ax.set(title="Films by their two numbers", xlabel="first number", ylabel="second number")
    apart = _farthest(middles)
    show(
        ax,
        alt=f"Map of {there.sum()} films by two factors, with the titles of some and the name of "
        f"each genre at the middle of its films. Farthest apart are {apart}.",
        caption=f"Genres stand in the direction of their films, {PUSHED} times as far out. The two "
        f"that lie farthest apart are {apart}. No genre was given to ALS.",
    )


def _spread(x, y, watched, taken, most=10):
    """Well-known films near the edge, far enough from one another and from other words."""
    near = np.array([np.ptp(x), np.ptp(y)]) / (4.5, 18)
    spots, chosen = list(taken), []
    outside = np.hypot(x - x.mean(), y - y.mean())
    for place in np.argsort(-(outside / outside.max() + 0.3 * watched / watched.max())):
        spot = np.array([x[place], y[place]])
        if all((abs(spot - other) > near).any() for other in spots):
            spots.append(spot)
            chosen.append(place)
        if len(chosen) == most:
            break
    return chosen


def _apart(middles, height):
    """Where the names of genres stand: pushed out, and up where two would lie on each other."""
    spots: dict[str, np.ndarray] = {}
    for genre, (x, y) in sorted(middles.items(), key=lambda item: item[1][1]):
        spot = np.array([PUSHED * x, PUSHED * y])
        while any(
            abs(spot[0] - other[0]) < 6 * height and abs(spot[1] - other[1]) < height
            for other in spots.values()
        ):
            spot[1] += height / 4
        spots[genre] = spot
    return spots


def _farthest(middles):
    pairs = [
        (np.hypot(*np.subtract(middles[one], middles[other])), f"{one} and {other}")
        for one in middles
        for other in middles
        if one < other
    ]
    return max(pairs)[1] if pairs else "none, as too few genres are known"


def newcomers(errors):
    """RMSE for people the model has not seen, over how many ratings they have given.

    Args:
        errors: way -> number of ratings -> RMSE in stars.
    """
    ax = plt.figure().subplots()
    for (name, curve), mark in zip(errors.items(), MARKS, strict=False):
        ax.plot(range(len(curve)), list(curve.values()), mark, label=name)
    counts = list(next(iter(errors.values())))
    ax.set_xticks(range(len(counts)), [str(count) for count in counts])
    ax.set(
        title="How many ratings until taste beats the mean?",
        xlabel="ratings that the new person has given",
        ylabel="RMSE on later ratings (stars)",
    )
    ax.legend()
    best = {n: min(errors, key=lambda name: errors[name][n]) for n in counts}
    first, last = counts[0], counts[-1]
    show(
        ax,
        alt=f"RMSE of {', '.join(errors)} over the number of ratings given. With {first} rating "
        f"“{best[first]}” is best, with {last} “{best[last]}”.",
        caption="Best with "
        + "; ".join(f"{n}: {best[n]} ({errors[best[n]][n]:.2f})" for n in counts)
        + ".",
    )


def race():
    """Seconds for the ten best films of every user, as `bench.py` measured them."""
    stored = json.loads(RACE.read_text(encoding="utf-8"))
    sizes = stored["sizes"]
    ax = plt.figure(figsize=(7, 3.8)).subplots()
    for name, mark in (("Spark", "o-"), ("NumPy", "s--")):
        runs = [size[name] for size in sizes]
        middle = np.array([np.median(run) for run in runs])
        spread = [middle - [min(run) for run in runs], [max(run) for run in runs] - middle]
        ax.errorbar(range(len(sizes)), middle, spread, fmt=mark, capsize=4, label=name)
    names = [f"{size['users']:,} ×\n{size['films']:,}" for size in sizes]
    ax.set_xticks(range(len(sizes)), names)
    ax.set(
        yscale="log",
        title=f"Ten films for every user, rank {stored['rank']}",
        xlabel="users × films",
        ylabel="seconds (log scale)",
    )
    ax.legend()
    ratios = [np.median(size["Spark"]) / np.median(size["NumPy"]) for size in sizes]
    large = sizes[-1]
    show(
        ax,
        alt="Seconds of Spark and of NumPy over the size of the table, both logarithmic. Spark "
        f"takes {ratios[0]:.1f} times as long at the smallest size and {ratios[-1]:.1f} times at "
        "the largest.",
        caption=f"On {stored['cores']} cores, {large['users']:,} users and {large['films']:,} "
        f"films: Spark {np.median(large['Spark']):.1f} s, NumPy {np.median(large['NumPy']):.1f} s, "
        f"a factor of {ratios[-1]:.1f}; {large['same']:,} of {large['users']:,} lists are equal, "
        f"the others but for places with equal scores. Medians and ranges of {len(large['Spark'])} "
        f"runs (Spark) and {len(large['NumPy'])} (NumPy).",
    )
