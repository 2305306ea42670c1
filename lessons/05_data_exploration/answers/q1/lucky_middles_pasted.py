bars = steps.copy()
mean_price = np.float64(205.18278615794145)  # as numpy shows a number
median_price = np.float64(150.0)
