q3_table = make_table("q3")
spark.conf.set("spark.databricks.delta.schema.autoMerge.enabled", "true")
days[4].write.format("delta").mode("append").save(q3_table)
spark.conf.unset("spark.databricks.delta.schema.autoMerge.enabled")
kinds = spark.read.format("delta").load(q3_table).select("bike_kind").toPandas()["bike_kind"]
by_kind = kinds.value_counts(dropna=False).to_dict()
