@pandas_udf("double")
def log_price(batches: Iterator[pd.DataFrame]) -> Iterator[pd.Series]:
    model = load_model()
    yield from (pd.Series(model.predict(batch[COLUMNS].to_numpy())) for batch in batches)


logs = offers.select("id", log_price(F.struct(*COLUMNS)).alias("prediction"))
scored = logs.withColumn("prediction", F.exp("prediction")).cache()
scored.count()
