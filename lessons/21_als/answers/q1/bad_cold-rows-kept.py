model = fitted(train, coldStartStrategy="nan")
