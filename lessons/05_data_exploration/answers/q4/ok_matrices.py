# Better when many columns are compared: one call gives all their correlations
logs = train.withColumn("log", F.log2("price"))  # the base does not matter
inputs = ["accommodates", "price", "log"]
three = VectorAssembler(inputCols=inputs, outputCol="all").transform(logs)
straight = Correlation.corr(three, "all").first()[0].toArray()
pearson, pearson_log = straight[0, 1:]
spearman = Correlation.corr(three, "all", method="spearman").first()[0].toArray()[0, 2]
