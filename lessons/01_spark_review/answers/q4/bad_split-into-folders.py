people_path = f"{work}/people"
people.repartition(8).write.mode("overwrite").partitionBy("city").parquet(people_path)
