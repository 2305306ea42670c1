guesses = constants | {"median": by_place["median_price"].median()}
rmse = {name: root(guess) for name, guess in guesses.items()}
mae = {name: absolute(guess) for name, guess in guesses.items()}
