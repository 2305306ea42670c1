"""The questions of lab 12.

A forest is judged by itself: what its own trees say about the rows it has learned from, and what
it predicts for rows of the data in use. No score is compared with that of another forest, so any
seed and any order of the grid may be right.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from course_utils.data.schema import COLUMNS as ALL
from course_utils.data.splits import split_folder
from course_utils.lab import Answers, Question, kinds
from course_utils.lab.decide import decided, refused
from course_utils.lab.stages import stages
from course_utils.lab.values import Formula, Made, Values, in_dict

WORDS = ("room_type", "neighbourhood_cleansed", "property_type")
NUMBERS = (
    "accommodates",
    "bedrooms",
    "bathrooms",
    "beds",
    "minimum_nights",
    "number_of_reviews",
    "review_scores_rating",
    "review_scores_location",
)
COLUMNS = (*WORDS, *NUMBERS)
LABEL = "expensive"
TREES, FOLDS = 10, 3
DEPTHS, SIZES = (2, 6), (3, 15)
GRID = {(depth, size) for depth in DEPTHS for size in SIZES}
SIDES = ("train", "test", "all")

Found = tuple[str, str] | None
Numbers = np.ndarray[Any, Any]


# --- references -------------------------------------------------------------------------------


def _prices(side: str) -> Numbers:
    """The prices of "train", "test" or "all", from the files: that takes no Spark job."""
    return _read(str(split_folder()))[side]


@cache
def _read(folder: str) -> dict[str, Numbers]:
    import pandas as pd

    sides = {
        side: pd.read_parquet(f"{folder}/{side}", columns=["price"])["price"].to_numpy(dtype=float)
        for side in ("train", "test")
    }
    return sides | {"all": np.concatenate([sides["train"], sides["test"]])}


def _line(side: str = "train") -> float:
    return float(_prices(side).mean())


class Rows(NamedTuple):
    """What a model says about some rows: whether each is expensive, and its probability of that."""

    y: Numbers  # 0.0 or 1.0
    p: Numbers  # from 0 to 1

    @property
    def called(self) -> Numbers:
        """What the model predicts: 0.0 or 1.0."""
        return (self.p > 0.5).astype(float)


def _trapezoid(x: Numbers, y: Numbers) -> float:
    return float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))


def _counts(y: Numbers, score: Numbers, bins: int) -> tuple[Numbers, Numbers]:
    """Right and false alarms as the threshold falls; with `bins`, as coarse as Spark makes them."""
    values, place = np.unique(-score, return_inverse=True)
    hits, alarms = (np.bincount(place, weights=w, minlength=len(values)) for w in (y, 1 - y))
    step = len(values) // bins if bins else 1
    if step >= 2:
        starts = np.arange(0, len(values), step)
        hits, alarms = np.add.reduceat(hits, starts), np.add.reduceat(alarms, starts)
    return np.cumsum(hits), np.cumsum(alarms)


def _aucs(rows: Rows, score: Numbers | None = None) -> list[float]:
    """The area under the ROC curve: exact, and as Spark's evaluator has it by default."""
    found = []
    for bins in (0, 1000):
        hits, alarms = _counts(rows.y, rows.p if score is None else score, bins)
        if not hits[-1] or not alarms[-1]:
            return []
        roc = (np.concatenate([[0], c / c[-1]]) for c in (alarms, hits))
        found.append(_trapezoid(*roc))
    return found


def _prs(rows: Rows) -> list[float]:
    """The area under the precision–recall curve: Spark's, and as average precision."""
    found = []
    for bins in (0, 1000):
        hits, alarms = _counts(rows.y, rows.p, bins)
        precision, recall = hits / (hits + alarms), hits / hits[-1]
        for first in (precision[0], 1.0):
            x, y = np.concatenate([[0], recall]), np.concatenate([[first], precision])
            found.append(_trapezoid(x, y))
        found.append(float(np.sum(np.diff(recall, prepend=0) * precision)))
    return found


def _accuracy(rows: Rows) -> float:
    return float((rows.called == rows.y).mean())


def _f1s(rows: Rows) -> list[float]:
    """F1 of the expensive, of the others, and weighted by how many there are."""
    ones = _measures(rows, 0.5)["f1"]
    others = _measures(Rows(1 - rows.y, 1 - rows.p), 0.5)["f1"]
    share = float(rows.y.mean())
    return [ones, others, share * ones + (1 - share) * others, (ones + others) / 2]


def _measures(rows: Rows, threshold: float) -> dict[str, float]:
    called, yes = rows.p > threshold, rows.y == 1
    hits = float((called & yes).sum())
    precision, recall = hits / max(called.sum(), 1), hits / max(yes.sum(), 1)
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return {"precision": float(precision), "recall": float(recall), "f1": float(f1)}


# --- what a model is --------------------------------------------------------------------------


def _forest(stage: Any) -> Any:
    """The forest among the stages, fitted or not; None without one."""
    from pyspark.ml.classification import (
        RandomForestClassificationModel,
        RandomForestClassifier,
    )

    known = RandomForestClassificationModel | RandomForestClassifier
    return next((s for s in stages(stage) if isinstance(s, known)), None)


def _taken(stage: Any) -> set[str]:
    """The columns that the stages read and none of them has made."""
    read: set[str] = set()
    made: set[str] = set()
    for each in stages(stage):
        formula = _terms(each)
        read |= set(formula or _columns(each, "inputCol", "inputCols")) - made
        made |= set(_columns(each, "outputCol", "outputCols"))
        if formula:
            made.add(each.getFeaturesCol())
    return read


def _columns(stage: Any, one: str, many: str) -> list[str]:
    found: list[str] = []
    for name in (one, many):
        if stage.hasParam(name) and stage.isDefined(name):
            value = stage.getOrDefault(name)
            found += [value] if isinstance(value, str) else list(value)
    return found


def _terms(stage: Any) -> list[str]:
    """The columns that an RFormula has found in its rows; [] of any other stage."""
    from pyspark.ml.feature import RFormula, RFormulaModel

    if isinstance(stage, RFormulaModel):
        java: Any = stage._java_obj
        terms = java.resolvedFormula().terms()
        return [
            terms.apply(i).apply(j)
            for i in range(terms.size())
            for j in range(terms.apply(i).size())
        ]
    if isinstance(stage, RFormula) and stage.isDefined("formula"):
        right = stage.getFormula().partition("~")[2]
        return [name for name in COLUMNS if name in right] if "." not in right else list(COLUMNS)
    return []


def _told(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)[:3])


def _inputs(stage: Any, name: str) -> Found:
    """What is wrong with the columns that a pipeline, or its model, takes."""
    read = _taken(stage)
    if inside := read & {"price", LABEL}:
        return "label-among-features", f"`{name}` takes {_told(list(inside))} among its columns"
    if missing := set(COLUMNS) - read:
        return "columns-missing", f"`{name}` does not take {_told(list(missing))}"
    if extra := read - set(COLUMNS):
        return "columns-added", f"`{name}` takes {_told(list(extra))} beyond the eleven columns"
    return None


def _fitted_before(pipeline: Any, name: str) -> Found:
    """A stage that has learned before the pipeline is fitted."""
    from pyspark.ml import Model

    for stage in stages(pipeline):
        if isinstance(stage, Model):
            return "fitted-before", f"`{name}` has {kinds.describe(stage)} in it, fitted already"
    return None


def _learned(forest: Any) -> tuple[float, float]:
    """How many rows a forest has learned from, give or take: five standard errors of the draws.

    Each tree knows how many it has drawn; on average that is `subsamplingRate` of the rows.
    """
    drawn = [tree._java_obj.rootNode().impurityStats().rawCount() for tree in forest.trees]
    rate = forest.getSubsamplingRate()
    rows = sum(drawn) / len(drawn) / rate
    return rows, 5 * (rows / rate / len(drawn)) ** 0.5


def _rows_learned(forest: Any, name: str) -> Found:
    """Whether a forest has learned from other rows than the training rows."""
    rows, error = _learned(forest)
    there = {side: len(_prices(side)) for side in SIDES}
    if abs(rows - there["train"]) <= error:
        return None
    about = f"the trees of `{name}` have learned from about {round(rows, -2):,.0f} rows"
    for side, id in (("test", "fitted-on-test"), ("all", "fitted-on-all")):
        if abs(rows - there[side]) <= error:
            return id, about
    return "rows-left-out", f"{about}; `labeled_train` has {there['train']:,}"


def _label_learned(forest: Any, name: str) -> Found:
    """Whether a forest has learned another column: its trees know how often the label was 1."""
    if forest.numClasses != 2:
        found = f"the forest of `{name}` has learned {forest.numClasses} classes"
        return "other-label", found
    if forest.isSet("weightCol"):
        return None  # then they know weights
    roots = [list(tree._java_obj.rootNode().impurityStats().stats()) for tree in forest.trees]
    share = sum(root[1] for root in roots) / sum(map(sum, roots))
    if abs(share - float((_prices("train") > _line()).mean())) > 0.08:
        return "other-label", f"for the forest of `{name}`, {share:.0%} of the rows had the label 1"
    return None


def _scored(a: Answers, name: str) -> "dict[str, Any]":
    """What the learner's model says about the rows: side -> Rows, and "unseen" -> count.

    One job: the labeled rows of both sides, and one of a property type that nobody has seen.
    """
    return a.once(("scored", name), lambda a: _score(a, getattr(a, name)))


def _score(a: Answers, model: Any) -> "dict[str, Any]":
    from pyspark.ml.functions import vector_to_array
    from pyspark.sql import functions as F

    train, test = a.labeled_train, a.labeled_test
    strange = test.limit(1).withColumn("property_type", F.lit("Castle in the air"))
    sides = {"train": train, "test": test, "unseen": strange}
    columns = [*COLUMNS, "price", F.col(LABEL).cast("double").alias(LABEL)]
    parts = [of.select(*columns, F.lit(side).alias("side")) for side, of in sides.items()]
    rows = parts[0].unionAll(parts[1]).unionAll(parts[2])
    forest = _forest(getattr(model, "bestModel", model))
    p = vector_to_array(forest.getProbabilityCol())[1].alias("p")
    table = a.table(model.transform(rows).select("side", LABEL, p))
    found: dict[str, Any] = {}
    for side in ("train", "test"):
        of = table[table["side"] == side]
        found[side] = Rows(*(of[name].to_numpy(dtype=float) for name in (LABEL, "p")))
    found["all"] = Rows(*np.concatenate([found["train"], found["test"]], axis=1))
    found["unseen"] = int((table["side"] == "unseen").sum())
    return found


# --- q1 ---------------------------------------------------------------------------------------


def _other_lines(*sides: str) -> Formula:
    return lambda a: {"line": [_line(side) for side in sides]}


LINE = Values(lambda a: {"line": _line()}, tolerance=1e-9)


def _labels_found(a: Answers) -> Found:
    if LINE.refuse(a):
        return None  # that comes first
    both = a.once("labels", _labels)
    for side, other in (("train", "test"), ("test", "train")):
        name, (price, label) = f"labeled_{side}", both[side]
        if not _same_prices(price, side):
            if _same_prices(price, other):
                swapped = _same_prices(both[other][0], side)
                id = "sides-swapped" if swapped else "one-side-twice"
                return id, f"`{name}` holds the {other} rows"
            found = f"`{name}` has {len(price):,} rows, and not all have the price they had"
            return "rows-changed", found
        if odd := label[~np.isin(label, (0, 1))].tolist():
            value = "missing values" if np.isnan(odd[0]) else f"{odd[0]:g}"
            return "not-zero-or-one", f"`{name}` has {value} as `{LABEL}`"
        if np.array_equal(label, price > _line()):
            continue
        wrong = f"`{name}` has the wrong label in {int((label != (price > _line())).sum()):,} rows"
        if np.array_equal(label, price <= _line()):
            return "upside-down", wrong
        if np.array_equal(label, price > price.mean()):
            return "line-of-test", wrong
        called = label == 1
        if called.any() and price[~called].max(initial=0) < price[called].min():
            return "another-line", f"{wrong}, and those with 1 begin at ${price[called].min():g}"
        return "", wrong
    return None


def _labels(a: Answers) -> dict[str, tuple[Numbers, Numbers]]:
    """side -> prices and labels of the learner's rows, in one job."""
    from pyspark.sql import functions as F

    frames = [
        getattr(a, f"labeled_{side}").select(
            F.lit(side).alias("side"), "price", F.col(LABEL).cast("double")
        )
        for side in ("train", "test")
    ]
    table = a.table(frames[0].unionAll(frames[1]))
    sides = {side: table[table["side"] == side] for side in ("train", "test")}
    return {
        side: (rows["price"].to_numpy(dtype=float), rows[LABEL].to_numpy(dtype=float))
        for side, rows in sides.items()
    }


def _same_prices(price: Numbers, side: str) -> bool:
    return np.array_equal(np.sort(price), np.sort(_prices(side)))


# --- q2 ---------------------------------------------------------------------------------------


def _model_found(a: Answers) -> Found:
    from pyspark.ml import Pipeline, PipelineModel

    for name, known in (("pipeline", Pipeline), ("model", PipelineModel)):
        stage = getattr(a, name)
        if not isinstance(stage, known):
            id = "" if _forest(stage) is None else "forest-alone"
            return id, f"`{name}` is {kinds.describe(stage)}, not a {known.__name__}"
        if _forest(stage) is None:
            last = next(iter([*stages(stage)][::-1]), stage)
            return "other-learner", f"`{name}` ends with {kinds.describe(last)}"
        if (found := _inputs(stage, name)) is not None:
            return found
    if (found := _fitted_before(a.pipeline, "pipeline")) is not None:
        return found
    forest = _forest(a.model)
    found = _label_learned(forest, "model") or _rows_learned(forest, "model")
    if found is not None:
        return found
    if forest.getNumTrees != TREES:
        return "other-trees", f"the forest of `model` has {forest.getNumTrees} trees"
    return _other_pipeline(a) or _unseen(a, "model")


def _other_pipeline(a: Answers) -> Found:
    """Whether `model` comes from another forest than that of `pipeline`."""
    names = ("maxDepth", "numTrees", "maxBins", "impurity", "featureSubsetStrategy")
    for name in names:
        here, there = (_forest(s).getOrDefault(name) for s in (a.model, a.pipeline))
        if here != there:
            told = f"the forest of `model` has {name} {here}, and that of `pipeline` {there}"
            return "other-pipeline", told
    return None


def _unseen(a: Answers, name: str) -> Found:
    """Whether a model scores every row, of words that it has not seen as well."""
    try:
        scored = _scored(a, name)
    except Exception as error:
        # Spark wraps what an indexer raises, and a learner's stages may raise anything
        if "StringIndexerModel" in str(error) or "nseen label" in str(error):
            return "unseen-words", f"`{name}` raises an error for a property type it has not seen"
        return "", f"`{name}` raises {type(error).__name__} for the listings of Question 1"
    for side in ("train", "test"):
        if len(scored[side].y) < len(_prices(side)):
            return "rows-skipped", f"`{name}` scores only some of the {side} rows"
    if not scored["unseen"]:
        return "rows-skipped", f"`{name}` drops a listing of a property type it has never seen"
    return None


def _auc_seen(side: str) -> Formula:
    return lambda a: {"auc_seen": _aucs(_scored(a, "model")[side])}


def _times_100(formula: Formula) -> Formula:
    return lambda a: {
        name: [100 * v for v in np.atleast_1d(value)] for name, value in formula(a).items()
    }


UPSIDE_DOWN = (
    "is below one half",
    "The scores were those of the other class: entry 1 belongs to `expensive`.",
)
PERCENT = (
    "is above what a share can be",
    "It was multiplied by 100; keep shares between 0 and 1.",
)


def _seen_train(measure: Callable[[Rows], Any]) -> Formula:
    return lambda a: {"auc_seen": measure(_scored(a, "model")["train"])}


# Spark merges neighbors on the curve, in each partition by itself: that moves the last digits
SEEN = Values(_auc_seen("train"), tolerance=3e-6)


# --- q3 ---------------------------------------------------------------------------------------


def _setting(forest: Any, param_map: Any) -> tuple[Any, Any]:
    """(maxDepth, numTrees) of a forest under one map of the grid."""
    given = {param.name: value for param, value in param_map.items()}
    depth = given.get("maxDepth", forest.getOrDefault("maxDepth"))
    return depth, given.get("numTrees", forest.getOrDefault("numTrees"))


def _is_grid(grid: Any) -> bool:
    """Whether it is a list of maps from parameters to values: the search takes anything."""
    from pyspark.ml.param import Param

    return isinstance(grid, list | tuple) and all(
        isinstance(each, dict) and all(isinstance(key, Param) for key in each) for each in grid
    )


def _search_found(cv: Any, name: str) -> Found:
    """What is wrong with a search, prepared or done."""
    from pyspark.ml import Pipeline, PipelineModel
    from pyspark.ml.evaluation import BinaryClassificationEvaluator

    wanted = ("estimator", "estimatorParamMaps", "evaluator")
    if unset := [each for each in wanted if not cv.isDefined(each)]:
        return "not-complete", f"`{name}` has no {unset[0]}"
    pipeline, grid, evaluator = map(cv.getOrDefault, wanted)
    if isinstance(pipeline, PipelineModel):
        return "fitted-before", f"`{name}` fits {kinds.describe(pipeline)}, not a Pipeline"
    if not isinstance(pipeline, Pipeline):
        id = "" if _forest(pipeline) is None else "forest-alone"
        return id, f"`{name}` fits {kinds.describe(pipeline)}, not a Pipeline"
    forest = _forest(pipeline)
    if forest is None:
        return "", f"the pipeline in `{name}` has no RandomForestClassifier"
    if (found := _inputs(pipeline, name) or _fitted_before(pipeline, name)) is not None:
        return found
    if not _is_grid(grid):
        told = f"the grid of `{name}` is {kinds.describe(grid)}, and no list of parameter maps"
        return "grid-not-built", told
    if strangers := {p.parent for each in grid for p in each} - {s.uid for s in stages(pipeline)}:
        told = f"the grid of `{name}` belongs to {min(strangers)}, which is not in its pipeline"
        return "other-forest", told
    settings = [_setting(forest, each) for each in grid]
    if len(settings) != len(GRID) or any(each not in settings for each in GRID):
        some = ", ".join(f"{depth} and {trees}" for depth, trees in settings[:4])
        told = f"`{name}` has {len(settings)} settings of maxDepth and numTrees: {some}"
        return "other-grid", told
    if not isinstance(evaluator, BinaryClassificationEvaluator):
        return "other-metric", f"`{name}` compares by {kinds.describe(evaluator)}"
    if evaluator.getMetricName() != "areaUnderROC":
        return "other-metric", f"`{name}` compares by {evaluator.getMetricName()}"
    if evaluator.getRawPredictionCol() == forest.getPredictionCol():
        column = evaluator.getRawPredictionCol()
        return "hard-predictions", f"the evaluator of `{name}` takes its scores from `{column}`"
    if (label := evaluator.getLabelCol()) != forest.getLabelCol():
        return "evaluator-label", f"the evaluator of `{name}` looks for the label in `{label}`"
    if cv.getNumFolds() != FOLDS:
        return "other-folds", f"`{name}` has {cv.getNumFolds()} folds"
    return None


def _prepared(a: Answers) -> Found:
    from pyspark.ml import Pipeline
    from pyspark.ml.tuning import CrossValidator, TrainValidationSplit

    if isinstance(a.cv, TrainValidationSplit):
        return "split-for-folds", "`cv` is a TrainValidationSplit"
    if isinstance(a.cv, Pipeline) and any(isinstance(s, CrossValidator) for s in stages(a.cv)):
        return "search-inside", "`cv` is a Pipeline with a CrossValidator in it"
    if not isinstance(a.cv, CrossValidator):
        return "", f"`cv` is {kinds.describe(a.cv)}, not a CrossValidator"
    if (found := _search_found(a.cv, "cv")) is not None:
        return found
    for name in ("exam_fits", "all_fits"):
        if not kinds.fits(getattr(a, name), "integer"):
            return "", f"`{name}` is {kinds.describe(getattr(a, name))}, not a whole number"
    return None


FITS = FOLDS * len(GRID)
COUNTS = Values(lambda a: {"exam_fits": FITS, "all_fits": FITS + 1}, tolerance=1e-9)


def _counts_of(compared: Sequence[int]) -> Formula:
    """Wrong numbers of models, and each with its last fit."""
    return lambda a: {
        "exam_fits": list(compared),
        "all_fits": [more for n in compared for more in (n + 1, n) if more != FITS],
    }


# --- q4 ---------------------------------------------------------------------------------------


def _searched(a: Answers) -> Found:
    from pyspark.ml import PipelineModel
    from pyspark.ml.tuning import CrossValidatorModel, TrainValidationSplitModel

    if isinstance(a.cv_model, TrainValidationSplitModel):
        return "split-for-folds", "`cv_model` is a TrainValidationSplitModel"
    if isinstance(a.cv_model, PipelineModel):
        if any(isinstance(s, CrossValidatorModel) for s in stages(a.cv_model)):
            return "search-inside", "`cv_model` is a PipelineModel with a search in it"
        return "best-model-only", "`cv_model` is a PipelineModel"
    if not isinstance(a.cv_model, CrossValidatorModel):
        return "", f"`cv_model` is {kinds.describe(a.cv_model)}, not that of a CrossValidator"
    found = _search_found(a.cv_model, "cv_model")
    if found is not None:
        # q3 has names for what is wrong with a search; here they are one mistake
        return "another-search", found[1]
    if (found := _inputs(a.cv_model.bestModel, "cv_model")) is not None:
        return "another-search", found[1]
    forest = _forest(a.cv_model.bestModel)
    found = _label_learned(forest, "cv_model") or _rows_learned(forest, "cv_model")
    if found is None and (unseen := _unseen(a, "cv_model")) is not None:
        return "another-search", unseen[1]
    return found


def _at(a: Answers, place: int) -> Made:
    """The three answers of somebody who reads the search at one place of its grid."""
    pipeline = a.cv_model.getOrDefault("estimator")
    depth, trees = _setting(_forest(pipeline), a.cv_model.getEstimatorParamMaps()[place])
    mean = float(a.cv_model.avgMetrics[place])
    return {"best_depth": float(depth), "best_trees": float(trees), "cv_auc": mean}


def _won(a: Answers) -> Made:
    return _at(a, int(np.argmax(a.cv_model.avgMetrics)))


def _lost(a: Answers) -> Made:
    return _at(a, int(np.argmin(a.cv_model.avgMetrics)))


def _untuned(a: Answers) -> Made:
    """The settings that the forest in the search, and that of q2, had before."""
    forests = [_forest(a.cv_model.getOrDefault("estimator")), _forest(a.model)]
    depths, sizes = ([float(f.getOrDefault(n)) for f in forests] for n in ("maxDepth", "numTrees"))
    return {"best_depth": depths, "best_trees": sizes}


def _exchanged(a: Answers) -> Made:
    won = _won(a)
    return {"best_depth": won["best_trees"], "best_trees": won["best_depth"]}


def _other_means(a: Answers) -> Made:
    means, spreads = a.cv_model.avgMetrics, a.cv_model.stdMetrics or []
    return {"cv_auc": [float(np.mean(means)), float(np.median(means)), *map(float, spreads)]}


def _not_by_folds(a: Answers) -> Made:
    sides = _scored(a, "cv_model")
    return {"cv_auc": [auc for side in SIDES for auc in _aucs(sides[side])]}


BEST = Values(_won, tolerance=1e-9)


# --- q5 ---------------------------------------------------------------------------------------


def _three(side: str, name: str = "cv_model") -> Formula:
    """The three scores on one side's rows."""

    def make(a: Answers) -> Made:
        rows = _scored(a, name)[side]
        nobody = float(1 - rows.y.mean())
        return {"test_auc": _aucs(rows), "accuracy": _accuracy(rows), "nobody_accuracy": nobody}

    return make


def _of_test(place: str, measure: Callable[[Rows], Any]) -> Formula:
    return lambda a: {place: measure(_scored(a, "cv_model")["test"])}


def _auc_and_accuracy(a: Answers) -> Made:
    right = _three("test")(a)
    return {"test_auc": right["accuracy"], "accuracy": right["test_auc"]}


def _one_sided(rows: Rows) -> list[float]:
    """Precision and recall of one class, or over both, but for the one that is the accuracy."""
    ones, others = _measures(rows, 0.5), _of_the_others(rows, 0.5)
    both = _weighted(rows, 0.5)
    each = [side[name] for side in (ones, others) for name in ("precision", "recall")]
    return [*each, *both["precision"], both["recall"][1]]


def _counted(a: Answers) -> Made:
    right, rows = _three("test")(a), _scored(a, "cv_model")["test"]
    names = ("accuracy", "nobody_accuracy")
    return {name: float(np.multiply(right[name], len(rows.y))) for name in names}


def _without_nobody(formula: Formula) -> Formula:
    return lambda a: {k: v for k, v in formula(a).items() if k != "nobody_accuracy"}


SCORES = Values(_three("test"), tolerance=1e-6)


# --- q6 ---------------------------------------------------------------------------------------


def _both(half: dict[str, Any], low: dict[str, Any]) -> dict[Any, Any]:
    return {**in_dict("half", half), **in_dict("low", low)}


def _loss(rows: Rows, p: Numbers | None = None, least: float = 1e-15) -> Numbers:
    """-log of the probability that was given to what is true, row by row.

    Spark takes none below 1e-15, scikit-learn none below the smallest step of a float.
    """
    p = rows.p if p is None else p
    return -np.log(np.clip(np.where(rows.y == 1, p, 1 - p), least, 1))


def _drawn(side: str, name: str = "cv_model") -> Formula:
    """On one side's rows; what lies on a threshold may count as above it."""

    def make(a: Answers) -> Made:
        rows = _scored(a, name)[side]
        dicts = []
        for threshold in (0.5, 0.3):
            above, on = _measures(rows, threshold), _measures(rows, np.nextafter(threshold, 0))
            dicts.append({name: [above[name], on[name]] for name in above})
        losses = [float(_loss(rows, least=least).mean()) for least in (1e-15, 2.0**-52)]
        return _both(dicts[0], dicts[1]) | {"log_loss": losses}

    return make


def _as(change: Callable[[Rows, float], dict[str, Any]]) -> Formula:
    """Both dicts by another measure of the test rows."""

    def make(a: Answers) -> Made:
        rows = _scored(a, "cv_model")["test"]
        return _both(change(rows, 0.5), change(rows, 0.3))

    return make


def _of_the_others(rows: Rows, threshold: float) -> dict[str, float]:
    """Precision and recall of the class 0, at the same predictions."""
    called, no = rows.p <= threshold, rows.y == 0
    hits = float((called & no).sum())
    precision, recall = hits / max(called.sum(), 1), hits / no.sum()
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return {"precision": float(precision), "recall": float(recall), "f1": float(f1)}


def _weighted(rows: Rows, threshold: float) -> dict[str, Any]:
    ones, others = _measures(rows, threshold), _of_the_others(rows, threshold)
    share = float(rows.y.mean())
    return {
        name: [share * ones[name] + (1 - share) * others[name], (ones[name] + others[name]) / 2]
        for name in ones
    }


def _crossed(rows: Rows, threshold: float) -> dict[str, float]:
    right = _measures(rows, threshold)
    return {"precision": right["recall"], "recall": right["precision"]}


def _other_f1s(rows: Rows, threshold: float) -> dict[str, Any]:
    right = _measures(rows, threshold)
    p, r = right["precision"], right["recall"]
    called = rows.p > threshold
    accuracy = float((called == (rows.y == 1)).mean())
    return {"f1": [(p + r) / 2, (p * r) ** 0.5, p * r, p * r / (p + r), accuracy]}


def _dicts_swapped(a: Answers) -> Made:
    rows = _scored(a, "cv_model")["test"]
    return _both(_measures(rows, 0.3), _measures(rows, 0.5))


def _one_threshold(a: Answers) -> Made:
    rows = _scored(a, "cv_model")["test"]
    return in_dict("low", _measures(rows, 0.5))


def _other_losses(a: Answers) -> Made:
    rows = _scored(a, "cv_model")["test"]
    mean = float(_loss(rows).mean())
    share = float(rows.y.mean())
    return {
        "log_loss": [
            -mean,
            mean * len(rows.y),
            mean / float(np.log(2)),
            mean / float(np.log(10)),
            *(float(_loss(rows, rows.called, least).mean()) for least in (1e-15, 2.0**-52)),
            float(_loss(rows, 1 - rows.p).mean()),
            *(float(_loss(rows)[rows.y == label].mean()) for label in (1, 0)),
            float(np.mean((rows.p - rows.y) ** 2)),
            float(-np.mean(rows.y * np.log(np.clip(rows.p, 1e-15, 1)))),
            float(-share * np.log(share) - (1 - share) * np.log(1 - share)),
        ]
    }


def _by_votes(a: Answers) -> Made:
    """With the sum of what the trees say in place of their mean."""
    rows = _scored(a, "cv_model")["test"]
    votes = Rows(rows.y, rows.p * _forest(a.cv_model.bestModel).getNumTrees)
    return _both(_measures(votes, 0.5), _measures(votes, 0.3))


THRESHOLDS = Values(_drawn("test"), tolerance=1e-6)


MEASURES = dict.fromkeys(("precision", "recall", "f1"), "number")


QUESTIONS = [
    Question(
        id="q1",
        title="What expensive means",
        names={"line": "number", "labeled_train": "frame", "labeled_test": "frame"},
        columns={
            name: {**dict.fromkeys(ALL, "any"), "price": "number", LABEL: "number"}
            for name in ("labeled_train", "labeled_test")
        },
        hints=(
            "The line is one number, learned from the training rows alone. Both frames are then "
            "labeled by this same number.",
            "`train.agg(F.avg('price')).first()[0]` is the line. A comparison makes a column of "
            "True and False; `.cast('double')` makes it 1.0 and 0.0.",
        ),
        mistakes=decided(
            _labels_found,
            {
                "sides-swapped": "The two frames went into each other's variables.",
                "one-side-twice": "`labeled_train` is made of `train`, and `labeled_test` of "
                "`test`.",
                "rows-changed": "A filter, a sample or a join changed the rows; the label is "
                "only a new column.",
                "not-zero-or-one": "The label is 1 for an expensive listing and 0 for any other: "
                "no missing values, no other codes.",
                "upside-down": "The comparison points the other way, or 0 and 1 were exchanged.",
                "line-of-test": "The test rows were labeled by their own mean. There is one line, "
                "and it was learned from the training rows.",
                "another-line": "These prices were not compared with `line` itself, but with a "
                "number that was rounded, typed in or computed in another way.",
            },
            LINE.wrong(
                "other-rows",
                _other_lines("test", "all"),
                "is the mean of other rows",
                "The test rows are in it. They play listings that do not exist yet.",
            ),
            LINE.wrong(
                "median-for-mean",
                lambda a: {"line": float(np.median(_prices("train")))},
                "is the median price",
                "Half of the training rows lie above it; the question asks for the mean.",
            ),
            LINE.wrong(
                "mean-of-logs",
                lambda a: {
                    "line": [
                        float(np.exp(np.log(_prices("train")).mean())),
                        float(np.log(_prices("train")).mean()),
                    ]
                },
                "comes from the mean of log(price)",
                "Lesson 07 worked with logarithms; here the line is the mean of the dollars.",
            ),
            LINE.rounded(),
        ),
        refuse=refused(_labels_found, LINE),
        why="a label is learned, too: its line comes from the training rows and then stays.",
    ),
    Question(
        id="q2",
        title="A forest in a pipeline",
        points=2,
        names={"pipeline": "estimator", "model": "model", "auc_seen": "number"},
        needs=("q1",),
        looks_at={
            "expensive": "other-label",
            "maxBins": "Spark refuses a smaller one",
        },
        hints=(
            "Three stages: an indexer for the words, an assembler for all eleven columns, and the "
            "forest. What should the indexer do with a word that it has not seen?",
            "`StringIndexer(inputCols=WORDS, outputCols=…, handleInvalid='keep')`, then "
            "`VectorAssembler`, then `RandomForestClassifier(labelCol='expensive', numTrees=10, "
            "maxBins=64)`. `BinaryClassificationEvaluator` needs the labelCol as well.",
        ),
        mistakes=decided(
            _model_found,
            {
                "forest-alone": "Indexer and assembler belong into the pipeline with the forest, "
                "so that whoever has the model can give it listings as they are.",
                "other-learner": "The last stage is to be a RandomForestClassifier: for a class, "
                "not for a number, and a forest.",
                "label-among-features": "The label was made from the price, so a model that sees "
                "either has nothing to predict.",
                "columns-missing": "The model may see WORDS and NUMBERS, all eleven.",
                "columns-added": "The model may see WORDS and NUMBERS, and nothing else.",
                "other-label": "See `labelCol`: the forest learns `expensive`, which is 1 for "
                "about a third of the rows.",
                "fitted-on-test": "`fit` was given the test rows, so nothing is left to judge by.",
                "fitted-on-all": "`fit` saw the test rows too, so every later score on them would "
                "be too good.",
                "rows-left-out": "`fit` is given all of `labeled_train`: no sample, no filter, no "
                "limit.",
                "fitted-before": "Whatever has to be learned is learned when the pipeline is "
                "fitted: give it the stage as it was before its `fit`.",
                "other-trees": "`numTrees` is 20 unless you set it; the question asks for 10.",
                "other-pipeline": "`model` is what `pipeline.fit` gives; one of the two was "
                "changed afterwards.",
                "unseen-words": "The indexer stops at words that were not in its rows. "
                "`handleInvalid` has a value that gives them a number of their own.",
                "rows-skipped": "`handleInvalid='skip'` drops such rows without a word: every "
                "listing is to get a score.",
            },
            SEEN.wrong(
                "evaluated-on-test",
                _auc_seen("test"),
                "is that of the test rows",
                "They stay closed until Question 5; here it is about the rows the model knows.",
            ),
            SEEN.wrong(
                "evaluated-on-all",
                _auc_seen("all"),
                "is that of all rows, training and test",
                "Here it is about the rows that the model has learned from.",
            ),
            SEEN.wrong(
                "pr-for-roc",
                _seen_train(_prs),
                "is the area under another curve",
                "That of precision and recall. The metric is 'areaUnderROC'.",
            ),
            SEEN.wrong(
                "hard-predictions",
                _seen_train(lambda rows: _aucs(rows, rows.called)),
                "belongs to a curve with a single step",
                "The evaluator was given the predictions, 0 and 1. It needs the scores before "
                "they are cut: rawPrediction or probability.",
            ),
            SEEN.wrong(
                "another-score",
                _seen_train(lambda rows: [_accuracy(rows), *_f1s(rows)]),
                "is an accuracy or an F1",
                "It judges one threshold. The area under the ROC curve judges the order.",
            ),
            SEEN.wrong("upside-down", _seen_train(lambda rows: _aucs(rows, -rows.p)), *UPSIDE_DOWN),
            SEEN.wrong("percent", _times_100(_auc_seen("train")), *PERCENT),
            SEEN.rounded(),
        ),
        refuse=refused(_model_found, SEEN),
        why="a pipeline takes listings as they come, and can go as a whole into a search.",
    ),
    Question(
        id="q3",
        title="How many forests?",
        points=2,
        names={"cv": "estimator", "exam_fits": "choice", "all_fits": "choice"},
        needs=("q2",),
        looks_at={
            "maxDepth": "other-grid",
            "numTrees": "other-grid",
            "fit": "the learner's own word for it",
        },
        hints=(
            "`ParamGridBuilder` needs the very forest that is in your pipeline. And for the "
            "numbers: every setting meets every fold. What happens after the winner is known?",
            "`ParamGridBuilder().addGrid(forest.maxDepth, [6, 2]).addGrid(…).build()`, then "
            "`CrossValidator(estimator=pipeline, estimatorParamMaps=…, evaluator=…, numFolds=3)`. "
            "Settings times folds are compared; one more fit makes the model to use.",
        ),
        mistakes=decided(
            _prepared,
            {
                "split-for-folds": "That splits the rows once. The question asks for three folds.",
                "search-inside": "The question asks for the pipeline inside the search, not the "
                "search inside the pipeline, so that each fold learns its own stages.",
                "not-complete": "A search needs what to fit, a grid, and an evaluator.",
                "forest-alone": "The indexer would have to be fitted before, on the rows of all "
                "folds. Give `cv` the whole pipeline.",
                "fitted-before": "What was fitted before has seen the rows of all folds. Give "
                "`cv` a pipeline of stages that are not fitted yet.",
                "grid-not-built": "A grid is a list of maps from parameters of the forest, such as "
                "`forest.maxDepth`, to values; `build()` of a ParamGridBuilder makes it.",
                "label-among-features": "A model that sees the price has nothing to predict.",
                "columns-missing": "The pipeline takes WORDS and NUMBERS, all eleven.",
                "columns-added": "The pipeline takes WORDS and NUMBERS, and nothing else.",
                "other-forest": "The grid was built with another object, so its values would "
                "never reach the forest in the pipeline.",
                "other-grid": "Two values of `maxDepth`, 6 and 2, and two of `numTrees`, 3 and "
                "15, make four settings.",
                "other-metric": "The winner is to be chosen by the area under the ROC curve, "
                "'areaUnderROC' of a BinaryClassificationEvaluator.",
                "hard-predictions": "These are 0 and 1 only. An area under a curve needs scores: "
                "leave rawPredictionCol as it is.",
                "evaluator-label": "The evaluator has a labelCol of its own, and it is not the "
                "column that the forest learns.",
                "other-folds": "The question asks for three.",
            },
            COUNTS.wrong(
                "forgot-refit",
                lambda a: {"all_fits": FITS},
                "leaves out the last fit",
                "After the comparison the best setting is fitted once more, to all rows; that "
                "model is the one you use.",
            ),
            COUNTS.wrong(
                "counted-refit",
                lambda a: {"exam_fits": FITS + 1},
                "contains the last fit",
                "The last fit compares nothing any more, so an exam's count leaves it out.",
            ),
            COUNTS.wrong(
                "more-refits",
                lambda a: {"all_fits": [FITS + FOLDS, FITS + len(GRID)]},
                "has more than one last fit",
                "Only the best setting is fitted once more, and only once: to all rows.",
            ),
            COUNTS.swapped("exam_fits", "all_fits", "{name} is the number of the other question"),
            COUNTS.wrong(
                "folds-forgotten",
                _counts_of([len(GRID)]),
                "is the number of settings, not of fits",
                "Each setting is fitted once in each fold.",
            ),
            COUNTS.wrong(
                "added",
                _counts_of([len(GRID) + FOLDS]),
                "adds what multiplies",
                "Every setting meets every fold: settings times folds.",
            ),
            COUNTS.wrong(
                "one-list-only",
                _counts_of([len(DEPTHS) * FOLDS]),
                "counts the values of one list only",
                "A grid has every combination: two depths times two numbers of trees.",
            ),
            COUNTS.wrong(
                "trees-counted",
                _counts_of([FOLDS * sum(size for _, size in GRID)]),
                "counts trees",
                "A forest is one model, however many trees it has.",
            ),
        ),
        refuse=refused(_prepared, COUNTS),
        why="the cost of a search is a product of what you list; know it before you start.",
    ),
    Question(
        id="q4",
        title="The search",
        points=2,
        names={
            "cv_model": "model",
            "best_depth": "integer",
            "best_trees": "integer",
            "cv_auc": "number",
        },
        needs=("q1", "q2", "q3"),
        looks_at={
            "maxDepth": "the numbers of best_depth",
            "numTrees": "the numbers of best_trees",
            "fit": "cv_model is its result",
        },
        hints=(
            "`cv.fit` gives a model with a `bestModel`, and with `avgMetrics`, one number for each "
            "setting of the grid. For an AUC, which of them is the best?",
            "The last stage of `cv_model.bestModel` is the forest: it has `getMaxDepth()` and "
            "`getNumTrees` (without parentheses). `cv_auc` is the largest of `avgMetrics`.",
        ),
        mistakes=decided(
            _searched,
            {
                "split-for-folds": "That splits the rows once. Run the search of Question 3.",
                "search-inside": "The question asks for the result of `cv.fit`, with the pipeline "
                "inside the search.",
                "best-model-only": "That is a model without its search, such as `bestModel`. Keep "
                "the whole result of `cv.fit`, which also has the metrics.",
                "another-search": "This is the result of another search than that of Question 3.",
                "fitted-on-test": "`cv.fit` was given the test rows.",
                "fitted-on-all": "`cv.fit` was given the test rows together with the training "
                "rows, so nothing is left for Question 5.",
                "rows-left-out": "`cv.fit` is given all of `labeled_train`.",
                "other-label": "The forest has learned another column than `expensive`.",
            },
            BEST.wrong(
                "worst-for-best",
                _lost,
                "belongs to the setting with the smallest AUC",
                "For an error the smallest is best, for an AUC the largest.",
            ),
            BEST.wrong(
                "first-of-grid",
                lambda a: _at(a, 0),
                "belongs to the first setting of the grid",
                "The metrics stand in the order of the grid, not of their size.",
            ),
            BEST.wrong(
                "last-of-grid",
                lambda a: _at(a, -1),
                "belongs to the last setting of the grid",
                "The metrics stand in the order of the grid, not of their size.",
            ),
            BEST.wrong(
                "not-tuned",
                _untuned,
                "is a setting from before the search",
                "It was read from the forest that went into the search, or from `model` of "
                "Question 2; the winner is in `bestModel`.",
            ),
            BEST.wrong(
                "swapped",
                _exchanged,
                "{name} has the value of the other setting",
                "Depth and number of trees went into each other's variable.",
                whole=True,
            ),
            BEST.wrong(
                "another-average",
                _other_means,
                "is not the mean AUC of one setting",
                "An average over all settings, or a standard deviation. Each number of "
                "`avgMetrics` is a mean over the folds already; take the best one.",
            ),
            BEST.wrong(
                "not-by-folds",
                _not_by_folds,
                "is not from the folds",
                "The chosen model was evaluated again, on rows that it has learned from or on "
                "test rows. The search has kept its own metrics.",
            ),
            BEST.wrong(
                "remembered",
                lambda a: {"cv_auc": float(a.auc_seen)} if kinds.fits(a.auc_seen, "number") else {},
                "is `auc_seen` of Question 2",
                "That is one model on rows that it has learned from. The search has kept its own "
                "metrics.",
            ),
            BEST.wrong("percent", _times_100(lambda a: {"cv_auc": _won(a)["cv_auc"]}), *PERCENT),
            BEST.rounded(),
        ),
        refuse=refused(_searched, BEST),
        note=lambda a: (
            f"the search fitted {FITS} forests to compare, and one more to use; on rows that a "
            f"forest knows, `auc_seen` was {float(a.auc_seen):.3f}."
        ),
        why="a setting is chosen by rows that its model has not seen, and each row gets to judge.",
    ),
    Question(
        id="q5",
        title="The test rows, once",
        points=2,
        names={"test_auc": "number", "accuracy": "number", "nobody_accuracy": "number"},
        needs=("q1", "q2", "q4"),
        hints=(
            "`cv_model.transform` uses the best model. Three measures of the same test rows: which "
            "of them needs no model at all?",
            "`BinaryClassificationEvaluator(labelCol='expensive')` for the AUC, "
            "`MulticlassClassificationEvaluator(labelCol='expensive', metricName='accuracy')` for "
            "the accuracy. The third is the share of test rows with the label 0.",
        ),
        mistakes=(
            SCORES.wrong(
                "evaluated-on-train",
                _three("train"),
                "is that of the training rows",
                "Only the test rows say what a model is worth, and what a guess without one.",
            ),
            SCORES.wrong(
                "evaluated-on-all",
                _three("all"),
                "is that of all rows, training and test",
                "The training rows count as well, and the model knows them.",
            ),
            SCORES.wrong(
                "untuned-model",
                _without_nobody(_three("test", "model")),
                "is that of `model` of Question 2",
                "The search has chosen another one; `cv_model` uses it.",
            ),
            SCORES.wrong(
                "cv-for-test",
                lambda a: {"test_auc": [float(m) for m in a.cv_model.avgMetrics]},
                "is a mean over the folds",
                "That number has chosen the setting, so it is a little too good to report. "
                "Evaluate the test rows.",
            ),
            SCORES.wrong(
                "pr-for-roc",
                _of_test("test_auc", _prs),
                "is the area under another curve",
                "That of precision and recall. The metric is 'areaUnderROC'.",
            ),
            SCORES.wrong(
                "hard-predictions",
                _of_test("test_auc", lambda rows: _aucs(rows, rows.called)),
                "belongs to a curve with a single step",
                "The evaluator was given the predictions, 0 and 1. It needs the scores before "
                "they are cut: rawPrediction or probability.",
            ),
            SCORES.wrong(
                "upside-down",
                _of_test("test_auc", lambda rows: _aucs(rows, -rows.p)),
                *UPSIDE_DOWN,
            ),
            SCORES.wrong(
                "f1-for-accuracy",
                _of_test("accuracy", _f1s),
                "is an F1",
                "MulticlassClassificationEvaluator takes F1 unless metricName says otherwise.",
            ),
            SCORES.wrong(
                "share-that-is-wrong",
                _of_test("accuracy", lambda rows: 1 - _accuracy(rows)),
                "is the share of wrong predictions",
                "The accuracy is the share of right ones.",
            ),
            SCORES.wrong(
                "everybody",
                _of_test("nobody_accuracy", lambda rows: float(rows.y.mean())),
                "is the share of expensive listings",
                "That is how often somebody is right who calls every listing expensive.",
            ),
            SCORES.swapped(
                "accuracy", "nobody_accuracy", "{name} is the accuracy of the other guess"
            ),
            SCORES.wrong(
                "auc-for-accuracy",
                _auc_and_accuracy,
                "{name} has the value of the other measure",
                "AUC and accuracy went into each other's variable.",
                whole=True,
            ),
            SCORES.wrong(
                "precision-or-recall",
                _of_test("accuracy", _one_sided),
                "is a precision or a recall",
                "Accuracy counts every row whose prediction is right, and divides by all rows.",
            ),
            SCORES.wrong(
                "guess-by-model",
                _of_test("nobody_accuracy", lambda rows: float(1 - rows.called.mean())),
                "is how often the model says no",
                "Somebody without a model is right wherever a listing is not expensive; no "
                "prediction counts.",
            ),
            SCORES.wrong(
                "counts",
                _counted,
                "is a number of rows",
                "A share is that number divided by the number of all test rows.",
            ),
            SCORES.wrong(
                "percent",
                _times_100(_three("test")),
                *PERCENT,
            ),
            SCORES.rounded(),
        ),
        refuse=SCORES.refuse,
        why="an accuracy is high or low only beside that of the guess that needs no model.",
    ),
    Question(
        id="q6",
        title="Where to draw the line",
        points=2,
        names={"half": "dict", "low": "dict", "log_loss": "number"},
        keys={"half": MEASURES, "low": MEASURES},
        needs=("q1", "q2", "q4"),
        hints=(
            "Bring two columns of the test rows into the notebook: the probability of being "
            "expensive, and the label. The rest is counting.",
            "`vector_to_array('probability')[1]` of pyspark.ml.functions takes the number out of "
            "the vector. Precision: of those called expensive, the mean label. Recall: of the "
            "expensive ones, the share that is called so. `metricName='logLoss'` gives the loss.",
        ),
        mistakes=(
            THRESHOLDS.wrong(
                "swapped",
                _as(_crossed),
                "{name} is the other one of precision and recall",
                "Precision divides by those that were called expensive, recall by those that are.",
                whole=True,
            ),
            THRESHOLDS.wrong(
                "thresholds-swapped",
                _dicts_swapped,
                "belongs to the other threshold",
                "The two dicts went into each other's variable.",
                whole=True,
            ),
            THRESHOLDS.wrong(
                "same-threshold",
                _one_threshold,
                "is what the threshold 0.5 gives",
                "The column `prediction` was made with 0.5, and stays so. Compare the probability "
                "with 0.3.",
            ),
            THRESHOLDS.wrong(
                "of-the-others",
                _as(_of_the_others),
                "is that of the listings that are not expensive",
                "Count the label 1. MulticlassClassificationEvaluator looks at the class 0 unless "
                "metricLabel says otherwise.",
            ),
            THRESHOLDS.wrong(
                "weighted",
                _as(_weighted),
                "is an average over both classes",
                "The question asks for the expensive listings alone.",
            ),
            THRESHOLDS.wrong(
                "other-probability",
                _as(lambda rows, t: _measures(Rows(rows.y, 1 - rows.p), t)),
                "counts the listings on the other side of the threshold",
                "Entry 0 of the vector belongs to the label 0; take entry 1, and what is above.",
            ),
            THRESHOLDS.wrong(
                "raw-votes",
                _by_votes,
                "compares the sum of the trees' votes with the threshold",
                "`rawPrediction` adds up what the trees say; `probability` is its mean, from 0 "
                "to 1.",
            ),
            THRESHOLDS.wrong("percent", _times_100(_as(_measures)), *PERCENT),
            THRESHOLDS.wrong(
                "untuned-model",
                _drawn("test", "model"),
                "is that of `model` of Question 2",
                "The search has chosen another one; `cv_model` uses it.",
            ),
            THRESHOLDS.wrong(
                "other-f1",
                _as(_other_f1s),
                "is another summary of precision and recall",
                "F1 is two times their product, divided by their sum.",
            ),
            THRESHOLDS.wrong(
                "evaluated-on-train",
                _drawn("train"),
                "is that of the training rows",
                "The model knows those; use the test rows.",
            ),
            THRESHOLDS.wrong(
                "other-loss",
                _other_losses,
                "{name} is another loss",  # its number, but for the sign, may be the right one
                "The log loss is the mean of -log p, natural logarithm, with the probability p "
                "that the model gave to what is true.",
            ),
            THRESHOLDS.rounded(),
        ),
        refuse=THRESHOLDS.refuse,
        why="a threshold is a decision about which error costs more, and no metric makes it "
        "for you.",
    ),
]
