spread_ratio = ratio(price - plain_guess, plain_guess)
log_spread_ratio = ratio(logs - log_guess, log_guess)
assumption = "homoscedasticity"
