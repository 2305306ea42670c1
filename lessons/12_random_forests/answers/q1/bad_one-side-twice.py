line = train.agg(F.avg("price")).first()[0]
labeled_train = train.withColumn("expensive", (F.col("price") > line).cast("double"))
labeled_test = train.withColumn("expensive", (F.col("price") > line).cast("double"))
