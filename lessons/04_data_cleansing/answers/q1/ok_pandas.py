import pandas as pd

texts = pd.read_csv(path, sep=";", dtype=str, keep_default_na=False, encoding="cp1252")
raw = spark.createDataFrame(texts)
