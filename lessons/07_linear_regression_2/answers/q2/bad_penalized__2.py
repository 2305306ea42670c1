formula = RFormula(formula="price ~ .", handleInvalid="keep")
regression = LinearRegression(regParam=1.0, elasticNetParam=1.0)
plain = Pipeline(stages=[formula, regression]).fit(train)
