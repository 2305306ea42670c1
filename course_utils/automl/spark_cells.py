"""The code of a Spark ML trial, cell by cell: all rows, from preparing to the metric.

As in `cells.py`, the search executes this text and the notebook shows it. The columns that it
makes begin with "automl_": a table may well have features called weight or label.
"""

import re
from typing import Any

from course_utils.automl.cells import assign, measure_cell, metric_imports
from course_utils.automl.families import Family
from course_utils.automl.task import FOLD, SPLIT, Features, Task

EVALUATE = ("imports", "load", "split", "prepare", "preprocess", "model", "measure", "evaluate")
FINAL = (*EVALUATE[:-1], "final", "test")
_LARGEST = "3e38"  # as in cells.py
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
        own["weightCol"] = "automl_weight"
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
    dates = [f"automl_d{i}_{part}" for i in range(len(features.dates)) for part in _DATE_PARTS]
    return [f"automl_n{i}" for i in range(len(features.numbers))] + dates


def made_columns(task: Task) -> dict[str, str]:
    """The columns that models get, by their names in the code: what a person calls each."""
    features = task.features
    made = {f"automl_n{i}": name for i, name in enumerate(features.numbers)}
    for i, name in enumerate(features.dates):
        made |= {f"automl_d{i}_{part}": f"{name}_{part}" for part in _DATE_PARTS}
    made |= {f"automl_c{i}_hot": name for i, name in enumerate(features.categories)}
    if features.many:
        made["automl_hashed"] = f"hash of {' or '.join(features.many)}"
    return made


def _prepare(task: Task) -> str:
    features = task.features
    columns = []
    for i, name in enumerate(features.numbers):
        number = f"TRY_CAST({_quoted(name)} AS DOUBLE)"
        # Infinite ones are gaps
        value = f"CASE WHEN ABS({number}) < {_LARGEST} THEN {number} END"
        how = (task.imputers or {}).get(name)
        if isinstance(how, dict):
            value = f"COALESCE({value}, {how['fill_value']!r})"
        columns.append(f"{value} AS automl_n{i}")
    for i, name in enumerate(features.dates):
        columns += [
            f"CAST({function}({_when(features, name)}) AS DOUBLE) AS automl_d{i}_{part}"
            for part, function in _DATE_PARTS.items()
        ]
    for prefix, names in (("c", features.categories), ("m", features.many)):
        columns += [
            f"COALESCE(CAST({_quoted(name)} AS STRING), 'missing') AS automl_{prefix}{i}"
            for i, name in enumerate(names)
        ]
    listed = ",\n        ".join(columns)
    return (
        'prepare = SQLTransformer(statement=r"""\n'
        f"    SELECT *,\n        {listed}\n"
        '    FROM __THIS__""")'
    )


def _when(features: Features, name: str) -> str:
    """A date in SQL; one that came with a zone in UTC, as the rows of the search have it."""
    column = _quoted(name)
    written = _java(dict(features.formats).get(name, ""))
    if written:
        return f"TRY_TO_TIMESTAMP({column}, '{written}')"
    when = f"TRY_CAST({column} AS TIMESTAMP)"
    if name in features.zoned:
        moved = f"TO_UTC_TIMESTAMP({column}, CURRENT_TIMEZONE())"
        return f"IF(TYPEOF({column}) = 'timestamp', {moved}, {when})"
    return when


_JAVA = {
    "%Y": "yyyy", "%m": "M", "%d": "d", "%H": "H", "%M": "m", "%S": "s", "%y": "yy", "%b": "MMM",
    "%B": "MMMM", "%I": "h", "%p": "a",
}  # fmt: skip


def _java(written: str) -> str:
    """A format of strftime in Spark's letters; nothing where Spark reads it by itself or not."""
    made = re.sub("%.", lambda code: _JAVA.get(code[0], "?"), written)
    known = (
        "%" in written and "?" not in made and not re.search("[A-Za-z']", re.sub("%.", "", written))
    )
    return made if known else ""


def _preprocess(task: Task) -> str:
    features = task.features
    lines, stages = [], []
    asked = task.imputers or {}
    by_strategy: dict[str, list[str]] = {}
    for i, name in enumerate(features.numbers):
        how = asked.get(name, "median")
        if not isinstance(how, dict):  # a constant has filled its gaps in `prepare`
            by_strategy.setdefault(how, []).append(f"automl_n{i}")
    by_strategy.setdefault("median", []).extend(_numbers(task)[len(features.numbers) :])
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
        names = [f"automl_c{i}" for i in range(count)]
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
        names = [f"automl_m{i}" for i in range(len(features.many))]
        lines.append(
            f"hashed = FeatureHasher(\n    numFeatures={_BUCKETS}, inputCols={names!r}, "
            'outputCol="automl_hashed"\n)'
        )
        stages.append("hashed")
        parts = [*parts, "automl_hashed"]
    lines.append(assign("parts", parts))
    # SHAP cannot read trees that split by category; scaling makes all columns plain numbers
    lines.append(
        'assemble = VectorAssembler(inputCols=parts, outputCol="automl_assembled")\n'
        'scale = StandardScaler(inputCol="automl_assembled", outputCol="automl_features")'
    )
    return "\n".join(
        [*lines, f"preprocess = [{', '.join(['prepare', *stages, 'assemble', 'scale'])}]"]
    )


def _model(
    task: Task, family: Family, params: dict[str, Any], weigh_classes: bool, log_target: bool
) -> str:
    last = ""
    if task.classes:
        names = ", ".join(_sql(label) for label in task.classes)
        last = f"element_at(array({names}), CAST(automl_prediction AS INT) + 1)"
    elif log_target:
        last = "EXP(automl_prediction)"
    # Under a name of its own: PySpark 3.5 cannot leave a column out in SQL
    code = family.code(params | ({"predictionCol": "automl_prediction"} if last else {}))
    if log_target:
        code = code.replace('labelCol="automl_label"', 'labelCol="automl_log_label"')
    text = f"estimator = {code}\n"
    if last:
        text += (
            'answer = SQLTransformer(statement=r"""\n'
            f"    SELECT *, {last} AS prediction\n"
            '    FROM __THIS__""")\n'
        )
    text += f"pipeline = Pipeline(stages=[*preprocess, estimator{', answer' if last else ''}])\n"
    text += "\ndef labelled(rows):\n"
    target = f"F.col({_quoted(task.target)!r})"
    if task.classes:
        text += (
            f"    labels = F.array(*[F.lit(label) for label in {list(task.classes)!r}])\n"
            f'    label = F.call_function("array_position", labels, {target}) - 1.0\n'
            '    rows = rows.withColumn("automl_label", label)\n'
        )
    else:
        text += f'    rows = rows.withColumn("automl_label", {target}.cast("double"))\n'
    if log_target:
        text += '    rows = rows.withColumn("automl_log_label", F.log("automl_label"))\n'
    factors = [] if task.weight is None else [f"F.col({_quoted(task.weight)!r})"]
    if weigh_classes:
        text += (
            '    counts = {row["automl_label"]: row["count"] for row in '
            'rows.groupBy("automl_label").count().collect()}\n'
            "    mean = sum(counts.values()) / len(counts)\n"
            "    pairs = [F.lit(x) for label in counts for x in (label, mean / counts[label])]\n"
        )
        factors.append('F.create_map(*pairs)[F.col("automl_label")]')
    if factors:
        text += f'    rows = rows.withColumn("automl_weight", {" * ".join(factors)})\n'
    return text + "    return rows"


def _sql(label: Any) -> str:
    if isinstance(label, bool):
        return str(label).upper()
    if isinstance(label, str):
        return "'" + label.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return f"{label!r}D" if isinstance(label, float) else f"{label!r}"


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
