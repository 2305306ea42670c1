model = fitted(train, regParam=0.5)
