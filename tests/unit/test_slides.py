"""Slides and plans come from the lessons' own sources, whole and in a form that can be shown."""

import re
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import nbformat
import pytest

from course_utils import config, paths, plans
from course_utils.build import build_lesson
from course_utils.build.source import Tree, read, write
from course_utils.errors import CourseError
from course_utils.slides import assets, page, words
from course_utils.slides.deck import Deck, deck_of
from course_utils.slides.parts import Output, Part, parts_of, predictions
from course_utils.slides.present import server
from course_utils.slides.show import pauses_of, run_of_show, shared
from course_utils.slides.slide import Slide
from tests.unit.launching import is_one_line

MakeTree = Callable[..., Tree]

TAUGHT = [sources for sources in Tree.of_course().all() if "demo" in sources.roles]
_PARTS: dict[str, list[Part]] = {}


def parts(number: str) -> list[Part]:
    """The parts of a lesson of the course, read once."""
    if number not in _PARTS:
        _PARTS[number] = parts_of(Tree.of_course().lesson(number))
    return _PARTS[number]


def deck(number: str) -> Deck:
    return deck_of(config.lesson(number), parts(number))


# --- a small demo -------------------------------------------------------------------------------

DEMO = """
# %% [markdown]
# # 06 · Tiny
#
# Ada wonders. She asks around.
#
# **The question:** how many?
#
# - **Time:** 5 minutes

# %%
from course_utils import get_spark

spark = get_spark("06_tiny")

# %% [markdown]
# Spark is there.
#
# ## Counting
#
# One counts with `len`. It is quick, even for $n^2$ things.
#
# **Predict:** how long
# is it?

# %%
print(len("abc"))

# %% [markdown]
# Three. Nobody was surprised.
#
# <!-- notes -->
# Tell them of the abacus. This draws it:
#
# ```mermaid
# flowchart LR
#     a["one bead"] --> b("ten beads")
# ```
#
# **Exercise 1.** Count `"abcd"`.
#
# <details><summary>Answer</summary>
#
# Four.
#
# It really is.
# </details>
#
# > **On Databricks**
# >
# > - It is the same there. The compute is theirs.
#
# **Check yourself:** how many are five? (Five.)
"""


@pytest.fixture
def tiny(make_tree: MakeTree) -> Tree:
    tree = make_tree({"demo.py": DEMO}, lab=False)
    build_lesson("06", execute=False, tree=tree, say=lambda line: None)
    target = tree.lesson("06").target("demo")
    notebook = read(target)
    assert notebook is not None
    counted = next(cell for cell in notebook.cells if cell.source.startswith("print"))
    counted.outputs = [nbformat.v4.new_output("stream", text="3\n")]
    write(notebook, target)
    return tree


def test_a_demo_makes_these_slides(tiny: Tree) -> None:
    sources = tiny.lesson("06")
    found = deck_of(sources.lesson, parts_of(sources)).slides
    assert [(slide.look, slide.heading) for slide in found] == [
        ("title", "06 · Tiny"),
        ("section", "Counting"),
        ("predict", "Predict"),
        ("code", "Counting"),
        ("schematic", "Counting"),
        ("exercise", "Exercise 1"),
        ("answer", "Exercise 1: Answer"),
        ("list", "On Databricks"),
        ("statement", "Counting"),
    ]
    seen = ["".join(slide.body) for slide in found]
    said = ["".join(slide.notes) for slide in found]
    assert "how many?" in seen[0] and "Ada" not in seen[0]
    assert "Ada wonders" in said[0] and "5 minutes" in said[0]
    assert "<math" in seen[1] and "<script" not in seen[1]
    assert "How long" in seen[2]
    assert "Three." in said[2]  # the answer, for the speaker alone
    assert '<pre class="output fragment">3</pre>' in seen[3] and "Three." in seen[3]
    assert "abacus" in said[4] and "abacus" not in seen[4]
    assert 'aria-label="Schematic with these parts: one bead; ten beads."' in seen[4]
    assert "Four." in seen[6] and "really" not in seen[6] and "really" in said[6]
    assert "same there" in seen[7] and "theirs" not in seen[7] and "theirs" in said[7]
    assert "Five." not in seen[8] and "Five." in said[8]


def test_an_answer_that_comes_much_later_is_marked() -> None:
    told = [
        Part("predict", "how many?", "A"),
        Part("section", "B", "B"),
        Part("code", "print(5)", "B", outputs=(Output("5"),)),
        Part("prose", "That was another question, as everybody has seen.", "B"),
        Part("prose", "There are six of them.", "B", wish="answer"),
    ]
    assert [each.answer for each in predictions(told)] == ["There are six of them."]
    shown = [told[0], told[2], Part("section", "C", "C")]
    assert [each.answer for each in predictions(shown)] == ["5"]  # nothing is said: what is seen


def test_what_was_written_for_other_code_is_not_shown(tiny: Tree) -> None:
    demo = tiny.root / "lessons" / "06_tiny" / "demo.py"
    demo.write_text(demo.read_text().replace('"abc"', '"abcde"'))
    with pytest.raises(CourseError, match=r"Run \./course build 06") as error:
        parts_of(tiny.lesson("06"))
    assert is_one_line(f"course: {error.value}\n")


def test_a_better_sentence_needs_no_new_outputs(tiny: Tree) -> None:
    demo = tiny.root / "lessons" / "06_tiny" / "demo.py"
    demo.write_text(demo.read_text().replace("Ada wonders", "Ada asks herself"))
    assert any("Ada asks herself" in part.text for part in parts_of(tiny.lesson("06")))


def test_a_lesson_without_a_demo_is_named() -> None:
    with pytest.raises(CourseError, match="Lesson 05 has no demo"):
        parts_of(Tree.of_course().lesson("05"))


def test_sentences_end_where_a_reader_ends_them() -> None:
    text = "It is 1.5 times as long. `fit` returns a model. **Why?** Nobody knows (yet.) Now:"
    assert words.sentences(text) == [
        "It is 1.5 times as long.",
        "`fit` returns a model.",
        "**Why?**",
        "Nobody knows (yet.)",
        "Now:",
    ]


# --- every lesson -------------------------------------------------------------------------------


@pytest.mark.parametrize("sources", TAUGHT, ids=lambda sources: sources.lesson.number)
class TestEveryDemo:
    def test_gives_a_deck(self, sources: object) -> None:
        number = sources.lesson.number  # type: ignore[attr-defined]
        made = deck(number)
        looks = [slide.look for slide in made.slides]
        assert looks[0] == "title"
        assert made.slides[0].heading.startswith(number)
        assert all(slide.body for slide in made.slides[1:])
        # about one for each minute of a room
        assert len(looks) < 60 + 1.5 * made_minutes(number)

    def test_asks_and_answers(self, sources: object) -> None:
        number = sources.lesson.number  # type: ignore[attr-defined]
        asked = predictions(parts(number))
        assert asked
        for each in asked:
            assert len(each.answer.split()) >= 4, f"{each.question!r} has no answer"
        assert [slide.look for slide in deck(number).slides].count("predict") == len(asked)

    def test_shows_no_picture_without_words(self, sources: object) -> None:
        number = sources.lesson.number  # type: ignore[attr-defined]
        text = "".join(map("".join, (slide.body for slide in deck(number).slides)))
        pictures = re.findall(r"<img[^>]*>", text)
        assert all(re.search(r'alt="[^"]{20,}"', picture) for picture in pictures)
        drawings = re.findall(r'<div class="drawing"[^>]*>', text)
        assert all(re.search(r'aria-label="[^"]{40,}"', drawing) for drawing in drawings)

    def test_loads_nothing_from_elsewhere(self, sources: object) -> None:
        number = sources.lesson.number  # type: ignore[attr-defined]
        html = page.html_of(deck(number))
        loaded = re.findall(r'\b(?:src|href)="(?!data:|#)([^"]*)"', html)
        scripts = [each for each in loaded if each.startswith("assets/")]
        assert len(scripts) >= 5
        # links that a speaker may follow are no loading
        assert not re.findall(r'\bsrc="https?:', html)
        assert "default-src 'self'" in html


def made_minutes(number: str) -> int:
    return config.lesson(number).demo_minutes


def test_the_code_of_a_page_is_text() -> None:
    slide = Slide("code", "A < B", "A < B", [words.code('print("<b>")')])
    html = page.html_of(Deck("06", "06_x", "A & B", (slide,)))
    assert "<b>" not in html
    assert "<title>06 · A &amp; B</title>" in html


# --- plans --------------------------------------------------------------------------------------


def test_a_sitting_has_no_more_work_than_its_day_holds() -> None:
    for plan in plans.load():
        for sitting in plan.sittings:
            assert 0 < sitting.minutes <= sitting.most, f"{plan.name}, {sitting.title}"
            assert sitting.minutes == sum(item.minutes for item in sitting.items)
            assert not set(sitting.items) & set(sitting.evening)


def test_a_plan_has_as_many_days_as_it_says() -> None:
    words = ["one", "two", "three", "four", "five", "six", "seven", "eight"]
    counts = {word: number for number, word in enumerate(words, 1)}
    for plan in plans.load():
        if said := re.search(r"(\w+)(?: more)?(?: full| half) days?\b", plan.title.lower()):
            assert len(plan.sittings) == counts[said[1].replace("one more", "one")], plan.title


def test_every_lesson_is_taught_in_some_plan_for_a_class() -> None:
    taught = {
        item.lesson.number
        for plan in plans.load()
        for sitting in plan.sittings
        for item in (*sitting.items, *sitting.evening)
        if not plan.alone
    }
    assert taught == {each.number for each in config.course().lessons} - {"00"}


def test_a_room_takes_longer_than_one_person() -> None:
    (habits,) = {sitting.habits for plan in plans.load() for sitting in plan.sittings}
    assert [habits.in_room(minutes) for minutes in (20, 25, 50)] == [30, 40, 75]
    for plan in plans.load():
        for item in (item for sitting in plan.sittings for item in sitting.items):
            lesson = item.lesson
            alone = lesson.demo_minutes if item.role == "demo" else lesson.lab_minutes
            assert item.minutes == (alone if plan.alone else habits.in_room(alone))


def test_the_minutes_of_a_demo_are_shared_out_whole() -> None:
    assert shared([1, 1, 2], 20) == [5, 5, 10]
    assert sum(shared([0.3, 7, 0.1, 2.2], 37)) == 37


def test_breaks_fall_where_the_work_can_stop() -> None:
    sitting = plans.plan("4-days").sittings[0]
    minutes = [10] * (sitting.minutes // 10)
    pauses = pauses_of(sitting, minutes)
    assert len(pauses) == sitting.breaks
    assert [name for name, _ in pauses.values()].count("Lunch") == 1
    stretches = [sum(minutes[a:b]) for a, b in zip([0, *pauses], [*pauses, 99], strict=True)]
    assert max(stretches) <= 70


@pytest.mark.parametrize("name", [plan.name for plan in plans.load() if not plan.alone])
def test_a_run_of_show_is_whole(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("course_utils.slides.show.parts_of", lambda s: parts(s.lesson.number))
    plan = plans.plan(name)
    text = run_of_show(plan, Tree.of_course())
    days = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    for sitting, day in zip(plan.sittings, days, strict=True):
        demos = [item.lesson.number for item in sitting.items if item.role == "demo"]
        labs = [item.lesson.number for item in sitting.items if item.role == "lab"]
        asked = sum(len(predictions(parts(number))) for number in demos)
        assert day.count("- Ask: ") == day.count("  - Answer: ") == asked
        questions = sum(len(Tree.of_course().questions(number)) for number in labs)
        assert len(re.findall(r"^- q\d+ ", day, re.MULTILINE)) == questions
        end = sitting.habits.start + sitting.in_all
        assert f"**{plans.clock(end)} End.**" in day
        assert day.count(" Lunch**") == sitting.lunch
        assert day.count(" Break**") + day.count(" Lunch**") == sitting.breaks
        assert _longest_stretch(day) <= 100
        assert "When you are late" in day


def _longest_stretch(day: str) -> int:
    hours = re.findall(r"^\*\*(\d+):(\d+)–(\d+):(\d+) (\w+)", day, re.MULTILINE)
    stretches, start = [], None
    for h1, m1, h2, m2, what in hours:
        begins, ends = 60 * int(h1) + int(m1), 60 * int(h2) + int(m2)
        if what in ("Break", "Lunch"):
            start = None
            continue
        start = begins if start is None else start
        stretches.append(ends - start)
    return max(stretches)


def test_a_plan_for_one_person_has_nothing_to_show() -> None:
    with pytest.raises(CourseError, match="works alone"):
        run_of_show(plans.plan("alone"), Tree.of_course())


def test_an_unknown_plan_is_named_with_those_there_are() -> None:
    with pytest.raises(CourseError, match=r"no plan '5-days': there are .*4-days"):
        plans.plan("5-days")


@pytest.mark.parametrize(
    ("lessons", "at_home", "said"),
    [
        (["06", "99"], [], "names lesson 99"),
        (["06"], ["07"], "gives lab 07 for the evening of a day without"),
    ],
)
def test_a_plan_that_cannot_be_kept_is_named(
    tmp_path: Path, lessons: list[str], at_home: list[str], said: str
) -> None:
    course = (paths.ROOT / "course.toml").read_text(encoding="utf-8")
    teaching = course[course.index("[teaching]") : course.index("[[plan]]")]
    plan = '[[plan]]\nname = "x"\ntitle = "X"\n[[plan.sitting]]\ntitle = "Day"\n'
    days = f"lessons = {lessons}\nlab_at_home = {at_home}\n"
    (tmp_path / "course.toml").write_text(teaching + plan + days)
    with pytest.raises(CourseError, match=said) as error:
        plans.load(tmp_path)
    assert is_one_line(f"course: {error.value}\n")


# --- the server ---------------------------------------------------------------------------------


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "slides"
    folder.mkdir()
    (folder / "06.html").write_text("slides")
    (tmp_path / "secret.txt").write_text("secret")
    running, address = server(folder, 8700)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield address
    running.shutdown()
    thread.join()
    running.server_close()


def answer(url: str, method: str = "GET", **headers: str) -> int:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url, method=method, headers=headers)
    try:
        with direct.open(request, timeout=30) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_only_those_who_were_told_the_address_may_read(served: str) -> None:
    assert answer(f"{served}06.html") == 200
    base = served.rsplit("/", 2)[0]
    assert base.startswith("http://127.0.0.1:")
    assert answer(f"{base}/06.html") == 404
    assert answer(served) == 404  # no list of what there is
    assert answer(f"{served}../secret.txt") == 404
    assert answer(f"{served}%2e%2e/secret.txt") == 404
    assert answer(f"{served}06.html", Host="elsewhere.example") == 404
    assert answer(f"{served}06.html", method="PUT") == 501


def test_a_taken_port_gives_the_next_one(served: str, tmp_path: Path) -> None:
    port = int(served.split(":")[2].split("/")[0])
    other, address = server(tmp_path, port)
    other.server_close()
    assert int(address.split(":")[2].split("/")[0]) > port


# --- what slides are shown with -----------------------------------------------------------------


def test_without_network_one_line_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COURSE_STATE", str(tmp_path))
    monkeypatch.setattr("subprocess.run", lambda *_, **__: CompletedProcess([], returncode=2))
    with pytest.raises(CourseError, match="needs the network") as error:
        assets.copy(tmp_path / "assets")
    assert is_one_line(f"course: {error.value}\n")
    assert not (tmp_path / "assets").exists()


def test_without_a_browser_one_line_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    from course_utils.slides import pdf

    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(CourseError, match=r"\?print-pdf") as error:
        pdf.browser()
    assert is_one_line(f"course: {error.value}\n")
