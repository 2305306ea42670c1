line = train.agg(F.exp(F.avg(F.log("price")))).first()[0]
labeled_train = train.withColumn("expensive", (F.col("price") > line).cast("double"))
labeled_test = test.withColumn("expensive", (F.col("price") > line).cast("double"))
