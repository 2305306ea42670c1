spread_ratio, log_spread_ratio = ratio(plain_size, plain_guess), ratio(log_size, plain_guess)
assumption = "homoscedasticity"
