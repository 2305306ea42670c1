def lowest_by_highest(size, guess):
    ranked, rows = size[guess.argsort()], len(size) // 4
    return ranked[:rows].mean() / ranked[-rows:].mean()


spread_ratio = lowest_by_highest(plain_size, plain_guess)
log_spread_ratio = lowest_by_highest(log_size, log_guess)
assumption = "homoscedasticity"
