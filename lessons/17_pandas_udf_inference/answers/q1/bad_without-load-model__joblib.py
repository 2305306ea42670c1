@pandas_udf("double")
def score(batches: Iterator[pd.DataFrame]) -> Iterator[pd.Series]:
    m = joblib.load(MODEL)
    for b in batches:
        yield pd.Series(np.exp(m.predict(b[COLUMNS].to_numpy())))


scored = offers.select("id", score(F.struct(*COLUMNS)).alias("prediction"))
