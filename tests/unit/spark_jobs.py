"""How many jobs Spark runs, for the tests."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@contextmanager
def counting_jobs(spark: "SparkSession") -> Iterator[list[int]]:
    """Puts the number of jobs that the block ran into the list."""
    context = spark.sparkContext
    group = uuid.uuid4().hex
    context.setJobGroup(group, "counted")
    counted: list[int] = []
    yield counted
    context._jsc.sc().listenerBus().waitUntilEmpty()
    counted.append(len(context.statusTracker().getJobIdsForGroup(group)))
    context.setLocalProperty("spark.jobGroup.id", None)  # type: ignore[arg-type]
