"""Notebooks from readable cells: the notebook of a trial, and what every notebook shares."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course_utils.automl import cells, shap_cells, signature
from course_utils.automl.families import Family
from course_utils.automl.kit import Kit
from course_utils.automl.metrics import expressions, names
from course_utils.automl.task import Task
from course_utils.automl.tracking import SINGLE_NODE, requirements

if TYPE_CHECKING:
    import nbformat

METRIC_CELL = "metric"  # tag of the cell whose output is the metric

SHOW = """\
import base64, html, io
import matplotlib.pyplot as plt
from IPython.display import HTML

def show(figure, alt):
    png = io.BytesIO()
    figure.savefig(png, format="png", bbox_inches="tight")
    plt.close(figure)
    source = base64.b64encode(png.getvalue()).decode()
    return HTML(f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{source}">')"""

Cells = list[tuple[str, str, list[str]]]  # (prose, code, tags); prose or code may be empty


def build(parts: Cells) -> "nbformat.NotebookNode":
    """A notebook of text and code in turn."""
    import nbformat

    v4 = nbformat.v4
    made = []
    for prose, code, tags in parts:
        if prose:
            made.append(v4.new_markdown_cell(prose))
        if code:
            made.append(v4.new_code_cell(code, metadata={"tags": tags} if tags else {}))
    for place, cell in enumerate(made):
        cell["id"] = f"cell-{place:02}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return v4.new_notebook(cells=made, metadata={"kernelspec": kernel})


def write(notebook: "nbformat.NotebookNode", path: Path) -> None:
    """Write a notebook whole or not at all."""
    import nbformat

    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(nbformat.writes(notebook), encoding="utf-8")
    temporary.replace(path)


def trial(
    kit: Kit,
    family: Family,
    params: dict[str, Any],
    *,
    name: str,
    score: float,
    data: str,
    rows: str,
) -> "nbformat.NotebookNode":
    """The notebook of a trial.

    Args:
        kit: what it has in common with the others.
        family: the kind of model.
        params: its params.
        name: the trial's name.
        score: the primary metric that the search measured.
        data: path of the data as the notebook shall name it.
        rows: a sentence on the rows that are used.
    """
    task, experiment, tracking_uri = kit.task, kit.tracking.name, kit.tracking.uri
    spark = family.framework == "spark"
    code = kit.spark_code(family, params) if spark else cells.cells(task, family, params)
    metric, log_target = task.metric.name, bool(params.get("log_target"))
    how = (
        f"in {task.folds} folds of the training and validation rows: each row is predicted by a "
        "model that has not seen it"
        if task.folds
        else "on the validation rows, which the model has not seen"
    )
    head = (
        f"# {name}: {family.about}\n\n"
        f"Predicts `{task.target}`. The search measured **{metric} = {score:.6g}** "
        f"{how}. Run all cells to get it again; then change what you like and run it once more. "
        f"The last cells log the result to the experiment `{experiment}`.\n\n{rows}"
    )
    parts: Cells = [(head, code["imports"], [])]
    if spark:
        parts.append(("## Session\n\nThe session that is running, or a new one.", _SESSION, []))
        parts.append(
            ("## Data\n\nThe rows as they were split, once, before the search.", code["load"], [])
        )
    else:
        load = f'data = pd.read_parquet("{data}")\ndata.shape'
        parts.append(("## Data\n\nThe rows as they were split, once, before the search.", load, []))
    parts += [
        (_SPLIT, code["split"], []),
        (_PREPARE, code["prepare"], []),
        (_PREPROCESS, code["preprocess"], []),
        (_model_text(family, params), code["model"], []),
        (_MEASURE, code["measure"], []),
        (f"## Compare\n\nThe trials are compared {how}.", code["evaluate"], [METRIC_CELL]),
        (_FINAL, code["final"], []),
        (_TEST, code["test"], []),
        ("## Explain\n\nFigures carry a text for those who do not see them.", SHOW, []),
        (_SHAP, shap_cells.values(task, family, log_target), []),
        (_SHAP_PLOT, shap_cells.figure(shap_cells.unit(task, family, log_target)), []),
        (_LOG, _log(name, params, task, experiment, tracking_uri), []),
        (_MODEL_LOG, _log_model(kit.types, spark), []),
        (_INFERENCE, _inference(task, spark), []),
    ]
    made = build(parts)
    made.metadata["automl"] = {"data": data, "place": str(kit.data.resolve())}
    return made


_SESSION = """\
from pyspark.sql import SparkSession

spark = SparkSession.builder.appName("AutoML trial").getOrCreate()"""

_SPLIT = (
    "## Split\n\nModels learn from the training rows and are compared on validation rows. The test "
    "rows are kept for the end."
)
_PREPARE = (
    "## Prepare\n\nEach column gets the type that it means. A date becomes numbers. This is part "
    "of the model, so that new rows are treated alike."
)
_PREPROCESS = (
    "## Preprocess\n\nGaps are filled and names become numbers. What is learned for this, such as "
    "a median, is learned from the rows of the fit alone."
)
_MEASURE = "## Measure\n\nThe metrics, from true values and predictions."
_FINAL = "## Fit for use\n\nThe same pipeline, on training and validation rows together."
_TEST = (
    "## Test\n\nNo choice was made on these rows. Look at this number once, when you have decided: "
    "choosing by it would make it too good to be true."
)
_SHAP = (
    "SHAP values say how much each feature moved the prediction of a row, away from the mean "
    "prediction. They are computed for some test rows."
)
_SHAP_PLOT = "The larger the mean absolute value, the more the feature moves the predictions."
_LOG = (
    "## Log\n\nA new run in the experiment of the search. Give it a name of yours. Each metric has "
    "a second name, the platform's, by which runs can be sorted as well."
)
_MODEL_LOG = (
    "The fitted model goes with the run, with the types of its input. A column that may come as "
    "whole numbers now and with gaps then is of any type: the model prepares it itself."
)
_INFERENCE = "## Use\n\nThe model as anyone would load it, on rows that it has not seen."


def _model_text(family: Family, params: dict[str, Any]) -> str:
    text = f"## Model\n\nThe model is a {family.about}."
    if family.name == "xgboost":
        text += " XGBoost numbers classes; where they have names, `ByName` translates."
    if params.get("weigh_classes"):
        text += " Rows of rare classes weigh more."
    if params.get("log_target"):
        text += " It learns the logarithm of the target."
    return text


def _log(name: str, params: dict[str, Any], task: Task, experiment: str, tracking_uri: str) -> str:
    metrics = expressions(len(task.classes))
    named = {name: key for key in metrics for name in names(key, "validation")}
    return "\n".join(
        [
            "import mlflow",
            "",
            f"mlflow.set_tracking_uri({tracking_uri!r})",
            f"mlflow.set_experiment({experiment!r})",
            cells.assign("PARAMS", params),
            cells.assign("NAMES", named),
            f'with mlflow.start_run(run_name="{name}, run again") as run:',
            "    mlflow.log_params(PARAMS)",
            "    mlflow.log_metrics({name: validation_metrics[k] for name, k in NAMES.items()})",
            '    mlflow.log_metrics({f"test_{k}": v for k, v in test_metrics.items()})',
        ]
    )


def _log_model(types: dict[str, str], spark: bool) -> str:
    wanted = requirements("pyspark") if spark else requirements(*SINGLE_NODE)
    answers = "model.predict(test[FEATURES].head())"
    if spark:
        answers = 'model.transform(test.limit(5)).select("prediction").toPandas()["prediction"]'
    log = (
        "    info = mlflow.spark.log_model(\n"
        '        model, artifact_path="model", signature=signature,\n'
        if spark
        else "    info = mlflow.sklearn.log_model(\n"
        '        model, name="model", signature=signature, serialization_format="cloudpickle",\n'
    )
    return "\n".join(
        [
            *(["import mlflow.spark"] if spark else []),
            "from mlflow.types.schema import AnyType, ColSpec, Schema",
            "",
            cells.assign("TYPES", types),
            cells.assign("REQUIREMENTS", wanted),
            signature.code(answers),
            "with mlflow.start_run(run_id=run.info.run_id):",
            f"{log}        pip_requirements=REQUIREMENTS,",
            "    )",
        ]
    )


def _inference(task: Task, spark: bool) -> str:
    if spark:
        return (
            "loaded = mlflow.spark.load_model(info.model_uri)\n"
            'loaded.transform(test.limit(5)).select("prediction").show()'
        )
    return (
        "loaded = mlflow.sklearn.load_model(info.model_uri)\n"
        f"test[[{task.target!r}]].head().assign(predicted=loaded.predict(test[FEATURES].head()))"
    )
