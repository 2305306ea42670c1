"""The run-of-show of a plan: minute by minute what to show, to ask and to expect, as Markdown."""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from course_utils.build.source import Sources, Tree
from course_utils.errors import CourseError
from course_utils.plans import Item, Plan, Sitting, clock
from course_utils.slides import words
from course_utils.slides.deck import Deck, deck_of
from course_utils.slides.parts import Part, Prediction, parts_of, predictions

_WORDS_A_MINUTE = 130
_CODE, _PREDICT, _EXERCISE = 1.0, 1.5, 4.0  # minutes, before a demo's are shared out
_ENDS = ("What to remember", "What you know now", "On Databricks")  # sections not to leave out
_SEEN = 160  # characters of an output


@dataclass(frozen=True)
class Scene:
    """What a class does from one boundary to the next: a section of a demo, or a lab."""

    item: Item
    title: str  # of the section, or of the lab
    minutes: int
    parts: tuple[Part, ...] = ()  # of a demo
    asked: tuple[Prediction, ...] = ()
    slides: tuple[int, int] = (0, 0)  # first and last, from 1


def run_of_show(plan: Plan, tree: Tree) -> str:
    """The plan as Markdown.

    Raises:
        CourseError: the plan is for one person, or a demo has changed since it was executed.
    """
    if plan.alone:
        raise CourseError(
            f"The plan {plan.name!r} is for somebody who works alone, so there is nothing to show "
            "or to ask. README.md has its days."
        )
    lines = [f"# {plan.title}", "", *_filled(_ABOUT)]
    for sitting in plan.sittings:
        lines += ["", f"## {sitting.title}", "", *_day(sitting, tree)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


_ABOUT = (
    "The minutes are those of a room. *Show* names the slides of `./course present`; *ask* gives "
    "each question that the demo puts to its readers, with the answer that the demo finds. Let "
    "everybody commit to a guess before you go on."
)


def _day(sitting: Sitting, tree: Tree) -> Iterator[str]:
    scenes = [scene for item in sitting.items for scene in _scenes(item, tree)]
    pauses = pauses_of(sitting, [scene.minutes for scene in scenes])
    now = sitting.habits.start
    item: Item | None = None
    for place, scene in enumerate(scenes):
        if place in pauses:
            name, minutes = pauses[place]
            yield from (f"**{clock(now)}–{clock(now + minutes)} {name}**", "")
            now += minutes
        if scene.item is not item:
            item = scene.item
            yield from (f"### {item.lesson.number} {item.lesson.title}: {item.role}", "")
        yield from _told(scene, now, tree)
        now += scene.minutes
    yield from _filled(f"**{clock(now)} End.**{_evening(sitting)}")
    yield ""
    yield from _late(scenes)


def _evening(sitting: Sitting) -> str:
    labs = [f"{each.lesson.number} ({each.minutes} minutes)" for each in sitting.evening]
    return f" For the evening, lab {', '.join(labs)}." if labs else ""


def pauses_of(sitting: Sitting, minutes: Sequence[int]) -> dict[int, tuple[str, int]]:
    """Before which scenes there is a break, with its name and minutes.

    As many as the sitting has, each at the boundary that is nearest to where equal stretches of
    work would end. The one nearest to the middle is lunch, on a day that has one.

    Args:
        sitting: whose habits hold.
        minutes: of each scene, in order.
    """
    ends = [sum(minutes[:place]) for place in range(1, len(minutes))]
    total, count = sum(minutes), sitting.breaks
    places: list[int] = []
    for turn in range(1, count + 1):
        free = [place for place in range(1, len(minutes)) if place > (places or [0])[-1]]
        # leave a boundary for each break that is still to come
        free = free[: len(free) - (count - turn)]
        if free:
            due = turn * total / (count + 1)
            places.append(min(free, key=lambda place: abs(ends[place - 1] - due)))
    middle = min(places, key=lambda place: abs(ends[place - 1] - total / 2), default=0)
    habits = sitting.habits
    return {
        place: ("Lunch", habits.lunch)
        if sitting.lunch and place == middle
        else ("Break", habits.pause)
        for place in places
    }


# --- scenes -------------------------------------------------------------------------------------


def _scenes(item: Item, tree: Tree) -> list[Scene]:
    sources = tree.lesson(item.lesson.number)
    if item.role == "lab":
        return [Scene(item, "Lab", item.minutes)]
    parts = parts_of(sources)
    deck = deck_of(item.lesson, parts)
    sections = list(dict.fromkeys(part.section for part in parts if part.section))
    inside = [tuple(part for part in parts if part.section == each) for each in sections]
    asked = predictions(parts)
    shares = shared([_weight(each) for each in inside], item.minutes)
    return [
        Scene(
            item,
            words.plain(section),
            minutes,
            own,
            tuple(each for each in asked if each.section == section),
            _slides_of(deck, section),
        )
        for section, own, minutes in zip(sections, inside, shares, strict=True)
    ]


def _weight(parts: Sequence[Part]) -> float:
    """About how long a section takes, to share out the minutes of its demo."""
    cost = {"code": _CODE, "predict": _PREDICT, "exercise": _EXERCISE}
    spoken = sum(len(part.text.split()) for part in parts if part.kind not in ("code", "schematic"))
    return spoken / _WORDS_A_MINUTE + sum(cost.get(part.kind, 0.0) for part in parts)


def shared(weights: Sequence[float], minutes: int) -> list[int]:
    """Whole minutes for each of the weights, in their proportion; together they are `minutes`."""
    ends = [round(minutes * sum(weights[:end]) / sum(weights)) for end in range(len(weights) + 1)]
    return [end - start for start, end in pairwise(ends)]


def _slides_of(deck: Deck, section: str) -> tuple[int, int]:
    places = [n for n, slide in enumerate(deck.slides, 1) if slide.section == section]
    return (places[0], places[-1]) if places else (0, 0)


# --- what is said of a scene --------------------------------------------------------------------


def _told(scene: Scene, start: int, tree: Tree) -> Iterator[str]:
    hours = f"{clock(start)}–{clock(start + scene.minutes)}"
    if scene.item.role == "lab":
        yield from (f"**{hours} Lab, {scene.minutes} minutes**", "")
        yield from _stuck(tree.lesson(scene.item.lesson.number))
        return
    first, last = scene.slides
    slides = f", slides {first}–{last}" if last > first else f", slide {first}" if first else ""
    yield from (f"**{hours} {scene.title}** ({scene.minutes} min{slides})", "")
    if shown := _shown(scene.parts):
        yield from _filled(f"- Show: {'; '.join(shown)}.", "  ")
    for question in scene.asked:
        yield from _filled(f"- Ask: {_line(question.question)}", "  ")
        yield from _filled(f"  - Answer: {_line(question.answer)}", "    ")
        if seen := [text for text in question.seen if text.strip()]:
            yield from _filled(f"  - On the screen: {_excerpt(seen[-1])}", "    ")
    for part, after in zip(scene.parts, [*scene.parts[1:], None], strict=True):
        if part.kind == "exercise":
            yield from _filled(f"- Let them work: {_line(part.text)}", "  ")
            if after is not None and after.kind == "fold":
                yield from _filled(f"  - What comes out: {_line(after.text)}", "    ")
    yield ""


def _shown(parts: Sequence[Part]) -> list[str]:
    """The pictures and the code of a section, in a few words each."""
    shown = []
    codes = sum(part.kind == "code" for part in parts)
    if codes:
        shown.append("one piece of code" if codes == 1 else f"{codes} pieces of code")
    shown += ["the schematic" for part in parts if part.kind == "schematic"]
    for part in parts:
        for output in part.outputs:
            if output.image:
                shown.append(f"the figure ({_excerpt(output.caption or output.text)})")
    return shown


def _stuck(sources: Sources) -> Iterator[str]:
    """Where people get stuck: the named mistakes of each question."""
    yield from _filled(
        "They work, each at their own pace; walk around. Where people get stuck, with the name "
        "that the check prints in brackets:"
    )
    yield ""
    for question in sources.tree.questions(sources.lesson.number):
        yield f"- {question.id} {getattr(question, 'title', '')}".rstrip()
        for mistake in question.mistakes[:3]:
            name, say = getattr(mistake, "id", ""), getattr(mistake, "say", "")
            yield from _filled(f"  - `[{name}]` {_line(say)}", "    ")
    yield ""


def _late(scenes: Sequence[Scene]) -> Iterator[str]:
    """What to leave out when time runs short, what is missed least first."""
    yield from ("**When you are late,** leave out in this order:", "")
    exercises = [
        f"{scene.item.lesson.number} {part.text.removeprefix('**').partition('.')[0]}"
        for scene in scenes
        for part in scene.parts
        if part.kind == "exercise"
    ]
    if exercises:
        saved = f"about {_EXERCISE:.0f} minutes each"
        yield from _filled(
            f"1. Exercises, for the evening, {saved}: {', '.join(exercises)}.", "   "
        )
    quiet = [
        f"{scene.item.lesson.number} {scene.title} ({scene.minutes})"
        for scene in scenes
        if scene.parts and _can_go(scene)
    ]
    if quiet:
        yield from _filled(
            "2. Sections that ask for no prediction; say their first sentence and go on "
            f"(minutes in brackets): {'; '.join(quiet)}.",
            "   ",
        )
    labs = [f"{scene.item.lesson.number} ({scene.minutes})" for scene in scenes if not scene.parts]
    if labs:
        yield from _filled(
            f"3. The second half of a lab, for the evening (minutes of the whole in brackets): "
            f"{', '.join(labs)}. A check says what is wrong without you.",
            "   ",
        )
    yield ""


def _can_go(scene: Scene) -> bool:
    opens = any(part.kind == "title" for part in scene.parts)
    return not scene.asked and not opens and not scene.title.startswith(_ENDS)


# --- text ---------------------------------------------------------------------------------------


def _line(text: str) -> str:
    """Markdown on one line, without the marks of an exercise's name."""
    return " ".join(re.sub(r"^\*\*(Exercise \d+)\.\*\*", r"\1.", text).split())


def _excerpt(text: str) -> str:
    """The beginning of an output as one line, without the stop of a sentence."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip(" -+|")]
    return textwrap.shorten(" / ".join(lines), _SEEN, placeholder=" …").removesuffix(".")


def _filled(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text, 100, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False
    )
