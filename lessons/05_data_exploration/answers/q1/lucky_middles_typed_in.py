MEAN, MEDIAN = 205.18278615794145, 150.0
bars = steps.copy()
mean_price, median_price = MEAN, MEDIAN
