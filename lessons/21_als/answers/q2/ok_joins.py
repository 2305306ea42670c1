predictions = model.transform(test)
rmse = predictions.agg(F.sqrt(F.avg((F.col("prediction") - F.col("rating")) ** 2))).first()[0]
unpredicted = test.join(predictions, ["user_id", "film_id"], "left_anti").count()
