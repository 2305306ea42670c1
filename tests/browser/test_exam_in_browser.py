"""In JupyterLab, by keyboard alone: an exam from begin to end, and a quiz at the end of a demo."""

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect, sync_playwright

from course_utils import config, paths
from course_utils.build.source import read
from course_utils.exam import commands, quizzes, record
from course_utils.exam.sitting import LETTERS
from course_utils.workbook import copies

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
PATIENCE = 180.0  # seconds for one step on a machine that does other things too
PORT = 8960
LESSON = "03"  # whose quiz is answered
READABLE = 4.5  # contrast of letters, by WCAG 2.2, 1.4.3

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium on the PATH: apt install chromium"),
]


# Of letters on what is behind them
_CONTRAST = """of => {
    const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const mixed = ([r, g, b, share = 1], below) =>
        [r, g, b].map((each, i) => share * each + (1 - share) * below[i]);
    const luminance = (colour) => colour
        .map((each) => each / 255)
        .map((each) => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
        .reduce((sum, each, i) => sum + each * [0.2126, 0.7152, 0.0722][i], 0);
    let ground = of;
    while (parts(getComputedStyle(ground).backgroundColor)[3] === 0) ground = ground.parentElement;
    const below = parts(getComputedStyle(ground).backgroundColor);
    const above = mixed(parts(getComputedStyle(of).color), below);
    const [low, high] = [luminance(above), luminance(below)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
}"""


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], str]]:
    """What gives the address of a notebook in a JupyterLab on a workbook of its own."""
    monkeypatch.setenv("COURSE_WORKBOOK", str(tmp_path / "workbook"))
    (tmp_path / "workbook").mkdir()
    home, token = tmp_path / "home", secrets.token_hex(16)
    own = {
        f"JUPYTER{name}": str(home / name)
        for name in ("_CONFIG_DIR", "_DATA_DIR", "_RUNTIME_DIR", "LAB_SETTINGS_DIR",
                     "LAB_WORKSPACES_DIR")
    }  # fmt: skip
    log = tmp_path / "lab.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyterlab", "--allow-root"),
                *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={PORT}"),
                "--ServerApp.open_browser=False",
                f"--ServerApp.root_dir={tmp_path / 'workbook'}",
                "--ServerApp.jpserver_extensions={'jupyter_lsp': False, 'notebook': False}",
            ],
            cwd=paths.ROOT, stdout=output, stderr=subprocess.STDOUT,
            env={**os.environ, **own, "IPYTHONDIR": str(home), "JUPYTER_TOKEN": token},
        )  # fmt: skip
    try:
        _wait(lambda: f"127.0.0.1:{PORT}" in log.read_text() or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        yield lambda name: f"http://127.0.0.1:{PORT}/lab/tree/{name}?reset&token={token}"
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=BROWSER,
            # as root, in a container, Chromium refuses its own sandbox
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        page = browser.new_page(viewport={"width": 1200, "height": 950})
        page.set_default_timeout(PATIENCE * 1000)
        expect.set_options(timeout=PATIENCE * 1000)
        yield page
        browser.close()


def _open(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("#jupyterlab-splash").wait_for(state="detached")
    page.locator(".jp-NotebookPanel:visible [data-status='idle']").first.wait_for()


def _wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.2)


def _run_first_cell(page: Page) -> None:
    """Runs the exam's cell, again where JupyterLab was not ready to hear the keys."""
    cell = page.locator(".jp-CodeCell").first
    exam = cell.locator(".jp-OutputArea").get_by_text("Question ")
    _until_shown(page, exam.first, lambda: cell.locator(".cm-content").click())
    page.keyboard.press("Escape")  # out of the editor, as by keyboard alone


def _until_shown(page: Page, shown: Locator, choose: Callable[[], None]) -> None:
    """Runs the cell that is chosen until it shows this; JupyterLab may not be ready at first."""
    for _ in range(5):
        if page.locator(".jp-Dialog").count():  # it says that the kernel is not ready
            page.keyboard.press("Escape")
        choose()
        page.keyboard.press("Control+Enter")
        with suppress(TimeoutError):
            shown.wait_for(timeout=20_000)
            return
    pytest.fail("nothing was shown")


def _tab_to(page: Page, what: str) -> None:
    """Presses Tab until the focus is on what this selector means."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("what => document.activeElement.matches(what)", what):
            return
    pytest.fail(f"Tab never came to {what}")


def _press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).press("Enter")


def _picked() -> list[str]:
    """The texts that were picked so far, of all questions."""
    sitting = record.load().sitting
    return [] if sitting is None else [text for asked in sitting.questions for text in asked.picked]


def test_an_exam_by_keyboard_stopped_and_opened_again(
    lab: Callable[[str], str], page: Page
) -> None:
    commands.lay_out_notebook()
    _open(page, lab(commands.NOTEBOOK))
    _run_first_cell(page)
    shown: Locator = page.locator(".jp-CodeCell").first.locator(".jp-OutputArea")
    expect(shown).to_contain_text("Question 1 of 48")
    _tab_to(page, ".widget-radio-box input, .widget-checkbox input")
    page.keyboard.press("Space")
    expect(shown).to_contain_text("1 answered")
    _wait(lambda: len(_picked()) == 1)
    first = _picked()

    _tab_to(page, "input[type=number]")
    page.keyboard.press("Control+A")
    page.keyboard.type("48")
    page.keyboard.press("Enter")
    expect(shown).to_contain_text("Question 48 of 48")
    _press(page, "Mark for review")
    expect(shown).to_contain_text("Marked for review: 48.")

    _press(page, "Stop and keep")
    expect(shown).to_contain_text("Run this cell again to go on")
    _run_first_cell(page)
    expect(shown).to_contain_text("Question 48 of 48 · 1 answered · marked for review")
    assert _picked() == first

    _press(page, "Hand in")
    expect(shown).to_contain_text("Press Hand in once more")
    _press(page, "Hand in")
    expect(shown).to_contain_text("By domain")
    exam = record.load().exams[0]
    assert list(exam.answers[0].picked) == first
    assert record.load().sitting is None


def _go_to(page: Page, index: int) -> Locator:
    """Goes down to a cell, as JupyterLab's own keys do it, and runs it; its output."""
    cell = f".jp-Cell[data-windowed-list-index='{index}']"
    shown = page.locator(f"{cell} .jp-OutputArea")

    page.locator(".jp-NotebookPanel:visible .jp-Cell").first.click()
    page.keyboard.press("Escape")
    _press_keys(page, "ArrowDown", index)
    _until_shown(
        page, shown.get_by_role("button").first, page.locator(f"{cell}.jp-mod-active").wait_for
    )
    return shown


def _press_keys(page: Page, key: str, times: int) -> None:
    for _ in range(times):
        page.keyboard.press(key)


def _use_dark_theme(page: Page) -> None:
    page.keyboard.press("Control+Shift+C")
    page.locator(".lm-CommandPalette-input:focus").wait_for()
    page.keyboard.type("Use Theme: JupyterLab Dark")
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "false")


def _readable(shown: Locator) -> bool:
    texts: list[Any] = [
        *shown.locator("[role=status] strong, ol li, .widget-radio-box label").all(),
        *shown.get_by_role("button").all(),
    ]
    return len(texts) > 1 and all(text.evaluate(_CONTRAST) >= READABLE for text in texts)


def test_a_quiz_in_a_demo_by_keyboard_readable_in_both_themes_its_score_kept(
    lab: Callable[[str], str], page: Page
) -> None:
    copies.reset(LESSON)
    name = f"notebooks/{config.lesson(LESSON).name}.ipynb"
    notebook = read(paths.workbook() / name)
    assert notebook is not None
    index = next(i for i, cell in enumerate(notebook.cells) if "ask_quiz(" in cell.source)
    entries = quizzes.entries(LESSON)
    options = entries[0].question.options
    right = next(place for place, option in enumerate(options) if option.right)
    wrong = len(options) - 1 if right == 0 else 0

    _open(page, lab(name))
    shown = _go_to(page, index)
    expect(shown).to_contain_text(f"Right the last time you answered: 0 of {len(entries)}")
    first = shown.locator(".widget-vbox .widget-vbox").first
    expect(first.locator(".widget-radio-box label")).to_have_text(list(LETTERS[: len(options)]))
    assert first.locator("li").first.evaluate("li => getComputedStyle(li).listStyleType") == (
        "upper-alpha"
    )

    page.keyboard.press("Escape")
    _tab_to(page, ".widget-radio-box input")  # the first letter
    _press_keys(page, "Tab", wrong)
    page.keyboard.press("Space")
    _press_keys(page, "Tab", len(options) - wrong)
    page.keyboard.press("Space")  # Submit
    expect(first).to_contain_text(f"✗ Wrong: {LETTERS[right]} is right.")
    for option in options:
        expect(first).to_contain_text(option.why)
    expect(shown).to_contain_text(f"Right the last time you answered: 0 of {len(entries)}")
    assert [answer.right for answer in record.load().quizzes[LESSON]] == [False]

    button = first.get_by_role("button")
    expect(button).to_have_text("Try again")
    page.keyboard.press("Space")
    expect(button).to_have_text("Submit")  # the letters can be chosen again
    _press_keys(page, "Shift+Tab", len(options) - right)
    page.keyboard.press("Space")
    _press_keys(page, "Tab", len(options) - right)
    page.keyboard.press("Space")  # Submit
    expect(first).to_contain_text("✓ Right.")
    expect(shown).to_contain_text(f"Right the last time you answered: 1 of {len(entries)}")
    assert [answer.right for answer in record.load().quizzes[LESSON]] == [False, True]

    assert _readable(first)
    _use_dark_theme(page)
    assert _readable(first)
