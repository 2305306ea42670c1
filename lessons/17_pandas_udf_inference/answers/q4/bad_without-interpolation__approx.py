def score(parts):
    trees = load_model().estimators_
    for part in parts:
        x = part[COLUMNS].values
        yield pd.concat(
            [pd.DataFrame({"id": part["id"], "p": np.exp(t.predict(x))}) for t in trees]
        )


ranges = (
    offers.mapInPandas(score, "id long, p double")
    .groupBy("id")
    .agg(F.percentile_approx("p", 0.1).alias("low"), F.percentile_approx("p", 0.9).alias("high"))
)
