people_path = f"{work}/people"
changed = people.withColumn("postcode", F.col("postcode").cast("int"))
changed.repartition(8).write.mode("overwrite").parquet(people_path)
