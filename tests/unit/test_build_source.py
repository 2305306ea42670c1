"""Lesson sources become notebooks: what is kept, what vanishes, what is refused."""

from collections.abc import Callable

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from course_utils.build.source import Tree, text_of
from course_utils.errors import CourseError
from course_utils.percent import parse_file

MakeTree = Callable[..., Tree]

LAB = '''
# %% [markdown]
# # 06 · Tiny

# %%
start = 2

# %% answer="q1"
# TODO q1: double the start.
### STUB double = ...
### BEGIN SOLUTION
double = start * 2  # the whole secret
### END SOLUTION

# %% check="q1"
check(double)

# %% answer="q2"
def triple(value):
    """Three times the value."""
    ### STUB return ...
    ### BEGIN SOLUTION
    parts = [value, value, value]
    return sum(parts)
    ### END SOLUTION

# %% check="q2"
check(triple(2))
'''
POINTS: dict[str, float] = {"q1": 2, "q2": 1}


def test_solution_has_the_answers_and_no_markers(make_tree: MakeTree) -> None:
    cells = make_tree({"lab.py": LAB}, POINTS).lesson("06").notebook("solution").cells
    assert cells[2].source == "# q1: double the start.\ndouble = start * 2  # the whole secret"
    assert cells[4].source.endswith("    parts = [value, value, value]\n    return sum(parts)")
    assert "###" not in "".join(cell.source for cell in cells)


def test_lab_has_the_stubs_and_no_answer(make_tree: MakeTree) -> None:
    cells = make_tree({"lab.py": LAB}, POINTS).lesson("06").notebook("lab").cells
    assert cells[2].source == "# TODO q1: double the start.\ndouble = ..."
    assert cells[4].source == 'def triple(value):\n    """Three times the value."""\n    return ...'
    assert cells[5].metadata["editable"] is False
    assert "editable" not in cells[4].metadata
    assert all(not cell.outputs for cell in cells if cell.cell_type == "code")


@pytest.mark.parametrize("role", ["lab", "solution"])
def test_nbgrader_takes_the_metadata(make_tree: MakeTree, role: str) -> None:
    notebook = make_tree({"lab.py": LAB}, POINTS).lesson("06").notebook(role)  # type: ignore[arg-type]
    for cell in notebook.cells:
        MetadataValidator().validate_cell(cell)
    nbgrader = [cell.metadata["nbgrader"] for cell in notebook.cells if "nbgrader" in cell.metadata]
    assert [(each["grade_id"], each.get("points")) for each in nbgrader] == [
        ("L06-q1", None),
        ("L06-q1-check", 2),
        ("L06-q2", None),
        ("L06-q2-check", 1),
    ]
    assert [(each["solution"], each["grade"], each["locked"]) for each in nbgrader[:2]] == [
        (True, False, False),
        (False, True, True),
    ]


def test_the_same_source_gives_the_same_bytes(make_tree: MakeTree) -> None:
    tree = make_tree({"lab.py": LAB}, POINTS)
    first, second = (text_of(tree.lesson("06").notebook("lab")) for _ in range(2))
    assert first == second
    nbformat.validate(nbformat.reads(first, as_version=4))


def test_ids_survive_a_cell_that_is_added_elsewhere(make_tree: MakeTree) -> None:
    before = make_tree({"lab.py": LAB}, POINTS).lesson("06").notebook("lab").cells
    more = "# %% [markdown]\n# # 06 · Tiny\n\n# %% [markdown]\n# ## New\n\n# %%\nnew = 1\n\n"
    text = more + LAB.replace("# # 06 · Tiny", "# ## Old")
    after = make_tree({"lab.py": text}, POINTS).lesson("06").notebook("lab").cells
    ids = [cell.id for cell in after]
    assert {"06-lab-q1", "06-lab-q1-check"} <= {cell.id for cell in before} & set(ids)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("### BEGIN SOLUTION\ndouble", "double"), "do not pair up"),
        (("### STUB double = ...\n", ""), "no `...`"),
        (("### STUB double = ...", "### STUB double = = ..."), "the stub is not valid Python"),
        (("double = start * 2", "double = start *"), "the solution is not valid Python"),
        (("### END SOLUTION\n\n# %% check", "\n# %% check"), "has no ### END SOLUTION"),
        (("### END SOLUTION", "### END SOLUTON"), "not a marker"),
        (("start = 2", "### BEGIN SOLUTION\nstart = 2"), "outside an answer"),
        (('answer="q2"', 'answer="q1"'), "q1 has 2 answer cells"),
        (('# %% check="q1"\ncheck(double)\n', ""), "q1 has answer"),
        (('answer="q1"', 'reply="q1"'), "unknown cell option 'reply'"),
        (('answer="q1"', 'answer="first"'), "is not a question"),
        (("# %%\nstart", '# %% tags=["nbval-chek-output"]\nstart'), "unknown tag"),
        (("# # 06 · Tiny", "# Use `double = start * 2  # the whole secret`."), "can be read"),
        (("check(double)", "double = start * 2  # the whole secret"), "can be read"),
        (("# %% [markdown]\n# # 06", "text = 1\n# %% [markdown]\n# # 06"), "first line"),
    ],
)
def test_refused(make_tree: MakeTree, change: tuple[str, str], says: str) -> None:
    assert change[0] in LAB
    tree = make_tree({"lab.py": LAB.replace(change[0], change[1], 1)}, POINTS)
    with pytest.raises(CourseError, match=says) as caught:
        tree.lesson("06").notebook("lab")
    assert "lessons/06_tiny/lab.py" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_answer_without_region_is_refused(make_tree: MakeTree) -> None:
    text = LAB.replace("### BEGIN SOLUTION\ndouble", "double").replace("### END SOLUTION\n", "", 1)
    with pytest.raises(CourseError, match="needs a region"):
        make_tree({"lab.py": text}, POINTS).lesson("06").notebook("lab")


def test_questions_and_lab_must_agree(make_tree: MakeTree) -> None:
    tree = make_tree({"lab.py": LAB}, {"q1": 1, "q2": 1, "q3": 1})
    with pytest.raises(CourseError, match=r"lab\.py asks q1, q2, questions\.py has q1, q2, q3"):
        tree.lesson("06").notebook("lab")


def test_a_demo_asks_nothing(make_tree: MakeTree) -> None:
    tree = make_tree({"demo.py": LAB}, POINTS)
    with pytest.raises(CourseError, match="not in a demo"):
        tree.lesson("06").notebook("demo")


def test_cells_know_their_line(make_tree: MakeTree) -> None:
    tree = make_tree({"lab.py": LAB}, POINTS)
    cells = parse_file(tree.lesson("06").file("lab"))
    lines = tree.lesson("06").file("lab").read_text().splitlines()
    assert all(lines[cell.line - 1].startswith("# %%") for cell in cells)
    assert lines[cells[2].line - 1] == '# %% answer="q1"'
