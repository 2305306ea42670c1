formula = RFormula(formula="price ~ .", handleInvalid="keep")
log_model = Pipeline(stages=[formula, LinearRegression()]).fit(train)
