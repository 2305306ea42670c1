"""What tagged cells say is compared as a reader reads it; pictures and stacks are not."""

import copy

import nbformat
import pytest
from nbformat import NotebookNode

from course_utils.build.compare import differences
from course_utils.build.execute import normalise

OUT = nbformat.v4.new_output
ENVIRONMENT = {"COURSE_WORKBOOK": "/x/workbook", "COURSE_WORK": "/x/work"}


def notebook(*outputs: NotebookNode, tagged: bool = True) -> NotebookNode:
    tags = ["nbval-check-output"] if tagged else []
    cell = nbformat.v4.new_code_cell("x", id="one", metadata={"tags": tags})
    cell.outputs = list(outputs)
    return nbformat.v4.new_notebook(cells=[cell])


def stream(text: str, name: str = "stdout") -> NotebookNode:
    return OUT("stream", text=text, name=name)


def shown(**data: str) -> NotebookNode:
    return OUT("display_data", {mime.replace("_", "/"): text for mime, text in data.items()})


SAME = [
    ([stream("3 of 4\n")], [stream("3 of"), stream(" 4\n")]),
    ([shown(image_png="AAAA")], [shown(image_png="BBBB")]),
    (
        [shown(text_html='<img src="data:image/png;base64,AAAA" alt="12 bars">')],
        [shown(text_html='<img src="data:image/png;base64,BB+/" alt="12 bars">')],
    ),
    (
        [OUT("error", ename="E", evalue="no", traceback=["line 1"])],
        [OUT("error", ename="E", evalue="no", traceback=["line 2"])],
    ),
    ([stream("Pipeline_0123456789ab price#12L\n")], [stream("Pipeline_ba9876543210 price#845L\n")]),
    ([stream("http://localhost:4040\n")], [stream("http://localhost:4041\n")]),
    # Stored notebooks have their keys sorted
    (
        [OUT("display_data", {"application/json": {"a": None, "b": 1.0}})],
        [OUT("display_data", {"application/json": {"b": 1.0, "a": None}})],
    ),
]
DIFFERENT = [
    ([stream("3 of 4\n")], [stream("3 of 5\n")]),
    ([stream("3 of 4\n")], []),
    ([], [stream("3 of 4\n")]),
    ([stream("a")], [stream("a", "stderr")]),
    ([shown(text_plain="1")], [shown(text_plain="1", text_html="1")]),
    (
        [shown(text_html='<img src="data:image/png;base64,AAAA" alt="12 bars">')],
        [shown(text_html='<img src="data:image/png;base64,AAAA" alt="13 bars">')],
    ),
    (
        [OUT("error", ename="E", evalue="no", traceback=[])],
        [OUT("error", ename="E", evalue="yes", traceback=[])],
    ),
]


def compared(stored: NotebookNode, done: NotebookNode) -> list[str]:
    stored, done = copy.deepcopy(stored), copy.deepcopy(done)
    for each in (stored, done):
        normalise(each, ENVIRONMENT)
    return differences(stored, done)


@pytest.mark.parametrize(("stored", "done"), SAME)
def test_the_same(stored: list[NotebookNode], done: list[NotebookNode]) -> None:
    assert compared(notebook(*stored), notebook(*done)) == []


@pytest.mark.parametrize(("stored", "done"), DIFFERENT)
def test_different(stored: list[NotebookNode], done: list[NotebookNode]) -> None:
    assert len(compared(notebook(*stored), notebook(*done))) == 1
    assert compared(notebook(*stored, tagged=False), notebook(*done)) == []


def test_a_difference_is_shown_line_by_line() -> None:
    stored = notebook(stream("rows 5\nRMSE 221.4\nend\n"))
    assert compared(stored, notebook(stream("rows 5\nRMSE 222.0\nend\n"))) == [
        "cell one: its output differs\n--- stored\n+++ now\n@@ -1,3 +1,3 @@\n stdout: rows 5\n"
        "-RMSE 221.4\n+RMSE 222.0\n end"
    ]


def test_a_cell_that_is_gone_is_named() -> None:
    done = notebook(stream("3\n"))
    done.cells[0].id = "other"
    assert compared(notebook(stream("3\n")), done) == ["cell one: it is missing"]
