"""Slides in a real browser: they fit, fetch nothing from elsewhere, and can be printed."""

import os
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from course_utils.build.source import Tree
from course_utils.errors import CourseError
from course_utils.slides import page, pdf
from course_utils.slides.present import server

PATIENCE = 120_000  # milliseconds for a step on a machine that does other things too
SMALLEST = 11  # pixels of letters on a slide of 720; on a projector of 1080 they are 16

try:
    BROWSER = pdf.browser()
except CourseError:
    BROWSER = ""
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not BROWSER, reason="no Chromium on the PATH: apt install chromium"),
]

TAUGHT = [sources for sources in Tree.of_course().all() if "demo" in sources.roles]

# Of each slide: what sticks out of it, its smallest letters, and how small its schematic is drawn
_MEASURE = """() => Reveal.getSlides().map((slide, place) => {
    Reveal.slide(place);
    const sticksOut = [...slide.querySelectorAll(".slide *")].filter((each) => {
        const box = each.getBoundingClientRect();
        if (!box.width || !box.height || each.closest("math, svg")) return false;
        return box.right > 1281 || box.bottom > 721 || box.left < -1 || box.top < -1;
    });
    const body = slide.querySelector(".body");
    const texts = [...slide.querySelectorAll(".slide h2, .body p, .body li, .body td, .body pre")];
    const drawing = slide.querySelector(".drawing svg");
    return {
        place: place + 1,
        sticksOut: sticksOut.map((each) => `${each.tagName} ${each.className}`),
        full: body.scrollHeight > body.clientHeight + 1 || body.scrollWidth > body.clientWidth + 1,
        letters: Math.min(99, ...texts.map((each) => parseFloat(getComputedStyle(each).fontSize))),
        drawn: drawing ? 20 * drawing.getAttribute("width") / drawing.viewBox.baseVal.width : 99,
        heading: slide.querySelector("h1, h2").textContent,
    };
})"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("slides")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # as root, in a container, Chromium refuses its own sandbox
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=sandbox)
        yield chromium
        chromium.close()


@pytest.fixture
def sheet(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1280, "height": 720})
    opened.set_default_timeout(PATIENCE)
    yield opened
    opened.close()


def show(sheet: Page, folder: Path, number: str) -> Path:
    """Open the slides of a lesson; their page."""
    (path,) = page.write([Tree.of_course().lesson(number)], folder)
    sheet.goto(path.as_uri())
    sheet.wait_for_selector("html[data-ready=yes]", state="attached")
    return path


@pytest.mark.parametrize("number", [sources.lesson.number for sources in TAUGHT])
def test_each_slide_fits_and_nothing_comes_from_elsewhere(
    folder: Path, sheet: Page, number: str
) -> None:
    asked: list[str] = []
    faults: list[str] = []
    sheet.on("request", lambda request: asked.append(request.url))
    sheet.on("pageerror", lambda error: faults.append(str(error)))
    show(sheet, folder, number)
    measured: list[dict[str, Any]] = sheet.evaluate(_MEASURE)

    assert not faults
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    for slide in measured:
        where = f"slide {slide['place']} of {number}, {slide['heading']}"
        assert not slide["sticksOut"] and not slide["full"], f"{where}: {slide}"
        assert slide["letters"] >= SMALLEST, f"{where}: letters of {slide['letters']} pixels"
        assert slide["drawn"] >= SMALLEST, f"{where}: a schematic with {slide['drawn']} pixels"


def test_keys_alone_lead_through_the_slides(folder: Path, sheet: Page) -> None:
    show(sheet, folder, "06")
    seen = []
    for _ in range(8):
        seen.append(sheet.evaluate("Reveal.getIndices().h"))
        sheet.keyboard.press("Space")
    assert seen == sorted(seen) and seen[0] == 0 and seen[-1] >= 4
    before = sheet.evaluate("getComputedStyle(document.body).backgroundColor")
    sheet.keyboard.press("t")
    after = sheet.evaluate("getComputedStyle(document.body).backgroundColor")
    assert {before, after} == {"rgb(255, 255, 255)", "rgb(20, 22, 25)"}


def test_the_speakers_window_has_the_notes(folder: Path, sheet: Page) -> None:
    (path,) = page.write([Tree.of_course().lesson("06")], folder)
    asked: list[str] = []
    sheet.context.on("request", lambda request: asked.append(request.url))
    running, address = server(folder, 8650)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    try:
        sheet.goto(address + path.name)
        sheet.wait_for_selector("html[data-ready=yes]", state="attached")
        with sheet.expect_popup() as opened:
            sheet.keyboard.press("s")
        window = opened.value
        window.set_default_timeout(PATIENCE)
        window.locator(".speaker-controls-notes").get_by_text("Ada lets a flat").wait_for()
        shown = window.frame_locator("#current-slide iframe")
        shown.locator("html[data-ready=yes]").wait_for(state="attached")
        sheet.keyboard.press("Space")
        window.locator(".speaker-controls-notes").get_by_text("Ada lets a flat").wait_for(
            state="detached"
        )
        here = ("http://127.0.0.1:", "data:", "about:")
        assert [url for url in asked if not url.startswith(here)] == []
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


def test_a_pdf_has_a_page_for_each_slide(folder: Path, sheet: Page) -> None:
    shown = show(sheet, folder, "06")
    count = sheet.evaluate("Reveal.getTotalSlides()")
    with ThreadPoolExecutor(1) as other:  # a thread has room for one Playwright
        (written,) = other.submit(pdf.write, [shown]).result()
    assert written == shown.with_suffix(".pdf")
    kinds = re.findall(rb"/Type\s*/Page\b(?!s)", written.read_bytes())
    assert len(kinds) == count
