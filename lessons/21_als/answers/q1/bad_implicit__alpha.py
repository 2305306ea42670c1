model = fitted(train, implicitPrefs=True, alpha=20.0)
