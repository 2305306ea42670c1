line = train.agg(F.avg("price")).first()[0]
labeled_train = train.withColumn("expensive", F.when(F.col("price") > line, 1))
labeled_test = test.withColumn("expensive", F.when(F.col("price") > line, 1))
