"""What is new in a notebook comes into the learner's copy, and what is the learner's stays."""

from typing import Any

import pytest

from course_utils.workbook.merge import Merged, merge, texts

Cell = dict[str, Any]


def cell(id: str, source: str, question: str = "", kind: str = "answer") -> Cell:
    course = {"course": {"question": question, "kind": kind}} if question else {}
    cell_type = "code" if question or source.startswith("x") else "markdown"
    made: Cell = {"cell_type": cell_type, "id": id, "metadata": course, "source": source}
    return made | ({"outputs": [], "execution_count": None} if cell_type == "code" else {})


def notebook(*cells: Cell) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


TOP, SETUP = cell("06-lab-1", "# Lab"), cell("06-lab-2", "x = 1")
ASKED, ANSWER = cell("06-lab-3", "## Add"), cell("06-lab-q1", "total = ...", "q1")
BASE = notebook(TOP, SETUP, ASKED, ANSWER)


def _merged(mine: list[Cell], shipped: list[Cell], base: dict[str, Any] | None = BASE) -> Merged:
    known = {} if base is None else texts(base)
    return merge(notebook(*mine), notebook(*shipped), known)


def _sources(merged: Merged) -> list[str]:
    return [each["source"] for each in merged.notebook["cells"]]


def test_an_answer_stays_and_its_question_is_told_anew() -> None:
    answered = {**ANSWER, "source": "total = 6", "execution_count": 3}
    asked = {**ASKED, "source": "## Add in dollars"}
    merged = _merged([TOP, SETUP, ASKED, answered], [TOP, SETUP, asked, ANSWER])
    assert _sources(merged) == ["# Lab", "x = 1", "## Add in dollars", "total = 6"]
    assert merged.notebook["cells"][3]["execution_count"] == 3
    assert merged.changes == ("New text: question q1",)


def test_cells_of_the_learners_own_stay_where_they_are() -> None:
    first, note = cell("a1", "mine, first"), cell("b2", "a note")
    shipped = [cell("06-lab-0", "# New first"), TOP, SETUP, ASKED, ANSWER]
    merged = _merged([first, TOP, SETUP, note, ASKED, ANSWER], shipped)
    assert _sources(merged) == [
        "mine, first", "# New first", "# Lab", "x = 1", "a note", "## Add", "total = ...",
    ]  # fmt: skip
    assert merged.changes == ("New: “New first”",)


def test_what_only_the_learner_changed_stays_and_what_both_changed_is_the_courses() -> None:
    mine = [{**TOP, "source": "# My lab"}, {**SETUP, "source": "x = 5"}, ASKED, ANSWER]
    merged = _merged(mine, [TOP, {**SETUP, "source": "x = 2"}, ASKED, ANSWER])
    assert _sources(merged)[:2] == ["# My lab", "x = 2"]
    assert merged.changes == ("New text: “x = 2”",)


def test_what_the_learner_took_out_comes_back_only_if_it_is_new() -> None:
    assert _sources(_merged([TOP, ANSWER], [TOP, SETUP, ASKED, ANSWER])) == ["# Lab", "total = ..."]
    changed = {**SETUP, "source": "x = 2"}
    merged = _merged([TOP, ANSWER], [TOP, changed, ASKED, ANSWER])
    assert _sources(merged) == ["# Lab", "x = 2", "total = ..."]


def test_what_the_course_took_out_goes_unless_the_learner_worked_in_it() -> None:
    answered = {**ANSWER, "source": "total = 6"}
    merged = _merged([TOP, SETUP, ASKED, answered], [TOP])
    assert _sources(merged) == ["# Lab", "total = 6"]
    assert merged.changes == ("Gone: 2 of the course's cells",)


@pytest.mark.parametrize("id", ["06-lab-q1", "pasted"])
def test_a_copied_answer_cell_is_found_by_its_question(id: str) -> None:
    answered = {**ANSWER, "source": "total = 6", "id": id}
    second = {**answered, "source": "total = 7", "id": "second"}
    merged = _merged([TOP, SETUP, ASKED, answered, second], [TOP, SETUP, ASKED, ANSWER])
    assert _sources(merged)[3:] == ["total = 6", "total = 7"]


def test_a_copy_of_which_nobody_noted_the_origin_keeps_answers_and_own_cells() -> None:
    old, note = cell("06-lab-old", "## Old words"), cell("b2", "a note")
    mine = [TOP, old, note, {**ANSWER, "source": "total = 6"}]
    merged = _merged(mine, [TOP, SETUP, ASKED, ANSWER], base=None)
    assert _sources(merged) == ["# Lab", "a note", "x = 1", "## Add", "total = 6"]


def test_many_changes_are_counted() -> None:
    shipped = [cell(f"06-lab-new-{n}", f"# Part {n}") for n in range(12)]
    merged = _merged([TOP, SETUP, ASKED, ANSWER], [TOP, SETUP, ASKED, ANSWER, *shipped])
    assert len(merged.changes) == 9
    assert merged.changes[-1] == "and 4 more"


@pytest.mark.parametrize("broken", [[], {"cells": 5}, {"cells": [5]}, {}])
def test_what_is_no_notebook_is_refused(broken: Any) -> None:
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        merge(broken, BASE, {})
