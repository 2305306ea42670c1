model = fitted(train.sample(0.9, seed=3))
