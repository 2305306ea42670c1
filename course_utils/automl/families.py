"""The models that compete: the code of each, where its search starts, how far it goes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from course_utils.automl.task import Task
from course_utils.errors import CourseError

if TYPE_CHECKING:
    from optuna.trial import Trial

FRAMEWORKS = ("sklearn", "xgboost", "lightgbm", "spark")
_SMALL = 2000  # rows up to which kernels are affordable


@dataclass(frozen=True)
class Family:
    """One kind of model.

    Attributes:
        name: as in the params of a trial.
        framework: what `exclude_frameworks` names.
        about: what it is, for people.
        start: the params that are tried first.
        suggest: asks Optuna for params, named as in `start`.
        imports: the import line of its notebook.
        code: the expression that makes the model from params.
        scaled: it needs numbers of one scale without gaps.
        trees: it is explained as trees.
        small: what is different at the start where the time is short for the data.
    """

    name: str
    framework: str
    about: str
    start: dict[str, Any]
    suggest: Callable[["Trial"], dict[str, Any]]
    imports: str
    code: Callable[[dict[str, Any]], str]
    scaled: bool = False
    trees: bool = False
    small: dict[str, Any] = field(default_factory=dict)


def families(task: Task, rows: int, sampled: bool, excluded: list[str] | None) -> list[Family]:
    """The families that take part, the quick ones first.

    Args:
        task: the problem.
        rows: number of rows that one worker holds.
        sampled: those rows are not all rows, so that only Spark ML sees all of them.
        excluded: frameworks to leave out. None leaves out Spark ML where one worker holds all
            rows, because there it is slower and no better; a list is taken as it is.

    Raises:
        CourseError: an unknown framework is named, or none is left.
    """
    if excluded is None:
        excluded = [] if sampled else ["spark"]
    for name in excluded:
        if name not in FRAMEWORKS:
            raise CourseError(
                f"Unknown framework {name!r} in exclude_frameworks: "
                f"it takes some of {', '.join(FRAMEWORKS)}."
            )
    ours = _regressors() if task.kind == "regression" else _classifiers()
    if rows > _SMALL:
        ours = [family for family in ours if family.name != "svm"]
    if len(task.classes) > 2:  # Spark's boosted trees know two classes
        ours = [family for family in ours if family.name != "spark_gbt"]
    left = [family for family in ours if family.framework not in excluded]
    if not left:
        raise CourseError(
            "exclude_frameworks leaves no model to try: leave out at most three of the four."
        )
    return left


def baseline(task: Task) -> Family:
    """The model that ignores the features: what the others have to beat."""
    if task.kind == "regression":
        name, args = "DummyRegressor", 'strategy="mean"'
        if task.metric.name == "mae":
            args = 'strategy="median"'
    else:
        name, args = "DummyClassifier", 'strategy="prior"'
    return Family(
        "baseline",
        "sklearn",
        "baseline that ignores the features",
        {},
        lambda trial: {},
        f"from sklearn.dummy import {name}",
        lambda params: f"{name}({args})",
    )


def _call(name: str, fixed: str) -> Callable[[dict[str, Any]], str]:
    def code(params: dict[str, Any]) -> str:
        given = [f"{key}={value!r}" for key, value in params.items()]
        lines = ",\n    ".join([*given, *([fixed] if fixed else [])])
        return f"{name}(\n    {lines},\n)"

    return code


def _forest(trial: "Trial") -> dict[str, Any]:
    return {
        "n_estimators": trial.suggest_int("n_estimators", 50, 600, log=True),
        "max_features": trial.suggest_float("max_features", 0.1, 1.0, log=True),
        "min_samples_leaf": trial.suggest_int("min_samples_leaf", 1, 30, log=True),
    }


def _xgboost(trial: "Trial") -> dict[str, Any]:
    return {
        "n_estimators": trial.suggest_int("n_estimators", 20, 1000, log=True),
        "learning_rate": trial.suggest_float("learning_rate", 0.01, 0.5, log=True),
        "max_depth": trial.suggest_int("max_depth", 1, 10),
        "min_child_weight": trial.suggest_float("min_child_weight", 0.05, 50.0, log=True),
        "subsample": trial.suggest_float("subsample", 0.5, 1.0),
        "colsample_bytree": trial.suggest_float("colsample_bytree", 0.3, 1.0),
        "reg_alpha": trial.suggest_float("reg_alpha", 1e-4, 20.0, log=True),
        "reg_lambda": trial.suggest_float("reg_lambda", 1e-3, 100.0, log=True),
    }


def _lightgbm(trial: "Trial") -> dict[str, Any]:
    return {
        "n_estimators": trial.suggest_int("n_estimators", 20, 1000, log=True),
        "learning_rate": trial.suggest_float("learning_rate", 0.01, 0.5, log=True),
        "num_leaves": trial.suggest_int("num_leaves", 3, 200, log=True),
        "min_child_samples": trial.suggest_int("min_child_samples", 2, 100, log=True),
        "subsample": trial.suggest_float("subsample", 0.5, 1.0),
        "colsample_bytree": trial.suggest_float("colsample_bytree", 0.3, 1.0),
        "reg_alpha": trial.suggest_float("reg_alpha", 1e-4, 20.0, log=True),
        "reg_lambda": trial.suggest_float("reg_lambda", 1e-3, 100.0, log=True),
    }


_FOREST_START = {"n_estimators": 100, "max_features": 0.4, "min_samples_leaf": 1}
_XGBOOST_START = {
    "n_estimators": 200,
    "learning_rate": 0.08,
    "max_depth": 4,
    "min_child_weight": 1.0,
    "subsample": 0.8,
    "colsample_bytree": 0.8,
    "reg_alpha": 0.001,
    "reg_lambda": 1.0,
}
_LIGHTGBM_START = {
    "n_estimators": 200,
    "learning_rate": 0.06,
    "num_leaves": 15,
    "min_child_samples": 20,
    "subsample": 0.8,
    "colsample_bytree": 0.8,
    "reg_alpha": 0.001,
    "reg_lambda": 1.0,
}


def _svm(trial: "Trial") -> dict[str, Any]:
    return {
        "C": trial.suggest_float("C", 0.05, 200.0, log=True),
        "gamma": trial.suggest_float("gamma", 1e-4, 1.0, log=True),
    }


def _classifiers() -> list[Family]:
    return [
        Family(
            "logistic",
            "sklearn",
            "logistic regression",
            {"C": 1.0},
            lambda trial: {"C": trial.suggest_float("C", 1e-3, 100.0, log=True)},
            "from sklearn.linear_model import LogisticRegression",
            _call("LogisticRegression", "max_iter=2000"),
            scaled=True,
            small={"C": 0.01},
        ),
        *_boosted("Classifier"),
        *_forests("Classifier"),
        Family(
            "svm",
            "sklearn",
            "support vector machine with calibrated probabilities",
            {"C": 3.0, "gamma": 0.02},
            _svm,
            "from sklearn.calibration import CalibratedClassifierCV\nfrom sklearn.svm import SVC",
            lambda params: (
                "CalibratedClassifierCV(\n"
                f"    SVC(C={params['C']!r}, gamma={params['gamma']!r}), cv=3, ensemble=False\n)"
            ),
            scaled=True,
        ),
        *_spark("Classification"),
    ]


def _regressors() -> list[Family]:
    return [
        Family(
            "elastic_net",
            "sklearn",
            "linear regression with elastic net",
            {"alpha": 0.01, "l1_ratio": 0.5},
            lambda trial: {
                "alpha": trial.suggest_float("alpha", 1e-4, 10.0, log=True),
                "l1_ratio": trial.suggest_float("l1_ratio", 0.0, 1.0),
            },
            "from sklearn.linear_model import ElasticNet",
            _call("ElasticNet", "max_iter=5000"),
            scaled=True,
        ),
        Family(
            "ridge",
            "sklearn",
            "ridge regression",
            {"alpha": 1.0},
            lambda trial: {"alpha": trial.suggest_float("alpha", 1e-3, 1e4, log=True)},
            "from sklearn.linear_model import Ridge",
            _call("Ridge", ""),
            scaled=True,
        ),
        *_boosted("Regressor"),
        *_forests("Regressor"),
        *_spark("Regression"),
    ]


def _boosted(kind: str) -> list[Family]:
    return [
        Family(
            "lightgbm",
            "lightgbm",
            "gradient-boosted trees of LightGBM",
            _LIGHTGBM_START,
            _lightgbm,
            f"from lightgbm import LGBM{kind}",
            _call(
                f"LGBM{kind}",
                "subsample_freq=1,\n    n_jobs=1,\n    random_state=0,\n    verbose=-1",
            ),
            trees=True,
            small={"n_estimators": 30, "learning_rate": 0.3, "num_leaves": 7},
        ),
        Family(
            "xgboost",
            "xgboost",
            "gradient-boosted trees of XGBoost",
            _XGBOOST_START,
            _xgboost,
            f"from xgboost import XGB{kind}",
            _call(f"XGB{kind}", "n_jobs=1,\n    random_state=0"),
            trees=True,
            small={"n_estimators": 30, "learning_rate": 0.3, "max_depth": 3},
        ),
    ]


def _forests(kind: str) -> list[Family]:
    return [
        Family(
            name,
            "sklearn",
            about,
            _FOREST_START,
            _forest,
            f"from sklearn.ensemble import {code}{kind}",
            _call(f"{code}{kind}", "n_jobs=1,\n    random_state=0"),
            scaled=True,
            trees=True,
            small={"n_estimators": 50, "max_features": 0.1, "min_samples_leaf": 5},
        )
        for name, code, about in (
            ("random_forest", "RandomForest", "random forest"),
            ("extra_trees", "ExtraTrees", "extremely randomized trees"),
        )
    ]


def _spark(kind: str) -> list[Family]:
    classes = kind == "Classification"
    ending = "Classifier" if classes else "Regressor"
    linear = "LogisticRegression" if classes else "LinearRegression"
    home = f"from pyspark.ml.{kind.lower()} import"
    columns = 'featuresCol="automl_features",\n    labelCol="automl_label"'
    return [
        Family(
            "spark_linear",
            "spark",
            f"{'logistic' if classes else 'linear'} regression of Spark ML",
            {"regParam": 0.01, "elasticNetParam": 0.0},
            lambda trial: {
                "regParam": trial.suggest_float("regParam", 1e-4, 1.0, log=True),
                "elasticNetParam": trial.suggest_float("elasticNetParam", 0.0, 1.0),
            },
            f"{home} {linear}",
            _call(linear, columns),
        ),
        Family(
            "spark_forest",
            "spark",
            "random forest of Spark ML",
            {"numTrees": 40, "maxDepth": 8},
            lambda trial: {
                "numTrees": trial.suggest_int("numTrees", 10, 100, log=True),
                "maxDepth": trial.suggest_int("maxDepth", 3, 12),
            },
            f"{home} RandomForest{ending}",
            _call(f"RandomForest{ending}", f"{columns},\n    seed=0"),
            trees=True,
        ),
        Family(
            "spark_gbt",
            "spark",
            "gradient-boosted trees of Spark ML",
            {"maxIter": 40, "maxDepth": 5, "stepSize": 0.1},
            lambda trial: {
                "maxIter": trial.suggest_int("maxIter", 10, 100, log=True),
                "maxDepth": trial.suggest_int("maxDepth", 2, 8),
                "stepSize": trial.suggest_float("stepSize", 0.02, 0.5, log=True),
            },
            f"{home} GBT{ending}",
            _call(f"GBT{ending}", f"{columns},\n    seed=0"),
            trees=True,
        ),
    ]
