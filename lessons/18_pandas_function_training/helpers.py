"""The pictures of lesson 18, each with its words, and what it uses without teaching it."""

import json
import urllib.request
from importlib.metadata import version
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from course_utils import get_truth, show

BLUE, ORANGE = "C0", "C1"
NEEDS = [f"{name}=={version(name)}" for name in ("mlflow", "pandas", "scikit-learn")]
BLOCK = 512  # bytes, the unit in which a file system counts what a file takes up
WORK_LIST = 120  # devices


def usable(readings):
    """The readings with an energy and a load that a model can take."""
    return readings.where("energy IS NOT NULL AND load <= 1")


def work_list():
    """The devices on a technician's list: the broken ones, a large one, and others at random."""
    truth = get_truth("readings")
    broken = [device for devices in truth.broken.values() for device in devices]
    order = np.random.default_rng(18).permutation(np.arange(1, truth.devices + 1))
    others = [int(device) for device in order if device not in {*broken, *truth.large}]
    return sorted([*broken, truth.large[0], *others][:WORK_LIST])


def technician(readings):
    """The readings of the devices on a technician's list, which the lab works on."""
    return readings.where(readings["device_id"].isin(work_list()))


def four_devices(devices, readings):
    """Energy over load for one ordinary device of each kind."""
    truth = get_truth("readings")
    odd = {*truth.large, *(device for ids in truth.broken.values() for device in ids)}
    table = devices.select("device_id", "model").toPandas()
    table = table[~table["device_id"].isin(odd)].sort_values("device_id")
    shown = table.groupby("model")["device_id"].first()
    rows = readings.where(readings["device_id"].isin([int(d) for d in shown])).toPandas()
    ax = plt.figure(figsize=(7, 4.4)).subplots()
    means = {}
    for marker, (kind, device) in zip("osD^", shown.items(), strict=True):
        mine = rows[rows["device_id"] == device]
        means[f"device {device}"] = mine["energy"].mean()
        ax.plot(mine["load"], mine["energy"], marker, label=f"device {device} ({kind})", alpha=0.8)
    ax.set(
        title="Four devices, four lines",
        xlabel="load (share of full load)",
        ylabel="energy (kWh in an hour)",
    )
    ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    low, high = (pick(means, key=lambda name: means[name]) for pick in (min, max))
    show(
        ax,
        alt=f"Scatter plot of energy over load for four devices. Each follows a rising line of its "
        f"own; the lines are about parallel. The mean energy is {means[low]:.0f} kWh for {low} and "
        f"{means[high]:.0f} kWh for {high}.",
        caption=f"{low.capitalize()} takes {means[low]:.0f} kWh in a mean hour, {high} "
        f"{means[high]:.0f} kWh.",
    )


def errors(own, shared, sigma):
    """How many devices have which error, with models of their own and with one for all."""
    off = (shared["energy"] - shared["prediction"]) ** 2
    of_shared = np.sqrt(off.groupby(shared["device_id"]).mean())
    of_own = own.set_index("device_id")["rmse"].dropna()
    edges = np.geomspace(max(0.1, of_own[of_own > 0].min()), max(of_own.max(), of_shared.max()), 45)
    bins = [float(edge) for edge in edges]
    fig, ax = plt.subplots(figsize=(7, 4))
    ax.hist(of_own.clip(edges[0]), bins, color=BLUE, alpha=0.8, label="a model for each")
    ax.hist(of_shared, bins, color=ORANGE, alpha=0.5, hatch="//", label="one model for all")
    ax.axvline(sigma, color="black", linestyle="--", label=f"noise, {sigma:.1f} kWh")
    outside = of_own[of_own > 5 * sigma]
    for value in outside:
        ax.annotate(
            "",
            (value, 2),
            xytext=(value, 0.16 * ax.get_ylim()[1]),
            arrowprops={"arrowstyle": "->", "color": BLUE, "linewidth": 2},
        )
    ax.set(
        xscale="log",
        title="One RMSE for each device, on new hours",
        xlabel="RMSE (kWh, log scale)",
        ylabel="devices",
    )
    ticks = [tick for tick in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20) if edges[0] <= tick <= edges[-1]]
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()
    ax.legend()
    show(
        fig,
        alt=f"Two histograms of the RMSE per device on a logarithmic axis. With one model for all "
        f"the median is {of_shared.median():.1f} kWh, with a model for each "
        f"{of_own.median():.2f} kWh, next to the noise.",
        caption=f"The median device is missed by {of_shared.median():.1f} kWh with one model for "
        f"all, and by {of_own.median():.2f} kWh with a model of its own. Arrows mark the "
        f"{len(outside)} devices whose own model misses by more than five times the noise.",
    )


def size(folder, name):
    """How many files of models there are, their bytes, and what they take up on the disk."""
    kinds = {".pkl", ".parquet"}
    stats = [f.stat() for f in Path(folder, name).iterdir() if f.suffix in kinds]
    return len(stats), sum(s.st_size for s in stats), sum(BLOCK * s.st_blocks for s in stats)


def keeping(sizes, seconds):
    """Room on the disk and time to score for the three ways to keep models."""
    fig, (left, right) = plt.subplots(1, 2, figsize=(8, 3))
    names = list(sizes)
    disk = [sizes[name][2] / 1e6 for name in names]
    took = [seconds[name].median for name in names]
    for ax, values, unit, title in (
        (left, disk, "MB", "On the disk, all devices"),
        (right, took, "s", "To score 200 devices"),
    ):
        bars = ax.barh(names, values, color=[ORANGE, BLUE, "C2"])
        ax.bar_label(bars, [f" {value:.2f} {unit}" for value in values])
        ax.set(title=title, xlim=(0, 1.35 * max(values)))
        ax.invert_yaxis()
        ax.grid(axis="y", visible=False)
    left.set_xlabel("megabytes")
    right.set_xlabel("seconds (median of three)")
    count, content, _ = sizes["files"]
    fastest = min(names, key=lambda name: seconds[name].median)
    slowest = max(names, key=lambda name: seconds[name].median)
    show(
        fig,
        alt="Two bar charts. Room on the disk: "
        + ", ".join(f"{n} {d:.2f} MB" for n, d in zip(names, disk, strict=True))
        + ". Time to score: "
        + ", ".join(f"{n} {t:.2f} s" for n, t in zip(names, took, strict=True))
        + ".",
        caption=f"{count:,} files hold {content / 1e6:.2f} MB and take up {disk[0]:.2f} MB, "
        f"{disk[0] / disk[2]:.0f} times as much as the numbers. To score, {slowest} take "
        f"{took[names.index(slowest)] / took[names.index(fastest)]:.1f} times as long as "
        f"{fastest}.",
    )


def task_seconds(spark):
    """Seconds of each task of the stage that ran last, as Spark's page of that stage has them."""
    context = spark.sparkContext
    context._jsc.sc().listenerBus().waitUntilEmpty()  # or the page may not have heard of the end
    store = f"{context.uiWebUrl}/api/v1/applications/{context.applicationId}/stages"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy on the way
    with direct.open(f"{store}?status=complete") as answer:
        last = max(json.load(answer), key=lambda stage: stage["stageId"])
    page = f"{store}/{last['stageId']}/{last['attemptId']}/taskList?length=1000"
    with direct.open(page) as answer:
        return [task["duration"] / 1000 for task in json.load(answer)]


def tasks(runs, large):
    """When each group was at work, in lanes of tasks that follow each other."""
    fig, axes = plt.subplots(
        len(runs), 1, figsize=(8, 0.7 + 1.15 * len(runs)), sharex=True, squeeze=False
    )
    told, busy = [], []
    for ax, (name, log) in zip(axes[:, 0], runs.items(), strict=True):
        began = log["start"].min()
        log = log.assign(start=log["start"] - began, end=log["end"] - began)
        spans = log.groupby("task").agg(start=("start", "min"), end=("end", "max"))
        lane_of: dict[int, int] = {}
        ends: list[float] = []
        for task, span in spans.sort_values("start").iterrows():
            free = [k for k, end in enumerate(ends) if end <= span["start"] + 1e-3]
            lane = free[0] if free else len(ends)
            ends[lane : lane + 1] = [span["end"]]
            lane_of[task] = lane
        for big, color in ((False, BLUE), (True, ORANGE)):
            part = log[log["device_id"].isin(large) == big]
            lanes = part["task"].map(lane_of)
            ax.barh(lanes, part["end"] - part["start"], 0.7, part["start"], color=color)
        ax.set(yticks=range(len(ends)), yticklabels=[f"core {k + 1}" for k in range(len(ends))])
        ax.set_title(name, loc="left", fontsize=11)
        ax.invert_yaxis()
        ax.grid(axis="y", visible=False)
        last = max(ends)
        busy.append((log["end"] - log["start"]).sum() / (last * len(ends)))
        told.append((name, last, spans))
    axes[-1, 0].set_xlabel("seconds since the first group began")
    fig.legend(
        handles=[
            plt.Rectangle((0, 0), 1, 1, color=ORANGE, label="a large device"),
            plt.Rectangle((0, 0), 1, 1, color=BLUE, label="an ordinary device"),
        ],
        loc="upper center",
        bbox_to_anchor=(0.5, 0.02),
        ncol=2,
    )
    first = runs[next(iter(runs))]
    groups = first.groupby("task")["device_id"]
    counts = [(len(ids), int(ids.isin(large).sum())) for _, ids in groups]
    dealt = " and ".join(f"{n} devices with {big} large ones" for n, big in counts)
    ended = ", ".join(f"{last:.1f} s with {name}" for name, last, _ in told)
    show(
        fig,
        alt="Time lines of the cores, with a block for each device; large devices are long blocks. "
        f"All is done after {ended}.",
        caption=f"The two tasks got {dealt}. All was done after {ended}. Of the cores' time, "
        + ", ".join(f"{share:.0%}" for share in busy)
        + " went into the devices; the rest is waiting, and Spark that hands out rows.",
    )


def race(times):
    """Seconds to train over devices for three ways, with the fastest and slowest run."""
    ax = plt.figure().subplots()
    names = list(dict.fromkeys(name for name, _ in times))
    sizes = sorted({n for _, n in times})
    for name, style in zip(names, ("o-", "s--", "^:"), strict=True):
        mine = [times[name, n] for n in sizes]
        middle = np.array([t.median for t in mine])
        low = middle - [t.minimum for t in mine]
        high = np.array([t.maximum for t in mine]) - middle
        ax.errorbar(sizes, middle, [low, high], fmt=style, capsize=4, label=name)
    ax.set(
        xscale="log",
        yscale="log",
        title="A line for each device: seconds, median of three and range",
        xlabel="devices (log scale)",
        ylabel="seconds (log scale)",
    )
    ax.set_xticks(sizes, [f"{n:,}" for n in sizes])
    slow, fast = (f(t.median for t in times.values()) for f in (max, min))
    ticks = [t for t in (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20) if fast / 3 < t < 3 * slow]
    ax.set_yticks(ticks, [f"{t:g}" for t in ticks])
    ax.minorticks_off()
    ax.legend()
    last = {name: times[name, sizes[-1]].median for name in names}
    each = {
        name: (last[name] - times[name, sizes[0]].median) / (sizes[-1] - sizes[0]) * 1000
        for name in names
    }
    order = sorted(last, key=lambda name: last[name])
    said = ", ".join(f"{last[name]:.2f} s by {name}" for name in order)
    more = ", ".join(f"{max(each[name], 0):.2f} ms by {name}" for name in order)
    show(
        ax,
        alt=f"Seconds over devices, both logarithmic, for three ways. With {sizes[-1]} devices: "
        f"{said}.",
        caption=f"{sizes[-1]} devices take {said}. Each further device adds {more}.",
    )
