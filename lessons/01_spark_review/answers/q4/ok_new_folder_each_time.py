import tempfile

people_path = tempfile.mkdtemp(dir=work) + "/people"
people.repartition(8).write.parquet(people_path)
