"""The pictures of lesson 15, each with its words. The lesson explains what they show."""

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
from mlflow.utils.autologging_utils.logging_and_warnings import (
    MlflowEventsAndWarningsBehaviorGlobally,
)

from course_utils import show

# MLflow's notes on its own progress stay off until the notebook ends. `disable_logging()` would not
# do: MLflow itself turns them on again whenever it leaves a context of this kind.
MlflowEventsAndWarningsBehaviorGlobally(
    reroute_warnings=False, disable_event_logs=True, disable_warnings=False
).__enter__()


def _weeks(ax, life):
    """The rides of a rider as a staircase, and the moment of the decision."""
    ax.step(life["known_at"], life["rides"], where="post", color="C2", label="rides in four weeks")
    ax.axvline(life["decided_at"].iloc[0], color="black", linestyle=":", label="the decision")
    ax.set(xlabel="known since (2024)", ylabel="rides in four weeks", ylim=(-1.5, None))
    ax.xaxis.set_major_locator(mdates.DayLocator(bymonthday=(1, 15)))
    ax.xaxis.set_major_formatter(mdates.DateFormatter("%d %b"))


def rider(life):
    """The rides of one rider, week by week, and when the pass was cancelled."""
    ax = plt.figure(figsize=(7.5, 3.8)).subplots()
    _weeks(ax, life)
    ax.set_title(f"Rider {life['rider_id'].iloc[0]} cancels the yearly pass")
    ax.legend(loc="lower left")
    decided = life["decided_at"].iloc[0]
    before = life[life["known_at"] <= decided].iloc[-1]
    show(
        ax,
        alt=f"Rides in the last four weeks of one rider over time, as a staircase. At the decision "
        f"on {decided:%d %B}, a dotted line, {before['rides']} were known; the last value is "
        f"{life['rides'].iloc[-1]}.",
        caption=f"On {decided:%d %B}, {before['rides']} rides in four weeks were known. On "
        f"{life['known_at'].iloc[-1]:%d %B} it is {life['rides'].iloc[-1]}.",
    )


def joins(life):
    """The same rider, with the row that each of the two joins takes."""
    ax = plt.figure(figsize=(7.5, 3.8)).subplots()
    _weeks(ax, life)
    decided = life["decided_at"].iloc[0]
    used, last = life[life["known_at"] <= decided].iloc[-1], life.iloc[-1]
    ax.plot(used["known_at"], used["rides"], "oC0", markersize=11, label="point-in-time join")
    ax.plot(last["known_at"], last["rides"], "XC1", markersize=11, label="latest-value join")
    ax.set_title("Which row does a join take?")
    ax.legend(loc="lower left")
    show(
        ax,
        alt=f"The staircase of rides again. The point-in-time join takes the last row before the "
        f"decision, {used['rides']} rides; the latest-value join takes the last row of all, "
        f"{last['rides']}.",
        caption=f"The point-in-time join takes {used['rides']} rides, known since "
        f"{used['known_at']:%d %B}; the latest-value join takes {last['rides']}, known since "
        f"{last['known_at']:%d %B}.",
    )


def before_and_in_use(offline, in_use):
    """The AUC of both models on riders held back, and in use: {join: {"AUC": …}} each."""
    offline, in_use = ({n: r["AUC"] for n, r in scores.items()} for scores in (offline, in_use))
    ax = plt.figure(figsize=(6.5, 4)).subplots()
    for name, style in (("point-in-time", "o-"), ("latest-value", "X--")):
        ax.plot([0, 1], [offline[name], in_use[name]], style, markersize=9, label=f"{name} join")
    ax.axhline(in_use["truth"], color="black", linestyle=":", label="the truth, in use")
    ax.axhline(0.5, color="0.6", linewidth=1)
    ax.annotate("guessing", (0.5, 0.5), xytext=(0, 4), textcoords="offset points", color="0.35")
    ax.set_xticks([0, 1], ["on riders held back", "in use"])
    ax.set(xlim=(-0.25, 1.25), ylim=(0.45, 1), ylabel="AUC", title="The same two models, twice")
    ax.legend(loc="lower left")
    told = "; ".join(f"{n} join from {offline[n]:.2f} to {in_use[n]:.2f}" for n in offline)
    show(
        ax,
        alt=f"Lines of the AUC of both models, on riders held back and in use: {told}. A dotted "
        f"line at {in_use['truth']:.2f} is the best possible in use.",
        caption=f"AUC: {told}; the best possible in use is {in_use['truth']:.2f}.",
    )
