"""An exam in JupyterLab, by keyboard alone: begun, stopped, opened again, handed in."""

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect, sync_playwright

from course_utils import paths
from course_utils.exam import commands, record

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
PATIENCE = 180.0  # seconds for one step on a machine that does other things too
PORT = 8960

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium on the PATH: apt install chromium"),
]


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a JupyterLab of its own, open on the notebook for exams."""
    monkeypatch.setenv("COURSE_WORKBOOK", str(tmp_path / "workbook"))
    commands.lay_out_notebook()
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
        yield f"http://127.0.0.1:{PORT}/lab/tree/{commands.NOTEBOOK}?reset&token={token}"
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


@pytest.fixture
def page(lab: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=BROWSER,
            # as root, in a container, Chromium refuses its own sandbox
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        page = browser.new_page(viewport={"width": 1200, "height": 950})
        page.set_default_timeout(PATIENCE * 1000)
        expect.set_options(timeout=PATIENCE * 1000)
        page.goto(lab)
        page.locator("#jupyterlab-splash").wait_for(state="detached")
        page.locator(".jp-NotebookPanel:visible [data-status='idle']").first.wait_for()
        yield page
        browser.close()


def _wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.2)


def _run_first_cell(page: Page) -> None:
    """Runs the exam's cell, again where JupyterLab was not ready to hear the keys."""
    cell = page.locator(".jp-CodeCell").first
    exam = cell.locator(".jp-OutputArea").get_by_text("Question ")
    for _ in range(5):
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        try:
            exam.first.wait_for(timeout=20_000)
        except TimeoutError:
            continue
        page.keyboard.press("Escape")  # out of the editor, as by keyboard alone
        return
    pytest.fail("the exam was not shown")


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


def test_an_exam_by_keyboard_stopped_and_opened_again(page: Page) -> None:
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
