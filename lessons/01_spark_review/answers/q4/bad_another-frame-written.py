people_path = f"{work}/people"
customers.repartition(8).write.mode("overwrite").parquet(people_path)
