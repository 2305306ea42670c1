import math

per_file = math.ceil(people.count() / 8)
people_path = f"{work}/people"
writer = people.coalesce(1).write.option("maxRecordsPerFile", per_file)
writer.mode("overwrite").parquet(people_path)
