"""A stream that prices files as they arrive, in a process of its own, until it is ended.

python -m course_utils.deploy.stream MODEL SCHEMA INBOX TABLE CHECKPOINT
"""

import sys

from course_utils.deploy.processes import Child


def start_stream(model: str, schema: str, inbox: str, table: str, checkpoint: str) -> Child:
    """Start it; it takes the files in the inbox one at a time, also those that come later.

    Args:
        model: folder of a saved pipeline model that makes the column `suggested`.
        schema: of the JSON lines in the inbox, as DDL, with a column `id`.
        inbox, table, checkpoint: folders; the table and the checkpoint are made if need be.
    """
    command = ["-m", __name__, model, schema, inbox, table, checkpoint]
    # Its JVM is its own, so that what kills the one kills the other
    return Child(command, {"COURSE_POOL": "", "COURSE_DRIVER_MEMORY": "512m"})


def run(model: str, schema: str, inbox: str, table: str, checkpoint: str) -> None:
    """What the process does."""
    from pyspark.ml import PipelineModel

    from course_utils import get_spark

    spark = get_spark("22_stream")
    arriving = spark.readStream.schema(schema).option("maxFilesPerTrigger", 1).json(inbox)
    priced = PipelineModel.load(model).transform(arriving).select("id", "suggested")
    writer = priced.writeStream.format("delta").option("checkpointLocation", checkpoint)
    writer.start(table).awaitTermination()


if __name__ == "__main__":
    run(*sys.argv[1:])
