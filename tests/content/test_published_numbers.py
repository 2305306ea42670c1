"""On the real San Francisco listings, the published numbers come out here too.

They are those of *Learning Spark*, 2nd edition, chapter 10, which uses the same file. Its split is
a seeded `randomSplit` and not this course's own, because the numbers belong to those rows.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from course_utils import data, load

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

pytestmark = pytest.mark.spark

Split = tuple["DataFrame", "DataFrame"]


@pytest.fixture(scope="module")
def split(
    spark: "SparkSession", real_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Split]:
    """Train and test of the real listings, in a data store of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_DATA", str(tmp_path_factory.mktemp("data")))
        data.use(real_data / "sf_airbnb_clean.parquet")
        train, test = load("listings").randomSplit([0.8, 0.2], seed=42)
        yield train.cache(), test.cache()
        train.unpersist()
        test.unpersist()


def _score(predictions: "DataFrame", metric: Literal["rmse", "r2"]) -> float:
    from pyspark.ml.evaluation import RegressionEvaluator

    return RegressionEvaluator(labelCol="price", metricName=metric).evaluate(predictions)


def test_split(split: Split) -> None:
    train, test = split
    assert (train.count(), test.count()) == (5780, 1366)


def test_line_of_bedrooms(split: Split) -> None:
    from pyspark.ml.feature import VectorAssembler
    from pyspark.ml.regression import LinearRegression

    assembler = VectorAssembler(inputCols=["bedrooms"], outputCol="features")
    model = LinearRegression(labelCol="price").fit(assembler.transform(split[0]))
    assert round(model.coefficients[0], 2) == 123.68
    assert round(model.intercept, 2) == 47.51


def test_mean_baseline(split: Split) -> None:
    from pyspark.sql import functions as F  # noqa: N812

    train, test = split
    mean = train.agg(F.avg("price")).collect()[0][0]
    assert round(_score(test.withColumn("prediction", F.lit(mean)), "rmse"), 1) == 240.7


def test_all_features_one_hot(split: Split) -> None:
    from pyspark.ml import Pipeline
    from pyspark.ml.feature import OneHotEncoder, StringIndexer, VectorAssembler
    from pyspark.ml.regression import LinearRegression, LinearRegressionModel

    train, test = split
    texts = [name for name, kind in train.dtypes if kind == "string"]
    numbers = [name for name, kind in train.dtypes if kind == "double" and name != "price"]
    indexed, encoded = ([f"{name}_{kind}" for name in texts] for kind in ("index", "one_hot"))
    pipeline = Pipeline(
        stages=[
            StringIndexer(inputCols=texts, outputCols=indexed, handleInvalid="skip"),
            OneHotEncoder(inputCols=indexed, outputCols=encoded),
            VectorAssembler(inputCols=[*encoded, *numbers], outputCol="features"),
            LinearRegression(labelCol="price"),
        ]
    )
    model = pipeline.fit(train)
    predictions = model.transform(test)
    fitted = model.stages[-1]
    assert isinstance(fitted, LinearRegressionModel)
    assert fitted.numFeatures == 98
    assert round(_score(predictions, "rmse"), 1) == 220.6
    assert round(_score(predictions, "r2"), 3) == 0.160
