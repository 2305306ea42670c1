"""What the parts of the client work with: session, registry, tables, online store."""

from typing import TYPE_CHECKING, Any

from course_utils.errors import CourseError
from course_utils.features.online import OnlineStore
from course_utils.features.registry import Registry
from course_utils.features.rules import check_frame
from course_utils.features.running import is_alive, running
from course_utils.features.tables import Tables

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


class StoreClient:
    """What the parts of the client have in common; `FeatureEngineeringClient` sets it up."""

    _given_spark: "SparkSession | None"
    _registry: Registry
    _tables: Tables
    _online_uri: str
    _store: OnlineStore

    def _spark(self) -> "SparkSession":
        if self._given_spark is not None:
            if is_alive(self._given_spark):
                return self._given_spark
            raise CourseError(
                "The Spark session that this client was given has ended. Start one and make a "
                "client with it."
            )
        found = running()
        if found is None:
            raise CourseError(
                "No Spark session is active. Start one, or give it: "
                "FeatureEngineeringClient(spark=...)."
            )
        return found

    def _check(self, df: Any, what: str) -> None:
        """Whether what is given is a frame of a session that runs.

        Raises:
            CourseError: it is not.
        """
        check_frame(df, what)
        if not is_alive(df.sparkSession):
            raise CourseError(
                f"The Spark session of the frame for {what} has ended. Start one and read the "
                "frame anew."
            )
