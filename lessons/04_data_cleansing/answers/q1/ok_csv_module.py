import csv

with Path(path).open(encoding="latin-1", newline="") as file:
    names, *records = csv.reader(file, delimiter=";")
raw = spark.createDataFrame(records, names)
