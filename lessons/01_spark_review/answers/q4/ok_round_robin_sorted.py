people_path = f"{work}/people.parquet"
spread = people.repartition(8).sortWithinPartitions("family_name", "given_name")
spread.write.format("parquet").mode("overwrite").save(people_path)
