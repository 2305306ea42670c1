formula = RFormula(formula="price ~ bedrooms + bedrooms:accommodates", handleInvalid="keep")
plain = Pipeline(stages=[formula, LinearRegression()]).fit(train)
