"""Glass-box AutoML: a search over models, and a notebook per trial that gives its metric again.

    from course_utils import automl

    summary = automl.classify(frame, target_col="churned", primary_metric="roc_auc")
    print(summary)
    summary.best_trial.notebook_path

The package works without the rest of the course. Importing it loads nothing heavy.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from course_utils.automl.api import classify, regress
    from course_utils.automl.form import form
    from course_utils.automl.imported import ImportNotebookResult, import_notebook
    from course_utils.automl.summary import AutoMLSummary, TrialInfo

__all__ = [
    "AutoMLSummary",
    "ImportNotebookResult",
    "TrialInfo",
    "classify",
    "form",
    "import_notebook",
    "regress",
]

_HOME = {
    "AutoMLSummary": "summary",
    "ImportNotebookResult": "imported",
    "TrialInfo": "summary",
    "classify": "api",
    "form": "form",
    "import_notebook": "imported",
    "regress": "api",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    # `form` is a module and a function: the import has just put the module under that name
    globals()[name] = value
    return value
