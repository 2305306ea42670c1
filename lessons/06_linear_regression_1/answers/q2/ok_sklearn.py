# Better when the predictions are few enough for the driver, and you want a metric that Spark lacks.
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score

scored = model.transform(assembler.transform(test)).select("price", "prediction").toPandas()
rmse = mean_squared_error(scored["price"], scored["prediction"]) ** 0.5
mae = mean_absolute_error(scored["price"], scored["prediction"])
r2 = r2_score(scored["price"], scored["prediction"])
