"""The cells of a trial's notebook that explain its model: SHAP values, their unit, their figure."""

from course_utils.automl.cells import assign, needs_names
from course_utils.automl.families import Family
from course_utils.automl.spark_cells import made_columns
from course_utils.automl.task import Task

MEANS = "values = np.abs(np.asarray(values)).reshape(len(rows), len(names), -1).mean(axis=(0, 2))"

# scikit-learn puts a word for how a column was prepared before its name
_OWN_NAME = """\
def own_name(name):
    name = name.partition("__")[2].replace(" = infrequent_sklearn", " = a rare value")
    gap = name.removeprefix("missingindicator_")
    return name if gap == name else f"{gap} is missing"

names = [own_name(name) for name in fitted["preprocess"].get_feature_names_out()]"""
_OWN_NAME_SPARK = """\
def own_name(made):
    if made in COLUMNS:
        return COLUMNS[made]
    column = next(each for each in COLUMNS if made.startswith(f"{each}_"))
    value = made.removeprefix(f"{column}_").replace("__unknown", "an unknown value")
    return f"{COLUMNS[column]} = {value}"

names = [own_name(name) for _, name in slots]"""


def values(task: Task, family: Family, log_target: bool) -> str:
    """The mean absolute SHAP value of each feature, and the features by their columns' names."""
    if family.framework == "spark":
        return _of_spark(task, family)
    lines = ["import shap", ""]
    lines.append("fitted = model.regressor_" if log_target else "fitted = model")
    lines += [
        "sample = known[FEATURES].sample(min(100, len(known)), random_state=0)",
        "sample = np.asarray(fitted[:-1].transform(sample))",
        "rows = np.asarray(fitted[:-1].transform(test[FEATURES].head(25)))",
        "",
        _OWN_NAME,
    ]
    inner = 'fitted["model"]'
    if needs_names(task, family):
        inner += ".model_"
    if family.trees:
        lines.append(
            f"values = shap.TreeExplainer({inner}).shap_values(rows, check_additivity=False)"
        )
    else:
        method = "predict_proba" if task.classes else "predict"
        lines.append(
            f"explainer = shap.PermutationExplainer({inner}.{method}, sample, seed=0)\n"
            "explained = explainer(rows, max_evals=2 * rows.shape[1] + 1)\n"
            "values = explained.values"
        )
    return "\n".join([*lines, MEANS])


def _of_spark(task: Task, family: Family) -> str:
    lines = [
        "import shap",
        "",
        assign("COLUMNS", made_columns(task)),
        "fitted = next(stage for stage in model.stages if hasattr(stage, 'predict'))",
        "frame = model.transform(test).limit(25)",
        'rows = np.array([row["automl_features"].toArray() for row in frame.collect()])',
        'metadata = frame.schema["automl_assembled"].metadata["ml_attr"]["attrs"]',
        'slots = sorted((a["idx"], a["name"]) for group in metadata.values() for a in group)',
        "",
        _OWN_NAME_SPARK,
    ]
    if family.trees:
        lines.append(
            "values = shap.TreeExplainer(fitted).shap_values(rows, check_additivity=False)"
        )
    else:
        lines.append(
            "weights = getattr(fitted, 'coefficientMatrix', None)\n"
            "weights = fitted.coefficients.toArray()[None] if weights is None "
            "else weights.toArray()\n"
            "# For a linear model: the weight times the distance from the mean\n"
            "values = (rows - rows.mean(axis=0))[:, :, None] * weights.T[None]"
        )
    return "\n".join([*lines, MEANS])


def unit(task: Task, family: Family, log_target: bool) -> str:
    """What the SHAP values of a model are measured in."""
    if not task.classes:
        return f"logarithm of {task.target}" if log_target else f"in the unit of {task.target}"
    if family.name == "spark_gbt":
        return "half of the log-odds"
    if family.name in ("xgboost", "lightgbm", "spark_linear"):
        return "log-odds" if len(task.classes) == 2 else "score of a class before softmax"
    return "probability"


def figure(unit: str) -> str:
    """The bars of the ten features that move the predictions most.

    Args:
        unit: what the values are measured in.
    """
    return f"""\
top = np.argsort(values)[-10:]
figure, axes = plt.subplots(figsize=(7, 4))
axes.barh([names[i] for i in top], values[top], color="#0072B2")
axes.set_xlabel({f"mean absolute SHAP value ({unit})"!r})
axes.set_title("Which features move the predictions most")
most = ", ".join(f"{{names[i]}} {{values[i]:.3g}}" for i in top[::-1][:3])
show(figure, f"Bar chart of the mean absolute SHAP value per feature; the largest: {{most}}.")"""
