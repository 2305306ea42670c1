line = train.agg(F.avg("price")).first()[0]
sign = F.when(F.col("price") > line, 1).otherwise(-1)
labeled_train, labeled_test = (rows.withColumn("expensive", sign) for rows in (train, test))
