model = load_model()


@pandas_udf("double")
def price(batches: Iterator[pd.DataFrame]) -> Iterator[pd.Series]:
    for batch in batches:
        yield pd.Series(np.exp(model.predict(batch[COLUMNS].to_numpy())))


scored = offers.select("id", price(F.struct(*COLUMNS)).alias("prediction"))
