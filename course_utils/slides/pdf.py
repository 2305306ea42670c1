"""Prints slides as PDF with the Chromium that is at hand, one page for each slide."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from course_utils.errors import CourseError

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
_PATIENCE = 120_000  # milliseconds for the longest deck on a slow machine


def browser() -> str:
    """The path of a Chromium or Chrome.

    Raises:
        CourseError: there is none.
    """
    found = next(filter(None, map(shutil.which, (*_BROWSERS, _MAC))), None)
    if found is None:
        raise CourseError(
            "A PDF is printed by Chromium or Chrome, and none was found. Install one (Debian and "
            "Ubuntu: sudo apt install chromium), or print the page from a browser of yours with "
            "?print-pdf at the end of its address."
        )
    return found


def write(pages: Iterable[Path]) -> list[Path]:
    """Print pages of slides, each into the PDF beside it.

    Raises:
        CourseError: there is no browser, or it could not show a page.
    """
    from playwright.sync_api import Error, sync_playwright  # among what authors need

    path = browser()
    written = []
    with sync_playwright() as playwright:
        # as root, in a container, Chromium refuses its own sandbox
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        chromium = playwright.chromium.launch(executable_path=path, args=sandbox)
        for page in pages:
            sheet = chromium.new_page()
            target = page.with_suffix(".pdf")
            partial = target.with_name(f".{target.name}")
            try:
                sheet.goto(f"{page.as_uri()}?print-pdf")
                sheet.wait_for_selector("html[data-ready=yes]", state="attached", timeout=_PATIENCE)
                sheet.pdf(path=partial, prefer_css_page_size=True, print_background=True)
            except Error as error:
                reason = str(error).splitlines()[0]
                raise CourseError(f"{path} could not print {page.name}: {reason}") from None
            finally:
                sheet.close()
            partial.replace(target)
            written.append(target)
    return written
