model = fitted(train.withColumn("rating", F.lit(1.0)))
