spread_ratio, log_spread_ratio = (
    1 / ratio(*pair) for pair in ((plain_size, plain_guess), (log_size, log_guess))
)
assumption = "homoscedasticity"
