model = fitted(train, nonnegative=True)
