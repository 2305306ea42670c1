"""How near Spark comes to scikit-learn alone: the same rows, blocks of them, and two forests.

    .venv/bin/python lessons/17_pandas_udf_inference/bench.py            prints what it measures
    .venv/bin/python lessons/17_pandas_udf_inference/bench.py --write    and keeps it for the demo

Both sides get the same rows in the same order and use the same cores, and must predict the same.
"""

import argparse
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from sklearn.ensemble import RandomForestRegressor

from course_utils import load_split, make_work_dir, measure
from course_utils.session import jvm, local, settings
from course_utils.session.java import find_java

ROWS, COLUMNS, TREES, RUNS = 200_000, 10, (100, 300), 7
RESULT = Path(__file__).with_name("bench.json")
BLOCKS, SCHEMA = "id binary, features binary", "id long, prediction double"


def known() -> tuple[np.ndarray, np.ndarray]:
    """Ten columns of the listings in use, rows × 10, and their prices."""
    names = [
        *("accommodates", "bedrooms", "bathrooms", "beds", "minimum_nights", "latitude"),
        *("longitude", "number_of_reviews", "review_scores_rating", "review_scores_location"),
    ]
    table = load_split("listings")[0].select(*names, "price").toPandas()
    return table[names].to_numpy(), table["price"].to_numpy()


def packed(spark: SparkSession, rows: np.ndarray, cores: int) -> DataFrame:
    """The rows as one block of bytes for each core, in the memory of Spark."""
    parts = np.array_split(np.arange(len(rows)), cores)
    blocks = [(part.tobytes(), rows[part].astype("float32").tobytes()) for part in parts]
    frame = spark.createDataFrame(spark.sparkContext.parallelize(blocks, cores), BLOCKS).cache()
    frame.count()
    return frame


def scored(blocks: DataFrame, path: str) -> DataFrame:
    """The prediction of each row, by the model of this file."""

    def predict(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        model = joblib.load(path)
        for row in (row for batch in batches for row in batch.to_pylist()):
            block = np.frombuffer(row["features"], "float32").reshape(-1, COLUMNS)
            ids = np.frombuffer(row["id"], "int64")
            made = {"id": ids, "prediction": model.predict(block)}
            yield pa.RecordBatch.from_pydict(made)

    return blocks.mapInArrow(predict, SCHEMA)


def run() -> dict[str, Any]:
    """Measures all forests; seconds of each run."""
    # With all of Java's compilers, as a notebook's JVM from the pool has them
    spark = local.start(
        "17_bench", settings.local(), find_java(), jvm.delta_class_path(), jvm.log_file("17_bench")
    )
    cores, work = settings.cores(), make_work_dir("17_bench")
    columns, prices = known()
    chosen = np.random.default_rng(17).integers(0, len(columns), ROWS)
    rows = columns[chosen]
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", ROWS)
    blocks, forests = packed(spark, rows, cores), []
    for trees in TREES:
        forest = RandomForestRegressor(trees, max_depth=10, random_state=17, n_jobs=cores)
        forest.fit(columns, prices)
        alone = measure(partial(forest.predict, rows), RUNS)
        due = forest.predict(rows)
        forest.n_jobs = 1  # a task has one core
        path = f"{work}/{trees}.joblib"
        joblib.dump(forest, path)
        job = scored(blocks, path)
        found = job.orderBy("id").toPandas()["prediction"].to_numpy()
        assert np.allclose(found, due, rtol=1e-9), "the predictions differ"
        write = job.write.format("noop").mode("overwrite")
        spread = measure(write.save, RUNS)
        ratio = spread.median / alone.median
        print(f"{trees} trees: scikit-learn {alone}; Spark {spread}; {ratio:.2f} times", flush=True)
        forests.append(
            {
                "trees": trees,
                "scikit-learn": [round(each, 3) for each in alone.seconds],
                "Spark": [round(each, 3) for each in spread.seconds],
            }
        )
    return {"rows": ROWS, "cores": cores, "forests": forests}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the result in bench.json")
    write = parser.parse_args().write
    result = run()
    if write:
        RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
