"""The map of lessons: boxes with the learner's progress that open the notebooks, and a list."""

import os
from html import escape
from pathlib import Path

from course_utils import paths
from course_utils.workbook.progress import LessonState, overview

# Colors come from the page around it or are see-through, so that dark themes need no others; as
# many boxes stand in a row as there is room for. State is told by the words in a box as well.
_STYLE = """<style>
.course-map h4 {margin: 1em 0 .4em; font-size: 1.1em}
.course-map ul.course-map-boxes {display: grid; gap: .6em; list-style: none; margin: 0; padding: 0;
  grid-template-columns: repeat(auto-fill, minmax(14em, 1fr))}
.course-map ul.course-map-boxes li {display: flex; flex-direction: column; gap: .3em; margin: 0;
  padding: .5em .7em; border: 1px solid #808080; border-radius: 6px; line-height: 1.3}
.course-map ul.course-map-boxes li.demo {border-style: dashed}
.course-map ul.course-map-boxes li.started {border: 2px solid #3d94cf}
.course-map ul.course-map-boxes li.done {border: 2px solid #1fa37a;
  background: rgba(31, 163, 122, .14)}
.course-map .title {font-weight: bold; flex: 1}
.course-map .bar {height: 4px; border-radius: 2px; background: rgba(128, 128, 128, .3)}
.course-map .bar div {height: 100%; border-radius: 2px; background: #3d94cf}
.course-map li.done .bar div {background: #1fa37a}
</style>"""


def draw_map() -> None:
    """Shows all lessons in their order with what is done, as boxes that link to the notebooks."""
    from IPython.display import display

    lessons = overview()
    text = "\n".join(["Map of lessons", *_lines(lessons)])
    display({"text/plain": text, "text/html": _page(lessons, Path.cwd())}, raw=True)


def _page(lessons: list[LessonState], folder: Path) -> str:
    """The map as HTML, for a notebook that lies in `folder`."""
    parts: dict[str, list[str]] = {}
    for item in lessons:
        parts.setdefault(item.lesson.part, []).append(_box(item, folder))
    lists = "".join(
        f'<h4>{escape(part)}</h4><ul class="course-map-boxes">{"".join(boxes)}</ul>'
        for part, boxes in parts.items()
    )
    label = escape(_summary(lessons))
    return f'{_STYLE}<div class="course-map" role="group" aria-label="{label}">{lists}</div>'


def _box(item: LessonState, folder: Path) -> str:
    lesson = item.lesson
    first = "notebooks" if lesson.demo_minutes else "labs"
    title = f"{lesson.number} · {lesson.title}"
    minutes = [
        f"{_link(item, place, role, folder)} {count} min"
        for place, role, count in (
            ("notebooks", "demo", lesson.demo_minutes),
            ("labs", "lab", lesson.lab_minutes),
        )
        if count
    ]
    bar = ""
    if item.questions:
        share = item.done / len(item.questions)
        bar = f'<div class="bar"><div style="width: {share:.0%}"></div></div>'
    return (
        f'<li class="{_look(item)}"><div class="title">{_link(item, first, title, folder)}</div>'
        f"<div>{' · '.join(minutes)}</div><div>{escape(_words(item))}</div>{bar}</li>"
    )


def _link(item: LessonState, place: str, text: str, folder: Path) -> str:
    """The text, leading to the learner's copy of a notebook; JupyterLab opens it in a tab."""
    if item.lesson.number == "00":
        return escape(text)  # the notebook with the map itself
    copy = paths.workbook() / place / f"{item.lesson.name}.ipynb"
    return f'<a href="{escape(os.path.relpath(copy, folder))}">{escape(text)}</a>'


def _look(item: LessonState) -> str:
    if not item.questions:
        return "demo"
    if item.complete:
        return "done"
    return "started" if item.started else "new"


def _words(item: LessonState) -> str:
    return "✓ done" if item.complete else item.words


def _lines(lessons: list[LessonState]) -> list[str]:
    return [
        f"{item.lesson.number} {item.lesson.title} ({item.lesson.part}, {item.lesson.minutes} "
        f"minutes): {item.words}"
        for item in lessons
    ]


def _summary(lessons: list[LessonState]) -> str:
    done = sum(item.done for item in lessons)
    total = sum(len(item.questions) for item in lessons)
    return f"Map of {len(lessons)} lessons in their order. {done} of {total} questions are done."
