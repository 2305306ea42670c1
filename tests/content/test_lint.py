"""Every rule for the content of the course can fail. Whether all are kept, is said first of all."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from course_utils.build import lint_quiz, lint_text
from course_utils.build.lint import (
    FORM_RULES,
    LESSON_RULES,
    STORED_RULES,
    Page,
    lint,
    lint_sources,
    total_size,
)
from course_utils.build.source import Tree, write

MakeTree = Callable[..., Tree]
PAGE_RULES = (*FORM_RULES, *STORED_RULES)

# --- a good lesson, and for each rule what breaks it ---------------------------------------------

SENTENCE = "Plain words that explain a number which was computed right above them here.\n# "
FIRST = """\
# %% [markdown]
# # 06 · Tiny
#
# **The question of this notebook:** how small can a lesson be?
#
# - **Time:** 5 minutes
# - **You will:** read; run; think
# - **Before you start:** nothing
# - **Data:** none
#
# ```mermaid
# graph LR; a --> b
# ```

"""
LAST = """
# %% [markdown]
# **Exam:** what an estimator is.
#
# **Check yourself:** why?
#
# **Next:** the end.
"""
BLOCK = '# %% [markdown]\n# {words}\n\n# %% tags=["nbval-check-output"]\nprint({number})\n\n'
GOOD = (
    FIRST
    + "".join(BLOCK.format(words=SENTENCE * 9, number=number) for number in range(9))
    + "# %% [markdown]\n# A figure.\n\n# %%\n"
    + 'show(fig, alt="A line that rises from 0 to 6 seconds.")\n'
    + LAST
)
LAB = """
# %% [markdown]
# # 06 · Tiny: lab

# %% answer="q1"
### STUB one = ...
### BEGIN SOLUTION
one = 1
### END SOLUTION

# %% check="q1"
lab.q1.check()

# %%
lab.summary()

# %%
ask_quiz("06")
"""
QUIZ = "".join(
    f"""
[[question]]
id = "z{number}"
stem = "{number}?"
objectives = ["2025-1"]
options = [
  {{text = "a", right = true, why = "w"}}, {{text = "b", right = false, why = "w"}},
  {{text = "c", right = false, why = "w"}}
]
"""
    for number in range(5)
)


def demo_page(make_tree: MakeTree, text: str) -> Page:
    tree = make_tree({"demo.py": text}, lab=False, objectives=("2025-1",))
    return Page(tree.lesson("06"), "demo")


def broken(page: Page) -> dict[str, list[str]]:
    found = {rule.__name__: list(rule(page)) for rule in PAGE_RULES}
    return {name: lines for name, lines in found.items() if lines}


def test_a_good_demo_breaks_no_rule(make_tree: MakeTree) -> None:
    assert broken(demo_page(make_tree, GOOD)) == {}


def test_the_open_replacements_are_for_lessons_too(make_tree: MakeTree) -> None:
    text = GOOD.replace("print(3)", "from course_utils import automl, features")
    assert broken(demo_page(make_tree, text)) == {}


LONG = "\n".join(f"a{number} = {number}" for number in range(13))
BAD_DEMOS = {
    "long_cell": ("print(3)", LONG),
    "long_cells_overall": (
        "print(",
        "a = 1\nb = 2\nc = 3\nd = 4\nprint(",
    ),
    "code_in_a_row": ("print(3)", "a = 1\n\n# %%\nb = 2\n\n# %%\nc = 3"),
    "prose_before_code": ("print(", "a = 1\n\n# %%\nprint("),
    "word_count": (SENTENCE, ""),
    "first_page": ("**Time:** 5 minutes", "**Time:** not long"),
    "early_picture": ("```mermaid", "```text"),
    "exam": ("**Exam:**", "Exam:"),
    "last_cell": ("**Check yourself:**", "Check yourself:"),
    "alt_text": ('alt="A line that rises from 0 to 6 seconds."', 'alt="img"'),
    "public_names": ("print(3)", "from course_utils.session import pool"),
    "tone": ("# A figure.", "# A figure!"),
}


@pytest.mark.parametrize("rule", BAD_DEMOS)
def test_each_rule_of_form_can_fail(make_tree: MakeTree, rule: str) -> None:
    old, new = BAD_DEMOS[rule]
    assert old in GOOD
    found = broken(demo_page(make_tree, GOOD.replace(old, new)))
    assert list(found) == [rule]
    assert all(line.startswith("lessons/06_tiny/demo.py") for line in found[rule])


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("long_cell", "print(3)", f"print({'3 + ' * 19}3)"),
        ("long_cells_overall", "print(3)", "a = 1\n" * 15 + "print(3)\n\n# %%\n" + "b = 1\n" * 15),
        ("first_page", "# # 06 · Tiny", "# # 05 · Tiny"),
        ("first_page", "read; run; think", "a; b; c; d; e"),
        ("exam", "what an estimator is", "2025-1"),
        ("exam", "# A figure.", "# A figure for 2022-S3."),
        ("last_cell", "**Next:**", "Next:"),
        ("alt_text", ', alt="A line that rises from 0 to 6 seconds."', ""),
        ("alt_text", "print(3)", "plt.show()"),
        ("alt_text", "# A figure.", "# ![img](x.png)"),
        ("alt_text", "# A figure.", '# <img src="x.png" alt="">'),
        ("public_names", "print(3)", "from course_utils import paths"),
        ("public_names", "print(3)", "import course_utils.lab"),
        ("public_names", "print(3)", "from course_utils.features import registry"),
        ("tone", "# A figure.", "# A figure \N{ROCKET}."),
    ],
)
def test_further_ways_to_break_a_rule(make_tree: MakeTree, rule: str, old: str, new: str) -> None:
    assert old in GOOD
    assert rule in broken(demo_page(make_tree, GOOD.replace(old, new)))


def test_the_first_page_may_begin_with_something_to_look_at(make_tree: MakeTree) -> None:
    torn = "# %% [markdown]\n# # 06 · Tiny\n\n# %%\nprint(1)\n\n"
    assert broken(demo_page(make_tree, torn + GOOD.replace("# # 06 · Tiny\n#\n", ""))) == {}
    late = torn + torn.replace("# # 06 · Tiny", "# More.") * 2
    found = broken(demo_page(make_tree, late + GOOD.replace("# # 06 · Tiny\n#\n", "")))
    assert set(found) == {"first_page", "early_picture"}


def test_a_figure_is_an_early_picture(make_tree: MakeTree) -> None:
    shown = GOOD.replace("```mermaid", "```text").replace("print(0)", 'show(f, alt=f"{n} rows")')
    assert broken(demo_page(make_tree, shown)) == {}


def test_a_picture_may_be_drawn_by_the_lessons_helpers(make_tree: MakeTree) -> None:
    drawn = GOOD.replace("```mermaid", "```text").replace("print(0)", "draw.cloud(rows)")
    page = demo_page(make_tree, drawn)
    assert broken(page) == {}
    helpers = page.sources.folder / "helpers.py"
    helpers.write_text("def cloud(rows):\n    show(rows.plot(), alt='img')\n")
    assert broken(page) == {
        "alt_text": ["lessons/06_tiny/helpers.py: the alt text 'img' does not say what is shown"]
    }


def test_a_date_is_no_objective_of_the_exam(make_tree: MakeTree) -> None:
    assert broken(demo_page(make_tree, GOOD.replace("# A figure.", "# Since 2025-12-01."))) == {}


def test_there_is_no_upper_limit_to_words(make_tree: MakeTree) -> None:
    assert broken(demo_page(make_tree, GOOD.replace(SENTENCE, SENTENCE * 3))) == {}


def test_a_lab_has_more_room_for_code(make_tree: MakeTree) -> None:
    def too_long(lines: int) -> list[str]:
        text = LAB.replace("lab.summary()", "\n".join(["a = 1"] * lines))
        page = Page(make_tree({"lab.py": text}, {"q1": 1}).lesson("06"), "solution")
        return broken(page).get("long_cell", [])

    assert not too_long(20)
    assert too_long(21)


# --- what is stored ------------------------------------------------------------------------------


def stored_page(make_tree: MakeTree, change: Callable[[nbformat.NotebookNode], None]) -> Page:
    page = demo_page(make_tree, GOOD)
    notebook = page.sources.notebook("demo")
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = 1
            cell.outputs = [nbformat.v4.new_output("stream", text="3\n")]
    change(notebook)
    write(notebook, page.sources.target("demo"))
    return page


def set_output(output: nbformat.NotebookNode) -> Callable[[nbformat.NotebookNode], None]:
    def change(notebook: nbformat.NotebookNode) -> None:
        notebook.cells[2].outputs = [output]

    return change


def not_run(notebook: nbformat.NotebookNode) -> None:
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count, cell.outputs = None, []


OUT = nbformat.v4.new_output
BAD_OUTPUTS = {
    "checked_outputs": not_run,
    "stored_errors": set_output(OUT("error", ename="ValueError", evalue="no", traceback=[])),
    "stored_text": set_output(OUT("stream", text="see /home/ann/course/data\n")),
    "stored_size": set_output(OUT("stream", text="0123456789\n" * 40_000)),
}


def test_good_outputs_break_no_rule(make_tree: MakeTree) -> None:
    assert broken(stored_page(make_tree, lambda notebook: None)) == {}


@pytest.mark.parametrize("rule", BAD_OUTPUTS)
def test_each_rule_of_outputs_can_fail(make_tree: MakeTree, rule: str) -> None:
    found = broken(stored_page(make_tree, BAD_OUTPUTS[rule]))
    assert list(found) == [rule]
    assert all(line.startswith("notebooks/06_tiny.ipynb") for line in found[rule])


@pytest.mark.parametrize(
    ("rule", "output"),
    [
        ("stored_errors", OUT("stream", name="stderr", text="WARN something\n")),
        ("checked_outputs", OUT("stream", text="~/course/.course/data\n")),
        ("stored_text", OUT("display_data", {"text/plain": "C:\\Users\\ann"})),
    ],
)
def test_further_bad_outputs(make_tree: MakeTree, rule: str, output: nbformat.NotebookNode) -> None:
    assert rule in broken(stored_page(make_tree, set_output(output)))


def test_an_error_that_is_meant_may_be_stored(make_tree: MakeTree) -> None:
    def change(notebook: nbformat.NotebookNode) -> None:
        notebook.cells[-2].metadata["tags"] = ["raises-exception"]
        notebook.cells[-2].outputs = [OUT("error", ename="E", evalue="", traceback=[])]

    assert broken(stored_page(make_tree, change)) == {}


def test_all_notebooks_together(make_tree: MakeTree, tmp_path: Path) -> None:
    tree = make_tree({"demo.py": GOOD}, lab=False)
    assert total_size(tree) == []
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "x.ipynb").write_bytes(b" " * 12_100_000)
    assert total_size(tree) == ["the notebooks have 12.1 MB in all; at most 12"]


# --- questions -----------------------------------------------------------------------------------


def lesson_lines(tree: Tree) -> dict[str, list[str]]:
    found = {rule.__name__: list(rule(tree.lesson("06"))) for rule in LESSON_RULES}
    return {name: lines for name, lines in found.items() if lines}


def test_questions_and_quiz(make_tree: MakeTree) -> None:
    files = {"lab.py": LAB, "questions.py": "", "quiz.toml": QUIZ}
    tree = make_tree(files, {"q1": 1}, objectives=("2025-1", "2022-S1"))
    assert lesson_lines(tree) == {}

    [whole] = tree.questions("06")
    meagre = SimpleNamespace(**{**vars(whole), "hints": ("a",), "mistakes": ("a", "b")})
    assert lesson_lines(replace(tree, questions=lambda number: [meagre])) == {
        "hints_and_mistakes": [
            "lessons/06_tiny/questions.py: q1 has 1 hints; at least 2",
            "lessons/06_tiny/questions.py: q1 has 2 named mistakes; at least 3",
        ]
    }
    tree = make_tree(files, {"q1": 1}, objectives=("2025-99",))
    says = "course.toml: lesson 06 has the objective '2025-99', which is none"
    assert lesson_lines(tree) == {"objectives": [says]}


def test_each_thing_that_is_asked_is_looked_at(make_tree: MakeTree) -> None:
    asked = LAB.replace(
        "# %% answer", "# %% [markdown]\n# ## Q\n# `rows`, `price`\n\n# %% answer", 1
    )
    tree = make_tree({"lab.py": asked, "questions.py": "", "quiz.toml": QUIZ}, {"q1": 1})
    [line] = lesson_lines(tree)["looked_at"]
    assert line.startswith("lessons/06_tiny/questions.py: q1 asks for `price`: put each into")
    [whole] = tree.questions("06")
    for named in ({"columns": {"rows": {"price": "number"}}}, {"looks_at": {"price": "a rule"}}):
        question = SimpleNamespace(**{**vars(whole), **named})
        said = replace(tree, questions=lambda number, it=question: [it])  # type: ignore[misc]
        assert lesson_lines(said) == {}


def test_all_faults_of_a_quiz_are_listed(make_tree: MakeTree) -> None:
    text = QUIZ[: QUIZ.rindex("[[question]]")].replace("right = true", "right = false", 1)
    text = text.replace(', why = "w"}', "}", 4)
    lines = lesson_lines(make_tree({"lab.py": LAB, "quiz.toml": text}, {"q1": 1}))["quiz"]
    assert lines == [
        "lessons/06_tiny/quiz.toml has 4 questions; 5 are the least.",
        "lessons/06_tiny/quiz.toml question 1: an option has no `why`; every option explains "
        "itself.",
        "lessons/06_tiny/quiz.toml question 2: an option has no `why`; every option explains "
        "itself.",
    ]
    lines = lesson_lines(
        make_tree({"lab.py": LAB, "quiz.toml": QUIZ.replace("[", "", 1)}, {"q1": 1})
    )["quiz"]
    assert "is not valid TOML" in lines[0]


def test_a_lab_without_a_quiz(make_tree: MakeTree) -> None:
    lines = lesson_lines(make_tree({"lab.py": LAB}, {"q1": 1}))
    assert lines == {"quiz": ["lessons/06_tiny/quiz.toml is missing"]}


def test_the_quiz_of_a_demo_without_a_lab(make_tree: MakeTree) -> None:
    asked = GOOD.replace("print(3)", 'ask_quiz("06")')
    tree = make_tree({"demo.py": asked, "quiz.toml": QUIZ}, lab=False)
    assert lesson_lines(tree) == {}
    tree = make_tree({"demo.py": GOOD}, lab=False)
    says = "lessons/06_tiny/demo.py: nothing asks the quiz; call ask_quiz(…)"
    assert lesson_lines(tree) == {"quiz": [says]}
    short = QUIZ[: QUIZ.rindex("[[question]]")]
    tree = make_tree({"demo.py": asked, "quiz.toml": short}, lab=False)
    says = "lessons/06_tiny/quiz.toml has 4 questions; 5 are the least."
    assert lesson_lines(tree) == {"quiz": [says]}


def test_every_rule_has_a_bad_example() -> None:
    rules = {rule.__name__ for rule in (*PAGE_RULES, *LESSON_RULES)}
    assert rules == {
        *BAD_DEMOS,
        *BAD_OUTPUTS,
        "hints_and_mistakes",
        "looked_at",
        "objectives",
        "quiz",
    }


# --- all quizzes together ------------------------------------------------------------------------


def bank(make_tree: MakeTree, count: int, longest: int, places: tuple[int, ...]) -> list[str]:
    """The lines about `count` questions, the right option of `longest` of them the longest."""
    items = []
    for number in range(count):
        texts = [f"option {letter}" for letter in "abcd"]
        right = places[number % len(places)]
        if number < longest:
            texts[right] += " and more"
        options = ", ".join(
            f'{{text = "{text}", right = {str(place == right).lower()}, why = "w"}}'
            for place, text in enumerate(texts)
        )
        items.append(
            f'[[question]]\nid = "z{number}"\nstem = "{number}?"\nobjectives = ["2025-1"]\n'
            f"options = [{options}]\n"
        )
    tree = make_tree({"lab.py": LAB, "quiz.toml": "\n".join(items)}, {"q1": 1})
    return lint_quiz.bank(tree.all())


def test_a_bank_that_cannot_be_guessed(make_tree: MakeTree) -> None:
    assert bank(make_tree, 40, 12, (0, 1, 2, 3)) == []
    assert bank(make_tree, 19, 19, (1,)) == []  # too few to tell


def test_the_longest_option_is_right_too_often(make_tree: MakeTree) -> None:
    lines = bank(make_tree, 20, 7, (0, 1, 2, 3))
    assert lines == [
        "quizzes: in 7 of 20 questions the right option is the longest; at most 30%: "
        "06 z0, 06 z1, 06 z2, 06 z3, 06 z4, 06 z5, 06 z6"
    ]


def test_one_place_is_right_too_often(make_tree: MakeTree) -> None:
    lines = bank(make_tree, 20, 0, (1, 1, 0, 2, 3))
    assert lines == [
        "quizzes: the right option of 20 questions stands at A 20%, B 40%, C 20%, D 20%; each at "
        "25% ± 12%. At B: 06 z0, 06 z1, 06 z5, 06 z6, 06 z10, 06 z11, 06 z15, 06 z16"
    ]


def test_a_question_that_another_lesson_asks_too(make_tree: MakeTree) -> None:
    options = ", ".join(
        f'{{text = "{text}", right = {str(text == "a").lower()}, why = "w"}}' for text in "abcd"
    )
    asked = [("a", "Why?"), ("b", "How?"), ("c", "When?"), ("d", "Who?"), ("e", "What?")]
    text = "\n".join(
        f'[[question]]\nid = "{id}"\nstem = "{stem}"\nobjectives = ["2025-1"]\n'
        f"options = [{options}]"
        for id, stem in asked
    )
    tree = make_tree({"lab.py": LAB, "quiz.toml": text}, {"q1": 1})
    assert lint_quiz.twice(tree.all()) == []
    lines = lint_quiz.twice([*tree.all(), *tree.all()])
    assert len(lines) == 10
    assert lines[0] == "quizzes: 06 a has the id of 06 a"
    assert lines[-1] == "quizzes: 06 e has the stem of 06 e"


# --- before and after the build ------------------------------------------------------------------


def test_sources_are_looked_at_without_what_is_stored(make_tree: MakeTree) -> None:
    page = stored_page(make_tree, BAD_OUTPUTS["stored_text"])
    tree = page.sources.tree
    assert lint_sources(tree=tree) == []
    assert len(lint(tree=tree)) == 1


def test_a_link_to_what_the_build_will_make(make_tree: MakeTree) -> None:
    linked = GOOD.replace("# A figure.", "# A figure, and [this](06_tiny.ipynb) [no](07_no.ipynb).")
    tree = make_tree({"demo.py": linked}, lab=False)
    assert lint_sources(tree=tree) == [
        "lessons/06_tiny/demo.py: links to 07_no.ipynb, which does not exist"
    ]


# --- all texts -----------------------------------------------------------------------------------


def test_links(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "there.md").write_text("")
    text = "[a](there.md) [b](there.md#part) [c](#d) [e](https://example.org) `[f](code.md)`"
    assert list(lint_text.dead_links(text, tmp_path / "docs", tmp_path)) == []
    bad = "[a](missing.md) ![words](missing.png) [b](../../outside.md)"
    assert list(lint_text.dead_links(bad, tmp_path / "docs", tmp_path)) == [
        "missing.md",
        "missing.png",
        "../../outside.md",
    ]


def test_commands() -> None:
    known = lint_text.commands()
    fine = "`./course start --no-browser`, `./course check 06`, `./course data use FILE`"
    assert list(lint_text.unknown_commands(fine, known)) == []
    bad = "`./course strat`, `./course data`, `./course test --quick`, `./course data drop`"
    assert list(lint_text.unknown_commands(bad, known)) == [
        "./course strat, which is no command",
        "./course data without saying what",
        "./course test --quick, which is no option",
        "./course data without saying what",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "/home/ann/course",
        "/work/shared/data",
        "C:\\Users\\ann",
        "https://py" + "pi.org/simple",
        "repo1." + "maven.org/maven2",
        "as decided in session 4",
        "see issue #12",
        "sub" + "agents wrote it",
    ],
)
def test_foreign_words(text: str) -> None:
    assert len(list(lint_text.foreign(text))) == 1


def test_words_that_only_look_foreign() -> None:
    text = "a Spark session, an issue of the model, ~/course/.course/work/06, https://x.org/home/a"
    assert list(lint_text.foreign(text)) == []


def test_text_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("[a](missing.md) and `./course strat`")
    assert lint_text.lint_files(tmp_path) == [
        "README.md: links to missing.md, which does not exist",
        "README.md: names ./course strat, which is no command",
    ]
