formula = RFormula(formula="price ~ room_type + bedrooms", handleInvalid="skip")
plain = Pipeline(stages=[formula, LinearRegression()]).fit(train)
