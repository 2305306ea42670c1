"""The pictures of lesson 11, each with its words. The lesson explains what they show."""

import textwrap
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from course_utils import show

BLUE, ORANGE, GREEN = "C0", "C1", "C2"
PALE_BLUE, PALE_ORANGE = "#CFE4F2", "#F9DDC9"


def offers(friends, lena):
    """The offers that the friends had, who stayed and who left, and the one to decide on."""
    ax = plt.figure().subplots()
    _friends(ax, friends)
    _lena(ax, lena)
    ax.set(
        title="Twelve offers, and Lena's",
        xlabel="salary (thousand $ a year)",
        ylabel="commute (minutes each way)",
        ylim=(0, None),
    )
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    stayed = int(friends["stayed"].sum())
    show(
        ax,
        alt=f"{len(friends)} offers by salary and commute, {stayed} of which were kept for a "
        f"year; hollow markers have no free coffee. A star marks Lena's offer at "
        f"{lena['salary']} thousand dollars and {lena['commute']} minutes.",
        caption=f"{stayed} of {len(friends)} friends stayed. A star marks Lena's own offer: "
        f"${lena['salary']},000, {lena['commute']} minutes.",
    )


def questions(tries, before):
    """The impurity that each question leaves over, column by column."""
    table = pd.Series(tries)
    columns = table.index.get_level_values(0).unique()
    units = {"salary": "thousand $", "commute": "minutes"}
    fig, axes = plt.subplots(1, len(columns), figsize=(9, 3.5), sharey=True)
    best = min(tries, key=tries.get)
    for ax, column in zip(axes, columns, strict=True):
        mine = table[column]
        ax.axhline(before, color="black", linestyle=":", linewidth=1.4)
        ax.plot(mine.index, mine, "o-", color=BLUE)
        if column == best[0]:
            ax.plot(best[1], table[best], "o", color=ORANGE, markersize=11)
            ax.annotate(
                f"at most {best[1]:g}?\n{table[best]:.3f}",
                (best[1], table[best]),
                xytext=(8, -4),
                textcoords="offset points",
                va="top",
                weight="bold",
                color=ORANGE,
            )
        unit = f" ({units[column]})" if column in units else " (0 no, 1 yes)"
        ax.set(title=column, xlabel=f"threshold{unit}")
    axes[-1].set_xlim(0, 1)
    axes[-1].annotate(
        "before",
        (0.98, before),
        xytext=(0, 4),
        textcoords="offset points",
        ha="right",
    )
    low = table.min()
    axes[0].set(ylabel="Gini impurity after", ylim=(low - 0.05, before + 0.03))
    each = ", ".join(f"{column} {table[column].min():.3f}" for column in columns)
    show(
        fig,
        alt=f"Three panels with the impurity after each possible question, over its threshold. "
        f"Before any question it is {before:.3f}. The best of each column: {each}.",
        caption=f"The dotted line is the impurity before any question, {before:.3f}. The best "
        f"question of each column leaves: {each}.",
    )


def nodes(model, names, categories=None):
    """The nodes of a fitted tree of Spark, the root first and each before its children.

    Args:
        model: a tree model of spark.ml.
        names: the name of each feature, in the order of the vector.
        categories: for a feature that holds indexed names, the list of these names.

    Returns:
        One row per node. `parent` is the row of the node above, `answer` the answer that leads
        here; `question` and `gain` are missing in a leaf.
    """
    found: list[dict[str, Any]] = []

    def visit(node, parent, answer):
        here = len(found)
        row = {"parent": parent, "answer": answer, "question": None, "gain": None}
        row["rows"] = int(node.impurityStats().count())
        row["impurity"], row["prediction"] = node.impurity(), node.prediction()
        found.append(row)
        if node.getClass().getSimpleName() == "InternalNode":
            row["question"] = _question(node.split(), names, categories or {})
            row["gain"] = node.gain()
            visit(node.leftChild(), here, "yes")
            visit(node.rightChild(), here, "no")

    visit(model._java_obj.rootNode(), None, None)  # PySpark's own model shows no nodes
    return pd.DataFrame(found)


def tree(table, title, leaf, count="rows"):
    """A tree as `nodes` gives it: questions above, what the leaves predict below.

    Args:
        table: of `nodes`.
        title: of the picture.
        leaf: makes the words of a prediction.
        count: what a row is, in the plural.
    """
    leaves = table.index[table["question"].isna()]
    depth, x = {0: 0}, dict(zip(leaves, range(len(leaves)), strict=True))
    for node, parent in table["parent"].dropna().items():
        depth[node] = depth[int(parent)] + 1
    for node in reversed(table.index):
        if node not in x:
            x[node] = np.mean([x[child] for child in table.index[table["parent"] == node]])
    deepest = max(depth.values())
    ax = plt.figure(figsize=(max(7, 1.22 * len(leaves)), 1.25 * deepest + 1.3)).subplots()
    for node, row in table.iterrows():
        here = (x[node], -depth[node])
        if node:
            above = (x[row["parent"]], -depth[row["parent"]])
            ax.plot(*zip(above, here, strict=True), "-", color="gray", linewidth=1.2, zorder=1)
            middle = 0.55 * np.array(here) + 0.45 * np.array(above)
            ax.text(
                middle[0],
                middle[1],
                row["answer"],
                ha="center",
                va="center",
                fontsize=9,
                zorder=2,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
            )
        is_leaf = node in leaves
        text = leaf(row["prediction"]) if is_leaf else textwrap.fill(row["question"] + "?", 16)
        ax.text(
            *here,
            f"{text}\n{row['rows']:,} {count if row['rows'] > 1 else count.removesuffix('s')}",
            ha="center",
            va="center",
            fontsize=9.5,
            weight="bold" if is_leaf else "normal",
            zorder=3,
            bbox={
                "boxstyle": "round,pad=0.4",
                "facecolor": PALE_BLUE if is_leaf else "white",
                "edgecolor": BLUE,
            },
        )
    ax.set(title=title, xlim=(-0.6, len(leaves) - 0.4), ylim=(-deepest - 0.45, 0.45))
    ax.axis("off")
    said = table.loc[leaves, "prediction"].map(leaf)
    sizes = table.loc[leaves, "rows"]
    show(
        ax,
        alt=f"A tree with {len(table) - len(leaves)} questions. The first is: "
        f"{table['question'].iloc[0]}? Its {len(leaves)} leaves say, from left to right: "
        f"{', '.join(said)}.",
        caption=f"{len(table) - len(leaves)} questions lead to {len(leaves)} leaves. Of the "
        f"{table['rows'].iloc[0]:,} {count}, the smallest leaf holds {sizes.min():,} and the "
        f"largest {sizes.max():,}.",
    )


def boundaries(friends, models, lena):
    """Where each model changes its mind, in the plane of salary and commute."""
    fig, axes = plt.subplots(1, len(models), figsize=(9, 4.4), sharex=True, sharey=True)
    salary, commute = np.meshgrid(np.linspace(35, 78, 300), np.linspace(5, 98, 300))
    grid = pd.DataFrame({"salary": salary.ravel(), "commute": commute.ravel()})
    right = {}
    for ax, (name, model) in zip(axes, models.items(), strict=True):
        stays = model.predict(grid).reshape(salary.shape)
        ax.contourf(salary, commute, stays, [-0.5, 0.5, 1.5], colors=[PALE_ORANGE, PALE_BLUE])
        ax.contour(salary, commute, stays, [0.5], colors="black")
        _friends(ax, friends)
        _lena(ax, lena)
        right[name] = int(
            (model.predict(friends[["salary", "commute"]]) == friends["stayed"]).sum()
        )
        ax.set(title=name, xlabel="salary (thousand $ a year)")
        ax.grid(visible=False)
    axes[0].set_ylabel("commute (minutes each way)")
    axes[0].text(37, 12, "leaves", style="italic")
    axes[0].text(76, 8, "stays", style="italic", ha="right")
    said = ", ".join(f"{name}: {count} of {len(friends)}" for name, count in right.items())
    show(
        fig,
        alt="The plane of salary and commute, once cut by a slanted straight line and once by a "
        f"horizontal and a vertical one into a box. Friends on the right side: {said}.",
        caption=f"Friends on the right side of the boundary. {said}.",
    )


def steps(rows, predictions, seen=None):
    """Typical price by number of guests, and what models predict for each number.

    Args:
        rows: listings with `accommodates` and `log_price`.
        predictions: per model, log(price) for 1, 2, 3, … guests.
        seen: the largest number of guests in the rows that the models learned from, if not all.
    """
    groups = rows.groupby("accommodates")["log_price"]
    typical = np.exp(groups.mean()[groups.size() >= 5])
    known = typical[typical.index <= (seen or np.inf)]
    ax = plt.figure().subplots()
    if seen is None:
        jitter = np.random.default_rng(11).uniform(-0.25, 0.25, len(rows))
        some = rows.assign(x=rows["accommodates"] + jitter).sample(1500, random_state=11)
        ax.plot(some["x"], np.exp(some["log_price"]), ".", color="gray", markersize=2.5,
                alpha=0.4, label="a listing")  # fmt: skip
    ax.plot(known.index, known, "D", color="black", label="typical price")
    if seen is not None:
        unseen = typical[typical.index > seen]
        ax.plot(unseen.index, unseen, "D", color="black", markerfacecolor="white",
                label="typical price, not learned from")  # fmt: skip
        ax.axvspan(seen + 0.5, len(next(iter(predictions.values()))) + 0.5, color="gray", alpha=0.1)
    for (name, values), style, color in zip(
        predictions.items(), ("-", "--"), (BLUE, ORANGE), strict=False
    ):
        if name == "tree":
            x = np.append(np.arange(len(values)) + 0.5, len(values) + 0.5)
            ax.stairs(np.exp(values), x, baseline=None, color=color, linewidth=2.2, label=name)
        else:
            ax.plot(np.arange(1, len(values) + 1), np.exp(values), style, color=color, label=name)
    ticks = [25, 50, 100, 200, 400, 800, 1600, 3200]
    ax.set(
        yscale="log",
        xlabel="guests",
        ylabel="price per night ($, log scale)",
        title="A tree makes steps" if seen is None else "Beyond what they have seen",
        ylim=(20, 6000),
    )
    ax.set_yticks(ticks, [f"{tick:,}" for tick in ticks])
    ax.minorticks_off()
    ax.legend(loc="lower right")
    last = len(next(iter(predictions.values())))
    ends = {name: float(np.exp(values[-1])) for name, values in predictions.items()}
    said = ", ".join(f"the {name} ${value:,.0f}" for name, value in ends.items())
    levels = len(set(np.round(predictions["tree"], 9)))
    where = f"with up to {seen} guests " if seen else ""
    show(
        ax,
        alt=f"Price per night over the number of guests. The tree learned from listings {where}"
        f"and is a staircase of {levels} steps, the line rises all the way. For {last} guests "
        f"they predict: {said}.",
        caption=f"The tree knows {levels} prices. For {last} guests, {said}.",
    )


def depths(curve, floor):
    """RMSE on the rows learned from and on new rows over the depth, and what is possible."""
    ax = plt.figure().subplots()
    known, new = zip(*curve.values(), strict=True)
    x = list(curve)
    ax.plot(x, new, "o--", color=ORANGE, label="new rows")
    ax.plot(x, known, "o-", color=BLUE, label="training rows")
    best = int(np.argmin(new))
    ax.annotate(
        f"depth {x[best]}: {new[best]:.3f}",
        (x[best], new[best]),
        xytext=(0, 16),
        textcoords="offset points",
        ha="center",
        color=ORANGE,
        weight="bold",
    )
    if floor is not None:
        ax.axhline(floor, color="black", linestyle=":", label="best possible model, new rows")
    ax.set(
        title="Too shallow, about right, too deep",
        xlabel="depth of the tree",
        ylabel="RMSE of log(price)",
        xticks=range(0, max(x) + 1, 2),
    )
    ax.legend(loc="lower left")
    limit = f" The best possible model has {floor:.3f}." if floor is not None else ""
    show(
        ax,
        alt=f"RMSE of log(price) over the depth. On training rows it falls from "
        f"{known[0]:.2f} to {known[-1]:.2f}. On new rows it falls from {new[0]:.2f} to "
        f"{new[best]:.2f} at depth {x[best]} and ends at {new[-1]:.2f}.{limit}",
        caption=f"From depth {x[0]} to {x[-1]} the error on training rows falls from "
        f"{known[0]:.3f} to {known[-1]:.3f}. On new rows it is lowest at depth {x[best]}, "
        f"{new[best]:.3f}, and {new[-1]:.3f} at depth {x[-1]}.{limit}",
    )


def importances(table, made_up):
    """Two measures of importance side by side; columns without any meaning stand out.

    Args:
        table: by column, `importance` (shares) and `rise` (of RMSE, when shuffled).
        made_up: the columns that were drawn at random.
    """
    table = table.sort_values("importance")
    fig, axes = plt.subplots(1, 2, figsize=(9.5, 5.2), sharey=True)
    noise = table.index.isin(made_up)
    for ax, column, label, title in (
        (axes[0], "importance", "share of all gains", "In the tree, on training rows"),
        (axes[1], "rise", "rise of RMSE when shuffled", "On new rows"),
    ):
        bars = ax.barh(_words(table.index), table[column], color=np.where(noise, ORANGE, BLUE))
        for bar, random in zip(bars, noise, strict=True):
            bar.set_hatch("///" if random else "")
            bar.set_edgecolor("white")
        ax.axvline(0, color="black", linewidth=0.8)
        ax.set(title=title, xlabel=label)
        ax.grid(axis="y", visible=False)
    fig.canvas.draw()  # before it there are no labels to make bold
    for label, random in zip(axes[0].get_yticklabels(), noise, strict=True):
        if random:
            label.set(color=ORANGE, weight="bold")
    order = table["importance"].rank(ascending=False).astype(int)
    said = ", ".join(
        f"{_word(name)} on place {order[name]} ({table.loc[name, 'importance']:.3f})"
        for name in made_up
    )
    rises = ", ".join(f"{_word(name)} {table.loc[name, 'rise']:+.3f}" for name in made_up)
    show(
        fig,
        alt=f"Bars for {len(table)} columns: on the left their importance in the tree, on the "
        f"right how much the error on new rows rises when they are shuffled. Random columns are "
        f"hatched. On the left: {said}. On the right: {rises}.",
        caption=f"Hatched: columns without meaning. In the tree: {said}, of {len(table)}. When "
        f"shuffled, they change the RMSE on new rows by: {rises}.",
    )


def _friends(ax, friends):
    for stayed, word, marker, color in ((1, "stayed", "o", BLUE), (0, "left", "X", ORANGE)):
        for coffee, drink in ((1, "free coffee"), (0, "no coffee")):
            some = friends[(friends["stayed"] == stayed) & (friends["coffee"] == coffee)]
            if len(some):
                ax.plot(
                    some["salary"],
                    some["commute"],
                    marker,
                    color=color,
                    markerfacecolor=color if coffee else "white",
                    markersize=10,
                    label=f"{word}, {drink}",
                )


def _lena(ax, lena):
    ax.plot(
        lena["salary"], lena["commute"], "*", color="black", markersize=15, label="Lena's offer"
    )


def _question(split, names, categories):
    name = names[split.featureIndex()]
    if split.getClass().getSimpleName() == "ContinuousSplit":
        return f"{_word(name)} ≤ {split.threshold():g}"
    # A column of one-hot has no names of its own. The index after the last name is what
    # handleInvalid="keep" makes of new ones.
    known = [*categories[name], "unknown"] if name in categories else ["no", "yes"]
    chosen = [known[int(index)] for index in split.leftCategories()]
    return f"{_word(name)}: {' or '.join(chosen)}"


def _word(name):
    spoken = {"accommodates": "guests", "neighbourhood_cleansed": "neighborhood"}
    name = name.removesuffix("_index")
    return spoken.get(name, name).replace("_", " ")


def _words(names):
    return [_word(name) for name in names]
