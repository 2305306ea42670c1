guesses = {"mean": known.mean(), "median": np.median(known), "log mean": np.exp(np.log(new).mean())}
rmse = {name: root(guess) for name, guess in guesses.items()}
mae = {name: absolute(guess) for name, guess in guesses.items()}
