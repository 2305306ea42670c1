formula = RFormula(formula="price ~ .", handleInvalid="keep")
plain = Pipeline(stages=[formula, LinearRegression(regParam=0.1)]).fit(train)
