@pandas_udf("double")
def price(batches: Iterator[tuple[pd.Series, ...]]) -> Iterator[pd.Series]:
    model = load_model()
    for columns in batches:
        yield pd.Series(np.exp(model.predict(np.column_stack(columns))))


scored = offers.withColumn("prediction", price(*COLUMNS)).select("prediction", "id")
