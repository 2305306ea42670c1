@pandas_udf("double")
def price(batch: pd.DataFrame) -> pd.Series:
    return pd.Series(np.exp(load_model().predict(batch[COLUMNS].to_numpy())))


scored = offers.select("id", price(F.struct(*COLUMNS)).alias("prediction"))
