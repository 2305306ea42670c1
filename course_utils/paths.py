"""Where things are: the checkout, the state folder, the learner's workbook.

Every folder has one environment variable, read at each call, so that tests and builds can
work beside a learner's files without ever touching them.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LESSONS = ROOT / "lessons"


def _folder(variable: str, default: Path) -> Path:
    return Path(os.environ.get(variable) or default).expanduser().resolve()


def state() -> Path:
    """Everything that set-up makes and a learner never edits (JARs, data, archives, logs)."""
    return _folder("COURSE_STATE", ROOT / ".course")


def workbook() -> Path:
    """The learner's own copies of the notebooks, and their progress."""
    return _folder("COURSE_WORKBOOK", ROOT / "workbook")


def told(path: Path) -> str:
    """A path as a learner finds it: from the checkout's folder where it lies in there."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)


def data() -> Path:
    """The data store."""
    return _folder("COURSE_DATA", state() / "data")


def work() -> Path:
    """What notebooks write; a run for another purpose than learning has a folder of its own."""
    return _folder("COURSE_WORK", state() / "work")


def mlflow() -> Path:
    """Where MLflow keeps runs and models; what is no learner's own run has another folder."""
    return _folder("COURSE_MLFLOW", state() / "mlflow")
