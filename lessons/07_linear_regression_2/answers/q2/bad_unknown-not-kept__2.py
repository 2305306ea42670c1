formula = RFormula(formula="price ~ .", handleInvalid="skip")
plain = Pipeline(stages=[formula, LinearRegression()]).fit(train)
