"""The code of a trial on one worker, cell by cell.

The text of these cells is what the search executes and what the trial's notebook shows: there is
no second implementation that could differ.
"""

from pprint import pformat
from typing import Any

from course_utils.automl.families import Family
from course_utils.automl.metrics import expressions
from course_utils.automl.task import FOLD, SPLIT, Features, Task

# What a worker runs of a notebook, in order; the data it has already. `FINAL` comes after the
# choice: fit on training and validation rows, then the test rows, once.
EVALUATE = ("imports", "split", "prepare", "preprocess", "model", "measure", "evaluate")
FINAL = ("imports", "split", "prepare", "preprocess", "model", "measure", "final", "test")
_DATE_PARTS = ("year", "month", "day", "weekday", "hour")
_LARGEST = "3e38"  # what a 32-bit float holds, as many models have them


def cells(task: Task, family: Family, params: dict[str, Any]) -> dict[str, str]:
    """The code of each step that leads from the data to the metric of a trial.

    Args:
        task: the problem.
        family: the kind of model.
        params: its params, and perhaps `weigh_classes` or `log_target`.
    """
    own = {k: v for k, v in params.items() if k not in ("weigh_classes", "log_target")}
    weigh = bool(params.get("weigh_classes")) or task.weight is not None
    log_target = bool(params.get("log_target"))
    return {
        "imports": _imports(task, family, bool(params.get("weigh_classes")), log_target),
        "split": split_cell(),
        "prepare": _prepare(task),
        "preprocess": _preprocess(task, family.scaled),
        "model": _model(task, family, own, bool(params.get("weigh_classes")), log_target),
        "measure": measure_cell(task),
        "evaluate": _evaluate(task, weigh),
        "final": _final(weigh),
        "test": _test(task),
    }


def assign(name: str, value: Any) -> str:
    """A line that gives a name a value, over several lines where it is long."""
    return f"{name} = {pformat(value, width=80 - len(name), compact=True)}"


def split_cell() -> str:
    """The rows of each part, from the column that holds the split."""
    return (
        f'part = data["{SPLIT}"]\n'
        'train, validation = data[part == "train"], data[part == "validate"]\n'
        'known, test = data[part != "test"], data[part == "test"]\n'
        'print(f"{len(train):,} rows train, {len(validation):,} validate, {len(test):,} test")'
    )


def needs_names(task: Task, family: Family) -> bool:
    """Whether XGBoost has to be told the names of the classes: it knows 0, 1, 2, … only."""
    numbered = list(task.classes) == list(range(len(task.classes)))
    return family.name == "xgboost" and bool(task.classes) and not numbered


def metric_imports(task: Task) -> str:
    """The import of the metrics' functions."""
    names = sorted({text.split("(")[0] for text in expressions(len(task.classes)).values()})
    return f"from sklearn.metrics import (\n    {', '.join(names)},\n)"


def _imports(task: Task, family: Family, weigh_classes: bool, log_target: bool) -> str:
    lines = ["import numpy as np", "import pandas as pd", *family.imports.splitlines()]
    base = ["clone"]
    if needs_names(task, family):
        base = ["BaseEstimator", "ClassifierMixin", "clone"]
    compose = ["ColumnTransformer", *(["TransformedTargetRegressor"] if log_target else [])]
    transformers = ["FunctionTransformer"]
    features = task.features
    if features.categories:
        transformers.append("OneHotEncoder")
    if family.scaled:
        transformers.append("StandardScaler")
    if features.many:
        transformers.append("TargetEncoder")
    selection = ["KFold"] if features.many else []
    if task.folds:
        selection += ["PredefinedSplit", "cross_val_predict"]
    lines += [
        f"from sklearn.base import {', '.join(base)}",
        f"from sklearn.compose import {', '.join(compose)}",
        "from sklearn.impute import SimpleImputer",
        *([f"from sklearn.model_selection import {', '.join(selection)}"] if selection else []),
        "from sklearn.pipeline import Pipeline, make_pipeline",
        f"from sklearn.preprocessing import {', '.join(transformers)}",
    ]
    if weigh_classes:
        lines.append("from sklearn.utils.class_weight import compute_sample_weight")
    lines.append(metric_imports(task))
    return "\n".join(lines)


def _prepare(task: Task) -> str:
    features = task.features
    lines = [
        assign("NUMBERS", list(features.numbers)),
        assign("DATES", list(features.dates)),
        *([assign("WRITTEN", dict(features.formats))] if features.formats else []),
        assign("CATEGORIES", [*features.categories, *features.many]),
        "FEATURES = NUMBERS + DATES + CATEGORIES",
        "",
        "def prepare(frame):",
        "    columns = {str(name): column for name, column in frame.items()}",
        "    ready = {}",
        "    for name in NUMBERS:",
        '        number = pd.to_numeric(columns[name], errors="coerce").astype("float64")',
        f"        ready[name] = number.where(number.abs() < {_LARGEST})  # infinite ones are gaps",
    ]
    if features.dates:
        written = "format=WRITTEN.get(name), " if features.formats else ""
        lines += [
            "    for name in DATES:",
            f'        when = pd.to_datetime(columns[name], {written}errors="coerce", utc=True).dt',
            f"        for part in {_DATE_PARTS!r}:",
            f'            ready[f"{{name}}{_joint(features)}{{part}}"] = '
            'getattr(when, part).astype("float64")',
        ]
    if features.categories or features.many:
        missing = "np.nan" if _imputed_categories(task) else '"missing"'
        lines += [
            "    for name in CATEGORIES:",
            "        text = columns[name].astype(str).astype(object)",
            f"        ready[name] = text.where(columns[name].notna(), {missing})",
        ]
    return "\n".join([*lines, "    return pd.DataFrame(ready, index=frame.index)"])


def _date_columns(features: Features) -> list[str]:
    """The columns that are made from dates."""
    joint = _joint(features)
    return [f"{name}{joint}{part}" for name in features.dates for part in _DATE_PARTS]


def _joint(features: Features) -> str:
    """What stands between a date and its part, so that no feature has that name already."""
    for count in range(1, 100):
        made = {f"{n}{'_' * count}{part}" for n in features.dates for part in _DATE_PARTS}
        if made.isdisjoint(features.names):
            break
    return "_" * count


def _imputed_categories(task: Task) -> list[str]:
    names = (*task.features.categories, *task.features.many)
    return [name for name in task.imputers or {} if name in names]


_ONE_HOT = (
    'OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=5,\n'
    "                       feature_name_combiner=value_name)"
)
_VALUE_NAME = """\
def value_name(column, value):
    return f"{column} = {value}"

"""


def _preprocess(task: Task, scaled: bool) -> str:
    """One transformer per kind of column, and per imputer that was asked for."""
    features = task.features
    asked = task.imputers or {}
    dates = _date_columns(features)
    left = [name for name in features.numbers if name not in asked]
    parts: list[tuple[str, str, list[str]]] = []
    if left or dates:
        filled = 'make_pipeline(SimpleImputer(strategy="median"), StandardScaler())'
        if scaled:
            filled = filled.replace('"median"', '"median", add_indicator=True')
        parts.append(("numbers", filled if scaled else '"passthrough"', left + dates))
    many = f"TargetEncoder(cv=KFold(5, shuffle=True, random_state=0){_target_type(task)})"
    kinds = (
        ("categories", _ONE_HOT),
        ("many", many),
    )
    for kind, encoder in kinds:
        names = [name for name in getattr(features, kind) if name not in asked]
        if names:
            parts.append((kind, encoder, names))
    for number, (name, how) in enumerate(asked.items(), start=1):
        imputer = _imputer(how)
        kind = next(k for k in ("numbers", "categories", "many") if name in getattr(features, k))
        after = dict(kinds).get(kind) or ("StandardScaler()" if scaled else None)
        step = f"make_pipeline({imputer}, {after})" if after else imputer
        parts.append((f"imputed {number}", step, [name]))  # no name: one may have two underscores
    lines = ["preprocess = ColumnTransformer(", "    ["]
    for label, step, names in parts:
        listed = pformat(names, width=80, compact=True).replace("\n", "\n         ")
        lines += [f"        ({label!r},", f"         {step},", f"         {listed}),"]
    made = "\n".join([*lines, "    ],", "    sparse_threshold=0,", ")"])
    return _VALUE_NAME + made if _ONE_HOT in made else made


def _target_type(task: Task) -> str:
    kind = {0: "continuous", 2: "binary"}.get(len(task.classes), "multiclass")
    return f', target_type="{kind}"'


def _imputer(how: Any) -> str:
    if isinstance(how, dict):
        return f'SimpleImputer(strategy="constant", fill_value={how["fill_value"]!r})'
    return f"SimpleImputer(strategy={how!r})"


_BY_NAME = """\
class ByName(ClassifierMixin, BaseEstimator):
    def __init__(self, model):
        self.model = model

    def fit(self, X, y, sample_weight=None):
        self.classes_, codes = np.unique(y, return_inverse=True)
        self.model_ = clone(self.model).fit(X, codes, sample_weight=sample_weight)
        return self

    def predict_proba(self, X):
        return self.model_.predict_proba(X)

    def predict(self, X):
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

"""


def _model(
    task: Task, family: Family, params: dict[str, Any], weigh_classes: bool, log_target: bool
) -> str:
    code = family.code(params)
    text = f"estimator = {code}\n"
    if needs_names(task, family):
        text = _BY_NAME + text + "estimator = ByName(estimator)\n"
    text += (
        "pipeline = Pipeline(\n"
        '    [("prepare", FunctionTransformer(prepare)), ("preprocess", preprocess), '
        '("model", estimator)]\n'
        ")"
    )
    if log_target:
        text += (
            "\npipeline = TransformedTargetRegressor(\n"
            "    pipeline, func=np.log, inverse_func=np.exp\n)"
        )
    if task.weight is None and not weigh_classes:
        return text
    factors = []
    if task.weight is not None:
        factors.append(f"rows[{task.weight!r}].to_numpy()")
    if weigh_classes:
        factors.append(f'compute_sample_weight("balanced", rows[{task.target!r}])')
    return f"{text}\n\ndef weigh(rows):\n    return {' * '.join(factors)}"


def measure_cell(task: Task) -> str:
    """The function that turns true values and predictions into metrics."""
    lines = [assign("TARGET", task.target)]
    if task.classes:
        lines.append(assign("CLASSES", list(task.classes)))
        if task.positive is not None:
            lines.append(assign("POSITIVE", task.positive))
        lines += [
            "",
            "def score(truth, probability):",
            "    predicted = np.array(CLASSES)[probability.argmax(axis=1)]",
        ]
    else:
        lines += ["", "def score(truth, predicted):"]
    lines.append("    return {")
    for name, text in expressions(len(task.classes)).items():
        lines.append(f'        "{name}": float({text}),')
    return "\n".join([*lines, "    }"])


def _evaluate(task: Task, weigh: bool) -> str:
    method = "predict_proba" if task.classes else "predict"
    name = "probability" if task.classes else "predicted"
    if task.folds:
        weights = ',\n    params={"model__sample_weight": weigh(known)}' if weigh else ""
        return (
            f'folds = PredefinedSplit(known["{FOLD}"])\n'
            f"{name} = cross_val_predict(\n"
            f'    pipeline, known[FEATURES], known[TARGET], cv=folds, method="{method}"{weights}\n'
            ")\n"
            "truth = known[TARGET].to_numpy()\n" + _tell(task, name, "validation")
        )
    return (
        f"fitted = {_fit('train', weigh)}\n"
        f"{name} = fitted.{method}(validation[FEATURES])\n"
        "truth = validation[TARGET].to_numpy()\n" + _tell(task, name, "validation")
    )


def _fit(rows: str, weigh: bool) -> str:
    weights = f", model__sample_weight=weigh({rows})" if weigh else ""
    return f"clone(pipeline).fit({rows}[FEATURES], {rows}[TARGET]{weights})"


def _tell(task: Task, name: str, part: str) -> str:
    metric = task.metric.name
    return (
        f"{part}_metrics = score(truth, {name})\n"
        f'print("{part} {metric} =", {part}_metrics["{metric}"])'
    )


def _final(weigh: bool) -> str:
    return f"model = {_fit('known', weigh)}"


def _test(task: Task) -> str:
    method = "predict_proba" if task.classes else "predict"
    name = "probability" if task.classes else "predicted"
    return f"{name} = model.{method}(test[FEATURES])\ntruth = test[TARGET].to_numpy()\n" + _tell(
        task, name, "test"
    )
