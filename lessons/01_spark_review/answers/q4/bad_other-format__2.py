import pathlib

people_path = f"{work}/people"
pathlib.Path(people_path).mkdir(exist_ok=True)
for part in range(8):
    people.limit(5).toPandas().to_csv(f"{people_path}/part-{part}.parquet")
