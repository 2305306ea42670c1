"""Ten films for every user: Spark's recommendForAllUsers against blocked products in NumPy.

    .venv/bin/python lessons/21_als/bench.py            prints what it measures
    .venv/bin/python lessons/21_als/bench.py --write    and keeps it for the demo, in bench.json

The factors are random directions: how long it takes does not depend on what they mean. Both ways
begin with a fitted model of Spark and end with the lists in Python's memory.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from pyspark.ml.recommendation import ALS, ALSModel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from course_utils import measure
from course_utils.session import jvm, local, settings
from course_utils.session.java import find_java

SIZES = ((1_000, 800), (10_000, 4_000), (50_000, 17_000))
RANK, K, BLOCK = 64, 10, 1_000
RUNS = {"NumPy": 5, "Spark": 3}
Lists = tuple[np.ndarray, np.ndarray, np.ndarray]  # user ids; film ids and scores: users × K
RESULT = Path(__file__).with_name("bench.json")


def random_model(spark: SparkSession, users: int, films: int) -> ALSModel:
    """A model that knows this many users and films: ALS before its first step."""
    each = spark.range(users).select(
        F.col("id").cast("int").alias("user_id"),
        (F.col("id") % films).cast("int").alias("film_id"),
        F.lit(1.0).alias("rating"),
    )
    als = ALS(rank=RANK, maxIter=0, userCol="user_id", itemCol="film_id", seed=21)
    return als.fit(each)


def factors(frame: DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """(ids, one row of numbers per id) of a model's factors."""
    table = frame.toArrow()
    rows = table["features"].combine_chunks().flatten().to_numpy()
    return table["id"].to_numpy(), rows.reshape(len(table), -1)


def blocked_top(users: np.ndarray, films: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The places of the best films of each user, best first, and their scores: users × K."""
    places, scores = [], []
    for start in range(0, len(users), BLOCK):
        block = users[start : start + BLOCK] @ films.T
        best = np.argpartition(block, -K, axis=1)[:, -K:]
        found = np.take_along_axis(block, best, axis=1)
        order = np.argsort(-found, axis=1)
        places.append(np.take_along_axis(best, order, axis=1))
        scores.append(np.take_along_axis(found, order, axis=1))
    return np.vstack(places), np.vstack(scores)


def numpy_lists(model: ALSModel) -> Lists:
    """The ten best films of each user by NumPy, from a model of Spark."""
    user_ids, users = factors(model.userFactors)
    film_ids, films = factors(model.itemFactors)
    places, scores = blocked_top(users, films)
    return user_ids, film_ids[places], scores


def spark_lists(model: ALSModel) -> Lists:
    """The same by Spark."""
    found = model.recommendForAllUsers(K).select(
        "user_id", "recommendations.film_id", "recommendations.rating"
    )
    table = found.toArrow()
    films, scores = (
        table[name].combine_chunks().flatten().to_numpy().reshape(-1, K)
        for name in ("film_id", "rating")
    )
    return table["user_id"].to_numpy(), films, scores


def equal_lists(one: Lists, other: Lists) -> int:
    """How many users get the same films in the same order.

    Raises:
        AssertionError: somewhere even the scores differ, by more than float32 rounds.
    """
    left, right = np.argsort(one[0]), np.argsort(other[0])
    assert np.array_equal(one[0][left], other[0][right]), "the lists have other users"
    assert np.allclose(one[2][left], other[2][right], atol=1e-5), "the lists have other scores"
    return int((one[1][left] == other[1][right]).all(axis=1).sum())


def run() -> dict[str, Any]:
    """Measures all sizes; seconds of each run."""
    # With all of Java's compilers, as a notebook's JVM from the pool has them
    spark = local.start(
        "21_als_bench",
        settings.local(),
        find_java(),
        jvm.delta_class_path(),
        jvm.log_file("21_als_bench"),
    )
    sizes = []
    for users, films in SIZES:
        model = random_model(spark, users, films)
        size: dict[str, Any] = {"users": users, "films": films}
        lists: dict[str, Lists] = {}
        for name, way in (("NumPy", numpy_lists), ("Spark", spark_lists)):

            def keep(name: str = name, way: Callable[[ALSModel], Lists] = way) -> None:
                lists[name] = way(model)  # noqa: B023 - called before the loop goes on

            timing = measure(keep, repeats=RUNS[name])
            size[name] = [round(seconds, 3) for seconds in timing.seconds]
            print(f"{users:,} × {films:,}, {name}: {timing}", flush=True)
        size["same"] = equal_lists(lists["NumPy"], lists["Spark"])
        print(f"  {size['same']:,} of {users:,} lists are equal", flush=True)
        sizes.append(size)
    return {"rank": RANK, "k": K, "cores": settings.cores(), "sizes": sizes}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="keep the result in bench.json")
    write = parser.parse_args().write
    result = run()
    if write:
        RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
