people_path = f"{work}/people"
unique = keyed.dropDuplicates(["key_email", "key_phone", "key_born"])
unique.repartition(8).write.mode("overwrite").parquet(people_path)
