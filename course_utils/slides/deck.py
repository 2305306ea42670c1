"""Which slides a demo makes: one rule for all lessons.

A heading, a prediction, an exercise, a list, a schematic, a figure and a piece of code are a slide
each. Prose is what the speaker says: it goes into the notes, but for the first sentences of a
section, the last one before a piece of code, and the first one after an output. An author who
wants another choice puts <!-- slide --> or <!-- notes --> above a paragraph.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from course_utils.config import Lesson
from course_utils.slides import looks, words
from course_utils.slides.parts import Part, Prediction, predictions
from course_utils.slides.slide import LINES, Look, Slide, of_code, pages

_SENTENCE, _STATEMENT = 190, 260  # characters that are read at a glance
_EXPLAINED = ("title", "section", "code", "output", "figure")  # looks that are talked about after
_ITEM = re.compile(r"[-*] |\d+\. ")
_ONLY_BOLD = re.compile(r"\*\*([^*]+?)\.?\*\*:?")
_ASKS = re.compile(r"\*\*(The question|Check yourself)")


@dataclass(frozen=True)
class Deck:
    """The slides of one lesson."""

    number: str
    name: str
    title: str
    slides: tuple[Slide, ...]


def deck_of(lesson: Lesson, parts: Sequence[Part]) -> Deck:
    """The slides of a lesson whose demo has these parts."""
    return Deck(lesson.number, lesson.name, lesson.title, tuple(_Teller(parts).told()))


class _Teller:
    """Goes through a demo from start to end, and makes a slide where one is due."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._slides: list[Slide] = []
        self._said: list[Part] = []  # prose since the last thing to look at
        self._predictions: Iterator[Prediction] = iter(predictions(parts))

    def told(self) -> list[Slide]:
        make = {
            "title": self._title,
            "section": self._section,
            "prose": self._prose,
            "predict": self._predict,
            "exercise": self._exercise,
            "fold": self._fold,
            "formula": self._formula,
            "schematic": self._schematic,
            "table": self._table,
            "list": self._list,
            "code": self._code,
        }
        for part in self._parts:
            make[part.kind](part)
        self._settle()
        # A heading alone is no slide: the next one carries it
        return [each for each in self._slides if each.look != "section" or each.body]

    def _new(self, look: Look, part: Part, *body: str, heading: str = "") -> Slide:
        slide = Slide(look, heading or part.section, part.section, [each for each in body if each])
        self._slides.append(slide)
        return slide

    # --- prose: seen by a sentence, said by the speaker ---

    def _prose(self, part: Part) -> None:
        if part.wish != "slide" and not _ASKS.match(part.text):
            self._said.append(part)
            return
        self._settle()
        *asked, last = words.sentences(part.text)
        if not (asked and last.startswith("(")):  # the answer, for those who read
            asked, last = [*asked, last], ""
        if self._slides and self._slides[-1].look == "title":
            slide = self._slides[-1]
        else:
            slide = self._new("statement", part)
        slide.body.append(words.block(" ".join(asked)))
        slide.notes += [words.block(last)] if last else []

    def _settle(self) -> None:
        """Give what was said to the slide before it: a sentence to see, all of it to be said."""
        if self._said and self._slides:
            slide = self._slides[-1]
            slide.body += _seen(slide, self._said[0])
            slide.notes += [words.block(part.text) for part in self._said]
        self._said = []

    def _lead(self, last_one: bool = False) -> tuple[str, list[str]]:
        """The sentence that leads over to what comes next, and what is said to that.

        It is the last one before it where that ends with a colon or `last_one` asks for it, else
        the first one of the paragraph.
        """
        if not self._said:
            return "", []
        last = self._said[-1]
        sentences = words.sentences(last.text)
        shown = sentences.pop() if last_one or sentences[-1].endswith(":") else ""
        notes: list[str] = []
        if not self._looks_back():
            notes, self._said = [words.block(part.text) for part in self._said], []
        elif len(self._said) > 1:
            notes = [words.block(self._said.pop().text)]
        else:  # one paragraph that looks back, and perhaps ahead
            self._said = [replace(last, text=" ".join(sentences))] if sentences else []
            sentences = []
        self._settle()
        shown = shown or (sentences[0] if sentences else "")
        if not shown or len(shown) > _SENTENCE or last.wish == "notes":
            return "", notes
        return f'<p class="lead">{words.line(shown)}</p>', notes

    def _looks_back(self) -> bool:
        """Whether what is said now says something of the slide before it."""
        return bool(self._slides) and self._slides[-1].look in _EXPLAINED

    # --- what makes a slide ---

    def _title(self, part: Part) -> None:
        self._settle()
        self._new("title", part, heading=part.text)

    def _section(self, part: Part) -> None:
        self._settle()
        self._new("section", part, heading=part.text)

    def _predict(self, part: Part) -> None:
        self._settle()
        question = part.text[0].upper() + part.text[1:]
        slide = self._new("predict", part, words.block(question), heading="Predict")
        answer = next(self._predictions).answer
        slide.notes += ["<p><strong>Answer:</strong></p>", words.block(answer)]

    def _exercise(self, part: Part) -> None:
        self._settle()
        name, _, task = part.text.removeprefix("**").partition("**")
        self._new("exercise", part, words.block(task), heading=name.strip(" ."))

    def _fold(self, part: Part) -> None:
        self._settle()
        asked = self._slides[-1].heading
        first = part.text.split("\n\n")[0]
        if _ITEM.match(first):
            shown = next(pages(first))
        else:
            shown = words.opening(first, _STATEMENT) or part.label
        slide = self._new("answer", part, words.block(shown), heading=f"{asked}: {part.label}")
        slide.notes.append(words.block(part.text))

    def _formula(self, part: Part) -> None:
        self._led("statement", part, words.block(part.text))

    def _schematic(self, part: Part) -> None:
        self._led("schematic", part, looks.schematic(part.text))

    def _table(self, part: Part) -> None:
        self._led("list", part, words.block(part.text))

    def _led(self, look: Look, part: Part, body: str) -> None:
        lead, notes = self._lead(last_one=True)
        self._new(look, part, lead, body).notes += notes

    def _list(self, part: Part) -> None:
        if self._slides and self._slides[-1].look == "title":  # time, data and the like
            self._said.append(part)
            return
        named = _ONLY_BOLD.fullmatch(self._said[-1].text) if self._said else None
        heading = named[1] if named else ""
        if named:
            self._said.pop()
            self._settle()
        lead, notes = self._lead(last_one=True)
        for number, page in enumerate(pages(part.text)):
            slide = self._new("list", part, lead, words.block(page), heading=heading)
            if number == 0:
                slide.notes += [*notes, words.block(part.text)]

    def _code(self, part: Part) -> None:
        if not looks.is_for_slides(part.text):
            return
        lead, notes = self._lead()
        made = [slide for slide in of_code(part) if slide.body]
        if made:
            made[0].body[:0] = [lead] if lead else []
            made[0].notes += notes
            if not (lead or notes) and self._joined(made[0]):
                made = made[1:]
            self._slides += made
        elif self._slides:
            self._slides[-1].notes += notes

    def _joined(self, slide: Slide) -> bool:
        """Put the code of a slide below that of the one before, where both fit on one slide."""
        before = self._slides[-1] if self._slides else slide
        both = [before, slide]
        if any(each.look != "code" for each in both) or before.has_output:
            return False
        if sum(each.lines for each in both) >= LINES or before.section != slide.section:
            return False
        before.body += slide.body
        before.lines += slide.lines + 1
        return True


def _seen(slide: Slide, part: Part) -> list[str]:
    """The sentences of what is said to a slide that are seen on it."""
    if part.wish == "notes" or part.kind != "prose":
        return []
    if slide.look == "section":
        shown = words.opening(part.text, _STATEMENT)
        return [f"<p>{words.line(shown)}</p>"] if shown else []
    # neither what leads over to the next piece of code nor a remark in brackets
    told = [
        each
        for each in words.sentences(part.text)
        if not (each.endswith(":") or each.startswith("("))
    ]
    captioned = any("<figcaption" in each for each in slide.body)  # which says what is to be seen
    due = slide.has_output or (slide.look == "figure" and not captioned)
    shown = words.opening(" ".join(told), _SENTENCE)
    if not due or not shown:
        return []
    return [f'<p class="takeaway fragment">{words.line(shown)}</p>']
