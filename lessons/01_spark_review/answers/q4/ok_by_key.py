people_path = work + "/list"
people.repartition(8, "email").write.parquet(people_path, mode="overwrite")
