"""Runs notebooks the way a learner would, away from a learner's files."""

import contextlib
import copy
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from course_utils import paths
from course_utils.data.in_use import ratings_record, record

CELL_SECONDS = 300  # a cell that takes longer hangs; a whole notebook should take 60
KERNEL_SECONDS = 180  # to start a kernel on a machine that is busy

# What differs between two runs of the same notebook and means nothing. Lengths are kept where a
# table could depend on them.
VARYING: tuple[tuple[str, str], ...] = (
    (r"\blocal-\d{13}\b", "local-0000000000000"),  # Spark's application
    (r"\b([A-Z][A-Za-z]+)_[0-9a-f]{12}\b", r"\1_000000000000"),  # uid of an ML stage
    (  # part files, Delta transactions, MLflow runs of the long form
        r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
        "00000000-0000-0000-0000-000000000000",
    ),
    (r"\b[0-9a-f]{32}\b", "0" * 32),  # an MLflow run
    (r"\b0x[0-9a-f]{8,16}\b", "0x000000000000"),  # a Python object's address
    (r"(\w)#\d+(L?)\b", r"\1#0\2"),  # a column in a query plan
    (r"\bplan_id=\d+", "plan_id=0"),
    (r"(https?://(?:localhost|127\.0\.0\.1)):\d+", r"\1:0"),  # a port that was free
)

WIDGET = "application/vnd.jupyter.widget-view+json"


class NotebookError(Exception):
    """A cell of a notebook failed that should not.

    Attributes:
        cell_id: which one.
        reason: "ErrorName: message", the last lines of it, without a stack.
    """

    def __init__(self, cell_id: str, reason: str) -> None:
        super().__init__(f"{cell_id}: {reason}")
        self.cell_id = cell_id
        self.reason = reason


@contextlib.contextmanager
def away_from_learner() -> Iterator[dict[str, str]]:
    """The environment for kernels that must not see or touch what belongs to a learner.

    Workbook, work folder, MLflow's store and IPython's settings are temporary; the data is the
    generated one even where a learner has put a file of their own in its place.

    Yields environment variables; the temporary folders in them are removed at the end.
    """
    with tempfile.TemporaryDirectory(prefix="course-run-", ignore_cleanup_errors=True) as folder:
        place = Path(folder).resolve()
        environment = dict(os.environ)
        # Where Spark runs, how much data there is and grading are chosen, never inherited
        for name in ("COURSE_SPARK", "COURSE_SCALE", "NBGRADER_EXECUTION"):
            environment.pop(name, None)
        environment["COURSE_WORKBOOK"] = str(place / "workbook")
        environment["COURSE_WORK"] = str(place / "work")
        environment["COURSE_MLFLOW"] = str(place / "mlflow")
        environment["IPYTHONDIR"] = str(place / "ipython")
        if record().exists() or ratings_record().exists():
            environment["COURSE_DATA"] = str(_generated_data(place / "data"))
        yield environment


def _generated_data(folder: Path) -> Path:
    """A data store like the one in use, without the notes that real files are in use."""
    folder.mkdir()
    for path in paths.data().iterdir():
        if path not in (record(), ratings_record()):
            (folder / path.name).symlink_to(path)
    return folder


@contextlib.contextmanager
def warm_spark() -> Iterator[None]:
    """One warm JVM for the notebooks of this block, one after the other."""
    if os.environ.get("COURSE_POOL"):
        yield
        return
    from course_utils.session import pool

    with pool.running(recycle=True):
        yield


def run(
    notebook: NotebookNode,
    environment: Mapping[str, str],
    each: Callable[[int, int], None] | None = None,
) -> NotebookNode:
    """Run a copy of the notebook from start to end and return it with its outputs.

    Args:
        notebook: left as it is.
        environment: all variables of the kernel, such as `away_from_learner()` yields.
        each: called after each cell with (cells done, cells in all).

    Raises:
        NotebookError: a cell without the tag `raises-exception` failed, took too long, or
            ended the kernel.
    """
    running = copy.deepcopy(notebook)
    workbook = Path(environment["COURSE_WORKBOOK"])
    workbook.mkdir(parents=True, exist_ok=True)
    total = len(running.cells)

    at = [0]

    def started(cell: Any, cell_index: int, **_: Any) -> None:
        at[0] = cell_index

    def done(cell: Any, cell_index: int, **_: Any) -> None:
        at[0] = cell_index
        if each is not None:
            each(cell_index + 1, total)

    client = NotebookClient(
        running,
        timeout=CELL_SECONDS,
        startup_timeout=KERNEL_SECONDS,
        record_timing=False,
        coalesce_streams=True,
        store_widget_state=False,  # a widget lives in a kernel; stored is what it says in words
        kernel_name="python3",
        # fd-level lines of the JVM and of tools would land in whatever cell is running
        extra_arguments=["--IPKernelApp.capture_fd_output=False"],
        resources={"metadata": {"path": str(workbook)}},
        on_cell_start=started,
        on_cell_complete=done,
    )
    try:
        with kernel_log().open("ab") as log:
            client.execute(env=dict(environment), stderr=log)
    except CellExecutionError as error:
        raise NotebookError(running.cells[at[0]].id, _last_lines(error)) from None
    except CellTimeoutError:
        reason = f"it took more than {CELL_SECONDS} s"
        raise NotebookError(running.cells[at[0]].id, reason) from None
    except DeadKernelError:
        raise NotebookError(running.cells[at[0]].id, "the kernel died") from None
    running.metadata["language_info"] = {"name": "python"}  # the kernel's has its version in it
    return running


def kernel_log() -> Path:
    """Where the kernel's own chatter goes: neither the notebook's nor the reader's business."""
    path = paths.state() / "logs" / "notebooks.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _last_lines(error: CellExecutionError) -> str:
    """The error's own words, without the stack: its last lines, on one line."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", f"{error.ename}: {error.evalue}")
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    kept = lines if len(lines) <= 3 else [lines[0], *lines[-2:]]
    return " | ".join(kept)[:600]


def normalise(notebook: NotebookNode, environment: Mapping[str, str]) -> None:
    """Replace ids and paths that differ from run to run and from machine to machine, in place."""
    places = {
        environment["COURSE_WORKBOOK"]: "~/course/workbook",
        environment["COURSE_WORK"]: "~/course/.course/work",
        environment.get("COURSE_MLFLOW", str(paths.mlflow())): "~/course/.course/mlflow",
        environment.get("COURSE_DATA", str(paths.data())): "~/course/.course/data",
        str(paths.data()): "~/course/.course/data",
        str(paths.state()): "~/course/.course",
        str(paths.ROOT): "~/course",
    }

    def clean(text: str) -> str:
        for place in sorted(places, key=len, reverse=True):
            text = text.replace(place, places[place])
        for pattern, replacement in VARYING:
            text = re.sub(pattern, replacement, text)
        return text

    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.metadata.pop("execution", None)
        for output in cell.outputs:
            if output.output_type == "stream":
                output.text = clean(output.text)
            elif output.output_type == "error":
                output.evalue = clean(output.evalue)
                output.traceback = [clean(line) for line in output.traceback]
            else:
                output.data.pop(WIDGET, None)  # its id differs from run to run and shows nothing
                for mime, content in output.data.items():
                    if isinstance(content, str) and not mime.startswith("image/"):
                        output.data[mime] = _around_pictures(content, clean)


_PICTURE = re.compile(r"(base64,[A-Za-z0-9+/=\n]+)")


def _around_pictures(text: str, clean: Callable[[str], str]) -> str:
    """Clean the text around embedded pictures, never inside their bytes."""
    parts = _PICTURE.split(text)
    return "".join(part if index % 2 else clean(part) for index, part in enumerate(parts))
