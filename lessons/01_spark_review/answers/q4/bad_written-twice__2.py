people_path = f"{work}/people"
people.unionAll(people).repartition(8).write.mode("overwrite").parquet(people_path)
