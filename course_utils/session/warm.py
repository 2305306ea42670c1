"""Make a JVM quick for the next one who uses it: `python -m course_utils.session.warm MODE`.

A short-lived client of a JVM that somebody else has started and told of in the environment:

* train: use what the lessons use, once, so that the JVM can write down which classes it loaded;
* warm: use what lessons begin with, and leave a fresh context behind with a few jobs done in it;
* begin: leave a fresh context behind;
* renew: the same, with nothing of an earlier client left.

It runs in a process of its own, so that neither the pool nor set-up ever holds a session.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course_utils.session import jvm, local, settings

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_FOLDER = "COURSE_JVM_FOLDER"
_LABEL = "warm-up, before the notebook began"
_APPLICATION = "course"
_KEPT = "course.properties"


async def run(mode: str, machine: jvm.Jvm, patience: float) -> None:
    """Treat `machine` in a process of its own and wait until that is done.

    Raises:
        subprocess.SubprocessError: it failed or took longer than `patience` seconds.
    """
    environment = jvm.environment(machine.java) | {
        "PYSPARK_GATEWAY_PORT": str(machine.port),
        "PYSPARK_GATEWAY_SECRET": machine.secret,
        _FOLDER: str(machine.folder.path),
    }
    with machine.log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", __name__, mode),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        code = await asyncio.wait_for(process.wait(), patience)
    except TimeoutError:
        raise subprocess.TimeoutExpired(mode, patience) from None
    finally:
        if process.returncode is None:
            process.kill()
    if code != 0:
        raise subprocess.CalledProcessError(code, mode)


def main(mode: str) -> None:
    """Treat the JVM named by the environment."""
    from pyspark.java_gateway import launch_gateway

    gateway = launch_gateway()
    folder = Path(os.environ[_FOLDER])
    if mode == "renew":
        _forget_objects(gateway)
    else:
        local.delete_at_exit(gateway, folder)
        _remember_properties(gateway)
    if mode in ("train", "warm"):
        spark = local.new_context(_APPLICATION, settings.local(), gateway)
        exercise(spark, folder / "tmp" / "warm", thorough=mode == "train")
        spark.stop()
    if mode != "train":
        spark = renew(gateway, folder)
        if mode == "warm":
            spark.sparkContext.setJobDescription(_LABEL)
            _touch(spark, folder / "tmp" / "touch")
        # Notebooks that come one after the other do the rest of the warming themselves.


def renew(gateway: Any, folder: Path) -> "SparkSession":
    """Replace whatever context the JVM has by a fresh one, and forget all that outlives one."""
    virtual = gateway.jvm
    active = getattr(getattr(virtual, "org.apache.spark.SparkContext$"), "MODULE$").getActive()
    if active.isDefined():
        active.get().stop()
    sessions = getattr(virtual, "org.apache.spark.sql.classic.SparkSession")
    sessions.clearActiveSession()
    sessions.clearDefaultSession()
    getattr(virtual, "org.apache.spark.sql.delta.DeltaLog").clearCache()
    virtual.org.apache.hadoop.fs.FileSystem.closeAll()
    _restore_properties(gateway)
    _empty(folder)
    spark = local.new_context(_APPLICATION, settings.local(), gateway)
    spark.sparkContext.setLogLevel("WARN")
    return spark


def _forget_objects(gateway: Any) -> None:
    """Let the JVM free what a client that is gone had still held."""
    from py4j.java_gateway import JavaObject

    server = JavaObject("GATEWAY_SERVER", gateway._gateway_client).getGateway()
    bindings = server.getBindings()
    own = int(server._target_id[1:])  # py4j numbers objects: o0, o1, …
    for key in list(bindings.keySet()):
        if key[0] == "o" and key[1:].isdigit() and int(key[1:]) < own:
            bindings.remove(key)


def _remember_properties(gateway: Any) -> None:
    kept = json.dumps(_properties(gateway))
    gateway.jvm.java.lang.System.setProperty(_KEPT, kept)


def _restore_properties(gateway: Any) -> None:
    """Undo changes to the settings that every new context of this JVM begins with."""
    system = gateway.jvm.java.lang.System
    kept = json.loads(system.getProperty(_KEPT))
    for key in _properties(gateway).keys() - kept.keys():
        system.clearProperty(key)
    for key, value in kept.items():
        system.setProperty(key, value)


def _properties(gateway: Any) -> dict[str, str]:
    system = gateway.jvm.java.lang.System
    names = system.getProperties().stringPropertyNames()
    return {name: system.getProperty(name) for name in names if name.startswith("spark.")}


def _empty(folder: Path) -> None:
    for name in ("tmp", "warehouse"):
        for entry in (folder / name).iterdir():
            if entry.is_dir():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink(missing_ok=True)


def _touch(spark: "SparkSession", folder: Path) -> None:
    """What a first cell needs: Delta there and back, and a Python worker."""
    path = str(folder)
    spark.range(1000).selectExpr("id", "id % 7 AS k").write.format("delta").save(path)
    table = spark.read.format("delta").load(path)
    table.groupBy("k").count().collect()
    table.mapInPandas(_same, table.schema).count()
    shutil.rmtree(folder, ignore_errors=True)
    getattr(spark._jvm, "org.apache.spark.sql.delta.DeltaLog").clearCache()


def _same(frames: Any) -> Any:
    yield from frames


def exercise(spark: "SparkSession", folder: Path, thorough: bool) -> None:
    """Use what lessons begin with, on next to no data; all that they use if thorough.

    Thorough takes a few times as long: right for an archive that is built once, too much for each
    JVM of the pool, which warms while a notebook is at work.
    """
    folder.mkdir(parents=True)
    frame = _files(spark, folder)
    _tables(frame, folder)
    _models(frame, folder, thorough)
    if thorough:
        _python(frame)
        _stream(spark, folder)
        _changes(spark, folder, frame)
    shutil.rmtree(folder, ignore_errors=True)


def _files(spark: "SparkSession", folder: Path) -> "DataFrame":
    rows = spark.range(2000).selectExpr(
        "id",
        "concat('g', id % 5) AS g",
        "double(id % 11) AS x",
        "if(id % 17 = 0, null, double(id % 13)) AS y",
        "2.0 * (id % 11) + rand(1) AS label",
        "timestamp_seconds(id) AS t",
    )
    rows.write.parquet(f"{folder}/parquet")
    frame = spark.read.parquet(f"{folder}/parquet")
    frame.groupBy("g").agg({"x": "avg", "y": "max"}).orderBy("g").toPandas()
    frame.limit(5).show()
    return frame


def _tables(frame: "DataFrame", folder: Path) -> None:
    path = f"{folder}/delta"
    for _ in range(3):
        frame.write.format("delta").mode("overwrite").save(path)
        frame.sparkSession.read.format("delta").load(path).groupBy("g").count().count()


def _models(frame: "DataFrame", folder: Path, thorough: bool) -> None:
    from pyspark.ml import Pipeline, PipelineModel
    from pyspark.ml.evaluation import RegressionEvaluator
    from pyspark.ml.feature import Imputer, OneHotEncoder, StringIndexer, VectorAssembler
    from pyspark.ml.regression import LinearRegression, RandomForestRegressor

    stages: list[Any] = [
        StringIndexer(inputCol="g", outputCol="gi"),
        OneHotEncoder(inputCol="gi", outputCol="go"),
        Imputer(inputCols=["y"], outputCols=["yi"]),
        VectorAssembler(inputCols=["x", "yi", "go"], outputCol="features"),
    ]
    model = Pipeline(stages=[*stages, LinearRegression()]).fit(frame)
    RegressionEvaluator().evaluate(model.transform(frame))
    if thorough:
        forest = RandomForestRegressor(numTrees=2, maxDepth=3, seed=1)
        model = Pipeline(stages=[*stages, forest]).fit(frame)
        model.write().save(f"{folder}/model")
        PipelineModel.load(f"{folder}/model").transform(frame).select("prediction").collect()


def _changes(spark: "SparkSession", folder: Path, frame: "DataFrame") -> None:
    from delta.tables import DeltaTable

    frame.write.option("header", True).csv(f"{folder}/csv")
    spark.read.csv(f"{folder}/csv", header=True, inferSchema=True).summary().collect()
    table = DeltaTable.forPath(spark, f"{folder}/delta")
    changes = frame.where("id < 10").withColumn("x", frame.x + 1)
    (
        table.alias("a")
        .merge(changes.alias("b"), "a.id = b.id")
        .whenMatchedUpdateAll()
        .whenNotMatchedInsertAll()
        .execute()
    )
    table.delete("id = 4")
    table.history().collect()
    spark.read.format("delta").option("versionAsOf", 0).load(f"{folder}/delta").count()
    frame.createOrReplaceTempView("warm")
    ranked = "SELECT *, row_number() OVER (PARTITION BY g ORDER BY t) AS n FROM warm"
    spark.sql(ranked).where("n = 1").join(frame, "id").cache().count()


def _python(frame: "DataFrame") -> None:
    from pyspark.sql.functions import udf

    frame.select(udf(lambda x: x + 1, "double")("x").alias("a")).agg({"a": "sum"}).collect()
    frame.groupBy("g").applyInPandas(lambda part: part.head(1), frame.schema).collect()
    frame.sparkSession.createDataFrame(frame.limit(10).toPandas()).count()
    frame.rdd.map(lambda row: row.x).sum()


def _stream(spark: "SparkSession", folder: Path) -> None:
    query = (
        spark.readStream.format("delta")
        .load(f"{folder}/delta")
        .writeStream.format("delta")
        .option("checkpointLocation", f"{folder}/checkpoint")
        .trigger(availableNow=True)
        .start(f"{folder}/copy")
    )
    query.awaitTermination(120)


if __name__ == "__main__":
    main(sys.argv[1])
