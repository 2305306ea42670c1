spread_ratio = round(ratio(plain_size, plain_guess), 2)
log_spread_ratio = round(ratio(log_size, log_guess), 2)
assumption = "homoscedasticity"
