# mode("overwrite") is left out here
people_path = f"{work}/people"
people.repartition(8).write.mode("append").parquet(people_path)
