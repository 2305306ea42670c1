"""Checks on Spark frames and models: what they cost, and who is blamed when Spark fails."""

import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

from course_utils import paths
from course_utils.lab import Answers, Mistake, Question, Status
from tests.unit.lab_helpers import accepts_all, lab, question
from tests.unit.spark_jobs import counting_jobs

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

pytestmark = pytest.mark.spark


@pytest.fixture
def frame(spark: "SparkSession") -> "DataFrame":
    return spark.createDataFrame([(1, 10.0), (2, 20.0), (3, 30.0)], "id int, price double")


def _about_a_frame(**changes: Any) -> Question:
    def right(a: Answers) -> str | None:
        total = a.collect(a.df.groupBy().sum("price"))[0][0]
        return None if total == 60 else f"the prices add up to {total}"

    given: dict[str, Any] = {
        "names": {"df": "frame"},
        "columns": {"df": {"price": "number"}},
        "mistakes": (
            Mistake("doubled", lambda a: "twice" if a.rows("df") == 6 else None, "a join doubles."),
        ),
        "refuse": right,
    }
    return question(**(given | changes))


def test_right_frame_passes_and_shows_its_size(frame: "DataFrame") -> None:
    result = lab(_about_a_frame(), df=frame).q1.evaluate()
    assert result.status is Status.PASS
    assert result.lines[1] == "Looked at: `df` (3 rows, 2 columns)."


def test_order_partitions_and_columns_do_not_matter(frame: "DataFrame") -> None:
    other = frame.orderBy("price", ascending=False).repartition(3).select("price", "id")
    assert lab(_about_a_frame(), df=other).q1.evaluate().status is Status.PASS


def test_generic_diagnoses_of_frames(spark: "SparkSession", frame: "DataFrame") -> None:
    from pyspark.sql import functions as f

    cases: list[tuple[Any, str, str]] = [
        (frame.show(0), "is-none", "show()"),
        (frame.toPandas(), "wrong-type", "toPandas()"),
        (frame.collect(), "wrong-type", "collect()"),
        (frame.first(), "wrong-type", "first()"),
        (frame.groupBy("id"), "wrong-type", "agg"),
        (frame.write, "wrong-type", "reader or writer"),
        (f.col("price"), "wrong-type", "column expression"),
        (frame.count, "wrong-type", "parentheses"),
        (frame.filter("price > 99"), "empty-frame", "no rows"),
        (frame.drop("price"), "missing-column", "has no column `price`"),
        (frame.select("id", f.struct("price").alias("s")), "missing-column", 'col("s.price")'),
        (frame.join(frame, frame.id == frame.id), "duplicate-column", "named `id`"),
        (frame.select("*", f.lit(1).alias("ID")), "duplicate-column", "named `ID`"),
        (frame.withColumn("price", f.lit("a")), "wrong-column-type", "`price` as string"),
        (frame.union(frame), "doubled", "a join doubles"),
    ]
    for value, mistake, says in cases:
        result = lab(_about_a_frame(), df=value).q1.evaluate()
        assert (result.status, result.mistake_id) == (Status.WRONG, mistake), says
        assert says in "\n".join(result.lines)


def test_generic_diagnoses_of_ml(spark: "SparkSession", frame: "DataFrame") -> None:
    from pyspark.ml import Pipeline
    from pyspark.ml.feature import Binarizer, VectorAssembler
    from pyspark.ml.regression import LinearRegression

    regression = LinearRegression(labelCol="price", featuresCol="v", maxIter=1)
    assembler = VectorAssembler(inputCols=["id"], outputCol="v")
    fitted = Pipeline(stages=[assembler, regression]).fit(frame)
    cases: list[tuple[str, Any, str | None]] = [
        ("model", regression, "forgot-fit"),
        ("model", fitted, None),
        ("model", assembler, "wrong-type"),
        ("estimator", regression, None),
        ("estimator", fitted, "wrong-type"),
        ("transformer", assembler, None),
        ("transformer", fitted, None),
        ("transformer", regression, "wrong-type"),
        ("number", frame, "wrong-type"),
        ("number", frame.first(), "wrong-type"),
        ("pandas", frame, "wrong-type"),
    ]
    for kind, value, mistake in cases:
        asked = question(names={"total": kind}, mistakes=(), refuse=accepts_all)
        assert lab(asked, total=value).q1.evaluate().mistake_id == mistake, (kind, value)

    def slope(a: Answers) -> str | None:
        return None if len(a.total.stages[-1].coefficients) == 1 else "no slope"

    asked = question(names={"total": "model"}, mistakes=(), refuse=slope)
    assert lab(asked, total=fitted).q1.evaluate().status is Status.PASS
    other = Pipeline(stages=[assembler, Binarizer(threshold=1.0, inputCol="price", outputCol="b")])
    result = lab(asked, total=other.fit(frame)).q1.evaluate()
    assert (result.status, result.mistake_id) == (Status.WRONG, "wrong-type")
    assert "a Binarizer, which has no `coefficients`" in "\n".join(result.lines)


def test_all_frames_of_a_question_are_counted_in_one_job(
    spark: "SparkSession", frame: "DataFrame"
) -> None:
    names: dict[str, Any] = {
        "a": frame,
        "b": frame.repartition(2),
        "c": frame.groupBy("id").count(),
    }
    asked = question(names=dict.fromkeys(names, "frame"), mistakes=(), refuse=accepts_all)
    with counting_jobs(spark) as jobs:
        result = lab(asked, **names).q1.evaluate()
    assert result.status is Status.PASS
    assert "`a` (3 rows" in result.lines[1]
    assert "`c` (3 rows" in result.lines[1]
    assert jobs == [1]


def test_a_whole_check_stays_within_three_jobs(spark: "SparkSession", frame: "DataFrame") -> None:
    with counting_jobs(spark) as jobs:
        lab(_about_a_frame(), df=frame.repartition(3)).q1.evaluate()
    assert jobs == [2]
    assert spark.conf.get("spark.sql.adaptive.enabled") == "true"


def test_a_frame_that_fails_only_when_it_is_computed(frame: "DataFrame") -> None:
    from pyspark.sql.functions import udf

    broken = udf(lambda price: 1 / 0, "double")
    late = frame.select("id", broken("price").alias("price"))
    result = lab(_about_a_frame(), df=late).q1.evaluate()
    text = "\n".join(result.lines)
    assert result.status is Status.RAISED
    assert "ZeroDivisionError: division by zero" in text
    assert "Traceback" not in text
    assert "File" not in text


def test_a_cast_that_fails_only_when_it_is_computed(spark: "SparkSession") -> None:
    text = spark.createDataFrame([("12",), ("12 min",)], "minutes string")
    late = text.selectExpr("cast(minutes as double) as price")
    result = lab(_about_a_frame(), df=late).q1.evaluate()
    assert result.status is Status.RAISED
    assert "CAST_INVALID_INPUT" in "\n".join(result.lines)


def test_bug_in_a_check_on_a_sound_frame_is_ours(frame: "DataFrame") -> None:
    buggy = _about_a_frame(refuse=lambda a: str(a.df.select("prise").collect()))
    assert lab(buggy, df=frame).q1.evaluate().status is Status.CHECK_BUG


def test_a_streaming_frame_is_not_counted(spark: "SparkSession") -> None:
    stream = spark.readStream.format("rate").load()
    asked = question(names={"df": "frame"}, mistakes=(), refuse=accepts_all)
    assert lab(asked, df=stream).q1.evaluate().status is Status.PASS


STOPPED = """
    import os, signal, sys
    sys.path.insert(0, os.getcwd())
    from course_utils import get_spark
    from tests.unit.lab_helpers import lab
    from tests.unit.test_lab_spark import _about_a_frame

    spark = get_spark("tests_stopped")
    ours = lab(_about_a_frame(), df=spark.createDataFrame([(1, 60.0)], "id int, price double"))
    names = ours._checks["q1"]._evaluator._namespace
    names["spark"] = spark

    def say():
        result = ours.q1.evaluate()
        print(result.status, result.points, *result.lines, sep="|")

    say()
    spark.stop()
    say()
    names["spark"] = spark = get_spark("tests_stopped")
    say()
    names["df"] = spark.createDataFrame([(1, 60.0)], "id int, price double")
    say()
    names["q1"] = None
    jvm = int(spark._jvm.java.lang.ProcessHandle.current().pid())
    os.kill(jvm, signal.SIGKILL)
    say()
"""


def _run(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", dedent(script)],
        capture_output=True,
        text=True,
        timeout=180,
        cwd=paths.ROOT,
    )


@pytest.mark.slow
def test_spark_that_stopped_is_nobodys_fault() -> None:
    """Stopped, started anew with an old frame, killed: unavailable, which earns no points."""
    done = _run(STOPPED)
    told = [line.split("|") for line in done.stdout.splitlines() if "|" in line]
    assert [line[0] for line in told] == [
        "pass", "unavailable", "unavailable", "pass", "unavailable",
    ], done.stdout + done.stderr  # fmt: skip
    assert [line[1] for line in told] == ["2.0", "0.0", "0.0", "2.0", "0.0"]
    for line in (told[1], told[2], told[4]):
        assert "Spark has stopped" in line[3]
        assert "restart the kernel" in line[5]
        assert "Py4J" not in "".join(line)


# A notebook, cell by cell: what each shows, and what the checks say afterwards
NOTEBOOK = """
    import os, sys
    sys.path.insert(0, os.getcwd())
    from IPython.core.interactiveshell import InteractiveShell
    from course_utils.lab import Lab
    from tests.unit.lab_helpers import accepts_all, question

    shell = InteractiveShell.instance(colors="nocolor")

    def cell(text):
        print("CELL", text)
        shell.run_cell(text, store_history=True)

    cell("from course_utils import get_spark; spark = get_spark('tests_gone')")
    asked = [question(f"q{n}", names={name: "number"}, mistakes=(), refuse=accepts_all)
             for n, name in enumerate(("three", "four", "double", "plain"), 1)]
    lab = Lab("00", record=False, questions=asked)

    def checks():
        for check in lab._checks.values():
            result = check.evaluate()
            print("CHECK", result.question, result.status, result.points, *result.lines, sep="|")

    for end in ("spark.stop()",
                "import os, signal; pid = spark._jvm.ProcessHandle.current().pid(); "
                "os.kill(pid, signal.SIGKILL)"):
        cell("three = spark.range(3).count(); " + end)
        cell("four = spark.range(4).count()")
        cell("double = 2 * four")
        cell("plain = 1 / 0")
        checks()
        cell("del three; spark = get_spark('tests_gone')")
        cell("four = spark.range(4).count()")
        cell("four = spark.table('nowhere')")
        cell("del four")
        print("END")
"""


@pytest.mark.slow
def test_a_notebook_whose_spark_is_gone_says_so_in_a_line_and_blames_nobody() -> None:
    done = _run(NOTEBOOK)
    stopped, killed, _ = done.stdout.split("END\n")
    for part, said in ((stopped, "Spark was stopped in this notebook"), (killed, "has ended")):
        cells = part.split("CELL ")[-8:]
        of_spark = cells[1].splitlines()
        assert len(of_spark) == 2, done.stdout + done.stderr
        assert said in of_spark[1]
        assert "estart the kernel" in of_spark[1]
        assert "NameError" in cells[2]
        assert "ZeroDivisionError" in cells[3]
        told = [line.split("|") for line in part.splitlines() if line.startswith("CHECK")]
        assert [line[2] for line in told] == ["pass", *["unavailable"] * 3], told
        assert "Spark has stopped" in told[1][5]
        # Spark is back: whatever is wrong now is shown as ever
        assert "Spark was stopped" not in cells[5]
        assert "Traceback" in cells[6]
        assert "TABLE_OR_VIEW_NOT_FOUND" in cells[6]
    assert "Py4J" not in done.stdout + done.stderr
