"""What a learner sees in a real kernel, and that everybody can read it."""

import re
from html.parser import HTMLParser
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from course_utils.lab import Status, message
from course_utils.lab.show import MIME

OPENING = "from course_utils import open_lab, ask_quiz, draw_map\nlab = open_lab('00')"


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """The outputs of these cells, run one after the other in a kernel."""
    folder = tmp_path_factory.mktemp("kernel")
    cells = {
        "open": OPENING,
        "stub": "seconds = ...\nlab.q1.check()",
        "raises": "seconds = 10 / 0",
        "after raising": "lab.q1.check()",
        "syntax": "seconds = (10",
        "after syntax": "lab.q1.check()",
        "typed in": "seconds = 9",
        "after typed in": "lab.q1.check()",
        "wrong": "import math\nseconds = 10 / 4 * 3\nlab.q1.check()",
        "right": "seconds = math.ceil(10 / 4) * 3\nlab.q1.check()",
        "hint": "lab.q1.hint()",
        "summary": "lab.summary()",
        "no question": "lab.q7.check()",
        "map": "draw_map()",
    }
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in cells.values()]
    client = NotebookClient(notebook, allow_errors=True, timeout=120, kernel_name="python3")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("STATE", "WORKBOOK", "WORK"):
            patch.setenv(f"COURSE_{name}", str(folder / name))
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.delenv("NBGRADER_EXECUTION", raising=False)
        client.execute()
    return dict(zip(cells, (cell.outputs for cell in notebook.cells), strict=True))


def _machine(outputs: list[Any]) -> dict[str, Any]:
    (output,) = outputs
    return dict(output.data[MIME])


def _text(outputs: list[Any]) -> str:
    (output,) = outputs
    return str(output.data["text/plain"])


@pytest.mark.slow
def test_states_in_a_kernel(outputs: dict[str, list[Any]]) -> None:
    assert outputs["open"] == []
    expected = {
        "stub": ("not started", None),
        "after raising": ("raised", None),
        "after syntax": ("raised", None),
        "after typed in": ("wrong", "hard-coded"),
        "wrong": ("wrong", "no-rounds"),
        "right": ("pass", None),
    }
    for cell, (status, mistake) in expected.items():
        found = _machine(outputs[cell])
        assert (found["question"], found["status"], found["mistake"]) == ("q1", status, mistake)
    assert _machine(outputs["right"])["points"] > 0
    assert "ZeroDivisionError: division by zero" in _text(outputs["after raising"])
    assert "SyntaxError" in _text(outputs["after syntax"])


@pytest.mark.slow
def test_a_question_that_is_not_there_is_one_line(outputs: dict[str, list[Any]]) -> None:
    (error,) = outputs["no question"]
    assert error.traceback == ["Lab 00 has no 'q7': it has q1 and summary()."]


@pytest.mark.slow
def test_html_says_what_the_text_says(outputs: dict[str, list[Any]]) -> None:
    for cell in ("stub", "after raising", "wrong", "right", "hint", "summary"):
        (output,) = outputs[cell]
        seen = _Words()
        seen.feed(output.data["text/html"])
        assert seen.words() == output.data["text/plain"].replace("`", "").split()
        assert "<script" not in output.data["text/html"]


@pytest.mark.slow
def test_map_has_a_box_and_a_line_for_each_lesson(outputs: dict[str, list[Any]]) -> None:
    (output,) = outputs["map"]
    page = output.data["text/html"]
    assert re.search(r'aria-label="Map of \d+ lessons', page)
    assert page.count("<li ") == len(output.data["text/plain"].splitlines()) - 1
    assert "06 Linear regression I" in output.data["text/plain"]


class _Words(HTMLParser):
    """The words that a reader of the page sees."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: list[str] = []

    def handle_data(self, data: str) -> None:
        self._seen.append(data)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "div":
            self._seen.append(" ")

    def words(self) -> list[str]:
        return "".join(self._seen).split()


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("status", [*Status, None])
def test_text_on_every_card_has_enough_contrast(status: Status | None) -> None:
    """Card and text both set their colours, so that neither a light nor a dark page matters."""
    page = message.as_html(["✗ q1", "`name` < 3"], status)
    colours = re.findall(r"(?<!-)(background|color):(#[0-9a-f]{6})", page)
    backgrounds = {value for name, value in colours if name == "background"}
    texts = {value for name, value in colours if name == "color"}
    assert texts
    (background,) = backgrounds
    assert all(_contrast(text, background) >= 4.5 for text in texts)
    assert "&lt; 3" in page


def test_states_are_told_by_words_and_not_by_colour_alone() -> None:
    from tests.unit.lab_helpers import question

    first_lines = {status: message.verdict(status, question()) for status in Status}
    # Spark gone and a fault of ours share a verdict; the next line tells them apart
    assert len(set(first_lines.values())) == len(Status) - 1
