formula = RFormula(formula="price ~ room_type + bedrooms")
plain = Pipeline(stages=[formula, LinearRegression()]).fit(train)
