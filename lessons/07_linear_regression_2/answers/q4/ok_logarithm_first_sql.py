# Better when others work in SQL: both models end in one view.
logs = log_model.transform(test).selectExpr(*test.columns, "exp(prediction) AS dollars")
plain.transform(logs).createOrReplaceTempView("both_models")
scored = spark.sql("SELECT dollars, prediction AS plain, price FROM both_models")
