people_path = f"{work}/lists"
people.repartition(8).write.mode("overwrite").parquet(f"{people_path}/people")
