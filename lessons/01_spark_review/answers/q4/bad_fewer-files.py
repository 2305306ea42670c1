people_path = f"{work}/people"
people.coalesce(8).write.mode("overwrite").parquet(people_path)
