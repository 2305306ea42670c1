formula = RFormula(formula="price ~ bedrooms + room_type", handleInvalid="keep")
plain = Pipeline(stages=[formula, LinearRegression()]).fit(train)
