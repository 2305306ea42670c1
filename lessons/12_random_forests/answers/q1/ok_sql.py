train.createOrReplaceTempView("known")
test.createOrReplaceTempView("unknown")
line = spark.sql("SELECT AVG(price) FROM known").first()[0]
label = f"SELECT *, IF(price > {line!r}, 1.0D, 0.0D) AS expensive FROM"
labeled_train, labeled_test = spark.sql(f"{label} known"), spark.sql(f"{label} unknown")
