model = fitted(ratings)
