encoded = RFormula(formula="price ~ bedrooms + room_type").fit(train).transform(train)
plain = LinearRegression().fit(encoded)
