rows = train.withColumn("log_price", F.log("price"))
encoded = RFormula(formula="log_price ~ bedrooms + room_type").fit(rows).transform(rows)
log_model = LinearRegression().fit(encoded)
