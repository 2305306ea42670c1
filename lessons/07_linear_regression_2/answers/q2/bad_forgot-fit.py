plain = Pipeline(stages=[RFormula(formula="price ~ .", handleInvalid="keep"), LinearRegression()])
