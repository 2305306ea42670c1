pairs = np.argsort(-unseen, axis=None)[:10]
users, items = np.unravel_index(pairs, unseen.shape)
ten = {"user_id": user_ids[users], "film_id": film_ids[items], "place": range(1, 11)}
top10, precision = spark.createDataFrame(pd.DataFrame(ten)), right_precision
