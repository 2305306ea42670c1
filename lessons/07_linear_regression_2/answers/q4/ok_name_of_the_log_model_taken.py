log_model = log_model.transform(test).selectExpr(*test.columns, "exp(prediction) AS dollars")
scored = plain.transform(log_model).select("price", F.col("prediction").alias("plain"), "dollars")
