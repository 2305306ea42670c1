"""A learner opens the course in a browser, answers wrongly, then rightly, and has it kept.

The page is JupyterLab's, so what is looked for are its own class names. COURSE_SCREENSHOT=1 makes
the picture of README.md anew.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from nbformat import NotebookNode
from playwright.sync_api import Error, Locator, Page, expect, sync_playwright

from course_utils import paths
from course_utils.build.source import Tree, read

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
PATIENCE = 240.0  # seconds for one step on a machine that does other things too
PICTURE = paths.ROOT / "docs" / "images" / "lab_in_browser.png"
# Where the keys go, and what the page knows of the kernel
_FOCUS = """() => [
    document.activeElement.className,
    ...Array.from(
        document.querySelectorAll(".jp-Notebook, .jp-Cell.jp-mod-active, [data-status]"),
        (each) => `${each.className} ${each.dataset.status ?? ""}`,
    ),
]"""
ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+)/\S*token=(\w+)")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.spark,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium on the PATH: apt install chromium"),
]


@dataclass
class Course:
    """A running `./course start`."""

    process: subprocess.Popen[str]
    url: str  # http://127.0.0.1:8888
    token: str
    workbook: Path


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Course]:
    workbook = tmp_path / "workbook"
    environment = {**os.environ, "COURSE_WORKBOOK": str(workbook)}
    for name in ("COURSE_POOL", "IPYTHONDIR", "COURSE_WORK", "COURSE_MLFLOW"):
        environment.pop(name, None)
    command = [sys.executable, str(paths.ROOT / "course"), "start", "--no-browser", "--port=8950"]
    log = tmp_path / "start.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env=environment, text=True
        )
    try:
        end = time.monotonic() + PATIENCE
        while not (found := ADDRESS.search(log.read_text())):
            assert process.poll() is None, f"start ended: {log.read_text()}"
            assert time.monotonic() < end, f"no address after {PATIENCE:.0f} s: {log.read_text()}"
            time.sleep(0.2)
        yield Course(process, found[1], found[2], workbook)
    finally:
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=PATIENCE)
        _, left = psutil.wait_procs(family, timeout=10)
        for stray in left:
            stray.kill()
    assert not left, f"still running after Ctrl-C: {left}"


class Notebook:
    """The open notebook: cells by their index, prose counted too."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def cell(self, index: int) -> Locator:
        """JupyterLab only keeps the cells in sight; this one is brought there."""
        cell = self.page.locator(
            f".jp-NotebookPanel:visible .jp-Cell[data-windowed-list-index='{index}']"
        )
        end = time.monotonic() + PATIENCE
        while True:
            assert time.monotonic() < end, f"cell {index} never came into sight"
            try:
                if cell.count():
                    cell.scroll_into_view_if_needed()
                    return cell
                there = self.page.locator(".jp-NotebookPanel:visible .jp-Cell")
                last = int(there.last.get_attribute("data-windowed-list-index") or 0)
                (there.last if index > last else there.first).scroll_into_view_if_needed()
            except Error as error:  # the page drew its cells anew in this moment
                if "not attached" not in str(error):
                    raise
            self.page.wait_for_timeout(200)

    def run(self, index: int, text: str | None = None) -> str:
        """Run a cell, with other text in it if given; what it put out."""
        cell = self.cell(index)
        cell.locator(".cm-content").first.click()
        if text is not None:
            self.page.keyboard.press("Control+A")
            self.page.keyboard.insert_text(text)
        prompt = cell.locator(".jp-InputArea-prompt").first
        before = prompt.inner_text()
        end = time.monotonic() + PATIENCE
        self._begin(cell, prompt, before, end)
        while not re.fullmatch(r"\[\d+\]:", now := prompt.inner_text()):
            assert time.monotonic() < end, f"cell {index} did not end, its prompt is {now!r}"
            self.page.wait_for_timeout(100)
        return "\n".join(self.cell(index).locator(".jp-OutputArea-output").all_inner_texts())

    def _begin(self, cell: Locator, prompt: Locator, before: str, end: float) -> None:
        """Press Shift+Enter, and again where nothing came of it, as whoever sits there would.

        A cell that runs says so at once. While JupyterLab still opens the notebook it may take
        the keys for itself: the kernel has not met the notebook, or the focus moves elsewhere.
        """
        while prompt.inner_text() == before:
            assert time.monotonic() < end, f"no key reached the cell: {self.page.evaluate(_FOCUS)}"
            cell.locator(".cm-content").first.click()
            self.page.keyboard.press("Shift+Enter")
            with suppress(AssertionError):
                expect(prompt).not_to_have_text(before, timeout=5000)


@pytest.fixture
def page(course: Course) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=BROWSER,
            # as root, in a container, Chromium refuses its own sandbox
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        page = browser.new_page(viewport={"width": 1200, "height": 900}, device_scale_factor=1.5)
        page.set_default_timeout(PATIENCE * 1000)
        yield page
        browser.close()


@pytest.mark.parametrize("name", ["06_linear_regression_1"])
def test_wrong_then_right_then_kept(course: Course, page: Page, name: str) -> None:
    sources = Tree.of_course().lesson(name)
    lab = read(sources.target("lab"))
    solution = next(cell.solution for cell in sources.cells("solution") if cell.kind == "answer")
    answers = sources.folder / "answers" / "q1"
    assert lab is not None
    at = {
        (cell.metadata["course"]["question"], cell.metadata["course"]["kind"]): index
        for index, cell in enumerate(lab.cells)
        if "course" in cell.metadata
    }
    before = [i for i in range(at["q1", "answer"]) if lab.cells[i].cell_type == "code"]

    page.goto(f"{course.url}/lab/tree/labs/{name}.ipynb?reset&token={course.token}")
    page.locator("#jupyterlab-splash").wait_for(state="detached")
    # The panel stands first with one empty code cell; the lab begins with prose
    page.locator(".jp-NotebookPanel:visible .jp-MarkdownCell").first.wait_for()
    # Until its kernel is there, nothing can run
    page.locator(".jp-NotebookPanel:visible [data-status='idle']").first.wait_for()
    notebook = Notebook(page)

    outputs = [notebook.run(index) for index in before]
    assert "Spark" in outputs[0]
    assert "q1 not started" in notebook.run(at["q1", "check"])

    notebook.run(at["q1", "answer"], (answers / "bad_forgot-fit.py").read_text().strip())
    wrong = notebook.run(at["q1", "check"])
    assert "[forgot-fit]" in wrong
    assert "lab.q1.hint()" in wrong

    notebook.run(at["q1", "answer"], solution)
    right = notebook.run(at["q1", "check"])
    assert "q1 done" in right
    if os.environ.get("COURSE_SCREENSHOT"):
        take_picture(notebook, at["q1", "answer"])

    progress = json.loads((course.workbook / "progress.json").read_text())
    assert progress["lessons"]["06"]["q1"]["status"] == "done"
    assert progress["lessons"]["06"]["q1"]["attempts"] == 2

    page.keyboard.press("Control+S")
    end = time.monotonic() + PATIENCE
    while solution not in [
        cell.source for cell in saved(course.workbook / "labs" / f"{name}.ipynb")
    ]:
        assert time.monotonic() < end, "the notebook was not saved"
        page.wait_for_timeout(200)
    # the copy that everybody gets is as it was
    assert read(sources.target("lab")) == lab

    # the demo has the same file name, and its tab is told from the lab's
    page.goto(f"{course.url}/lab/tree/notebooks/{name}.ipynb?token={course.token}")
    tabs = page.locator(".lm-DockPanel-tabBar .lm-TabBar-tabLabel").filter(has_text=name)
    expect(tabs).to_have_count(2)
    mark = "tab => getComputedStyle(tab, '::before').content"
    assert {tab.evaluate(mark) for tab in tabs.all()} == {'"Lab · "', '"Demo · "'}


def saved(path: Path) -> list[NotebookNode]:
    notebook = read(path)
    return [] if notebook is None else notebook.cells


def take_picture(notebook: Notebook, answer: int) -> None:
    """The answer with its check below it, without the file list."""
    page = notebook.page
    page.keyboard.press("Control+B")
    # The question at the top, and no more than the answer and its check below it
    notebook.cell(answer - 1).evaluate("cell => cell.scrollIntoView({block: 'start'})")
    page.wait_for_timeout(1500)
    box = page.locator(".jp-NotebookPanel:visible").bounding_box()
    end = notebook.cell(answer + 1).bounding_box()
    assert box is not None and end is not None
    box["height"] = end["y"] + end["height"] - box["y"]
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURE, clip=box)
