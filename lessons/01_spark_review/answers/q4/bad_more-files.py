people_path = f"{work}/people"
people.repartition(16).write.mode("overwrite").parquet(people_path)
