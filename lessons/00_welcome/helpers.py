"""The picture of lesson 00, with its words."""

import matplotlib.pyplot as plt

from course_utils import show


def rounds(partitions, cores, seconds_each):
    """Which core works on which partition, and when; idle time is hatched."""
    ax = plt.figure(figsize=(7, 0.5 * cores + 1.2)).subplots()
    count = -(-partitions // cores)
    for slot in range(count * cores):
        start, core = slot // cores * seconds_each, slot % cores + 1
        busy = slot < partitions
        look = {"color": "C0", "alpha": 0.75} if busy else {"color": "none", "hatch": "///"}
        ax.barh(core, seconds_each, left=start, height=0.8, edgecolor="gray", **look)
        ax.text(
            start + seconds_each / 2,
            core,
            f"partition {slot + 1}" if busy else "idle",
            ha="center",
            va="center",
            fontsize=9,
            backgroundcolor="none" if busy else "white",
        )
    idle = count * cores - partitions
    ax.set(
        title=f"{partitions} partitions on {cores} cores: {count} rounds",
        xlabel="seconds",
        ylabel="core",
        xticks=[seconds_each * place for place in range(count + 1)],
        yticks=range(1, cores + 1),
    )
    ax.invert_yaxis()
    ax.grid(visible=False)
    show(
        ax,
        alt=f"A bar for each partition, core by core, over time. {partitions} partitions take "
        f"{count} rounds of {seconds_each} seconds on {cores} cores; in the last round {idle} "
        "cores are idle.",
        caption=f"{count} rounds of {seconds_each} seconds: the table is done after "
        f"{count * seconds_each} seconds. In the last round {cores - idle} of {cores} cores work.",
    )
