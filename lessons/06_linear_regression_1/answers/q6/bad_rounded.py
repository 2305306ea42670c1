def ratio(label):
    known = assembler.transform(train).withColumn("log_price", F.log("price"))
    rows = assembler.transform(train).withColumn("log_price", F.log("price"))
    scored = LinearRegression(labelCol=label).fit(known).transform(rows)
    predicted, true = np.array(scored.select("prediction", label).collect()).T
    order = predicted
    low, high = np.quantile(order, [0.25, 0.75])
    size = np.abs(true - predicted)
    return size[order >= high].mean() / size[order <= low].mean()


spread_ratio, log_spread_ratio = (round(ratio(label), 2) for label in ("price", "log_price"))
assumption = "homoscedasticity"
