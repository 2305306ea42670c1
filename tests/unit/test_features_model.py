"""A model packed with its lookups: scored from keys alone, here and in fresh processes."""

import json
import os
import subprocess
import sys
import urllib.request
import warnings
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.features import FeatureEngineeringClient, FeatureFunction, FeatureLookup
from tests.unit.feature_servers import model_server
from tests.unit.mlflow_stores import mlflow_at, sqlite_in

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.slow]

_FACTOR = 2.0


def _per_shop(spend: float | None, shops: int | None) -> float | None:
    # A name of this module: the process that scores does not have it.
    return spend and shops and _FACTOR * spend / shops


class _Linear:
    """A model whose predictions can be worked out by hand; a missing feature counts as 0."""

    def predict(self, frame: pd.DataFrame) -> Any:
        assert list(frame.columns) == ["base", "spend", "shops", "per_shop"]
        weights = np.array([1000.0, 100.0, 10.0, 1.0])
        return frame.fillna(0).to_numpy(float) @ weights


@pytest.fixture(scope="module")
def logged(
    spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SimpleNamespace]:
    """Two published tables, and a model of their features in an MLflow of its own."""
    folder = tmp_path_factory.mktemp("model")
    uri = sqlite_in(folder)
    with mlflow_at(uri):
        yield _logged(spark, folder, uri)


def _logged(spark: "SparkSession", folder: Path, uri: str) -> SimpleNamespace:
    import cloudpickle
    import mlflow
    import mlflow.sklearn
    from sklearn.base import BaseEstimator, RegressorMixin

    mlflow.create_experiment("features", artifact_location=(folder / "artifacts").as_uri())
    mlflow.set_experiment("features")

    client = FeatureEngineeringClient(spark, folder / "store")
    history = spark.sql(
        "SELECT * FROM VALUES (1, TIMESTAMP '2024-01-01', 1D), (1, TIMESTAMP '2024-02-01', 2D),"
        " (2, TIMESTAMP '2024-01-01', CAST(NULL AS DOUBLE)) AS t(id, ts, spend)"
    )
    client.create_table("history", ["id", "ts"], history, timeseries_columns="ts")
    cities = spark.sql("SELECT * FROM VALUES ('A', 4L), ('B', 8L) AS t(city, shops)")
    client.create_table("cities", "city", cities)
    client.register_function("per_shop", _per_shop)
    labels = spark.sql(
        "SELECT * FROM VALUES (1, TIMESTAMP '2024-01-15', 'A', 3D, 0D),"
        " (2, TIMESTAMP '2024-03-01', 'B', 4D, 1D) AS t(id, at, city, base, y)"
    )
    training = client.create_training_set(
        labels,
        [
            FeatureLookup("history", "id", timestamp_lookup_key="at"),
            FeatureLookup("cities", "city", default_values={"shops": 1}),
            FeatureFunction("per_shop", {"spend": "spend", "shops": "shops"}),
        ],
        label="y",
        exclude_columns=["id", "at", "city"],
    )
    here = sys.modules[__name__]
    cloudpickle.register_pickle_by_value(here)
    model = type("Linear", (_Linear, RegressorMixin, BaseEstimator), {})()
    with warnings.catch_warnings():
        warnings.filterwarnings("error", ".*input example")  # it would say nothing new
        info = client.log_model(
            model,
            "model",
            flavor=mlflow.sklearn,
            training_set=training,
            registered_model_name="spend",
            serialization_format="cloudpickle",
        )
    cloudpickle.unregister_pickle_by_value(here)
    client.publish_table("history")
    client.publish_table("cities")
    return SimpleNamespace(
        client=client, uri=info.model_uri, training=training, folder=folder, tracking=uri
    )


# Keys of customers known and unknown, and what the model makes of their latest features.
_KEYS = [
    (1, "A", 5.0, 5000 + 200 + 40 + 2.0 * 2 / 4),
    (1, "Z", 0.0, 0 + 200 + 10 + 2.0 * 2 / 1),  # no such city: the default
    (2, "B", 1.0, 1000 + 0 + 80 + 0),  # a null is found
    (7, "B", 1.0, 1000 + 0 + 80 + 0),  # nothing is found
]


def test_the_training_set_sees_no_future(logged: SimpleNamespace) -> None:
    rows = {tuple(row) for row in logged.training.load_df().collect()}
    assert rows == {(3.0, 0.0, 1.0, 4, 0.5), (4.0, 1.0, None, 8, None)}


def test_score_batch_from_keys_as_of_each_event(
    spark: "SparkSession", logged: SimpleNamespace
) -> None:
    frame = spark.sql(
        "SELECT * FROM VALUES (1, TIMESTAMP '2024-01-31 23:59:59', 'A', 0D),"
        " (1, TIMESTAMP '2024-02-01', 'A', 0D) AS t(id, at, city, base)"
    )
    scored = logged.client.score_batch(logged.uri, frame)
    columns = ["id", "at", "city", "base", "spend", "shops", "per_shop", "prediction"]
    assert scored.columns == columns
    assert {row.spend: row.prediction for row in scored.collect()} == {
        1.0: 100 + 40 + 0.5,
        2.0: 200 + 40 + 1.0,
    }
    own = logged.client.score_batch(logged.uri, frame.selectExpr("*", "9D spend"))
    assert {row.prediction for row in own.collect()} == {900 + 40 + 4.5}


def test_what_cannot_be_scored(spark: "SparkSession", logged: SimpleNamespace) -> None:
    frame = spark.sql("SELECT 1 id, TIMESTAMP '2024-01-01' at, 'A' city, 1D base")
    with pytest.raises(CourseError, match="no column 'city'"):
        logged.client.score_batch(logged.uri, frame.drop("city"))
    with pytest.raises(CourseError, match=r"'id' is string, .* was trained on int"):
        logged.client.score_batch(logged.uri, frame.selectExpr("'1' id", "at", "city", "base"))
    with pytest.raises(CourseError, match="no model at models:/nothing/1"):
        logged.client.score_batch("models:/nothing/1", frame)


def test_lineage_from_feature_to_model(logged: SimpleNamespace) -> None:
    (use,) = logged.client.lineage("history", "spend").models
    assert (use.model, use.registered_as, use.table_version) == (logged.uri, "spend/1", 0)
    with pytest.raises(CourseError, match="no feature 'income' in history"):
        logged.client.lineage("history", "income")


def test_a_request_needs_the_published_tables(logged: SimpleNamespace) -> None:
    from course_utils.features.model import fetch
    from course_utils.features.serving import ServedModel

    served = ServedModel(fetch(logged.uri))
    with pytest.raises(
        CourseError, match=r"The request has no column 'city'.*Send: id, city, base"
    ):
        served.predict(pd.DataFrame({"id": [1], "base": [1.0]}))
    logged.client.drop_online_table("cities")
    try:
        with pytest.raises(CourseError, match="cities is not in the online store"):
            ServedModel(fetch(logged.uri)).predict(
                pd.DataFrame({"id": [1], "city": ["A"], "base": [1.0]})
            )
    finally:
        logged.client.publish_table("cities")


def test_a_fresh_process_answers_over_rest(logged: SimpleNamespace, tmp_path: Path) -> None:
    """No Spark there: keys in, features from the online store, predictions out."""
    answers = _answers_over_rest(logged.uri, logged.tracking, tmp_path)
    assert answers == pytest.approx([expected for *_, expected in _KEYS])


def _answers_over_rest(model: str, tracking: str, folder: Path) -> list[float]:
    """What a server in a process of its own predicts for `_KEYS`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", tracking)
        patch.setenv("PYTHONPATH", str(paths.ROOT))
        with model_server(sys.executable, model, folder) as address:
            rows = [{"id": id, "city": city, "base": base} for id, city, base, _ in _KEYS]
            request = urllib.request.Request(
                address,
                json.dumps({"dataframe_records": rows}).encode(),
                {"Content-Type": "application/json"},
            )
            return json.load(urllib.request.urlopen(request, timeout=120))["predictions"]


def test_a_model_of_spark_ml_scores_batches_and_requests(
    spark: "SparkSession", logged: SimpleNamespace, tmp_path: Path
) -> None:
    import mlflow.pyfunc
    import mlflow.spark
    from pyspark.ml import Pipeline
    from pyspark.ml.feature import SQLTransformer

    linear = "1000 * base + 100 * coalesce(spend, 0) + 10 * shops + coalesce(per_shop, 0)"
    step = SQLTransformer(statement=f"SELECT *, {linear} AS prediction FROM __THIS__")
    model = Pipeline(stages=[step]).fit(logged.training.load_df())
    info = logged.client.log_model(
        model, "of_spark", flavor=mlflow.spark, training_set=logged.training
    )
    keys = pd.DataFrame(
        [(id, city, base) for id, city, base, _ in _KEYS], columns=["id", "city", "base"]
    ).astype({"id": "int32"})
    expected = [value for *_, value in _KEYS]
    frame = spark.createDataFrame(keys.assign(at=pd.Timestamp("2025-01-01"))).selectExpr(
        "cast(id AS int) id", "at", "city", "base"
    )
    scored = {(row.id, row.city): row.prediction for row in
              logged.client.score_batch(info.model_uri, frame).collect()}  # fmt: skip
    assert [scored[id, city] for id, city, *_ in _KEYS] == pytest.approx(expected)
    assert list(mlflow.pyfunc.load_model(info.model_uri).predict(keys)) == pytest.approx(expected)
    answers = _answers_over_rest(info.model_uri, logged.tracking, tmp_path)
    assert answers == pytest.approx(expected)


_SCRIPT = """
    import os, sys
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.jars", os.environ["DELTA_JARS"])
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config("spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "Asia/Kolkata")
        .getOrCreate()
    )
    from course_utils.features import FeatureEngineeringClient

    client = FeatureEngineeringClient(root=os.environ["STORE"])
    keys = spark.sql(
        "SELECT id, TIMESTAMP '2025-01-01' at, city, base"
        " FROM VALUES (1, 'A', 5D), (1, 'Z', 0D), (2, 'B', 1D), (7, 'B', 1D) AS t(id, city, base)"
    )
    scored = client.score_batch(os.environ["MODEL"], keys)
    for row in scored.collect():
        print("scored", row.id, row.city, row.prediction)
    loaded = {name.split(".")[1] for name in sys.modules if name.startswith("course_utils.")}
    print("loaded", *sorted(loaded))
    spark.stop()
"""


def test_a_plain_script_scores_a_batch_from_keys(logged: SimpleNamespace, tmp_path: Path) -> None:
    """A session made without the course, with its own settings, in a process of its own."""
    from course_utils.session.archive import QUICK
    from course_utils.session.jars import jar_files
    from course_utils.session.java import find_java

    script = tmp_path / "script.py"
    script.write_text(dedent(_SCRIPT), encoding="utf-8")
    settings = {
        "PYTHONPATH": str(paths.ROOT),
        "JAVA_HOME": str(find_java().home),
        "JDK_JAVA_OPTIONS": " ".join(QUICK),
        "PYSPARK_PYTHON": sys.executable,
        "DELTA_JARS": ",".join(map(str, jar_files())),
        "MLFLOW_TRACKING_URI": logged.tracking,
        "MODEL": logged.uri,
        "STORE": str(logged.folder / "store"),
    }
    done = subprocess.run(
        [sys.executable, str(script)], env=os.environ | settings, cwd=tmp_path,
        capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    lines = [line.split() for line in done.stdout.splitlines()]
    scored = {(int(line[1]), line[2]): float(line[3]) for line in lines if line[0] == "scored"}
    assert scored == pytest.approx({(id, city): expected for id, city, _, expected in _KEYS})
    assert [line for line in lines if line[0] == "loaded"] == [["loaded", "errors", "features"]]


def test_the_example_of_the_page_runs(
    logged: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (paths.ROOT / "docs" / "features.md").read_text(encoding="utf-8")
    code = page.split("```python\n")[1].split("```")[0]
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(code, "docs/features.md", "exec"), names)
    assert names["fe"].lookup_online("spending", [{"customer": 1}]) == [{"spend": 12.0}]
    assert set(names["rows"].columns) == {"heads", "churned", "spend", "per_head"}


def test_importing_the_package_starts_nothing() -> None:
    code = (
        "import sys, course_utils.features as f; f.FeatureLookup('t', 'k');"
        "f.FeatureEngineeringClient;"
        "print({'pyspark', 'mlflow', 'pandas', 'redis'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(paths.ROOT)},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.strip() == "set()"
