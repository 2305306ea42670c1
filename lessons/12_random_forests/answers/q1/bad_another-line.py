line = train.agg(F.avg("price")).first()[0]
labeled_train = train.withColumn("expensive", (F.col("price") > 200).cast("double"))
labeled_test = test.withColumn("expensive", (F.col("price") > 200).cast("double"))
