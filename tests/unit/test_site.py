"""What the site is made from, the check of its links, and what happens when a build fails."""

import re
import tomllib
from pathlib import Path

import nbformat
import pytest
import yaml

from course_utils import paths, site
from course_utils.build.source import Tree
from course_utils.errors import CourseError
from course_utils.setup import groups
from course_utils.site import links, pages

DEVCONTAINER = paths.ROOT / ".devcontainer"
WORKFLOWS = paths.ROOT / ".github" / "workflows"


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "source"
    pages.lay_out(Tree.of_course(), folder)
    return folder


# --- what Sphinx reads --------------------------------------------------------------------------


def _texts(folder: Path) -> list[tuple[Path, str]]:
    found = [(path, path.read_text(encoding="utf-8")) for path in folder.rglob("*.md")]
    for path in folder.rglob("*.ipynb"):
        cells = nbformat.read(path, as_version=4).cells
        found.append((path, "\n\n".join(c.source for c in cells if c.cell_type == "markdown")))
    return found


def test_each_link_of_a_text_leads_to_a_page(laid_out: Path) -> None:
    dead = [
        f"{path.relative_to(laid_out)}: {target}"
        for path, text in _texts(laid_out)
        for target in re.findall(r"(?<!`)\]\(([^)#:\s]+)(?:#[^)\s]*)?\)", text)
        if not (path.parent / target).is_file()
    ]
    assert dead == []


def test_the_menu_names_every_page_once(laid_out: Path) -> None:
    menu = pages._menu(Tree.of_course())
    named = re.findall(r"^(?:.*<(.+)>|([\w/-]+))$", re.sub(r"^[:`].*$", "", menu, flags=re.M), re.M)
    names = sorted(first or second for first, second in named)
    assert names == sorted(set(names))
    there = {
        path.relative_to(laid_out).with_suffix("").as_posix()
        for folder in (".", "docs", "notebooks", "labs")
        for path in (laid_out / folder).glob("*.*")
        if path.suffix in (".md", ".ipynb")
    }
    assert there - set(names) == {"index"}


def test_a_lab_says_how_to_open_it_and_a_solution_that_it_spoils(laid_out: Path) -> None:
    name = "06_linear_regression_1.ipynb"
    lab = nbformat.read(laid_out / "labs" / name, as_version=4)
    solution = nbformat.read(laid_out / "solutions" / name, as_version=4)
    assert "start the course" in lab.cells[0].source
    assert f"../solutions/{name}" in lab.cells[0].source
    assert solution.cells[0].source.startswith("# 06 · Linear regression I, solution\n")
    assert "**Spoiler.**" in solution.cells[0].source


def test_figures_keep_their_text_and_nothing_is_left_for_programs(laid_out: Path) -> None:
    alternatives = 0
    for path in laid_out.rglob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", ()):
                data = output.get("data", {})
                assert not [kind for kind in data if kind.startswith("application/")]
                alternatives += data.get("text/html", "").count("<img alt=")
    assert alternatives > 50


def test_the_boxes_of_the_map_lead_to_pages(laid_out: Path) -> None:
    welcome = nbformat.read(laid_out / "notebooks" / "00_welcome.ipynb", as_version=4)
    shown = [
        output.get("data", {}).get("text/html", "")
        for cell in welcome.cells
        for output in cell.get("outputs", ())
    ]
    opened = re.findall(r'href="([^"]+)"', "".join(shown))
    assert len(opened) > len(Tree.of_course().all())
    for link in opened:
        page = (laid_out / "notebooks" / link).with_suffix(".ipynb")
        assert link.endswith(".html") and page.is_file()


def test_the_map_has_each_part_with_its_minutes() -> None:
    tree = Tree.of_course()
    text = pages.lesson_map(tree)
    for lesson in tree.lessons:
        assert f"### {lesson.part} (" in text
        assert f"| {lesson.number} | " in text
    minutes = [int(each) for each in re.findall(r"^### .* \((\d+) minutes\)$", text, re.MULTILINE)]
    assert sum(minutes) == sum(lesson.minutes for lesson in tree.lessons)
    assert text in pages.front(tree)


def test_links_to_what_has_another_place_are_changed() -> None:
    text = "[a](../README.md) [b](../datasets) [c](../datasets/films.md) [d](https://x.org/LICENSE)"
    assert pages.relink(text, "docs") == (
        "[a](../index.md) [b](../datasets/index.md) [c](../datasets/films.md) "
        "[d](https://x.org/LICENSE)"
    )
    assert pages.relink("[a](LICENSE)", ".") == "[a](LICENSE.md)"


# --- links of a built site ----------------------------------------------------------------------


def test_dead_links_and_other_hosts_are_named(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.html").write_text('<h1 id="here">Two</h1><a href="../one.html#q">q</a>')
    (tmp_path / "one.html").write_text(
        '<a href="b/two.html#here">1</a> <a href="b/two.html#gone">2</a> <a href="#">3</a>'
        '<a href="none.html">4</a> <a href="b">5</a> <a href="https://example.org">6</a>'
        '<img src="data:image/png;base64,AA"> <script src="https://example.org/x.js"></script>'
        '<link rel="stylesheet" href="//example.org/x.css">'
    )
    assert links.faults(tmp_path) == [
        "b/two.html: the link ../one.html#q leads to no place of that page",
        "one.html: the link b/two.html#gone leads to no place of that page",
        "one.html: the link none.html leads to no file",
        "one.html: the link b leads to no file",
        "one.html: <script> loads from another host, https://example.org/x.js",
        "one.html: <link> loads from another host, //example.org/x.css",
    ]


# --- a build ------------------------------------------------------------------------------------


@pytest.fixture
def without_sphinx(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A state of its own, and a Sphinx that makes one page; the folder for the site."""
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "state"))
    (tmp_path / "state" / "logs").mkdir(parents=True)

    def write(python: Path, source: Path, doctrees: Path, target: Path) -> None:
        target.mkdir(parents=True)
        (target.parent / "left beside").write_text("")
        (target / "index.html").write_text("new")

    monkeypatch.setattr(groups, "python_with", lambda group, what: Path("python"))
    monkeypatch.setattr(pages, "lay_out", lambda tree, folder: folder.mkdir())
    monkeypatch.setattr(site, "_run_sphinx", write)
    return tmp_path / "_site"


def test_a_new_site_takes_the_place_of_the_old_one(without_sphinx: Path) -> None:
    without_sphinx.mkdir()
    (without_sphinx / "old.html").write_text("old")
    assert site.build(without_sphinx) == without_sphinx / "index.html"
    assert [path.name for path in without_sphinx.iterdir()] == ["index.html"]
    assert sorted(path.name for path in without_sphinx.parent.iterdir()) == ["_site", "state"]


def test_a_fault_leaves_the_old_site_and_is_told_in_one_line(
    without_sphinx: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_sphinx.mkdir()
    (without_sphinx / "index.html").write_text("old")
    monkeypatch.setattr(links, "faults", lambda folder: ["a.html: dead.", "b.html: dead"])
    with pytest.raises(CourseError, match=r"2 faults\. The first: a\.html: dead\. All") as caught:
        site.build(without_sphinx)
    assert "\n" not in str(caught.value)
    assert (without_sphinx / "index.html").read_text() == "old"
    assert sorted(path.name for path in without_sphinx.parent.iterdir()) == ["_site", "state"]


def test_sphinx_that_refuses_a_text_is_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_STATE", str(tmp_path))
    (tmp_path / "logs").mkdir()
    python = tmp_path / "python"
    source = tmp_path / "source"
    python.write_text(
        f"#!/bin/sh\necho reading\necho '{source}/a.md:3: WARNING: no such page'\nexit 1"
    )
    python.chmod(0o755)
    with pytest.raises(CourseError, match=r"The first: a\.md:3: WARNING: no such page\. All"):
        site._run_sphinx(python, source, tmp_path / "doctrees", tmp_path / "new")


def test_packages_that_cannot_be_fetched_are_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import uv

    monkeypatch.setenv("COURSE_STATE", str(tmp_path))
    monkeypatch.setattr(uv, "find_uv_bin", lambda: "/bin/false")
    with pytest.raises(CourseError) as caught:
        groups.python_with("site", "The packages that make the site")
    assert str(caught.value) == (
        f"The packages that make the site could not be installed in {tmp_path}/site; the first "
        "time needs the network. Connect and run the same command again. "
        f"Details: {tmp_path}/logs/site.log"
    )


# --- containers and workflows -------------------------------------------------------------------


def test_the_container_is_made_from_the_lock_and_runs_as_nobody_special() -> None:
    text = (DEVCONTAINER / "Dockerfile").read_text(encoding="utf-8")
    stages = re.findall(r"^FROM (\S+) AS (\w+)$", text, re.MULTILINE)
    assert [name for _, name in stages] == ["machine", "course"]
    assert re.fullmatch(r"python:3\.\d+-slim-\w+", stages[0][0])
    last_user = re.findall(r"^USER (\S+)$", text, re.MULTILINE)[-1]
    assert last_user == "1000"
    assert text.index("USER 1000") < text.index("./course tour")  # installs what the lock says
    ignored = (paths.ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {".venv", ".course", "workbook"} <= set(ignored)


def test_the_dev_container_uses_a_stage_that_is_there() -> None:
    settings = yaml.safe_load((DEVCONTAINER / "devcontainer.json").read_text(encoding="utf-8"))
    build = settings["build"]
    assert (DEVCONTAINER / build["dockerfile"]).is_file()
    text = (DEVCONTAINER / "Dockerfile").read_text(encoding="utf-8")
    assert f"AS {build['target']}\n" in text
    assert f" {settings['remoteUser']}\n" in text
    assert settings["postCreateCommand"] == "./course tour"


def test_the_matrix_has_every_python_of_the_lock() -> None:
    jobs = yaml.safe_load((WORKFLOWS / "matrix.yml").read_text(encoding="utf-8"))["jobs"]
    pythons = jobs["quick"]["strategy"]["matrix"]["python"]
    with (paths.ROOT / "pyproject.toml").open("rb") as file:
        asked = tomllib.load(file)["project"]["requires-python"]
    oldest, above = (int(minor) for minor in re.findall(r"3\.(\d+)", asked))
    assert pythons == [f"3.{minor}" for minor in range(oldest, above)]
    assert jobs["everything"]["strategy"]["matrix"]["python"] == [pythons[0], pythons[-1]]


@pytest.mark.parametrize("path", sorted(WORKFLOWS.glob("*.yml")), ids=lambda path: path.name)
def test_a_workflow_has_few_rights_and_an_end(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert "permissions" in workflow
    assert "pull_request_target" not in path.read_text(encoding="utf-8")
    for name, job in workflow["jobs"].items():
        assert job.get("timeout-minutes", 0) > 0, name
