"""Exported notebooks run, as far as that can be seen without the platform.

Their code cells run in order on a Spark Connect server, which is what serverless compute speaks,
and import the course from the exported folder alone.
"""

import json
from pathlib import Path

import pytest

from course_utils.export import commands, source_format
from course_utils.session import standalone
from tests.unit.session_runs import run, wanted

pytestmark = [pytest.mark.spark, pytest.mark.slow]

LESSONS = ("03", "20")
NOTEBOOKS = """
    import gc, json
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.remote({url!r}).getOrCreate()
    for cells in json.load(open("cells.json")):
        names = {{"__name__": "__main__", "spark": spark}}
        for cell in cells:
            exec(compile(cell, cell.splitlines()[0], "exec"), names)
        # A model takes leave of the server, which a Python that is ending waits for in vain
        names.clear()
        gc.collect()
    import course_utils
    print(course_utils.__file__)
    """


def test_the_cells_of_exported_notebooks_run_over_spark_connect(tmp_path: Path) -> None:
    exported, volume = tmp_path / "exported", tmp_path / "volume"
    for number in LESSONS:
        commands.databricks(number, exported)
    cells = [
        [cell.source for cell in source_format.read(file.read_text()) if cell.kind == "code"]
        for file in sorted(exported.glob("*.py"))
    ]
    assert len(cells) == len(LESSONS)
    (exported / "cells.json").write_text(json.dumps(cells))
    with standalone.connect_server() as url:
        variables = {"COURSE_VOLUME": str(volume), "MPLBACKEND": "agg"}
        lines = wanted(run(NOTEBOOKS.format(url=url), exported, **variables))
    assert lines[-1] == str(exported / "course" / "course_utils" / "__init__.py")
    assert (volume / "data" / "small" / "listings.parquet").exists()
    assert (volume / "splits" / "train").is_dir()
