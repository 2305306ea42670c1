"""Loading, splitting and scaling with Spark: the same rows whatever the partitioning."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F  # noqa: N812

from course_utils import data, paths
from course_utils.data import store
from course_utils.data.listings import clean_block, raw_block
from course_utils.data.scale import scaled
from course_utils.data.schema import COLUMNS
from course_utils.data.splits import split, split_folder
from course_utils.errors import CourseError

pytestmark = pytest.mark.spark


@pytest.fixture(autouse=True)
def _own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COURSE_SCALE", "small")


def _bag(frame: DataFrame) -> list[Row]:
    return sorted(frame.collect(), key=str)


@pytest.mark.parametrize("name", store.DATA_SETS)
def test_load_gives_every_row_of_the_file(spark, name):
    frame = data.load(name)
    assert frame.count() == store.manifest()["data_sets"][name]["rows"]
    if name.startswith("trips"):
        assert frame.na.drop().count() == frame.count(), "every value has the declared type"
        kinds = dict(frame.dtypes)
        assert kinds["minutes"] == ("string" if name == "trips_day5" else "int")
        assert kinds["updated_at"] == "timestamp"


def test_listings_are_one_partition_in_the_order_of_the_file(spark):
    frame = data.load("listings")
    assert tuple(frame.columns) == COLUMNS
    assert frame.rdd.getNumPartitions() == 1
    expected = pd.read_parquet(data.locate("listings"))
    pd.testing.assert_frame_equal(frame.toPandas(), expected)


def test_load_of_raw_listings_keeps_quotes_and_line_breaks(spark):
    first = data.load("listings_raw").limit(200).toPandas()
    expected = raw_block(0).iloc[:200]
    assert first["summary"].str.contains("\n").any()
    for name in ("id", "name", "summary", "price", "amenities"):
        assert (first[name].fillna("") == expected[name].fillna("")).all()


def test_load_without_a_session_says_what_to_call():
    code = (
        "from course_utils import load\nfrom course_utils.errors import CourseError\n"
        "try:\n    load('listings')\nexcept CourseError as error:\n    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=paths.ROOT, capture_output=True, text=True, check=True
    )
    assert "get_spark" in done.stdout
    assert done.stdout.count("\n") == 1


def test_the_split_parts_every_row_once_and_is_written_once(spark):
    train, test = data.load_split("listings")
    whole = data.load("listings")
    assert train.columns == test.columns == whole.columns
    assert train.unionAll(test).exceptAll(whole).isEmpty()
    assert train.count() + test.count() == whole.count()
    assert 0.78 <= train.count() / whole.count() <= 0.82

    folder = Path(train.inputFiles()[0].removeprefix("file:")).parent
    files = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    data.load_split("listings")
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == files


def test_the_split_is_the_same_on_every_machine(spark):
    # Numbers that any machine must find again; they change only with the generated listings.
    train, test = data.load_split("listings")
    key = F.pmod(F.xxhash64(*sorted(COLUMNS)), F.lit(100))
    assert train.agg(F.max(key)).collect() == [(79,)]
    assert test.agg(F.min(key)).collect() == [(80,)]
    content = F.bit_xor(F.xxhash64(*sorted(COLUMNS)))
    assert train.agg(F.count("*"), content).collect() == [(5_635, 2958960198783119598)]
    assert test.agg(F.count("*"), content).collect() == [(1_365, -5285481453895329970)]


def test_the_split_does_not_depend_on_order_or_partitions(spark):
    train, test = data.load_split("listings")
    whole = data.load("listings")
    for other in (
        whole.repartition(7),
        whole.repartition(3, "room_type").sortWithinPartitions("price"),
        whole.orderBy(F.rand(seed=1)),
        whole.select(*reversed(whole.columns)),
    ):
        train_again, test_again = (side.select(*COLUMNS) for side in split(other))
        assert _bag(train_again) == _bag(train)
        assert _bag(test_again) == _bag(test)


def test_equal_rows_go_to_the_same_side(spark):
    whole = data.load("listings").limit(300)
    train, test = split(whole.unionAll(whole).repartition(5))
    assert train.intersect(test).isEmpty()
    assert train.count() + test.count() == 600


def test_the_split_follows_the_listings_in_use(spark, tmp_path):
    generated_folder = split_folder()
    generated = data.load_split("listings")[0].count()
    other = clean_block(100)
    other.to_parquet(tmp_path / "other.parquet", index=False)
    data.use(tmp_path / "other.parquet")
    assert split_folder() != generated_folder
    train, test = data.load_split("listings")
    assert train.count() + test.count() == len(other)
    data.reset()
    assert [path for path in generated_folder.parent.iterdir() if path.is_dir()] == [
        generated_folder
    ]
    assert split_folder() == generated_folder
    assert data.load_split("listings")[0].count() == generated


def test_only_listings_have_a_split(spark):
    with pytest.raises(CourseError, match="load_split knows: listings"):
        data.load_split("orders")


@pytest.mark.parametrize("name", ["listings", "listings_raw"])
def test_scaled_rows_do_not_depend_on_partitions(spark, name):
    one = scaled(spark, name, blocks=4, partitions=1)
    many = scaled(spark, name, blocks=4, partitions=3).repartition(5)
    assert _bag(one) == _bag(many)


def test_scaled_blocks_are_the_blocks_of_small(spark):
    small = pd.read_parquet(data.locate("listings"))
    pd.testing.assert_frame_equal(
        scaled(spark, "listings", blocks=7, partitions=1).toPandas(), small
    )


def test_a_larger_scale_is_written_once_and_loaded(spark, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_SCALE", "large:8500")
    frame = data.load("listings")
    assert frame.count() == 9_000
    assert tuple(frame.columns) == COLUMNS
    assert "Generating listings (9,000 listings)" in capsys.readouterr().out
    small = spark.createDataFrame(clean_block(8))
    assert small.exceptAll(frame).isEmpty()
    folder = Path(data.locate("listings"))
    assert folder.is_dir()
    train, test = data.load_split("listings")
    assert train.count() + test.count() == 9_000
    raw = data.load("listings_raw")
    assert raw.count() == 9 * len(raw_block(0))
    assert set(raw.columns) == set(raw_block(0).columns)
    capsys.readouterr()
    assert data.load("listings").count() == 9_000
    assert capsys.readouterr().out == ""


def test_the_real_file_gives_the_published_split(spark, real_data):
    source = real_data / "sf_airbnb_clean.parquet"
    data.use(source)
    assert Path(data.locate("listings")).read_bytes() == source.read_bytes()
    frame = data.load("listings")
    assert (frame.count(), len(frame.columns)) == (7_146, 34)
    assert frame.rdd.getNumPartitions() == 1
    train, test = frame.randomSplit([0.8, 0.2], seed=42)
    assert (train.count(), test.count()) == (5_780, 1_366)
    kept_train, kept_test = data.load_split("listings")
    assert kept_train.count() + kept_test.count() == 7_146
