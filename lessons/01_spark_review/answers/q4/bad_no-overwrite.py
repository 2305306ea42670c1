people_path = f"{work}/people"
people.repartition(8).write.parquet(people_path)
