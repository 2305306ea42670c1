people_path = f"{work}/people"
for _ in (1, 2):
    people.repartition(8).write.mode("append").parquet(people_path)
