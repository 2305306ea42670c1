formula = RFormula(formula="log_price ~ . - price", handleInvalid="keep")
log_model = Pipeline(stages=[formula, LinearRegression()])
