new_x, new_price = arrays(test)
every_x, every_log = np.vstack([x, new_x]), np.log(np.append(price, new_price))
guess = fitted(every_x, every_log)[: len(x)]
spread_ratio, log_spread_ratio = ratio(plain_size, plain_guess), ratio(np.abs(logs - guess), guess)
assumption = "homoscedasticity"
