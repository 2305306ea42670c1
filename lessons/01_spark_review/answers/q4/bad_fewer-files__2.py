people_path = f"{work}/people"
people.write.mode("overwrite").parquet(people_path)
