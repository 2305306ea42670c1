"""The rules for the bank as a whole: the lessons' quizzes and `exam/*.toml` together."""

from collections.abc import Callable

from course_utils import quiz
from course_utils.build import lint_quiz
from course_utils.build.source import Tree

MakeTree = Callable[..., Tree]


def _question(id: str, right: int, stem: str = "", tags: tuple[str, ...] = ("2025-1",)) -> str:
    options = ", ".join(
        f'{{text = "option {letter}", right = {str(place == right).lower()}, why = "w"}}'
        for place, letter in enumerate("abcd")
    )
    named = ", ".join(f'"{tag}"' for tag in tags)
    return (
        f"[[question]]\nid = \"{id}\"\nstem = '''{stem or id}'''\nobjectives = [{named}]\n"
        f"options = [{options}]\n"
    )


def _tree(make_tree: MakeTree, in_lesson: list[str], files: dict[str, list[str]]) -> Tree:
    tree = make_tree({"lab.py": "# %% [markdown]\n# # 06", "quiz.toml": "\n".join(in_lesson)})
    (tree.root / "exam").mkdir()
    for name, items in files.items():
        (tree.root / "exam" / name).write_text("\n".join(items), encoding="utf-8")
    return tree


def _few(prefix: str, count: int) -> list[str]:
    return [_question(f"{prefix}{number}", number % 4) for number in range(count)]


def test_places_are_counted_over_both(make_tree: MakeTree) -> None:
    uneven = [_question(f"e{number}", 0 if number % 2 else number // 2 % 4) for number in range(20)]
    tree = _tree(make_tree, _few("z", 200), {"some.toml": uneven})
    assert lint_quiz.bank(tree.all()) == []  # 65 of 220 are no wonder
    tree = _tree_with(tree, "some.toml", [_question(f"e{n}", 0) for n in range(30)])
    (line,) = lint_quiz.bank(tree.all())
    assert "of 230 questions stands at A 35%, B 22%, C 22%, D 22%" in line
    assert "chi-square test, p = 0.00" in line
    assert line.endswith("Move some from A")


def _tree_with(tree: Tree, name: str, items: list[str]) -> Tree:
    (tree.root / "exam" / name).write_text("\n".join(items), encoding="utf-8")
    return tree


def test_the_same_id_or_stem_in_the_exam(make_tree: MakeTree) -> None:
    again = [_question("z1", 0, stem="other"), _question("e1", 0, stem="Z2")]
    tree = _tree(make_tree, _few("z", 5), {"some.toml": again})
    assert lint_quiz.twice(tree.all()) == [
        "quizzes: exam/some.toml z1 has the id of 06 z1",
        "quizzes: exam/some.toml e1 has the stem of 06 z2",
    ]


def test_a_question_of_the_exam_that_breaks_a_rule(make_tree: MakeTree) -> None:
    bad = _question("e1", 7)
    tree = _tree(make_tree, _few("z", 5), {"some.toml": [bad]})
    (line,) = lint_quiz.bank(tree.all())
    assert line.startswith("exam/some.toml question 1: 0 options are right")


def test_code_that_is_marked_as_python_has_to_be_python(make_tree: MakeTree) -> None:
    good = _question("e1", 0, "What?\n```python\nx = 1\n```\n```\nno code (\n```")
    bad = _question("e2", 0, "What?\n```python\nx = (\n```")
    tree = _tree(make_tree, _few("z", 5), {"some.toml": [good, bad]})
    (line,) = lint_quiz.bank(tree.all())
    assert line.startswith("quizzes: exam/some.toml e2 has Python that does not compile")


def test_a_whole_bank_is_large_enough_for_each_objective(make_tree: MakeTree) -> None:
    empty: dict[str, list[str]] = {name: [] for name in lint_quiz.FILES}
    tree = _tree(make_tree, _few("z", 5), {"some.toml": []})
    assert lint_quiz.bank(tree.all()) == []  # the files are not all there yet
    for name in empty:
        _tree_with(tree, name, [])
    lines = lint_quiz.bank(tree.all())
    assert lines[0] == "quizzes: the bank has 5 questions; 260 are the least"
    assert "quizzes: the bank has 0 questions on 2022-S4; 4 are the least" in lines
    assert len(lines) == len(quiz.OBJECTIVES)  # all but the one that is asked, and the first line
    tags = tuple(sorted(quiz.OBJECTIVES))
    _tree_with(tree, "deployment.toml", [_question(f"e{n}", n % 4, tags=tags) for n in range(256)])
    assert lint_quiz.bank(tree.all()) == []
