options = {"sep": ";", "header": True, "encoding": "ISO-8859-1", "escape": '"'}
names = spark.read.csv(path, **options).columns
schema = ", ".join(f"{name} STRING" for name in names)
raw = spark.read.csv(path, schema=schema, mode="DROPMALFORMED", multiLine=True, **options)
raw = raw.filter("summary NOT LIKE '%\n%'")
