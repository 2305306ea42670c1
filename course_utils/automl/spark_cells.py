"""The code of a Spark ML trial, cell by cell: all rows, from preparing to the metric.

As in `cells.py`, the search executes this text and the notebook shows it.
"""

from typing import Any

from course_utils.automl.cells import assign, measure_cell, metric_imports
from course_utils.automl.families import Family
from course_utils.automl.task import FOLD, SPLIT, Task

EVALUATE = ("imports", "load", "split", "prepare", "preprocess", "model", "measure", "evaluate")
FINAL = (*EVALUATE[:-1], "final", "test")
_BUCKETS = 256  # columns into which names of many kinds are hashed
_DATE_PARTS = {
    "year": "year",
    "month": "month",
    "day": "dayofmonth",
    "weekday": "weekday",
    "hour": "hour",
}


def cells(
    task: Task, family: Family, params: dict[str, Any], data: str, whole: str | None
) -> dict[str, str]:
    """The code of each step.

    Args:
        task: the problem.
        family: the kind of model, of Spark ML.
        params: its params.
        data: path of the Parquet file that one worker holds, as the code shall name it.
        whole: path of all rows where that file is a sample.
    """
    own = {k: v for k, v in params.items() if k not in ("weigh_classes", "log_target")}
    weigh_classes = bool(params.get("weigh_classes"))
    weigh = weigh_classes or task.weight is not None
    if weigh:
        own["weightCol"] = "weight"
    return {
        "imports": _imports(task, family),
        "load": _load(data, whole),
        "split": _split(),
        "prepare": _prepare(task),
        "preprocess": _preprocess(task),
        "model": _model(task, family, own, weigh_classes, bool(params.get("log_target"))),
        "measure": measure_cell(task) + "\n\n" + _predict(task),
        "evaluate": _evaluate(task),
        "final": "model = pipeline.fit(labelled(known))",
        "test": _test(task),
    }


def _imports(task: Task, family: Family) -> str:
    features = [
        *(["FeatureHasher"] if task.features.many else []),
        "Imputer",
        *(["OneHotEncoder", "StringIndexer"] if task.features.categories else []),
        "SQLTransformer",
        "StandardScaler",
        "VectorAssembler",
    ]
    return "\n".join(
        [
            "import numpy as np",
            "from pyspark.ml import Pipeline",
            f"from pyspark.ml.feature import {', '.join(features)}",
            *([] if not task.classes else ["from pyspark.ml.functions import vector_to_array"]),
            family.imports,
            "from pyspark.sql import functions as F",
            metric_imports(task),
        ]
    )


def _load(data: str, whole: str | None) -> str:
    lines = [f"kept = spark.read.parquet({data!r})"]
    lines.append(f"data = spark.read.parquet({whole!r})" if whole else "data = kept")
    return "\n".join(lines)


def _split() -> str:
    return (
        f'part = F.col("{SPLIT}")\n'
        'train, known = data.where(part == "train"), data.where(part != "test")\n'
        'validation = kept.where(part == "validate")\n'
        'test = kept.where(part == "test")\n'
        'print(f"{train.count():,} rows train, {validation.count():,} validate")'
    )


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _numbers(task: Task) -> list[str]:
    features = task.features
    dates = [f"d{i}_{part}" for i in range(len(features.dates)) for part in _DATE_PARTS]
    return [f"n{i}" for i in range(len(features.numbers))] + dates


def _prepare(task: Task) -> str:
    features = task.features
    columns = [
        f"TRY_CAST({_quoted(name)} AS DOUBLE) AS n{i}" for i, name in enumerate(features.numbers)
    ]
    for i, name in enumerate(features.dates):
        when = f"TRY_CAST({_quoted(name)} AS TIMESTAMP)"
        columns += [
            f"CAST({function}({when}) AS DOUBLE) AS d{i}_{part}"
            for part, function in _DATE_PARTS.items()
        ]
    for prefix, names in (("c", features.categories), ("m", features.many)):
        columns += [
            f"COALESCE(CAST({_quoted(name)} AS STRING), 'missing') AS {prefix}{i}"
            for i, name in enumerate(names)
        ]
    listed = ",\n        ".join(columns)
    return (
        'prepare = SQLTransformer(statement=r"""\n'
        f"    SELECT *,\n        {listed}\n"
        '    FROM __THIS__""")'
    )


def _preprocess(task: Task) -> str:
    features = task.features
    lines, stages = [], []
    asked = task.imputers or {}
    constants = {}
    by_strategy: dict[str, list[str]] = {}
    for i, name in enumerate(features.numbers):
        how = asked.get(name, "median")
        if isinstance(how, dict):
            constants[f"n{i}"] = how["fill_value"]
        else:
            by_strategy.setdefault(how, []).append(f"n{i}")
    by_strategy.setdefault("median", []).extend(_numbers(task)[len(features.numbers) :])
    if constants:
        filled = ", ".join(f"COALESCE({c}, {v!r}) AS {c}" for c, v in constants.items())
        rest = ", ".join(constants)
        lines.append(
            "fill = SQLTransformer(\n"
            f'    statement="SELECT * EXCEPT ({rest}), {filled} FROM __THIS__"\n)'
        )
        stages.append("fill")
    for how, columns in by_strategy.items():
        if not columns:
            continue
        strategy = "mode" if how == "most_frequent" else how
        lines.append(assign(f"{strategy}_columns", columns))
        lines.append(
            f"impute_{strategy} = Imputer(\n    strategy={strategy!r},"
            f" inputCols={strategy}_columns, outputCols={strategy}_columns\n)"
        )
        stages.append(f"impute_{strategy}")
    parts = _numbers(task)
    if features.categories:
        count = len(features.categories)
        names = [f"c{i}" for i in range(count)]
        lines.append(assign("categories", names))
        lines.append(
            'index = StringIndexer(\n    handleInvalid="keep", inputCols=categories,'
            '\n    outputCols=[f"{name}_index" for name in categories]\n)\n'
            "one_hot = OneHotEncoder(\n"
            '    handleInvalid="keep", inputCols=index.getOutputCols(),'
            '\n    outputCols=[f"{name}_hot" for name in categories]\n)'
        )
        stages += ["index", "one_hot"]
        parts = parts + [f"{name}_hot" for name in names]
    if features.many:
        names = [f"m{i}" for i in range(len(features.many))]
        lines.append(
            f"hashed = FeatureHasher(\n    numFeatures={_BUCKETS}, inputCols={names!r}, "
            'outputCol="hashed"\n)'
        )
        stages.append("hashed")
        parts = [*parts, "hashed"]
    lines.append(assign("parts", parts))
    # SHAP cannot read trees that split by category; scaling makes all columns plain numbers
    lines.append(
        'assemble = VectorAssembler(inputCols=parts, outputCol="assembled")\n'
        'scale = StandardScaler(inputCol="assembled", outputCol="features")'
    )
    return "\n".join(
        [*lines, f"preprocess = [{', '.join(['prepare', *stages, 'assemble', 'scale'])}]"]
    )


def _model(
    task: Task, family: Family, params: dict[str, Any], weigh_classes: bool, log_target: bool
) -> str:
    code = family.code(params)
    if log_target:
        code = code.replace('labelCol="label"', 'labelCol="log_label"')
    text = f"estimator = {code}\n"
    last = ""
    if task.classes:
        names = ", ".join(_sql(label) for label in task.classes)
        last = f"element_at(array({names}), CAST(prediction AS INT) + 1)"
    elif log_target:
        last = "EXP(prediction)"
    if last:
        text += (
            'answer = SQLTransformer(statement=r"""\n'
            f"    SELECT * EXCEPT (prediction), {last} AS prediction\n"
            '    FROM __THIS__""")\n'
        )
    text += f"pipeline = Pipeline(stages=[*preprocess, estimator{', answer' if last else ''}])\n"
    text += "\ndef labelled(rows):\n"
    target = f"rows[{task.target!r}]"
    if task.classes:
        text += (
            f"    labels = F.array(*[F.lit(label) for label in {list(task.classes)!r}])\n"
            f'    rows = rows.withColumn("label", F.array_position(labels, {target}) - 1.0)\n'
        )
    else:
        text += f'    rows = rows.withColumn("label", {target}.cast("double"))\n'
    if log_target:
        text += '    rows = rows.withColumn("log_label", F.log("label"))\n'
    factors = [] if task.weight is None else [f"rows[{task.weight!r}]"]
    if weigh_classes:
        text += (
            '    counts = {row["label"]: row["count"] for row in '
            'rows.groupBy("label").count().collect()}\n'
            "    mean = sum(counts.values()) / len(counts)\n"
            "    pairs = [F.lit(x) for label in counts for x in (label, mean / counts[label])]\n"
        )
        factors.append('F.create_map(*pairs)[F.col("label")]')
    if factors:
        text += f'    rows = rows.withColumn("weight", {" * ".join(factors)})\n'
    return text + "    return rows"


def _sql(label: Any) -> str:
    if isinstance(label, bool):
        return str(label).upper()
    if isinstance(label, str):
        return "'" + label.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return f"{label!r}"


def _predict(task: Task) -> str:
    """A function that gives the true values and the predictions of some rows, in one order."""
    told = 'vector_to_array("probability")' if task.classes else '"prediction"'
    target = f'F.col({_quoted(task.target)!r}).alias("truth")'
    return (
        "def predict(fitted, frame):\n"
        f"    rows = fitted.transform(frame).select({target}, {told}).collect()\n"
        "    return tuple(np.array(values) for values in zip(*rows))"
    )


def _evaluate(task: Task) -> str:
    name = "probability" if task.classes else "predicted"
    metric = task.metric.name
    if task.folds:
        body = (
            "parts = []\n"
            f"for fold in range({task.folds}):\n"
            f'    inside = F.col("{FOLD}") == fold\n'
            "    fitted = pipeline.fit(labelled(known.where(~inside)))\n"
            "    parts.append(predict(fitted, known.where(inside)))\n"
            f"truth, {name} = (np.concatenate(both) for both in zip(*parts))\n"
        )
    else:
        body = (
            f"fitted = pipeline.fit(labelled(train))\ntruth, {name} = predict(fitted, validation)\n"
        )
    return (
        body
        + f"validation_metrics = score(truth, {name})\n"
        + f'print("validation {metric} =", validation_metrics["{metric}"])'
    )


def _test(task: Task) -> str:
    name = "probability" if task.classes else "predicted"
    metric = task.metric.name
    return (
        f"truth, {name} = predict(model, test)\n"
        f"test_metrics = score(truth, {name})\n"
        f'print("test {metric} =", test_metrics["{metric}"])'
    )
