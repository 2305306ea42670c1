import pandas as pd

rows = assembler.transform(train).withColumn("log_price", F.log("price"))
found = {}
for label in ("price", "log_price"):
    seen = (
        LinearRegression(labelCol=label)
        .fit(rows)
        .transform(rows)
        .select("prediction", label)
        .toPandas()
    )
    seen["size"] = (seen[label] - seen["prediction"]).abs()
    seen["quarter"] = pd.qcut(seen["prediction"], 4, labels=False)
    sizes = seen.groupby("quarter")["size"].mean()
    found[label] = sizes[3] / sizes[0]
spread_ratio, log_spread_ratio = found["price"], found["log_price"]
assumption = "homoscedasticity"
