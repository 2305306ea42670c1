"""Each package alone in an environment, at both ends of the ranges that it states.

    .venv/bin/python -m pytest tests/packages -m packages

It installs what it tries, and is no part of an ordinary run. `-k newest` leaves the old ends out,
of which there are no wheels for the newest Python.
"""

from pathlib import Path

import mypy.api
import pytest

from course_utils.deploy.processes import free_port
from tests.packages.environments import COURSES_OWN, OLDEST, SPARKS, build_wheel, example, make

pytestmark = [pytest.mark.packages, pytest.mark.slow]

WITH_SPARK = """
from delta import configure_spark_with_delta_pip
from pyspark.sql import SparkSession
from sklearn.datasets import load_wine

from course_utils import automl
from course_utils.features import FeatureEngineeringClient, FeatureFunction, FeatureLookup

catalog = "org.apache.spark.sql.delta.catalog.DeltaCatalog"
builder = SparkSession.builder.master("local[2]")
builder.config("spark.sql.catalog.spark_catalog", catalog)
builder.config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
builder.config("spark.databricks.delta.snapshotPartitions", 2)
builder.config("spark.sql.shuffle.partitions", 2)
spark = configure_spark_with_delta_pip(builder).getOrCreate()

fe = FeatureEngineeringClient(root="store")
history = spark.sql(
    "SELECT * FROM VALUES (1, TIMESTAMP '2024-01-01', 1), (1, TIMESTAMP '2024-02-01', 2),"
    " (2, TIMESTAMP '2024-03-01', 3) AS t(id, ts, visits)"
)
fe.create_table("history", ["id", "ts"], history, timeseries_columns="ts")
fe.register_function(
    "seen", lambda n, price, when, tags: repr((n, price, when.year, tags)), returns="string"
)
fe.register_function("five", lambda: 5, returns="int")
events = spark.sql(
    "SELECT * FROM VALUES (1, TIMESTAMP '2024-01-15', 1.50BD, array(1)),"
    " (2, TIMESTAMP '2024-01-15', 2.50BD, array()) AS t(id, at, price, tags)"
)
training = fe.create_training_set(
    events,
    [
        FeatureLookup("history", "id", timestamp_lookup_key="at"),
        FeatureFunction("seen", {"n": "visits", "price": "price", "when": "at", "tags": "tags"}),
        FeatureFunction("five"),
    ],
    label=None,
)
for row in training.load_df().orderBy("id").collect():
    print("row", row.id, row.visits, row.seen, row.five)

wine = spark.createDataFrame(load_wine(as_frame=True).frame)
summary = automl.classify(
    wine, target_col="target", primary_metric="accuracy", max_trials=4, timeout_minutes=5,
    exclude_frameworks=["xgboost", "lightgbm"],
)
assert not summary.failed, summary.failed
print("trials", len(summary.trials), summary.best_trial.metrics["test_accuracy"] > 0.8)
"""
ROWS = [
    "row 1 1 (1, Decimal('1.50'), 2024, [1]) 5",
    "row 2 None (None, Decimal('2.50'), 2024, []) 5",
]

TYPED = """
from course_utils import automl
from course_utils.features import FeatureEngineeringClient
from course_utils.registry import Approvals

reveal_type(automl.classify)
reveal_type(FeatureEngineeringClient().create_training_set)
reveal_type(Approvals().request)
"""
TYPES = (
    "automl.summary.AutoMLSummary",
    "features.training.TrainingSet",
    "registry.approvals.Request",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.mark.parametrize("end", [OLDEST, "newest"])
def test_automl_by_its_page(end: str, wheel: Path, tmp_path: Path) -> None:
    there = make(tmp_path, wheel, "automl", end)
    assert not {*COURSES_OWN, "pyspark", "delta-spark"} & set(there.packages())
    done = there.run(example("automl.md"))
    assert done.returncode == 0, done.stderr[-3000:]
    assert list(there.folder.glob("automl/*/trial_*.ipynb"))


@pytest.mark.parametrize("end", [OLDEST, *SPARKS, "newest"])
def test_features_by_their_page(end: str, wheel: Path, tmp_path: Path) -> None:
    there = make(tmp_path, wheel, "features", end)
    assert not {*COURSES_OWN, "optuna", "lightgbm", "shap"} & set(there.packages())
    done = there.run(example("features.md") + '\nprint("spend", rows["spend"].tolist())\n')
    assert done.returncode == 0, done.stderr[-3000:]
    assert "prediction" in done.stdout
    assert "spend [10.0, 30.0]" in done.stdout
    assert (there.folder / "feature_store" / "online.db").exists()


@pytest.mark.parametrize("end", [OLDEST, "newest"])
def test_registry_by_its_page(end: str, wheel: Path, tmp_path: Path) -> None:
    there = make(tmp_path, wheel, "registry", end)
    assert not {*COURSES_OWN, "pyspark", "delta-spark", "optuna"} & set(there.packages())
    port = free_port()  # 5000 may be somebody else's
    shell, code = (
        example("registry.md", language).replace("5000", str(port))
        for language in ("bash", "python")
    )
    with there.server(shell, port):
        done = there.run(code)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.splitlines()[-1] == "[]"  # nobody has touched the log


@pytest.mark.parametrize("end", [OLDEST, *SPARKS, "newest"])
def test_both_on_spark(end: str, wheel: Path, tmp_path: Path) -> None:
    there = make(tmp_path, wheel, "automl,features", end)
    done = there.run(WITH_SPARK)
    assert done.returncode == 0, done.stderr[-3000:]
    lines = done.stdout.splitlines()
    assert [line for line in lines if line.startswith("row")] == ROWS
    assert "trials 4 True" in lines


def test_its_types_are_found(wheel: Path, tmp_path: Path) -> None:
    there = make(tmp_path, wheel, "automl,registry", "newest")
    (there.folder / "typed.py").write_text(TYPED)
    settings = there.folder / "mypy.ini"
    settings.write_text("[mypy]\nignore_missing_imports = true\n")
    said, wrong, _ = mypy.api.run(
        [
            f"--config-file={settings}",
            f"--python-executable={there.python}",
            f"--cache-dir={tmp_path / 'cache'}",
            str(there.folder / "typed.py"),
        ]
    )
    assert not wrong
    for found in TYPES:
        assert f"course_utils.{found}" in said


def test_without_extras_it_brings_nothing(wheel: Path, tmp_path: Path) -> None:
    there = make(tmp_path, wheel, "", "newest")
    assert there.packages() == {}
    done = there.run("from course_utils import automl, features, registry")
    assert done.returncode == 0, done.stderr[-3000:]


def test_what_belongs_to_the_course_says_so(wheel: Path, tmp_path: Path) -> None:
    there = make(tmp_path, wheel, "", "newest")
    done = there.run("from course_utils import get_spark")
    assert done.returncode
    assert "get_spark belongs to the course" in done.stderr.splitlines()[-1]
