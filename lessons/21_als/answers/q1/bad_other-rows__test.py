model = fitted(test)
