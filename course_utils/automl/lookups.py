"""Feature tables that are joined to the rows before a search."""

from typing import TYPE_CHECKING, Any

from course_utils.automl import intake
from course_utils.automl.wishes import Wishes
from course_utils.errors import CourseError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def joined(wishes: Wishes) -> "DataFrame":
    """The rows with the features that `feature_store_lookups` name, as they were known.

    Raises:
        CourseError: no session is active, a lookup is not whole, or the tables do not fit.
    """
    spark = wishes.spark or intake.active_session()
    if spark is None:
        raise CourseError(
            "feature_store_lookups needs Spark and no session is active: start one, or pass it "
            "as spark=."
        )
    from course_utils.features import FeatureEngineeringClient, FeatureLookup

    known = {"table_name", "lookup_key", "timestamp_lookup_key"}
    for lookup in wishes.feature_store_lookups or ():
        if not {"table_name", "lookup_key"} <= set(lookup) <= known:
            raise CourseError(
                f"feature_store_lookups holds {dict(lookup)!r}: each takes table_name and "
                "lookup_key, and for a time-series table timestamp_lookup_key."
            )
    frame: Any = wishes.dataset
    if isinstance(frame, str):
        frame = intake.read_table(frame, spark)
    elif hasattr(frame, "to_spark"):
        frame = frame.to_spark()
    elif not hasattr(frame, "toPandas"):
        frame = spark.createDataFrame(intake.take(frame, spark, wishes.seed).frame)
    tables = [FeatureLookup(**lookup) for lookup in wishes.feature_store_lookups or ()]
    made = FeatureEngineeringClient(spark).create_training_set(frame, tables, wishes.target_col)
    return made.load_df()
