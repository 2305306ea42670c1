logs = train.withColumn("price", F.log("price"))
pearson = logs.corr("accommodates", "price")
pearson_log = logs.corr("accommodates", "price")
seen = logs.select("accommodates", "price").toPandas()
spearman = stats.spearmanr(seen["accommodates"], seen["price"]).statistic
