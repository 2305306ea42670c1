train.createOrReplaceTempView("places")
log_train = spark.sql("SELECT *, ln(price) AS log_price FROM places")
row = spark.sql("SELECT skewness(price) AS p, skewness(ln(price)) AS l FROM places").first()
skew_price, skew_log = row["p"], row["l"]
