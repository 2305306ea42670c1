"""MLflow's pages show what lesson 08 logs. COURSE_SCREENSHOT=1 makes the lesson's pictures anew.

The lesson's cells run in a store of their own, up to the section that shows the pictures. Then
`./course mlflow` serves that store, and a browser looks at it.
"""

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import pytest
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from course_utils import paths
from course_utils.build.execute import away_from_learner, run
from course_utils.build.source import Tree

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
PATIENCE = 240.0  # seconds for one step on a machine that does other things too
PICTURES = paths.ROOT / "docs" / "images"
COLORS = 48  # the pages are flat; so a picture takes 20 to 30 KB
ADDRESS = re.compile(r"MLflow is open at\s+(http://127\.0\.0\.1:\d+)/#/experiments\S*\s")
SECTION = "## The pages"
ACCOUNT = "noor"  # the pages show who has logged a run

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.spark,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium on the PATH: apt install chromium"),
]


@dataclass
class Pages:
    """A running `./course mlflow`, and the experiment in it."""

    url: str
    experiment: str

    def ask(self, path: str, **question: Any) -> Any:
        """What the server's REST interface answers."""
        request = urllib.request.Request(
            f"{self.url}/api/2.0/mlflow/{path}",
            json.dumps({"experiment_ids": [self.experiment], **question}).encode(),
            {"Content-Type": "application/json"},
        )
        # A proxy for the world outside has nothing to say about this machine
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request, timeout=PATIENCE) as answer:
            return json.load(answer)

    def address(self, place: str, **query: str) -> str:
        """The page of a place in the experiment, in the view for model training."""
        words = "&".join(
            f"{k}={quote(v)}" for k, v in {"workflowType": "machine_learning", **query}.items()
        )
        return f"{self.url}/#/experiments/{self.experiment}/{place}?{words}"


@pytest.fixture
def pages(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pages]:
    notebook = Tree.of_course().lesson(request.param).notebook("demo")
    end = next(i for i, cell in enumerate(notebook.cells) if SECTION in cell.source)
    notebook.cells = notebook.cells[:end]
    with away_from_learner() as environment:
        environment["LOGNAME"] = ACCOUNT
        run(notebook, environment)
        log = tmp_path / "mlflow.log"
        command = [sys.executable, str(paths.ROOT / "course"), "mlflow", "--no-browser"]
        command.append("--port=5950")
        with log.open("w") as output:
            process = subprocess.Popen(
                command, stdout=output, stderr=subprocess.STDOUT, env=environment
            )
        try:
            yield _wait(process, log)
        finally:
            family = psutil.Process(process.pid).children(recursive=True)
            process.send_signal(signal.SIGINT)
            process.wait(timeout=PATIENCE)
            _, left = psutil.wait_procs(family, timeout=10)
            for stray in left:
                stray.kill()
    assert not left, f"still running after Ctrl-C: {left}"


def _wait(process: subprocess.Popen[bytes], log: Path) -> Pages:
    end = time.monotonic() + PATIENCE
    while not (found := ADDRESS.search(log.read_text())):
        assert process.poll() is None, f"./course mlflow ended: {log.read_text()}"
        assert time.monotonic() < end, f"no address after {PATIENCE:.0f} s: {log.read_text()}"
        time.sleep(0.2)
    there = Pages(found[1], "")
    experiments = there.ask("experiments/search", max_results=100)["experiments"]
    there.experiment = next(
        each["experiment_id"] for each in experiments if each["name"].startswith("08_")
    )
    return there


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=BROWSER,
            # as root, in a container, Chromium refuses its own sandbox
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        page = browser.new_page(viewport={"width": 1120, "height": 640})
        page.set_default_timeout(PATIENCE * 1000)
        expect.set_options(timeout=PATIENCE * 1000)
        yield page
        browser.close()


def _first_page(pages: Pages, page: Page) -> None:
    """The page that opens lists the experiments; nothing that it loads asks others, or reports."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    page.goto(f"{pages.url}/#/experiments?workflowType=machine_learning")
    expect(page.get_by_text("08_mlflow_tracking").first).to_be_visible()
    expect(page.get_by_text("collects usage data")).to_have_count(0)
    elsewhere = [each for each in asked if f" {pages.url}/" not in each and " data:" not in each]
    assert not elsewhere
    assert not [each for each in asked if each.startswith("POST") and "telemetry" in each]
    switched = page.request.get(f"{pages.url}/ajax-api/3.0/mlflow/ui-telemetry").json()
    assert switched["disable_ui_telemetry"]


@pytest.mark.parametrize("pages", ["08_mlflow_tracking"], indirect=True)
def test_pages_show_runs_metrics_and_model(pages: Pages, page: Page) -> None:
    runs = pages.ask("runs/search", max_results=1000)["runs"]
    models = pages.ask("logged-models/search")["models"]
    by_name = {each["info"]["run_name"]: each["info"]["run_id"] for each in runs}
    logged = {each["info"]["name"]: each["info"]["model_id"] for each in models}

    _first_page(pages, page)
    _runs(pages, page, best=min(_validation(each) for each in runs))
    take_picture(page, "runs")

    page.goto(pages.address(f"runs/{by_name['boosting, tree by tree']}/model-metrics"))
    for name in ("train_mae", "validation_mae"):
        expect(page.get_by_text(name, exact=True).first).to_be_visible()
    expect(page.get_by_text("Step", exact=True)).to_have_count(2)
    take_picture(page, "run")

    page.goto(pages.address(f"models/{logged['price']}"))
    expect(page.get_by_text(logged["price"]).first).to_be_visible()
    expect(page.get_by_text("boosting, stopped").first).to_be_visible()
    take_picture(page, "model")


def _validation(run: dict[str, Any]) -> float:
    metrics = {each["key"]: each["value"] for each in run["data"].get("metrics", ())}
    return float(metrics.get("validation_mae", "inf"))


def _runs(pages: Pages, page: Page, best: float) -> None:
    """Open the table of runs with the columns of interest, the best run first."""
    order = {"orderByKey": "metrics.`validation_mae`", "orderByAsc": "true"}
    page.goto(pages.address("runs", searchFilter='params.family LIKE "%"', **order))
    # The panel at the right hides half of the table
    page.get_by_role("button", name="Close", exact=True).click()
    # The list of columns has metrics only if runs were there when it opened
    expect(page.get_by_role("gridcell").first).to_be_visible()
    page.get_by_role("button", name="Columns").click()
    for column in ("Dataset", "Source", "Models", "train_mae", "validation_mae", "columns"):
        page.get_by_text(column, exact=True).last.click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("gridcell").filter(has_text=f"{best:.2f}"[:5]).first).to_be_visible()


def take_picture(page: Page, name: str) -> None:
    """What the browser shows now, as a small PNG for the lesson, if pictures are asked for."""
    if not os.environ.get("COURSE_SCREENSHOT"):
        return
    page.mouse.move(0, 0)
    page.wait_for_timeout(2000)  # menus fold, charts are drawn
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        small = picture.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE)
    small.save(PICTURES / f"mlflow_{name}.png", optimize=True)
