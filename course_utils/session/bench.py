"""Measure what a learner waits for most: from starting Python to the first Delta result."""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.session import lease, pool
from course_utils.session.archive import build_archive
from course_utils.session.java import find_java
from course_utils.session.settings import cores

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

WAYS = ("quick start", "archive", "pool")
_PATIENCE = 900.0  # seconds for one run, or for one JVM to warm


@dataclass(frozen=True)
class Startup:
    """Seconds from exec to the first Delta result, per way of starting, and on what machine."""

    seconds: dict[str, list[float]]
    machine: str

    def median(self, way: str) -> float:
        """Median of one way's rounds, in seconds."""
        return statistics.median(self.seconds[way])

    def ratio(self, way: str) -> float:
        """That median as a part of the quick start's."""
        return self.median(way) / self.median(WAYS[0])

    def __str__(self) -> str:
        lines = [f"From starting Python to the first Delta result, in seconds. {self.machine}"]
        for way, times in self.seconds.items():
            spread = f"{min(times):.1f}–{max(times):.1f}, n = {len(times)}"
            lines.append(
                f"{way:12} median {self.median(way):5.1f} ({spread}), "
                f"{self.ratio(way):.2f} of the {WAYS[0]}"
            )
        return "\n".join(lines)


def startup(rounds: int = 5) -> Startup:
    """Start Spark in each way, one after the other, `rounds` times, in fresh processes.

    The ways are Delta's own quick start (`configure_spark_with_delta_pip`), a cold start with the
    class-data archive, and a warm JVM of the pool, which warms the next one meanwhile. One quick
    start before the first round is not counted: it downloads, and needs the network for it.

    Raises:
        CourseError: a run failed; the line names its log.
    """
    build_archive()
    _measure(WAYS[0])
    seconds: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way in WAYS:
            seconds[way].append(_measure(way))
    java = find_java()
    machine = f"{os.cpu_count()} cores, Java {java.version}, {platform.system()}"
    return Startup(seconds, machine)


def _measure(way: str) -> float:
    if way != "pool":
        return _run(way, os.environ | {lease.VARIABLE: ""})
    with pool.running() as address:
        wait_until_warm(address)
        return _run(way, dict(os.environ))


def wait_until_warm(address: str, patience: float = _PATIENCE) -> None:
    """Wait until the pool has a JVM to give.

    Raises:
        CourseError: it has none after `patience` seconds.
    """
    deadline = time.monotonic() + patience
    while (lease.status(address) or {}).get("idle", 0) == 0:
        if time.monotonic() > deadline:
            log = paths.state() / "logs" / "pool.log"
            raise CourseError(f"The pool warmed no JVM in {patience:.0f} s. Details: {log}")
        time.sleep(0.2)


def _run(way: str, environment: dict[str, str]) -> float:
    log = paths.state() / "logs" / "bench.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as errors:
        begin = time.time()
        answer = subprocess.run(
            [sys.executable, "-m", __name__, way],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            timeout=_PATIENCE,
            check=False,
        )
    try:
        told = json.loads(answer.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        raise CourseError(f"Starting Spark by {way} failed. Details: {log}") from None
    if told["how"] != way:
        raise CourseError(f"Wanted to start Spark by {way}, got {told['how']}. Details: {log}")
    return told["done"] - begin


def main(way: str) -> None:
    """One run, in a process of its own; its last line says when the result was there."""
    spark, how = _quick_start() if way == WAYS[0] else _course()
    with tempfile.TemporaryDirectory() as folder:
        table = str(Path(folder) / "table")
        spark.range(1000).selectExpr("id", "id % 7 AS k").write.format("delta").save(table)
        groups = spark.read.format("delta").load(table).groupBy("k").count().count()
        if groups != 7:
            raise RuntimeError(f"the table has 7 groups, read {groups}")
        print(json.dumps({"done": time.time(), "how": how}), flush=True)


def _quick_start() -> tuple["SparkSession", str]:
    from delta import configure_spark_with_delta_pip
    from pyspark.sql import SparkSession

    catalog = "org.apache.spark.sql.delta.catalog.DeltaCatalog"
    builder = (
        SparkSession.builder.appName("quick start")
        .master(f"local[{cores()}]")
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config("spark.sql.catalog.spark_catalog", catalog)
        .config("spark.jars.ivy", str(paths.state() / "ivy"))
    )
    os.environ["JAVA_HOME"] = str(find_java().home)
    return configure_spark_with_delta_pip(builder).getOrCreate(), WAYS[0]


def _course() -> tuple["SparkSession", str]:
    from course_utils.session import get_spark, last_start

    spark = get_spark("bench")
    start = last_start()
    return spark, start.how if start else "nothing"


if __name__ == "__main__":
    main(sys.argv[1])
