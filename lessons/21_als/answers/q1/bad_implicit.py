model = fitted(train, implicitPrefs=True)
