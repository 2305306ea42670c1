"""Feature tables: written whole or not at all, read as of a version, found again."""

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from course_utils.errors import CourseError
from course_utils.features import FeatureEngineeringClient, FeatureFunction, FeatureLookup
from course_utils.features.values import as_json
from tests.unit.spark_jobs import counting_jobs

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

pytestmark = pytest.mark.spark

_HISTORY = """
    SELECT * FROM VALUES (1, TIMESTAMP '2024-01-01', 10D, 'a'),
    (1, TIMESTAMP '2024-01-05', 11D, 'b'),
    (2, TIMESTAMP '2024-01-01', 20D, NULL) AS t(id, ts, spend, plan)"""


@pytest.fixture(scope="module")
def client(spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A store with two tables that no test changes: a time series and one without."""
    found = FeatureEngineeringClient(spark, tmp_path_factory.mktemp("store"))
    found.create_table(
        "history",
        ["id", "ts"],
        spark.sql(_HISTORY),
        timeseries_columns="ts",
        description="What customers spend",
        tags={"team": "sales", "pii": "no"},
        owner="ada",
    )
    cities = spark.sql("SELECT * FROM VALUES ('A', 1, 5L), ('B', 2, 7L) AS t(city, zone, shops)")
    found.create_table("geo.cities", ["city", "zone"], cities, owner="bob")
    return found


@pytest.fixture
def table(spark: "SparkSession", tmp_path: Path) -> FeatureEngineeringClient:
    """A store of the test's own with one table, `t`."""
    client = FeatureEngineeringClient(spark, tmp_path / "store")
    client.create_table("t", "id", spark.sql("SELECT 1 id, 10D x UNION ALL SELECT 2, 20D"))
    return client


def _rows(frame: "DataFrame") -> list[tuple[Any, ...]]:
    return sorted(tuple(row) for row in frame.collect())


def test_merge_overwrite_and_read_as_of(
    spark: "SparkSession", table: FeatureEngineeringClient
) -> None:
    before = datetime.now(UTC)
    table.write_table("t", spark.sql("SELECT 2 id, 21D x UNION ALL SELECT 3, 30D"))
    assert _rows(table.read_table("t")) == [(1, 10.0), (2, 21.0), (3, 30.0)]
    table.write_table("t", spark.sql("SELECT 3 id, 'new' y"))
    assert table.get_table("t").features == ("x", "y")
    rows = _rows(table.read_table("t").na.fill({"y": "-"}))
    assert rows == [(1, 10.0, "-"), (2, 21.0, "-"), (3, 30.0, "new")]
    table.write_table("t", spark.sql("SELECT 9 id, 90D x"), mode="overwrite")
    assert _rows(table.read_table("t")) == [(9, 90.0, None)]
    assert _rows(table.read_table("t", as_of=0)) == [(1, 10.0), (2, 20.0)]
    assert _rows(table.read_table("t", as_of=before)) == [(1, 10.0), (2, 20.0)]
    assert _rows(table.read_table("t", as_of=str(datetime.now(UTC)))) == [(9, 90.0, None)]
    with pytest.raises(CourseError, match="it has the versions 0 to 3"):
        table.read_table("t", as_of=7)
    with pytest.raises(CourseError, match="t did not exist yet at 2020-01-01"):
        table.read_table("t", as_of="2020-01-01")
    pinned = table.create_training_set(
        spark.sql("SELECT 2 id, 1 y"), [FeatureLookup("t", "id", "x")], label="y", as_of={"t": 1}
    )
    assert _rows(pinned.load_df()) == [(2, 1, 21.0)]


def _bad(name: str, query: str, told: str) -> Any:
    return pytest.param(query, told, id=name)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        _bad("no key", "SELECT 5D x", "no key column 'id'"),
        _bad("key twice", "SELECT 5 id, 1D x UNION ALL SELECT 5, 2D", r"more than once \(id=5\)"),
        _bad("null key", "SELECT CAST(NULL AS INT) id, 1D x", "1 rows for feature table t have no"),
        _bad("type of a feature", "SELECT 5 id, 'much' x", "'x' .* is double, the frame has str"),
        _bad("type of a key", "SELECT 5L id, 1D x", "'id' .* is int, the frame has bigint"),
    ],
)
@pytest.mark.parametrize("mode", ["merge", "overwrite"])
def test_a_bad_update_changes_nothing(
    spark: "SparkSession", client: FeatureEngineeringClient, query: str, told: str, mode: Any
) -> None:
    if not client.search_tables("t", column="x"):
        client.create_table("t", "id", spark.sql("SELECT 1 id, 10D x"))
    with pytest.raises(CourseError, match=told) as caught:
        client.write_table("t", spark.sql(query), mode)
    assert "\n" not in str(caught.value)
    assert client._tables.version(spark, "t") == 0
    assert client.get_table("t").columns == {"id": "int", "x": "double"}


def test_no_table_is_made_of_a_stream(
    spark: "SparkSession", client: FeatureEngineeringClient
) -> None:
    stream = spark.readStream.format("rate").load().selectExpr("1 id", "timestamp ts", "2D spend")
    with pytest.raises(CourseError, match="Create the table with the stream's schema"):
        client.create_table("streamed", "id", stream, timeseries_columns="ts")


def test_a_time_series_needs_its_time(
    spark: "SparkSession", client: FeatureEngineeringClient
) -> None:
    with pytest.raises(CourseError, match="no key column 'ts'"):
        client.write_table("history", spark.sql("SELECT 1 id, 2D spend, 'c' plan"))
    with pytest.raises(CourseError, match="have no 'ts'"):
        client.write_table("history", spark.sql("SELECT 1 id, CAST(NULL AS TIMESTAMP) ts"))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"name": "history"}, "history exists"),
        ({"name": "../out"}, "cannot name a feature table"),
        ({"primary_keys": "customer"}, "no column 'customer'"),
        ({"primary_keys": []}, "no primary key"),
        ({"timeseries_columns": "x"}, "is double. Cast it to a timestamp"),
        ({"primary_keys": ["id", "x"]}, "keys but no features"),
        ({"df": None}, "a frame or a schema"),
        ({"df": "SELECT 1 id, 1D x UNION ALL SELECT 1, 2D"}, "more than once"),
    ],
)
def test_a_table_that_cannot_be_made(
    spark: "SparkSession", client: FeatureEngineeringClient, changed: dict[str, Any], told: str
) -> None:
    arguments = {"name": "new", "primary_keys": "id", "df": "SELECT 1 id, 2D x"} | changed
    if arguments["df"]:
        arguments["df"] = spark.sql(arguments["df"])
    with pytest.raises(CourseError, match=told):
        client.create_table(**arguments)
    names = ["geo.cities", "history"]
    assert [entry.name for entry in client.search_tables() if entry.name != "t"] == names
    folder = Path(client._tables.path("history")).parent
    assert sorted(path.name for path in folder.iterdir() if path.name != "t") == names


def test_a_write_that_fails_leaves_no_table(
    spark: "SparkSession", client: FeatureEngineeringClient
) -> None:
    before = spark.conf.get("spark.sql.ansi.enabled")
    spark.conf.set("spark.sql.ansi.enabled", "true")
    try:
        broken = spark.sql("SELECT id, CAST(1 / (id - 3) AS DOUBLE) x FROM range(5)")
        with pytest.raises(Exception, match="DIVIDE_BY_ZERO"):
            client.create_table("broken", "id", broken)
    finally:
        spark.conf.set("spark.sql.ansi.enabled", str(before))
    with pytest.raises(CourseError, match="no feature table 'broken'"):
        client.get_table("broken")
    assert not Path(client._tables.path("broken")).exists()


def test_tables_are_found_by_text_owner_tag_and_column(client: FeatureEngineeringClient) -> None:
    def names(*text: str, **conditions: Any) -> list[str]:
        return [entry.name for entry in client.search_tables(*text, **conditions)]

    assert names("SPEND") == names(owner="ada") == names(tag="pii") == ["history"]
    assert names(column="shops") == names("geo.") == ["geo.cities"]
    assert names(tag=("team", "sales"), column="plan") == ["history"]
    assert names(tag=("team", "it")) == names("spend", owner="bob") == []
    client.set_tag("geo.cities", "team", "it")
    assert names(tag=("team", "it")) == ["geo.cities"]
    client.delete_tag("geo.cities", "team")
    assert names(tag=("team", "it")) == []


def test_a_dropped_table_is_gone_with_its_files(table: FeatureEngineeringClient) -> None:
    folder = Path(table._tables.path("t")).parent
    table.publish_table("t")
    with pytest.raises(CourseError, match="First drop_online_table"):
        table.drop_table("t")
    table.drop_online_table("t")
    table.drop_table("t")
    assert list(folder.iterdir()) == []
    with pytest.raises(CourseError, match="There are: none yet"):
        table.read_table("t")


def test_lineage_knows_the_files_and_tables_a_table_came_from(
    spark: "SparkSession", table: FeatureEngineeringClient, tmp_path: Path
) -> None:
    spark.sql("SELECT 1 id, 3D z").write.parquet(str(tmp_path / "landing"))
    landed = spark.read.parquet(str(tmp_path / "landing"))
    joined = table.read_table("t").join(landed, "id").select("id", "z")
    table.create_table("derived", "id", joined)
    assert set(table.lineage("derived").sources) == {"t", str(tmp_path / "landing")}
    assert table.lineage("t").feeds == ("derived",)
    assert table.lineage("t").sources == ()


def test_lineage_names_a_file_that_stands_alone(
    spark: "SparkSession", table: FeatureEngineeringClient, tmp_path: Path
) -> None:
    for name in ("one", "other"):
        (tmp_path / f"{name}.csv").write_text("id,z\n1,2\n")
    one = spark.read.csv(str(tmp_path / "one.csv"), header=True)
    table.create_table("of_one", "id", one)
    assert table.lineage("of_one").sources == (str(tmp_path / "one.csv"),)
    both = spark.read.csv(str(tmp_path / "*.csv"), header=True).dropDuplicates(["id"])
    table.create_table("of_both", "id", both)
    assert table.lineage("of_both").sources == (str(tmp_path),)


def _labels(spark: "SparkSession") -> "DataFrame":
    return spark.sql(
        "SELECT id, ts AS at, 'A' AS city, 1 AS zone, id % 2 AS y FROM VALUES"
        " (1, TIMESTAMP '2024-01-05'), (1, TIMESTAMP '2024-01-04'), (2, TIMESTAMP '2024-02-01'),"
        " (3, TIMESTAMP '2024-01-05') AS t(id, ts)"
    )


def test_training_set_of_all_kinds_of_lookup(
    spark: "SparkSession", client: FeatureEngineeringClient
) -> None:
    client.register_function("ratio", lambda spend, shops: spend and spend / shops)
    training = client.create_training_set(
        _labels(spark),
        [
            FeatureFunction("ratio", {"spend": "money", "shops": "shops"}, "per_shop"),
            FeatureLookup(
                "history",
                "id",
                timestamp_lookup_key="at",
                lookback_window=timedelta(days=3),
                rename_outputs={"spend": "money"},
                default_values={"plan": "none"},
            ),
            FeatureLookup("geo.cities", ["city", "zone"]),
        ],
        label="y",
        exclude_columns=["city", "zone", "at"],
    )
    frame = training.load_df()
    assert frame.columns == ["id", "y", "money", "plan", "shops", "per_shop"]
    rows = Counter(tuple(row) for row in frame.collect())
    assert rows == {
        (1, 1, 11.0, "b", 5, 2.2): 1,
        (1, 1, 10.0, "a", 5, 2.0): 1,
        (2, 0, None, "none", 5, None): 1,  # too old
        (3, 1, None, "none", 5, None): 1,  # unknown
    }
    told = training.explain_lookup(
        {"id": 1, "at": datetime(2024, 1, 3), "city": "B", "zone": 2}
    ).collect()
    assert [(row.feature, row.value, row.row_time, row.why) for row in told] == [
        ("money", "10.0", "2024-01-01 00:00:00", "found"),
        ("plan", "a", "2024-01-01 00:00:00", "found"),
        ("shops", "7", None, "found"),
    ]
    old = training.explain_lookup({"id": 2, "at": datetime(2024, 3, 1), "city": None, "zone": 2})
    assert [row.why for row in old.collect()] == ["too old", "too old", "null key"]


def test_a_training_set_runs_nothing_until_its_rows_are_used(
    spark: "SparkSession", client: FeatureEngineeringClient, tmp_path: Path
) -> None:
    _labels(spark).write.format("delta").save(str(tmp_path / "labels"))
    labels = spark.read.format("delta").load(str(tmp_path / "labels"))
    lookup = FeatureLookup("history", "id", timestamp_lookup_key="at")

    def make() -> "DataFrame":
        return client.create_training_set(labels, [lookup], label="y").load_df()

    make()  # a session's first look at a table loads the table's log
    with counting_jobs(spark) as making:
        training = make()
    with counting_jobs(spark) as using:
        training.collect()
    assert making == [0]
    assert using[0] > 0


def test_only_commits_count_as_versions(
    spark: "SparkSession", table: FeatureEngineeringClient
) -> None:
    table.write_table("t", spark.sql("SELECT 3 id, 30D x"))
    log = Path(table._tables.path("t"), "_delta_log")
    for other in (f"{7:020}.checkpoint.0a1b.json", f"{0:020}.{8:020}.compacted.json"):
        (log / other).touch()
    assert table._tables.version(spark, "t") == 1


def test_a_table_whose_files_are_gone_says_so(
    spark: "SparkSession", table: FeatureEngineeringClient
) -> None:
    shutil.rmtree(table._tables.path("t"))
    lookup = FeatureLookup("t", "id")
    with pytest.raises(CourseError, match=r"files of feature table t are gone.*drop_table\('t'\)"):
        table.create_training_set(spark.sql("SELECT 1 id"), [lookup], label=None)
    with pytest.raises(CourseError, match="files of feature table t are gone"):
        table.read_table("t")
    table.drop_table("t")
    table.create_table("t", "id", spark.sql("SELECT 1 id, 2D x"))
    assert _rows(table.read_table("t")) == [(1, 2.0)]


_OK = {"table_name": "history", "lookup_key": "id", "timestamp_lookup_key": "at"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"table_name": "nothing"}, "no feature table 'nothing'"),
        ({"lookup_key": "customer"}, "no lookup key of history 'customer'"),
        ({"lookup_key": ["id", "zone"]}, "has 2 keys"),
        ({"lookup_key": "city"}, "'city' is string, key 'id' of history is int"),
        ({"timestamp_lookup_key": None}, "could see the future"),
        ({"timestamp_lookup_key": "when"}, "no timestamp_lookup_key of history 'when'"),
        ({"timestamp_lookup_key": "zone"}, "'zone' is int, the time of history is timestamp"),
        ({"feature_names": []}, "names no feature"),
        ({"feature_names": "income"}, "no feature of history 'income'"),
        ({"feature_names": "plan", "rename_outputs": {"spend": "s"}}, "but not looked up"),
        ({"default_values": {"spend": "much"}}, "'much' of feature 'spend' is no double"),
        ({"rename_outputs": {"spend": "zone"}}, "second column of that name"),
        ({"timestamp_lookup_key": None, "lookback_window": timedelta(1)}, "no time to look back"),
        ({"lookback_window": timedelta(-1)}, "is negative"),
        ({"table_name": "geo.cities", "lookup_key": ["city", "zone"]}, "no time-series table"),
    ],
)
def test_a_lookup_that_does_not_fit(
    spark: "SparkSession", client: FeatureEngineeringClient, changed: dict[str, Any], told: str
) -> None:
    with pytest.raises(CourseError, match=told) as caught:
        client.create_training_set(_labels(spark), [FeatureLookup(**(_OK | changed))], label="y")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        (FeatureFunction("nothing", {}), "no function 'nothing'"),
        (FeatureFunction("half", {"b": "id"}), r"has the parameters \(a\)"),
        (FeatureFunction("half", {"a": "none"}), "no column bound to function half 'none'"),
        (FeatureFunction("half", {"a": "id"}, "zone"), "second column of that name"),
    ],
)
def test_a_function_that_does_not_fit(
    spark: "SparkSession",
    client: FeatureEngineeringClient,
    declared: FeatureFunction,
    told: str,
) -> None:
    client.register_function("half", lambda a: a / 2)
    with pytest.raises(CourseError, match=told):
        client.create_training_set(_labels(spark), [declared], label="y")


@pytest.mark.parametrize(
    ("function", "returns", "told"),
    [(len, "int", "made with def or lambda"), (lambda a: a, "struct<a:int>", "can't return"),
     (lambda *a: 1, "int", r"takes \* arguments")],
)  # fmt: skip
def test_a_function_that_cannot_be_kept(
    client: FeatureEngineeringClient, function: Callable[..., Any], returns: str, told: str
) -> None:
    with pytest.raises(CourseError, match=told):
        client.register_function("f", function, returns)


def test_a_feature_comes_as_it_was_written_whatever_its_type(spark: "SparkSession") -> None:
    from course_utils.features.values import from_json

    frame = spark.sql(
        "SELECT CAST(0.1 AS FLOAT) f, 1D / 3 d, DATE '2024-02-29' day, X'00FF' raw,"
        " TIMESTAMP '2024-01-01 00:00:00.000001Z' t, 1.10BD dec, array(1D, NULL) v"
    )
    kinds = {field.name: field.dataType.simpleString() for field in frame.schema.fields}
    text = frame.select(as_json(kinds)).first()
    assert text is not None
    found = from_json(text[0], kinds)
    same = frame.toArrow().to_pylist()[0]
    assert {name: value for name, value in found.items() if name != "t"} == {
        name: value for name, value in same.items() if name != "t"
    }
    assert found["t"].timestamp() == same["t"].timestamp()
