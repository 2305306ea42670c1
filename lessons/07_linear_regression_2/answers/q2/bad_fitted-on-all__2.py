formula = RFormula(formula="price ~ .", handleInvalid="keep")
plain = Pipeline(stages=[formula, LinearRegression()]).fit(test)
