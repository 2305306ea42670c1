"""Calls as the platform's documentation has them: only the import differs.

Keys and features are whole numbers, and each feature follows from its key, so that any row shows
whether it got its own. Labels come shuffled and cut, as a sample of a table does.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mlflow
import pytest

from course_utils.features import (
    EndpointCoreConfig,
    FeatureEngineeringClient,
    FeatureFunction,
    FeatureLookup,
    FeatureStoreClient,
    ServedEntity,
)
from tests.unit.feature_stores import refused
from tests.unit.mlflow_stores import mlflow_at, sqlite_in

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.slow]

_KEYS = 40
CUSTOMERS = "recommender.customer_features"
WEEKS = "recommender.customer_weeks"


@pytest.fixture(scope="module")
def fe(
    spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FeatureEngineeringClient]:
    """A client as it is made there, with a table of customers and one of their weeks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("platform"))
        found = FeatureEngineeringClient()
        found.create_table(name=CUSTOMERS, primary_keys=["customer_id"], df=_customers(spark))
        found.create_table(
            name=WEEKS,
            primary_keys=["customer_id", "week"],
            timeseries_columns="week",
            df=_weeks(spark),
        )
        yield found


def _customers(spark: "SparkSession") -> "DataFrame":
    columns = "cast(id AS int) customer_id", "cast(3 * id + 1 AS int) visits", "7 * id spend"
    return spark.range(_KEYS).selectExpr(*columns)


def _weeks(spark: "SparkSession") -> "DataFrame":
    """Three weeks of each customer; `orders` says which, and of whom."""
    days = "explode(sequence(date'2024-01-01', date'2024-01-15', interval 7 days)) day"
    rows = spark.range(_KEYS).selectExpr("cast(id AS int) customer_id", days)
    orders = "cast(100 * customer_id + day(day) AS int) orders"
    return rows.selectExpr("customer_id", "timestamp(day) week", orders)


@pytest.fixture(scope="module")
def labels(spark: "SparkSession") -> "DataFrame":
    """Keys, a time in the second week and a label: shuffled, and cut where chance has it."""
    columns = f"cast(id % {_KEYS} AS int) customer_id", "timestamp'2024-01-10' ts", "id % 2 churn"
    return spark.range(500).selectExpr(*columns).orderBy("churn").sample(0.5).limit(150)


def _rows(training: Any, count: int = 150) -> list[dict[str, Any]]:
    rows = [row.asDict() for row in training.load_df().collect()]
    assert len(rows) == count
    return rows


def _post(endpoint: Any, body: Any, token: str | None = None) -> tuple[int, Any]:
    request = urllib.request.Request(
        endpoint.url,
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {token or endpoint.token}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


# Clients and tables


def test_clients_take_the_addresses_of_a_workspace(fe: FeatureEngineeringClient) -> None:
    here = FeatureEngineeringClient(model_registry_uri="databricks-uc")
    older = FeatureStoreClient(
        feature_store_uri="databricks", model_registry_uri="databricks://scope:prefix"
    )
    for client in (here, older):
        assert client.get_table(CUSTOMERS).primary_keys == ("customer_id",)
    refused(
        "set_registry_uri",
        lambda: FeatureEngineeringClient(model_registry_uri="sqlite:///registry.db"),
    )


@pytest.mark.parametrize("spelling", ["timestamp_keys", "timeseries_column", "timeseries_columns"])
@pytest.mark.parametrize("time", ["week", ["week"]])
def test_a_time_column_by_each_of_its_names(
    spark: "SparkSession", fe: FeatureEngineeringClient, spelling: str, time: Any
) -> None:
    name = f"times.{spelling}_{type(time).__name__}"
    keys = ["customer_id", "week"]
    table = fe.create_table(name=name, primary_keys=keys, df=_weeks(spark), **{spelling: time})
    assert table.timestamp_keys == ["week"]
    assert table.primary_keys == ("customer_id",)
    assert fe.get_table(name=name).features == ("orders",)


def test_a_frame_with_its_own_schema(spark: "SparkSession", fe: FeatureEngineeringClient) -> None:
    df = _customers(spark)
    fe.create_table(name="with_schema", primary_keys="customer_id", df=df, schema=df.schema)
    assert fe.read_table(name="with_schema").count() == _KEYS
    other = df.drop("spend").schema
    refused(
        "other columns than the schema",
        lambda: fe.create_table(name="no", primary_keys="customer_id", df=df, schema=other),
    )


def test_a_schema_now_and_rows_later(spark: "SparkSession", fe: FeatureEngineeringClient) -> None:
    df = _customers(spark)
    fe.create_table(
        name="later",
        primary_keys="customer_id",
        schema=df.schema,
        description=None,
        partition_columns=None,
        tags=None,
    )
    fe.write_table(name="later", df=df, mode="overwrite")
    assert sorted(fe.read_table(name="later").collect()) == sorted(df.collect())


def test_what_get_table_tells(
    spark: "SparkSession", fe: FeatureEngineeringClient, tmp_path: Path
) -> None:
    _customers(spark).write.parquet(str(tmp_path / "raw"))
    fe.create_table(
        name="described",
        primary_keys="customer_id",
        df=spark.read.parquet(str(tmp_path / "raw")),
        description="what they did",
        tags={"team": "growth"},
    )
    fe.create_table(
        name="derived", primary_keys=["customer_id"], df=fe.read_table(name="described")
    )
    table = fe.get_table(name="described")
    assert (table.description, table.tags) == ("what they did", {"team": "growth"})
    assert (table.path_data_sources, table.table_data_sources) == ([str(tmp_path / "raw")], [])
    assert (table.timestamp_keys, table.partition_columns) == ([], ())
    assert table.creation_timestamp > 1_700_000_000_000
    assert fe.get_table(name="derived").table_data_sources == ["described"]


def test_tags_by_either_clients_spelling(fe: FeatureEngineeringClient) -> None:
    fe.set_feature_table_tag(name=CUSTOMERS, key="team", value="growth")
    fe.set_feature_table_tag(table_name=CUSTOMERS, key="tier", value="1")
    assert fe.get_table(name=CUSTOMERS).tags == {"team": "growth", "tier": "1"}
    fe.delete_feature_table_tag(name=CUSTOMERS, key="team")
    fe.delete_feature_table_tag(table_name=CUSTOMERS, key="tier")
    assert fe.get_table(name=CUSTOMERS).tags == {}


def test_a_table_as_it_was_at_a_moment(spark: "SparkSession", fe: FeatureEngineeringClient) -> None:
    fe.create_table(name="moments", primary_keys="customer_id", df=_customers(spark))
    fe.write_table(name="moments", df=spark.sql("SELECT 0 customer_id, -1 visits"))
    history = spark.sql(f"DESCRIBE HISTORY delta.`{Path.cwd()}/feature_store/tables/moments`")
    first = history.where("version = 0").first()
    assert first is not None
    then = fe.read_table(name="moments", as_of_delta_timestamp=first["timestamp"])
    assert then.where("customer_id = 0").select("visits").collect() == [(1,)]


def test_a_stream_is_written_batch_by_batch(
    spark: "SparkSession", fe: FeatureEngineeringClient, tmp_path: Path
) -> None:
    df = _customers(spark)
    for part in range(2):
        df.where(f"customer_id % 2 = {part}").write.mode("append").json(str(tmp_path / "in"))
    stream = spark.readStream.schema(df.schema).json(str(tmp_path / "in"))
    fe.create_table(name="streamed", primary_keys="customer_id", schema=df.schema)
    query = fe.write_table(
        name="streamed",
        df=stream,
        mode="merge",
        checkpoint_location=str(tmp_path / "checkpoint"),
        trigger={"availableNow": True},
    )
    assert query is not None
    query.awaitTermination()
    assert sorted(fe.read_table(name="streamed").collect()) == sorted(df.collect())
    assert list((tmp_path / "checkpoint").iterdir())
    wrong = stream.drop("customer_id")
    refused("no key column 'customer_id'", lambda: fe.write_table(name="streamed", df=wrong))
    refused("Leave mode out", lambda: fe.write_table("streamed", stream, mode="overwrite"))


# Tables of Spark's catalog


@pytest.fixture
def catalog_table(spark: "SparkSession") -> Iterator[str]:
    """A Delta table that Spark knows by name."""
    _customers(spark).write.format("delta").saveAsTable("default.members")
    yield "default.members"
    spark.sql("DROP TABLE default.members")


def test_a_registered_table_is_looked_up_and_written_where_it_is(
    spark: "SparkSession",
    fe: FeatureEngineeringClient,
    labels: "DataFrame",
    catalog_table: str,
) -> None:
    def register() -> Any:
        return fe.register_table(
            delta_table=catalog_table,
            primary_keys="customer_id",
            description="members",
            tags={"team": "growth"},
        )

    assert register() == register() == fe.get_table(name=catalog_table)
    lookup = FeatureLookup(table_name=catalog_table, lookup_key="customer_id")
    training = fe.create_training_set(df=labels, feature_lookups=[lookup], label="churn")
    fe.write_table(name=catalog_table, df=spark.sql("SELECT 999 customer_id, 5 visits, 6L spend"))
    assert spark.table(catalog_table).where("customer_id = 999").count() == 1
    for row in _rows(training):
        assert (row["visits"], row["spend"]) == (3 * row["customer_id"] + 1, 7 * row["customer_id"])
    fe.create_table(name="from_members", primary_keys="customer_id", df=spark.table(catalog_table))
    assert fe.lineage("from_members").sources == (catalog_table,)
    fe.drop_table(name=catalog_table)
    assert spark.table(catalog_table).count() == _KEYS + 1


def test_a_registered_tables_keys_are_checked(
    spark: "SparkSession", fe: FeatureEngineeringClient, catalog_table: str
) -> None:
    spark.sql(f"INSERT INTO {catalog_table} SELECT 1, 1, 1L")
    refused(
        "customer_id",
        lambda: fe.register_table(delta_table=catalog_table, primary_keys="customer_id"),
    )
    assert fe.search_tables(catalog_table) == []
    refused(
        "no table 'default.none'",
        lambda: fe.register_table(delta_table="default.none", primary_keys="customer_id"),
    )


def test_a_table_of_the_catalog_is_read_by_name(
    fe: FeatureEngineeringClient, labels: "DataFrame", catalog_table: str
) -> None:
    assert fe.read_table(name=catalog_table).count() == _KEYS
    lookup = FeatureLookup(table_name=catalog_table, lookup_key="customer_id")
    refused("register_table", lambda: fe.create_training_set(labels, [lookup], "churn"))


# Training sets


def test_an_event_time_in_a_list(fe: FeatureEngineeringClient, labels: "DataFrame") -> None:
    lookup = FeatureLookup(
        table_name=WEEKS,
        feature_names=["orders"],
        lookup_key=["customer_id"],
        timestamp_lookup_key=["ts"],
        lookback_window=timedelta(days=7),
    )
    training = fe.create_training_set(
        labels, feature_lookups=[lookup], label="churn", exclude_columns=["ts"]
    )
    for row in _rows(training):
        assert row["orders"] == 100 * row["customer_id"] + 8
    refused(
        "2 event times",
        lambda: FeatureLookup(WEEKS, "customer_id", timestamp_lookup_key=["ts", "week"]),
    )


def test_one_feature_by_the_older_spelling(
    fe: FeatureEngineeringClient, labels: "DataFrame"
) -> None:
    lookups = [
        FeatureLookup(table_name=CUSTOMERS, feature_name="visits", lookup_key="customer_id"),
        FeatureLookup(
            table_name=CUSTOMERS,
            feature_name="spend",
            output_name="paid",
            lookup_key="customer_id",
        ),
    ]
    training = fe.create_training_set(df=labels.drop("ts"), feature_lookups=lookups, label="churn")
    for row in _rows(training):
        key = row["customer_id"]
        assert row == {
            "customer_id": key, "churn": row["churn"], "visits": 3 * key + 1, "paid": 7 * key
        }  # fmt: skip
    refused(
        "rename_outputs",
        lambda: FeatureLookup(CUSTOMERS, "customer_id", output_name="two"),
    )


def test_a_default_of_a_feature_by_its_new_name(
    spark: "SparkSession", fe: FeatureEngineeringClient
) -> None:
    lookup = FeatureLookup(
        table_name=CUSTOMERS,
        lookup_key="customer_id",
        feature_names=["visits", "spend"],
        rename_outputs={"visits": "seen"},
        default_values={"seen": -1, "spend": 0},
    )
    df = spark.sql("SELECT explode(array(2, 777)) customer_id, 1 churn")
    training = fe.create_training_set(df=df, feature_lookups=[lookup], label="churn")
    assert sorted(tuple(row) for row in training.load_df().collect()) == [
        (2, 1, 7, 14), (777, 1, -1, 0)
    ]  # fmt: skip


def test_columns_to_leave_out_that_are_not_there(
    fe: FeatureEngineeringClient, labels: "DataFrame"
) -> None:
    training = fe.create_training_set(
        df=labels,
        feature_lookups=[FeatureLookup(table_name=CUSTOMERS, lookup_key="customer_id")],
        label="churn",
        exclude_columns=["customer_id", "TS", "booking_date"],
    )
    assert training.load_df().columns == ["churn", "visits", "spend"]


def test_hints_of_the_platforms_engine(fe: FeatureEngineeringClient, labels: "DataFrame") -> None:
    lookup = FeatureLookup(table_name=WEEKS, lookup_key="customer_id", timestamp_lookup_key="ts")
    training = fe.create_training_set(
        df=labels,
        feature_lookups=[lookup],
        label="churn",
        exclude_columns=None,
        use_spark_native_join=True,
        use_timeseries_filtering=True,
    )
    assert all(row["orders"] == 100 * row["customer_id"] + 8 for row in _rows(training))


# Models


@pytest.fixture
def mlflow_here(tmp_path: Path) -> Iterator[None]:
    with mlflow_at(sqlite_in(tmp_path)):
        mlflow.set_experiment(
            experiment_id=mlflow.create_experiment("platform", (tmp_path / "runs").as_uri())
        )
        yield


def test_a_forest_is_logged_and_scored_from_shuffled_keys(
    fe: FeatureEngineeringClient, labels: "DataFrame", mlflow_here: None
) -> None:
    from sklearn.ensemble import RandomForestRegressor

    lookups = [FeatureLookup(table_name=CUSTOMERS, lookup_key="customer_id")]
    training = fe.create_training_set(
        df=labels.selectExpr("customer_id", "customer_id % 3 AS churn"),
        feature_lookups=lookups,
        label="churn",
        exclude_columns=["customer_id"],
    )
    rows = training.load_df().toPandas()
    model = RandomForestRegressor(n_estimators=5, bootstrap=False, random_state=0)
    model.fit(rows.drop(columns="churn"), rows["churn"])
    with mlflow.start_run():
        fe.log_model(
            model=model,
            artifact_path="model",
            flavor=mlflow.sklearn,
            training_set=training,
            registered_model_name="recommender.churn",
            infer_input_example=True,
            await_registration_for=60,
        )
    seen = {tuple(row) for row in rows[["visits"]].to_numpy()}
    scored = fe.score_batch(
        model_uri="models:/recommender.churn/1",
        df=labels.select("customer_id"),
        result_type="double",
        use_spark_native_join=True,
    ).collect()
    assert len(scored) == 150
    assert all(row.prediction == row.customer_id % 3 for row in scored if (row.visits,) in seen)


def test_a_model_without_labels_says_what_it_predicts(
    fe: FeatureEngineeringClient, labels: "DataFrame", mlflow_here: None
) -> None:
    from mlflow.types import ColSpec, DataType, Schema
    from sklearn.cluster import KMeans

    lookups = [FeatureLookup(table_name=CUSTOMERS, lookup_key="customer_id")]
    training = fe.create_training_set(
        df=labels.select("customer_id"),
        feature_lookups=lookups,
        label=None,
        exclude_columns=["customer_id"],
    )
    model = KMeans(n_clusters=2, n_init=1, random_state=0).fit(training.load_df().toPandas())
    info = fe.log_model(
        model=model,
        artifact_path="model",
        flavor=mlflow.sklearn,
        training_set=training,
        output_schema=Schema([ColSpec(DataType.integer)]),
        extra_pip_requirements=["tomli>=2"],
    )
    assert info.signature is not None
    assert info.signature.outputs == Schema([ColSpec(DataType.integer)])
    assert "tomli>=2" in Path(mlflow.pyfunc.get_model_dependencies(info.model_uri)).read_text()
    scored = fe.score_batch(model_uri=info.model_uri, df=labels.select("customer_id"))
    assert {row.prediction for row in scored.collect()} == {0.0, 1.0}


# Online


def test_a_table_is_published_to_a_store_by_name(
    spark: "SparkSession", fe: FeatureEngineeringClient
) -> None:
    fe.create_table(name="ml.shop.customers", primary_keys="customer_id", df=_customers(spark))
    assert fe.get_online_store(name="my-online-store") is None
    fe.create_online_store(name="my-online-store", capacity="CU_2")
    online_store = fe.get_online_store(name="my-online-store")
    assert online_store is not None
    assert (online_store.state, online_store.capacity) == ("AVAILABLE", "CU_2")
    fe.publish_table(
        online_store=online_store,
        source_table_name="ml.shop.customers",
        online_table_name="ml.shop.customers_online",
        publish_mode="TRIGGERED",
    )
    assert fe.lookup_online("ml.shop.customers", [{"customer_id": 5}]) == [
        {"visits": 16, "spend": 35}
    ]
    fe.write_table("ml.shop.customers", _customers(spark).where("customer_id <> 5"), "overwrite")
    fe.publish_table(
        online_store=online_store, source_table_name="ml.shop.customers", publish_mode="SNAPSHOT"
    )
    assert fe.lookup_online("ml.shop.customers", [{"customer_id": 5}]) == [None]
    fe.drop_online_table(name="ml.shop.customers", online_store=online_store)
    fe.drop_table(name="ml.shop.customers")


def test_stores_by_name_are_listed_changed_and_deleted(fe: FeatureEngineeringClient) -> None:
    fe.create_online_store(name="b", capacity="CU_1", read_replica_count=1)
    refused("already exists", lambda: fe.create_online_store(name="b", capacity="CU_1"))
    fe.update_online_store(name="b", capacity="CU_4")
    (store,) = (one for one in FeatureEngineeringClient().list_online_stores() if one.name == "b")
    assert (store.capacity, store.read_replica_count) == ("CU_4", 1)
    fe.delete_online_store(name="b")
    assert fe.get_online_store(name="b") is None
    refused("no online store 'b'", lambda: fe.delete_online_store(name="b"))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"publish_mode": "CONTINUOUS"}, "Publish again after each write"),
        ({"online_store": "my-online-store"}, "get_online_store"),
    ],
)
def test_publishing_that_cannot_be_is_told(
    fe: FeatureEngineeringClient, arguments: dict[str, Any], told: str
) -> None:
    refused(told, lambda: fe.publish_table(source_table_name=CUSTOMERS, **arguments))


@pytest.fixture
def served(fe: FeatureEngineeringClient) -> Iterator[Callable[..., Any]]:
    """Starts an endpoint for features, and takes away what it made."""

    def serve(features: list[Any], exclude_columns: list[str] | None = None) -> Any:
        fe.create_feature_spec(name="shop.spec", features=features, exclude_columns=exclude_columns)
        return fe.create_feature_serving_endpoint(
            name="shop-features",
            config=EndpointCoreConfig(
                served_entities=ServedEntity(
                    feature_spec_name="shop.spec",
                    workload_size="Small",
                    scale_to_zero_enabled=True,
                    instance_profile_arn=None,
                )
            ),
        )

    yield serve
    fe.delete_feature_serving_endpoint(name="shop-features")
    fe.delete_feature_spec(name="shop.spec")


def test_a_feature_spec_is_served_with_a_function(
    fe: FeatureEngineeringClient, served: Callable[..., Any]
) -> None:
    fe.register_function("main.default.gap", lambda spend, limit: limit - spend, "bigint")
    fe.publish_table(name=CUSTOMERS)
    endpoint = served(
        [
            FeatureLookup(table_name=CUSTOMERS, lookup_key="user_id"),
            FeatureFunction(
                udf_name="main.default.gap",
                output_name="gap",
                input_bindings={"spend": "spend", "limit": "credit"},
            ),
        ],
        exclude_columns=["visits", "booking_date"],
    )
    found = fe.get_feature_serving_endpoint(name="shop-features")
    assert (found.state, found.url) == ("READY", endpoint.url)
    records = [{"user_id": key, "credit": 1000} for key in (9, 3, 999)]
    assert _post(endpoint, {"dataframe_records": records[:2]}) == (
        200,
        {
            "outputs": [
                {"user_id": 9, "credit": 1000, "spend": 63, "gap": 937},
                {"user_id": 3, "credit": 1000, "spend": 21, "gap": 979},
            ]
        },
    )
    status, said = _post(endpoint, {"dataframe_records": records})  # the function gets a None
    assert (status, "TypeError" in said["message"]) == (500, True)


def test_a_served_spec_of_a_time_series_needs_no_time(
    fe: FeatureEngineeringClient, served: Callable[..., Any]
) -> None:
    fe.publish_table(name=WEEKS)
    lookup = FeatureLookup(table_name=WEEKS, lookup_key="customer_id", timestamp_lookup_key="ts")
    endpoint = served([lookup])
    assert _post(endpoint, {"dataframe_records": [{"customer_id": 4}, {"customer_id": 777}]}) == (
        200,
        {"outputs": [{"customer_id": 4, "orders": 415}, {"customer_id": 777, "orders": None}]},
    )


@pytest.mark.parametrize(
    ("body", "token", "status", "told"),
    [
        ({"dataframe_records": [{"customer_id": 4}]}, "none", 401, "token"),
        ({"dataframe_records": [{"id": 4}]}, None, 400, "no column 'customer_id'"),
        ({"dataframe_records": [{"customer_id": "4"}]}, None, 400, "no key of type int"),
        ({"inputs": [4]}, None, 400, "dataframe_records"),
    ],
)
def test_a_request_that_is_none_is_told(
    fe: FeatureEngineeringClient,
    served: Callable[..., Any],
    body: Any,
    token: str | None,
    status: int,
    told: str,
) -> None:
    fe.publish_table(name=CUSTOMERS)
    endpoint = served([FeatureLookup(table_name=CUSTOMERS, lookup_key="customer_id")])
    answered, said = _post(endpoint, body, token)
    assert answered == status
    assert told in said["message"]


def test_specs_and_endpoints_that_are_there_already(
    fe: FeatureEngineeringClient, served: Callable[..., Any]
) -> None:
    features = [FeatureLookup(table_name=CUSTOMERS, lookup_key="customer_id")]
    served(features)
    refused("already exists", lambda: fe.create_feature_spec(name="shop.spec", features=features))
    config = EndpointCoreConfig(served_entities=ServedEntity(feature_spec_name="shop.spec"))
    refused(
        "already exists",
        lambda: fe.create_feature_serving_endpoint(name="shop-features", config=config),
    )
    refused(
        "cannot name an endpoint",
        lambda: fe.create_feature_serving_endpoint(name="shop_features", config=config),
    )
    refused("no endpoint 'x'", lambda: fe.get_feature_serving_endpoint(name="x"))
