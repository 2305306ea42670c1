import pathlib

import numpy as np

people_path = f"{work}/people"
pathlib.Path(people_path).mkdir(exist_ok=True)
local = people.toPandas()
for i, rows in enumerate(np.array_split(np.arange(len(local)), 8)):
    local.iloc[rows].to_parquet(f"{people_path}/part-{i}.parquet", index=False)
