from pyspark.sql import functions as F


def priced_files(**options):
    arriving = spark.readStream.schema(SCHEMA).options(**options).json(inbox)
    return model.transform(arriving).select("id", "suggested")


def run(rows, table, notes):
    writer = rows.writeStream.format("delta").option("checkpointLocation", notes)
    writer.trigger(availableNow=True).start(table).awaitTermination()
