people_path = f"{work}/people"
people.filter("city <> 'Ashby Falls'").repartition(8).write.mode("overwrite").parquet(people_path)
