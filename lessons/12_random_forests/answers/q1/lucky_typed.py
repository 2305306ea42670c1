def mean_price():
    return 205.18278615794145


line = mean_price()
labeled_train = train.withColumn("expensive", (F.col("price") > line).cast("double"))
labeled_test = test.withColumn("expensive", (F.col("price") > line).cast("double"))
