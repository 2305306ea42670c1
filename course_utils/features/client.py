"""The client: every name that a user of the feature store calls."""

from pathlib import Path
from typing import TYPE_CHECKING

from course_utils.errors import CourseError
from course_utils.features.endpoints import FeatureServingEndpoint
from course_utils.features.online import absolute, open_store
from course_utils.features.online_client import Serving
from course_utils.features.publish_client import Publishing
from course_utils.features.registry import Registry
from course_utils.features.tables import Tables
from course_utils.features.training_client import Training

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


class FeatureEngineeringClient(Training, Publishing, Serving):
    """Feature tables, training sets, models packed with their lookups, online features.

    Args:
        spark: the session to use; the active one if left out, looked for at the first need.
        root: the folder of the store: Delta tables and the catalog. On a cluster, one that every
            worker sees.
        online: where features are published to: "sqlite:///file", relative to `root`, or
            "redis://host:port/db".
        model_registry_uri: one of the platform's ("databricks…") is taken and means MLflow's
            registry, as it is set.
        feature_store_uri: one of the platform's is taken and means `root`.

    Raises:
        CourseError: an address is none of these.
    """

    def __init__(
        self,
        spark: "SparkSession | None" = None,
        root: str | Path = "./feature_store",
        online: str = "sqlite:///online.db",
        *,
        model_registry_uri: str | None = None,
        feature_store_uri: str | None = None,
    ) -> None:
        for uri, instead in (
            (model_registry_uri, "mlflow.set_registry_uri(...)"),
            (feature_store_uri, "root=..."),
        ):
            if uri is not None and not uri.startswith("databricks"):
                raise CourseError(
                    f"{uri!r} is no address of the platform's. Use {instead} instead."
                )
        self._given_spark = spark
        folder = Path(root).expanduser().resolve()
        self._registry = Registry(folder / "registry.db")
        self._tables = Tables(folder / "tables", self._registry.locations)
        self._online_uri = absolute(online, folder)
        self._store = open_store(self._online_uri)
        self._endpoints: dict[str, FeatureServingEndpoint] = {}


FeatureStoreClient = FeatureEngineeringClient
