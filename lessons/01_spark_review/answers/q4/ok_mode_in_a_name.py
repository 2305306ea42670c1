people_path = f"{work}/people"
how = "over" + "write"
people.repartition(8).write.mode(how).parquet(people_path)
