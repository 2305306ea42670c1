"""The site is built once from the course as it is, then opened from disk in a browser."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from course_utils import paths, site
from course_utils.build.source import Sources, Tree, read

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
PATIENCE = 120_000  # milliseconds for one step on a machine that does other things too
FIGURE = "notebooks/06_linear_regression_1.html"  # has figures, diagrams and formulas
MAIN = (
    "index.html",
    "docs/start.html",
    FIGURE,
    "labs/06_linear_regression_1.html",
    "solutions/06_linear_regression_1.html",
    "notebooks/12_random_forests.html",
    "docs/automl.html",
    "api/automl.html",
    "CHANGELOG.html",
    "LICENSE.html",
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]
in_browser = pytest.mark.skipif(
    BROWSER is None, reason="no Chromium on the PATH: apt install chromium"
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site's folder: its links are looked at as it is built."""
    return site.build(tmp_path_factory.mktemp("built") / "_site").parent


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=BROWSER,
            # as root, in a container, Chromium refuses its own sandbox
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        page = browser.new_page(viewport={"width": 1200, "height": 900}, color_scheme="light")
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        yield page
        browser.close()


def test_a_build_leaves_nothing_beside_the_site(built: Path) -> None:
    assert [path.name for path in built.parent.iterdir()] == [built.name]


def _pages() -> list[Sources]:
    return Tree.of_course().all()


def test_every_notebook_has_a_page_with_its_alternatives_and_folds(built: Path) -> None:
    for sources in _pages():
        for role in sources.roles:
            notebook = read(sources.target(role))
            target = sources.target(role).relative_to(paths.ROOT).with_suffix(".html")
            text = (built / target).read_text(encoding="utf-8")
            assert notebook is not None
            for alternative in _alternatives(notebook):
                assert alternative in text, f"{target}: {alternative}"
            folded = sum(map(_source_and_outputs(notebook).count, ("<details>", "<details ")))
            assert text.count("<details") >= folded, target
            assert not re.search(r"<details[^>]*\bopen\b", text), target


def _source_and_outputs(notebook: nbformat.NotebookNode) -> str:
    parts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    for cell in notebook.cells:
        parts += [output.get("data", {}).get("text/html", "") for output in cell.get("outputs", ())]
    return "\n".join(parts)


def _alternatives(notebook: nbformat.NotebookNode) -> list[str]:
    return re.findall(r'<img alt="[^"]+"', _source_and_outputs(notebook))


def test_answers_are_marked_and_not_found_by_the_search(built: Path) -> None:
    solutions = sorted((built / "solutions").glob("[0-9]*.html"))
    assert len(solutions) == sum("solution" in sources.roles for sources in _pages())
    for path in solutions:
        assert "Spoiler." in path.read_text(encoding="utf-8")
    text = (built / "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    found = {page for pages in index["terms"].values() for page in _as_list(pages)}
    names = {index["docnames"][page] for page in found}
    assert "labs/06_linear_regression_1" in names
    assert not [name for name in names if name.startswith("solutions/") and name[10:] != "index"]


def _as_list(pages: int | list[int]) -> list[int]:
    return [pages] if isinstance(pages, int) else pages


def test_each_part_stands_in_the_map_and_each_package_in_the_reference(built: Path) -> None:
    first = (built / "index.html").read_text(encoding="utf-8")
    for lesson in Tree.of_course().lessons:
        assert f"{lesson.part} (" in first
        assert f"{lesson.name}.html" in first
    for name in ("automl.classify", "features.FeatureEngineeringClient", "registry.Approvals"):
        package = name.split(".")[0]
        text = (built / "api" / f"{package}.html").read_text(encoding="utf-8")
        assert f'id="course_utils.{name}"' in text
    assert 'id="course_utils.show"' in (built / "api" / "notebooks.html").read_text("utf-8")


@in_browser
def test_no_page_asks_another_host(built: Path, page: Page) -> None:
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    for name in MAIN:
        page.goto((built / name).as_uri(), wait_until="load")
        expect(page.locator("h1").first).to_be_visible()
    assert len(asked) > len(MAIN)
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert errors == []


@in_browser
def test_search_works_from_disk(built: Path, page: Page) -> None:
    page.goto((built / "index.html").as_uri())
    page.locator("input[name=q]:visible").fill("delta review")
    page.keyboard.press("Enter")
    expect(page.locator(".search-summary")).to_contain_text("Search finished")
    found = page.locator("#search-results li a")
    expect(found.filter(has_text="02 · Delta review").first).to_be_visible()
    assert page.locator("#search-results li a[href*='solutions/']").count() == 0
    found.first.click()
    expect(page.locator("h1").first).to_be_visible()


@in_browser
def test_the_theme_turns_dark_and_figures_with_it(built: Path, page: Page) -> None:
    page.goto((built / FIGURE).as_uri())
    figure = page.locator(".course-figure img").first
    assert figure.evaluate("each => getComputedStyle(each).filter") == "none"
    for _ in range(3):  # automatic, light, dark
        if page.locator("body").get_attribute("data-theme") == "dark":
            break
        page.locator(".theme-toggle:visible").first.click()
    expect(page.locator("body")).to_have_attribute("data-theme", "dark")
    assert "invert" in figure.evaluate("each => getComputedStyle(each).filter")
    ground = page.locator("body").evaluate("each => getComputedStyle(each).backgroundColor")
    assert max(int(each) for each in re.findall(r"\d+", ground)[:3]) < 60


@in_browser
def test_diagrams_and_formulas_are_drawn(built: Path, page: Page) -> None:
    page.goto((built / FIGURE).as_uri())
    drawn = page.locator("pre.mermaid svg")
    expect(drawn.first).to_be_visible()
    expect(drawn.first).to_contain_text("VectorAssembler")
    formula = page.locator("math").first
    box = formula.bounding_box()
    assert box is not None and box["width"] > 5
    assert page.locator("mjx-container").count() == 0
    # A fold opens on a click, and not before
    fold = page.locator("article details").first
    expect(fold.locator("p").first).to_be_hidden()
    fold.locator("summary").click()
    expect(fold.locator("p").first).to_be_visible()


@in_browser
@pytest.mark.parametrize("width", [390, 1024])
def test_no_page_is_wider_than_the_window(built: Path, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    for name in MAIN:
        page.goto((built / name).as_uri())
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} is {wide} pixels wide"
