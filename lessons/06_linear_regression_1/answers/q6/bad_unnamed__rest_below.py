def beside_the_rest(size, order):
    high = np.quantile(order, 0.75)
    return size[order >= high].mean() / size[order < high].mean()


spread_ratio = beside_the_rest(plain_size, plain_guess)
log_spread_ratio = beside_the_rest(log_size, log_guess)
assumption = "homoscedasticity"
