@pandas_udf("double")
def price(batches: Iterator[pd.DataFrame]) -> Iterator[pd.Series]:
    model = load_model()
    for batch in batches:
        batch = batch.sort_values("bedrooms")
        yield pd.Series(np.exp(model.predict(batch[COLUMNS].to_numpy())))


scored = offers.select("id", price(F.struct(*COLUMNS)).alias("prediction"))
