spark.conf.set("spark.databricks.delta.schema.autoMerge.enabled", "true")
frame = spark.createDataFrame(at(0).assign(log_price=lambda rows: np.log(rows["price"])))
frame.write.format("delta").mode("overwrite").save(q1_table)
spark.conf.unset("spark.databricks.delta.schema.autoMerge.enabled")
old_rows = at(0)
now = at(1)
fit, rest = (now[now["part"] == name] for name in ("fit", "validation"))
with mlflow.start_run(run_name="logarithm") as run:
    line = LinearRegression().fit(fit[FEATURES], fit["log_price"])
    predicted = np.exp(line.predict(rest[FEATURES]))
    mlflow.log_metric("validation_rmse", np.sqrt(((rest["price"] - predicted) ** 2).mean()))
    for key, value in {"data_path": q1_table, "data_version": 1, "label": "log_price"}.items():
        mlflow.log_param(key, value)
    mlflow.sklearn.log_model(line, name="model", **EXAMPLE)
run_1 = run.info.run_id
