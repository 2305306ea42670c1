people_path = f"{work}/people"
people.repartition(8).write.mode("ignore").parquet(people_path)
