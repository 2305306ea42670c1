# Better when the other columns of the frame stay as they are: the struct is one more column.
@pandas_udf("low double, high double")
def bounds(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    model = load_model()
    for batch in batches:
        X = batch[COLUMNS].to_numpy()
        prices = pd.DataFrame([np.exp(tree.predict(X)) for tree in model.estimators_])
        yield pd.DataFrame({"low": prices.quantile(0.1), "high": prices.quantile(0.9)})


ranges = offers.select("id", bounds(F.struct(*COLUMNS)).alias("bounds")).select("id", "bounds.*")
