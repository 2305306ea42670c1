"""The same code on a real standalone cluster and on a Connect server, both on loopback."""

from pathlib import Path
from textwrap import dedent

import pytest
from nbformat.v4 import new_code_cell

from course_utils.build.execute import away_from_learner
from course_utils.build.execute import run as run_notebook
from course_utils.build.source import Tree
from course_utils.session import standalone
from course_utils.session.archive import QUICK
from tests.unit.session_runs import run, wanted

pytestmark = [pytest.mark.spark, pytest.mark.slow]


def test_a_demo_and_delta_run_on_a_standalone_cluster(tmp_path: Path) -> None:
    more = f"""
        from course_utils.session import last_start
        spark.range(1000, numPartitions=4).write.format("delta").save("{tmp_path}/numbers")
        table = spark.read.format("delta").load("{tmp_path}/numbers")
        print(table.count(), last_start().how)

        def where(part):
            import os
            yield f"{{os.getcwd().split('/')[-1]}} {{os.environ['MLFLOW_TRACKING_URI'][:10]}}"
        seen = spark.sparkContext.parallelize(range(8), 8).mapPartitions(where).collect()
        print(sorted(set(seen)))
        """
    notebook = Tree.of_course().lesson("06").notebook("demo")
    notebook.cells.append(new_code_cell(dedent(more)))
    with standalone.cluster(workers=2) as url, away_from_learner() as environment:
        quickly = {"JDK_JAVA_OPTIONS": " ".join(QUICK)}  # as the cluster's own JVMs
        environment |= {"COURSE_SPARK": url, "COURSE_POOL": ""} | quickly
        done = run_notebook(notebook, environment)
    first = next(cell for cell in done.cells if "get_spark(" in cell.source)
    assert first.outputs[0].text.rstrip().endswith("standalone cluster")
    lines = done.cells[-1].outputs[0].text.splitlines()
    assert lines[0] == "1000 cluster"
    # One executor on each worker, each in a folder named by its number.
    assert lines[1] == "['0 sqlite:///', '1 sqlite:///']"


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
