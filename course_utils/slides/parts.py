"""A demo as the parts that it is told with: headings, prose, code with its outputs, predictions."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbformat import NotebookNode

from course_utils.build.source import Sources, read
from course_utils.errors import CourseError
from course_utils.slides import words

Kind = Literal[
    "title",
    "section",
    "prose",
    "list",
    "table",
    "formula",
    "schematic",
    "predict",
    "exercise",
    "fold",
    "code",
]
Wish = Literal["", "slide", "notes", "answer"]

_BLOCKS: dict[str, Kind] = {
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "table_open": "table",
    "math_block": "formula",
    "paragraph_open": "prose",
}
_COMMENT = re.compile(r"\s*<!-- (slide|notes|answer) -->\s*")
_PREDICT = re.compile(r"\*\*Predict([^*]*)\*\*")
_FOLD = re.compile(r"<details><summary>(.*?)</summary>\s*(.*?)\s*</details>", re.DOTALL)
# Characters: a shorter answer goes on in the next paragraph, and a remark beyond the next output
_SHORT, _REMARK = 200, 20
_MARKDOWN = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)


@dataclass(frozen=True)
class Output:
    """What a code cell has put out: lines of text, or a figure."""

    text: str  # the lines; of a figure, its text alternative
    image: str = ""  # of a figure, the address of its picture: data:image/png;base64,…
    caption: str = ""


@dataclass(frozen=True)
class Part:
    """One piece of a demo, in the order of telling."""

    kind: Kind
    text: str  # Markdown, the lines of code, or the source of a schematic
    section: str  # the heading it stands under
    label: str = ""  # of a fold, what its line says
    outputs: tuple[Output, ...] = ()
    wish: Wish = (
        ""  # what its author has asked for: <!-- slide -->, <!-- notes -->, <!-- answer -->
    )


def parts_of(sources: Sources) -> list[Part]:
    """The parts of a lesson's demo, with the outputs that are stored in its notebook.

    Raises:
        CourseError: the lesson has no demo, or its stored notebook was made from other code.
    """
    number = sources.lesson.number
    if "demo" not in sources.roles:
        raise CourseError(f"Lesson {number} has no demo, so there is nothing to make slides of.")
    fresh, stored = sources.notebook("demo"), read(sources.target("demo"))
    if stored is None or _code(stored) != _code(fresh):
        raise CourseError(
            f"The outputs of lesson {number} belong to other code than its demo has now. "
            f"Run ./course build {number}"
        )
    ran = (cell for cell in stored.cells if cell.cell_type == "code")
    found: list[Part] = []
    section = ""
    for cell in fresh.cells:
        if cell.cell_type == "code":
            found.append(Part("code", cell.source, section, outputs=tuple(_outputs(next(ran)))))
            continue
        for part in _told(cell.source, section):
            section = part.section
            # one title: any other heading of its size is a section
            again = part.kind == "title" and bool(found)
            found.append(replace(part, kind="section") if again else part)
    return found


def _code(notebook: NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


# --- prose --------------------------------------------------------------------------------------


def _told(text: str, section: str) -> Iterator[Part]:
    """The parts of a Markdown cell."""
    wish: Wish = ""
    for kind, source in _split(text):
        if comment := _COMMENT.fullmatch(source):
            wish = cast(Wish, comment[1])
            continue
        if kind in ("title", "section"):
            section = source
        yield from _with_predictions(kind, source, section, wish)
        wish = ""


def _split(text: str) -> Iterator[tuple[Kind, str]]:
    """Kind and source of each block of Markdown, quotes unpacked."""
    lines = text.splitlines()
    after = 0  # the line where the fold ends that was just read
    for token in _MARKDOWN.parse(text):
        if token.level or token.map is None or token.map[0] < after:
            continue
        source = "\n".join(lines[slice(*token.map)])
        if token.type == "heading_open":
            yield ("title" if token.tag == "h1" else "section"), source.lstrip("# ").strip()
        elif token.type == "blockquote_open":
            yield from _split(re.sub(r"^> ?", "", source, flags=re.MULTILINE))
        elif token.type == "fence":
            if token.info == "mermaid":
                yield "schematic", token.content
            else:
                yield "code", token.content.rstrip()
        elif token.type == "html_block" and source.lstrip().startswith("<details"):
            end = next((n for n in range(token.map[0], len(lines)) if "</details>" in lines[n]), 0)
            after = end + 1
            yield "fold", "\n".join(lines[token.map[0] : after])
        elif token.type == "html_block" and _COMMENT.fullmatch(source):
            yield "prose", source
        elif token.type in _BLOCKS:
            yield _BLOCKS[token.type], source


def _with_predictions(kind: Kind, source: str, section: str, wish: Wish) -> Iterator[Part]:
    if kind == "fold" and (fold := _FOLD.search(source)):
        yield Part("fold", fold[2], section, label=html.unescape(fold[1]), wish=wish)
    elif kind == "prose" and source.startswith("**Exercise"):
        yield Part("exercise", source, section, wish=wish)
    elif kind == "prose" and (found := _PREDICT.search(source)):
        if before := source[: found.start()].strip():
            yield Part("prose", before, section, wish=wish)
        question = source[found.end() :].strip()
        if not found[1].endswith(":"):  # the word belongs to a sentence: "Predict the factor, …"
            question = f"Predict{found[1]} {question}"
        yield Part("predict", question, section, wish=wish)
    else:
        yield Part(kind, source, section, wish=wish)


# --- outputs ------------------------------------------------------------------------------------

_IMAGE = re.compile(r"<img[^>]*?\balt=\"([^\"]*)\"[^>]*?\bsrc=\"([^\"]*)\"", re.DOTALL)
_CAPTION = re.compile(r"<figcaption[^>]*>(.*?)</figcaption>", re.DOTALL)


def _outputs(cell: NotebookNode) -> Iterator[Output]:
    text = ""
    for output in cell.outputs:
        if output.output_type == "stream":
            text += output.text
        elif output.output_type == "error":
            text += f"{output.ename}: {output.evalue}\n"
        elif image := _IMAGE.search(output.data.get("text/html", "")):
            caption = _CAPTION.search(output.data["text/html"])
            alt, told = html.unescape(image[1]), html.unescape(caption[1]) if caption else ""
            yield Output(alt, image[2], told)
        else:
            text += str(output.data.get("text/plain", "")) + "\n"
    if text.strip():
        yield Output(text.strip("\n"))


# --- what was predicted -------------------------------------------------------------------------


@dataclass(frozen=True)
class Prediction:
    """A question that a demo asks before it shows the answer."""

    question: str  # Markdown
    section: str
    seen: tuple[str, ...]  # what the outputs after it say
    answer: str  # Markdown: what the demo says of them


def predictions(parts: Sequence[Part]) -> list[Prediction]:
    """Each question of a demo with its answer: the next outputs, and what is said after them.

    Where a demo answers much later, <!-- answer --> marks the paragraph.
    """
    return [_answered(parts, n) for n, part in enumerate(parts) if part.kind == "predict"]


def _answered(parts: Sequence[Part], place: int) -> Prediction:
    asked, seen, answer = parts[place], [], ""
    for part in parts[place + 1 :]:
        if part.kind == "code":
            if len(answer) > _REMARK:
                break
            seen += [output.caption or output.text for output in part.outputs]
        elif part.kind == "fold" and not answer:
            answer = part.text
            break
        elif part.kind in ("prose", "list") and seen and not part.text.startswith("("):
            told = part.text if part.kind == "list" else _looking_back(part.text)
            answer = f"{answer} {told}".strip()
            if len(answer) > _SHORT or part.kind == "list":
                break
        elif answer or part.kind in ("predict", "exercise", "section"):
            break
    later = (part.text for part in parts[place:] if part.wish == "answer")
    answer = answer or next(later, "") or " ".join(seen[-1:])
    return Prediction(asked.text, asked.section, tuple(seen), answer)


def _looking_back(text: str) -> str:
    """A paragraph without what leads over to the next piece of code: "In numbers:", "And why?"."""
    sentences = words.sentences(text)
    while sentences and sentences[-1].endswith((":", "?")):
        sentences.pop()
    return " ".join(sentences)
