"""Real sessions, each in a process of its own as in a notebook's kernel."""

import contextlib
import json
import signal
from pathlib import Path

import psutil
import pytest

from course_utils.session import archive, archive_ok, find_java, jvm, settings
from tests.unit.session_runs import begin, run, state_with_jars, wanted

pytestmark = [pytest.mark.spark, pytest.mark.slow]

LINE = f"Spark 4.2.0 · Delta {settings.DELTA_VERSION} · local, {settings.cores()} cores"


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(state_with_jars(tmp_path_factory.mktemp("session") / "state"))


def test_a_session_from_first_to_last(tmp_path: Path, state: str) -> None:
    script = """
        import os, signal
        from course_utils.session import get_spark, last_start, make_work_dir
        from pyspark.sql import Window, functions as F

        spark = get_spark("first")
        assert get_spark("first") is spark
        assert last_start().how in ("archive", "cold"), last_start()

        # A row UDF over Parquet: without the work-around it never ends.
        folder = make_work_dir("first")
        spark.range(1000).write.parquet(f"{folder}/rows")
        plus_one = F.udf(lambda x: x + 1, "long")
        rows = spark.read.parquet(f"{folder}/rows")
        print("udf", rows.select(plus_one("id").alias("n")).agg(F.sum("n")).first()[0])

        # The JVM warns of a window without partitions, and a worker prints: neither is for us.
        rows.select(F.row_number().over(Window.orderBy("id"))).count()
        def talk(part):
            import sys
            print("said by a worker", file=sys.stderr)
            return part
        spark.sparkContext.parallelize([1], 1).mapPartitions(talk).count()

        # An error is raised, and not written to stderr as well.
        for failing in (rows.select(F.lit("$1").cast("int")), rows.selectExpr("1 / (id - id)")):
            try:
                failing.collect()
            except Exception as error:
                print("failed", type(error).__name__)

        rows.write.format("delta").saveAsTable("kept_nowhere")
        print("zone", spark.conf.get("spark.sql.session.timeZone"))
        print("ui", spark.sparkContext.uiWebUrl.split(":")[1])
        print("warehouse", spark.conf.get("spark.sql.warehouse.dir"))

        spark.stop()
        spark = get_spark("first")
        print("again", last_start().how, spark.range(3).count(), len(spark.catalog.listTables()))

        pid = spark._jvm.java.lang.ProcessHandle.current().pid()
        os.kill(pid, signal.SIGKILL)
        os.system("sleep 1")
        spark = get_spark("first")
        print("after", last_start().how != "restart", spark.range(4).count())
        """
    done = run(script, tmp_path, COURSE_STATE=state)
    lines = wanted(done)
    assert lines[0] == lines[1] == LINE
    told = dict(line.split(" ", 1) for line in lines if not line.startswith("Spark"))
    assert told["udf"] == "500500"
    assert told["zone"] == "UTC"
    assert told["ui"] == "//127.0.0.1"
    assert told["again"] == "restart 3 0"
    assert told["after"] == "True 4"
    assert told["warehouse"].startswith(f"file:{state}/run/")
    # Nothing of it on stderr, which costs a graded cell its points. The crash is the test's own.
    assert "WARN" not in done.stderr
    assert "said by a worker" not in done.stderr
    assert "failed" in told
    assert "QueryContextLogger" not in done.stderr
    assert (Path(state) / "logs" / "first.jvm.log").is_file()
    assert list(tmp_path.iterdir()) == []  # no metastore_db, no spark-warehouse


def test_three_notebooks_at_once(tmp_path: Path, state: str) -> None:
    """Tables of one name are each notebook's own; MLflow's store is one, from drivers and workers.

    A deleted experiment comes back, and what is fetched from a run draws no bar.
    """
    script = """
        import os, sys
        from course_utils.session import get_spark, make_work_dir, set_experiment
        experiment = set_experiment("shared")
        number = int(os.environ["NUMBER"])
        spark = get_spark(f"notebook_{number}")
        sys.stdin.readline()  # all have a session now
        spark.range(number).write.format("delta").saveAsTable("same_name")
        folder = make_work_dir(f"notebook_{number}")
        spark.range(number).write.format("delta").save(f"{folder}/t")
        saved = spark.read.format("delta").load(f"{folder}/t")
        print(spark.table("same_name").count() + saved.count())
        import mlflow

        def work(number):
            import mlflow
            with mlflow.start_run(experiment_id=experiment, run_name="worker"):
                mlflow.log_metric("number", number)
            return number

        with mlflow.start_run(run_name="driver"):
            spark.sparkContext.parallelize(range(2), 2).map(work).collect()
            mlflow.log_text("kept", "note.txt")
        print(experiment, mlflow.get_registry_uri() == mlflow.get_tracking_uri())
        """
    numbers = (1, 2, 3)
    processes = [begin(script, tmp_path, COURSE_STATE=state, NUMBER=str(n)) for n in numbers]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == LINE
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    ids = set()
    for number, process in zip(numbers, processes, strict=True):
        output, errors = process.communicate(timeout=600)
        assert process.returncode == 0, errors[-3000:]
        assert "locked" not in errors
        counted, answer = output.splitlines()
        assert counted == str(2 * number)
        assert answer.endswith(" True")
        ids.add(answer.split()[0])
    assert len(ids) == 1

    afterwards = run(
        f"""
        from course_utils.session import set_experiment
        first = set_experiment("shared")
        import mlflow
        mlflow.delete_experiment(first)
        print(set_experiment("shared") == first)
        runs = mlflow.search_runs(output_format="list")
        print(sorted(run.info.run_name for run in runs))
        where = "file://{state}/mlflow/artifacts"
        print({{run.info.artifact_uri.startswith(where) for run in runs}})
        print({{run.info.status for run in runs}})
        driver = next(run for run in runs if run.info.run_name == "driver")
        mlflow.artifacts.download_artifacts(run_id=driver.info.run_id, dst_path="here")
        """,
        tmp_path,
        COURSE_STATE=state,
    )
    names = str(["driver"] * 3 + ["worker"] * 6)
    assert wanted(afterwards) == ["True", names, "{True}", "{'FINISHED'}"]
    assert (tmp_path / "here" / "note.txt").read_text() == "kept"
    assert "Downloading" not in afterwards.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["here"]  # no mlruns, no mlflow.db


def test_a_broken_archive_breaks_no_start(tmp_path: Path) -> None:
    state = state_with_jars(tmp_path / "state", archive=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_STATE", str(state))
        home = archive._home(find_java(), jvm.delta_class_path())
    home.mkdir(parents=True)
    file = home / "classes"
    file.write_bytes(b"\xca\xfe" * 500_000)
    seal = {"size": file.stat().st_size, "modified": file.stat().st_mtime_ns}
    (home / "seal.json").write_text(json.dumps(seal))
    script = """
        from course_utils.session import get_spark
        print(get_spark("broken").range(5).count())
        """
    assert wanted(run(script, tmp_path, COURSE_STATE=str(state))) == [LINE, "5"]


def test_the_archive_is_used_where_there_is_one(tmp_path: Path) -> None:
    if not archive_ok():
        pytest.skip("no class-data archive here: ./course start builds it")
    java, class_path = find_java(), jvm.delta_class_path()
    # Told to insist, the JVM refuses to start if it cannot use the archive.
    use = archive.options(java, class_path)
    insist = ["-XX:AOTMode=on"] if java.major >= 25 else ["-Xshare:on"]
    log = tmp_path / "log"
    machine = jvm.start(
        settings.local(), class_path=class_path, java=java, java_options=[*use, *insist], log=log
    )
    try:
        machine.meet()
    finally:
        machine.kill()
    script = """
        from course_utils.session import get_spark, last_start
        get_spark("quick").range(5).count()
        print(last_start().how)
        """
    assert wanted(run(script, tmp_path)) == [LINE, "archive"]


def test_nothing_outlives_a_killed_notebook(tmp_path: Path, state: str) -> None:
    script = """
        import os, time
        from course_utils.session import get_spark
        spark = get_spark("killed")
        print(spark._jvm.java.lang.ProcessHandle.current().pid(), flush=True)
        time.sleep(600)
        """
    process = begin(script, tmp_path, COURSE_STATE=state)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == LINE
    pid = int(process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    process.communicate()
    _wait_until_gone(pid)


def _wait_until_gone(pid: int) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(pid).wait(60)
