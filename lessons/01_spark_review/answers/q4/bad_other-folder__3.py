from pathlib import Path

people.repartition(8).write.mode("overwrite").parquet(f"{work}/people")
people_path = sorted(Path(work, "people").glob("*.parquet"))[0]
