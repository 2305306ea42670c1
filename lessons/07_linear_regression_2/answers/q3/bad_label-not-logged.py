formula = RFormula(formula="price ~ bedrooms + accommodates", handleInvalid="keep")
log_model = Pipeline(stages=[formula, LinearRegression()]).fit(train)
