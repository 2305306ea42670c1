"""The same code on a real standalone cluster and on a Connect server, both on loopback."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from course_utils.build.execute import away_from_learner
from course_utils.build.execute import run as run_notebook
from course_utils.build.source import Tree
from course_utils.session import standalone
from tests.unit.session_runs import run, wanted

pytestmark = [pytest.mark.spark, pytest.mark.slow]


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """A master and two workers: their address."""
    with standalone.cluster(workers=2) as url:
        yield url


def test_a_demo_runs_on_a_standalone_cluster(cluster: str) -> None:
    with away_from_learner() as environment:
        environment |= {"COURSE_SPARK": cluster, "COURSE_POOL": ""}
        done = run_notebook(Tree.of_course().lesson("06").notebook("demo"), environment)
    first = next(cell for cell in done.cells if "get_spark(" in cell.source)
    assert "standalone cluster" in first.outputs[0].text


def test_delta_there_and_back_on_a_standalone_cluster(cluster: str, tmp_path: Path) -> None:
    script = """
        from course_utils.session import get_spark, last_start
        spark = get_spark("cluster")
        spark.range(1000, numPartitions=4).write.format("delta").save("numbers")
        table = spark.read.format("delta").load("numbers")
        print(table.count(), last_start().how)

        def where(part):
            import os
            yield f"{os.getcwd().split('/')[-1]} {os.environ['MLFLOW_TRACKING_URI'][:10]}"
        seen = set(spark.sparkContext.parallelize(range(8), 8).mapPartitions(where).collect())
        print(sorted(seen))
        """
    done = run(script, tmp_path, COURSE_SPARK=cluster)
    lines = wanted(done)
    assert lines[0].endswith("standalone cluster")
    assert lines[1] == "1000 cluster"
    # One executor on each worker, each in a folder named by its number.
    assert lines[2] == "['0 sqlite:///', '1 sqlite:///']"
    assert done.stderr == ""


def test_delta_there_and_back_over_connect(tmp_path: Path) -> None:
    script = f"""
        from course_utils.session import get_spark, last_start
        spark = get_spark("connect")
        assert get_spark("connect") is spark
        spark.range(1000).write.format("delta").save("{tmp_path}/numbers")
        print(spark.read.format("delta").load("{tmp_path}/numbers").count(), last_start().how)
        print(spark.conf.get("spark.sql.session.timeZone"))
        """
    with standalone.connect_server() as url:
        lines = wanted(run(script, tmp_path, COURSE_SPARK=url))
    assert lines[0] == lines[1]
    assert lines[0].endswith("Spark Connect")
    assert lines[2:] == ["1000 connect", "UTC"]
