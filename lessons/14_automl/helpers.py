"""What lesson 14 needs besides AutoML itself: running a notebook by code, and its pictures."""

from pathlib import Path
from subprocess import DEVNULL

import matplotlib.pyplot as plt
import nbformat
from IPython.display import HTML
from nbclient import NotebookClient

from course_utils import show


def question(prices):
    """The prices that are to be predicted, and what one guess for all of them costs."""
    top, guess = prices.quantile(0.99), prices.median()
    miss = (prices - guess).abs().mean()
    ax = plt.figure(figsize=(7, 3.8)).subplots()
    ax.hist(prices[prices <= top], bins=60, color="#B0B0B0")
    ax.axvline(guess, color="C1", linestyle="--", label=f"the median, ${guess:,.0f}")
    ax.set(
        title="What is to be predicted",
        xlabel="price per night ($)",
        ylabel="listings",
    )
    ax.legend(loc="upper right")
    show(
        ax,
        alt=f"Histogram of the prices of {len(prices):,} listings with a long tail to the right "
        f"and a dashed line at the median, ${guess:,.0f}.",
        caption=f"With the same guess for all, the median of ${guess:,.0f}, you are off by "
        f"${miss:,.0f} on average. {(prices > top).sum()} listings ask more than ${top:,.0f} and "
        "lie outside the frame.",
    )


def run(path):
    """Run the cells of a notebook in a fresh kernel; what they print and draw stays in the file."""
    notebook = nbformat.read(path, as_version=4)
    place = {"metadata": {"path": str(Path(path).parent)}}
    NotebookClient(notebook, resources=place).execute(stderr=DEVNULL)
    nbformat.write(notebook, path)
    return notebook


def figure_of(notebook, word):
    """The first figure of an executed notebook whose text has this word."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    pages = [output.get("data", {}).get("text/html", "") for output in outputs]
    return HTML(next(page for page in pages if word in page.split("src=")[0]))


def runs(scores, interval, floor=None):
    """The validation error of each run, the interval of the search's best, and the least error.

    Args:
        scores: mean absolute error in dollars by the run's name, the best one last.
        interval: (low, high) of the best trial.
        floor: what the best possible guess misses by; None where nobody knows it.
    """
    low, high = interval
    ax = plt.figure(figsize=(8, 3.6)).subplots()
    ax.axvspan(low, high, color="0.85", label="95 % interval of the search's best trial")
    ax.plot(scores.to_numpy(), list(scores.index), "o", label="a run")
    if floor is not None:
        ax.axvline(floor, color="black", linestyle="--", label="the best possible guess")
    ax.set(
        title="The search, and one notebook that was edited",
        xlabel="mean absolute error on validation rows ($)",
    )
    ax.legend(loc="upper right")
    told = ", ".join(f"{name} ${score:.1f}" for name, score in scores[::-1].items())
    possible = "" if floor is None else f" The best possible guess misses by ${floor:.1f}."
    show(
        ax,
        alt=f"Dots: the validation error of each run, from the best: {told}. The interval of the "
        f"search's best trial goes from ${low:.1f} to ${high:.1f}.{possible}",
        caption=f"The best run is {scores.index[-1]}, with ${scores.iloc[-1]:.1f}." + possible,
    )
