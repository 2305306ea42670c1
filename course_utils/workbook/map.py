"""The map of lessons: a picture with the learner's progress, and the same as a list."""

import html
import textwrap
from typing import TYPE_CHECKING

from course_utils.workbook.progress import LessonState, overview

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PER_ROW = 4
_WIDTH, _HEIGHT, _GAP = 2.25, 0.92, 0.2  # of a box, and between boxes, in inches
_HEADING = 0.42  # height of a part's name
_BAR = 0.055  # height of the progress bar
_INK, _GREY = "#1a1a1a", "#595959"
# state -> fill, edge, how it is drawn: told by the word in the box as well
_LOOK = {
    "done": ("#d8f0e6", "#007a59", "-", 1.6),
    "started": ("#e3f0f9", "#0072b2", "-", 1.6),
    "new": ("#ffffff", "#767676", "-", 1.0),
    "demo": ("#ffffff", "#767676", "--", 1.0),
}


def draw_map() -> None:
    """Shows all lessons in their order with what is done, as a picture and as a list."""
    from course_utils import figures

    lessons = overview()
    picture = figures.render(_draw(lessons), alt=_alt(lessons))
    lines = _lines(lessons)
    items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    bundle = {
        "text/plain": "\n".join(["Map of lessons", *lines]),
        "text/html": picture["text/html"]
        + f"<details><summary>The map as a list</summary><ul>{items}</ul></details>",
    }
    from IPython.display import display

    display(bundle, raw=True)


def _draw(lessons: list[LessonState]) -> "Figure":
    import matplotlib.pyplot as plt

    parts: dict[str, list[LessonState]] = {}
    for item in lessons:
        parts.setdefault(item.lesson.part, []).append(item)
    rows = sum(-(-len(items) // _PER_ROW) for items in parts.values())
    width = _PER_ROW * (_WIDTH + _GAP) + _GAP
    height = rows * (_HEIGHT + _GAP) + len(parts) * _HEADING + _GAP
    figure = plt.figure(figsize=(width, height), layout="none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(height, 0))  # inches, downwards
    axes.axis("off")

    top = _GAP
    for part, items in parts.items():
        axes.text(
            _GAP, top + _HEADING / 2, part, fontsize=13, fontweight="bold", color=_INK, va="center"
        )
        top += _HEADING
        for start in range(0, len(items), _PER_ROW):
            for place, item in enumerate(items[start : start + _PER_ROW]):
                _draw_box(axes, _GAP + place * (_WIDTH + _GAP), top, item)
            top += _HEIGHT + _GAP
    return figure


def _draw_box(axes: "Axes", left: float, top: float, item: LessonState) -> None:
    from matplotlib.patches import FancyBboxPatch, Rectangle

    fill, edge, style, line = _LOOK[_look(item)]
    axes.add_patch(
        FancyBboxPatch(
            (left, top),
            _WIDTH,
            _HEIGHT,
            boxstyle="round,pad=0,rounding_size=0.08",
            facecolor=fill,
            edgecolor=edge,
            linestyle=style,
            linewidth=line,
        )
    )
    axes.text(
        left + 0.1,
        top + 0.2,
        item.lesson.number,
        fontsize=11,
        fontweight="bold",
        color=edge,
        va="center",
    )
    title = textwrap.shorten(item.lesson.title, 44, placeholder="…")
    axes.text(
        left + 0.42,
        top + 0.09,
        "\n".join(textwrap.wrap(title, 22)),
        fontsize=10.5,
        color=_INK,
        va="top",
        linespacing=1.15,
    )
    axes.text(left + 0.1, top + _HEIGHT - 0.2, _words(item), fontsize=9, color=_GREY, va="center")
    if item.questions:
        full = _WIDTH - 0.2
        low = top + _HEIGHT - 0.095
        axes.add_patch(Rectangle((left + 0.1, low), full, _BAR, facecolor="#d9d9d9", linewidth=0))
        share = full * item.done / len(item.questions)
        axes.add_patch(Rectangle((left + 0.1, low), share, _BAR, facecolor=edge, linewidth=0))


def _look(item: LessonState) -> str:
    if not item.questions:
        return "demo"
    if item.complete:
        return "done"
    return "started" if item.started else "new"


def _words(item: LessonState) -> str:
    minutes = f"{item.lesson.minutes} min"
    if not item.questions:
        return f"{minutes} · {item.words}"
    if item.complete:
        return f"{minutes} · ✓ done"
    if not item.started:
        return f"{minutes} · {len(item.questions)} questions"
    return f"{minutes} · {item.done} of {len(item.questions)} done"


def _lines(lessons: list[LessonState]) -> list[str]:
    return [
        f"{item.lesson.number} {item.lesson.title} ({item.lesson.part}, {item.lesson.minutes} "
        f"minutes): {item.words}"
        for item in lessons
    ]


def _alt(lessons: list[LessonState]) -> str:
    done = sum(item.done for item in lessons)
    total = sum(len(item.questions) for item in lessons)
    parts = list(dict.fromkeys(item.lesson.part for item in lessons))
    return (
        f"Map of {len(lessons)} lessons as boxes in their order, in {len(parts)} parts: "
        f"{', '.join(parts)}. {done} of {total} questions are done. "
        "The list below the picture says the same lesson by lesson."
    )
