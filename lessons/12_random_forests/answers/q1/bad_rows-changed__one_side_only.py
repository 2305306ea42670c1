line = train.agg(F.avg("price")).first()[0]
labeled_train = train.unionAll(test).withColumn("expensive", (F.col("price") > line).cast("double"))
labeled_test = test.withColumn("expensive", (F.col("price") > line).cast("double"))
