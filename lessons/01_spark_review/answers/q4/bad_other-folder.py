import tempfile

people_path = f"{tempfile.mkdtemp()}/people"
people.repartition(8).write.mode("overwrite").parquet(people_path)
