from numpy.linalg import lstsq

new_x, new_price = arrays(test)
spread_ratio, log_spread_ratio = (
    ratio(np.abs(true - guess), guess)
    for true, guess in (
        (new_price, new_x @ lstsq(x, price)[0]),
        (np.log(new_price), new_x @ lstsq(x, logs)[0]),
    )
)
assumption = "homoscedasticity"
