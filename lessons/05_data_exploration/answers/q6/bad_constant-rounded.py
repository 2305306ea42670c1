guesses = {
    "mean": round(known.mean(), 2),
    "median": np.median(known),
    "log mean": np.exp(np.log(known).mean()).round(2),
}
rmse = {name: root(guess) for name, guess in guesses.items()}
mae = {name: absolute(guess) for name, guess in guesses.items()}
