line = train.agg(F.avg("price")).first()[0]
expensive = (F.col("price") > line).cast("double").alias("expensive")
labeled_train = train.select("price", expensive)
labeled_test = test.select("price", expensive)
