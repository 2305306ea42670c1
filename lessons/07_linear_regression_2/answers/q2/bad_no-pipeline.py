encoded = RFormula(formula="price ~ .", handleInvalid="keep").fit(train).transform(train)
plain = LinearRegression().fit(encoded)
