lines = spark.read.text(path)
header = lines.first()["value"]
parts = F.split("value", r"\|")
customers = lines.filter(F.col("value") != header).select(
    *[parts[i].alias(name) for i, name in enumerate(header.split("|"))]
)
