"""The questions of lab 20.

A model is judged by itself: its own probabilities for rows of the data in use. Which rows it has
learned from is told by the log-odds that Newton's method gets from each kind of rows.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from course_utils import load_split, locate
from course_utils.lab import Answers, Question, kinds, reference
from course_utils.lab.decide import decided, refused
from course_utils.lab.stages import stages
from course_utils.lab.values import Formula, Made, Values, in_dict

FEATURES = (
    "number_of_reviews",
    "review_scores_rating",
    "review_scores_rating_na",
    "review_scores_cleanliness",
    "review_scores_value",
    "host_total_listings_count",
    "accommodates",
    "minimum_nights",
)
LABEL = "superhost"
IN_VALIDATION = "pmod(xxhash64(*), 5) = 1"
IS_SUPERHOST = "CAST(host_is_superhost = 't' AS double)"
# Each kind of rows -> those of the three that it is made of
SIDES: dict[str, tuple[str, ...]] = {
    "fit": ("fit",),
    "validation": ("validation",),
    "test": ("test",),
    "train": ("fit", "validation"),
    "all": ("fit", "validation", "test"),
}
REGS, FOLDS = (0.5, 0.02, 0.0), 3
DRIVE, MISSED = 20.0, 60.0
THRESHOLDS = tuple(round(0.1 + 0.05 * step, 2) for step in range(15))
_BINS = 1000  # of Spark's evaluator for areas

Found = tuple[str, str] | None
Numbers = np.ndarray[Any, Any]


class Rows(NamedTuple):
    """What is true of some listings, and the probability that a model gives each."""

    y: Numbers  # 0.0 or 1.0
    p: Numbers  # from 0 to 1


# --- references -------------------------------------------------------------------------------


@cache
def _data(listings: str) -> dict[str, tuple[Numbers, Numbers]]:
    """side -> (features, label), in one job for all questions."""
    columns = (*FEATURES, f"{IS_SUPERHOST} AS label", f"{IN_VALIDATION} AS chosen")
    table = reference.split("listings", columns)
    train = table["train"]
    parts = {"fit": train[~train["chosen"]], "validation": train[train["chosen"]]}
    return {
        side: (rows[list(FEATURES)].to_numpy(dtype=float), rows["label"].to_numpy(dtype=float))
        for side, rows in (parts | {"test": table["test"]}).items()
    }


def _labels(side: str) -> Numbers:
    data = _data(locate("listings"))
    return np.concatenate([data[part][1] for part in SIDES[side]])


@cache
def _log_odds(listings: str, learn: str, reg: float) -> Numbers:
    """The log-odds of the validation rows, from a model that learned from one kind of rows.

    The penalty is Spark's: half the squares of the coefficients of standardized columns.
    """
    data = _data(listings)
    x, y = (np.concatenate([data[part][i] for part in SIDES[learn]]) for i in (0, 1))
    mean, deviation = x.mean(axis=0), x.std(axis=0, ddof=1)
    z = np.column_stack([(x - mean) / deviation, np.ones(len(y))])
    penalty = reg * np.append(np.ones(len(FEATURES)), 0)
    weights = np.zeros(len(FEATURES) + 1)
    for _ in range(50):
        p = 1 / (1 + np.exp(-z @ weights))
        slope = z.T @ (p - y) / len(y) + penalty * weights
        curvature = (z.T * (p * (1 - p))) @ z / len(y) + np.diag(penalty)
        step = np.linalg.solve(curvature, slope)
        weights = weights - step
        if abs(step).max() < 1e-10:
            break
    new = (data["validation"][0] - mean) / deviation
    return new @ weights[:-1] + weights[-1]


def _counts(rows: Rows, bins: int) -> tuple[Numbers, Numbers]:
    """Right and false alarms as the threshold falls; with `bins`, as coarse as Spark makes them."""
    values, place = np.unique(-rows.p, return_inverse=True)
    hits, alarms = (
        np.bincount(place, weights=w, minlength=len(values)) for w in (rows.y, 1 - rows.y)
    )
    step = len(values) // bins if bins else 1
    if step >= 2:
        starts = np.arange(0, len(values), step)
        hits, alarms = np.add.reduceat(hits, starts), np.add.reduceat(alarms, starts)
    return np.cumsum(hits), np.cumsum(alarms)


def _aurocs(rows: Rows) -> list[float]:
    """The area under the ROC curve: exact, and as Spark's evaluator has it by default."""
    found = []
    for bins in (0, _BINS):
        hits, alarms = _counts(rows, bins)
        x, y = (np.concatenate([[0], c / c[-1]]) for c in (alarms, hits))
        found.append(float(np.trapezoid(y, x)))
    return found


def _auprs(rows: Rows) -> list[float]:
    """The area under the precision–recall curve: Spark's, and as average precision."""
    found = []
    for bins in (0, _BINS):
        hits, alarms = _counts(rows, bins)
        precision, recall = hits / (hits + alarms), hits / hits[-1]
        for first in (precision[0], 1.0):
            curve = np.concatenate([[first], precision])
            found.append(float(np.trapezoid(curve, np.concatenate([[0], recall]))))
        found.append(float(np.sum(np.diff(recall, prepend=0) * precision)))
    return found


def _hard(rows: Rows) -> Rows:
    """The classes in the place of the probabilities."""
    return Rows(rows.y, (rows.p > 0.5).astype(float))


def _accuracy(rows: Rows) -> float:
    return float((_hard(rows).p == rows.y).mean())


def _class_metrics(rows: Rows, threshold: float = 0.5) -> dict[str, float]:
    called, yes = rows.p > threshold, rows.y == 1
    hits = float((called & yes).sum())
    precision, recall = hits / max(float(called.sum()), 1), hits / max(float(yes.sum()), 1)
    f1 = 2 * hits / max(float(called.sum() + yes.sum()), 1)
    return {"precision": precision, "recall": recall, "f1": f1}


def _losses(rows: Rows) -> list[float]:
    """The log loss. Spark takes no probability below 1e-15, scikit-learn a step of a float."""
    p = np.where(rows.y == 1, rows.p, 1 - rows.p)
    return [float(-np.log(np.clip(p, least, 1)).mean()) for least in (1e-15, 2.0**-52)]


# --- what a model is --------------------------------------------------------------------------


def _logistic(stage: Any) -> Any:
    """The logistic regression among the stages, fitted or not; None without one."""
    from pyspark.ml.classification import LogisticRegression, LogisticRegressionModel

    known = LogisticRegression | LogisticRegressionModel
    return next((s for s in stages(stage) if isinstance(s, known)), None)


def _assemblers(stage: Any) -> list[Any]:
    from pyspark.ml.feature import VectorAssembler

    return [s for s in stages(stage) if isinstance(s, VectorAssembler)]


def _inputs(stage: Any, name: str) -> Found:
    """What is wrong with the columns of a pipeline's assembler; other stages tell nothing."""
    made = [s for s in _assemblers(stage) if s.isDefined("inputCols")]
    if len(made) != 1:
        return None
    taken = made[0].getInputCols()
    if inside := [c for c in taken if c in (LABEL, "host_is_superhost")]:
        return "label-among-features", f"the assembler of `{name}` takes `{inside[0]}`"
    if missing := [c for c in FEATURES if c not in taken]:
        return "columns-missing", f"the assembler of `{name}` does not take `{missing[0]}`"
    if extra := [c for c in taken if c not in FEATURES]:
        return "columns-added", f"the assembler of `{name}` takes `{extra[0]}`"
    return None


def _settings(logistic: Any, name: str, reg: float) -> Found:
    """Whether the logistic regression has other settings than Spark gives it, but for `reg`."""
    due = {"regParam": reg, "elasticNetParam": 0.0, "fitIntercept": True, "standardization": True}
    if (label := logistic.getLabelCol()) != LABEL:
        return "other-settings", f"`{name}` learns the column `{label}`"
    for param, value in due.items():
        if (given := logistic.getOrDefault(param)) != value:
            return "other-settings", f"`{name}` has {param} = {given!r}"
    if logistic.isSet("weightCol"):
        return "other-settings", f"`{name}` has weightCol = {logistic.getOrDefault('weightCol')!r}"
    return None


def _threshold(pipeline: Any, name: str) -> Found:
    """Whether it gives its models another threshold; one that a model was given later is fine."""
    threshold = _logistic(pipeline).getOrDefault("threshold")
    return None if threshold == 0.5 else ("other-settings", f"`{name}` has threshold = {threshold}")


_SAME = 0.01  # right solvers differ by less, in log-odds; models of other rows by more


def _learned(rows: Mapping[str, Rows], name: str, reg: float) -> Found:
    """Whether a model has learned from other rows, by its log-odds on the validation rows."""
    p = np.clip(rows["validation"].p, 1e-12, 1 - 1e-12)
    said = np.log(p / (1 - p))
    off = {
        side: float(np.sqrt(np.mean((said - _log_odds(locate("listings"), side, reg)) ** 2)))
        for side in SIDES
    }
    nearest = min(off, key=off.__getitem__)
    if off[nearest] > _SAME:
        return "", f"`{name}` gives {p[0]:.4f} to the first validation row"
    if nearest == "fit":
        return None
    ids = {"train": "validation-learned", "validation": "validation-learned"}
    told = {
        "train": "all of `train`, validation rows as well",
        "validation": "the validation rows",
        "test": "the test rows",
        "all": "all rows, test rows as well",
    }
    found = f"the probabilities of `{name}` are those of a model of {told[nearest]}"
    return ids.get(nearest, "test-rows-learned"), found


def _scored(a: Answers, name: str) -> dict[str, Rows]:
    """What the learner's model says about the rows of each kind, in one job."""
    return a.once(("scored", name), lambda a: _score(a, getattr(a, name)))


def _score(a: Answers, model: Any) -> dict[str, Rows]:
    from pyspark.ml.functions import vector_to_array

    train, test = load_split("listings")
    label = f"{IS_SUPERHOST} AS {LABEL}"
    side = f"CASE WHEN {IN_VALIDATION} THEN 'validation' ELSE 'fit' END AS side"
    rows = train.selectExpr("*", label, side)
    rows = rows.unionAll(test.selectExpr("*", label, "'test' AS side"))
    column = _logistic(getattr(model, "bestModel", model)).getProbabilityCol()
    p = vector_to_array(column)[1].alias("p")
    table = a.table(model.transform(rows).select("side", LABEL, p))
    return {
        str(side): Rows(*(of[name].to_numpy(dtype=float) for name in (LABEL, "p")))
        for side, of in table.groupby("side")
    }


def _as_fitted(a: Answers, name: str, reg: float) -> Found:
    """What is wrong with a fitted pipeline, once its stages are known."""
    try:
        rows = _scored(a, name)
    except Exception as error:  # a learner's stages may raise anything
        fitted = getattr(a, name)
        id = "" if _assemblers(getattr(fitted, "bestModel", fitted)) else "stage-alone"
        return id, f"`{name}` raises {type(error).__name__} for listings as they are in `train`"
    if any(len(rows[side].y) != len(_labels(side)) for side in ("fit", "validation", "test")):
        return "", f"`{name}` does not score every listing"
    return _learned(rows, name, reg)


# --- q1 ---------------------------------------------------------------------------------------


def _share(side: str) -> float:
    return float(_labels(side).mean())


def _cross(there: float, said: float) -> float:
    """The log loss of always saying one probability, where a share `there` is true."""
    return float(-there * np.log(said) - (1 - there) * np.log(1 - said))


def _nothing(a: Answers) -> Made:
    there, said = _share("validation"), _share("fit")
    return {"share": said, "nobody_accuracy": 1 - there, "share_log_loss": _cross(there, said)}


def _elsewhere(a: Answers) -> Made:
    there = [_share(judge) for judge in ("fit", "test", "train", "all")]
    losses = [_cross(share, said) for share in there for said in (_share("fit"), share)]
    return {"nobody_accuracy": [1 - share for share in there], "share_log_loss": losses}


def _other_shares(a: Answers) -> Made:
    there = _share("validation")
    others = [_share(side) for side in ("validation", "train", "test", "all")]
    return {"share": others, "share_log_loss": [_cross(there, other) for other in others]}


def _other_losses_of_share(a: Answers) -> Made:
    there, said = _share("validation"), _share("fit")
    right = _cross(there, said)
    one_side = [float(-there * np.log(said)), float(-(1 - there) * np.log(1 - said))]
    size = len(_labels("validation"))
    return {
        "share_log_loss": [
            *(-right, right / float(np.log(2)), right / float(np.log(10)), right * size),
            *one_side,
            float(-np.log(said)),
            float(there * (1 - said) ** 2 + (1 - there) * said**2),
        ]
    }


def _nobody_in_loss(a: Answers) -> Made:
    """The log loss of saying that nobody is one: as large as the smallest p allowed makes it."""
    there = _share("validation")
    return {"share_log_loss": [-there * float(np.log(least)) for least in (1e-15, 2.0**-52)]}


BASELINE = Values(_nothing, tolerance=1e-7)


# --- q2 ---------------------------------------------------------------------------------------


def _model_found(a: Answers) -> Found:
    from pyspark.ml import Pipeline, PipelineModel

    for name, known in (("pipeline", Pipeline), ("model", PipelineModel)):
        stage = getattr(a, name)
        if not isinstance(stage, known):
            id = "" if _logistic(stage) is None else "stage-alone"
            return id, f"`{name}` is {kinds.describe(stage)}, not a {known.__name__}"
        if (logistic := _logistic(stage)) is None:
            last = next(iter([*stages(stage)][::-1]), stage)
            return "other-learner", f"`{name}` ends with {kinds.describe(last)}"
        if found := _inputs(stage, name) or _settings(logistic, name, 0.0):
            return found
    return _threshold(a.pipeline, "pipeline") or _as_fitted(a, "model", 0.0)


def _areas(side: str) -> Formula:
    def make(a: Answers) -> Made:
        rows = _scored(a, "model")[side]
        return {"auroc": _aurocs(rows), "aupr": _auprs(rows)}

    return make


def _areas_of(change: Callable[[Rows], Rows]) -> Formula:
    def make(a: Answers) -> Made:
        rows = change(_scored(a, "model")["validation"])
        return {"auroc": _aurocs(rows), "aupr": _auprs(rows)}

    return make


def _areas_swapped(a: Answers) -> Made:
    right = _areas("validation")(a)
    return {"auroc": right["aupr"], "aupr": right["auroc"]}


def _no_areas(a: Answers) -> Made:
    rows = _scored(a, "model")["validation"]
    other = [_accuracy(rows), *_class_metrics(rows).values(), *_losses(rows)]
    return {"auroc": other, "aupr": other}


# Equal scores on both sides of a partition's edge move the last digits of Spark's areas
AREAS = Values(_areas("validation"), tolerance=3e-6)


# --- q3 ---------------------------------------------------------------------------------------


def _searched(a: Answers) -> Found:
    from pyspark.ml import Pipeline, PipelineModel
    from pyspark.ml.evaluation import BinaryClassificationEvaluator
    from pyspark.ml.tuning import CrossValidatorModel, TrainValidationSplitModel

    model = a.cv_model
    if isinstance(model, TrainValidationSplitModel):
        return "split-for-folds", "`cv_model` is a TrainValidationSplitModel"
    if isinstance(model, PipelineModel):
        return "best-model-only", "`cv_model` is a PipelineModel"
    if not isinstance(model, CrossValidatorModel):
        return "", f"`cv_model` is {kinds.describe(model)}, not that of a CrossValidator"
    wanted = ("estimator", "estimatorParamMaps", "evaluator")
    pipeline, grid, by = map(model.getOrDefault, wanted)
    if not isinstance(pipeline, Pipeline):
        id = "" if _logistic(pipeline) is None else "stage-alone"
        return id, f"the search has fitted {kinds.describe(pipeline)}, not a Pipeline"
    if _logistic(model.bestModel) is None:
        return "", "the pipeline in `cv_model` has no LogisticRegression"
    if found := _inputs(model.bestModel, "cv_model"):
        return found
    settings = [{param.name: value for param, value in each.items()} for each in grid]
    if sorted(s.get("regParam", -1.0) for s in settings) != sorted(REGS) or any(
        len(s) != 1 for s in settings
    ):
        return "other-grid", f"the grid of `cv_model` is {settings[:4]}"
    strangers = {param.parent for each in grid for param in each}
    if strangers - {stage.uid for stage in stages(pipeline)}:
        return "other-object", f"the grid belongs to {min(strangers)}, not to a stage of `pipeline`"
    if not isinstance(by, BinaryClassificationEvaluator):
        return "other-metric", f"the search has compared by {kinds.describe(by)}"
    if by.getMetricName() != "areaUnderPR":
        return "other-metric", f"the search has compared by {by.getMetricName()}"
    if by.getRawPredictionCol() == _logistic(pipeline).getPredictionCol():
        return "hard-predictions", f"its evaluator reads `{by.getRawPredictionCol()}`"
    if model.getNumFolds() != FOLDS:
        return "other-folds", f"`cv_model` has {model.getNumFolds()} folds"
    best = _logistic(model.bestModel)
    reg = float(best.getRegParam())
    found = _settings(best, "cv_model", reg) or _threshold(pipeline, "cv_model")
    return found or _as_fitted(a, "cv_model", reg)


def _at(a: Answers, place: int) -> Made:
    grid = a.cv_model.getEstimatorParamMaps()[place]
    return {
        "best_reg": float(next(iter(grid.values()))),
        "cv_aupr": float(a.cv_model.avgMetrics[place]),
    }


def _won(a: Answers) -> Made:
    return _at(a, int(np.argmax(a.cv_model.avgMetrics)))


def _other_means(a: Answers) -> Made:
    means, spreads = a.cv_model.avgMetrics, a.cv_model.stdMetrics or []
    return {"cv_aupr": [float(np.mean(means)), *map(float, spreads)]}


def _not_by_folds(a: Answers) -> Made:
    return {"cv_aupr": [area for rows in _scored(a, "cv_model").values() for area in _auprs(rows)]}


BEST = Values(_won, tolerance=1e-9)


# --- q4 ---------------------------------------------------------------------------------------


def _cost(rows: Rows, threshold: float, drive: float = DRIVE, missed: float = MISSED) -> float:
    """Dollars per listing."""
    called, yes = rows.p > threshold, rows.y == 1
    return float((drive * (called & ~yes) + missed * (~called & yes)).mean())


_Judge = Callable[[Rows, float], float]


def _best(rows: Rows, cost: _Judge = _cost) -> list[float]:
    """Each threshold that costs least."""
    costs = [cost(rows, threshold) for threshold in THRESHOLDS]
    return [t for t, c in zip(THRESHOLDS, costs, strict=True) if c <= min(costs) + 1e-12]


def _priced(
    judge: str = "test",
    how: _Judge = _cost,
    cost: _Judge = _cost,
    change: Callable[[Rows], Rows] = lambda rows: rows,
) -> Formula:
    """The three answers, if the threshold is chosen by `how` and then judged by `cost`."""

    def make(a: Answers) -> Made:
        rows = {side: change(of) for side, of in _scored(a, "cv_model").items()}
        chosen = _best(rows["validation"], how)
        return {
            "threshold": chosen,
            "test_cost": [cost(rows[judge], threshold) for threshold in chosen],
            "half_test_cost": cost(rows[judge], 0.5),
        }

    return make


def _only(formula: Formula, *names: str) -> Formula:
    return lambda a: {name: formula(a)[name] for name in names}


def _prices_swapped(rows: Rows, threshold: float) -> float:
    return _cost(rows, threshold, MISSED, DRIVE)


def _minus_accuracy(rows: Rows, threshold: float) -> float:
    return -float(((rows.p > threshold) == (rows.y == 1)).mean())


def _wrong_side(rows: Rows, threshold: float) -> float:
    """With visits below the threshold."""
    return _cost(Rows(rows.y, -rows.p), -threshold)


def _every_drive(rows: Rows, threshold: float) -> float:
    """With drives to superhosts charged as well."""
    return _cost(rows, threshold) + DRIVE * float(((rows.p > threshold) & (rows.y == 1)).mean())


def _every_miss(rows: Rows, threshold: float) -> float:
    """With everybody charged who is not visited."""
    return _cost(rows, threshold) + MISSED * float(((rows.p <= threshold) & (rows.y == 0)).mean())


def _right_charged(a: Answers) -> Made:
    made = [_priced(how=how, cost=how)(a) for how in (_every_drive, _every_miss)]
    return {name: [v for of in made for v in np.atleast_1d(of[name])] for name in made[0]}


def _together(a: Answers, *sides: str) -> Rows:
    rows = [_scored(a, "cv_model")[side] for side in sides]
    return Rows(*map(np.concatenate, zip(*rows, strict=True)))


def _chosen_elsewhere(a: Answers) -> Made:
    rows = _scored(a, "cv_model")
    others = [rows["test"], rows["fit"], _together(a, "fit", "validation")]
    others.append(_together(a, "validation", "test"))
    chosen = [threshold for other in others for threshold in _best(other)]
    return {"threshold": chosen, "test_cost": [_cost(rows["test"], t) for t in chosen]}


def _one_kind(a: Answers) -> Made:
    rows = _scored(a, "cv_model")["test"]
    prices = ((DRIVE, 0.0), (0.0, MISSED))
    chosen = _best(_scored(a, "cv_model")["validation"])
    return {
        "test_cost": [_cost(rows, t, *pair) for t in chosen for pair in prices],
        "half_test_cost": [_cost(rows, 0.5, *pair) for pair in prices],
    }


def _in_all(a: Answers) -> Made:
    size, right = len(_labels("test")), _priced()(a)
    return {
        name: [size * v for v in np.atleast_1d(right[name])]
        for name in ("test_cost", "half_test_cost")
    }


def _per_visit(a: Answers) -> Made:
    """Divided by the visits, or by the mistakes."""
    rows = _scored(a, "cv_model")["test"]

    def parts(threshold: float) -> list[float]:
        called = rows.p > threshold
        shares = (float(called.mean()), float((called != (rows.y == 1)).mean()))
        return [_cost(rows, threshold) / max(share, 1e-9) for share in shares]

    chosen = _best(_scored(a, "cv_model")["validation"])
    return {
        "test_cost": [value for threshold in chosen for value in parts(threshold)],
        "half_test_cost": parts(0.5),
    }


def _half_for_chosen(a: Answers) -> Made:
    return {"test_cost": _priced()(a)["half_test_cost"]}


def _computed(a: Answers) -> Made:
    rule = DRIVE / (DRIVE + MISSED)
    return {"threshold": rule, "test_cost": _cost(_scored(a, "cv_model")["test"], rule)}


COSTS = Values(_priced(), tolerance=1e-7)


# --- q5 ---------------------------------------------------------------------------------------

PEOPLE = ("gifts", "warning", "reserve", "website")
CHOICES = ("accuracy", "precision", "recall", "log loss", "ROC AUC")
RIGHT = dict(zip(PEOPLE, ("precision", "recall", "log loss", "ROC AUC"), strict=True))


def _chosen(a: Answers) -> Found:
    for person, due in RIGHT.items():
        if (said := getattr(a, f"for_{person}")) != due:
            return f"metric-of-{person}", f"`for_{person}` is {said!r}"
    return None


def _four(
    side: str = "test", threshold: float = 0.5, change: Callable[[Rows], Rows] = lambda rows: rows
) -> Formula:
    """`score` on one kind of rows."""

    def make(a: Answers) -> Made:
        rows = change(_scored(a, "cv_model")[side])
        metrics = _class_metrics(rows, threshold)
        values = ([metrics["precision"]], [metrics["recall"]], _losses(rows), _aurocs(rows))
        return in_dict("score", dict(zip(PEOPLE, values, strict=True)))

    return make


def _scores(**values: Callable[[Rows], Any]) -> Formula:
    """Some wrong values of `score`, from the test rows."""
    return lambda a: in_dict(
        "score", {name: make(_scored(a, "cv_model")["test"]) for name, make in values.items()}
    )


def _others(rows: Rows) -> dict[str, float]:
    """The metrics of the class 0, at the same predictions."""
    return _class_metrics(Rows(1 - rows.y, 1 - rows.p))


def _both_classes(rows: Rows, name: str) -> list[float]:
    share, ones, others = float(rows.y.mean()), _class_metrics(rows)[name], _others(rows)[name]
    return [share * ones + (1 - share) * others, (ones + others) / 2]


def _other_losses(rows: Rows) -> list[float]:
    loss = _losses(rows)[0]
    natural = [-loss, loss / float(np.log(2)), loss / float(np.log(10)), loss * len(rows.y)]
    natural += _losses(Rows(rows.y, 1 - rows.p))
    natural += [_losses(Rows(*(of[rows.y == label] for of in rows)))[0] for label in (1, 0)]
    return [*natural, *_losses(_hard(rows)), float(np.mean((rows.p - rows.y) ** 2))]


def _at_chosen(a: Answers) -> Made:
    """Precision and recall at the threshold of Question 4."""
    metrics = _class_metrics(_scored(a, "cv_model")["test"], float(a.threshold))
    return in_dict("score", {"gifts": metrics["precision"], "warning": metrics["recall"]})


SCORE = Values(_four(), tolerance=3e-6)


QUESTIONS = [
    Question(
        id="q1",
        title="Nobody is a superhost",
        names=dict.fromkeys(("share", "nobody_accuracy", "share_log_loss"), "number"),
        hints=(
            "The mean of a column of zeros and ones is a share. On which rows is it learned, and "
            "on which are the other two judged?",
            "Whoever says nobody is right for all that are none. For the log loss, a share v of "
            "the validation rows costs -log(share) each, and the rest -log(1 - share).",
        ),
        mistakes=(
            BASELINE.wrong(
                "other-share",
                _other_shares,
                "comes from the share of other rows",
                "The share is learned from `fit_rows`, and then used for rows that it has not "
                "seen.",
            ),
            BASELINE.wrong(
                "other-rows",
                _elsewhere,
                "is that of other rows than the validation rows",
                "Accuracy and log loss are judged on `validation`.",
            ),
            BASELINE.wrong(
                "everybody",
                lambda a: {"nobody_accuracy": _share("validation")},
                "is the share of superhosts",
                "That is how often somebody is right who calls everybody a superhost.",
            ),
            BASELINE.wrong(
                "upside-down",
                lambda a: {
                    "share": 1 - _share("fit"),
                    "share_log_loss": _cross(_share("validation"), 1 - _share("fit")),
                },
                "comes from the share of those without a badge",
                "`superhost` is 1 for those with a badge.",
            ),
            BASELINE.wrong(
                "half",
                lambda a: {"share_log_loss": float(np.log(2))},
                "is the log loss of always saying one half",
                "The probability to be given to each listing is `share`.",
            ),
            BASELINE.wrong(
                "other-loss",
                _other_losses_of_share,
                "{name} is another loss",
                "The log loss is the mean of -log p, natural logarithm, with the probability p "
                "that was given to what is true, for those with a badge and for those without.",
            ),
            BASELINE.wrong(
                "class-for-probability",
                _nobody_in_loss,
                "belongs to a probability of zero",
                "A log loss needs `share` as the probability of each listing, not the class 0.",
            ),
            BASELINE.wrong(
                "percent",
                lambda a: {
                    "share": 100 * _share("fit"),
                    "nobody_accuracy": 100 * (1 - _share("validation")),
                },
                "is above what a share can be",
                "It was multiplied by 100; keep shares between 0 and 1.",
            ),
            BASELINE.rounded(),
        ),
        refuse=BASELINE.refuse,
        why="a metric is good or bad only beside what it is without any model.",
    ),
    Question(
        id="q2",
        title="A model and its two areas",
        points=2,
        names={"pipeline": "estimator", "model": "model", "auroc": "number", "aupr": "number"},
        looks_at={
            "superhost": "other-settings",
            "VectorAssembler": "columns-missing, columns-added",
            "LogisticRegression": "other-learner",
        },
        hints=(
            "Assembler and logistic regression go into the pipeline, and the pipeline is fitted. "
            "Which rows may it see, and which rows judge it?",
            "`LogisticRegression(labelCol='superhost')`, `pipeline.fit(fit_rows)`, and then "
            "`BinaryClassificationEvaluator(labelCol='superhost', metricName='areaUnderPR')` (or "
            "'areaUnderROC') on `model.transform(validation)`.",
        ),
        mistakes=decided(
            _model_found,
            {
                "stage-alone": "Put the assembler and the logistic regression into one Pipeline, "
                "so that the model takes listings as they are.",
                "other-learner": "The last stage is to be a LogisticRegression.",
                "label-among-features": "The model is shown the badge that it has to predict.",
                "columns-missing": "The model may see all eight columns of FEATURES.",
                "columns-added": "The model may see FEATURES and nothing else.",
                "other-settings": "The question asks for default settings: no penalty, no weights, "
                "only the labelCol is `superhost`.",
                "validation-learned": "`fit` is given `fit_rows` only; the validation rows judge.",
                "test-rows-learned": "`fit` was given test rows, so nothing is left for the end.",
            },
            AREAS.wrong(
                "evaluated-on-fit",
                _areas("fit"),
                "is that of the rows that the model has learned from",
                "Evaluate the model on `validation`.",
            ),
            AREAS.wrong(
                "evaluated-on-test",
                _areas("test"),
                "is that of the test rows",
                "They stay closed until Question 4; evaluate on `validation`.",
            ),
            AREAS.wrong(
                "swapped",
                _areas_swapped,
                "{name} is the area under the other curve",
                "The metrics are 'areaUnderROC', which is the default, and 'areaUnderPR'.",
            ),
            AREAS.wrong(
                "hard-predictions",
                _areas_of(_hard),
                "belongs to a curve with a single corner",
                "The evaluator was given the classes, 0 and 1. It needs scores: rawPrediction or "
                "probability.",
            ),
            AREAS.wrong(
                "another-score",
                _no_areas,
                "is no area under a curve",
                "An accuracy, F1 or log loss: BinaryClassificationEvaluator gives areas.",
            ),
            AREAS.wrong(
                "upside-down",
                _areas_of(lambda rows: Rows(rows.y, 1 - rows.p)),
                "is worse than a coin's",
                "The scores were those of the other class: entry 1 belongs to superhosts.",
            ),
            AREAS.rounded(),
        ),
        refuse=refused(_model_found, AREAS),
        note=lambda a: (
            f"a coin gets 0.5 and {_share('validation'):.3f}; the second depends on how many "
            "superhosts there are."
        ),
        why="an area judges all thresholds at once, on rows that the model has not seen.",
    ),
    Question(
        id="q3",
        title="A search",
        points=2,
        names={"cv_model": "model", "best_reg": "number", "cv_aupr": "number"},
        needs=("q2",),
        looks_at={
            "CrossValidator": "split-for-folds",
            "regParam": "other-grid",
            "fit": "cv_model is its result",
        },
        hints=(
            "`ParamGridBuilder` needs the very logistic regression that is in your pipeline. The "
            "evaluator has to be told by which area to choose.",
            "`ParamGridBuilder().addGrid(logistic.regParam, [0.5, 0.02, 0.0]).build()`. After "
            "`cv.fit(fit_rows)`, `bestModel.stages[-1].getRegParam()` is the winner's, and "
            "`avgMetrics` has a mean for each setting: for an area the largest is best.",
        ),
        mistakes=decided(
            _searched,
            {
                "split-for-folds": "That splits the rows once. The question asks for three folds.",
                "best-model-only": "That is the best model alone. Keep what `fit` returns.",
                "stage-alone": "Give the search the whole pipeline as its estimator.",
                "label-among-features": "The model is shown the badge that it has to predict.",
                "columns-missing": "The pipeline takes all eight columns of FEATURES.",
                "columns-added": "The pipeline takes FEATURES and nothing else.",
                "other-grid": "The grid has three values of `regParam`, 0.5, 0.02 and 0.0, and no "
                "other parameter.",
                "other-object": "The grid was built with another object, so its values would never "
                "reach the logistic regression in the pipeline.",
                "other-metric": "The winner is to be chosen by 'areaUnderPR'; "
                "BinaryClassificationEvaluator takes 'areaUnderROC' unless you say so.",
                "hard-predictions": "An area needs scores: leave rawPredictionCol as it is.",
                "other-folds": "The question asks for three.",
                "other-settings": "Only `regParam` changes; all else as in Question 2.",
                "validation-learned": "The search is given `fit_rows`; the validation rows are "
                "needed for Question 4.",
                "test-rows-learned": "The search was given test rows.",
            },
            BEST.wrong(
                "worst-for-best",
                lambda a: _at(a, int(np.argmin(a.cv_model.avgMetrics))),
                "belongs to the setting with the smallest area",
                "For an error the smallest is best, for an area the largest.",
            ),
            BEST.wrong(
                "place-for-value",
                lambda a: {"best_reg": float(np.argmax(a.cv_model.avgMetrics))},
                "is a place in the grid",
                "argmax gives the place of the best setting; the value stands there in the grid.",
            ),
            BEST.wrong(
                "another-average",
                _other_means,
                "is not the mean of one setting",
                "Each number of `avgMetrics` is a mean over the folds already; take the best one.",
            ),
            BEST.wrong(
                "not-by-folds",
                _not_by_folds,
                "is not from the folds",
                "The chosen model was evaluated again. The search has kept its own metrics.",
            ),
            BEST.rounded(),
        ),
        refuse=refused(_searched, BEST),
        why="a search finds what is best for the metric that you give it, and for no other.",
    ),
    Question(
        id="q4",
        title="A threshold by cost",
        points=2,
        names=dict.fromkeys(("threshold", "test_cost", "half_test_cost"), "number"),
        needs=("q3",),
        looks_at={"THRESHOLDS": "the numbers of threshold"},
        hints=(
            "Write a function from labels, probabilities and a threshold to dollars per listing. "
            "On which rows do you choose, and on which do you judge what you have chosen?",
            "Called without a badge costs DRIVE, a badge without a call costs MISSED. Take the "
            "threshold with the smallest mean on `validation`; then two means on `test_rows`.",
        ),
        mistakes=(
            COSTS.wrong(
                "chosen-elsewhere",
                _chosen_elsewhere,
                "was not chosen on the validation rows, or comes from that",
                "Choose on `validation`. The model knows `fit_rows`, and a threshold that the test "
                "rows have chosen looks better on them than it is.",
            ),
            COSTS.wrong(
                "prices-swapped",
                _priced(how=_prices_swapped, cost=_prices_swapped),
                "charges 60 dollars for a drive and 20 for a missed superhost",
                "The two prices, or the two kinds of mistakes, were exchanged.",
            ),
            COSTS.wrong(
                "best-accuracy",
                _only(_priced(how=_minus_accuracy), "threshold", "test_cost"),
                "belongs to the best accuracy",
                "Accuracy lets both mistakes cost the same. Here they do not.",
            ),
            COSTS.wrong(
                "computed",
                _computed,
                "is what calibrated probabilities would need, or comes from that",
                "20 / (20 + 60) needs no rows, but assumes that the probabilities are right. Try "
                "the thresholds on `validation`.",
            ),
            COSTS.wrong(
                "most-expensive",
                _only(_priced(how=lambda rows, t: -_cost(rows, t)), "threshold", "test_cost"),
                "belongs to the threshold that costs most",
                "The smallest cost is wanted, not the largest.",
            ),
            COSTS.wrong(
                "judged-elsewhere",
                lambda a: {
                    name: [
                        v
                        for side in ("validation", "fit")
                        for v in np.atleast_1d(_priced(judge=side)(a)[name])
                    ]
                    for name in ("test_cost", "half_test_cost")
                },
                "is not from the test rows",
                "The validation rows have chosen; what the choice is worth, the test rows tell.",
            ),
            COSTS.wrong(
                "half-for-chosen",
                _half_for_chosen,
                "is the cost at 0.5",
                "What 0.5 costs goes into `half_test_cost`. For this one compare the probability "
                "with `threshold`; the column `prediction` was made with 0.5.",
            ),
            COSTS.wrong(
                "one-kind-only",
                _one_kind,
                "counts one kind of mistakes only",
                "Drives for nothing and missed superhosts both cost something; add them.",
            ),
            COSTS.wrong(
                "wrong-side",
                _priced(how=_wrong_side, cost=_wrong_side),
                "comes from visits below the threshold",
                "Mara visits a listing if its probability is above the threshold.",
            ),
            COSTS.wrong(
                "right-ones-charged",
                _right_charged,
                "charges for more than mistakes, or comes from that",
                "A drive costs DRIVE where there is no badge, and a listing without a visit costs "
                "MISSED where there is one. The other two boxes cost nothing.",
            ),
            COSTS.wrong(
                "per-visit",
                _per_visit,
                "is not per listing",
                "It was divided by the visits or the mistakes; divide by all listings.",
            ),
            COSTS.wrong(
                "in-all",
                _in_all,
                "is a sum over all listings",
                "The question asks for dollars per listing: divide by their number.",
            ),
            COSTS.wrong(
                "other-probability",
                _priced(change=lambda rows: Rows(rows.y, 1 - rows.p)),
                "comes from the probability of having no badge",
                "Entry 0 of the vector belongs to the label 0; take entry 1.",
            ),
            COSTS.rounded(),
        ),
        refuse=COSTS.refuse,
        why="a threshold is a business decision, and like any decision it is made before the test.",
    ),
    Question(
        id="q5",
        title="Choose the metric",
        points=2,
        names={**{f"for_{person}": "choice" for person in PEOPLE}, "score": "dict"},
        choices={f"for_{person}": CHOICES for person in PEOPLE},
        keys={"score": dict.fromkeys(PEOPLE, "number")},
        needs=("q3", "q4"),
        hints=(
            "Ask for each: is a class used, an order, or the probability itself? If a class: which "
            "of the two mistakes hurts?",
            "`MulticlassClassificationEvaluator(labelCol='superhost', metricName=…, "
            "metricLabel=1.0)` knows 'precisionByLabel', 'recallByLabel' and 'logLoss'. The area "
            "is the default of BinaryClassificationEvaluator.",
        ),
        mistakes=decided(
            _chosen,
            {
                "metric-of-gifts": "What hurts is a basket for somebody without a badge: look at "
                "those who were called, and at nothing else.",
                "metric-of-warning": "What hurts is a superhost without a letter: look at those "
                "who have a badge, and at nothing else.",
                "metric-of-reserve": "The probabilities themselves are multiplied by money. "
                "Neither a class nor an order says whether they are right.",
                "metric-of-website": "Only the order counts, and no threshold is ever used.",
            },
            SCORE.wrong(
                "evaluated-elsewhere",
                lambda a: {
                    place: [
                        v
                        for side in ("validation", "fit")
                        for v in np.atleast_1d(_four(side)(a)[place])
                    ]
                    for place in _four()(a)
                },
                "is not from the test rows",
                "Evaluate what `cv_model` says about `test_rows`.",
            ),
            SCORE.wrong(
                "other-class",
                _scores(
                    gifts=lambda rows: _others(rows)["precision"],
                    warning=lambda rows: _others(rows)["recall"],
                ),
                "is that of the listings without a badge",
                "MulticlassClassificationEvaluator looks at the class 0 unless metricLabel says "
                "otherwise.",
            ),
            SCORE.wrong(
                "both-classes",
                _scores(
                    gifts=lambda rows: _both_classes(rows, "precision"),
                    warning=lambda rows: _both_classes(rows, "recall"),
                ),
                "is an average over both classes",
                "The weighted metrics mix both classes; 'precisionByLabel' and 'recallByLabel' are "
                "of one.",
            ),
            SCORE.wrong(
                "swapped",
                _scores(
                    gifts=lambda rows: _class_metrics(rows)["recall"],
                    warning=lambda rows: _class_metrics(rows)["precision"],
                ),
                "{name} is the other one of precision and recall",
                "Precision divides by those that were called, recall by those that are.",
            ),
            SCORE.wrong(
                "f1",
                _scores(
                    gifts=lambda rows: _class_metrics(rows)["f1"],
                    warning=lambda rows: _class_metrics(rows)["f1"],
                ),
                "is F1",
                "F1 mixes precision and recall. Each of the two people needs one of them alone.",
            ),
            SCORE.wrong(
                "other-threshold",
                _at_chosen,
                "belongs to the threshold of Question 4",
                "Here the threshold is 0.5. `prediction` uses it unless setThreshold changed that.",
            ),
            SCORE.wrong(
                "hard-predictions",
                _scores(website=lambda rows: _aurocs(_hard(rows))),
                "belongs to a curve with a single corner",
                "The area needs scores: rawPrediction or probability, not the classes.",
            ),
            SCORE.wrong(
                "pr-for-roc",
                _scores(website=_auprs),
                "is the area under another curve",
                "That of precision and recall. The metric is 'areaUnderROC'.",
            ),
            SCORE.wrong(
                "other-loss",
                _scores(reserve=_other_losses),
                "{name} is another loss",
                "The log loss is the mean of -log p, natural logarithm, with the probability p "
                "that the model gave to what is true.",
            ),
            SCORE.rounded(),
        ),
        refuse=refused(_chosen, SCORE),
        why="a metric is the answer to what somebody will do with the prediction.",
    ),
]
