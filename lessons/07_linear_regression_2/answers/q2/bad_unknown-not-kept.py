plain = Pipeline(stages=[RFormula(formula="price ~ ."), LinearRegression()]).fit(train)
