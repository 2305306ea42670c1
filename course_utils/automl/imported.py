"""A trial's notebook as a file of your own."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from course_utils.errors import CourseError


@dataclass(frozen=True)
class ImportNotebookResult:
    """Where a notebook was imported to.

    Attributes:
        path: the file.
        url: the same for a browser.
    """

    path: str
    url: str


def import_notebook(artifact_uri: str, path: str, overwrite: bool = False) -> ImportNotebookResult:
    """Copy a trial's notebook out of its MLflow run.

    The copy reads the data where the search has put them, so it runs anywhere on this machine.

    Args:
        artifact_uri: of a trial, or of the notebook itself.
        path: the file, if it ends in .ipynb, or else the folder that it goes into.
        overwrite: whether a file that is there is replaced.

    Raises:
        CourseError: there is no notebook, or a file that is not to be replaced.
    """
    import nbformat

    with tempfile.TemporaryDirectory() as folder:
        found = _download(artifact_uri, Path(folder))
        notebook = nbformat.read(found, as_version=4)
    target = Path(path) if path.endswith(".ipynb") else Path(path) / found.name
    data = notebook.metadata.get("automl", {})
    for cell in notebook.cells:
        if data and cell.cell_type == "code":
            here, there = (f'read_parquet("{data[key]}")' for key in ("data", "place"))
            cell.source = cell.source.replace(here, there)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("w" if overwrite else "x", encoding="utf-8") as file:
            file.write(nbformat.writes(notebook))
    except FileExistsError:
        raise CourseError(
            f"{target} is there already: pass overwrite=True, or name another path."
        ) from None
    return ImportNotebookResult(str(target), target.resolve().as_uri())


def _download(artifact_uri: str, folder: Path) -> Path:
    import mlflow.artifacts
    from mlflow.exceptions import MlflowException

    try:
        if not artifact_uri.endswith(".ipynb"):
            files = [file.path for file in mlflow.artifacts.list_artifacts(artifact_uri)]
            names = sorted(name for name in files if name.endswith(".ipynb"))
            artifact_uri = f"{artifact_uri.rstrip('/')}/{names[0].split('/')[-1]}"
        return Path(mlflow.artifacts.download_artifacts(artifact_uri, dst_path=str(folder)))
    except (IndexError, OSError, MlflowException):
        raise CourseError(
            f"There is no notebook at {artifact_uri}: give the artifact_uri of a trial."
        ) from None
