"""What lesson 01 reads out of Spark's UI and its plans, and the pictures of the lesson."""

import contextlib
import io
import json
import re
import tracemalloc
import urllib.request

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from course_utils import show

BLUE, ORANGE, GRAY = "C0", "C1", "#B0B0B0"
STAGE = {
    "numTasks": "tasks",
    "inputRecords": "rows read",
    "shuffleWriteRecords": "rows into the shuffle",
    "shuffleReadRecords": "rows out of it",
}


# ---- what the Spark UI knows, as data -----------------------------------------------------------


def executors(spark):
    """The page Executors: a row for each process that runs tasks, with its cores."""
    table = pd.DataFrame(_page(spark, "executors"))[["id", "totalCores"]]
    return table.rename(columns={"totalCores": "cores"})


def jobs(spark):
    """How many jobs this notebook has started so far."""
    return len(_page(spark, "jobs"))


def stages(spark, label, action):
    """Run an action under a label; the page Stages for it: a row for each stage that ran."""
    return pd.DataFrame(_run(spark, label, action))[list(STAGE)].rename(columns=STAGE)


def tasks(spark, label, action, stage=0):
    """Run an action; the tasks of one of its stages, with start and duration in seconds."""
    found = _run(spark, label, action)[stage]
    page = f"stages/{found['stageId']}/{found['attemptId']}/taskList?length=1000"
    table = pd.DataFrame(_page(spark, page))
    launched = pd.to_datetime(table["launchTime"].str.removesuffix("GMT"))
    start = (launched - launched.min()).dt.total_seconds()
    times = pd.DataFrame({"start": start, "seconds": table["duration"] / 1000})
    return times.sort_values("start", ignore_index=True)


def grouping(spark, label, action):
    """Run an action; the bytes in which its tasks kept their groups, those of all tasks added."""
    return sum(stage["peakExecutionMemory"] for stage in _run(spark, label, action))


def peak(action):
    """Run an action; the most bytes that Python, NumPy and pandas took for it at one time."""
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def plans(frame):
    """The sections of `explain("extended")` by title, without the running numbers."""
    with contextlib.redirect_stdout(io.StringIO()) as text:
        frame.explain("extended")
    clean = re.sub(r"#\d+L?|, \[plan_id=\d+\]", "", text.getvalue())
    parts = re.split(r"(?m)^== (.+) ==\n", clean)
    return dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))


def _page(spark, page):
    context = spark.sparkContext
    context._jsc.sc().listenerBus().waitUntilEmpty()  # or the UI may not have heard of the end
    address = f"{context.uiWebUrl}/api/v1/applications/{context.applicationId}/{page}"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy on the way
    with direct.open(address) as answer:
        return json.load(answer)


def _run(spark, label, action):
    spark.sparkContext.setJobDescription(label)
    action()
    spark.sparkContext.setJobDescription(None)
    done = _page(spark, "stages?status=complete")
    mine = [stage for stage in done if stage.get("description") == label]
    return sorted(mine, key=lambda stage: stage["stageId"])


# ---- pictures -----------------------------------------------------------------------------------


def waves(times):
    """Each task as a bar over the seconds in which it ran."""
    ax = plt.figure(figsize=(7, 0.9 + 0.36 * len(times))).subplots()
    names = [f"task {number + 1}" for number in times.index]
    ax.barh(names, times["seconds"], left=times["start"], edgecolor="white", color=BLUE)
    ax.invert_yaxis()
    ax.grid(axis="y", visible=False)
    end = (times["start"] + times["seconds"]).max()
    together = times["seconds"].sum() / end
    ax.set(
        xlabel="seconds since the first task started",
        title=f"{len(times)} tasks, on average {together:.1f} at the same time",
    )
    fast, slow = times["seconds"].min(), times["seconds"].max()
    show(
        ax,
        alt=f"A horizontal bar for each of {len(times)} tasks from its start to its end, in "
        f"seconds. On average {together:.1f} tasks run at the same time.",
        caption=f"The {len(times)} tasks took {times['seconds'].sum():.2f} s together, but only "
        f"{end:.2f} s passed: on average {together:.1f} ran at the same time. The shortest took "
        f"{fast:.2f} s, the longest {slow:.2f} s.",
    )


def partitions(ways):
    """How many rows each task gets: {way to shuffle: rows per partition}."""
    fig, axes = plt.subplots(1, len(ways), figsize=(8.5, 3.9), sharey=True)
    even = sum(next(iter(ways.values()))) / len(next(iter(ways.values())))
    shares = {}
    for ax, (name, rows), color in zip(axes, ways.items(), (ORANGE, BLUE), strict=True):
        shares[name] = max(rows) / sum(rows)
        place = np.arange(1, len(rows) + 1)
        ax.bar(place, np.array(rows) / 1000, color=color)
        line = ax.axhline(even / 1000, color="black", linestyle="--", linewidth=1.2)
        ax.set(title=f"key: {name}", xlabel="partition", xticks=place)
        ax.grid(axis="x", visible=False)
    axes[0].set_ylabel("thousands of rows")
    fig.legend([line], [f"an even share: {even:,.0f} rows"], loc="outside lower center")
    told = "; ".join(f"{share:.0%} by {name}" for name, share in shares.items())
    show(
        fig,
        alt="Bars of the rows in each partition, one panel for each way to shuffle. The largest "
        f"partition has this share of the rows: {told}.",
        caption=f"Share of all rows in the largest partition: {told}. An even share would be "
        f"{1 / len(rows):.1%}.",
    )


def uses(plain, filling, cached, most=6):
    """Seconds in all after 1, 2, … uses of a frame, from the medians of three measurements."""
    use = np.arange(1, most + 1)
    without = use * plain.median
    kept = filling.median + (use - 1) * cached.median
    ax = plt.figure().subplots()
    ax.plot(use, without, "o-", color=BLUE, label="not cached")
    ax.plot(use, kept, "s--", color=ORANGE, label="cached")
    pays = break_even(plain, filling, cached)
    if pays is None:
        found = "Caching does not pay here, however often the rows are used"
    else:
        found = f"Caching pays from use {pays} on"
        if pays <= most:
            ax.axvline(pays, color="black", linestyle=":", linewidth=1.2)
    ax.set(
        title=found, xlabel="uses of the rows", ylabel="seconds in all", xticks=use, ylim=(0, None)
    )
    ax.figure.legend(loc="outside lower center", ncols=2)
    show(
        ax,
        alt=f"Two lines of the seconds in all over the number of uses. After one use "
        f"{without[0]:.2f} s not cached and {kept[0]:.2f} s cached, after {most} uses "
        f"{without[-1]:.2f} s and {kept[-1]:.2f} s.",
        caption=f"The first use takes {without[0]:.2f} s without a cache and {kept[0]:.2f} s while "
        f"the cache is filled. After {most} uses it is {without[-1]:.2f} s against "
        f"{kept[-1]:.2f} s. {found}.",
    )


def break_even(plain, filling, cached):
    """From which use on a cache has cost less than it saved; None if that never happens."""
    extra, saved = filling.median - plain.median, plain.median - cached.median
    if saved <= 0:
        return None
    return 1 + max(0, int(np.ceil(extra / saved)))


def race(times):
    """Seconds over rows for {(tool, rows): timing}, and where the lines cross."""
    ax = plt.figure().subplots()
    sizes = sorted({rows for _, rows in times})
    for tool, style, color in (("pandas", "o-", BLUE), ("Spark", "s--", ORANGE)):
        mine = [times[tool, rows] for rows in sizes]
        middle = np.array([each.median for each in mine])
        low = middle - [each.minimum for each in mine]
        high = np.array([each.maximum for each in mine]) - middle
        ax.errorbar(sizes, middle, [low, high], fmt=style, color=color, capsize=4, label=tool)
    crossing = crossover(times)
    if crossing:
        ax.axvline(crossing, color="black", linestyle=":", linewidth=1.2)
        found = f"The lines cross at about {rounded(crossing)} rows"
    else:
        found = f"The lines do not cross up to {sizes[-1]:,} rows"
    ax.set(
        xscale="log",
        yscale="log",
        title=found,
        xlabel="rows (k: thousand, M: million; log scale)",
        ylabel="seconds (log scale)",
    )
    ax.set_xticks(sizes, [_short(size) for size in sizes])
    ax.yaxis.set_major_formatter("{x:g}")
    ax.minorticks_off()
    ax.figure.legend(loc="outside lower center", ncols=2)
    ratios = [times["Spark", rows].median / times["pandas", rows].median for rows in sizes]
    each = {
        tool: (times[tool, sizes[-1]].median - times[tool, sizes[-2]].median)
        / (sizes[-1] - sizes[-2])
        * 1e9
        for tool in ("pandas", "Spark")
    }
    said = (
        f"With {sizes[0]:,} rows Spark takes {ratios[0]:.1f} times as long as pandas, with "
        f"{sizes[-1]:,} rows {ratios[-1]:.2f} times."
    )
    show(
        ax,
        alt=f"Seconds of the report over rows, both axes logarithmic, a line each for pandas and "
        f"Spark. {said} {found}.",
        caption=f"{said} {found}. Between the last two sizes each further row costs pandas "
        f"{each['pandas']:.0f} ns and Spark {each['Spark']:.0f} ns.",
    )


def crossover(times):
    """From how many rows on Spark was faster at every larger size; None if at none of them."""
    sizes = sorted({rows for _, rows in times})
    gap = {n: np.log(times["Spark", n].median / times["pandas", n].median) for n in sizes}
    slower = [n for n in sizes if gap[n] > 0]
    if not slower:
        return float(sizes[0])
    if slower[-1] == sizes[-1]:
        return None
    low = slower[-1]
    high = sizes[sizes.index(low) + 1]
    return float(low * (high / low) ** (gap[low] / (gap[low] - gap[high])))


def _short(rows):
    return f"{rows // 1_000_000}M" if rows >= 1_000_000 else f"{rows // 1_000}k"


def rounded(rows):
    """A number of rows to two digits, as a measurement of times allows: 12,345,678 → 12,000,000."""
    return f"{float(f'{rows:.2g}'):,.0f}"
