def score(rows):
    rows, model = list(rows), load_model()
    prices = np.exp(model.predict([row[1:] for row in rows]))
    return [(row[0], float(price)) for row, price in zip(rows, prices, strict=True)]


scored = offers.rdd.mapPartitions(score).toDF("id long, prediction double").cache()
