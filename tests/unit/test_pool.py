"""The pool of warm JVMs: one client each, nothing left over, nothing left behind."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from course_utils.session import lease, pool
from course_utils.session.archive import QUICK
from tests.unit.session_runs import run, state_with_jars, wanted

pytestmark = [pytest.mark.spark, pytest.mark.slow]

_PATIENCE = 600.0


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = str(state_with_jars(tmp_path_factory.mktemp("pool") / "state"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_STATE", folder)
        patch.setenv("JDK_JAVA_OPTIONS", " ".join(QUICK))  # as in `session_runs.begin`
        yield folder


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _idle(address: str, number: int = 1) -> Callable[[], bool]:
    return lambda: (lease.status(address) or {}).get("idle") == number


def _borrow() -> lease.Lease:
    claim = lease.borrow()
    assert claim is not None
    return claim


def _gone(pid: int) -> Callable[[], bool]:
    return lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie"


def test_a_client_has_all_of_spark_and_its_jvm_ends_with_it(tmp_path: Path, state: str) -> None:
    features = """
        import os
        from course_utils.session import get_spark, last_start
        spark = get_spark("client")
        print(last_start().how, spark.sparkContext.appName)
        print(spark.catalog.listTables(), spark.sparkContext.defaultParallelism > 0)

        spark.range(10).write.format("delta").save("relative")
        print(*(name for name in os.listdir("relative") if name.startswith("_")))

        from delta.tables import DeltaTable
        DeltaTable.forPath(spark, "relative").delete("id < 5")
        shared = spark.sparkContext.broadcast(7)
        print(spark.sparkContext.parallelize(range(4)).map(lambda x: x + shared.value).sum())
        total = spark.sparkContext.accumulator(0)
        spark.sparkContext.parallelize(range(4)).foreach(total.add)
        print(total.value)

        seen = []
        def batch(frame, number):
            seen.append(frame.count())
        query = spark.readStream.format("delta").load("relative").writeStream.foreachBatch(batch)
        query.option("checkpointLocation", "checkpoint").trigger(availableNow=True).start()
        spark.streams.active and spark.streams.active[0].awaitTermination()
        print(sum(seen))

        frame = spark.read.format("delta").load("relative")
        print(frame.groupBy().applyInPandas(lambda p: p.agg(["sum"]), "id long").first()[0])
        from pyspark.ml.feature import VectorAssembler
        from pyspark.ml.regression import LinearRegression
        data = VectorAssembler(inputCols=["id"], outputCol="features").transform(frame)
        model = LinearRegression(labelCol="id").fit(data)
        model.save("model")
        print(round(model.coefficients[0], 3))

        spark.stop()
        spark = get_spark("client")
        print(last_start().how, spark.range(3).count())
        print(spark._jvm.java.lang.ProcessHandle.current().pid(), flush=True)
        os.kill(os.getpid(), 9)
        """
    with pool.running() as address:
        _until(_idle(address))
        done = run(features, tmp_path, COURSE_STATE=state, COURSE_POOL=address)
        assert done.returncode == -9, done.stderr
        lines = [line for line in done.stdout.splitlines() if not line.startswith("Spark")]
        *told, pid = lines
        assert told == [
            *("pool client", "[] True", "_delta_log", "34", "6", "5", "35", "1.0", "restart 3")
        ]
        assert done.stderr == ""
        _until(_gone(int(pid)))
        assert (Path(state) / "logs" / "client.jvm.log").is_file()

        # One JVM each: the next came while this one was out, and when it is taken there is none.
        _until(_idle(address))
        first = _borrow()
        assert first.pid != int(pid)
        assert (lease.status(address) or {})["leased"] == 1
        assert lease.borrow() is None
        _until(lambda: (lease.status(address) or {})["coming"] == 1)
        manager = psutil.Process(first.pid).parent()
        assert manager is not None
        pids = [child.pid for child in manager.children(recursive=True)]
        manager.kill()
        for number in pids:
            _until(_gone(number))
        assert lease.borrow() is None
        first.connection.close()


def test_a_recycled_jvm_shows_nothing_of_its_last_client(tmp_path: Path, state: str) -> None:
    leave = """
        from course_utils.session import get_spark, last_start
        spark = get_spark("one")
        print(last_start().how)
        spark.range(5).write.format("delta").save("table")
        print(spark.read.format("delta").load("table").cache().count())
        spark.range(5).createOrReplaceTempView("view")
        spark.range(5).createGlobalTempView("global_view")
        spark.range(5).write.format("delta").saveAsTable("in_warehouse")
        spark.conf.set("spark.sql.shuffle.partitions", "99")
        spark.sparkContext.setSystemProperty("spark.sql.session.timeZone", "CET")
        spark.sparkContext.setSystemProperty("spark.left.behind", "yes")
        spark.sparkContext.setLogLevel("ERROR")
        spark.udf.register("left", lambda x: x, "long")
        stream = spark.readStream.format("rate").load().writeStream.format("noop").start()
        print(spark._jvm.java.lang.ProcessHandle.current().pid())
        """
    look = """
        from course_utils.session import get_spark, last_start
        spark = get_spark("two")
        print(last_start().how, spark.sparkContext.appName)
        print(spark.catalog.listTables(), spark.catalog.listTables("global_temp"))
        print(spark.catalog.functionExists("left_"), spark.streams.active)
        print(spark.conf.get("spark.sql.shuffle.partitions"))
        print(spark.conf.get("spark.sql.session.timeZone"))
        print(spark.conf.get("spark.left.behind", "no"))
        print(spark.sparkContext._jsc.getPersistentRDDs().size())

        def place(_):
            import os
            return os.environ["MLFLOW_TRACKING_URI"]
        print(spark.sparkContext.parallelize([0]).map(place).first().split("/")[-2])
        spark.range(3).write.format("delta").saveAsTable("in_warehouse")
        spark.range(2).selectExpr("string(id) AS other").write.format("delta").save("table")
        print(spark.table("in_warehouse").count(), spark.read.format("delta").load("table").columns)
        print(spark._jvm.java.lang.ProcessHandle.current().pid())
        """
    with pool.running(recycle=True) as address:
        first = wanted(run(leave, tmp_path, COURSE_STATE=state, COURSE_POOL=address))[1:]
        assert first[:2] == ["pool", "5"]
        shutil.rmtree(tmp_path / "table")
        own = {"COURSE_MLFLOW": str(tmp_path / "of_the_second")}
        second = wanted(run(look, tmp_path, COURSE_STATE=state, COURSE_POOL=address, **own))[1:]
        pid = int(second.pop())
        assert pid == int(first[2])  # the very same JVM
        assert second == [
            "pool two",
            "[] []",
            "False []",
            "4",
            "UTC",
            "no",
            "0",
            "of_the_second",
            "3 ['other']",
        ]
    _until(_gone(pid))
    assert list((Path(state) / "run").iterdir()) == []


def test_other_settings_get_no_jvm_of_the_pool(state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    key = lease.settings_key()
    monkeypatch.setenv("COURSE_DRIVER_MEMORY", "2g")
    assert lease.settings_key() != key


def test_no_jvm_is_warmed_where_memory_is_short(
    state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_available_memory", lambda: 2 << 30)
    assert not pool.memory_suffices()
    monkeypatch.setattr(pool, "_available_memory", lambda: 3 << 30)
    assert pool.memory_suffices()
    monkeypatch.undo()
    assert 0 < pool._available_memory() <= psutil.virtual_memory().total


def test_the_pool_ends_with_whoever_started_it(tmp_path: Path, state: str) -> None:
    script = """
        import os
        from course_utils.session import pool
        manager = pool.start("pool.socket")
        print(manager.pid, flush=True)
        os.kill(os.getpid(), 9)
        """
    done = run(script, tmp_path, COURSE_STATE=state)
    _until(_gone(int(done.stdout)))
    assert list(tmp_path.iterdir()) == []
