spread_ratio = ratio(plain_size, plain_guess)
log_spread_ratio = ratio(np.abs(price - np.exp(log_guess)), log_guess)
assumption = "homoscedasticity"
