spread_ratio, log_spread_ratio = (
    ratio(*pair, np.median) for pair in ((plain_size, plain_guess), (log_size, log_guess))
)
assumption = "homoscedasticity"
