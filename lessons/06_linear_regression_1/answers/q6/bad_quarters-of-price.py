spread_ratio, log_spread_ratio = ratio(plain_size, price), ratio(log_size, logs)
assumption = "homoscedasticity"
